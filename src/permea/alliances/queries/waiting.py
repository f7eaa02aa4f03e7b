"""What of alliances waits for a side: read for all of somebody's alliances at once, the firm's and its partners'."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.alliances import rules
from permea.alliances.models import (
    Acceptance,
    Charter,
    Closing,
    Contribution,
    Joining,
    JoiningAnswer,
    Matter,
    Party,
    PulseAnswer,
    Reached,
    Split,
    SplitAcceptance,
    SuccessRating,
    Word,
)
from permea.people.models import Membership
from permea.people.queries import roles_of
from permea.people.rules import MANAGING
from permea.surface.registry import Stand, TodayItem, Waiting, moment

TOLD = {"key": "alliance__key", "title": "alliance__title"}
Found = Mapping[str, Any]


def waiting(stand: Stand) -> Iterator[Waiting]:
    """Yield what waits in alliances: what binds a side for who may bind it, all else for everybody who reads them."""
    binding, reading = stand.ids(MANAGING), stand.ids(_readers(stand))
    if binding:
        ours = _sides(stand, binding)
        yield Waiting(_charters(ours), _charter_item)
        yield Waiting(_splits(ours), _split_item)
        yield Waiting(_joinings(ours), _joining_item)
        yield Waiting(_closings(ours), _closing_item)
    if binding and not stand.is_firm:
        yield Waiting(_shown_joinings(binding), _shown_item)
    if reading:
        ours = _sides(stand, reading)
        yield Waiting(_lines(ours), _lines_item)
        yield Waiting(_reached(ours), _reached_item)
        yield Waiting(_pulses(ours, stand.at), partial(_pulse_item, until=rules.last_day(stand.at.date())))
        yield Waiting(_matters(stand), _matter_item)


def _readers(stand: Stand) -> frozenset[str]:
    """Return the roles in which somebody reads alliances on their side."""
    return rules.READING if stand.is_firm else frozenset(Membership.Role.values)


def _sides(stand: Stand, organisations: list[int]) -> QuerySet[Party]:
    """Return the sides of open alliances on which these organisations stand; partners see what was offered to them.

    Who belongs to the firm stands on its side alone.
    """
    sides = Party.objects.filter(organisation__in=organisations, alliance__closed_at__isnull=True)
    if stand.is_firm:
        return sides.filter(number=0)
    firms = list(roles_of(stand.person))
    return sides.filter(number__gt=0, alliance__offered_at__isnull=False).exclude(alliance__organisation__in=firms)


def _of(ours: QuerySet[Party], alliance: str = "alliance") -> QuerySet[Party]:
    """Return our side of the alliance that a row names."""
    return ours.filter(alliance=OuterRef(alliance))


def _charters(ours: QuerySet[Party]) -> QuerySet[Charter]:
    """Return the newest versions of charters that our side has not accepted."""
    newer = Charter.objects.filter(alliance=OuterRef("alliance"), number__gt=OuterRef("number"))
    accepted = Acceptance.objects.filter(charter=OuterRef("pk"), party__in=ours)
    rows = Charter.objects.filter(Exists(_of(ours)), ~Exists(newer), ~Exists(accepted))
    offered = rows.filter(alliance__offered_at__isnull=False).order_by("written_at", "pk")
    return offered.annotate(found=JSONObject(**TOLD))


def _splits(ours: QuerySet[Party]) -> QuerySet[Split]:
    """Return the newest divisions of results that our side shares in and has not agreed to.

    One that a further party has overtaken is proposed anew, so it waits for nobody.
    """
    newer = Split.objects.filter(result=OuterRef("result"), number__gt=OuterRef("number"))
    accepted = SplitAcceptance.objects.filter(split=OuterRef("pk"), party__in=ours)
    before = Split.objects.filter(result=OuterRef(OuterRef("result")), agreed_at__lt=OuterRef("joined_at"))
    sharing = _of(ours, "result__alliance").filter(
        Q(joined_at__isnull=True) | Q(joined_at__lte=OuterRef("written_at")) & ~Exists(before)
    )
    overtaking = Party.objects.filter(alliance=OuterRef("result__alliance"), joined_at__gt=OuterRef("written_at"))
    rows = Split.objects.filter(
        Exists(sharing), ~Exists(newer), ~Exists(accepted), ~Exists(overtaking.filter(~Exists(before)))
    )
    found = JSONObject(key="result__key", title="result__alliance__title", result="result__title")
    return rows.order_by("written_at", "pk").annotate(found=found)


def _joinings(ours: QuerySet[Party]) -> QuerySet[Joining]:
    """Return the further partners that our side is asked about."""
    said = JoiningAnswer.objects.filter(joining=OuterRef("pk"), organisation__in=ours.values("organisation"))
    return _told_of_joinings(Joining.objects.filter(Exists(_of(ours)), ~Exists(said)))


def _shown_joinings(organisations: list[int]) -> QuerySet[Joining]:
    """Return the alliances that these organisations are asked to join."""
    rows = Joining.objects.filter(organisation__in=organisations, shown_at__isnull=False, agreed_at__isnull=True)
    return _told_of_joinings(rows)


def _told_of_joinings(rows: QuerySet[Joining]) -> QuerySet[Joining]:
    """Return those of these joinings that are not decided, with what is told of each."""
    found = JSONObject(key="key", title="alliance__title", name="organisation__name")
    open_rows = rows.filter(entered_at__isnull=True, ended_at__isnull=True)
    return open_rows.order_by("from_on", "pk").annotate(found=found)


def _closings(ours: QuerySet[Party]) -> QuerySet[Closing]:
    """Return the closings that our side has not rated."""
    rated = SuccessRating.objects.filter(closing=OuterRef("pk"), party__in=ours)
    rows = Closing.objects.filter(
        Exists(_of(ours)), ~Exists(rated), taken_back_at__isnull=True, closed_at__isnull=True
    )  # fmt: skip
    return rows.order_by("until", "pk").annotate(found=JSONObject(**TOLD, until="until"))


def _lines(ours: QuerySet[Party]) -> QuerySet[Party]:
    """Return our sides with how many lines of the book wait for each.

    A line waits for who answers it until something was said of it, and a proposed settlement for the other side.
    """
    said = Word.objects.filter(contribution=OuterRef("pk")).order_by("-number")
    lines = Contribution.objects.filter(alliance=OuterRef("alliance"), correction__isnull=True)
    lines = lines.annotate(last=Subquery(said.values("kind")[:1]), last_by=Subquery(said.values("party")[:1]))
    is_ours = Q(giver=OuterRef("pk"))
    answers = ~is_ours & (Q(receiver=OuterRef("pk")) | Q(receiver__isnull=True) & _begun_since_joining())
    settles = is_ours & ~Q(last_by=OuterRef("pk")) | answers & Q(last_by=F("giver"))
    counted = lines.filter(answers & Q(last__isnull=True) | Q(last=Word.Kind.PROPOSED) & settles)
    n_lines = counted.order_by().values("alliance").annotate(n=Count("pk")).values("n")
    begun = ours.annotate(since=Coalesce("joined_at", "alliance__created_at"))
    rows = begun.annotate(n_lines=Subquery(n_lines)).filter(n_lines__gt=0)
    return rows.order_by("pk").annotate(found=JSONObject(**TOLD, n="n_lines"))


def _begun_since_joining() -> Q:
    """Return that a line, and those that it corrects, were written since our side joined: only then it is for us."""
    since, found = OuterRef("since"), Q(written_at__gte=OuterRef("since"))
    for before in ("corrects", "corrects__corrects"):
        found &= Q(**{f"{before}__isnull": True}) | Q(**{f"{before}__written_at__gte": since})
    return found


def _reached(ours: QuerySet[Party]) -> QuerySet[Reached]:
    """Return the milestones that another side says were reached, and nobody has confirmed."""
    rows = Reached.objects.filter(Exists(_of(ours)), confirmed_at__isnull=True).exclude(party__in=ours)
    return rows.order_by("said_at", "pk").annotate(found=JSONObject(**TOLD, name="milestone"))


def _pulses(ours: QuerySet[Party], at: datetime) -> QuerySet[Party]:
    """Return our sides that have not answered the pulse of this quarter.

    They are reminded in its last month, as from then on silence is told to all, or once another side has answered.
    """
    quarter = rules.first_day(at.date())
    said = PulseAnswer.objects.filter(alliance=OuterRef("alliance"), quarter=quarter)
    asked = Q(joined_at__isnull=True) | Q(joined_at__lt=_end_of(quarter))
    rows = ours.filter(asked, ~Exists(said.filter(party=OuterRef("pk"))), alliance__live_since__isnull=False)
    last_month, others = rules.last_day(quarter) - rules.LAST_MONTH, Q(Exists(said))
    if at.date() > last_month:
        others |= Q(alliance__live_since__lt=_end_of(last_month))
    return rows.filter(others).order_by("pk").annotate(found=JSONObject(**TOLD))


def _end_of(day: date) -> datetime:
    """Return when a day is over, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def _matters(stand: Stand) -> QuerySet[Matter]:
    """Return the open matters on a step of this person's, but not those that they raised themselves."""
    on_step = Q()
    for step, roles in rules.ROLES_ON.items():
        ours = _of(_sides(stand, stand.ids(roles & _readers(stand))))
        is_read = Q(reads_from__isnull=True) | Q(reads_from__lte=OuterRef("raised_at"))
        on_step |= Q(Exists(ours.filter(is_read)), step=step)
    rows = Matter.objects.filter(on_step, solved_at__isnull=True).exclude(raised_by=stand.person)
    return rows.order_by("step_at", "pk").annotate(
        found=JSONObject(**TOLD, text="text", step="step", step_at="step_at", days="days")
    )


