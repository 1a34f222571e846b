"""Large and deep maps: no recursion, no paths counted one by one, the same numbers in every way of computing them."""

from __future__ import annotations

import gc
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from scorecard.analysis.explanation import explain
from scorecard.api import load, read_report
from scorecard.compute import propagation
from scorecard.compute.plan import compile_plan
from scorecard.compute.propagation import propagate
from scorecard.model.kpi import ID_KEY
from scorecard.model.strategy import Strategy
from scorecard.parser import schema

CASES = sorted(path for path in (Path(__file__).parent / "conformance").iterdir() if path.is_dir())
HEAD = """\
strategy: deep
perspectives: {{all: All}}
kpis:
  base: {{baseline: 0, target: 1, values: {{2026-01: {value}}}}}
goals:
"""


@pytest.fixture
def quiet_collector() -> Iterator[None]:
    """The collector would look at a hundred thousand goals again and again."""
    gc.disable()
    yield
    gc.enable()


def chain(length: int, share: float) -> Strategy:
    """A goal with a full result, and one above another with results of zero: the outlook shrinks by `share` each step."""
    kpis = {name: {ID_KEY: name, "baseline": "0", "target": "1"} for name in ("full", "none")}
    goals = {}
    for step in range(length):
        link = {"leading": [{"goal": f"g{step - 1}"}]} if step else {}
        lagging = {"lagging": [{"kpi": "none" if step else "full"}]}
        goals[f"g{step}"] = {ID_KEY: f"g{step}", "perspective": "all", **lagging, **link}
    head = {"strategy": "deep", "lead_share": str(share), "perspectives": {"all": {ID_KEY: "all"}}}
    return Strategy.model_validate({**head, "kpis": kpis, "goals": goals})


@pytest.mark.usefixtures("quiet_collector")
def test_a_chain_of_100_000_goals_is_computed_to_its_end() -> None:
    length, share = 100_000, 0.99999
    plan = compile_plan([chain(length, share)])
    numbers = propagate(plan, np.array([[1.0], [0.0]]))
    np.testing.assert_allclose(numbers.outlook[:, 0], share ** np.arange(length), rtol=1e-9)
    np.testing.assert_allclose(numbers.leading[1:3, 0], [1.0, 0.0])
    assert np.isnan(numbers.leading[0, 0])
    assert (numbers.outlook_coverage == 1.0).all()


def test_a_chain_is_the_same_in_many_periods_at_once() -> None:
    length, share = 300, 0.9
    plan = compile_plan([chain(length, share)])
    full = np.linspace(0.0, 1.0, 500)
    numbers = propagate(plan, np.stack([full, np.zeros(500)]))
    np.testing.assert_allclose(numbers.outlook, share ** np.arange(length)[:, None] * full, rtol=1e-9, atol=1e-15)


def test_a_long_chain_in_a_file_is_read_and_computed(tmp_path: Path) -> None:
    """The reader goes through a map of any depth too; the limit of nesting is one of YAML, not of the map."""
    lines = [HEAD.format(value=1), "  g0: {perspective: all, lagging: [base]}\n"]
    lines += [f"  g{n}: {{perspective: all, leading: [{{goal: g{n - 1}}}]}}\n" for n in range(1, 5000)]
    (tmp_path / "strategy.yaml").write_text("".join(lines))
    result = load(tmp_path).evaluate("2026-01")
    assert result.goal("g4999").outlook.score == 1.0
    assert result.goal("g4999").outlook.coverage == 1.0


def write_diamonds(folder: Path, layers: int, value: float) -> Path:
    """Every layer splits in two and joins again, so that paths double."""
    lines = [HEAD.format(value=value), "  j0: {perspective: all, lagging: [base]}\n"]
    for n in range(1, layers + 1):
        lines += [f"  {side}{n}: {{perspective: all, leading: [{{goal: j{n - 1}}}]}}\n" for side in "ab"]
        lines += [f"  j{n}: {{perspective: all, leading: [{{goal: a{n}}}, {{goal: b{n}}}]}}\n"]
    (folder / "strategy.yaml").write_text("".join(lines))
    return folder


