"""From rows to one history a measure: one entry for each review period that has a row.

Members are combined, then finer values aggregated: docs/method.md, 'The value of a KPI'. Everything is done for all
measures, and all slices of the members, at once over sorted columns. A series is one measure in one slice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scorecard.compute.observations import TOTAL, Observations
from scorecard.compute.runs import Bools, Floats, Ints, combine_runs, distinct, find_runs
from scorecard.model.period import RHYTHMS, Calendar, Rhythm
from scorecard.model.strategy import Strategy

WHOLE: Mapping[str, str] = {}  # the slice of everything


class Slices(NamedTuple):
    """Parts of the whole side by side: `members` names each by dimension and member.

    `of` gives for each member code of the observations the number of the slice its rows belong to, -1 for none. A total
    belongs to no slice but the whole.
    """

    members: tuple[Mapping[str, str], ...]
    of: Ints


class Cells(NamedTuple):
    """Targets from the data [cell], one for a series and review period, in that order."""

    series: Ints
    review: Ints
    target: Floats


class History(NamedTuple):
    """One entry for each (series, review period) that has a row, sorted by series, then period [entry].

    Series are numbered measure by measure, in each slice by slice: `measure * len(slices) + slice`. `review` is the review
    period's ordinal, `due` the ordinal of the u-period (the longer of interval and review period) in which the latest row
    that counts lies, `partial` whether intervals of a sum are missing, `combined` whether several periods were aggregated.
    """

    measures: tuple[str, ...]
    slices: tuple[Mapping[str, str], ...]
    series: Ints
    review: Ints
    value: Floats
    due: Ints
    partial: Bools
    combined: Bools
    cells: Cells

    def last_review(self) -> int | None:
        """The latest review period with a value."""
        return int(self.review.max()) if len(self.review) else None

    def measured(self) -> set[str]:
        """The measures that have a value."""
        return {self.measures[code] for code in distinct(self.series // len(self.slices)).tolist()}

    def of(self, measure: str, part: int = 0) -> tuple[Ints, Floats]:
        """The review periods and values of one measure in one slice."""
        series = self.measures.index(measure) * len(self.slices) + part
        low, high = np.searchsorted(self.series, [series, series + 1])
        return self.review[low:high], self.value[low:high]

    def combined_measures(self) -> set[str]:
        """The measures of which several values met in one review period."""
        return {self.measures[code] for code in distinct(self.series[self.combined] // len(self.slices)).tolist()}


class Keys:
    """Per distinct period: kind, ordinal, review period; per measure: interval, and how values combine."""

    def __init__(self, strategy: Strategy, rows: Observations) -> None:
        self.calendar = strategy.calendar
        self.review_rhythm = strategy.rhythm
        self.rhythm = np.array([p.rhythm for p in rows.periods], dtype=np.int64)
        self.ordinal = np.array([self.calendar.ordinal(p) for p in rows.periods], dtype=np.int64)
        self.review = np.array([self.calendar.lying(p, strategy.rhythm) for p in rows.periods], dtype=np.int64)
        own = [strategy.measure(name) for name in rows.measures]
        self.interval = np.array([RHYTHMS[(m and m.interval) or strategy.period] for m in own], dtype=np.int64)
        self.across = np.array([m.combines if m else "mean" for m in own], dtype=object)
        self.aggregate = np.array(
            ["last" if m is None or getattr(m, "levels", None) else m.aggregate for m in own], dtype=object
        )


class Kept(NamedTuple):
    """The rows that count, each the last of its key, sorted by measure, kind of period, ordinal and member.

    `row` points into the observations; `repeats` are the pairs (earlier, later) of rows with one key.
    """

    row: Ints
    repeats: tuple[Ints, Ints]


class Combined(NamedTuple):
    """One value a series and period [entry], sorted like the rows. `row` is the first of those combined.

    `is_total` marks values of rows without members, `rest` what the members beside them come to (NaN where there are none).
    """

    series: Ints
    period: Ints
    value: Floats
    row: Ints
    is_total: Bools
    rest: Floats


def keep_rows(rows: Observations, keys: Keys) -> Kept:
    live = np.flatnonzero(~np.isnan(rows.value))
    when = rows.period[live]
    live = live[np.lexsort((live, rows.member[live], keys.ordinal[when], keys.rhythm[when], rows.measure[live]))]
    starts, sizes = find_runs(rows.measure[live], rows.period[live], rows.member[live])
    again = np.ones(len(live), dtype=bool)
    again[starts] = False
    at = np.flatnonzero(again)
    return Kept(live[starts + sizes - 1] if len(starts) else live, (live[at - 1], live[at]))


@np.errstate(over="ignore", invalid="ignore")
def combine_members(rows: Observations, keys: Keys, kept: Ints) -> Combined:
    """The whole: the total where there is one, else the members combined."""
    starts, sizes = find_runs(rows.measure[kept], rows.period[kept])
    values, first = rows.value[kept], kept[starts]
    measure, kinds = rows.measure[first], keys.across[rows.measure[first]]
    is_total = rows.member[first] == TOTAL
    both = is_total & (sizes > 1)
    rest = np.full(len(starts), np.nan)
    rest[both] = combine_runs(kinds[both], values, starts[both] + 1, sizes[both] - 1)
    combined = combine_runs(kinds, values, starts, sizes)
    return Combined(measure, rows.period[first], np.where(is_total, rows.value[first], combined), first, is_total, rest)


@np.errstate(over="ignore", invalid="ignore")
def slice_members(rows: Observations, keys: Keys, kept: Ints, slices: Slices) -> Combined:
    """Every slice: the members in it combined."""
    part = slices.of[rows.member[kept]]
    kept, part = kept[part >= 0], part[part >= 0]
    series = rows.measure[kept] * len(slices.members) + part
    sort = np.argsort(series, kind="stable")
    kept, series = kept[sort], series[sort]
    starts, sizes = find_runs(series, rows.period[kept])
    first = kept[starts]
    value = combine_runs(keys.across[rows.measure[first]], rows.value[kept], starts, sizes)
    none = np.zeros(len(starts), dtype=bool)
    return Combined(series[starts], rows.period[first], value, first, none, np.full(len(starts), np.nan))


@np.errstate(over="ignore", invalid="ignore")
def build_history(
    rows: Observations, keys: Keys, combined: Combined, cells: Cells, slices: tuple[Mapping[str, str], ...] = (WHOLE,)
) -> History:
    """One value a series and review period: those of one granularity, aggregated in time order."""
    size = len(slices)
    review = keys.review[combined.period]
    rhythm = keys.rhythm[combined.period]
    sort = np.lexsort((keys.ordinal[combined.period], rhythm, review, combined.series))
    series, review, rhythm = combined.series[sort], review[sort], rhythm[sort]
    chosen = _choose_granularity(series, review, rhythm, keys.interval[series // size])
    sort, series, review, rhythm = sort[chosen], series[chosen], review[chosen], rhythm[chosen]
    starts, sizes = find_runs(series, review)
    owner, at = series[starts], review[starts]
    measure = owner // size
    kinds = keys.aggregate[measure]
    value = combine_runs(kinds, combined.value[sort], starts, sizes)
    counted = np.where(rhythm[starts] == keys.interval[measure], sizes, 0)
    partial = (kinds == "sum") & (counted < _intervals(keys, measure, at, kinds == "sum"))
    due = _lying(rows, keys, measure, combined.period[sort[starts + sizes - 1]])
    return History(rows.measures, slices, owner, at, value, due, partial, sizes > 1, cells)


def _choose_granularity(series: Ints, review: Ints, rhythm: Ints, interval: Ints) -> Bools:
    """Which values count where granularities mix in a review period: those of the interval, else the finest."""
    starts, sizes = find_runs(series, review)
    if not len(starts):
        return np.empty(0, dtype=bool)
    is_own = rhythm == interval
    has_own = np.repeat(np.logical_or.reduceat(is_own, starts), sizes)
    chosen: Bools = np.where(has_own, is_own, rhythm == np.repeat(rhythm[starts], sizes))
    return chosen


def read_cells(rows: Observations, keys: Keys) -> Cells:
    """Targets of the whole: of rows without members whose period is a review period; the last one counts."""
    found = _last_targets(rows, keys, np.flatnonzero(rows.member == TOTAL))
    return Cells(rows.measure[found], keys.ordinal[rows.period[found]], rows.target[found])


@np.errstate(over="ignore", invalid="ignore")
def slice_cells(rows: Observations, keys: Keys, kept: Ints, slices: Slices) -> Cells:
    """Targets of slices: those of its members combined as values are, where each member with a value there has one.

    Of members without a value none counts, unless no member has one.
    """
    size, most = len(slices.members), len(rows.members)
    found = _last_targets(rows, keys, np.flatnonzero(slices.of[rows.member] >= 0))
    series = rows.measure[found] * size + slices.of[rows.member[found]]
    review = keys.ordinal[rows.period[found]]
    span = int(max(review.max(initial=0), keys.review.max(initial=0))) + 1
    valued = kept[slices.of[rows.member[kept]] >= 0]
    group = (rows.measure[valued] * size + slices.of[rows.member[valued]]) * span + keys.review[rows.period[valued]]
    owner, members = distinct(group), distinct(group * most + rows.member[valued])
    given = series * span + review
    has_value = _is_in(given * most + rows.member[found], members)
    needed = np.bincount(np.searchsorted(owner, members // most), minlength=len(owner))
    at = np.minimum(np.searchsorted(owner, given), max(len(owner) - 1, 0))
    is_idle = ~_is_in(given, owner)
    covered = np.bincount(at[has_value], minlength=len(owner))
    counts = is_idle | (has_value & (covered == needed)[at]) if len(owner) else is_idle
    found, given = found[counts], given[counts]
    sort = np.lexsort((rows.member[found], given))
    found, given = found[sort], given[sort]
    starts, sizes = find_runs(given)
    target = combine_runs(keys.across[rows.measure[found[starts]]], rows.target[found], starts, sizes)
    return Cells(given[starts] // span, given[starts] % span, target)


def review_ends(calendar: Calendar, rhythm: Rhythm, units: Iterator[Rhythm], reviews: Ints) -> dict[Rhythm, Ints]:
    """For each u the latest u-period that has ended by the end of each review period."""
    ends = {}
    for unit in units:
        if unit == rhythm:
            ends[unit] = reviews
        else:
            ends[unit] = np.array(
                [calendar.ended(unit, calendar.last_day(rhythm, int(t))) for t in reviews], dtype=np.int64
            )
    return ends


def _last_targets(rows: Observations, keys: Keys, among: Ints) -> Ints:
    """Of some rows those with a target for a review period, of each key the last, sorted by measure, period and member."""
    among = among[~np.isnan(rows.target[among])]
    among = among[keys.rhythm[rows.period[among]] == int(keys.review_rhythm)]
    columns = rows.measure[among], keys.ordinal[rows.period[among]], rows.member[among]
    sort = np.lexsort((among, *reversed(columns)))
    starts, sizes = find_runs(*(column[sort] for column in columns))
    found: Ints = among[sort[starts + sizes - 1]]
    return found


def _is_in(wanted: Ints, ordered: Ints) -> Bools:
    """Which numbers are among ascending ones."""
    if not len(ordered):
        return np.zeros(len(wanted), dtype=bool)
    at = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    found: Bools = ordered[at] == wanted
    return found


def _intervals(keys: Keys, measure: Ints, review: Ints, summed: NDArray[np.bool_]) -> Ints:
    """How many of the measure's intervals lie in each review period (0 where it does not matter)."""
    expected = np.zeros(len(measure), dtype=np.int64)
    which = np.flatnonzero(summed)
    pairs = review[which] * len(Rhythm) + keys.interval[measure[which]]
    table = distinct(pairs)
    counts = [
        keys.calendar.count(Rhythm(pair % len(Rhythm)), keys.review_rhythm, pair // len(Rhythm))
        for pair in table.tolist()
    ]
    expected[which] = np.array(counts, dtype=np.int64)[np.searchsorted(table, pairs)]
    return expected


def _lying(rows: Observations, keys: Keys, measure: Ints, period: Ints) -> Ints:
    """The u-period in which each row lies, u the longer of the measure's interval and the review period."""
    unit = np.maximum(keys.interval[measure], int(keys.review_rhythm))
    result = np.empty(len(measure), dtype=np.int64)
    for rhythm in distinct(unit):
        table = np.array([keys.calendar.lying(p, Rhythm(int(rhythm))) for p in rows.periods], dtype=np.int64)
        which = unit == rhythm
        result[which] = table[period[which]]
    return result
