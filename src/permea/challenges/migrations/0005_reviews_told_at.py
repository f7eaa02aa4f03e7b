"""When it was told that the entries of a challenge may be judged."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Stored challenges have no steps: of their reviews was told with their closing."""

    dependencies = [
        ('challenges', '0004_steps_between_deadline_and_reviews'),
    ]

    operations = [
        migrations.AddField(
            model_name='challenge',
            name='reviews_told_at',
            field=models.DateTimeField(null=True),
        ),
    ]
