"""The deck: what python-pptx and LibreOffice read in it, the reader's own template, and what a second export leaves alone."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from command_line import write_strategy
from random_pictures import make_map
from sample_map import HOSTILE, make_hostile_picture

import scorecard
from scorecard.model.status import Status
from scorecard.render.chart_data import read_chart
from scorecard.render.deck_design import find_area
from scorecard.render.deck_file import make_deck, pack_deck
from scorecard.render.deck_map import draw_map, find_free
from scorecard.render.deck_page import Page
from scorecard.render.edition import Edition, What
from scorecard.render.formats import FORMATS
from scorecard.render.graphviz import DrawingError, MissingTool
from scorecard.render.palette import LIGHT
from scorecard.render.picture import Picture
from scorecard.render.words import status_words

pptx = pytest.importorskip("pptx", reason="reads the decks back")
SOCIAL_MEDIA = Path(__file__).parent.parent / "strategies" / "social_media"
TODAY = date(2026, 11, 2).toordinal()
OWN = "scorecard:social_media:"


@cache
def social() -> Any:
    return scorecard.load(SOCIAL_MEDIA)


def make_edition(period: str = "2026-10", **fields: Any) -> Edition:
    return Edition(social().evaluate(period, 24), social().observations, TODAY, **fields)


def write(edition: Edition) -> bytes:
    return FORMATS["pptx"].write(edition)


@cache
def plain() -> bytes:
    return write(make_edition())


def read(data: bytes) -> dict[str, Any]:
    """The slides of a deck by their names, in order; of ours without what all have in common."""
    slides = pptx.Presentation(io.BytesIO(data)).slides
    return {slide.name.removeprefix(OWN) or f"slide {number}": slide for number, slide in enumerate(slides)}


def shapes(slide: Any) -> dict[str, Any]:
    return {shape.name: shape for shape in slide.shapes}


def change(data: bytes, edit: Callable[[Any], None]) -> bytes:
    deck = pptx.Presentation(io.BytesIO(data))
    edit(deck)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def paint(status: Status) -> str:
    return LIGHT.tone(status).fill[1:]


def test_a_deck_has_the_map_the_table_and_the_goals_that_need_talk() -> None:
    edition, slides = make_edition(), read(plain())
    goals = [f"goal:{goal}" for goal in edition.goals_to_discuss[:8]]
    tables = [name for name in slides if name.startswith("table:")]
    assert list(slides) == ["map", *tables, *goals]
    deck = pptx.Presentation(io.BytesIO(plain()))
    assert deck.slide_width * 9 == deck.slide_height * 16
    assert all(slide.shapes.title.text_frame.text for slide in slides.values())


def test_boxes_say_what_the_evaluation_says() -> None:
    found = shapes(read(plain())["map"])
    for goal in make_edition().evaluation.goals:
        box = found[f"goal:{goal.id}"]
        text = " ".join(box.text_frame.text.split())
        assert text.startswith(f"{goal.status.sign} {goal.goal.title} {goal.status}")
        assert str(box.fill.fore_color.rgb) == paint(goal.status)
        assert status_words(goal.status, goal.lagging.score) in box.element.nvSpPr.cNvPr.get("descr")
    lanes = make_edition().picture.lanes
    assert all(status_words(lane.status, lane.score) in found[f"lane:{lane.id}"].text_frame.text for lane in lanes)


def ends_of(connector: Any) -> list[tuple[str, str]]:
    return [
        (one.get("id"), one.get("idx")) for tag in ("stCxn", "endCxn") for one in connector.element.iter(f"{{*}}{tag}")
    ]


def test_connectors_are_glued_and_end_where_their_boxes_do() -> None:
    found = shapes(read(plain())["map"])
    arrows = make_edition().picture.arrows
    assert len(arrows) > 5
    for arrow in arrows:
        link = found[f"link:{arrow.source}>{arrow.target}" + ":defines" * arrow.definition]
        source, target = found[f"goal:{arrow.source}"], found[f"goal:{arrow.target}"]
        assert [one for one, _ in ends_of(link)] == [str(source.shape_id), str(target.shape_id)]
        corner = link.element.spPr.xfrm
        middle = corner.off.x + corner.ext.cx / 2, corner.off.y + corner.ext.cy / 2
        sites = [
            shape.top + (shape.height if idx == "2" else 0)
            for shape, (_, idx) in zip((source, target), ends_of(link), strict=True)
        ]
        centres = [shape.left + shape.width / 2 for shape in (source, target)]
        assert middle == pytest.approx((sum(centres) / 2, sum(sites) / 2), abs=12700)


def test_tables_hold_the_rows_with_the_heading_on_every_slide() -> None:
    slides = [slide for name, slide in read(plain()).items() if name.startswith("table:")]
    tables = [shapes(slide)["scorecard:table"].table for slide in slides]
    assert len(tables) > 1
    heads = [[cell.text for cell in table.rows[0].cells] for table in tables]
    assert all(head == heads[0] and "Goal / KPI" in head for head in heads)
    rows = [[cell.text.strip() for cell in row.cells] for table in tables for row in list(table.rows)[1:]]
    ends = [shapes(slide)["scorecard:table"] for slide in slides]
    assert all(one.top + sum(row.height for row in one.table.rows) < 6_858_000 for one in ends)
    names = {one.goal.title for one in make_edition().evaluation.goals} | {
        one.perspective.title for one in make_edition().evaluation.perspectives
    }
    assert all(table.rows[1].cells[1].text in names for table in tables)  # no KPI without its goal above it
    for goal in make_edition().evaluation.goals:
        assert any(row[1] == goal.goal.title and row[0].startswith(f"{goal.status.sign} {goal.status}") for row in rows)


def test_charts_are_native_and_hold_the_history() -> None:
    edition, checked = make_edition(), 0
    for name, slide in read(plain()).items():
        for shape in slide.shapes:
            if shape.has_chart:
                known = read_chart(edition.evaluation, shape.name.removeprefix("chart:"), 24)
                assert known is not None
                plot = shape.chart.plots[0]
                assert list(plot.categories) == [point.label for point in known.points]
                assert list(plot.series[0].values) == [point.value for point in known.points]
                if len(plot.series) > 1:
                    assert list(plot.series[1].values) == [point.target for point in known.points]
                assert name.startswith("goal:")
                checked += 1
    assert checked >= 6


def test_unknown_values_are_gaps_and_old_ones_hollow(tmp_path: Path) -> None:
    folder = write_strategy(
        tmp_path / "shop",
        """strategy: shop
