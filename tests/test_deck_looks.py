"""What a deck looks like beyond our own strategy: long names, a house's own design, links between the boxes."""

from __future__ import annotations

import io
from datetime import date
from itertools import pairwise
from math import cos, radians, sin
from pathlib import Path
from typing import Any

import pytest
from command_line import write_strategy
from random_pictures import make_map

import scorecard
from scorecard.render.deck_design import find_area
from scorecard.render.deck_file import make_deck
from scorecard.render.deck_map import draw_map
from scorecard.render.deck_page import Page
from scorecard.render.edition import Edition, What
from scorecard.render.formats import FORMATS
from scorecard.render.palette import LIGHT

pptx = pytest.importorskip("pptx", reason="reads the decks back")
SOCIAL_MEDIA = Path(__file__).parent.parent / "strategies" / "social_media"
TODAY = date(2026, 11, 2).toordinal()
LONG = "Weiterbildungsbereitschaft der Beschäftigten im Großkundengeschäft unternehmensweit und nachhaltig erhöhen"
HEIGHT = 6_858_000
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def write(folder: Path, **fields: Any) -> Any:
    strategy = scorecard.load(folder)
    edition = Edition(strategy.evaluate("2026-10", 24), strategy.observations, TODAY, **fields)
    return pptx.Presentation(io.BytesIO(FORMATS["pptx"].write(edition)))


def write_long(folder: Path) -> Path:
    """Twelve goals with long German names and figures of seven places, two KPIs each."""
    goals = [
        f'  z{at}:\n    name: "{at}. {LONG}"\n    perspective: {("customer", "internal")[at % 2]}\n'
        f"    owner: Dr. Ägidius Übelhör-Großmann\n    lagging:\n"
        + "".join(
            f'      - {{kpi: k{at}_{kpi}, name: "{at}.{kpi} {LONG}", unit: EUR, baseline: 1200000, target: 2500000, '
            f"values: {{2026-09: 1300000, 2026-10: 1788512}}}}\n"
            for kpi in (1, 2)
        )
        for at in range(1, 13)
    ]
    return write_strategy(folder, f"strategy: lang\nname: {LONG}\ngoals:\n{''.join(goals)}", {})


def shapes(slide: Any) -> dict[str, Any]:
    return {shape.name: shape for shape in slide.shapes}


def test_tables_of_long_names_stay_on_their_slides_and_break_no_figure(tmp_path: Path) -> None:
    deck = write(write_long(tmp_path / "lang"), what=What.TABLE)
    tables = [shapes(slide)["scorecard:table"] for slide in deck.slides]
    assert len(tables) > 2
    for table in tables:
        assert table.top + sum(row.height for row in table.table.rows) < HEIGHT
        heads = [cell.text for cell in table.table.rows[0].cells]
        room = table.table.columns[heads.index("Target")].width / 12700
        assert room > len("2,500,000") * 5.5 + 10  # letters of 10 points, and the margins
    said = " ".join(cell.text for table in tables for row in table.table.rows for cell in row.cells)
    assert "2,500,000" in said
    assert said.count("1,788,512") == 24


def test_what_is_on_the_slide_of_a_goal_stands_below_each_other(tmp_path: Path) -> None:
    deck = write(write_long(tmp_path / "lang"), what=What.GOAL)
    for slide in deck.slides:
        found = shapes(slide)
        left = [found[f"scorecard:{name}"] for name in ("status", "numbers", "parts")]
        ends = [one.top + (sum(row.height for row in one.table.rows) if one.has_table else one.height) for one in left]
        assert all(end <= one.top for end, one in zip(ends, left[1:], strict=False))
        assert ends[-1] < HEIGHT


def test_a_chart_begins_with_the_first_value_that_is_known(tmp_path: Path) -> None:
    deck = write(write_long(tmp_path / "lang"), what=What.GOAL, goal="z1")
    (first, _) = [shape.chart for shape in deck.slides[0].shapes if shape.has_chart]
    assert list(first.plots[0].categories) == ["2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10"]


def test_initiatives_of_a_review_are_a_table() -> None:
    deck = write(SOCIAL_MEDIA, what=What.REVIEW)
    tables = [shapes(slide)["scorecard:initiatives"].table for slide in deck.slides if "initiatives" in slide.name]
    rows = [[cell.text for cell in row.cells] for table in tables for row in table.rows]
    assert rows[0][:3] == ["Initiative", "For the goal", "Owner"]
    assert [rows[1][0], rows[1][3]] == ["Find the best hours to post", "▲ overdue"]


