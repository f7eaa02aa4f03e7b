"""What is known so far, as one normal distribution that a single new observation changes in a moment.

An observation is of a sum of few coordinates: the difference of two ideas, or an idea and the leaning of its judge. It
changes the mean and the covariance by a term of rank one. Up to `DENSE_UP_TO` coordinates the covariance is held as it
is. Beyond, the sparse precision (its inverse) and the variances are held: what an observation does to means and
variances stays exact, by conjugate gradients; only the covariances among the few ideas that are weighed against each
other come from their own block of the precision, scaled to the exact variances.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_array, diags_array

from permea_engine.errors import NotConvergedError

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
DENSE_UP_TO = 2000
CORRELATED_UP_TO = 500  # items drawn jointly from a sparse precision: those nearest to the line
LAYERS = 64
TOLERANCE = 1e-6
MAX_ROUNDS = 500


@dataclass(frozen=True, slots=True)
class Link:
    """What an observation is of: the sum of `factors` times the coordinates `at`."""

    at: tuple[int, ...]
    factors: tuple[float, ...]

    def of(self, values: Floats) -> float:
        """Return the sum for `values`."""
        return float(sum(factor * values[at] for at, factor in zip(self.at, self.factors, strict=True)))


class Cover(Protocol):
    """How coordinates vary together."""

    def along(self, link: Link) -> Floats:
        """Return the covariance of every coordinate with the sum that `link` names."""
        ...

    def narrowed(self, link: Link, pull: Floats, shrink: float) -> "Cover":
        """Return the cover after an observation along `link`: covariance less ``shrink * pull @ pull.T``."""
        ...

    def block(self, at: Indices, variance: Floats) -> Floats:
        """Return the covariance of the coordinates `at`, given the variances of all."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Dense:
    """The covariance as it was some observations ago, and what each of those took away: ``base - layers.T @ layers``.

    An observation costs a row instead of a copy of the whole; after `LAYERS` of them the whole is written anew.
    """

    base: Floats
    layers: Floats | None = None  # (n_layers, n)

    @property
    def covariance(self) -> Floats:
        """Return the covariance as it is now."""
        return self.base if self.layers is None else self.base - self.layers.T @ self.layers

    def along(self, link: Link) -> Floats:
        """Return as `Cover` says."""
        pull = np.zeros(len(self.base))
        for at, factor in zip(link.at, link.factors, strict=True):
            pull += factor * self.base[at]
        if self.layers is None:
            return pull
        taken = self.layers[:, list(link.at)] @ np.array(link.factors)
        return np.asarray(pull - taken @ self.layers)

    def narrowed(self, link: Link, pull: Floats, shrink: float) -> "Dense":  # noqa: ARG002 (the sparse one needs it)
        """Return as `Cover` says."""
        layer = np.sqrt(shrink) * pull[None, :]
        layers = layer if self.layers is None else np.concatenate([self.layers, layer])
        known = Dense(self.base, layers)
        return known if len(layers) < LAYERS else Dense(known.covariance)

    def block(self, at: Indices, variance: Floats) -> Floats:  # noqa: ARG002 (the sparse one needs it)
        """Return as `Cover` says."""
        block = self.base[at[:, None], at]
        if self.layers is None:
            return np.asarray(block)
        taken = self.layers[:, at]
        return np.asarray(block - taken.T @ taken)


@dataclass(frozen=True, slots=True, eq=False)
class Sparse:
    """The precision, with as many entries as there were observations."""

    precision: csr_array

    def along(self, link: Link) -> Floats:
        """Return as `Cover` says."""
        target = np.zeros(len(self.precision.indptr) - 1)
        target[list(link.at)] = link.factors
        return _conjugate_gradients(self.precision, target)

    def narrowed(self, link: Link, pull: Floats, shrink: float) -> "Sparse":
        """Return as `Cover` says."""
        gained = shrink / (1 - shrink * link.of(pull))
        return Sparse(self.precision + _outer(link, gained, len(pull)))

    def block(self, at: Indices, variance: Floats) -> Floats:
        """Return as `Cover` says; the correlations are those that remain with all other coordinates fixed."""
        own = self.precision[at][:, at].toarray()
        inverse = cho_solve(cho_factor(own, lower=True), np.eye(len(at)))
        scale = np.sqrt(variance[at] / inverse.diagonal())
        return np.asarray(inverse * scale[:, None] * scale)


