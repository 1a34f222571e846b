"""The front door: what `load`, `load_workspace` and `evaluate` take and refuse."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import scorecard
from scorecard.model.period import Rhythm

EXAMPLE = Path(__file__).parent.parent / "strategies" / "social_media"
SALES = "strategy: sales\ngoals: {grow: {perspective: customer, lagging: [{kpi: orders, baseline: 0, target: 9}]}}\n"


def test_a_period_of_another_length_is_refused_as_text_and_as_period() -> None:
    card = scorecard.load(EXAMPLE)
    for period in ("2026-Q3", scorecard.Period(Rhythm.QUARTER, 2026, 3)):
        with pytest.raises(ValueError, match="reviewed by the month"):
            card.evaluate(period)
    assert card.evaluate(scorecard.Period(Rhythm.MONTH, 2026, 9)).period == card.evaluate("2026-09").period


def test_without_values_a_period_has_to_be_named(tmp_path: Path) -> None:
    (tmp_path / "sales.yaml").write_text(SALES)
    card = scorecard.load(tmp_path)
    with pytest.raises(ValueError, match="name a period"):
        card.evaluate()
    assert card.evaluate("2026-01").goal("grow").lagging.score is None


def test_a_workspace_is_read_as_one(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "social_media")
    (tmp_path / "sales.yaml").write_text(SALES)
    with pytest.raises(ValueError, match="load_workspace"):
        scorecard.load(tmp_path)
    assert sorted(scorecard.load_workspace(tmp_path)) == ["sales", "social_media"]
    (tmp_path / "sales.yaml").write_text(SALES.replace("customer", "nowhere"))
    with pytest.raises(ValueError, match="load_workspace"):
        scorecard.load(tmp_path)


def test_an_error_carries_every_finding(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(SALES.replace("customer", "nowhere").replace("target: 9", "target: nine"))
    with pytest.raises(scorecard.StrategyError) as caught:
        scorecard.load(tmp_path)
    assert {finding.code for finding in caught.value.findings} == {"S205", "S220"}
    with pytest.raises(scorecard.StrategyError) as caught:
        scorecard.load(tmp_path / "nothing")
    assert caught.value.unreadable


def test_values_of_a_kpi_that_was_lost_are_not_said_too(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("kpi,period,value\norders,2026-01,1\n")
    (tmp_path / "s.yaml").write_text(SALES.replace("lagging", "laging") + "data: [d.csv]\n")
    assert [finding.code for finding in scorecard.check(tmp_path) if finding.code < "S4"] == ["S202"]
    (tmp_path / "s.yaml").write_text(SALES.replace("customer", "customer, weight: -2") + "data: [d.csv]\n")
    (tmp_path / "d.csv").write_text("kpi,period,value\nordres,2026-01,1\n")
    assert sorted(finding.code for finding in scorecard.check(tmp_path) if finding.code < "S4") == ["S211", "S303"]
