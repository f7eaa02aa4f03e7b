"""How deep somebody stands, what is told, and what may not be done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from permea.agreements.models import Agreement
from permea.disclosures import rules
from permea.disclosures.models import Item, Share
from tests.cast import AT

HOUR = timedelta(hours=1)
NDA = Agreement(title="Talks")


def shared(depth="room", purpose="evaluate", item_id=1, **fields):
    return Share(**{"item_id": item_id, "depth": depth, "purpose": purpose, "opened_at": AT, **fields})


def standing(*shares, covered=(), is_published=False, is_member=False, is_public=False):
    item = Item(pk=1, key="seal", published_at=AT if is_published else None)
    found = rules.standing_of(
        item,
        shares,
        lambda key, purpose: NDA if key == "seal" and purpose in covered else None,
        is_member=is_member,
        is_public=is_public,
        at=AT + HOUR,
    )
    return found.depth, found.agreement, found.is_agreement_needed


@pytest.mark.parametrize(
    ("shares", "told", "expected"),
    [
        ((), {}, ("", None, False)),
        ((), {"is_published": True}, ("", None, False)),
        ((), {"is_public": True}, ("", None, False)),
        ((), {"is_published": True, "is_public": True}, ("public", None, False)),
        ((), {"is_member": True}, ("inside", None, False)),
        ((shared("invited"),), {}, ("invited", None, False)),
        ((shared("invited"),), {"covered": ["evaluate"]}, ("invited", NDA, False)),
        ((shared(),), {}, ("invited", None, True)),
        ((shared(),), {"covered": ["supply"]}, ("invited", None, True)),
        ((shared(),), {"covered": ["evaluate"]}, ("room", NDA, False)),
        ((shared(item_id=2),), {"covered": ["evaluate"]}, ("", None, False)),
        ((shared(opened_at=AT + 2 * HOUR),), {"covered": ["evaluate"]}, ("", None, False)),
        ((shared(closes_at=AT + HOUR),), {"covered": ["evaluate"]}, ("", None, False)),
        ((shared(closed_at=AT + HOUR),), {"covered": ["evaluate"]}, ("", None, False)),
        ((shared(), shared(purpose="supply")), {"covered": ["supply"]}, ("room", NDA, False)),
        ((shared("invited"), shared("invited", "supply")), {"covered": ["supply"]}, ("invited", NDA, False)),
        ((shared("invited", "supply"), shared("invited")), {"covered": ["supply"]}, ("invited", NDA, False)),
    ],
)
def test_the_deepest_share_counts_and_the_room_opens_under_an_agreement_only(shares, told, expected):
    assert standing(*shares, **told) == expected


def test_what_gives_nothing_away_is_what_those_outside_the_room_read():
    item = Item(title="Cold seal", teaser="A better seal")
    assert [rules.title_at(item, depth) for depth in ("public", "invited", "room", "inside")] == [
        *["A better seal"] * 2,
        *["Cold seal"] * 2,
    ]
    assert [rules.deepest(depths) for depths in ([], ["room", "public"], ["invited"])] == ["public", "room", "invited"]


@pytest.mark.parametrize(("told_at", "again"), [(None, True), (AT, False), (AT - HOUR, True)])
def test_a_page_is_told_again_after_an_hour(told_at, again):
    assert rules.is_told_again(told_at, AT) is again


def test_what_is_at_stake_is_how_sensitive_times_how_many():
    assert rules.points_at_stake(4, 3) == 12


def code(refusal):
    return refusal.code if refusal else None


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, None),
        ({"label": " "}, "disclosures.part_empty"),
        ({"text": " "}, "disclosures.part_empty"),
        ({"text": "", "has_file": True}, None),
        ({"n_parts": rules.MOST_PARTS + 1}, "disclosures.too_many_parts"),
    ],
)
def test_a_part_has_a_name_and_says_something(told, expected):
    assert (
        code(rules.why_not_keep_part(**{"label": "a", "text": "b", "has_file": False, "n_parts": 1, **told}))
        == expected
    )


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, None),
        ({"closes_at": AT + HOUR}, None),
        ({"has_reader": False}, "disclosures.no_reader"),
        ({"is_ours": True}, "disclosures.own_member"),
        ({"closes_at": AT}, "disclosures.ends_before"),
    ],
)
def test_a_share_is_for_somebody_outside_and_ends_later(told, expected):
    ours = {"has_reader": True, "is_ours": False, "closes_at": None, "at": AT, **told}
    assert code(rules.why_not_share(**ours)) == expected


def test_an_item_is_published_once_and_with_something_to_show():
    inside, shown = Item(), Item(published_at=AT)
    assert code(rules.why_not_publish(inside, n_public=1)) is None
    assert code(rules.why_not_publish(inside, n_public=0)) == "disclosures.nothing_public"
    assert code(rules.why_not_publish(shown, n_public=1)) == "disclosures.published"
    assert [code(rules.why_not_unpublish(item)) for item in (inside, shown)] == ["disclosures.not_published", None]


def test_the_fingerprint_of_a_field_changes_with_its_name_and_its_text():
    assert len({rules.fingerprint(*each) for each in (("a", "b"), ("a", "c"), ("c", "b"), ("a", "b"))}) == 3
