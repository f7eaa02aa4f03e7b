"""Signatures drawn beside the typed name."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agreements', '0002_signed_scans'),
    ]

    operations = [
        migrations.AddField(
            model_name='agreementsignature',
            name='drawing',
            field=models.JSONField(default=list),
        ),
    ]
