"""A list that is painted line by line: a heading that stays, and rows of as many lines each; only those on screen are painted."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from scorecard.tui.themes import fallback_colours
from scorecard.tui.widgets.goal_box import Look

HEAD = 1  # lines of the heading
Line = list[Segment]


class RowList(ScrollView, can_focus=True):
    """Posts `Moved` when another row was chosen, `Opened` when it was asked for. `cursor` is the number of the row chosen.

    A subclass says in `take_rows` how many rows there are, and paints the heading and a row.
    """

    DEFAULT_CSS = """
    RowList { height: 1fr; scrollbar-size-vertical: 1; scrollbar-background: $background; overflow-x: hidden; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "step(-1)", "Up", show=False),
        Binding("down,j", "step(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "rim(0)", "First", show=False),
        Binding("end", "rim(-1)", "Last", show=False),
        Binding("enter", "open", "Open"),
    ]
    cursor: reactive[int] = reactive(0, init=False, repaint=False)

    class Moved(Message):
        """Another row was chosen."""

    class Opened(Message):
        """The chosen row was asked for, by Enter or a double click."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.count = 0
        self.tall = 1  # lines of a row
        self._look: Look | None = None
        self._strips: dict[tuple[int, bool], list[Strip]] = {}

    @abstractmethod
    def paint_head(self, look: Look) -> Line:
        """The heading, without the bar's column."""

    @abstractmethod
    def paint_row(self, number: int, look: Look, ground: str, chosen: bool) -> list[Line]:
        """The lines of a row, without the bar in front of the chosen one."""

    @property
    def room(self) -> int:
        """Columns of a row, without the bar in front."""
        return max(self.size.width - 1, 1)

    def take_rows(self, count: int, tall: int, cursor: int) -> None:
        """Show so many rows of so many lines, of which one is chosen."""
        self.count, self.tall, self._strips = count, tall, {}
        self.set_reactive(RowList.cursor, self.validate_cursor(cursor))
        self.virtual_size = Size(self.size.width, count * tall + HEAD)
        self._reveal()
        self.refresh()

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, self.count - 1))

    def watch_cursor(self, before: int, now: int) -> None:
        for number in (before, now):
            top = number * self.tall + HEAD - round(self.scroll_y)
            self.refresh(Region(0, top, self.size.width, self.tall))
        self._reveal()
        self.post_message(self.Moved())

    def action_step(self, steps: int) -> None:
        self.cursor += steps

    def action_page(self, pages: int) -> None:
        self.cursor += pages * max((self.size.height - HEAD) // self.tall - 1, 1)

    def action_rim(self, end: int) -> None:
        self.cursor = end % max(self.count, 1)

    def action_open(self) -> None:
        if self.count:
            self.post_message(self.Opened())

    def on_click(self, event: events.Click) -> None:
        number = (event.y - HEAD + round(self.scroll_y)) // self.tall
        if event.y >= HEAD and number < self.count:
            self.cursor = number
            if event.chain == 2:
                self.action_open()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips, self._look = {}, None

    def render_line(self, y: int) -> Strip:
        if y < HEAD:
            return self._fill(self.paint_head(self._colours), "quiet", "panel")
        number, part = divmod(y - HEAD + round(self.scroll_y), self.tall)
        if number >= self.count:
            return Strip.blank(self.size.width, self._colours.ink("foreground", "background"))
        key = number, number == self.cursor
        if key not in self._strips:
            self._strips[key] = self._paint(*key)
        return self._strips[key][part]

    @property
    def _colours(self) -> Look:
        """Made once for a theme, whose variables take long to gather."""
        if self._look is None:
            self._look = Look(fallback_colours(self.app.current_theme.dark) | self.app.theme_variables)
        return self._look

    def _paint(self, number: int, chosen: bool) -> list[Strip]:
        ground = "panel" if chosen else "background"
        lines = self.paint_row(number, self._colours, ground, chosen)
        return [self._fill(line, "foreground", ground, chosen) for line in lines]

    def _fill(self, line: Line, colour: str, ground: str, chosen: bool = False) -> Strip:
        """A line behind its bar, as wide as the screen."""
        bar = Segment("▌" if chosen else " ", self._colours.ink("lit", ground, bold=True))
        return Strip([bar, *line]).adjust_cell_length(self.size.width, self._colours.ink(colour, ground))

    def _reveal(self) -> None:
        """Scroll the chosen row into view."""
        room, top, first = self.size.height - HEAD, round(self.scroll_y), self.cursor * self.tall
        if room > 0 and not top <= first <= top + room - self.tall:
            self.scroll_to(y=first if first < top else first + self.tall - room, animate=False, force=True)
