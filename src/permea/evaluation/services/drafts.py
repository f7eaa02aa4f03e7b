"""Writing drafts of assignments: worked out, changed by hand, published or thrown away."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db import transaction

from permea.challenges.models import Challenge
from permea.evaluation import rules
from permea.evaluation.events import AssignmentsMade
from permea.evaluation.models import Assignment, AssignmentDraft, Conflict, DraftPair, Panel
from permea.evaluation.queries.facts import Facts, Pair, assignment_facts, draft_pairs, planned
from permea.evaluation.services.dealing import write_assignments
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.people import rules as people_rules
from permea.people.models import Person
from permea.people.queries import role_in
from permea_engine import ENGINE_VERSION

Origin = DraftPair.Origin


@transaction.atomic
def draft_assignments(
    *,
    challenge_id: int,
    actor: Person,
    reviews_per_idea: int,
    extra_load: int = 0,
    needs_experience: bool = False,
    at: datetime,
) -> AssignmentDraft:
    """Work out who is to judge what, within the time evaluators stated; nobody is told.

    What is given out stays, and so does what was changed by hand in a draft before. Raises RefusedError before the
    deadline, without a panel, and to non-managers.
    """
    panel, facts = _locked(challenge_id, actor, at)
    before = draft_pairs(getattr(panel, "draft", None))
    by_hand = {pair: origin for pair, origin in before.items() if origin != Origin.COMPUTED and _is_there(facts, pair)}
    added = {pair for pair, origin in by_hand.items() if origin == Origin.ADDED and pair not in facts.bars}
    removed = {pair for pair, origin in by_hand.items() if origin == Origin.REMOVED}
    held = (set(facts.given) - removed) | added
    found = rules.spread(
        _needs(facts, held, reviews_per_idea),
        _seats(facts, held, removed, extra_load),
        seed=panel.challenge.key,
        is_experience_needed=needs_experience,
    )
    draft, _created = AssignmentDraft.objects.update_or_create(
        panel=panel,
        defaults={
            "reviews_per_idea": reviews_per_idea,
            "extra_load": extra_load,
            "needs_experience": needs_experience,
            "result": {"ways": found.ways, "n_lacking": sum(found.lacking.values())},
            "steps": [],
            "basis": facts.basis,
            "engine_version": ENGINE_VERSION,
            "computed_at": at,
        },
    )
    origins = dict.fromkeys(found.pairs, Origin.COMPUTED) | dict.fromkeys(added, Origin.ADDED)
    _store(draft, origins | dict.fromkeys(removed, Origin.REMOVED))
    return draft


def _store(draft: AssignmentDraft, origins: dict[Pair, Origin]) -> None:
    """Put these pairs in the place of those the draft had."""
    DraftPair.objects.filter(draft=draft).delete()
    DraftPair.objects.bulk_create(
        DraftPair(draft=draft, panelist_id=panelist, idea_id=idea, origin=origin)
        for (panelist, idea), origin in sorted(origins.items())
    )


def _locked(challenge_id: int, actor: Person, at: datetime) -> tuple[Panel, Facts]:
    """Return the panel of the locked challenge and the facts. Raises RefusedError as `rules.why_not_deal_out` says."""
    challenge = Challenge.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=challenge_id)
    demand(people_rules.why_not_manage(role_in(actor, challenge.organisation_id)))
    panel = Panel.objects.filter(challenge=challenge).select_related("draft").first()
    demand(rules.why_not_deal_out(challenge, 0 if panel is None else 1, at=at))
    assert panel is not None  # noqa: S101 - refused above
    panel.challenge = challenge
    facts = assignment_facts(challenge, panel, at=at)
    demand(rules.why_not_deal_out(challenge, len(facts.seats), at=at))
    return panel, facts


def _is_there(facts: Facts, pair: Pair) -> bool:
    return pair[0] in facts.seats and pair[1] in facts.ideas


def _needs(facts: Facts, held: set[Pair], wanted: int) -> dict[int, int]:
    n_held = Counter(idea for _panelist, idea in held)
    return {idea: wanted - n_held[idea] - facts.left[idea] for idea in facts.ideas}


def _seats(facts: Facts, held: set[Pair], removed: set[Pair], extra_load: int) -> list[rules.Seat]:
    """Return the judges as the spreading of work sees them."""
    of_judge: dict[int, dict[str, set[int]]] = {
        pk: {"held": set(), "barred": set(), "open": set()} for pk in facts.seats
    }
    for panelist, idea in held:
        of_judge[panelist]["held"].add(idea)
    for (panelist, idea), bar in facts.bars.items():
        if panelist in of_judge:
            of_judge[panelist]["open" if bar in {"house", "declared"} else "barred"].add(idea)
    for panelist, idea in removed:
        of_judge[panelist]["barred"].add(idea)
    return [
        rules.Seat(
            pk,
            load=len(sets["held"] - facts.ideas.keys()),
            barred=frozenset(sets["barred"]),
            conflicts=frozenset(sets["open"] - sets["barred"]),
            held=frozenset(sets["held"] & facts.ideas.keys()),
            limit=facts.time[pk] + extra_load,
            is_new=pk in facts.newcomers,
        )
        for pk, sets in of_judge.items()
    ]


@transaction.atomic
def add_to_draft(*, challenge_id: int, panelist_key: str, idea_key: str, actor: Person, at: datetime) -> None:
    """Give a judge an idea by hand. Raises RefusedError as `rules.why_not_this_pair` says."""
    panel, facts = _locked(challenge_id, actor, at)
    draft, pair = _draft(panel), _pair(facts, panelist_key, idea_key)
    pairs = draft_pairs(draft)
    plan = planned(facts, pairs)
    demand(None if _is_there(facts, pair) else rules.why_gone())
    demand(
        rules.why_not_this_pair(
            bar=facts.bars.get(pair, ""),
            is_there=pair in plan,
            load=sum(panelist == pair[0] for panelist, _idea in plan),
            limit=facts.time[pair[0]] + draft.extra_load,
        )
    )
    _step(draft, pair, before=pairs.get(pair, ""), then="" if pair in facts.given else Origin.ADDED)


@transaction.atomic
def take_out_of_draft(*, challenge_id: int, panelist_key: str, idea_key: str, actor: Person, at: datetime) -> None:
    """Take a judge off an idea by hand; a review that is open is taken back once the draft is published.

    Raises RefusedError for a pair that is not there, and as `rules.why_not_take_apart` says.
    """
    panel, facts = _locked(challenge_id, actor, at)
    draft, pair = _draft(panel), _pair(facts, panelist_key, idea_key)
    pairs = draft_pairs(draft)
    demand(None if pair in planned(facts, pairs) else rules.why_gone())
    given = facts.given.get(pair)
    demand(rules.why_not_take_apart(given.status, is_begun=given.is_begun) if given else None)
    _step(draft, pair, before=pairs.get(pair, ""), then=Origin.REMOVED)


def _draft(panel: Panel) -> AssignmentDraft:
    """Return the panel's draft. Raises RefusedError if there is none."""
    draft: AssignmentDraft | None = getattr(panel, "draft", None)
    demand(rules.why_not_without_draft(draft))
    assert draft is not None  # noqa: S101 - refused above
    return draft


