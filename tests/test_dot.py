"""The DOT map: what is drawn, that it is stable, and that names from strangers stay text in Graphviz's own reading."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sample_map import HOSTILE, PICTURE, make_box, make_hostile_picture, make_picture

from scorecard.render.dot import write_dot
from scorecard.render.picture import Arrow, Picture
from scorecard.render.words import wrap

GOLDEN = Path(__file__).parent / "golden" / "map.dot"
SVG, TITLE = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}title"
needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz's dot is not installed")


def run_dot(text: str, format: str) -> str:
    done = subprocess.run(["dot", f"-T{format}"], input=text.encode(), capture_output=True, timeout=60, check=True)
    assert done.stderr == b""
    return done.stdout.decode()


@cache
def read_hostile(format: str) -> str:
    return run_dot(write_dot(make_hostile_picture()), format)


def read_graph(text: str) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]], dict[str, dict[str, Any]]]:
    """Nodes and clusters by name, and the visible edges with `from` and `to`, as Graphviz's JSON tells them."""
    graph = json.loads(text)
    things = {thing["_gvid"]: thing for thing in graph["objects"]}
    nodes = {thing["name"]: thing for thing in things.values() if "nodes" not in thing and "subgraphs" not in thing}
    clusters = {thing["name"]: thing for thing in things.values() if thing["name"].startswith("cluster")}
    edges = [
        edge | {"from": things[edge["tail"]]["name"], "to": things[edge["head"]]["name"]}
        for edge in graph["edges"]
        if edge.get("style") != "invis"
    ]
    return nodes, edges, clusters


def read_string(text: str) -> str:
    """A tooltip as Graphviz reads it: entities first, then escapes, twice."""
    text = unescape(text)
    for _ in range(2):
        text = re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text)
    return text


def read_lines(label: str) -> list[str]:
    """The texts of an HTML-like label, in order."""
    table = ElementTree.fromstring(label[1:-1] if label.startswith("<<") else label)
    return [part.text.replace("\\\\", "\\") for part in table.iter() if part.text and part.text.strip()]


def edges_of(picture: Picture) -> dict[tuple[str, str], dict[str, Any]]:
    _, edges, _ = read_graph(run_dot(write_dot(picture), "json"))
    return {(edge["from"], edge["to"]): edge for edge in edges}


def test_the_map_is_the_golden_one() -> None:
    assert write_dot(PICTURE) == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("seed", ["1", "2"])
def test_no_hash_seed_changes_a_byte(seed: str) -> None:
    program = "import sys, sample_map; sys.stdout.buffer.write(sample_map.write_dot(sample_map.PICTURE).encode())"
    here = Path(__file__).parent
    there = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join([str(here), str(here.parent)])}
    said = subprocess.run([sys.executable, "-c", program], env=there, capture_output=True, check=True).stdout
    assert said == GOLDEN.read_bytes()


@needs_dot
def test_lanes_are_equally_wide_and_in_order() -> None:
    _, _, clusters = read_graph(run_dot(write_dot(PICTURE), "json"))
    bounds = [[float(number) for number in clusters[f"cluster_{lane}"]["bb"].split(",")] for lane in range(4)]
    assert {(left, right) for left, _, right, _ in bounds} == {(bounds[0][0], bounds[0][2])}
    feet, tops = [foot for _, foot, _, _ in bounds], [top for _, _, _, top in bounds]
    assert all(foot > top for foot, top in zip(feet, tops[1:], strict=False))


@needs_dot
@pytest.mark.parametrize("goals", [1, 9, 25, 100])
def test_links_in_every_direction_leave_the_lanes_straight(goals: int) -> None:
    boxes = tuple(make_box(f"g{number}", f"Goal {number}", number * 5 % 4) for number in range(goals))
    arrows = tuple(Arrow(f"g{n}", f"g{n * 7 % goals}", delay=n % 3) for n in range(goals) if n != n * 7 % goals)
    picture = make_picture(("A", "B", "C", "D"), boxes, arrows)
    _, edges, clusters = read_graph(run_dot(write_dot(picture), "json"))
    bounds = [clusters[f"cluster_{lane}"]["bb"].split(",") for lane in range(4)]
    assert len({(left, right) for left, _, right, _ in bounds}) == 1
    assert [float(foot) for _, foot, _, _ in bounds] == sorted((float(foot) for _, foot, _, _ in bounds), reverse=True)
    heads = [edge["to"] for edge in edges if edge.get("arrowhead") != "none" and not edge["from"].startswith("From")]
    assert sorted(heads) == sorted(arrow.target for arrow in arrows)


@needs_dot
def test_a_box_says_what_the_goal_is() -> None:
    nodes, _, clusters = read_graph(run_dot(write_dot(PICTURE), "json"))
    assert read_lines(nodes["profit"]["label"]) == [
        "Earn enough to stay",
        "independent for good",
        "◆ amber ",
        "75%",
        "↘ outlook ",
        "▲ 30%",
        "Ada",
        "⚑ breached: Discounts",
    ]
    assert read_lines(nodes["stock"]["label"]) == ["Waste nothing", "○ unknown ", "n/a", "→ outlook ", "○ n/a"]
    assert read_lines(nodes["loyalty"]["label"])[-1] == "✎ set by hand; result ▲ red 20%"
    assert read_string(nodes["profit"]["tooltip"]).split("\n") == [
        "Earn enough to stay independent for good: ◆ amber 75%, coverage 90%",
        "Drivers ◆ amber 40%",
        "Outlook ▲ red 30%",
        "Signal warning: the result is green, its drivers are not",
        "Owner Ada",
        "⚑ breached: Discounts",
        "Margin: 3.1% of 5% ◆ amber",
    ]
    assert read_string(clusters["cluster_1"]["tooltip"]) == "Guests: ● green 93%"


