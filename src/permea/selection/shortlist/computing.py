"""From marks to ranks, judges and certainty; the choice under limits is made in `choosing`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.selection.shortlist.choosing import choose
from permea.selection.shortlist.model import (
    Certainty,
    Floats,
    Indices,
    Inputs,
    JudgeRow,
    Limits,
    Method,
    RankedIdea,
    Shortlist,
)
from permea.surface.tables import TableError
from permea_engine.errors import EngineError, UndeterminedError
from permea_engine.ratings import (
    Ratings,
    judge_influence,
    krippendorff_alpha,
    rank_order,
    rate_ideas,
    reviews_to_raise_certainty,
    tie_groups,
    top_k_certainty,
    top_k_probabilities,
)

USUAL_TOP = 5
INFLUENCE_AT_MOST = 400_000  # judges x reviews for which leaving out each judge is worked through
TARGET = 0.9
DRAWS, FEWER_DRAWS, MANY_IDEAS = 4000, 2000, 500  # draws for chances: fewer where there are many ideas
Step = Callable[[str], None]  # told what is being done next


@dataclass(frozen=True, slots=True, eq=False)
class _Rated:
    """The engine's results, joined."""

    ratings: Ratings
    p_top: Floats
    groups: Indices
    chosen: np.ndarray
    stability: Floats | None


def compute_shortlist(inputs: Inputs, limits: Limits, *, top: int | None, seed: int, step: Step) -> Shortlist:
    """Rate, rank and choose.

    `top` is how many are wanted; without limits that many are chosen, with limits at most so many. Raises
    InfeasibleLimitsError if the limits cannot hold together, TableError if the marks or limits cannot be used.
    """
    step(_("Rating ideas and judges"))
    weights = _weights(limits, inputs.criteria)
    ratings = _rate(inputs, weights)
    is_limited = limits != Limits(weights=limits.weights, sha256=limits.sha256, bar=limits.bar)
    warnings = list(_review_warnings(ratings))
    choice, stability = None, None
    chosen = np.zeros(len(inputs.ideas), dtype=np.bool_)
    if is_limited:
        made = choose(inputs, limits, ratings, top=top, seed=seed, step=step)
        choice, chosen, stability = made.choice, made.chosen, made.stability
        warnings += made.warnings
    n_rated = int(np.count_nonzero(ratings.n_reviews))
    k = min(n_rated, max(1, top or (int(chosen.sum()) if is_limited else USUAL_TOP)))
    if not is_limited:
        chosen[rank_order(ratings)[:k]] = True
    step(_("Working out how sure the ranking is"))
    n_samples = DRAWS if len(inputs.ideas) <= MANY_IDEAS else FEWER_DRAWS
    rated = _Rated(
        ratings=ratings,
        p_top=top_k_probabilities(ratings, k, n_samples=n_samples, seed=seed),
        groups=tie_groups(ratings, n_samples=n_samples, seed=seed),
        chosen=chosen,
        stability=stability,
    )
    return Shortlist(
        inputs=inputs,
        limits=limits,
        ideas=_ranked_ideas(inputs, rated),
        judges=_judge_rows(inputs, ratings, k),
        certainty=_certainty(ratings, k, n_samples, seed),
        method=_method(inputs, ratings, weights, seed),
        choice=choice,
        warnings=(*inputs.warnings, *warnings),
    )


def _weights(limits: Limits, criteria: tuple[str, ...]) -> Floats:
    unknown = [name for name in limits.weights if name not in criteria]
    if unknown:
        known = ", ".join(criteria)
        raise TableError(
            _("The limits weigh “%(name)s”, but the criteria are %(known)s.") % {"name": unknown[0], "known": known}
        )
    weights = np.array([limits.weights.get(name, 0.0 if limits.weights else 1.0) for name in criteria])
    if not weights.sum():
        raise TableError(_("At least one criterion needs a weight above zero."))
    return np.asarray(weights / weights.sum())


def _rate(inputs: Inputs, weights: Floats) -> Ratings:
    try:
        return rate_ideas(
            inputs.idea,
            inputs.judge,
            inputs.marks,
            n_ideas=len(inputs.ideas),
            n_judges=len(inputs.judges),
            weights=weights,
        )
    except EngineError as error:
        raise TableError(_("The reviews cannot be rated: %(why)s.") % {"why": error}) from None