def _pair(facts: Facts, panelist_key: str, idea_key: str) -> Pair:
    """Return the pair these keys mean; 0 for what is not there any more."""
    seats = {seat.key: pk for pk, seat in facts.seats.items()}
    ideas = {idea.key: pk for pk, idea in facts.ideas.items()}
    return seats.get(panelist_key, 0), ideas.get(idea_key, 0)


def _step(draft: AssignmentDraft, pair: Pair, *, before: str, then: str) -> None:
    """Change one pair, and remember how it was."""
    _set(draft, pair, then)
    draft.steps.append([*pair, before])
    draft.save(update_fields=["steps"])


def _set(draft: AssignmentDraft, pair: Pair, origin: str) -> None:
    rows = DraftPair.objects.filter(draft=draft, panelist_id=pair[0], idea_id=pair[1])
    if not origin:
        rows.delete()
    elif not rows.update(origin=origin):
        DraftPair.objects.create(draft=draft, panelist_id=pair[0], idea_id=pair[1], origin=origin)


@transaction.atomic
def undo_in_draft(*, challenge_id: int, actor: Person, at: datetime) -> AssignmentDraft:
    """Take the last change by hand back. Raises RefusedError if there is none."""
    panel, _facts = _locked(challenge_id, actor, at)
    draft = _draft(panel)
    demand(rules.why_not_undo(draft.steps))
    panelist, idea, before = draft.steps.pop()
    _set(draft, (panelist, idea), before)
    draft.save(update_fields=["steps"])
    return draft


