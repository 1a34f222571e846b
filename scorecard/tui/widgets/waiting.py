"""What is said of work while it lasts: in the middle before there is anything to show, and in a corner of it thereafter."""

from __future__ import annotations

from time import monotonic
from typing import ClassVar

from rich.cells import cell_len
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from scorecard.tui.text import literal
from scorecard.tui.work import Work, find_work

_PATIENCE = 0.5  # seconds of work of which nothing but its name is said
_BEAT = 0.25  # seconds between two looks
_BAR, _SHORT, _LEAST = 40, 10, 5  # columns of a bar
_PADDING = 2  # columns beside a text of the title


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
    """Stands at the end of the title while anything lasts: the keys go on meanwhile. It has the room that the title leaves."""

    DEFAULT_CSS: ClassVar[str] = """
    Working { display: none; width: auto; height: 1; padding: 0 1; background: $panel; color: $lit; }
    """

    class Resized(Message):
        """The title has other room now."""

    def __init__(self) -> None:
        super().__init__()
        self._room = 0

    @property
    def needed(self) -> int:
        """The columns without which nothing can be seen of the work; 0 while nothing lasts."""
        return _LEAST + _PADDING if self.display else 0

    def take_room(self, columns: int) -> None:
        """Use so many columns at most, and those needed."""
        self._room = max(columns, self.needed) - _PADDING
        self._look()

    def on_mount(self) -> None:
        self.set_interval(_BEAT, self._look)

    def _look(self) -> None:
        work = find_work(self.app)
        shown = work is not None and work.seconds >= _PATIENCE and not self.screen.query(Waiting)
        if shown != self.display:
            self.display = shown
            self.post_message(self.Resized())
        if shown and work:
            self.update(literal(self._say(work)))

    def _say(self, work: Work) -> str:
        """What is done, a bar and the seconds; where these have no room, less."""
        time, bar = f"{work.seconds:.0f} s", work.draw_bar(_SHORT)
        said = [f"{work.say()} {bar} {time}", f"{work.say()} {time}", work.say(), f"{bar} {time}", bar]
        return next((one for one in said if cell_len(one) <= self._room), work.draw_bar(_LEAST))
