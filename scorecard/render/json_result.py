"""Results as JSON data: keys in a fixed order, numbers unrounded, unknown as null."""

from __future__ import annotations

from typing import Any

from scorecard.analysis.comparison import compare_goals, compare_kpi, count_turns
from scorecard.analysis.explanation import Explanation
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import GoalResult, KpiResult, LaggingReading, Reading
from scorecard.model.goal import write_override
from scorecard.model.period import Period

VERSION = 1  # of every JSON object that the command line prints


def result(evaluation: Evaluation, before: Period | None = None) -> dict[str, Any]:
    """One strategy at one period; where another one of the span is compared with, all say what they were there."""
    if before is not None:
        return _compared(evaluation, evaluation.at(before))
    return {
        "strategy": evaluation.strategy.id,
        "period": str(evaluation.period),
        "index": _reading(evaluation.index),
        "perspectives": [
            {
                "id": one.id,
                "lagging": _reading(one.lagging),
                "leading": _reading(one.leading),
                "outlook": _reading(one.outlook),
            }
            for one in evaluation.perspectives
        ],
        "goals": [_goal(goal) for goal in evaluation.goals],
        "kpis": [kpi_object(kpi) for kpi in evaluation.kpis],
        "name": evaluation.strategy.title,
        "version": VERSION,
        **({"where": dict(evaluation.members)} if evaluation.members else {}),
    }


def _compared(evaluation: Evaluation, then: Evaluation) -> dict[str, Any]:
    """The result, in which the whole, each perspective, each goal and each KPI has `before`, its state at that period.

    Changes are null where one of the two is unknown, and of a KPI without a newer value.
    """
    found, old = result(evaluation), result(then)
    goals = compare_goals(evaluation.strategy, then.goals, evaluation.goals)
    for one, other, change in zip(found["goals"], old["goals"], goals, strict=True):
        one["before"] = {name: other[name] for name in ("status", "lagging", "leading", "outlook", "signal")}
        one |= {"score_change": change.score_change, "turned": change.turned}
    for one, other in zip(found["perspectives"], old["perspectives"], strict=True):
        one["before"] = {name: other[name] for name in ("lagging", "leading", "outlook")}
    for one, other, kpi in zip(found["kpis"], old["kpis"], evaluation.kpis, strict=True):
        moved = compare_kpi(then.kpi(kpi.id), kpi)
        one["before"] = {name: other[name] for name in ("value", "effective_period", "target", "score", "status")}
        changes = (moved.score_change, moved.value_change) if moved.renewed else (None, None)
        one |= {"score_change": changes[0], "value_change": changes[1], "turned": moved.turned}
    turned = count_turns(goals)._asdict()
    found["before"] = {"period": old["period"], "index": old["index"], "turned": turned}
    return found


def _goal(goal: GoalResult) -> dict[str, Any]:
    return {
        "id": goal.id,
        "perspective": goal.goal.perspective,
        "status": goal.status.value,
        "computed_status": goal.computed_status.value,
        "lagging": _reading(goal.lagging),
        "leading": _reading(goal.leading),
        "outlook": _reading(goal.outlook),
        "signal": goal.signal.value,
        "guardrails_breached": list(goal.guardrails_breached),
        "override": write_override(goal.override) if goal.override else None,
        "name": goal.goal.title,
        "owner": goal.goal.owner,
    }


def kpi_object(kpi: KpiResult) -> dict[str, Any]:
    """One KPI at one period."""
    return {
        "id": kpi.id,
        "value": kpi.value,
        "effective_period": str(kpi.effective_period) if kpi.effective_period else None,
        "stale": kpi.stale,
        "partial": kpi.partial,
        "target": kpi.target,
        "score": kpi.score,
        "progress": kpi.progress,
        "status": kpi.status.value,
        "reason": kpi.reason,
        "name": kpi.kpi.title,
        "unit": kpi.kpi.unit,
        "owner": kpi.kpi.owner,
    }


def _reading(reading: Reading) -> dict[str, Any]:
    written: dict[str, Any] = {"score": reading.score, "status": reading.status.value, "coverage": reading.coverage}
    if isinstance(reading, LaggingReading):
        written["basis"] = reading.basis
    return written


def explanation(evaluation: Evaluation, found: Explanation) -> dict[str, Any]:
    """Why a goal's number is what it is."""
    return {
        "strategy": evaluation.strategy.id,
        "period": str(evaluation.period),
        "goal": found.goal,
        "of": found.of,
        "number": found.number,
        "constant": found.constant,
        "lines": [
            {
                line.kind: line.id,
                "share": line.share,
                "score": line.score,
                "loss": line.loss,
                "lever": line.lever,
                "paths": [list(path) for path in line.paths],
                "path_count": line.path_count,
                "name": line.name,
            }
            for line in found.lines
        ],
        **({"where": dict(evaluation.members)} if evaluation.members else {}),
        "version": VERSION,
    }
