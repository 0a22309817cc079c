from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

CALL_DAY = 13


def have_counted(apps: StateApps, _: BaseDatabaseSchemaEditor) -> None:
    """What is new, of every day there is; of days that are final nothing is left to count it from."""
    mark = apps.get_model("usage", "Mark")
    days = apps.get_model("usage", "UsageDay").objects.values_list("local_day", "zone").distinct()
    starts = [datetime.combine(day, time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC) for day, zone in days]
    mark.objects.bulk_create(mark(level=CALL_DAY, window_start=start) for start in starts)


class Migration(migrations.Migration):
    dependencies = [("usage", "0005_cohort_costs")]

    operations = [
        migrations.CreateModel(
            name="CallDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "local_day",
                        "scenario",
                        "model",
                        "endpoint",
                        "channel",
                        "currency",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("local_day", models.DateField()),
                ("zone", models.CharField(max_length=64)),
                ("scenario", models.CharField(max_length=100)),
                ("model", models.CharField(max_length=100)),
                ("endpoint", models.CharField(max_length=100)),
                ("channel", models.CharField(max_length=20)),
                ("currency", models.CharField(max_length=3)),
                ("asked_first", models.BigIntegerField()),
                ("failed_over", models.BigIntegerField()),
                ("answered_elsewhere", models.BigIntegerField()),
                ("superseded_units", models.BigIntegerField()),
                ("superseded_rest_pico", models.BigIntegerField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunPython(have_counted, migrations.RunPython.noop),
    ]
