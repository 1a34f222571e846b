"""What is said of work while it lasts: in the middle before there is anything to show, and in a corner of it thereafter."""

from __future__ import annotations

from time import monotonic
from typing import ClassVar

from textual.content import Content
from textual.widgets import Static

from scorecard.tui.text import literal
from scorecard.tui.work import Work, find_work

_PATIENCE = 0.5  # seconds of work of which nothing but its name is said
_BEAT = 0.25  # seconds between two looks
_BAR, _SHORT = 40, 10  # columns


class Waiting(Static):
    """Stands in the middle while the path is read: what is done, how far it is, and for how long already."""

    def __init__(self, doing: str, *, id: str | None = None) -> None:
        super().__init__(literal(f"{doing} …"), id=id)
        self._work = Work(doing)  # until it begins

    def on_mount(self) -> None:
        self._begun = monotonic()
        self.set_interval(_BEAT, self._look)

    def _look(self) -> None:
        work, seconds = find_work(self.app) or self._work, monotonic() - self._begun
        if seconds >= _PATIENCE:
            lines = f"{work.say()} … {seconds:.0f} s", "", work.draw_bar(min(_BAR, self.size.width))
            self.update(Content("\n").join(map(literal, lines)))


class Working(Static):
    """Stands at the end of the title while anything lasts: the keys go on meanwhile."""

    DEFAULT_CSS: ClassVar[str] = """
    Working { display: none; width: auto; max-width: 70%; height: 1; padding: 0 1; background: $panel; color: $lit; }
    """

    def on_mount(self) -> None:
        self.set_interval(_BEAT, self._look)

    def _look(self) -> None:
        work = find_work(self.app)
        shown = work is not None and work.seconds >= _PATIENCE and not self.screen.query(Waiting)
        if shown and work:
            self.update(literal(f"{work.say()} {work.draw_bar(_SHORT)} {work.seconds:.0f} s"))
        if shown != self.display:
            self.display = shown
