"""The map: the strategy map, and the chosen goal beside it."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from scorecard.render.picture import draw_picture
from scorecard.tui.advice import say_next_step
from scorecard.tui.keys import bind
from scorecard.tui.screens.view import View
from scorecard.tui.text import literal
from scorecard.tui.widgets.goal_panel import GoalPanel, summary
from scorecard.tui.widgets.strategy_map import StrategyMap

_SIDE = 44  # columns of the panel
_BREATH = 0.002  # seconds in which the frame of the map goes out, before what stands beside it is computed


class MapView(View):
    """Walks through the map. On a narrow screen the panel takes the place of the map."""

    HOME = "StrategyMap"
    BLANK = True  # all of it is covered: Textual need not paint what lies below
    DEFAULT_CSS = """
    MapView { layout: horizontal; }
    MapView #side { width: 44; padding: 0 1; border-left: tall $rule; background: $background;
        scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    MapView #side:focus { border-left: tall $lit; }
    MapView #goal { width: 100%; height: auto; min-height: 100%; }
    .-wide MapView #side { width: 56; }
    .-narrow MapView #side { display: none; border-left: none; width: 100%; }
    .-narrow MapView.-reading #side { display: block; }
    .-narrow MapView.-reading StrategyMap { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("map.panel", "panel", "Goal"),
        Binding("enter", "detail", "Detail", show=False),
    ]

    _following = False  # whether the panel is about to show the chosen goal

    def compose(self) -> ComposeResult:
        yield StrategyMap(draw_picture(self.session.evaluation, self.session.before), id="map")
        with VerticalScroll(id="side"):
            yield GoalPanel(id="goal")

    def show(self) -> None:
        map_, session = self.query_one(StrategyMap), self.session
        map_.picture = draw_picture(session.evaluation, session.before)
        if map_.selected != session.goal:
            map_.selected = session.goal
        self.call_after_refresh(self._show_goal)

    def say_line(self) -> Content:
        goal = self.session.goal
        if goal:
            return summary(self.session.evaluation, goal)
        usual = "arrows choose a goal · [ ] period · ? keys · ctrl+p everything"
        return literal(say_next_step(self.session, self.shell.review.read_only) or usual, "$quiet")

    def back(self) -> bool:
        """From the panel to the map."""
        away = self.query_one("#side").has_focus or self.has_class("-reading")
        self.remove_class("-reading")
        self.query_one(StrategyMap).focus()
        return away

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_goal)

    def action_panel(self) -> None:
        """Put the goal's panel in the foreground and back; without a goal the first one is chosen."""
        side, map_ = self.query_one("#side"), self.query_one(StrategyMap)
        if map_.selected is None:
            map_.action_rim(0, True)
        if self.screen.has_class("-narrow"):
            self.toggle_class("-reading")
            (side if self.has_class("-reading") else map_).focus()
            self.call_after_refresh(self._show_goal)
        else:
            (map_ if side.has_focus else side).focus()

    def action_detail(self) -> None:
        """The chosen goal in detail, from the panel."""
        if self.session.goal:
            self.shell.open_detail(self.session.goal)

    @on(StrategyMap.Selected)
    def _selected(self, event: StrategyMap.Selected) -> None:
        if event.goal_id != self.session.goal:
            self.session.goal, self.session.kpi = event.goal_id, None
        if not self._following:  # of keys that come faster than frames only the last goal is shown beside
            self._following = True
            self.call_after_refresh(self._follow)

    @on(StrategyMap.Opened)
    def _opened(self, event: StrategyMap.Opened) -> None:
        if self.screen.has_class("-narrow") and not self.has_class("-reading"):
            self.action_panel()
        else:
            self.shell.open_detail(event.goal_id)

    async def _follow(self) -> None:
        """Show the chosen goal beside the map, which has been drawn, and at the foot."""
        await asyncio.sleep(_BREATH)
        self._following = False
        self.shell.show_line()
        self._show_goal()
        if (side := self.query_one("#side")).scroll_y:
            side.scroll_home(animate=False)

    def _show_goal(self) -> None:
        width = self.size.width if self.has_class("-reading") else self.query_one("#side").size.width or _SIDE
        self.query_one(GoalPanel).show_goal(self.session.evaluation, self.session.goal, width - 4)
