"""The paths of an explanation, held against walking every path of the map; and that nothing is walked path by path."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import prod
from pathlib import Path

import pytest
import random_strategies
from test_scale import write_diamonds, write_layers

from scorecard.analysis.explanation import MOST_PATHS, explain
from scorecard.analysis.shares import Part
from scorecard.api import load
from scorecard.compute.evaluation import Evaluation

PARTS: tuple[Part, ...] = ("lagging", "leading", "outlook")


def walk(
    evaluation: Evaluation, goal: str, of: Part, above: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(KPI, goals from where it stands up to the first) of every path along which it counts."""
    one, path = evaluation.strategy.goals[goal], (goal, *above)
    scores = {kpi.id: kpi.score for kpi in evaluation.kpis}
    results = [use.kpi for use in one.lagging if evaluation.strategy.weigh(use) and scores[use.kpi] is not None]
    drivers = [use.kpi for use in one.drivers if evaluation.strategy.weigh(use) and scores[use.kpi] is not None]
    number = "lagging" if of == "leading" else "outlook"
    causes = [link.goal for link in one.links if getattr(evaluation.goal(link.goal), number).score is not None]
    share = evaluation.strategy.share_of_drivers(one)
    if of == "lagging":
        drivers, causes = [], []
    elif of == "leading" or (share == 1 and drivers + causes):
        results = []
    elif share == 0 and evaluation.goal(goal).lagging.score is not None:
        drivers, causes = [], []
    yield from ((kpi, path) for kpi in dict.fromkeys([*results, *drivers]))
    for cause in causes:
        yield from walk(evaluation, cause, "lagging" if of == "leading" else of, path)


def signs(evaluation: Evaluation, path: tuple[str, ...]) -> int:
    """1 where an even number of links on a path opposes, else -1."""
    goals = evaluation.strategy.goals
    opposes = [any(link.goal == low and link.opposes for link in goals[high].links) for low, high in pairwise(path)]
    return prod(-1 if one else 1 for one in opposes)


def hold_against_all_paths(evaluation: Evaluation, goal: str, of: Part) -> int:
    """The lines name the paths there are, or some of them and how many; how many lines were compared."""
    found: dict[tuple[str, int], list[tuple[str, ...]]] = {}
    for kpi, path in walk(evaluation, goal, of):
        found.setdefault((kpi, signs(evaluation, path)), []).append(path)
    lines = [line for line in explain(evaluation, goal, of).lines if line.kind == "kpi"]
    for line in lines:
        paths = found[line.id, 1 if line.share > 0 else -1]
        assert line.path_count == len(paths)
        assert len(line.paths) == min(len(paths), MOST_PATHS)
        assert list(line.paths) == sorted({*line.paths} & {*paths})
    return len(lines)


@pytest.mark.parametrize("seed", range(10))
def test_the_paths_of_random_strategies_are_all_there(seed: int, tmp_path: Path) -> None:
    period = random_strategies.make(seed, tmp_path / "strategy")
    evaluation = load(tmp_path / "strategy").evaluate(period)
    assert sum(hold_against_all_paths(evaluation, goal, of) for goal in evaluation.strategy.goals for of in PARTS)


@pytest.mark.parametrize("seed", range(2))
def test_opposing_links_part_the_paths(seed: int, tmp_path: Path) -> None:
    evaluation = load(write_layers(tmp_path, seed)).evaluate("2026-12")
    top = [f"g{number}" for number in range(180, 240)]
    assert sum(hold_against_all_paths(evaluation, goal, of) for goal in top for of in PARTS)


def test_of_many_paths_some_are_listed_and_all_are_counted(tmp_path: Path) -> None:
    evaluation = load(write_diamonds(tmp_path, 6, 0.7)).evaluate("2026-01")
    assert hold_against_all_paths(evaluation, "j6", "outlook") == 1
    assert explain(evaluation, "j6").lines[0].path_count == 64 > MOST_PATHS


def test_without_paths_the_rest_is_the_same(tmp_path: Path) -> None:
    evaluation = load(write_layers(tmp_path, 1)).evaluate("2026-12")
    with_paths, without = explain(evaluation, "g239"), explain(evaluation, "g239", most_paths=0)
    assert {line.paths for line in without.lines} == {()}
    assert [(one.id, one.share, one.path_count) for one in with_paths.lines] == [
        (one.id, one.share, one.path_count) for one in without.lines
    ]
