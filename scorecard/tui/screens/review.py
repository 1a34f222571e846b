"""The review: the meeting itself, item by item, with notes and decisions that stand in a file at once."""

from __future__ import annotations

from collections.abc import Callable
from string import ascii_uppercase
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import OptionList

from scorecard.api import Scorecard
from scorecard.compute.evaluation import Evaluation
from scorecard.model.finding import Place
from scorecard.model.period import Period
from scorecard.parser.replacement import Refused
from scorecard.parser.review_text import Decision
from scorecard.tui.meeting import MEETINGS, Mark, Meeting
from scorecard.tui.review_pages import write_page
from scorecard.tui.screens.view import View
from scorecard.tui.text import literal
from scorecard.tui.widgets.agenda_list import AgendaList
from scorecard.tui.widgets.decision_list import DecisionList
from scorecard.tui.widgets.review_page import ReviewPage

_SETTLED = 0.2  # seconds until a page that has changed is laid out


class ReviewView(View, can_focus=True):
    """Agenda and the item at hand; on a narrow screen by turns. The keys are its own: nothing inside takes the focus."""

    HELP = """
The meeting: **space** goes on and ticks the item, **n** notes, **d** decides, a capital letter ticks a decision.
Everything stands in `reviews/` of the strategy at once, and is found again next time.

| sign | meaning |
| --- | --- |
| ✓ | spoken about |
| ¶ ☐ | has notes, has decisions |
| ● ◆ ▲ ○ | green, amber, red, unknown |
"""
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
        Binding("space", "go(1)", "Next"),
        Binding("backspace,b", "go(-1)", "Back", key_display="b"),
        Binding("up,k", "step(-1)", "Up", show=False),
        Binding("down,j", "step(1)", "Down", show=False),
        Binding("home", "rim(0)", "First", show=False),
        Binding("end", "rim(-1)", "Last", show=False),
        Binding("pageup", "scroll_item(-1)", "Page up", show=False),
        Binding("pagedown", "scroll_item(1)", "Page down", show=False),
        Binding("n", "note", "Note"),
        Binding("d", "decide", "Decide"),
        Binding("o", "override", "Override"),
        Binding("enter", "detail", "Detail"),
        *(Binding(letter, f"tick('{letter}')", "Tick", show=False) for letter in ascii_uppercase),
        Binding("p", "present", "Who is here", show=False),
        Binding("w", "open_file", "Minutes in the editor", show=False),
    ]

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._scorecard: Scorecard | None = None  # the reading, period and day that the agenda is made of, or will be
        self._wanted: tuple[Period, int] | None = None

    @property
    def meeting(self) -> Meeting | None:
        """That of the strategy and period looked at; None until its agenda is made."""
        found, session = MEETINGS.get(self.session), self.session
        same = found and (found.agenda.strategy, found.agenda.period) == (session.strategy, session.evaluation.period)
        return found if same else None

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
        evaluation = self.session.whole
        today = self.session.opened.today
        scorecard, wanted = self.session.scorecard, (evaluation.period, today)
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
        said = f"{left} item{'' if left == 1 else 's'} left" if left else "all items spoken about"
        line = literal(said, "bold") + literal(f" · {decided} decided", "$quiet")
        if meeting.trouble:
            return line + literal(f" · {meeting.trouble}", "$status-red")
        return line + literal(f" · {meeting.folder.name}/{meeting.file.path.name}   space goes on", "$quiet")

    def copied(self) -> str:
        """The page; at the end the minutes."""
        return write_page(self.meeting) if self.meeting else ""

    def back(self) -> bool:
        """On a narrow screen from the item to the agenda."""
        shown = self.has_class("-item") and self.shell.has_class("-narrow") and not self.has_class("-present")
        self.remove_class("-item")
        return shown

    def on_resize(self) -> None:
        self._draw_soon()

    def action_go(self, steps: int) -> None:
        """The next item, this one being done; or back. On a narrow screen with the agenda in view: to the item chosen."""
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
        """What the item is about, in detail; Escape comes back."""
        meeting = self.meeting
        if meeting is None:
            return
        if self._shows_agenda_only():
            self._show_item()
            return
        item, strategy = meeting.item, meeting.evaluation.strategy
        kpis = [name for name in item.kpis if name in strategy.kpis] if item else []
        if item and item.goals and item.goals[0] in strategy.goals:
            self.shell.open_detail(item.goals[0])
        elif kpis:
            self.shell.open_detail(None, kpis[0])

    def action_note(self) -> None:
        """Write the notes of the item."""
        meeting = self.meeting
        if meeting is None:
            return
        from scorecard.tui.screens.minutes import NoteScreen

        page, section = meeting.at, meeting.section

        def write(base: str, text: str) -> str:
            return self._put(lambda: self._current(meeting).note(page, base, text))

        name = f"{meeting.key} {page}"
        self.app.push_screen(NoteScreen(section.headline, section.notes, name, write))

    def action_decide(self) -> None:
        """Add a decision to the item."""
        meeting = self.meeting
        if meeting is None:
            return
        from scorecard.tui.screens.minutes import DecisionScreen

        page, headline = meeting.at, meeting.section.headline
        goals = meeting.item.goals if meeting.item else ()
        owner = meeting.evaluation.strategy.goals[goals[0]].owner if len(goals) == 1 else ""

        def write(decision: Decision) -> str:
            return self._put(lambda: self._current(meeting).decide(page, decision))

        owners = meeting.owners()
        self.app.push_screen(DecisionScreen(headline, owners, owner or "", meeting.due(), meeting.is_over, write))

    def action_override(self) -> None:
        """Judge the status of the item's goal, or take a judgement out."""
        meeting = self.meeting
        if meeting is None:
            return
        if meeting.item is None or len(meeting.item.goals) != 1:
            self.shell.review.tell("Only an item about one goal can be judged.", "warning")
            return
        from scorecard.tui.screens.judgement import open_override

        evaluation = meeting.evaluation
        calendar, period = evaluation.strategy.calendar, evaluation.period
        until = calendar.period(period.rhythm, calendar.ordinal(period) + 1)
        result = evaluation.goal(meeting.item.goals[0])
        open_override(self.shell.review, meeting.scorecard.name, result, period, until)

    def action_tick(self, letter: str) -> None:
        """Mark the decision with this letter as done, or as open again."""
        number = ascii_uppercase.index(letter)
        if self.meeting and number < len(marks := self.meeting.marks()):
            self._tick(marks[number])

    async def action_present(self) -> None:
        """Ask who is there."""
        meeting = self.meeting
        if meeting:
            names = meeting.review.present
            await self.shell.ask("present", names, "who is here", None, lambda text: self._say_present(meeting, text))

    def action_open_file(self) -> None:
        """The minutes in the user's own editor."""
        if self.meeting is None or self.meeting.file.hash is None:
            self.shell.review.tell("Nothing is written yet: n writes a note, d adds a decision.", "warning")
            return
        from scorecard.tui.editor import edit_place

        edit_place(self.shell.review, Place(str(self.meeting.file.path)))

    def _say_present(self, meeting: Meeting, text: str) -> str:
        return self._try(lambda: self._current(meeting).say_present(text))

    @on(OptionList.OptionSelected, "#agenda")
    def _selected(self, event: OptionList.OptionSelected) -> None:
        if self.meeting and event.option_id:
            self.meeting.go(event.option_id)
            self._moved()
            self._show_item()

    @on(DecisionList.Ticked)
    def _clicked(self, event: DecisionList.Ticked) -> None:
        self._tick(event.mark)

    def _tick(self, mark: Mark) -> None:
        meeting = self.meeting
        if meeting and (wrong := self._try(lambda: meeting.tick(mark))):
            self.shell.review.tell(wrong, "error")

    def _current(self, meeting: Meeting) -> Meeting:
        """The same review as it was read since; the one that was left where another is open by now."""
        now = self.meeting
        return now if now and now.key == meeting.key else meeting

    def _put(self, write: Callable[[], None]) -> str:
        """Write notes or a decision, and scroll to where they stand."""
        wrong = self._try(write)
        self.call_after_refresh(self._show_end)
        return wrong

    def _try(self, write: Callable[[], None]) -> str:
        """Write, show what stands there now, and say what was refused."""
        try:
            write()
        except Refused as refused:
            return str(refused)
        self.shell.show()
        return ""

    def _show_end(self) -> None:
        """Scroll down once the page is drawn anew."""
        item = self.query_one("#item")
        self.call_after_refresh(item.scroll_end, animate=False)
        self.set_timer(_SETTLED, lambda: item.scroll_end(animate=False))  # once the page has its new height

    @work(thread=True, exclusive=True, group="meeting", exit_on_error=False)
    def _open(self, scorecard: Scorecard, evaluation: Evaluation, today: int) -> None:
        """In a thread: make the agenda and read the files."""
        self.app.call_from_thread(self._take, Meeting(scorecard, evaluation, today))

    def _take(self, meeting: Meeting) -> None:
        if meeting.scorecard is self._scorecard and (meeting.evaluation.period, meeting.today) == self._wanted:
            if before := self.meeting:
                meeting.follow(before)
            MEETINGS[self.session] = meeting
            self.shell.show()

    def _moved(self, counts: bool = False) -> None:
        """Another page: its goal is what the other screens look at. With `counts` the tab counts anew."""
        meeting = self.meeting
        assert meeting
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
        self._draw_soon()

    def _draw_soon(self) -> None:
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        """All parts for the present width."""
        meeting = self.meeting
        if meeting is None:
            return
        self.query_one(AgendaList).show_meeting(meeting)
        self.query_one(ReviewPage).show_meeting(meeting, self.has_class("-present"))