def _item(found: Found, page: str, detail: str, action: str, due_at: datetime | None = None) -> TodayItem:
    """Return the item of something that waits on a page of an alliance."""
    return TodayItem(
        title=found["title"],
        detail=detail,
        url=reverse(f"alliances:{page}", args=[found["key"]]),
        due_at=due_at,
        kind="alliance",
        action=action,
    )


def _charter_item(found: Found) -> TodayItem:
    """Return the item of a charter."""
    return _item(found, "alliance", _("The charter of this alliance waits for your side."), _("Read and accept"))


def _split_item(found: Found) -> TodayItem:
    """Return the item of a division."""
    detail = _("How “%(result)s” is divided waits for your side.") % {"result": found["result"]}
    return _item(found, "result", detail, _("Look"))


def _joining_item(found: Found) -> TodayItem:
    """Return the item of a further partner."""
    detail = _("%(name)s is proposed as a further partner.") % {"name": found["name"]}
    return _item(found, "joining", detail, _("Answer"))


def _shown_item(found: Found) -> TodayItem:
    """Return the item of an alliance to join."""
    return _item(found, "joining", _("You are asked to join this alliance."), _("Answer"))


def _closing_item(found: Found) -> TodayItem:
    """Return the item of an alliance that ends."""
    detail = _("This alliance is to be closed: rate what came of it.")
    return _item(found, "closing", detail, _("Rate it"), moment(found["until"]))


def _lines_item(found: Found) -> TodayItem:
    """Return the item of lines of the book."""
    text = ngettext(
        "%(num)d line of the book waits for your side.", "%(num)d lines of the book wait for your side.", found["n"]
    )
    return _item(found, "contributions", text % {"num": found["n"]}, _("Answer"))


def _reached_item(found: Found) -> TodayItem:
    """Return the item of a milestone."""
    detail = _("“%(name)s” is said to be reached.") % {"name": found["name"]}
    return _item(found, "alliance", detail, _("Confirm it"))


def _pulse_item(found: Found, *, until: date) -> TodayItem:
    """Return the item of the pulse, which is due when the quarter is over."""
    detail = _("Your side has not answered the pulse of this quarter.")
    return _item(found, "pulse", detail, _("Answer"), _end_of(until) - timedelta(seconds=1))


def _matter_item(found: Found) -> TodayItem:
    """Return the item of a matter, which is due when it climbs."""
    is_last = found["step"] == rules.OWNERS
    due_at = None if is_last else moment(found["step_at"]) + timedelta(days=found["days"])
    return _item(found, "pulse", _("To be solved: %(text)s") % {"text": found["text"]}, _("Look"), due_at)
