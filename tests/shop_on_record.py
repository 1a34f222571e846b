"""A shop whose values go on record, in a folder of its own that commands are run beside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from scorecard.cli.app import app

SHOP = """
strategy: shop
name: Corner shop
perspectives: {money: Money, people: People}
data: [rows.csv]
goals:
  profit:
    name: Earn more
    perspective: money
    lagging: [{kpi: margin, unit: "%", baseline: 10%, target: 20%}]
  regulars:
    perspective: people
    lagging:
      - {kpi: returning, name: Returning customers, aliases: [regular_guests], unit: people, baseline: 0, target: 10, keep: 3}
      - {kpi: mood, levels: {good: 1, bad: 0}}
      - {kpi: per_head, formula: till / returning}
metrics: {till: {aggregate: sum}}
"""
STORES = "dimensions: {store: [munich, berlin]}\n"
ROWS = "kpi,period,value\nmargin,2026-08,15%\nreturning,2026-08,8\n"


def write_shop(around: Path, monkeypatch: pytest.MonkeyPatch, text: str = SHOP) -> Path:
    """Write `shop` into a folder, and go there as Ann."""
    folder = around / "shop"
    folder.mkdir()
    (folder / "strategy.yaml").write_text(text, encoding="utf-8")
    (folder / "rows.csv").write_text(ROWS, encoding="utf-8")
    monkeypatch.chdir(around)
    monkeypatch.setenv("SCORECARD_BY", "Ann")
    monkeypatch.setenv("COLUMNS", "200")
    return folder


def run(*words: str, code: int = 0, **options: Any) -> Result:
    """Run the command, which ends with this exit code."""
    result = CliRunner().invoke(app, list(words), **options)
    assert result.exit_code == code, result.output
    return result


def logged(*words: str) -> list[dict[str, Any]]:
    """The rows that `scorecard log` shows."""
    return json.loads(run("log", "shop", *words, "--json").stdout)["rows"]  # type: ignore[no-any-return]
