"""The map screen: the strategy map, the chosen goal beside it, one line about it below."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, Static

from scorecard.compute.evaluation import Evaluation
from scorecard.render.picture import count_fresh, draw_picture, illustrative_remark
from scorecard.render.words import coverage_words, status_words
from scorecard.tui.session import at_period, move
from scorecard.tui.text import literal
from scorecard.tui.widgets.goal_panel import GoalPanel, summary
from scorecard.tui.widgets.strategy_map import StrategyMap

if TYPE_CHECKING:
    from scorecard.tui.app import ReviewApp

_SIDE = 44  # columns of the panel
NARROW = 100  # columns below which the panel takes the place of the map


class MapScreen(Screen[None]):
    """Walks through one strategy's map. The period and the chosen goal stay where they are when the files change."""

    CSS = """
    #head { height: 1; padding: 0 1; background: $panel; color: $foreground; text-style: bold; }
    #banner { height: auto; max-height: 4; padding: 0 1; display: none; }
    #banner.-shown { display: block; background: $status-red-fill; color: $status-red; }
    #side { width: 44; padding: 0 1; border-left: tall $rule; background: $background; scrollbar-size-vertical: 1; }
    #side:focus { border-left: tall $lit; }
    #goal { width: 100%; height: auto; }
    #line { height: 1; padding: 0 1; background: $panel; color: $foreground; }
    MapScreen.-wide #side { width: 56; }
    MapScreen.-narrow #side { display: none; border-left: none; width: 100%; }
    MapScreen.-narrow.-reading #side { display: block; }
    MapScreen.-narrow.-reading StrategyMap { display: none; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (NARROW, "-normal"), (160, "-wide")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left_square_bracket", "move(-1)", "Earlier", key_display="["),
        Binding("right_square_bracket", "move(1)", "Later", key_display="]"),
        Binding("p", "panel", "Goal"),
        Binding("escape", "back", "Back", show=False),
    ]

    def __init__(self, evaluation: Evaluation) -> None:
        super().__init__()
        self.evaluation = evaluation

    @property
    def review(self) -> ReviewApp:
        return cast("ReviewApp", self.app)

    def compose(self) -> ComposeResult:
        yield Static(id="head")
        yield Static(id="banner")
        with Horizontal():
            yield StrategyMap(draw_picture(self.evaluation), id="map")
            with VerticalScroll(id="side"):
                yield GoalPanel(id="goal")
        yield Static(id="line")
        yield Footer()

    def on_mount(self) -> None:
        self.query_one(StrategyMap).focus()
        self.call_after_refresh(self._show)
        self._show_banner()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_goal)

    def renew(self, evaluation: Evaluation | None) -> None:
        """Take another reading of the strategy, at the same period; None leaves the present one under the banner."""
        if evaluation is not None:
            latest = self.evaluation.column == len(self.evaluation.periods) - 1
            self.evaluation = evaluation if latest else at_period(evaluation, self.evaluation.period)
            self._show()
        self._show_banner()

    def action_move(self, steps: int) -> None:
        """Look at another period."""
        moved = move(self.evaluation, steps)
        if moved is None:
            self.notify("There are no values " + ("before" if steps < 0 else "after") + f" {self.evaluation.period}.")
            return
        self.evaluation = moved
        self._show()

    def action_panel(self) -> None:
        """Put the goal's panel in the foreground and back; without a goal the first one is chosen."""
        if self.query_one(StrategyMap).selected is None:
            self.query_one(StrategyMap).action_rim(0, True)
        side, map_ = self.query_one("#side"), self.query_one(StrategyMap)
        if self.has_class("-narrow"):
            self.toggle_class("-reading")
            (side if self.has_class("-reading") else map_).focus()
            self.call_after_refresh(self._show_goal)
        else:
            (map_ if side.has_focus else side).focus()

    def action_back(self) -> None:
        """From the panel to the map; from the map to the list of a workspace."""
        if self.query_one("#side").has_focus or self.has_class("-reading"):
            self.remove_class("-reading")
            self.query_one(StrategyMap).focus()
        else:
            self.review.action_list()

    @on(StrategyMap.Selected)
    def _selected(self) -> None:
        self._show_goal()
        self.query_one("#side").scroll_home(animate=False)

    @on(StrategyMap.Opened)
    def _opened(self) -> None:
        self.action_panel()

    def _show(self) -> None:
        self.query_one(StrategyMap).picture = draw_picture(self.evaluation)
        self._show_head()
        self._show_goal()

    def _show_head(self) -> None:
        evaluation, index = self.evaluation, self.evaluation.index
        remark = " · illustrative" if illustrative_remark(evaluation.strategy) else ""
        text = literal(f"{evaluation.strategy.title} · {evaluation.period}{remark} · index ")
        text += literal(status_words(index.status, index.score), f"$status-{index.status}")
        text += literal(f", {coverage_words(index.coverage, *count_fresh(evaluation))}", "$quiet")
        problems = self.review.problems
        text += literal(f" · {problems} problem{'' if problems == 1 else 's'}" if problems else "", "$quiet")
        self.query_one("#head", Static).update(text)

    def _show_goal(self) -> None:
        goal = self.query_one(StrategyMap).selected
        width = self.size.width if self.has_class("-reading") else self.query_one("#side").size.width or _SIDE
        self.query_one(GoalPanel).show_goal(self.evaluation, goal, width - 4)
        line = self.query_one("#line", Static)
        line.update(
            summary(self.evaluation, goal) if goal else literal("arrows choose a goal · [ ] period · ? keys", "$quiet")
        )

    def _show_banner(self) -> None:
        banner = self.query_one("#banner", Static)
        trouble = self.review.trouble
        banner.set_class(bool(trouble), "-shown")
        banner.update(literal(trouble))
