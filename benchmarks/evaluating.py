"""The arithmetic: one period and ten years of the enterprise map, from aligned values to lagging, leading and outlook.

Both sides are given the same values and targets, aligned [KPI, period], and have compiled what can be compiled before.
"""

from __future__ import annotations

import statistics
from math import isnan
from pathlib import Path

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from benchmarks.attribute_loop import build_graph, evaluate_period
from benchmarks.enterprise import draw_values, record
from benchmarks.measuring import Line, describe_noise, in_turns, timed
from scorecard.compute.evaluation import Inputs
from scorecard.compute.histories import read_history
from scorecard.compute.plan import Plan, compile_plan
from scorecard.compute.propagation import Propagation, propagate
from scorecard.compute.scores import Scoring, compile_scoring
from scorecard.compute.sliced import evaluate
from scorecard.parser.reader import read_path

Floats = NDArray[np.float64]
PERIODS, FIRST = 120, 2024 * 12  # ten years of months, from 2024-01
LOOPED = 5  # the loop is timed over a few periods, and multiplied


def compare(enterprise: Path) -> list[Line]:
    reading = read_path(str(enterprise)).readings[0]
    strategy, resolved = reading.strategy, reading.resolved
    assert strategy is not None
    plan, scoring = compile_plan([strategy]), compile_scoring(strategy, resolved.rules)
    values = draw_values(len(strategy.kpis), PERIODS)
    targets = scoring.targets(np.arange(FIRST, FIRST + PERIODS))
    graph = build_graph(strategy, resolved.rules)
    loop_times = [_time_loop(graph, values, targets, at) for at in range(LOOPED)]
    _assert_same(graph, _run(plan, scoring, values, targets), LOOPED - 1)
    loop, loop_noise = statistics.median(loop_times), describe_noise(loop_times)
    first = np.ascontiguousarray(values[:, :1]), np.ascontiguousarray(targets[:, :1])
    single, _, noise = in_turns(timed(lambda: _run(plan, scoring, *first)), timed(lambda: None), 25)
    many, copy, many_noise = in_turns(timed(lambda: _run(plan, scoring, values, targets)), timed(values.copy), 15)
    inputs = Inputs(strategy, read_history(strategy, record(strategy, values, FIRST))[0], resolved.rules, {}, ())
    one, ten = (timed(lambda n=n: evaluate([inputs], FIRST, FIRST + n - 1, plan)) for n in (1, PERIODS))
    from_rows, from_rows_many, _ = in_turns(one, ten, 3)
    size = f"{len(strategy.goals):,} goals, {len(strategy.kpis):,} KPIs"
    years = f"{PERIODS} periods"
    return [
        Line(
            f"evaluate {size}, 1 period",
            "a networkx attribute loop",
            single,
            loop,
            50,
            True,
            f"{noise}, loop {loop_noise}",
        ),
        Line(f"evaluate {years}", f"that loop, {PERIODS} times", many, loop * PERIODS, 200, True, many_noise),
        Line(f"evaluate {years}", "a numpy copy of the panel", many, copy, 20, False, many_noise),
        Line("the same from recorded rows, 1 period", "that loop", from_rows, loop, None, True),
        Line(
            f"the same from recorded rows, {years}",
            f"that loop, {PERIODS} times",
            from_rows_many,
            loop * PERIODS,
            None,
            True,
        ),
    ]


def _time_loop(graph: nx.DiGraph, values: Floats, targets: Floats, at: int) -> float:
    column = values[:, at].tolist(), targets[:, at].tolist()
    return timed(lambda: evaluate_period(graph, *column))()


def _run(plan: Plan, scoring: Scoring, values: Floats, targets: Floats) -> Propagation:
    return propagate(plan, scoring.score(values, targets))


def _assert_same(graph: nx.DiGraph, numbers: Propagation, at: int) -> None:
    """The loop, which has just computed the period `at`, and ours agree on every number."""
    for name, ours in (("lag", numbers.lagging), ("lead", numbers.leading), ("outlook", numbers.outlook)):
        for goal, own in zip(graph.nodes, ours[:, at].tolist(), strict=True):
            theirs = graph.nodes[goal][name]
            assert isnan(own) if theirs is None else abs(own - theirs) < 1e-9, f"{name} of {goal}: {own}, {theirs}"
