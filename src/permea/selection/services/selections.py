"""Writing selections: what things cost, what must hold, the best set and changes to it by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from permea.challenges.models import Challenge
from permea.evaluation.queries import latest_ranking, review_facts
from permea.foundation.events import publish
from permea.foundation.refusals import Refusal, RefusedError, demand
from permea.ideas.models import Idea
from permea.ledger.chain import plain
from permea.ledger.services import record_crossing
from permea.ledger.verifier import canonical, digest
from permea.people import rules as people_rules
from permea.people.models import Person
from permea.people.queries import role_in
from permea.selection import rules
from permea.selection.events import SelectionSettled
from permea.selection.models import Estimate, Selection, SelectionChange, SelectionLimits
from permea.selection.queries import Program, candidates_of, limits_of, program_of
from permea.selection.queries.certificates import certify


@dataclass(frozen=True, slots=True)
class EstimateInput:
    """What it would take to build one idea."""

    money: Decimal
    days: Decimal
    bucket: str = ""


@dataclass(frozen=True, slots=True)
class LimitsInput:
    """What a selection may cost and what must hold; links name ideas by key."""

    money: Decimal | None = None
    days: Decimal | None = None
    n_most: int | None = None
    bar: Decimal = Decimal(3)
    buckets: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    exclusions: Sequence[Sequence[str]] = field(default_factory=tuple)
    dependencies: Sequence[Sequence[str]] = field(default_factory=tuple)


def managed(challenge_id: int, actor: Person, *, at: datetime) -> Challenge:
    """Return the locked challenge. Raises RefusedError unless the actor may manage it and it is open for deciding."""
    challenge = Challenge.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=challenge_id)
    demand(people_rules.why_not_manage(role_in(actor, challenge.organisation_id)))
    demand(rules.why_not_change_decisions(challenge, at=at))
    return challenge


@transaction.atomic
def save_estimates(*, challenge_id: int, actor: Person, estimates: Mapping[str, EstimateInput], at: datetime) -> int:
    """Store what ideas (by key) would take and return how many were stored; unknown keys raise RefusedError."""
    challenge = managed(challenge_id, actor, at=at)
    ideas = {idea.key: idea for idea in Idea.objects.filter(challenge=challenge, status=Idea.Status.SUBMITTED)}
    demand(rules.why_not_these_limits((), (), list(estimates), ideas))
    for key, estimate in estimates.items():
        Estimate.objects.update_or_create(
            idea=ideas[key],
            defaults={
                "money": estimate.money,
                "days": estimate.days,
                "bucket": estimate.bucket.strip(),
                "estimated_by": actor,
                "estimated_at": at,
            },
        )
    return len(estimates)


@transaction.atomic
def set_limits(*, challenge_id: int, actor: Person, limits: LimitsInput, at: datetime) -> SelectionLimits:
    """Say what a selection may cost and what must hold. Raises RefusedError for unknown ideas or buckets."""
    challenge = managed(challenge_id, actor, at=at)
    keys = set(Idea.objects.filter(challenge=challenge, status=Idea.Status.SUBMITTED).values_list("key", flat=True))
    names = set(Estimate.objects.filter(idea__challenge=challenge).values_list("bucket", flat=True)) - {""}
    linked = [key for link in (*limits.exclusions, *limits.dependencies) for key in link]
    demand(rules.why_not_these_limits(names, limits.buckets, linked, keys))
    stored, _created = SelectionLimits.objects.update_or_create(
        challenge=challenge,
        defaults={
            "money": limits.money,
            "days": limits.days,
            "n_most": limits.n_most,
            "bar": limits.bar,
            "buckets": [dict(bucket) for bucket in limits.buckets],
            "exclusions": [list(link) for link in limits.exclusions],
            "dependencies": [list(link) for link in limits.dependencies],
            "changed_at": at,
        },
    )
    return stored


def compute_selection(*, challenge_id: int, actor: Person, at: datetime) -> Selection:
    """Compute the best set under the limits and store it with its certificate; the same input is stored once.

    Raises RefusedError without a ranking, and where the limits cannot hold together (naming them).
    """
    with transaction.atomic():
        challenge = managed(challenge_id, actor, at=at)
    ranking = latest_ranking(challenge)
    candidates = candidates_of(challenge, ranking) if ranking else []
    is_compared = ranking is not None and ranking.is_from_comparisons
    demand(rules.why_not_select(challenge, len(candidates), is_compared=is_compared, at=at))
    assert ranking is not None  # noqa: S101 - no ranking means no candidates, refused above
    program = program_of(candidates, limits_of(challenge))
    certificate = certify(program, review_facts(challenge))
    if "conflict" in certificate:
        raise RefusedError(Refusal("selection.impossible", impossible(program, certificate["conflict"])))
    with transaction.atomic():
        managed(challenge_id, actor, at=at)
        former = Selection.objects.filter(challenge=challenge).order_by("-computed_at", "-pk").first()
        if (
            former is not None
            and former.settled_at is None
            and former.ranking_id == ranking.pk
            and former.input_sha256 == program.sha256
            and not former.changes.exists()
        ):
            return former
        return Selection.objects.create(
            challenge=challenge,
            ranking=ranking,
            computed_at=at,
            computed_by=actor,
            input_sha256=program.sha256,
            certificate=certificate,
            chosen=certificate["chosen"],
        )


def impossible(program: Program, conflict: Sequence[Sequence[Any]]) -> str:
    """Return a sentence that names the limits that cannot hold together."""
    named: dict[str, Callable[[int], str]] = {
        "budget": lambda index: {"money": _("the money"), "days": _("the person-days")}[program.budgets[index]],
        "bucket_minimum": lambda index: _("the minimum of “%(name)s”") % {"name": program.bucket_names[index]},
        "bucket_maximum": lambda index: _("the maximum of “%(name)s”") % {"name": program.bucket_names[index]},
        "max_items": lambda _index: _("the largest number of ideas"),
        "exclusion": lambda _index: _("ideas that exclude each other"),
        "dependency": lambda _index: _("an idea that needs another"),
    }
    parts = [named[kind](index) for kind, index in conflict]
    return _("No set keeps all limits: %(limits)s cannot hold together. Relax one of them.") % {
        "limits": ", ".join(dict.fromkeys(parts))
    }


@transaction.atomic
def change_selection(
    *, selection_id: int, idea_key: str, taken_in: bool, reason: str, actor: Person, at: datetime
) -> SelectionChange:
    """Take an idea in or out by hand, with a reason; what it costs in value is stored beside it.

    Raises RefusedError without a reason, once the selection is settled, or for an idea that is not a candidate.
    """
    selection = Selection.objects.select_for_update(of=("self",)).select_related("challenge").get(pk=selection_id)
    challenge = managed(selection.challenge_id, actor, at=at)
    demand(rules.why_not_change_by_hand(selection, reason))
    values = {one.key: one.score for one in candidates_of(challenge, selection.ranking)}
    demand(rules.why_not_these_limits((), (), [idea_key], values))
    former = SelectionChange.objects.filter(selection=selection, idea__key=idea_key).order_by("-pk").first()
    if (idea_key in selection.chosen) == taken_in and former is not None:
        return former
    limits = limits_of(challenge)
    worth = values[idea_key] - float(limits.bar if limits else 3)
    selection.chosen = sorted({*selection.chosen, idea_key} if taken_in else set(selection.chosen) - {idea_key})
    selection.save(update_fields=["chosen"])
    return SelectionChange.objects.create(
        selection=selection,
        idea=Idea.objects.get(key=idea_key),
        taken_in=taken_in,
        reason=reason.strip(),
        value_change=worth if taken_in else -worth,
        changed_by=actor,
        changed_at=at,
    )


@transaction.atomic
def settle_selection(*, selection_id: int, actor: Person, at: datetime) -> Selection:
    """Take a selection as the basis of the decisions; a fingerprint of its certificate goes into the ledger."""
    selection = Selection.objects.select_for_update(of=("self",)).get(pk=selection_id)
    challenge = managed(selection.challenge_id, actor, at=at)
    if selection.settled_at is not None:
        return selection
    selection.settled_at = at
    selection.save(update_fields=["settled_at"])
    record_crossing(
        organisation=challenge.organisation,
        kind="selection.settled",
        direction="inside",
        depth="inside",
        subject_type="selection",
        subject_key=selection.key,
        challenge_key=challenge.key,
        actor=actor,
        at=at,
        facts={
            "input_sha256": selection.input_sha256,
            "certificate_sha256": digest(canonical(plain(selection.certificate))),
            "n_chosen": len(selection.chosen),
            "n_changed_by_hand": selection.changes.count(),
        },
    )
    publish(SelectionSettled(challenge_id=challenge.pk, selection_id=selection.pk, at=at))
    return selection
