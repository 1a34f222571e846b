"""The light formats, each opened by a reader that is not ours: names, statuses and numbers are those of the evaluation."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from command_line import run
from markdown_it import MarkdownIt
from sample_map import HOSTILE, PICTURE, make_hostile_picture, make_picture

from scorecard.api import load
from scorecard.compute.evaluation import Evaluation
from scorecard.render.captions import arrow_words, box_words, index_words, lane_words
from scorecard.render.csv_table import COLUMNS, LINK_COLUMNS, write_links, write_table
from scorecard.render.csv_table import escape as escape_cell
from scorecard.render.cytoscape import write_cytoscape
from scorecard.render.d2 import write_d2
from scorecard.render.diagram_words import box_lines, fold, head_lines
from scorecard.render.drawio import write_drawio
from scorecard.render.edition import Edition
from scorecard.render.formats import FORMATS
from scorecard.render.gexf import write_gexf
from scorecard.render.graphml import write_graphml
from scorecard.render.markdown_table import write_markdown
from scorecard.render.picture import draw_picture, kpi_words
from scorecard.render.plantuml import escape as escape_label
from scorecard.render.plantuml import write_plantuml
from scorecard.render.words import clip, status_words

HERE = Path(__file__).parent
STRATEGY = HERE.parent / "strategies" / "social_media"
WRITERS = {
    "puml": write_plantuml,
    "d2": write_d2,
    "drawio": write_drawio,
    "graphml": write_graphml,
    "gexf": write_gexf,
    "cyjs": write_cytoscape,
}
GRAPHS = ("graphml", "gexf", "cyjs")
NEW = (*WRITERS, "csv", "links.csv", "md")

Goals = dict[str, tuple[list[str], str]]  # id -> the lines of its label, its lane's label
Links = list[tuple[str, str, str]]  # cause, effect, label


@cache
def social() -> Evaluation:
    return load(STRATEGY).evaluate("2026-10")


def write(form: str, evaluation: Evaluation) -> bytes:
    return FORMATS[form].write(Edition(evaluation, load(STRATEGY).observations, 0))


def read_graph(form: str, text: str) -> nx.MultiDiGraph:
    """The graph as networkx reads it, parallel links kept."""
    if form == "cyjs":
        return nx.cytoscape_graph(json.loads(text))
    reader = nx.read_graphml if form == "graphml" else nx.read_gexf
    return nx.MultiDiGraph(reader(io.BytesIO(text.encode())))


def goals_of(graph: nx.MultiDiGraph) -> dict[str, dict[str, Any]]:
    """Attributes by goal; GEXF's reader calls the name a label."""
    found = {name: dict(values) for name, values in graph.nodes(data=True) if values.get("kind") != "perspective"}
    return {name: values | ({} if "name" in values else {"name": values["label"]}) for name, values in found.items()}


def links_of(graph: nx.MultiDiGraph) -> dict[tuple[str, str, str], dict[str, Any]]:
    return {(cause, effect, values["effect"]): values for cause, effect, values in graph.edges(data=True)}


def read_plantuml(text: str) -> tuple[list[str], Goals, Links]:
    """Head, goals and links; fails at any line that is none of those that are meant."""

    def plain(label: str) -> str:
        marked = re.sub(r"<U\+([0-9A-F]{4,6})>", "", label)
        assert all(sign.isalnum() or sign == " " for sign in marked), label
        return re.sub(r"<U\+([0-9A-F]{4,6})>", lambda code: chr(int(code[1], 16)), label)

    lines = iter(text.splitlines())
    head: list[str] = []
    goals: Goals = {}
    links: Links = []
    lane = ""
    assert next(lines) == "@startuml"
    for line in lines:
        if line in ("title", "legend"):
            block = [plain(said) for said in iter(lines.__next__, f"end {line}")]
            head += block if line == "title" else []
        elif found := re.fullmatch(r'rectangle "([^"]*)" as lane_\d+ #\w{6};line:\w{6} \{', line):
            lane = plain(found[1])
        elif found := re.fullmatch(r'  rectangle "<b>([^"]*)</b>\\n([^"]*)" as goal_(\w+) #\w{6};line:\w{6}', line):
            goals[found[3]] = ([plain(said) for said in (found[1], *found[2].split("\\n"))], lane)
        elif found := re.fullmatch(r"goal_(\w+) -\[#\w{6},[\w=,]+\]up-[>o] goal_(\w+)(?: : (.*))?", line):
            links.append((found[1], found[2], plain(found[3] or "")))
        else:
            other = (
                r'}|skinparam \w+ \S+|lane_\d+ -\[hidden\]up-> lane_\d+|  label "no goals" as lane_\d+_empty|@enduml'
            )
            assert re.fullmatch(other, line), line
    return head, goals, links


