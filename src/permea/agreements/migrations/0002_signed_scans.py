"""Papers signed by hand: their scans, and signatures that rest on one."""

import django.db.models.deletion
import permea.foundation.ids
from django.conf import settings
from django.db import migrations, models

from permea.foundation.migrating import CreateModels


class Migration(migrations.Migration):

    dependencies = [
        ('agreements', '0001_squashed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='agreementsignature',
            name='method',
            field=models.CharField(choices=[('mail_code', 'name typed, code by mail'), ('by_hand', 'by hand, on paper')], default='mail_code', max_length=20),
        ),
        CreateModels([
            migrations.CreateModel(
                name='SignedScan',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('signer_name', models.CharField(max_length=120)),
                    ('signed_on', models.DateField()),
                    ('name', models.CharField(max_length=160)),
                    ('content_type', models.CharField(max_length=100)),
                    ('path', models.CharField(max_length=80)),
                    ('size', models.PositiveIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('sent_at', models.DateTimeField()),
                    ('answered_at', models.DateTimeField(null=True)),
                    ('is_accepted', models.BooleanField(default=False)),
                    ('reason', models.CharField(blank=True, max_length=400)),
                    ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('party', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='agreements.agreementparty')),
                    ('sent_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signed_scans', to=settings.AUTH_USER_MODEL)),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='agreements.agreementversion')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True)), fields=('version', 'party'), name='signed_scan_one_waits_by_party'),
                        models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True), ('party__isnull', True)), fields=('version',), name='signed_scan_one_waits_by_firm'),
                        models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True), ('is_accepted', False)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='signed_scan_answered_by_somebody'),
                    ],
                },
            ),
        ]),
        migrations.AddField(
            model_name='agreementsignature',
            name='scan',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signature', to='agreements.signedscan'),
        ),
    ]
