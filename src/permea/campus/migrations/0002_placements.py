import django.db.models.deletion
import permea.foundation.ids
from django.conf import settings
from django.db import migrations, models

from permea.foundation.migrating import CreateModels


class Migration(migrations.Migration):

    dependencies = [
        ('agreements', '0003_drawn_signatures'),
        ('campus', '0001_equipment_and_bookings'),
        ('people', '0001_squashed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Placement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('kind', models.CharField(choices=[('internship', 'Internship'), ('bachelor', "Bachelor's thesis"), ('master', "Master's thesis"), ('doctorate', 'Doctoral work'), ('working', 'Working student')], max_length=10)),
                    ('title', models.CharField(max_length=160)),
                    ('task', models.TextField(max_length=8000)),
                    ('place', models.CharField(max_length=200)),
                    ('language', models.CharField(default='en', max_length=10)),
                    ('first_day', models.DateField()),
                    ('last_day', models.DateField()),
                    ('weekly_hours', models.PositiveSmallIntegerField()),
                    ('pay', models.PositiveIntegerField(default=0)),
                    ('currency', models.CharField(default='EUR', max_length=3)),
                    ('student_name', models.CharField(blank=True, max_length=120)),
                    ('student_email', models.EmailField(blank=True, max_length=254)),
                    ('state', models.CharField(choices=[('offered', 'Offered'), ('named', 'Student named'), ('agreed', 'Waits for the student'), ('running', 'Running'), ('ended', 'Ended early'), ('closed', 'Closed'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='offered', max_length=9)),
                    ('statement', models.TextField(blank=True)),
                    ('statement_version', models.PositiveSmallIntegerField(default=0)),
                    ('statement_sha256', models.CharField(blank=True, max_length=64)),
                    ('accepted_at', models.DateTimeField(null=True)),
                    ('receipt_key', models.CharField(blank=True, max_length=20)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('led_to_offer', models.BooleanField(null=True)),
                    ('thesis_title', models.CharField(blank=True, max_length=300)),
                    ('said_is_firm', models.BooleanField(default=False)),
                    ('closed_at', models.DateTimeField(null=True)),
                    ('created_at', models.DateTimeField()),
                    ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='agreements.agreement')),
                    ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='people.organisation')),
                    ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements_of_students', to='people.organisation')),
                    ('partner_supervisor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('student', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='placements', to=settings.AUTH_USER_MODEL)),
                    ('supervisor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(fields=['organisation', '-first_day'], name='placement_of_firm'), models.Index(fields=['partner', '-first_day'], name='placement_of_partner')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='placement_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['agreed', 'running', 'ended', 'closed']), _negated=True), ('student__isnull', False), _connector='OR'), name='placement_agreed_has_student'), models.CheckConstraint(condition=models.Q(('state__in', ['running', 'ended', 'closed']), ('accepted_at__isnull', True), _connector='XOR'), name='placement_runs_once_accepted'), models.CheckConstraint(condition=models.Q(('accepted_at__isnull', True), models.Q(('statement_sha256', ''), _negated=True), _connector='OR'), name='placement_accepted_has_statement'), models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), models.Q(('led_to_offer__isnull', False), ('state', 'closed')), _connector='OR'), name='placement_closed_says_outcome')],
                },
            ),
            migrations.CreateModel(
                name='PlacementReport',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('kind', models.CharField(choices=[('midterm', 'Mid-term report'), ('final', 'Final report')], max_length=7)),
                    ('text', models.TextField(max_length=20000)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('placement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='campus.placement')),
                ],
                options={
                    'indexes': [models.Index(fields=['placement', 'at'], name='placement_report_by_time')],
                },
            ),
            migrations.CreateModel(
                name='PlacementStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('what', models.CharField(choices=[('offered', 'Offered to the partner'), ('changed', 'Offer changed'), ('refused', 'Refused by the partner'), ('named', 'Student named'), ('another', 'Another student asked for'), ('agreed', 'Student agreed to'), ('declined', 'Declined by the student'), ('accepted', 'Accepted by the student'), ('withdrawn', 'Withdrawn'), ('ended', 'Ended early'), ('said', 'Outcome written down'), ('closed', 'Closed')], max_length=9)),
                    ('side', models.CharField(choices=[('firm', 'Firm'), ('partner', 'Partner'), ('student', 'Student')], max_length=7)),
                    ('note', models.CharField(blank=True, max_length=400)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('placement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='campus.placement')),
                ],
                options={
                    'indexes': [models.Index(fields=['placement', 'at'], name='placement_step_by_time')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('what__in', ['refused', 'another', 'declined', 'withdrawn', 'ended']), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='placement_step_says_why')],
                },
            ),
            migrations.CreateModel(
                name='ReportRemark',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('side', models.CharField(choices=[('firm', 'Firm'), ('partner', 'Partner'), ('student', 'Student')], max_length=7)),
                    ('is_accepted', models.BooleanField(default=False)),
                    ('text', models.TextField(blank=True, max_length=4000)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='remarks', to='campus.placementreport')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('is_accepted', True), models.Q(('text', ''), _negated=True), _connector='OR'), name='remark_says_something'), models.UniqueConstraint(condition=models.Q(('is_accepted', True)), fields=('report', 'side'), name='report_accepted_once_by_side')],
                },
            ),
        ]),
    ]
