"""The few KPIs and initiatives that take most from a goal's number, and those that would move its outlook most.

The same shares as in its explanation, without the paths along which they come: a map of thousands of goals takes no longer
than its links.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import nsmallest
from typing import Literal

from scorecard.analysis.explanation import Part, _Walk, share_outlooks
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import TOLERANCE


@dataclass(frozen=True, slots=True)
class Loss:
    """What a KPI or initiative with this score (0..1) takes from 1, with the sign and the size of its share."""

    kind: Literal["kpi", "initiative"]
    id: str
    name: str
    share: float
    score: float
    loss: float


@dataclass(frozen=True, slots=True)
class Gain:
    """The lever of a KPI on a goal: what its outlook would gain if the KPI's score were at its best."""

    id: str
    name: str
    gain: float


def find_losses(evaluation: Evaluation, goal: str, of: Part, most: int) -> tuple[Loss, ...]:
    """The largest losses of a goal's number, the largest first; none where it is unknown. Raises KeyError."""
    if getattr(evaluation.goal(goal), of).score is None:
        return ()
    walk = _Walk(evaluation)
    found = []
    for leaf, pair in walk.shares(walk.row(goal), of).leaves.items():
        score = float(walk.scores[leaf])
        for sign, share, missing in ((1, pair[0], 1 - score), (-1, pair[1], score)):
            if share * missing > TOLERANCE:
                kind, name, title, _ = walk._leaf(leaf)
                found.append(Loss(kind, name, title, sign * share, score, share * missing))
    return tuple(nsmallest(most, found, key=lambda one: (-round(one.loss, 12), one.id, -one.share)))


def find_gains(evaluation: Evaluation, goal: str, most: int) -> tuple[Gain, ...]:
    """The KPIs with the largest levers on a goal, the largest first. Raises KeyError."""
    shares = [one for one in share_outlooks(evaluation, {goal: 1.0}) if one.kind == "kpi"]
    found = [Gain(one.id, one.name, one.share * max(one.best - one.score, 0.0)) for one in shares]
    gains = (one for one in found if one.gain > TOLERANCE)
    return tuple(nsmallest(most, gains, key=lambda one: (-round(one.gain, 12), one.id)))
