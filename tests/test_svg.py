"""The SVG map of our own layout: laws of its geometry on random maps, its words, and that names from strangers stay text."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from command_line import run
from hypothesis import given, settings
from hypothesis import strategies as st
from random_pictures import LANES, SOCIAL, make_map, pictures
from sample_map import HOSTILE, PICTURE, make_box, make_hostile_picture, make_picture

from scorecard.model.status import Heading, Signal, Status
from scorecard.render.palette import DARK, LIGHT
from scorecard.render.picture import Arrow, Picture
from scorecard.render.svg import write_svg
from scorecard.render.svg_cards import COMPACT, DETAILED, FULL
from scorecard.render.svg_rows import level_boxes, seat_boxes
from scorecard.render.svg_text import break_lines, cut, measure

GOLDEN = Path(__file__).parent / "golden" / "map.svg"
SVG = "{http://www.w3.org/2000/svg}"
TAGS = {"svg", "title", "desc", "style", "g", "rect", "path", "circle", "text"}

Point = tuple[float, float]
Area = tuple[float, float, float, float]


def read(picture: Picture, *look: object) -> ElementTree.Element:
    return ElementTree.fromstring(write_svg(picture, *look))  # type: ignore[arg-type]


def area_of(rectangle: ElementTree.Element) -> Area:
    x, y, width, height = (float(rectangle.get(name, "")) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def cards_of(drawing: ElementTree.Element) -> dict[str, Area]:
    return {goal: area_of(group.findall(f"{SVG}rect")[0]) for goal, group in goals_of(drawing).items()}


def goals_of(drawing: ElementTree.Element) -> dict[str, ElementTree.Element]:
    return {group.get("data-goal", ""): group for group in drawing.iter(f"{SVG}g") if "data-goal" in group.attrib}


def links_of(drawing: ElementTree.Element) -> list[ElementTree.Element]:
    return [group for group in drawing.iter(f"{SVG}g") if "data-from" in group.attrib]


def lanes_of(drawing: ElementTree.Element) -> list[tuple[str, Area]]:
    """Title and place of each lane: the groups that are neither goal nor link and have a title."""
    groups = [
        group for group in drawing.findall(f"{SVG}g") if not group.keys() and group.find(f"{SVG}title") is not None
    ]
    return [(group.findtext(f"{SVG}title", ""), area_of(group.findall(f"{SVG}rect")[0])) for group in groups]


def texts_of(element: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in element.iter(f"{SVG}text")]


def read_path(path: str) -> list[list[Point]]:
    """The polylines of a path, curves with their control points: a curve lies within the hull of these."""
    lines: list[list[Point]] = []
    for sign, numbers in re.findall(r"([MLHVQZ])([^MLHVQZ]*)", path):
        values = [float(number) for number in numbers.split()]
        if sign == "M":
            lines.append([(values[0], values[1])])
        elif sign == "H":
            lines[-1].append((values[0], lines[-1][-1][1]))
        elif sign == "V":
            lines[-1].append((lines[-1][-1][0], values[0]))
        elif sign == "Z":
            lines[-1].append(lines[-1][0])
        else:
            lines[-1] += list(zip(values[::2], values[1::2], strict=True))
    return lines


def segments_of(link: ElementTree.Element) -> Iterator[tuple[Point, Point]]:
    for path in link.findall(f"{SVG}path"):
        for line in read_path(path.get("d", "")):
            yield from pairwise(line)


def passes(start: Point, end: Point, area: Area) -> bool:
    """Whether a segment's bounds meet the inside of an area, half a pixel off its border."""
    left, top, right, bottom = area
    (ax, ay), (bx, by) = start, end
    apart = max(ax, bx) <= left + 0.5 or min(ax, bx) >= right - 0.5
    return not apart and max(ay, by) > top + 0.5 and min(ay, by) < bottom - 0.5


