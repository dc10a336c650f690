from django.db import migrations, models

import portal.core.models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_longer_addresses"),
    ]

    operations = [
        migrations.AlterField(
            model_name="image",
            name="token",
            field=models.CharField(
                default=portal.core.models.new_image_token, editable=False, max_length=32, unique=True
            ),
        ),
    ]