D2_STRING = r'"((?:[^"\\\n]|\\.)*)"'


def read_d2(text: str) -> tuple[list[str], Goals, Links]:
    """Head, goals and links; fails at any line that is none of those that are meant, and at a bare sign of variables."""

    def plain(string: str) -> str:
        assert "$" not in re.sub(r"\\.", "", string)
        return re.sub(r"\\(.)", lambda sign: "\n" if sign[1] == "n" else sign[1], string)

    head: list[str] = []
    goals: Goals = {}
    links: Links = []
    lane = ""
    for line in text.splitlines():
        if found := re.fullmatch(rf"title: {D2_STRING} \{{", line):
            head = plain(found[1]).split("\n")
        elif found := re.fullmatch(rf'"lane_\d+": {D2_STRING} \{{', line):
            lane = plain(found[1]).replace("\n", " ")
        elif found := re.fullmatch(rf'  "goal_(\w+)": {D2_STRING} \{{class: \w+\}}', line):
            goals[found[1]] = (plain(found[2]).split("\n"), lane)
        elif found := re.fullmatch(rf'"lane_\d+"\."goal_(\w+)" -> "lane_\d+"\."goal_(\w+)": {D2_STRING} \{{', line):
            links.append((found[1], found[2], plain(found[3])))
        else:
            other = r"}|direction: up|classes: \{|  \w+: \{style: \{.*\}\}|  style: \{.*\}|  target-arrowhead: \{shape: \w+\}"
            other += r'|  shape: text; near: [\w-]+; style\.font-size: \d+|  "empty": "no goals" \{shape: text\}'
            other += rf'|"lane_\d+" -> "lane_\d+": \{{style\.opacity: 0\}}|legend: {D2_STRING} \{{'
            assert re.fullmatch(other, line), line
    return head, goals, links


class Html(HTMLParser):
    """Lines of a label; a tag that is none of ours is an error."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.lines = [""]
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ("b", "br"), tag
        assert not attrs
        if tag == "br":
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        self.lines[-1] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def read_drawio(text: str) -> dict[str, tuple[dict[str, str], dict[str, str], ElementTree.Element]]:
    """Properties, cell and geometry by id, as draw.io's own codec reads them; ids, parents and ends have to fit."""
    root = ElementTree.fromstring(text)
    assert [root.tag, *(one.tag for one in root)] == ["mxfile", "diagram"]
    cells = root.find("diagram/mxGraphModel/root")
    assert cells is not None
    assert [one.attrib for one in cells[:2]] == [{"id": "0"}, {"id": "1", "parent": "0"}]
    found: dict[str, tuple[dict[str, str], dict[str, str], ElementTree.Element]] = {}
    for one in cells[2:]:
        assert (one.tag, [cell.tag for cell in one]) == ("object", ["mxCell"])
        geometry = one[0].find("mxGeometry")
        assert geometry is not None
        assert geometry.get("as") == "geometry"
        assert one.attrib["id"] not in found
        assert one[0].get("parent") == "1" or one[0].attrib["parent"] in found
        for end in ("source", "target"):
            assert one[0].get(end) is None or one[0].attrib[end] in found
        assert all(re.fullmatch(r"\w+(=[\w.#, ]+)?", part) for part in one[0].attrib["style"].split(";"))
        found[one.attrib["id"]] = (dict(one.attrib), dict(one[0].attrib), geometry)
    return found


