import django.db.models.deletion
import permea.foundation.ids
from django.db import migrations, models

from permea.foundation.migrating import CreateModels


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_squashed'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='CustomerPanel',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('title', models.CharField(max_length=160)),
                    ('about', models.TextField(blank=True)),
                    ('language', models.CharField(default='en', max_length=10)),
                    ('is_joinable', models.BooleanField(default=False)),
                    ('created_at', models.DateTimeField()),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='customer_panels', to='people.organisation')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='ConceptTest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('takes_anyone', models.BooleanField(default=False)),
                    ('language', models.CharField(default='en', max_length=10)),
                    ('salt', models.CharField(max_length=64)),
                    ('n_begun', models.PositiveIntegerField(default=0)),
                    ('created_at', models.DateTimeField()),
                    ('opened_at', models.DateTimeField(null=True)),
                    ('closes_at', models.DateTimeField()),
                    ('title', models.CharField(max_length=160)),
                    ('intro', models.TextField(blank=True)),
                    ('kind', models.CharField(choices=[('one', 'One each (A/B)'), ('pairs', 'In pairs'), ('scales', 'On scales')], max_length=6)),
                    ('n_pairs', models.PositiveSmallIntegerField(default=10)),
                    ('is_result_public', models.BooleanField(default=False)),
                    ('panel', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trials.customerpanel')),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                ],
                options={
                    'indexes': [models.Index(fields=['organisation', 'created_at'], name='concept_test_by_firm')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('opened_at__isnull', True), ('closes_at__gte', models.F('opened_at')), _connector='OR'), name='concept_test_closes_after_it_opens'), models.CheckConstraint(condition=models.Q(('n_pairs__gte', 1), ('n_pairs__lte', 28)), name='concept_test_asks_some_pairs')],
                },
            ),
            migrations.CreateModel(
                name='ConsentText',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveSmallIntegerField()),
                    ('purpose', models.TextField()),
                    ('keep_months', models.PositiveSmallIntegerField()),
                    ('written_at', models.DateTimeField()),
                    ('panel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consent_texts', to='trials.customerpanel')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('panel', 'version'), name='consent_text_once'), models.CheckConstraint(condition=models.Q(('keep_months__gte', 1), ('keep_months__lte', 60)), name='consent_text_keeps_up_to_five_years')],
                },
            ),
            migrations.CreateModel(
                name='PanelMember',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('name', models.CharField(blank=True, max_length=160)),
                    ('email', models.EmailField(blank=True, max_length=254)),
                    ('address_hash', models.CharField(blank=True, max_length=64)),
                    ('form_hash', models.CharField(max_length=64, null=True, unique=True)),
                    ('status', models.CharField(choices=[('invited', 'Invited'), ('joined', 'Agreed'), ('left', 'Left'), ('ended', 'Time over')], default='invited', max_length=10)),
                    ('invited_at', models.DateTimeField()),
                    ('consented_at', models.DateTimeField(null=True)),
                    ('left_at', models.DateTimeField(null=True)),
                    ('panel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='trials.customerpanel')),
                    ('consent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trials.consenttext')),
                ],
                options={
                    'indexes': [models.Index(fields=['panel', 'status'], name='panel_member_by_state')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('consent__isnull', True), ('consented_at__isnull', True)), models.Q(('consent__isnull', False), ('consented_at__isnull', False)), _connector='OR'), name='panel_member_agreed_to_a_text'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'joined'), _negated=True), ('consent__isnull', False), _connector='OR'), name='panel_member_joined_by_agreeing'), models.CheckConstraint(condition=models.Q(models.Q(('left_at__isnull', True), ('status__in', ('invited', 'joined'))), models.Q(('email', ''), ('left_at__isnull', False), ('name', ''), ('status__in', ('left', 'ended'))), _connector='OR'), name='panel_member_gone_is_nameless'), models.UniqueConstraint(condition=models.Q(('status__in', ('invited', 'joined')), models.Q(('address_hash', ''), _negated=True)), fields=('panel', 'address_hash'), name='panel_member_once')],
                },
            ),
            migrations.CreateModel(
                name='Prototype',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('title', models.CharField(max_length=160)),
                    ('about', models.TextField(blank=True)),
                    ('language', models.CharField(default='en', max_length=10)),
                    ('measure', models.CharField(max_length=80)),
                    ('unit', models.CharField(max_length=40)),
                    ('is_more_better', models.BooleanField(default=True)),
                    ('created_at', models.DateTimeField()),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                ],
                options={
                    'indexes': [models.Index(fields=['organisation', 'created_at'], name='prototype_by_firm')],
                },
            ),
            migrations.CreateModel(
                name='PrototypeRound',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('takes_anyone', models.BooleanField(default=False)),
                    ('language', models.CharField(default='en', max_length=10)),
                    ('salt', models.CharField(max_length=64)),
                    ('n_begun', models.PositiveIntegerField(default=0)),
                    ('created_at', models.DateTimeField()),
                    ('opened_at', models.DateTimeField(null=True)),
                    ('closes_at', models.DateTimeField()),
                    ('number', models.PositiveSmallIntegerField()),
                    ('news', models.TextField(blank=True)),
                    ('told_at', models.DateTimeField(null=True)),
                    ('panel', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trials.customerpanel')),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('prototype', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rounds', to='trials.prototype')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('prototype', 'number'), name='prototype_round_once'), models.CheckConstraint(condition=models.Q(('opened_at__isnull', True), ('closes_at__gte', models.F('opened_at')), _connector='OR'), name='prototype_round_closes_after_it_opens')],
                },
            ),
            migrations.CreateModel(
                name='Participant',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('form_hash', models.CharField(max_length=64, null=True, unique=True)),
                    ('made_at', models.DateTimeField()),
                    ('begun_at', models.DateTimeField(null=True)),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('taken_back_at', models.DateTimeField(null=True)),
                    ('cut_off_at', models.DateTimeField(null=True)),
                    ('before', models.DecimalField(decimal_places=3, max_digits=12, null=True)),
                    ('after', models.DecimalField(decimal_places=3, max_digits=12, null=True)),
                    ('ease', models.PositiveSmallIntegerField(null=True)),
                    ('worked', models.TextField(blank=True)),
                    ('failed', models.TextField(blank=True)),
                    ('name', models.CharField(blank=True, max_length=160)),
                    ('email', models.EmailField(blank=True, max_length=254)),
                    ('text_removed_at', models.DateTimeField(null=True)),
                    ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='%(class)ss', to='trials.panelmember')),
                    ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participants', to='trials.prototyperound')),
                ],
                options={
                    'indexes': [models.Index(fields=['round', 'finished_at'], name='participant_by_end')],
                    'constraints': [models.UniqueConstraint(fields=('round', 'member'), name='participant_once'), models.CheckConstraint(condition=models.Q(('finished_at__isnull', True), models.Q(('after__isnull', False), ('before__isnull', False), ('ease__gte', 1), ('ease__lte', 5)), _connector='OR'), name='participant_measures_twice')],
                },
            ),
            migrations.CreateModel(
                name='Respondent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('form_hash', models.CharField(max_length=64, null=True, unique=True)),
                    ('made_at', models.DateTimeField()),
                    ('begun_at', models.DateTimeField(null=True)),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('taken_back_at', models.DateTimeField(null=True)),
                    ('cut_off_at', models.DateTimeField(null=True)),
                    ('plan', models.JSONField(default=list)),
                    ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='%(class)ss', to='trials.panelmember')),
                    ('test', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='respondents', to='trials.concepttest')),
                ],
                options={
                    'indexes': [models.Index(fields=['test', 'finished_at'], name='respondent_by_end')],
                    'constraints': [models.UniqueConstraint(fields=('test', 'member'), name='respondent_once'), models.CheckConstraint(condition=models.Q(('finished_at__isnull', True), ('begun_at__isnull', False), _connector='OR'), name='respondent_begins_before_the_end')],
                },
            ),
            migrations.CreateModel(
                name='ScaleQuestion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('text', models.CharField(max_length=200)),
                    ('anchors', models.JSONField()),
                    ('test', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='trials.concepttest')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('test', 'position'), name='scale_question_at_one_position')],
                },
            ),
            migrations.CreateModel(
                name='Suggestion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('text', models.TextField(blank=True)),
                    ('outcome', models.CharField(choices=[('waiting', 'Waits for an answer'), ('adopted', 'Adopted'), ('declined', 'Not adopted')], default='waiting', max_length=8)),
                    ('words', models.TextField(blank=True)),
                    ('made_at', models.DateTimeField()),
                    ('answered_at', models.DateTimeField(null=True)),
                    ('participant', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='suggestion', to='trials.participant')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('outcome', 'waiting'), ('words', '')), models.Q(models.Q(('outcome', 'waiting'), _negated=True), models.Q(('words', ''), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='suggestion_answered_in_words')],
                },
            ),
            migrations.CreateModel(
                name='Variant',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('position', models.PositiveSmallIntegerField()),
                    ('title', models.CharField(max_length=120)),
                    ('text', models.TextField(blank=True)),
                    ('picture_path', models.CharField(blank=True, max_length=200)),
                    ('picture_type', models.CharField(blank=True, max_length=100)),
                    ('picture_sha256', models.CharField(blank=True, max_length=64)),
                    ('test', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='variants', to='trials.concepttest')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('test', 'position'), name='variant_at_one_position')],
                },
            ),
            migrations.CreateModel(
                name='Rating',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('value', models.PositiveSmallIntegerField()),
                    ('respondent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ratings', to='trials.respondent')),
                    ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='trials.scalequestion')),
                    ('variant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='trials.variant')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('respondent', 'variant', 'question'), name='rating_once'), models.CheckConstraint(condition=models.Q(('value__gte', 1), ('value__lte', 5)), name='rating_from_1_to_5')],
                },
            ),
            migrations.CreateModel(
                name='Choice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('outcome', models.SmallIntegerField()),
                    ('respondent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='choices', to='trials.respondent')),
                    ('first', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='trials.variant')),
                    ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='trials.variant')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('respondent', 'first', 'second'), name='choice_once'), models.CheckConstraint(condition=models.Q(models.Q(('first', models.F('second')), _negated=True), ('outcome__in', (-1, 0, 1))), name='choice_of_two')],
                },
            ),
            migrations.CreateModel(
                name='Verdict',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('is_wanted', models.BooleanField()),
                    ('fit', models.PositiveSmallIntegerField()),
                    ('respondent', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='verdict', to='trials.respondent')),
                    ('variant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='verdicts', to='trials.variant')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('fit__gte', 1), ('fit__lte', 5)), name='verdict_fits_1_to_5')],
                },
            ),
        ]),
    ]
