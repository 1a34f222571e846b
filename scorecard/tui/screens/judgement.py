"""Overriding the status of a goal where the team knows better than the numbers, and taking such a judgement out again."""

from __future__ import annotations

import os
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from scorecard.compute.results import GoalResult
from scorecard.model.finding import shorten
from scorecard.model.goal import Override
from scorecard.model.period import Period, PeriodError, read_period
from scorecard.model.status import Status
from scorecard.parser.replacement import Refused
from scorecard.parser.splice import GoalText, find_goal, splice_override
from scorecard.render.words import status_words
from scorecard.tui.app import ReviewApp
from scorecard.tui.closing import find_closing
from scorecard.tui.drafts import name_override
from scorecard.tui.memory import recall, remember
from scorecard.tui.screens.forms import LEAVING, Form
from scorecard.tui.session import Session, Writing
from scorecard.tui.text import literal
from scorecard.tui.trouble import say_unwritable

_CHOICES = (Status.GREEN, Status.AMBER, Status.RED)


class StatusChoice(Widget, can_focus=True):
    """One of the three colours: the arrow keys walk through them, a click chooses. Letters are for the other fields."""

    DEFAULT_CSS = """
    StatusChoice { height: 1; padding: 0 1; background: $background; }
    StatusChoice:focus { text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "walk(-1)", "Before", show=False),
        Binding("right,space", "walk(1)", "Colour", key_display="← →"),
        Binding("enter", "submit", show=False),
    ]

    class Submitted(Message):
        """Enter was pressed."""

    class Changed(Message):
        """Another colour was chosen."""

    def __init__(self, status: Status, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.status = status if status in _CHOICES else Status.GREEN

    def render(self) -> Content:
        parts = []
        for status in _CHOICES:
            chosen = status == self.status
            text = f"[{status.sign} {status}]" if chosen else f" {status.sign} {status} "
            parts.append(literal(text, f"bold $status-{status}" if chosen else "$quiet"))
        return literal(" ").join(parts)

    def on_click(self, event: events.Click) -> None:
        right = self.styles.padding.left
        for status in _CHOICES:
            right += len(status) + 5
            if event.x < right:
                self.action_choose(status)
                return

    def action_walk(self, steps: int) -> None:
        self.action_choose(_CHOICES[(_CHOICES.index(self.status) + steps) % len(_CHOICES)])

    def action_choose(self, status: str) -> None:
        self.status = Status(status)
        self.refresh()
        self.post_message(self.Changed())

    def action_submit(self) -> None:
        self.post_message(self.Submitted())


class OverrideScreen(Form[tuple[Writing, str]]):
    """Writes the override of a goal into the strategy's file; gives back what was done, to be undone, and in words.

    The file must still be what it was when this opened. Making one raises Refused where the goal is not found. `closed` says how
    the period looked at was closed, "" where it is open: then what would be written is asked back.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "submit", "Write", show=False),
        Binding("ctrl+r", "remove", "Take it out"),
    ]

    def __init__(self, path: str, result: GoalResult, start: Period, until: Period, closed: str = "") -> None:
        super().__init__(name_override(path, result.id))
        self._closing_words = closed
        self._path, self._result = path, result
        self._old = result.goal.override
        self._start, self._until = start, until
        self._found = find_goal(path, result.id)
        self._asked: list[Override | None] = []  # what of a closed period waits for a second press, if anything

    def compose(self) -> ComposeResult:
        old, result = self._old, self._result
        computed = status_words(result.computed_status, result.lagging.score)
        with VerticalScroll(id="form", can_focus=False):
            yield Static(literal("Override the status of", "bold $accent"))
            yield Static(literal(result.goal.title, "bold"))
            yield Static(literal("Computed: ", "$quiet") + literal(computed, f"$status-{result.computed_status}"))
            with Grid():
                yield from self.compose_field("why", "Reason", old.why if old else "", "why the numbers do not say it")
                yield Static(literal("Status"))
                yield self._compose_status(old.status if old else result.computed_status)
                yield from self.compose_field("by", "By", (old.by if old else _find_name()) or "", "who says so")
                start, until = (old.start, old.until) if old else (self._start, self._until)
                yield from self.compose_field("start", "From", str(start or ""), "always")
                yield from self.compose_field("until", "Until", str(until or ""), "for good; better say an end")
            taking = " · Ctrl+R takes the override out" if old else ""
            keys = f"Enter writes it to {_name_file(self._found)}{taking} · Tab next field · ← → change the status"
            yield Static(literal(keys, "$quiet"))
            yield Static(literal(LEAVING, "$quiet"))
            yield Static(id="said")

    def _compose_status(self, status: Status) -> StatusChoice:
        choice = StatusChoice(status, id="status")
        self._usual["status"] = choice.status
        left = self._left.get("status")
        choice.status = Status(left) if left in _CHOICES else choice.status
        return choice

    def on_mount(self) -> None:
        self.query_one("#why", Input).focus()

    def read_fields(self) -> dict[str, str]:
        return super().read_fields() | {one.id or "": one.status for one in self.query(StatusChoice)}

    def reset_fields(self) -> None:
        super().reset_fields()
        self.query_one(StatusChoice).action_choose(self._usual["status"])

    @on(StatusChoice.Changed)
    def _chosen(self) -> None:
        self.keep_soon()

    @on(Input.Submitted)
    @on(StatusChoice.Submitted)
    def action_submit(self) -> None:
        """Check what was typed, and write it."""
        if not self.typed("why"):
            self.say("An override needs a reason.")
            self.query_one("#why", Input).focus()
            return
        status = self.query_one(StatusChoice).status
        if status == self._result.computed_status:
            out = " Ctrl+R takes the override out." if self._old else ""
            self.say(f"The numbers say {status} already: choose another status with ← →.{out}")
            self.query_one(StatusChoice).focus()
            return
        times: list[Period | None] = []
        for field in ("start", "until"):
            try:
                times.append(read_period(self.typed(field)) if self.typed(field) else None)
            except PeriodError as error:
                self.say(f"'{shorten(self.typed(field), 40)}' {error}; write a period such as {self._until}.")
                self.query_one(f"#{field}", Input).focus()
                return
        override = Override.model_construct(
            status=status,
            why=self.typed("why"),
            by=self.typed("by") or None,
            start=times[0],
            until=times[1],
        )
        if override.by:
            remember("name", override.by)
        end = f" until {override.until}" if override.until else ""
        self._write(override, f"{self._result.goal.title} is judged {override.status}{end}; it stands in")

    def action_remove(self) -> None:
        """Take the override out."""
        if self._old is None:
            self.say("There is no override to take out.")
        else:
            self._write(None, f"The override of {self._result.goal.title} is taken out of")

    def _write(self, override: Override | None, done: str) -> None:
        if self._closing_words and self._asked != [override]:
            self._asked = [override]
            self.say(f"{self._closing_words}. The same key again changes its status all the same.", "question")
            return
        try:
            splice_override(self._path, self._result.id, override, self._found.hash)
            now = find_goal(self._path, self._result.id).hash
        except Refused as refused:
            self.say(f"{refused.place}: {refused.message}; {refused.hint}")
            return
        found = self._found
        undone = f"Taken back: {found.path.name} says of {self._result.goal.title} what it said before."
        otherwise = "o on an item of the goal shows the override, and Ctrl+R takes it out"
        writing = Writing(found.path, found.place, found.data, now, undone, otherwise)
        self.dismiss((writing, f"{done} {_name_file(found)}"))


def _find_name() -> str:
    return recall("name") or os.environ.get("SCORECARD_BY", "")


def _name_file(found: GoalText) -> str:
    """`strategy.yaml:33`."""
    return f"{found.path.name}:{found.place.line}" if found.place.line else found.path.name


def open_override(app: ReviewApp, session: Session, result: GoalResult, until: Period) -> None:
    """Ask for an override of a goal from the period looked at, write it, and read the files again."""
    if not app.may_write():
        return
    if why := say_unwritable(session):
        app.tell(why, "error")
        return

    def done(written: tuple[Writing, str] | None) -> None:
        if written:
            session.written.append((written[0], len(session.recorded)))
            app.tell(f"{written[1]}. u takes that back.")
            app.action_reload()
        app.shell.show()  # which says what is not written

    period = session.evaluation.period
    row = find_closing(session.scorecard, period)
    closed = f"{period} was closed by {shorten(row.entry.by, 30)} on {row.recorded_at[:10]}" if row else ""
    try:
        app.push_screen(OverrideScreen(session.scorecard.name, result, period, until, closed), done)
    except Refused as refused:
        app.tell(str(refused), "error")
