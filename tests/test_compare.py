"""Two periods compared: what is said of a change, and that every format and `show --compare` say the same."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from command_line import CLEAN, SOCIAL_MEDIA, WRONG_USE, read_json, run, write_strategy
from test_text_formats import goals_of, read_graph, read_plantuml

from scorecard.analysis.comparison import Comparison, Turns, compare
from scorecard.api import load
from scorecard.compute.evaluation import Evaluation
from scorecard.model.period import read_period
from scorecard.model.status import Heading, Status
from scorecard.render.captions import box_words, change_line, compared_line
from scorecard.render.change_words import (
    comparison_words,
    goal_change_words,
    kpi_change_words,
    score_heading,
    state_change_words,
    turns_words,
    value_heading,
)
from scorecard.render.csv_table import COLUMNS, write_table
from scorecard.render.cytoscape import write_cytoscape
from scorecard.render.d2 import write_d2
from scorecard.render.dot import write_dot
from scorecard.render.drawio import write_drawio
from scorecard.render.gexf import write_gexf
from scorecard.render.graphml import write_graphml
from scorecard.render.json_result import result
from scorecard.render.markdown_table import write_markdown
from scorecard.render.mermaid import write_mermaid
from scorecard.render.picture import Picture, draw_picture
from scorecard.render.plantuml import write_plantuml
from scorecard.render.svg import write_svg
from scorecard.render.svg_cards import COMPACT, DETAILED, FULL
from scorecard.render.table import Row, compare_row, scorecard_rows

SHOP = """
strategy: shop
perspectives: {money: Money, people: People}
data: [rows.csv]
goals:
  profit:
    name: Earn more
    perspective: money
    lagging:
      - {kpi: margin, unit: "%", baseline: 0%, target: 20%, weight: 3}
      - {kpi: turnover, unit: EUR, baseline: 0, target: 100, keep: 2}
  regulars:
    perspective: people
    lagging: [{kpi: returning, unit: people, baseline: 0, target: 10, keep: 0}]
    leading: [{kpi: mood, levels: {bad: 0, good: 1}}]
  rush: {perspective: people, lagging: [{kpi: waiting, unit: minutes, baseline: 20, target: 0}]}
  order: {perspective: people, lagging: [{kpi: tidiness, baseline: 0, target: 10}]}
  silence: {perspective: people, lagging: [{kpi: noise, baseline: 10, target: 0}]}
