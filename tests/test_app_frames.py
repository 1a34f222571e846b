"""What a frame takes from the widgets, the bars of what scrolls, and when garbage is collected."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from textual._compositor import Compositor
from textual.geometry import Region

from scorecard.tui.app import ReviewApp
from scorecard.tui.collector import Collector
from scorecard.tui.compositor import NearCompositor
from scorecard.tui.session import open_path
from scorecard.tui.widgets.goal_panel import GoalPanel
from scorecard.tui.widgets.strategy_map import StrategyMap

EXAMPLE = Path(__file__).parent.parent / "strategies" / "social_media"
TODAY = 739_940  # a day in November 2026


def make_app() -> ReviewApp:
    return ReviewApp(str(EXAMPLE), open_path(str(EXAMPLE), TODAY))


def look_at(compositor: Compositor, crop: Region) -> list[str]:
    """What is to be written of a part of the screen, row by row, with its styles."""
    rows = []
    for y, chop in enumerate(compositor._render_chops(crop, lambda y: y in crop.line_range)):
        ends = compositor.cuts[y][1:]
        parts = [
            strip.crop(max(crop.x - x, 0), crop.right - x)
            for (x, strip), end in zip(chop.items(), ends, strict=True)
            if strip is not None and x < crop.right and end > crop.x
        ]
        if y in crop.line_range:
            rows.append("".join(f"{segment.text}{segment.style}" for part in parts for segment in part.simplify()))
    return rows


@pytest.mark.parametrize("screen_id", ["map", "scorecard", "detail", "review"])
async def test_a_part_of_the_screen_is_drawn_as_in_the_whole(screen_id: str) -> None:
    app = make_app()
    async with app.run_test(size=(120, 34)) as pilot:
        await pilot.pause()
        app.shell.action_open(screen_id)
        await pilot.press("down", "down")
        await pilot.pause(0.1)
        compositor = app.shell._compositor
        assert isinstance(compositor, NearCompositor)
        crops = [
            Region(0, 0, 120, 34),
            Region(0, 5, 40, 3),
            Region(70, 2, 50, 20),
            Region(0, 32, 120, 1),
            Region(119, 9, 1, 9),
        ]
        near = [look_at(compositor, crop) for crop in crops]
        compositor.__class__ = Compositor  # type: ignore[assignment]
        assert near == [look_at(compositor, crop) for crop in crops]
        assert all(any(row.strip() for row in rows) for rows in near)


async def test_the_map_scrolls_by_its_bar() -> None:
    app = make_app()
    async with app.run_test(size=(100, 20)) as pilot:
        await pilot.pause()
        map_ = app.shell.query_one(StrategyMap)
        bar = map_.vertical_scrollbar
        assert map_.max_scroll_y > 0
        assert bar.display
        await pilot.mouse_down(bar, offset=(0, bar.size.height - 1))  # below the handle
        await pilot.mouse_up(bar, offset=(0, bar.size.height - 1))
        await pilot.pause(0.5)
        assert map_.scroll_y > 0
        assert bar.position == map_.scroll_y


async def test_the_text_of_the_panel_can_be_marked_and_scrolled() -> None:
    app = make_app()
    async with app.run_test(size=(132, 30)) as pilot:
        await pilot.press("down", "down", "right")
        await pilot.pause(0.2)
        panel = app.shell.query_one(GoalPanel)
        await pilot.mouse_down(panel, offset=(2, 0))
        await pilot.hover(panel, offset=(18, 0))
        await pilot.mouse_up(panel, offset=(18, 0))
        await pilot.pause()
        assert "Engaging conte" in (app.shell.get_selected_text() or "")
        panel.focus()
        await pilot.press("end")
        await pilot.pause(0.5)
        assert panel.scroll_y == panel.max_scroll_y > 0
        app.shell.query_one(StrategyMap).focus()
        await pilot.press("left")
        await pilot.pause(0.2)
        assert panel.scroll_y == 0  # another goal is read from its beginning


def test_garbage_is_collected_once_nothing_has_happened_for_a_while() -> None:
    thresholds = gc.get_threshold()
    collector, collected = Collector(), []
    collector.begin()
    try:
        gc.callbacks.append(lambda phase, info: collected.append(info["generation"]) if phase == "stop" else None)
        gc.collect(1)
        collected.clear()
        collector.stir()
        collector.look()
        assert 2 not in collected  # a key was pressed
        collector.look()
        assert 2 in collected
        collected.clear()
        collector.look()
        assert 2 not in collected  # there is nothing new
    finally:
        gc.callbacks.pop()
        collector.end()
    assert gc.get_threshold() == thresholds