data: [rows.csv]
goals:
  earn:
    perspective: stakeholder
    lagging:
      - {kpi: margin, baseline: 0, target: 10, keep: 1}
""",
        "kpi,period,value\nmargin,2026-01,2\nmargin,2026-05,3\nmargin,2026-06,1\n",
    )
    one = scorecard.load(folder)
    edition = Edition(one.evaluate("2026-07", 7), one.observations, TODAY, What.GOAL)
    (slide,) = pptx.Presentation(io.BytesIO(write(edition))).slides
    series = shapes(slide)["chart:margin"].chart.plots[0].series[0]
    assert list(series.values) == [2, 2, None, None, 3, 1, 1]
    fills = {
        point.idx.val: point.xpath("./c:marker/c:spPr/a:solidFill/*")[0].tag.rpartition("}")[2]
        for point in series._element.dPt_lst
    }
    assert fills == {0: "srgbClr", 1: "schemeClr", 4: "srgbClr", 5: "srgbClr", 6: "schemeClr"}


def test_notes_hold_the_whole_explanation() -> None:
    edition = make_edition()
    for goal in edition.goals_to_discuss[:8]:
        sheet = edition.sheet(goal)
        notes = read(plain())[f"goal:{goal}"].notes_slide.notes_text_frame.text
        assert sheet.parts is not None
        wanted = [
            sheet.name,
            *(one.words for one in sheet.numbers),
            *(one.how for one in sheet.numbers),
            *sheet.remarks,
        ]
        wanted += [row.name for row in sheet.parts.rows] + [reason for kpi in sheet.kpis for reason in kpi.reasons]
        wanted += [one.name for one in (*sheet.drivers, *sheet.driven)]
        assert [one for one in wanted if one not in notes] == []


def test_a_review_has_the_agenda_and_what_was_decided() -> None:
    slides = read(write(make_edition(what=What.REVIEW, decided=["Ann: mend the form"])))
    assert list(slides)[:2] == ["review:agenda", "map"]
    moved = shapes(slides["review:moved"])["scorecard:entries"].text_frame.text
    assert "Ann: mend the form" in moved
    assert "turned from" in moved
    assert {"review:loss", "review:initiatives", "review:data"} <= set(slides)


@pytest.mark.parametrize(
    ("what", "goal", "keys"),
    [
        (What.MAP, None, {"map"}),
        (What.GOAL, "engaging_content", {"goal:engaging_content"}),
        (What.TABLE, None, {"table"}),
    ],
)
def test_a_part_alone(what: What, goal: str | None, keys: set[str]) -> None:
    found = read(write(make_edition(what=what, goal=goal)))
    assert {name.partition(":")[0] if what == What.TABLE else name for name in found} == keys


def test_the_same_edition_gives_the_same_bytes_and_nothing_says_when() -> None:
    assert write(make_edition()) == plain()
    with zipfile.ZipFile(io.BytesIO(plain())) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        books = [name for name in parts.namelist() if name.endswith(".xlsx")]
        cores = [parts.read("docProps/core.xml")]
        cores += [zipfile.ZipFile(io.BytesIO(parts.read(name))).read("docProps/core.xml") for name in books]
    assert books
    assert all(core.count(b"2000-01-01T00:00:00Z") == 2 for core in cores)


@pytest.mark.parametrize("what", [None, What.REVIEW], ids=str)
def test_a_second_export_without_a_change_changes_no_byte(what: What | None) -> None:
    first = write(make_edition(what=what))
    assert write(make_edition(what=what, standing=first)) == first


def test_a_comparison_adds_its_columns_to_the_table_that_stands_and_takes_them_away_again() -> None:
    before = make_edition().evaluation.periods[-2]
    compared = write(make_edition(before=before, standing=plain()))
    slides = pptx.Presentation(io.BytesIO(compared)).slides
    tables = [shape.table for slide in slides for shape in slide.shapes if shape.name == "scorecard:table"]
    heads = [[cell.text for cell in table.rows[0].cells] for table in tables]
    assert heads
    assert all("Change" in head and len(set(head)) == len(head) for head in heads)
    assert all(sum(column.width for column in table.columns) < 12_192_000 for table in tables)
    again = pptx.Presentation(io.BytesIO(write(make_edition(standing=compared))))
    back = [shape.table for slide in again.slides for shape in slide.shapes if shape.name == "scorecard:table"]
    assert all("Change" not in [cell.text for cell in table.rows[0].cells] for table in back)


def edit_by_hand(deck: Any) -> None:
    """What a consultant does: moves and widens a box, restyles a name, adds a shape and a slide in between."""
    page = deck.slides[0]
    box = shapes(page)["goal:post_content"]
    box.left, box.top, box.width = 1_000_000, 2_000_000, 3_000_000
    box.text_frame.paragraphs[0].runs[-1].font.size = 222_250
    note = page.shapes.add_textbox(0, 0, 900_000, 300_000)
    note.name, note.text_frame.text = "my note", "Ask the board"
    added = deck.slides.add_slide(deck.slide_layouts[6])
    added.shapes.add_textbox(0, 0, 900_000, 300_000).text_frame.text = "Of my own"
    ids = deck.slides._sldIdLst
    ids.insert(1, ids[-1])


def test_a_second_export_keeps_what_was_done_by_hand_and_brings_colours_up_to_date() -> None:
    before, now = make_edition("2026-09"), make_edition("2026-10")
    goal = "post_content"
    was, new = before.evaluation.goal(goal).status, now.evaluation.goal(goal).status
    assert was != new
    edited = change(write(before), edit_by_hand)
    slides = list(pptx.Presentation(io.BytesIO(write(replace(now, standing=edited)))).slides)
    box = shapes(slides[0])[f"goal:{goal}"]
    assert (box.left, box.top, box.width) == (1_000_000, 2_000_000, 3_000_000)
    assert box.text_frame.paragraphs[0].runs[-1].font.size == 222_250
    assert str(box.fill.fore_color.rgb) == paint(new)
    assert str(new) in box.text_frame.text
    assert shapes(slides[0])["my note"].text_frame.text == "Ask the board"
    assert slides[1].shapes[0].text_frame.text == "Of my own"
    assert "2026-10" in slides[0].shapes.title.text_frame.text
    for slide in slides:
        for shape in slide.shapes:
            if shape.has_chart:
                assert list(shape.chart.plots[0].categories)[-1] == "2026-10"


def test_a_colour_of_their_own_stays() -> None:
    def edit(deck: Any) -> None:
        box = shapes(deck.slides[0])["goal:post_content"]
        box.fill.solid()
        box.fill.fore_color.rgb = pptx.dml.color.RGBColor(1, 2, 3)

    edited = change(write(make_edition("2026-09")), edit)
    box = shapes(read(write(make_edition(standing=edited)))["map"])["goal:post_content"]
    assert str(box.fill.fore_color.rgb) == "010203"


def draw(picture: Picture, standing: bytes | None = None) -> bytes:
    """A deck with this map only."""
    deck = pptx.Presentation(io.BytesIO(standing)) if standing else make_deck()
    slide = deck.slides[0] if standing else deck.slides.add_slide(deck.slide_layouts[5])
    page = Page(slide, LIGHT)
    page.title(picture.title)
    draw_map(page, find_area(deck, deck.slide_layouts[5])[1], picture)
    page.finish()
    return pack_deck(deck)


def test_goals_that_come_and_go() -> None:
    picture = make_map(20, 1)
    gone, kept = picture.boxes[-1].id, picture.boxes[:-1]
    links = tuple(one for one in picture.arrows if gone not in (one.source, one.target))
    small = replace(picture, boxes=kept, arrows=links)
    (fewer,) = read(draw(small, draw(picture))).values()
    assert f"goal:{gone}" not in shapes(fewer)
    assert not [name for name in shapes(fewer) if name.startswith("link:") and gone in name]
    (more,) = read(draw(picture, draw(small))).values()
    boxes = [one for one in more.shapes if one.name.startswith("goal:")]
    new = shapes(more)[f"goal:{gone}"]
    others = [(one.left, one.top, one.width, one.height) for one in boxes if one is not new and one.name != new.name]
    place = new.left, new.top, new.width, new.height
    assert find_free(place, others, place) == place


@pytest.mark.parametrize("goals", [20, 100])
def test_everything_stays_on_the_slide_and_boxes_apart(goals: int) -> None:
    (slide,) = read(draw(make_map(goals, 3))).values()
    deck = make_deck()
    boxes = [(one.left, one.top, one.width, one.height) for one in slide.shapes if one.name.startswith("goal:")]
    assert len(boxes) == goals
    assert all(x >= 0 and y >= 0 and x + w <= deck.slide_width and y + h <= deck.slide_height for x, y, w, h in boxes)
    assert all(find_free(box, [*boxes[:at], *boxes[at + 1 :]], box) == box for at, box in enumerate(boxes))
    if goals == 20:
        names = [
            one.text_frame.paragraphs[0].runs[-1].font.size.pt for one in slide.shapes if one.name.startswith("goal:")
        ]
        assert min(names) >= 7


def test_hostile_names_come_back() -> None:
    (slide,) = read(draw(make_hostile_picture())).values()
    found = shapes(slide)
    for number, text in enumerate(HOSTILE):
        said = found[f"goal:g{number}"].element.nvSpPr.cNvPr.get("descr")
        assert said.startswith(f"{text}:")


def test_hostile_names_of_a_strategy_come_back_and_are_never_formulas(tmp_path: Path) -> None:
    names = ["=1+1", "</p:sp><script>", "javascript:alert(1)", "[/] & \"quotes'", "&amp; _x0041_", "y" * 9000]
    quoted = [name.replace("'", "''") for name in names]
    goals = "".join(
        f"  g{number}:\n    name: '{name}'\n    perspective: customer\n    lagging:\n"
        f"      - {{kpi: k{number}, name: 'KPI {name}', baseline: 0, target: 10}}\n"
        for number, name in enumerate(quoted)
    )
    rows = "kpi,period,value\n" + "".join(f"k{number},2026-10,3\n" for number in range(len(names)))
    one = scorecard.load(write_strategy(tmp_path / "shop", f"strategy: shop\ndata: [rows.csv]\ngoals:\n{goals}", rows))
    data = write(Edition(one.evaluate("2026-10", 3), one.observations, TODAY, What.GOAL))
    for slide, name in zip(pptx.Presentation(io.BytesIO(data)).slides, names, strict=True):
        assert slide.notes_slide.notes_text_frame.text.startswith(f"{name}:")
        assert shapes(slide)["scorecard:status"].element.nvSpPr.cNvPr.get("descr") == name
        assert slide.shapes.title.text_frame.text == name or len(name) > 100
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        books = [zipfile.ZipFile(io.BytesIO(parts.read(name))) for name in parts.namelist() if name.endswith(".xlsx")]
        assert books
        assert not any(b"<f>" in book.read(name) for book in books for name in book.namelist())
        assert not any(
            b'TargetMode="External"' in parts.read(name) for name in parts.namelist() if name.endswith(".rels")
        )


def make_template(edit: Callable[[Any], None] = lambda deck: None) -> bytes:
    """A consultant's deck: 4:3, fonts of its own, a cover slide."""
    deck = pptx.Presentation()
    theme = deck.slide_master.part.part_related_by(
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"
    )
    theme._blob = theme.blob.replace(b"Calibri", b"Georgia").replace(b"4F81BD", b"7A1FA2")
    deck.slides.add_slide(deck.slide_layouts[0]).shapes.title.text_frame.text = "Our cover"
    edit(deck)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def test_a_template_gives_its_design_and_none_of_its_slides() -> None:
    data = write(make_edition(template=make_template()))
    slides = read(data)
    assert "map" in slides
    assert not any(
        "Our cover" in shape.text_frame.text
        for slide in slides.values()
        for shape in slide.shapes
        if shape.has_text_frame
    )
    deck = pptx.Presentation(io.BytesIO(data))
    assert deck.slide_width * 3 == deck.slide_height * 4
    assert {slide.slide_layout.name for slide in deck.slides} == {"Title Only"}
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        theme = parts.read("ppt/theme/theme1.xml")
        drawn = parts.read("ppt/slides/slide1.xml")
    assert b"Georgia" in theme
    assert b"7A1FA2" in theme
    assert b"<a:latin" not in drawn


