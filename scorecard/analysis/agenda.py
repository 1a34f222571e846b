"""The agenda of a review meeting, made from the data: the map in a line, what changed colour, the warnings, the worst
losses, overdue initiatives, data that are missing by owner, and one win to close on.

Items are plain data; what they say in words stands in `render/agenda_words.py`. Their ids stay the same from one reading
to the next, so that notes find them again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from scorecard.analysis.comparison import Comparison, GoalChange, KpiChange, compare, earlier_period, share_goals
from scorecard.analysis.freshness import Figure, Portfolio, State, find_by_member, find_freshness, group_by_owner
from scorecard.analysis.initiatives import Pace, Undertaking, find_day, find_initiatives
from scorecard.analysis.losses import Loss, find_gains, find_losses
from scorecard.analysis.shares import Share
from scorecard.analysis.wins import find_users, find_win
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.histories import place_members
from scorecard.compute.observations import Observations
from scorecard.compute.results import GoalResult, Reading
from scorecard.model.goal import Guardrail, Override
from scorecard.model.period import Period
from scorecard.model.status import Signal, Status
from scorecard.model.strategy import fold_name

FEWEST_DIVES, MOST_DIVES = 3, 5  # up to five goals that are red; others only until there are three
MOST_LOSSES, MOST_LEVERS = 3, 2  # of one deep dive
ENDS_SOON = 1  # review periods before which the end of an override is said


class Topic(StrEnum):
    """The parts of the meeting, in their order."""

    MAP = "map"
    COLOUR = "colour"
    WARNING = "warning"
    LOSS = "loss"
    INITIATIVE = "initiative"
    DATA = "data"
    WIN = "win"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to speak about, and the goals and KPIs that it is about."""

    id: str
    topic: Topic
    goals: tuple[str, ...]
    kpis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overview(Item):
    """The whole map: the index now and that of `since` (None without a period before), the number of goals by status."""

    index: Reading
    before: Reading | None
    since: Period | None
    counts: Mapping[Status, int]


@dataclass(frozen=True, slots=True)
class Turn(Item):
    """A goal that has another colour than the period before, or would have without a judgement that is new."""

    change: GoalChange


@dataclass(frozen=True, slots=True)
class WeakDrivers(Item):
    """A green result above drivers that are not; `losses` take most from these."""

    result: GoalResult
    losses: tuple[Loss, ...]


@dataclass(frozen=True, slots=True)
class Breach(Item):
    """A guardrail that does not hold; `value` is that of its KPI or metric."""

    result: GoalResult
    guardrail: Guardrail
    value: float


@dataclass(frozen=True, slots=True)
class EndingOverride(Item):
    """A judgement that ends with this review period (`left` is 0) or with one of the next."""

    result: GoalResult
    override: Override
    left: int


@dataclass(frozen=True, slots=True)
class Dive(Item):
    """A goal that costs the index much: `loss` of it (0..1), what takes most from its outlook, the largest levers on it."""

    result: GoalResult
    loss: float
    losses: tuple[Loss, ...]
    levers: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Overdue(Item):
    """An initiative whose due date has passed."""

    undertaking: Undertaking


@dataclass(frozen=True, slots=True)
class MissingData(Item):
    """The figures of one owner that are due, overdue or were never measured."""

    portfolio: Portfolio
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Win(Item):
    """What improved most, or with nothing improved the goal that holds most of the index; `change` says what is known."""

    change: GoalChange | KpiChange | None
    result: GoalResult | None


@dataclass(frozen=True, slots=True)
class Agenda:
    """The items of one review in the order of the meeting; `before` is the period that it is compared with.

    `today` is the day (as in `date.toordinal`) on which data are judged, `day` that of initiatives.
    """

    strategy: str
    period: Period
    before: Period | None
    today: int
    day: int
    items: tuple[Item, ...]

    def topic(self, topic: Topic) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.topic == topic)

    def item(self, name: str) -> Item:
        """Raises KeyError for an id that is not on it."""
        return {item.id: item for item in self.items}[name]