def assert_links_keep_off(picture: Picture) -> None:
    drawing = read(picture)
    cards = cards_of(drawing)
    links = links_of(drawing)
    assert [(link.get("data-from"), link.get("data-to")) for link in links] == [
        (arrow.source, arrow.target) for arrow in picture.arrows
    ]
    for link in links:
        source, target = cards[link.get("data-from", "")], cards[link.get("data-to", "")]
        line = read_path(link.findall(f"{SVG}path")[0].get("d", ""))[0]
        (x, y), (end, tip) = line[0], line[-1]
        assert source[0] < x < source[2]
        assert y in (source[1], source[3])
        assert target[0] < end < target[2]
        assert min(abs(tip - target[1]), abs(tip - target[3])) < 12
        for start, stop in segments_of(link):
            assert not [goal for goal, area in cards.items() if passes(start, stop, area)]


@settings(max_examples=80)
@given(pictures())
def test_links_of_every_kind_keep_off_all_cards(picture: Picture) -> None:
    assert_links_keep_off(picture)


@pytest.mark.parametrize("goals", [5, 20, 50, 100])
@pytest.mark.parametrize("seed", [1, 2])
def test_links_keep_off_all_cards_on_maps_of_any_size(goals: int, seed: int) -> None:
    picture = make_map(goals, seed)
    extra = [Arrow(box.id, picture.boxes[(7 * at + 3) % goals].id) for at, box in enumerate(picture.boxes)][::4]
    mixed = (*picture.arrows, *(arrow for arrow in extra if arrow.source != arrow.target))
    assert_links_keep_off(replace(picture, arrows=mixed))


@settings(max_examples=60)
@given(pictures(), st.sampled_from([None, COMPACT, FULL, DETAILED]))
def test_cards_lie_in_their_lanes_and_never_on_each_other(picture: Picture, density: object) -> None:
    drawing = read(picture, None, density)
    cards, lanes = cards_of(drawing), [area for _, area in lanes_of(drawing)]
    assert len({(left, right) for left, _, right, _ in lanes}) == 1
    assert all(upper[3] < lower[1] for upper, lower in pairwise(lanes))
    for box in picture.boxes:
        lane, card = lanes[box.lane], cards[box.id]
        assert lane[0] < card[0] < card[2] < lane[2]
        assert lane[1] < card[1] < card[3] < lane[3]
    for one, other in combinations(cards.values(), 2):
        apart = one[2] <= other[0] or other[2] <= one[0]
        assert apart or one[3] <= other[1] or other[3] <= one[1]
    width, height = float(drawing.get("width", "")), float(drawing.get("height", ""))
    assert lanes[-1][2] < width
    assert lanes[-1][3] < height


@pytest.mark.parametrize("picture", [PICTURE, SOCIAL, make_map(60, 1)], ids=["sample", "social", "many"])
def test_texts_end_inside_their_card(picture: Picture) -> None:
    drawing = read(picture)
    for goal, group in goals_of(drawing).items():
        left, top, right, bottom = cards_of(drawing)[goal]
        for text in group.iter(f"{SVG}text"):
            wide = measure(text.text or "", float(text.get("font-size", "")), bold="font-weight" in text.attrib)
            start = float(text.get("x", "")) - (wide if text.get("text-anchor") == "end" else 0)
            assert left < start
            assert start + wide < right
            assert top < float(text.get("y", "")) < bottom


def test_words_of_delays_stand_off_cards_and_each_other() -> None:
    picture = make_map(60, 2)
    picture = replace(picture, arrows=tuple(replace(arrow, delay=2) for arrow in picture.arrows))
    drawing = read(picture)
    places = []
    for text in drawing.findall(f"{SVG}text"):
        if text.text == "2 months":
            x, y = float(text.get("x", "")), float(text.get("y", ""))
            places.append((x, y - 9, x + measure("2 months", 10), y + 2))
    assert len(places) == len(picture.arrows)
    for left, top, right, bottom in places:
        assert not [goal for goal, area in cards_of(drawing).items() if passes((left, top), (right, bottom), area)]
    meets = [passes(one[:2], one[2:], other) for one, other in combinations(places, 2)]
    assert sum(meets) <= len(places) // 20


def test_a_map_of_twenty_goals_fits_a_slide() -> None:
    drawing = read(make_map(20, 1))
    width, height = float(drawing.get("width", "")), float(drawing.get("height", ""))
    assert 1.5 < width / height < 2.4
    assert width < 1700  # else its letters are too small on a slide


