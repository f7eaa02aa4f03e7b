"""What the entry form offers and reads."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from permea.ideas.forms import EntryForm, country_choices, country_name, language_choices


def test_countries_are_named_and_ordered_as_the_reader_knows_them():
    with translation.override("de"):
        german = dict(country_choices())
    english = dict(country_choices())

    assert (german["AT"], english["AT"], german[""], "EU" in english, "XK" in english, "001" in english) == (
        "Österreich",
        "Austria",
        "–",
        False,
        True,
        False,
    )
    assert [country_name(code) for code in ("AT", "")] == ["Austria", ""]


def test_languages_are_named_by_themselves():
    assert language_choices(["de", "en", "pt-BR", "qx-made-up"]) == [
        ("de", "Deutsch"),
        ("en", "English"),
        ("pt-BR", "Português (Brasil)"),
        ("qx-made-up", "qx-made-up"),
    ]


@pytest.mark.parametrize(
    ("sent", "expected"),
    [("2026-03-02T09:00:00+00:00", datetime(2026, 3, 2, 9, tzinfo=UTC)), ("yesterday", None), ("", None)],
)
def test_the_time_a_page_last_saw_is_read_or_unknown(sent, expected):
    assert EntryForm({"seen": sent}, languages=["en"]).seen_at() == expected


def test_only_fields_that_were_sent_and_fit_are_usable():
    form = EntryForm({"title": "T", "asked_money": "x", "country": "DE", "source": ""}, languages=["en"])

    assert (form.usable_fields(), sorted(form.errors)) == ({"title": "T", "country": "DE"}, ["asked_money"])
