"""Other ways to rank from comparisons: written from their published descriptions, or called from their own packages.

Each takes votes and returns scores, higher better. Those that learn vote by vote take the votes in the order given.
A package that is not installed is said so.
"""

from __future__ import annotations

import importlib
import math
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, diags_array
from scipy.sparse.linalg import cg
from scipy.special import expit, logit

BETA_PRIOR = (4.0, 1.0)  # of the honesty of a judge in Crowd-BT fitted by EM


@dataclass(frozen=True)
class Votes:
    """Comparisons: two items, 1 where the first won and -1 where the second did, and who decided."""

    first: np.ndarray
    second: np.ndarray
    outcome: np.ndarray
    judge: np.ndarray
    n_items: int

    @property
    def winner(self):
        """Return who won."""
        return np.where(self.outcome > 0, self.first, self.second)

    @property
    def loser(self):
        """Return who lost."""
        return np.where(self.outcome > 0, self.second, self.first)

    def some(self, kept):
        """Return some of them."""
        return Votes(self.first[kept], self.second[kept], self.outcome[kept], self.judge[kept], self.n_items)

    def counts(self):
        """Return how often each item won and lost."""
        return [np.bincount(side, minlength=self.n_items) for side in (self.winner, self.loser)]

    def pairs(self):
        """Return winners and losers one after the other."""
        return zip(self.winner.tolist(), self.loser.tolist(), strict=True)


class MissingPeerError(Exception):
    """Say which package is not installed."""


def package(name):
    """Return a package. Raises MissingPeerError."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise MissingPeerError(f"{name.split('.', maxsplit=1)[0]} is not installed") from None


def win_rate(votes):
    """Return the logit of the share of comparisons won, with half a win and half a loss added."""
    won, lost = votes.counts()
    return logit((won + 0.5) / (won + lost + 1))


def all_our_ideas(votes):
    """Return the logit of All Our Ideas' score: the chance to win the next comparison under a uniform prior."""
    won, lost = votes.counts()
    return logit((won + 1) / (won + lost + 2))


def elo(votes):
    """Return Elo ratings with K = 32, in log-odds."""
    rating, step = [0.0] * votes.n_items, 32 * math.log(10) / 400
    for winner, loser in votes.pairs():
        moved = step / (1 + math.exp(rating[winner] - rating[loser]))
        rating[winner] += moved
        rating[loser] -= moved
    return np.array(rating)


def trueskill(votes):
    """Return TrueSkill's means, by the package of that name, without draws and without drift."""
    world = package("trueskill").TrueSkill(draw_probability=0.0, tau=0.0)
    rating = [world.create_rating() for _ in range(votes.n_items)]
    for winner, loser in votes.pairs():
        (rating[winner],), (rating[loser],) = world.rate([(rating[winner],), (rating[loser],)])
    return np.array([one.mu for one in rating]) - world.mu


def openskill(votes):
    """Return the means of openskill's Bradley-Terry model."""
    model = package("openskill.models").BradleyTerryFull()
    rating = [model.rating() for _ in range(votes.n_items)]
    for winner, loser in votes.pairs():
        (rating[winner],), (rating[loser],) = model.rate([[rating[winner]], [rating[loser]]])
    return np.array([one.mu for one in rating]) - model.mu


def choix(method, alpha):
    """Return one of choix's methods for pairwise data, at a regularisation `alpha`."""

    def fitted(votes):
        return getattr(package("choix"), f"{method}_pairwise")(votes.n_items, list(votes.pairs()), alpha=alpha)

    return fitted


def noisy_bradley_terry(votes):
    """Return the scores of crowd-kit's NoisyBradleyTerry at its own settings."""
    aggregation, pandas = package("crowdkit.aggregation"), package("pandas")
    columns = {"worker": votes.judge, "left": votes.first, "right": votes.second, "label": votes.winner}
    table = pandas.DataFrame(columns)
    found = aggregation.NoisyBradleyTerry().fit_predict(table)
    return found.reindex(range(votes.n_items)).fillna(found.mean()).to_numpy()