def test_the_social_media_map_has_no_crossing_and_keeps_the_order_of_the_file() -> None:
    _, ranks = seat_boxes(SOCIAL, level_boxes(SOCIAL), 6)
    assert ranks.crossings() == 0
    rows = [[number for number in row if ranks.nodes[number].box >= 0] for row in ranks.order]
    assert rows[:2] == [[0], [1, 2]]


@pytest.mark.parametrize("seed", range(4))
def test_lanes_of_several_rows_have_no_more_crossings_than_long_lanes(seed: int) -> None:
    picture = make_map(60, seed)
    levels = level_boxes(picture)
    _, long = seat_boxes(picture, levels, 60)
    lanes, short = seat_boxes(picture, levels, 6)
    assert max(lanes.count(lane) for lane in range(4)) > 2
    assert short.crossings() == long.crossings()


def test_the_map_is_the_golden_one() -> None:
    assert write_svg(PICTURE) == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("seed", ["1", "2"])
def test_no_hash_seed_changes_a_byte(seed: str) -> None:
    program = (
        "import sys, random_pictures as maps; from scorecard.render.svg import write_svg; "
        "sys.stdout.buffer.write((write_svg(maps.SOCIAL) + write_svg(maps.make_map(50, 1))).encode())"
    )
    here = Path(__file__).parent
    there = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join([str(here), str(here.parent)])}
    said = subprocess.run([sys.executable, "-c", program], env=there, capture_output=True, check=True).stdout
    assert said == (write_svg(SOCIAL) + write_svg(make_map(50, 1))).encode()


def test_title_index_and_remark_stand_on_the_map() -> None:
    drawing = read(PICTURE)
    assert texts_of(drawing)[:4] == ["Corner shop · 2026-10", "Index", "amber 61% · coverage 90%", "Made-up data"]
    assert drawing.get("role") == "img"
    assert drawing.findtext(f"{SVG}title") == "Corner shop · 2026-10"
    assert (drawing.findtext(f"{SVG}desc") or "").split("\n") == [
        "Index ◆ amber 61% · coverage 90%",
        "Made-up data",
        "Money & mission: ◆ amber 50%",
        "- Earn enough to stay independent for good: ◆ amber 75%, outlook ▲ red 30%",
        "Guests: ● green 93%",
        "- Guests come back: ● green 20%, outlook ◆ amber 20%",
        "Work: ○ unknown",
        "- Serve fast: ◆ amber 63%, outlook ◆ amber 63%",
        "- Waste nothing: ○ unknown, outlook ○ unknown",
        "- Know the shelf: ◆ amber 50%, outlook ◆ amber 50%",
        "People: ○ unknown",
    ]


def test_every_goal_link_and_lane_is_there_with_its_words() -> None:
    drawing = read(PICTURE)
    assert [title for title, _ in lanes_of(drawing)] == [
        "Money & mission: ◆ amber 50%",
        "Guests: ● green 93%",
        "Work: ○ unknown",
        "People: ○ unknown",
    ]
    profit = goals_of(drawing)["profit"]
    assert " ".join(text.strip() for text in texts_of(profit)) == (
        "Earn enough to stay independent for good amber 75% outlook 30% ! warning Ada breached: Discounts"
    )
    detailed = goals_of(read(PICTURE, None, DETAILED))["profit"]
    assert "Margin: 3.1% of 5% ◆ amber" in texts_of(detailed)
    assert (profit.findtext(f"{SVG}title") or "").split("\n") == [
        "Earn enough to stay independent for good: ◆ amber 75%, coverage 90%",
        "Drivers ◆ amber 40%",
        "Outlook ▲ red 30%",
        "Signal warning: the result is green, its drivers are not",
        "Owner Ada",
        "⚑ breached: Discounts",
        "Margin: 3.1% of 5% ◆ amber",
    ]
    assert texts_of(goals_of(drawing)["loyalty"])[-1] == "set by hand; result ▲ red 20%"
    titles = {(link.get("data-from"), link.get("data-to")): link.findtext(f"{SVG}title") for link in links_of(drawing)}
    assert titles["loyalty", "profit"] == (
        "Guests come back supports Earn enough to stay independent for good: 67% of the drivers' weight, assumed, "
        "shows after 2 months\nRegulars buy more"
    )
    assert titles["shelf", "profit"] == "Know the shelf defines a KPI of Earn enough to stay independent for good"
    assert {"2 months", "1 month"} <= set(texts_of(drawing))


