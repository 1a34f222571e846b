"""The strategy map as a networkx graph, the orders it is computed in, and the cycles it must not have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from scorecard.model.strategy import Strategy

if TYPE_CHECKING:  # networkx is loaded where a graph is asked for, not for a map without cycles
    import networkx as nx


_MOST_STEPS = 200_000  # links that the search for a short cycle looks at, about


def full_name(strategy: Strategy, goal: str) -> str:
    """A goal's name across a workspace: `strategy/goal`."""
    return goal if "/" in goal else f"{strategy.id}/{goal}"


def strategy_map(*strategies: Strategy) -> nx.DiGraph[str]:
    """The goals and their cause-and-effect links, from cause to effect, as a graph to analyse.

    Nodes are goal ids (`strategy/goal` for more than one strategy) with `name`, `perspective`, `owner`, `weight` and
    `strategy`; a goal of a strategy that is not among them has `name` and `strategy` only. Edges carry `weight`,
    `effect`, `delay`, `why` and `evidence`.
    """
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    alone = len(strategies) == 1

    def name_node(strategy: Strategy, goal: str) -> str:
        return goal.removeprefix(f"{strategy.id}/") if alone else full_name(strategy, goal)

    for strategy in strategies:
        for goal in strategy.goals.values():
            about = {"name": goal.title, "perspective": goal.perspective, "owner": goal.owner, "weight": goal.weight}
            graph.add_node(name_node(strategy, goal.id), **about, strategy=strategy.id)
    for strategy in strategies:
        for goal in strategy.goals.values():
            for link in goal.links:
                cause = name_node(strategy, link.goal)
                if cause not in graph:
                    graph.add_node(cause, name=link.goal, strategy=link.goal.partition("/")[0])
                about = {"weight": link.weight, "effect": link.effect, "delay": link.delay, "why": link.why}
                graph.add_edge(cause, name_node(strategy, goal.id), **about, evidence=link.evidence_kind)
    return graph


def sort_levels(causes: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
    """Nodes ordered so that causes come first, and the level of each node (the longest chain of causes below it).

    `causes[n]` lists the nodes that n needs. Nodes on or above a cycle are left out of the order.
    """
    count = len(causes)
    waiting = [len(needed) for needed in causes]
    effects: list[list[int]] = [[] for _ in range(count)]
    for node, needed in enumerate(causes):
        for cause in needed:
            effects[cause].append(node)
    order = [node for node in range(count) if not waiting[node]]
    level = [0] * count
    for node in order:  # grows while it is read
        for effect in effects[node]:
            level[effect] = max(level[effect], level[node] + 1)
            waiting[effect] -= 1
            if not waiting[effect]:
                order.append(effect)
    return order, level


def find_cycles(causes: Mapping[str, Iterable[str]], most: int = 20) -> list[list[str]]:
    """The nodes that need themselves, and one shortest cycle for each knot of nodes that need each other.

    At most `most`; empty where there is none. Each cycle runs from cause to effect, begins with its first name in
    code-point order, and does not repeat it.
    """
    names = sorted(causes)
    code = {name: number for number, name in enumerate(names)}
    rows = [[code[cause] for cause in causes[name] if cause in code] for name in names]
    if len(sort_levels(rows)[0]) == len(names):
        return []
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edges_from((cause, name) for name in names for cause in sorted(causes[name]) if cause in code)
    cycles = [[name] for name in names if graph.has_edge(name, name)]
    graph.remove_edges_from([(name, name) for [name] in cycles])
    for knot in sorted(nx.strongly_connected_components(graph), key=min):
        if len(cycles) >= most:
            break
        if len(knot) > 1:
            cycles.append(_shortest_cycle(graph.subgraph(knot)))
    return sorted(cycles)[:most]


def _shortest_cycle(knot: nx.DiGraph[str]) -> list[str]:
    """A shortest cycle through the knot's nodes, looked for from as many of them as `_MOST_STEPS` allow."""
    best: list[str] = []
    steps = 0
    for start in sorted(knot):
        cycle, taken = _cycle_through(knot, start)
        steps += taken
        if not best or len(cycle) < len(best):
            best = cycle
        if steps > _MOST_STEPS:
            break
    first = best.index(min(best))
    return best[first:] + best[:first]


def _cycle_through(knot: nx.DiGraph[str], start: str) -> tuple[list[str], int]:
    """A shortest cycle through a node of a knot, and how many links were looked at to find it."""
    before: dict[str, str] = {}
    steps = 0
    waiting = [start]
    for node in waiting:  # grows while it is read
        for effect in sorted(knot.successors(node)):
            steps += 1
            if effect == start:
                cycle = [node]
                while node != start:
                    node = before[node]
                    cycle.append(node)
                return cycle[::-1], steps
            if effect not in before:
                before[effect] = node
                waiting.append(effect)
    raise ValueError("the node lies on no cycle")