def crowd_bt_online(votes):
    """Return the means of Crowd-BT learnt vote by vote (Chen et al., WSDM 2013), the rule that Gavel uses."""
    mean, variance = [0.0] * votes.n_items, [1.0] * votes.n_items
    honesty = [(10.0, 1.0)] * (int(votes.judge.max()) + 1)
    for (winner, loser), judge in zip(votes.pairs(), votes.judge.tolist(), strict=True):
        a, b = honesty[judge]
        p = 1 / (1 + math.exp(mean[loser] - mean[winner]))
        q = a * p / (a * p + b * (1 - p))
        bend = q * (1 - q) - p * (1 - p)
        honesty[judge] = _honesty(a, b, p, variance[winner] + variance[loser])
        mean[winner] += variance[winner] * (q - p)
        mean[loser] -= variance[loser] * (q - p)
        variance[winner] *= max(1 + variance[winner] * bend, 1e-4)
        variance[loser] *= max(1 + variance[loser] * bend, 1e-4)
    return np.array(mean)


def _honesty(a, b, p, variance):
    """Return the beta distribution of a judge's honesty after a vote, by its first two moments."""
    right = min(max(p + 0.5 * variance * p * (1 - p) * (1 - 2 * p), 1e-6), 1 - 1e-6)
    wrong, total = 1 - right, a + b
    seen = (right * a + wrong * b) / total
    first = (right * (a + 1) * a + wrong * a * b) / (seen * (total + 1) * total)
    second = (right * (a + 2) * (a + 1) * a + wrong * (a + 1) * a * b) / (seen * (total + 2) * (total + 1) * total)
    size = (first - second) / max(second - first**2, 1e-12)
    return size * first, size * (1 - first)


def crowd_bt_em(votes, n_rounds=40):
    """Return Crowd-BT fitted to all votes by EM: a judge says the truth with some chance, else the contrary."""
    winner, loser, judge = votes.winner, votes.loser, votes.judge
    honest, strength = np.full(int(judge.max()) + 1, 0.9), np.zeros(votes.n_items)
    cast = np.bincount(judge, minlength=len(honest))
    for _ in range(n_rounds):
        chance = expit(strength[winner] - strength[loser])
        meant = honest[judge] * chance
        meant /= meant + (1 - honest[judge]) * (1 - chance)
        told = np.bincount(judge, weights=meant, minlength=len(honest))
        honest = (told + BETA_PRIOR[0] - 1) / (cast + sum(BETA_PRIOR) - 2)
        strength = newton_map(winner, loser, meant, votes.n_items, start=strength)
    return strength


def plain_map(votes):
    """Return the posterior mode of Bradley and Terry's model at the true prior N(0, 1), by Newton's method."""
    return newton_map(votes.winner, votes.loser, np.ones(len(votes.first)), votes.n_items)


def newton_map(winner, loser, meant, n_items, start=None, n_steps=30):
    """Return the posterior mode under N(0, 1) where each vote was meant with a chance, else the other way round."""
    strength = np.zeros(n_items) if start is None else start
    for _ in range(n_steps):
        chance = expit(strength[winner] - strength[loser])
        pull, weight = meant - chance, chance * (1 - chance)
        uphill = np.bincount(winner, weights=pull, minlength=n_items)
        uphill -= np.bincount(loser, weights=pull, minlength=n_items) + strength
        degree = np.bincount(winner, weights=weight, minlength=n_items)
        degree += np.bincount(loser, weights=weight, minlength=n_items) + 1
        links = csr_array((weight, (winner, loser)), shape=(n_items, n_items))
        matrix = (diags_array(degree) - links - links.T).tocsr()
        step, _ = cg(matrix, uphill, rtol=1e-6, M=diags_array(1 / degree))
        strength = strength + step
        if np.abs(step).max() < 1e-5:
            break
    return strength
