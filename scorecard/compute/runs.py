"""Runs of equal keys in sorted columns, and how the values of a run combine.

Runs are summed in a fixed order, so the order of the rows changes no bit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]

_COMBINE: dict[str, Callable[[Floats, Ints, Ints], Floats]] = {
    "sum": lambda v, at, _: np.add.reduceat(v, at),
    "mean": lambda v, at, n: np.add.reduceat(v, at) / n,
    "min": lambda v, at, _: np.minimum.reduceat(v, at),
    "max": lambda v, at, _: np.maximum.reduceat(v, at),
    "last": lambda v, at, n: v[at + n - 1],
    "median": lambda v, at, n: np.array([np.median(v[a : a + k]) for a, k in zip(at, n, strict=True)]),
}


def distinct(numbers: Ints) -> Ints:
    """The numbers that occur, ascending (`np.unique` would load numpy.ma, which takes as long as all the rest)."""
    ordered = np.sort(numbers)
    return ordered[np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))]


def find_runs(*columns: Ints) -> tuple[Ints, Ints]:
    """Where runs of equal keys begin in sorted columns, and how long they are."""
    size = len(columns[0])
    if size == 0:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    change = np.zeros(size, dtype=bool)
    change[0] = True
    for column in columns:
        change[1:] |= column[1:] != column[:-1]
    starts = np.flatnonzero(change).astype(np.int64)
    return starts, np.diff(np.append(starts, size))


def combine_runs(kinds: NDArray[np.object_], values: Floats, starts: Ints, sizes: Ints) -> Floats:
    """Each run combined by its own kind; a run of one value is that value. Unknown where the result is not finite."""
    result = values[starts] if len(starts) else np.empty(0)
    many = np.flatnonzero(sizes > 1)
    for kind in sorted(set(kinds[many].tolist())):
        runs = many[kinds[many] == kind]
        size = sizes[runs]
        at = np.cumsum(size) - size
        index = np.repeat(starts[runs] - at, size) + np.arange(size.sum())
        result[runs] = _COMBINE[kind](values[index], at, size)
    result[~np.isfinite(result)] = np.nan  # too large for a number
    return result