def read_csv(text: str) -> list[dict[str, str]]:
    """The rows; an apostrophe before signs of a formula is taken off, as the docs say."""
    assert text.startswith("\ufeff")
    assert "\n" not in text.replace("\r\n", "")
    rows = list(csv.DictReader(io.StringIO(text[1:], newline=""), strict=True))
    for row in rows:
        assert not [
            cell for cell in row.values() if re.match(r"[=+\-@\t\r]", cell) and not re.fullmatch(r"-[\d.e-]+", cell)
        ]
    return [
        {name: cell[1:] if re.match("'+[=+\\-@\t\r\n＝＋－＠]", cell) else cell for name, cell in row.items()}
        for row in rows
    ]


def read_markdown(text: str) -> tuple[list[list[str]], list[str]]:
    """The cells of the table's rows, and the other texts; fails where a name made a tag, a link or a picture."""
    rows: list[list[str]] = []
    others: list[str] = []
    inside = False
    for token in MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text):
        inside = token.type == "table_open" or (inside and token.type != "table_close")
        assert token.type not in ("html_block", "fence", "code_block", "blockquote_open", "hr")
        if token.type == "tr_open":
            rows.append([])
        if token.type == "inline":
            assert {one.type for one in token.children or ()} <= {
                "text",
                "text_special",
                "strong_open",
                "strong_close",
                "em_open",
                "em_close",
            }
            said = "".join(one.content for one in token.children or ())
            (rows[-1] if inside else others).append(said)
    return rows, others


def write_yaml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def hostile_strategy(names: tuple[str, ...]) -> str:
    """A goal, its owner and its KPI for each name, the KPI's with an ending so that no two measures are alike."""
    lines = ["strategy: odd", "period: month", f"name: {write_yaml(names[0])}", "perspectives: {one: One}", "goals:"]
    for number, name in enumerate(names):
        said = write_yaml(name)
        kpi = f"{{kpi: k{number}, name: {write_yaml(f'{name} {number}')}, owner: {said}, unit: {said}, baseline: 0, target: 10"
        lines += [f"  g{number}:", f"    name: {said}", "    perspective: one", f"    owner: {said}"]
        lines += [f"    lagging: [{kpi}, values: {{2026-10: 5}}}}]"]
        lines += [f"    leading: [{{goal: g{number - 1}, why: {said}}}]"] if number else []
    return "\n".join([*lines, ""])


SHORT = tuple(name for name in HOSTILE if len(name) < 5000)


@cache
def hostile_evaluation(folder: Path) -> Evaluation:
    path = folder / "odd.yaml"
    path.write_text(hostile_strategy(SHORT), encoding="utf-8")
    return load(path).evaluate("2026-10")


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return hostile_evaluation(tmp_path_factory.mktemp("odd"))


# What every format says of the social-media strategy


@pytest.mark.parametrize("form", GRAPHS)
def test_graph_files_hold_every_number_unrounded_and_no_unknown_one(form: str) -> None:
    evaluation, picture = social(), draw_picture(social())
    graph = read_graph(form, write(form, evaluation).decode())
    goals = goals_of(graph)
    assert list(goals) == [goal.id for goal in evaluation.goals]
    for goal, box in zip(evaluation.goals, picture.boxes, strict=True):
        said = goals[goal.id]
        for name, reading in (("lagging", goal.lagging), ("leading", goal.leading), ("outlook", goal.outlook)):
            assert said.get(name) == reading.score
            assert said[f"{name}_status"] == reading.status
            assert said[f"{name}_coverage"] == reading.coverage
        assert (said["name"], said["perspective"], said.get("owner")) == (
            goal.goal.title,
            goal.goal.perspective,
            goal.goal.owner,
        )
        assert (said["status"], said["signal"], said["said"]) == (
            goal.status,
            goal.signal,
            status_words(goal.status, box.lagging),
        )
    assert any("leading" not in said for said in goals.values())


@pytest.mark.parametrize("form", GRAPHS)
def test_graph_files_hold_every_link(form: str) -> None:
    picture = draw_picture(social())
    links = links_of(read_graph(form, write(form, social()).decode()))
    assert len(links) == len(picture.arrows)
    for arrow in picture.arrows:
        effect = "defines" if arrow.definition else "opposes" if arrow.opposes else "supports"
        said = links[arrow.source, arrow.target, effect]
        assert said["why"] == arrow.why
        if arrow.definition:
            assert not {"share", "delay", "evidence"} & set(said)
        else:
            assert (said["weight"], said["share"]) == (arrow.weight, arrow.share)
            assert (said["delay"], said["evidence"]) == (arrow.delay, arrow.evidence)


