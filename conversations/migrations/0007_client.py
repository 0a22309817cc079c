from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0006_read_at")]

    operations = [
        migrations.AddField(
            model_name="generation",
            name="client",
            # Processes of the version before go on inserting while this one is rolled out.
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
    ]