"""
ROWS = """\
kpi,period,value
margin,2026-09,16%
margin,2026-10,8%
turnover,2026-09,50
returning,2026-09,5
waiting,2026-08,12
waiting,2026-10,5
tidiness,2026-09,5
tidiness,2026-10,5
mood,2026-09,bad
mood,2026-10,good
"""
PRESENT, BEFORE = "2026-10", read_period("2026-09")
TODAY_IN_SHOP = 739_940  # a day in November 2026


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write_strategy(tmp_path / "shop", SHOP, ROWS)


@pytest.fixture
def evaluation(shop: Path) -> Evaluation:
    return load(shop).evaluate(PRESENT, 3)


@pytest.fixture
def comparison(evaluation: Evaluation) -> Comparison:
    return compare(evaluation, BEFORE)


@cache
def social() -> Evaluation:
    return load(SOCIAL_MEDIA).evaluate(PRESENT, 13)


@cache
def picture() -> Picture:
    return draw_picture(social(), BEFORE)


@pytest.mark.parametrize(
    ("goal", "words"),
    [
        ("profit", "was ● green 73%, -30 pp"),
        ("regulars", "unknown now; was ◆ amber 50%"),
        ("rush", "was ◆ amber 40%, +35 pp"),
        ("order", "unchanged"),
        ("silence", "unknown then too"),
    ],
)
def test_what_is_said_of_a_goal(comparison: Comparison, goal: str, words: str) -> None:
    assert goal_change_words(comparison.goal(goal)) == words


@pytest.mark.parametrize(
    ("kpi", "words", "heading"),
    [
        ("margin", "was ● 16% (80%), -8 pp", Heading.WORSE),
        ("turnover", "no newer value", Heading.LEVEL),
        ("returning", "unknown now; was ◆ 5 people (50%)", Heading.UNKNOWN),
        ("waiting", "was ◆ 12 minutes (40%), -7", Heading.BETTER),
        ("tidiness", "unchanged", Heading.LEVEL),
        ("mood", "was ▲ bad (0%)", Heading.UNKNOWN),
        ("noise", "unknown then too", Heading.UNKNOWN),
    ],
)
def test_what_is_said_of_a_kpi(comparison: Comparison, kpi: str, words: str, heading: Heading) -> None:
    found = comparison.kpi(kpi)
    assert kpi_change_words(found) == words
    assert value_heading(found) == heading


def test_what_was_unknown_is_known_first_and_neither_better_nor_worse(evaluation: Evaluation) -> None:
    found = compare(evaluation.at(BEFORE), read_period("2026-08"))
    assert goal_change_words(found.goal("profit")).startswith("first known: ● green 73%")
    assert kpi_change_words(found.kpi("returning")) == "first known: 5 people"
    assert found.turns == Turns(better=0, worse=0, known=3, unknown=0)
    assert turns_words(found.turns) == "goals: 3 became known"


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        ((Status.AMBER, 0.524), (Status.AMBER, 0.522), "unchanged"),
        ((Status.AMBER, 0.524), (Status.AMBER, 0.526), "was ◆ amber 52%, +0.2 pp"),
        ((Status.GREEN, 0.9), (Status.AMBER, 0.9), "was ● green 90%"),
        ((Status.UNKNOWN, None), (Status.RED, None), "first known: ▲ red"),
        ((Status.RED, None), (Status.GREEN, 0.7), "was ▲ red"),
    ],
)
def test_small_changes_guardrails_and_judgements(before: object, now: object, words: str) -> None:
    assert state_change_words(before, now) == words  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("difference", "heading"),
    [
        (0.2, Heading.BETTER),
        (0.0049, Heading.LEVEL),
        (-0.0049, Heading.LEVEL),
        (-0.01, Heading.WORSE),
        (None, Heading.UNKNOWN),
    ],
)
def test_the_arrow_of_a_score(difference: float | None, heading: Heading) -> None:
    assert score_heading(difference) == heading


def test_the_whole_in_a_line(comparison: Comparison) -> None:
    assert comparison_words(comparison) == (
        "Compared with 2026-09: index was ◆ amber 60%, -7 pp; goals: 1 turned better, 1 turned worse, 1 became unknown"
    )


def test_a_picture_says_what_the_comparison_says(evaluation: Evaluation, comparison: Comparison) -> None:
    drawn = draw_picture(evaluation, BEFORE)
    assert (drawn.before, drawn.turns) == ("2026-09", comparison.turns)
    assert compared_line(drawn) == comparison_words(comparison)
    assert drawn.index_difference == comparison.index_change
    for box in drawn.boxes:
        found = comparison.goal(box.id)
        assert (box.change, box.turned) == (goal_change_words(found), found.turned)
        assert (box.status_before, box.score_change) == (found.status_before, found.score_change)
        assert f"Compared: {change_line(box)}" in box_words(box).splitlines()
    assert change_line(drawn.boxes[0]) == "↘ was ● green 73%, -30 pp"


def test_without_a_period_nothing_is_said(evaluation: Evaluation) -> None:
    drawn = draw_picture(evaluation)
    assert (drawn.before, drawn.index_change, compared_line(drawn)) == ("", "", "")
    assert not any(box.change or box.turned for box in drawn.boxes)
    assert "before" not in result(evaluation)
    with pytest.raises(ValueError, match="not one of the periods"):
        draw_picture(evaluation, read_period("2020-01"))


@pytest.mark.parametrize("density", [DETAILED, FULL, COMPACT])
def test_svg_has_the_change_on_each_card_and_a_second_border_where_one_turned(density: object) -> None:
    root = ElementTree.fromstring(write_svg(picture(), density=density))  # type: ignore[arg-type]
    space = "{http://www.w3.org/2000/svg}"
    cards = {one.get("data-goal"): one for one in root.iter(f"{space}g") if one.get("data-goal")}
    for box in picture().boxes:
        card = cards[box.id]
        said = " ".join("".join(text.itertext()) for text in card.iter(f"{space}text"))
        plain = re.sub(r"[●◆▲○] ", "", box.change)
        assert plain in said.replace("…", "")
        borders = [one for one in card.iter(f"{space}rect") if one.get("stroke")]
        assert len(borders) == 1 + box.turned
        assert f"Compared: {change_line(box)}" in (card.findtext(f"{space}title") or "")
    texts = ["".join(text.itertext()) for text in root.iter(f"{space}text")]
    assert "Compared with 2026-09: index was" in texts
    assert not any(sign in text for text in texts for sign in "●◆▲○")
    assert compared_line(picture()) in (root.findtext(f"{space}desc") or "")


def test_diagrams_say_it_in_head_and_boxes() -> None:
    head, goals, _ = read_plantuml(write_plantuml(picture()).replace(";line.bold", ""))
    assert f"{compared_line(picture())} (thick borders)" in head
    for box in picture().boxes:
        assert change_line(box) in goals[box.id][0]


def test_what_turned_has_a_thick_border() -> None:
    turned = {box.id for box in picture().boxes if box.turned}
    assert turned == {"business_results", "post_content"}
    puml, d2 = write_plantuml(picture()).splitlines(), write_d2(picture()).splitlines()
    mermaid, dot = write_mermaid(picture()), write_dot(picture())
    assert {one.split(" as goal_")[1].split(" ")[0] for one in puml if one.endswith("line.bold")} == turned
    assert {one.split('"')[1].removeprefix("goal_") for one in d2 if "style.stroke-width: 5" in one} == turned
    assert re.findall("^  class (.*) turned$", mermaid, re.MULTILINE) == ["goal_business_results,goal_post_content"]
    assert dot.count('BORDER="4"') == len(turned)
    for text, mark in ((write_drawio(picture()), "strokeWidth=3"), (write_graphml(picture()), 'width="3.0"')):
        plain = write_drawio if mark.startswith("stroke") else write_graphml
        without = plain(replace(picture(), boxes=tuple(replace(box, status_before=None) for box in picture().boxes)))
        assert text.count(mark) - without.count(mark) == len(turned)


@pytest.mark.parametrize("form", ["graphml", "gexf", "cyjs"])
def test_graph_files_have_it_as_properties(form: str) -> None:
    write = {"graphml": write_graphml, "gexf": write_gexf, "cyjs": write_cytoscape}[form]
    found = goals_of(read_graph(form, write(picture())))
    for box in picture().boxes:
        values = found[box.id]
        assert (values["change"], values["status_before"]) == (box.change, box.status_before)
        assert values["lagging_change"] == box.score_change


def test_tables_have_the_cells_of_the_comparison() -> None:
    then = social().at(BEFORE)
    rows = list(scorecard_rows(social()))
    moves = [compare_row(row, then) for row in rows]
    lines = [line for line in write_markdown(social(), BEFORE).splitlines() if line.startswith("|")]
    assert lines[0].split(" | ")[7:9] == ["Before", "Change"]
    assert [tuple(line.split(" | ")[7:9]) for line in lines[2:]] == [move.cells for move in moves]
    read = list(csv.DictReader(io.StringIO(write_table(social(), BEFORE).removeprefix("\ufeff"))))
    assert [one["compared"] for one in read[1:]] == [move.words for move in moves]
    assert [one["status_before"] for one in read[1:]] == [move.status_before for move in moves]
    assert read[0]["compared"] == picture().index_change
    assert {one["compared_with"] for one in read} == {"2026-09"}
    plain = csv.reader(io.StringIO(write_table(social()).removeprefix("\ufeff")))
    assert tuple(next(plain)) == COLUMNS


def test_a_row_against_another_period(evaluation: Evaluation) -> None:
    rows = {row.id: row for row in scorecard_rows(evaluation)}
    then = evaluation.at(BEFORE)

    def cells(row: Row) -> tuple[str, str]:
        return compare_row(row, then).cells

    assert cells(rows["profit"]) == ("● 73%", "↘ -30 pp")
    assert cells(rows["money"]) == ("● 73%", "↘ -30 pp")
    assert cells(rows["margin"]) == ("● 16%", "↘ -40 pp")
    assert cells(rows["turnover"]) == ("◆ 50", "")  # carried on
    assert cells(rows["mood"]) == ("▲ bad", "↗ +100 pp")
    assert cells(rows["returning"]) == ("◆ 5", "")
    assert cells(rows["noise"]) == ("○ –", "")
    assert compare_row(rows["waiting"], then).value == -7


def test_markdown_lists_what_turned_the_worse_first(evaluation: Evaluation) -> None:
    text = write_markdown(evaluation, BEFORE)
    section = text.split("## Turned colour\n\n")[1].split("\n\n")[0].strip().split("\n")
    assert [line.split("**")[1] for line in section] == ["Earn more", "Regulars", "Rush"]
    assert section[0] == "- **Earn more**: ◆ amber 43%, was ● green 73%, -30 pp"


@pytest.mark.parametrize(
    ("asked", "before"), [("previous", "2026-09"), ("last-year", "2025-10"), ("2026-07", "2026-07")]
)
def test_show_compares(asked: str, before: str) -> None:
    found = run("show", SOCIAL_MEDIA, "--compare", asked, COLUMNS="200")
    assert found.exit_code == CLEAN
    lines = found.stdout.splitlines()
    evaluation = load(SOCIAL_MEDIA).evaluate("2026-10", 16)
    assert lines[1] == comparison_words(compare(evaluation, read_period(before)))
    assert re.search(r"Score +Before +Change +Outlook", lines[2])
    assert sum("pp" in line for line in lines[4:]) > 20


def test_show_as_json_has_what_was_before() -> None:
    found, then = (read_json("show", SOCIAL_MEDIA, *more) for more in (["--compare", "previous"], ["-p", "2026-09"]))
    plain = read_json("show", SOCIAL_MEDIA)
    assert list(found) == [*plain, "before"]
    assert found["before"]["period"] == then["period"] == "2026-09"
    assert found["before"]["index"] == then["index"]
    assert found["before"]["turned"] == {"better": 0, "worse": 2, "known": 0, "unknown": 0}
    for now, was in zip(found["goals"], then["goals"], strict=True):
        assert now["before"]["lagging"] == was["lagging"]
        assert now["score_change"] == pytest.approx(now["lagging"]["score"] - was["lagging"]["score"])
        assert now["turned"] == (now["status"] != was["status"])
    for now, was in zip(found["kpis"], then["kpis"], strict=True):
        assert {name: was[name] for name in now["before"]} == now["before"]
        carried = now["effective_period"] == was["effective_period"]
        assert (now["value_change"] is None) == carried
    one = read_json("show", SOCIAL_MEDIA, "--goal", "post_content", "--compare", "previous")
    assert [goal["before"]["status"] for goal in one["goals"]] == ["amber"]


def test_show_compares_some_members() -> None:
    bakeries = str(Path(SOCIAL_MEDIA).parent / "bakeries")
    found = read_json("show", bakeries, "--where", "region=Valley", "--compare", "previous")
    then = read_json("show", bakeries, "--where", "region=Valley", "--period", found["before"]["period"])
    assert found["where"] == {"region": "Valley"}
    assert [goal["before"]["lagging"] for goal in found["goals"]] == [goal["lagging"] for goal in then["goals"]]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--compare", "2020-01"], "2020-01 lies outside the data, which reach from 2026-08 to 2026-10"),
        (["--compare", "last-year"], "2025-10 lies outside the data"),
        (["--compare", "2026-10"], "2026-10 is not before 2026-10"),
        (["--compare", "2026-12"], "2026-12 is not before 2026-10"),
        (["--compare", "previous", "--period", "2027-02"], "2027-01 lies outside the data"),
        (["--compare", "soon"], "'soon' is not a period"),
        (["--compare", "2026-Q3"], "this strategy is reviewed by the month"),
        (["--compare", "previous", "--by", "region"], "--compare does not go with --by"),
        (["--compare", "previous", "--engine", "duckdb"], "--compare does not go with --engine"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_sentence(shop: Path, words: list[str], said: str) -> None:
    found = run("show", shop, *words)
    assert found.exit_code == WRONG_USE
    assert found.stdout == ""
    message, hint = found.stderr.splitlines()
    assert said in message
    assert hint.startswith("  ")


def test_a_workspace_is_compared_strategy_by_strategy(tmp_path: Path) -> None:
    for name in ("shop", "stall"):
        write_strategy(tmp_path / name, SHOP.replace("strategy: shop", f"strategy: {name}"), ROWS)
    assert run("show", tmp_path, "--compare", "previous").exit_code == WRONG_USE
    found = run("show", tmp_path, "--compare", "previous", "--strategy", "stall", "--json")
    assert json.loads(found.stdout)["before"]["period"] == "2026-09"


def test_without_values_there_is_nothing_to_compare(tmp_path: Path) -> None:
    empty = write_strategy(tmp_path / "shop", SHOP, "kpi,period,value\n")
    found = run("show", empty, "--compare", "previous", "--period", "2026-10")
    assert found.exit_code == WRONG_USE
    assert "there are no values yet" in found.stderr
