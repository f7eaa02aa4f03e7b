"""The register: its list, one risk with all it ever said, what it can be about, who can look after it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from permea.agreements.models import Agreement
from permea.agreements.queries import partners_of
from permea.challenges.models import Challenge
from permea.disclosures.models import Item
from permea.foundation.clock import SENT_TWICE
from permea.foundation.refusals import Refusal
from permea.people.models import Membership, Organisation, Person
from permea.people.queries import managed_organisation_ids, members_of, role_in, roles_of
from permea.people.rules import MANAGING
from permea.risks import rules
from permea.risks.models import Risk, RiskVersion, Trigger

PAGE_SIZE = 50
MOST_OFFERED = 200
DUE = "due"
Kind = Risk.Subject


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; an empty one does not bind. `owner` is a key, `due` only what waits for review."""

    kind: str = ""
    owner: str = ""
    state: str = ""
    due: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class RiskRow:
    """A line of the list: what it costs in an average year, whether its review is due, how many triggers fired."""

    risk: Risk
    ranges: rules.Ranges
    loss: float
    is_due: bool
    n_fired: int


@dataclass(frozen=True, slots=True)
class Register:
    """A page of the list, and what the heat map shows of the risks that fit."""

    rows: list[RiskRow]
    page: Page[Risk]
    filters: Filters
    owners: list[Person]
    currencies: list[str]
    heat: rules.Heat
    n_all: int


@dataclass(frozen=True, slots=True)
class Subject:
    """Something a risk can be about or be watched for, by kind and key."""

    kind: str
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of a risk, with its ranges and the ranges that would remain."""

    version: RiskVersion
    ranges: rules.Ranges
    left: rules.Ranges | None


@dataclass(frozen=True, slots=True)
class TriggerRow:
    """A trigger and what it says."""

    trigger: Trigger
    text: str
    found: str


@dataclass(frozen=True, slots=True)
class RiskPage:
    """One risk as its reader sees it."""

    risk: Risk
    ranges: rules.Ranges
    left: rules.Ranges | None
    loss: float
    saving: float | None
    is_due: bool
    triggers: list[TriggerRow]
    history: list[VersionRow]
    can_manage: bool
    treat_blocked: Refusal | None


def risks_of(organisation: Organisation) -> QuerySet[Risk]:
    """Return every risk of a firm, the oldest first."""
    return Risk.objects.filter(organisation=organisation).select_related("owner").order_by("pk")


def register_page(organisation: Organisation, filters: Filters, at: datetime, *, page: int = 1) -> Register:
    """Return the register narrowed as asked, what costs most in an average year first."""
    every = list(risks_of(organisation))
    currencies = [code for code, _n in Counter(risk.currency for risk in every).most_common()]
    currency = filters.currency if filters.currency in currencies else next(iter(currencies), "EUR")
    found = [risk for risk in every if _fits(risk, filters, currency, at)]
    ranges = {risk.pk: rules.counted(risk) or rules.ranges_of(risk) for risk in found}
    losses = {risk.pk: rules.average_loss(ranges[risk.pk]) for risk in found}
    found.sort(key=lambda risk: (risk.state == Risk.State.CLOSED, -losses[risk.pk], risk.pk))
    paged = Paginator(found, PAGE_SIZE).get_page(page)
    fired = _n_fired([risk.pk for risk in paged])
    today = at.date()
    rows = [
        RiskRow(risk, ranges[risk.pk], losses[risk.pk], rules.is_due(risk, today), fired[risk.pk]) for risk in paged
    ]
    living = [risk for risk in found if risk.state != Risk.State.CLOSED][: rules.MOST_SHOWN]
    return Register(
        rows=rows,
        page=paged,
        filters=Filters(filters.kind, filters.owner, filters.state, filters.due, currency),
        owners=list({risk.owner_id: risk.owner for risk in every}.values()),
        currencies=currencies,
        heat=rules.heat_map([rules.HeatRow(risk.title, risk.key, ranges[risk.pk]) for risk in living]),
        n_all=len(every),
    )


def _fits(risk: Risk, filters: Filters, currency: str, at: datetime) -> bool:
    """Say whether a risk is what the filters ask for."""
    wanted = {"kind": filters.kind, "state": filters.state}
    return (
        risk.currency == currency
        and all(not value or getattr(risk, name) == value for name, value in wanted.items())
        and filters.owner in {"", risk.owner.key}
        and (filters.due != DUE or rules.is_due(risk, at.date()))
    )


def _n_fired(risk_ids: list[int]) -> Counter[int]:
    """Return how many triggers of each risk have fired."""
    rows = Trigger.objects.filter(risk__in=risk_ids, ended_at__isnull=True, fired_at__isnull=False)
    return Counter(rows.values_list("risk_id", flat=True))


def managed_risk(actor: Person, key: str) -> Risk:
    """Return a risk to somebody who manages its firm. Raises Http404 to everybody else."""
    rows = Risk.objects.filter(organisation__in=managed_organisation_ids(actor))
    return get_object_or_404(rows.select_related("organisation", "owner"), key=key)


def managed_trigger(actor: Person, key: str) -> Trigger:
    """Return a living trigger to somebody who manages its firm. Raises Http404 to everybody else."""
    rows = Trigger.objects.filter(risk__organisation__in=managed_organisation_ids(actor), ended_at__isnull=True)
    return get_object_or_404(rows.select_related("risk"), key=key)


def readable_risk(actor: Person, key: str) -> Risk:
    """Return a risk to who manages its firm or looks after it. Raises Http404 to everybody else."""
    rows = Risk.objects.filter(organisation__in=list(roles_of(actor)))
    found = get_object_or_404(rows.select_related("organisation", "owner"), key=key)
    if rules.why_not_review(found, actor, role_in(actor, found.organisation_id)) is not None:
        raise Http404
    return found


def risk_page(actor: Person, key: str, at: datetime) -> RiskPage:
    """Return a risk as its reader sees it. Raises Http404 to whom it is not for."""
    risk = readable_risk(actor, key)
    ranges, left = rules.ranges_of(risk), rules.left_of(risk)
    living = Trigger.objects.filter(risk=risk, ended_at__isnull=True).order_by("pk")
    versions = RiskVersion.objects.filter(risk=risk).select_related("made_by", "owner").order_by("-number")
    return RiskPage(
        risk=risk,
        ranges=ranges,
        left=left,
        loss=rules.average_loss(rules.counted(risk) or ranges),
        saving=rules.saving(risk),
        is_due=rules.is_due(risk, at.date()),
        triggers=[TriggerRow(one, rules.watched_for(one), rules.finding(one)) for one in living],
        history=[VersionRow(one, rules.ranges_of(one), rules.left_of(one)) for one in versions],
        can_manage=role_in(actor, risk.organisation_id) in MANAGING,
        treat_blocked=rules.why_not_treat(risk),
    )


def is_confirmed(risk: Risk, at: datetime) -> bool:
    """Say whether the newest version of a risk says that a review of the same day found nothing changed."""
    newest = RiskVersion.objects.filter(risk=risk).order_by("-number").first()
    is_review = newest is not None and newest.did == RiskVersion.Did.CONFIRMED
    return is_review and newest is not None and newest.made_at.date() == at.date()


def noted_just_now(risk: Risk, actor: Person, at: datetime) -> Risk | None:
    """Return the risk that says the same and was noted by the same person within the last minute, or None."""
    recent = RiskVersion.objects.filter(
        number=1,
        made_by=actor,
        made_at__gt=at - SENT_TWICE,
        risk__organisation=risk.organisation,
        **rules.content_of(risk),
    )
    found = recent.select_related("risk").order_by("-pk").first()
    return found.risk if found else None


def team_of(organisation: Organisation) -> list[Person]:
    """Return who can look after a risk: the firm's own people."""
    return [seat.person for seat in members_of(organisation).filter(role__in=rules.INSIDERS)]