def make_agenda(evaluation: Evaluation, rows: Observations, today: int, before: Period | None = None) -> Agenda:
    """The agenda for the evaluation's period on a day (as in `date.toordinal`); `rows` say how fresh the figures are.

    Initiatives are as they stood at the end of the period. Missing data are those of the day in the latest period with
    values, in earlier ones those of their end.
    It compares with the period before, unless said, as far as that is in the evaluation's span. Of some members it is about
    these, and missing data are the figures that they report; initiatives are those of all together.
    """
    comparison = _compare(evaluation, before)
    today, day = _find_data_day(evaluation, rows, today), find_day(evaluation.strategy, evaluation.period, today)
    overdue = list(_overdue(evaluation, day))
    items = [
        _look_at_map(evaluation, comparison),
        *(_turns(comparison) if comparison else ()),
        *_warnings(evaluation),
        *_dives(evaluation),
        *overdue,
        *_missing(_group(evaluation, rows, date.fromordinal(today))),
        *_win(evaluation, comparison, late={one.undertaking.goal.id for one in overdue}),
    ]
    own = comparison.before if comparison else None
    return Agenda(evaluation.strategy.id, evaluation.period, own, today, day, tuple(items))


def find_goals_to_discuss(evaluation: Evaluation, before: Period | None = None) -> tuple[str, ...]:
    """The goals that turned, that have a warning, or that cost most, each once, in the order of the meeting."""
    comparison = _compare(evaluation, before)
    items = (*(_turns(comparison) if comparison else ()), *_warnings(evaluation), *_dives(evaluation))
    return tuple(dict.fromkeys(goal for item in items for goal in item.goals))


def _compare(evaluation: Evaluation, before: Period | None) -> Comparison | None:
    """With the period before, unless said; None where that is not in the span."""
    asked = before or earlier_period(evaluation.strategy, evaluation.period, "previous")
    return compare(evaluation, asked) if asked in evaluation.periods else None


def _look_at_map(evaluation: Evaluation, comparison: Comparison | None) -> Overview:
    statuses = [goal.status for goal in evaluation.goals]
    counts = {status: statuses.count(status) for status in Status}
    before, since = (comparison.index_before, comparison.before) if comparison else (None, None)
    return Overview("map", Topic.MAP, (), (), evaluation.index, before, since, counts)


def _turns(comparison: Comparison) -> Iterator[Turn]:
    """Worse ones first; by weight as they come."""
    for change in sorted(filter(_has_turned, comparison.goals), key=lambda one: one.step > 0):
        yield Turn(f"colour/{change.id}", Topic.COLOUR, (change.id,), (), change)


def _has_turned(change: GoalChange) -> bool:
    """Whether the colour is another one, or would be without a judgement that did not hold before."""
    now, is_new = change.now, change.before.override is None
    return change.turned or (now.override is not None and is_new and now.computed_status != change.status_before)


def _warnings(evaluation: Evaluation) -> Iterator[Item]:
    goals = evaluation.goals
    for result in goals:
        if result.signal == Signal.WARNING:
            losses, own = find_losses(evaluation, result.id, "leading", MOST_LOSSES), f"drivers/{result.id}"
            yield WeakDrivers(own, Topic.WARNING, (result.id,), _kpis(losses), result, losses)
    for result in goals:
        for guardrail in _breached(evaluation, result):
            name, value = guardrail.kpi, evaluation.measure_value(guardrail.kpi)
            if value is not None:
                own = f"guardrail/{result.id}/{name}"
                yield Breach(own, Topic.WARNING, (result.id,), (name,), result, guardrail, value)
    yield from _ending(evaluation)


def _breached(evaluation: Evaluation, result: GoalResult) -> Iterator[Guardrail]:
    """Of several limits on one KPI the first that it breaks."""
    for name in result.guardrails_breached:
        value = evaluation.measure_value(name)
        for limit in result.goal.guardrails:
            below = limit.min is not None and value is not None and value < limit.min
            above = limit.max is not None and value is not None and value > limit.max
            if limit.kpi == name and (below or above):
                yield limit
                break


