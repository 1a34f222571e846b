"""The review: the meeting itself, item by item, with notes and decisions that stand in a file at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from string import ascii_uppercase
from typing import ClassVar, TypeAlias

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import OptionList

from scorecard.api import Scorecard
from scorecard.compute.evaluation import Evaluation
from scorecard.model.period import Period
from scorecard.render.words import GUARDRAIL_SIGN
from scorecard.tui.agenda_rows import list_pages
from scorecard.tui.keys import bind
from scorecard.tui.meeting import CLOSE, MEETINGS, Meeting
from scorecard.tui.review_pages import write_page
from scorecard.tui.screens.minutes_view import MinutesView
from scorecard.tui.search import Choice
from scorecard.tui.text import literal
from scorecard.tui.widgets.agenda_list import AgendaList
from scorecard.tui.widgets.review_page import ReviewPage

Wanted: TypeAlias = tuple[Period, Mapping[str, str], int]  # the period, members and day of an agenda


class ReviewView(MinutesView, can_focus=True):
    """Agenda and the item at hand; on a narrow screen by turns. The keys are its own: nothing inside takes the focus."""

    HELP = f"""
The meeting: **space** goes on and marks the item as seen, **n** notes, **d** decides, a capital letter ticks a decision.
What is written stands in `reviews/` of the strategy at once; what was seen is found again next time, for each review. On the
last page **f** closes the period: from then on a change to its figures needs a reason. **u** takes back what was written last.

