"""What a scenario changes, in words, and as JSON data what that does and what would move an outlook most."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import Any

from scorecard.analysis.changes import (
    Change,
    LinkChange,
    ProgressChange,
    TargetChange,
    ValueChange,
    WeightChange,
    find_initiative,
)
from scorecard.analysis.levers import Levers
from scorecard.analysis.scenario import Scenario, list_effects
from scorecard.compute.evaluation import Evaluation
from scorecard.model.strategy import Strategy
from scorecard.render.json_result import VERSION, result
from scorecard.render.words import number, percent, quantity

_DIGITS = 4  # significant ones of a figure, as everywhere
_NOISE = 1e-6


def change_words(strategy: Strategy, change: Change) -> str:
    """One change by the names of what it is about: `Margin = 18%`, `weight of Margin at Earn more = 2`."""
    match change:
        case ValueChange(measure, value):
            return f"{_measure(strategy, measure)} = {quantity(value, _unit(strategy, measure))}"
        case TargetChange(kpi, target):
            return f"target of {_measure(strategy, kpi)} = {quantity(target, _unit(strategy, kpi))}"
        case WeightChange(goal, kpi, weight):
            return f"weight of {_measure(strategy, kpi)} at {_goal(strategy, goal)} = {number(weight)}"
        case LinkChange(goal, cause, weight):
            link = f"{_goal(strategy, goal)} ← {_goal(strategy, cause)}"
            return f"without {link}" if weight is None else f"weight of {link} = {number(weight)}"
        case ProgressChange(initiative, progress):
            found = find_initiative(strategy, initiative)
            return f"progress of {found[1].title if found else initiative} = {percent(progress)}"


def needed_words(value: float | str, now: float | str | None, unit: str = "") -> str:
    """A value that is needed, with its unit; rounded away from the present one, so that who takes it at its word has enough."""
    if isinstance(value, str) or isinstance(now, str) or now is None or not value:
        return quantity(value, unit)
    scale = 100 if unit == "%" else 1
    digits = min(floor(log10(abs(value * scale))) - _DIGITS + 1, 0)
    steps = value * scale / 10.0**digits
    whole = round(steps) if abs(steps - round(steps)) < _NOISE else ceil(steps) if value > now else floor(steps)
    return quantity(whole * 10.0**digits / scale, unit)


def effects_object(now: Evaluation, scenarios: Sequence[Scenario], then: Sequence[Evaluation]) -> dict[str, Any]:
    """The index and every goal now and in each scenario, the largest effect first; numbers unrounded."""
    whole, others = result(now), [result(one) for one in then]
    before, *after = ({goal["id"]: goal for goal in one["goals"]} for one in (whole, *others))
    return {
        "strategy": whole["strategy"],
        "period": whole["period"],
        "scenarios": [_scenario(one) for one in scenarios],
        "index": {"now": whole["index"], "then": [one["index"] for one in others]},
        "goals": [
            {"now": before[effect.id], "then": [one[effect.id] for one in after]} for effect in list_effects(now, *then)
        ],
        "version": VERSION,
    }


def levers_object(evaluation: Evaluation, levers: Levers) -> dict[str, Any]:
    """The levers of a goal, or of the whole where `goal` is null; numbers unrounded."""
    return {
        "strategy": evaluation.strategy.id,
        "period": str(evaluation.period),
        "goal": levers.goal,
        "outlook": levers.outlook,
        "levers": [
            {
                line.kind: line.id,
                "name": line.name,
                "score": line.score,
                "share": line.share,
                "gain": line.gain,
                "value": line.value,
                "step": line.step
                and {
                    "value": line.step.value,
                    "score": line.step.score,
                    "status": line.step.status.value,
                    "gain": line.step.gain,
                },
            }
            for line in levers.lines
        ],
        "version": VERSION,
    }


def _scenario(scenario: Scenario) -> dict[str, Any]:
    changes = []
    for change in scenario.changes:
        written = {name: getattr(change, name) for name in change.__slots__}
        changes.append({"change": change.key[0], **written})
    return {"name": scenario.name or None, "title": scenario.called or None, "note": scenario.note, "changes": changes}


def _measure(strategy: Strategy, name: str) -> str:
    measure = strategy.measure(name)
    return measure.title if measure else name


def _unit(strategy: Strategy, name: str) -> str:
    measure = strategy.measure(name)
    return (measure and measure.unit) or ""


def _goal(strategy: Strategy, name: str) -> str:
    return strategy.goals[name].title if name in strategy.goals else name
