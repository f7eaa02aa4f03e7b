"""Finding entries by words: through the index the database keeps of their titles and summaries.

The index holds every text that is handed in, sealed ones as well, as the table itself does. What is found is therefore
only ever narrowed down from entries that may be read: nothing here answers by itself.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from permea.ideas import rules
from permea.ideas.models import Idea

# The plus sign has SQLite read the list's own index in its order, and ask for each row whether it is among the found:
# that costs the same for rare and for common words, and no long text is read.
_SQLITE = "+ideas_idea.id IN (SELECT rowid FROM ideas_words WHERE ideas_words MATCH %s)"
_POSTGRESQL = "ideas_idea.search_vector @@ to_tsquery('simple', %s)"


def with_words(ideas: QuerySet[Idea], text: str) -> QuerySet[Idea]:
    """Return those of the entries whose title or summary has every word of a text, or a word that begins so."""
    wanted = rules.wanted_words(text)
    for piece in wanted.pieces:
        ideas = ideas.filter(search_text__contains=piece)
    if not wanted.words:
        return ideas
    is_postgresql = connection.vendor == "postgresql"
    sql, words = (_POSTGRESQL, wanted.postgresql) if is_postgresql else (_SQLITE, wanted.sqlite)
    condition = RawSQL(sql, [words], output_field=BooleanField())  # noqa: S611 - constant SQL, the words are a parameter
    return ideas.filter(condition)
