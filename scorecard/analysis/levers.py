"""What would move the outlook of a goal, or of the whole, most: every KPI and initiative below it, largest gain first.

The gain is that of the explanation: what the outlook gains if the score were at its best. Beside it stands the next step, as
a team takes one colour after the other: the value with which the KPI turns amber, then green, then is at its best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from scorecard.analysis.changes import ValueChange
from scorecard.analysis.inverse import find_value, status_at
from scorecard.analysis.scenario import Scenario, apply
from scorecard.analysis.shares import Kind, Share, rank_gains
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.index import combine_goals, combine_perspectives
from scorecard.compute.means import Floats
from scorecard.compute.results import TOLERANCE
from scorecard.model.goal import Goal
from scorecard.model.status import Status


@dataclass(frozen=True, slots=True)
class Step:
    """A value of a KPI, a word where it has levels, the score and status it has with it, and what the outlook gains.

    What its value does to other KPIs through their formulas is part of the gain. Where that makes it negative, `worsens` is
    the id of the KPI whose score falls and costs the outlook most, None where none is known to.
    """

    value: float | str
    score: float
    status: Status
    gain: float
    worsens: str | None = None


@dataclass(frozen=True, slots=True)
class Lever:
    """One KPI or initiative. `gain` is that of the best score, negative where it takes away from the outlook.

    `share` is the gain for each 1 of the score. `value` and `status` are those of now, None and unknown for an initiative
    and for the KPI of another strategy, which have no `step` either; `step` is None too where the score is at its best.
    """

    kind: Kind
    id: str
    name: str
    score: float
    share: float
    gain: float
    value: float | str | None
    status: Status
    step: Step | None


@dataclass(frozen=True, slots=True)
class Levers:
    """`goal` is None for the whole, whose outlook is the mean of the perspectives' as the index is that of their results."""

    goal: str | None
    outlook: float | None
    lines: tuple[Lever, ...]


def rank_levers(evaluation: Evaluation, goal: str | None = None) -> Levers:
    """The levers of a goal, or of the whole, at the evaluation's period; equal gains by id. Raises KeyError."""
    outlook = find_outlook(evaluation, goal)
    weights = _weigh_goals(evaluation) if goal is None else {goal: 1.0}
    read = {used for formula in evaluation.inputs.formulas.values() for used, _ in formula.names}
    shares = [share for share in rank_gains(evaluation, weights) if abs(share.share) > TOLERANCE]
    return Levers(goal, outlook, tuple(_lever(evaluation, goal, share, shares, share.id in read) for share in shares))


def find_opposing(evaluation: Evaluation, lever: Lever, goal: str | None = None) -> tuple[str, str] | None:
    """Why a lever takes away: the goals (cause, effect) of the opposing link nearest to it on a way up to the goal, or to any
    goal of the whole, along an odd number of such links. None where it takes nothing away, or stands in another strategy.
    """
    strategy = evaluation.strategy
    if lever.share >= 0:
        return None
    above: dict[str, list[tuple[str, bool]]] = {}
    for one in strategy.goals.values():
        for link in one.links:
            above.setdefault(link.goal, []).append((one.id, link.effect == "opposes"))
    waiting: list[tuple[str, bool, tuple[str, str] | None]] = [
        (one.id, False, None) for one in strategy.goals.values() if _holds(one, lever)
    ]
    seen: set[tuple[str, bool]] = set()
    for name, is_odd, first in waiting:  # grows on the way; each goal once for even and once for odd
        if is_odd and goal in (None, name):
            return first
        for effect, opposes in above.get(name, ()):
            state = effect, is_odd != opposes
            if state not in seen:
                seen.add(state)
                waiting.append((*state, first or ((name, effect) if opposes else None)))
    return None


def find_outlook(evaluation: Evaluation, goal: str | None = None) -> float | None:
    """The outlook of a goal, or of the whole; None where unknown. Raises KeyError."""
    if goal is not None:
        return evaluation.goal(goal).outlook.score
    means = combine_goals(evaluation.strategy, 0, *_read_outlooks(evaluation))
    score = float(combine_perspectives(evaluation.strategy, *means)[0][0])
    return None if np.isnan(score) else score


