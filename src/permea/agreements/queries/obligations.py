"""Reading obligations: those of an agreement, those somebody sees, what the clock looks at, people's calendars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from permea.agreements import rules
from permea.agreements.models import (
    Agreement,
    AgreementParty,
    AgreementVersion,
    CalendarLink,
    Obligation,
    ObligationStep,
    Publication,
)
from permea.agreements.queries.agreements import READING, Standing, agreement_for, party_name, people_of
from permea.agreements.queries.coverage import living
from permea.agreements.queries.library import library
from permea.agreements.queries.publications import asks_for_publications
from permea.foundation.clock import SENT_TWICE
from permea.foundation.refusals import Refusal
from permea.people.models import Organisation, Person
from permea.people.queries import ErasureLines, hash_of, managers_of, organisation_ids_of, roles_of
from permea.people.rules import MANAGING
from permea.surface.registry import TodayItem

WHENS = ("next", "overdue", "open", "settled")
SIDES = tuple(Obligation.Side.values)
LATEST_ZONE = timedelta(hours=14)
MOST_IN_CALENDAR = 500
NEAREST = 3
RELATED = ("agreement__organisation", "version")
PARTIES = ("agreement__parties__organisation", "agreement__parties__person")


@dataclass(frozen=True, slots=True)
class ObligationRow:
    """An obligation in a list: what it is called, with whom, the clause it follows from, whether its day is over."""

    obligation: Obligation
    label: str
    partners: list[str]
    clause: str
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class ObligationPage:
    """An obligation as one side sees it, what happened with it, and what they may say."""

    row: ObligationRow
    standing: Standing
    steps: list[ObligationStep]
    publication: Publication | None
    say_done_blocked: Refusal | None
    confirm_blocked: Refusal | None
    deny_blocked: Refusal | None
    waive_blocked: Refusal | None


@dataclass(frozen=True, slots=True)
class ObligationsPart:
    """What the page of an agreement shows of its obligations."""

    n_open: int
    n_overdue: int
    nearest: list[ObligationRow]
    has_publications: bool


def _rows() -> QuerySet[Obligation]:
    """Return obligations with what their rows show, the nearest first, those without a day last."""
    rows = Obligation.objects.select_related(*RELATED).prefetch_related(*PARTIES)
    return rows.order_by(F("due_on").asc(nulls_last=True), "pk")


def obligation_row(obligation: Obligation, at: datetime) -> ObligationRow:
    """Return what a list shows of an obligation, in the language of now."""
    agreement, due = obligation.agreement, obligation.due_on
    zone = rules.zone_named(obligation.time_zone)
    is_open = obligation.state in {Obligation.State.OPEN, Obligation.State.MISSED}
    return ObligationRow(
        obligation=obligation,
        label=obligation_label(obligation),
        partners=[party_name(one) for one in agreement.parties.all()],
        clause=clause_title(obligation),
        is_overdue=is_open and due is not None and rules.is_over(due, zone, at),
    )


def obligation_label(obligation: Obligation) -> str:
    """Return what an obligation is called: by its title, by its kind, by both where it is about a publication."""
    kind = str(obligation.get_kind_display())
    if obligation.kind in {Obligation.Kind.REVIEW, Obligation.Kind.HOLD}:
        return _("%(what)s: %(title)s") % {"what": kind, "title": obligation.title}
    return obligation.title or kind


def clause_title(obligation: Obligation) -> str:
    """Return what the clause is called that an obligation follows from, nothing for one added by hand."""
    clause = library(obligation.agreement.language).texts.get(obligation.clause)
    return clause["title"] if clause else ""


def obligations_visible_to(actor: Person) -> QuerySet[Obligation]:
    """Return the obligations of the agreements of firms the actor reads for, and of those they are a party to."""
    read_for = [pk for pk, role in roles_of(actor).items() if role in READING]
    return _rows().filter(Q(agreement__organisation__in=read_for) | _is_party(actor))


def _is_party(actor: Person) -> Q:
    """Return the condition that the actor, or whom they belong to, is a party to the agreement of an obligation."""
    theirs = Q(person=actor) | Q(organisation__in=organisation_ids_of(actor))
    return Q(Exists(AgreementParty.objects.filter(theirs, agreement=OuterRef("agreement"))))


def own_obligations(actor: Person, at: datetime) -> list[ObligationRow]:
    """Return what is unsettled in the agreements the actor is a party to, the nearest first."""
    rows = _rows().filter(_is_party(actor), state__in=rules.UNSETTLED)
    return [obligation_row(one, at) for one in rows]


def deadlines_of(organisation: Organisation, *, when: str, side: str, text: str, at: datetime) -> QuerySet[Obligation]:
    """Return the obligations of a firm's agreements at this time and of this side that have this text somewhere.

    `next` is what is due within 90 days or overdue, and the usual.
    """
    rows = _rows().filter(agreement__organisation=organisation).filter(_at_time(when, at.date()))
    if side:
        rows = rows.filter(side=side)
    words = text.strip()
    if words:
        named = AgreementParty.objects.filter(
            Q(organisation__name__icontains=words) | Q(person__name__icontains=words), agreement=OuterRef("agreement")
        )
        rows = rows.filter(Q(title__icontains=words) | Q(agreement__title__icontains=words) | Exists(named))
    return rows.order_by(F("due_on").desc(nulls_last=True), "-pk") if when == "settled" else rows


def _at_time(when: str, today: date) -> Q:
    """Return the condition that an obligation belongs to one of the times a list can be asked for."""
    unsettled = Q(state__in=rules.UNSETTLED)
    if when == "settled":
        return ~unsettled
    if when == "open":
        return unsettled
    if when == "overdue":
        return Q(state__in=[Obligation.State.OPEN, Obligation.State.MISSED], due_on__lt=today)
    return unsettled & Q(due_on__lte=today + rules.SHOWN_AHEAD)


def obligations_of(agreement: Agreement, at: datetime) -> list[ObligationRow]:
    """Return all obligations of an agreement: unsettled ones by day, then those that are settled."""
    found = [obligation_row(one, at) for one in _rows().filter(agreement=agreement)]
    return sorted(found, key=lambda row: row.obligation.state not in rules.UNSETTLED)


def obligations_part(agreement: Agreement, at: datetime) -> ObligationsPart:
    """Return what the page of an agreement shows: how many are unsettled and overdue, and the nearest."""
    unsettled = _rows().filter(agreement=agreement, state__in=rules.UNSETTLED)
    found = [obligation_row(one, at) for one in unsettled]
    dated = [row for row in found if row.obligation.due_on is not None]
    return ObligationsPart(
        len(found), sum(row.is_overdue for row in found), dated[:NEAREST], asks_for_publications(agreement)
    )


def added_just_now(made: Obligation, actor: Person, at: datetime) -> Obligation | None:
    """Return the obligation that says the same and was added by the same person just now, or None."""
    names = ("agreement", "kind", "title", "side", "anchor", "base_on", "offset_months", "offset_days", "every_months")
    same = {name: getattr(made, name) for name in (*names, "number")}
    rows = Obligation.objects.filter(clause="", created_by=actor, created_at__gt=at - SENT_TWICE, **same)
    return rows.order_by("-pk").first()


def obligation_for(actor: Person, agreement_key: str, key: str) -> tuple[Obligation, Standing]:
    """Return an obligation and where the actor stands. Raises Http404 if it is none of their business."""
    agreement, standing = agreement_for(actor, agreement_key)
    return get_object_or_404(_rows(), agreement=agreement, key=key), standing


def obligation_page(actor: Person, agreement_key: str, key: str, at: datetime) -> ObligationPage:
    """Return an obligation as the actor sees it. Raises Http404 if it is none of their business."""
    obligation, standing = obligation_for(actor, agreement_key, key)
    is_firm, may_bind = standing.is_firm, standing.may_bind
    asked: dict[str, Any] = {"is_firm": is_firm, "may_bind": may_bind, "note": "-"}
    return ObligationPage(
        row=obligation_row(obligation, at),
        standing=standing,
        steps=list(obligation.steps.select_related("by").order_by("pk")),
        publication=Publication.objects.filter(review=obligation).first(),
        say_done_blocked=rules.why_not_say_done(obligation, is_firm=is_firm),
        confirm_blocked=rules.why_not_confirm(obligation, is_firm=is_firm, may_bind=may_bind),
        deny_blocked=rules.why_not_deny(obligation, **asked),
        waive_blocked=rules.why_not_waive(obligation, **asked),
    )


def obligations_to_watch(at: datetime) -> list[int]:
    """Return the ids of obligations that are to be reminded of, or open and over, somewhere on earth."""
    latest = (at + LATEST_ZONE).date()
    is_over = Q(state=Obligation.State.OPEN, due_on__lt=latest)
    rows = Obligation.objects.filter(Q(remind_on__lte=latest) | is_over)
    return list(rows.order_by("due_on", "pk").values_list("pk", flat=True))


def agreements_without_obligations(at: datetime) -> list[int]:
    """Return the ids of written agreements that live and have no obligations yet."""
    rows = Agreement.objects.filter(
        Exists(AgreementVersion.objects.filter(agreement=OuterRef("pk"))),
        ~Exists(Obligation.objects.filter(agreement=OuterRef("pk"))),
        living(at),
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))


def waiting_deadline() -> Subquery:
    """Return the expression that finds what falls due or was missed first in the firms its person manages."""
    unsettled = [Obligation.State.OPEN, Obligation.State.MISSED]
    owed = Q(side__in=[Obligation.Side.FIRM, Obligation.Side.BOTH], state__in=unsettled)
    return _first_managed(owed | Q(side=Obligation.Side.PARTY, state=Obligation.State.MISSED))


def waiting_answer() -> Subquery:
    """Return the expression that finds what a partner says is done, and a firm its person manages has to answer."""
    return _first_managed(Q(side=Obligation.Side.PARTY, state=Obligation.State.SAID))


def _first_managed(waits: Q) -> Subquery:
    """Return the expression that finds the first such obligation in the firms that whoever is signed in manages."""
    rows = Obligation.objects.filter(
        waits,
        due_on__isnull=False,
        agreement__organisation__is_host=True,
        agreement__organisation__memberships__person=OuterRef("pk"),
        agreement__organisation__memberships__role__in=MANAGING,
        agreement__organisation__memberships__ended_at__isnull=True,
    )
    names = ("key", "kind", "title", "state", "due_on", "time_zone", "agreement__key", "agreement__title")
    found = JSONObject(organisation="agreement__organisation", **{name: name for name in names})
    return Subquery(rows.order_by("due_on", "pk").values(found=found)[:1])


def today_items(actor: Person, organisation: Organisation, role: str, at: datetime) -> Iterator[TodayItem]:
    """Yield what a partner says is done, and from a week before what falls due; both were read with the person."""
    read = (getattr(actor, name, None) for name in ("waiting_answer", "waiting_deadline"))
    for found in read:
        if role in MANAGING and found and found["organisation"] == organisation.pk:
            yield from _today_item(found, at)


def _today_item(found: Mapping[str, Any], at: datetime) -> Iterator[TodayItem]:
    """Yield what was read of an obligation if it waits now."""
    due, zone = date.fromisoformat(found["due_on"]), rules.zone_named(found["time_zone"])
    is_said = found["state"] == Obligation.State.SAID
    if not is_said and due - rules.WAITS_FROM > rules.day_in(zone, at):
        return
    detail = _("Deadline of the agreement “%(title)s”") % {"title": found["agreement__title"]}
    yield TodayItem(
        title=obligation_label(Obligation(kind=found["kind"], title=found["title"])),
        detail=str(Obligation.State.SAID.label) if is_said else detail,
        url=reverse("agreements:obligation", args=[found["agreement__key"], found["key"]]),
        due_at=rules.last_moment(due, zone),
        kind="deadline",
        action=_("Answer") if is_said else _("Look"),
    )


def people_to_tell(obligation: Obligation, *, owing: bool, other: bool, managing: bool) -> list[tuple[Person, bool]]:
    """Return who hears of an obligation, each once, and whether they stand on the firm's side.

    The owing side, the other one, and whoever manages the agreement: who drafted it, or all who manage the firm.
    """
    sides = {"firm": (True,), "party": (False,)}.get(obligation.side, (True, False))
    wanted = {side for side in (True, False) if (owing and side in sides) or (other and side not in sides)}
    found: dict[int, tuple[Person, bool]] = {}
    for is_firm in sorted(wanted):
        found |= {one.pk: (one, is_firm) for one in people_of(obligation.agreement, of_firm=is_firm)}
    if managing and True not in wanted:
        found |= {one.pk: (one, True) for one in _managers(obligation.agreement)}
    return list(found.values())


def _managers(agreement: Agreement) -> list[Person]:
    """Return who looks after an agreement: who drafted it if they still manage the firm, otherwise all who do."""
    managers = managers_of(agreement.organisation)
    return [one for one in managers if one.pk == agreement.created_by_id] or managers


def calendar_link_of(person: Person) -> CalendarLink | None:
    """Return a person's private address, or None if they have none."""
    return CalendarLink.objects.filter(person=person).first()


