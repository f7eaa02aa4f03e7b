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
                name='Transfer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('direction', models.CharField(choices=[('in', 'In: you take over'), ('out', 'Out: you hand over')], max_length=3)),
                    ('kind', models.CharField(choices=[('software', 'Software'), ('prototype', 'Prototype'), ('process', 'Process'), ('drawings', 'Drawings and data'), ('material', 'Material'), ('know_how', 'Know-how under a licence')], max_length=9)),
                    ('title', models.CharField(max_length=160)),
                    ('about', models.TextField(max_length=4000)),
                    ('language', models.CharField(default='en', max_length=10)),
                    ('currency', models.CharField(default='EUR', max_length=3)),
                    ('item_key', models.CharField(blank=True, max_length=20)),
                    ('purpose', models.CharField(choices=[('evaluate', 'Talk and evaluate'), ('research', 'Research'), ('develop', 'Develop together'), ('supply', 'Supply'), ('use', 'Use')], max_length=8)),
                    ('level', models.PositiveSmallIntegerField()),
                    ('level_basis', models.CharField(blank=True, max_length=400)),
                    ('state', models.CharField(choices=[('planned', 'Planned'), ('handing', 'Handing over'), ('testing', 'In test'), ('accepted', 'Accepted'), ('refused', 'Refused'), ('support', 'In support'), ('done', 'Done')], default='planned', max_length=8)),
                    ('verdict', models.CharField(blank=True, choices=[('accepted', 'Accepted'), ('remarks', 'Accepted with remarks'), ('refused', 'Refused')], max_length=8)),
                    ('verdict_note', models.CharField(blank=True, max_length=1000)),
                    ('verdict_at', models.DateTimeField(null=True)),
                    ('support_from', models.DateField(null=True)),
                    ('support_until', models.DateField(null=True)),
                    ('support_contact', models.CharField(blank=True, max_length=160)),
                    ('support_hours', models.CharField(blank=True, max_length=160)),
                    ('remind_on', models.DateField(null=True)),
                    ('shown_at', models.DateTimeField(null=True)),
                    ('created_at', models.DateTimeField()),
                    ('agreement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='agreements.agreement')),
                    ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='people.organisation')),
                    ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transferred', to='people.organisation')),
                    ('verdict_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(fields=['organisation', 'created_at'], name='transfer_by_firm'), models.Index(fields=['remind_on'], name='transfer_to_remind')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('level__gte', 1), ('level__lte', 9)), name='transfer_level_one_to_nine'), models.CheckConstraint(condition=models.Q(('partner', models.F('organisation')), _negated=True), name='transfer_has_two_sides'), models.CheckConstraint(condition=models.Q(('state', 'planned'), ('shown_at__isnull', False), _connector='OR'), name='transfer_is_shown_once_it_moves'), models.CheckConstraint(condition=models.Q(('verdict', ''), ('verdict_at__isnull', False), _connector='XOR'), name='transfer_verdict_has_its_time'), models.CheckConstraint(condition=models.Q(('verdict__in', ['', 'accepted']), models.Q(('verdict_note', ''), _negated=True), _connector='OR'), name='transfer_verdict_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('support_from__isnull', True), ('support_until__isnull', True)), ('support_until__gte', models.F('support_from')), _connector='OR'), name='transfer_support_has_both_ends'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'support'), _negated=True), ('support_until__isnull', False), _connector='OR'), name='transfer_in_support_has_a_window')],
                },
            ),
            migrations.CreateModel(
                name='TrainingSession',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('on', models.DateField()),
                    ('topic', models.CharField(max_length=160)),
                    ('people', models.CharField(blank=True, max_length=400)),
                    ('is_done', models.BooleanField(default=False)),
                    ('said_at', models.DateTimeField(null=True)),
                    ('planned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('said_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('transfer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to='projects.transfer')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('transfer', 'on', 'topic'), name='training_session_once'), models.CheckConstraint(condition=models.Q(('is_done', False), models.Q(('people', ''), _negated=True), _connector='OR'), name='training_done_names_people')],
                },
            ),
            migrations.CreateModel(
                name='ReadinessPoint',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('number', models.PositiveIntegerField()),
                    ('name', models.CharField(max_length=160)),
                    ('owner', models.CharField(blank=True, max_length=160)),
                    ('budget', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                    ('is_ready', models.BooleanField(default=False)),
                    ('said_at', models.DateTimeField(null=True)),
                    ('said_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('transfer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='points', to='projects.transfer')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('transfer', 'name'), name='readiness_point_once'), models.CheckConstraint(condition=models.Q(('is_ready', False), models.Q(('owner', ''), _negated=True), _connector='OR'), name='ready_point_has_an_owner')],
                },
            ),
            migrations.CreateModel(
                name='PackageItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('number', models.PositiveIntegerField()),
                    ('name', models.CharField(max_length=160)),
                    ('state', models.CharField(choices=[('open', 'Open'), ('handed', 'Handed over'), ('missing', 'Missing'), ('not_needed', 'Not needed')], default='open', max_length=10)),
                    ('note', models.CharField(blank=True, max_length=400)),
                    ('said_at', models.DateTimeField(null=True)),
                    ('said_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('transfer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='projects.transfer')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('transfer', 'name'), name='package_item_once')],
                },
            ),
            migrations.CreateModel(
                name='AcceptanceCriterion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('number', models.PositiveIntegerField()),
                    ('name', models.CharField(max_length=160)),
                    ('target', models.CharField(max_length=160)),
                    ('measured', models.CharField(blank=True, max_length=160)),
                    ('is_passed', models.BooleanField(null=True)),
                    ('measured_at', models.DateTimeField(null=True)),
                    ('measured_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('transfer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteria', to='projects.transfer')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('transfer', 'name'), name='acceptance_criterion_once'), models.CheckConstraint(condition=models.Q(('measured', ''), ('is_passed__isnull', False), _connector='XOR'), name='criterion_is_judged_by_a_measure')],
                },
            ),
            migrations.CreateModel(
                name='TransferStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('what', models.CharField(choices=[('begun', 'Record begun'), ('shown', 'Shown to the partner'), ('changed', 'Changed'), ('level', 'Readiness level stated'), ('handing', 'Hand-over begun'), ('testing', 'Handed over, to be tested'), ('accepted', 'Accepted'), ('remarks', 'Accepted with remarks'), ('refused', 'Refused'), ('support', 'Support begun'), ('done', 'Done')], max_length=8)),
                    ('note', models.CharField(blank=True, max_length=1000)),
                    ('facts', models.JSONField(default=dict)),
                    ('is_firm', models.BooleanField()),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('transfer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='projects.transfer')),
                ],
            ),
        ]),
    ]
