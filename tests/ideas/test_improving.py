"""A step for improving: what was handed in may be revised by its authors while it lasts, and nothing else."""

from datetime import timedelta

import pytest

from permea.challenges.models import Challenge
from permea.foundation.refusals import RefusedError
from permea.ideas import queries, rules, services
from permea.ideas.models import Idea
from tests.cast import AT

DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
TALK, MEND = (
    {"name": name, "days": 7, "circle": "contributors", "options": {}} for name in ("discuss", "improve")
)  # fmt: skip
CLOSES = AT


def idea(status="submitted", steps=(TALK, MEND), challenge_status="published") -> Idea:
    challenge = Challenge(
        status=challenge_status, opens_at=CLOSES - 28 * DAY, closes_at=CLOSES, decide_by=CLOSES + 28 * DAY,
        answer_by=CLOSES + 35 * DAY, steps=list(steps),
    )  # fmt: skip
    return Idea(challenge=challenge, status=status)


@pytest.mark.parametrize(
    ("at", "code", "until"),
    [
        (CLOSES - TICK, None, CLOSES),
        (CLOSES, "ideas.not_improving_yet", None),
        (CLOSES + 7 * DAY - TICK, "ideas.not_improving_yet", None),
        (CLOSES + 7 * DAY, None, CLOSES + 14 * DAY),
        (CLOSES + 14 * DAY - TICK, None, CLOSES + 14 * DAY),
        (CLOSES + 14 * DAY, "ideas.too_late", None),
    ],
)
def test_a_handed_in_entry_may_be_changed_until_the_deadline_and_while_it_is_improved(at, code, until):
    refusal = rules.why_not_change(idea(), is_contributor=True, at=at)

    assert (refusal and refusal.code, rules.changeable_until(idea(), at=at)) == (code, until)


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (idea("draft"), "ideas.only_improving"),
        (idea("withdrawn"), "ideas.only_improving"),
        (idea("merged"), "ideas.only_improving"),
        (idea(steps=()), "ideas.too_late"),
        (idea(challenge_status="decided"), "ideas.too_late"),
    ],
)
def test_nothing_else_can_be_changed_while_entries_are_improved(entry, code):
    at = CLOSES + 8 * DAY
    refusals = [
        rules.why_not_change(entry, is_contributor=True, at=at),
        rules.why_not_attach(entry, is_contributor=True, n_files=0, at=at),
    ]

    assert [refusal.code for refusal in refusals] == [code, code]
    assert rules.why_not_withdraw(idea(), is_contributor=True, at=at).code == "ideas.too_late"


def test_an_improved_entry_is_a_new_version_with_a_receipt_and_counts_once(make_idea, make_challenge, solver, owner):
    entry = make_idea(challenge=make_challenge(closed=True, steps=[MEND]), author=solver)
    Challenge.objects.filter(pk=entry.challenge.pk).update(steps=[{**MEND, "circle": "everyone"}])
    services.save_draft(idea_id=entry.pk, actor=solver, at=AT, body="Better now.")
    saved = queries.editor(solver, queries.my_idea(solver, entry.key), AT)
    services.submit_idea(idea_id=entry.pk, actor=solver, at=AT)
    entry = Idea.objects.select_related("challenge").get(pk=entry.pk)
    latest = entry.versions.order_by("-number").first()

    assert (saved.is_improving, saved.has_changes) == (True, True)
    assert (entry.body, latest.number, bool(latest.receipt_key), entry.challenge.n_entries) == (
        "Better now.", 2, True, 1,
    )  # fmt: skip
    assert entry.shown_to == "contributors"
    with pytest.raises(RefusedError) as refused:
        services.withdraw_idea(idea_id=entry.pk, actor=solver, at=AT)
    assert refused.value.refusal.code == "ideas.too_late"


def test_pages_say_until_when_an_entry_can_be_improved(make_idea, make_challenge, solver, client_of, clock):
    entry = make_idea(challenge=make_challenge(closed=True, steps=[MEND]), author=solver)
    client = client_of(solver)
    addresses = ("/my/", f"/my/ideas/{entry.key}/edit/", f"/ideas/{entry.key}/")
    pages = [client.get(address).text for address in addresses]

    assert ["Improve it by" in page for page in pages] == [True, True, True]
