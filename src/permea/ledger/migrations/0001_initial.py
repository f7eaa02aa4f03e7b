import django.db.models.deletion
import permea.foundation.ids
from django.conf import settings
from django.db import migrations, models

from permea.foundation.migrating import CreateModels


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_squashed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Chain',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('length', models.PositiveBigIntegerField(default=0)),
                    ('head', models.CharField(max_length=64)),
                    ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='chain', to='people.organisation')),
                ],
            ),
            migrations.CreateModel(
                name='Crossing',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveBigIntegerField()),
                    ('kind', models.CharField(max_length=60)),
                    ('direction', models.CharField(choices=[('in', 'In'), ('out', 'Out'), ('inside', 'Inside')], max_length=6)),
                    ('depth', models.CharField(choices=[('inside', 'Inside'), ('room', 'Room'), ('invited', 'Invited'), ('public', 'Public')], max_length=7)),
                    ('subject_type', models.CharField(max_length=30)),
                    ('subject_key', models.CharField(max_length=20)),
                    ('challenge_key', models.CharField(blank=True, max_length=20)),
                    ('counterparty_key', models.CharField(blank=True, max_length=20)),
                    ('actor_key', models.CharField(blank=True, max_length=20)),
                    ('terms_key', models.CharField(blank=True, max_length=20)),
                    ('crossed_at', models.DateTimeField()),
                    ('body', models.TextField()),
                    ('previous', models.CharField(max_length=64)),
                    ('hash', models.CharField(max_length=64, unique=True)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='crossings', to='people.organisation')),
                ],
                options={
                    'indexes': [models.Index(fields=['organisation', 'crossed_at', 'direction'], name='crossing_by_time'), models.Index(fields=['organisation', 'kind'], name='crossing_by_kind'), models.Index(fields=['challenge_key', 'number'], name='crossing_by_challenge'), models.Index(fields=['subject_key'], name='crossing_by_subject')],
                    'constraints': [models.UniqueConstraint(fields=('organisation', 'number'), name='crossing_number_once'), models.CheckConstraint(condition=models.Q(('direction__in', ['in', 'out', 'inside'])), name='crossing_has_direction'), models.CheckConstraint(condition=models.Q(('depth__in', ['inside', 'room', 'invited', 'public'])), name='crossing_has_depth')],
                },
            ),
            migrations.CreateModel(
                name='Head',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveBigIntegerField()),
                    ('hash', models.CharField(max_length=64)),
                    ('signed_at', models.DateTimeField()),
                    ('key_id', models.CharField(max_length=16)),
                    ('signature', models.CharField(max_length=128)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='heads', to='people.organisation')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('organisation', 'number', 'key_id'), name='head_once_per_key')],
                },
            ),
            migrations.CreateModel(
                name='Opening',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('field', models.CharField(max_length=40)),
                    ('salt', models.CharField(max_length=64)),
                    ('value', models.TextField()),
                    ('crossing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='ledger.crossing')),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('crossing', 'field'), name='opening_once')],
                },
            ),
            migrations.CreateModel(
                name='Receipt',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('document', models.JSONField()),
                    ('issued_at', models.DateTimeField()),
                    ('crossing', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='receipt', to='ledger.crossing')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='SigningKey',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('algorithm', models.CharField(default='ed25519', max_length=10)),
                    ('key_id', models.CharField(max_length=16, unique=True)),
                    ('public_key', models.CharField(max_length=64)),
                    ('created_at', models.DateTimeField()),
                    ('retired_at', models.DateTimeField(null=True)),
                    ('endorsed_by', models.CharField(blank=True, max_length=16)),
                    ('endorsement', models.CharField(blank=True, max_length=128)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('retired_at__isnull', True)), fields=('algorithm',), name='signing_key_one_in_use'), models.CheckConstraint(condition=models.Q(('endorsed_by', ''), models.Q(('endorsement', ''), _negated=True), _connector='XOR'), name='signing_key_endorsed_by_somebody')],
                },
            ),
        ]),
    ]
