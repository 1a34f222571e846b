"""Asking which of several figures is meant: a list, by keys or by its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from scorecard.tui.item_figures import ItemFigure
from scorecard.tui.screens.forms import Form
from scorecard.tui.text import fit, literal
from scorecard.tui.widgets.choices import ChoiceList

_TITLE = 34  # columns of a name at most
_NUMBERED = 9  # figures that a digit chooses


class FigureScreen(Form[ItemFigure]):
    """Gives back the figure chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Choose"),
        Binding("down,j", "step(1)", show=False),
        Binding("up,k", "step(-1)", show=False),
        *(Binding(str(number), f"pick({number})", show=False) for number in range(1, _NUMBERED + 1)),
    ]

    def __init__(self, question: str, figures: Sequence[ItemFigure]) -> None:
        super().__init__()
        self._question, self._figures = question, figures

    def compose(self) -> ComposeResult:
        wide = min(_TITLE, max(len(literal(one.title).plain) for one in self._figures))
        with Vertical(id="form"):
            yield Static(literal(self._question, "bold $accent"))
            yield ChoiceList(*(self._say(number, wide) for number in range(len(self._figures))))
            yield Static(literal("Enter or its number chooses · Escape leaves", "$quiet"))

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    def action_choose(self) -> None:
        self.query_one(OptionList).action_select()

    def action_step(self, steps: int) -> None:
        options = self.query_one(OptionList)
        (options.action_cursor_down if steps > 0 else options.action_cursor_up)()

    def action_pick(self, number: int) -> None:
        if number <= len(self._figures):
            self.dismiss(self._figures[number - 1])

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._figures[event.option_index])

    def _say(self, at: int, wide: int) -> Option:
        one = self._figures[at]
        digit = f"{at + 1} " if at < _NUMBERED else "  "
        title = fit(literal(one.title).plain, wide)
        return Option(literal(digit, "bold $accent") + literal(f"{title}  ") + literal(one.said, "$quiet"))
