"""What entries mean, as the numbers of an encoder, and by what two of them were found alike."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ideas', '0007_saved_views'),
    ]

    operations = [
        migrations.AddField(
            model_name='similarpair',
            name='by',
            field=models.CharField(choices=[('words', 'Shared words'), ('meaning', 'Same meaning in another language')], default='words', max_length=8),
        ),
        migrations.AddField(
            model_name='similarpair',
            name='differs',
            field=models.JSONField(default=list),
        ),
        migrations.CreateModel(
            name='IdeaVector',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('encoder', models.CharField(max_length=60)),
                ('number', models.PositiveIntegerField()),
                ('values', models.BinaryField()),
                ('made_at', models.DateTimeField()),
                ('idea', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='vector', to='ideas.idea')),
            ],
        ),
    ]
