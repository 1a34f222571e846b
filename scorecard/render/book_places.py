"""Where everything stands in the workbook: the row of each record on its sheet, and the rows that belong to a goal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from scorecard.model.book_columns import DRIVER, RESULT
from scorecard.model.goal import Link
from scorecard.model.strategy import Strategy

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Places:
    """Rows by id, from 1, and ranges of rows by goal (`uses` by goal and side, `points` by KPI); those without are missing."""

    kpis: Mapping[str, int]
    metrics: Mapping[str, int]
    goals: Mapping[str, int]
    perspectives: Mapping[str, int]
    points: Mapping[str, range]
    uses: Mapping[tuple[str, str], range]
    links: Mapping[str, range]
    initiatives: Mapping[str, range]
    guardrails: Mapping[str, range]


def find_places(strategy: Strategy) -> Places:
    """All in the order of the files; the uses of a goal are its results, then its drivers."""
    goals = strategy.goals.values()
    sides = [((goal.id, RESULT), len(goal.lagging)) for goal in goals]
    drivers = [((goal.id, DRIVER), len(goal.drivers)) for goal in goals]
    uses = [side for pair in zip(sides, drivers, strict=True) for side in pair]
    return Places(
        _number(strategy.kpis),
        _number(strategy.metrics),
        _number(strategy.goals),
        _number(strategy.perspectives),
        _stack((kpi.id, len(kpi.levels or kpi.scale or ())) for kpi in strategy.kpis.values()),
        _stack(uses),
        _stack((goal.id, len(goal.links)) for goal in goals),
        _stack((goal.id, len(goal.initiatives)) for goal in goals),
        _stack((goal.id, len(goal.guardrails)) for goal in goals),
    )


def own_cause(strategy: Strategy, link: Link) -> str | None:
    """The goal of this strategy that a link names, None where it is one of another."""
    name = link.goal.removeprefix(f"{strategy.id}/")
    return name if name in strategy.goals else None


def _number(names: Iterable[str]) -> dict[str, int]:
    return {name: row for row, name in enumerate(names, 1)}


def _stack(sizes: Iterable[tuple[Key, int]]) -> dict[Key, range]:
    found: dict[Key, range] = {}
    start = 1
    for key, size in sizes:
        if size:
            found[key] = range(start, start + size)
        start += size
    return found
