"""Which mails are optional, and what may be chosen about them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import translation

from permea import notifications
from permea.notifications import rules

LETTERS = Path(notifications.__file__).parent / "templates" / "mails"


def test_every_kind_of_letter_has_exactly_one_topic():
    letters = {path.stem for path in LETTERS.glob("*.txt") if not path.name.startswith("_")} | {"login_code"}

    kinds = [kind for topic in (*rules.TOPICS, *rules.ALWAYS) for kind in topic.kinds] + [rules.DIGEST_KIND]

    assert (letters - set(kinds), len(kinds)) == (set(), len(set(kinds)))


@pytest.mark.parametrize("kind", ["login_code", "invitation", "receipt", "withdrawal", "answer", "reply", "terms"])
def test_what_proves_opens_or_answers_is_always_sent(kind):
    assert (rules.is_optional(kind), rules.topic_of(kind)) == (False, None)


def test_nothing_optional_tells_of_an_entry_that_may_be_sealed():
    optional = {kind for topic in rules.TOPICS for kind in topic.kinds}

    assert optional & {"receipt", "withdrawal"} == set()


@pytest.mark.parametrize("way", ["now", "digest", "off"])
def test_an_optional_topic_can_be_had_each_way(way):
    assert rules.why_not_choose("timetable", way) is None


@pytest.mark.parametrize(
    ("topic", "way", "code"),
    [
        ("answers", "off", "notifications.not_optional"),
        ("digest", "off", "notifications.not_optional"),
        ("nonsense", "now", "notifications.not_optional"),
        ("timetable", "never", "notifications.no_such_way"),
        ("deadlines", "digest", "notifications.no_such_way"),
    ],
)
def test_what_must_be_sent_cannot_be_chosen_about(topic, way, code):
    assert rules.why_not_choose(topic, way).code == code


def test_topics_speak_the_readers_language():
    with translation.override("de"):
        assert str(rules.topic_named("timetable").label) == "Neue Zeiten und Schritte"
