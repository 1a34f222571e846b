"""Asking back before a review period is closed, and by whom."""

from __future__ import annotations

import getpass
import os
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, VerticalScroll
from textual.widgets import Input, Static

from scorecard.store.ledger_chain import Row
from scorecard.store.recording import Refused
from scorecard.tui.closing import close_period, find_closing
from scorecard.tui.meeting import Meeting
from scorecard.tui.memory import recall, remember
from scorecard.tui.screens.forms import LEAVING, Form
from scorecard.tui.text import literal


class ClosingScreen(Form[Row]):
    """Closes the period of a review; gives back the row of the store that says so."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "submit", "Close", show=False)]

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(f"closing {meeting.key}")
        self._meeting, self._period = meeting, meeting.evaluation.period

    def compose(self) -> ComposeResult:
        about = "From then on a change to its figures on record needs a reason. It cannot be opened again as a whole."
        left = self._meeting.left
        with VerticalScroll(id="form", can_focus=False):
            yield Static(literal(f"Close {self._period}?", "bold $accent"))
            yield Static(literal(about))
            if left:
                said = f"{left} item{'' if left == 1 else 's'} of the review not seen yet."
                yield Static(literal(said, "$status-amber"))
            with Grid():
                yield from self.compose_field("by", "Your name", recall("name") or _find_login(), "who says so")
                yield from self.compose_field("note", "Note", "", "what to know about it")
            yield Static(literal(f"Enter closes the period · {LEAVING}", "$quiet"))
            yield Static(id="said")

    def on_mount(self) -> None:
        self.query_one("#note" if self.typed("by") else "#by", Input).focus()

    @on(Input.Submitted)
    def action_submit(self) -> None:
        if not self.typed("by"):
            self.say("Say who closes it.")
        elif not self._busy:
            self._busy = True
            self._record(self.typed("by"), self.typed("note"))

    @work(thread=True, exit_on_error=False)
    def _record(self, by: str, note: str) -> None:
        """In a thread: the store may have to wait for other writers."""
        card = self._meeting.scorecard
        try:
            row = close_period(card, self._period, by, note) or find_closing(card, self._period)
        except Refused as refused:
            one = refused.findings[0]
            self.app.call_from_thread(self._refuse, f"{one.message}; {one.hint}")
            return
        self.app.call_from_thread(self._done, by, row)

    def _refuse(self, wrong: str) -> None:
        self._busy = False
        self.say(wrong)

    def _done(self, by: str, row: Row | None) -> None:
        remember("name", by)
        self.dismiss(row)


def _find_login() -> str:
    try:
        return os.environ.get("SCORECARD_BY") or getpass.getuser()
    except (KeyError, ImportError, OSError):
        return ""
