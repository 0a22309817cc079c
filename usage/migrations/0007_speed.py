import math
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import BigIntegerField, Case, ExpressionWrapper, F, Q, Value, When
from django.db.models.functions import Coalesce

LATENCY_DAY = 5
GAMMA = 51 / 49
BUCKETS = 600
"""More than any speed needs."""


def have_counted(apps: StateApps, _: BaseDatabaseSchemaEditor) -> None:
    """On the records there are, as it is computed for new ones; and of every day that is not final."""
    tenths = ExpressionWrapper(
        (F("output_visible") + Coalesce(F("output_reasoning"), 0, output_field=BigIntegerField()))
        * 10_000
        / (F("duration_ms") - F("first_token_ms")),
        output_field=BigIntegerField(),
    )
    bucket = Case(
        *(When(tenths__lte=max(1, math.floor(GAMMA**number)), then=Value(number)) for number in range(BUCKETS)),
        default=Value(BUCKETS),
    )
    records = apps.get_model("usage", "UsageRecord")._base_manager.filter(token_source="reported")  # noqa: S106
    written = Q(output_visible__gt=0) | Q(output_visible=0, output_reasoning__gt=0)
    timed = records.filter(written, duration_ms__gt=F("first_token_ms"))
    timed.annotate(tenths=tenths).update(speed_bucket=bucket)
    mark = apps.get_model("usage", "Mark")
    days = apps.get_model("usage", "UsageDay").objects.values_list("local_day", "zone").distinct()
    starts = [datetime.combine(day, time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC) for day, zone in days]
    mark.objects.bulk_create(mark(level=LATENCY_DAY, window_start=start) for start in starts)


class Migration(migrations.Migration):
    dependencies = [("usage", "0006_call_days")]

    operations = [
        migrations.AddField("usagerecord", "speed_bucket", models.SmallIntegerField(editable=False, null=True)),
        migrations.RunPython(have_counted, migrations.RunPython.noop),
    ]
