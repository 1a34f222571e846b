"""How much of a scorecard needs attention: goals that call for a word, and KPIs that are red."""

from __future__ import annotations

from typing import NamedTuple

from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import GoalResult, status_of
from scorecard.model.status import Signal, Status


class Attention(NamedTuple):
    """Goals that are red, that their drivers warn of, or whose guardrail is breached; and KPIs that are red."""

    goals: int
    kpis: int


class Worst(NamedTuple):
    """What is worst about a strategy: goals that are red, guardrails breached, figures that are stale, goals that their
    drivers warn of."""

    red: int
    breached: int
    stale: int
    warnings: int


def count_attention(evaluation: Evaluation) -> Attention:
    """At the evaluation's period, for its members."""
    return Attention(sum(map(_calls, evaluation.goals)), _count_red(evaluation))


def count_worst(evaluation: Evaluation) -> Worst:
    """At the evaluation's period, for its members."""
    goals, values = evaluation.goals, evaluation.values
    return Worst(
        sum(goal.status is Status.RED for goal in goals),
        sum(len(goal.guardrails_breached) for goal in goals),
        int(values.stale[[values.row(name) for name in evaluation.strategy.kpis], evaluation.column].sum()),
        sum(goal.signal is Signal.WARNING for goal in goals),
    )


def _calls(goal: GoalResult) -> bool:
    return goal.status is Status.RED or goal.signal is Signal.WARNING or bool(goal.guardrails_breached)


def _count_red(evaluation: Evaluation) -> int:
    """By the scores alone: there may be very many KPIs."""
    strategy, scores = evaluation.strategy, evaluation.scores.score[:, evaluation.column].tolist()
    kpis = zip(strategy.kpis.values(), scores, strict=False)
    return sum(score == score and status_of(score, strategy.bands_of(kpi)) is Status.RED for kpi, score in kpis)
