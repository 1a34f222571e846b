"""The layout of the map in character cells: laws on random pictures, and what a person sees on known ones."""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_pictures import SOCIAL, make_map, pictures
from sample_map import make_box, make_picture

from scorecard.render.columns import spread
from scorecard.render.layout import COMPACT, FULL, ROOMY, SNUG, Layout, Place, arrange
from scorecard.render.picture import Arrow, Picture
from scorecard.render.ranks import build_ranks
from scorecard.render.routing import EAST, NORTH, SOUTH, WEST
from scorecard.tui.text import wrap

STEPS = {NORTH: (0, -1, SOUTH), SOUTH: (0, 1, NORTH), EAST: (1, 0, WEST), WEST: (-1, 0, EAST)}
SIZES = st.tuples(st.integers(24, 180), st.integers(10, 60))


def lay_out(picture: Picture, width: int = 110, height: int = 40) -> Layout:
    return arrange(picture, width, height, wrap)


def cells_of(layout: Layout, link: int) -> dict[tuple[int, int], int]:
    """The mask of a link in each of its cells."""
    return {
        (x, y): strand.mask
        for y, row in layout.cells.items()
        for x, strands in row.items()
        for strand in strands
        if strand.link == link
    }


def follow(layout: Layout, link: int, source: Place, target: Place) -> list[tuple[int, int]]:
    """The cells of a link in order, walked along their masks from the cause's box until they enter the effect's."""
    cells = cells_of(layout, link)
    starts = [
        (x, y, way)
        for (x, y), mask in cells.items()
        for way, (right, down, _) in STEPS.items()
        if mask & way and layout.find(x + right, y + down) == source
    ]
    assert len(starts) == 1, "a link leaves its cause once"
    x, y, came = starts[0]
    walked = []
    while (x, y) in cells:
        walked.append((x, y))
        onward = cells[x, y] & ~came
        assert onward in STEPS, "a link neither ends nor forks on its way"
        right, down, came = STEPS[onward]
        x, y = x + right, y + down
    assert layout.find(x, y) == target
    assert sorted(walked) == sorted(cells), "no cell of a link is off its way"
    return walked


def sign_at(layout: Layout, link: int, cell: tuple[int, int]) -> str:
    return next(strand.sign for strand in layout.cells[cell[1]][cell[0]] if strand.link == link)


@settings(max_examples=120)
@given(pictures(), SIZES)
def test_boxes_lie_in_their_lanes_and_never_on_each_other(picture: Picture, size: tuple[int, int]) -> None:
    layout = lay_out(picture, *size)
    assert set(layout.places) == {box.id for box in picture.boxes}
    for place in layout.places.values():
        band = layout.bands[picture.boxes[place.box].lane]
        assert place.x >= 0
        assert place.x + place.width <= layout.width
        assert band.first <= place.y
        assert place.y + place.height <= band.y + band.height
    for one, other in combinations(layout.places.values(), 2):
        apart = one.x + one.width <= other.x or other.x + other.width <= one.x
        assert apart or one.y + one.height <= other.y or other.y + other.height <= one.y
    assert [band.y for band in layout.bands[1:]] == [band.y + band.height for band in layout.bands[:-1]]


@settings(max_examples=120)
@given(pictures(), SIZES)
def test_every_link_runs_from_its_cause_to_its_effect_and_through_no_box(
    picture: Picture, size: tuple[int, int]
) -> None:
    layout = lay_out(picture, *size)
    assert not [(x, y) for y, row in layout.cells.items() for x in row if layout.find(x, y)]
    assert all(0 <= x < layout.width for row in layout.cells.values() for x in row)
    assert all(0 <= y < layout.height for y in layout.cells)
    for link, arrow in enumerate(picture.arrows):
        walked = follow(layout, link, layout.places[arrow.source], layout.places[arrow.target])
        heads = "┳┻" if arrow.opposes else "▲▼"
        assert [cell for cell in walked if sign_at(layout, link, cell) in heads] == walked[-1:]


@settings(max_examples=60)
@given(pictures(), SIZES)
def test_the_same_picture_gives_the_same_layout(picture: Picture, size: tuple[int, int]) -> None:
    assert lay_out(picture, *size) == lay_out(picture, *size)


@settings(max_examples=60)
@given(pictures())
def test_crossings_are_never_more_than_in_the_files_order(picture: Picture) -> None:
    layout = lay_out(picture, width=2000)  # wide enough for one rank a lane
    numbers = {box.id: number for number, box in enumerate(picture.boxes)}
    links = [(numbers[arrow.source], numbers[arrow.target]) for arrow in picture.arrows]
    as_written = build_ranks([box.lane for box in picture.boxes], len(picture.lanes), links)
    assert layout.crossings <= as_written.crossings()


@pytest.mark.parametrize("goals", [9, 20, 40, 60])
def test_links_of_maps_as_people_draw_them_cross_but_never_share_a_run(goals: int) -> None:
    for seed in range(25):
        for row in lay_out(make_map(goals, seed)).cells.values():
            for strands in row.values():
                assert all(not one.mask & other.mask for one, other in combinations(strands, 2))


