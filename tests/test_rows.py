import pytest
from sample_map import PICTURE, make_box, make_picture

from scorecard.render.picture import Arrow, Picture
from scorecard.render.rows import build_rows


def make_crowd(*lanes: int, links: tuple[tuple[str, str], ...] = ()) -> Picture:
    """Lanes of so many goals called `a0`, `a1`, …, `b0`, …"""
    names = [f"{'abcdef'[lane]}{number}" for lane, count in enumerate(lanes) for number in range(count)]
    boxes = tuple(make_box(name, name, "abcdef".index(name[0])) for name in names)
    return make_picture(tuple("ABCDEF"[: len(lanes)]), boxes, tuple(Arrow(*link) for link in links))


def test_a_small_lane_is_one_row_and_an_empty_one_too() -> None:
    rows = build_rows(make_crowd(3, 0, 6))
    assert rows.names == (("a0", "a1", "a2"), (), ("c0", "c1", "c2", "c3", "c4", "c5"))
    assert rows.lanes == (0, 1, 2)


@pytest.mark.parametrize(("goals", "lengths"), [(7, [4, 3]), (12, [6, 6]), (25, [5, 5, 5, 5, 5]), (100, [10] * 10)])
def test_a_crowded_lane_takes_even_rows(goals: int, lengths: list[int]) -> None:
    rows = build_rows(make_crowd(goals))
    assert [len(row) for row in rows.names] == lengths
    assert sorted(name for row in rows.names for name in row) == sorted(f"a{number}" for number in range(goals))


def test_within_a_lane_effects_stand_above_their_causes() -> None:
    rows = build_rows(make_crowd(4, links=(("a0", "a2"), ("a1", "a0"), ("a3", "a2"))))
    assert [set(row) for row in rows.names] == [{"a2"}, {"a0", "a3"}, {"a1"}]


def test_goals_that_drive_each_other_in_a_circle_still_get_a_row() -> None:
    rows = build_rows(make_crowd(2, links=(("a0", "a1"), ("a1", "a0"))))
    assert [set(row) for row in rows.names] == [{"a0", "a1"}]


def test_links_between_single_rows_have_no_joints_even_where_they_skip_a_lane() -> None:
    rows = build_rows(make_crowd(2, 1, 2, links=(("c0", "a0"), ("a1", "c1"))))
    assert rows.ways == (("c0", "a0"), ("a1", "c1"))


def test_links_pass_the_rows_of_a_crowded_lane_at_joints() -> None:
    rows = build_rows(make_crowd(1, 7, 1, links=(("c0", "a0"), ("a0", "c0"))))
    assert rows.ways == (("c0", "J0.2", "J0.1", "a0"), ("a0", "J1.1", "J1.2", "c0"))
    assert {"J0.1", "J1.1"} < set(rows.names[1])
    assert {"J0.2", "J1.2"} < set(rows.names[2])


def test_links_do_not_cross_without_need() -> None:
    rows = build_rows(make_crowd(3, 3, links=(("b0", "a2"), ("b1", "a1"), ("b2", "a0"))))
    upper, lower = rows.names
    assert upper == tuple({"b0": "a2", "b1": "a1", "b2": "a0"}[name] for name in lower)


def test_every_box_stands_once_in_a_row_of_its_lane() -> None:
    rows = build_rows(PICTURE)
    placed = [(name, rows.lanes[at]) for at, row in enumerate(rows.names) for name in row if not name.startswith("J")]
    assert sorted(placed) == sorted((box.id, box.lane) for box in PICTURE.boxes)