@pytest.mark.parametrize("reader", [read_plantuml, read_d2])
def test_diagrams_say_heads_lanes_goals_and_links(reader: Any) -> None:
    picture = draw_picture(social())
    head, goals, links = reader(WRITERS["puml" if reader is read_plantuml else "d2"](picture))
    assert head == head_lines(picture)
    assert head[1] == index_words(picture)
    assert head[2] == "The figures are illustrative."
    assert list(goals) == [box.id for box in picture.boxes]
    for box in picture.boxes:
        lines, lane = goals[box.id]
        assert " ".join(lines) == " ".join(box_lines(box))
        assert status_words(box.status, box.lagging) in lines
        assert lane == lane_words(picture.lanes[box.lane])
    assert [(cause, effect) for cause, effect, _ in links] == [(arrow.source, arrow.target) for arrow in picture.arrows]
    assert [label for _, _, label in links if "defines" in label] == ["defines"] * sum(
        arrow.definition for arrow in picture.arrows
    )


def test_a_drawing_has_swimlanes_boxes_in_them_and_links_glued_to_both() -> None:
    picture = draw_picture(social())
    cells = read_drawio(write_drawio(picture))
    for lane in picture.lanes:
        values, cell, _ = cells[f"lane-{lane.id}"]
        assert cell["style"].startswith("swimlane;")
        assert Html(values["label"]).lines == [lane.name, status_words(lane.status, lane.score)]
        assert Html(values["tooltip"]).lines == [lane_words(lane)]
    for box in picture.boxes:
        values, cell, geometry = cells[f"goal-{box.id}"]
        assert cell["parent"] == f"lane-{picture.lanes[box.lane].id}"
        assert Html(values["label"]).lines == [clip(line, 100) for line in box_lines(box)]
        assert Html(values["tooltip"]).lines == box_words(box).split("\n")
        assert (values["name"], values["status"], values.get("leading")) == (
            box.name,
            box.status,
            None if box.leading is None else repr(box.leading),
        )
        lane_place = cells[cell["parent"]][2]
        assert float(geometry.attrib["x"]) >= 60
        assert float(geometry.attrib["x"]) + float(geometry.attrib["width"]) <= float(lane_place.attrib["width"])
        assert float(geometry.attrib["y"]) + float(geometry.attrib["height"]) <= float(lane_place.attrib["height"])
    boxes = {box.id: box for box in picture.boxes}
    for number, arrow in enumerate(picture.arrows):
        values, cell, _ = cells[f"link-{number}"]
        assert (cell["source"], cell["target"]) == (f"goal-{arrow.source}", f"goal-{arrow.target}")
        assert Html(values["tooltip"]).lines == arrow_words(arrow, boxes, "month").split("\n")


def test_the_ends_and_corners_of_drawn_links_are_upright_or_sideways() -> None:
    cells = read_drawio(write_drawio(PICTURE))

    def place(name: str) -> tuple[float, float, float, float]:
        _, cell, geometry = cells[name]
        x, y, width, height = (float(geometry.attrib[side]) for side in ("x", "y", "width", "height"))
        if cell["parent"] == "1":
            return x, y, width, height
        left, top, _, _ = place(cell["parent"])
        return left + x, top + y, width, height

    for number in range(len(PICTURE.arrows)):
        _, cell, geometry = cells[f"link-{number}"]
        style = dict(part.split("=") for part in cell["style"].split(";"))
        ends = []
        for side, end in (("exit", "source"), ("entry", "target")):
            x, y, width, height = place(cell[end])
            assert style[f"{side}Y"] in ("0", "1")
            ends.append((x + float(style[f"{side}X"]) * width, y + float(style[f"{side}Y"]) * height))
        corners = [(float(point.attrib["x"]), float(point.attrib["y"])) for point in geometry.iter("mxPoint")]
        way = [ends[0], *corners, ends[1]]
        for (ax, ay), (bx, by) in pairwise(way):
            assert abs(ax - bx) < 0.1 or abs(ay - by) < 0.1