@dataclass(frozen=True, slots=True, eq=False)
class Beliefs:
    """A normal distribution over coordinates: `mean`, `variance` of each, and how they vary together."""

    mean: Floats
    variance: Floats
    cover: Cover

    def narrowed(self, link: Link, pull: Floats, shift: float, shrink: float) -> "Beliefs":
        """Return the beliefs after an observation with `pull` the covariance along `link`."""
        return Beliefs(
            self.mean + shift * pull,
            np.maximum(self.variance - shrink * pull**2, 0.0),
            self.cover.narrowed(link, pull, shrink),
        )

    def block(self, at: Indices) -> Floats:
        """Return the covariance of the coordinates `at`."""
        return self.cover.block(at, self.variance)

    def sample(self, n: int, rng: np.random.Generator, *, joint: Indices) -> Floats:
        """Return `n` draws of all coordinates: those of `joint` together, the others each for itself."""
        draws = self.mean + np.sqrt(self.variance) * rng.standard_normal((n, len(self.mean)))
        draws[:, joint] = self.mean[joint] + rng.standard_normal((n, len(joint))) @ root_of(self.block(joint)).T
        return draws


def prior_beliefs(mean: Floats, variance: Floats) -> Beliefs:
    """Return beliefs in which no coordinate says anything about another."""
    cover = Dense(np.diag(variance)) if len(mean) <= DENSE_UP_TO else Sparse(csr_array(diags_array(1 / variance)))
    return Beliefs(mean, variance, cover)


def beliefs_from(
    mean: Floats, prior: Floats, links: tuple[Indices, Floats], weight: Floats, variance: Floats
) -> Beliefs:
    """Return beliefs around `mean` after many observations.

    Parameters
    ----------
    mean, prior : ndarray of shape (n,)
        Where the distribution is centred, and the variance of each coordinate before any observation.
    links : pair of ndarray of shape (n_observed, 2)
        Which two coordinates each observation adds up, and with what factors.
    weight : ndarray of shape (n_observed,)
        Precision of each observation.
    variance : ndarray of shape (n,)
        Of each coordinate, used where there are too many to form the inverse.

    """
    at, factors = links
    size, row = len(mean), np.repeat(np.arange(len(at)), 2)
    design = csr_array((factors.ravel(), (row, at.ravel())), shape=(len(at), size))
    precision = csr_array(design.T @ design.multiply(weight[:, None]) + diags_array(1 / prior))
    if size <= DENSE_UP_TO:
        covariance = cho_solve(cho_factor(precision.toarray(), lower=True), np.eye(size))
        return Beliefs(mean, covariance.diagonal().copy(), Dense(covariance))
    return Beliefs(mean, variance, Sparse(precision))


def root_of(covariance: Floats) -> Floats:
    """Return `root` with ``root @ root.T == covariance``, which may be singular."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))


def _outer(link: Link, weight: float, size: int) -> csr_array:
    at, factors = np.array(link.at), np.array(link.factors)
    values = weight * factors[:, None] * factors
    rows, columns = np.repeat(at, len(at)), np.tile(at, len(at))
    return csr_array((values.ravel(), (rows, columns)), shape=(size, size))


def _conjugate_gradients(matrix: csr_array, target: Floats) -> Floats:
    """Return the solution of ``matrix @ x = target``, to a relative residual of `TOLERANCE`."""
    inverse = 1 / matrix.diagonal()
    found, residual = np.zeros(len(target)), target.copy()
    step = ready = inverse * residual
    size, goal = float(residual @ ready), TOLERANCE * float(np.sqrt(target @ target))
    for _ in range(MAX_ROUNDS):
        moved: Floats = matrix @ step
        length = size / float(step @ moved)
        found += length * step
        residual = residual - length * moved
        if np.sqrt(residual @ residual) <= goal:
            return found
        ready = inverse * residual
        size, last = float(residual @ ready), size
        step = ready + (size / last) * step
    raise NotConvergedError(f"covariance: not found in {MAX_ROUNDS} rounds of conjugate gradients")
