"""The operations of the formula language, each worked out by hand, with its flags, its shapes and its cost."""

from __future__ import annotations

import random
import sys
from types import FrameType
from typing import Any

import numpy as np
import pytest

from scorecard.compute.formula import MAX_LENGTH, parse
from scorecard.compute.formula_values import Series, compute

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
        ("1 / a ** 400", None), ("a / b", None), ("b / b", None), ("b ** -1", None), ("b ** b", 1),
        ("(0 - 8) ** (1 / 3)", None), ("none ** 0", None), ("1 ** none", None), ("none * 0", None), ("log(b)", None),
        ("log(exp(2))", 2), ("exp(1000)", None), ("prev(a) + change(a, 1)", 10), ("growth(a)", 1.5),
        ("growth(b)", None), ("prev(a, 2)", None), ("prev(a, 9)", None), ("rolling_sum(a, 2)", 14),
        ("rolling_mean(a, 2)", 7), ("rolling_sum(a, 3)", None), ("ytd(a)", None), ("clamp(a, 2, 5)", 5),
        ("clamp(a, 12, 15)", 12), ("min(a, 3, b)", 0), ("max(a, none)", None), ("min(a)", 10), ("prev(3)", 3),
        ("rolling_sum(2, 3)", 6), ("ytd(1)", 5), ("prev(none if a > 5 else 1)", 1), ("abs(-a)", 10),
        ("round(1.005, 2)", 1.0), ("round(2.675, 2)", 2.67), ("round(1250, -2)", 1200),
        ("a if a < 5 else a / 2 if b == 0 else 1", 5),
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
    ("text", "flags"),
    [
        ("old * 1", "stale"), ("part + 1", "partial"), ("max(1, old, part)", "stale partial"),
        ("1 < part < 0", "partial"), ("old if 1 else part", "stale"), ("1 if old else 2", "stale"),
        ("1 if 0 else 2 if part else old", "partial"), ("1 or old", ""), ("0 or old", "stale"), ("0 and part", ""),
        ("old and part", "stale partial"), ("prev(part)", ""), ("prev(first)", "partial"), ("change(first)", "partial"),
        ("growth(first)", "partial"), ("ytd(first)", "partial"), ("rolling_sum(first, 2)", "partial"),
        ("rolling_mean(first, 1)", ""),
    ],
)  # fmt: skip
def test_flags_come_from_the_inputs_that_were_reached(text: str, flags: str) -> None:
    old, part, first = measured(7, 7, stale=".x"), measured(1, 2, partial=".x"), measured(1, 2, partial="x.")
    value, stale, partial = last(text, old=old, part=part, first=first)
    assert value is not None
    assert (stale, partial) == ("stale" in flags, "partial" in flags)


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


def count_lines(text: str, columns: int) -> int:
    """How many lines of Python one evaluation runs; but for rounding, each looks at a column a few times at most."""
    formula = parse(text)
    inputs = {"a": measured(*[2.0] * columns, partial="x" * columns)}
    lines = 0

    def trace(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal lines
        lines += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        compute(formula, inputs, np.arange(columns))
    finally:
        sys.settrace(before)
    return lines


LOOKING_BACK = [
    "+".join(["rolling_sum(a,9999)"] * 50), "+".join(["ytd(a)"] * 142), "rolling_mean(" * 47 + "a" + ",9999)" * 47,
    "prev(" * 64 + "a" + ")" * 64,
]  # fmt: skip
HOSTILE = [
    *(sign.join(["a"] * 400) for sign in "+*<"), " or ".join(["a"] * 200), " and ".join(["a"] * 166), "-" * 64 + "a",
    " if a else ".join(["a"] * 80), "max(" + ",".join(["a"] * 490) + ")", "*".join(["9**9**9**9**9**9**9"] * 45),
    "+".join(["exp(a)**a"] * 100), "+".join(["round(a,9)"] * 90), *LOOKING_BACK,
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "columns"), [*((text, 1) for text in HOSTILE), *((text, 20_000) for text in LOOKING_BACK)],
    ids=lambda value: str(value)[:14],
)  # fmt: skip
def test_the_work_is_bounded_by_the_length_of_the_text(text: str, columns: int) -> None:
    assert len(text) <= MAX_LENGTH
    assert len(parse(text).steps) <= len(text)
    assert count_lines(text, columns) <= 20 * MAX_LENGTH
