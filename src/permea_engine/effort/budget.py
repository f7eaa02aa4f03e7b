"""How many comparisons and reviews fit into the hours there are."""

from dataclasses import dataclass

from permea_engine.checks import whole_number
from permea_engine.effort.state import positive
from permea_engine.errors import RangeError


@dataclass(frozen=True, slots=True)
class EffortBudget:
    """What fits into the hours: so many comparisons and reviews, in all and for each idea."""

    n_comparisons: int
    n_reviews: int
    comparisons_per_idea: float
    reviews_per_idea: float


def effort_budget(
    hours: float,
    n_ideas: int,
    *,
    comparing: float = 1.0,
    reading: float = 3.0,
    deciding: float = 1.0,
    scoring: float = 5.0,
    reused: float = 0.0,
) -> EffortBudget:
    """Say how many comparisons and reviews fit into the hours that evaluators have.

    A comparison takes two readings, less those saved because an item was read just before, and the time to decide. A
    review takes one reading and the time to mark it and give reasons.

    Parameters
    ----------
    hours : float
        Hours of all evaluators together.
    n_ideas : int
        How many ideas there are.
    comparing : float, default 1.0
        Share of the hours spent on comparisons, 0 to 1; the rest goes to reviews.
    reading, deciding, scoring : float, default 3, 1 and 5
        Minutes to read one idea, to decide between two, and to mark one with reasons. Measure your own.
    reused : float, default 0.0
        Share of comparisons in which one of the two ideas was read just before, 0 to 1.

    Returns
    -------
    EffortBudget
        Whole numbers, rounded down.

    Raises
    ------
    ShapeError, RangeError
        If a number is out of range.

    Examples
    --------
    >>> effort_budget(10, 50)
    EffortBudget(n_comparisons=85, n_reviews=0, comparisons_per_idea=1.7, reviews_per_idea=0.0)
    >>> effort_budget(10, 50, comparing=0).n_reviews
    75

    """
    minutes = 60 * positive("hours", hours)
    whole_number("n_ideas", n_ideas, minimum=1)
    for name, value in (("comparing", comparing), ("reused", reused)):
        if not 0 <= value <= 1:
            raise RangeError(f"{name}: {value} given, it must be from 0 to 1")
    comparison = (2 - reused) * positive("reading", reading) + positive("deciding", deciding)
    review = reading + positive("scoring", scoring)
    n_comparisons, n_reviews = int(minutes * comparing / comparison), int(minutes * (1 - comparing) / review)
    return EffortBudget(n_comparisons, n_reviews, n_comparisons / n_ideas, n_reviews / n_ideas)