def repack(data: bytes, **changed: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in parts.namelist():
            new.writestr(name, changed.pop(name, parts.read(name)))
        for name, part in changed.items():
            new.writestr(name, part)
    return out.getvalue()


@cache
def hostile_templates() -> dict[str, tuple[bytes, str]]:
    good = make_template()
    rels = "ppt/slideMasters/_rels/slideMaster1.xml.rels"
    with zipfile.ZipFile(io.BytesIO(good)) as parts:
        links, types, master = (
            parts.read(name) for name in (rels, "[Content_Types].xml", "ppt/slideMasters/slideMaster1.xml")
        )
    picture = (
        b'<Relationship Id="rId99" Type="http://x/image" Target="http://example.org/x.png" TargetMode="External"/>'
    )
    return {
        "empty": (b"", "no PowerPoint deck"),
        "text": (b"hello", "no PowerPoint deck"),
        "another zip": (repack(good, **{"[Content_Types].xml": b"<Types/>"}), "no PowerPoint deck"),
        "cut": (good[: len(good) // 2], "no PowerPoint deck"),
        "broken": (repack(good, **{"ppt/presentation.xml": b"<p"}), "no PowerPoint deck"),
        "bomb": (repack(good, **{"ppt/media/a.bin": bytes(301_000_000)}), "unpacks to more"),
        "macros": (
            repack(good, **{"[Content_Types].xml": types.replace(b"presentation.main", b"macroEnabled.main")}),
            "macros",
        ),
        "outside": (repack(good, **{rels: links.replace(b"</Rel", picture + b"</Rel")}), "lies outside"),
        "entities": (repack(good, **{"ppt/slideMasters/slideMaster1.xml": b"<!DOCTYPE x>" + master}), "document type"),
    }


@pytest.mark.parametrize("name", list(hostile_templates()))
def test_a_template_that_cannot_be_used_is_refused_in_one_line(name: str) -> None:
    data, said = hostile_templates()[name]
    with pytest.raises(DrawingError, match=said) as refused:
        write(make_edition(template=data, what=What.MAP))
    assert "\n" not in str(refused.value)


def test_what_stands_there_and_is_not_ours_is_refused() -> None:
    for data in (make_template(), b"notes of a meeting"):
        with pytest.raises(DrawingError):
            write(make_edition(standing=data))


def test_a_missing_library_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pptx.api", None)
    with pytest.raises(MissingTool, match=r"scorecard\[office\]"):
        write(make_edition(what=What.MAP))


@pytest.mark.skipif(
    not shutil.which("soffice") or not shutil.which("pdftotext"), reason="needs LibreOffice and pdftotext"
)
def test_libreoffice_opens_it_and_shows_every_goal(tmp_path: Path) -> None:
    (tmp_path / "deck.pptx").write_bytes(plain())
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        "soffice",
        home,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "deck.pptx"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110)
    assert (done.returncode, "rror" in done.stderr) == (0, False), done.stderr
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "deck.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    pages = text.split("\f")
    assert len(pages) - 1 == len(read(plain()))
    for goal in make_edition().evaluation.goals:
        assert all(word in pages[0] for word in goal.goal.title.split())
