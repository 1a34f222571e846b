"""The line that asks for a text at the foot of the screen: the filter, or a period to go to."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from scorecard.tui.text import literal

Heard = Callable[[str], str]  # takes the text and says what is wrong with it, "" where nothing is


class Prompt(Vertical):
    """Asks for one text; it says itself while typing what is wrong, on a line of its own. Enter ends it, Escape takes the text
    back."""

    DEFAULT_CSS = """
    Prompt { height: auto; display: none; background: $panel; }
    Prompt.-asking { display: block; }
    Prompt Horizontal { height: 1; }
    Prompt #asked { width: auto; max-width: 50%; height: 1; padding: 0 1; color: $accent; text-style: bold; text-wrap: nowrap;
        text-overflow: ellipsis; }
    Prompt Input, Prompt Input:focus { width: 1fr; height: 1; border: none; padding: 0; background: $panel; }
    Prompt #wrong { display: none; height: auto; max-height: 3; padding: 0 1; color: $status-amber; }
    Prompt.-wrong #wrong { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel"), Binding("enter", "", "Done")]

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static(id="asked")
            yield Input(compact=True)
        yield Static(id="wrong")

    def ask(
        self, label: str, text: str, hint: str, changed: Heard | None, done: Heard, ended: Callable[[], None]
    ) -> None:
        """Open: `changed` hears each key, `done` the text at the end and may refuse it, `ended` that the line is closed."""
        self._changed, self._done, self._ended, self._before = changed, done, ended, text
        self.query_one("#asked", Static).update(literal(label))
        box = self.query_one(Input)
        box.placeholder = literal(hint).plain
        box.value = text
        box.cursor_position = len(text)
        self._complain("")
        self.add_class("-asking")
        box.focus()

    @property
    def is_asking(self) -> bool:
        return self.has_class("-asking")

    def action_cancel(self) -> None:
        if self._changed:
            self._changed(self._before)
        self._close()

    @on(Input.Changed)
    def _hear(self, event: Input.Changed) -> None:
        event.stop()
        if self.is_asking and self._changed:
            self._complain(self._changed(event.value))

    @on(Input.Submitted)
    def _finish(self, event: Input.Submitted) -> None:
        event.stop()
        wrong = self._done(event.value)
        self._complain(wrong)
        if not wrong:
            self._close()

    def _complain(self, wrong: str) -> None:
        self.set_class(bool(wrong), "-wrong")
        self.query_one("#wrong", Static).update(literal(wrong))

    def _close(self) -> None:
        self.remove_class("-asking")
        self._ended()
