"""The value of every measure in every review period: histories carried forward, then formulas.

See docs/method.md, 'The value of a KPI'.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scorecard.compute.formula import Formula
from scorecard.compute.formula_values import Series, compute, explain_unknown
from scorecard.compute.panel import History, distinct, review_ends
from scorecard.model.period import RHYTHMS, Rhythm, per_year
from scorecard.model.strategy import Strategy

MOST_COLUMNS = 20_000  # review periods that one evaluation may look at, history for formulas included
MOST_CELLS = 50_000_000  # measures times review periods
_EARLIEST_DAY = 800  # in the year 3: no calendar counts further back
NEVER = np.iinfo(np.int64).min


class TooLong(ValueError):
    """The periods asked for, with the history that formulas look back on, are too many."""


class Values(NamedTuple):
    """Arrays [measure, review period] for the reviews asked for; `measures` names the rows, KPIs first.

    `value` is NaN where unknown; `effective` is the ordinal of the review period the value is from, NEVER where there
    is no row at all; `stale` and `partial` are False where the value is unknown.
    """

    measures: tuple[str, ...]
    reviews: NDArray[np.int64]
    value: NDArray[np.float64]
    effective: NDArray[np.int64]
    stale: NDArray[np.bool_]
    partial: NDArray[np.bool_]
    padded: Padded

    def row(self, measure: str) -> int:
        return self.padded.rows[measure]


class Padded(NamedTuple):
    """The same measures as formula inputs, with the periods before that formulas look back on."""

    rows: Mapping[str, int]
    inputs: Mapping[str, Series]
    position: NDArray[np.int64]
    pad: int


def read_values(
    strategy: Strategy, history: History, formulas: Mapping[str, Formula], order: Iterable[str], first: int, last: int
) -> Values:
    """Values for the review periods `first` to `last` (ordinals). `order` lists the formula measures, inputs first.

    Raises TooLong where these, with the periods before that formulas read, pass MOST_COLUMNS or MOST_CELLS.
    """
    order = tuple(order)
    earliest = strategy.calendar.holding(strategy.rhythm, _EARLIEST_DAY)
    pad = min(_lookback(strategy, formulas, order), first - earliest)
    columns = pad + last - first + 1
    if columns > min(MOST_COLUMNS, MOST_CELLS // max(len(history.measures), 1)):
        raise TooLong(f"the evaluation would look at {columns:,} review periods, which are too many")
    reviews = np.arange(first - pad, last + 1, dtype=np.int64)
    value, effective, age, partial, keep = _carry(strategy, history, reviews)
    stale = (age > 0) & (age <= keep[:, None])
    value[age > keep[:, None]] = np.nan
    known = ~np.isnan(value)
    stale &= known
    partial &= known
    own = known & (effective == reviews)
    rows = {name: row for row, name in enumerate(history.measures)}
    inputs: dict[str, Series] = _Rows(rows, value, own, stale, partial)
    position = np.array([strategy.calendar.position(strategy.rhythm, int(t)) for t in reviews], dtype=np.int64)
    for name in order:
        row = rows[name]
        series = compute(formulas[name], inputs, position)
        value[row], own[row], stale[row], partial[row] = series.value, series.own, series.stale, series.partial
        effective[row] = reviews
    return Values(
        history.measures,
        reviews[pad:],
        value[:, pad:],
        effective[:, pad:],
        stale[:, pad:],
        partial[:, pad:],
        Padded(rows, inputs, position, pad),
    )


def explain_missing(
    strategy: Strategy, values: Values, formulas: Mapping[str, Formula], measure: str, column: int
) -> str:
    """Why a measure's value is unknown in the review period of this column, in words."""
    if measure in formulas:
        padded = values.padded
        return explain_unknown(formulas[measure], padded.inputs, padded.position, padded.pad + column)
    effective = int(values.effective[values.row(measure), column])
    if effective == NEVER:
        return "no value"
    if effective == values.reviews[column]:
        return "its values are too large to combine"
    return f"no value since {strategy.calendar.period(strategy.rhythm, effective)}"


class _Rows(dict[str, Series]):
    """The measures as formula inputs: views of the rows, made when asked for."""

    def __init__(self, rows: Mapping[str, int], *columns: NDArray[np.generic]) -> None:
        super().__init__()
        self._rows = rows
        self._columns = columns

    def __missing__(self, name: str) -> Series:
        row = self._rows[name]
        value, own, stale, partial = self._columns
        series = Series(value[row], own[row], stale[row], partial[row])
        self[name] = series
        return series


def _lookback(strategy: Strategy, formulas: Mapping[str, Formula], order: Iterable[str]) -> int:
    """How many review periods before the first one the formulas read, formulas over formulas added up."""
    year = per_year(strategy.rhythm)
    reach: dict[str, int] = {}
    for name in order:
        formula = formulas[name]
        reach[name] = formula.lookback(year) + max((reach.get(used, 0) for used, _ in formula.names), default=0)
    return max(reach.values(), default=0)


def _carry(
    strategy: Strategy, history: History, reviews: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]:
    """For each measure and review period the latest entry up to it: value, its review period, its age in u-periods."""
    count = len(history.measures)
    own = [strategy.measure(name) for name in history.measures]
    unit = np.array(
        [max(RHYTHMS[(m and m.interval) or strategy.period], strategy.rhythm) for m in own], dtype=np.int64
    ).reshape(count)
    keep = np.array([m.keep if m else 1 for m in own], dtype=np.int64).reshape(count)
    shape = (count, len(reviews))
    if not len(history.review):
        return np.full(shape, np.nan), np.full(shape, NEVER), np.zeros(shape, np.int64), np.zeros(shape, bool), keep
    low, high = int(history.review.min()), int(history.review.max())
    span = high - low + 2
    keys = history.measure * span + (history.review - low)
    wanted = np.arange(count)[:, None] * span + np.clip(reviews - low, -1, span - 1)[None, :]
    at = np.searchsorted(keys, wanted, side="right") - 1
    found = (at >= 0) & (reviews >= low)[None, :]
    at = np.maximum(at, 0)
    found &= history.measure[at] == np.arange(count)[:, None]
    ends = review_ends(strategy.calendar, strategy.rhythm, (Rhythm(int(u)) for u in distinct(unit)), reviews)
    due = np.empty(shape, dtype=np.int64)
    for rhythm, row in ends.items():
        due[unit == rhythm] = row
    value = np.where(found, history.value[at], np.nan)
    effective = np.where(found, history.review[at], NEVER)
    age = np.where(found, due - history.due[at], 0)
    return value, effective, age, history.partial[at] & found, keep
