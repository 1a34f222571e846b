"""What changed between two review periods of one evaluation: status, score and value of every goal and KPI.

A change weighs what it moves: the difference of scores times the share that the goal, or the KPI at its goals, has of
the whole. Where one of the two scores is unknown nobody can say how much changed, and it weighs the whole share.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal, NamedTuple, TypeAlias

from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import TOLERANCE, GoalResult, KpiResult, Reading
from scorecard.model.kpi import KpiUse
from scorecard.model.period import Period, Rhythm, read_period
from scorecard.model.status import Status
from scorecard.model.strategy import Strategy

Earlier: TypeAlias = Literal["previous", "last-year"]
EARLIER: tuple[Earlier, ...] = ("previous", "last-year")
_RANKS = {Status.RED: 0, Status.AMBER: 1, Status.GREEN: 2}


class Knowledge(StrEnum):
    """Whether there is a score: `known` and `unknown` say that this is so for the first of the two periods compared."""

    SAME = "same"
    KNOWN = "known"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing then and now; `share` is its part of the whole (0..1), scores are 0..1, None where unknown."""

    id: str
    name: str
    share: float
    status_before: Status
    status: Status
    score_before: float | None
    score: float | None

    @property
    def score_change(self) -> float | None:
        """In score, positive where it is better now; None where one of the two is unknown."""
        return _subtract(self.score, self.score_before)

    @property
    def knowledge(self) -> Knowledge:
        if (self.score is None) == (self.score_before is None):
            return Knowledge.SAME
        return Knowledge.UNKNOWN if self.score is None else Knowledge.KNOWN

    @property
    def turned(self) -> bool:
        """Whether the status is another one, unknown being one too."""
        return self.status != self.status_before

    @property
    def step(self) -> int:
        """How many colours better (positive) or worse the status is now; 0 where one of the two is unknown."""
        if Status.UNKNOWN in (self.status, self.status_before):
            return 0
        return _RANKS[self.status] - _RANKS[self.status_before]

    @property
    def weight(self) -> float:
        """What the change moves in the whole."""
        change = self.score_change
        if change is not None:
            return self.share * abs(change)
        return 0.0 if self.knowledge == Knowledge.SAME else self.share


@dataclass(frozen=True, slots=True)
class GoalChange(Change):
    """A goal: its status with guardrails and override, the score of its result."""

    before: GoalResult
    now: GoalResult

    @property
    def moved(self) -> bool:
        return self.turned or self.weight > TOLERANCE or self.now.guardrails_breached != self.before.guardrails_breached


@dataclass(frozen=True, slots=True)
class KpiChange(Change):
    """A KPI, by its own bands; `value` and `value_before` are words where it has levels."""

    before: KpiResult
    now: KpiResult

    @property
    def value_change(self) -> float | None:
        """In the KPI's unit; None for words and where one of the two is unknown."""
        value, before = self.now.value, self.before.value
        return None if isinstance(value, str) or isinstance(before, str) else _subtract(value, before)

    @property
    def renewed(self) -> bool:
        """Whether there is a value of a later period than there was then."""
        return self.now.effective_period is not None and self.now.effective_period != self.before.effective_period

    @property
    def moved(self) -> bool:
        return self.turned or self.weight > TOLERANCE or self.now.value != self.before.value


class Turns(NamedTuple):
    """How many goals have a better or worse colour than then, and of how many it became known or unknown."""

    better: int
    worse: int
    known: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything at two periods: first what has another status, then by weight, the largest first, then in file order."""

    period: Period
    before: Period
    index: Reading
    index_before: Reading
    goals: tuple[GoalChange, ...]
    kpis: tuple[KpiChange, ...]

    @property
    def index_change(self) -> float | None:
        return _subtract(self.index.score, self.index_before.score)

    @property
    def turns(self) -> Turns:
        return count_turns(self.goals)

    def goal(self, name: str) -> GoalChange:
        """Raises KeyError for an unknown goal."""
        return {one.id: one for one in self.goals}[name]

    def kpi(self, name: str) -> KpiChange:
        """Raises KeyError for an unknown KPI."""
        return {one.id: one for one in self.kpis}[name]


def compare(evaluation: Evaluation, before: Period) -> Comparison:
    """The evaluation's period held against another of its span. Raises ValueError for a period outside of it."""
    then, strategy = evaluation.at(before), evaluation.strategy
    shares = _share_kpis(strategy, share_goals(strategy))
    kpis = [compare_kpi(old, one, shares[one.id]) for old, one in zip(then.kpis, evaluation.kpis, strict=True)]
    return Comparison(
        evaluation.period,
        before,
        evaluation.index,
        then.index,
        tuple(sorted(compare_goals(strategy, then.goals, evaluation.goals), key=_rank)),
        tuple(sorted(kpis, key=_rank)),
    )


