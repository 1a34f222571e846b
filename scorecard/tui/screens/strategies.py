"""The strategies of a workspace: a list with index and coverage; Enter goes in."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from scorecard.model.status import Signal
from scorecard.render.words import percent, status_words
from scorecard.tui.text import literal
from scorecard.tui.widgets.choices import ChoiceList
from scorecard.tui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    from scorecard.tui.app import ReviewApp


class StrategiesScreen(Screen[None]):
    """Chooses one strategy of the workspace."""

    CSS = """
    #head { height: 1; padding: 0 1; background: $panel; text-style: bold; }
    OptionList { height: 1fr; border: none; background: $background; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Back", show=False)]

    def compose(self) -> ComposeResult:
        yield Static(literal("Strategies of this workspace"), id="head")
        yield ChoiceList()
        yield KeyBar()

    def on_mount(self) -> None:
        self.renew()
        self.query_one(OptionList).focus()

    def renew(self) -> None:
        """Fill the list anew; the cursor stays."""
        options = self.query_one(OptionList)
        at = options.highlighted
        options.clear_options()
        for name, evaluation in cast("ReviewApp", self.app).evaluations.items():
            index = evaluation.index
            warnings = sum(goal.signal is Signal.WARNING for goal in evaluation.goals)
            line = literal(status_words(index.status, index.score).ljust(16), f"$status-{index.status}")
            line += literal(f"  {evaluation.strategy.title}  ", "bold")
            line += literal(
                f"{evaluation.period} · coverage {percent(index.coverage)} · {len(evaluation.goals)} goals", "$quiet"
            )
            line += literal(f" · {warnings} warnings" if warnings else "", "$quiet")
            options.add_option(Option(line, id=name))
        options.highlighted = at if at is not None and at < options.option_count else 0

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        app = cast("ReviewApp", self.app)
        self.dismiss()
        app.enter(str(event.option.id))
