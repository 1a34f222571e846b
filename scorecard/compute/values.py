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
from scorecard.compute.panel import History, review_ends
from scorecard.compute.runs import distinct
from scorecard.model.period import RHYTHMS, Rhythm, per_year
from scorecard.model.strategy import Strategy

MOST_COLUMNS = 20_000  # review periods that one evaluation may look at, history for formulas included
MOST_CELLS = 50_000_000  # measures times review periods
_EARLIEST_DAY = 800  # in the year 3: no calendar counts further back
NEVER = np.iinfo(np.int64).min


class TooLong(ValueError):
    """The periods asked for, with the history that formulas look back on, are too many."""


class Values(NamedTuple):
    """Arrays [measure, slice, review period] for the reviews asked for; `measures` names the rows, KPIs first.

    Of one slice, as `part` gives it, they are [measure, review period]. `value` is NaN where unknown; `effective` is the
    ordinal of the review period the value is from, NEVER where there is no row at all; `stale` and `partial` are False
    where the value is unknown.
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

    def part(self, number: int) -> Values:
        """The values of one slice."""
        return self._replace(
            value=self.value[:, number],
            effective=self.effective[:, number],
            stale=self.stale[:, number],
            partial=self.partial[:, number],
            padded=self.padded._replace(part=number),
        )


class Padded(NamedTuple):
    """The same measures as formula inputs, with the periods before that formulas look back on."""

    rows: Mapping[str, int]
    inputs: Mapping[str, Series]
    position: NDArray[np.int64]
    pad: int
    part: int = 0

    def series(self, name: str) -> Series:
        """A measure in the slice `part` [review period]."""
        whole = self.inputs[name]
        part = self.part
        return Series(whole.value[part], whole.own[part], whole.stale[part], whole.partial[part])


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
    if columns > min(MOST_COLUMNS, MOST_CELLS // max(len(history.measures) * len(history.slices), 1)):
        raise TooLong(f"the evaluation would look at {columns:,} review periods, which are too many")
    reviews = np.arange(first - pad, last + 1, dtype=np.int64)
    value, effective, age, partial, keep = _carry(strategy, history, reviews)
    stale = (age > 0) & (age <= keep)
    value[age > keep] = np.nan
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
        value[..., pad:],
        effective[..., pad:],
        stale[..., pad:],
        partial[..., pad:],
        Padded(rows, inputs, position, pad),
    )


def explain_missing(
    strategy: Strategy, values: Values, formulas: Mapping[str, Formula], measure: str, column: int
) -> str:
    """Why a measure's value is unknown in the review period of this column, in words."""
    if measure in formulas:
        padded, formula = values.padded, formulas[measure]
        inputs = {name: padded.series(name) for name, _ in formula.names}
        return explain_unknown(formula, inputs, padded.position, padded.pad + column)
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
    """Of each series the latest entry up to each review period: value, its review period, age in u-periods, partial.

    The last array is how long each measure keeps [measure, 1, 1]; the others are [measure, slice, review period].
    """
    count, size = len(history.measures), len(history.slices)
    own = [strategy.measure(name) for name in history.measures]
    unit = np.array(
        [max(RHYTHMS[(m and m.interval) or strategy.period], strategy.rhythm) for m in own], dtype=np.int64
    ).reshape(count)
    keep = np.array([m.keep if m else 1 for m in own], dtype=np.int64).reshape(count, 1, 1)
    shape = (count, size, len(reviews))
    if not len(history.review):
        return np.full(shape, np.nan), np.full(shape, NEVER), np.zeros(shape, np.int64), np.zeros(shape, bool), keep
    low, high = int(history.review.min()), int(history.review.max())
    span = high - low + 2
    keys = history.series * span + (history.review - low)
    series = np.arange(count * size)[:, None]
    wanted = series * span + np.clip(reviews - low, -1, span - 1)[None, :]
    at = np.searchsorted(keys, wanted, side="right") - 1
    found = (at >= 0) & (reviews >= low)[None, :]
    at = np.maximum(at, 0)
    found &= history.series[at] == series
    at, found = at.reshape(shape), found.reshape(shape)
    ends = review_ends(strategy.calendar, strategy.rhythm, (Rhythm(int(u)) for u in distinct(unit)), reviews)
    due = np.empty((count, 1, len(reviews)), dtype=np.int64)
    for rhythm, row in ends.items():
        due[unit == rhythm] = row
    value = np.where(found, history.value[at], np.nan)
    effective = np.where(found, history.review[at], NEVER)
    age = np.where(found, due - history.due[at], 0)
    return value, effective, age, history.partial[at] & found, keep
