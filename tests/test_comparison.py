"""What changed between two review periods, and how much that weighs."""

from __future__ import annotations

from pathlib import Path

import pytest
import random_strategies
from command_line import write_strategy

from scorecard.analysis.comparison import Comparison, Knowledge, compare, earlier_period
from scorecard.api import load
from scorecard.compute.evaluation import Evaluation
from scorecard.model.period import read_period
from scorecard.model.status import Status

SHOP = """
strategy: shop
perspectives: {money: {name: Money, weight: 3}, people: People}
data: [rows.csv]
goals:
  profit:
    name: Earn more
    perspective: money
    lagging:
      - {kpi: margin, unit: "%", baseline: 0%, target: 20%, weight: 3}
      - {kpi: turnover, baseline: 0, target: 100}
    guardrails: [{kpi: complaints, max: 5}]
    override: {status: red, why: Not in yet, from: 2026-10}
  regulars:
    perspective: people
    lagging: [{kpi: returning, baseline: 0, target: 10, keep: 0}]
    leading: [{kpi: mood, levels: {bad: 0, good: 1}}]
  rush: {perspective: people, lagging: [{kpi: waiting, baseline: 20, target: 0}]}
kpis: {complaints: {}}
"""
ROWS = """\
kpi,period,value
margin,2026-09,16%
margin,2026-10,8%
turnover,2026-09,50
returning,2026-09,5
waiting,2026-10,5
mood,2026-09,bad
mood,2026-10,good
complaints,2026-10,7
"""


@pytest.fixture
def evaluation(tmp_path: Path) -> Evaluation:
    return load(write_strategy(tmp_path / "shop", SHOP, ROWS)).evaluate("2026-10", 14)


@pytest.fixture
def comparison(evaluation: Evaluation) -> Comparison:
    return compare(evaluation, read_period("2026-09"))


def test_scores_and_statuses_then_and_now(comparison: Comparison) -> None:
    profit = comparison.goal("profit")
    assert (profit.status_before, profit.status) == (Status.GREEN, Status.RED)
    assert profit.score_change == pytest.approx((3 * 0.4 + 0.5) / 4 - (3 * 0.8 + 0.5) / 4)
    assert (profit.turned, profit.step) == (True, -2)
    assert profit.share == pytest.approx(3 / 4)
    assert profit.weight == pytest.approx(3 / 4 * 0.3)
    assert (profit.before.override, profit.now.override is not None) == (None, True)
    assert profit.now.guardrails_breached == ("complaints",)
    assert comparison.index_change == pytest.approx(comparison.index.score - comparison.index_before.score)  # type: ignore[operator]


def test_what_is_known_or_unknown_for_the_first_time(comparison: Comparison) -> None:
    lost, come = comparison.goal("regulars"), comparison.goal("rush")
    assert (lost.knowledge, come.knowledge) == (Knowledge.UNKNOWN, Knowledge.KNOWN)
    for change in (lost, come):
        assert change.turned
        assert (change.score_change, change.step) == (None, 0)
        assert change.weight == change.share == pytest.approx(1 / 8)
    assert comparison.goal("profit").knowledge == Knowledge.SAME
    never = comparison.kpi("complaints")
    assert (never.knowledge, never.weight) == (Knowledge.SAME, 0.0)


def test_values_of_kpis(comparison: Comparison) -> None:
    margin, turnover, mood = (comparison.kpi(name) for name in ("margin", "turnover", "mood"))
    assert margin.value_change == pytest.approx(-0.08)
    assert margin.share == pytest.approx(3 / 4 * 3 / 4)
    assert (margin.renewed, margin.moved) == (True, True)
    assert (turnover.value_change, turnover.renewed, turnover.moved) == (0.0, False, False)
    assert (mood.before.value, mood.now.value, mood.value_change) == ("bad", "good", None)
    assert (mood.score_change, mood.step) == (1.0, 2)
    assert mood.share == pytest.approx(1 / 8)
    assert comparison.kpi("returning").value_change is None


def test_the_heaviest_change_comes_first(comparison: Comparison) -> None:
    assert [one.id for one in comparison.goals] == ["profit", "regulars", "rush"]
    order = [(one.id, one.turned) for one in comparison.kpis]
    assert order[:2] == [("margin", True), ("returning", True)]
    assert order[-1][0] in ("turnover", "complaints")
    with pytest.raises(KeyError):
        comparison.goal("nobody")


def test_a_period_outside_the_span_is_refused(evaluation: Evaluation) -> None:
    with pytest.raises(ValueError, match="2020-01"):
        compare(evaluation, read_period("2020-01"))


@pytest.mark.parametrize("seed", range(12))
def test_laws(seed: int, tmp_path: Path) -> None:
    """Nothing changed against itself, there and back cancel out, and shares of goals add up to the whole."""
    period = random_strategies.make(seed, tmp_path / "made")
    evaluation = load(tmp_path / "made").evaluate(period, 2)
    same = compare(evaluation, evaluation.period)
    assert not any(one.moved or one.weight for one in same.goals)
    assert not any(one.moved or one.weight for one in same.kpis)
    there = compare(evaluation, evaluation.periods[0])
    back = compare(evaluation.at(evaluation.periods[0]), evaluation.period)
    for one in there.goals:
        other = back.goal(one.id)
        assert (one.step, one.weight) == (-other.step, other.weight)
        assert one.score_change == (None if other.score_change is None else -other.score_change)
    assert [one.id for one in there.goals] == [one.id for one in back.goals]
    assert sum(one.share for one in there.goals) <= 1 + 1e-9
    weights = [one.weight for one in there.kpis if not one.turned]
    assert weights == sorted(weights, reverse=True)


@pytest.mark.parametrize(
    ("rhythm", "period", "previous", "last_year"),
    [
        ("month", "2026-01", "2025-12", "2025-01"),
        ("quarter", "2026-Q1", "2025-Q4", "2025-Q1"),
        ("half", "2026-H2", "2026-H1", "2025-H2"),
        ("year", "2026", "2025", "2025"),
        ("week", "2027-W01", "2026-W53", "2026-W01"),
        ("week", "2026-W53", "2026-W52", "2025-W52"),
        ("day", "2024-02-29", "2024-02-28", "2023-02-28"),
        ("day", "2024-12-31", "2024-12-30", "2023-12-31"),
        ("day", "2025-03-01", "2025-02-28", "2024-03-01"),
    ],
)
def test_the_period_before_and_that_of_last_year(
    rhythm: str, period: str, previous: str, last_year: str, tmp_path: Path
) -> None:
    folder = write_strategy(
        tmp_path / "shop",
        SHOP.replace("name: Earn", "name: E").replace("strategy: shop", f"strategy: shop\nperiod: {rhythm}"),
        ROWS,
    )
    strategy = load(folder).strategy
    at = read_period(period)
    assert str(earlier_period(strategy, at, "previous")) == previous
    assert str(earlier_period(strategy, at, "last-year")) == last_year
