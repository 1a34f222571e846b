"""The few KPIs and initiatives that take most from a goal's number, and those that would move its outlook most."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice
from typing import NamedTuple

import numpy as np

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


class Losses(NamedTuple):
    """The largest losses of a number, the largest first; how many others there are, and what these take together.

    `constant` is what opposing links add to the number before they take.
    """

    largest: tuple[Loss, ...]
    others: int
    rest: float
    constant: float


def find_losses(evaluation: Evaluation, goal: str, of: Part, most: int) -> tuple[Loss, ...]:
    """The largest losses of a goal's number, the largest first; none where it is unknown. Raises KeyError."""
    return sum_losses(evaluation, goal, of, most, TOLERANCE).largest


def sum_losses(evaluation: Evaluation, goal: str, of: Part, most: int, least: float) -> Losses:
    """The same, of losses from `least` on, with the sum of those that are not among the largest."""
    if getattr(evaluation.goal(goal), of).score is None:
        return Losses((), 0, 0.0, 0.0)
    descent = Descent(evaluation)
    shares = descent.share(descent.row(goal), of)
    losses = np.array([shares.even * (1 - descent.scores), shares.odd * descent.scores])
    sides, leaves = np.nonzero((np.array([shares.even, shares.odd]) > 0) & (losses >= least))
    found = losses[sides, leaves]
    # only what may be among the largest gets a name
    bound = -np.partition(-found, most - 1)[most - 1] - TOLERANCE if len(found) > most else 0.0
    named = []
    for side, number in zip(sides[found >= bound].tolist(), leaves[found >= bound].tolist(), strict=True):
        share = -float(shares.odd[number]) if side else float(shares.even[number])
        score, loss = float(descent.scores[number]), float(losses[side, number])
        named.append(Loss(*descent.leaf(number)[:3], share, score, loss))
    largest = tuple(nsmallest(most, named, key=lambda one: (-round(one.loss, 12), one.id, -one.share)))
    rest = float(found.sum()) - sum(one.loss for one in largest)
    return Losses(largest, len(found) - len(largest), max(rest, 0.0), shares.constant)


def find_gains(evaluation: Evaluation, goal: str, most: int) -> tuple[Share, ...]:
    """The KPIs with the largest levers on a goal, the largest first. Raises KeyError."""
    gains = (one for one in rank_gains(evaluation, {goal: 1.0}) if one.kind == "kpi" and one.gain > TOLERANCE)
    return tuple(islice(gains, most))
