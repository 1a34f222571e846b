"""Every format says the same of every goal: its name, its status as a word, its score, read back by another program.

Each file is turned into text by a reader that is not ours; beside a goal's name its status and its rounded score have to
stand, and no other status with another score.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import openpyxl
import pptx
import pytest
from markdown_it import MarkdownIt

from scorecard.api import load
from scorecard.compute.evaluation import Evaluation
from scorecard.model.status import Status
from scorecard.render.edition import HISTORY, Edition, What
from scorecard.render.formats import FORMATS
from scorecard.render.words import percent

STRATEGY = Path(__file__).parent.parent / "strategies" / "social_media"
TODAY = date(2026, 11, 2).toordinal()
BEFORE, BEHIND = 30, 200  # characters around a name within which its status and score stand
Reader = Callable[[bytes], str]


@cache
def social() -> tuple[Evaluation, Edition]:
    card = load(STRATEGY)
    evaluation = card.evaluate("2026-10", HISTORY)
    return evaluation, Edition(evaluation, card.observations, TODAY)


def write(form: str, what: What | None = None) -> bytes:
    evaluation, edition = social()
    shown = what or FORMATS[form].usual
    return FORMATS[form].write(Edition(evaluation, edition.observations, TODAY, shown))


class _Text(HTMLParser):
    """The text of a page as it is read, without style and script."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skipped += tag in ("style", "script", "title", "desc")

    def handle_endtag(self, tag: str) -> None:
        self.skipped -= tag in ("style", "script", "title", "desc")

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.said.append(data)


def read_html(data: bytes) -> str:
    reader = _Text()
    reader.feed(data.decode())
    return " ".join(reader.said)


def read_xml(data: bytes) -> str:
    """Texts and attributes of an XML file, in order; labels inside may be HTML."""
    said: list[str] = []
    for one in ElementTree.fromstring(data).iter():
        said += [*one.attrib.values(), one.text or "", one.tail or ""]
    return re.sub(r"<[^>]*>", " ", html.unescape(" ".join(said)))


def read_graph(data: bytes) -> str:
    graph = nx.read_graphml(io.BytesIO(data)) if b"graphml" in data[:300] else nx.read_gexf(io.BytesIO(data))
    return "\n".join(
        f"{found.get('name', found.get('label'))} {found.get('said', '')}" for _, found in graph.nodes(data=True)
    )


def read_cytoscape(data: bytes) -> str:
    return "\n".join(
        f"{found.get('name')} {found.get('said', '')}"
        for _, found in nx.cytoscape_graph(json.loads(data)).nodes(data=True)
    )


def read_csv(data: bytes) -> str:
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return "\n".join(f"{row['name']} {row['said']}" for row in rows)


def read_json(data: bytes) -> str:
    """Unrounded there: rounded here, as every other format shows it."""
    goals = json.loads(data)["goals"]
    return "\n".join(f"{one['name']} {one['status']} {percent(one['lagging']['score'])}" for one in goals)


def read_markdown(data: bytes) -> str:
    page = MarkdownIt("commonmark", {"html": False}).enable("table").render(data.decode())
    return read_html(page.encode())


def read_mermaid(data: bytes) -> str:
    coded = re.sub(r"#(\d+);", lambda found: chr(int(found[1])), data.decode())
    return re.sub(r"<br/?>", " ", coded)


def read_dot(data: bytes) -> str:
    drawn = subprocess.run(["dot", "-Tjson"], input=data, capture_output=True, check=True).stdout
    labels = [str(one.get("label", "")) for one in json.loads(drawn)["objects"]]
    return html.unescape(re.sub(r"<[^>]*>", " ", "\n".join(labels)))


def read_pdf(data: bytes) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    return subprocess.run(["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()


def read_slides(data: bytes) -> str:
    def texts() -> Iterator[str]:
        for slide in pptx.Presentation(io.BytesIO(data)).slides:
            for shape in slide.shapes:
                if shape.has_text_frame:
                    yield shape.text_frame.text
                if shape.has_table:
                    yield from ("\t".join(cell.text for cell in row.cells) for row in shape.table.rows)

    return "\n".join(texts())


def read_book(data: bytes) -> str:
    """The first sheet, a score as the per cent that its cell shows."""

    def say(value: object) -> str:
        return percent(value) if isinstance(value, float) else "" if value is None else str(value)

    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return "\n".join(" ".join(map(say, row)) for row in book["Scorecard"].iter_rows(values_only=True))


READERS: dict[str, tuple[Reader, What | None]] = {
    "svg": (read_xml, None),
    "light.svg": (read_xml, None),
    "dark.svg": (read_xml, None),
    "dot": (read_dot, None),
    "dot.svg": (read_xml, None),
    "mmd": (read_mermaid, None),
    "drawio": (read_xml, None),
    "graphml": (read_graph, None),
    "gexf": (read_graph, None),
    "cyjs": (read_cytoscape, None),
    "csv": (read_csv, None),
    "json": (read_json, None),
    "md": (read_markdown, None),
    "pdf": (read_pdf, What.TABLE),
    "html": (read_html, None),
    "pptx": (read_slides, None),
    "xlsx": (read_book, None),
}


@pytest.mark.parametrize("form", READERS)
def test_every_goal_has_the_same_words(form: str) -> None:
    reader, what = READERS[form]
    text = re.sub(r"\s+", " ", reader(write(form, what)).replace("\u00a0", " "))
    evaluation, _ = social()
    for goal in evaluation.goals:
        score = percent(goal.lagging.score)
        places = [found.span() for found in re.finditer(re.escape(goal.goal.title), text)]
        near = [text[max(0, start - BEFORE) : end + BEHIND] for start, end in places]
        assert near, goal.id
        said = rf"\b{goal.status}\b.*?(?<![\d.]){re.escape(score)}|(?<![\d.]){re.escape(score)}.*?\b{goal.status}\b"
        assert any(re.search(said, one) for one in near), (goal.id, goal.status, score, near[:2])


def test_no_format_is_left_out() -> None:
    """Others draw the same text as one that is read: pictures, and DOT's other drawings; two have readers of their own."""
    drawn = {"png", "dot.png", "dot.pdf", "links.csv", "puml", "d2"}
    assert set(READERS) | drawn == set(FORMATS)


def test_a_changed_score_would_be_seen() -> None:
    """The words looked for are none that stand everywhere."""
    evaluation, _ = social()
    text = read_csv(write("csv"))
    goal = evaluation.goals[0]
    other = next(status for status in Status if status != goal.status)
    line = next(one for one in text.splitlines() if one.startswith(goal.goal.title))
    assert f" {other} " not in line
