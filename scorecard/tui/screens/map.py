"""The map: the strategy map, and the chosen goal beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from time import monotonic
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from scorecard.render.picture import draw_picture, list_kpis
from scorecard.tui.advice import say_next_step
from scorecard.tui.keys import bind
from scorecard.tui.screens.view import View
from scorecard.tui.text import literal
from scorecard.tui.widgets.goal_panel import GoalPanel, summary
from scorecard.tui.widgets.strategy_map import AT_ONCE, StrategyMap
from scorecard.tui.work import working

_HELD = 0.06  # seconds: of two goals sooner after another, the first is not shown beside
_BREATH = 0.005  # seconds in which the frame of the map goes out, before what stands beside it is computed


class MapView(View):
    """Walks through the map. On a narrow screen the panel takes the place of the map."""

    HOME = "StrategyMap"
    BLANK = True  # all of it is covered: Textual need not paint what lies below
    DEFAULT_CSS = """
    MapView { layout: horizontal; }
    MapView GoalPanel { width: 44; }
    .-slim MapView GoalPanel { width: 30; }
    .-wide MapView GoalPanel { width: 56; }
    .-narrow MapView GoalPanel { display: none; width: 100%; }
    .-narrow MapView.-reading GoalPanel { display: block; }
    .-narrow MapView.-reading StrategyMap { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("map.panel", "panel", "Goal"),
        Binding("enter", "detail", "Detail", show=False),
    ]

    _following = False  # whether the panel is about to show the chosen goal
    _chosen, _held = 0.0, False  # when a goal was chosen last, and whether soon after another

    def compose(self) -> ComposeResult:
        self._drawn = self.session.evaluation, self.session.before
        yield (map_ := StrategyMap(draw_picture(*self._drawn, with_kpis=False), id="map"))
        map_.tell = self._tell
        yield GoalPanel(id="goal")

    def show(self) -> None:
        map_, session = self.query_one(StrategyMap), self.session
        evaluation, before = self._drawn
        if evaluation is not session.evaluation or before != session.before:
            self._drawn = session.evaluation, session.before
            if len(session.evaluation.strategy.goals) > AT_ONCE:
                self.run_worker(self._draw(), group="drawing", exclusive=True)
            else:
                map_.picture = draw_picture(*self._drawn, with_kpis=False)
        if map_.selected != session.goal:
            map_.selected = session.goal
        self.call_after_refresh(self._show_goal)

    async def _draw(self) -> None:
        """Draw a large map beside the keys; it stands as it was until then."""
        with working(self.app, "drawing"):
            picture = await asyncio.to_thread(partial(draw_picture, *self._drawn, with_kpis=False))
        for map_ in self.query(StrategyMap):  # none while the app closes
            map_.picture = picture

    def _tell(self, goal: str) -> tuple[str, ...]:
        return list_kpis(self.session.evaluation, goal)

    def say_line(self) -> Content:
        goal = self.session.goal
        if goal:
            return summary(self.session.evaluation, goal)
        usual = "arrows choose a goal · [ ] period · ? help · ctrl+p everything"
        return literal(say_next_step(self.session, self.shell.review.read_only) or usual, "$quiet")

    def idle(self) -> Iterator[str]:
        yield from super().idle()
        if self.session.goal is None:
            yield from ("open", "map.chain")

    def back(self) -> bool:
        """From the panel to the map."""
        away = self.query_one(GoalPanel).has_focus or self.has_class("-reading")
        self.remove_class("-reading")
        self.query_one(StrategyMap).focus()
        return away

    def action_panel(self) -> None:
        """Put the goal's panel in the foreground and back; without a goal the first one is chosen."""
        side, map_ = self.query_one(GoalPanel), self.query_one(StrategyMap)
        if map_.selected is None:
            map_.action_rim(0, True)
        if self.screen.has_class("-narrow"):
            self.toggle_class("-reading")
            (side if self.has_class("-reading") else map_).focus()
        else:
            (map_ if side.has_focus else side).focus()

    def action_detail(self) -> None:
        """The chosen goal in detail, from the panel."""
        if self.session.goal:
            self.shell.open_detail(self.session.goal)

    @on(StrategyMap.Selected)
    def _selected(self, event: StrategyMap.Selected) -> None:
        event.stop()
        if event.goal_id != self.session.goal:
            self.session.goal, self.session.kpi = event.goal_id, None
        now = monotonic()
        self._held, self._chosen = now - self._chosen < _HELD, now
        if not self._following:  # of keys that come faster than frames only the last goal is shown beside
            self._following = True
            self.call_after_refresh(self._begin_to_follow)

    @on(StrategyMap.Opened)
    def _opened(self, event: StrategyMap.Opened) -> None:
        if self.screen.has_class("-narrow") and not self.has_class("-reading"):
            self.action_panel()
        else:
            self.shell.open_detail(event.goal_id)

    def _begin_to_follow(self) -> None:
        self.run_worker(self._follow())  # a callback that waits would hold up the keys on their way through the screen

    async def _follow(self) -> None:
        """Show the chosen goal beside the map, which has been drawn, and at the foot. Keys come before what is said of it,
        and while one is held down the map moves alone."""
        await asyncio.sleep(_BREATH)
        while self._held and (rest := self._chosen + _HELD - monotonic()) > 0:
            await asyncio.sleep(rest)
        self._following = False
        self.shell.show_line()
        for panel in self.query(GoalPanel):
            await panel.prepare(self.session.evaluation, self.session.goal)
        if not self._following:
            self._show_goal()

    def _show_goal(self) -> None:
        for panel in self.query(GoalPanel):  # none while the app closes
            panel.show_goal(self.session.evaluation, self.session.goal)
