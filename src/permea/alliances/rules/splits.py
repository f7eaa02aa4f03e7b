"""Deciding about joint results: how a division is worked out, whether it holds together, and who may agree to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any

from django.utils.translation import gettext as _

from permea.alliances.models import Alliance, Party, Result, Split, Word
from permea.alliances.rules.charter import why_closed
from permea.alliances.rules.lines import WAITING, Standing
from permea.foundation.refusals import Refusal
from permea.ledger import verifier
from permea.ledger.chain import plain
from permea_engine.splits import in_parts, shapley

WHOLE = 100_000  # thousandths of a per cent
OPEN = frozenset({WAITING, Word.Kind.DISPUTED.value, Word.Kind.PROPOSED.value})
Way = Split.Way
Group = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitInput:
    """How a result is to be divided, and what that takes.

    `shares` are by hand, in thousandths of a per cent in the order of the parties. `worth` says what each group of
    parties, by their numbers, would make without the others. `leaves_out` allows lines of the book that wait or are
    disputed to be left out, by name.
    """

    way: str
    note: str = ""
    leaves_out: bool = False
    shares: Sequence[int] = ()
    worth: Mapping[Group, Decimal] = field(default_factory=dict)


def groups_of(n_parties: int) -> list[Group]:
    """Return every group of parties except the empty one, by their numbers, the small ones first."""
    return [group for size in range(1, n_parties + 1) for group in combinations(range(n_parties), size)]


def open_lines(standings: Iterable[Standing]) -> list[Standing]:
    """Return the lines of the book that wait for an answer or are disputed."""
    return [one for one in standings if one.state in OPEN]


def why_not_name(alliance: Alliance, title: str) -> Refusal | None:
    """Return why a joint result cannot be named, or None if it can."""
    if alliance.live_since is None:
        reason = _("Joint results can be named once all parties have accepted the same charter.")
        return Refusal("alliances.not_live", reason)
    if not title:
        return Refusal("alliances.no_title", _("Say in a few words what you made together."))
    return why_closed(alliance)


def why_not_propose(said: SplitInput, parties: Sequence[Party], standings: Sequence[Standing]) -> Refusal | None:
    """Return why a result cannot be divided like this, or None if it can."""
    whys = {Way.PROPORTIONAL: _why_not_by_book, Way.HAND: _why_not_by_hand, Way.SHAPLEY: _why_not_by_worth}
    why = whys.get(Way(said.way))
    return why(said, parties, standings) if why else None


def _why_not_by_book(said: SplitInput, _parties: Sequence[Party], standings: Sequence[Standing]) -> Refusal | None:
    """Return why a result cannot be divided by what each side gave, or None if it can."""
    waiting = open_lines(standings)
    if waiting and not said.leaves_out:
        named = ", ".join(f"#{one.line.number}" for one in waiting)
        reason = _("These lines wait for an answer or are disputed: %(lines)s. Settle them first, or leave them out.")
        return Refusal("alliances.lines_open", reason % {"lines": named})
    if not any(one.counted for one in standings):
        reason = _("No line of the book counts yet, so no shares follow from it.")
        return Refusal("alliances.nothing_counts", reason)
    return None


def _why_not_by_hand(said: SplitInput, parties: Sequence[Party], _standings: Sequence[Standing]) -> Refusal | None:
    """Return why these shares do not divide a whole, or None if they do."""
    if len(said.shares) != len(parties) or any(share < 0 for share in said.shares):
        return Refusal("alliances.share", _("Each side has one share, 0 or more."))
    if sum(said.shares) != WHOLE:
        reason = _("The shares come to %(sum)s per cent. They have to come to 100 exactly, to the thousandth.")
        return Refusal("alliances.shares", reason % {"sum": per_cent(sum(said.shares))})
    return None if said.note else Refusal("alliances.no_reason", _("Say how you came to these shares."))


def _why_not_by_worth(said: SplitInput, parties: Sequence[Party], _standings: Sequence[Standing]) -> Refusal | None:
    """Return why no shares follow from what groups of parties would make, or None if they do."""
    if set(said.worth) != set(groups_of(len(parties))):
        return Refusal("alliances.worth_missing", _("Say for every group of parties what it would make alone."))
    added = _added(said, len(parties))
    if min(added) < 0 or not any(added):
        reason = _("By these values a side adds less than nothing, or nobody anything: no shares follow from that.")
        return Refusal("alliances.adds_nothing", reason)
    return None


def _added(said: SplitInput, n_parties: int) -> tuple[Fraction, ...]:
    """Return what each party adds on average to the groups of the others."""
    worth: dict[Collection[int], Fraction] = {group: Fraction(value) for group, value in said.worth.items()}
    return shapley(n_parties, worth)


def worked_out(said: SplitInput, parties: Sequence[Party], standings: Sequence[Standing]) -> dict[str, Any]:
    """Return the content of a division: the shares, and everything they are worked out from, as plain values."""
    keys = [party.organisation.key for party in parties]
    weights, told = _weighed(said, parties, standings)
    shares = list(said.shares) if said.way == Way.HAND else list(in_parts(weights, parts=WHOLE))
    rows = zip(keys, shares, weights, strict=True)
    content = {
        "way": str(said.way),
        "shares": [{"party": key, "share": share, "weight": str(weight)} for key, share, weight in rows],
        **told,
    }
    return dict(plain(content))


def _weighed(
    said: SplitInput, parties: Sequence[Party], standings: Sequence[Standing]
) -> tuple[Sequence[Fraction], dict[str, Any]]:
    """Return the weight of each party, and what it comes from."""
    if said.way == Way.PROPORTIONAL:
        return _by_book(parties, standings)
    if said.way == Way.SHAPLEY:
        keys = [party.organisation.key for party in parties]
        groups = groups_of(len(parties))
        rows = [{"parties": [keys[one] for one in group], "worth": f"{said.worth[group]:.2f}"} for group in groups]
        return _added(said, len(parties)), {"worth": rows}
    shares = said.shares if said.way == Way.HAND else [1] * len(parties)
    return [Fraction(share) for share in shares], {}


def _by_book(parties: Sequence[Party], standings: Sequence[Standing]) -> tuple[list[Fraction], dict[str, Any]]:
    """Return what each party gave in lines that count, which lines these are, and which are left out."""
    given = {party.pk: Fraction() for party in parties}
    counting = [one for one in standings if one.counted is not None]
    for one in counting:
        given[one.line.giver_id] += Fraction(one.counted or 0)
    lines = [{"number": one.line.number, "counted": f"{one.counted:.2f}"} for one in counting]
    left_out = [
        {"number": one.line.number, "state": str(one.state), "value": f"{one.line.value:.2f}"}
        for one in open_lines(standings)
    ]
    return list(given.values()), {"lines": lines, "left_out": left_out}


def split_fingerprint(
    result: Result, party_keys: Sequence[str], number: int, content: Mapping[str, Any], note: str
) -> str:
    """Return the SHA-256 over a division: of what, among whom, in which currency, and all it is worked out from."""
    return verifier.digest(verifier.canonical(hashed_split(result, party_keys, number, content, note)))


def hashed_split(
    result: Result, party_keys: Sequence[str], number: int, content: Mapping[str, Any], note: str
) -> dict[str, Any]:
    """Return what the hash of a division is made over."""
    return {
        "alliance": result.alliance.key,
        "result": result.key,
        "title": result.title,
        "currency": result.alliance.currency,
        "parties": list(party_keys),
        "number": number,
        "content": dict(content),
        "note": note,
    }


def why_not_change_split(newest: Split | None, content: Mapping[str, Any], note: str) -> Refusal | None:
    """Return why a division that says the same as the newest one cannot be proposed again, or None if it differs."""
    if newest is not None and (newest.content, newest.note) == (content, note):
        return Refusal("alliances.split_same", _("That is what the newest proposal says already."))
    return None


def why_not_divide(party: Party, parties: Collection[Party]) -> Refusal | None:
    """Return why a party has no say in how a result is divided, or None if it has."""
    if party in parties:
        return None
    reason = _("How this is divided was agreed before your side joined. It stays with the parties of then.")
    return Refusal("alliances.not_dividing", reason)


def why_not_accept_split(
    newest: Split | None, *, seen: str, has_accepted: bool, is_outdated: bool = False
) -> Refusal | None:
    """Return why a party cannot agree to the division whose hash it has `seen`, or None if it can."""
    if newest is None:
        return Refusal("alliances.no_split", _("Nobody has proposed a division yet."))
    if newest.sha256 != seen:
        reason = _("Another division has been proposed since you opened this page. Look at it, then agree to it.")
        return Refusal("alliances.split_changed", reason)
    if is_outdated:
        reason = _("A further party has joined since this was proposed. Propose the division anew, with its share.")
        return Refusal("alliances.split_outdated", reason)
    if has_accepted:
        return Refusal("alliances.split_accepted", _("Your side has agreed to this division."))
    return None


def has_moved(content: Mapping[str, Any], standings: Sequence[Standing]) -> bool:
    """Say whether other lines of the book count, or wait, than when a division by the book was worked out."""
    if content["way"] != Way.PROPORTIONAL:
        return False
    keys = {row["party"] for row in content["shares"]}
    among = [one for one in standings if one.line.giver.organisation.key in keys]
    _weights, now = _by_book([one.line.giver for one in among], among)
    return any(now[name] != content[name] for name in ("lines", "left_out"))


def per_cent(thousandths: int) -> str:
    """Return a share in per cent with three decimals and a point."""
    whole, rest = divmod(thousandths, 1000)
    return f"{whole}.{rest:03d}"
