"""Everything of notifications at once, in place of the migrations it names."""

import django.db.models.deletion
import permea.foundation.ids
from django.conf import settings
from django.db import migrations, models

from permea.foundation.migrating import CreateModels


class Migration(migrations.Migration):

    replaces = [('notifications', '0001_initial'), ('notifications', '0002_notices_choices_digests'), ('notifications', '0003_webhooks'), ('notifications', '0004_changing_webhooks')]

    initial = True

    dependencies = [
        ('challenges', '0001_squashed'),
        ('ideas', '0001_squashed'),
        ('people', '0001_squashed'),
        ('people', '__first__'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Mail',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mails', to=settings.AUTH_USER_MODEL)),
                    ('to', models.EmailField(blank=True, max_length=254)),
                    ('subject', models.CharField(blank=True, max_length=200)),
                    ('text', models.TextField(blank=True)),
                    ('html', models.TextField(blank=True)),
                    ('attachments', models.JSONField(default=list)),
                    ('kind', models.CharField(max_length=40)),
                    ('about', models.CharField(blank=True, max_length=20)),
                    ('language', models.CharField(default='en', max_length=10)),
                    ('created_at', models.DateTimeField()),
                    ('sent_at', models.DateTimeField(null=True)),
                    ('last_error', models.TextField(blank=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['-created_at'], name='mail_by_time'), models.Index(fields=['kind', 'about'], name='mail_by_matter')],
                },
            ),
            migrations.CreateModel(
                name='Notice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
                    ('kind', models.CharField(max_length=40)),
                    ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='challenges.challenge')),
                    ('idea', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ideas.idea')),
                    ('number', models.PositiveIntegerField(default=0)),
                    ('variant', models.CharField(blank=True, max_length=20)),
                    ('at', models.DateTimeField()),
                    ('read_at', models.DateTimeField(null=True)),
                    ('digest_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['person', '-at'], name='notice_of_person'), models.Index(condition=models.Q(('read_at__isnull', True)), fields=['person'], name='notice_unread'), models.Index(condition=models.Q(('digest_at__isnull', False)), fields=['person', 'digest_at'], name='notice_for_digest')],
                },
            ),
            migrations.CreateModel(
                name='TopicChoice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='topic_choices', to=settings.AUTH_USER_MODEL)),
                    ('topic', models.CharField(max_length=20)),
                    ('way', models.CharField(choices=[('digest', 'In the digest'), ('off', 'Not by mail')], max_length=8)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('person', 'topic'), name='topic_choice_once')],
                },
            ),
            migrations.CreateModel(
                name='DigestRhythm',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='digest_rhythm', to=settings.AUTH_USER_MODEL)),
                    ('every', models.CharField(choices=[('daily', 'Every day'), ('weekly', 'Every week')], max_length=8)),
                    ('hour', models.PositiveSmallIntegerField()),
                    ('weekday', models.PositiveSmallIntegerField(default=0)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('hour__lte', 23)), name='digest_rhythm_hour_of_a_day'), models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='digest_rhythm_day_of_a_week')],
                },
            ),
            migrations.CreateModel(
                name='Digest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='digests', to=settings.AUTH_USER_MODEL)),
                    ('ends_at', models.DateTimeField()),
                    ('n_notices', models.PositiveIntegerField()),
                    ('made_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('person', 'ends_at'), name='digest_once_per_period')],
                },
            ),
            migrations.CreateModel(
                name='Undeliverable',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('email', models.EmailField(max_length=254, unique=True)),
                    ('answer', models.CharField(max_length=300)),
                    ('failed_at', models.DateTimeField()),
                    ('n_failures', models.PositiveIntegerField(default=1)),
                ],
            ),
            migrations.CreateModel(
                name='Hook',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('label', models.CharField(max_length=80)),
                    ('address', models.CharField(max_length=500)),
                    ('format', models.CharField(choices=[('plain', 'JSON for a program of yours'), ('slack', 'Slack'), ('teams', 'Microsoft Teams'), ('matrix', 'Matrix')], max_length=8)),
                    ('events', models.JSONField(default=list)),
                    ('secret', models.CharField(blank=True, max_length=80)),
                    ('old_secret', models.CharField(blank=True, max_length=80)),
                    ('old_secret_until', models.DateTimeField(null=True)),
                    ('n_failures', models.PositiveIntegerField(default=0)),
                    ('made_at', models.DateTimeField()),
                    ('changed_at', models.DateTimeField(null=True)),
                    ('paused_at', models.DateTimeField(null=True)),
                    ('is_paused_by_failures', models.BooleanField(default=False)),
                    ('ended_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('secret', ''), _connector='XOR'), name='hook_has_secret_until_it_ends'), models.CheckConstraint(condition=models.Q(('old_secret', ''), ('old_secret_until__isnull', False), _connector='XOR'), name='hook_old_secret_has_an_end')],
                },
            ),
            migrations.CreateModel(
                name='HookDelivery',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('hook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='notifications.hook')),
                    ('event', models.CharField(max_length=40)),
                    ('about', models.CharField(max_length=20)),
                    ('body', models.TextField()),
                    ('n_attempts', models.PositiveIntegerField(default=0)),
                    ('n_replays', models.PositiveIntegerField(default=0)),
                    ('last_problem', models.CharField(blank=True, max_length=10)),
                    ('last_status', models.PositiveSmallIntegerField(null=True)),
                    ('last_answer', models.CharField(blank=True, max_length=300)),
                    ('made_at', models.DateTimeField()),
                    ('tried_at', models.DateTimeField(null=True)),
                    ('next_try_at', models.DateTimeField(null=True)),
                    ('delivered_at', models.DateTimeField(null=True)),
                    ('given_up_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['hook', '-made_at'], name='hook_delivery_by_time')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('delivered_at__isnull', True), ('given_up_at__isnull', True), ('next_try_at__isnull', False)), models.Q(('delivered_at__isnull', False), ('given_up_at__isnull', True), ('next_try_at__isnull', True)), models.Q(('delivered_at__isnull', True), ('given_up_at__isnull', False), ('next_try_at__isnull', True)), _connector='OR'), name='hook_delivery_open_or_closed_one_way')],
                },
            ),
        ]),
    ]
