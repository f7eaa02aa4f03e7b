"""What participants of a round measure and say: before, after, and what they would change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from permea.foundation.refusals import demand
from permea.ideas.rules import fingerprint
from permea.trials import rules
from permea.trials.models import Participant, PrototypeRound, Suggestion
from permea.trials.services.common import came_in, went_out


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackInput:
    """What somebody measured with a prototype and says of it; with a name they are credited, an address hears more."""

    after: Decimal | None
    ease: int
    worked: str = ""
    failed: str = ""
    change: str = ""
    name: str = ""
    email: str = ""


@transaction.atomic
def begin_round(*, round_id: int, seed: str, at: datetime) -> Participant:
    """Let anybody with the link take part; the same form twice is one place.

    Raises RefusedError as `rules.why_not_begin` says.
    """
    round_ = PrototypeRound.objects.select_for_update(of=("self",)).get(pk=round_id)
    former = Participant.objects.filter(form_hash=rules.form_hash(seed)).first()
    if former is not None:
        return former
    demand(rules.why_not_begin(round_, at=at))
    return _begin(Participant(round=round_, form_hash=rules.form_hash(seed), made_at=at), round_, at)


@transaction.atomic
def begin_participation(*, participant_id: int, at: datetime) -> Participant:
    """Let somebody who was asked take part, once. Raises RefusedError as `rules.why_not_answer` says."""
    participant = _locked(participant_id)
    round_ = PrototypeRound.objects.select_for_update(of=("self",)).get(pk=participant.round_id)
    demand(rules.why_not_answer(round_, participant, at=at))
    return participant if participant.begun_at else _begin(participant, round_, at)


def _begin(participant: Participant, round_: PrototypeRound, at: datetime) -> Participant:
    """Store that somebody takes part."""
    participant.begun_at = at
    participant.save()
    round_.n_begun += 1
    round_.save(update_fields=["n_begun"])
    return participant


def _locked(participant_id: int) -> Participant:
    """Return a place, locked until the transaction ends."""
    rows = Participant.objects.select_for_update(of=("self",)).select_related("round__organisation")
    return rows.get(pk=participant_id)


@transaction.atomic
def save_before(*, participant_id: int, before: Decimal | None, at: datetime) -> Participant:
    """Keep what somebody measures without the prototype; until they finish they can correct it.

    Who calls this has shown the private link. Raises RefusedError as `rules.why_not_answer` and
    `rules.why_not_figures` say.
    """
    participant = begin_participation(participant_id=participant_id, at=at)
    demand(rules.why_not_figures(before))
    participant.before = rules.figure_of(before)  # type: ignore[arg-type]  # the rule has seen a number
    participant.save(update_fields=["before"])
    return participant


@transaction.atomic
def give_feedback(*, participant_id: int, said: FeedbackInput, at: datetime) -> Participant:
    """Take what somebody measured with the prototype and says of it: then it has come in.

    Who calls this has shown the private link. Raises RefusedError as `rules.why_not_answer`, `rules.why_not_feedback`
    and `rules.why_not_figures` say.
    """
    participant = _locked(participant_id)
    demand(rules.why_not_answer(participant.round, participant, at=at))
    demand(rules.why_not_feedback(participant, ease=said.ease, texts=(said.worked, said.failed, said.change)))
    demand(rules.why_not_figures(said.after))
    participant.after = rules.figure_of(said.after)  # type: ignore[arg-type]  # the rule has seen a number
    participant.ease, participant.finished_at = said.ease, at
    participant.worked, participant.failed = said.worked.strip(), said.failed.strip()
    participant.name, participant.email = " ".join(said.name.split()), said.email.strip()
    participant.save()
    if said.change.strip():
        Suggestion.objects.create(participant=participant, text=said.change.strip(), made_at=at)
    _record(participant, said.change.strip(), at)
    return participant


def _record(participant: Participant, change: str, at: datetime) -> None:
    """Append to the ledger that feedback came in: its fingerprint, not its content, and nobody's name."""
    round_ = participant.round
    said = [
        str(participant.before),
        str(participant.after),
        participant.worked,
        participant.failed,
        change,
        round_.salt,
    ]
    facts = {"round": round_.key, "has_suggestion": bool(change), "sha256": fingerprint(said)}
    came_in(round_.organisation, "prototype.answered", ("participant", participant.key), at=at, facts=facts)


@transaction.atomic
def take_back_feedback(*, participant_id: int, at: datetime) -> Participant:
    """Remove what somebody measured and said; that they took part stays in the count.

    Who calls this has shown the private link. Raises RefusedError as `rules.why_not_take_back` says.
    """
    participant = _locked(participant_id)
    round_, was_finished = participant.round, participant.finished_at is not None
    demand(rules.why_not_take_back(round_, participant, at=at))
    Suggestion.objects.filter(participant=participant).delete()
    participant.before = participant.after = participant.ease = participant.finished_at = None
    participant.worked = participant.failed = participant.name = participant.email = ""
    participant.taken_back_at = at
    participant.save()
    if was_finished:
        facts = {"round": round_.key}
        went_out(round_.organisation, "prototype.taken_back", ("participant", participant.key), at=at, facts=facts)
    return participant
