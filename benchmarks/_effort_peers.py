"""Ways to choose which items to compare next: the product's and its peers', each on simulated judges.

Every function takes true strengths, plays judges who prefer `a` to `b` with chance ``expit(s_a - s_b)``, and yields
after each number of comparisons an item in `checks` the estimate of the strengths. Peers are judged by the mode of the
Bradley-Terry model with the true spread of strengths, which they are told; the product estimates for itself, and is
told nothing of the spread.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.special import betaln, expit, psi

from permea_engine.effort import new_comparisons, next_comparison, with_comparison

POINTS, WEIGHTS = np.polynomial.hermite_e.hermegauss(11)
WEIGHTS = WEIGHTS / WEIGHTS.sum()


class Tally:
    """Wins so far, and the mode of the Bradley-Terry model fitted to them."""

    def __init__(self, truth, spread, rng):
        self.truth, self.spread, self.rng = truth, spread, rng
        self.wins, self.mode = np.zeros((len(truth), len(truth))), np.zeros(len(truth))
        self.n = 0

    def ask(self, first, second):
        """Let judges compare; return which of the first were preferred."""
        preferred = self.rng.random(len(first)) < expit(self.truth[first] - self.truth[second])
        np.add.at(self.wins, (np.where(preferred, first, second), np.where(preferred, second, first)), 1)
        self.n += len(first)
        return preferred

    def fit(self):
        """Return the mode, by Newton's method from the one before, and the precision there."""
        met, won = self.wins + self.wins.T, self.wins.sum(axis=1)
        for _ in range(50):
            chance = expit(self.mode[:, None] - self.mode)
            weight = met * chance * (1 - chance)
            precision = np.diag(weight.sum(axis=1) + 1 / self.spread**2) - weight
            step = np.linalg.solve(precision, won - (met * chance).sum(axis=1) - self.mode / self.spread**2)
            self.mode = self.mode + step
            if np.abs(step).max() < 1e-4:
                break
        return self.mode, precision


def random_pairs(truth, _k, spread, checks, rng):
    """Compare pairs drawn at random."""
    tally, size = Tally(truth, spread, rng), len(truth)
    for each in checks:
        n_more = round(each * size) - tally.n
        first = rng.integers(0, size, n_more)
        tally.ask(first, (first + rng.integers(1, size, n_more)) % size)
        yield tally.fit()[0]


def swiss(truth, _k, spread, checks, rng):
    """Compare neighbours by wins so far, round by round."""
    tally, size = Tally(truth, spread, rng), len(truth)
    for each in checks:
        while tally.n < round(each * size):
            order = np.argsort(-(tally.wins.sum(axis=1) + 0.5 * rng.random(size)))
            tally.ask(order[0 : size - 1 : 2], order[1:size:2])
        yield tally.fit()[0]


def asap(truth, _k, spread, checks, rng):
    """Compare in batches along the minimum spanning tree of the inverse expected information gain.

    After A. Mikhailiuk et al., "Active sampling for pairwise comparisons via approximate message passing and
    information gain maximization", ICPR 2020 (arXiv:2004.05691): here with the logistic likelihood.
    """
    tally, size = Tally(truth, spread, rng), len(truth)
    for each in checks:
        while tally.n < round(each * size):
            mode, precision = tally.fit()
            variance = np.diag(np.linalg.inv(precision))
            gain = information_gain(mode, variance)
            tree = minimum_spanning_tree(np.triu(1 / gain * (1 + 1e-6 * rng.random(gain.shape)), 1)).tocoo()
            tally.ask(tree.row.astype(np.intp), tree.col.astype(np.intp))
        yield tally.fit()[0]


def information_gain(mean, variance):
    """Return the mutual information of each pair's outcome and the two strengths, in nats."""
    centre = mean[:, None] - mean
    width = np.sqrt(variance[:, None] + variance)
    chance, entropy = np.zeros_like(centre), np.zeros_like(centre)
    for point, weight in zip(POINTS, WEIGHTS, strict=True):
        at = expit(centre + width * point)
        chance += weight * at
        entropy += weight * binary_entropy(at)
    return np.maximum(binary_entropy(chance) - entropy, 1e-12)


def binary_entropy(chance):
    """Return the entropy of a coin, in nats."""
    inside = np.clip(chance, 1e-12, 1 - 1e-12)
    return -inside * np.log(inside) - (1 - inside) * np.log1p(-inside)


def gavel(truth, _k, spread, checks, rng, *, own=False):
    """Choose as Gavel does: next to the item just read, 25 % at random, else by expected information gain.

    After A. Athalye, "Designing a better judging system", 2015, and X. Chen et al., "Pairwise ranking aggregation in a
    crowdsourced setting", WSDM 2013. Items read fewer than five times come first, as there; judges read twenty items
    each, none twice. `own` takes Gavel's estimate in place of the mode.
    """
    tally, size = Tally(truth, spread, rng), len(truth)
    crowd = CrowdBT(size)
    views, done = np.zeros(size, dtype=int), 0
    read = np.zeros(size, dtype=bool)
    last, left = -1, 0
    for each in checks:
        while done < round(each * size):
            if left == 0:
                read[:] = False
                crowd.new_judge()
                last, left = pick_few(views, read, rng), min(20, size) - 1
                read[last] = True
                views[last] += 1
            pool = preferred(views, read)
            if rng.random() < 0.25:
                item = pool[rng.integers(len(pool))]
            else:
                gain = crowd.gain(last, pool)
                item = pool[np.argmax(gain * (1 + 1e-9 * rng.random(len(pool))))]
            first_won = tally.ask(np.array([last]), np.array([item]))[0]
            crowd.learn(*((last, item) if first_won else (item, last)))
            read[item], last, left, done = True, item, left - 1, done + 1
            views[item] += 1
        yield crowd.mean.copy() if own else tally.fit()[0]


