"""What formulas are worth: against exact fractions and the reference implementation, by laws, and in words."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
import reference_formula as reference
from random_formulas import random_formula
from reference_periods import Calendar, Period

from scorecard.compute.formula import FormulaError, parse
from scorecard.compute.formula_values import Series, compute, explain_unknown, fill_in

NAN = float("nan")


def measured(*values: float | None, carried: str = "", stale: str = "", partial: str = "") -> Series:
    """A measure, None where unknown; the other arguments mark columns with an x, as in "..x"."""
    value = np.array([NAN if v is None else v for v in values])

    def mark(text: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
        return np.array([sign == "x" for sign in text.ljust(len(values))])

    return Series(value, ~np.isnan(value) & ~mark(carried) & ~mark(stale), mark(stale), mark(partial))


def months(count: int, first: int = 0) -> np.ndarray[Any, np.dtype[np.int64]]:
    return (np.arange(count) + first) % 12


class Undecided(Exception):
    """The error of floating point decides the result: an exact fraction says nothing about it."""


Exact = tuple[Fraction, float]  # a number and how far floats may be from it


def exact(node: ast.AST, inputs: dict[str, Fraction]) -> Exact | None:
    """The arithmetic of a formula in fractions, None where it divides by zero or grows too large."""
    match node:
        case ast.Constant(value=number):
            return rounded(Fraction(str(number)), 0.0)
        case ast.Name(id=name):
            return rounded(inputs[name], 0.0)
        case ast.UnaryOp(operand=part):
            found = exact(part, inputs)
            return found and (-found[0], found[1])
        case ast.BinOp(left=left, op=op, right=right):
            one, other = exact(left, inputs), exact(right, inputs)
            return one and other and _ARITHMETIC[type(op)](one, other)
    raise AssertionError(ast.dump(node))


def rounded(value: Fraction, error: float) -> Exact | None:
    if abs(value) > Fraction(10) ** 300:
        if abs(value) < Fraction(10) ** 310:
            raise Undecided
        return None
    if error == 0 and Fraction(float(value)) == value:
        return value, 0.0
    return value, error * 1.01 + abs(float(value)) * 2.0**-51 + 1e-300


def product(one: Exact, other: Exact) -> Exact | None:
    (x, dx), (y, dy) = one, other
    return rounded(x * y, abs(float(x)) * dy + abs(float(y)) * dx + dx * dy)


def quotient(one: Exact, other: Exact) -> Exact | None:
    (x, dx), (y, dy) = one, other
    if y == 0 and dy == 0:
        return None
    if abs(float(y)) <= 2 * dy:
        raise Undecided
    return rounded(x / y, (dx + abs(float(x / y)) * dy) / (abs(float(y)) - dy))


def power(one: Exact, other: Exact) -> Exact | None:
    if other[1] or other[0].denominator != 1 or abs(other[0]) > 40:
        raise Undecided
    result: Exact | None = (Fraction(1), 0.0)
    for _ in range(abs(int(other[0]))):
        result = result and product(result, one)
    return result if other[0] >= 0 or result is None else quotient((Fraction(1), 0.0), result)


_ARITHMETIC: dict[type, Callable[[Exact, Exact], Exact | None]] = {
    ast.Add: lambda one, other: rounded(one[0] + other[0], one[1] + other[1]),
    ast.Sub: lambda one, other: rounded(one[0] - other[0], one[1] + other[1]),
    ast.Mult: product,
    ast.Div: quotient,
    ast.Pow: power,
}


def arithmetic(rng: random.Random, depth: int) -> str:
    if depth == 0:
        return rng.choice(["a", "b", "c", "d", "0", "1", "2", "3", "0.5", "0.1", "12", "1_000", "4e4"])
    one, other = arithmetic(rng, rng.randrange(depth)), arithmetic(rng, rng.randrange(depth))
    forms = ["{} + {}", "{} - {}", "{} * {}", "{} / {}", "-{}", "({}) * ({})", "({}) - ({})", "({}) / ({})"]
    return rng.choice([*forms, "({}) ** 2", "{} ** -1", "({}) ** 3"]).format(one, other)


def test_many_random_formulas_agree_with_exact_fractions_or_are_refused_with_the_column() -> None:
    rng = random.Random(20262)
    numbers = {"a": Fraction(3), "b": Fraction(-7, 4), "c": Fraction(1, 3), "d": Fraction(0)}
    inputs = {name: measured(float(number)) for name, number in numbers.items()}
    january = months(1)
    counts = {"known": 0, "unknown": 0, "undecided": 0, "refused": 0}
    for _ in range(40_000):
        text = arithmetic(rng, rng.randrange(1, 6))
        if rng.random() < 0.05:
            at = rng.randrange(len(text))
            with pytest.raises(FormulaError) as caught:
                parse(f"{text[:at]}^{text[at:]}")
            assert caught.value.column <= at + 1
            counts["refused"] += 1
            continue
        found = float(compute(parse(text), inputs, january).value[0])
        try:
            expected = exact(ast.parse(text, mode="eval").body, numbers)
        except Undecided:
            counts["undecided"] += 1
            continue
        if expected is None:
            assert np.isnan(found), text
        else:
            assert abs(Fraction(found) - expected[0]) <= expected[1], text
        counts["unknown" if expected is None else "known"] += 1
    assert counts["known"] > 24_000
    assert counts["unknown"] > 2_000
    assert counts["undecided"] < 800


def random_series(rng: random.Random, columns: int) -> Series:
    kinds = [rng.choice("vvvvvv?csp") for _ in range(columns)]
    numbers = [rng.choice([0, 1, 2, 7.5, 12, -3, 40, 0.1]) if kind != "?" else None for kind in kinds]
    carried, stale, partial = ("".join("x" if kind == mark else "." for kind in kinds) for mark in "csp")
    return measured(*numbers, carried=carried, stale=stale, partial=partial)


def by_reference(text: str, inputs: dict[str, Series], column: int, year: int) -> reference.Result:
    def look_up(name: str, at: Period) -> reference.Result:
        series, t = inputs[name], at.ordinal
        if t < 0 or np.isnan(series.value[t]):
            return reference.Result(None)
        return reference.Result(
            float(series.value[t]), bool(series.stale[t]), bool(series.partial[t]), bool(series.own[t])
        )

    calendar = SimpleNamespace(first_of_year=lambda at: at._replace(ordinal=at.ordinal // year * year))
    return reference.Formula(text, look_up, cast(Calendar, calendar)).result(Period("month", column))


def test_random_formulas_agree_with_the_reference_and_unknown_ones_say_why() -> None:
    rng = random.Random(20263)
    known = unknown = 0
    for _ in range(6_000):
        text = random_formula(rng, ["a", "b", "c"], rng.randrange(4))
        formula = parse(text)
        inputs = {name: random_series(rng, 24) for name in "abc"}
        position = np.arange(24) % 4
        result = compute(formula, inputs, position)
        for column in (23, 18):
            expected = by_reference(text, inputs, column, 4)
            why = explain_unknown(formula, inputs, position, column)
            if expected.value is None:
                unknown += 1
                assert np.isnan(result.value[column]), text
                assert why.startswith("unknown: "), text
            else:
                known += 1
                assert result.value[column] == pytest.approx(expected.value, rel=1e-9, abs=1e-9), text
                assert (result.stale[column], result.partial[column]) == (expected.stale, expected.partial), text
                assert why == ""
    assert min(known, unknown) > 2_000


def test_many_columns_equal_one_at_a_time_and_many_cases_equal_one_alone() -> None:
    rng = random.Random(20264)
    for _ in range(3_000):
        formula = parse(random_formula(rng, ["a", "b", "c"], rng.randrange(4)))
        inputs = {name: random_series(rng, 40) for name in "abc"}
        position = (np.arange(40) + rng.randrange(4)) % 4
        whole = compute(formula, inputs, position)
        column = rng.randrange(formula.lookback(4), 40)
        start = rng.randrange(column - formula.lookback(4) + 1)
        cut = {name: pick(series, slice(start, column + 1)) for name, series in inputs.items()}
        alone = compute(formula, cut, position[start : column + 1])
        same(pick(alone, slice(-1, None)), pick(whole, slice(column, column + 1)))
        cases = {name: stack(series, random_series(rng, 40)) for name, series in inputs.items()}
        both = compute(formula, cases, position)
        same(pick(both, 0) if formula.names else both, whole)


def pick(series: Series, where: Any) -> Series:
    return Series(series.value[where], series.own[where], series.stale[where], series.partial[where])


def stack(*series: Series) -> Series:
    return Series(*(np.stack([getattr(one, name) for one in series]) for name in ("value", "own", "stale", "partial")))


def same(one: Series, other: Series) -> None:
    np.testing.assert_array_equal(one.value, other.value)
    for name in ("own", "stale", "partial"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a + 1", ""),
        ("a > 5 and none > 1", "none"),
        ("none + gap", "none"),
        ("a / (a - a)", "division by zero"),
        ("growth(zero)", "division by zero"),
        ("zero ** -1", "division by zero"),
        ("sqrt(zero - 1)", "not real"),
        ("(zero - 8) ** (1 / 3)", "not real"),
        ("a ** 400", "not finite"),
        ("log(zero)", "not finite"),
        ("1 if a > 5 and none > 1 else gap", "none"),
        ("1 + (none if a < 5 else gap if a > 5 else 2) + zero / zero", "gap"),
        ("zero and none or gap", "gap"),
        ("rolling_sum(carried, 2)", "carried is carried from an earlier period"),
        ("1 + ytd(gap)", "gap"),
        ("ytd(before)", "before 1 period earlier"),
        ("prev(prev(before) + 1, 1)", "before 2 periods earlier"),
        ("prev(carried / 0)", "division by zero"),
        ("prev(a, 7)", "a 7 periods earlier"),
        ("prev(1 - a, 7)", "a 7 periods earlier"),
        ("prev(2, 7)", "before the first period"),
        ("change(twice)", "twice was carried 1 period earlier"),
    ],
)
def test_an_unknown_result_says_what_is_missing(text: str, reason: str) -> None:
    inputs = {
        "a": measured(8, 9, 10),
        "none": measured(None, None, None),
        "gap": measured(1, 2, None),
        "before": measured(None, None, 3),
        "zero": measured(0, 0, 0),
        "carried": measured(1, 2, 2, carried="..x"),
        "twice": measured(1, 1, 2, carried=".x"),
    }
    assert explain_unknown(parse(text), inputs, np.arange(3), 2) == (f"unknown: {reason}" if reason else "")


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("sales / leads", "128 / 2,400"),
        ("1000*sales/(sales+leads)", "1000*128/(128+2,400)"),
        ("growth(sales) + sales", "growth(sales) + 128"),
        ("sales - loss + loss ** 2", "128 - (-3) + (-3) ** 2"),
        ("min(loss, other)", "min(-3, other)"),
        ("sales_other + 1", "sales_other + 1"),
    ],
)
def test_a_formula_is_shown_with_its_numbers(text: str, filled: str) -> None:
    assert fill_in(parse(text), {"sales": "128", "leads": "2,400", "loss": "-3"}) == filled
