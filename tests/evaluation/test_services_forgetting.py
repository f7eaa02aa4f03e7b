"""A judge who leaves or is erased: seats and notes go, judgements stay."""

from __future__ import annotations

import pytest

from permea.evaluation import services
from permea.evaluation.models import Assignment, Conflict, Panelist, Review, ReviewDraft
from permea.people import queries
from permea.people import services as people

pytestmark = [pytest.mark.django_db, pytest.mark.services]


@pytest.fixture
def seat(make_challenge, make_idea, owner, evaluator, at):
    """Return Emil's seat with one review handed in, one begun and one open."""
    challenge = make_challenge(closed=True)
    ideas = [make_idea(challenge=challenge) for _number in range(3)]
    seat = services.invite_panelist(challenge_id=challenge.pk, email=evaluator.email, actor=owner, at=at)
    seat.imported_name = "Emil from the old spreadsheet"
    seat.save()
    services.deal_out(challenge_id=challenge.pk, actor=owner, at=at)
    done, begun, _open = seat.assignments.order_by("position")
    done.status, done.ended_at = Assignment.Status.DONE, at
    done.save()
    Review.objects.create(
        challenge=challenge,
        idea=done.idea,
        panelist=seat,
        reason="Gentle on the fruit.",
        private_note="I know a cheaper gripper.",
        submitted_at=at,
    )
    ReviewDraft.objects.create(assignment=begun, content={"reason": "Half a thought"}, saved_at=at)
    assert len(ideas) == 3
    return seat


def states(seat: Panelist) -> list[str]:
    return list(seat.assignments.order_by("position").values_list("status", flat=True))


def test_who_leaves_the_firm_leaves_its_panels(seat, organisation, owner, evaluator, at):
    membership = queries.members_of(organisation).get(person=evaluator)
    people.end_membership(membership_id=membership.pk, actor=owner, at=at)
    seat.refresh_from_db()
    assert (seat.left_at, states(seat)) == (at, ["done", "released", "released"])
    assert Review.objects.get().private_note == "I know a cheaper gripper."


def test_leaving_another_firm_changes_nothing_here(seat, other_organisation, evaluator, at):
    services.give_up_seats(person_id=evaluator.pk, organisation_id=other_organisation.pk, at=at)
    seat.refresh_from_db()
    assert (seat.left_at, states(seat)) == (None, ["done", "open", "open"])


def test_an_erased_judges_notes_go_and_the_judgement_stays(seat, owner, evaluator, at):
    begun = seat.assignments.get(draft__isnull=False)
    Conflict.objects.create(
        panelist=seat,
        idea=begun.idea,
        status="declared",
        reason="Emil's brother-in-law.",
        stated_by=owner,
        stated_at=at,
    )
    people.erase_person(person=evaluator, actor=evaluator, at=at)
    seat.refresh_from_db()
    review = Review.objects.get()
    assert (seat.left_at, seat.imported_name, states(seat)) == (at, "", ["done", "released", "released"])
    assert (review.reason, review.private_note, ReviewDraft.objects.count()) == ("Gentle on the fruit.", "", 0)
    assert Conflict.objects.get().reason == ""
