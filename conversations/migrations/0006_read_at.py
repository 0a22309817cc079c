from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone


def all_that_was_is_read(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Nobody kept who had looked at what: a sidebar full of dots would be no news."""
    apps.get_model("conversations", "Conversation").objects.update(read_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0005_pending_fact"),
    ]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="read_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(all_that_was_is_read, migrations.RunPython.noop),
    ]