def _read_outlooks(evaluation: Evaluation) -> tuple[Floats, Floats]:
    """The outlooks of the strategy's goals and their coverages [goal, 1]."""
    rows = slice(evaluation.first_goal, evaluation.first_goal + len(evaluation.strategy.goals))
    numbers, column = evaluation.numbers, slice(evaluation.column, evaluation.column + 1)
    return numbers.outlook[rows, column], numbers.outlook_coverage[rows, column]


def _weigh_goals(evaluation: Evaluation) -> dict[str, float]:
    """The share of each goal in the outlook of the whole."""
    strategy, outlooks = evaluation.strategy, _read_outlooks(evaluation)[0][:, 0]
    known = {goal for goal, outlook in zip(strategy.goals, outlooks.tolist(), strict=True) if not np.isnan(outlook)}
    lanes = [(name, [goal for goal in goals if goal.id in known]) for name, goals in strategy.lanes().items()]
    heights = _normalise([_height(evaluation, name) if any(g.weight for g in goals) else 0.0 for name, goals in lanes])
    weights: dict[str, float] = {}
    for height, (_, goals) in zip(heights, lanes, strict=True):
        parts = _normalise([goal.weight for goal in goals])
        weights |= {goal.id: height * part for goal, part in zip(goals, parts, strict=True) if height * part}
    return weights


def _height(evaluation: Evaluation, perspective: str) -> float:
    found = evaluation.strategy.perspectives.get(perspective)
    return found.weight if found else 0.0


def _normalise(weights: Sequence[float]) -> list[float]:
    total = sum(weights)
    return [weight / total if total else 0.0 for weight in weights]


def _holds(goal: Goal, lever: Lever) -> bool:
    """Whether a KPI or initiative stands at a goal."""
    if lever.kind == "initiative":
        return any(one.id == lever.id for one in goal.initiatives)
    return any(use.kpi == lever.id for use in (*goal.lagging, *goal.drivers))


def _lever(evaluation: Evaluation, goal: str | None, share: Share, shares: Sequence[Share], is_read: bool) -> Lever:
    value, status, step = None, Status.UNKNOWN, None
    if share.kind == "kpi" and share.id in evaluation.strategy.kpis:
        value, status = evaluation.kpi(share.id).value, status_at(evaluation, share.id, share.score)
        step = _step(evaluation, share)
        if step and is_read:
            step = _follow_formulas(evaluation, goal, share.id, step, shares)
    return Lever(share.kind, share.id, share.name, share.score, share.share, share.gain, value, status, step)


def _follow_formulas(evaluation: Evaluation, goal: str | None, kpi: str, step: Step, shares: Sequence[Share]) -> Step:
    """The step with what the outlook gains by its value, formulas followed; 0 where that leaves it unknown."""
    after = apply(evaluation, Scenario(changes=(ValueChange(kpi, step.value),)))
    now, then = find_outlook(evaluation, goal), find_outlook(after, goal)
    gain = 0.0 if now is None or then is None else then - now
    if gain > -TOLERANCE:
        return replace(step, gain=gain)
    own = (one for one in shares if one.kind == "kpi" and one.id in evaluation.strategy.kpis)
    moved = ((one, after.kpi(one.id).score) for one in own)
    lost = [(one.share * (score - one.score), one.id) for one, score in moved if score is not None]
    loss, worst = min(lost, default=(0.0, ""))
    return replace(step, gain=gain, worsens=worst if loss < -TOLERANCE and worst != kpi else None)


def _step(evaluation: Evaluation, share: Share) -> Step | None:
    """The next colour that a value of the KPI has, at last its best score."""
    bands = evaluation.strategy.bands_of(evaluation.strategy.kpis[share.id])
    for line in (bands.amber, bands.green, share.best):
        if share.score < line - TOLERANCE and (found := find_value(evaluation, share.id, line)):
            value, score = found
            status = status_at(evaluation, share.id, score)
            return Step(value, score, status, share.share * (score - share.score))
    return None
