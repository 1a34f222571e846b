"""What a frame takes from the widgets, the bars of what scrolls, and when garbage is collected."""

from __future__ import annotations

import gc
from pathlib import Path
from threading import Event

import pytest
from rich.cells import cell_len
from textual._compositor import Compositor
from textual.content import Content
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Static

from scorecard.compute.evaluation import Evaluation
from scorecard.model.period import Period
from scorecard.render.picture import Picture, draw_picture
from scorecard.tui.app import ReviewApp
from scorecard.tui.collector import Collector
from scorecard.tui.compositor import NearCompositor, PiecesUpdate
from scorecard.tui.opening import run
from scorecard.tui.session import open_path
from scorecard.tui.widgets import goal_panel
from scorecard.tui.widgets.goal_panel import GoalPanel
from scorecard.tui.widgets.strategy_map import StrategyMap

EXAMPLE = Path(__file__).parent.parent / "strategies" / "social_media"
TODAY = 739_940  # a day in November 2026


def make_app() -> ReviewApp:
    return ReviewApp(str(EXAMPLE), open_path(str(EXAMPLE), TODAY))


Cell = tuple[str, str]  # a sign and its style; what a wide sign covers is ""


def cut_cells(strip: Strip) -> list[Cell]:
    return [
        cell
        for segment in strip
        for sign in segment.text
        for cell in [(sign, str(segment.style)), *[("", str(segment.style))] * (cell_len(sign) - 1)]
    ]


class Watched(ReviewApp):
    """Keeps a screen as a terminal would, from what is written to it; `parts` counts what was written of parts of it."""

    screen_cells: list[list[Cell]]
    parts = 0

    def _display(self, screen: Screen[object], renderable: object) -> None:
        super()._display(screen, renderable)  # type: ignore[arg-type]
        if isinstance(renderable, PiecesUpdate):
            self.parts += len(renderable.pieces)
            for x, y, strip in renderable.pieces:
                cells = cut_cells(strip)
                self.screen_cells[y][x : x + len(cells)] = cells
        elif renderable is not None:
            self.screen_cells = self.draw()

    def draw(self) -> list[list[Cell]]:
        """The whole screen, as Textual draws it, with a map that is painted anew."""
        windows = [map_._window for map_ in self.screen.query(StrategyMap)]
        kept = [(window._faces, window._painted) for window in windows]
        for window in windows:
            window._faces, window._painted = {}, {}
        drawn = [cut_cells(strip) for strip in Compositor.render_strips(self.screen._compositor)]
        for window, (faces, painted) in zip(windows, kept, strict=True):
            window._faces, window._painted = faces, painted
        return drawn


@pytest.mark.parametrize("size", [(80, 24), (120, 34), (200, 50)])
@pytest.mark.parametrize("no_color", [False, True])
async def test_parts_of_the_screen_are_written_as_the_whole_is_drawn(
    size: tuple[int, int], no_color: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1") if no_color else monkeypatch.delenv("NO_COLOR", raising=False)
    app = Watched(str(EXAMPLE), open_path(str(EXAMPLE), TODAY))
    keys = ["down", "down", "right", "up", "f", "left", "f", "c", "left_square_bracket", "up", "tab", "down", "escape"]
    keys += ["2", "down", "down", "end", "home", "7", "space", "down", "3", "down", "1", "left", "escape", "end"]
    async with app.run_test(size=size, tooltips=True) as pilot:
        await pilot.pause(0.1)
        assert isinstance(app.shell._compositor, NearCompositor)
        for key in keys:
            await pilot.press(key)
            await pilot.pause(0.03)
            assert app.screen_cells == app.draw(), key
        for x, y in ((30, 8), (40, 12), (60, 14), (20, 20)):  # boxes below the mouse, and what stands over others
            await pilot.hover(offset=(x, y))
            await pilot.pause(0.03)
            assert app.screen_cells == app.draw()
        app.tell("Something is said beside the keys.")
        await pilot.pause(0.1)
        for key in ("up", "down"):
            await pilot.press(key)
            await pilot.pause(0.03)
            assert app.screen_cells == app.draw()
        assert app.parts > 100


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


async def test_keys_do_not_wait_for_what_is_said_of_a_goal(monkeypatch: pytest.MonkeyPatch) -> None:
    may_go_on = Event()
    say = goal_panel._say

    def say_late(evaluation: Evaluation, goal: str | None, columns: int) -> Content:
        assert goal is None or may_go_on.wait(60)
        return say(evaluation, goal, columns)

    app = make_app()
    async with app.run_test(size=(120, 34)) as pilot:
        await pilot.pause(0.1)
        monkeypatch.setattr(goal_panel, "_say", say_late)
        shown = app.screen.query_one(StrategyMap)
        for goal in ("business_results", "engaging_content"):
            await pilot.press("down")
            await pilot.pause(0.1)  # the panel is being made
            assert shown.selected == goal
        may_go_on.set()
        panel = app.screen.query_one(GoalPanel)
        while "Engaging content" not in str(panel.render()):
            await pilot.pause(0.01)


async def test_of_a_key_held_down_the_last_goal_is_shown_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str | None] = []
    say = goal_panel._say

    def listen(evaluation: Evaluation, goal: str | None, columns: int) -> Content:
        said.append(goal)
        return say(evaluation, goal, columns)

    app = make_app()
    async with app.run_test(size=(120, 34)) as pilot:
        await pilot.pause(0.1)
        monkeypatch.setattr(goal_panel, "_say", listen)
        monkeypatch.setattr("scorecard.tui.screens.map._HELD", 2.0)
        shown = app.screen.query_one(StrategyMap)
        await pilot.press("down")
        shown.action_step(0, 1)
        await pilot.pause()
        shown.action_step(0, 1)
        while shown.selected not in said:
            await pilot.pause(0.01)
        assert len(said) <= 2  # the first press may have been shown, the one before the last was not


async def test_a_fault_while_a_frame_is_made_ends_the_app_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> list[Strip]:
        raise ZeroDivisionError

    async def run() -> None:
        async with make_app().run_test(size=(120, 34)) as pilot:
            await pilot.pause(0.1)
            monkeypatch.setattr(StrategyMap, "render_lines", fail)
            await pilot.press("down")
            await pilot.pause(0.2)

    with pytest.raises(ZeroDivisionError):
        await run()


async def test_a_key_for_another_period_does_not_wait_for_a_large_map(monkeypatch: pytest.MonkeyPatch) -> None:
    may_go_on = Event()

    def draw_late(evaluation: Evaluation, before: Period | None, *, with_kpis: bool) -> Picture:
        assert may_go_on.wait(60)
        return draw_picture(evaluation, before, with_kpis=with_kpis)

    app = make_app()
    async with app.run_test(size=(120, 34)) as pilot:
        await pilot.pause(0.1)
        monkeypatch.setattr("scorecard.tui.screens.map.AT_ONCE", 0)
        monkeypatch.setattr("scorecard.tui.screens.map.draw_picture", draw_late)
        for period in ("2026-09", "2026-08"):
            await pilot.press("left_square_bracket")
            await pilot.pause()
            assert period in str(app.screen.query_one("#head", Static).content)
        map_ = app.screen.query_one(StrategyMap)
        assert map_.picture
        assert map_.picture.period == "2026-10"
        may_go_on.set()
        while map_.picture.period != "2026-08":
            await pilot.pause(0.01)


def test_a_fault_of_ours_is_told_to_who_started_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ReviewApp, "run", lambda self, **_: self.exit(return_code=1))
    with pytest.raises(SystemExit) as ended:
        run(str(EXAMPLE), read_only=True)
    assert ended.value.code == 1
