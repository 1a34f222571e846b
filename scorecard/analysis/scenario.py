"""What if: a strategy with some changes, computed as it is without them, and what that does to its goals.

Changes are about one review period, the one at which the evaluation is seen. A value takes the place of what counts
there, a fresh and whole one, and formulas follow it; a target takes the place of the file's and the data's. For what is
not reached by any change the numbers stay the same to the last bit.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scorecard.analysis.changes import (
    Change,
    Fault,
    LinkChange,
    ProgressChange,
    TargetChange,
    ValueChange,
    WeightChange,
    find_faults,
)
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.formula_values import Series, compute
from scorecard.compute.panel import Cells
from scorecard.compute.plan import Plan, compile_plan
from scorecard.compute.propagation import propagate
from scorecard.compute.results import TOLERANCE, GoalResult
from scorecard.compute.scores import Scores, compile_scoring, read_progress, score_kpis
from scorecard.compute.values import Values
from scorecard.model.finding import Severity
from scorecard.model.goal import Driver, Goal, Link
from scorecard.model.kpi import KpiUse
from scorecard.model.scoring import Levels
from scorecard.model.strategy import Strategy


class ScenarioError(ValueError):
    """A scenario that cannot be applied; `faults` are its errors."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{faults[0].message}; {faults[0].hint}")
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Scenario:
    """Changes under a name, which is an id; each is about something else. `title` is what people call it, "" unless said."""

    name: str = ""
    note: str = ""
    changes: tuple[Change, ...] = ()
    title: str = ""

    @property
    def called(self) -> str:
        """What to call it on screen: the title, else the name; "" where it has neither."""
        return self.title or self.name

    def put(self, *changes: Change) -> Scenario:
        """The scenario with these changes, each in the place of the one about the same thing, else at the end."""
        by_key = {change.key: change for change in (*self.changes, *changes)}
        return replace(self, changes=tuple(by_key.values()))

    def drop(self, key: tuple[str, ...]) -> Scenario:
        """The scenario without the change about one thing."""
        return replace(self, changes=tuple(change for change in self.changes if change.key != key))


@dataclass(frozen=True, slots=True)
class Effect:
    """One goal as it is, and as it would be in each of some scenarios."""

    now: GoalResult
    then: tuple[GoalResult, ...]

    @property
    def id(self) -> str:
        return self.now.id

    @property
    def weight(self) -> float:
        """The largest change of its result or outlook, in score; 1 where a scenario makes one of them known or unknown."""
        pairs = [(getattr(self.now, of).score, getattr(one, of).score) for one in self.then for of in _PARTS]
        return max((_distance(*pair) for pair in pairs), default=0.0)

    @property
    def turned(self) -> bool:
        """Whether a scenario gives it another colour, signal or guardrail."""
        said = self.now.status, self.now.signal, self.now.guardrails_breached
        return any(said != (one.status, one.signal, one.guardrails_breached) for one in self.then)

    @property
    def moved(self) -> bool:
        return self.turned or self.weight > TOLERANCE


def apply(evaluation: Evaluation, scenario: Scenario) -> Evaluation:
    """The strategy at the evaluation's period as it would be; of that period alone. Nothing is read anew.

    `evaluation` is the actual one, of the whole or of a slice. Raises ScenarioError, as `find_faults` says beforehand.
    """
    faults = find_faults(evaluation.strategy, scenario.changes)
    if errors := [fault for fault in faults if fault.severity == Severity.ERROR]:
        raise ScenarioError(errors)
    with np.errstate(over="ignore", invalid="ignore"):
        return _apply(evaluation, scenario.changes)


def list_effects(now: Evaluation, *then: Evaluation) -> list[Effect]:
    """Every goal, the largest effect first, else in file order."""
    effects = [Effect(goal, tuple(one.goal(goal.id) for one in then)) for goal in now.goals]
    return sorted(effects, key=lambda effect: (not effect.moved, -round(effect.weight, 12)))


def _apply(evaluation: Evaluation, changes: Sequence[Change]) -> Evaluation:
    own = evaluation.strategy
    strategy, plan = _change_weights(own, changes), evaluation.plan
    if strategy is not own:
        plan = compile_plan([strategy if one is own else one for one in plan.strategies])
    fixed = {one.measure: one.value for one in changes if isinstance(one, ValueChange)}
    values, moved = _change_values(evaluation, fixed)
    targets = {one.kpi: one.target for one in changes if isinstance(one, TargetChange)}
    scores = _score(evaluation, values, moved, targets)
    progress = {one.initiative: one.progress for one in changes if isinstance(one, ProgressChange)}
    leaves = evaluation.leaves[: len(plan.kpis), evaluation.column : evaluation.column + 1].copy()
    first = next((row for row, (one, _) in enumerate(plan.kpis) if one is strategy), 0)
    leaves[first : first + len(strategy.kpis)] = scores.score
    leaves = np.concatenate([leaves, _progress(plan, strategy, values.reviews, progress)])
    inputs = evaluation.inputs if strategy is own else replace(evaluation.inputs, strategy=strategy)
    numbers = propagate(plan, leaves)
    where = evaluation.first_goal, evaluation.members
    return Evaluation(strategy, inputs, plan, values, scores, leaves, numbers, 0, *where)


