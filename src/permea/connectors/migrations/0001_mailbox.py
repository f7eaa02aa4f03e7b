from django.db import migrations, models

from permea.foundation.migrating import CreateModels


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Mailbox',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('address_hash', models.CharField(max_length=64, unique=True)),
                    ('uid_validity', models.PositiveBigIntegerField(default=0)),
                    ('last_uid', models.PositiveBigIntegerField(default=0)),
                    ('read_at', models.DateTimeField(null=True)),
                    ('tried_at', models.DateTimeField(null=True)),
                    ('problem', models.CharField(blank=True, max_length=20)),
                    ('said', models.CharField(blank=True, max_length=500)),
                ],
            ),
            migrations.CreateModel(
                name='ReceivedMail',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('message_hash', models.CharField(max_length=64, unique=True)),
                    ('sender_hash', models.CharField(blank=True, max_length=64)),
                    ('outcome', models.CharField(choices=[('taken', 'Taken'), ('added', 'Added to what was sent before'), ('refused', 'Not taken')], max_length=8)),
                    ('reason', models.CharField(blank=True, choices=[('unreadable', 'It cannot be read as a mail'), ('too_big', 'It is larger than 25 MB'), ('no_sender', 'It names no sender who could be answered'), ('own', 'It comes from this instance itself'), ('automatic', 'A machine wrote it (out-of-office note, report)'), ('bulk', 'It comes from a mailing list or is bulk mail'), ('spam', 'The mail server marks it as spam or as forged'), ('bounce', 'It reports that a mail could not be delivered'), ('too_many', 'Its sender wrote too often within an hour'), ('no_text', 'It has no text of its own'), ('no_box', 'There is no open box for it')], max_length=12)),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'indexes': [models.Index(fields=['sender_hash', 'at'], name='received_mail_of_sender')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('outcome', 'refused'), ('reason', ''), _connector='XOR'), name='received_mail_refused_with_a_reason')],
                },
            ),
        ]),
    ]
