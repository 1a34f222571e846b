"""The sheet that owners of KPIs fill in, before any format: which figures are asked for, and what is known of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from scorecard.analysis.freshness import find_freshness
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.observations import TOTAL, Observations
from scorecard.model.kpi import Kpi, Measure
from scorecard.model.period import Calendar, Period
from scorecard.model.strategy import Strategy, fold_name
from scorecard.render.picture import illustrative_remark

MOST_ROWS = 5_000


class Figure(NamedTuple):
    """A value that was recorded, for levels its word, and its period."""

    value: float | str
    period: Period


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure that is asked for.

    `members` are those of all dimensions in their order, () for a total; `last` is the figure before, `recorded` what
    counts for this very period already. `target` is that of the review period, None where it is not one for this row.
    """

    measure: Measure
    owner: str
    period: Period
    members: tuple[str, ...]
    last: Figure | None
    recorded: float | str | None
    target: float | None

    @property
    def words(self) -> tuple[str, ...]:
        """What may be answered, where the measure is judged in words."""
        return tuple(self.measure.levels or ()) if isinstance(self.measure, Kpi) else ()


@dataclass(frozen=True, slots=True)
class OwnerSheet:
    """The figures asked for in one review period, by owner, then in the order of the map.

    `owner` is the only one asked, None for all. `left_out` counts the entries beyond MOST_ROWS.
    """

    strategy: Strategy
    period: Period
    owner: str | None
    entries: tuple[Entry, ...]
    left_out: int

    @property
    def awaits(self) -> bool:
        """Whether a figure is not there yet whose measure had one for the period just before."""
        calendar = self.strategy.calendar
        return any(
            entry.recorded is None
            and entry.last is not None
            and entry.last.period.rhythm == entry.period.rhythm
            and calendar.ordinal(entry.last.period) == calendar.ordinal(entry.period) - 1
            for entry in self.entries
        )


def build_sheets(
    evaluation: Evaluation, rows: Observations, wanted: Iterable[str | None] = (None,)
) -> list[OwnerSheet]:
    """What each of these owners should fill in for the evaluation's review period, None standing for all of them."""
    records, owners = _Records(rows, evaluation.strategy), find_owners(evaluation, rows)
    return [_build(evaluation, records, owners, owner) for owner in wanted]


def find_owners(evaluation: Evaluation, rows: Observations) -> dict[str, str]:
    """Who answers for each figure that somebody records, "" for nobody: KPIs first, then the metrics that are needed."""
    calendar, period = evaluation.strategy.calendar, evaluation.period
    end = date.fromordinal(calendar.last_day(period.rhythm, calendar.ordinal(period)))
    return {one.measure.id: one.owner or "" for one in find_freshness(evaluation.strategy, rows, end)}


def write_heading(sheet: OwnerSheet) -> list[str]:
    """What stands above the table: the strategy, the period and who is asked, then in a few lines what to do."""
    calendar, rhythm = sheet.strategy.calendar, sheet.period.rhythm
    ordinal = calendar.ordinal(sheet.period)
    first = date.fromordinal(calendar.first_day(rhythm, ordinal))
    last = date.fromordinal(calendar.last_day(rhythm, ordinal))
    who = "" if sheet.owner is None else f" · {sheet.owner or 'nobody answers for these yet'}"
    lines = [
        sheet.strategy.title,
        f"Figures for {sheet.period}{who}",
        f"Please fill in the shaded cells when the period, {first} to {last}, has ended, and send the sheet back.",
        "A figure is a plain number; a percentage has its sign, such as 12.5%; a judgement is a word from the list.",
        "No figure? Leave the cell empty: that never counts as zero. Note takes what one should know, By your name.",
        "Columns in brackets are for you to read.",
    ]
    if any(entry.recorded is not None for entry in sheet.entries):
        lines[-1] += " What stands under (On record) counts already: type a figure beside it only to correct it."
    if sheet.left_out:
        lines.append(f"The sheet is full: {sheet.left_out:,} more figures are not on it.")
    remark = illustrative_remark(sheet.strategy)
    return [*lines, remark] if remark else lines


