"""What formulas are worth: by hand, against exact fractions, against the reference implementation, and by laws."""

from __future__ import annotations

import ast
import random
import sys
from collections.abc import Callable
from fractions import Fraction
from types import FrameType, SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
import reference_formula as reference
from random_formulas import random_formula
from reference_periods import Calendar, Period

from scorecard.compute.formula import MAX_LENGTH, FormulaError, parse
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


def last(text: str, **inputs: Series) -> tuple[float | None, bool, bool]:
    """Value, stale and partial of a formula in the last of the months given, January first."""
    count = max([len(series.value) for series in inputs.values()], default=1)
    result = compute(parse(text), inputs, months(count))
    assert result.value.shape == (count,)
    assert bool(result.own[-1]) == (not np.isnan(result.value[-1]) and not result.stale[-1])
    value = float(result.value[-1])
    return None if np.isnan(value) else value, bool(result.stale[-1]), bool(result.partial[-1])


A, B = measured(None, None, None, 4, 10), measured(None, None, None, None, 0)
NONE = measured(None, None, None, None, None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a / b if b > 0 else 3", 3), ("a > 5 or none > 1", 1), ("a > 5 and none > 1", None), ("a < 5 and none", 0),
        ("none or 1", None), ("a and b or 7", 1), ("not a", 0), ("not b", 1), ("not none", None), ("1 < a < 11", 1),
        ("11 < a < none", None), ("1 if none else 2", None), ("none if b else 2", 2), ("-a ** 2 / 10 + 20", 10),
        ("2 ** 3 ** 2 / 512", 1), ("round(2.5) + round(3.5)", 6), ("sqrt(b - 1)", None), ("a ** 400", None),
        ("1 / a ** 400", None), ("a / b", None), ("b / b", None), ("b ** -1", None), ("b ** b", 1), ("(0 - 8) ** (1 / 3)", None),
        ("none ** 0", None), ("1 ** none", None), ("none * 0", None), ("log(b)", None), ("log(exp(2))", 2), ("exp(1000)", None),
        ("prev(a) + change(a, 1)", 10), ("growth(a)", 1.5), ("growth(b)", None), ("prev(a, 2)", None), ("prev(a, 9)", None),
        ("rolling_sum(a, 2)", 14), ("rolling_mean(a, 2)", 7), ("rolling_sum(a, 3)", None), ("ytd(a)", None),
        ("clamp(a, 2, 5)", 5), ("clamp(a, 12, 15)", 12), ("min(a, 3, b)", 0), ("max(a, none)", None), ("min(a)", 10),
        ("prev(3)", 3), ("rolling_sum(2, 3)", 6), ("ytd(1)", 5), ("prev(none if a > 5 else 1)", 1), ("abs(-a)", 10),
        ("round(1.005, 2)", 1.0), ("round(2.675, 2)", 2.67), ("round(1250, -2)", 1200), ("a if a < 5 else a / 2 if b == 0 else 1", 5),
    ],
)  # fmt: skip
def test_values_worked_out_by_hand(text: str, value: float | None) -> None:
    assert last(text, a=A, b=B, none=NONE)[0] == (value if value is None else pytest.approx(value, rel=1e-12))


def test_a_rate_is_the_sum_of_its_parts_and_year_to_date_begins_with_the_year() -> None:
    sales = measured(*range(1, 15))
    result = compute(parse("ytd(sales)"), {"sales": sales}, months(14))
    assert result.value.tolist() == [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 66, 78, 13, 27]
    result = compute(parse("ytd(sales)"), {"sales": sales}, months(14, first=10))
    assert np.isnan(result.value[:2]).all()  # the year began before the first column
    assert result.value[2:5].tolist() == [3, 7, 12]


@pytest.mark.parametrize(
    ("text", "stale", "partial"),
    [
        ("old * 1", True, False), ("part + 1", False, True), ("old if 1 else part", True, False), ("1 if old else 2", True, False),
        ("1 or old", False, False), ("0 or old", True, False), ("0 and part", False, False), ("1 < part < 0", False, True),
        ("prev(part)", False, False), ("change(before)", False, True), ("prev(before)", False, True), ("ytd(before)", False, True),
        ("rolling_sum(before, 2)", False, True), ("rolling_mean(before, 1)", False, False), ("max(1, old, part)", True, True),
    ],
)  # fmt: skip
def test_flags_come_from_the_inputs_that_were_reached(text: str, stale: bool, partial: bool) -> None:
    inputs = {
        "old": measured(7, 7, stale=".x"),
        "part": measured(1, 2, partial=".x"),
        "before": measured(1, 2, partial="x."),
    }
    value, *flags = last(text, **inputs)
    assert value is not None
    assert flags == [stale, partial]


def test_no_flag_where_the_value_is_unknown() -> None:
    assert last("old / 0", old=measured(7, 7, stale=".x")) == (None, False, False)


@pytest.mark.parametrize("text", ["rolling_sum(q, 1)", "growth(q)", "change(q)", "ytd(q)", "prev(q + 0 * prev(q))"])
def test_a_carried_value_never_enters_a_function_over_time(text: str) -> None:
    assert last(text, q=measured(6, 6, carried=".x"))[0] is None
    assert last("q", q=measured(6, 6, carried=".x")) == (6, False, False)


def test_cases_and_single_series_compute_together() -> None:
    value = np.arange(12.0).reshape(2, 2, 3)
    cases = Series(value, np.isfinite(value), np.zeros_like(value, dtype=bool), np.ones_like(value, dtype=bool))
    result = compute(parse("rolling_sum(a, 2) / b"), {"a": cases, "b": measured(1, 2, 4, stale="..x")}, months(3))
    assert result.value.shape == result.own.shape == result.stale.shape == result.partial.shape == (2, 2, 3)
    assert result.value[1, 1, 1:].tolist() == [(9 + 10) / 2, (10 + 11) / 4]
    assert result.stale[1, 1].tolist() == [False, False, True]
    assert result.partial[1, 1].tolist() == [False, True, True]
    assert compute(parse("1 + 2"), {}, months(3)).value.tolist() == [3, 3, 3]


def test_rounding_is_that_of_python() -> None:
    rng = random.Random(5)
    for digits in range(-15, 16):
        numbers = [rng.uniform(-1, 1) * 10.0 ** rng.randrange(-6, 20) for _ in range(300)]
        numbers += [(2 * rng.randrange(-500, 500) + 1) / 2 * 10.0**-digits for _ in range(300)] + [sys.float_info.max]
        result = compute(parse(f"round(a, {digits})"), {"a": measured(*numbers)}, months(len(numbers)))
        assert result.value.tolist() == [round(number, digits) for number in numbers]


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


def test_100_000_random_formulas_agree_with_exact_fractions_or_are_refused_with_the_column() -> None:
    rng = random.Random(20262)
    numbers = {"a": Fraction(3), "b": Fraction(-7, 4), "c": Fraction(1, 3), "d": Fraction(0)}
    inputs = {name: measured(float(number)) for name, number in numbers.items()}
    january = months(1)
    counts = {"known": 0, "unknown": 0, "undecided": 0, "refused": 0}
    for _ in range(100_000):
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
    assert counts["known"] > 60_000
    assert counts["unknown"] > 5_000
    assert counts["undecided"] < 2_000


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
        if len(text) > MAX_LENGTH:
            continue
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