def test_the_table_as_csv_has_unrounded_numbers_and_the_words_of_the_others() -> None:
    evaluation, picture = social(), draw_picture(social())
    rows = read_csv(write_table(evaluation))
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["said"] == index_words(picture)
    assert rows[0]["note"] == picture.illustrative
    assert [row["said"] for row in rows if row["kind"] == "perspective"] == [lane_words(lane) for lane in picture.lanes]
    goals = [row for row in rows if row["kind"] == "goal"]
    assert [row["id"] for row in goals] == [
        goal for lane in evaluation.strategy.lanes().values() for goal in (one.id for one in lane)
    ]
    for row in goals:
        goal = evaluation.goal(row["id"])
        for name, score in (
            ("score", goal.lagging.score),
            ("leading", goal.leading.score),
            ("outlook", goal.outlook.score),
        ):
            assert (float(row[name]) if row[name] else None) == score
        assert (row["name"], row["status"], row["signal"]) == (goal.goal.title, goal.status, goal.signal)
        assert row["said"].endswith(status_words(goal.status, goal.lagging.score))
    for row in rows:
        if row["kind"] == "kpi":
            kpi = evaluation.kpi(row["id"])
            for name, number in (("value", kpi.value), ("target", kpi.target), ("score", kpi.score)):
                assert (float(row[name]) if row[name] else None) == number
            assert (row["status"], row["said"]) == (kpi.status, kpi_words(kpi))
    assert {row["guardrails_breached"] for row in goals} == {"", "discount_share"}


def test_the_links_as_csv_name_both_ends_and_leave_out_what_does_not_apply() -> None:
    picture = draw_picture(social())
    rows = read_csv(write_links(social()))
    assert tuple(rows[0]) == LINK_COLUMNS
    names = {box.id: box.name for box in picture.boxes}
    assert [(row["source"], row["source_name"], row["target"], row["why"]) for row in rows] == [
        (arrow.source, names[arrow.source], arrow.target, arrow.why) for arrow in picture.arrows
    ]
    for row, arrow in zip(rows, picture.arrows, strict=True):
        assert row["share"] == ("" if arrow.definition else repr(arrow.share).removesuffix(".0"))


def test_the_markdown_table_shows_the_cells_of_the_scorecard_signals_and_guardrails() -> None:
    evaluation, picture = social(), draw_picture(social())
    rows, others = read_markdown(write_markdown(evaluation))
    assert others[:3] == [f"{picture.title} · 2026-10", index_words(picture), "The figures are illustrative."]
    assert {len(row) for row in rows} == {10}
    by_name = {row[0].strip("\u2003*·→ "): row for row in rows[1:]}
    for goal in evaluation.goals:
        row = by_name[goal.goal.title]
        mark = " ⚑" if goal.guardrails_breached else ""
        assert row[1] == f"{goal.status.sign} {goal.status}{mark}"
        assert row[8] == goal.signal
    assert by_name["Social leads converted to sales"][3:7] == ["4.387%", "5%", "", "80%"]
    assert "Engaging content: warning: the result is green, its drivers are not" in others
    breach = "⚑ Achieve valuable business results: Share of social sales with a discount is 27.27%, allowed at most 20%"
    assert breach in others


def test_a_status_set_by_hand_says_who_why_and_what_was_computed(tmp_path: Path) -> None:
    text = """
strategy: shop
perspectives: {one: One}
goals:
  sell:
    perspective: one
    lagging: [{kpi: sales, baseline: 0, target: 10, values: {2026-10: 1}}]
    override: {status: green, why: "-1. new *till*", by: "Ann_<b>"}
  wait: {perspective: one, lagging: [{kpi: queue, baseline: 10, target: 0}]}
"""
    (tmp_path / "shop.yaml").write_text(text, encoding="utf-8")
    evaluation = load(tmp_path / "shop.yaml").evaluate("2026-10")
    rows, others = read_markdown(write_markdown(evaluation))
    assert others[-1] == "✎ Sell: green by hand (Ann_<b>), result ▲ red 10%. -1. new *till*"
    assert rows[2][:2] == ["Sell", "● green ✎"]
    table = {row["id"]: row for row in read_csv(write_table(evaluation))}
    assert table["sell"]["set_by_hand"] == "-1. new *till*"
    unknown = table["wait"]
    assert [unknown[name] for name in ("status", "score", "outlook", "coverage")] == ["unknown", "", "", "0"]


