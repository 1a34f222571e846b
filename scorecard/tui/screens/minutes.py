"""What is typed in a review: the notes of an item, and a decision with its owner and due date."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, Vertical, VerticalScroll
from textual.widgets import Input, Static, TextArea

from scorecard.model.finding import shorten
from scorecard.model.period import Period, PeriodError, read_period
from scorecard.parser.review_text import Decision, tidy
from scorecard.tui.screens.forms import LEAVING, Form
from scorecard.tui.text import literal

_MOST_OWNERS = 24  # that are listed
Write = Callable[[str, str], str]  # takes what stood there and what was typed, says what is wrong, "" where nothing is


class NoteScreen(Form[bool]):
    """Notes of one item; gives back whether they were written, which Ctrl+S does.

    The draft holds what stood in the file when the typing began too, so that words that came to be there since are kept.
    """

    DEFAULT_CSS = """
    NoteScreen #form { height: 80%; max-height: 30; }
    NoteScreen TextArea, NoteScreen TextArea:focus { height: 1fr; margin: 1 0; border: none; padding: 0 1;
        background: $background; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "save", "Write")]

    def __init__(self, headline: str, notes: str, topic: str, write: Write) -> None:
        super().__init__(topic)
        self._headline, self._write = headline, write
        self._notes = notes
        self._base = self._left.get("base", notes)

    def compose(self) -> ComposeResult:
        text = tidy(self._left.get("text", self._notes))
        with Vertical(id="form"):
            yield Static(literal("Note", "bold $accent") + literal(" · Markdown may be used", "$quiet"))
            yield Static(literal(self._headline, "bold"))
            yield TextArea(text, id="text", soft_wrap=True, show_line_numbers=False, tab_behavior="focus")
            yield Static(literal(f"Ctrl+S writes it · {LEAVING}", "$quiet"))
            yield Static(id="said")

    def on_mount(self) -> None:
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)
        area.focus()

    def read_fields(self) -> dict[str, str]:
        return {"base": self._base} | {one.id or "": one.text for one in self.query(TextArea)}

    def reset_fields(self) -> None:
        """The notes as they stand in the file."""
        self._base = self._notes
        self.query_one(TextArea).text = self._notes

    def find_typed(self) -> dict[str, str]:
        fields = self.read_fields()
        if "text" not in fields:  # the form is still being made
            return self._draft
        return fields if tidy(fields["text"]) != self._base else {}

    def action_save(self) -> None:
        """Write the notes, and go back. Where they are refused they stay here."""
        if wrong := self._write(self._base, self.read_fields()["text"]):
            self.say(f"{wrong}\nCtrl+S tries again. Escape leaves; what you typed is kept and offered the next time.")
            return
        self.dismiss(True)

    def action_cancel(self) -> None:
        """Leave, with what was typed kept as a draft."""
        if self.find_typed():
            self.notify("The note is not written. What you typed is kept: n opens it again.", markup=False)
        self.dismiss(None)


class DecisionScreen(Form[Decision]):
    """Asks for a decision; gives it back once it is written."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Decide"),
        Binding("ctrl+s", "submit", "Decide", show=False),
    ]

    def __init__(
        self,
        headline: str,
        owners: Sequence[str],
        owner: str,
        due: str,
        is_over: Callable[[Period], bool],
        topic: str,
        write: Callable[[Decision], str],
    ) -> None:
        super().__init__(topic)
        self._headline, self._owners, self._owner, self._due = headline, owners, owner, due
        self._is_over, self._write = is_over, write

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="form", can_focus=False):
            yield Static(literal("Decision", "bold $accent"))
            yield Static(literal(self._headline, "bold"))
            with Grid():
                yield from self.compose_field("what", "Decision", "", "what will be done")
                yield from self.compose_field("owner", "Owner", self._owner, "nobody yet; or who does it", self._owners)
                yield from self.compose_field("due", "Due", self._due, "no date; or a period, such as 2026-12")
            yield Static(literal(_say_known(self._owners), "$quiet"))
            proposed = " and ".join(word for word, said in (("owner", self._owner), ("day", self._due)) if said)
            yield Static(literal(f"The {proposed} may be changed or emptied: empty is written as empty.", "$quiet"))
            yield Static(literal("Enter decides · Tab next field · → completes a name", "$quiet"))
            yield Static(literal(LEAVING, "$quiet"))
            yield Static(id="said")

    def on_mount(self) -> None:
        self.query_one("#what", Input).focus()

    @on(Input.Submitted)
    def action_submit(self) -> None:
        """Check what was typed, and write it."""
        text, due = self.typed("what"), None
        if not text:
            self.say("Say what was decided.")
            return
        if self.typed("due"):
            try:
                due = read_period(self.typed("due"))
            except PeriodError as error:
                wrong = str(error).replace("is not a period", "is not a date")
                self.say(f"'{shorten(self.typed('due'), 40)}' {wrong}; write a day such as {self._due}.")
                return
            if self._is_over(due):
                self.say(f"{due} is over already; write a later day, such as {self._due}.")
                return
        decision = Decision(text, self.typed("owner"), due)
        if wrong := self._write(decision):
            self.say(wrong)
        else:
            self.dismiss(decision)


def _say_known(owners: Sequence[str]) -> str:
    """The names that may be meant; of very many the first."""
    rest = f" and {len(owners) - _MOST_OWNERS} more" if len(owners) > _MOST_OWNERS else ""
    return f"known: {', '.join(owners[:_MOST_OWNERS])}{rest}" if owners else ""
