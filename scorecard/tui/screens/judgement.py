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
from scorecard.model.goal import Override
from scorecard.model.period import Period, PeriodError, read_period
from scorecard.model.status import Status
from scorecard.parser.replacement import Refused
from scorecard.parser.splice import find_goal, splice_override
from scorecard.render.words import status_words
from scorecard.tui.app import ReviewApp
from scorecard.tui.memory import recall, remember
from scorecard.tui.screens.forms import Form
from scorecard.tui.text import literal

_CHOICES = (Status.GREEN, Status.AMBER, Status.RED)


class StatusChoice(Widget, can_focus=True):
    """One of the three colours: the arrow keys walk through them, their first letters and a click choose."""

    DEFAULT_CSS = """
    StatusChoice { height: 1; padding: 0 1; background: $background; }
    StatusChoice:focus { text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "walk(-1)", "Before", show=False),
        Binding("right,space", "walk(1)", "Colour", key_display="← →"),
        *(Binding(status[0], f"choose('{status}')", show=False) for status in _CHOICES),
        Binding("enter", "submit", show=False),
    ]

    class Submitted(Message):
        """Enter was pressed."""

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

    def action_submit(self) -> None:
        self.post_message(self.Submitted())


class OverrideScreen(Form[str]):
    """Writes the override of a goal into the strategy's file; gives back what was done, in words.

    The file must still be what it was when this opened. Making one raises Refused where the goal is not found.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "submit", "Write", show=False),
        Binding("ctrl+r", "remove", "Take it out"),
    ]

    def __init__(self, path: str, result: GoalResult, start: Period, until: Period) -> None:
        super().__init__()
        self._path, self._result = path, result
        self._old = result.goal.override
        self._start, self._until = start, until
        self._found = find_goal(path, result.id)

    def compose(self) -> ComposeResult:
        old, result = self._old, self._result
        computed = status_words(result.computed_status, result.lagging.score)
        with VerticalScroll(id="form", can_focus=False):
            yield Static(literal(f"Judge {result.goal.title}", "bold"))
            yield Static(literal("Computed: ", "$quiet") + literal(computed, f"$status-{result.computed_status}"))
            with Grid():
                yield Static(literal("Status"))
                yield StatusChoice(old.status if old else result.computed_status, id="status")
                yield from self.compose_field("why", "Reason", old.why if old else "", "why the numbers do not say it")
                yield from self.compose_field("by", "By", (old.by if old else _find_name()) or "", "who says so")
                start, until = (old.start, old.until) if old else (self._start, self._until)
                yield from self.compose_field("start", "From", str(start or ""), "always")
                yield from self.compose_field("until", "Until", str(until or ""), "for good; better say an end")
            taking = " · Ctrl+R takes the override out" if old else ""
            yield Static(literal(f"Enter writes it to {self._found.place}{taking} · Escape leaves it", "$quiet"))
            yield Static(id="said")

    def on_mount(self) -> None:
        self.query_one("#status").focus()

    @on(Input.Submitted)
    @on(StatusChoice.Submitted)
    def action_submit(self) -> None:
        """Check what was typed, and write it."""
        if not self.typed("why"):
            self.say("An override needs a reason.")
            self.query_one("#why", Input).focus()
            return
        times: list[Period | None] = []
        for field in ("start", "until"):
            try:
                times.append(read_period(self.typed(field)) if self.typed(field) else None)
            except PeriodError as error:
                self.say(f"'{self.typed(field)[:40]}' {error}; write a period such as {self._until}.")
                self.query_one(f"#{field}", Input).focus()
                return
        override = Override.model_construct(
            status=self.query_one(StatusChoice).status,
            why=self.typed("why"),
            by=self.typed("by") or None,
            start=times[0],
            until=times[1],
        )
        if override.by:
            remember("name", override.by)
        self._write(override, f"Judged {override.status}; it stands in {self._found.place}.")

    def action_remove(self) -> None:
        """Take the override out."""
        if self._old is None:
            self.say("There is no override to take out.")
        else:
            self._write(None, f"The override is taken out of {self._found.place.file}.")

    def _write(self, override: Override | None, done: str) -> None:
        try:
            splice_override(self._path, self._result.id, override, self._found.hash)
        except Refused as refused:
            self.say(f"{refused.place}: {refused.message}; {refused.hint}")
            return
        self.dismiss(done)


def _find_name() -> str:
    return recall("name") or os.environ.get("SCORECARD_BY", "")


def open_override(app: ReviewApp, path: str, result: GoalResult, start: Period, until: Period) -> None:
    """Ask for an override of a goal, write it, and read the files again."""
    if not app.may_write():
        return

    def done(said: str | None) -> None:
        if said:
            app.tell(said)
            app.action_reload()

    try:
        app.push_screen(OverrideScreen(path, result, start, until), done)
    except Refused as refused:
        app.tell(str(refused), "error")
