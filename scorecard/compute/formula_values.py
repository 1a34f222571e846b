"""What a formula is worth in every review period, why it is unknown in one, and its text with numbers in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isnan, nan

import numpy as np
from numpy.typing import NDArray

from scorecard.compute.formula import OVER_TIME, Formula, Name, Node, Number, Operation
from scorecard.compute.formula_operations import Part, operate


@dataclass(frozen=True, slots=True)
class Series:
    """A measure over consecutive review periods: four arrays of one shape [..., period].

    `value` is NaN where unknown, else finite. `own` is False where the value is carried from an earlier period or is
    that of a stale formula: inside functions over time it counts as unknown there.
    """

    value: NDArray[np.float64]
    own: NDArray[np.bool_]
    stale: NDArray[np.bool_]
    partial: NDArray[np.bool_]


def compute(formula: Formula, inputs: Mapping[str, Series], position: NDArray[np.int64]) -> Series:
    """The formula in every review period, in the shape of its inputs together, at least [period].

    `position` [period] is the place of each period in its year, 0 for the first. What lies before the first column is
    unknown: give `formula.lookback` columns more than are wanted. Where the result is unknown no flag is set; `own` is
    where it is known and not stale. Raises KeyError for an id that is not in `inputs`.
    """
    value, stale, partial = _run(formula, inputs, position)
    result = np.empty(np.broadcast_shapes(position.shape, *(inputs[name].value.shape for name, _ in formula.names)))
    result[...] = value
    known = np.isfinite(result)
    stale = known & stale
    return Series(result, known & ~stale, stale, known & partial)


def explain_unknown(formula: Formula, inputs: Mapping[str, Series], position: NDArray[np.int64], column: int) -> str:
    """Why the result is unknown in one column of inputs of shape [period], in words; empty where it is known."""
    parts: dict[int, Part] = {}
    if not isnan(_at(_run(formula, inputs, position, parts), column)):
        return ""
    node, at = formula.root, column
    while isinstance(node, Operation):
        cause = _find_cause(node, at, parts, position)
        if isinstance(cause, str):
            return f"unknown: {cause}"
        node, at = cause
    if isinstance(node, Number):
        return "unknown: before the first period"
    ago = f" {column - at} period{'s' * (column - at > 1)} earlier" if at < column else ""
    if at < 0 or isnan(inputs[node.id].value[at]):
        return f"unknown: {node.id}{ago}"
    return f"unknown: {node.id} was carried{ago}" if ago else f"unknown: {node.id} is carried from an earlier period"


def fill_in(formula: Formula, values: Mapping[str, str]) -> str:
    """The formula's text with numbers in place of ids, as in `128 / 2400`.

    Ids without a number stay, and so do those inside functions over time, which read other periods too.
    """
    text = formula.text
    names = [node for node, inside in formula.steps if isinstance(node, Name) and not inside and node.id in values]
    for name in sorted(names, key=lambda name: -name.column):
        before, after = text[: name.column - 1], text[name.column - 1 + len(name.id) :]
        number = values[name.id]
        if number[:1] in ("-", "−") and (before.rstrip()[-1:] in ("+", "-", "*", "/") or after.lstrip()[:2] == "**"):
            number = f"({number})"
        text = before + number + after
    return text


def _run(
    formula: Formula, inputs: Mapping[str, Series], position: NDArray[np.int64], kept: dict[int, Part] | None = None
) -> Part:
    """The root as a part; `kept` collects those of all nodes, by the node's identity."""
    stack: list[Part] = []
    with np.errstate(all="ignore"):
        for node, inside in formula.steps:
            if isinstance(node, Operation):
                parts = stack[-len(node.parts) :]
                del stack[-len(node.parts) :]
                part = operate(node, parts, position)
            elif isinstance(node, Name):
                part = _look_up(inputs[node.id], inside)
            else:
                part = np.full((), node.value), False, False
            stack.append(part)
            if kept is not None:
                kept[id(node)] = part
    return stack[0]


def _look_up(series: Series, inside: bool) -> Part:
    value = np.where(series.own, series.value, np.nan) if inside else series.value
    return value, series.stale if series.stale.any() else False, series.partial if series.partial.any() else False


def _at(part: Part, column: int) -> float:
    return float(part[0][column]) if part[0].ndim else float(part[0])


def _find_cause(
    node: Operation, column: int, parts: Mapping[int, Part], position: NDArray[np.int64]
) -> tuple[Node, int] | str:
    """The first unknown part that an unknown operation reads, and where; or, where all are known, what went wrong."""
    if column < 0:
        return next((part for part in node.parts if not isinstance(part, Number)), node.parts[0]), column
    values = []
    for part, at in _list_reads(node, column, parts, position):
        value = _at(parts[id(part)], at) if at >= 0 else nan
        if isnan(value):
            return part, at
        values.append(value)
    return _name_fault(node, values)


def _list_reads(
    node: Operation, column: int, parts: Mapping[int, Part], position: NDArray[np.int64]
) -> Iterable[tuple[Node, int]]:
    """What the operation reads, in order: parts and their columns, in time the latest first."""
    if node.name in OVER_TIME:
        window = int(position[column]) + 1 if node.name == "ytd" else node.n
        columns: Iterable[int] = range(column, column - window, -1)
        if node.name in ("prev", "change", "growth"):
            columns = (column, column - node.n)[node.name == "prev" :]
        yield from ((node.parts[0], at) for at in columns)
    elif node.name == "if":
        for condition, chosen in zip(node.parts[:-1:2], node.parts[1::2], strict=True):
            yield condition, column
            if _at(parts[id(condition)], column):
                yield chosen, column
                return
        yield node.parts[-1], column
    else:
        yield from ((part, column) for part in node.parts)


def _name_fault(node: Operation, values: list[float]) -> str:
    """What makes an operation unknown whose parts are all known."""
    base, power = values[0], values[-1]
    divisors = [value for sign, value in zip(node.signs, values[1:], strict=False) if sign == "/"]
    if node.name == "growth" or (node.name == "power" and power < 0):
        divisors = [power if node.name == "growth" else base]
    if 0 in divisors:
        return "division by zero"
    roots = node.name in ("sqrt", "log") or (node.name == "power" and not power.is_integer())
    return "not real" if roots and base < 0 else "not finite"
