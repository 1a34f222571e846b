"""The operations of the formula language over arrays whose last axis are review periods.

A part is (value, stale, partial): a float array, NaN where unknown, and two flags, each a boolean array or False for
"nowhere". Every operation turns what is not finite into NaN, so infinities never travel. For users: docs/format.md,
'Formulas'.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from scorecard.compute.formula import OVER_TIME, Operation

Floats: TypeAlias = "NDArray[np.float64]"
Bools: TypeAlias = "NDArray[np.bool_]"
Flags: TypeAlias = "Bools | bool"
Part: TypeAlias = "tuple[Floats, Flags, Flags]"


def operate(node: Operation, parts: list[Part], position: NDArray[np.int64]) -> Part:
    """The operation on its parts; `position` [period] is the place of each period in its year, 0 for the first."""
    if node.name in _PLAIN:
        value = _PLAIN[node.name](node, [part[0] for part in parts])
        stale, partial = parts[0][1:]
        for part in parts[1:]:
            stale, partial = _either(stale, part[1]), _either(partial, part[2])
    elif node.name in OVER_TIME:
        value, stale, partial = _look_back(node, parts[0], position)
    else:
        value, stale, partial = _choose(parts) if node.name == "if" else _stop_early(node, parts)
    return np.where(np.isfinite(value), value, np.nan), stale, partial


# Operations that look at all their parts: (operation, values of the parts) -> value. A sum or product that has left the
# finite numbers does not come back to them, so looking once, at its end, is enough.


def _sum(node: Operation, values: list[Floats]) -> Floats:
    total = values[0]
    for sign, value in zip(node.signs, values[1:], strict=True):
        total = total + value if sign == "+" else total - value
    return total


def _product(node: Operation, values: list[Floats]) -> Floats:
    total = values[0]
    for sign, value in zip(node.signs, values[1:], strict=True):
        total = total * value if sign == "*" else total / value
    return total


def _power(_: Operation, values: list[Floats]) -> Floats:
    return np.where(_unknown(values), np.nan, np.power(*values))  # in numpy nan ** 0 and 1 ** nan are 1


def _compare(node: Operation, values: list[Floats]) -> Floats:
    holds = [_SIGNS[sign](*pair) for sign, pair in zip(node.signs, pairwise(values), strict=True)]
    return np.where(_unknown(values), np.nan, reduce(np.logical_and, holds))


def _round(node: Operation, values: list[Floats]) -> Floats:
    value = values[0]
    if node.n == 0:
        return np.rint(value)
    rounded = [round(number, node.n) for number in value.ravel().tolist()]  # numpy scales first, and so rounds twice
    return np.array(rounded).reshape(value.shape)


def _unknown(values: list[Floats]) -> Bools:
    return reduce(np.logical_or, [np.isnan(value) for value in values])


def _truth(value: Floats) -> Floats:
    return np.where(np.isnan(value), np.nan, value != 0)


_SIGNS: dict[str, Callable[[Floats, Floats], Bools]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}
_PLAIN: dict[str, Callable[[Operation, list[Floats]], Floats]] = {
    "sum": _sum,
    "product": _product,
    "power": _power,
    "compare": _compare,
    "round": _round,
    "minus": lambda _, values: np.negative(values[0]),
    "not": lambda _, values: 1 - _truth(values[0]),
    "min": lambda _, values: reduce(np.minimum, values),
    "max": lambda _, values: reduce(np.maximum, values),
    "clamp": lambda _, values: np.minimum(np.maximum(values[0], values[1]), values[2]),
    "abs": lambda _, values: np.abs(values[0]),
    "sqrt": lambda _, values: np.sqrt(values[0]),
    "exp": lambda _, values: np.exp(values[0]),
    "log": lambda _, values: np.log(values[0]),
}


# Operations that stop early: a part counts, its flags included, only where it is reached.


def _stop_early(node: Operation, parts: list[Part]) -> Part:
    """`and` goes on where all was true so far, `or` where all was false."""
    value, stale, partial = parts[0]
    value = _truth(value)
    for part in parts[1:]:
        reached = value == (node.name == "and")
        value = np.where(reached, _truth(part[0]), value)
        stale, partial = _either(stale, _only(part[1], reached)), _either(partial, _only(part[2], reached))
    return value, stale, partial


def _choose(parts: list[Part]) -> Part:
    """Conditions and values by turns, and the value for none at the end."""
    value: Floats = np.full((), np.nan)
    stale: Flags = False
    partial: Flags = False
    open_ = np.ones((), dtype=bool)
    for condition, chosen in zip(parts[:-1:2], parts[1::2], strict=True):
        truth = _truth(condition[0])
        taken = open_ & (truth == 1)
        value = np.where(taken, chosen[0], value)
        for part, reached in ((condition, open_), (chosen, taken)):
            stale, partial = _either(stale, _only(part[1], reached)), _either(partial, _only(part[2], reached))
        open_ = open_ & (truth == 0)
    last = parts[-1]
    value = np.where(open_, last[0], value)
    return value, _either(stale, _only(last[1], open_)), _either(partial, _only(last[2], open_))


def _either(one: Flags, other: Flags) -> Flags:
    return other if one is False else one if other is False else one | other


def _only(flags: Flags, reached: Bools) -> Flags:
    return False if flags is False else flags & reached


# Functions over time. What is read at a column is combined: values by arithmetic, flags by "any of them".


def _look_back(node: Operation, part: Part, position: NDArray[np.int64]) -> Part:
    value, stale, partial = part
    if value.shape[-1:] != position.shape:
        value = np.broadcast_to(value, position.shape)
    combine = {"change": np.subtract, "growth": np.divide}.get(node.name, np.add)
    value = _read(node, value, position, combine)
    if node.name == "growth":
        value = value - 1
    if node.name == "rolling_mean":
        value = value / node.n
    stale, partial = (
        flags if isinstance(flags, bool) else _read(node, flags, position, np.logical_or) for flags in (stale, partial)
    )
    return value, stale, partial


def _read(node: Operation, array: NDArray[Any], position: NDArray[np.int64], combine: np.ufunc) -> NDArray[Any]:
    if node.name == "ytd":
        return _over_year(array, position, combine)
    if node.name in ("rolling_sum", "rolling_mean"):
        return _over_last(array, node.n, combine)
    before = _blank(array)
    if node.n < array.shape[-1]:
        before[..., node.n :] = array[..., : -node.n]
    return before if node.name == "prev" else combine(array, before)


def _over_year(array: NDArray[Any], position: NDArray[np.int64], combine: np.ufunc) -> NDArray[Any]:
    """The columns of the year so far combined, in time order; unknown where the year began before the first column."""
    result = _blank(array)
    starts = np.flatnonzero(position == 0).tolist()
    for start, end in zip(starts, [*starts[1:], len(position)], strict=True):
        result[..., start:end] = combine.accumulate(array[..., start:end], axis=-1)
    return result


def _over_last(array: NDArray[Any], n: int, combine: np.ufunc) -> NDArray[Any]:
    """The last n columns combined, by doubling: the same additions in every column, and few for a large n."""
    result = _blank(array)
    columns = array.shape[-1]
    if n > columns:
        return result
    total, reach = None, 0  # column i holds the `reach` columns from i on combined
    span, width = array, 1  # column i holds the `width` columns from i on combined
    while True:
        if n & width:
            total = span if total is None else combine(span[..., : columns - width - reach + 1], total[..., width:])
            reach += width
        if reach == n:
            result[..., n - 1 :] = total
            return result
        span = combine(span[..., :-width], span[..., width:])
        width *= 2


def _blank(array: NDArray[Any]) -> NDArray[Any]:
    """Unknown everywhere, or a flag set nowhere."""
    return np.full_like(array, np.nan if array.dtype.kind == "f" else False)
