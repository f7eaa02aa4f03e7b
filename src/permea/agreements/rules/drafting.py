"""Deciding about the text of an agreement: which clauses it has, what can be chosen, when it may change."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from permea.agreements.models import Agreement, AgreementVersion
from permea.agreements.rules.coverage import is_live
from permea.agreements.rules.terms import tidy
from permea.foundation.refusals import Refusal

Day = TypeVar("Day", date, datetime)
SOON = timedelta(days=60)
MONTHS_A_YEAR = 12
Kind, Status, Purpose = Agreement.Kind, Agreement.Status, Agreement.Purpose
_ALSO = {
    Kind.RESEARCH: (Purpose.RESEARCH,),
    Kind.CONSORTIUM: (Purpose.RESEARCH,),
    Kind.DEVELOPMENT: (Purpose.RESEARCH, Purpose.DEVELOP),
    Kind.VENTURE: (Purpose.RESEARCH, Purpose.DEVELOP),
    Kind.CONSULTANCY: (Purpose.DEVELOP,),
    Kind.SUPPLY: (Purpose.SUPPLY,),
    Kind.LICENCE_IN: (Purpose.USE,),
    Kind.LICENCE_OUT: (Purpose.USE,),
}


@dataclass(frozen=True, slots=True)
class Library:
    """The clauses that come with the product in one language: texts by clause, and what can be chosen."""

    language: str
    texts: Mapping[str, Any]
    kinds: Mapping[str, list[str]]
    choices: Mapping[str, list[str]]
    decided_by: Mapping[str, str]
    named_in: Mapping[str, str]

    def choices_of(self, kind: str) -> dict[str, list[str]]:
        """Return what can be chosen for a kind of agreement: name and values, the usual one first."""
        asked = {found.get(clause) for found in (self.decided_by, self.named_in) for clause in self.kinds[kind]}
        return {name: values for name, values in self.choices.items() if name in asked}

    def draft(self, kind: str, options: Mapping[str, str], *, firm: str, party: str, law: str) -> str:
        """Return the text of an agreement of this kind, its clauses numbered; an unknown choice is the usual one."""
        chosen = {name: _one_of(options.get(name), values) for name, values in self.choices_of(kind).items()}
        filled = {**chosen, "firm": firm, "party": party, "law": law, "subject": _in_one_line(options.get("subject"))}
        filled["amount"] = _in_one_line(options.get("amount")) or self.texts["nothing_agreed"]
        parts = [str(self.texts["between"]).format_map(filled)]
        for number, name in enumerate(self.kinds[kind], start=1):
            clause = self.texts[name]
            text = clause[chosen[self.decided_by[name]]] if name in self.decided_by else clause["text"]
            parts.append(f"## {number}. {clause['title']}\n\n{text.format_map(filled)}")
        return "\n\n".join([*parts, f"*{self.texts['no_advice']}*"])


def _one_of(value: str | None, values: list[str]) -> str:
    """Return a value that can be chosen, else the usual one."""
    return value if value in values else values[0]


def _in_one_line(text: str | None) -> str:
    """Return what somebody filled in so that it cannot begin a clause of its own, without a full stop at its end."""
    return " ".join((text or "").split()).rstrip(".")


def purposes_of(kind: str, options: Mapping[str, str]) -> list[str]:
    """Return what an agreement of this kind lets its parties see the firm's rooms for.

    Where the firm alone promises to keep secrets, the partner has promised nothing, so that nothing opens to them.
    """
    if kind == Kind.NDA_ONE_WAY and options.get("direction") == "they":
        return []
    return [Purpose.EVALUATE.value, *(purpose.value for purpose in _ALSO.get(Kind(kind), ()))]


def add_months(moment: Day, months: int) -> Day:
    """Return the same day so many months later, or the last day of that month where it has no such day."""
    years, month = divmod(moment.month - 1 + months, MONTHS_A_YEAR)
    year = moment.year + years
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def state_of(agreement: Agreement, at: datetime) -> str:
    """Return where an agreement stands: draft, offered, dropped, live, soon (it ends within 60 days) or ended."""
    if agreement.status != Status.SIGNED:
        return agreement.status
    if not is_live(agreement, at):
        return "ended"
    return "live" if is_live(agreement, at + SOON) else "soon"


def why_not_draft(*, title: str, has_contact: bool, is_own: bool) -> Refusal | None:
    """Return why an agreement like this may not be drafted, or None if it may."""
    if not title.strip():
        return Refusal("agreements.empty", _("An agreement needs a title."))
    if not has_contact:
        return Refusal("agreements.no_party", _("Choose a partner, or name one with the e-mail address of a person."))
    if is_own:
        return Refusal("agreements.own_party", _("This person works for the firm, so they cannot be the other side."))
    return None


def why_not_choose(agreement: Agreement, *, is_renewal: bool) -> Refusal | None:
    """Return why the clauses may not be chosen anew, or None if they may."""
    if agreement.status not in {Status.DRAFT, Status.OFFERED}:
        return Refusal("agreements.closed", _("This agreement is settled; its text does not change any more."))
    if is_renewal:
        return Refusal("agreements.renewal_text", _("A renewal keeps its text. Propose a change to it instead."))
    return None


def why_not_propose(
    agreement: Agreement, latest: AgreementVersion, body: str, options: Mapping[str, Any]
) -> Refusal | None:
    """Return why this text may not become the next version, or None if it may."""
    if agreement.status not in {Status.DRAFT, Status.OFFERED}:
        return Refusal("agreements.closed", _("This agreement is settled; its text does not change any more."))
    if not tidy(body):
        return Refusal("agreements.empty", _("An agreement needs a text."))
    if tidy(body) == latest.body and dict(options) == latest.options:
        return Refusal("agreements.unchanged", _("Nothing differs from the last version. Change something first."))
    return None


def why_not_offer(agreement: Agreement) -> Refusal | None:
    """Return why a draft may not be shown to the other side, or None if it may."""
    if agreement.status == Status.DRAFT:
        return None
    return Refusal("agreements.not_draft", _("The other side has this agreement already."))


def why_not_drop(agreement: Agreement) -> Refusal | None:
    """Return why an agreement may not be dropped, or None if it may."""
    if agreement.status in {Status.DRAFT, Status.OFFERED}:
        return None
    return Refusal("agreements.closed", _("This agreement is settled; end it with notice instead."))


def why_not_end(agreement: Agreement, *, at: datetime) -> Refusal | None:
    """Return why an agreement cannot be ended with notice, or None if it can."""
    if not is_live(agreement, at):
        return Refusal("agreements.not_live", _("Only an agreement that lives can be ended."))
    if agreement.ended_at is not None:
        return Refusal("agreements.ended", _("Notice has been given already."))
    return None