def _review_warnings(ratings: Ratings) -> list[str]:
    n_unread = int((ratings.n_reviews == 0).sum())
    if not n_unread:
        return []
    return [
        ngettext(
            "One idea has no review: it is listed at the end and cannot be chosen.",
            "%(n)s ideas have no review: they are listed at the end and cannot be chosen.",
            n_unread,
        )
        % {"n": n_unread}
    ]


def _ranked_ideas(inputs: Inputs, rated: _Rated) -> tuple[RankedIdea, ...]:
    order = rank_order(rated.ratings)
    unread = np.flatnonzero(rated.ratings.n_reviews == 0)
    ranked = [_ranked_idea(inputs, rated, int(number), rank) for rank, number in enumerate(order, start=1)]
    return (*ranked, *(_ranked_idea(inputs, rated, int(number), None) for number in unread))


def _ranked_idea(inputs: Inputs, rated: _Rated, number: int, rank: int | None) -> RankedIdea:
    ratings, is_read = rated.ratings, rank is not None
    stability = None if rated.stability is None or not is_read else float(rated.stability[number])
    return RankedIdea(
        idea=inputs.ideas[number],
        rank=rank,
        score=_known(ratings.scores[number]),
        lower=_known(ratings.lower[number]) if is_read else None,
        upper=_known(ratings.upper[number]) if is_read else None,
        plain_mean=_known(ratings.plain_means[number]),
        n_reviews=int(ratings.n_reviews[number]),
        p_top=float(rated.p_top[number]) if is_read else None,
        group=int(rated.groups[number]) + 1 if is_read else None,
        criterion_scores=tuple(_known(score) for score in ratings.criterion_scores[number]),
        is_chosen=bool(rated.chosen[number]),
        stability=stability,
    )


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _judge_rows(inputs: Inputs, ratings: Ratings, k: int) -> tuple[JudgeRow, ...]:
    """Return the judges, harshest first."""
    counts = np.bincount(inputs.judge, minlength=len(inputs.judges))
    changes = None
    if len(inputs.judges) * len(inputs.judge) <= INFLUENCE_AT_MOST:
        changes = judge_influence(ratings, k).top_k_changes
    rows = [
        JudgeRow(
            name=name,
            n_reviews=int(counts[number]),
            severity=_known(ratings.severities[number]),
            lower=_known(ratings.severity_lower[number]),
            upper=_known(ratings.severity_upper[number]),
            n_changes=None if changes is None else int(changes[number]),
        )
        for number, name in enumerate(inputs.judges)
    ]
    return tuple(sorted(rows, key=lambda row: (row.severity is None, row.severity or 0.0, row.name)))


def _certainty(ratings: Ratings, k: int, n_samples: int, seed: int) -> Certainty:
    found = top_k_certainty(ratings, k, n_samples=n_samples, seed=seed)
    try:
        plan = reviews_to_raise_certainty(ratings, k, target=TARGET, seed=seed)
    except UndeterminedError:
        plan = None
    return Certainty(
        k=k,
        set_right=found.set_right,
        share_right=found.share_right,
        regret=found.expected_regret,
        n_more=None if plan is None else plan.n_more,
        certainty_then=None if plan is None else plan.certainty_then,
        is_reached=plan is not None and plan.reached,
    )


def _method(inputs: Inputs, ratings: Ratings, weights: Floats, seed: int) -> Method:
    try:
        alpha = krippendorff_alpha(inputs.idea, inputs.judge, ratings.reviews.columns[:, 0])
    except EngineError:
        alpha = None
    return Method(
        is_corrected=ratings.corrected,
        reason=ratings.reason,
        n_components=ratings.n_components,
        icc=_known(ratings.icc),
        reliability=_known(ratings.reliability),
        reviews_needed=ratings.reviews_for_reliability,
        alpha=alpha,
        weights=tuple(float(weight) for weight in weights),
        scale=(float(np.nanmin(inputs.marks)), float(np.nanmax(inputs.marks))),
        seed=seed,
    )
