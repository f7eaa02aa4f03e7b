import django.db.models.deletion
import permea.foundation.ids
from django.conf import settings
from django.db import migrations, models

from permea.foundation.migrating import CreateModels


class Migration(migrations.Migration):

    dependencies = [
        ('agreements', '0002_signed_scans'),
        ('alliances', '0004_results_and_closing'),
        ('people', '0001_squashed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='party',
            name='joined_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='party',
            name='reads_from',
            field=models.DateTimeField(null=True),
        ),
        CreateModels([
            migrations.CreateModel(
                name='Joining',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('party_key', models.CharField(max_length=20)),
                    ('from_on', models.DateField()),
                    ('reads_all', models.BooleanField()),
                    ('reason', models.CharField(max_length=400)),
                    ('number', models.PositiveIntegerField()),
                    ('content', models.JSONField()),
                    ('charter_sha256', models.CharField(max_length=64)),
                    ('sha256', models.CharField(max_length=64)),
                    ('proposed_at', models.DateTimeField()),
                    ('shown_at', models.DateTimeField(null=True)),
                    ('agreed_at', models.DateTimeField(null=True)),
                    ('entered_at', models.DateTimeField(null=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('agreement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.agreement')),
                    ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='joinings', to='alliances.alliance')),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('entered_at__isnull', True)), fields=('alliance',), name='joining_one_at_a_time'), models.CheckConstraint(condition=models.Q(('entered_at__isnull', True), ('ended_at__isnull', True), _connector='OR'), name='joining_ends_one_way'), models.CheckConstraint(condition=models.Q(('agreed_at__isnull', True), ('shown_at__isnull', False), _connector='OR'), name='joining_is_agreed_once_shown'), models.CheckConstraint(condition=models.Q(('entered_at__isnull', True), ('agreed_at__isnull', False), _connector='OR'), name='joining_enters_once_agreed')],
                },
            ),
            migrations.CreateModel(
                name='JoiningAnswer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('agrees', models.BooleanField()),
                    ('reason', models.CharField(blank=True, max_length=400)),
                    ('said_at', models.DateTimeField()),
                    ('joining', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='alliances.joining')),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('joining', 'organisation'), name='joining_answered_once_by_side'), models.CheckConstraint(condition=models.Q(('agrees', True), models.Q(('reason', ''), _negated=True), _connector='XOR'), name='joining_is_refused_with_a_reason')],
                },
            ),
        ]),
    ]