def calendar_of(token: str) -> tuple[Person, list[Obligation]]:
    """Return whose calendar this is and the unsettled obligations they see now. Raises Http404 for a wrong token."""
    links = CalendarLink.objects.select_related("person").filter(person__is_active=True)
    link = links.filter(token_hash=hash_of(token)).first()
    if link is None:
        raise Http404
    rows = obligations_visible_to(link.person).filter(state__in=rules.UNSETTLED, due_on__isnull=False)
    counted = rows.annotate(n_steps=Count("steps"))
    return link.person, list(counted[:MOST_IN_CALENDAR])


def obligation_data(person: Person) -> dict[str, Any]:
    """Return what is held about a person and obligations: what they said of them, and whether they fetch the days."""
    steps = ObligationStep.objects.filter(by=person).select_related("obligation__agreement").order_by("pk")
    link = calendar_link_of(person)
    return {
        "agreement_deadlines": [
            {
                "agreement": one.obligation.agreement.title,
                "kind": one.obligation.kind,
                "title": one.obligation.title,
                "what": one.what,
                "note": one.note,
                "at": one.at.isoformat(),
            }
            for one in steps
        ],
        "agreement_calendar": {"made_at": link.made_at.isoformat()} if link else {},
    }


def obligation_erasure_lines(person: Person) -> ErasureLines:
    """Return what happens to what a person said of obligations when they are erased."""
    has_said = ObligationStep.objects.filter(by=person).exists()
    stays = [_("What you noted on deadlines of agreements, without your name: both sides rely on it.")]
    goes = [_("The private address by which your calendar fetches deadlines of agreements.")]
    return ErasureLines(goes=goes if calendar_link_of(person) else [], stays=stays if has_said else [])
