"""The small forms over the screens: fields with labels, a line for what is wrong. Enter writes; Escape leaves without writing,
and what was typed stands there again when the form is opened the next time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Literal, TypeVar, cast

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from scorecard.tui.text import literal

if TYPE_CHECKING:
    from scorecard.tui.app import ReviewApp

Result = TypeVar("Result")
LEAVING = "Escape leaves; what is typed stays here"
AGAIN = "This was typed before, and is not written yet."


class Form(ModalScreen[Result]):
    """A frame with fields in the middle of the screen. Its widgets stand in a container with the id `form`.

    It is dismissed with None where nothing was written: then its fields are kept in this session under its `topic`, and
    filled in again by the next form of that topic. Without a topic nothing is kept.
    """

    DEFAULT_CSS = """
    Form { align: center middle; background: $background 70%; }
    Form #form { width: 88; max-width: 98%; height: auto; max-height: 95%; padding: 1 2; background: $panel;
        border: round $accent; }
    Form Static { height: auto; width: 100%; }
    Form Grid { grid-size: 2; grid-columns: 12 1fr; grid-rows: auto; height: auto; margin: 1 0; }
    Form Grid Static { color: $quiet; }
    Form Input { height: 1; border: none; padding: 0 1; background: $background; }
    Form Input:focus { border: none; background: $background; text-style: bold; }
    Form #said.-question { color: $status-amber; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Leave it")]

    def __init__(self, topic: str = "") -> None:
        super().__init__()
        self._topic = topic
        self._busy = False  # what was typed is being written: that is waited for
        self._dismissed = False
        self._usual: dict[str, str] = {}  # what the fields hold when nothing was typed before

    def on_mount(self) -> None:
        if self._left:
            self.say(AGAIN, "question")

    def action_cancel(self) -> None:
        if not self._busy:
            self.dismiss(None)

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close; what was typed and not written is kept for the next time. A form that closes already goes on doing so."""
        if self._dismissed:
            return AwaitComplete()
        self._dismissed = True
        typed = self.read_fields()
        if result is None and self._topic and typed != self._usual:
            self._all_left[self._topic] = typed
        else:
            self._all_left.pop(self._topic, None)
        return super().dismiss(result)

    def say(self, text: str, kind: Literal["error", "question"] = "error") -> None:
        """What is wrong, or to be confirmed, at the foot of the form."""
        said = self.query_one("#said", Static)
        said.set_class(kind == "question", "-question")
        said.update(literal(text, lines=True))

    def read_fields(self) -> dict[str, str]:
        """What stands in each field."""
        return {field.id or "": field.value for field in self.query(Input)}

    def typed(self, field: str) -> str:
        return self.query_one(f"#{field}", Input).value.strip()

    def compose_field(
        self, name: str, label: str, text: str, hint: str, known: Iterable[str] = (), kind: str = ""
    ) -> ComposeResult:
        """A label and a line to type in, which holds `text`, or what was typed before; names that are `known` are
        completed. `kind` is a class of both."""
        names = [literal(one).plain for one in known]
        completed = SuggestFromList(names, case_sensitive=False) if names else None
        self._usual[name] = literal(text).plain
        held = self._left.get(name, self._usual[name])
        yield Static(literal(label), classes=kind)
        yield Input(held, placeholder=literal(hint).plain, id=name, suggester=completed, classes=kind, compact=True)

    @property
    def _left(self) -> dict[str, str]:
        """What was typed into this form before and not written, by field."""
        return self._all_left.get(self._topic, {})

    @property
    def _all_left(self) -> dict[str, dict[str, str]]:
        return cast("ReviewApp", self.app).left
