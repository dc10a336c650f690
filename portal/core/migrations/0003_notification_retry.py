"""Delivery of a notification: how often it was tried, and when the next try is due."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0002_roles")]
    operations = [
        migrations.AddField(
            model_name="notification",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="notification",
            name="retry_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="Until then a worker has it, or it waits out a failure.",
                null=True,
            ),
        ),
    ]
