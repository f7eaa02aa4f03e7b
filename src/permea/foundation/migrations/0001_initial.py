from django.db import migrations, models

from permea.foundation.migrating import CreateModels


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='OutboxEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=60)),
                    ('payload', models.JSONField()),
                    ('created_at', models.DateTimeField()),
                    ('due_at', models.DateTimeField()),
                    ('attempts', models.PositiveIntegerField(default=0)),
                    ('last_error', models.TextField(blank=True)),
                    ('done_at', models.DateTimeField(null=True)),
                    ('given_up_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('done_at__isnull', True), ('given_up_at__isnull', True)), fields=['due_at'], name='outbox_due')],
                },
            ),
        ]),
    ]
