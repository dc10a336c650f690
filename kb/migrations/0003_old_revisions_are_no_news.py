from django.db import migrations
from django.db.models import F


def tell_nobody(apps, schema_editor):
    """What was published before watchers were told is no news to them."""
    apps.get_model("kb", "Revision").objects.filter(published_at__isnull=False).update(
        announced_at=F("published_at")
    )


class Migration(migrations.Migration):
    dependencies = [
        ("kb", "0002_news_of_a_revision"),
    ]

    operations = [
        migrations.RunPython(tell_nobody, migrations.RunPython.noop),
    ]
