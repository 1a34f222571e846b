"""The small forms over the review: fields with labels, a line for what is wrong, Enter or Ctrl+S writes, Escape leaves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from scorecard.tui.text import literal

Result = TypeVar("Result")


class Form(ModalScreen[Result]):
    """A frame with fields in the middle of the screen. Its widgets stand in a container with the id `form`."""

    DEFAULT_CSS = """
    Form { align: center middle; background: $background 70%; }
    Form #form { width: 88; max-width: 98%; height: auto; max-height: 95%; padding: 1 2; background: $panel;
        border: round $accent; }
    Form Static { height: auto; width: 100%; }
    Form Grid { grid-size: 2; grid-columns: 12 1fr; grid-rows: auto; height: auto; margin: 1 0; }
    Form Grid Static { color: $quiet; }
    Form Input { height: 1; border: none; padding: 0 1; background: $background; }
    Form Input:focus { border: none; background: $background; text-style: bold; }
    Form #said { color: $status-red; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Leave it")]

    def action_cancel(self) -> None:
        self.dismiss(None)

    def say(self, text: str) -> None:
        """What is wrong, at the foot of the form."""
        self.query_one("#said", Static).update(literal(text, lines=True))

    def typed(self, field: str) -> str:
        return self.query_one(f"#{field}", Input).value.strip()

    def compose_field(self, name: str, label: str, text: str, hint: str, known: Iterable[str] = ()) -> ComposeResult:
        """A label and a line to type in; names that are `known` are completed."""
        names = [literal(one).plain for one in known]
        completed = SuggestFromList(names, case_sensitive=False) if names else None
        yield Static(literal(label))
        yield Input(literal(text).plain, placeholder=literal(hint).plain, id=name, suggester=completed, compact=True)
