"""The review pack, pages and sections of goals: as PDF and Markdown, each read by a reader that is not ours."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import unicodedata
import zlib
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path

import pytest
from command_line import SOCIAL_MEDIA
from markdown_it import MarkdownIt
from pages import ROOT
from sample_map import HOSTILE

from scorecard.analysis.agenda import Topic
from scorecard.analysis.initiatives import find_initiatives
from scorecard.api import load, load_workspace
from scorecard.model.limits import Limits
from scorecard.render.agenda_words import NOTHING, OPEN, TOPICS, write_agenda, write_details, write_headline
from scorecard.render.edition import Edition, What
from scorecard.render.formats import FORMATS
from scorecard.render.goal_tables import say_sum, set_parts
from scorecard.render.graphviz import MissingTool
from scorecard.render.markdown_table import write_markdown
from scorecard.render.mermaid import write_mermaid
from scorecard.render.pack import make_pack
from scorecard.render.pages import escape
from scorecard.render.palette import LIGHT
from scorecard.render.svg import write_svg
from scorecard.render.typesetting import typeset
from scorecard.render.words import percent, quantity

TODAY = date(2026, 11, 2).toordinal()
DECIDED = ("Write *less*, Content lead, due 2026-10-15", "--- no more codes")
needs_typst = pytest.mark.skipif(find_spec("typst") is None, reason="the extra `render` is not installed")
needs_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")


@cache
def social(what: What | None, goal: str | None = None, compared: bool = False) -> Edition:
    scorecard = load(SOCIAL_MEDIA)
    evaluation = scorecard.evaluate("2026-10", 24)
    before = evaluation.periods[-2] if compared else None
    return Edition(evaluation, scorecard.observations, TODAY, what, goal, before, DECIDED)


@cache
def valley() -> Edition:
    scorecard = load_workspace(ROOT / "strategies")["bakeries"]
    evaluation = scorecard.evaluate("2026-10", 24, {"region": "Valley"})
    return Edition(evaluation, scorecard.observations, TODAY, What.REVIEW)


def write_yaml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def write_hostile(names: tuple[str, ...]) -> str:
    """A red goal, its owner, KPI, initiative and comment for each name; the KPI's with an ending, as names are unique."""
    lines = ["strategy: odd", "period: month", f"name: {write_yaml(names[0])}", "perspectives:"]
    lines += [f"  p: {write_yaml(names[0])}", "goals:"]
    for number, name in enumerate(names):
        said = write_yaml(name)
        kpi = f"{{kpi: k{number}, name: {write_yaml(f'{name} {number}')}, owner: {said}, unit: {said}, baseline: 0, target: 10"
        lines += [f"  g{number}:", f"    name: {said}", "    perspective: p", f"    owner: {said}"]
        lines += [f"    description: {said}", f"    comments: {{2026-10: {said}}}"]
        lines += [f"    lagging: [{kpi}, values: {{2026-10: 1}}}}]"]
        work = f"{{initiative: i{number}, name: {write_yaml(f'{name} i{number}')}, owner: {said}, due: 2026-06}}"
        lines += [f"    initiatives: [{work}]"]
    return "\n".join([*lines, ""])


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Callable[[What], Edition]:
    path = tmp_path_factory.mktemp("odd") / "odd.yaml"
    path.write_text(write_hostile((*HOSTILE, "z" * 40_000)), encoding="utf-8")
    scorecard = load(path, Limits(text=50_000))
    evaluation = scorecard.evaluate("2026-10")
    return lambda what: Edition(evaluation, scorecard.observations, TODAY, what, decided=HOSTILE)


def write(form: str, edition: Edition) -> bytes:
    return FORMATS[form].write(edition)


def squeeze(text: str) -> str:
    """What is left of a text whatever its lines: ligatures and soft places to break are those of the reader."""
    return re.sub(r"[\s\u200b\u00ad]+", "", unicodedata.normalize("NFKC", text))


def read_pdf(data: bytes, *options: str) -> list[str]:
    """The text of each page, by Poppler."""
    read = subprocess.run(["pdftotext", *options, "-", "-"], input=data, capture_output=True, check=True)
    return read.stdout.decode().split("\f")[:-1]


