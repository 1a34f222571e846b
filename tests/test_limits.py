"""Limits are settings: of the library by an argument, of the commands by the environment."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

import scorecard
from scorecard.cli.app import app as commands
from scorecard.model.limits import LIMITS, read_limits

STRATEGY = "strategy: s\nname: {name}\ngoals: {{}}\n"


def test_a_text_longer_than_the_limit_is_a_finding_until_the_limit_is_raised(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(STRATEGY.format(name="x" * 11_000))
    assert [(f.code, f.place.line) for f in scorecard.check(tmp_path) if f.code < "S4"] == [("S107", 2)]
    wide = scorecard.Limits(text=20_000)
    assert not [finding for finding in scorecard.check(tmp_path, wide) if finding.code < "S4"]
    assert len(scorecard.load(tmp_path, wide).strategy.title) == 11_000


@pytest.mark.parametrize(("setting", "code"), [("file_bytes=10", 1), ("text=3", 1), ("values=1", 1), ("", 0)])
def test_the_environment_sets_the_limits_of_the_commands(tmp_path: Path, setting: str, code: int) -> None:
    (tmp_path / "s.yaml").write_text(STRATEGY.format(name="A name"))
    found = CliRunner().invoke(commands, ["check", str(tmp_path)], env={"SCORECARD_LIMITS": setting})
    assert found.exit_code == code
    assert ("S107" in found.output) == bool(code)


def test_the_number_of_files_is_limited(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"{number}.yaml").write_text(
            "strategy: s\n" if number == 0 else f"glossary: {{word_{number}: x}}\n"
        )
    assert "S107" not in {finding.code for finding in scorecard.check(tmp_path)}
    assert "S107" in {finding.code for finding in scorecard.check(tmp_path, scorecard.Limits(files=3))}


@pytest.mark.parametrize("setting", ["size=3", "text", "text=-1", "text=many", "text=0"])
def test_a_wrong_setting_is_a_wrong_use(tmp_path: Path, setting: str) -> None:
    (tmp_path / "s.yaml").write_text("strategy: s\n")
    found = CliRunner().invoke(commands, ["check", str(tmp_path)], env={"SCORECARD_LIMITS": setting})
    assert found.exit_code == 2
    assert "SCORECARD_LIMITS" in found.output


def test_limits_are_read_from_a_text() -> None:
    assert read_limits("") == LIMITS
    assert read_limits("files=2000, file_bytes=20_000_000") == scorecard.Limits(files=2000, file_bytes=20_000_000)
