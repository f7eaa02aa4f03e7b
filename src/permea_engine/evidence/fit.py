"""One posterior from all that is known of ideas."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from permea_engine.checks import whole_number
from permea_engine.decisions import Estimate
from permea_engine.errors import RangeError, UndeterminedError
from permea_engine.evidence.agreement import CONTRADICTS, Agreement, agreement_between
from permea_engine.evidence.gaussian import Joined, Part, Told, join, tell
from permea_engine.evidence.sources import Reduced, Source, n_ideas_of, reduce_source
from permea_engine.ratings.crossed import Floats
from permea_engine.ratings.posterior import NORMAL_FROM, mixture_interval
from permea_engine.ratings.reviews import Indices

LEVEL = 0.95
DENSE = 2000  # ideas up to which their errors are taken to be correlated


@dataclass(frozen=True, slots=True, eq=False)
class SourceWeight:
    """What one source was worth.

    ``agreement`` is the correlation of what it and the reference take ideas to be worth, noise apart (1 for the
    reference, 0 if left out), with a 90 % interval; ``narrowing`` the share by which it shortens the intervals of
    scores, on average; ``equivalent_reviews`` how many reviews by the reference's judges would do the same, nan unless
    the reference is reviews. ``reason`` is ``""``, ``"reference"``, ``"conflict"`` (it contradicts the reference, so it
    was left out), ``"no_facts"`` or ``"no_variation"`` (all its marks are equal).
    """

    name: str
    kind: str
    n_facts: int
    n_ideas: int
    agreement: float
    agreement_lower: float
    agreement_upper: float
    loading: float  # of the source's scale for one unit of the score
    narrowing: float
    equivalent_reviews: float
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Scores of ideas from all sources, with intervals; see `rank_from_evidence`."""

    scores: Floats
    lower: Floats
    upper: Floats
    unit: str
    reference: str
    sources: tuple[SourceWeight, ...]
    facts: Floats
    n_components: int
    components: Indices
    posterior: "Estimate | JoinedPosterior"

    @property
    def centre(self) -> Floats:
        """Return the scores, nan for ideas without any fact: what `permea_engine.decisions` ranks by."""
        return self.scores

    def sample(self, n: int, rng: np.random.Generator) -> Floats:
        """Return `n` joint draws of all scores from their posterior, of shape (n, n_ideas).

        An idea without any fact is drawn from what ideas of this call are like.
        """
        return self.posterior.sample(whole_number("n", n, minimum=1), rng)


@dataclass(frozen=True, slots=True, eq=False)
class JoinedPosterior:
    """A mixture of normal distributions, one for each point of the grid of variances."""

    weights: Floats  # (n_parts,)
    means: Floats  # (n_parts, n_ideas)
    spreads: Floats  # (n_parts, n_ideas)
    roots: tuple[Floats | None, ...]
    level_sds: Floats  # (n_parts,)

    def sample(self, n: int, rng: np.random.Generator) -> Floats:
        """Return `n` joint draws of the scores, of shape (n, n_ideas)."""
        drawn = []
        for index, size in enumerate(rng.multinomial(n, self.weights)):
            noise = rng.standard_normal((int(size), self.means.shape[1]))
            root = self.roots[index]
            moved = noise * self.spreads[index] if root is None else noise @ root.T
            level = self.level_sds[index] * rng.standard_normal((int(size), 1))
            drawn.append(self.means[index] + moved + (level if root is not None else 0.0))
        return np.concatenate(drawn)[rng.permutation(n)]


