from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

WINDOW = 2
TABLES = ("UsageWindow", "UsageDay", "LatencyDay")
FACTS = ("TurnAccepted", "UsageRecord", "UpstreamCall", "EngagementEvent")
SUMMED = ("source", "scenario", "model", "endpoint", "channel", "kind", "outcome", "currency", "is_internal", "organic")
KEYS = {
    "usagewindow": ("window_start", *SUMMED),
    "usageday": ("local_day", *SUMMED),
    "latencyday": (
        *("local_day", "measure", "scenario", "model", "endpoint", "channel", "is_internal", "organic"),
        "bucket",
    ),
}


def remake(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """``organic`` becomes a part of the keys, which no operation of Django's can change. Until told it is true."""
    for name in TABLES:
        model = apps.get_model("usage", name)
        if editor.connection.vendor == "postgresql":
            _widen(editor, model)
        else:
            _copy(editor, model)


def _widen(editor: BaseDatabaseSchemaEditor, model: type[models.Model]) -> None:
    table, key = model._meta.db_table, ", ".join(field.column for field in model._meta.pk_fields)
    editor.execute(
        f"ALTER TABLE {table} ADD COLUMN organic boolean NOT NULL DEFAULT true, "
        f"DROP CONSTRAINT {table}_pkey, ADD PRIMARY KEY ({key})"
    )


def _copy(editor: BaseDatabaseSchemaEditor, model: type[models.Model]) -> None:
    table = model._meta.db_table
    columns = ", ".join(field.column for field in model._meta.local_concrete_fields if field.name != "organic")
    editor.execute(f"ALTER TABLE {table} RENAME TO {table}_before")
    editor.create_model(model)
    editor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}_before")  # noqa: S608 ours
    editor.execute(f"DROP TABLE {table}_before")


def have_counted(apps: StateApps, _: BaseDatabaseSchemaEditor) -> None:
    """Windows with a fact of somebody whom a campaign brought; all others say what is true."""
    acquired = apps.get_model("usage", "Acquisition").objects.values("subject")
    facts: list[Any] = [apps.get_model("usage", name)._base_manager.filter(subject__in=acquired) for name in FACTS]
    starts = {start for rows in facts for start in rows.values_list("window_start", flat=True).distinct()}
    mark = apps.get_model("usage", "Mark")
    mark.objects.bulk_create((mark(level=WINDOW, window_start=start) for start in sorted(starts)), batch_size=1000)
    seal = apps.get_model("usage", "Seal").objects.order_by("ends_at").last()
    if seal is not None and acquired.exists():
        whole_from = seal.local_day + timedelta(days=1 if seal.zone == settings.REPORTING_TIME_ZONE else 2)
        apps.get_model("usage", "CountedSince").objects.create(what="organic", local_day=whole_from)


class Migration(migrations.Migration):
    dependencies = [("usage", "0009_conversations")]

    operations = [
        migrations.AlterField(
            "countedsince",
            "what",
            models.CharField(
                choices=[
                    ("calls", "Calls"),
                    ("speed", "Speed"),
                    ("conversations", "Conversations"),
                    ("organic", "Organic"),
                ],
                max_length=20,
                primary_key=True,
                serialize=False,
            ),
        ),
        migrations.AddIndex("upstreamcall", models.Index(fields=["subject"], name="usage_call_subject")),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                operation
                for name, key in KEYS.items()
                for operation in (
                    migrations.AddField(name, "organic", models.BooleanField(db_default=True)),
                    migrations.AlterField(
                        name,
                        "pk",
                        models.CompositePrimaryKey(*key, blank=True, editable=False, primary_key=True, serialize=False),
                    ),
                )
            ]
        ),
        migrations.RunPython(remake),
        migrations.RunPython(have_counted, migrations.RunPython.noop),
    ]
