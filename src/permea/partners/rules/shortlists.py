"""Deciding about shortlists: what is asked kept as data, what may be done, and what changed between two versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from permea.foundation.clock import SENT_TWICE
from permea.foundation.refusals import Refusal
from permea.partners.models import Partner, Shortlist, ShortlistDecision, ShortlistPlace
from permea.partners.rules.fit import Wish
from permea.people.models import Person

LENGTHS = (5, 10, 20)


@dataclass(frozen=True, slots=True)
class Move:
    """How a partner came out before and comes out now, None where it was not among the first.

    `found` are wanted things that are known of it now and were not, `lost` those that are not any more.
    """

    before: ShortlistPlace | None
    now: ShortlistPlace | None
    found: list[str]
    lost: list[str]


def wish_data(wish: Wish) -> dict[str, Any]:
    """Return what a firm looks for as it is stored."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(wish).items()}


def wish_of(data: Mapping[str, Any]) -> Wish:
    """Return what a firm looked for as it was stored."""
    said: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
    return Wish(**said)


def why_not_keep(n_candidates: int) -> Refusal | None:
    """Return why a comparison is not kept, or None if it is."""
    if n_candidates:
        return None
    return Refusal("shortlist.empty", _("Nobody is left to compare, so there is nothing to keep."))


def why_not_work_on(shortlist: Shortlist) -> Refusal | None:
    """Return why a shortlist stays as it is, or None if it can be worked on."""
    if shortlist.closed_at is None:
        return None
    return Refusal("shortlist.closed", _("This shortlist is put away. Open it again first."))


def why_not_decide(partner: Partner) -> Refusal | None:
    """Return why nothing is decided about a partner, or None if it can be."""
    if partner.archived_at is None:
        return None
    return Refusal("partners.archived", _("This partner is put away. Take it back first."))


def is_decided_again(before: ShortlistDecision, said: tuple[Any, ...], actor: Person, at: datetime) -> bool:
    """Say whether the same person decided the same within the last minute: choice, reason and what follows by when."""
    step = (before.step.next_step, before.step.next_on, before.step.next_by) if before.step else None
    is_same = (before.choice, before.reason, step) == said and before.decided_by_id == actor.pk
    return is_same and before.decided_at > at - SENT_TWICE


def moves(before: Iterable[ShortlistPlace], now: Iterable[ShortlistPlace]) -> list[Move]:
    """Return what changed from one version to the next: who is among the first now, in order, then who is no more.

    A partner that others were merged into counts by its best place.
    """
    old, new = _best(before), _best(now)
    pairs = [(old.get(pk), new.get(pk)) for pk in [*new, *(pk for pk in old if pk not in new)]]
    return [_move(one, other) for one, other in pairs if _differs(one, other)]


def _best(places: Iterable[ShortlistPlace]) -> dict[int, ShortlistPlace]:
    """Return the best place of each partner, by its row number."""
    found: dict[int, ShortlistPlace] = {}
    for one in sorted(places, key=lambda place: place.place):
        found.setdefault(one.partner_id, one)
    return found


def _differs(one: ShortlistPlace | None, other: ShortlistPlace | None) -> bool:
    """Say whether a reader sees a difference between two places."""
    if one is None or other is None:
        return True
    return (one.place, *_shown(one), one.matches) != (other.place, *_shown(other), other.matches)


def _shown(place: ShortlistPlace) -> Sequence[int]:
    """Return the scores as they are shown."""
    return round(place.low), round(place.middle), round(place.high)


def _move(before: ShortlistPlace | None, now: ShortlistPlace | None) -> Move:
    """Return how a partner moved, with what is known or unknown since where it stands in both."""
    was, known = (dict(place.matches) if place else {} for place in (before, now))
    if before is None or now is None:
        was = known = {}
    return Move(before, now, [name for name in known if name not in was], [name for name in was if name not in known])
