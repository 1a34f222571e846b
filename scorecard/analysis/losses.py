"""The few KPIs and initiatives that take most from a goal's number, and those that would move its outlook most."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice

from scorecard.analysis.shares import Descent, Kind, Part, Share, rank_gains
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import TOLERANCE


@dataclass(frozen=True, slots=True)
class Loss:
    """What a KPI or initiative with this score (0..1) takes from 1, with the sign and the size of its share."""

    kind: Kind
    id: str
    name: str
    share: float
    score: float
    loss: float


def find_losses(evaluation: Evaluation, goal: str, of: Part, most: int) -> tuple[Loss, ...]:
    """The largest losses of a goal's number, the largest first; none where it is unknown. Raises KeyError."""
    if getattr(evaluation.goal(goal), of).score is None:
        return ()
    descent = Descent(evaluation)
    found = []
    for number, pair in descent.share(descent.row(goal), of).leaves.items():
        score = float(descent.scores[number])
        for sign, share, missing in ((1, pair[0], 1 - score), (-1, pair[1], score)):
            if share * missing > TOLERANCE:
                found.append(Loss(*descent.leaf(number)[:3], sign * share, score, share * missing))
    return tuple(nsmallest(most, found, key=lambda one: (-round(one.loss, 12), one.id, -one.share)))


def find_gains(evaluation: Evaluation, goal: str, most: int) -> tuple[Share, ...]:
    """The KPIs with the largest levers on a goal, the largest first. Raises KeyError."""
    gains = (one for one in rank_gains(evaluation, {goal: 1.0}) if one.kind == "kpi" and one.gain > TOLERANCE)
    return tuple(islice(gains, most))
