"""Lagging, leading and outlook of every goal in every column, from the scores of the leaves. Semantics section 3.

Arrays are [goal or leaf, column]; a column is a review period of a slice or scenario. NaN is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scorecard.compute.plan import Plan, sum_known

Floats = NDArray[np.float64]
_NARROW = 16  # fewer goals a level than this on average: plain numbers in map order are faster than arrays by level


@dataclass(frozen=True, slots=True)
class Propagation:
    """The numbers of all goals [goal, column], and how much of their weight has a known input."""

    lagging: Floats
    lagging_coverage: Floats
    leading: Floats
    leading_coverage: Floats
    outlook: Floats
    outlook_coverage: Floats


def propagate(plan: Plan, leaves: Floats) -> Propagation:
    """All goals of the plan from the leaves [leaf, column]: KPI scores, then initiatives' progress."""
    size = len(plan.nodes)
    lagging, lagging_coverage = plan.lagging.mean(leaves, size)
    leading, leading_coverage = plan.leading.mean(_steps(plan, leaves, lagging), size)
    levels = int(plan.level.max()) + 1 if size else 0
    if levels > 64 and size < _NARROW * levels and leaves.shape[1] <= 4:
        outlook, coverage = _outlook_by_goal(plan, leaves, lagging, lagging_coverage)
    else:
        outlook, coverage = _outlook_by_level(plan, leaves, lagging, lagging_coverage)
    return Propagation(lagging, lagging_coverage, leading, leading_coverage, outlook, coverage)


def blend(share: Floats, lagging: Floats, drivers: Floats) -> Floats:
    """O = (1 - h) L + h D; where only one of them is known, that one."""
    both = (1.0 - share) * lagging + share * drivers
    return np.where(np.isnan(lagging), drivers, np.where(np.isnan(drivers), lagging, both))


def _steps(plan: Plan, leaves: Floats, goals: Floats) -> Floats:
    """The input of every leading entry [entry, column]: a leaf, or the number of a goal (1 - it where it opposes)."""
    values = np.full((len(plan.leaf), leaves.shape[1]), np.nan)
    at_leaf, at_goal = plan.leaf >= 0, plan.cause >= 0
    values[at_leaf] = leaves[plan.leaf[at_leaf]]
    values[at_goal] = goals[plan.cause[at_goal]]
    values[plan.opposes] = 1.0 - values[plan.opposes]
    return values


def _outlook_by_level(plan: Plan, leaves: Floats, lagging: Floats, lagging_coverage: Floats) -> tuple[Floats, Floats]:
    """Level by level, all goals of a level at once."""
    outlook, coverage = lagging.copy(), np.where(plan.has_lagging[:, None], lagging_coverage, 0.0)
    rows = plan.leading
    if not len(rows.start):
        return outlook, coverage
    level = plan.level[rows.owner]
    ends = np.append(rows.start[1:], len(rows.item))
    share = plan.lead_share[:, None]
    by_level = np.argsort(level, kind="stable")
    for low, high in _bounds(level[by_level]):
        chosen = by_level[low:high]
        entries = np.concatenate([np.arange(rows.start[r], ends[r]) for r in chosen])
        sizes = ends[chosen] - rows.start[chosen]
        at = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        steps, goals = rows.item[entries], rows.owner[chosen]
        values, known = _inputs(plan, steps, leaves, outlook, coverage)
        number, weight = sum_known(values, rows.weight[entries], at)
        with np.errstate(invalid="ignore", divide="ignore"):
            drivers = number / np.where(weight == 0, np.nan, weight)
        covered = np.add.reduceat(known * rows.weight[entries][:, None], at) / rows.total[chosen][:, None]
        outlook[goals] = blend(share[goals], lagging[goals], drivers)
        both = (1.0 - share[goals]) * lagging_coverage[goals] + share[goals] * covered
        coverage[goals] = np.where(plan.has_lagging[goals][:, None], both, covered)
    return outlook, coverage


def _bounds(sorted_levels: NDArray[np.int64]) -> list[tuple[int, int]]:
    cuts = [0, *(np.flatnonzero(np.diff(sorted_levels)) + 1).tolist(), len(sorted_levels)]
    return list(zip(cuts, cuts[1:], strict=False))


def _inputs(
    plan: Plan, steps: NDArray[np.int64], leaves: Floats, outlook: Floats, coverage: Floats
) -> tuple[Floats, Floats]:
    """Values and coverage of some leading entries, with the causes' outlook in place of their result."""
    leaf, cause = plan.leaf[steps], plan.cause[steps]
    is_leaf, is_goal = (leaf >= 0)[:, None], (cause >= 0)[:, None]
    of_leaf = leaves[np.maximum(leaf, 0)] if len(leaves) else np.full((len(steps), outlook.shape[1]), np.nan)
    of_goal = outlook[np.maximum(cause, 0)]
    of_goal = np.where(plan.opposes[steps][:, None], 1.0 - of_goal, of_goal)
    values = np.where(is_leaf, of_leaf, np.where(is_goal, of_goal, np.nan))
    known = np.where(is_leaf, ~np.isnan(of_leaf), np.where(is_goal, coverage[np.maximum(cause, 0)], 0.0))
    return values, known


def _outlook_by_goal(plan: Plan, leaves: Floats, lagging: Floats, lagging_coverage: Floats) -> tuple[Floats, Floats]:
    """Goal by goal in map order, in plain numbers: for long chains, where a level holds a goal or two."""
    outlook, coverage = lagging.copy(), np.where(plan.has_lagging[:, None], lagging_coverage, 0.0)
    rows = plan.leading
    ends = np.append(rows.start[1:], len(rows.item)).tolist()
    start, item, weight, total = rows.start.tolist(), rows.item.tolist(), rows.weight.tolist(), rows.total.tolist()
    row_of = dict(zip(rows.owner.tolist(), range(len(start)), strict=True))
    leaf, cause, opposes = plan.leaf.tolist(), plan.cause.tolist(), plan.opposes.tolist()
    share, has_lagging = plan.lead_share.tolist(), plan.has_lagging.tolist()
    for column in range(leaves.shape[1]):
        scores, result = leaves[:, column].tolist(), outlook[:, column].tolist()
        covered, own = coverage[:, column].tolist(), lagging_coverage[:, column].tolist()
        for goal in plan.order.tolist():
            row = row_of.get(goal)
            if row is None:
                continue
            number = known = reach = 0.0
            for entry in range(start[row], ends[row]):
                step = item[entry]
                if leaf[step] >= 0:
                    value = scores[leaf[step]]
                    reach += weight[entry] if value == value else 0.0
                elif cause[step] >= 0:
                    value = 1.0 - result[cause[step]] if opposes[step] else result[cause[step]]
                    reach += weight[entry] * covered[cause[step]]
                else:
                    continue
                if value == value:
                    number += weight[entry] * value
                    known += weight[entry]
            h = share[goal]
            if known:
                drivers = number / known
                result[goal] = (1.0 - h) * result[goal] + h * drivers if result[goal] == result[goal] else drivers
            reach /= total[row]
            covered[goal] = (1.0 - h) * own[goal] + h * reach if has_lagging[goal] else reach
        outlook[:, column], coverage[:, column] = result, covered
    return outlook, coverage
