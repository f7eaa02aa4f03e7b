"""What a dossier tells: the challenge and how it was decided, without the names of judges and contributors."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404

from permea.challenges.models import Challenge
from permea.challenges.queries import criteria_of, managed_challenge
from permea.evaluation.models import Ranking, Review
from permea.evaluation.queries import latest_ranking
from permea.foundation.refusals import Refusal
from permea.ideas.models import IdeaVersion
from permea.ideas.queries import credit_of
from permea.people.models import Person
from permea.selection import rules
from permea.selection.models import Answer, Award, Decision, Selection, SelectionChange
from permea.selection.queries.pages import latest_selection, withheld_from

BRIEF = ("title", "teaser", "problem", "why_now", "constraints", "acceptance_test", "innovation_type", "currency",
         "prize_amount", "prize_note", "n_winners", "opens_at", "closes_at", "decide_by", "answer_by", "published_at",
         "decided_at", "is_blind", "language")  # fmt: skip


def dossier_blocked(actor: Person, challenge_key: str, *, at: datetime) -> tuple[Challenge, Refusal | None]:
    """Return a challenge and why its manager cannot have its dossier yet. Raises Http404 for everybody else."""
    challenge = managed_challenge(actor, challenge_key)
    return challenge, rules.why_no_dossier(challenge, at=at) or withheld_from(actor, challenge)


def dossier_parts(actor: Person, challenge_key: str, *, at: datetime) -> tuple[Challenge, dict[str, Any]]:
    """Return a challenge and the parts of its dossier, for a manager.

    Raises Http404 for everybody else, while entries are sealed, and while the reader still has reviews to hand in.
    """
    challenge, blocked = dossier_blocked(actor, challenge_key, at=at)
    if blocked is not None:
        raise Http404
    selection = latest_selection(challenge)
    return challenge, {
        "challenge": _brief(challenge),
        "criteria": [
            {"key": one.key, "name": one.name, "question": one.question, "weight": one.weight, "anchors": one.anchors}
            for one in criteria_of(challenge)
        ],
        "entries": _entries(challenge),
        "reviews": _reviews(challenge),
        "ranking": _ranking(latest_ranking(challenge)),
        "selection": _selection(selection),
        "decisions": _decisions(challenge),
        "awards": _awards(challenge),
    }


def _brief(challenge: Challenge) -> dict[str, Any]:
    """Return the brief, the goal it hangs on and its terms."""
    return {
        "key": challenge.key,
        **{name: getattr(challenge, name) for name in BRIEF},
        "goal": challenge.goal.title if challenge.goal else "",
        "terms": [
            {"title": terms.title, "version": terms.version, "sha256": terms.sha256}
            for terms in (challenge.participation_terms, challenge.ip_terms)
            if terms is not None
        ],
        "timetable_changes": [
            {"from": one.closed_at_before, "to": one.closed_at_after, "reason": one.reason, "at": one.changed_at}
            for one in challenge.timetable_changes.order_by("changed_at")
        ],
    }


def _entries(challenge: Challenge) -> list[dict[str, Any]]:
    """Return the entries: number, title, state, versions by fingerprint and shares of credit, not who wrote them."""
    versions: dict[int, list[dict[str, Any]]] = {}
    rows = IdeaVersion.objects.filter(idea__challenge=challenge).order_by("idea_id", "number")
    for idea, number, sha256, made_at in rows.values_list("idea_id", "number", "sha256", "made_at"):
        versions.setdefault(idea, []).append({"number": number, "sha256": sha256, "made_at": made_at})
    ideas = list(challenge.ideas.exclude(status="draft").select_related("merged_into").order_by("submitted_at", "pk"))
    credit = credit_of([one.pk for one in ideas])
    return [
        {
            "key": one.key,
            "title": one.title,
            "status": one.status,
            "source": one.source,
            "merged_into": one.merged_into.key if one.merged_into else "",
            "versions": versions.get(one.pk, []),
            "credit": [row.per_cent for row in credit[one.pk].rows],
            "credit_agreed": credit[one.pk].is_agreed,
        }
        for one in ideas
    ]


def _reviews(challenge: Challenge) -> list[dict[str, Any]]:
    """Return the reviews in force with the judges' neutral labels; notes for the team stay inside."""
    rows = (
        Review.objects.filter(challenge=challenge, superseded_at__isnull=True)
        .select_related("panelist", "idea")
        .prefetch_related("scores__criterion")
        .order_by("idea__submitted_at", "panelist__label")
    )
    return [
        {
            "idea": row.idea.key,
            "judge": row.panelist.label,
            "marks": {score.criterion.key: score.value for score in row.scores.all()},
            "recommendation": row.recommendation,
            "reason": row.reason,
            "submitted_at": row.submitted_at,
        }
        for row in rows
    ]


