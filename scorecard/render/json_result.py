"""Results as JSON data: keys in a fixed order, numbers unrounded, unknown as null."""

from __future__ import annotations

from typing import Any

from scorecard.analysis.explanation import Explanation
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import GoalResult, KpiResult, LaggingReading, Reading
from scorecard.model.strategy import write_override

VERSION = 1  # of every JSON object that the command line prints


def result(evaluation: Evaluation) -> dict[str, Any]:
    """One strategy at one period."""
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
