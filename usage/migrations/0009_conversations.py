from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import F, Max

CONVERSATION_DAY = 14


def have_counted(apps: StateApps, _: BaseDatabaseSchemaEditor) -> None:
    """What is new, of every day there is; and since when, where there were days that were final already."""
    mark = apps.get_model("usage", "Mark")
    days = apps.get_model("usage", "UsageDay").objects.values_list("local_day", "zone").distinct()
    starts = [datetime.combine(day, time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC) for day, zone in days]
    mark.objects.bulk_create(mark(level=CONVERSATION_DAY, window_start=start) for start in starts)
    seal = apps.get_model("usage", "Seal").objects.order_by("ends_at").last()
    if seal is not None:
        whole_from = seal.local_day + timedelta(days=1 if seal.zone == settings.REPORTING_TIME_ZONE else 2)
        since = apps.get_model("usage", "CountedSince")
        since.objects.bulk_create(since(what=what, local_day=day) for what, day in _since(apps, whole_from))


def _since(apps: StateApps, whole_from: date) -> Iterator[tuple[str, date]]:
    """Calls (0006) and speed (0007) were new not long before: final days without them were final by then."""
    yield "conversations", whole_from
    days, buckets = apps.get_model("usage", "UsageDay").objects, apps.get_model("usage", "LatencyDay").objects
    called = days.filter(source="called", kind="answer", local_day__lte=whole_from)  # a call reads the day before it
    reported = days.filter(source="ended", endings__gt=F("estimated"), local_day__lt=whole_from)
    counted = {"calls": apps.get_model("usage", "CallDay").objects, "speed": buckets.filter(measure="speed")}
    for what, facts in (("calls", called), ("speed", reported)):
        if last := _last(facts.exclude(local_day__in=counted[what].values("local_day"))):
            yield what, last + timedelta(days=1)


def _last(days: Any) -> date | None:
    last: date | None = days.aggregate(last=Max("local_day"))["last"]
    return last


class Migration(migrations.Migration):
    dependencies = [("usage", "0008_client")]

    operations = [
        migrations.CreateModel(
            name="ConversationDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "local_day",
                        "grouping",
                        "scenario",
                        "channel",
                        "since_last",
                        "since_second_last",
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
                ("channel", models.CharField(max_length=20)),
                ("since_last", models.SmallIntegerField()),
                ("since_second_last", models.SmallIntegerField()),
                ("turns", models.BigIntegerField()),
                ("turns_all", models.BigIntegerField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="CountedSince",
            fields=[
                (
                    "what",
                    models.CharField(
                        choices=[("calls", "Calls"), ("speed", "Speed"), ("conversations", "Conversations")],
                        max_length=20,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("local_day", models.DateField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AddField(
            model_name="turnaccepted",
            name="is_unlinked",
            # Processes of the version before go on inserting while this one is rolled out.
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Its person was erased: the conversation is a random id that tells it from others.",
                verbose_name="unlinked",
            ),
        ),
        migrations.AddIndex(
            model_name="turnaccepted",
            index=models.Index(fields=["conversation", "window_start"], name="usage_turn_conversation"),
        ),
        migrations.RunPython(have_counted, migrations.RunPython.noop),
    ]
