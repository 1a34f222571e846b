"""The initiatives of a strategy on a day: how far they are, how far they should be, what they cost. "Today" is an argument.

Expected is the share of the days from `start` to `due` that are over by the morning of the day. An initiative is

* `done` where its status says so, or its progress is 100%; `stopped` where its status says so;
* `overdue` from the day after `due`;
* `behind` where its progress lies more than `MARGIN` (10 points of the whole) below what is expected: early on, and with
  a few days of delay, nobody is behind;
* `on track` otherwise, and before it begins;
* `unknown` where the progress, or a start or due date to hold it against, is missing. What is planned and says no
  progress has made none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, TypeAlias

import numpy as np

from scorecard.compute.results import TOLERANCE
from scorecard.compute.scores import read_progress
from scorecard.model.goal import Goal, Initiative
from scorecard.model.period import Calendar, Period
from scorecard.model.strategy import Strategy, fold_name

MARGIN = 0.1  # of the whole: so much may be missing, or be spent beyond the progress
Order: TypeAlias = Literal["pace", "goal", "owner", "due"]
ORDERS: tuple[Order, ...] = ("pace", "goal", "owner", "due")


class Pace(StrEnum):
    """How an initiative stands, in the order in which a meeting looks at them."""

    OVERDUE = "overdue"
    BEHIND = "behind"
    UNKNOWN = "unknown"
    ON_TRACK = "on track"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Undertaking:
    """An initiative on a day; `number` is its place in the file.

    `progress` and `expected` are 0..1, None where unknown; `start` and `due` are days, `days_late` counts from `due`.
    """

    initiative: Initiative
    goal: Goal
    number: int
    pace: Pace
    progress: float | None
    expected: float | None
    start: int | None
    due: int | None
    days_late: int

    @property
    def id(self) -> str:
        return self.initiative.id

    @property
    def owner(self) -> str | None:
        """Who leads it, else who owns the goal it is for."""
        return self.initiative.owner or self.goal.owner

    @property
    def gap(self) -> float | None:
        """What the progress lacks to what is expected, negative where it is ahead."""
        return None if self.progress is None or self.expected is None else self.expected - self.progress

    @property
    def spent_share(self) -> float | None:
        """The share of the budget that is spent; above 1 it is exceeded."""
        budget, spent = self.initiative.budget, self.initiative.spent
        return None if not budget or budget < 0 or spent is None else spent / budget

    @property
    def over_budget(self) -> bool:
        budget, spent = self.initiative.budget, self.initiative.spent
        return budget is not None and spent is not None and spent > budget + TOLERANCE * max(1.0, abs(budget))

    @property
    def overspending(self) -> bool:
        """Whether the money goes faster than the work: spent is more than `MARGIN` ahead of the progress."""
        share = self.spent_share
        return share is not None and self.progress is not None and share - self.progress > MARGIN + TOLERANCE


def find_day(strategy: Strategy, period: Period, today: int) -> int:
    """The day (as in `date.toordinal`) on which a review of a period judges what has a date: the morning after the period,
    and today while that is not over."""
    return min(today, strategy.calendar.last_day(period.rhythm, strategy.calendar.ordinal(period)) + 1)


def find_initiatives(strategy: Strategy, today: int, period: Period | None = None) -> tuple[Undertaking, ...]:
    """All initiatives as they stand on a day (as in `date.toordinal`), overdue first, of those the latest; with a review
    `period` no progress counts that is reported for later ones."""
    review = strategy.calendar.holding(strategy.rhythm, today)
    review = review if period is None else min(review, strategy.calendar.ordinal(period))
    pairs = [(goal, one) for goal in strategy.goals.values() for one in goal.initiatives]
    found = [_judge(strategy, *pair, number, today, review) for number, pair in enumerate(pairs)]
    return sort_initiatives(found, "pace")


def sort_initiatives(found: Iterable[Undertaking], order: Order) -> tuple[Undertaking, ...]:
    """By pace (the worst first), by goal in file order, by owner (nobody last), or by due date (none last).

    Within a goal, an owner or a date by pace.
    """
    by_pace = sorted(found, key=_rank)
    first: dict[str, int] = {}
    for one in by_pace:
        first[one.goal.id] = min(one.number, first.get(one.goal.id, one.number))
    keys: dict[Order, Callable[[Undertaking], Any]] = {
        "pace": lambda _: 0,
        "goal": lambda one: first[one.goal.id],
        "owner": lambda one: (one.owner is None, fold_name(one.owner or "")),
        "due": lambda one: (one.due is None, one.due or 0),
    }
    return tuple(sorted(by_pace, key=keys[order]))


def _rank(one: Undertaking) -> tuple[int, int, float, bool, int, int]:
    gap = -(one.gap or 0.0) if one.pace == Pace.BEHIND else 0.0
    return list(Pace).index(one.pace), -one.days_late, gap, one.due is None, one.due or 0, one.number


def _judge(strategy: Strategy, goal: Goal, initiative: Initiative, number: int, today: int, review: int) -> Undertaking:
    calendar = strategy.calendar
    start = _first_day(calendar, initiative.start)
    due = _last_day(calendar, initiative.due)
    progress = _find_progress(strategy, initiative, review)
    expected = _expect(start, due, today)
    is_done = initiative.status == "done" or (progress is not None and progress >= 1 - TOLERANCE)
    is_closed = is_done or initiative.status == "stopped"
    late = 0 if is_closed or due is None else max(0, today - due)
    pace = Pace.ON_TRACK
    if is_closed:
        pace = Pace.DONE if is_done and initiative.status != "stopped" else Pace.STOPPED
    elif late:
        pace = Pace.OVERDUE
    elif start is not None and today < start:
        pace = Pace.ON_TRACK
    elif progress is None or expected is None:
        pace = Pace.UNKNOWN
    elif expected - progress > MARGIN + TOLERANCE:
        pace = Pace.BEHIND
    return Undertaking(initiative, goal, number, pace, progress, expected, start, due, late)


def _expect(start: int | None, due: int | None, today: int) -> float | None:
    """The share of the time that is over; known without a start once it is due, and without a due date before it begins."""
    if due is not None and today > due:
        return 1.0
    if start is not None and today < start:
        return 0.0
    if start is None or due is None or due < start:
        return None
    return (today - start) / (due + 1 - start)


def _find_progress(strategy: Strategy, initiative: Initiative, review: int) -> float | None:
    """The latest progress reported up to a review period."""
    progress = read_progress(strategy.calendar, strategy.rhythm, [initiative], np.array([review]))[0, 0]
    if np.isnan(progress):
        return 0.0 if initiative.status == "planned" else None
    return float(progress)


def _first_day(calendar: Calendar, period: Period | None) -> int | None:
    return None if period is None else calendar.first_day(period.rhythm, calendar.ordinal(period))


def _last_day(calendar: Calendar, period: Period | None) -> int | None:
    return None if period is None else calendar.last_day(period.rhythm, calendar.ordinal(period))
