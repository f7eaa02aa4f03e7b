"""The hint on the prize step: what it reckons, with what, and that it keeps nothing."""

from decimal import Decimal

import pytest
from django.urls import reverse

from permea.challenges import rules
from permea.challenges.forms import HintForm
from permea.surface.testing import assert_page_ok


@pytest.fixture
def browser(client_of, owner, clock):
    """Return Olga's browser."""
    return client_of(owner)


def hint(**changed):
    assumed = {"effort_hours": 20, "hour_worth": 60, "entries": 10, "one_in": 10}
    return rules.prize_hint(**{"prize": Decimal(6000), "n_winners": 1, **assumed, **changed})


def test_the_prize_is_set_against_the_work_of_all_entrants():
    found = hint()
    assert (found.hours_paid, found.prize_in_line) == (10.0, pytest.approx(12_000))


def test_several_winners_share_what_the_work_is_worth():
    found = hint(n_winners=2)
    assert (found.hours_paid, found.prize_in_line) == (20.0, pytest.approx(6_000))


@pytest.mark.parametrize("prize", [None, Decimal(0)])
def test_without_a_prize_in_money_only_the_prize_in_line_is_told(prize):
    found = hint(prize=prize)
    assert (found.hours_paid, found.prize_in_line) == (None, pytest.approx(12_000))


def test_more_winners_and_rarer_good_entries_take_more_entries():
    few, more, rarer = hint(), hint(n_winners=2), hint(one_in=20)
    assert few.entries_low <= few.entries <= few.entries_high
    assert (more.entries > few.entries, rarer.entries > few.entries) == (True, True)


def test_the_page_shows_the_hint_folded_with_the_source_of_each_rule(browser, make_challenge):
    draft = make_challenge(status="draft", prize_amount=Decimal(6000), n_winners=1)
    page = assert_page_ok(browser.get(reverse("challenges:edit", args=[draft.key, "prize"])))
    sources = [link.attributes["href"] for link in page.all("a") if "doi.org" in link.attributes.get("href", "")]
    folded = [one for one in page.all("details") if one.attributes.get("id") == "hint"]
    assert (len(sources), len(folded), "open" in folded[0].attributes) == (4, 1, False)
    assert "pays each of 10 entrants 10" in page.text


def test_other_assumptions_change_the_hint_and_are_not_kept(browser, make_challenge):
    draft = make_challenge(status="draft", prize_amount=Decimal(6000), n_winners=1)
    asked = {"effort_hours": 5, "hour_worth": 100, "entries": 30, "one_in": 4}
    page = assert_page_ok(browser.get(reverse("challenges:edit", args=[draft.key, "prize"]), asked))
    again = assert_page_ok(browser.get(reverse("challenges:edit", args=[draft.key, "prize"])))
    folded = next(one for one in page.all("details") if one.attributes.get("id") == "hint")
    assert ("open" in folded.attributes, "pays each of 30 entrants 2" in page.text) == (True, True)
    assert "pays each of 10 entrants 10" in again.text


def test_what_cannot_be_reckoned_with_is_said_and_the_usual_taken(browser, make_challenge):
    draft = make_challenge(status="draft", prize_amount=Decimal(6000), n_winners=1)
    asked = {"effort_hours": 0, "hour_worth": "much", "entries": 30, "one_in": 4}
    page = assert_page_ok(browser.get(reverse("challenges:edit", args=[draft.key, "prize"]), asked))
    assert HintForm(asked).values() == {"effort_hours": 20, "hour_worth": 60, "entries": 10, "one_in": 10}
    assert (sorted(HintForm(asked).errors), "pays each of 10 entrants 10" in page.text) == (
        ["effort_hours", "hour_worth"], True,
    )  # fmt: skip


def test_a_prize_that_is_not_money_and_several_winners_read_well(browser, make_challenge):
    draft = make_challenge(status="draft", prize_amount=None, prize_note="A pilot", n_winners=2)
    page = assert_page_ok(browser.get(reverse("challenges:edit", args=[draft.key, "prize"])))
    assert ("pays each of" in page.text, "of 2 good entries" in page.text) == (False, True)
