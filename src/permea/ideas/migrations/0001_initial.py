import django.db.models.deletion
import permea.foundation.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('challenges', '0001_initial'),
        ('people', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Idea',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                ('affiliation', models.CharField(blank=True, max_length=160)),
                ('source', models.CharField(choices=[('customer', 'Customer'), ('supplier', 'Supplier'), ('university', 'University or institute'), ('startup', 'Startup or firm'), ('inventor', 'Inventor'), ('employee', 'Employee'), ('other', 'Somebody else')], default='other', max_length=12)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('channel', models.CharField(choices=[('form', 'Entry page'), ('api', 'API'), ('import', 'Spreadsheet')], default='form', max_length=10)),
                ('external_id', models.CharField(blank=True, max_length=80)),
                ('language', models.CharField(default='en', max_length=10)),
                ('title', models.CharField(blank=True, max_length=160)),
                ('summary', models.CharField(blank=True, max_length=500)),
                ('body', models.TextField(blank=True)),
                ('asked_money', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ('asked_days', models.DecimalField(decimal_places=1, max_digits=7, null=True)),
                ('pending', models.JSONField(null=True)),
                ('search_text', models.TextField(blank=True)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Handed in'), ('withdrawn', 'Withdrawn')], default='draft', max_length=10)),
                ('created_at', models.DateTimeField()),
                ('saved_at', models.DateTimeField()),
                ('saved_window', models.CharField(blank=True, max_length=20)),
                ('submitted_at', models.DateTimeField(editable=False, null=True)),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True)),
                ('text_removed_at', models.DateTimeField(editable=False, null=True)),
                ('n_versions', models.PositiveIntegerField(default=0)),
                ('n_files', models.PositiveSmallIntegerField(default=0)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ideas', to=settings.AUTH_USER_MODEL)),
                ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ideas', to='challenges.challenge')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ideas', to='people.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='Contributor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contributions', to=settings.AUTH_USER_MODEL)),
                ('idea', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contributors', to='ideas.idea')),
            ],
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                ('name', models.CharField(max_length=160)),
                ('content_type', models.CharField(max_length=100)),
                ('size', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('path', models.CharField(blank=True, max_length=200)),
                ('added_at', models.DateTimeField()),
                ('handed_in_at', models.DateTimeField(null=True)),
                ('removed_at', models.DateTimeField(null=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('idea', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='ideas.idea')),
            ],
        ),
        migrations.CreateModel(
            name='IdeaVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('content', models.JSONField()),
                ('sha256', models.CharField(max_length=64)),
                ('receipt_key', models.CharField(blank=True, max_length=20)),
                ('made_at', models.DateTimeField()),
                ('idea', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='ideas.idea')),
            ],
        ),
        migrations.CreateModel(
            name='KeptCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('window', models.CharField(max_length=20)),
                ('content', models.JSONField()),
                ('kept_at', models.DateTimeField()),
                ('idea', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kept_copies', to='ideas.idea')),
            ],
        ),
        migrations.CreateModel(
            name='StagedTable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                ('name', models.CharField(max_length=160)),
                ('content', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('uploaded_at', models.DateTimeField()),
                ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='challenges.challenge')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='idea',
            index=models.Index(fields=['challenge', 'status', 'submitted_at'], name='idea_by_challenge'),
        ),
        migrations.AddConstraint(
            model_name='idea',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'draft'), ('n_versions__gt', 0), _connector='XOR'), name='idea_has_version_unless_draft'),
        ),
        migrations.AddConstraint(
            model_name='idea',
            constraint=models.CheckConstraint(condition=models.Q(('pending__isnull', True), models.Q(('status', 'draft'), _negated=True), _connector='OR'), name='idea_waits_with_changes_only_after_a_version'),
        ),
        migrations.AddConstraint(
            model_name='idea',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'draft')), fields=('challenge', 'author'), name='idea_one_draft_per_author'),
        ),
        migrations.AddConstraint(
            model_name='idea',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'draft'), ('submitted_at__isnull', False), _connector='XOR'), name='idea_has_submission_time_unless_draft'),
        ),
        migrations.AddConstraint(
            model_name='idea',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'withdrawn'), ('withdrawn_at__isnull', True), _connector='XOR'), name='idea_has_withdrawal_time_if_withdrawn'),
        ),
        migrations.AddConstraint(
            model_name='idea',
            constraint=models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('challenge', 'external_id'), name='idea_external_id_once'),
        ),
        migrations.AddConstraint(
            model_name='contributor',
            constraint=models.UniqueConstraint(fields=('idea', 'person'), name='contributor_once'),
        ),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.UniqueConstraint(condition=models.Q(('path', ''), _negated=True), fields=('path',), name='attachment_path_once'),
        ),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('path', ''), _negated=True), ('removed_at__isnull', False), _connector='OR'), name='attachment_has_its_bytes_unless_removed'),
        ),
        migrations.AddConstraint(
            model_name='ideaversion',
            constraint=models.UniqueConstraint(fields=('idea', 'number'), name='idea_version_once'),
        ),
        migrations.AddConstraint(
            model_name='keptcopy',
            constraint=models.UniqueConstraint(fields=('idea', 'window'), name='kept_copy_once_per_window'),
        ),
    ]
