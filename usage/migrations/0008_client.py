from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("usage", "0007_speed")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="client",
            # Processes of the version before go on inserting while this one is rolled out.
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="What asked, as it names itself and its version. Empty where it does not.",
                max_length=40,
                verbose_name="client",
            ),
        )
        for name in ("turnaccepted", "usagerecord")
    ]