def compare_goals(
    strategy: Strategy, before: Sequence[GoalResult], now: Sequence[GoalResult]
) -> tuple[GoalChange, ...]:
    """All goals of a strategy then and now, in file order."""
    shares = share_goals(strategy)
    return tuple(_goal_change(shares[one.id], old, one) for old, one in zip(before, now, strict=True))


def compare_kpi(before: KpiResult, now: KpiResult, share: float = 0.0) -> KpiChange:
    """One KPI then and now; `share` is its part of the whole, 0 where nobody asks how much its change weighs."""
    scores = before.score, now.score
    return KpiChange(now.id, now.kpi.title, share, before.status, now.status, *scores, before, now)


def count_turns(changes: Iterable[Change]) -> Turns:
    """How many of some goals turned which way."""
    turned = [one for one in changes if one.turned]
    return Turns(
        sum(one.step > 0 for one in turned),
        sum(one.step < 0 for one in turned),
        sum(one.status_before == Status.UNKNOWN for one in turned),
        sum(one.status == Status.UNKNOWN for one in turned),
    )


def earlier_period(strategy: Strategy, period: Period, which: Earlier) -> Period:
    """The review period before one, or the same of the year before: the week of that number, the day of that date."""
    calendar = strategy.calendar
    if which == "previous":
        return calendar.period(period.rhythm, calendar.ordinal(period) - 1)
    if period.rhythm == Rhythm.DAY:
        day = date.fromordinal(calendar.ordinal(period))
        leap = (day.month, day.day) == (2, 29)
        return read_period(str(day.replace(year=day.year - 1, day=28 if leap else day.day)))
    if period.rhythm == Rhythm.WEEK:  # not every year has a week 53
        last = date(period.year - 1, 12, 28).isocalendar().week
        return Period(period.rhythm, period.year - 1, min(period.part, last))
    return Period(period.rhythm, period.year - 1, period.part)


def share_goals(strategy: Strategy) -> dict[str, float]:
    """The part of each goal in the index, were everything known: its perspective's share times its own in that."""
    lanes = {name: goals for name, goals in strategy.lanes().items() if goals}
    heights = _normalise(strategy.perspectives[name].weight if name in strategy.perspectives else 0.0 for name in lanes)
    shares: dict[str, float] = {}
    for height, goals in zip(heights, lanes.values(), strict=True):
        own = _normalise(goal.weight for goal in goals)
        shares |= {goal.id: height * part for goal, part in zip(goals, own, strict=True)}
    return shares


def _share_kpis(strategy: Strategy, goals: dict[str, float]) -> dict[str, float]:
    """The part of each KPI: its weight among the results, and among the drivers, of its goals, times what those have."""
    shares = dict.fromkeys(strategy.kpis, 0.0)
    for goal in strategy.goals.values():
        for entries in (goal.lagging, goal.leading):
            weights = _normalise(strategy.weigh(one) if isinstance(one, KpiUse) else one.weight for one in entries)
            for entry, weight in zip(entries, weights, strict=True):
                if isinstance(entry, KpiUse):
                    shares[entry.kpi] += goals[goal.id] * weight
    return shares


def _goal_change(share: float, before: GoalResult, now: GoalResult) -> GoalChange:
    scores = before.lagging.score, now.lagging.score
    return GoalChange(now.id, now.goal.title, share, before.status, now.status, *scores, before, now)


def _rank(change: Change) -> tuple[bool, float]:
    return not change.turned, -round(change.weight, 12)


def _normalise(weights: Iterable[float]) -> list[float]:
    listed = list(weights)
    total = sum(listed)
    return [weight / total if total else 0.0 for weight in listed]


def _subtract(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else now - before
