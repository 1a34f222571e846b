"""The strategies of a workspace: a list with index, coverage and what is worst; Enter goes in."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Static

from scorecard.tui.text import literal
from scorecard.tui.widgets.key_bar import KeyBar
from scorecard.tui.widgets.strategy_list import StrategyList

if TYPE_CHECKING:
    from scorecard.tui.app import ReviewApp


class StrategiesScreen(Screen[None]):
    """Chooses one strategy of the workspace."""

    CSS = """
    #head { height: 1; padding: 0 1; background: $panel; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Back", show=False)]

    def compose(self) -> ComposeResult:
        yield Static(id="head")
        yield StrategyList()
        yield KeyBar()

    def on_mount(self) -> None:
        self.renew()
        self.query_one(StrategyList).focus()

    def renew(self) -> None:
        """Fill the list anew; the cursor stays."""
        evaluations = cast("ReviewApp", self.app).evaluations
        self.query_one("#head", Static).update(literal(f"Strategies of this workspace · {len(evaluations):,}"))
        self.query_one(StrategyList).show_strategies(evaluations)

    @on(StrategyList.Opened)
    def _open(self) -> None:
        if name := self.query_one(StrategyList).chosen:
            self.dismiss()
            cast("ReviewApp", self.app).enter(name)