def preferred(views, read):
    """Return the items not read by this judge, those read fewer than five times alone where there are any."""
    pool = np.flatnonzero(~read)
    few = pool[views[pool] < 5]
    return few if len(few) else pool


def pick_few(views, read, rng):
    pool = preferred(views, read)
    return int(pool[rng.integers(len(pool))])


class CrowdBT:
    """Crowd-BT online: normal strengths, a Beta distribution of how often the present judge prefers the better one."""

    def __init__(self, size):
        self.mean, self.variance = np.zeros(size), np.ones(size)
        self.new_judge()

    def new_judge(self):
        """Begin with a judge of whom nothing is known."""
        self.judge = (10.0, 1.0)

    def learn(self, winner, loser):
        """Learn from one comparison."""
        (self.mean[winner], self.mean[loser], self.variance[winner], self.variance[loser]), alpha, beta = self.updated(
            self.mean[winner], self.mean[loser], self.variance[winner], self.variance[loser]
        )
        self.judge = (float(alpha), float(beta))

    def updated(self, winner, loser, winner_var, loser_var):
        """Return the moments after the first was preferred to the second, and the judge's parameters."""
        alpha, beta = self.judge
        chance, trusted = expit(winner - loser), expit(np.log(alpha / beta) + winner - loser)
        pull, bend = trusted - chance, trusted * (1 - trusted) - chance * (1 - chance)
        new_mean = winner + winner_var * pull, loser - loser_var * pull
        new_variance = [one * np.maximum(1 + one * bend, 1e-4) for one in (winner_var, loser_var)]
        return (*new_mean, *new_variance), *self.judged(chance, winner_var + loser_var)

    def judged(self, chance, variance):
        """Return the judge's parameters after a preference that had `chance` by the strengths."""
        alpha, beta = self.judge
        right = np.clip(chance + 0.5 * variance * chance * (1 - chance) * (1 - 2 * chance), 1e-9, 1 - 1e-9)
        total, sum_ = (right * alpha + (1 - right) * beta) / (alpha + beta), alpha + beta
        first = (right * (alpha + 1) * alpha + (1 - right) * alpha * beta) / (total * (sum_ + 1) * sum_)
        second = (right * (alpha + 2) * (alpha + 1) * alpha + (1 - right) * (alpha + 1) * alpha * beta) / (
            total * (sum_ + 2) * (sum_ + 1) * sum_
        )
        ratio = (first - second) / (second - first**2)
        return ratio * first, ratio * (1 - first)

    def gain(self, last, pool):
        """Return the expected information gain of comparing `last` with each item of `pool`."""
        alpha, beta = self.judge
        here = self.mean[last], self.variance[last]
        there = self.mean[pool], self.variance[pool]
        chance = expit(here[0] - there[0])
        right = chance + 0.5 * (here[1] + there[1]) * chance * (1 - chance) * (1 - 2 * chance)
        prefers = (right * alpha + (1 - right) * beta) / (alpha + beta)
        total = np.zeros(len(pool))
        for weight, (one, other) in ((prefers, (here, there)), (1 - prefers, (there, here))):
            moments, new_alpha, new_beta = self.updated(one[0], other[0], one[1], other[1])
            normal = apart(moments[0], moments[2], *one) + apart(moments[1], moments[3], *other)
            total += weight * (normal + 0.1 * beta_apart(new_alpha, new_beta, alpha, beta))
        return total


def apart(mean, variance, before, width):
    """Return the divergence of a normal distribution from the one before."""
    return 0.5 * (np.log(width / variance) + (variance + (mean - before) ** 2) / width - 1)


def beta_apart(alpha, beta, alpha_before, beta_before):
    """Return the divergence of a Beta distribution from the one before."""
    return (
        betaln(alpha_before, beta_before)
        - betaln(alpha, beta)
        + (alpha - alpha_before) * psi(alpha)
        + (beta - beta_before) * psi(beta)
        + (alpha_before - alpha + beta_before - beta) * psi(alpha + beta)
    )


def permea(truth, k, _spread, checks, rng, *, reuse=0.0, reads=None):
    """Choose as the product does; count in `reads` how many items had to be read anew."""
    state, last, size = new_comparisons(len(truth)), None, len(truth)
    for each in checks:
        while state.n_comparisons < round(each * size):
            found = next_comparison(state, k=k, rng=rng, last=last, reuse=reuse)
            if reads is not None:
                reads.append(1 if last in {found.first, found.second} else 2)
            first_won = rng.random() < expit(truth[found.first] - truth[found.second])
            state = with_comparison(state, found.first, found.second, 1 if first_won else -1)
            last = found.second
        yield state.means