def test_crossings_that_need_not_be_are_taken_away() -> None:
    boxes = tuple(make_box(f"{lane}{number}", "Goal", lane) for lane in (0, 1) for number in range(6))
    arrows = tuple(Arrow(f"1{number}", f"0{5 - number}") for number in range(6))
    assert lay_out(make_picture(("Up", "Down"), boxes, arrows)).crossings == 0


def test_links_between_boxes_that_stand_over_each_other_run_straight() -> None:
    layout = lay_out(SOCIAL)
    for link, arrow in enumerate(SOCIAL.arrows):
        if arrow.source in ("communicate", "train_team") and not arrow.definition:
            assert len({x for x, _ in cells_of(layout, link)}) == 1
    left = {layout.places[goal].x for goal in ("personal_interaction", "communicate", "train_team")}
    assert len(left) == 1
    top, children = layout.places["business_results"], ("personal_interaction", "engaging_content")
    assert abs(top.centre - sum(layout.places[goal].centre for goal in children) / 2) <= 1


@pytest.mark.parametrize(
    ("width", "height", "density"),
    [(116, 38, ROOMY), (70, 38, ROOMY), (70, 28, FULL), (64, 22, SNUG), (64, 17, COMPACT), (64, 10, SNUG)],
)
def test_boxes_show_as_much_as_the_screen_has_room_for(width: int, height: int, density: object) -> None:
    layout = lay_out(SOCIAL, width, height)
    assert layout.density == density
    assert (layout.width <= width and layout.height <= height) == (height > 10)


def test_lanes_with_more_goals_than_fit_side_by_side_take_several_rows() -> None:
    layout = lay_out(make_map(40, 1), 115, 38)
    lanes = [{layout.places[id].y for id in layout.places if id.startswith(f"g{lane}_")} for lane in range(4)]
    assert max(len(rows) for rows in lanes) > 1
    assert layout.width <= 130


def test_strokes_tell_evidence_definition_and_opposition() -> None:
    boxes = (make_box("cause", "Cause", 1), make_box("effect", "Effect", 0))
    seen = {}
    for name, arrow in {
        "assumed": Arrow("cause", "effect"),
        "observed": Arrow("cause", "effect", evidence="observed"),
        "tested": Arrow("cause", "effect", evidence="tested"),
        "definition": Arrow("cause", "effect", definition=True),
        "opposes": Arrow("cause", "effect", opposes=True),
    }.items():
        layout = lay_out(make_picture(("Up", "Down"), boxes, (arrow,)))
        path = follow(layout, 0, layout.places["cause"], layout.places["effect"])
        seen[name] = sign_at(layout, 0, path[0]) + sign_at(layout, 0, path[-1])
    assert seen == {"assumed": "╎▲", "observed": "│▲", "tested": "┃▲", "definition": "┊▲", "opposes": "╎┳"}


def test_links_down_and_along_a_lane_end_in_heads_that_point_down() -> None:
    boxes = (make_box("one", "One", 0), make_box("two", "Two", 0), make_box("low", "Low", 1))
    arrows = (Arrow("one", "low"), Arrow("one", "two"))
    layout = lay_out(make_picture(("Up", "Down"), boxes, arrows))
    for link, arrow in enumerate(arrows):
        path = follow(layout, link, layout.places[arrow.source], layout.places[arrow.target])
        assert sign_at(layout, link, path[-1]) == "▼"


def test_lanes_without_goals_are_still_there() -> None:
    layout = lay_out(replace(SOCIAL, boxes=(), arrows=()))
    assert layout.ranks == ()
    assert len(layout.bands) == 4


def test_an_empty_lane_lets_any_number_of_links_through() -> None:
    boxes = tuple(make_box(f"{lane}{number}", "Goal", lane) for lane in (0, 2) for number in range(12))
    arrows = tuple(Arrow(f"2{one}", f"0{other}") for one in range(12) for other in range(0, 12, 2))
    layout = lay_out(make_picture(("Up", "Between", "Down"), boxes, arrows), 60, 20)
    for link, arrow in enumerate(arrows):
        follow(layout, link, layout.places[arrow.source], layout.places[arrow.target])


def test_steps_go_to_the_nearest_box_and_stop_at_the_rim() -> None:
    layout = lay_out(SOCIAL)
    places = layout.places
    assert layout.step(places["train_team"], 0, -1).id == "communicate"
    assert layout.step(places["business_results"], 0, -1).id == "business_results"
    assert layout.step(places["communicate"], 1, 0).id == layout.ranks[2][1].id
    assert layout.step(layout.ranks[2][2], 1, 0) == layout.ranks[2][2]


def test_places_are_spread_by_least_squares() -> None:
    assert spread([5, 5], 4, 0, 20) == [3, 7]
    assert spread([-3, 30], 4, 0, 20) == [0, 20]
    assert spread([2, 10, 10], 4, 0, 20) == [2, 8, 12]
    assert spread([9, 9, 9], 0, 0, 5) == [5, 5, 5]


def test_the_work_for_a_large_map_grows_with_its_size() -> None:
    def count_calls(goals: int) -> int:
        picture, calls = make_map(goals, 1), 0

        def count(_frame: object, event: str, _value: object) -> None:
            nonlocal calls
            calls += event == "call"

        sys.setprofile(count)
        try:
            lay_out(picture)
        finally:
            sys.setprofile(None)
        return calls

    few, many = count_calls(100), count_calls(400)
    assert many < 2_000_000
    assert many < 8 * few