class _Records:
    """Every value that counts, by measure and members, in the order of time."""

    def __init__(self, rows: Observations, strategy: Strategy) -> None:
        self._rows = rows
        self._strategy = strategy
        self._codes = {members: code for code, members in enumerate(rows.members)}
        days = np.array([strategy.calendar.anchor(period) for period in rows.periods], dtype=np.int64)
        live = np.flatnonzero(~np.isnan(rows.value))
        day = days[rows.period[live]]
        sort = np.lexsort((live, day, rows.member[live], rows.measure[live]))
        self._order, self._day = live[sort], day[sort]
        self._measure, self._member = rows.measure[self._order], rows.member[self._order]

    def members(self, name: str) -> list[tuple[str, ...]]:
        """For whom a measure has values, in declared order; the total where nothing is known, or it is the latest."""
        span = self._span(name)
        member, day = self._member[span], self._day[span]
        latest = set(member[day == day.max(initial=0)].tolist())
        if latest <= {TOTAL}:
            return [()]
        return [self._rows.members[code] for code in sorted(set(member.tolist()) - {TOTAL})]

    def figures(self, name: str, members: tuple[str, ...]) -> dict[Period, float | str]:
        """The values of one series by period; of a period's rows the last counts."""
        span, code = self._span(name), self._codes.get(members, -1)
        low, high = np.searchsorted(self._member[span], [code, code + 1])
        rows = self._order[span][low:high]
        measure = self._strategy.measure(name)
        words = list(measure.levels or ()) if isinstance(measure, Kpi) else []
        pairs = [(self._rows.periods[self._rows.period[row]], float(self._rows.value[row])) for row in rows]
        return {period: words[int(value)] if words else value for period, value in pairs}

    def _span(self, name: str) -> slice:
        code = self._rows.measures.index(name)
        low, high = np.searchsorted(self._measure, [code, code + 1])
        return slice(int(low), int(high))


def _build(evaluation: Evaluation, records: _Records, owners: dict[str, str], owner: str | None) -> OwnerSheet:
    strategy, review = evaluation.strategy, evaluation.period
    turn = {one: number for number, one in enumerate(dict.fromkeys(map(fold_name, owners.values())))}
    asked = [name for name in owners if owner is None or fold_name(owners[name]) == fold_name(owner)]
    entries: list[Entry] = []
    left_out = 0
    for name in sorted(asked, key=lambda name: turn[fold_name(owners[name])]):
        measure = strategy.measure(name)
        assert measure is not None
        target = evaluation.kpi(name).target if isinstance(measure, Kpi) else None
        for members in records.members(name):
            known = records.figures(name, members) if len(entries) < MOST_ROWS else {}
            for period in _periods(strategy, measure, review, known):
                if len(entries) < MOST_ROWS:
                    fits = target if _fits(measure, period, review, members) else None
                    entries.append(_entry(measure, owners[name], period, members, known, fits, strategy.calendar))
                else:
                    left_out += 1
    return OwnerSheet(strategy, review, owner, tuple(entries), left_out)


def _periods(
    strategy: Strategy, measure: Measure, review: Period, known: dict[Period, float | str]
) -> Iterator[Period]:
    """The measure's intervals that lie in a review period; of a longer one the last that has ended, while it lacks a value."""
    calendar, rhythm = strategy.calendar, strategy.interval(measure)
    ordinal = calendar.ordinal(review)
    first, last = calendar.first_day(review.rhythm, ordinal), calendar.last_day(review.rhythm, ordinal)
    if rhythm > review.rhythm:
        period = calendar.period(rhythm, calendar.ended(rhythm, last))
        if calendar.lying(period, review.rhythm) == ordinal or period not in known:
            yield period
        return
    for number in range(calendar.holding(rhythm, first), calendar.holding(rhythm, last) + 1):
        period = calendar.period(rhythm, number)
        if calendar.lying(period, review.rhythm) == ordinal:
            yield period


def _fits(measure: Measure, period: Period, review: Period, members: tuple[str, ...]) -> bool:
    """Whether the target of the review period says something of one row: not of a part of a sum."""
    is_part = (members and measure.combines == "sum") or (period.rhythm < review.rhythm and measure.aggregate == "sum")
    return not is_part


def _entry(
    measure: Measure,
    owner: str,
    period: Period,
    members: tuple[str, ...],
    known: dict[Period, float | str],
    target: float | None,
    calendar: Calendar,
) -> Entry:
    day = calendar.anchor(period)
    before = [one for one in known if calendar.anchor(one) < day]
    own = [one for one in before if one.rhythm == period.rhythm] or before
    last = Figure(known[own[-1]], own[-1]) if own else None
    return Entry(measure, owner, period, members, last, known.get(period), target)
