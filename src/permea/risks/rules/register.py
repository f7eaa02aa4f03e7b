"""Deciding about what stands in the register: ranges, states, who looks after what."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal
from permea.people.models import Membership, Person
from permea.people.rules import MANAGING
from permea.risks.models import Risk, Said
from permea_engine.exposure import expected_losses

Three = tuple[Decimal, Decimal, Decimal]
State = Risk.State
INSIDERS = frozenset({*MANAGING, Membership.Role.MEMBER.value})
REVIEW_EVERY = timedelta(days=90)
CONTENT = tuple(field.attname for field in Said._meta.get_fields() if field.concrete)  # noqa: SLF001 - Django's name for it


@dataclass(frozen=True, slots=True)
class Ranges:
    """Low, likely and high: the chance that it happens within a year, and what it costs then."""

    probability: Three
    impact: Three


def content_of(risk: Said) -> dict[str, Any]:
    """Return everything that is said of a risk, by column."""
    return {name: getattr(risk, name) for name in CONTENT}


def ranges_of(risk: Said) -> Ranges:
    """Return the ranges of a risk without the mitigation."""
    return Ranges(
        (risk.probability_low, risk.probability_likely, risk.probability_high),
        (risk.impact_low, risk.impact_likely, risk.impact_high),
    )


def left_of(risk: Said) -> Ranges | None:
    """Return the ranges that remain with the mitigation, or None if nobody has said."""
    numbers = (
        risk.left_probability_low,
        risk.left_probability_likely,
        risk.left_probability_high,
        risk.left_impact_low,
        risk.left_impact_likely,
        risk.left_impact_high,
    )
    said = [number for number in numbers if number is not None]
    if len(said) < len(numbers):
        return None
    return Ranges((said[0], said[1], said[2]), (said[3], said[4], said[5]))


def counted(risk: Said) -> Ranges | None:
    """Return the ranges that count now: what is left once it is treated, and none once it is closed."""
    if risk.state == State.CLOSED:
        return None
    return left_of(risk) if risk.state == State.TREATED else ranges_of(risk)


def average_loss(ranges: Ranges) -> float:
    """Return what a risk costs in an average year."""
    chance, cost = ([float(end) for end in three] for three in (ranges.probability, ranges.impact))
    return float(expected_losses([chance], [cost])[0])


def about(amount: float) -> float:
    """Return an amount as one says it: to two digits, 42,000 rather than 42,318."""
    return amount if amount == 0 else round(amount, 1 - math.floor(math.log10(abs(amount))))


def saving(risk: Said) -> float | None:
    """Return by how much the mitigation lowers the loss of an average year, or None if nobody has said."""
    left = left_of(risk)
    return None if left is None else average_loss(ranges_of(risk)) - average_loss(left)


def is_due(risk: Said, today: date) -> bool:
    """Say whether the day of the next review has come and the risk is not closed."""
    return risk.state != State.CLOSED and risk.review_on <= today


def why_not_note(risk: Said) -> Refusal | None:
    """Return why a risk may not be said like this, or None if it may."""
    left = left_of(risk)
    for ranges in (ranges_of(risk), left):
        refusal = _why_not_range(ranges) if ranges else None
        if refusal is not None:
            return refusal
    if left is None and _is_begun(risk):
        words = _("Say all six numbers of what would remain, or none of them.")
        return Refusal("risks.half_said", words)
    if left is not None and not risk.mitigation.strip():
        words = _("Say what is done about it before you say what would remain.")
        return Refusal("risks.no_mitigation", words)
    if left is not None and average_loss(left) > average_loss(ranges_of(risk)):
        return Refusal("risks.worse", _("What would remain is more than there is now. Look at the numbers again."))
    return why_not_treat(risk) if risk.state == State.TREATED else None


def _is_begun(risk: Said) -> bool:
    """Say whether some number of what would remain is given."""
    return any(value is not None for name, value in content_of(risk).items() if name.startswith("left_"))


def _why_not_range(ranges: Ranges) -> Refusal | None:
    """Return why these are no ranges, or None if they are."""
    if any(not low <= likely <= high for low, likely, high in (ranges.probability, ranges.impact)):
        words = _("A range rises: the likely value is not below the low one, and the high one not below the likely.")
        return Refusal("risks.falling", words)
    if ranges.probability[0] < 0 or ranges.probability[2] > 1 or ranges.impact[0] < 0:
        words = _("A chance lies between 0 and 100 per cent, and a loss is not negative.")
        return Refusal("risks.out_of_range", words)
    return None


def why_not_treat(risk: Said) -> Refusal | None:
    """Return why a risk cannot count as treated, or None if it can."""
    if left_of(risk) is None:
        words = _("Say first what is done about it and which ranges remain; from then on these count.")
        return Refusal("risks.nothing_left", words)
    return None


def why_not_settle(risk: Said, state: str, why: str) -> Refusal | None:
    """Return why a risk may not be put into this state, or None if it may."""
    if state == risk.state:
        return Refusal("risks.same_state", _("The risk is in this state already."))
    if not why.strip():
        return Refusal("risks.no_reason", _("Say why: whoever looks at it next year wants to know."))
    return why_not_treat(risk) if state == State.TREATED else None


def why_not_review(risk: Risk, actor: Person, role: str | None) -> Refusal | None:
    """Return why somebody may not read and review a risk, or None if they manage, or look after it themselves."""
    if role in MANAGING or (role in INSIDERS and risk.owner_id == actor.pk):
        return None
    return Refusal("risks.not_yours", _("Only who looks after it, an owner or a manager can do this."))


def why_not_look_after(role: str | None) -> Refusal | None:
    """Return why somebody in this role may not look after a risk, or None if they belong to the house."""
    if role in INSIDERS:
        return None
    return Refusal("risks.not_of_the_house", _("Somebody of your own house looks after a risk."))
