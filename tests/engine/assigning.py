"""Small assignment problems for tests, and every answer they have."""

from itertools import combinations

import numpy as np


def random_case(rng):
    """Return a small problem: affinities, needs, loads and a mask of conflicts."""
    n_ideas, n_judges = rng.integers(1, 5, 2)
    affinity = rng.integers(0, 9, (n_ideas, n_judges)) if rng.random() < 0.5 else rng.normal(0, 1, (n_ideas, n_judges))
    needs, load = rng.integers(0, 3, n_ideas), rng.integers(0, 4, n_judges)
    return affinity.astype(float), needs, load, rng.random((n_ideas, n_judges)) < 0.25


def all_assignments(affinity, needs, load, conflicts):
    """Yield every assignment that keeps the limits, as one set of judges for each idea."""

    def choose(idea, left):
        if idea == len(needs):
            yield ()
            return
        free = [judge for judge in range(len(load)) if left[judge] and not conflicts[idea, judge]]
        for judges in combinations(free, needs[idea]):
            rest = left.copy()
            rest[list(judges)] -= 1
            yield from ((judges, *others) for others in choose(idea + 1, rest))

    yield from choose(0, np.array(load))


def fairness_of(affinity, sets):
    """Return the worst mean and the total of an assignment."""
    rows = [affinity[idea, list(judges)] for idea, judges in enumerate(sets) if judges]
    return (min((row.mean() for row in rows), default=np.nan), sum(row.sum() for row in rows))


def keeps_limits(found, needs, load, conflicts):
    counts = np.bincount(found.idea, minlength=len(needs))
    pairs = set(zip(found.idea.tolist(), found.judge.tolist(), strict=True))
    return bool((counts == needs).all() and (found.load <= load).all() and not conflicts[found.idea, found.judge].any()
                and len(pairs) == len(found.idea))  # fmt: skip
