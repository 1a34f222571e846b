"""What one would write first: a networkx graph with attributes in dicts, gone through goal by goal, period by period.

It computes lagging, leading and outlook as the specification says, without coverage, which ours computes too.
"""

from __future__ import annotations

from itertools import pairwise
from math import isnan

import networkx as nx

from scorecard.model.scoring import Band, Linear, Reach, Rule, Scale
from scorecard.model.strategy import Strategy


def build_graph(strategy: Strategy, rules: dict[str, Rule | None]) -> nx.DiGraph:
    """Goals with their entries as node attributes, links with weight and sign as edge attributes."""
    graph = nx.DiGraph()
    graph.graph["kpis"] = {name: {"rule": rules[name], "score": None} for name in strategy.kpis}
    for goal in strategy.goals.values():
        graph.add_node(
            goal.id,
            lagging=[(use.kpi, strategy.weigh(use)) for use in goal.lagging],
            drivers=[(use.kpi, strategy.weigh(use)) for use in goal.drivers],
            share=strategy.share_of_drivers(goal),
        )
    for goal in strategy.goals.values():
        for link in goal.links:
            graph.add_edge(link.goal, goal.id, weight=link.weight, opposes=link.opposes)
    graph.graph["order"] = list(nx.topological_sort(graph))
    return graph


def evaluate_period(graph: nx.DiGraph, values: list[float], targets: list[float]) -> None:
    """Set `lag`, `lead` and `outlook` of every node from the values and targets of one period, in the KPIs' order."""
    kpis = graph.graph["kpis"]
    for kpi, value, target in zip(kpis.values(), values, targets, strict=True):
        kpi["score"] = None if isnan(value) else _score(kpi["rule"], value, target)
    for goal in graph.graph["order"]:
        node = graph.nodes[goal]
        node["lag"] = _mean([(kpis[name]["score"], weight) for name, weight in node["lagging"]])
        known = [(kpis[name]["score"], weight) for name, weight in node["drivers"]]
        lead, drive = list(known), list(known)
        for cause, _, link in graph.in_edges(goal, data=True):
            below = graph.nodes[cause]
            lead.append((_turn(below["lag"], link["opposes"]), link["weight"]))
            drive.append((_turn(below["outlook"], link["opposes"]), link["weight"]))
        node["lead"] = _mean(lead)
        node["outlook"] = _blend(node["share"], node["lag"], _mean(drive))


def _score(rule: Rule | None, value: float, target: float) -> float | None:
    match rule:
        case Linear(start, low, high):
            return min(1.0, max(0.0, low + (high - low) * (value - start) / (target - start)))
        case Reach(up):
            slack = 1e-9 * max(1.0, abs(target))
            return 1.0 if (value >= target - slack if up else value <= target + slack) else 0.0
        case Band(low, high, tolerance):
            distance = max(low - value, value - high, 0.0)
            return max(0.0, 1.0 - distance / tolerance) if tolerance else float(distance == 0)
        case Scale(points):
            return _interpolate(points, value)
    return None


def _interpolate(points: tuple[tuple[float, float], ...], value: float) -> float:
    if value <= points[0][0]:
        return points[0][1]
    for (x, y), (x_next, y_next) in pairwise(points):
        if value <= x_next:
            return y + (y_next - y) * (value - x) / (x_next - x)
    return points[-1][1]


def _turn(score: float | None, opposes: bool) -> float | None:
    return 1.0 - score if opposes and score is not None else score


def _mean(entries: list[tuple[float | None, float]]) -> float | None:
    total = part = 0.0
    for score, weight in entries:
        if score is not None:
            total += weight * score
            part += weight
    return total / part if part else None


def _blend(share: float, lagging: float | None, drivers: float | None) -> float | None:
    if lagging is None or drivers is None:
        return drivers if lagging is None else lagging
    return (1 - share) * lagging + share * drivers
