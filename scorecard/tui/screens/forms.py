"""The small forms over the screens: fields with labels, a line for what is wrong. Enter writes; Escape leaves without writing,
and what was typed stands there again when the form is opened the next time, also in the next session."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.timer import Timer
from textual.widgets import Input, Static, TextArea

from scorecard.tui.drafts import drop_draft, find_draft, keep_draft
from scorecard.tui.text import literal

_PAUSE = 0.3  # seconds without a key after which a draft is kept
Result = TypeVar("Result")
LEAVING = "Escape leaves; what is typed stays here"
AGAIN = "This was typed before, and is not written yet. Ctrl+G drops it."


class Form(ModalScreen[Result]):
    """A frame with fields in the middle of the screen. Its widgets stand in a container with the id `form`.

    It is dismissed with None where nothing was written. What is typed is kept as the draft of its `topic` until it is
    written, also where the app is ended from outside, and fills in the next form of that topic. Without a topic nothing is
    kept.
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
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Leave it"),
        Binding("ctrl+g", "forget", "Drop what was typed", show=False),
    ]

    def __init__(self, topic: str = "") -> None:
        super().__init__()
        self._topic = topic
        self._busy = False  # what was typed is being written: that is waited for
        self._dismissed = False
        self._usual: dict[str, str] = {}  # what the fields hold when nothing was typed before
        self._left = find_draft(topic) if topic else {}  # what was typed before, by field
        self._draft = self._kept = self._left  # what is to be found again, and what of this form stands on disk
        self._pause: Timer | None = None

    def on_mount(self) -> None:
        if self._left:
            self.say(AGAIN, "question")

    def on_unmount(self) -> None:
        """Also when the app is ended from outside."""
        self._keep()

    def action_cancel(self) -> None:
        if not self._busy:
            self.dismiss(None)

    def action_forget(self) -> None:
        """Drop what was typed: the fields say again what they usually do."""
        self.reset_fields()
        self.say("")

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close; what was typed and not written is kept for the next time. A form that closes already goes on doing so."""
        if self._dismissed:
            return AwaitComplete()
        self._draft = self.find_typed() if result is None else {}
        self._dismissed = True
        self._keep()
        return super().dismiss(result)

    def say(self, text: str, kind: Literal["error", "question"] = "error") -> None:
        """What is wrong, or to be confirmed, at the foot of the form."""
        said = self.query_one("#said", Static)
        said.set_class(kind == "question", "-question")
        said.update(literal(text, lines=True))

    def read_fields(self) -> dict[str, str]:
        """What stands in each field."""
        return {field.id or "": field.value for field in self.query(Input)}

    def reset_fields(self) -> None:
        """Put into each field what usually stands there."""
        for one in self.query(Input):
            one.value = self._usual[one.id or ""]

    def find_typed(self) -> dict[str, str]:
        """The fields that say something else than usual, which are kept; none where nothing was typed."""
        fields = self.read_fields()
        if not fields or fields.keys() != self._usual.keys():  # the form is still being made
            return self._draft
        return {name: text for name, text in fields.items() if text != self._usual[name]}

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

    @on(Input.Changed)
    @on(TextArea.Changed)
    def keep_soon(self) -> None:
        """Something was typed: keep it once no key comes for a moment."""
        if not self._dismissed:
            self._draft = self.find_typed()
            if self._pause:
                self._pause.stop()
            self._pause = self.set_timer(_PAUSE, self._keep)

    def _keep(self) -> None:
        """On disk: another session that types into the same form keeps what is its own."""
        if self._topic and self._draft:
            keep_draft(self._topic, self._draft)
        elif self._topic and find_draft(self._topic) == self._kept:
            drop_draft(self._topic)
        self._kept = self._draft
