"""Who may read an entry after the deadline, and the order in which a circle reads entries."""

from importlib import import_module

from django.db import migrations, models

words = import_module("permea.ideas.migrations.0005_search_words")


class Migration(migrations.Migration):
    """A new field remakes the table on SQLite, so the index of words is laid down anew."""

    dependencies = [("ideas", "0005_search_words")]

    operations = [
        migrations.RunPython(words.drop_words, words.create_words),
        migrations.AddField(
            model_name="idea",
            name="shown_to",
            field=models.CharField(
                blank=True,
                choices=[
                    ("members", "everybody inside the firm"),
                    ("contributors", "everybody who entered"),
                    ("everyone", "everybody"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="idea", index=models.Index(fields=["challenge", "status", "key"], name="idea_in_ring")
        ),
        migrations.RunPython(words.create_words, words.drop_words),
    ]
