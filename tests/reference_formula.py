"""The formula language of the reference implementation: a lazy walk over Python's own syntax tree."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from typing import NamedTuple

from reference_periods import Calendar, Period

TIME_FUNCTIONS = {"prev", "change", "growth", "rolling_mean", "rolling_sum", "ytd"}


class Result(NamedTuple):
    """What is known of a figure at a period. `own`: its value was not carried there from an earlier period."""

    value: float | str | None
    stale: bool = False
    partial: bool = False
    own: bool = True
    reason: str | None = None
    effective: Period | None = None


Lookup = Callable[[str, Period], Result]


class Formula:
    """One formula; `lookup` gives the figures it names, at any review period."""

    def __init__(self, text: str, lookup: Lookup, calendar: Calendar) -> None:
        self.tree = ast.parse(f"({text.strip()})", mode="eval").body
        self.lookup = lookup
        self.calendar = calendar

    def result(self, at: Period) -> Result:
        """The result at a review period; a formula's value is of that period, and not its own when it is stale."""
        found = self._walk(self.tree, at, False)
        if found.value is None:
            return found
        return found._replace(own=not found.stale, effective=at)

    def _walk(self, node: ast.expr, at: Period, over_time: bool) -> Result:
        """The result of a part; `over_time` is true inside the functions over time."""
        match node:
            case ast.Constant(value=value):
                return Result(float(value))  # type: ignore[arg-type]
            case ast.Name(id=ident):
                return self._figure(ident, at, over_time)
            case ast.UnaryOp(op=ast.USub(), operand=part):
                return _compute(lambda x: -x, self._walk(part, at, over_time))
            case ast.UnaryOp(op=ast.Not(), operand=part):
                return _compute(lambda x: 0.0 if x else 1.0, self._walk(part, at, over_time))
            case ast.BinOp(left=left, op=operator, right=right):
                return _compute(_OPERATORS[type(operator)], *self._walk_all([left, right], at, over_time))
            case ast.Compare():
                return self._compare(node, at, over_time)
            case ast.BoolOp(op=operator, values=parts):
                return self._logic(isinstance(operator, ast.And), parts, at, over_time)
            case ast.IfExp(test=test, body=body, orelse=other):
                condition = self._walk(test, at, over_time)
                if condition.value is None:
                    return condition
                chosen = self._walk(body if condition.value != 0 else other, at, over_time)
                return _compute(lambda _, x: x, condition, chosen)
            case ast.Call(func=ast.Name(id=name), args=parts):
                if name in TIME_FUNCTIONS:
                    return self._time(name, parts, at)
                return _compute(_FUNCTIONS[name], *self._walk_all(parts, at, over_time))
        raise ValueError(f"not in the formula language: {ast.dump(node)[:80]}")

    def _walk_all(self, parts: list[ast.expr], at: Period, over_time: bool) -> list[Result]:
        return [self._walk(part, at, over_time) for part in parts]

    def _figure(self, ident: str, at: Period, over_time: bool) -> Result:
        found = self.lookup(ident, at)
        if found.value is None or isinstance(found.value, str):
            return Result(None, reason=f"{ident} is unknown")
        if over_time and not found.own:
            return Result(None, reason=f"{ident} is carried from an earlier period")
        return found

    def _compare(self, node: ast.Compare, at: Period, over_time: bool) -> Result:
        def holds(*values: float) -> float:
            pairs = zip(node.ops, values, values[1:], strict=False)
            return 1.0 if all(_COMPARISONS[type(operator)](x, y) for operator, x, y in pairs) else 0.0

        return _compute(holds, *self._walk_all([node.left, *node.comparators], at, over_time))

    def _logic(self, conjunction: bool, parts: list[ast.expr], at: Period, over_time: bool) -> Result:
        reached: list[Result] = []
        for part in parts:
            found = self._walk(part, at, over_time)
            reached.append(found)
            if found.value is None or (found.value != 0) != conjunction:
                break
        return _compute(lambda *values: 1.0 if values[-1] else 0.0, *reached)

    def _time(self, name: str, parts: list[ast.expr], at: Period) -> Result:
        back = int(ast.literal_eval(parts[1])) if len(parts) > 1 else 1

        def before(n: int) -> Result:
            return self._walk(parts[0], Period(at.kind, at.ordinal - n), True)

        if name == "prev":
            return before(back)
        if name == "change":
            return _compute(lambda x, y: x - y, before(0), before(back))
        if name == "growth":
            return _compute(lambda x, y: x / y - 1, before(0), before(back))
        if name == "ytd":
            back = at.ordinal - self.calendar.first_of_year(at).ordinal + 1
        window = [before(n) for n in range(back - 1, -1, -1)]
        if name == "rolling_mean":
            return _compute(lambda *values: sum(values) / back, *window)
        return _compute(lambda *values: sum(values), *window)


def _compute(rule: Callable[..., float], *parts: Result) -> Result:
    """A rule applied to known parts; stale or partial parts make the result so, an unknown one makes it unknown."""
    for part in parts:
        if part.value is None:
            return part
    try:
        value = rule(*[part.value for part in parts])
    except ZeroDivisionError:
        return Result(None, reason="division by zero")
    except (OverflowError, ValueError):
        return Result(None, reason="not a finite real number")
    if isinstance(value, complex) or not math.isfinite(value):
        return Result(None, reason="not a finite real number")
    return Result(value, any(part.stale for part in parts), any(part.partial for part in parts))


_OPERATORS: dict[type, Callable[[float, float], float]] = {
    ast.Add: lambda x, y: x + y,
    ast.Sub: lambda x, y: x - y,
    ast.Mult: lambda x, y: x * y,
    ast.Div: lambda x, y: x / y,
    ast.Pow: lambda x, y: x**y,
}
_COMPARISONS: dict[type, Callable[[float, float], bool]] = {
    ast.Lt: lambda x, y: x < y,
    ast.LtE: lambda x, y: x <= y,
    ast.Gt: lambda x, y: x > y,
    ast.GtE: lambda x, y: x >= y,
    ast.Eq: lambda x, y: x == y,
    ast.NotEq: lambda x, y: x != y,
}
_FUNCTIONS: dict[str, Callable[..., float]] = {
    "min": lambda *values: min(values),
    "max": lambda *values: max(values),
    "abs": abs,
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "round": lambda x, digits=0.0: float(round(x, int(digits))),
    "clamp": lambda x, low, high: min(max(x, low), high),
}
