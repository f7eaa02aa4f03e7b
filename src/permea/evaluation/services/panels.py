"""Writing panels: how much judging, by whom."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from permea.challenges.models import Challenge
from permea.evaluation import rules
from permea.evaluation.events import PanelistInvited
from permea.evaluation.models import Assignment, Panel, Panelist
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.ledger.services import record_crossing
from permea.people import rules as people_rules
from permea.people.models import Membership, Person
from permea.people.queries import person_by_email, role_in
from permea.people.services import invite


@transaction.atomic
def set_panel(
    *,
    challenge_id: int,
    actor: Person,
    reviews_per_idea: int,
    minutes_per_review: int,
    n_shortlist: int,
    certainty_wanted: int,
    effort_hours: int | None = None,
    mode: str = Panel.Mode.REVIEWS,
    at: datetime,
) -> Panel:
    """Say how much judging a challenge gets, and of which kind.

    With `effort_hours` every idea gets `reviews_per_idea` first; what the hours leave goes where it decides most.
    Raises RefusedError to non-managers and once the challenge is decided.
    """
    challenge = _managed(challenge_id, actor)
    panel, _created = Panel.objects.update_or_create(
        challenge=challenge,
        defaults={
            "reviews_per_idea": reviews_per_idea,
            "minutes_per_review": minutes_per_review,
            "n_shortlist": n_shortlist,
            "certainty_wanted": certainty_wanted,
            "effort_hours": effort_hours,
            "mode": mode,
            "changed_at": at,
        },
    )
    return panel


def _managed(challenge_id: int, actor: Person) -> Challenge:
    """Return the locked challenge. Raises RefusedError if the actor may not manage it or its panel is closed."""
    challenge = Challenge.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=challenge_id)
    demand(people_rules.why_not_manage(role_in(actor, challenge.organisation_id)))
    demand(rules.why_not_change_panel(challenge))
    return challenge


def _panel(challenge: Challenge, at: datetime) -> Panel:
    """Return the challenge's panel, with the usual measures if none was set up."""
    return Panel.objects.get_or_create(challenge=challenge, defaults={"changed_at": at})[0]


@transaction.atomic
def invite_panelist(*, challenge_id: int, email: str, actor: Person, at: datetime) -> Panelist:
    """Ask somebody to judge, by mail; inviting the same address again sends the mail again.

    A member of the organisation gets a seat at once; anybody else gets an invitation as evaluator.
    Raises RefusedError as `rules.why_not_change_panel` says.
    """
    challenge = _managed(challenge_id, actor)
    panel = _panel(challenge, at)
    person = person_by_email(email)
    if person is not None and role_in(person, challenge.organisation_id) is not None:
        return _seat(panel, person, at=at)
    waiting = Panelist.objects.filter(panel=panel, invitation__email__iexact=email.strip(), joined_at__isnull=True)
    seat = waiting.first()
    invitation, token = invite(
        organisation=challenge.organisation,
        email=email,
        role=Membership.Role.EVALUATOR,
        actor=actor,
        at=at,
        is_announced=False,
    )
    if seat is None:
        seat = Panelist(panel=panel, label=rules.next_label(list(panel.panelists.all())), invited_at=at)
    seat.invitation = invitation
    seat.save()
    record_crossing(
        organisation=challenge.organisation,
        kind="panel.invited",
        direction="out",
        depth="invited",
        subject_type="panelist",
        subject_key=seat.key,
        challenge_key=challenge.key,
        actor=actor,
        at=at,
        facts={"label": seat.label},
    )
    publish(PanelistInvited(panelist_id=seat.pk, challenge_id=challenge.pk, token=token, at=at))
    return seat


def _seat(panel: Panel, person: Person, *, at: datetime) -> Panelist:
    """Give a person a seat, or back the one they left."""
    seat = Panelist.objects.filter(panel=panel, person=person).first()
    if seat is None:
        seat = Panelist.objects.create(
            panel=panel,
            person=person,
            label=rules.next_label(list(panel.panelists.all())),
            invited_at=at,
            joined_at=at,
        )
        publish(PanelistInvited(panelist_id=seat.pk, challenge_id=panel.challenge_id, token="", at=at))
    elif seat.left_at is not None:
        seat.left_at, seat.joined_at = None, at
        seat.save(update_fields=["left_at", "joined_at"])
    return seat


@transaction.atomic
def seat_members(*, challenge_id: int, persons: list[Person], actor: Person, at: datetime) -> list[Panelist]:
    """Give members of the organisation seats on the panel. Raises RefusedError to non-managers."""
    challenge = _managed(challenge_id, actor)
    panel = _panel(challenge, at)
    insiders = [person for person in persons if role_in(person, challenge.organisation_id) is not None]
    return [_seat(panel, person, at=at) for person in insiders]


@transaction.atomic
def join_panel(*, invitation_id: int, person_id: int, at: datetime) -> list[Panelist]:
    """Fill the seats that were waiting for an accepted invitation, ."""
    seats = list(
        Panelist.objects.select_for_update(of=("self",))
        .filter(joined_at__isnull=True, invitation_id=invitation_id)
        .select_related("panel")
    )
    joined = []
    for seat in seats:
        if Panelist.objects.filter(panel=seat.panel, person_id=person_id).exists():
            continue
        seat.person_id, seat.joined_at = person_id, at
        seat.save(update_fields=["person", "joined_at"])
        joined.append(seat)
    return joined


@transaction.atomic
def leave_panel(*, panelist_id: int, actor: Person, at: datetime) -> Panelist:
    """Give up a seat, or take somebody's away as manager; reviews handed in stay, open work goes to others.

    Raises RefusedError to anybody but the panelist and managers.
    """
    seat = (
        Panelist.objects.select_for_update(of=("self",))
        .select_related("panel__challenge__organisation")
        .get(pk=panelist_id)
    )
    challenge = seat.panel.challenge
    if seat.person_id != actor.pk:
        demand(people_rules.why_not_manage(role_in(actor, challenge.organisation_id)))
    demand(rules.why_not_change_panel(challenge))
    if seat.joined_at is None:
        seat.delete()
        return seat
    seat.left_at = at
    seat.save(update_fields=["left_at"])
    Assignment.objects.filter(panelist=seat, status=Assignment.Status.OPEN).update(
        status=Assignment.Status.RELEASED, ended_at=at
    )
    return seat


@transaction.atomic
def set_minutes(*, panelist_id: int, actor: Person, minutes_per_week: int, at: datetime) -> Panelist:
    """State how many minutes a week the evaluator has. Raises Panelist.DoesNotExist for somebody else's seat."""
    seat = Panelist.objects.select_for_update(of=("self",)).get(pk=panelist_id, person=actor, left_at__isnull=True)
    seat.minutes_per_week, seat.minutes_stated_at = minutes_per_week, at
    seat.save(update_fields=["minutes_per_week", "minutes_stated_at"])
    return seat
