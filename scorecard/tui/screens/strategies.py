"""The strategies of a workspace: a list with index, coverage and what is worst; Enter goes in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Static

from scorecard.tui.notices import shorten_paths
from scorecard.tui.search import Choice, find_goals
from scorecard.tui.text import literal
from scorecard.tui.widgets.key_bar import KeyBar
from scorecard.tui.widgets.strategy_list import StrategyList

if TYPE_CHECKING:
    from scorecard.tui.app import ReviewApp


class StrategiesScreen(Screen[None]):
    """Chooses one strategy of the workspace."""

    CSS = """
    #head { height: 1; padding: 0 1; background: $panel; text-style: bold; }
    #trouble { height: auto; max-height: 4; padding: 0 1; display: none; background: $status-red-fill; color: $status-red; }
    #trouble.-shown { display: block; }
    """
    FINDS = "strategies"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Back", show=False)]

    def compose(self) -> ComposeResult:
        yield Static(id="head")
        yield Static(id="trouble")
        yield StrategyList()
        yield KeyBar()

    def on_mount(self) -> None:
        self.renew()
        self.query_one(StrategyList).focus()

    def renew(self) -> None:
        """Fill the list anew; the cursor stays."""
        app = cast("ReviewApp", self.app)
        evaluations, trouble = app.evaluations, self.query_one("#trouble", Static)
        trouble.set_class(bool(app.trouble), "-shown")
        trouble.update(literal(shorten_paths(app.trouble, app.path)))
        self.query_one("#head", Static).update(literal(f"Strategies of this workspace · {len(evaluations):,}"))
        self.query_one(StrategyList).show_strategies(evaluations)

    def list_finds(self) -> Iterator[Choice]:
        """What a search finds: the strategies, then the goals and KPIs of all."""
        evaluations = cast("ReviewApp", self.app).evaluations
        for name, evaluation in evaluations.items():
            yield Choice(evaluation.strategy.title, "strategy", partial(self._enter, name))
        for name, evaluation in evaluations.items():
            strategy = evaluation.strategy
            yield from find_goals(strategy, partial(self._enter, name), f" · {strategy.title}")

    @on(StrategyList.Opened)
    def _open(self) -> None:
        if name := self.query_one(StrategyList).chosen:
            self._enter(name)

    def _enter(self, strategy: str, goal: str | None = None, kpi: str | None = None) -> None:
        """Go into a strategy, or to a goal or KPI of it, if it is still there; once, also where Enter comes twice in a burst."""
        app = cast("ReviewApp", self.app)
        if self.is_current and strategy in app.evaluations:
            self.dismiss()
            app.enter(strategy)
            if goal:
                app.shell.open_detail(goal, kpi)
