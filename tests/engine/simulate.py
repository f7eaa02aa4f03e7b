"""Simulated reviews for tests: ideas, judges and noise drawn from normal distributions."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np


@dataclass(frozen=True)
class Simulated:
    """Reviews and the truth behind them; `truth` is on the scale of the average judge."""

    idea: np.ndarray
    judge: np.ndarray
    values: np.ndarray
    truth: np.ndarray
    severity: np.ndarray


def simulate(rng, *, n_ideas, n_judges, reviews_each, idea_sd, judge_sd, noise_sd=1.0):
    """Return reviews in which each idea meets `reviews_each` judges, all groups of judges as often as can be."""
    panels = list(combinations(range(n_judges), reviews_each))
    start = rng.integers(len(panels))
    judge = np.concatenate([panels[(start + i) % len(panels)] for i in rng.permutation(n_ideas)])
    idea = np.repeat(np.arange(n_ideas), reviews_each)
    quality, severity = rng.normal(0, idea_sd, n_ideas), rng.normal(0, judge_sd, n_judges)
    marks = 3 + quality[idea] + severity[judge] + rng.normal(0, noise_sd, len(idea))
    return Simulated(idea, judge, marks[:, None], 3 + quality + severity.mean(), severity - severity.mean())
