"""Notes and decisions of a review, each decision with the letter that ticks it; a click ticks it too."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import Static

from scorecard.tui.meeting import Mark, Meeting
from scorecard.tui.review_pages import say_decided


class DecisionList(Static):
    """Shows what is decided on the page looked at, where anything is (`has_words`); posts `Ticked`."""

    class Ticked(Message):
        """A decision was clicked."""

        def __init__(self, mark: Mark) -> None:
            super().__init__()
            self.mark = mark

    def show_meeting(self, meeting: Meeting, columns: int) -> None:
        """Show the page of a meeting in so many columns."""
        content, self._places = say_decided(meeting, columns)
        self.has_words = bool(content.plain)
        self.update(content)

    def on_click(self, event: events.Click) -> None:
        if found := self._places.get(event.y):
            self.post_message(self.Ticked(found))