def rank_from_evidence(sources: Sequence[Source], *, n_ideas: int | None = None) -> Evidence:
    r"""Estimate scores of ideas from reviews, comparisons and votes together.

    The *reference* says what a score means: the first expert source of reviews, else of comparisons, else the first
    source. It measures what ideas are worth, `a`. Another source `k` has an opinion of its own, :math:`t_k = \alpha_k +
    \lambda_k a + \delta_k`, of which its facts are noisy signs. How far opinions correlate with `a` is estimated from
    the ideas that both speak of, noise of both taken off (empirical Bayes [1]_); a source counts as far as that goes,
    and however many facts it has, no further. One that contradicts the reference is left out.

    Each source enters by a normal approximation to its likelihood (Laplace), reviews at every plausible pair of their
    variances, weighted also by how well the other sources fit [2]_.

    Parameters
    ----------
    sources : sequence of ReviewSource, ComparisonSource or VoteSource
        With different names.
    n_ideas : int, optional
        How many ideas there are; by default one more than the highest any source names.

    Returns
    -------
    Evidence
        - ``scores``, ``lower``, ``upper`` (n_ideas,): in the ``unit`` of the reference, ``"marks"`` or ``"log-odds"``,
          with 95 % intervals; without any fact the score is nan and the interval says what ideas are like.
        - ``sources``: for each source what it was worth (`SourceWeight`); ``facts`` (n_sources, n_ideas): how many of
          its facts concern each idea; ``reference``: its name.
        - ``components`` (n_ideas,), ``n_components``: groups of ideas linked by any source (-1 without any fact). Ideas
          of different groups compare only by assumption.
        - ``sample``: joint draws, for `permea_engine.decisions`.

    Raises
    ------
    ShapeError, RangeError
        If a source is not as its own function wants it, votes are negative or more than were seen, names are not
        different, or an idea is out of range.
    UndeterminedError
        If no source tells any two ideas apart.
    NotConvergedError
        If a source's own model does not come to rest.

    Notes
    -----
    Only one source: the answer is that of `rate_ideas` or `rank_from_comparisons`. Above 2,000 ideas the errors of
    different ideas are taken to be independent and variances to be known: time and memory then grow with the number of
    facts only.

    References
    ----------
    .. [1] H. Robbins, "An empirical Bayes approach to statistics", Proc. Third Berkeley Symp. Math. Statist. Prob. 1,
       1956.
    .. [2] H. Rue, S. Martino and N. Chopin, "Approximate Bayesian inference for latent Gaussian models by using
       integrated nested Laplace approximations", J. R. Statist. Soc. B 71(2), 2009.
       doi:10.1111/j.1467-9868.2008.00700.x

    Examples
    --------
    >>> from permea_engine.evidence import ReviewSource, VoteSource
    >>> reviews = ReviewSource("panel", [0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 1], [[2], [3], [3], [4], [4], [5]])
    >>> votes = VoteSource("public", [10, 30, 90, 40])
    >>> evidence = rank_from_evidence([reviews, votes])
    >>> np.argsort(-evidence.scores)
    array([2, 3, 1, 0])

    """
    names = [source.name for source in sources]
    if len(set(names)) < len(names):
        raise RangeError("sources: two have the same name")
    count = max(map(n_ideas_of, sources), default=0) if n_ideas is None else whole_number("n_ideas", n_ideas, minimum=1)
    for source in sources:
        if n_ideas_of(source) > count:
            raise RangeError(f"{source.name}: it names {n_ideas_of(source)} ideas, there are {count}")
    reduced = [reduce_source(source, count, dense=count <= DENSE) for source in sources]
    telling = [source for source in reduced if source.gaussian.parts]
    if not telling:
        raise UndeterminedError("sources: none of them tells any two ideas apart")
    reference = min(telling, key=_precedence)
    return _evidence(reduced, reference, count)


def _precedence(source: Reduced) -> tuple[bool, int]:
    return source.crowd, ("reviews", "comparisons", "votes").index(source.kind)


def _evidence(reduced: list[Reduced], reference: Reduced, n_ideas: int) -> Evidence:
    agreements = {
        source.name: agreement_between(reference.gaussian, source.gaussian, crowd=source.crowd)
        for source in reduced
        if source.gaussian.parts and source is not reference
    }
    told = {
        source.name: tell(source.gaussian.parts[0], agreements[source.name].expected)
        for source in reduced
        if source.name in agreements and _counts(agreements[source.name])
    }
    facts = np.array([source.counts for source in reduced])
    posterior, joined = join_parts(reference.gaussian.parts, tuple(told.values()))
    known = facts.sum(axis=0) > 0
    known |= np.isfinite(reference.gaussian.variance)
    scores = np.where(known, posterior.weights @ posterior.means, np.nan)
    lower, upper = mixture_interval(posterior.weights, posterior.means, posterior.spreads, NORMAL_FROM + 1, LEVEL)
    whole: Estimate | JoinedPosterior = posterior
    if not told and reference.alone is not None:  # by itself, and exactly
        whole = reference.alone
        scores, lower, upper = reference.alone.centre, reference.alone.lower, reference.alone.upper
    n_components, components = _components(reduced, n_ideas)
    return Evidence(
        scores=scores,
        lower=lower,
        upper=upper,
        unit="marks" if reference.kind == "reviews" else "log-odds",
        reference=reference.name,
        sources=tuple(_weight(source, reference, agreements.get(source.name), told, joined) for source in reduced),
        facts=facts,
        n_components=n_components,
        components=components,
        posterior=whole,
    )