# Hostile names


@pytest.mark.parametrize("form", GRAPHS)
def test_hostile_names_come_back_exact_from_graph_files(form: str) -> None:
    graph = read_graph(form, WRITERS[form](make_hostile_picture()))
    goals, links = goals_of(graph), links_of(graph)
    for number, text in enumerate(HOSTILE):
        said = goals[f"g{number}"]
        assert (said["name"], said["owner"], said["perspective_name"]) == (text, text, text)
        assert said["guardrails_breached"] == text
        if number:
            assert links[f"g{number}", f"g{number - 1}", "supports"]["why"] == text


@pytest.mark.parametrize("form", ["puml", "d2"])
def test_hostile_names_come_back_exact_from_diagrams(form: str) -> None:
    _, goals, _ = (read_plantuml if form == "puml" else read_d2)(WRITERS[form](make_hostile_picture()))
    assert len(goals) == len(HOSTILE)
    for number, text in enumerate(HOSTILE):
        lines, lane = goals[f"g{number}"]
        assert " ".join(lines).startswith(f"{text} ◆ amber 50% ")
        assert " ".join(lines).endswith(f" {text} ⚑ breached: {text}")
        assert lane == f"{text}: ◆ amber 50%"


def test_hostile_names_come_back_exact_from_a_drawing() -> None:
    cells = read_drawio(write_drawio(make_hostile_picture()))
    for number, text in enumerate(HOSTILE):
        values = cells[f"goal-g{number}"][0]
        assert (values["name"], values["owner"], cells[f"lane-lane_{number}"][0]["name"]) == (text, text, text)
        assert Html(values["label"]).lines[0] == clip(text, 100)
        assert Html(values["tooltip"]).lines[-3:] == [f"Owner {text}", f"⚑ breached: {text}", text]
        assert number == 0 or cells[f"link-{number - 1}"][0]["why"] == text


def test_hostile_names_come_back_exact_from_csv(odd: Evaluation) -> None:
    goals = {row["id"]: row for row in read_csv(write_table(odd)) if row["kind"] == "goal"}
    kpis = {row["id"]: row for row in read_csv(write_table(odd)) if row["kind"] == "kpi"}
    for number, text in enumerate(SHORT):
        assert (goals[f"g{number}"]["name"], goals[f"g{number}"]["owner"]) == (text, text)
        assert (kpis[f"k{number}"]["name"], kpis[f"k{number}"]["unit"]) == (f"{text} {number}", text)
    assert [row["why"] for row in read_csv(write_links(odd))] == list(SHORT[1:])


def test_hostile_names_come_back_exact_from_markdown(odd: Evaluation) -> None:
    rows, others = read_markdown(write_markdown(odd))
    assert others[0] == f"{SHORT[0]} · 2026-10"
    goals, kpis = rows[2::2], rows[3::2]
    for number, text in enumerate(SHORT):
        assert (goals[number][0], goals[number][2]) == (text, text)
        assert kpis[number][0] == f"\u2003{text} {number}"
        assert kpis[number][5] == ("" if text == "%" else text)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(1)", "\tx", "\rx", "'=1", "''=1", "'", "'x", "＝1", "", "1-1"]
)
def test_a_text_of_csv_is_no_formula_and_can_be_told_from_its_escaped_self(text: str) -> None:
    escaped = escape_cell(text)
    assert not re.match(r"[=+\-@\t\r＝＋－＠]", escaped)
    assert (escaped[1:] if re.match("'+[=+\\-@\t\r\n＝＋－＠]", escaped) else escaped) == text


def test_json_can_stand_in_a_page() -> None:
    assert "<" not in write_cytoscape(make_hostile_picture())


