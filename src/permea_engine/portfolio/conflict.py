"""A smallest set of limits that cannot hold together, by hitting sets."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_array, csr_array, diags_array

from permea_engine.portfolio.limits import Limit, Limits
from permea_engine.portfolio.solver import Program

Flags = NDArray[np.bool_]

NO_HURRY = 60.0  # seconds for one step


def smallest_conflict(limits: Limits) -> tuple[Limit, ...]:
    """Return a smallest set of limits that cannot hold together, empty if all can.

    Every conflict contains a limit of each set whose removal makes the rest possible. So: take the fewest limits that
    hit all such sets known so far; if they can hold together, find the fewest limits to give up beside them, which is
    one more such set; if not, they are the answer.
    """
    hit: list[Flags] = []
    while True:
        kept = _fewest_hitting(hit, len(limits.names))
        given_up = _fewest_to_give_up(limits, kept)
        if given_up is None:
            return tuple(sorted(name for name, is_kept in zip(limits.names, kept, strict=True) if is_kept))
        if not given_up.any():
            return ()
        hit.append(given_up)


def _fewest_hitting(sets: list[Flags], n_limits: int) -> Flags:
    if not sets:
        return np.zeros(n_limits, dtype=np.bool_)
    program = Program(csr_array(-np.array(sets, dtype=np.float64)), -np.ones(len(sets)), gap=0.0, time_limit=NO_HURRY)
    outcome = program.maximise(-np.ones(n_limits))
    return np.ones(n_limits, dtype=np.bool_) if outcome is None else outcome.solution > 0.5  # noqa: PLR2004


def _fewest_to_give_up(limits: Limits, kept: Flags) -> Flags | None:
    """Return a smallest set of limits without which all others hold, or None if those `kept` cannot hold together."""
    room = np.maximum(limits.matrix.maximum(0).sum(axis=1) - limits.bounds, 0.0)  # furthest a limit can be missed by
    slack = diags_array(np.where(kept, 0.0, -room))
    columns = limits.columns
    program = Program(
        csr_array(block_array([[limits.matrix, slack], [columns.links, None]])),
        np.concatenate([limits.bounds, columns.link_bounds]),
        is_whole=np.concatenate([columns.is_whole, np.ones(len(room), dtype=np.bool_)]),
        gap=0.0,
        time_limit=NO_HURRY,
    )
    outcome = program.maximise(np.concatenate([np.zeros(columns.n_columns), -np.ones(len(room))]))
    return None if outcome is None else outcome.solution[columns.n_columns :] > 0.5  # noqa: PLR2004 - nearer to one
