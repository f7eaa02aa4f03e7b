"""Reading one transfer: on which side somebody stands, what its agreement lets happen, and what its page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from permea.agreements.models import Agreement, AgreementParty
from permea.agreements.queries import items_of, partners_of
from permea.foundation.clock import SENT_TWICE
from permea.foundation.refusals import Refusal
from permea.people.models import Membership, Organisation, Person
from permea.people.queries import managers_of, members_of, role_in
from permea.people.rules import MANAGING
from permea.projects import rules
from permea.projects.models import (
    AcceptanceCriterion,
    PackageItem,
    ReadinessPoint,
    TrainingSession,
    Transfer,
    TransferStep,
)

READING = frozenset({*MANAGING, Membership.Role.MEMBER.value})
State = Transfer.State


@dataclass(frozen=True, slots=True)
class Terms:
    """Who is bound by the agreement of a transfer, and why nothing can be handed over under it now, if so."""

    parties: tuple[rules.Party, ...]
    covered: Refusal | None


@dataclass(frozen=True, slots=True)
class TransferPage:
    """A transfer as somebody of one of its sides sees it: all its parts, and what they may do.

    Where `can` says yes to a form it is shown; `blocked` gives the reason on a button that is shown all the same.
    What the receiving side plans to spend, and who answers for what there, is shown to that side alone.
    """

    transfer: Transfer
    side: rules.Side
    terms: Terms
    items: list[PackageItem]
    sessions: list[TrainingSession]
    criteria: list[AcceptanceCriterion]
    points: list[ReadinessPoint]
    steps: list[TransferStep]
    readiness: rules.Readiness
    course: rules.Course
    can: dict[str, bool]
    blocked: dict[str, Refusal | None]

    @property
    def reason(self) -> str:
        """Return why the firm dropped it, nothing if it did not."""
        return next((one.note for one in self.steps if one.what == State.DROPPED), "")

    @property
    def gives(self) -> bool:
        """Say whether the reader's side hands over."""
        return rules.gives(self.transfer, self.side)


def whole() -> QuerySet[Transfer]:
    """Return transfers with their two sides and their agreement."""
    return Transfer.objects.select_related("organisation", "partner", "agreement", "verdict_by")


def terms_of(transfer: Transfer, at: datetime) -> Terms:
    """Return what the agreement of a transfer lets happen now."""
    agreement = transfer.agreement
    if agreement is None:
        return Terms((), rules.why_not_covered(transfer, None, (), (), at))
    parties, subjects = _parties_of(agreement, transfer), frozenset[str]()
    if not agreement.is_about_everything:
        subjects = frozenset(agreement.subjects.values_list("subject_key", flat=True))
    return Terms(parties, rules.why_not_covered(transfer, agreement, subjects, parties, at))


def _parties_of(agreement: Agreement, transfer: Transfer) -> tuple[rules.Party, ...]:
    """Return who is on the other side of an agreement, and which of them belong to the partner."""
    seats = Membership.objects.filter(person=OuterRef("person"), organisation=transfer.partner_id, ended_at=None)
    rows = AgreementParty.objects.filter(agreement=agreement).annotate(is_of_partner=Exists(seats))
    found = rows.order_by("pk").values_list("organisation_id", "person_id", "is_of_partner")
    return tuple(rules.Party(*row) for row in found)


def side_of(actor: Person, transfer: Transfer, terms: Terms) -> rules.Side | None:
    """Return on which side somebody stands, or None if it is none of their business.

    The partner's people see it once it was shown to them, while the agreement that binds them covers it.
    """
    role = role_in(actor, transfer.organisation_id)
    if role is not None:
        return rules.Side(is_firm=True, may_bind=role in MANAGING) if role in READING else None
    if transfer.shown_at is None or terms.covered is not None or not rules.is_open_to(actor, transfer, terms.parties):
        return None
    seats = Membership.objects.filter(person=actor, organisation=transfer.partner_id, ended_at__isnull=True)
    seat = seats.values_list("role", flat=True).first()
    return None if seat is None else rules.Side(is_firm=False, may_bind=seat in MANAGING)


def transfer_for(actor: Person, key: str, at: datetime) -> tuple[Transfer, rules.Side, Terms]:
    """Return a transfer with the actor's side and its terms. Raises Http404 if they stand on none."""
    transfer = get_object_or_404(whole(), key=key)
    terms = terms_of(transfer, at)
    side = side_of(actor, transfer, terms)
    if side is None:
        raise Http404
    return transfer, side, terms


