"""The Mermaid map, read back by a reader that knows nothing of the writer."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from sample_map import HOSTILE, PICTURE, make_box, make_hostile_picture, make_picture

from scorecard.render.mermaid import LONGEST, escape, write_mermaid
from scorecard.render.picture import Arrow
from scorecard.render.words import clip

GOLDEN = Path(__file__).parent / "golden" / "map.mmd"


def read_label(label: str) -> list[str]:
    """The lines of a label; fails where anything but letters, digits, spaces and entities stands in it."""
    lines = label.split("<br/>")
    assert all(sign.isalnum() or sign == " " for line in lines for sign in re.sub(r"#\d+;", "", line))
    return [re.sub(r"#(\d+);", lambda code: chr(int(code[1])), line) for line in lines]


def read_nodes(text: str) -> dict[str, tuple[list[str], str]]:
    """Label lines and class of each node."""
    nodes = re.findall(r'^    (\w+)(?:\("(.*)"\)|\["(.*)"\]):::(\w+)$', text, re.MULTILINE)
    return {name: (read_label(round_ or square), style) for name, round_, square, style in nodes}


def test_the_map_is_the_golden_one() -> None:
    assert write_mermaid(PICTURE) == GOLDEN.read_text(encoding="utf-8")


def test_goals_stand_in_their_lanes() -> None:
    lanes = re.findall(r'subgraph lane_\d\["([^"]*)"\]\n(.*?)\n  end', write_mermaid(PICTURE), re.DOTALL)
    assert {read_label(label)[0]: re.findall(r"^    (\w+)", inside, re.MULTILINE) for label, inside in lanes} == {
        "Money & mission ◆ amber 50%": ["goal_profit"],
        "Guests ● green 93%": ["goal_loyalty"],
        "Work ○ unknown": ["goal_speed", "goal_stock", "goal_shelf"],
        "People ○ unknown": ["lane_3_empty"],
    }


def test_a_goal_says_status_outlook_and_what_changed_its_status() -> None:
    nodes = read_nodes(write_mermaid(PICTURE))
    name = "Earn enough to stay independent for good"
    assert nodes["goal_profit"] == ([name, "◆ amber 75%", "↘ outlook ▲ red 30%", "⚑ breached: Discounts"], "amber")
    by_hand = ["Guests come back", "● green 20%", "→ outlook ◆ amber 20%", "✎ set by hand"]
    assert nodes["goal_loyalty"] == (by_hand, "green")
    assert nodes["goal_stock"] == (["Waste nothing", "○ unknown", "→ outlook ○ unknown"], "unknown")


def test_links_show_evidence_effect_and_delay() -> None:
    text = write_mermaid(PICTURE)
    assert re.findall(r"^  (goal_\w+) (\S+?)(?:\|(\".*\")\|)? (goal_\w+)$", text, re.MULTILINE) == [
        ("goal_loyalty", "-.->", '"2 months"', "goal_profit"),
        ("goal_stock", "--x", '"opposes"', "goal_profit"),
        ("goal_speed", "==>", '"1 month"', "goal_loyalty"),
        ("goal_shelf", "-.->", "", "goal_speed"),
        ("goal_shelf", "-.-o", '"defines"', "goal_profit"),
    ]
    widths = [float(width) for width in re.findall(r"linkStyle \d+ .*stroke-width:(.+)px", text)]
    assert widths == [3.0, 2.0, 4.0, 4.0, 1.0]


def test_the_title_names_map_period_index_and_remark() -> None:
    title = write_mermaid(PICTURE).splitlines()[1].removeprefix("title: ")
    assert json.loads(title) == "Corner shop · 2026-10 · index ◆ amber 61% · coverage 90% · Made-up data"


def test_hostile_texts_come_back_and_add_nothing() -> None:
    text = write_mermaid(make_hostile_picture())
    nodes = read_nodes(text)
    assert list(nodes) == [f"goal_g{number}" for number in range(len(HOSTILE))]
    for number, name in enumerate(HOSTILE):
        lines, _ = nodes[f"goal_g{number}"]
        assert lines[0] == clip(name, LONGEST)
        assert lines[-1] == f"⚑ breached: {clip(name, LONGEST)}"
    frame = r"---|title: .*|flowchart BT|  end|  (subgraph|linkStyle|classDef|style|lane_\d+ ~~~) .*"
    content = r"  goal_g\d+ \S+ goal_g\d+|    goal_g\d+\(.*"
    assert [line for line in text.splitlines() if not re.fullmatch(f"{frame}|{content}", line)] == []


@pytest.mark.parametrize("text", ["", " ", "  ", " a  b ", "\x00", "a\nb", "\ud800", "\u2028", *HOSTILE[:60]])
def test_an_escaped_text_has_no_sign_that_means_something(text: str) -> None:
    assert read_label(escape(text)) == [text]
    assert "  " not in escape(text)


def test_ids_stay_apart_and_are_no_words_of_mermaid() -> None:
    names = ("end", "other/goal", "other_goal", "otherU2FXgoal", "other-goal", "x", "o")
    boxes = tuple(make_box(name, "Goal", 0) for name in names)
    text = write_mermaid(make_picture(("A",), boxes, (Arrow("end", "x"),)))
    assert len(read_nodes(text)) == len(names)
    assert "  goal_end -.-> goal_x" in text.splitlines()


def test_a_hundred_goals_with_long_names_stay_below_mermaids_limit() -> None:
    boxes = tuple(make_box(f"g{number}", f"Goal {number}, " + "long " * 10, number % 4) for number in range(100))
    arrows = tuple(Arrow(f"g{number}", f"g{number - 1}", delay=2) for number in range(1, 100))
    assert len(write_mermaid(make_picture(("A", "B", "C", "D"), boxes, arrows))) < 50_000
