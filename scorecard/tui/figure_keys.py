"""Which figures the what-if lists show, as the keys of the changes they would be."""

from __future__ import annotations

from collections.abc import Iterator

from scorecard.analysis.levers import Levers
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.formula import parse
from scorecard.model.strategy import Strategy

Key = tuple[str, ...]


def lever_key(kind: str, name: str) -> Key:
    """The key of what a lever moves."""
    return ("progress" if kind == "initiative" else "values", name)


def list_levers(evaluation: Evaluation, levers: Levers) -> tuple[Key, ...]:
    """The levers that would move the outlook most first, then what else may be changed at the goal.

    The others are KPIs without a lever, such as those that nobody measured, those of guardrails, and what formulas are made of.
    """
    strategy = evaluation.strategy
    ranked = [
        lever_key(one.kind, one.id) for one in levers.lines if one.kind == "initiative" or one.id in strategy.kpis
    ]
    return tuple(dict.fromkeys([*ranked, *(("values", name) for name in _list_measures(strategy, levers.goal))]))


def list_links(strategy: Strategy, goal: str | None) -> tuple[Key, ...]:
    """The links to and from the goal, or all of them."""
    pairs = [(one.id, link.goal) for one in strategy.goals.values() for link in one.links]
    return tuple(("links", *pair) for pair in dict.fromkeys(pairs) if goal in (None, *pair))


def list_weights(strategy: Strategy, goal: str | None, kpi: str) -> list[Key]:
    """The entries of a KPI at goals, that of the goal looked at first."""
    goals = strategy.goals.values()
    found = [one.id for one in goals if any(use.kpi == kpi for use in (*one.lagging, *one.drivers))]
    return [("weights", name, kpi) for name in sorted(found, key=lambda name: name != goal)]


def _list_measures(strategy: Strategy, goal: str | None) -> dict[str, None]:
    """The KPIs of the goal, or all that goals use, and what their formulas are made of."""
    goals = strategy.goals.values() if goal is None else [strategy.goals[goal]]
    waiting = [use.kpi for one in goals for use in (*one.lagging, *one.drivers)]
    waiting += [guardrail.kpi for one in goals for guardrail in one.guardrails]
    found: dict[str, None] = {}
    for name in waiting:  # grows on the way
        if name not in found:
            found[name] = None
            waiting.extend(_list_used(strategy, name))
    return found


def _list_used(strategy: Strategy, name: str) -> Iterator[str]:
    measure = strategy.measure(name)
    if measure and measure.formula:
        yield from (used for used, _ in parse(measure.formula).names)
