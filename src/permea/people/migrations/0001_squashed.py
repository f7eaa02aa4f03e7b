"""Everything of people at once, in place of the migrations it names."""

import django.db.models.deletion
import permea.foundation.ids
from django.conf import settings
from django.db import migrations, models

from permea.foundation.migrating import CreateModels


class Migration(migrations.Migration):

    replaces = [('people', '0001_initial'), ('people', '0002_invitation_of_a_guest')]

    initial = True

    dependencies = [
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Person',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('email', models.EmailField(max_length=254, null=True, unique=True)),
                    ('name', models.CharField(blank=True, max_length=120)),
                    ('language', models.CharField(default='en', max_length=10)),
                    ('time_zone', models.CharField(default='Europe/Berlin', max_length=60)),
                    ('country', models.CharField(blank=True, max_length=2)),
                    ('affiliation', models.CharField(blank=True, max_length=160)),
                    ('is_active', models.BooleanField(default=True)),
                    ('joined_at', models.DateTimeField()),
                    ('erased_at', models.DateTimeField(editable=False, null=True)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('email__isnull', True), ('erased_at__isnull', True), _connector='XOR'), name='person_has_email_until_erased')],
                },
            ),
            migrations.CreateModel(
                name='Organisation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('name', models.CharField(max_length=160)),
                    ('kind', models.CharField(choices=[('firm', 'Firm'), ('university', 'University'), ('institute', 'Research institute'), ('startup', 'Startup'), ('supplier', 'Supplier'), ('customer', 'Customer'), ('competitor', 'Competitor'), ('investor', 'Investor'), ('agency', 'Public agency'), ('association', 'Association'), ('inventor', 'Individual inventor')], default='firm', max_length=12)),
                    ('country', models.CharField(blank=True, max_length=2)),
                    ('language', models.CharField(default='en', max_length=10)),
                    ('about', models.TextField(blank=True)),
                    ('is_host', models.BooleanField(default=False)),
                    ('created_at', models.DateTimeField()),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Membership',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='people.organisation')),
                    ('role', models.CharField(choices=[('owner', 'Owner'), ('manager', 'Manager'), ('evaluator', 'Evaluator'), ('member', 'Member')], max_length=10)),
                    ('since', models.DateTimeField()),
                    ('ended_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('person', 'organisation'), name='membership_once_per_person')],
                },
            ),
            migrations.CreateModel(
                name='Invitation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='people.organisation')),
                    ('host', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('email', models.EmailField(blank=True, max_length=254)),
                    ('role', models.CharField(choices=[('owner', 'Owner'), ('manager', 'Manager'), ('evaluator', 'Evaluator'), ('member', 'Member')], max_length=10)),
                    ('token_hash', models.CharField(max_length=64, unique=True)),
                    ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('created_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField()),
                    ('accepted_at', models.DateTimeField(null=True)),
                    ('accepted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('withdrawn_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('organisation__isnull', False), ('role', 'owner'), _connector='OR'), name='invitation_without_organisation_is_for_an_owner'), models.CheckConstraint(condition=models.Q(('accepted_at__isnull', True), ('accepted_by__isnull', False), _connector='XOR'), name='invitation_acceptance_has_person')],
                },
            ),
            migrations.CreateModel(
                name='Consent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to=settings.AUTH_USER_MODEL)),
                    ('purpose', models.CharField(max_length=40)),
                    ('version', models.CharField(max_length=20)),
                    ('given_at', models.DateTimeField()),
                    ('withdrawn_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('person', 'purpose', 'version'), name='consent_once_per_version')],
                },
            ),
            migrations.CreateModel(
                name='AccessToken',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='access_tokens', to=settings.AUTH_USER_MODEL)),
                    ('label', models.CharField(max_length=80)),
                    ('token_hash', models.CharField(max_length=64, unique=True)),
                    ('created_at', models.DateTimeField()),
                    ('last_used_at', models.DateTimeField(null=True)),
                    ('revoked_at', models.DateTimeField(null=True)),
                ],
                options={
                    'abstract': False,
                },
            ),
        ]),
    ]
