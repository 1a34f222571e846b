"""The map compiled to rows of numbers: what each goal is the weighted mean of. Semantics section 3.

A leaf is a KPI's score or an initiative's progress. Several strategies of a workspace compile into one plan, so that a
goal may drive a goal of another strategy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scorecard.compute.graph import full_name, sort_levels
from scorecard.model.strategy import Goal, Initiative, Strategy

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_CHUNK = 512  # rows at a time: the working set stays in the processor's cache


@dataclass(frozen=True, slots=True)
class Rows:
    """Weighted means, compressed: row `owner[r]` is the mean of the entries `start[r]` up to the next start.

    Entries of weight 0 are left out at compile time; `total` is the weight of each row.
    """

    owner: Ints
    start: Ints
    item: Ints
    weight: Floats
    total: Floats

    @classmethod
    def compile(cls, entries: Sequence[tuple[int, int, float]]) -> Rows:
        """From (owner, item, weight), owners ascending."""
        used = [entry for entry in entries if entry[2] > 0]
        owners = np.array([entry[0] for entry in used], dtype=np.int64)
        weight = np.array([entry[2] for entry in used], dtype=np.float64)
        start = np.flatnonzero(np.diff(owners, prepend=-1)).astype(np.int64)
        total = np.add.reduceat(weight, start) if len(start) else np.empty(0)
        return cls(owners[start], start, np.array([entry[1] for entry in used], dtype=np.int64), weight, total)

    def mean(self, items: Floats, size: int) -> tuple[Floats, Floats]:
        """Over the known items [item, column]: the mean and the coverage, both [size, column]."""
        columns = items.shape[1]
        mean, coverage = np.full((size, columns), np.nan), np.zeros((size, columns))
        for low in range(0, len(self.start), _CHUNK):
            at, entries, rows = self._chunk(low)
            number, weight = sum_known(items[self.item[entries]], self.weight[entries], at)
            with np.errstate(invalid="ignore", divide="ignore"):
                mean[self.owner[rows]] = number / np.where(weight == 0, np.nan, weight)
            coverage[self.owner[rows]] = weight / self.total[rows, None]
        return mean, coverage

    def _chunk(self, low: int) -> tuple[Ints, slice, slice]:
        rows = slice(low, low + _CHUNK)
        start = self.start[rows]
        end = int(self.start[low + _CHUNK]) if low + _CHUNK < len(self.start) else len(self.item)
        return start - start[0], slice(int(start[0]), end), rows


@dataclass(frozen=True, slots=True)
class Node:
    """One goal of the plan and the strategy it belongs to."""

    strategy: Strategy
    goal: Goal


@dataclass(frozen=True, slots=True)
class Plan:
    """A compiled map. Goals, KPIs and initiatives are numbered over all strategies, in file order.

    `lagging` has leaves as items. `leading` has entries as items: `leaf` and `cause` give for each entry the leaf or the
    goal it takes (-1 for the other), `opposes` its sign. `order` lists the goals causes first, `level` counts the steps.
    """

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
    has_lagging: Bools
    has_leading: Bools
    order: Ints
    level: Ints

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
    lag_rows, lead_rows = Rows.compile(lagging), Rows.compile(leading)
    shares = np.array([node.strategy.share_of_drivers(node.goal) for node in nodes], dtype=np.float64)
    return Plan(
        tuple(nodes),
        tuple(kpis),
        tuple(initiatives),
        lag_rows,
        lead_rows,
        np.array([step[0] for step in steps], dtype=np.int64),
        np.array([step[1] for step in steps], dtype=np.int64),
        np.array([step[2] for step in steps], dtype=bool),
        tuple(basis),
        shares,
        _present(lag_rows, len(nodes)),
        _present(lead_rows, len(nodes)),
        np.array(order, dtype=np.int64),
        np.array(level, dtype=np.int64),
    )


def sum_known(values: Floats, weight: Floats, at: Ints) -> tuple[Floats, Floats]:
    """Sums over runs that begin at `at`: of weight times value, and of weight, over the known values [entry, column]."""
    unknown = np.isnan(values)
    if unknown.any():
        heavy = np.where(unknown, 0.0, weight[:, None])
        return np.add.reduceat(np.where(unknown, 0.0, values) * heavy, at), np.add.reduceat(heavy, at)
    total = np.add.reduceat(weight, at)
    return np.add.reduceat(values * weight[:, None], at), np.broadcast_to(total[:, None], (len(at), values.shape[1]))


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


def _present(rows: Rows, size: int) -> Bools:
    present = np.zeros(size, dtype=bool)
    present[rows.owner] = True
    return present
