"""The changes a scenario is made of, and what is wrong with them, held against a strategy.

A change is about one thing, its `key`: of two with one key the later counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Literal, TypeAlias

from scorecard.compute.scores import is_misplaced
from scorecard.model.codes import CODES
from scorecard.model.finding import Severity, shorten
from scorecard.model.goal import Goal, Initiative
from scorecard.model.kpi import Kpi, KpiUse
from scorecard.model.scoring import Levels, Linear, Reach, choose_rule, is_off_scale
from scorecard.model.spelling import nearest
from scorecard.model.strategy import Strategy

_FEW = 8  # ids that fit into a hint


@dataclass(frozen=True, slots=True)
class ValueChange:
    """The value of a KPI or metric in the review period looked at; a word for a KPI with levels."""

    measure: str
    value: float | str

    @property
    def key(self) -> tuple[str, ...]:
        return "values", self.measure


@dataclass(frozen=True, slots=True)
class TargetChange:
    """The target of a KPI in the review period looked at."""

    kpi: str
    target: float

    @property
    def key(self) -> tuple[str, ...]:
        return "targets", self.kpi


@dataclass(frozen=True, slots=True)
class WeightChange:
    """The weight of a KPI at a goal, wherever it stands there."""

    goal: str
    kpi: str
    weight: float

    @property
    def key(self) -> tuple[str, ...]:
        return "weights", self.goal, self.kpi


@dataclass(frozen=True, slots=True)
class LinkChange:
    """The weight of a link; None switches it off. `cause` is written as at the goal, `strategy/goal` for another's."""

    goal: str
    cause: str
    weight: float | None

    @property
    def key(self) -> tuple[str, ...]:
        return "links", self.goal, self.cause


@dataclass(frozen=True, slots=True)
class ProgressChange:
    """The progress of an initiative, 0..1, in the review period looked at."""

    initiative: str
    progress: float

    @property
    def key(self) -> tuple[str, ...]:
        return "progress", self.initiative


