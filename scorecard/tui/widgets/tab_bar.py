"""The tabs: one line with key, title and count of every screen; a click opens one."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from scorecard.tui.registry import Entry
from scorecard.tui.text import literal


class TabBar(Widget):
    """Shows the screens; posts `Chosen`."""

    DEFAULT_CSS = "TabBar { height: 1; padding: 0 1; background: $panel; color: $quiet; }"

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, screen_id: str) -> None:
            super().__init__()
            self.screen_id = screen_id

    def __init__(self, entries: Sequence[Entry], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._entries = entries
        self._counts: dict[str, int | None] = {}
        self._open = ""

    def show(self, opened: str, counts: dict[str, int | None]) -> None:
        """Mark the screen that is open; `counts` are by id."""
        if (opened, counts) != (self._open, self._counts):
            self._open, self._counts = opened, counts
            self.refresh()

    def render(self) -> Content:
        parts = [
            literal(f" {entry.key} ", "bold $accent") + literal(f"{name} ", self._style(entry.id))
            for entry, name in self._names()
        ]
        return literal("").join(parts)

    def on_click(self, event: events.Click) -> None:
        left = self.styles.padding.left
        for entry, name in self._names():
            left += len(name) + 4
            if event.x < left:
                self.post_message(self.Chosen(entry.id))
                return

    def _style(self, screen_id: str) -> str:
        return "bold underline $foreground" if screen_id == self._open else "$quiet"

    def _names(self) -> list[tuple[Entry, str]]:
        """What each tab says: with its count where all of them have room, else only the open one."""
        counted = [(entry, f"{entry.title}{_count(self._counts.get(entry.id))}") for entry in self._entries]
        if sum(len(name) + 4 for _, name in counted) <= self.size.width:
            return counted
        return [(entry, name if entry.id == self._open else entry.title) for entry, name in counted]


def _count(number: int | None) -> str:
    return "" if number is None else f" {number}"
