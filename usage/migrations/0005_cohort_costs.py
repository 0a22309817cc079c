from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

LIFECYCLE, PEOPLE_DAY, COHORT_COST = 9, 6, 12


def have_counted(apps: StateApps, _: BaseDatabaseSchemaEditor) -> None:
    """What is new, of every day there is; of days that are final nothing is left to count it from."""
    mark = apps.get_model("usage", "Mark")
    days = apps.get_model("usage", "UsageDay").objects.values_list("local_day", "zone").distinct()
    starts = [datetime.combine(day, time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC) for day, zone in days]
    levels = (PEOPLE_DAY, LIFECYCLE, COHORT_COST)
    mark.objects.bulk_create(mark(level=level, window_start=start) for level in levels for start in starts)


class Migration(migrations.Migration):
    dependencies = [("usage", "0004_people_report")]

    operations = [
        migrations.CreateModel(
            name="CohortCost",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "local_day",
                        "cohort",
                        "organic",
                        "currency",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("local_day", models.DateField()),
                ("cohort", models.DateField()),
                ("organic", models.BooleanField()),
                ("currency", models.CharField(max_length=3)),
                ("zone", models.CharField(max_length=64)),
                ("calls", models.BigIntegerField()),
                ("unpriced", models.BigIntegerField()),
                ("cost_units", models.BigIntegerField()),
                ("cost_rest_pico", models.BigIntegerField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AddField(model_name="lifecycleday", name="satisfied_twice", field=models.BigIntegerField(null=True)),
        migrations.AddField(model_name="peopleday", name="top_turns", field=models.BigIntegerField(null=True)),
        migrations.AddField(model_name="peopleday", name="top_turns_all", field=models.BigIntegerField(null=True)),
        migrations.RunPython(have_counted, migrations.RunPython.noop),
    ]
