"""What a review can close on: the goal or KPI that improved most, and is in no doubt."""

from __future__ import annotations

from collections.abc import Collection

from scorecard.analysis.comparison import Comparison, GoalChange, KpiChange, share_goals
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import TOLERANCE, GoalResult
from scorecard.model.status import Signal, Status


def find_win(
    evaluation: Evaluation, comparison: Comparison | None, late: Collection[str]
) -> GoalChange | KpiChange | GoalResult | None:
    """A goal that turned better, else one whose score rose, else such a KPI, else a green goal that holds much.

    Nobody should have to take it back: a goal with a warning, a breached guardrail, an override or an initiative that is
    late (`late` are the ids of those) is none.
    """
    sound = {one.id: one for one in evaluation.goals if one.id not in late and _is_sound(one)}
    if comparison:
        goals = [one for one in comparison.goals if one.id in sound and (one.score_change or 0.0) > TOLERANCE]
        if goals:
            return min(goals, key=lambda one: one.step <= 0)
        risen = [one for one in comparison.kpis if one.share > 0 and (one.score_change or 0.0) > TOLERANCE]
        kpis = [one for one in risen if set(find_users(evaluation, one.id)) <= sound.keys()]
        if kpis:
            return min(kpis, key=lambda one: -round(one.weight, 12))
    shares = share_goals(evaluation.strategy)
    green = [one for one in sound.values() if one.status == Status.GREEN]
    return min(green, key=lambda one: -shares[one.id] * (one.lagging.score or 0.0), default=None)


def find_users(evaluation: Evaluation, kpi: str) -> tuple[str, ...]:
    """The goals with a KPI among their results or drivers."""
    goals = evaluation.strategy.goals.values()
    return tuple(goal.id for goal in goals if kpi in {use.kpi for use in (*goal.lagging, *goal.drivers)})


def _is_sound(result: GoalResult) -> bool:
    return result.signal != Signal.WARNING and not result.guardrails_breached and result.override is None