def _change_weights(strategy: Strategy, changes: Sequence[Change]) -> Strategy:
    """The strategy with other weights and without the links switched off; the same one where none changes."""
    weights = {(one.goal, one.kpi): one.weight for one in changes if isinstance(one, WeightChange)}
    links = {(one.goal, one.cause): one.weight for one in changes if isinstance(one, LinkChange)}

    def weigh(goal: Goal, use: KpiUse) -> KpiUse:
        weight = weights.get((goal.id, use.kpi))
        return use if weight is None else use.model_copy(update={"weight": weight})

    def drive(goal: Goal, step: Driver) -> Driver | KpiUse | None:
        if not isinstance(step, Link):
            return weigh(goal, step)
        if (goal.id, step.goal) not in links:
            return step
        weight = links[goal.id, step.goal]
        return None if weight is None else step.model_copy(update={"weight": weight})

    goals = {}
    for name in dict.fromkeys(goal for goal, _ in (*weights, *links)):
        goal = strategy.goals[name]
        lagging = tuple(weigh(goal, use) for use in goal.lagging)
        leading = tuple(step for step in (drive(goal, one) for one in goal.leading) if step is not None)
        goals[name] = goal.model_copy(update={"lagging": lagging, "leading": leading})
    return strategy.model_copy(update={"goals": {**strategy.goals, **goals}}) if goals else strategy


def _change_values(evaluation: Evaluation, fixed: Mapping[str, float | str]) -> tuple[Values, Collection[str]]:
    """The values at the period, with some fixed and the formulas over them computed anew; and all measures that moved."""
    old, inputs = evaluation.values, evaluation.inputs
    padded, at = old.padded, old.padded.pad + evaluation.column
    changed: dict[str, Series] = {}
    for name, given in fixed.items():
        rule = inputs.rules.get(name)
        figure = rule.find(given) if isinstance(rule, Levels) and isinstance(given, str) else given
        changed[name] = _fix(padded.series(name), at, float(figure or 0))
    for name in inputs.order:
        used = [one for one, _ in inputs.formulas[name].names]
        if name not in fixed and not changed.keys().isdisjoint(used):
            read = {one: changed[one] if one in changed else padded.series(one) for one in used}
            changed[name] = compute(inputs.formulas[name], read, padded.position)
    columns = slice(evaluation.column, evaluation.column + 1)
    value, effective = old.value[:, columns].copy(), old.effective[:, columns].copy()
    stale, partial = old.stale[:, columns].copy(), old.partial[:, columns].copy()
    for name, series in changed.items():
        row = old.row(name)
        value[row], effective[row] = series.value[at], old.reviews[evaluation.column]
        stale[row], partial[row] = series.stale[at], series.partial[at]
    spread = {name: _spread(series, padded.inputs[name].value.shape) for name, series in changed.items()}
    inputs_then = ChainMap(spread, padded.inputs)  # type: ignore[arg-type]  # the one behind is only read
    padded = padded._replace(inputs=inputs_then, pad=at)
    return Values(old.measures, old.reviews[columns], value, effective, stale, partial, padded), changed


def _fix(series: Series, at: int, value: float) -> Series:
    """A series with a fresh and whole value in one column."""
    arrays = [array.copy() for array in (series.value, series.own, series.stale, series.partial)]
    for array, new in zip(arrays, (value, True, False, False), strict=True):
        array[at] = new
    return Series(*arrays)  # type: ignore[arg-type]


def _spread(series: Series, shape: tuple[int, ...]) -> Series:
    """The series in the shape of all slices, of which only its own is read."""
    arrays = series.value, series.own, series.stale, series.partial
    return Series(*(np.broadcast_to(array, shape) for array in arrays))  # type: ignore[arg-type]


def _score(evaluation: Evaluation, values: Values, moved: Collection[str], targets: Mapping[str, float]) -> Scores:
    """The scores at the period, those of the KPIs that moved anew; `targets` take the place of the file's and the data's."""
    own, inputs, old = evaluation.strategy, evaluation.inputs, evaluation.scores
    names = [name for name in own.kpis if name in moved or name in targets]
    rows, now = np.array([values.row(name) for name in names], dtype=np.int64), values.reviews[0]
    cells, size = inputs.history.cells, len(inputs.history.slices)
    at = {row: place for place, row in enumerate(rows.tolist())}
    here = (cells.review == now) & (cells.series % size == values.padded.part)
    recorded = zip((cells.series[here] // size).tolist(), cells.target[here].tolist(), strict=True)
    given = {at[row]: target for row, target in recorded if row in at}
    given |= {at[values.row(name)]: target for name, target in targets.items()}
    moving = Cells(np.array(list(given), dtype=np.int64), np.full(len(given), now), np.array(list(given.values())))
    scoring = compile_scoring(own.model_copy(update={"kpis": {name: own.kpis[name] for name in names}}), inputs.rules)
    new = score_kpis(scoring, values.value[rows, None], values.reviews, moving, bool(evaluation.members)).part(0)
    column = slice(evaluation.column, evaluation.column + 1)
    parts = {name: getattr(old, name)[:, column].copy() for name in _SCORES}
    for name, part in parts.items():
        part[rows] = getattr(new, name)
    return Scores(old.kpis, **parts)


def _progress(
    plan: Plan, strategy: Strategy, reviews: NDArray[np.int64], fixed: Mapping[str, float]
) -> NDArray[np.float64]:
    """The progress of the plan's initiatives [initiative, 1]."""
    progress = read_progress(strategy.calendar, strategy.rhythm, [entry[2] for entry in plan.initiatives], reviews)
    for row, (owner, _, initiative) in enumerate(plan.initiatives):
        if owner is strategy and initiative.id in fixed:
            progress[row] = fixed[initiative.id]
    return progress


def _distance(now: float | None, then: float | None) -> float:
    if now is None or then is None:
        return 0.0 if now is then else 1.0
    return abs(then - now)


_PARTS = ("lagging", "outlook")
_SCORES = ("value", "target", "score", "misplaced", "judged", "against")
