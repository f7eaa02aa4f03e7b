import django.db.models.deletion
import permea.foundation.ids
from django.conf import settings
from django.db import migrations, models

from permea.foundation.migrating import CreateModels


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agreements', '0001_squashed'),
        ('people', '0001_squashed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Item',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('title', models.CharField(max_length=160)),
                    ('teaser', models.CharField(max_length=160)),
                    ('kind', models.CharField(choices=[('technology', 'Technology'), ('know_how', 'Know-how'), ('document', 'Document'), ('sample', 'Sample'), ('plan', 'Plan')], max_length=10)),
                    ('sensitivity', models.PositiveSmallIntegerField(choices=[(1, '1, would not hurt'), (2, '2, would be a pity'), (3, '3, would cost us an advantage'), (4, '4, would cost us a market'), (5, '5, would endanger the firm')], default=3)),
                    ('language', models.CharField(default='en', max_length=10)),
                    ('source_key', models.CharField(blank=True, max_length=20)),
                    ('published_at', models.DateTimeField(null=True)),
                    ('created_at', models.DateTimeField()),
                    ('changed_at', models.DateTimeField()),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='people.organisation')),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(fields=['organisation', 'changed_at'], name='item_by_change')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('sensitivity__gte', 1), ('sensitivity__lte', 5)), name='item_sensitivity_one_to_five')],
                },
            ),
            migrations.CreateModel(
                name='Part',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('position', models.PositiveSmallIntegerField()),
                    ('depth', models.CharField(choices=[('public', 'Public'), ('invited', 'Invited'), ('room', 'Room'), ('inside', 'Inside')], default='inside', max_length=7)),
                    ('removed_at', models.DateTimeField(null=True)),
                    ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='disclosures.item')),
                    ('current', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosures.partversion')),
                ],
                options={
                    'indexes': [models.Index(fields=['item', 'position'], name='part_in_order')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('depth__in', ['public', 'invited', 'room', 'inside'])), name='part_lies_at_a_depth')],
                },
            ),
            migrations.CreateModel(
                name='PartVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('number', models.PositiveIntegerField()),
                    ('label', models.CharField(max_length=120)),
                    ('text', models.TextField(blank=True)),
                    ('name', models.CharField(blank=True, max_length=120)),
                    ('content_type', models.CharField(blank=True, max_length=100)),
                    ('size', models.PositiveBigIntegerField(default=0)),
                    ('sha256', models.CharField(max_length=64)),
                    ('path', models.CharField(blank=True, db_index=True, max_length=40)),
                    ('made_at', models.DateTimeField()),
                    ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('part', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='disclosures.part')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('part', 'number'), name='part_version_once'), models.CheckConstraint(condition=models.Q(('path', ''), models.Q(('name', ''), _negated=True), _connector='OR'), name='part_version_file_has_name')],
                },
            ),
            migrations.CreateModel(
                name='Seen',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('depth', models.CharField(choices=[('public', 'Public'), ('invited', 'Invited'), ('room', 'Room'), ('inside', 'Inside')], max_length=7)),
                    ('first_at', models.DateTimeField()),
                    ('last_at', models.DateTimeField()),
                    ('crossed_at', models.DateTimeField()),
                    ('n', models.PositiveIntegerField(default=1)),
                    ('agreement', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.agreement')),
                    ('house', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosures.item')),
                    ('organisation', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('reader', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosures.partversion')),
                ],
                options={
                    'indexes': [models.Index(fields=['house', 'last_at'], name='seen_by_house'), models.Index(fields=['item', 'last_at'], name='seen_by_item'), models.Index(fields=['reader', 'last_at'], name='seen_by_reader'), models.Index(fields=['organisation', 'last_at'], name='seen_by_organisation'), models.Index(fields=['agreement', 'last_at'], name='seen_by_agreement')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('agreement__isnull', False)), fields=('version', 'reader', 'agreement'), name='seen_once_by_agreement'), models.UniqueConstraint(condition=models.Q(('agreement__isnull', True)), fields=('version', 'reader'), name='seen_once_without')],
                },
            ),
            migrations.CreateModel(
                name='Share',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('depth', models.CharField(choices=[('public', 'Public'), ('invited', 'Invited'), ('room', 'Room'), ('inside', 'Inside')], max_length=7)),
                    ('purpose', models.CharField(choices=[('evaluate', 'Talk and evaluate'), ('research', 'Research'), ('develop', 'Develop together'), ('supply', 'Supply'), ('use', 'Use')], max_length=10)),
                    ('opened_at', models.DateTimeField()),
                    ('closes_at', models.DateTimeField(null=True)),
                    ('closed_at', models.DateTimeField(null=True)),
                    ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='disclosures.item')),
                    ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='shared_with', to='people.organisation')),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='shared_with', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(fields=['person', 'closed_at', 'item'], name='share_by_person'), models.Index(fields=['organisation', 'closed_at', 'item'], name='share_by_organisation')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('organisation__isnull', True), ('person__isnull', True), _connector='XOR'), name='share_has_one_reader'), models.CheckConstraint(condition=models.Q(('depth__in', ['invited', 'room'])), name='share_leads_outside'), models.CheckConstraint(condition=models.Q(('closes_at__isnull', True), ('closes_at__gt', models.F('opened_at')), _connector='OR'), name='share_runs_forwards')],
                },
            ),
        ]),
    ]
