"""From rows to one history a measure: one entry for each review period that has a row.

Members are combined, then finer values aggregated: docs/method.md, 'The value of a KPI'. Everything is done for all
measures at once over sorted columns; a group is a run of equal keys, and runs are summed in a fixed order, so the order
of the rows changes no bit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scorecard.compute.observations import TOTAL, Observations
from scorecard.model.finding import Finding, Severity
from scorecard.model.period import RHYTHMS, Calendar, Rhythm, per_year
from scorecard.model.strategy import Strategy

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_FAR = 12  # review periods without a value, and a year, before the latest one: further is odd
_MOST_FINDINGS = 100  # of one code
_REDUCE: dict[str, Callable[[Floats, Ints, Ints], Floats]] = {
    "sum": lambda v, at, _: np.add.reduceat(v, at),
    "mean": lambda v, at, n: np.add.reduceat(v, at) / n,
    "min": lambda v, at, _: np.minimum.reduceat(v, at),
    "max": lambda v, at, _: np.maximum.reduceat(v, at),
    "last": lambda v, at, n: v[at + n - 1],
    "median": lambda v, at, n: np.array([np.median(v[a : a + k]) for a, k in zip(at, n, strict=True)]),
}


class History(NamedTuple):
    """One entry for each (measure, review period) that has a row, sorted by measure, then period [entry].

    `review` is the review period's ordinal, `due` the ordinal of the u-period (the longer of interval and review
    period) in which the latest row that counts lies, `partial` whether intervals of a sum are missing, `combined` whether
    several periods were aggregated.
    `cells` are the targets from the data: (measure, review period) -> target.
    """

    measures: tuple[str, ...]
    measure: Ints
    review: Ints
    value: Floats
    due: Ints
    partial: Bools
    combined: Bools
    cells: dict[tuple[int, int], float]

    def last_review(self) -> int | None:
        """The latest review period with a value."""
        return int(self.review.max()) if len(self.review) else None

    def combined_measures(self) -> set[str]:
        """The measures of which several values met in one review period."""
        return {self.measures[int(code)] for code in distinct(self.measure[self.combined])}

    def of(self, measure: str) -> tuple[Ints, Floats]:
        """The review periods and values of one measure."""
        code = self.measures.index(measure)
        low, high = np.searchsorted(self.measure, [code, code + 1])
        return self.review[low:high], self.value[low:high]


def distinct(numbers: Ints) -> Ints:
    """The numbers that occur, ascending (`np.unique` would load numpy.ma, which takes as long as all the rest)."""
    ordered = np.sort(numbers)
    return ordered[np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))]


@np.errstate(over="ignore", invalid="ignore")
def build_history(strategy: Strategy, rows: Observations) -> tuple[History, list[Finding]]:
    """The history of every measure of `rows.measures`, and what is odd in the rows."""
    findings: list[Finding] = []
    cells = _target_cells(strategy, rows)
    live = np.flatnonzero(~np.isnan(rows.value))
    order = _Keys(strategy, rows)
    kept = _last_of_each_key(rows, order, live, findings)
    measure, period, value, line = _across_members(rows, order, kept, findings)
    _look_at_latest(strategy, rows, order.review[rows.period[kept]], kept, findings)
    history = _within_reviews(rows, order, (measure, period, value, line), cells, findings)
    return history, _some_of_each(findings)


def _some_of_each(findings: list[Finding]) -> list[Finding]:
    """The findings, of a code at most so many: 100,000 rows recorded twice are one fault, not 100,000."""
    count: Counter[str] = Counter()
    shown = []
    for finding in findings:
        count[finding.code] += 1
        if count[finding.code] <= _MOST_FINDINGS:
            shown.append(finding)
        elif count[finding.code] == _MOST_FINDINGS + 1:
            message = f"after {_MOST_FINDINGS} findings {finding.code} the rest is not listed"
            shown.append(Finding("S317", Severity.WARNING, finding.place, message, "mend those first"))
    return shown


class _Keys:
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


def _runs(*columns: Ints) -> tuple[Ints, Ints]:
    """Where runs of equal keys begin in sorted columns, and how long they are."""
    size = len(columns[0])
    if size == 0:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    change = np.zeros(size, dtype=bool)
    change[0] = True
    for column in columns:
        change[1:] |= column[1:] != column[:-1]
    starts = np.flatnonzero(change).astype(np.int64)
    return starts, np.diff(np.append(starts, size))


def _target_cells(strategy: Strategy, rows: Observations) -> dict[tuple[int, int], float]:
    """Targets from the data: of rows without members whose period is a review period; the last one counts."""
    calendar, review = strategy.calendar, strategy.rhythm
    cells: dict[tuple[int, int], float] = {}
    for row in np.flatnonzero(~np.isnan(rows.target) & (rows.member == TOTAL)):
        period = rows.periods[int(rows.period[row])]
        if period.rhythm == review:
            cells[int(rows.measure[row]), calendar.ordinal(period)] = float(rows.target[row])
    return cells


def _last_of_each_key(rows: Observations, keys: _Keys, live: Ints, findings: list[Finding]) -> Ints:
    """The rows that count, sorted by measure, kind, ordinal and member: of rows with one key the last."""
    when = rows.period[live]
    sort = np.lexsort((live, rows.member[live], keys.ordinal[when], keys.rhythm[when], rows.measure[live]))
    live = live[sort]
    starts, sizes = _runs(rows.measure[live], rows.period[live], rows.member[live])
    for start, size in zip(starts[sizes > 1], sizes[sizes > 1], strict=True):
        for earlier, later in zip(live[start : start + size - 1], live[start + 1 : start + size], strict=True):
            file, other = int(rows.file[later]), int(rows.file[earlier])
            if rows.sources[file] == rows.sources[other] and rows.value[earlier] != rows.value[later]:
                name, line = rows.measures[int(rows.measure[later])], int(rows.line[earlier])
                first = f"line {line}" if file == other else f"{rows.files[other]}:{line}"
                period = rows.periods[int(rows.period[later])]
                message = f"'{name}' has a second value for {period}; the first stands in {first}"
                hint = "keep one row; until then the later one counts"
                findings.append(Finding("S307", Severity.WARNING, rows.place(int(later)), message, hint))
    return live[starts + sizes - 1] if len(starts) else live


def _across_members(
    rows: Observations, keys: _Keys, kept: Ints, findings: list[Finding]
) -> tuple[Ints, Ints, Floats, Ints]:
    """One value a measure and period: the total where there is one, else the members combined."""
    starts, sizes = _runs(rows.measure[kept], rows.period[kept])
    if not len(starts):
        empty = np.empty(0, np.int64)
        return empty, empty, np.empty(0), empty
    values, members = rows.value[kept], rows.member[kept]
    measure, period = rows.measure[kept][starts], rows.period[kept][starts]
    whole = members[starts] == TOTAL
    combined = _reduce(keys.across[measure], values, starts, sizes)
    for group in np.flatnonzero(whole & (sizes > 1)):
        name = rows.measures[int(measure[group])]
        kind = str(keys.across[measure[group]])
        start, size = int(starts[group]), int(sizes[group])
        parts = _REDUCE[kind](values[start + 1 : start + size], np.array([0]), np.array([size - 1]))[0]
        if not np.isclose(parts, values[start], rtol=1e-9, atol=1e-12):
            total = f"the total of '{name}' for {rows.periods[int(period[group])]} is {values[start]:g}"
            message = f"{total}, but the {kind} of its members is {parts:g}"
            hint = "correct the total or the members; until then the total counts"
            findings.append(Finding("S308", Severity.WARNING, rows.place(int(kept[start])), message, hint))
    return measure, period, np.where(whole, values[starts], combined), kept[starts]


def _look_at_latest(strategy: Strategy, rows: Observations, reviews: Ints, kept: Ints, findings: list[Finding]) -> None:
    """A mistyped year would silently make its period the latest one: the first row there, if all others lie far before."""
    latest = reviews.max(initial=0)
    earlier = reviews[reviews < latest]
    if len(earlier) and (gap := int(latest - earlier.max())) > max(_FAR, per_year(strategy.rhythm)):
        first = int(kept[reviews == latest].min())
        unit = strategy.period if strategy.period != "half" else "half-year"
        message = f"{rows.periods[int(rows.period[first])]} lies {gap:,} {unit}s after every other value"
        hint = "correct the period; until then it is the latest one"
        findings.append(Finding("S333", Severity.WARNING, rows.place(first), message, hint))


def _within_reviews(
    rows: Observations,
    keys: _Keys,
    columns: tuple[Ints, Ints, Floats, Ints],
    cells: dict[tuple[int, int], float],
    findings: list[Finding],
) -> History:
    """One value a measure and review period: the rows of one granularity, aggregated in time order."""
    measure, period, value, origin = columns
    rhythm, ordinal, review = keys.rhythm[period], keys.ordinal[period], keys.review[period]
    sort = np.lexsort((ordinal, rhythm, review, measure))
    measure, period, value, origin = measure[sort], period[sort], value[sort], origin[sort]
    rhythm, ordinal, review = rhythm[sort], ordinal[sort], review[sort]
    chosen = _chosen_granularity(rows, keys, (measure, review, rhythm), (period, origin), findings)
    measure, period, value = measure[chosen], period[chosen], value[chosen]
    rhythm, review = rhythm[chosen], review[chosen]
    starts, sizes = _runs(measure, review)
    owner = measure[starts] if len(starts) else measure
    kinds = keys.aggregate[owner]
    reduced = _reduce(kinds, value, starts, sizes)
    at = review[starts] if len(starts) else review
    counted = np.where(rhythm[starts] == keys.interval[owner], sizes, 0) if len(starts) else sizes
    expected = _intervals(keys, owner, at, kinds == "sum")
    last = starts + sizes - 1
    due = _lying(rows, keys, owner, period[last] if len(starts) else period)
    partial = (kinds == "sum") & (counted < expected)
    return History(rows.measures, owner, at, reduced, due, partial, sizes > 1, cells)


def _chosen_granularity(
    rows: Observations, keys: _Keys, groups: tuple[Ints, Ints, Ints], marks: tuple[Ints, Ints], findings: list[Finding]
) -> Bools:
    """Which rows count where granularities mix in a review period: those of the interval, else the finest."""
    measure, review, rhythm = groups
    starts, sizes = _runs(measure, review)
    if not len(starts):
        return np.empty(0, dtype=bool)
    is_own = rhythm == keys.interval[measure]
    has_own = np.repeat(np.logical_or.reduceat(is_own, starts), sizes)
    finest = np.repeat(rhythm[starts], sizes)
    mixed = rhythm[starts] != rhythm[starts + sizes - 1]
    for group in np.flatnonzero(mixed):
        start = int(starts[group])
        span = slice(start, start + int(sizes[group]))
        kinds = [Rhythm(int(kind)).word for kind in distinct(rhythm[span])]
        name = rows.measures[int(measure[start])]
        message = f"'{name}' mixes {' and '.join(kinds)} values in one review period"
        hint = "record it in one rhythm; until then the values of its interval count, else the finest"
        findings.append(Finding("S309", Severity.WARNING, rows.place(int(marks[1][span].max())), message, hint))
    chosen: Bools = np.where(has_own, is_own, rhythm == finest)
    return chosen


def _reduce(kinds: NDArray[np.object_], values: Floats, starts: Ints, sizes: Ints) -> Floats:
    """Each run combined by its own kind; a run of one value is that value. Unknown where the result is not finite."""
    result = values[starts] if len(starts) else np.empty(0)
    many = np.flatnonzero(sizes > 1)
    for kind in sorted({str(k) for k in kinds[many]}):
        groups = many[kinds[many] == kind]
        index = np.concatenate([np.arange(s, s + n) for s, n in zip(starts[groups], sizes[groups], strict=True)])
        at = np.concatenate([[0], np.cumsum(sizes[groups])[:-1]])
        result[groups] = _REDUCE[kind](values[index], at, sizes[groups])
    result[~np.isfinite(result)] = np.nan  # too large for a number
    return result


def _intervals(keys: _Keys, measure: Ints, review: Ints, summed: Bools) -> Ints:
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


def _lying(rows: Observations, keys: _Keys, measure: Ints, period: Ints) -> Ints:
    """The u-period in which each row lies, u the longer of the measure's interval and the review period."""
    unit = np.maximum(keys.interval[measure], int(keys.review_rhythm))
    result = np.empty(len(measure), dtype=np.int64)
    for rhythm in distinct(unit):
        table = np.array([keys.calendar.lying(p, Rhythm(int(rhythm))) for p in rows.periods], dtype=np.int64)
        which = unit == rhythm
        result[which] = table[period[which]]
    return result


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