def _counts(agreement: Agreement) -> bool:
    return agreement.below_zero < CONTRADICTS


def join_parts(parts: tuple[Part, ...], told: tuple[Told, ...]) -> tuple[JoinedPosterior, Joined]:
    """Return the joint posterior, and what is known at its heaviest point."""
    all_joined = [join(part, told) for part in parts]
    logs = np.array([np.log(part.weight) for part in parts])
    if told and len(parts) > 1:
        logs += [both.evidence - join(part, ()).evidence for part, both in zip(parts, all_joined, strict=True)]
    weights = np.exp(logs - logs.max())
    means, spreads, roots = [], [], []
    for part, joined in zip(parts, all_joined, strict=True):
        means.append(joined.mean + part.level - part.tilt @ joined.mean)
        root = None if joined.root is None else joined.root - part.tilt @ joined.root
        variance = joined.variance if root is None else (root**2).sum(axis=1)
        spreads.append(np.sqrt(variance + part.level_variance))
        roots.append(root)
    level_sds = np.sqrt([part.level_variance for part in parts])
    posterior = JoinedPosterior(weights / weights.sum(), np.array(means), np.array(spreads), tuple(roots), level_sds)
    return posterior, all_joined[0]


def _weight(
    source: Reduced, reference: Reduced, agreement: Agreement | None, told: dict[str, Told], joined: Joined
) -> SourceWeight:
    is_reference = source is reference
    part, noise = reference.gaussian.parts[0], reference.gaussian.noise
    narrowing, reviews, loading = 0.0, 0.0, 0.0
    if is_reference or source.name in told:
        others = tuple(other for name, other in told.items() if name != source.name)
        without = join(part, others, with_part=not is_reference)
        heard = source.counts > 0
        narrowing = 1 - float(np.exp(0.5 * np.log(joined.variance[heard] / without.variance[heard]).mean()))
        reviews = float((1 / joined.variance - 1 / without.variance).sum() * noise)
        loading = 1.0 if agreement is None else agreement.expected * np.sqrt(source.gaussian.prior / part.prior)
    left_out = agreement is not None and not _counts(agreement)
    found = (1.0, 1.0, 1.0) if is_reference else (0.0, 0.0, 0.0)
    if agreement is not None:
        found = (0.0 if left_out else agreement.expected, agreement.lower, agreement.upper)
    return SourceWeight(
        name=source.name,
        kind=source.kind,
        n_facts=source.n_facts,
        n_ideas=int(np.count_nonzero(source.counts)),
        agreement=found[0],
        agreement_lower=found[1],
        agreement_upper=found[2],
        loading=float(loading),
        narrowing=max(0.0, narrowing),
        equivalent_reviews=reviews if np.isfinite(noise) else np.nan,
        reason="reference" if is_reference else "conflict" if left_out else source.reason,
    )


def _components(reduced: list[Reduced], n_ideas: int) -> tuple[int, Indices]:
    """Return how many groups of ideas are linked by any source, and the group of each, -1 without any fact."""
    ideas, shared, offset = [], [], n_ideas
    for source in reduced:
        idea, node = source.links
        ideas.append(idea)
        shared.append(node + offset)
        offset += int(node.max()) + 1 if len(node) else 0
    rows, columns = np.concatenate(ideas), np.concatenate(shared)
    graph = coo_array((np.ones(len(rows)), (rows, columns)), shape=(offset, offset))
    labels = connected_components(graph, directed=False)[1][:n_ideas]
    found = np.full(n_ideas, -1, dtype=np.intp)
    linked = np.unique(rows)
    first, number = np.unique(labels[linked], return_index=True, return_inverse=True)[1:]
    rank = np.empty(len(first), dtype=np.intp)
    rank[np.argsort(first)] = np.arange(len(first))
    found[linked] = rank[number]
    return len(first), found