@pytest.mark.parametrize("goals", [3, 3_000])  # the second is held against the model in portions
def test_what_stands_below_the_goals_counts_as_much_as_above_them(tmp_path: Path, goals: int) -> None:
    head = "strategy: wide\nname: Wide\nowner: Ann\n"
    settings = "period: quarter\nyear_start: 4\nbands: {amber: 0.2, green: 0.9}\nlead_share: 0.25\ndata: [values.csv]\n"
    lines = [
        f"  g{n}: {{perspective: all, owner: Ann, lagging: [{{kpi: k{n}, unit: t, baseline: 0, target: 10}}]}}\n"
        for n in range(goals)
    ]
    rest = "perspectives: {all: All}\nglossary: {wide: not narrow}\n"
    found = []
    for name, text in (
        ("above", [head, settings, rest, "goals:\n", *lines]),
        ("below", [head, "goals:\n", *lines, rest, settings]),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "s.yaml").write_text("".join(text))
        (tmp_path / name / "values.csv").write_text(f"kpi,period,value\nk{goals - 1},2026-Q1,4\n")
        found.append(load(tmp_path / name))
    above, below = found
    assert above.strategy == below.strategy
    assert (below.strategy.period, below.strategy.year_start, below.strategy.lead_share) == ("quarter", 4, 0.25)
    assert below.evaluate().kpi(f"k{goals - 1}").value == 4


@pytest.mark.parametrize("folder", CASES, ids=[case.name for case in CASES])
def test_a_strategy_is_the_same_read_in_portions(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = read_report(str(folder))
    monkeypatch.setattr(schema, "PORTION", 25)
    parts = read_report(str(folder))
    assert {name: one.strategy for name, one in parts.scorecards.items()} == {
        name: one.strategy for name, one in whole.scorecards.items()
    }
    assert parts.findings == whole.findings
    assert whole.scorecards


def test_60_diamond_layers_are_computed_and_explained_without_walking_their_paths(tmp_path: Path) -> None:
    result = load(write_diamonds(tmp_path, 60, 0.7)).evaluate("2026-01")
    assert result.goal("j60").outlook.score == pytest.approx(0.7, abs=1e-12)
    line = explain(result, "j60").lines[0]
    assert line.path_count == 2**60
    assert line.share == pytest.approx(1.0, abs=1e-12)


def write_layers(folder: Path, seed: int) -> Path:
    """A random map of 12 layers with 20 goals each: unknown values, opposing links, weights, goals without a list."""
    draw = random.Random(seed)
    months = [f"2025-{month:02}" for month in range(1, 13)] + [f"2026-{month:02}" for month in range(1, 13)]
    kpis, goals = [], []
    for n in range(240):
        values = ", ".join(f"{month}: {draw.random():.3f}" for month in months if draw.random() < 0.7)
        kpis.append(f"  k{n}: {{baseline: 0, target: 1, keep: 0, values: {{{values}}}}}\n")
        causes = {draw.randrange(n // 20 * 20) for _ in range(draw.randrange(4)) if n >= 20}
        signs = ("effect: supports", "effect: opposes", "weight: 3")
        entries = [f"- {{goal: g{cause}, {draw.choice(signs)}}}" for cause in sorted(causes)]
        entries += [f"- {{kpi: k{draw.randrange(240)}, weight: 2}}"] if draw.random() < 0.5 else []
        lagging = f"    lagging: [k{n}]\n" if draw.random() < 0.8 else ""
        leading = "    leading:\n" + "".join(f"      {entry}\n" for entry in entries) if entries else ""
        goals.append(f"  g{n}:\n    perspective: all\n    lead_share: {draw.choice((0, 0.3, 1))}\n{lagging}{leading}")
    text = "strategy: layers\nperspectives: {all: All}\nkpis:\n" + "".join(kpis) + "goals:\n" + "".join(goals)
    (folder / "strategy.yaml").write_text(text)
    return folder


@pytest.mark.parametrize("seed", range(3))
def test_goal_by_goal_and_level_by_level_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    card = load(write_layers(tmp_path, seed))
    found = []
    for crowd in (0, 10**9):  # always by level, always by goal
        monkeypatch.setattr(propagation, "CROWD", crowd)
        found.append(card.evaluate("2026-12", periods=24).numbers)
    for by_level, by_goal in zip(*found, strict=True):
        np.testing.assert_allclose(by_level, by_goal, rtol=0, atol=1e-12)
    assert np.isnan(found[0].outlook).any()
    assert not np.isnan(found[0].outlook).all()
