import django.db.models.deletion
import permea.foundation.ids
from django.conf import settings
from django.db import migrations, models

from permea.foundation.migrating import CreateModels


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0002_shortlists_and_views'),
        ('people', '0001_squashed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='HubLink',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('said_at', models.DateTimeField()),
                    ('confirmed_at', models.DateTimeField(null=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('firm', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('mirror', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hub_mirrors', to='partners.partner')),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hub_links', to='partners.partner')),
                    ('said_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('partner',), name='hub_link_by_partner'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('organisation', 'firm'), name='hub_link_by_firms'), models.CheckConstraint(condition=models.Q(('confirmed_at__isnull', True), ('mirror__isnull', False), _connector='OR'), name='hub_link_confirmed_has_mirror')],
                },
            ),
            migrations.CreateModel(
                name='HubSeat',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('link', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='partners.hublink')),
                    ('membership', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.membership')),
                ],
            ),
        ]),
    ]
