"""What a selection is computed from: ideas with scores, costs and links, as arrays for the engine."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from permea.challenges.models import Challenge
from permea.evaluation.models import Ranking
from permea.ideas.models import Idea
from permea.selection.models import Estimate, SelectionLimits


@dataclass(frozen=True, slots=True)
class Candidate:
    """An idea that could be chosen: what it is worth and what it takes."""

    key: str
    title: str
    score: float
    money: float
    days: float
    bucket: str
    is_estimated: bool


@dataclass(frozen=True, slots=True)
class Program:
    """A selection problem in the engine's terms; `names` tells what each limit of a conflict is."""

    candidates: list[Candidate]
    bar: float
    costs: list[list[float]]
    capacities: list[float]
    budgets: list[str]
    options: dict[str, Any] = field(default_factory=dict)
    bucket_names: list[str] = field(default_factory=list)

    @property
    def values(self) -> list[float]:
        """Return what each candidate is worth: points above the bar."""
        return [one.score - self.bar for one in self.candidates]

    @property
    def sha256(self) -> str:
        """Return a fingerprint of the inputs."""
        content = {
            "candidates": [[one.key, one.score, one.money, one.days, one.bucket] for one in self.candidates],
            "bar": self.bar,
            "capacities": self.capacities,
            "options": self.options,
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def limits_of(challenge: Challenge) -> SelectionLimits | None:
    """Return the limits set for a challenge, or None."""
    return SelectionLimits.objects.filter(challenge=challenge).first()


def candidates_of(challenge: Challenge, ranking: Ranking) -> list[Candidate]:
    """Return the ranked ideas with what they take: the manager's estimate, else what the contributor asks."""
    entries = {
        idea.key: idea
        for idea in Idea.objects.filter(challenge=challenge, status=Idea.Status.SUBMITTED).only(
            "key", "title", "asked_money", "asked_days"
        )
    }
    estimates = {row.idea.key: row for row in Estimate.objects.filter(idea__challenge=challenge).select_related("idea")}
    rows = []
    for row in ranking.result["ideas"]:
        idea, estimate = entries.get(row["key"]), estimates.get(row["key"])
        if idea is None or row["score"] is None:
            continue
        rows.append(
            Candidate(
                key=idea.key,
                title=idea.title,
                score=row["score"],
                money=float(estimate.money if estimate else idea.asked_money or 0),
                days=float(estimate.days if estimate else idea.asked_days or 0),
                bucket=estimate.bucket if estimate else "",
                is_estimated=estimate is not None,
            )
        )
    return rows


def program_of(candidates: list[Candidate], limits: SelectionLimits | None) -> Program:
    """Return the selection problem; links to ideas that are not ranked fall away."""
    place = {one.key: index for index, one in enumerate(candidates)}
    budgets = [name for name in ("money", "days") if limits is not None and getattr(limits, name) is not None]
    columns = budgets or ["money"]
    capacities = (
        [float(getattr(limits, name)) for name in budgets] if budgets else [sum(one.money for one in candidates)]
    )
    options: dict[str, Any] = {}
    names: list[str] = []
    if limits is not None:
        names = sorted({one.bucket for one in candidates if one.bucket})
        _bucket_options(options, candidates, names, limits.buckets)
        options["exclusions"] = _known(limits.exclusions, place, at_least=2)
        options["dependencies"] = [tuple(pair) for pair in _known(limits.dependencies, place, at_least=2)]
        if limits.n_most is not None:
            options["max_items"] = limits.n_most
    return Program(
        candidates=candidates,
        bar=float(limits.bar) if limits is not None else 3.0,
        costs=[[getattr(one, name) for name in columns] for one in candidates],
        capacities=capacities,
        budgets=budgets,
        options={name: value for name, value in options.items() if value not in ([], None)},
        bucket_names=names,
    )


def _known(links: list[list[str]], place: dict[str, int], *, at_least: int) -> list[list[int]]:
    """Return links between ideas by place, without ideas that are not ranked."""
    found = [[place[key] for key in link if key in place] for link in links]
    return [link for link in found if len(link) >= at_least]


def _bucket_options(
    options: dict[str, Any], candidates: list[Candidate], names: list[str], buckets: list[dict[str, Any]]
) -> None:
    """Add minimum and maximum per bucket, counted in ideas."""
    if not buckets or not names:
        return
    place = {name: index for index, name in enumerate(names)}
    low: list[float] = [float("nan")] * len(names)
    high = list(low)
    for bucket in buckets:
        if bucket["name"] in place:
            low[place[bucket["name"]]] = float("nan") if bucket["minimum"] is None else bucket["minimum"]
            high[place[bucket["name"]]] = float("nan") if bucket["maximum"] is None else bucket["maximum"]
    options["buckets"] = [place.get(one.bucket, -1) for one in candidates]
    options["bucket_minimums"], options["bucket_maximums"] = low, high
