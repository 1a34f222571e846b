"""The keys of a review that write: notes, decisions, overrides, who is here, and closing the period at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from string import ascii_uppercase

from textual import on
from textual.actions import SkipAction

from scorecard.model.finding import Place, shorten
from scorecard.parser.replacement import Refused
from scorecard.parser.review_text import Decision
from scorecard.store.ledger_chain import Row
from scorecard.tui.item_figures import ItemFigure, has_figures, list_figures
from scorecard.tui.meeting import MEETINGS, Edit, Mark, Meeting
from scorecard.tui.proposals import is_over, list_owners, propose_due
from scorecard.tui.screens.view import View
from scorecard.tui.session import Writing
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

    def idle(self) -> Iterator[str]:
        meeting, read_only = self.meeting, self.shell.review.read_only
        may_record = meeting is not None and has_figures(meeting) and not read_only
        yield from (name for name in super().idle() if not (name == "record" and may_record))
        goals = meeting.item.goals if meeting and meeting.item else ()
        if read_only or len(goals) != 1 or (meeting and meeting.evaluation.members):
            yield "review.override"
        if read_only:
            yield from ("review.note", "review.decide")
        if read_only or meeting is None or not meeting.marks():
            yield "tick('A')"

    def action_note(self) -> None:
        """Write the notes of the item."""
        meeting = self.meeting
        if meeting is None or not self.shell.review.may_write():
            return
        from scorecard.tui.screens.minutes import NoteScreen

        page, section = meeting.at, meeting.section

        def write(base: str, text: str) -> str:
            undone = f"Taken back: the note last written on {shorten(section.headline)}."
            return self._put(lambda: self._current(meeting).note(page, base, text), undone)

        self.app.push_screen(
            NoteScreen(section.headline, section.notes, meeting.drafts["note"], write), self._after_form
        )

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
            undone = f"Taken back: the decision '{shorten(decision.text)}'."
            return self._put(lambda: self._current(meeting).decide(page, decision), undone)

        owners, due, topic = list_owners(meeting), propose_due(meeting), meeting.drafts["decision"]
        over = partial(is_over, meeting)
        self.app.push_screen(DecisionScreen(headline, owners, owner or "", due, over, topic, write), self._after_form)

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

    def action_record(self) -> None:
        """Enter a value of the item; of several figures the chosen one."""
        if self.shell.review.may_write():
            self.choose_figure("Record which figure?", self._record)

    def _record(self, kpi: str) -> None:
        meeting = self.meeting
        goals = meeting.item.goals if meeting and meeting.item else ()
        self.shell.choose(goals[0] if len(goals) == 1 else None, kpi)
        self.shell.action_record()

    def choose_figure(self, question: str, then: Callable[[str], None]) -> None:
        """Go on with the KPI of the item, the chosen one where it has several figures."""
        figures = list_figures(self.meeting) if self.meeting else []
        if len(figures) > 1:
            from scorecard.tui.screens.figures import FigureScreen

            self.app.push_screen(FigureScreen(question, figures), lambda figure: self._take_figure(figure, then))
        elif figures:
            self._take_figure(figures[0], then)
        else:
            self.shell.action_record()  # which says how a KPI is chosen

    def _take_figure(self, figure: ItemFigure | None, then: Callable[[str], None]) -> None:
        if figure and figure.kpi:
            then(figure.kpi)
        elif figure:
            said = f"{figure.title} belongs to no KPI: 'scorecard record' records it."
            self.shell.review.tell(said, "warning")

    def action_close_period(self) -> None:
        """Close the period, once that was asked back."""
        meeting = self.meeting
        if meeting and meeting.may_close and self.shell.review.may_write():
            from scorecard.tui.screens.closing import ClosingScreen

            self.app.push_screen(ClosingScreen(meeting), lambda row: self._say_closed(meeting, row))

    def _say_closed(self, meeting: Meeting, row: Row | None) -> None:
        """Say so in the minutes too; what was entered until then stands."""
        if row is None:
            return
        said = f"{row.entry.period} was closed by {row.entry.by}"
        wrong = self._try(lambda: self._current(meeting).say_closed(row), "")
        if wrong:
            self.shell.review.tell(f"{said}, but the minutes do not say so: {wrong}", "error")
        else:
            self.shell.review.tell(f"{said}; the minutes say so too.")
        self.session.seal(f"{said}: that and what was entered before it cannot be taken back.")
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
        return self._try(
            lambda: self._current(meeting).say_present(text), "Taken back: the last change to who is here."
        )

    @on(DecisionList.Ticked)
    def _clicked(self, event: DecisionList.Ticked) -> None:
        self._tick(event.mark)

    def _tick(self, mark: Mark) -> None:
        meeting = self.meeting
        if meeting is None or not self.shell.review.may_write():
            return
        undone = f"Taken back: '{shorten(mark.decision.text)}' is {'done' if mark.decision.done else 'open'} again."
        if wrong := self._try(lambda: meeting.tick(mark), undone):
            self.shell.review.tell(wrong, "error")

    def _after_form(self, _: object) -> None:
        """A form is closed: the page says what is written, and what is not."""
        self.show()

    def _current(self, meeting: Meeting) -> Meeting:
        """The same review as it was read since; the one that was left where another is open by now."""
        now = self.meeting
        return now if now and now.key == meeting.key else meeting

    def _put(self, write: Callable[[], Edit | None], undone: str) -> str:
        """Write notes or a decision, and scroll to where they stand."""
        wrong = self._try(write, undone)
        self.call_after_refresh(self._show_end)
        return wrong

    def _try(self, write: Callable[[], Edit | None], undone: str) -> str:
        """Write, show what stands there now, and say what was refused; `undone` is said when it is taken back."""
        try:
            edit = write()
        except Refused as refused:
            return str(refused)
        if edit and (now := edit.after.hash):
            before, after = edit
            data = before.text.encode() if before.hash else None
            otherwise = f"{self.key('review.minutes')} opens the minutes in your editor"
            writing = Writing(after.path, after.place, data, now, undone, otherwise)
            self.session.written.append((writing, len(self.session.recorded)))
        self.shell.show()
        return ""

    def _show_end(self) -> None:
        """Scroll down once the page is drawn anew."""
        item = self.query_one(ReviewPage)
        self.call_after_refresh(item.scroll_end, animate=False)
        self.set_timer(_SETTLED, lambda: item.scroll_end(animate=False))  # once the page has its new height
