"""Prototypes and their rounds as the firm keeps them: planned, opened, closed, every suggestion answered and told."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.ideas.rules import fingerprint
from permea.people.models import Organisation, Person
from permea.trials import queries, rules
from permea.trials.events import SuggestionsAnswered
from permea.trials.models import CustomerPanel, Prototype, PrototypeRound, Suggestion
from permea.trials.services.common import demand_managing, offer, panel_for, went_out


@dataclass(frozen=True, slots=True, kw_only=True)
class PrototypeInput:
    """What a prototype is and what it is to change."""

    title: str
    about: str = ""
    language: str = "en"
    measure: str
    unit: str
    is_more_better: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundInput:
    """Whom a round asks, until when, and what is new in it."""

    news: str = ""
    panel: CustomerPanel | None = None
    takes_anyone: bool = False
    closes_at: datetime


@transaction.atomic
def create_prototype(*, organisation: Organisation, content: PrototypeInput, actor: Person, at: datetime) -> Prototype:
    """Begin a prototype. Raises RefusedError to non-managers."""
    demand_managing(organisation.pk, actor)
    return _save(Prototype(organisation=organisation, created_at=at), content)


@transaction.atomic
def change_prototype(*, prototype_id: int, content: PrototypeInput, actor: Person) -> Prototype:
    """Change what a prototype is; what was measured keeps its figures. Raises RefusedError to non-managers."""
    return _save(_managed(prototype_id, actor), content)


def _save(prototype: Prototype, content: PrototypeInput) -> Prototype:
    """Store what a prototype is."""
    prototype.title, prototype.about, prototype.language = (
        content.title.strip(),
        content.about.strip(),
        content.language,
    )
    prototype.measure, prototype.unit = content.measure.strip(), content.unit.strip()
    prototype.is_more_better = content.is_more_better
    prototype.save()
    return prototype


def _managed(prototype_id: int, actor: Person) -> Prototype:
    """Return the locked prototype to somebody who manages. Raises RefusedError to all others."""
    rows = Prototype.objects.select_for_update(of=("self",)).select_related("organisation")
    prototype = rows.get(pk=prototype_id)
    demand_managing(prototype.organisation_id, actor)
    return prototype


@transaction.atomic
def open_round(*, prototype_id: int, content: RoundInput, actor: Person, at: datetime) -> PrototypeRound:
    """Hand the prototype out: the next round begins, and the members of its panel hear of it.

    Raises RefusedError to non-managers and as `rules.why_not_new_round` and `rules.why_not_open` say.
    """
    prototype = _managed(prototype_id, actor)
    last = queries.last_round(prototype)
    demand(rules.why_not_new_round(last, is_last_closed=last is not None and last.is_closed_at(at)))
    round_ = PrototypeRound(
        organisation=prototype.organisation,
        prototype=prototype,
        number=last.number + 1 if last else 1,
        news=content.news.strip(),
        panel=panel_for(content.panel, prototype.organisation),
        takes_anyone=content.takes_anyone,
        language=prototype.language,
        salt=secrets.token_hex(16),
        created_at=at,
        closes_at=content.closes_at,
    )
    demand(rules.why_not_open(round_, at=at))
    round_.opened_at = at
    round_.save()
    n_asked = offer(round_, queries.joined_members(round_.panel), at) if round_.panel else 0
    said = fingerprint([prototype.title, prototype.about, prototype.measure, prototype.unit, round_.news])
    went_out(
        prototype.organisation, "prototype.shown", ("prototype_round", round_.key), at=at, actor=actor,
        is_public=round_.takes_anyone, facts={"number": round_.number, "asked": n_asked, "sha256": said},
    )  # fmt: skip
    return round_


def _managed_round(round_id: int, actor: Person) -> PrototypeRound:
    """Return the locked round to somebody who manages. Raises RefusedError to all others."""
    rows = PrototypeRound.objects.select_for_update(of=("self",)).select_related("prototype", "organisation")
    round_ = rows.get(pk=round_id)
    demand_managing(round_.organisation_id, actor)
    return round_


@transaction.atomic
def close_round(*, round_id: int, actor: Person, at: datetime) -> PrototypeRound:
    """Close a round before its time. Raises RefusedError to non-managers and as `rules.why_not_close` says."""
    round_ = _managed_round(round_id, actor)
    demand(rules.why_not_close(round_, at=at))
    round_.closes_at = at
    round_.save(update_fields=["closes_at"])
    return round_


@transaction.atomic
def answer_suggestion(*, suggestion_id: int, outcome: str, words: str, actor: Person, at: datetime) -> Suggestion:
    """Say what becomes of a suggestion: what was changed, or why not; until all are told it can be said anew.

    Raises RefusedError to non-managers and as `rules.why_not_answer_suggestion` says.
    """
    suggestion = Suggestion.objects.select_related("participant").get(pk=suggestion_id)
    round_ = _managed_round(suggestion.participant.round_id, actor)
    demand(rules.why_not_answer_suggestion(round_, outcome=outcome, words=words))
    suggestion.outcome, suggestion.words, suggestion.answered_at = outcome, words.strip(), at
    suggestion.save(update_fields=["outcome", "words", "answered_at"])
    return suggestion


@transaction.atomic
def tell_answers(*, round_id: int, actor: Person, at: datetime) -> PrototypeRound:
    """Tell everybody who took part what was changed, and why not the rest.

    Raises RefusedError to non-managers and as `rules.why_not_tell` says.
    """
    round_ = _managed_round(round_id, actor)
    counts = queries.suggestion_counts(round_)
    demand(rules.why_not_tell(round_, is_closed=round_.is_closed_at(at), n_waiting=counts["waiting"]))
    round_.told_at = at
    round_.save(update_fields=["told_at"])
    went_out(
        round_.organisation, "suggestions.answered", ("prototype_round", round_.key), at=at, actor=actor,
        facts={"adopted": counts["adopted"], "declined": counts["declined"]},
    )  # fmt: skip
    publish(SuggestionsAnswered(round_id=round_.pk, at=at))
    return round_