Change: TypeAlias = ValueChange | TargetChange | WeightChange | LinkChange | ProgressChange
Side: TypeAlias = Literal["goal", "id", "figure"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one change: `at` is its number, `side` the part of it to look at."""

    at: int
    side: Side
    code: str
    message: str
    hint: str

    @property
    def severity(self) -> Severity:
        return CODES[self.code].severity


_Said: TypeAlias = tuple[Side, str, str, str]


def find_faults(strategy: Strategy, changes: Sequence[Change]) -> list[Fault]:
    """Everything wrong with changes, in their order. With an error they cannot be applied; a warning is for the reader."""
    found: list[Fault] = []
    for at, change in enumerate(changes):
        check: Callable[[Strategy, Change], Iterator[_Said]] = _CHECKS[type(change)]
        found.extend(Fault(at, *said) for said in check(strategy, change))
    return found


def find_initiative(strategy: Strategy, name: str) -> tuple[Goal, Initiative] | None:
    """An initiative and the goal it stands at."""
    return next(((goal, one) for goal in strategy.goals.values() for one in goal.initiatives if one.id == name), None)


def _check_value(strategy: Strategy, change: ValueChange) -> Iterator[_Said]:
    measure, value = strategy.measure(change.measure), change.value
    if measure is None:
        known = [*strategy.kpis, *strategy.metrics]
        yield _absent("id", f"there is no KPI or metric '{shorten(change.measure)}'", change.measure, known)
    elif isinstance(measure, Kpi) and measure.levels:
        words = list(measure.levels)
        rule = Levels(tuple(words), tuple(measure.levels.values()))
        if not isinstance(value, str) or rule.find(value) is None:
            near = nearest(str(value), words)
            hint = f"did you mean '{shorten(near)}'?" if near else f"write one of {shorten(', '.join(words))}"
            yield "figure", "S313", f"'{shorten(str(value))}' is no level of '{measure.id}'", hint
    elif isinstance(value, str) or not isfinite(value):
        yield _no_number(value)
    elif is_off_scale(measure, value):
        message = f"{value:g} is far off the scale of '{measure.id}', which is a share"
        yield "figure", "S310", message, f"write {value:g}% where that is meant"


def _check_target(strategy: Strategy, change: TargetChange) -> Iterator[_Said]:
    kpi, target = strategy.kpis.get(change.kpi), change.target
    if kpi is None:
        yield _absent("id", f"there is no KPI '{shorten(change.kpi)}'", change.kpi, strategy.kpis)
    elif not isfinite(target):
        yield _no_number(target)
    elif not isinstance(choose_rule(kpi, strategy.bands_of(kpi)), Linear | Reach):
        message = f"no score of '{kpi.id}' comes from a target"
        yield "id", "S251", message, "change its value, or give it a target in the strategy"
    elif is_misplaced(kpi, target):
        message = f"the target {target:g} of '{kpi.id}' does not lie on the side of its start where the file's lies"
        yield "figure", "S233", message, "give one on the same side of 'baseline' and 'red'"


def _check_weight(strategy: Strategy, change: WeightChange) -> Iterator[_Said]:
    goal = strategy.goals.get(change.goal)
    if goal is None:
        yield _no_goal(strategy, change.goal)
        return
    uses = [one for one in (*goal.lagging, *goal.leading) if isinstance(one, KpiUse)]
    own = [one for one in uses if one.kpi == change.kpi]
    if not own:
        message = f"the goal '{goal.id}' has no KPI '{shorten(change.kpi)}'"
        yield _absent("id", message, change.kpi, [one.kpi for one in uses])
    elif not isfinite(change.weight) or change.weight < 0:
        yield "figure", "S211", f"a weight cannot be {change.weight:g}", "write 0 or more"
    elif all(strategy.role(one) == "diagnostic" for one in own):
        message = f"'{change.kpi}' is diagnostic at '{goal.id}', so its weight is 0"
        yield "id", "S251", message, "give it another role in the strategy, or leave this out"


def _check_link(strategy: Strategy, change: LinkChange) -> Iterator[_Said]:
    goal = strategy.goals.get(change.goal)
    if goal is None:
        yield _no_goal(strategy, change.goal)
        return
    causes = [link.goal for link in goal.links]
    if change.cause not in causes:
        message = f"the goal '{goal.id}' is not driven by '{shorten(change.cause)}'"
        yield _absent("id", message, change.cause, causes)
    elif change.weight is not None and not (isfinite(change.weight) and change.weight > 0):
        message = f"the weight of a link cannot be {change.weight:g}"
        yield "figure", "S211", message, "write more than 0, or switch it off"


def _check_progress(strategy: Strategy, change: ProgressChange) -> Iterator[_Said]:
    found = find_initiative(strategy, change.initiative)
    if found is None:
        known = [one.id for goal in strategy.goals.values() for one in goal.initiatives]
        yield _absent("id", f"there is no initiative '{shorten(change.initiative)}'", change.initiative, known)
        return
    goal, initiative = found
    if not 0 <= change.progress <= 1:
        yield "figure", "S211", f"a progress cannot be {change.progress:g}", "write a share, such as 60%"
    elif initiative.status == "stopped":
        message = f"the initiative '{initiative.id}' is stopped, so its progress does not count"
        yield "id", "S251", message, "give it another status in the strategy, or leave this out"
    elif any(strategy.weigh(use) > 0 for use in goal.lagging):
        message = f"the result of '{goal.id}' rests on its KPIs, so no progress counts there"
        yield "id", "S251", message, "change the value of one of its KPIs"


def _no_goal(strategy: Strategy, name: str) -> _Said:
    return _absent("goal", f"there is no goal '{shorten(name)}'", name, strategy.goals)


def _no_number(value: float | str) -> _Said:
    return "figure", "S205", f"'{shorten(str(value))}' is not a number", "write a number such as 40000, 1/3 or 12.5%"


def _absent(side: Side, message: str, name: str, known: Collection[str]) -> _Said:
    near = nearest(name, list(dict.fromkeys(known)))
    some = ", ".join(shorten(one) for one in list(dict.fromkeys(known))[:_FEW])
    there_are = f"there are: {some}{', …' * (len(set(known)) > _FEW)}" if known else "there is none"
    return side, "S250", message, f"did you mean '{near}'?" if near else there_are


_CHECKS: dict[type, Callable[..., Iterator[_Said]]] = {
    ValueChange: _check_value,
    TargetChange: _check_target,
    WeightChange: _check_weight,
    LinkChange: _check_link,
    ProgressChange: _check_progress,
}
