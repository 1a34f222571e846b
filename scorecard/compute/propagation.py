"""Lagging, leading and outlook of every goal in every column, from the scores of the leaves.

What they mean: docs/method.md, 'The numbers of a goal'.

Arrays are [goal or leaf, column]; a column is a review period of a slice or scenario. NaN is unknown.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scorecard.compute.means import Floats, divide, mean_by_table
from scorecard.compute.plan import Plan

CROWD = 64  # goals a level, for each column: with fewer, plain numbers in map order are faster than arrays by level


class Propagation(NamedTuple):
    """The numbers of all goals [goal, column], and how much of their weight has a known input."""

    lagging: Floats
    lagging_coverage: Floats
    leading: Floats
    leading_coverage: Floats
    outlook: Floats
    outlook_coverage: Floats


def propagate(plan: Plan, leaves: Floats) -> Propagation:
    """All goals of the plan from the leaves [leaf, column]: KPI scores, then initiatives' progress."""
    size, columns = len(plan.nodes), leaves.shape[1]
    results = mean_by_table(plan.results, plan.lagging, leaves, size)
    number, weight = np.empty((size, columns)), np.empty((size, columns))  # over the leaves among the drivers
    for block in plan.drivers.blocks(columns):
        goals = plan.drivers.row[block]
        sums = np.zeros((2, len(goals), columns))
        plan.drivers.add_known(block, leaves, *sums)
        number[goals], weight[goals] = sums
    leading = _leading(plan, number, weight, results[0])
    in_crowds = size * columns >= CROWD * (int(plan.level.max(initial=0)) + 1)
    outlook = (_outlook_by_level if in_crowds else _outlook_by_goal)(plan, number, weight, *results)
    return Propagation(*results, *leading, *outlook)


def blend(share: Floats, lagging: Floats, drivers: Floats) -> Floats:
    """O = (1 - h) L + h D; where only one of them is known, that one."""
    both = (1.0 - share) * lagging + share * drivers
    np.copyto(both, drivers, where=np.isnan(lagging))
    np.copyto(both, lagging, where=np.isnan(drivers))
    return both


def _leading(plan: Plan, number: Floats, weight: Floats, lagging: Floats) -> tuple[Floats, Floats]:
    """The drivers' mean, one step of the map, and its coverage."""
    mean, coverage = np.empty(number.shape), np.empty(number.shape)
    total, idle = plan.leading.totals(len(number)), plan.leading.without(len(number))
    mean[idle], coverage[idle] = np.nan, 0.0
    for block in plan.links.blocks(number.shape[1]):
        goals = plan.links.row[block]
        sums, known = number[goals], weight[goals]
        plan.links.add_known(block, lagging, sums, known)
        mean[goals] = divide(sums, known)
        coverage[goals] = known / total[goals]
    return mean, coverage


def _outlook_by_level(
    plan: Plan, number: Floats, weight: Floats, lagging: Floats, lagging_coverage: Floats
) -> tuple[Floats, Floats]:
    """Level by level, many goals at once."""
    outlook, coverage, idle = np.empty(number.shape), np.empty(number.shape), plan.leading.without(len(number))
    outlook[idle], coverage[idle] = lagging[idle], lagging_coverage[idle]
    lead_share, total, share = plan.lead_share[:, None], plan.leading.totals(len(number)), _coverage_share(plan)
    for links in plan.levels:
        for block in links.blocks(number.shape[1]):
            goals = links.row[block]
            sums, known = number[goals], weight[goals]
            reach = known.copy()
            links.add_known(block, outlook, sums, known)
            links.add(block, coverage, reach)
            outlook[goals] = blend(lead_share[goals], lagging[goals], divide(sums, known))
            reach *= share[goals] / total[goals]
            coverage[goals] = (1.0 - share[goals]) * lagging_coverage[goals] + reach
    return outlook, coverage


def _coverage_share(plan: Plan) -> Floats:
    """The drivers' share in the coverage of the outlook [goal, 1]: all of it, or nothing, where a goal has one list."""
    has_results, has_drivers = np.zeros((2, len(plan.nodes)), dtype=bool)
    has_results[plan.lagging.owner] = has_drivers[plan.leading.owner] = True
    share = np.where(has_results, plan.lead_share, 1.0)
    return np.where(has_drivers, share, 0.0)[:, None]


def _outlook_by_goal(
    plan: Plan, number: Floats, weight: Floats, lagging: Floats, lagging_coverage: Floats
) -> tuple[Floats, Floats]:
    """Goal by goal in map order, in plain numbers: for long chains, where a level holds a goal or two."""
    outlook, coverage = lagging.copy(), lagging_coverage.copy()
    size = len(plan.nodes)
    total, share = plan.leading.totals(size)[:, 0].tolist(), _coverage_share(plan)[:, 0].tolist()
    lead_share, causes = plan.lead_share.tolist(), _causes(plan)
    leads = set(plan.leading.owner.tolist())
    for column in range(lagging.shape[1]):
        result, covered = outlook[:, column].tolist(), coverage[:, column].tolist()
        sums, known = number[:, column].tolist(), weight[:, column].tolist()
        for goal in plan.order.tolist():
            if goal not in leads:
                continue
            above, below, reach = sums[goal], known[goal], known[goal]
            for cause, heavy, opposes in causes[goal]:
                value = 1.0 - result[cause] if opposes else result[cause]
                reach += heavy * covered[cause]
                if value == value:
                    above += heavy * value
                    below += heavy
            h = lead_share[goal]
            if below:
                drivers = above / below
                result[goal] = (1.0 - h) * result[goal] + h * drivers if result[goal] == result[goal] else drivers
            covered[goal] = (1.0 - share[goal]) * covered[goal] + share[goal] * reach / total[goal]
        outlook[:, column], coverage[:, column] = result, covered
    return outlook, coverage


def _causes(plan: Plan) -> list[list[tuple[int, float, bool]]]:
    """The links of each goal: cause, weight, whether it opposes."""
    causes: list[list[tuple[int, float, bool]]] = [[] for _ in plan.nodes]
    step = plan.leading.item
    columns = plan.leading.owners(), plan.cause[step], plan.leading.weight, plan.opposes[step]
    for owner, cause, weight, opposes in zip(*(column.tolist() for column in columns), strict=True):
        if cause >= 0:
            causes[owner].append((cause, weight, opposes))
    return causes