def test_kinds_of_links_look_different_and_stand_in_the_legend() -> None:
    looks = {}
    drawing = read(PICTURE, LIGHT)
    for link in links_of(drawing):
        line, head = link.findall(f"{SVG}path")
        look = (line.get("stroke"), line.get("stroke-dasharray"), head.get("fill"), head.get("d", "").count("M"))
        looks[link.get("data-from"), link.get("data-to")] = look
    assert looks["loyalty", "profit"] == (LIGHT.link, "6 4", LIGHT.link, 1)
    assert looks["stock", "profit"] == (LIGHT.opposing, None, "none", 2)
    assert looks["speed", "loyalty"] == (LIGHT.text, None, LIGHT.text, 1)
    assert looks["shelf", "profit"] == (LIGHT.definition, "1.5 4", LIGHT.background, 1)
    kinds = ["assumed", "observed", "tested", "opposes", "defines a KPI of"]
    assert [text for text in texts_of(drawing) if text in kinds] == kinds
    plain = texts_of(read(make_map(5, 1)))
    assert [text for text in plain if text in kinds] == ["assumed"]


def test_a_link_down_the_map_begins_with_a_dot_and_enters_from_above() -> None:
    boxes = (make_box("above", "Above", 0), make_box("below", "Below", 1))
    drawing = read(make_picture(("A", "B"), boxes, (Arrow("above", "below"), Arrow("below", "above"))))
    down, up = links_of(drawing)
    assert [len(link.findall(f"{SVG}circle")) for link in (down, up)] == [1, 0]
    ends = [read_path(link.findall(f"{SVG}path")[0].get("d", ""))[0] for link in (down, up)]
    assert ends[0][0][1] < ends[0][-1][1]
    assert ends[1][0][1] > ends[1][-1][1]
    assert "start of a link down the map" in texts_of(drawing)


def test_goals_of_one_lane_stand_above_what_drives_them() -> None:
    boxes = tuple(make_box(f"g{number}", f"Goal {number}", 0) for number in range(3))
    cards = cards_of(read(make_picture(("A",), boxes, (Arrow("g0", "g1"), Arrow("g1", "g2")))))
    assert cards["g2"][3] < cards["g1"][1] < cards["g1"][3] < cards["g0"][1]


def test_a_reader_who_prefers_the_dark_gets_it_and_a_theme_decides() -> None:
    both, light, dark = write_svg(PICTURE), write_svg(PICTURE, LIGHT), write_svg(PICTURE, DARK)
    assert f".strategy-map .fill-background{{fill:{DARK.background}}}" in both
    assert both.count("prefers-color-scheme:dark") == 1
    assert "style" not in light + dark
    assert "class=" not in light.replace('class="strategy-map"', "")
    assert set(re.findall(r"#[0-9A-F]{6}", light)).isdisjoint(re.findall(r"#[0-9A-F]{6}", dark))
    used = set(re.findall(r"\b(?:fill|stroke)-[a-z0-9-]+(?=[ \"])", both)) - {"stroke-width", "stroke-dasharray"}
    ruled = set(re.findall(r"\.strategy-map \.([a-z0-9-]+)\{", both))
    assert {name for name in used if not name.startswith("stroke-line")} <= ruled


@cache
def read_hostile() -> ElementTree.Element:
    return read(make_hostile_picture())


def test_hostile_names_come_back_exact() -> None:
    drawing = read_hostile()
    goals, lanes = goals_of(drawing), lanes_of(drawing)
    reasons = {link.get("data-from"): (link.findtext(f"{SVG}title") or "").split("\n")[1] for link in links_of(drawing)}
    for number, text in enumerate(HOSTILE):
        said = (goals[f"g{number}"].findtext(f"{SVG}title") or "").split("\n")
        assert said[0] == f"{text}: ◆ amber 50%, coverage 100%"
        assert said[-3:] == [f"Owner {text}", f"⚑ breached: {text}", text]
        assert lanes[number][0] == f"{text}: ◆ amber 50%"
        assert reasons.get(f"g{number}", text) == text


