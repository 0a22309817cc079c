from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

RETURN_DAY = 15


def have_counted(apps: StateApps, _: BaseDatabaseSchemaEditor) -> None:
    """Of every day whose user-days are there."""
    mark = apps.get_model("usage", "Mark")
    days = apps.get_model("usage", "UserDay").objects.values_list("local_day", "zone").distinct()
    starts = [datetime.combine(day, time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC) for day, zone in days]
    mark.objects.bulk_create(mark(level=RETURN_DAY, window_start=start) for start in starts)
    purged = apps.get_model("usage", "Seal").objects.exclude(people_purged_at=None).order_by("ends_at").last()
    if purged is not None:
        since = purged.local_day + timedelta(days=1)
        apps.get_model("usage", "CountedSince").objects.create(what="people", local_day=since)


class Migration(migrations.Migration):
    dependencies = [("usage", "0010_organic")]

    operations = [
        migrations.CreateModel(
            name="ReturnDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "local_day",
                        "grouping",
                        "scenario",
                        "valued",
                        "organic",
                        "since_last",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("local_day", models.DateField()),
                ("zone", models.CharField(max_length=64)),
                ("grouping", models.CharField(max_length=20)),
                ("scenario", models.CharField(max_length=100)),
                ("valued", models.BooleanField()),
                ("organic", models.BooleanField()),
                ("since_last", models.SmallIntegerField()),
                ("people", models.BigIntegerField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AlterField(
            "countedsince",
            "what",
            models.CharField(
                choices=[
                    ("calls", "Calls"),
                    ("speed", "Speed"),
                    ("conversations", "Conversations"),
                    ("people", "People"),
                    ("organic", "Organic"),
                ],
                max_length=20,
                primary_key=True,
                serialize=False,
            ),
        ),
        migrations.RunPython(have_counted, migrations.RunPython.noop),
    ]
