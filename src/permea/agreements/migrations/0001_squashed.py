"""Everything of agreements at once, in place of the migrations it names."""

import django.db.models.deletion
import permea.foundation.ids
from django.conf import settings
from django.db import migrations, models

from permea.foundation.migrating import CreateModels


class Migration(migrations.Migration):

    replaces = [('agreements', '0001_initial'), ('agreements', '0002_agreements_and_parties'), ('agreements', '0003_confidentiality_of_readers'), ('agreements', '0004_versions_and_signatures'), ('agreements', '0005_chooser'), ('agreements', '0006_obligations_publications_renewals'), ('agreements', '0007_ip_tables'), ('agreements', '0008_sealed_papers')]

    initial = True

    dependencies = [
        ('people', '0001_squashed'),
        ('people', '__first__'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Agreement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='people.organisation')),
                    ('kind', models.CharField(choices=[('nda_one_way', 'Confidentiality, one way'), ('nda_mutual', 'Confidentiality, mutual'), ('pilot', 'Pilot letter'), ('challenge', 'Challenge terms'), ('evaluation', 'Evaluation'), ('materials', 'Transfer of materials'), ('research', 'Sponsored research'), ('consultancy', 'Consultancy'), ('consortium', 'Consortium'), ('licence_in', 'Licence taken'), ('licence_out', 'Licence given'), ('development', 'Joint development'), ('venture', 'Joint venture'), ('supply', 'Supply'), ('internship', 'Internship'), ('equipment', 'Use of equipment by visitors')], max_length=12)),
                    ('title', models.CharField(max_length=160)),
                    ('language', models.CharField(default='en', max_length=10)),
                    ('law', models.CharField(blank=True, max_length=2)),
                    ('path', models.CharField(choices=[('full', 'The full agreement first'), ('letter', 'A pilot letter first, the full agreement later')], default='full', max_length=6)),
                    ('status', models.CharField(choices=[('draft', 'Draft'), ('offered', 'Under negotiation'), ('signed', 'Signed'), ('dropped', 'Dropped')], default='draft', max_length=8)),
                    ('was_offered', models.BooleanField(default=False)),
                    ('purposes', models.JSONField(default=list)),
                    ('is_about_everything', models.BooleanField(default=True)),
                    ('valid_from', models.DateTimeField(null=True)),
                    ('valid_until', models.DateTimeField(null=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('created_at', models.DateTimeField()),
                ],
                options={
                    'indexes': [models.Index(fields=['organisation', 'status', 'valid_until'], name='agreement_live')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('status', 'signed'), _negated=True), ('valid_from__isnull', False), _connector='OR'), name='agreement_signed_lives_from_some_day'), models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_from__isnull', True), ('valid_until__gt', models.F('valid_from')), _connector='OR'), name='agreement_lives_forwards')],
                },
            ),
            migrations.CreateModel(
                name='AgreementParty',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parties', to='agreements.agreement')),
                    ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agreed', to='people.organisation')),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agreed', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('organisation__isnull', True), ('person__isnull', True), _connector='XOR'), name='agreement_party_is_one'), models.UniqueConstraint(fields=('agreement', 'organisation'), name='agreement_party_organisation_once'), models.UniqueConstraint(fields=('agreement', 'person'), name='agreement_party_person_once')],
                },
            ),
            migrations.CreateModel(
                name='AgreementSubject',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subjects', to='agreements.agreement')),
                    ('subject_key', models.CharField(db_index=True, max_length=20)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('agreement', 'subject_key'), name='agreement_subject_once')],
                },
            ),
            migrations.CreateModel(
                name='ChooserRun',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='chooser_runs', to='people.organisation')),
                    ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='chooser_runs_as_partner', to='people.organisation')),
                    ('title', models.CharField(max_length=160)),
                    ('round', models.PositiveSmallIntegerField(default=1)),
                    ('agreement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='chooser_runs', to='agreements.agreement')),
                    ('options', models.JSONField(default=dict)),
                    ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('started_at', models.DateTimeField()),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='ChooserAnswers',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='agreements.chooserrun')),
                    ('round', models.PositiveSmallIntegerField()),
                    ('side', models.CharField(choices=[('host', 'Our side'), ('partner', "The partner's side")], max_length=7)),
                    ('answers', models.JSONField(default=dict)),
                    ('answered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('handed_in_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('run', 'round', 'side'), name='chooser_side_once_a_round')],
                },
            ),
            migrations.CreateModel(
                name='AgreementVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='agreements.agreement')),
                    ('number', models.PositiveIntegerField()),
                    ('body', models.TextField()),
                    ('options', models.JSONField(default=dict)),
                    ('sha256', models.CharField(max_length=64)),
                    ('note', models.CharField(blank=True, max_length=400)),
                    ('by_party', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='agreements.agreementparty')),
                    ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('written_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('agreement', 'number'), name='agreement_version_once')],
                },
            ),
            migrations.CreateModel(
                name='AgreementSignature',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='agreements.agreementversion')),
                    ('party', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='agreements.agreementparty')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreement_signatures', to=settings.AUTH_USER_MODEL)),
                    ('typed_name', models.CharField(max_length=120)),
                    ('method', models.CharField(choices=[('mail_code', 'name typed, code by mail')], default='mail_code', max_length=20)),
                    ('signed_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('version', 'party'), name='agreement_signed_once_by_party'), models.UniqueConstraint(condition=models.Q(('party__isnull', True)), fields=('version',), name='agreement_signed_once_by_firm')],
                },
            ),
            migrations.CreateModel(
                name='SigningCode',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codes', to='agreements.agreementversion')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signing_codes', to=settings.AUTH_USER_MODEL)),
                    ('code_hash', models.CharField(max_length=64)),
                    ('sent_at', models.DateTimeField()),
                    ('n_sent', models.PositiveIntegerField(default=1)),
                    ('attempts', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('version', 'person'), name='signing_code_once')],
                },
            ),
            migrations.CreateModel(
                name='Obligation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='obligations', to='agreements.agreement')),
                    ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='obligations', to='agreements.agreementversion')),
                    ('clause', models.CharField(blank=True, max_length=40)),
                    ('kind', models.CharField(choices=[('term_end', 'Last day of the agreement'), ('notice', 'Last day to give notice before it ends anyway'), ('goes_on', 'Last day to give notice; otherwise it goes on'), ('renewal', 'Say whether it goes on'), ('report', 'Report'), ('payment', 'Payment'), ('handback', 'Give back or delete what was received'), ('review', 'Look at a planned publication'), ('hold', 'A publication may go out'), ('equipment', 'Return equipment'), ('secrecy', 'Secrecy ends'), ('other', 'Something else')], max_length=10)),
                    ('title', models.CharField(blank=True, max_length=160)),
                    ('side', models.CharField(choices=[('firm', 'The firm'), ('party', 'The partner'), ('both', 'Both sides')], max_length=5)),
                    ('anchor', models.CharField(choices=[('day', 'on a day you name'), ('start', 'from its beginning'), ('end', 'from its end'), ('notice', 'from the day notice is given'), ('submission', 'from the day something is handed in')], max_length=10)),
                    ('base_on', models.DateField(null=True)),
                    ('offset_months', models.SmallIntegerField(default=0)),
                    ('offset_days', models.SmallIntegerField(default=0)),
                    ('every_months', models.PositiveSmallIntegerField(default=0)),
                    ('series', models.CharField(blank=True, max_length=20)),
                    ('number', models.PositiveSmallIntegerField(default=0)),
                    ('due_on', models.DateField(null=True)),
                    ('time_zone', models.CharField(default='UTC', max_length=60)),
                    ('reminder_days', models.JSONField(default=list)),
                    ('remind_on', models.DateField(null=True)),
                    ('state', models.CharField(choices=[('open', 'Open'), ('said', 'Said to be done'), ('done', 'Done'), ('waived', 'Waived'), ('missed', 'Missed'), ('passed', 'Past')], default='open', max_length=6)),
                    ('missed_at', models.DateTimeField(null=True)),
                    ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('created_at', models.DateTimeField()),
                ],
                options={
                    'indexes': [models.Index(fields=['state', 'due_on'], name='obligation_by_day'), models.Index(condition=models.Q(('remind_on__isnull', False)), fields=['remind_on'], name='obligation_to_remind')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('base_on__isnull', True), ('due_on__isnull', True)), models.Q(('base_on__isnull', False), ('due_on__isnull', False)), _connector='OR'), name='obligation_is_due_once_its_event_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('clause', ''), _negated=True), ('created_by__isnull', False), _connector='OR'), name='obligation_follows_a_clause_or_somebody'), models.UniqueConstraint(condition=models.Q(('series', ''), _negated=True), fields=('series', 'number'), name='obligation_once_in_its_series')],
                },
            ),
            migrations.CreateModel(
                name='ObligationStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('obligation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='agreements.obligation')),
                    ('what', models.CharField(choices=[('laid', 'Follows from the agreement'), ('added', 'Added by hand'), ('moved', 'Moved'), ('said', 'Said to be done'), ('confirmed', 'Confirmed as done'), ('denied', 'Said not to be done'), ('answered', 'Answered'), ('waived', 'Waived'), ('missed', 'Missed'), ('passed', 'The day is past'), ('ended', 'Falls away: the agreement ends before'), ('renewed', 'Goes on in the renewed agreement')], max_length=9)),
                    ('note', models.CharField(blank=True, max_length=1000)),
                    ('due_on', models.DateField(null=True)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='obligation_steps', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='CalendarLink',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_link', to=settings.AUTH_USER_MODEL)),
                    ('token_hash', models.CharField(max_length=64, unique=True)),
                    ('made_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='Publication',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='publications', to='agreements.agreement')),
                    ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='agreements.agreementparty')),
                    ('review', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='publication', to='agreements.obligation')),
                    ('title', models.CharField(max_length=160)),
                    ('link', models.URLField(blank=True, max_length=500)),
                    ('note', models.TextField(blank=True)),
                    ('name', models.CharField(blank=True, max_length=120)),
                    ('content_type', models.CharField(blank=True, max_length=100)),
                    ('size', models.PositiveBigIntegerField(default=0)),
                    ('sha256', models.CharField(blank=True, max_length=64)),
                    ('path', models.CharField(blank=True, db_index=True, max_length=40)),
                    ('planned_on', models.DateField(null=True)),
                    ('most_delay_days', models.PositiveSmallIntegerField()),
                    ('submitted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='planned_publications', to=settings.AUTH_USER_MODEL)),
                    ('submitted_at', models.DateTimeField()),
                    ('answer', models.CharField(blank=True, choices=[('free', 'No objection'), ('remove', 'Leave these parts out'), ('delay', 'Wait, so that a patent can be filed')], max_length=6)),
                    ('answer_text', models.TextField(blank=True)),
                    ('delay_until', models.DateField(null=True)),
                    ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('answered_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['agreement', '-submitted_at'], name='publication_by_time')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('answer', ''), ('answered_at__isnull', False), _connector='XOR'), name='publication_answer_has_time'), models.CheckConstraint(condition=models.Q(('answer', 'delay'), ('delay_until__isnull', True), _connector='XOR'), name='publication_delay_has_day'), models.CheckConstraint(condition=models.Q(('path', ''), models.Q(('name', ''), _negated=True), _connector='OR'), name='publication_file_has_name')],
                },
            ),
            migrations.CreateModel(
                name='Renewal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('agreement', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='renewal', to='agreements.agreement')),
                    ('of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='renewals', to='agreements.agreement')),
                ],
            ),
            migrations.CreateModel(
                name='SealCertificate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seal_certificates', to='people.organisation')),
                    ('pem', models.TextField()),
                    ('sha256', models.CharField(max_length=64, unique=True)),
                    ('begins_at', models.DateTimeField()),
                    ('ends_at', models.DateTimeField()),
                    ('retired_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('retired_at__isnull', True)), fields=('organisation',), name='seal_certificate_one_in_use')],
                },
            ),
            migrations.CreateModel(
                name='AgreementSeal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='seal', to='agreements.agreementversion')),
                    ('status', models.CharField(choices=[('waiting', 'Being sealed'), ('sealed', 'Sealed'), ('failed', 'Not sealed')], default='waiting', max_length=7)),
                    ('problem', models.CharField(blank=True, max_length=20)),
                    ('asked_at', models.DateTimeField()),
                    ('certificate', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='seals', to='agreements.sealcertificate')),
                    ('path', models.CharField(blank=True, max_length=80)),
                    ('size', models.PositiveIntegerField(default=0)),
                    ('sha256', models.CharField(blank=True, max_length=64)),
                    ('sealed_at', models.DateTimeField(null=True)),
                    ('stamp', models.CharField(blank=True, choices=[('', 'No time-stamp'), ('waiting', 'Time-stamp still to come'), ('stamped', 'With time-stamp')], default='', max_length=7)),
                    ('stamp_problem', models.CharField(blank=True, max_length=20)),
                    ('authority', models.CharField(blank=True, max_length=200)),
                    ('stamped_at', models.DateTimeField(null=True)),
                    ('stamped_path', models.CharField(blank=True, max_length=80)),
                    ('stamped_size', models.PositiveIntegerField(default=0)),
                    ('stamped_sha256', models.CharField(blank=True, max_length=64)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('status', 'sealed'), _negated=True), models.Q(models.Q(('path', ''), _negated=True), models.Q(('sha256', ''), _negated=True), ('sealed_at__isnull', False), ('certificate__isnull', False)), _connector='OR'), name='agreement_sealed_with_file'), models.CheckConstraint(condition=models.Q(models.Q(('stamp', 'stamped'), _negated=True), ('stamped_at__isnull', False), _connector='OR'), name='agreement_stamped_at_some_time')],
                },
            ),
            migrations.CreateModel(
                name='Terms',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='people.organisation')),
                    ('kind', models.CharField(choices=[('participation', 'Terms of participation'), ('ip_assignment', 'Winners assign their rights'), ('ip_licence', 'Winners grant a licence'), ('ip_keep', 'Contributors keep all rights; use is negotiated'), ('evaluation', 'Confidentiality of evaluators'), ('nda', 'Confidentiality of readers')], max_length=16)),
                    ('version', models.PositiveIntegerField()),
                    ('language', models.CharField(max_length=10)),
                    ('title', models.CharField(max_length=160)),
                    ('body', models.TextField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('published_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('organisation', 'kind', 'language', 'version'), name='terms_version_once')],
                },
            ),
            migrations.CreateModel(
                name='Acceptance',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('terms', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acceptances', to='agreements.terms')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acceptances', to=settings.AUTH_USER_MODEL)),
                    ('subject_key', models.CharField(max_length=20)),
                    ('accepted_at', models.DateTimeField()),
                    ('method', models.CharField(default='click', max_length=20)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('terms', 'person', 'subject_key'), name='acceptance_once')],
                },
            ),
            migrations.CreateModel(
                name='IpEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ip_entries', to='agreements.agreement')),
                    ('kind', models.CharField(choices=[('background', 'Background: brought along'), ('foreground', 'Foreground: made together'), ('sideground', 'Sideground: made meanwhile, outside of the work'), ('third_party', 'Belongs to others')], max_length=11)),
                    ('by_party', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.agreementparty')),
                    ('created_at', models.DateTimeField()),
                    ('newest', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.ipversion')),
                    ('current', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.ipversion')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['background', 'foreground', 'sideground', 'third_party'])), name='ip_entry_of_known_kind')],
                },
            ),
            migrations.CreateModel(
                name='IpVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='agreements.ipentry')),
                    ('number', models.PositiveIntegerField()),
                    ('title', models.CharField(max_length=160)),
                    ('description', models.TextField(blank=True)),
                    ('identifier', models.CharField(blank=True, max_length=300)),
                    ('item_key', models.CharField(blank=True, max_length=20)),
                    ('licence', models.CharField(blank=True, max_length=80)),
                    ('is_copyleft', models.BooleanField(default=False)),
                    ('is_noncommercial', models.BooleanField(default=False)),
                    ('restrictions', models.TextField(blank=True)),
                    ('owned', models.PositiveIntegerField()),
                    ('is_withdrawn', models.BooleanField(default=False)),
                    ('sha256', models.CharField(max_length=64)),
                    ('by_party', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.agreementparty')),
                    ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('written_at', models.DateTimeField()),
                    ('in_force_at', models.DateTimeField(null=True)),
                    ('crossed_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('entry', 'number'), name='ip_version_once'), models.CheckConstraint(condition=models.Q(('owned', 100000)), name='ip_version_is_owned_whole')],
                },
            ),
            migrations.CreateModel(
                name='IpShare',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='agreements.ipversion')),
                    ('party', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.agreementparty')),
                    ('holder_name', models.CharField(blank=True, max_length=160)),
                    ('thousandths', models.PositiveIntegerField()),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('party__isnull', True), ('holder_name', ''), _connector='OR'), name='ip_share_has_one_holder'), models.CheckConstraint(condition=models.Q(('thousandths__gt', 0), ('thousandths__lte', 100000)), name='ip_share_is_a_part'), models.UniqueConstraint(fields=('version', 'party'), name='ip_share_once_by_party'), models.UniqueConstraint(condition=models.Q(('party__isnull', True)), fields=('version', 'holder_name'), name='ip_share_once_by_name')],
                },
            ),
            migrations.CreateModel(
                name='IpGrant',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='agreements.ipversion')),
                    ('party', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.agreementparty')),
                    ('holder_name', models.CharField(blank=True, max_length=160)),
                    ('use', models.CharField(choices=[('project', 'For this work only'), ('own', 'For their own use'), ('commercial', 'Commercially')], max_length=10)),
                    ('fields', models.JSONField(default=list)),
                    ('countries', models.JSONField(default=list)),
                    ('is_exclusive', models.BooleanField(default=False)),
                    ('is_promise', models.BooleanField(default=False)),
                    ('begins_on', models.DateField(null=True)),
                    ('ends_on', models.DateField(null=True)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('party__isnull', True), ('holder_name', ''), _connector='OR'), name='ip_grant_has_one_holder'), models.CheckConstraint(condition=models.Q(('begins_on__isnull', True), ('ends_on__isnull', True), ('ends_on__gt', models.F('begins_on')), _connector='OR'), name='ip_grant_runs_forwards')],
                },
            ),
            migrations.CreateModel(
                name='IpAcceptance',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='acceptances', to='agreements.ipversion')),
                    ('party', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.agreementparty')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('accepted_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('version', 'party'), name='ip_accepted_once_by_party'), models.UniqueConstraint(condition=models.Q(('party__isnull', True)), fields=('version',), name='ip_accepted_once_by_firm')],
                },
            ),
        ]),
    ]
