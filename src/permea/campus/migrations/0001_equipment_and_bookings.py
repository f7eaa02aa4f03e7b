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
                name='Equipment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='equipment', to='people.organisation')),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='owned_equipment', to='people.organisation')),
                    ('name', models.CharField(max_length=160)),
                    ('about', models.TextField(max_length=4000)),
                    ('place', models.CharField(max_length=200)),
                    ('users', models.CharField(blank=True, max_length=400)),
                    ('language', models.CharField(default='en', max_length=10)),
                    ('needs_introduction', models.BooleanField(default=False)),
                    ('rate', models.PositiveIntegerField(default=0)),
                    ('currency', models.CharField(default='EUR', max_length=3)),
                    ('weekdays', models.JSONField(default=list)),
                    ('opens', models.TimeField()),
                    ('closes', models.TimeField()),
                    ('time_zone', models.CharField(default='Europe/Berlin', max_length=60)),
                    ('shortest', models.PositiveIntegerField()),
                    ('longest', models.PositiveIntegerField()),
                    ('notice', models.PositiveSmallIntegerField(default=0)),
                    ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('created_at', models.DateTimeField()),
                ],
                options={
                    'indexes': [models.Index(fields=['organisation', 'name'], name='equipment_by_firm')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('longest__gte', models.F('shortest')), ('shortest__gte', 1)), name='equipment_longest_is_not_shorter')],
                },
            ),
            migrations.CreateModel(
                name='Sharing',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('equipment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sharings', to='campus.equipment')),
                    ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shared_equipment', to='people.organisation')),
                    ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shared_equipment', to='agreements.agreement')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('equipment', 'partner'), name='equipment_shared_once')],
                },
            ),
            migrations.CreateModel(
                name='Introduction',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('equipment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='introductions', to='campus.equipment')),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('name', models.CharField(max_length=160)),
                    ('on', models.DateField()),
                    ('said_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('said_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('equipment', 'organisation', 'name'), name='introduction_once')],
                },
            ),
            migrations.CreateModel(
                name='Booking',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('equipment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bookings', to='campus.equipment')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='people.organisation')),
                    ('agreement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='agreements.agreement')),
                    ('starts_at', models.DateTimeField()),
                    ('ends_at', models.DateTimeField()),
                    ('purpose', models.CharField(max_length=400)),
                    ('people', models.JSONField(default=list)),
                    ('rate', models.PositiveIntegerField(default=0)),
                    ('currency', models.CharField(default='EUR', max_length=3)),
                    ('state', models.CharField(choices=[('asked', 'Asked for'), ('confirmed', 'Confirmed'), ('refused', 'Refused'), ('cancelled', 'Cancelled')], default='asked', max_length=9)),
                    ('reason', models.CharField(blank=True, max_length=400)),
                    ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('asked_at', models.DateTimeField()),
                    ('said_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('said_at', models.DateTimeField(null=True)),
                    ('used', models.PositiveIntegerField(null=True)),
                    ('used_is_owner', models.BooleanField(default=False)),
                    ('used_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('used_at', models.DateTimeField(null=True)),
                    ('agreed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('agreed_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['equipment', 'starts_at'], name='booking_of_equipment'), models.Index(fields=['user', 'starts_at'], name='booking_of_user')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='booking_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['refused', 'cancelled']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='booking_refused_says_why'), models.CheckConstraint(condition=models.Q(('used__isnull', True), ('state', 'confirmed'), _connector='OR'), name='booking_used_once_confirmed'), models.CheckConstraint(condition=models.Q(('agreed_at__isnull', True), ('used__isnull', False), _connector='OR'), name='booking_agreed_once_used')],
                },
            ),
        ]),
    ]
