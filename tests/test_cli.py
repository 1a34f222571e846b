"""The command line as people and scripts use it: flows, exit codes, what goes to stdout and what to stderr."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from command_line import (
    CLEAN,
    FINDINGS,
    ROWS,
    SHOP,
    UNREADABLE,
    WRONG_USE,
    read_json,
    run,
    write_strategy,
    write_workspace,
)

from scorecard.model.codes import CODES

COMMANDS = ["new", "check", "show", "why", "export", "tui", "serve", "schema", "explain"]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write_strategy(tmp_path / "shop", SHOP, ROWS)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return write_workspace(tmp_path / "all")


# show


def test_show_prints_the_scorecard(shop: Path) -> None:
    found = run("show", shop)
    assert (found.exit_code, found.stderr) == (CLEAN, "")
    assert found.stdout.startswith("Corner shop · 2026-10 · index ◆ amber 64%, coverage 100%, 2 of 3 figures fresh\n")
    assert "◆ amber ⚑" in found.stdout
    assert "⚑ Earn more: Complaints is 7, allowed at most 5\n" in found.stdout


def test_show_says_of_a_formula_that_its_inputs_are_old(tmp_path: Path) -> None:
    text = SHOP.replace("{kpi: margin,", "{kpi: margin, formula: gain / sales,") + "metrics: {gain: {}, sales: {}}\n"
    rows = ROWS.replace("margin,2026-10,15%", "gain,2026-09,15\nsales,2026-10,100")
    found = run("show", write_strategy(tmp_path / "shop", text, rows)).stdout
    assert "coverage 100%, 1 of 3 figures fresh" in found
    assert re.search(r"Margin .*  stale inputs\n", found)
    assert re.search(r"Returning .*  2 months old, stale\n", found)


def test_show_json_says_its_version_and_the_period_asked_for(shop: Path) -> None:
    result = read_json("show", shop, "--period", "2026-09")
    assert (result["period"], result["version"]) == ("2026-09", 1)
    assert [kpi["value"] for kpi in result["kpis"]] == [None, None, 8.0, None]


def test_show_one_goal_or_one_kpi(shop: Path) -> None:
    result = read_json("show", shop, "--goal", "profit")
    assert [goal["id"] for goal in result["goals"]] == ["profit"]
    assert [kpi["id"] for kpi in result["kpis"]] == ["margin", "complaints"]
    assert "Returning" not in run("show", shop, "--goal", "profit").stdout
    result = read_json("show", shop, "--kpi", "returning")
    assert [goal["id"] for goal in result["goals"]] == ["regulars"]
    assert [kpi["id"] for kpi in result["kpis"]] == ["returning"]
    assert "Complaints" in run("show", shop, "--kpi", "complaints").stdout  # at no goal but as its guardrail
    assert run("show", shop, "--kpi", "returning", "--goal", "profit").exit_code == WRONG_USE


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2026-Q3", "'2026-Q3' is a quarter; this strategy is reviewed by the month"),
        ("2026", "'2026' is a year"),
        ("2026-13", "'2026-13'"),
        ("last month", "'last month'"),
    ],
)
@pytest.mark.parametrize("command", [["show"], ["why", "profit"], ["export", "-o", "-", "--format", "json"]])
def test_a_wrong_period_is_refused(command: list[str], period: str, said: str, shop: Path) -> None:
    arguments = [command[0], str(shop), *command[1:]]
    found = run(*arguments, "--period", period)
    assert (found.exit_code, found.stdout) == (WRONG_USE, "")
    assert said in found.stderr
    assert "write a month, such as 2026-10" in found.stderr


def test_an_unknown_goal_or_kpi_is_refused_with_the_nearest(shop: Path) -> None:
    for arguments in (["show", shop, "--goal", "proft"], ["why", shop, "proft"], ["why", shop, "shop/proft"]):
        found = run(*arguments)
        assert (found.exit_code, found.stdout) == (WRONG_USE, "")
        assert "did you mean '" in found.stderr
    found = run("show", shop, "--goal", "zzz")
    assert "there are: profit, regulars, rush" in found.stderr
    assert "did you mean 'returning'?" in run("show", shop, "--kpi", "returnings").stderr


def test_a_strategy_without_values_or_goals_is_shown(tmp_path: Path) -> None:
    empty = write_strategy(tmp_path / "empty", "strategy: empty\n")
    found = run("show", empty)
    assert found.exit_code == CLEAN
    assert "index ○ unknown, coverage 0%\n" in found.stdout
    assert "there are no values yet" in found.stderr
    assert read_json("show", empty, "--period", "2026-10")["goals"] == []
    found = run("why", empty, "anything")
    assert (found.exit_code, "there is none" in found.stderr) == (WRONG_USE, True)
    bare = write_strategy(tmp_path / "bare", SHOP.replace("data: [rows.csv]", ""))
    found = run("why", bare, "profit")
    assert found.exit_code == CLEAN
    assert "Nothing below this goal is known" in found.stdout
    assert read_json("why", bare, "profit", "--period", "2026-10")["number"] is None


# why


def test_why_takes_a_path_and_a_goal_or_a_goal_alone(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = read_json("why", shop, "profit")
    assert (found["of"], found["version"]) == ("outlook", 1)
    assert found["number"] == pytest.approx(0.5 * 0.5 + 0.5 * (3 * 0.8 + 0.25) / 4)
    assert [line["kpi"] for line in found["lines"]] == ["margin", "waiting", "returning"]
    monkeypatch.chdir(shop)
    assert read_json("why", "profit") == found
    assert read_json("why", "shop/profit") == found
    assert read_json("why", "profit", "--of", "lagging")["number"] == pytest.approx(0.5)


def test_why_without_a_goal_or_of_no_part_is_refused(shop: Path) -> None:
    found = run("why", shop)
    assert (found.exit_code, found.stdout) == (WRONG_USE, "")
    assert f"write 'scorecard why {shop} GOAL'" in found.stderr
    assert run("why", shop, "profit", "rush").exit_code == WRONG_USE
    found = run("why", shop, "profit", "--of", "index")
    assert (found.exit_code, "lagging, leading, outlook" in found.stderr) == (WRONG_USE, True)


# close


def test_close_takes_the_period_as_an_argument_or_an_option(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "2026-07 is closed by Ann" in run("close", shop, "2026-07", "--by", "Ann").stdout
    assert "2026-08 is closed by Ann" in run("close", shop, "-p", "2026-08", "--by", "Ann").stdout
    assert run("close", shop, "2026-09", "-p", "2026-09").exit_code == WRONG_USE
    assert "nothing is said of the period" in run("close", shop).stderr
    monkeypatch.chdir(shop)
    assert "2026-09 is closed by Ann" in run("close", "2026-09", "--by", "Ann").stdout
    assert "2026-10 is closed by Ann" in run("close", "--period", "2026-10", "--by", "Ann").stdout
    assert "nothing is said of the period" in run("close").stderr


# A workspace


def test_strategies_of_a_workspace_are_computed_together(workspace: Path) -> None:
    both = read_json("show", workspace)
    assert [one["strategy"] for one in both["strategies"]] == ["company", "sales"]
    assert both["version"] == 1
    leads = both["strategies"][1]["goals"][0]
    brand = 0.5 * 0.4 + 0.5 * 0.9
    assert leads["leading"]["score"] == pytest.approx((3 * 0.4 + 0.2) / 4)
    assert leads["outlook"]["score"] == pytest.approx(0.5 * 0.6 + 0.5 * (3 * brand + 0.2) / 4)
    assert leads["outlook"]["coverage"] == 1
    table = run("show", workspace).stdout
    assert re.search(r"\nCompany +2026-10  ◆ amber 65% +100%  2 of 2  ◆1 ●1 +1 recovering\n", table)
    assert re.search(r"\nSales +2026-10  ◆ amber 40% +100%  2 of 2  ▲1 ◆1 +1 act +▲ Training, ◆ Leads\n", table)


def test_what_to_look_at_are_red_goals_breached_guardrails_and_weak_drivers(workspace: Path) -> None:
    """A red goal whose drivers are green, and a green one beyond its guardrail."""
    goals = """