def transfer_page(actor: Person, key: str, at: datetime) -> TransferPage:
    """Return a transfer with all its parts. Raises Http404 if it is none of the actor's business."""
    transfer, side, terms = transfer_for(actor, key, at)
    items = list(transfer.items.select_related("said_by").order_by("number", "pk"))
    criteria = list(transfer.criteria.order_by("number", "pk"))
    points = list(transfer.points.order_by("number", "pk"))
    steps = list(transfer.steps.select_related("by").order_by("pk"))
    return TransferPage(
        transfer=transfer,
        side=side,
        terms=terms,
        items=items,
        sessions=list(transfer.sessions.order_by("on", "pk")),
        criteria=criteria,
        points=points,
        steps=steps,
        readiness=rules.readiness_of(points),
        course=rules.course_of(steps),
        can=_can(transfer, side),
        blocked=_blocked(transfer, side, terms, items, at),
    )


def _can(transfer: Transfer, side: rules.Side) -> dict[str, bool]:
    """Return which forms somebody of this side is shown."""
    gives = rules.gives(transfer, side)
    is_open, is_preparing = transfer.state not in rules.OVER, transfer.state in rules.PREPARING
    return {
        "edit": side.is_firm and side.may_bind and is_open,
        "level": rules.why_not_state_level(transfer, side) is None,
        "add": is_preparing,
        "say": gives and is_preparing,
        "plan": gives and is_open,
        "hold": not gives and is_open,
        "criterion": not gives and is_preparing,
        "measure": not gives and transfer.state == State.TESTING,
        "promise": gives and is_open,
        "ready": not gives and is_open,
        "drop": rules.why_not_drop(transfer, side, "-") is None,
    }


def _blocked(
    transfer: Transfer, side: rules.Side, terms: Terms, items: list[PackageItem], at: datetime
) -> dict[str, Refusal | None]:
    """Return why each button does nothing now, None where it does something."""
    asked: dict[str, Any] = {"covered": terms.covered, "items": items, "today": at.date()}
    moves = (State.HANDING, State.TESTING, State.SUPPORT, State.DONE)
    return {
        "show": rules.why_not_show(transfer, side, terms.covered),
        "judge": rules.why_not_bind(side) or terms.covered,
        **{to.value: rules.why_not_move(transfer, to, side, **asked) for to in moves},
    }


def dropped_just_now(transfer: Transfer, reason: str, actor: Person, at: datetime) -> bool:
    """Say whether the same person dropped a transfer for the same reason just now."""
    same = TransferStep.objects.filter(
        transfer=transfer, what=State.DROPPED, note=reason, by=actor, at__gt=at - SENT_TWICE
    )  # fmt: skip
    return same.exists()


def agreements_with(transfer: Transfer) -> list[Agreement]:
    """Return the agreements of the firm that the partner, or somebody of it, is a party to; the newest first."""
    people = Membership.objects.filter(organisation=transfer.partner_id, ended_at__isnull=True).values("person")
    parties = AgreementParty.objects.filter(
        Q(organisation=transfer.partner_id) | Q(person__in=people), agreement=OuterRef("pk")
    )
    found = Agreement.objects.filter(Exists(parties), organisation=transfer.organisation_id)
    return list(found.exclude(status=Agreement.Status.DROPPED).order_by("-created_at", "-pk"))


def candidates(organisation: Organisation) -> list[Organisation]:
    """Return the organisations a firm can hand something over to: those it knows that are not firms of this hub."""
    return list(partners_of(organisation).filter(is_host=False))


def items_to_name(organisation: Organisation) -> list[tuple[str, str]]:
    """Return the items of what the firm shows that a transfer can be about, as pairs of key and title."""
    return items_of(organisation)


def people_of(transfer: Transfer, *, is_firm: bool, at: datetime) -> list[Person]:
    """Return who hears of a transfer on a side: those who manage the firm, those of the partner who see it now."""
    if is_firm:
        return managers_of(transfer.organisation)
    terms = terms_of(transfer, at)
    if terms.covered is not None:
        return []
    people = [seat.person for seat in members_of(transfer.partner)]
    return [person for person in people if rules.is_open_to(person, transfer, terms.parties)]


def to_remind(at: datetime) -> list[int]:
    """Return the ids of transfers in support whose sides are to be reminded that it ends."""
    rows = Transfer.objects.filter(state=State.SUPPORT, remind_on__lte=at.date())
    return list(rows.order_by("remind_on", "pk").values_list("pk", flat=True))
