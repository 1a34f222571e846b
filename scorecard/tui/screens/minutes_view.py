"""The keys of a review that write: notes, decisions, overrides, who is here, and closing the period at the end."""

from __future__ import annotations

from collections.abc import Callable
from string import ascii_uppercase

from textual import on
from textual.actions import SkipAction

from scorecard.model.finding import Place
from scorecard.parser.replacement import Refused
from scorecard.parser.review_text import Decision
from scorecard.tui.meeting import MEETINGS, Mark, Meeting
from scorecard.tui.screens.view import View
from scorecard.tui.widgets.decision_list import DecisionList
from scorecard.tui.widgets.review_page import ReviewPage

_SETTLED = 0.2  # seconds until a page that has changed is laid out


class MinutesView(View):
    """The actions of a screen that leads through a meeting, and shows its page at hand."""

    @property
    def meeting(self) -> Meeting | None:
        """That of the strategy, period and members looked at; None until its agenda is made."""
        found, now = MEETINGS.get(self.session), self.session.evaluation
        key = now.strategy.id, now.period, now.members
        same = found and (found.agenda.strategy, found.agenda.period, found.evaluation.members) == key
        return found if same else None

    def action_note(self) -> None:
        """Write the notes of the item."""
        meeting = self.meeting
        if meeting is None or not self.shell.review.may_write():
            return
        from scorecard.tui.screens.minutes import NoteScreen

        page, section = meeting.at, meeting.section

        def write(base: str, text: str) -> str:
            return self._put(lambda: self._current(meeting).note(page, base, text))

        def left(_: object) -> None:
            self.show()

        self.app.push_screen(NoteScreen(section.headline, section.notes, meeting.draft, write), left)

    def action_decide(self) -> None:
        """Add a decision to the item."""
        meeting = self.meeting
        if meeting is None or not self.shell.review.may_write():
            return
        from scorecard.tui.screens.minutes import DecisionScreen

        page, headline = meeting.at, meeting.section.headline
        goals = meeting.item.goals if meeting.item else ()
        owner = meeting.evaluation.strategy.goals[goals[0]].owner if len(goals) == 1 else ""

        def write(decision: Decision) -> str:
            return self._put(lambda: self._current(meeting).decide(page, decision))

        owners, due, topic = meeting.owners(), meeting.due(), f"decision {meeting.draft}"
        self.app.push_screen(DecisionScreen(headline, owners, owner or "", due, meeting.is_over, topic, write))

    def action_override(self) -> None:
        """Override the status of the item's goal, or take an override out."""
        meeting = self.meeting
        if meeting is None or not self.shell.review.may_write():
            return
        if meeting.item is None or len(meeting.item.goals) != 1:
            said = "Only the status of a goal can be overridden: choose an item about one goal."
            self.shell.review.tell(said, "warning")
            return
        if meeting.evaluation.members:
            said = "An override speaks of all members together: first look at the whole (8, w)."
            self.shell.review.tell(said, "warning")
            return
        from scorecard.tui.screens.judgement import open_override

        evaluation = meeting.evaluation
        calendar, period = evaluation.strategy.calendar, evaluation.period
        until = calendar.period(period.rhythm, calendar.ordinal(period) + 1)
        result = evaluation.goal(meeting.item.goals[0])
        open_override(self.shell.review, self.session, result, until)

    def action_close_period(self) -> None:
        """Close the period, once that was asked back."""
        meeting = self.meeting
        if meeting and meeting.may_close and self.shell.review.may_write():
            from scorecard.tui.screens.closing import ClosingScreen

            self.app.push_screen(ClosingScreen(meeting), self._say_closed)

    def _say_closed(self, said: str | None) -> None:
        if said:
            self.shell.review.tell(said)
            self.shell.review.action_reload()

    def action_tick(self, letter: str) -> None:
        """Mark the decision with this letter as done, or as open again; one that none has is free for the user's own keys."""
        number = ascii_uppercase.index(letter)
        if self.meeting is None or number >= len(marks := self.meeting.marks()):
            raise SkipAction
        self._tick(marks[number])

    async def action_present(self) -> None:
        """Ask who is there."""
        meeting = self.meeting
        if meeting and self.shell.review.may_write():
            names = meeting.review.present
            await self.shell.ask("present", names, "who is here", None, lambda text: self._say_present(meeting, text))

    def action_open_file(self) -> None:
        """The minutes in the user's own editor."""
        if not self.shell.review.may_write():
            return
        if self.meeting is None or self.meeting.file.hash is None:
            self.shell.review.tell("Nothing is written yet: n writes a note, d adds a decision.", "warning")
            return
        from scorecard.tui.editor import edit_place

        edit_place(self.shell.review, Place(str(self.meeting.file.path)))

    def _say_present(self, meeting: Meeting, text: str) -> str:
        return self._try(lambda: self._current(meeting).say_present(text))

    @on(DecisionList.Ticked)
    def _clicked(self, event: DecisionList.Ticked) -> None:
        self._tick(event.mark)

    def _tick(self, mark: Mark) -> None:
        meeting = self.meeting
        if meeting and self.shell.review.may_write() and (wrong := self._try(lambda: meeting.tick(mark))):
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
        item = self.query_one(ReviewPage)
        self.call_after_refresh(item.scroll_end, animate=False)
        self.set_timer(_SETTLED, lambda: item.scroll_end(animate=False))  # once the page has its new height