def _ending(evaluation: Evaluation) -> Iterator[EndingOverride]:
    calendar, rhythm = evaluation.strategy.calendar, evaluation.strategy.rhythm
    now = calendar.ordinal(evaluation.period)
    for result in evaluation.goals:
        override = result.override
        if override is not None and override.until is not None:
            left = calendar.lying(override.until, rhythm) - now
            is_new = override.start is not None and calendar.lying(override.start, rhythm) == now
            if left <= (0 if is_new else ENDS_SOON):  # a new one is known to all who are here
                yield EndingOverride(f"override/{result.id}", Topic.WARNING, (result.id,), (), result, override, left)


def _dives(evaluation: Evaluation) -> Iterator[Dive]:
    """The goals that are red, else amber, by what their results take from the index."""
    shares = share_goals(evaluation.strategy)
    losses = {
        result.id: shares[result.id] * (1 - result.lagging.score)
        for result in evaluation.goals
        if result.lagging.score is not None and result.status in (Status.RED, Status.AMBER)
    }
    worst = sorted(losses, key=lambda name: -round(losses[name], 12))
    red = [name for name in worst if evaluation.goal(name).status == Status.RED][:MOST_DIVES]
    others = [name for name in worst if name not in red][: max(0, FEWEST_DIVES - len(red))]
    for name in [one for one in worst if one in (*red, *others)]:
        most = find_losses(evaluation, name, "outlook", MOST_LOSSES)
        levers = find_gains(evaluation, name, MOST_LEVERS)
        kpis = tuple(dict.fromkeys((*_kpis(most), *(lever.id for lever in levers))))
        yield Dive(f"loss/{name}", Topic.LOSS, (name,), kpis, evaluation.goal(name), losses[name], most, levers)


def _find_data_day(evaluation: Evaluation, rows: Observations, today: int) -> int:
    """Today in the latest period with values, else the morning after the period."""
    calendar, period = evaluation.strategy.calendar, evaluation.period
    known = np.unique(rows.period[~np.isnan(rows.value)])
    is_latest = all(calendar.lying(rows.periods[one], period.rhythm) <= calendar.ordinal(period) for one in known)
    return today if is_latest else find_day(evaluation.strategy, period, today)


def _overdue(evaluation: Evaluation, day: int) -> Iterator[Overdue]:
    for one in find_initiatives(evaluation.strategy, day, evaluation.period):
        if one.pace == Pace.OVERDUE:
            yield Overdue(f"initiative/{one.id}", Topic.INITIATIVE, (one.goal.id,), (), one)


def _group(evaluation: Evaluation, rows: Observations, today: date) -> tuple[Portfolio, ...]:
    """The figures by owner; of some members what these report, with the member in place of the owner."""
    strategy = evaluation.strategy
    slices = place_members(strategy, rows, (evaluation.members,)) if evaluation.members else None
    if slices is None:
        return group_by_owner(find_freshness(strategy, rows, today))
    return find_by_member(strategy, rows, slices, today)


def _missing(portfolios: Sequence[Portfolio]) -> Iterator[MissingData]:
    names: dict[str, int] = {}
    for portfolio in portfolios:
        due = tuple(figure for figure in portfolio.figures if figure.state != State.FRESH)
        slug = re.sub(r"\W+", "_", fold_name(portfolio.owner or "")).strip("_")
        if due:
            own = f"data/{slug}" if slug else "data"
            names[own] = count = names.get(own, 0) + 1
            kpis = tuple(figure.measure.id for figure in due)
            yield MissingData(own if count == 1 else f"{own}/{count}", Topic.DATA, (), kpis, portfolio, due)


def _win(evaluation: Evaluation, comparison: Comparison | None, late: set[str]) -> Iterator[Win]:
    """One at most."""
    match find_win(evaluation, comparison, late):
        case GoalChange() as goal:
            yield Win(f"win/{goal.id}", Topic.WIN, (goal.id,), (), goal, goal.now)
        case KpiChange() as kpi:
            yield Win(f"win/{kpi.id}", Topic.WIN, find_users(evaluation, kpi.id), (kpi.id,), kpi, None)
        case GoalResult() as result:
            yield Win(f"win/{result.id}", Topic.WIN, (result.id,), (), None, result)


def _kpis(losses: Sequence[Loss]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.id for one in losses if one.kind == "kpi"))
