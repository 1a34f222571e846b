"""The operations of the formula language on columns, as in `compute.formula_operations`; those over time are windows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from itertools import pairwise
from math import isfinite
from typing import NamedTuple

from scorecard.compute.formula import Operation
from scorecard.engine.arithmetic import Arithmetic, all_known, number, round_even, truth, unknown, when
from scorecard.engine.connection import Expr, ibis


class Part(NamedTuple):
    """What a step of a formula is worth: a column, whether it is stale (None: nowhere), how long it is written out.

    `constant` is the number where it is the same everywhere, NaN for unknown.
    """

    column: Expr
    stale: Expr | None
    size: int
    constant: float | None = None

    @classmethod
    def of(cls, constant: float) -> Part:
        return cls(number(constant) if isfinite(constant) else unknown(), None, 1, constant)

    @classmethod
    def over(cls, column: Expr, parts: Sequence[Part], times: int) -> Part:
        """The result of an operation that looks at all its parts and writes each out so many times."""
        stale = _either([part.stale for part in parts])
        return cls(column, stale, times * sum(part.size for part in parts))


def choose(parts: Sequence[Part]) -> Part:
    """Conditions and values by turns, and the value for none at the end."""
    value, stale, size = parts[-1].column, parts[-1].stale, parts[-1].size
    for condition, chosen in reversed(list(zip(parts[:-1:2], parts[1::2], strict=True))):
        is_true = (condition.column != number(0)).fill_null(False)
        is_false = (condition.column == number(0)).fill_null(False)
        value = when((is_true, chosen.column), (is_false, value), otherwise=unknown())
        stale = _either([condition.stale, _only(chosen.stale, is_true), _only(stale, is_false)])
        size += 4 * condition.size + 2 * chosen.size
    return Part(value, stale, size)


def stop_early(node: Operation, parts: Sequence[Part]) -> Part:
    """`and` goes on where all was true so far, `or` where all was false."""
    goes_on = number(1 if node.name == "and" else 0)
    value, stale, size = truth(parts[0].column), parts[0].stale, 3 * parts[0].size
    for part in parts[1:]:
        reached = (value == goes_on).fill_null(False)
        stale = _either([stale, _only(part.stale, reached)])
        value = when((reached, truth(part.column)), otherwise=value)
        size = 3 * size + 3 * part.size
    return Part(value, stale, size)


def _compare(_: Arithmetic, node: Operation, values: list[Expr]) -> Expr:
    holds = [_SIGNS[sign](*pair) for sign, pair in zip(node.signs, pairwise(values), strict=True)]
    holds_all = reduce(lambda one, other: one & other, holds)
    return when((~all_known(values), unknown()), (holds_all, number(1)), otherwise=number(0))


def _least(values: list[Expr]) -> Expr:
    return when((all_known(values), ibis.least(*values)), otherwise=unknown())


def _greatest(values: list[Expr]) -> Expr:
    return when((all_known(values), ibis.greatest(*values)), otherwise=unknown())


def _not(_: Arithmetic, __: Operation, values: list[Expr]) -> Expr:
    value = values[0]
    return when((value.isnull(), unknown()), (value == number(0), number(1)), otherwise=number(0))


def _either(flags: Sequence[Expr | None]) -> Expr | None:
    known = [flag for flag in flags if flag is not None]
    return reduce(lambda one, other: one | other, known) if known else None


def _only(flag: Expr | None, reached: Expr) -> Expr | None:
    return None if flag is None else flag & reached


_SIGNS: dict[str, Callable[[Expr, Expr], Expr]] = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
    "==": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
}
FOLDED: dict[str, Callable[[Arithmetic, Expr, Expr], Expr]] = {
    "+": lambda arithmetic, one, other: arithmetic.add(one, other),
    "-": lambda arithmetic, one, other: arithmetic.add(one, -other),
    "*": lambda arithmetic, one, other: arithmetic.multiply(one, other),
    "/": lambda arithmetic, one, other: arithmetic.divide(one, other),
}
OPERATIONS: dict[str, Callable[[Arithmetic, Operation, list[Expr]], Expr]] = {
    "power": lambda arithmetic, _, values: arithmetic.power(*values),
    "compare": _compare,
    "round": lambda _, node, values: round_even(values[0], node.n),
    "minus": lambda _, __, values: -values[0],
    "not": _not,
    "min": lambda _, __, values: _least(values),
    "max": lambda _, __, values: _greatest(values),
    "clamp": lambda _, __, values: _least([_greatest(values[:2]), values[2]]),
    "abs": lambda _, __, values: values[0].abs(),
    "sqrt": lambda arithmetic, _, values: arithmetic.sqrt(values[0]),
    "exp": lambda arithmetic, _, values: arithmetic.exp(values[0]),
    "log": lambda arithmetic, _, values: arithmetic.log(values[0]),
}