def make_house_design() -> bytes:
    """A house's template: a logo at the top right, a bar above the footer, which says whose the slides are."""
    deck = make_deck()
    master = deck.slide_master
    for name, place in (
        ("logo", (10_000_000, 100_000, 1_900_000, 900_000)),
        ("bar", (0, 6_100_000, 12_192_000, 40_000)),
    ):
        box = deck.slides.add_slide(deck.slide_layouts[6]).shapes.add_textbox(*place)
        box.name = name
        master.shapes._spTree.append(box.element)
    for layout in deck.slide_layouts:
        for holder in layout.placeholders:
            if holder.placeholder_format.type == 15:
                holder.text_frame.text = "House & Partners"
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def test_slides_keep_off_the_ornaments_of_a_template_and_have_its_footer_and_number() -> None:
    deck = write(SOCIAL_MEDIA, template=make_house_design(), what=What.MAP)
    slide = deck.slides[0]
    ours = [one for one in slide.shapes if not one.is_placeholder]
    assert ours
    assert all(one.top >= 1_000_000 and one.top + one.height <= 6_100_000 for one in ours)
    feet = {one.placeholder_format.type: one.text_frame.text for one in slide.placeholders}
    assert feet[15] == "House & Partners"
    assert 13 in feet


def find_corners(link: Any) -> list[tuple[float, float]]:
    """The way of a connector as the format defines it."""
    at, form = link.element.spPr.xfrm, link.element.spPr.prstGeom
    wide, high = at.ext.cx, at.ext.cy
    one, two, three = ([int(guide.get("fmla").split()[1]) / 100_000 for guide in form.iter(f"{A}gd")] + [0.0] * 3)[:3]
    ways = {
        "line": [(0, 0), (wide, high)],
        "bentConnector3": [(0, 0), (wide * one, 0), (wide * one, high), (wide, high)],
        "bentConnector5": [
            (0, 0),
            (wide * one, 0),
            (wide * one, high * two),
            (wide * three, high * two),
            (wide * three, high),
            (wide, high),
        ],
    }
    angle, found = radians(int(at.get("rot") or 0) / 60_000), []
    for x, y in ways[form.get("prst")]:
        across = (wide - x if at.get("flipH") else x) - wide / 2
        down = (high - y if at.get("flipV") else y) - high / 2
        found.append(
            (
                at.off.x + wide / 2 + across * cos(angle) - down * sin(angle),
                at.off.y + high / 2 + across * sin(angle) + down * cos(angle),
            )
        )
    return found


@pytest.mark.parametrize("seed", range(4))
def test_no_link_runs_behind_a_box(seed: int) -> None:
    deck = make_deck()
    layout = deck.slide_layouts[5]
    slide = deck.slides.add_slide(layout)
    draw_map(Page(slide, LIGHT), find_area(deck, layout)[1], make_map(20, seed))
    boxes = [one for one in slide.shapes if one.name.startswith("goal:")]
    links = [one for one in slide.shapes if one.name.startswith("link:")]
    assert links
    hit = []
    for link in links:
        corners = find_corners(link)
        for box in boxes:
            right, bottom = box.left + box.width - 9_000, box.top + box.height - 9_000
            hit += [
                (link.name, box.name)
                for (x, y), (to_x, to_y) in pairwise(corners)
                if min(x, to_x) < right and max(x, to_x) > box.left + 9_000
                if min(y, to_y) < bottom and max(y, to_y) > box.top + 9_000
            ]
    assert hit == []


def test_charts_keep_their_places_when_other_kpis_come_first() -> None:
    """The worst KPIs are shown first; what stands stays where it is, under its own heading, and no two lie on each other."""
    strategy = scorecard.load(SOCIAL_MEDIA)
    data: bytes | None = None
    for period in ("2025-06", "2026-02", "2026-08", "2026-10"):
        edition = Edition(strategy.evaluate(period, 24), strategy.observations, TODAY, what=What.GOAL, standing=data)
        data = FORMATS["pptx"].write(edition)
    assert data is not None
    seen = 0
    for slide in pptx.Presentation(io.BytesIO(data)).slides:
        found = shapes(slide)
        charts = [shape for shape in slide.shapes if shape.has_chart]
        for chart in charts:
            about = found[chart.name.replace("chart:", "scorecard:about ")]
            assert (about.left, about.top + about.height) == (chart.left, chart.top)
        seen += len({(chart.left, chart.top) for chart in charts}) == len(charts) > 1
    assert seen > 3
