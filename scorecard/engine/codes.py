"""Numbers for everything an engine works with: measures, periods, members, cases; and which of them it needs.

A case is a slice of the strategies: the whole, or a member of a dimension. Texts stay outside: an engine sees numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scorecard.compute.evaluation import Inputs
from scorecard.compute.observations import Observations
from scorecard.compute.plan import Plan, compile_plan
from scorecard.model.kpi import Measure
from scorecard.model.period import RHYTHMS, Calendar, Period, Rhythm, per_year
from scorecard.model.strategy import DatabaseSource, fold_name

Members = tuple[str, ...]
Slices = tuple[Mapping[str, str], ...]
WHOLE: Mapping[str, str] = {}
_EARLIEST_DAY = 800  # in the year 3: no calendar counts further back


class Stay(NamedTuple):
    """A source whose rows stay where they are; it counts after the first `after` sources of the rows read."""

    source: DatabaseSource
    after: int


@dataclass(frozen=True)
class Task:
    """One strategy to evaluate: its rules and formulas (no history is needed), the rows read, the sources that stay."""

    inputs: Inputs
    rows: Observations
    stays: tuple[Stay, ...] = ()


@dataclass
class Codes:
    """The numbers of one evaluation; periods and members are added as they are met, then `aim` says what is asked for.

    `cases` gives of each case the members its rows name, by dimension; the whole names none. `first` and `last` are review
    periods.
    """

    tasks: Sequence[Task]
    cases: Slices = (WHOLE,)
    first: int = 0
    last: int = 0
    periods: dict[Period, int] = field(default_factory=dict)
    members: dict[tuple[int, Members], int] = field(default_factory=dict)

    def aim(self, cases: Slices, first: int, last: int) -> None:
        self.cases, self.first, self.last = cases, first, last

    def is_sliced(self, task: int) -> bool:
        """Whether a strategy has the dimensions of the cases; else it counts as a whole in each."""
        return bool(self.cases[0]) and self.cases[0].keys() <= self.tasks[task].inputs.strategy.dimensions.keys()

    def cases_of(self, task: int, members: Members) -> list[int]:
        """The cases that rows of these members belong to."""
        if not self.is_sliced(task):
            return list(range(len(self.cases)))
        if not members:
            return []
        named = dict(zip(self.tasks[task].inputs.strategy.dimensions, map(fold_name, members), strict=True))
        found = self._places.get(tuple(named[dimension] for dimension in self.cases[0]))
        return [] if found is None else [found]

    @cached_property
    def _places(self) -> dict[Members, int]:
        return {tuple(map(fold_name, case.values())): number for number, case in enumerate(self.cases)}

    def period(self, period: Period) -> int:
        return self.periods.setdefault(period, len(self.periods))

    def member(self, task: int, members: Members) -> int:
        return self.members.setdefault((task, members), len(self.members))

    @property
    def calendar(self) -> Calendar:
        return self.tasks[0].inputs.strategy.calendar

    @property
    def review(self) -> Rhythm:
        return self.tasks[0].inputs.strategy.rhythm

    @cached_property
    def plan(self) -> Plan:
        return compile_plan([task.inputs.strategy for task in self.tasks])

    @cached_property
    def measures(self) -> tuple[tuple[int, Measure], ...]:
        """Task and measure by number: KPIs, then metrics of each strategy."""
        return tuple(
            (number, measure)
            for number, task in enumerate(self.tasks)
            for measure in (*task.inputs.strategy.kpis.values(), *task.inputs.strategy.metrics.values())
        )

    @cached_property
    def numbers(self) -> dict[tuple[int, str], int]:
        """The number of a measure by task and id."""
        return {(task, measure.id): number for number, (task, measure) in enumerate(self.measures)}

    @cached_property
    def leaves(self) -> list[int]:
        """The measure of each KPI leaf of the plan."""
        order = {task.inputs.strategy.id: number for number, task in enumerate(self.tasks)}
        return [self.numbers[order[strategy.id], name] for strategy, name in self.plan.kpis]

    @cached_property
    def guarded(self) -> list[int]:
        """The measures that guardrails watch."""
        found = {
            self.numbers[number, guardrail.kpi]
            for number, task in enumerate(self.tasks)
            for goal in task.inputs.strategy.goals.values()
            for guardrail in goal.guardrails
        }
        return sorted(found)

    @cached_property
    def needed(self) -> set[int]:
        """The measures that a number of a goal rests on, the inputs of formulas included."""
        plan = self.plan
        leaves = np.concatenate([plan.lagging.item, plan.leaf[plan.leading.item]]).tolist()
        waiting = [self.leaves[leaf] for leaf in leaves if 0 <= leaf < len(self.leaves)] + self.guarded
        found: set[int] = set()
        while waiting:
            number = waiting.pop()
            if number not in found:
                found.add(number)
                waiting += self.inputs_of(number)
        return found

    def inputs_of(self, number: int) -> list[int]:
        """The measures that a formula reads; none without one."""
        task, measure = self.measures[number]
        formula = self.tasks[task].inputs.formulas.get(measure.id)
        return [self.numbers[task, name] for name, _ in formula.names] if formula else []

    @cached_property
    def formulas(self) -> list[int]:
        """The formula measures that are needed, inputs first."""
        order = [self.numbers[n, name] for n, task in enumerate(self.tasks) for name in task.inputs.order]
        return [number for number in order if number in self.needed]

    @cached_property
    def spine(self) -> NDArray[np.int64]:
        """The review periods laid out: those asked for, and before them those that formulas look back on."""
        reach: dict[int, int] = {}
        for number in self.formulas:
            task, measure = self.measures[number]
            below = max((reach.get(used, 0) for used in self.inputs_of(number)), default=0)
            reach[number] = self.tasks[task].inputs.formulas[measure.id].lookback(per_year(self.review)) + below
        pad = min(max(reach.values(), default=0), self.first - self.calendar.holding(self.review, _EARLIEST_DAY))
        return np.arange(self.first - pad, self.last + 1, dtype=np.int64)

    def unit(self, measure: Measure) -> Rhythm:
        """The longer of its interval and the review period."""
        return max(self.interval(measure), self.review)

    def interval(self, measure: Measure) -> Rhythm:
        return RHYTHMS[measure.interval] if measure.interval else self.review

    def ended(self, unit: Rhythm, review: int) -> int:
        """The latest u-period that has ended by the end of a review period."""
        if unit == self.review:
            return review
        return self.calendar.ended(unit, self.calendar.last_day(self.review, review))

    def oldest(self, measure: Measure) -> int:
        """A review period before which no row of the measure can matter any more."""
        unit, calendar = self.unit(measure), self.calendar
        due = self.ended(unit, int(self.spine[0])) - measure.keep
        if due <= calendar.holding(unit, _EARLIEST_DAY):
            return 0
        return calendar.holding(self.review, calendar.first_day(unit, due)) - 1
