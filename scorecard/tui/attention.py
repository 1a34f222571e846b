"""How much needs attention: what the tabs of map and scorecard count. Knows no Textual."""

from __future__ import annotations

from typing import NamedTuple
from weakref import WeakKeyDictionary

from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import GoalResult, status_of
from scorecard.model.status import Signal, Status
from scorecard.tui.session import Session


class Attention(NamedTuple):
    """Goals that are red, that their drivers warn of, or whose guardrail is breached; and KPIs that are red."""

    goals: int
    kpis: int


_COUNTED: WeakKeyDictionary[Session, tuple[Evaluation, Attention]] = WeakKeyDictionary()  # of what is looked at now


def count_attention(session: Session) -> Attention:
    """At the period and for the members looked at; counted once for each."""
    evaluation = session.evaluation
    counted, found = _COUNTED.get(session, (None, Attention(0, 0)))
    if counted is not evaluation:
        found = Attention(sum(map(_calls, evaluation.goals)), _count_red(evaluation))
        _COUNTED[session] = evaluation, found
    return found


def _calls(goal: GoalResult) -> bool:
    return goal.status is Status.RED or goal.signal is Signal.WARNING or bool(goal.guardrails_breached)


def _count_red(evaluation: Evaluation) -> int:
    """By the scores alone: there may be very many KPIs."""
    strategy, scores = evaluation.strategy, evaluation.scores.score[:, evaluation.column].tolist()
    kpis = zip(strategy.kpis.values(), scores, strict=False)
    return sum(score == score and status_of(score, strategy.bands_of(kpi)) is Status.RED for kpi, score in kpis)