def unpack(data: bytes) -> bytes:
    """A PDF with its compressed streams opened, to look at its objects."""
    found = re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL)
    opened = []
    for one in found:
        try:
            opened.append(zlib.decompress(one[1]))
        except zlib.error:
            continue
    return b"\n".join([data, *opened])


def count_pages(data: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", unpack(data)))


class Page:
    """Markdown as an independent reader sees it; `parts` are (kind, text) in order, `rows` the cells of all tables."""

    def __init__(self, text: str) -> None:
        self.parts: list[tuple[str, str]] = []
        self.rows: list[list[str]] = []
        self.fences: list[str] = []
        kind = ""
        for token in MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text):
            assert token.type not in ("html_block", "code_block", "blockquote_open", "hr")
            if token.type == "fence":
                assert token.info == "mermaid"
                self.fences.append(token.content)
            elif token.type == "tr_open":
                self.rows.append([])
            elif token.type.endswith("_open") and token.type != "paragraph_open":
                kind = token.tag
            elif token.type in ("bullet_list_close", "table_close", "heading_close"):
                kind = "p"
            elif token.type == "inline":
                children = token.children or []
                assert {one.type for one in children} <= {"text", "text_special", "strong_open", "strong_close"}
                said = "".join(one.content for one in children)
                if kind in ("td", "th"):
                    self.rows[-1].append(said)
                self.parts.append((kind, said))

    def all(self, kind: str) -> list[str]:
        return [said for one, said in self.parts if one == kind]


# The pack


@pytest.mark.parametrize("edition", [lambda: social(What.REVIEW), valley], ids=["social_media", "valley"])
def test_the_pack_says_the_agenda_in_its_order_and_words(edition: Callable[[], Edition]) -> None:
    made = edition()
    pack, agenda, evaluation = make_pack(made), made.agenda, made.evaluation
    assert [one.title for one in pack.sections] == list(TOPICS.values())
    for section in pack.sections:
        assert section.topic is not None
        items = agenda.topic(section.topic)
        assert [one.words for one in section.entries] == [write_headline(evaluation, one) for one in items]
        assert [list(one.details) for one in section.entries] == [write_details(evaluation, one) for one in items]
        assert section.nothing == NOTHING.get(section.topic, "")
    assert [one.id for one in pack.dives] == [one.goals[0] for one in agenda.topic(Topic.LOSS)]
    assert 3 <= len(pack.dives) <= 5


def test_the_pack_of_a_region_is_about_that_region() -> None:
    pack = make_pack(valley())
    assert pack.title.endswith("review of 2026-10 · Valley")
    whole = load_workspace(ROOT / "strategies")["bakeries"].evaluate("2026-10")
    assert pack.index != f"{whole.index.status.sign} {whole.index.status} {whole.index.score:.0%}"
    assert pack.coverage.rows[-1].cells[1] == pack.index


def test_initiatives_begin_with_those_that_are_overdue() -> None:
    table = make_pack(social(What.REVIEW)).initiatives
    paces = [row.cells[table.columns.index("Pace")] for row in table.rows]
    assert paces[0] == "▲ overdue"
    assert paces == sorted(paces, key=["▲ overdue", "◆ behind", "○ unknown", "● on track", "done", "stopped"].index)
    assert len(table.rows) == sum(len(one.initiatives) for one in social(None).evaluation.strategy.goals.values())