@pytest.mark.parametrize("text", ["", " ", "  x", "x ", "a\nb", "\u2028", "_"])
def test_an_escaped_label_of_plantuml_has_no_sign_that_means_something(text: str) -> None:
    escaped = escape_label(text)
    assert re.fullmatch(r"(?:[^\W_]| (?! )|<U\+[0-9A-F]{4}>)*", escaped)
    assert re.sub(r"<U\+(\w+)>", lambda code: chr(int(code[1], 16)), escaped) == text


@pytest.mark.parametrize("text", ["", "a  b", "word " * 30, "x" * 90 + " y", " lead", "漢字 " * 20])
def test_a_folded_text_only_has_line_ends_for_spaces(text: str) -> None:
    assert fold(text).replace("\n", " ") == text


# Bytes, endings, programs


@pytest.mark.parametrize("form", WRITERS)
def test_the_map_is_the_golden_one(form: str) -> None:
    assert WRITERS[form](PICTURE) == (HERE / "golden" / f"map.{form}").read_bytes().decode()


@pytest.mark.parametrize(("name", "form"), [("table.csv", "csv"), ("links.csv", "links.csv"), ("scorecard.md", "md")])
def test_the_social_media_tables_are_the_golden_ones(name: str, form: str) -> None:
    assert write(form, social()) == (HERE / "golden" / name).read_bytes()


def test_bytes_do_not_depend_on_the_hash_seed() -> None:
    program = (
        "import sys; from sample_map import PICTURE; from test_text_formats import NEW, WRITERS, social; "
        "from test_text_formats import write; "
        "sys.stdout.buffer.write(b''.join(write(form, social()) for form in NEW))"
    )
    said = set()
    for seed in ("0", "1", "2"):
        there = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent)])}
        said.add(subprocess.run([sys.executable, "-c", program], env=there, capture_output=True, check=True).stdout)
    assert len(said) == 1


def test_export_writes_all_of_them_at_once(tmp_path: Path) -> None:
    targets = [tmp_path / f"map.{form}" for form in NEW]
    found = run("export", STRATEGY, "--period", "2026-10", *(part for target in targets for part in ("-o", target)))
    assert found.exit_code == 0, found.output
    for form, target in zip(NEW, targets, strict=True):
        assert target.read_bytes() == write(form, social())


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("lanes", [(), ("Alone",)])
def test_a_map_without_goals_is_written_and_read(form: str, lanes: tuple[str, ...]) -> None:
    text = WRITERS[form](make_picture(lanes, ()))
    if form in GRAPHS:
        assert not goals_of(read_graph(form, text))
    elif form == "drawio":
        assert [name for name in read_drawio(text) if name.startswith("lane-")] == [
            f"lane-lane_{n}" for n in range(len(lanes))
        ]
    else:
        assert (read_plantuml if form == "puml" else read_d2)(text)[1:] == ({}, [])


@pytest.mark.skipif(shutil.which("plantuml") is None, reason="PlantUML is not installed")
def test_plantuml_draws_the_map(tmp_path: Path) -> None:
    (tmp_path / "map.puml").write_text(write_plantuml(PICTURE), encoding="utf-8")
    subprocess.run(["plantuml", "-tsvg", "map.puml"], cwd=tmp_path, check=True, capture_output=True)
    assert "Guests come back" in "".join(ElementTree.parse(tmp_path / "map.svg").getroot().itertext())


@pytest.mark.skipif(shutil.which("d2") is None, reason="D2 is not installed")
def test_d2_draws_the_map(tmp_path: Path) -> None:
    (tmp_path / "map.d2").write_text(write_d2(PICTURE), encoding="utf-8")
    subprocess.run(["d2", "map.d2", "map.svg"], cwd=tmp_path, check=True, capture_output=True)
    assert "Guests come back" in "".join(ElementTree.parse(tmp_path / "map.svg").getroot().itertext())


def write_golden() -> None:
    """Run this file to accept what the writers say now."""
    for form, draw in WRITERS.items():
        (HERE / "golden" / f"map.{form}").write_bytes(draw(PICTURE).encode())
    for name, form in (("table.csv", "csv"), ("links.csv", "links.csv"), ("scorecard.md", "md")):
        (HERE / "golden" / name).write_bytes(write(form, social()))


if __name__ == "__main__":
    write_golden()