@transaction.atomic
def discard_draft(*, challenge_id: int, actor: Person, at: datetime) -> None:
    """Throw a draft away. Raises RefusedError if there is none."""
    panel, _facts = _locked(challenge_id, actor, at)
    _draft(panel).delete()


@transaction.atomic
def publish_draft(*, challenge_id: int, actor: Person, at: datetime) -> int:
    """Give out what the draft says and tell the evaluators, once; return how many reviews were given out.

    Raises RefusedError as `rules.why_not_publish` says.
    """
    panel, facts = _locked(challenge_id, actor, at)
    draft = _draft(panel)
    pairs = draft_pairs(draft)
    fresh = sorted(pair for pair, state in planned(facts, pairs).items() if state in {Origin.COMPUTED, Origin.ADDED})
    gone = [pair for pair, origin in pairs.items() if origin == Origin.REMOVED and pair in facts.given]
    demand(rules.why_not_publish(n_pairs=len(fresh) + len(gone), is_stale=draft.basis != facts.basis))
    for panelist, idea in gone:
        Assignment.objects.filter(panelist_id=panelist, idea_id=idea, status=Assignment.Status.OPEN).update(
            status=Assignment.Status.RELEASED, ended_at=at
        )
    write_assignments(fresh, seed=panel.challenge.key, at=at)
    draft.delete()
    if fresh:
        judges = tuple(sorted({panelist for panelist, _idea in fresh}))
        publish(AssignmentsMade(challenge_id=panel.challenge_id, panelist_ids=judges, at=at))
    return len(fresh)


@transaction.atomic
def state_conflict(
    *, challenge_id: int, panelist_key: str, idea_key: str, status: str, reason: str, actor: Person, at: datetime
) -> Conflict:
    """Declare a conflict of interest, or dismiss one, with a reason; a draft then has to be computed again.

    Raises RefusedError as `rules.why_not_state_conflict` says.
    """
    _panel, facts = _locked(challenge_id, actor, at)
    pair = _pair(facts, panelist_key, idea_key)
    demand(None if _is_there(facts, pair) else rules.why_gone())
    demand(rules.why_not_state_conflict(facts.bars.get(pair, ""), status, reason))
    conflict, _created = Conflict.objects.update_or_create(
        panelist_id=pair[0],
        idea_id=pair[1],
        defaults={"status": status, "reason": reason.strip(), "stated_by": actor, "stated_at": at},
    )
    return conflict


@transaction.atomic
def set_dealing(*, challenge_id: int, actor: Person, is_dealt_at_closing: bool, at: datetime) -> Panel:
    """Say whether reviews are dealt out by themselves at the deadline, or wait for somebody to look at a draft.

    Raises RefusedError to non-managers and once the challenge is decided.
    """
    challenge = Challenge.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=challenge_id)
    demand(people_rules.why_not_manage(role_in(actor, challenge.organisation_id)))
    demand(rules.why_not_change_panel(challenge))
    panel, _created = Panel.objects.update_or_create(
        challenge=challenge, defaults={"is_dealt_at_closing": is_dealt_at_closing, "changed_at": at}
    )
    return panel
