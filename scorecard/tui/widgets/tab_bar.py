"""The tabs: one line with key and title of every screen, the open one in full; a click opens one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from scorecard.tui.registry import Entry
from scorecard.tui.text import literal

_LETTERS = 3  # of a title where there is little room
_STAYING = ("problems", "review", "map", "scorecard", "initiatives", "what_if")  # counts, those that go last first


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
        """The fullest arrangement that there is room for."""
        *arrangements, last = self._list_arrangements()
        return next((tabs for tabs in arrangements if _measure(tabs) <= self.size.width), last)

    def _list_arrangements(self) -> Iterator[list[Tab]]:
        """From all in full to the open tab and the keys of the others: first blanks go, then long titles, then counts one by
        one."""
        counted = sorted(filter(self._count, _STAYING), key=lambda one: one != self._open)
        yield self._arrange(lambda entry: entry.title, counted, wide=True)
        yield self._arrange(lambda entry: entry.title, counted)
        for name in (lambda entry: entry.short or entry.title, lambda entry: entry.title[:_LETTERS]):
            yield from (self._arrange(name, counted[:most]) for most in range(len(counted), -1, -1))
        yield self._arrange(lambda _: "", [self._open])

    def _arrange(self, name: Callable[[Entry], str], counted: Sequence[str], wide: bool = False) -> list[Tab]:
        """The open tab under its title, each other one under a name, with the counts of some."""
        tabs = []
        for number, entry in enumerate(self._entries):
            text = entry.title if entry.id == self._open else name(entry)
            count = self._count(entry.id) if entry.id in counted else ""
            blank = " " if wide or count else ""  # between a count and the key behind it
            tabs.append(Tab(entry.id, entry.key, f"{text}{count}{blank}", int(wide or number > 0)))
        return tabs

    def _count(self, screen_id: str) -> str:
        number = self._counts.get(screen_id)
        return "" if number is None else f" {number}"


def _measure(tabs: Sequence[Tab]) -> int:
    return sum(tab.gap + 2 + len(tab.text) for tab in tabs)