def _ranking(ranking: Ranking | None) -> dict[str, Any] | None:
    """Return the stored ranking with its provenance."""
    if ranking is None:
        return None
    return {
        "computed_at": ranking.computed_at,
        "engine_version": ranking.engine_version,
        "input_sha256": ranking.input_sha256,
        "n_ideas": ranking.n_ideas,
        "n_reviews": ranking.n_reviews,
        **ranking.result,
    }


def _selection(selection: Selection | None) -> dict[str, Any] | None:
    """Return the newest selection with its certificate and what was changed by hand."""
    if selection is None:
        return None
    changes = SelectionChange.objects.filter(selection=selection).select_related("idea").order_by("pk")
    return {
        "computed_at": selection.computed_at,
        "settled_at": selection.settled_at,
        "input_sha256": selection.input_sha256,
        "certificate": selection.certificate,
        "chosen": selection.chosen,
        "changes": [
            {
                "idea": one.idea.key,
                "taken_in": one.taken_in,
                "reason": one.reason,
                "value_change": one.value_change,
                "at": one.changed_at,
            }
            for one in changes
        ],
    }


def _decisions(challenge: Challenge) -> list[dict[str, Any]]:
    """Return what was decided on each entry and when its contributors were told."""
    rows = Decision.objects.filter(challenge=challenge).select_related("idea").order_by("idea__submitted_at")
    sent = dict(Answer.objects.filter(decision__in=rows).values_list("idea_id", "sent_at"))
    return [
        {
            "idea": one.idea.key,
            "outcome": one.outcome,
            "reason": one.reason,
            "words": one.words,
            "decided_at": one.decided_at,
            "answered_at": sent.get(one.idea_id),
        }
        for one in rows
    ]


def _awards(challenge: Challenge) -> list[dict[str, Any]]:
    """Return the prizes, the state of their payment and of the rights that go with them."""
    rows = Award.objects.filter(decision__challenge=challenge).select_related("decision__idea").order_by("pk")
    merged: dict[int | None, list[str]] = {}
    for lead, key in challenge.ideas.filter(merged_into__isnull=False).order_by("pk").values_list("merged_into", "key"):
        merged.setdefault(lead, []).append(key)
    return [
        {
            "idea": one.decision.idea.key,
            "credit_shared_with": merged.get(one.decision.idea_id, []),
            "prize": one.prize_amount,
            "currency": one.currency,
            "payment": one.payment,
            "paid_at": one.paid_at,
            "rights_accepted_at": one.rights_accepted_at,
        }
        for one in rows
    ]


def dossier_context(actor: Person, challenge_key: str, document: dict[str, Any], *, at: datetime) -> dict[str, Any]:
    """Return what the printed dossier shows: the parts with their numbers, and the proof from the signed document."""
    challenge, parts = dossier_parts(actor, challenge_key, at=at)
    return {
        "challenge": challenge,
        "parts": parts,
        "document": document,
        "titles": {entry["key"]: entry["title"] for entry in parts["entries"]},
        "labels": {"outcome": dict(Decision.Outcome.choices), "reason": dict(Decision.Reason.choices)},
    }
