"""`scorecard what-if`: what is printed, what is kept, what is refused."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest
from command_line import (
    CLEAN,
    FINDINGS,
    ROWS,
    SHOP,
    SOCIAL_MEDIA,
    WRONG_USE,
    complete,
    read_json,
    run,
    write_strategy,
    write_workspace,
)
from pages import ROOT, read_blocks
from test_docs import run_console

from scorecard.analysis.changes import LinkChange, ProgressChange, TargetChange, ValueChange, WeightChange
from scorecard.analysis.scenario import Scenario
from scorecard.api import load
from scorecard.render.scenario_words import change_words, needed_words

MORE = SHOP + "metrics: {staff: {name: People in the shop, aliases: [crew]}}\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write_strategy(tmp_path / "shop", SHOP, ROWS)


def lines(*words: object) -> list[str]:
    found = run("what-if", *words)
    assert found.exit_code == CLEAN, found.output
    return found.stdout.splitlines()


def test_a_value_changes_its_goal_and_those_above(shop: Path) -> None:
    shown = lines(shop, "--set", "waiting=20")
    assert shown[0] == "Corner shop · 2026-10 · what if"
    assert shown[1] == "  then: Waiting = 20"
    assert [line.split("  ")[0] for line in shown[4:]] == ["Index", "Rush", "Earn more", ""]
    rush = next(line for line in shown if line.startswith("Rush"))
    assert "● green 75%" in rush
    assert "▲ red 0%" in rush
    assert "-75 pp" in rush
    assert shown[-1] == "  1 goal stays as now"


def test_every_kind_of_change_is_the_one_that_is_said(shop: Path) -> None:
    words = ["--set", "Returning=9", "--target", "margin=25%", "--weight", "profit/margin=2"]
    words += ["--weight", "profit/regulars=1/2", "--off", "profit/rush"]
    found = read_json("what-if", shop, *words)
    assert found["scenarios"] == [
        {
            "name": None,
            "title": None,
            "note": "",
            "changes": [
                {"change": "values", "measure": "returning", "value": 9.0},
                {"change": "targets", "kpi": "margin", "target": 0.25},
                {"change": "weights", "goal": "profit", "kpi": "margin", "weight": 2.0},
                {"change": "links", "goal": "profit", "cause": "regulars", "weight": 0.5},
                {"change": "links", "goal": "profit", "cause": "rush", "weight": None},
            ],
        }
    ]
    goals = {goal["now"]["id"]: goal for goal in found["goals"]}
    assert goals["profit"]["now"] == read_json("show", shop)["goals"][0]
    (then,) = goals["profit"]["then"]
    assert then["lagging"]["score"] == pytest.approx(1 / 3)
    assert then["leading"]["score"] == pytest.approx(0.9)
    assert "levers" not in found


def test_a_link_can_be_written_as_an_arrow(shop: Path) -> None:
    assert lines(shop, "--off", "profit<-rush") == lines(shop, "--off", "profit/rush")
    assert lines(shop, "--weight", "profit <- regulars=1") == lines(shop, "--weight", "profit/regulars=1")


def test_kept_compared_and_changed_further(shop: Path) -> None:
    assert run("what-if", shop, "--set", "margin=18%", "--save", "more", "--note", "An offer").exit_code == CLEAN
    assert (shop / "scenarios" / "more.yaml").read_text(encoding="utf-8") == "note: An offer\nvalues:\n  margin: 18%\n"
    assert lines(shop, "--scenario", "more")[1] == "  more: Margin = 18% (An offer)"
    run("what-if", shop, "--scenario", "more", "--set", "returning=4", "--save", "both")
    compared = lines(shop, "--scenario", "more", "--scenario", "both")
    assert compared[3].split() == ["Goal", "Result", "more", "both", "Outlook", "more", "both"]
    assert [line.split("  ")[0] for line in compared[5:]] == ["Index", "Regulars", "Earn more", ""]
    found = read_json("what-if", shop, "--scenario", "more", "--scenario", "both")
    assert [one["name"] for one in found["scenarios"]] == ["more", "both"]
    assert [one["title"] for one in found["scenarios"]] == ["more", "both"]
    assert {len(goal["then"]) for goal in found["goals"]} == {2}
    run("what-if", shop, "--scenario", "more", "--set", "margin=19%", "--save", "more")
    assert "margin: 19%" in (shop / "scenarios" / "more.yaml").read_text(encoding="utf-8")
    assert lines(shop)[-1] == "  kept scenarios: both, more; look at one with --scenario"
    file = shop / "scenarios" / "more.yaml"
    file.write_text("name: A trial offer\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    assert lines(shop, "--scenario", "more")[1] == "  A trial offer: Margin = 19% (An offer)"
    assert read_json("what-if", shop, "--scenario", "more")["scenarios"][0]["title"] == "A trial offer"


def test_without_a_change_the_levers_are_shown(shop: Path) -> None:
    shown = lines(shop, "--goal", "profit")
    assert shown[0] == "Levers of Earn more · 2026-10 · outlook ◆ amber 58%"
    margin = next(line for line in shown if line.startswith("Margin"))
    assert "● green at 16.67%" in margin
    assert "outlook green at" in margin
    assert not [line for line in shown if line.startswith("Waiting")]  # a shorter wait takes away here
    levers = read_json("what-if", shop, "--goal", "profit")
    assert levers["goal"] == "profit"
    assert [one["kpi"] for one in levers["levers"]] == ["margin", "returning", "waiting"]
    assert levers["levers"][2]["gain"] < 0
    whole = read_json("what-if", shop)
    assert whole["goal"] is None
    assert {one["kpi"]: one["gain"] for one in whole["levers"]}["margin"] > 0


def test_levers_of_a_goal_in_a_scenario(shop: Path) -> None:
    shown = lines(shop, "--set", "returning=2", "--goal", "profit")
    assert "Levers of Earn more · 2026-10 · in the scenario · outlook" in "\n".join(shown)
    found = read_json("what-if", shop, "--set", "returning=2", "--goal", "profit")
    assert next(one for one in found["levers"] if one["kpi"] == "returning")["value"] == 2
    assert found["goals"]


def test_initiatives_metrics_and_aliases(tmp_path: Path) -> None:
    text = MORE.replace("waiting, baseline", "waiting, formula: 40 / staff, baseline").replace(
        "    guardrails:", "    initiatives: [{initiative: crm}]\n    guardrails:"
    )
    folder = write_strategy(tmp_path / "s", text, ROWS.replace("waiting,2026-10,5", "staff,2026-10,4"))
    found = lines(folder, "--set", "crew=8", "--progress", "crm=50%")
    assert found[1] == "  then: People in the shop = 8, progress of Crm = 50%"
    assert "● green 75%" in next(line for line in found if line.startswith("Rush"))


def test_one_of_a_workspace_and_one_member(tmp_path: Path) -> None:
    write_workspace(tmp_path)
    assert run("what-if", tmp_path, "--set", "calls=80").exit_code == WRONG_USE
    assert "Leads" in "\n".join(lines(tmp_path, "--strategy", "sales", "--set", "calls=80"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--set", "margn=1"], "did you mean 'margin'?"),
        (["--set", "margin"], "--set margin=18%"),
        (["--set", "margin=lots"], "write a number"),
        (["--target", "margin="], "--target margin=25%"),
        (["--weight", "profit=2"], "--weight profit/margin=2"),
        (["--weight", "prfit/margin=2"], "did you mean 'profit'?"),
        (["--weight", "profit/returning=2"], "there are: margin"),
        (["--off", "profit"], "--off profit/rush"),
        (["--off", "profit/regular"], "did you mean 'regulars'?"),
        (["--progress", "crm=1"], "there is none"),
        (["--goal", "prfit"], "did you mean 'profit'?"),
        (["--scenario", "more"], "keep one with --save"),
        (["--scenario", "a", "--scenario", "b", "--scenario", "c"], "compare two"),
        (["--save", "more"], "change something"),
        (["--period", "2026", "--set", "margin=1%"], "write a month"),
    ],
)
def test_what_is_refused_says_what_to_do(words: list[str], said: str, shop: Path) -> None:
    found = run("what-if", shop, *words)
    assert found.exit_code == WRONG_USE
    assert said in found.stderr
    assert not (shop / "scenarios").exists()


def test_a_kept_scenario_is_not_overwritten_by_a_new_one(shop: Path) -> None:
    run("what-if", shop, "--set", "margin=18%", "--save", "more")
    found = run("what-if", shop, "--set", "margin=12%", "--save", "more")
    assert (found.exit_code, "--scenario more" in found.stderr) == (WRONG_USE, True)
    assert "margin: 18%" in (shop / "scenarios" / "more.yaml").read_text(encoding="utf-8")
    named = run("what-if", shop, "--set", "margin=12%", "--save", "../more")
    assert (named.exit_code, "no name for a scenario" in named.stderr) == (FINDINGS, True)


def test_a_faulty_scenario_is_said_with_its_place(shop: Path) -> None:
    (shop / "scenarios").mkdir()
    (shop / "scenarios" / "more.yaml").write_text("values:\n  margn: 18%\n", encoding="utf-8")
    found = run("what-if", shop, "--scenario", "more")
    assert found.exit_code == FINDINGS
    assert "scenarios/more.yaml:2:3: error S250" in found.stderr


def test_what_is_odd_is_said_and_computed(shop: Path) -> None:
    found = run("what-if", shop, "--set", "margin=18")
    assert found.exit_code == CLEAN
    assert "far off the scale" in found.stderr
    assert "Earn more" in found.stdout


def test_no_file_of_the_strategy_is_touched(shop: Path) -> None:
    before = {path.name: path.read_bytes() for path in shop.iterdir()}
    lines(shop, "--set", "margin=18%", "--off", "profit/rush", "--goal", "profit")
    assert {path.name: path.read_bytes() for path in shop.iterdir()} == before


def test_names_that_are_markup_are_ordinary_names(tmp_path: Path) -> None:
    text = SHOP.replace("name: Earn more", "name: 'Earn [red]more[/] [EUR]'")
    folder = write_strategy(tmp_path / "s", text, ROWS)
    shown = "\n".join(lines(folder, "--set", "margin=18%", "--goal", "profit"))
    assert shown.count("Earn [red]more[/] [EUR]") == 2


def test_ids_are_completed(monkeypatch: pytest.MonkeyPatch, shop: Path) -> None:
    monkeypatch.chdir(shop)
    assert complete("what-if", "--goal", "reg") == ["regulars"]
    assert complete("what-if", "--set", "mar") == ["margin"]


@pytest.mark.parametrize(
    ("value", "now", "unit", "said"),
    [
        (5 + 1 / 3, 2.0, "points", "5.334 points"),
        (5 + 2 / 3, 9.0, "points", "5.666 points"),
        (1 / 6, 0.1, "%", "16.67%"),
        (1 / 3, 0.5, "%", "33.33%"),
        (1916.2, 1585.0, "", "1,917"),
        (-1 / 3, -2.0, "", "-0.3333"),
        (-1 / 3, 2.0, "", "-0.3334"),
        (0.1 + 0.2, 0.1, "", "0.3"),
        (0.0, 0.1, "", "0"),
        (5.0, None, "h", "5 h"),
        ("fair", "poor", "", "fair"),
    ],
)
def test_a_needed_value_is_rounded_so_that_it_is_enough(
    value: float | str, now: float | str | None, unit: str, said: str
) -> None:
    assert needed_words(value, now, unit) == said


def test_a_change_in_words() -> None:
    strategy = load(SOCIAL_MEDIA).strategy
    changes = (
        ValueChange("lead_conversion", 0.05),
        TargetChange("posts", 20),
        WeightChange("engaging_content", "profile_visits", 2),
        LinkChange("business_results", "engaging_content", None),
        LinkChange("business_results", "engaging_content", 3),
        ProgressChange("nothing", 1),
    )
    assert [change_words(strategy, one) for one in Scenario().put(*changes[:4]).changes] == [
        "Social leads converted to sales = 5%",
        "target of Posts per time period = 20 posts",
        "weight of Profile visits at Engaging content = 2",
        "without Achieve valuable business results ← Engaging content",
    ]
    assert change_words(strategy, changes[4]) == "weight of Achieve valuable business results ← Engaging content = 3"
    assert change_words(strategy, changes[5]) == "progress of nothing = 100%"


def test_the_page_shows_what_is_printed(tmp_path: Path) -> None:
    """Its commands are run in their order on the example, which they leave a scenario beside."""
    copytree(SOCIAL_MEDIA, tmp_path / "strategies" / "social_media", ignore=ignore_patterns("scenarios"))
    blocks = read_blocks(ROOT / "docs" / "what_if.md")
    for block in (block for block in blocks if block.kind == "console"):
        run_console(block, tmp_path)
    kept = (tmp_path / "strategies" / "social_media" / "scenarios" / "push.yaml").read_text(encoding="utf-8")
    assert kept in [block.text for block in blocks if block.kind == "yaml"]
