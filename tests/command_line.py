"""The command `scorecard` for tests, and a small strategy to use it on."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from scorecard.cli.app import app

SOCIAL_MEDIA = str(Path(__file__).parent.parent / "strategies" / "social_media")
CLEAN, FINDINGS, WRONG_USE, UNREADABLE = 0, 1, 2, 3
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
    leading: [{goal: regulars, weight: 3}, {goal: rush, effect: opposes}]
    guardrails: [{kpi: complaints, max: 5}]
  regulars: {perspective: people, lagging: [{kpi: returning, baseline: 0, target: 10, keep: 3}]}
  rush: {perspective: people, lagging: [{kpi: waiting, baseline: 20, target: 0}]}
kpis: {complaints: {}}
"""
ROWS = "kpi,period,value\nmargin,2026-10,15%\nreturning,2026-08,8\nwaiting,2026-10,5\ncomplaints,2026-10,7\n"


def run(*arguments: object, **around: str) -> Result:
    """Run it in this process, with these variables around it."""
    return CliRunner().invoke(app, [str(one) for one in arguments], prog_name="scorecard", env=around)


def read_json(*arguments: object) -> Any:
    """What it prints with --json."""
    found = run(*arguments, "--json")
    assert found.exit_code == CLEAN, found.output
    return json.loads(found.stdout)


def complete(*words: str) -> list[str]:
    """What bash would offer for the last word."""
    around = {
        "_SCORECARD_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(["scorecard", *words]),
        "COMP_CWORD": str(len(words)),
    }
    return run(**around).stdout.splitlines()


def command(*arguments: str) -> list[str]:
    """The command line that runs it in a process of its own."""
    return [sys.executable, "-m", "scorecard", *arguments]


def write_strategy(folder: Path, text: str, rows: str = "") -> Path:
    """A folder with a strategy, and a table where there are rows."""
    folder.mkdir(parents=True)
    (folder / "strategy.yaml").write_text(text, encoding="utf-8")
    if rows:
        (folder / "rows.csv").write_text(rows, encoding="utf-8")
    return folder


def write_workspace(folder: Path) -> Path:
    """A company and its sales team, whose goal `leads` is driven by the company's goal `brand`."""
    score = "baseline: 0, target: 100, values: {2026-10: %s}"
    company = f"""
strategy: company
perspectives: {{all: All}}
goals:
  brand: {{perspective: all, lagging: [{{kpi: known, {score % 40}}}], leading: [{{goal: training}}]}}
  training: {{perspective: all, lagging: [{{kpi: trained, {score % 90}}}]}}
"""
    sales = f"""
strategy: sales
perspectives: {{all: All}}
goals:
  leads:
    perspective: all
    lagging: [{{kpi: calls, {score % 60}}}]
    leading: [{{goal: company/brand, weight: 3}}, {{goal: training}}]
  training: {{perspective: all, lagging: [{{kpi: coached, {score % 20}}}]}}
"""
    write_strategy(folder / "company", company)
    write_strategy(folder / "sales", sales)
    return folder
