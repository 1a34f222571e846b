"""The scenarios that were kept beside the strategy, one of which is chosen."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from scorecard.parser.replacement import Refused
from scorecard.parser.scenario_file import ScenarioFile, Shelf, list_scenarios, open_scenario
from scorecard.render.scenario_words import change_words
from scorecard.tui.text import fit, literal
from scorecard.tui.widgets.choices import ChoiceList

_WIDE = 68  # columns of a line


class ScenariosScreen(ModalScreen[ScenarioFile | None]):
    """Gives back the file chosen, None where none was. What cannot be applied is listed with its first finding."""

    DEFAULT_CSS = """
    ScenariosScreen { align: center middle; background: $background 70%; }
    ScenariosScreen #box { width: 84; max-width: 98%; height: auto; max-height: 80%; padding: 1 2; background: $panel;
        border: round $accent; }
    ScenariosScreen Static { height: auto; width: 100%; }
    ScenariosScreen #odd { color: $status-amber; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Leave it")]

    def __init__(self, shelf: Shelf, title: str, warning: str = "") -> None:
        super().__init__()
        self._title, self._warning = title, warning
        self._shelf = shelf
        self._files: dict[str, ScenarioFile] = {}

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(literal(self._title, "bold"))
            yield Static(literal(self._warning), id="odd")
            yield ChoiceList(*(self._list(name) for name in list_scenarios(self._shelf)))
            yield Static(literal("Enter takes it · Escape leaves it", "$quiet"))

    def on_mount(self) -> None:
        self.query_one("#odd").display = bool(self._warning)
        self.query_one(OptionList).focus()

    def action_cancel(self) -> None:
        self.dismiss(None)

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._files.get(str(event.option.id)))

    def _list(self, name: str) -> Option:
        """A file: what it is called, its note, and what it changes or what is wrong with it."""
        try:
            file = open_scenario(self._shelf, name)
        except Refused as refused:
            return self._refuse(name, str(refused))
        if not file.sound:
            return self._refuse(name, f"{file.findings[0].place}: {file.findings[0].message}")
        self._files[name] = file
        said = ", ".join(change_words(self._shelf.strategy, one) for one in file.scenario.changes) or "changes nothing"
        lines = [_cut(file.scenario.called, "bold"), _cut(said)]
        if note := file.scenario.note:
            lines.insert(1, _cut(note, "$quiet"))
        return Option(Content("\n").join(lines), id=name)

    def _refuse(self, name: str, reason: str) -> Option:
        return Option(
            literal(name, "bold") + literal("\n", lines=True) + literal(f"▲ {reason}", "$status-red"), disabled=True
        )


def _cut(text: str, style: str = "") -> Content:
    """One line of the list."""
    return literal(fit(text, _WIDE).rstrip(), style)
