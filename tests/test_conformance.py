"""The conformance cases through the real command: `scorecard show FOLDER --period P --json`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from reference import differences
from typer.testing import CliRunner

from scorecard.cli.app import app

CASES = Path(__file__).parent / "conformance"
NAMES = sorted(path.parent.name for path in CASES.glob("*/expected.json"))


@pytest.mark.parametrize("name", NAMES)
def test_the_command_prints_the_expected_result(name: str) -> None:
    expected = json.loads((CASES / name / "expected.json").read_text(encoding="utf-8"))
    run = CliRunner().invoke(app, ["show", str(CASES / name), "--period", expected["period"], "--json"])
    assert run.exit_code == 0, run.output
    assert differences(expected, json.loads(run.stdout)) == []


def test_no_case_was_lost() -> None:
    assert {"published_hillfog", "ratios", "weekly_review", "random_01", "random_20"} <= set(NAMES)
    assert set(NAMES) == {path.name for path in CASES.iterdir() if path.is_dir()}
