"""The map compiled to rows of numbers: what each goal is the weighted mean of.

What the means are: docs/method.md, 'The numbers of a goal'.

A leaf is a KPI's score or an initiative's progress. Several strategies of a workspace compile into one plan, so that a
goal may drive a goal of another strategy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from scorecard.compute.graph import full_name, sort_levels
from scorecard.compute.means import Bools, Floats, Ints, Rows, Table
from scorecard.model.goal import Goal, Initiative
from scorecard.model.strategy import Strategy


class Node(NamedTuple):
    """One goal of the plan and the strategy it belongs to."""

    strategy: Strategy
    goal: Goal


@dataclass(frozen=True)
class Plan:
    """A compiled map. Goals, KPIs and initiatives are numbered over all `strategies`, in file order.

    `lagging` has leaves as items. `leading` has entries as items: `leaf` and `cause` give for each entry the leaf or
    the goal it takes (-1 for the other), `opposes` its sign. `order` lists the goals causes first, `level` counts the
    steps.
    """

    strategies: tuple[Strategy, ...]
    nodes: tuple[Node, ...]
    kpis: tuple[tuple[Strategy, str], ...]
    initiatives: tuple[tuple[Strategy, Goal, Initiative], ...]
    lagging: Rows
    leading: Rows
    leaf: Ints
    cause: Ints
    opposes: Bools
    basis: tuple[str, ...]
    lead_share: Floats
    order: Ints
    level: Ints

    @cached_property
    def results(self) -> Table:
        """The leaves of each goal's lagging."""
        rows = self.lagging
        return Table.lay_out(rows.owner, rows.owners(), rows.item, rows.weight)

    @cached_property
    def drivers(self) -> Table:
        """The leaves among each goal's leading entries."""
        leaf = self.leaf[self.leading.item]
        kept = leaf >= 0
        return Table.lay_out(self.leading.owner, self.leading.owners()[kept], leaf[kept], self.leading.weight[kept])

    @cached_property
    def links(self) -> Table:
        """The goals among each goal's leading entries, except those of strategies that were not read."""
        return Table.lay_out(self.leading.owner, *self._links)

    @cached_property
    def levels(self) -> tuple[Table, ...]:
        """The same level by level, causes first."""
        owner, item, weight, opposes = self._links
        level = self.level[self.leading.owner], self.level[owner]
        steps = np.arange(int(self.level.max(initial=0)) + 2)
        order, by_level = (np.argsort(one, kind="stable") for one in level)
        ends, cuts = (np.searchsorted(np.sort(one), steps) for one in level)
        rows = self.leading.owner[order]
        owner, item, weight, opposes = owner[by_level], item[by_level], weight[by_level], opposes[by_level]
        return tuple(
            Table.lay_out(rows[low:high], owner[one:end], item[one:end], weight[one:end], opposes[one:end])
            for (low, high), (one, end) in zip(pairwise(ends), pairwise(cuts), strict=True)
        )

    @cached_property
    def _links(self) -> tuple[Ints, Ints, Floats, Bools]:
        """Owner, cause, weight and sign of the links."""
        step = self.leading.item
        kept = self.cause[step] >= 0
        step = step[kept]
        return self.leading.owners()[kept], self.cause[step], self.leading.weight[kept], self.opposes[step]

    def goal_row(self, strategy: Strategy, goal: str) -> int:
        wanted = full_name(strategy, goal)
        return next(i for i, node in enumerate(self.nodes) if full_name(node.strategy, node.goal.id) == wanted)


def compile_plan(strategies: Sequence[Strategy]) -> Plan:
    """The plan of one strategy, or of several that name each other's goals.

    Links to a goal of a strategy that is not among them count as unknown: they lower the coverage. The map must be
    acyclic; raises ValueError otherwise (the reader has named the cycle).
    """
    nodes = [Node(strategy, goal) for strategy in strategies for goal in strategy.goals.values()]
    rows = {full_name(node.strategy, node.goal.id): i for i, node in enumerate(nodes)}
    kpis = [(strategy, name) for strategy in strategies for name in strategy.kpis]
    leaves = {(strategy.id, name): i for i, (strategy, name) in enumerate(kpis)}
    initiatives: list[tuple[Strategy, Goal, Initiative]] = []
    lagging: list[tuple[int, int, float]] = []
    leading: list[tuple[int, int, float]] = []
    steps: list[tuple[int, int, bool]] = []
    basis: list[str] = []
    causes: list[list[int]] = []
    for row, (strategy, goal) in enumerate((node.strategy, node.goal) for node in nodes):
        found, entries = _results(strategy, goal, leaves, len(kpis), initiatives)
        basis.append(found)
        lagging.extend((row, leaf, weight) for leaf, weight in entries)
        needed = []
        for use in goal.drivers:
            leading.append((row, len(steps), strategy.weigh(use)))
            steps.append((leaves[strategy.id, use.kpi], -1, False))
        for link in goal.links:
            cause = rows.get(full_name(strategy, link.goal), -1)
            leading.append((row, len(steps), link.weight))
            steps.append((-1, cause, link.opposes))
            if cause >= 0:
                needed.append(cause)
        causes.append(needed)
    order, level = sort_levels(causes)
    if len(order) < len(nodes):
        raise ValueError("the map has a cycle")
    return Plan(
        tuple(strategies),
        tuple(nodes),
        tuple(kpis),
        tuple(initiatives),
        Rows.compile(lagging),
        Rows.compile(leading),
        np.array([step[0] for step in steps], dtype=np.int64),
        np.array([step[1] for step in steps], dtype=np.int64),
        np.array([step[2] for step in steps], dtype=bool),
        tuple(basis),
        np.array([node.strategy.share_of_drivers(node.goal) for node in nodes], dtype=np.float64),
        np.array(order, dtype=np.int64),
        np.array(level, dtype=np.int64),
    )


def _results(
    strategy: Strategy,
    goal: Goal,
    leaves: dict[tuple[str, str], int],
    first_initiative: int,
    initiatives: list[tuple[Strategy, Goal, Initiative]],
) -> tuple[str, list[tuple[int, float]]]:
    """What a goal's result rests on, and its leaves: KPIs of positive weight, else initiatives that are not stopped."""
    entries = [(leaves[strategy.id, use.kpi], strategy.weigh(use)) for use in goal.lagging]
    if any(weight > 0 for _, weight in entries):
        return "kpis", entries
    standing = [initiative for initiative in goal.initiatives if initiative.status != "stopped"]
    entries = [(first_initiative + len(initiatives) + i, one.weight) for i, one in enumerate(standing)]
    initiatives.extend((strategy, goal, one) for one in standing)
    return ("initiatives" if standing else "none"), entries
