"""The tabs: one line with key and title of every screen, the open one in full; a click opens one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from scorecard.tui.registry import Entry
from scorecard.tui.text import literal

_LETTERS = 3  # of a title where there is little room


class Tab(NamedTuple):
    """A tab on screen: blanks in front, the key, and what stands behind it."""

    id: str
    key: str
    text: str
    gap: int


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
            literal(f"{' ' * tab.gap}{tab.key} ", "bold $accent") + literal(tab.text, self._style(tab.id))
            for tab in self._tabs()
        ]
        return literal("").join(parts)

    def on_click(self, event: events.Click) -> None:
        left = self.styles.padding.left
        for tab in self._tabs():
            left += tab.gap + 2 + len(tab.text)
            if event.x < left:
                self.post_message(self.Chosen(tab.id))
                return

    def _style(self, screen_id: str) -> str:
        return "bold underline $foreground" if screen_id == self._open else "$quiet"

    def _tabs(self) -> list[Tab]:
        """The first arrangement that has room: every count, that of the open tab, then shorter titles of the others."""
        arrangements = (
            self._arrange(lambda entry: f"{entry.title}{self._count(entry)} ", wide=True),
            self._arrange(lambda entry: f"{self._full(entry)} ", wide=True),
            self._arrange(lambda entry: self._full(entry), wide=False),
            self._arrange(lambda entry: self._full(entry, entry.short or entry.title), wide=False),
            self._arrange(lambda entry: self._full(entry, entry.title[:_LETTERS]), wide=False),
            self._arrange(lambda entry: self._full(entry, ""), wide=False),
        )
        room = self.size.width
        return next((tabs for tabs in arrangements if _measure(tabs) <= room), arrangements[-1])

    def _arrange(self, name: Callable[[Entry], str], wide: bool) -> list[Tab]:
        return [
            Tab(entry.id, entry.key, name(entry), int(wide or number > 0)) for number, entry in enumerate(self._entries)
        ]

    def _full(self, entry: Entry, other: str | None = None) -> str:
        """The open tab in full with its count, each other one under its title or another name."""
        if entry.id == self._open:
            return f"{entry.title}{self._count(entry)}"
        return entry.title if other is None else other

    def _count(self, entry: Entry) -> str:
        number = self._counts.get(entry.id)
        return "" if number is None else f" {number}"


def _measure(tabs: Sequence[Tab]) -> int:
    return sum(tab.gap + 2 + len(tab.text) for tab in tabs)
