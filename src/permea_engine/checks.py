"""Checks of inputs that all computations share: each returns a clean array or says which input is wrong and why."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from permea_engine.errors import RangeError, ShapeError


def real_array(
    name: str, values: ArrayLike, *, shape: Sequence[int | None], missing: bool = False
) -> NDArray[np.float64]:
    """Return `values` as floats of `shape`.

    Parameters
    ----------
    name : str
        What the input is called in messages.
    values : array_like
        The input.
    shape : sequence of int or None
        Length wanted on each axis, None for any.
    missing : bool, default False
        Whether nan may stand for a missing entry.

    Returns
    -------
    ndarray of float
        A new array.

    Raises
    ------
    ShapeError
        If `values` is not numeric or not of `shape`.
    RangeError
        If an entry is infinite, or is nan and `missing` is false.

    Examples
    --------
    >>> real_array("costs", [1, 2], shape=(2,))
    array([1., 2.])

    """
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ShapeError(f"{name}: not an array of numbers ({error})") from None
    fits = array.ndim == len(shape) and all(want in {None, have} for want, have in zip(shape, array.shape, strict=True))
    if not fits:
        wanted = ", ".join("any" if want is None else str(want) for want in shape)
        raise ShapeError(f"{name}: shape ({wanted}) wanted, {array.shape} given")
    if np.isinf(array).any() or (not missing and np.isnan(array).any()):
        raise RangeError(
            f"{name}: entry {_first(~np.isfinite(array) if not missing else np.isinf(array))} is not a finite number"
        )
    return array


def index_array(
    name: str, values: ArrayLike, *, size: int | None = None, length: int | None = None
) -> NDArray[np.intp]:
    """Return `values` as a vector of indices that all lie in ``0 <= index < size``.

    Parameters
    ----------
    name : str
        What the input is called in messages.
    values : array_like of int
        The input; an empty sequence is allowed.
    size : int, optional
        How many things are numbered; without it any index from 0 is allowed.
    length : int, optional
        How many entries are wanted; without it any number.

    Returns
    -------
    ndarray of int
        The indices.

    Raises
    ------
    ShapeError
        If `values` is not a vector of integers of that `length`.
    RangeError
        If an index is negative or not below `size`.

    Examples
    --------
    >>> index_array("idea", [0, 2], size=3)
    array([0, 2])

    """
    array = np.asarray(values)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        raise ShapeError(f"{name}: a vector of whole numbers wanted, {array.ndim} axes of {array.dtype} given")
    if length is not None and len(array) != length:
        raise ShapeError(f"{name}: {length} entries wanted, {len(array)} given")
    wrong = (array < 0) | (array >= size) if size is not None else array < 0
    if wrong.any():
        limit = "" if size is None else f" and below {size}"
        raise RangeError(f"{name}: entry {_first(wrong)} is {array[wrong][0]}; an index must be at least 0{limit}")
    return array.astype(np.intp)


def whole_number(name: str, value: int, *, minimum: int, maximum: int | None = None) -> int:
    """Return `value` if it is a whole number with ``minimum <= value <= maximum``.

    Parameters
    ----------
    name : str
        What the input is called in messages.
    value : int
        The input.
    minimum, maximum : int
        Ends of the range; no upper end by default.

    Returns
    -------
    int
        The same number.

    Raises
    ------
    ShapeError
        If `value` is not a whole number.
    RangeError
        If it lies outside.

    Examples
    --------
    >>> whole_number("k", 3, minimum=1)
    3

    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise ShapeError(f"{name}: a whole number wanted, {value!r} given")
    if value < minimum or (maximum is not None and value > maximum):
        limit = f"at least {minimum}" if maximum is None else f"from {minimum} to {maximum}"
        raise RangeError(f"{name}: {value} given, it must be {limit}")
    return int(value)


def share(name: str, value: float) -> float:
    """Return `value` if it lies strictly between 0 and 1.

    Parameters
    ----------
    name : str
        What the input is called in messages.
    value : float
        The input.

    Returns
    -------
    float
        The same number.

    Raises
    ------
    RangeError
        If it does not.

    Examples
    --------
    >>> share("level", 0.95)
    0.95

    """
    if not 0 < value < 1:
        raise RangeError(f"{name}: {value} given, it must lie between 0 and 1")
    return float(value)


def not_negative(name: str, array: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return `array` if no entry is below zero (nan passes).

    Parameters
    ----------
    name : str
        What the input is called in messages.
    array : ndarray of float
        The input, of any shape.

    Returns
    -------
    ndarray of float
        The same array.

    Raises
    ------
    RangeError
        If one is.

    Examples
    --------
    >>> not_negative("costs", np.array([0.0, 2.0]))
    array([0., 2.])

    """
    if (array < 0).any():
        raise RangeError(f"{name}: entry {_first(array < 0)} is negative")
    return array


def _first(wrong: NDArray[np.bool_]) -> str:
    position = np.argwhere(wrong)[0]
    return str(position[0]) if len(position) == 1 else str(tuple(int(axis) for axis in position))
