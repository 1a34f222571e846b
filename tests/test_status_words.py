"""On every screen the sign of a status has its word, at any width that has room for it."""

from __future__ import annotations

import re

import pytest
from test_app import EXAMPLE, make_app
from test_app_members import open_members, wait_for
from textual.pilot import Pilot

from scorecard.model.status import Status
from scorecard.tui.app import ReviewApp
from scorecard.tui.widgets.heat_grid import HeatGrid
from scorecard.tui.widgets.strategy_map import StrategyMap

BAKERIES = EXAMPLE.parent / "bakeries"
OVERDUE = "▲ Find the best hours to post"  # below the heading that says it
ALONE = re.compile(
    r"[●◆▲○](?! +(?:\d+% |n/a )?(?:green|amber|red|unknown)\b)"
    r"(?! (?:\d|warning|hint|overdue|behind|on track))"  # of initiatives and findings
)


def rows(app: ReviewApp) -> list[str]:
    return ["".join(part.text for part in strip) for strip in app.screen._compositor.render_strips()]


def find_alone(app: ReviewApp) -> list[str]:
    return [row for row in rows(app) if ALONE.search(row.replace(OVERDUE, ""))]


async def open_screen(pilot: Pilot[None], key: str) -> None:
    await pilot.press(key)
    await pilot.app.workers.wait_for_complete()
    await pilot.pause(0.1)


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (132, 40), (200, 50)])
async def test_no_sign_stands_without_its_word(size: tuple[int, int]) -> None:
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await wait_for(pilot, lambda: app.query("StrategyMap"))
        await pilot.press("down", "down")
        for key in ("2", "3", "5", "6", "7", "space"):
            await open_screen(pilot, key)
            assert find_alone(app) == [], key
        await open_screen(pilot, "4")
        lists = [row[-48:] for row in rows(app)]  # beside the map, whose links end in a sign too
        assert [row for row in lists if ALONE.search(row)] == []


@pytest.mark.parametrize("size", [(80, 24), (132, 24), (132, 40), (200, 50)])
async def test_every_box_and_perspective_of_the_map_has_its_word(size: tuple[int, int]) -> None:
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await wait_for(pilot, lambda: app.query("StrategyMap"))
        map_ = app.screen.query_one(StrategyMap)
        await wait_for(pilot, lambda: map_.picture is not None and map_.map_layout is not None)
        assert map_.picture
        text = "\n".join("".join(part.text for part in map_.render_line(y)) for y in range(map_.size.height))
        for status in Status:
            wanted = [*map_.picture.boxes, *map_.picture.lanes]
            assert text.count(f"{status.sign} {status}") == sum(one.status == status for one in wanted)


@pytest.mark.parametrize(("width", "has_words"), [(80, False), (132, False), (200, True)])
async def test_members_have_words_where_all_goals_have_room_for_them(width: int, has_words: bool) -> None:
    app = make_app(BAKERIES)
    async with app.run_test(size=(width, 40)) as pilot:
        await open_members(pilot)
        grid = app.screen.query_one(HeatGrid)
        await wait_for(pilot, lambda: grid.cell is not None)
        assert any("◆ amber" in row for row in rows(app)[6:-2]) == has_words
        assert re.search(r"[●◆▲] (green|amber|red) \d+%", rows(app)[-2]), "the foot has it for the chosen cell"
        at = next(x for x in range(width) if grid._column_at(x) == 2)
        await pilot.click(HeatGrid, offset=(at + 1, 6))
        assert grid.column == 2
        assert rows(app)[grid.region.y + 6][at:].lstrip().startswith(tuple(status.sign for status in Status))