| sign | meaning |
| --- | --- |
| ✓ | seen |
| ¶ ☐ | has notes, has decisions |
| ● ◆ ▲ ○ | green, amber, red, unknown |
| {GUARDRAIL_SIGN} ✎ | a breached guardrail, an override that ends |
| ◌ ★ | missing data, a win |
"""
    FINDS = "items of the agenda"
    DEFAULT_CSS = """
    ReviewView #meeting { height: 1fr; }
    ReviewView #agenda { width: 38; }
    .-wide ReviewView #agenda { width: 50; }
    .-narrow ReviewView #agenda { width: 100%; border-right: none; padding: 0; }
    .-narrow ReviewView #item { display: none; padding: 0 1; }
    .-narrow ReviewView.-item #agenda { display: none; }
    .-narrow ReviewView.-item #item { display: block; }
    ReviewView.-present #agenda { display: none; }
    ReviewView.-present #item { display: block; padding: 2 8; text-style: bold; }
    ReviewView.-present ReviewPage #columns { margin: 2 0; }
    .-narrow ReviewView.-present #item { padding: 1 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("review.next", "go(1)", "Next", about="The item is seen: on to the next"),
        bind("review.back", "go(-1)", "Back", key_display="b", about="Back to the item before"),
        Binding("up,k", "step(-1)", "Up", show=False),
        Binding("down,j", "step(1)", "Down", show=False),
        Binding("home", "rim(0)", "First", show=False),
        Binding("end", "rim(-1)", "Last", show=False),
        Binding("pageup", "scroll_item(-1)", "Page up", show=False),
        Binding("pagedown", "scroll_item(1)", "Page down", show=False),
        bind("review.note", "note", "Note", about="Write a note on the item"),
        bind("review.decide", "decide", "Decide", about="Write down a decision on the item"),
        Binding("A", "tick('A')", "Tick", key_display="A-Z", tooltip="Tick a decision, or open it again"),
        *(Binding(letter, f"tick('{letter}')", show=False) for letter in ascii_uppercase[1:]),
        bind("review.override", "override", "Override", about="Override the status of the item's goal"),
        bind("record", "record", "Record", about="Record a value of the item"),
        bind("review.close", "close_period", "Close period", about="Close the period: later changes need a reason"),
        Binding("enter", "detail", "Detail", tooltip="The goal or KPI of the item in detail"),
        bind("review.present", "present", "Who is here", show=False),
        bind("review.minutes", "open_file", "Minutes in the editor", show=False),
    ]

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._scorecard: Scorecard | None = None  # the reading that the agenda is made of, or will be
        self._wanted: Wanted | None = None  # of that reading
        self._ends: object = None  # whether the end is looked at, and can be left or the period closed

    def compose(self) -> ComposeResult:
        with Horizontal(id="meeting"):
            yield AgendaList(id="agenda")
            yield ReviewPage(id="item")

    def on_mount(self) -> None:
        self.set_class(self.shell.review.present, "-present")
        super().on_mount()

    def take_focus(self) -> None:
        self.focus()

    def show(self) -> None:
        evaluation, today = self.session.evaluation, self.session.opened.today
        scorecard, wanted = self.session.scorecard, (evaluation.period, evaluation.members, today)
        if scorecard is not self._scorecard or wanted != self._wanted:
            self._scorecard, self._wanted = scorecard, wanted
            self._open(scorecard, evaluation, today)
        else:
            self._draw_soon()

    def say_line(self) -> Content:
        meeting = self.meeting
        if meeting is None:
            return literal("making the agenda …", "$quiet")
        left, decided = meeting.left, len(meeting.decided())
        said = f"{left} item{'' if left == 1 else 's'} left" if left else "all items seen"
        line = literal(said, "bold") + literal(f" · {decided} decided", "$quiet")
        if meeting.trouble:
            return line + literal(f" · {meeting.trouble}", "$status-red")
        line += literal(f" · {meeting.folder.name}/{meeting.file.path.name}", "$quiet")
        before, elsewhere = meeting.agenda.before, self.session.before
        if before and elsewhere and before != elsewhere:  # the review has a comparison of its own
            return line + literal(f" · a review compares with {before}, not {elsewhere}", "$status-amber")
        if meeting.may_close:
            return line + literal(f" · {self.key('review.close')} closes {meeting.evaluation.period}", "$quiet")
        if self.session.written or self.session.recorded:
            return line + literal(f" · {self.key('undo')} takes back the last entry", "$quiet")
        return line + literal("" if meeting.at == CLOSE else f"   {self.key('review.next')} goes on", "$quiet")

    def copied(self) -> str:
        """The page; at the end the minutes."""
        return write_page(self.meeting) if self.meeting else ""

    def idle(self) -> Iterator[str]:
        yield from super().idle()
        item = self.meeting.item if self.meeting else None
        if not self._shows_agenda_only() and not (item and (item.goals or item.kpis)):
            yield "detail"

    def list_finds(self) -> Iterator[Choice]:
        if meeting := self.meeting:
            for page, title, about in list_pages(meeting):
                yield Choice(title, about, partial(self._go_to_page, page))
        yield from super().list_finds()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """At the end nothing comes next, and only there the period is closed."""
        meeting = self.meeting if self.is_mounted else None
        if action == "close_period":
            return meeting is not None and meeting.may_close
        if action == "go" and parameters == (1,):
            return meeting is None or meeting.at != CLOSE or self._shows_agenda_only()
        return True

    def back(self) -> bool:
        """On a narrow screen from the item to the agenda."""
        shown = self.has_class("-item") and self.shell.has_class("-narrow") and not self.has_class("-present")
        self.remove_class("-item")
        self._look_at_keys()
        self.shell.show_line()
        return shown

    def on_resize(self) -> None:
        self._draw_soon()

    def action_go(self, steps: int) -> None:
        """The next item, this one being seen; or back. On a narrow screen with the agenda in view: to the item chosen."""
        if self.meeting is None:
            return
        if steps > 0 and self._shows_agenda_only():
            self._show_item()
        elif self.meeting.step(steps, passing=steps > 0):
            self._moved(counts=steps > 0)

    def action_step(self, steps: int) -> None:
        if self.meeting and self.meeting.step(steps):
            self._moved()

    def action_rim(self, end: int) -> None:
        if self.meeting:
            self.meeting.go(self.meeting.pages[end])
            self._moved()

    def action_scroll_item(self, pages: int) -> None:
        item = self.query_one("#item")
        item.scroll_relative(y=pages * max(item.size.height - 2, 1), animate=False)

    def action_detail(self) -> None:
        """What the item is about, in detail; of several figures the chosen one. Escape comes back. At the end: close the
        period."""
        meeting = self.meeting
        if meeting is None:
            return
        if self._shows_agenda_only():
            self._show_item()
            return
        if meeting.at == CLOSE:
            self.action_close_period()
            return
        item = meeting.item
        if item and item.goals:
            self.shell.open_detail(item.goals[0])
        elif item and item.kpis:
            self.choose_figure("Look at which figure?", lambda kpi: self.shell.open_detail(None, kpi))

    @on(OptionList.OptionSelected, "#agenda")
    def _selected(self, event: OptionList.OptionSelected) -> None:
        if event.option_id:
            self._go_to_page(event.option_id)

    def _go_to_page(self, page: str) -> None:
        if self.meeting:
            self.meeting.go(page)
            self._moved()
            self._show_item()

    @work(thread=True, exclusive=True, group="meeting", exit_on_error=False)
    def _open(self, scorecard: Scorecard, evaluation: Evaluation, today: int) -> None:
        """In a thread: make the agenda and read the files."""
        self.app.call_from_thread(self._take, Meeting(scorecard, evaluation, today, self.shell.review.read_only))

    def _take(self, meeting: Meeting) -> None:
        evaluation = meeting.evaluation
        wanted = evaluation.period, evaluation.members, meeting.today
        if meeting.scorecard is self._scorecard and wanted == self._wanted:
            before = self.meeting
            if before:
                meeting.follow(before)
            MEETINGS[self.session] = meeting
            if before and before.at != meeting.at and self.shell.view is self:
                self.shell.choose(next(iter(meeting.item.goals), None) if meeting.item else None)
            self.shell.show()

    def _moved(self, counts: bool = False) -> None:
        """Another page: its goal is what the other screens look at. With `counts` the tab counts anew."""
        meeting = self.meeting
        assert meeting
        self._look_at_keys()
        self.query_one("#item").scroll_home(animate=False)
        if meeting.item:
            self.shell.choose(next(iter(meeting.item.goals), None))
        if counts:
            self.shell.show()
        else:
            self.shell.show_line()
            self._draw_soon()

    def _shows_agenda_only(self) -> bool:
        return self.shell.has_class("-narrow") and not self.has_class("-item") and not self.has_class("-present")

    def _show_item(self) -> None:
        self.add_class("-item")
        self.shell.show_line()
        self._draw_soon()

    def _draw_soon(self) -> None:
        self.call_after_refresh(self._draw)

    def _look_at_keys(self) -> None:
        """The keys at the end are others."""
        meeting = self.meeting
        ends = meeting is not None and (meeting.at == CLOSE, meeting.may_close, self._shows_agenda_only())
        if ends != self._ends:
            self._ends = ends
            self.refresh_bindings()

    def _draw(self) -> None:
        """All parts for the present width."""
        meeting = self.meeting
        if meeting is None:
            return
        self._look_at_keys()
        self.query_one(AgendaList).show_meeting(meeting)
        self.query_one(ReviewPage).show_meeting(meeting, self.has_class("-present"))
