from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import F, Max, Q

WINDOW = 2
SAID = ("rated_up", "rated_down", "copied", "shared", "exported", "regenerated")


def have_counted(apps: StateApps, _: BaseDatabaseSchemaEditor) -> None:
    """Windows in which something was said of answers that nobody may have seen a character of. Sealed ones stay."""
    rows = apps.get_model("usage", "UsageWindow").objects.filter(answers__gt=F("shown"))
    sealed = apps.get_model("usage", "Seal").objects.aggregate(until=Max("ends_at"))["until"]
    if sealed is not None:
        rows = rows.filter(window_start__gte=sealed)
    said = Q(*((f"{name}__gt", 0) for name in SAID), _connector=Q.OR)
    mark = apps.get_model("usage", "Mark")
    starts = rows.filter(said).values_list("window_start", flat=True).distinct().order_by("window_start")
    mark.objects.bulk_create((mark(level=WINDOW, window_start=start) for start in starts), batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("usage", "0011_returns")]

    operations = [migrations.RunPython(have_counted, migrations.RunPython.noop)]
