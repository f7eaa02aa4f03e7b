"""Deciding about lines: who may write, answer and settle them, where each stands, and what of it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from permea.alliances.models import Alliance, Contribution, Party, Word
from permea.alliances.rules.charter import why_closed
from permea.alliances.rules.presence import counts_for
from permea.foundation.refusals import Refusal
from permea.ledger import verifier
from permea.ledger.chain import plain

GENESIS = verifier.GENESIS
WAITING, REPLACED = "waiting", "replaced"
Said = Word.Kind


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a line stands, what was said of it, and what counts: None where nothing does."""

    line: Contribution
    state: str
    counted: Decimal | None
    words: tuple[Word, ...]

    @property
    def last(self) -> Word | None:
        """Return what was said last."""
        return self.words[-1] if self.words else None


def content_of(line: Contribution, previous: str) -> dict[str, Any]:
    """Return what the hash of a line is made over: the line itself, and the hash of the one before it."""
    content = {
        "alliance": line.alliance.key,
        "number": line.number,
        "line": line.key,
        "giver": line.giver.organisation.key,
        "receiver": line.receiver.organisation.key if line.receiver else "",
        "kind": str(line.kind),
        "amount": f"{line.amount:.2f}",
        "unit": line.unit,
        "value": f"{line.value:.2f}",
        "currency": line.alliance.currency,
        "on": line.on,
        "note": line.note,
        "corrects": line.corrects.key if line.corrects else "",
        "written_at": line.written_at,
        "previous": previous,
    }
    return dict(plain(content))


def hash_of(line: Contribution, previous: str) -> str:
    """Return the SHA-256 over a line and the hash of the line before it."""
    return verifier.digest(verifier.canonical(content_of(line, previous)))


def why_not_contribute(alliance: Alliance) -> Refusal | None:
    """Return why nobody can write into the ledger of an alliance, or None if its parties can."""
    if alliance.live_since is None:
        return Refusal("alliances.not_live", _("Lines can be written once all parties have accepted the same charter."))
    return why_closed(alliance)


def why_not_write_line(line: Contribution, *, is_ours: bool, is_corrected: bool, today: date) -> Refusal | None:
    """Return why a line cannot be written, or None if it can.

    `is_ours` says that the line it corrects, if any, was written by the same side, `is_corrected` that another line
    corrects that one already.
    """
    if line.corrects is not None and not is_ours:
        return Refusal(
            "alliances.not_our_line", _("Only the side that wrote a line can correct it. You can dispute it.")
        )
    if is_corrected:
        return Refusal("alliances.corrected", _("This line is corrected already. Correct the newer one."))
    if line.receiver == line.giver:
        return Refusal("alliances.for_oneself", _("What your side does for itself is no contribution."))
    if line.on > today:
        return Refusal(
            "alliances.not_yet", _("Write down what has been given, not what will be. Choose a day up to today.")
        )
    if line.corrects is None and not line.amount:
        return Refusal("alliances.nothing_given", _("Say how much it was."))
    return None


def standings(lines: Sequence[Contribution], words: Iterable[Word]) -> dict[int, Standing]:
    """Return where each line of an alliance stands, by number of its row; `words` come in their order."""
    said: dict[int, list[Word]] = {line.pk: [] for line in lines}
    for word in words:
        said[word.contribution_id].append(word)
    newer = {line.corrects_id: line for line in lines if line.corrects_id is not None}
    return {line.pk: _standing(line, said, newer) for line in lines}


def _standing(line: Contribution, said: Mapping[int, list[Word]], newer: Mapping[int, Contribution]) -> Standing:
    """Return where a line stands: a correction that is confirmed or settled takes its place."""
    state, value = _state(line, said[line.pk])
    later = newer.get(line.pk)
    while later is not None:
        if _state(later, said[later.pk])[1] is not None:
            return Standing(line, REPLACED, None, tuple(said[line.pk]))
        later = newer.get(later.pk)
    return Standing(line, state, value, tuple(said[line.pk]))


def _state(line: Contribution, words: Sequence[Word]) -> tuple[str, Decimal | None]:
    """Return where a line stands by what was said of it, and what then counts of it."""
    if not words:
        return WAITING, None
    last = words[-1]
    if last.kind == Said.CONFIRMED:
        return last.kind, line.value
    return last.kind, last.value if last.kind == Said.AGREED else None


def answers(line: Contribution, party: Party) -> bool:
    """Say whether a party answers a line: its receiver, or anybody but the giver if it is for all others."""
    return party != line.giver and (line.receiver == party or (line.receiver is None and counts_for(line, party)))


def why_not_answer(
    standing: Standing, party: Party, *, is_newest: bool, kind: str, reason: str, value: Decimal | None
) -> Refusal | None:
    """Return why a party may not say this of a line, or None if it may; `is_newest` says that nothing corrects it."""
    line, state = standing.line, standing.state
    if not is_newest:
        return Refusal("alliances.corrected", _("A newer line corrects this one: answer that one."))
    if party != line.giver and not answers(line, party):
        return Refusal("alliances.not_concerned", _("Only the sides this line is about can answer it."))
    if kind in {Said.CONFIRMED, Said.DISPUTED} and not answers(line, party):
        return Refusal("alliances.own_line", _("Your side wrote this line; the other side confirms or disputes it."))
    if state not in OPEN_TO[kind]:
        return Refusal("alliances.answered", _("This line stands otherwise by now. Look at the page again."))
    if kind in {Said.DISPUTED, Said.PROPOSED} and not reason:
        return Refusal("alliances.no_reason", _("Say why, in a sentence the other side understands."))
    if kind == Said.PROPOSED and value is None:
        return Refusal("alliances.no_value", _("Name the value you could agree to."))
    return _why_not_agree(standing, party, value) if kind == Said.AGREED else None


OPEN_TO: dict[str, set[str]] = {
    Said.CONFIRMED: {WAITING, Said.DISPUTED, Said.PROPOSED},
    Said.DISPUTED: {WAITING},
    Said.PROPOSED: {Said.DISPUTED, Said.PROPOSED},
    Said.AGREED: {Said.PROPOSED},
}


def _why_not_agree(standing: Standing, party: Party, value: Decimal | None) -> Refusal | None:
    """Return why a party may not accept a proposed settlement, or None if it may: it takes both sides."""
    giver, proposed = standing.line.giver, standing.words[-1]
    if (party == giver) == (proposed.party == giver):
        return Refusal("alliances.own_proposal", _("Your side proposed this; it takes the other side to accept it."))
    if value != proposed.value:
        reason = _("Another value has been proposed since you opened this page. Look at it, then accept it.")
        return Refusal("alliances.proposal_changed", reason)
    return None
