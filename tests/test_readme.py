"""The README says what is so: its commands run, its excerpt is read, its Python prints what it says."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pytest
from pages import ROOT, Block, can_draw, read_blocks, read_sections, read_tables, run_command

from scorecard.api import check, load
from scorecard.cli import paths
from scorecard.model.finding import Severity

README = ROOT / "README.md"

# What the excerpt's strategy has elsewhere: the goal that drives, the KPI of the guardrail, and the data.
REST = """
goals:
  engaging_content:
    perspective: customer
kpis:
  discount_share: {formula: discounted_sales / social_sales, unit: "%"}
metrics:
  discounted_sales: {unit: sales, aggregate: sum}
"""
MEASUREMENTS = """kpi,period,value
social_sales,2026-06,40
social_leads,2026-06,1000
discounted_sales,2026-06,10
"""


def block_of(marker: str) -> Block:
    (block,) = (block for block in read_blocks(README) if block.marker == marker)
    return block


def only(kind: str) -> Block:
    (block,) = (block for block in read_blocks(README) if block.kind == kind)
    return block


def test_the_commands_run_as_they_stand(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "strategies", tmp_path / "strategies")
    lines = block_of("commands").text.splitlines()
    assert {line.split()[1] for line in lines} >= {"check", "show", "why", "tui", "export", "new", "explain", "schema"}
    for line in lines:
        run = run_command(line, tmp_path)
        assert run.code == (0 if can_draw(line) else 2), f"{line}\n{run.output}"
        for name in re.findall(r"-o (\S+)", line) if run.code == 0 else ():
            assert (tmp_path / name).stat().st_size > 0, line


def test_set_up_and_test_commands_name_what_exists() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (set_up,) = block_of("set-up").text.splitlines()
    (extra,) = re.findall(r"--editable '\.\[(\w+)\]'", set_up)
    assert any(package.startswith("pytest") for package in project["project"]["optional-dependencies"][extra])
    named = set(re.findall(r"'scorecard\[(\w+)\]'", README.read_text(encoding="utf-8")))
    assert named <= set(project["project"]["optional-dependencies"])
    assert "scorecard" in project["project"]["scripts"]
    shown = set_up.rpartition("scorecard show ")[2]
    assert load(ROOT / shown).evaluate().goals
    (tests,) = block_of("tests").text.splitlines()
    assert tests.partition("-m pytest")[2] == " -n auto"
    assert [folder for folder in project["tool"]["pytest"]["ini_options"]["testpaths"] if (ROOT / folder).is_dir()]


def test_the_excerpt_is_part_of_a_strategy_without_errors(tmp_path: Path) -> None:
    (tmp_path / "excerpt.yaml").write_text(only("yaml").text, encoding="utf-8")
    (tmp_path / "rest.yaml").write_text(REST, encoding="utf-8")
    (tmp_path / "measurements.csv").write_text(MEASUREMENTS, encoding="utf-8")
    assert [finding for finding in check(tmp_path) if finding.severity == Severity.ERROR] == []
    goal = load(tmp_path).evaluate("2026-06").goal("business_results")
    assert goal.lagging.score == pytest.approx(1)  # 4 % of the leads, as the path of targets asks for in June
    assert goal.guardrails_breached == ("discount_share",)


def test_the_python_prints_what_its_comments_say(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    code = only("python").text
    exec(compile(code, str(README), "exec"), {})
    said = [line.rpartition("  # ")[2] for line in code.splitlines() if line.startswith("print(")]
    assert said
    assert capsys.readouterr().out.splitlines() == said


def test_the_exit_codes_are_those_of_the_command_line(tmp_path: Path) -> None:
    section = read_sections(README)["Exit codes"]
    said = [row[0] for table in read_tables(section) for row in table]
    assert said == [str(code) for code in (paths.CLEAN, paths.FINDINGS, paths.WRONG_USE, paths.UNREADABLE)]
    (tmp_path / "faulty.yaml").write_text("strategy: faulty\nlevel: 3\n", encoding="utf-8")
    (tmp_path / "weak.yaml").write_text("strategy: weak\n", encoding="utf-8")
    for line, code in (
        ("scorecard check weak.yaml", 0),
        ("scorecard check weak.yaml --strict", 1),
        ("scorecard check faulty.yaml", 1),
        ("scorecard check --format sculpture weak.yaml", 2),
        ("scorecard check nowhere.yaml", 3),
    ):
        assert run_command(line, tmp_path).code == code, line
