"""How fresh each figure is that somebody has to record, and who answers for it.

A period is due once it has ended, and overdue once the period of the same length after it has ended too. Days are counted
by the calendar of the strategy; "today" is an argument.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scorecard.analysis.issue import Context
from scorecard.analysis.method_data import recorded
from scorecard.compute.formula import parse
from scorecard.compute.observations import Observations
from scorecard.compute.panel import WHOLE, Slices
from scorecard.model.finding import Place
from scorecard.model.kpi import Measure, Titled
from scorecard.model.period import Period, Rhythm
from scorecard.model.strategy import Strategy, fold_name

_NOT_ASKED = -1


class State(StrEnum):
    """From the worst to the best; `NEVER` is a figure that never had a value."""

    OVERDUE = "overdue"
    NEVER = "never"
    DUE = "due"
    FRESH = "fresh"


class Latest(NamedTuple):
    """The newest value of a figure: its period, the last day of that, and where it stands."""

    period: Period
    day: date
    place: Place


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure that somebody has to record.

    `owner` is None where nobody answers for it; `through` is the goal or the KPI whose owner that is where it has none of
    its own. `due` is the latest period of its interval that has ended. `missing` counts those without a value since
    the newest one (0 where it was never measured), `first_missing` is the first of them and `since` its last day.
    """

    strategy: Strategy
    measure: Measure
    owner: str | None
    through: Titled | None
    state: State
    due: Period
    missing: int
    first_missing: Period | None
    since: date | None
    latest: Latest | None


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The figures of one owner, the worst first; `owner` is None where nobody answers for them."""

    owner: str | None
    figures: tuple[Figure, ...]

    def count(self, state: State) -> int:
        return sum(figure.state == state for figure in self.figures)

    @property
    def latest(self) -> Latest | None:
        """The newest value of any of the figures: since then nothing was updated."""
        return max((one.latest for one in self.figures if one.latest), key=lambda one: one.day, default=None)


def find_freshness(strategy: Strategy, rows: Observations, today: date) -> tuple[Figure, ...]:
    """Every figure of a strategy that somebody has to record, in file order, as it stands on a day.

    `rows` may be any part of the observations, such as those of one member. Values of periods that have not begun are left
    out: they are no measurements.
    """
    owners = _find_owners(strategy)
    whole = Slices((WHOLE,), np.zeros(len(rows.members), dtype=np.int64))
    found = _find_latest(strategy, rows, [one for one, _ in owners], today, whole)
    return tuple(_judge(strategy, one, owner, found.get((one.id, 0)), today) for one, owner in owners)


def find_by_member(strategy: Strategy, rows: Observations, slices: Slices, today: date) -> tuple[Portfolio, ...]:
    """The figures that members report, by member in place of the owner: those with the most overdue first."""
    owners = _find_owners(strategy)
    found = _find_latest(strategy, rows, [one for one, _ in owners], today, slices)
    reported = {name for name, _ in found}
    members = [list(part.values())[-1] for part in slices.members]
    grouped = [
        Portfolio(
            member,
            _sort(
                _judge(strategy, one, (owner, None), found.get((one.id, part)), today)
                for one, (owner, _) in owners
                if one.id in reported
            ),
        )
        for part, member in enumerate(members)
    ]
    return tuple(sorted(grouped, key=_rank))


def group_by_owner(figures: Iterable[Figure]) -> tuple[Portfolio, ...]:
    """The figures by owner: those with the most overdue first, of them the longest overdue; nobody comes last.

    Names are one where they differ in case and spaces only; the first spelling is shown.
    """
    groups: dict[str | None, list[Figure]] = {}
    for figure in figures:
        groups.setdefault(None if figure.owner is None else fold_name(figure.owner), []).append(figure)
    return tuple(sorted((Portfolio(own[0].owner, _sort(own)) for own in groups.values()), key=_rank))


def _sort(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    states = list(State)
    return tuple(sorted(figures, key=lambda one: (states.index(one.state), one.since or date.max)))


def _rank(one: Portfolio) -> tuple[bool, int, date, int, int, str]:
    since = min((f.since for f in one.figures if f.state == State.OVERDUE and f.since), default=date.max)
    others = -one.count(State.NEVER), -one.count(State.DUE)
    return one.owner is None, -one.count(State.OVERDUE), since, *others, fold_name(one.owner or "")


def _judge(
    strategy: Strategy,
    measure: Measure,
    owner: tuple[str | None, Titled | None],
    latest: tuple[int, Latest] | None,
    today: date,
) -> Figure:
    calendar, rhythm = strategy.calendar, strategy.interval(measure)
    ended = calendar.ended(rhythm, today.toordinal() - 1)  # a day that is not over may still change its period
    due = calendar.period(rhythm, ended)
    if latest is None:
        return Figure(strategy, measure, *owner, State.NEVER, due, 0, None, None, None)
    held, newest = latest
    missing = max(0, ended - held)
    if not missing:
        return Figure(strategy, measure, *owner, State.FRESH, due, 0, None, None, newest)
    state = State.DUE if missing == 1 else State.OVERDUE
    since = date.fromordinal(calendar.last_day(rhythm, held + 1))
    return Figure(strategy, measure, *owner, state, due, missing, calendar.period(rhythm, held + 1), since, newest)


def _find_owners(strategy: Strategy) -> list[tuple[Measure, tuple[str | None, Titled | None]]]:
    """The figures somebody has to record, in file order, and who answers for each."""
    measures = (*strategy.kpis.values(), *strategy.metrics.values())
    context = Context(strategy, {one.id: parse(one.formula) for one in measures if one.formula is not None})
    return [(one, _find_owner(context, one)) for one in recorded(context)]


def _find_owner(context: Context, measure: Measure) -> tuple[str | None, Titled | None]:
    """Who answers for a figure: its owner, that of a goal that names it, or of what its formulas make of it, nearest first."""
    for name in context.users(measure.id):
        one = context.strategy.measure(name)
        if one is not None and one.owner:
            return one.owner, None if one is measure else one
        goals = [*(use.goal for use in context.uses.get(name, ())), *context.guards.get(name, ())]
        for goal in goals:
            if goal.owner:
                return goal.owner, goal
    return None, None


def _find_latest(
    strategy: Strategy, rows: Observations, measures: Sequence[Measure], today: date, slices: Slices
) -> dict[tuple[str, int], tuple[int, Latest]]:
    """The newest value of each measure in each slice, and the ordinal of the period of its interval in which that lies."""
    calendar, size = strategy.calendar, len(slices.members)
    rhythms = {one.id: strategy.interval(one) for one in measures}
    day = np.array([calendar.anchor(p) for p in rows.periods], dtype=np.int64)
    begun = np.zeros((len(Rhythm), len(rows.periods)), dtype=bool)  # where a value lies in a period that has begun
    for rhythm in set(rhythms.values()):
        now = calendar.holding(rhythm, today.toordinal())
        begun[rhythm] = [calendar.lying(p, rhythm) <= now for p in rows.periods]
    own = np.array([rhythms.get(name, _NOT_ASKED) for name in rows.measures], dtype=np.int64)[rows.measure]
    part = slices.of[rows.member]
    live = np.flatnonzero(~np.isnan(rows.value) & (own != _NOT_ASKED) & begun[own, rows.period] & (part >= 0))
    series = rows.measure[live] * size + part[live]
    last = np.zeros(len(rows.measures) * size, dtype=np.int64)
    np.maximum.at(last, series, day[rows.period[live]])
    is_last = day[rows.period[live]] == last[series]
    newest: NDArray[np.int64] = np.full(len(last), -1, dtype=np.int64)
    np.maximum.at(newest, series[is_last], live[is_last])  # of several rows of that day the one that counts last
    found = {}
    for code in np.flatnonzero(newest >= 0).tolist():
        row, name = int(newest[code]), rows.measures[code // size]
        period = rows.periods[int(rows.period[row])]
        ended = date.fromordinal(calendar.last_day(period.rhythm, calendar.ordinal(period)))
        found[name, code % size] = calendar.lying(period, rhythms[name]), Latest(period, ended, rows.place(row))
    return found