strategy: shop
perspectives: {all: All}
goals:
  sound: {perspective: all, lagging: [{kpi: a, baseline: 0, target: 1, values: {2026-10: 1}}]}
  cheap: {perspective: all, lagging: [a], leading: [{goal: sound}], guardrails: [{kpi: a, max: 0}]}
  weak: {perspective: all, lagging: [{kpi: b, baseline: 0, target: 1, values: {2026-10: 0}}], leading: [{goal: sound}]}
  shaky: {perspective: all, lagging: [a], leading: [{goal: weak}]}
"""
    write_strategy(workspace / "shop", goals)
    table = run("show", workspace).stdout
    assert re.search(r"\nShop .*  ▲ Weak, ◆ ⚑ Cheap, ● Shaky\n", table)


def test_an_explanation_goes_through_strategies(workspace: Path) -> None:
    found = read_json("why", workspace, "leads")
    paths = {line["kpi"]: line["paths"] for line in found["lines"]}
    assert paths["company/known"] == [["company/brand", "leads"]]
    assert paths["company/trained"] == [["company/training", "company/brand", "leads"]]
    assert "Training → Brand" in run("why", workspace, "leads").stdout


def test_a_goal_of_several_strategies_needs_its_strategy(workspace: Path) -> None:
    found = run("show", workspace, "--goal", "training")
    assert (found.exit_code, found.stdout) == (WRONG_USE, "")
    assert "write one of company/training, sales/training" in found.stderr
    assert read_json("show", workspace, "--goal", "sales/training")["strategy"] == "sales"
    assert "did you mean 'sales/training'" in run("why", workspace, "sales/trainin").stderr


def test_a_link_out_of_what_was_read_counts_as_unknown(workspace: Path) -> None:
    alone = read_json("show", workspace / "sales")["goals"][0]
    shown = run("show", workspace / "sales").stdout
    assert "\n  outlooks that rest on a part of their weight: Leads on 63%\n" in shown
    assert "part of their weight" not in run("show", workspace, "--goal", "leads").stdout
    assert alone["leading"] == {"score": pytest.approx(0.2), "status": "red", "coverage": 0.25}
    assert "S244" in run("check", workspace / "sales").stdout
    assert "S244" not in run("check", workspace).stdout


def test_export_writes_one_strategy_of_a_workspace(workspace: Path, tmp_path: Path) -> None:
    target = tmp_path / "map.json"
    found = run("export", workspace, "-o", target)
    assert (found.exit_code, target.exists()) == (WRONG_USE, False)
    assert "choose one with --strategy: company, sales" in found.stderr
    found = run("export", workspace, "--strategy", "sales", "-o", target, "-o", tmp_path / "map.mmd")
    assert (found.exit_code, found.stdout) == (CLEAN, "")
    assert json.loads(target.read_text(encoding="utf-8"))["strategy"] == "sales"
    assert (tmp_path / "map.mmd").read_text(encoding="utf-8").strip() != ""


# Exit codes


def test_check_ends_with_what_it_found(shop: Path, tmp_path: Path) -> None:
    assert run("check", shop).exit_code == CLEAN
    assert " warning " in run("check", shop).stdout
    assert run("check", shop, "--strict").exit_code == FINDINGS
    broken = write_strategy(tmp_path / "broken", "strategy: s\ngoalz: {}\n")
    found = run("check", broken)
    assert (found.exit_code, found.stderr) == (FINDINGS, "")
    assert f"{broken}/strategy.yaml:2:1: error S202 the key 'goalz' is not known here\n    did you mean" in found.stdout
    assert run("check", shop, "--format", "xml").exit_code == WRONG_USE
    assert run("check", tmp_path / "nowhere").exit_code == UNREADABLE


@pytest.mark.parametrize("command", [["show"], ["why", "profit"], ["export", "-o", "map.json"]])
def test_commands_end_over_a_strategy_that_cannot_be_computed(command: list[str], tmp_path: Path) -> None:
    broken = write_strategy(tmp_path / "broken", "strategy: s\ngoalz: {}\n")
    found = run(command[0], broken, *command[1:])
    assert (found.exit_code, "S202" in found.stdout) == (FINDINGS, True)
    found = run(command[0], tmp_path / "nowhere", *command[1:])
    assert (found.exit_code, "S111" in found.stdout) == (UNREADABLE, True)


def test_the_app_ends_over_a_path_that_leads_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = SimpleNamespace(isatty=lambda: True)
    monkeypatch.setattr("scorecard.cli.tui.sys", SimpleNamespace(stdin=terminal, stdout=terminal))
    found = run("tui", tmp_path / "nowhere")
    assert (found.exit_code, "S111" in found.stdout) == (UNREADABLE, True)


def test_the_app_refuses_to_start_without_a_terminal_or_with_an_unknown_theme(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = run("tui", shop)
    assert (found.exit_code, "the app needs a terminal" in found.stderr) == (WRONG_USE, True)
    terminal = SimpleNamespace(isatty=lambda: True)
    monkeypatch.setattr("scorecard.cli.tui.sys", SimpleNamespace(stdin=terminal, stdout=terminal))
    found = run("tui", shop, "--theme", "pink")
    assert (found.exit_code, "there is no theme 'pink'" in found.stderr) == (WRONG_USE, True)


def test_faults_in_the_data_do_not_stop_the_scorecard(shop: Path) -> None:
    with (shop / "rows.csv").open("a") as file:
        file.write("nobody,2026-10,3\nwaiting,2026-09,(5)\n")
    found = run("show", shop, "--json")
    assert found.exit_code == CLEAN
    assert json.loads(found.stdout)["index"]["coverage"] == 1
    assert f"2 findings in the data: 'scorecard check {shop}' lists them" in found.stderr
    assert run("check", shop).exit_code == FINDINGS


def test_a_formula_that_looks_back_too_far_is_refused(tmp_path: Path) -> None:
    formula = "rolling_sum(rolling_sum(rolling_sum(x, 9000), 9000), 9000)"
    text = SHOP.replace("baseline: 10%", f"formula: '{formula}', baseline: 10%") + "metrics: {x: {}}\n"
    far = write_strategy(tmp_path / "far", text, ROWS.replace("margin", "x"))
    for command, code in (("show", WRONG_USE), ("check", CLEAN)):
        found = run(command, far)
        assert found.exit_code == code
        assert "shorten the look back of the formulas" in found.stderr


def test_wrong_use_of_any_command(shop: Path, tmp_path: Path) -> None:
    for arguments in (["shw"], ["show", "--nope"], ["show", shop, shop], ["why"], ["new"], ["export", shop]):
        found = run(*arguments)
        assert (found.exit_code, found.stdout) == (WRONG_USE, ""), arguments
        assert found.stderr != ""
    assert run("export", shop, "-o", tmp_path / "map.xyz").exit_code == WRONG_USE
    assert run("export", shop, "-o", tmp_path / "no" / "map.json").exit_code == WRONG_USE
    assert run("schema", "-o", tmp_path / "no" / "schema.json").exit_code == WRONG_USE
    assert run("explain", "S999").exit_code == WRONG_USE


def test_help_and_version() -> None:
    assert run("--version").stdout.startswith("scorecard 0.")
    text = run("--help").stdout
    for command in COMMANDS:
        assert f"\n  {command} " in text
        found = run(command, "--help")
        assert found.exit_code == CLEAN
        assert f"Usage: scorecard {command}" in found.stdout
    assert "..." not in text.partition("Commands:")[2]


def test_explain_has_a_page_on_every_code() -> None:
    listed = run("explain").stdout.splitlines()
    assert [line.split()[0] for line in listed] == list(CODES)
    for code in CODES:
        found = run("explain", code.lower())
        assert (found.exit_code, found.stderr) == (CLEAN, ""), code
        assert code in found.stdout.splitlines()[0]
    assert "did you mean" in run("explain", "S2O4").stderr


def test_schema_goes_to_stdout_or_a_file(tmp_path: Path) -> None:
    printed = run("schema").stdout
    assert json.loads(printed)["$schema"] == "http://json-schema.org/draft-07/schema#"
    found = run("schema", "-o", tmp_path / "s.json")
    assert (found.stdout, "wrote" in found.stderr) == ("", True)
    assert (tmp_path / "s.json").read_text(encoding="utf-8") == printed


def test_a_mistyped_command_is_guessed() -> None:
    found = run("chek")
    assert (found.exit_code, "Did you mean 'check'" in found.stderr) == (WRONG_USE, True)
