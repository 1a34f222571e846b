"""The item at hand in a review: large and calm, what explains it, then what was noted and decided."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.widgets import Digits, Static

from scorecard.render.words import percent
from scorecard.tui.meeting import Meeting
from scorecard.tui.review_pages import find_score, say_top
from scorecard.tui.review_reasons import say_why
from scorecard.tui.widgets.decision_list import DecisionList

_TALL = 26  # rows from which there is room for a large number
_GAP = 5  # columns between what explains an item and what was decided, and one to spare
_READABLE = 100  # columns of text that an eye follows


class ReviewPage(VerticalScroll, can_focus=False):
    """Shows one page of a meeting; on a wide screen notes and decisions stand at its right."""

    SCOPED_CSS = False  # its styles look at the classes of the shell
    DEFAULT_CSS = """
    ReviewPage { width: 1fr; height: 1fr; padding: 1 2 1 3; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    ReviewPage #headline { padding: 0 1 0 0; }
    ReviewPage Static { height: auto; width: 100%; }
    ReviewPage Digits { display: none; width: 100%; margin: 0 0 1 0; }
    ReviewPage Digits.-red { color: $status-red; }
    ReviewPage Digits.-amber { color: $status-amber; }
    ReviewPage Digits.-green { color: $status-green; }
    ReviewPage #columns { height: auto; layout: vertical; margin: 1 1 1 0; }
    ReviewPage #left, ReviewPage #right { height: auto; width: 100%; }
    ReviewPage #why { margin: 0 0 1 0; }
    .-wide ReviewPage #columns { layout: horizontal; }
    .-wide ReviewPage #left { width: 3fr; padding: 0 4 0 0; }
    .-wide ReviewPage #right { width: 2fr; }
    """

    def compose(self) -> ComposeResult:
        yield Digits()
        yield Static(id="headline")
        with Container(id="columns"):
            with Container(id="left"):
                yield Static(id="why")
            with Container(id="right"):
                yield DecisionList(id="decided")

    def show_meeting(self, meeting: Meeting, large: bool) -> None:
        """Show the page looked at for the present width, `large` for a big screen; nothing while it has no place."""
        if not self.size.width:
            return
        room = self.query_one("#columns").content_size.width or self.size.width // 2
        top = min(room, _READABLE)
        self.query_one("#headline", Static).update(say_top(meeting, top))
        decided = self.query_one(DecisionList)
        is_split = self.screen.has_class("-wide")
        decided.show_meeting(meeting, min(room * 2 // 5 if is_split else room, _READABLE))
        self.query_one("#right").display = decided.has_words
        left = min(room * 3 // 5 - _GAP if is_split and decided.has_words else room, _READABLE)
        why, score = say_why(meeting, left, large), find_score(meeting.item)
        self.query_one("#why", Static).update(why)
        self.query_one("#why").display = bool(why.plain)
        digits = self.query_one(Digits)
        digits.display = large and score is not None and self.size.height >= _TALL
        if score:
            digits.update(percent(score[1]))
            digits.set_classes(f"-{score[0]}")
