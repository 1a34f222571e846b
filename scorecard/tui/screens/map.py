"""The map: the strategy map, and the chosen goal beside it."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content

from scorecard.render.picture import draw_picture
from scorecard.tui.screens.view import View
from scorecard.tui.text import literal
from scorecard.tui.widgets.goal_panel import GoalPanel, summary
from scorecard.tui.widgets.strategy_map import StrategyMap

_SIDE = 44  # columns of the panel


class MapView(View):
    """Walks through the map. On a narrow screen the panel takes the place of the map."""

    HOME = "StrategyMap"
    DEFAULT_CSS = """
    MapView #side { width: 44; padding: 0 1; border-left: tall $rule; background: $background;
        scrollbar-size-vertical: 1; }
    MapView #side:focus { border-left: tall $lit; }
    MapView #goal { width: 100%; height: auto; }
    .-wide MapView #side { width: 56; }
    .-narrow MapView #side { display: none; border-left: none; width: 100%; }
    .-narrow MapView.-reading #side { display: block; }
    .-narrow MapView.-reading StrategyMap { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "panel", "Goal"),
        Binding("enter", "detail", "Detail", show=False),
    ]

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield StrategyMap(draw_picture(self.session.evaluation), id="map")
            with VerticalScroll(id="side"):
                yield GoalPanel(id="goal")

    def show(self) -> None:
        map_, session = self.query_one(StrategyMap), self.session
        map_.picture = draw_picture(session.evaluation)
        if map_.selected != session.goal:
            map_.selected = session.goal
        self.call_after_refresh(self._show_goal)

    def say_line(self) -> Content:
        goal = self.session.goal
        if goal:
            return summary(self.session.evaluation, goal)
        return literal("arrows choose a goal · [ ] period · ? keys · ctrl+p everything", "$quiet")

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
            self.shell.choose(event.goal_id)
        self._show_goal()
        self.query_one("#side").scroll_home(animate=False)

    @on(StrategyMap.Opened)
    def _opened(self, event: StrategyMap.Opened) -> None:
        if self.screen.has_class("-narrow") and not self.has_class("-reading"):
            self.action_panel()
        else:
            self.shell.open_detail(event.goal_id)

    def _show_goal(self) -> None:
        width = self.size.width if self.has_class("-reading") else self.query_one("#side").size.width or _SIDE
        self.query_one(GoalPanel).show_goal(self.session.evaluation, self.session.goal, width - 4)
