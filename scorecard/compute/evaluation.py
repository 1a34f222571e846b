"""The evaluation: every number of a strategy over a span of review periods, by name.

An `Evaluation` is a view at one period of arrays that cover all periods asked for; `at` moves the view.
Scores are 0..1, None where unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from scorecard.compute.formula import Formula
from scorecard.compute.graph import full_name
from scorecard.compute.index import combine_goals, combine_perspectives
from scorecard.compute.means import Floats
from scorecard.compute.panel import History
from scorecard.compute.plan import Plan
from scorecard.compute.propagation import Propagation
from scorecard.compute.results import (
    GoalResult,
    KpiResult,
    LaggingReading,
    PerspectiveResult,
    Reading,
    find_signal,
    status_of,
)
from scorecard.compute.scores import Scores, Scoring, compile_scoring
from scorecard.compute.values import Values, explain_missing
from scorecard.model.goal import Goal, Override
from scorecard.model.kpi import Kpi
from scorecard.model.period import Period
from scorecard.model.scoring import Rule
from scorecard.model.status import Status
from scorecard.model.strategy import Strategy


@dataclass(frozen=True)
class Inputs:
    """What an evaluation of one strategy needs: its history, its rules, its formulas in `order`, inputs first."""

    strategy: Strategy
    history: History
    rules: Mapping[str, Rule | None]
    formulas: Mapping[str, Formula]
    order: tuple[str, ...]

    @cached_property
    def scoring(self) -> Scoring:
        return compile_scoring(self.strategy, self.rules)


_SPANNING = frozenset({"_goal_rows", "_kpi_rows", "_perspective_means"})


@dataclass(frozen=True)
class Evaluation:
    """One strategy, or the slice of it with `members`, at one review period.

    Raises KeyError for an unknown id, ValueError for a period not in the span.
    """

    strategy: Strategy
    inputs: Inputs
    plan: Plan
    values: Values
    scores: Scores
    leaves: Floats
    numbers: Propagation
    column: int
    first_goal: int
    members: Mapping[str, str]

    def __repr__(self) -> str:
        where = "".join(f", {name} {member}" for name, member in self.members.items())
        return f"<Evaluation of {self.strategy.id} at {self.period}{where}>"

    @property
    def period(self) -> Period:
        return self.strategy.calendar.period(self.strategy.rhythm, int(self.values.reviews[self.column]))

    @property
    def scope(self) -> str:
        """The period, and the members that it is of, in words."""
        return " · ".join([str(self.period), *self.members.values()])

    @property
    def periods(self) -> list[Period]:
        """All review periods of the span, oldest first."""
        return [self.strategy.calendar.period(self.strategy.rhythm, int(t)) for t in self.values.reviews]

    def at(self, period: Period) -> Evaluation:
        """The same evaluation seen at another period of its span."""
        column = self.strategy.calendar.ordinal(period) - int(self.values.reviews[0])
        if period.rhythm != self.strategy.rhythm or not 0 <= column < len(self.values.reviews):
            raise ValueError(f"{period} is not one of the periods evaluated")
        found = replace(self, column=column)
        for name in _SPANNING & vars(self).keys():  # computed once for all periods
            vars(found)[name] = vars(self)[name]
        return found

    @property
    def goals(self) -> list[GoalResult]:
        """In file order."""
        return [self.goal(name) for name in self.strategy.goals]

    @property
    def kpis(self) -> list[KpiResult]:
        """By first mention under the goals."""
        return [self.kpi(name) for name in self.strategy.kpis]

    @property
    def perspectives(self) -> list[PerspectiveResult]:
        """Top of the map first."""
        return [self.perspective(name) for name in self.strategy.perspectives]

    def goal(self, name: str) -> GoalResult:
        goal, row = self.strategy.goals[name], self.goal_row(name)
        numbers, bands = self.numbers, self.strategy.bands
        lagging = self._reading(numbers.lagging, numbers.lagging_coverage, row)
        leading = self._reading(numbers.leading, numbers.leading_coverage, row)
        outlook = self._reading(numbers.outlook, numbers.outlook_coverage, row)
        breached = self._breached(goal)
        computed = Status.AMBER if breached and lagging.status == Status.GREEN else lagging.status
        override = self._override(goal)
        return GoalResult(
            goal,
            override.status if override else computed,
            computed,
            LaggingReading(lagging.score, status_of(lagging.score, bands), lagging.coverage, self.plan.basis[row]),
            leading,
            outlook,
            find_signal(lagging.status, leading.status),
            breached,
            override,
        )

    def kpi(self, name: str) -> KpiResult:
        kpi, row = self.strategy.kpis[name], self._kpi_rows[name]
        value = _known(self.scores.value[row, self.column])
        effective, stale, partial, age = self._provenance(name, value)
        score = _known(self.scores.score[row, self.column])
        word = list(kpi.levels)[int(value)] if kpi.levels and value is not None else value
        return KpiResult(
            kpi,
            word,
            effective,
            age,
            stale,
            partial,
            _known(self.scores.target[row, self.column]),
            score,
            _known(self.scores.progress[row, self.column]),
            status_of(score, self.strategy.bands_of(kpi)),
            self._reason(kpi, row, value, score),
        )

    def perspective(self, name: str) -> PerspectiveResult:
        perspective = self.strategy.perspectives[name]
        row = list(self.strategy.perspectives).index(name)
        means, bands = self._perspective_means, self.strategy.bands
        readings = [
            Reading(
                _known(mean[row, self.column]),
                status_of(_known(mean[row, self.column]), bands),
                float(cover[row, self.column]),
            )
            for mean, cover in means
        ]
        return PerspectiveResult(perspective, *readings)

    @property
    def index(self) -> Reading:
        """The mean of the perspectives' results by their weights."""
        column = slice(self.column, self.column + 1)
        mean, coverage = self._perspective_means[0]
        scores, covered = combine_perspectives(self.strategy, mean[:, column], coverage[:, column])
        score = _known(scores[0])
        return Reading(score, status_of(score, self.strategy.bands), float(covered[0]))

    def linked(self, name: str) -> tuple[str, Reading]:
        """The name and the lagging reading of a goal of another strategy (`strategy/goal`); unknown where it was not read."""
        for row, node in enumerate(self.plan.nodes):
            if full_name(node.strategy, node.goal.id) == name:
                score, bands = _known(self.numbers.lagging[row, self.column]), node.strategy.bands
                coverage = float(self.numbers.lagging_coverage[row, self.column])
                return f"{node.goal.title} ({node.strategy.title})", Reading(score, status_of(score, bands), coverage)
        return name, Reading(None, Status.UNKNOWN, 0.0)

    def measure_value(self, name: str) -> float | None:
        """The value of a KPI or metric at the period."""
        return _known(self.values.value[self.values.row(name), self.column])

    def history(self, name: str, what: str = "value") -> list[float | None]:
        """`value`, `score` or `target` of a KPI (`value` also of a metric) over the span, oldest first."""
        if what == "value":
            return [_known(v) for v in self.values.value[self.values.row(name)]]
        return [_known(v) for v in getattr(self.scores, what)[self._kpi_rows[name]]]

    def goal_history(self, name: str, of: str = "lagging") -> list[float | None]:
        """`lagging`, `leading` or `outlook` of a goal over the span, oldest first."""
        return [_known(v) for v in getattr(self.numbers, of)[self.goal_row(name)]]

    def goal_row(self, name: str) -> int:
        """The row of a goal in the plan. Raises KeyError."""
        return self.first_goal + self._goal_rows[name]

    @cached_property
    def _goal_rows(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(self.strategy.goals)}

    @cached_property
    def _kpi_rows(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(self.strategy.kpis)}

    @cached_property
    def _perspective_means(self) -> list[tuple[Floats, Floats]]:
        """(mean, coverage) of lagging, leading and outlook [perspective, column]."""
        pairs = ("lagging", "leading", "outlook")
        return [
            combine_goals(
                self.strategy, self.first_goal, *(getattr(self.numbers, name) for name in (of, f"{of}_coverage"))
            )
            for of in pairs
        ]

    def _reading(self, numbers: Floats, coverage: Floats, row: int) -> Reading:
        score = _known(numbers[row, self.column])
        return Reading(score, status_of(score, self.strategy.bands), float(coverage[row, self.column]))

    def _breached(self, goal: Goal) -> tuple[str, ...]:
        """Of a slice those limits are not held against that are for all members together."""
        found: dict[str, None] = {}
        for guardrail in goal.guardrails:
            measure = self.strategy.measure(guardrail.kpi)
            if self.members and measure and measure.adds_up:
                continue
            value = self.measure_value(guardrail.kpi)
            below = guardrail.min is not None and value is not None and value < guardrail.min
            above = guardrail.max is not None and value is not None and value > guardrail.max
            if below or above:
                found[guardrail.kpi] = None
        return tuple(found)

    def _override(self, goal: Goal) -> Override | None:
        override, now = goal.override, int(self.values.reviews[self.column])
        if override is None or self.members:  # it speaks of the whole
            return None
        calendar, rhythm = self.strategy.calendar, self.strategy.rhythm
        begun = override.start is None or calendar.lying(override.start, rhythm) <= now
        ended = override.until is not None and calendar.lying(override.until, rhythm) < now
        return override if begun and not ended else None

    def _provenance(self, name: str, value: float | None) -> tuple[Period | None, bool, bool, int | None]:
        """(effective period, stale, partial, age in review periods) of a value, empty where it is unknown."""
        if value is None:
            return None, False, False, None
        row, column = self.values.row(name), self.column
        effective = int(self.values.effective[row, column])
        calendar = self.strategy.calendar
        return (
            calendar.period(self.strategy.rhythm, effective),
            bool(self.values.stale[row, column]),
            bool(self.values.partial[row, column]),
            int(self.values.reviews[column]) - effective,
        )

    def _reason(self, kpi: Kpi, row: int, value: float | None, score: float | None) -> str | None:
        if value is None:
            missing = explain_missing(self.strategy, self.values, self.inputs.formulas, kpi.id, self.column)
            return f"{missing} of its own" if self.members and missing == "no value" else missing
        if score is not None or self.inputs.rules[kpi.id] is None:
            return None
        if self.scores.misplaced[row, self.column]:
            return "the target from the data lies on the wrong side of the start"
        if self.members and kpi.adds_up and np.isnan(self.scores.against[row, self.column]):
            return "its target is for all members together"
        return "its figures are too large to score"


def _known(number: float) -> float | None:
    return None if np.isnan(number) else float(number)