def test_what_is_unknown_is_never_zero(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(
        "strategy: s\nperiod: month\nperspectives: {p: P}\ngoals:\n  g:\n    perspective: p\n"
        "    lagging: [{kpi: k, baseline: 0, target: 10}]\n    initiatives: [{initiative: i, name: I, budget: 5}]\n",
        encoding="utf-8",
    )
    scorecard = load(path)
    pack = make_pack(Edition(scorecard.evaluate("2026-10"), scorecard.observations, TODAY, What.REVIEW))
    assert pack.initiatives.rows[0].cells == ("I", "G", "", "○ unknown", "", "n/a", "n/a", "– of 5")
    assert pack.index == "○ unknown"
    assert pack.weak.rows[0].cells[0] == "K"
    assert pack.dives == ()
    for form in ("md", *(["pdf"] if find_spec("typst") else [])):
        edition = Edition(scorecard.evaluate("2026-10"), scorecard.observations, TODAY, What.REVIEW)
        assert write(form, edition)


def test_no_number_of_the_pack_is_its_own() -> None:
    """Each stands in the agenda, in the sheet of a goal, in what is known of an initiative, or in the JSON."""
    edition = social(What.REVIEW)
    pack = make_pack(edition)
    known = numbers_in(write_agenda(edition.evaluation, edition.agenda, DECIDED))
    for sheet in pack.dives:
        known |= numbers_in(json.dumps(asdict(sheet), ensure_ascii=False, default=str))
        known |= {f"{sheet.parts.number}%"} if sheet.parts else set()
        known |= {str(len(one.chart.points)) for one in sheet.kpis if one.chart}
        known |= numbers_in(" ".join(percent(one.progress) for one in sheet.initiatives))
    for one in find_initiatives(edition.evaluation.strategy, edition.agenda.day, edition.evaluation.period):
        due = date.fromordinal(one.due) if one.due else ""
        known |= numbers_in(f"{one.initiative.title} {percent(one.progress)} {percent(one.expected)} {due}")
        known |= numbers_in(f"{quantity(one.initiative.spent)} {quantity(one.initiative.budget)}")
    result = json.loads(write("json", edition))
    for reading in (result["index"], *(one["lagging"] for one in result["perspectives"])):
        known |= {percent(reading["score"]), percent(reading["coverage"])}
    text = re.sub("```mermaid.*?```", "", write("md", edition).decode(), flags=re.DOTALL)
    assert numbers_in(text) - known == set()


def numbers_in(text: str) -> set[str]:
    return set(re.findall(r"\d[\d,.]*\d%?|\d%?", text))


def test_a_folded_explanation_still_adds_up() -> None:
    sheet = social(None).sheet("business_results")
    whole, folded = set_parts(sheet), set_parts(sheet, 8)
    assert whole is not None
    assert folded is not None
    assert (len(whole.rows) > 8, len(folded.rows)) == (True, 8)
    for table in (whole, folded):
        losses, parts = ([row.cells[at] for row in table.rows] for at in (0, 4))
        assert say_sum(sheet).startswith(f"{sum(map(tenth, parts)) / 10}% = 100% - {-sum(map(tenth, losses)) / 10} pp")


def tenth(text: str) -> int:
    return int(text.replace(".", "") or 0)


# Markdown


def test_markdown_of_the_pack_has_every_part_in_the_order_of_the_meeting() -> None:
    edition = social(What.REVIEW)
    page, pack = Page(write("md", edition).decode()), make_pack(edition)
    assert page.all("h1") == [pack.title]
    assert page.all("h2") == [OPEN, *TOPICS.values()]
    assert page.all("h3") == [f"{one.name}: {one.words}" for one in pack.dives]
    assert page.fences == [write_mermaid(edition.picture)]
    rows = {tuple(row) for row in page.rows}
    for table in (pack.initiatives, pack.coverage, pack.weak):
        assert rows >= {table.columns, *(line.cells for line in table.rows)}
    items = page.all("li")
    for words in DECIDED:
        assert words in items
    for line in write_agenda(edition.evaluation, edition.agenda).splitlines():
        if line.lstrip().startswith("- "):
            assert line in write("md", edition).decode().splitlines()


def test_markdown_of_goals_says_what_their_sheets_say() -> None:
    page = Page(write("md", social(What.GOAL)).decode())
    sheets = [social(None).sheet(one.id) for one in social(None).evaluation.goals]
    assert page.all("h2") == [f"{one.name}: {one.words}" for one in sheets]
    cells = {cell for row in page.rows for cell in row}
    for sheet in sheets:
        for kpi in sheet.kpis:
            assert cells >= {kpi.name, kpi.words, kpi.value, kpi.target, kpi.data}
        assert cells >= {text for number in sheet.numbers for text in (number.words, number.how)}
        assert cells >= {one.loss for one in (sheet.parts.rows if sheet.parts else ())}
    one = Page(write("md", social(What.GOAL, "post_content")).decode())
    assert one.all("h2") == ["Post engaging content: ▲ red 31%"]


def test_markdown_of_table_and_map_are_those_of_before() -> None:
    for compared in (False, True):
        edition = social(What.TABLE, None, compared)
        assert write("md", edition).decode() == write_markdown(edition.evaluation, edition.before)
    edition = social(What.MAP)
    page = Page(write("md", edition).decode())
    assert (page.all("h1"), page.fences) == (["Social media marketing · 2026-10"], [write_mermaid(edition.picture)])


def test_hostile_names_come_back_exact_from_markdown(odd: Callable[[What], Edition]) -> None:
    names = (*HOSTILE, "z" * 40_000)
    goals = Page(write("md", odd(What.GOAL)).decode())
    assert goals.all("h2") == [f"{name}: ▲ red 10%" for name in names]
    cells = [row[0] for row in goals.rows]
    for number, name in enumerate(names):
        assert f"{name} {number}" in cells
        assert f"{name} i{number}" in cells
    page = Page(write("md", odd(What.REVIEW)).decode())
    assert page.all("h2") == [OPEN, *TOPICS.values()]
    assert page.all("li")[: len(HOSTILE)] == list(HOSTILE)


# PDF


@needs_typst
def test_pdf_of_nothing_asked_for_is_the_map_alone() -> None:
    for what in (None, What.MAP):
        edition = social(what)
        assert write("pdf", edition) == typeset(write_svg(edition.picture, LIGHT), "pdf")


@needs_typst
@needs_pdftotext
def test_pdf_of_the_pack_has_every_part_in_the_order_of_the_meeting() -> None:
    edition = social(What.REVIEW)
    data, pack = write("pdf", edition), make_pack(edition)
    pages = read_pdf(data)
    assert len(pages) == count_pages(data)
    for part in (pack.name, pack.subject[1:], pack.as_of, pack.remark, pack.index, pack.overview, OPEN, *DECIDED):
        assert squeeze(part) in squeeze(pages[0])
    rest = "".join(squeeze(page) for page in pages[1:])
    at = 0
    for section in pack.sections:
        for said in (section.title, *(text for one in section.entries for text in (one.words, *one.details))):
            assert squeeze(said) in rest[at:]
            at = rest.index(squeeze(said), at)
    assert [number for number, page in enumerate(pages, 1) if f"{number}/{len(pages)}" in squeeze(page)] == [
        *range(1, len(pages) + 1)
    ]


@needs_typst
@needs_pdftotext
def test_each_deep_dive_is_a_page_with_its_charts_and_what_it_loses() -> None:
    edition = social(What.REVIEW)
    pages = read_pdf(write("pdf", edition))
    for dive in make_pack(edition).dives:
        (own,) = [page for page in pages if squeeze(say_sum(dive)) in squeeze(page)]
        for said in (dive.name, dive.words, *(kpi.name for kpi in dive.kpis), *(one.name for one in dive.initiatives)):
            assert squeeze(said) in squeeze(own)


@needs_typst
@needs_pdftotext
def test_pdf_of_goals_begins_a_page_for_each() -> None:
    pages = read_pdf(write("pdf", social(What.GOAL)))
    firsts = [page.strip().splitlines()[0] for page in pages]
    titles = [one.goal.title for one in social(None).evaluation.goals]
    assert [one for one in firsts if one in titles] == titles
    one = "".join(read_pdf(write("pdf", social(What.GOAL, "post_content"))))
    for kpi in social(None).sheet("post_content").kpis:
        for said in (kpi.name, kpi.words, kpi.value, *kpi.reasons):
            assert squeeze(said) in squeeze(one)


@needs_typst
@needs_pdftotext
def test_pdf_of_the_table_repeats_its_head_on_pages_across() -> None:
    data = write("pdf", social(What.TABLE, None, True))
    pages = read_pdf(data)
    assert len(pages) > 1
    assert all(word in page for page in pages for word in ("Goal / KPI", "Before", "Change", "Outlook"))
    boxes = set(re.findall(rb"/MediaBox\s*\[\s*0 0 (\d+)[\d.]* (\d+)", unpack(data)))
    assert boxes == {(b"841", b"595")}


@needs_typst
def test_pdf_of_the_pack_is_tagged_and_has_bookmarks_a_title_and_words_for_pictures() -> None:
    data = unpack(write("pdf", social(What.REVIEW)))
    assert b"/Marked true" in data
    assert b"/Lang(en)" in data
    assert b"(Social media marketing: review of 2026-10)" in data
    pictures = 1 + sum(len([kpi for kpi in one.kpis if kpi.chart]) for one in make_pack(social(What.REVIEW)).dives)
    assert len(re.findall(rb"/Alt\s*[(<]", data)) >= pictures
    marks = re.findall(rb"/Title\s*\(([^)]*)\)", data)
    assert [one for one in TOPICS.values() if one.encode() not in marks] == []


@needs_typst
@pytest.mark.parametrize("what", [What.TABLE, What.GOAL, What.REVIEW])
def test_pages_pass_the_checks_of_accessible_pdf(what: What, monkeypatch: pytest.MonkeyPatch) -> None:
    typst = pytest.importorskip("typst")
    monkeypatch.setattr(typst, "compile", partial(typst.compile, pdf_standards="ua-1"))
    assert b"pdfuaid" in write("pdf", social(what, None, True))


@needs_typst
@needs_pdftotext
def test_hostile_names_are_text_on_pages(odd: Callable[[What], Edition]) -> None:
    said = squeeze("".join(read_pdf(write("pdf", odd(What.GOAL)))))
    plain = [name for name in HOSTILE if name.isascii() and len(name) < 5_000]
    assert len(plain) > 80
    assert [name for name in plain if squeeze(name) not in said] == []
    assert said.count("z") >= 40_000
    review = write("pdf", odd(What.REVIEW))
    assert not re.search(rb"/(JavaScript|JS|Launch|URI)\b", unpack(review))


@pytest.mark.parametrize("name", HOSTILE)
def test_only_places_to_break_are_added_to_a_text_of_a_page(name: str) -> None:
    assert escape(name).replace("\u200b", "") == name.replace("\u200b", "")
    assert escape("a\x00b\x1b[31m\ud800") == "a\ufffdb\ufffd[31m\ufffd"


@needs_typst
@pytest.mark.parametrize("form", ["md", "pdf"])
@pytest.mark.parametrize("what", [What.TABLE, What.GOAL, What.REVIEW])
def test_each_process_writes_the_same_bytes(form: str, what: What) -> None:
    program = (
        "import sys; from scorecard.api import load; from scorecard.render.edition import Edition, What;"
        "from scorecard.render.formats import FORMATS; s = load(sys.argv[1]); e = s.evaluate('2026-10', 24);"
        f"sys.stdout.buffer.write(FORMATS[{form!r}].write(Edition(e, s.observations, {TODAY}, What({what.value!r}),"
        f" None, None, {DECIDED!r})))"
    )
    run = subprocess.run([sys.executable, "-c", program, str(SOCIAL_MEDIA)], capture_output=True, check=True)
    assert run.stdout == write(form, social(what))


def test_without_typst_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(MissingTool, match=r"^Drawing PDF needs Typst: run pip install 'scorecard\[render\]'\.$"):
        write("pdf", social(What.REVIEW))


@needs_typst
@needs_pdftotext
def test_the_pack_of_a_region_has_its_pages() -> None:
    pages = read_pdf(write("pdf", valley()))
    assert squeeze("A chain of bakeries Review of 2026-10 · Valley As of") in squeeze(pages[0])
    assert all(title in "".join(pages) for title in TOPICS.values())
    assert Page(write("md", valley()).decode()).all("h2") == list(TOPICS.values())