def test_hostile_names_are_only_text() -> None:
    drawing = read_hostile()
    assert {element.tag.removeprefix(SVG) for element in drawing.iter()} <= TAGS
    attributes = {name for element in drawing.iter() for name in element.attrib}
    assert not [name for name in attributes if "href" in name or name.startswith("on")]
    for number, text in enumerate(HOSTILE):
        lines = texts_of(goals_of(drawing)[f"g{number}"])
        shown = re.sub(r"\s", "", "".join(lines[: lines.index("amber ")]))
        assert re.sub(r"\s", "", text).startswith(shown.removesuffix("…"))


def test_nothing_is_asked_from_outside() -> None:
    text = write_svg(make_hostile_picture())
    root = re.sub(r"<(title|desc)>.*?</\1>|<text.*?</text>", "", text, flags=re.DOTALL)
    assert re.findall(r"https?://[^\"]+", root) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"url\(|@import|@font-face|<script|<image|<foreignObject|<!DOCTYPE", root)


def test_a_name_of_40000_characters_is_cut_and_exact_in_the_title() -> None:
    name = "word " * 7_999 + "<end>"
    drawing = read(make_picture(("A",), (make_box("goal", name, 0),)))
    group = goals_of(drawing)["goal"]
    assert (group.findtext(f"{SVG}title") or "").startswith(f"{name}: ")
    assert max(map(len, texts_of(group))) < 60
    assert any(line.endswith("…") for line in texts_of(group))


@pytest.mark.parametrize("text", ["", " ", "\x00\x07\x1b[31m", "a\nb", "a\rb", "\ud800", "\u2028\x85", "\ufffe"])
def test_what_a_file_may_not_say_still_draws(text: str) -> None:
    box = make_box("goal", text, 0, owner=text, guardrails_breached=(text,), lines=(text,))
    picture = replace(make_picture((text,), (box,), (Arrow("goal", "goal", why=text),)), title=text)
    ElementTree.fromstring(write_svg(picture).encode())


@pytest.mark.parametrize("lanes", [(), ("A",), LANES])
def test_a_map_without_goals_draws(lanes: tuple[str, ...]) -> None:
    assert len(lanes_of(read(make_picture(lanes, ())))) == len(lanes)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("heading", Heading)
def test_every_state_draws(status: Status, heading: Heading) -> None:
    boxes = [
        make_box(f"g{at}", "Goal", 0, 0.0, status=status, heading=heading, signal=one) for at, one in enumerate(Signal)
    ]
    drawing = read(make_picture(("A",), tuple(boxes)))
    assert [f"{status} " in texts_of(group) for group in goals_of(drawing).values()] == [True] * len(boxes)


@settings(max_examples=100)
@given(st.text(st.sampled_from("ab iWM.é顧🚀\u0301"), max_size=60), st.integers(30, 200), st.integers(1, 4))
def test_lines_lose_no_letter_before_the_cut_and_fit(text: str, room: int, lines: int) -> None:
    broken = break_lines(text, room, lines, 13)
    assert 1 <= len(broken) <= lines
    for line in broken:
        assert measure(line, 13) <= room
    joined = re.sub(r"\s", "", "".join(broken))
    whole = re.sub(r"\s", "", text)
    assert whole == joined or (joined.endswith("…") and whole.startswith(joined[:-1]))


def test_a_cut_text_never_parts_a_letter_from_its_mark() -> None:
    accents, family = cut("e\u0301" * 30, 60, 13), cut("👩\u200d👧" * 30, 60, 13)
    assert accents == "e\u0301" * (len(accents) // 2) + "…"
    assert family == "👩\u200d👧" * (len(family) // 3) + "…"


def test_export_draws_without_graphviz(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    strategy = Path(__file__).parent.parent / "strategies" / "social_media"
    names = ["map.svg", "map.light.svg", "map.DARK.svg"]
    found = run("export", strategy, *(part for name in names for part in ("-o", tmp_path / name)))
    assert found.exit_code == 0, found.output
    both, light, dark = ((tmp_path / name).read_text(encoding="utf-8") for name in names)
    assert "Engaging content" in both
    assert "prefers-color-scheme" in both
    assert LIGHT.background in light
    assert DARK.background in dark
