from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("usage", "0003_people_and_windows")]

    operations = [
        migrations.AlterModelOptions(
            name="report",
            options={
                "default_permissions": ("view",),
                "managed": False,
                "permissions": [
                    ("export_report", "Can export reports"),
                    ("view_people", "Can view reports about single people"),
                ],
                "verbose_name": "report",
                "verbose_name_plural": "reports",
            },
        ),
    ]