@needs_dot
def test_a_link_shows_its_share_evidence_effect_and_delay() -> None:
    edges = edges_of(PICTURE)
    assumed, opposing = edges["loyalty", "profit"], edges["stock", "profit"]
    tested, within = edges["speed", "loyalty"], edges["shelf", "speed"]
    assert [edge["style"] for edge in (assumed, opposing, tested)] == ["dashed", "solid", "solid"]
    assert opposing["arrowhead"] == "tee"
    assert len({edge["color"] for edge in (assumed, opposing, tested)}) == 3
    assert float(opposing["penwidth"]) < float(assumed["penwidth"]) < float(within["penwidth"])
    assert read_lines(assumed["xlabel"]) == ["2 months"]
    assert read_lines(tested["xlabel"]) == ["1 month"]
    assert "xlabel" not in opposing
    assert read_string(assumed["tooltip"]).split("\n") == [
        "Guests come back supports Earn enough to stay independent for good: 67% of the drivers' weight, assumed, "
        "shows after 2 months",
        "Regulars buy more",
    ]


@needs_dot
def test_a_definition_link_is_dotted_and_moves_nothing() -> None:
    parts = [edge for (cause, effect), edge in edges_of(PICTURE).items() if "J4." in cause + effect]
    assert [edge["style"] for edge in parts] == ["dotted"] * 2
    assert [edge["constraint"] for edge in parts] == ["false"] * 2
    assert sorted(edge["arrowhead"] for edge in parts) == ["empty", "none"]


@needs_dot
def test_a_downward_link_moves_nothing() -> None:
    boxes = (make_box("above", "Above", 0), make_box("below", "Below", 1))
    edges = edges_of(make_picture(("A", "B"), boxes, (Arrow("above", "below"), Arrow("below", "above"))))
    assert edges["above", "below"]["constraint"] == "false"
    assert "constraint" not in edges["below", "above"]


@needs_dot
def test_title_index_and_remark_stand_on_the_map() -> None:
    label = json.loads(run_dot(write_dot(PICTURE), "json"))["label"]
    assert read_lines(label) == ["Corner shop · 2026-10", "Index ◆ amber 61% · coverage 90%", "Made-up data"]


@needs_dot
def test_hostile_texts_are_exact_in_graphviz_and_make_no_nodes() -> None:
    nodes, edges, clusters = read_graph(read_hostile("json"))
    own = re.compile(r"[LR]\d+|J\d+\.\d+|Signs|(From|To) .*")
    assert {name for name in nodes if not own.fullmatch(name)} == {f"g{number}" for number in range(len(HOSTILE))}
    assert len(clusters) == len(HOSTILE) + 1
    why = {edge["from"]: read_string(edge["tooltip"]).split("\n")[1] for edge in edges if edge["from"][0] == "g"}
    for number, text in enumerate(HOSTILE):
        box, lane = nodes[f"g{number}"], clusters[f"cluster_{number}"]
        said = read_string(box["tooltip"]).split("\n")
        assert said[0] == f"{text}: ◆ amber 50%, coverage 100%"
        assert said[-3:] == [f"Owner {text}", f"⚑ breached: {text}", text]
        assert read_lines(box["label"])[: len(wrap(text, 28, 4))] == wrap(text, 28, 4)
        assert read_string(lane["tooltip"]) == f"{text}: ◆ amber 50%"
        assert why.get(f"g{number}", text) == text


@needs_dot
def test_graphvizs_own_copy_reads_the_same() -> None:
    picture = make_hostile_picture()
    again, _, _ = read_graph(run_dot(run_dot(write_dot(picture), "canon"), "json"))
    once, _, _ = read_graph(read_hostile("json"))
    assert {name: (node.get("label"), node.get("tooltip")) for name, node in again.items()} == {
        name: (node.get("label"), node.get("tooltip")) for name, node in once.items()
    }


@needs_dot
def test_hostile_texts_are_only_text_in_the_svg() -> None:
    drawing = ElementTree.fromstring(read_hostile("svg"))
    assert {element.tag.removeprefix(SVG) for element in drawing.iter()} <= {
        *("svg", "g", "title", "a", "text", "polygon", "polyline", "path", "ellipse")
    }
    attributes = {name for element in drawing.iter() for name in element.attrib}
    assert not [name for name in attributes if "href" in name or name.startswith("on")]
    groups = {group.findtext(f"{SVG}title"): group for group in drawing.iter(f"{SVG}g") if group.get("class") == "node"}
    for number, text in enumerate(HOSTILE):
        group = groups[f"g{number}"]
        lines = [plain(part.text or "") for part in group.iter(f"{SVG}text")]
        assert lines[: len(wrap(text, 28, 4))] == [plain(line) for line in wrap(text, 28, 4)]
        anchor = group.find(f".//{SVG}a")
        assert anchor is not None
        assert plain(anchor.get(TITLE, "")).startswith(plain(f"{text}: ◆ amber 50%"))


@needs_dot
@pytest.mark.parametrize("text", ["", " ", "\x00\x07\x1b[31m", "a\nb", "\ud800", "\u2028\x85", "\ufffe"])
def test_what_a_file_may_not_say_still_draws(text: str) -> None:
    box = make_box("goal", text, 0, owner=text, guardrails_breached=(text,), lines=(text,))
    picture = make_picture((text,), (box,), (Arrow("goal", "goal", why=text),))
    ElementTree.fromstring(run_dot(write_dot(picture), "svg"))


@needs_dot
def test_an_empty_picture_draws() -> None:
    ElementTree.fromstring(run_dot(write_dot(make_picture((), ())), "svg"))


def plain(text: str) -> str:
    """Graphviz writes the second of two spaces as one that does not break."""
    return text.replace("\u00a0", " ")
