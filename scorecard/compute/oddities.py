"""What is odd in the data as a whole: sources that differ, periods out of rhythm, values that slipped by a decimal place.

Everything is looked for over sorted columns; only what was found is put into words.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scorecard.compute.conflicts import some_of_each
from scorecard.compute.observations import Observations
from scorecard.compute.runs import Bools, Floats, Ints, find_runs
from scorecard.model.finding import Finding, Severity
from scorecard.model.kpi import Kpi
from scorecard.model.period import RHYTHMS, Rhythm, per_year
from scorecard.model.scoring import is_off_scale
from scorecard.model.strategy import Strategy

_WINDOW = 7  # values of a series that are looked at together: the one in question and those around it
_FEWEST = 5  # a shorter series says nothing of what is usual
_STEADY = 2.0  # the largest of the values around is at most so many times the smallest
_NEAR = 1.25  # a slip put right lies at most so many times beyond them
_LEAP = 4.0  # a slip is at least so many times its neighbour: 10 / (_STEADY * _NEAR)
_SLIPS = (10.0, 100.0, 1000.0)
_DEVIATIONS = 5.0  # by so many robust deviations of its steps a value stands out of a series
_SPREAD = 1.4826  # from the median absolute deviation to the standard deviation of a normal distribution
_VOLATILE = 3  # slips in one series are none
_ALIKE = 2.0  # a value so near to the size of another one is not the first of its size


@np.errstate(over="ignore", divide="ignore", invalid="ignore")
def find_oddities(strategy: Strategy, rows: Observations) -> list[Finding]:
    """What is odd in the rows of all sources together; of each code not more than so many findings."""
    if not len(rows):
        return []
    table = _Table(strategy, rows)
    parts = (_find_conflicts(table), _find_rhythms(table), _find_slips(table))
    return [finding for part in parts for finding in some_of_each(part)]


class _Table:
    """The rows with a value, sorted by series (measure, member, kind of period), then period, then as they count.

    `row` points into the observations, `series` numbers the series, `last` marks the row that counts of its key.
    """

    def __init__(self, strategy: Strategy, rows: Observations) -> None:
        calendar = strategy.calendar
        self.strategy, self.rows = strategy, rows
        self.source = np.array(rows.sources, dtype=np.int64)
        self.store = len(strategy.data) + 1  # the number of the source that the strategy's own store is
        self.rhythm = np.array([p.rhythm for p in rows.periods], dtype=np.int64)
        self.ordinal = np.array([calendar.ordinal(p) for p in rows.periods], dtype=np.int64)
        rank = np.empty(len(rows.periods), dtype=np.int64)
        rank[np.lexsort((self.ordinal, self.rhythm))] = np.arange(len(rank))
        live = np.flatnonzero(~np.isnan(rows.value))
        key = (rows.measure[live] * len(rows.members) + rows.member[live]) * len(rank) + rank[rows.period[live]]
        sort = np.argsort(key, kind="stable")
        self.row: Ints = live[sort]
        key = key[sort]
        self.last: Bools = np.append(key[1:] != key[:-1], len(key) > 0)[: len(key)]
        kind = self.rhythm[rows.period[self.row]]
        self.series: Ints = (key // max(len(rank), 1)) * len(Rhythm) + kind

    def finding(self, code: str, severity: Severity, row: int, message: str, hint: str) -> Finding:
        return Finding(code, severity, self.rows.place(row), message, hint)

    def name(self, row: int) -> str:
        """A figure and its period, for a sentence."""
        members = self.rows.members[int(self.rows.member[row])]
        of = f" of {', '.join(members)}" if members else ""
        return f"'{self.rows.measures[int(self.rows.measure[row])]}'{of} for {self.rows.periods[int(self.rows.period[row])]}"


def _find_conflicts(table: _Table) -> Iterator[Finding]:
    """Two sources with different values for one key, said once for each pair; what is on record is there to correct."""
    rows, source = table.rows, table.source[table.rows.file[table.row]]
    again = np.zeros(len(table.row), dtype=bool)  # not the last row of its source for its key
    again[:-1] = ~table.last[:-1] & (source[1:] == source[:-1])
    kept, source, last = table.row[~again], source[~again], table.last[~again]
    at = np.flatnonzero(~last[:-1] & (source[1:] < table.store))
    at = at[~np.isclose(rows.value[kept[at]], rows.value[kept[at + 1]], rtol=1e-9, atol=1e-12)]
    at = at[np.lexsort((kept[at + 1], source[at], source[at + 1]))]
    starts, sizes = find_runs(source[at], source[at + 1])
    for one, size in zip(at[starts].tolist(), sizes.tolist(), strict=True):
        earlier, later = int(kept[one]), int(kept[one + 1])
        other = rows.place(earlier)
        values = f"{_write(table, later)} here and {_write(table, earlier)} in {other.file}:{other.line}"
        more = f", one of {size:,} that these two sources do not agree on" if size > 1 else ""
        message = f"the values of {table.name(later)} differ: {values}{more}"
        hint = "the later source counts; where that is no correction, keep the value in one of them"
        yield table.finding("S338", Severity.HINT, later, message, hint)


def _write(table: _Table, row: int) -> str:
    measure = table.strategy.measure(table.rows.measures[int(table.rows.measure[row])])
    value = float(table.rows.value[row])
    return f"'{list(measure.levels)[int(value)]}'" if isinstance(measure, Kpi) and measure.levels else f"{value:.10g}"


def _find_rhythms(table: _Table) -> Iterator[Finding]:
    """Values longer than the `interval` written for their KPI; where values are added up shorter ones too.

    A shorter value of a figure that is not added up is one more look at it. Where a review period also has values of the
    interval, S309 says it.
    """
    strategy, rows = table.strategy, table.rows
    own = [strategy.measure(name) for name in rows.measures]
    interval = np.array([RHYTHMS[m.interval] if m and m.interval else -1 for m in own], dtype=np.int64)
    is_summed = np.array([m is not None and m.aggregate == "sum" for m in own], dtype=bool)
    kept = table.row[table.last]
    measure, kind = rows.measure[kept], table.rhythm[rows.period[kept]]
    asked = interval[measure]
    odd = (asked >= 0) & ((kind > asked) | ((kind < asked) & is_summed[measure]))
    if not odd.any():
        return
    lying = [strategy.calendar.lying(period, strategy.rhythm) for period in rows.periods]
    review = np.array(lying, dtype=np.int64)[rows.period[kept]]
    group = measure * (int(review.max()) + 1) + review
    regular = np.sort(group[kind == asked])
    at = np.flatnonzero(odd)
    beside = np.searchsorted(regular, group[at], "right") > np.searchsorted(regular, group[at], "left")
    at = at[~beside]
    at = at[np.lexsort((kept[at], measure[at]))]
    starts, sizes = find_runs(measure[at])
    for start, size in sorted(zip(starts.tolist(), sizes.tolist(), strict=True), key=lambda run: int(kept[at[run[0]]])):
        yield _describe_rhythm(table, int(kept[at[start]]), size)


def _describe_rhythm(table: _Table, row: int, size: int) -> Finding:
    name, period = table.rows.measures[int(table.rows.measure[row])], table.rows.periods[int(table.rows.period[row])]
    measure = table.strategy.measure(name)
    assert measure is not None
    interval, length = measure.interval or table.strategy.period, period.rhythm.word
    by, kind = interval.replace("half", "half-year"), length.replace("half", "half-year")
    more = f", one of {size:,} such values" if size > 1 else ""
    message = f"'{name}' is measured by the {by}, but {period} is a {kind}{more}"
    if period.rhythm > RHYTHMS[interval]:
        effect = "it counts as the value of its last review period alone"
    else:
        effect = f"without a value for the whole {by} the sum counts as partial"
    hint = f"{effect}; record it by the {by}, or write 'interval: {length}'"
    return table.finding("S339", Severity.WARNING, row, message, hint)


def _find_slips(table: _Table) -> Iterator[Finding]:
    """Values that are ten, a hundred or a thousand times those around them, or such a part of them.

    Only where those around are steady, and the value stands out of its whole series. What is on record was asked back
    when it was recorded.
    """
    rows, kept, series = table.rows, table.row[table.last], table.series[table.last]
    value = rows.value[kept]
    starts, sizes = find_runs(series)
    run = np.repeat(np.arange(len(starts)), sizes)
    leap = np.abs(value[1:] / value[:-1])
    leaps = np.zeros(len(kept) + 1, dtype=bool)  # before each value; NaN and series that end leap nowhere
    leaps[1:-1] = (run[1:] == run[:-1]) & ((leap > _LEAP) | (leap < 1 / _LEAP))
    first = np.zeros(len(kept), dtype=bool)
    first[starts] = True
    may_slip = (sizes[run] >= _FEWEST) & (table.source[rows.file[kept]] < table.store)
    at = np.flatnonzero((leaps[:-1] | (first & leaps[1:])) & may_slip)
    at = at[_is_slip(value, at, starts[run[at]], sizes[run[at]])]
    slips = np.bincount(run[at], minlength=len(starts))
    at = at[slips[run[at]] < _VOLATILE]
    for one in at[np.argsort(kept[at])].tolist():
        span = slice(int(starts[run[one]]), int(starts[run[one]] + sizes[run[one]]))
        yield from _describe_slip(table, kept[span], one - span.start)


def _is_slip(value: Floats, at: Ints, start: Ints, size: Ints) -> Bools:
    """Whether values, put right by a factor, would lie among those around them; `start` and `size` are of their series."""
    opening = start + np.clip(at - start - _WINDOW // 2, 0, np.maximum(size - _WINDOW, 0))
    index = opening[:, None] + np.arange(_WINDOW)
    is_around = (index < (start + size)[:, None]) & (index != at[:, None])
    around = value[np.where(is_around, index, at[:, None])]
    same_sign = (np.sign(around) == np.sign(value[at])[:, None]).all(axis=1)
    low = np.where(is_around, np.abs(around), np.inf).min(axis=1, initial=np.inf)
    high = np.where(is_around, np.abs(around), 0).max(axis=1, initial=0)
    put_right = np.abs(value[at])[:, None] * np.array([factor**sign for factor in _SLIPS for sign in (1, -1)])
    fits = (put_right >= (low / _NEAR)[:, None]) & (put_right <= (high * _NEAR)[:, None])
    is_slip: Bools = same_sign & (low > 0) & (high <= _STEADY * low) & fits.any(axis=1)
    return is_slip


def _describe_slip(table: _Table, series: Ints, at: int) -> Iterator[Finding]:
    """The finding on one value of a series, if it stands out; far off its scale it has one (S310) already."""
    rows, row = table.rows, int(series[at])
    measure, value = table.strategy.measure(rows.measures[int(rows.measure[row])]), float(rows.value[row])
    opening = max(0, min(at - _WINDOW // 2, len(series) - _WINDOW))
    around = np.delete(rows.value[series[opening : opening + _WINDOW]], at - opening)
    usual = float(np.median(around))
    is_worded = isinstance(measure, Kpi) and measure.levels
    if is_worded or is_off_scale(measure, value) or not _stands_out(table, series, at, usual):
        return
    how = f"{value / usual:.3g} times" if abs(value) > abs(usual) else f"1/{usual / value:.3g} of"
    message = (
        f"{table.name(row)} is {value:.10g}, {how} the values around it, {around.min():.10g} to {around.max():.10g}"
    )
    hint = "look whether a decimal place slipped; where it is right, put it on record with 'scorecard record'"
    yield table.finding("S340", Severity.WARNING, row, message, hint)


def _stands_out(table: _Table, series: Ints, at: int, usual: float) -> bool:
    """Whether a value is further from those around it than the series ever moves, and no other has its size.

    A second one of its size at about the time of another year makes it a season.
    """
    values, period = table.rows.value[series], table.rows.period[series]
    value, size = float(values[at]), np.abs(values)
    others = np.delete(values, at)
    moves = [float(np.median(np.abs(np.diff(one)))) for one in (others, np.log(np.abs(others[others != 0])))]
    leaps = [abs(value - usual), abs(float(np.log(value / usual)))]
    if any(leap <= _DEVIATIONS * _SPREAD * move for leap, move in zip(leaps, moves, strict=True)):
        return False
    alike = size >= size[at] / _ALIKE if size[at] > abs(usual) else size <= size[at] * _ALIKE
    alike[at] = False
    same = np.flatnonzero(alike)
    year = per_year(Rhythm(int(table.rhythm[period[at]])))
    apart = (table.ordinal[period[same]] - table.ordinal[period[at]]) % year
    return len(same) < 2 and not (np.minimum(apart, year - apart) <= 1).any()