def first_owner(organisation_id: int, *, but: int) -> Person | None:
    """Return who has owned a firm the longest, another than the person with this number; None if nobody does."""
    seats = Membership.objects.filter(
        organisation_id=organisation_id, role=Membership.Role.OWNER, ended_at__isnull=True
    ).exclude(person_id=but)
    seat = seats.select_related("person").order_by("since", "pk").first()
    return seat.person if seat else None


def subjects_of(organisation: Organisation) -> list[Subject]:
    """Return what a risk of a firm can be about: its challenges, agreements, partners and items, the newest of each."""
    challenges = Challenge.objects.filter(organisation=organisation).order_by("-pk").values_list("key", "title")
    agreed = Agreement.objects.filter(organisation=organisation, versions__isnull=False).distinct()
    agreements = agreed.order_by("-pk").values_list("key", "title")
    parties = partners_of(organisation).values_list("key", "name")
    items = Item.objects.filter(organisation=organisation).order_by("-pk").values_list("key", "title")
    lists = (Kind.CHALLENGE, challenges), (Kind.AGREEMENT, agreements), (Kind.PARTNER, parties), (Kind.ITEM, items)
    return [Subject(kind.value, key, label) for kind, rows in lists for key, label in rows[:MOST_OFFERED]]


def exported(organisation: Organisation) -> list[Risk]:
    """Return the whole register for taking away."""
    return list(risks_of(organisation))
