"""From a score back to a value: what a KPI needs so that it, or a goal that it counts for, has a certain colour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from scorecard.analysis.changes import ValueChange
from scorecard.analysis.scenario import Scenario, apply
from scorecard.analysis.shares import Part
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.propagation import propagate
from scorecard.compute.results import TOLERANCE, Reading, status_of
from scorecard.model.scoring import Band, Levels, Linear, Reach, Rule, Scale
from scorecard.model.status import Status

Wanted = Literal[Status.AMBER, Status.GREEN]


@dataclass(frozen=True, slots=True)
class Need:
    """The value, a word for a KPI with levels, with which one KPI alone gives a goal's number a colour.

    `score` is the KPI's with it. Both are None where it cannot; `reason` then says why.
    """

    kpi: str
    goal: str
    of: Part
    status: Status
    value: float | str | None
    score: float | None
    reason: str = ""


def find_need(evaluation: Evaluation, goal: str, kpi: str, status: Wanted, of: Part = "lagging") -> Need:
    """What a KPI needs so that a goal's lagging, leading or outlook is at least amber or green, nothing else changed.

    Guardrails and overrides, which change the status shown, are left aside. Raises KeyError for an unknown goal or KPI.
    """
    reading: Reading = getattr(evaluation.goal(goal), of)
    now, bands = evaluation.kpi(kpi), evaluation.strategy.bands
    line = bands.amber if status == Status.AMBER else bands.green
    if reading.score is not None and reading.score >= line - TOLERANCE:
        return Need(kpi, goal, of, status, now.value, now.score)
    low, high = _reach(evaluation, goal, kpi, of)
    reason = ""
    if evaluation.inputs.rules[kpi] is None:
        reason = "it has no score"
    elif high == low or np.isnan(high):
        reason = "it does not count here"
    elif high < low:
        reason = "a better score of it takes away here"
    elif high < line - TOLERANCE:
        reason = "it is not enough alone"
    if reason:
        return Need(kpi, goal, of, status, None, None, reason)
    found = find_value(evaluation, kpi, min(1.0, max(0.0, (line - low) / (high - low))))
    if found is None:
        return Need(kpi, goal, of, status, None, None, "nothing says which value has that score")
    then = apply(evaluation, Scenario(changes=(ValueChange(kpi, found[0]),)))
    reached = getattr(then.goal(goal), of).score
    if reached is None or reached < line - TOLERANCE:
        return Need(kpi, goal, of, status, None, None, "it moves other KPIs too, through their formulas")
    return Need(kpi, goal, of, status, *found)


def find_value(evaluation: Evaluation, kpi: str, score: float) -> tuple[float | str, float] | None:
    """The value of a KPI, a word where it has levels, with at least a score, and the score it has; None where none has it.

    Of several the one nearest to the present value. Raises KeyError for an unknown KPI.
    """
    rule, row, column = evaluation.inputs.rules[kpi], evaluation.values.row(kpi), evaluation.column
    if rule is None:
        return None
    scores = evaluation.scores
    target, shown = float(scores.against[row, column]), float(scores.target[row, column])
    value = invert(rule, score, target, float(scores.judged[row, column]))
    if value is None:
        return None
    reached = float(rule.score(np.array([value]), np.array([target]))[0])
    if isinstance(rule, Levels):
        return rule.words[int(value)], reached
    return value if target == shown or np.isnan(target) else value * shown / target, reached


def invert(rule: Rule, score: float, target: float, near: float) -> float | None:
    """The value nearest to `near` (NaN where unknown) with at least a score of 0..1, the number of the word for levels.

    None where no value has it, or where the target is unknown.
    """
    found = [value for value in _list_values(rule, score, target, near) if np.isfinite(value)]
    if not found:
        return None
    return found[0] if np.isnan(near) else min(found, key=lambda value: (abs(value - near), value))


def status_at(evaluation: Evaluation, kpi: str, score: float) -> Status:
    """The status that a score has by the KPI's own bands."""
    return status_of(score, evaluation.strategy.bands_of(evaluation.strategy.kpis[kpi]))


def _reach(evaluation: Evaluation, goal: str, kpi: str, of: Part) -> tuple[float, float]:
    """The goal's number with a score of 0 and with a score of 1; between them it lies on a straight line."""
    plan, strategy = evaluation.plan, evaluation.strategy
    leaf = next(row for row, (one, name) in enumerate(plan.kpis) if one is strategy and name == kpi)
    row = evaluation.first_goal + list(strategy.goals).index(goal)
    leaves = np.repeat(evaluation.leaves[:, evaluation.column, None], 2, axis=1)
    leaves[leaf] = 0.0, 1.0
    low, high = getattr(propagate(plan, leaves), of)[row]
    return float(low), float(high)


def _list_values(rule: Rule, score: float, target: float, near: float) -> Iterator[float]:
    """Values that may be the nearest with a score, the likeliest first."""
    if near == near and float(rule.score(np.array([near]), np.array([target]))[0]) >= score - TOLERANCE:
        yield near
    if isinstance(rule, Linear):
        yield float(rule.start + (score - rule.low) / (rule.high - rule.low) * (target - rule.start))
    elif isinstance(rule, Reach):
        yield target
    elif isinstance(rule, Band):
        slack = (1.0 - score) * rule.tolerance
        yield float(rule.low - slack)
        yield float(rule.high + slack)
    elif isinstance(rule, Scale):
        yield from _list_points(rule, score)
    else:
        enough = [(own, word) for word, own in enumerate(rule.scores) if own >= score - TOLERANCE]
        yield from (float(word) for _, word in sorted(enough)[:1])


def _list_points(rule: Scale, score: float) -> Iterator[float]:
    """Where the lines of a scale have a score, and their ends that have more."""
    yield from (value for value, own in rule.points if own >= score - TOLERANCE)
    for (left, low), (right, high) in pairwise(rule.points):
        if min(low, high) < score < max(low, high):
            yield left + (score - low) / (high - low) * (right - left)
