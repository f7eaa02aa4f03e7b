"""What may stand in an IP table, who may say it, and when it holds."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from permea.agreements import rules
from permea.agreements.models import Agreement, IpEntry, IpVersion
from permea.agreements.rules import Holder, Right, Share, Stated

FIRM, CAMPUS = Holder(), Holder(party=7)
OTHERS = Holder(name="Acme")
ALL = rules.WHOLE
SAID = Stated(title="Seal", shares=(Share(FIRM, ALL),))


def code(refusal):
    return refusal.code if refusal else None


def shared(*parts):
    return tuple(Share(holder, part) for holder, part in zip((FIRM, CAMPUS, OTHERS), parts, strict=False) if part)


@pytest.mark.parametrize(
    ("kind", "said", "by", "refused"),
    [
        ("background", SAID, None, None),
        ("background", SAID, 7, "ip.not_own"),
        ("sideground", replace(SAID, shares=shared(60_000, 0, 40_000)), None, None),
        ("foreground", replace(SAID, shares=shared(33_333, 66_667)), 7, None),
        ("foreground", replace(SAID, shares=shared(0, 0, ALL)), None, "ip.no_side"),
        ("third_party", replace(SAID, shares=shared(0, 0, ALL)), None, None),
        ("third_party", SAID, None, "ip.not_others"),
        ("background", replace(SAID, title=" "), None, "ip.empty"),
        ("background", replace(SAID, shares=shared(33_333, 33_333, 33_333)), None, "ip.shares"),
        ("background", replace(SAID, shares=()), None, "ip.shares"),
        ("background", replace(SAID, shares=(Share(FIRM, ALL), Share(FIRM, 0))), None, "ip.share"),
        ("background", replace(SAID, shares=(Share(FIRM, ALL), Share(CAMPUS, 0))), None, "ip.share"),
    ],
)
def test_shares_are_whole_and_belong_to_whom_the_kind_allows(kind, said, by, refused):
    assert code(rules.why_not_said(kind, said, by=by)) == refused


@settings(max_examples=25)
@given(st.lists(st.integers(1, ALL), min_size=1, max_size=5))
def test_only_shares_that_come_to_exactly_all_of_it_are_taken(parts):
    shares = [Share(Holder(name=f"Owner {place}"), part) for place, part in enumerate(parts)]
    rest = ALL - sum(parts)
    whole = [*shares, Share(FIRM, rest)] if rest > 0 else shares
    assert (rules.why_not_shared(whole) is None) == (sum(share.thousandths for share in whole) == ALL)


def test_a_sum_that_is_off_is_named_to_the_thousandth():
    refusal = rules.why_not_shared(shared(33_333, 33_333, 33_333))
    assert ("99.999" in refusal.reason, rules.per_cent(50_000), rules.per_cent(33_330)) == (True, "50", "33.33")


def test_a_right_ends_after_it_begins():
    days = [(date(2026, 1, 2), date(2026, 1, 2)), (date(2026, 1, 2), date(2026, 1, 3)), (None, date(2026, 1, 1))]
    found = [
        code(rules.why_not_said("background", replace(SAID, rights=(right,)), by=None))
        for right in (Right(holder=CAMPUS, use="own", begins_on=first, ends_on=last) for first, last in days)
    ]
    assert found == ["ip.backwards", None, None]


@pytest.mark.parametrize(
    ("licence", "flags"),
    [
        ("GPL-3.0-only", (True, False)),
        ("LGPL-2.1-or-later", (True, False)),
        ("CERN-OHL-S-2.0", (True, False)),
        ("CC-BY-NC-SA-4.0", (True, True)),
        ("PolyForm-Noncommercial-1.0.0", (False, True)),
        ("CC-BY-NC-4.0", (False, True)),
        ("MIT OR GPL-2.0-only", (False, False)),
        ("Apache-2.0", (False, False)),
        ("BSD-3-Clause", (False, False)),
        ("CC-BY-4.0", (False, False)),
        ("CECILL-B", (False, False)),
        ("  ", (False, False)),
    ],
)
def test_known_licences_say_what_they_forbid(licence, flags):
    assert rules.licence_flags(licence) == flags


def test_the_fingerprint_changes_with_every_word_and_not_with_who_says_it():
    prints = {
        rules.ip_fingerprint("background", SAID),
        rules.ip_fingerprint("sideground", SAID),
        rules.ip_fingerprint("background", replace(SAID, title="Seals")),
        rules.ip_fingerprint("background", SAID, is_withdrawn=True),
        rules.ip_fingerprint("background", replace(SAID, rights=(Right(holder=CAMPUS, use="own"),))),
    }
    assert (len(prints), rules.ip_fingerprint("background", Stated(title="Seal", shares=SAID.shares)) in prints) == (
        5,
        True,
    )


@pytest.mark.parametrize(
    ("status", "may_bind", "n_entries", "refused"),
    [
        ("draft", True, 0, None),
        ("signed", True, 199, None),
        ("signed", True, 200, "ip.too_many"),
        ("dropped", True, 0, "agreements.closed"),
        ("draft", False, 0, "agreements.may_not_bind"),
    ],
)
def test_who_speaks_for_a_side_states_until_the_table_is_full_or_the_agreement_dropped(
    status, may_bind, n_entries, refused
):
    agreement = Agreement(status=status)
    assert code(rules.why_not_state(agreement, may_bind=may_bind, n_entries=n_entries)) == refused


def test_each_side_changes_its_own_and_both_what_was_made_together():
    entries = [IpEntry(kind="background", by_party_id=7), IpEntry(kind="foreground", by_party_id=7)]
    found = [[code(rules.why_not_touch(entry, by=by)) for by in (7, None)] for entry in entries]
    newest = IpVersion(sha256="a")
    assert found == [[None, "ip.not_yours"], [None, None]]
    assert [code(rules.why_not_repeat(newest, sha)) for sha in ("a", "b")] == ["ip.unchanged", None]


@pytest.mark.parametrize(
    ("status", "fields", "told", "refused"),
    [
        ("signed", {}, {}, None),
        ("signed", {}, {"may_bind": False}, "agreements.may_not_bind"),
        ("dropped", {}, {}, "agreements.closed"),
        ("signed", {"pk": 4}, {}, "ip.old_version"),
        ("signed", {"in_force_at": date(2026, 1, 1)}, {}, "ip.in_force"),
        ("signed", {}, {"accepted": {None}}, "ip.accepted"),
    ],
)
def test_the_newest_version_is_accepted_once_by_who_speaks_for_a_side(status, fields, told, refused):
    entry = IpEntry(kind="foreground", agreement=Agreement(status=status), newest_id=5)
    version = IpVersion(**{"pk": 5, **fields})
    said = {"by": None, "accepted": {7}, "may_bind": True, **told}
    assert code(rules.why_not_accept(entry, version, **said)) == refused


@pytest.mark.parametrize(
    ("owners", "before", "accepted", "holds"),
    [
        ({None, 7}, None, {None}, False),
        ({None, 7}, None, {None, 7}, True),
        ({None}, None, {None}, False),
        ({None}, None, {None, 7}, True),
        ({None}, {None, 8}, {None, 7}, False),
        ({None}, {None, 8}, {None, 7, 8}, True),
    ],
)
def test_what_was_made_together_holds_once_new_and_old_owners_and_another_side_said_yes(
    owners, before, accepted, holds
):
    told = {"by": None, "owners": owners, "owned_before": before, "accepted": accepted}
    assert rules.is_in_force("foreground", is_withdrawn=False, **told) is holds
    assert rules.is_in_force("background", is_withdrawn=False, **told)
    assert rules.is_in_force("foreground", is_withdrawn=True, **told) is (holds or before is None)
