"""The heat grid: members by goals, each cell a status with its score; only the rows on screen are painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from scorecard.model.status import Status
from scorecard.render.heat import Heat
from scorecard.render.words import percent, status_words, wrap
from scorecard.tui.sheets import Sheet, tabulate_members
from scorecard.tui.text import fit
from scorecard.tui.themes import fallback_colours
from scorecard.tui.widgets.goal_box import Look

_HEAD = 3  # rows of the goals' names, which do not scroll
_NAME = 20  # columns of a member
_CELL, _CELL_WITH_WORD = 10, 14  # columns of a cell with the gap behind it; with words where all goals have room


class HeatGrid(ScrollView, can_focus=True):
    """Shows a `Heat`; posts `Opened` for a member. The first cell is the index, then come the goals; `column` is chosen too."""

    HELP = """
Members by goals, worst first by the chosen column: ● green, ◆ amber, ▲ red, ○ unknown; the words stand in the cells where all
goals have room for them, and always at the foot for the chosen cell. `‹ 2  4 ›` in the heading: so many goals stand to the left and
to the right, where the arrows go. Enter shows the whole scorecard of a member.
"""
    DEFAULT_CSS = """
    HeatGrid { height: 1fr; scrollbar-size-vertical: 1; scrollbar-background: $background; overflow-x: hidden; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "step(-1)", "Up", show=False),
        Binding("down,j", "step(1)", "Down", show=False),
        Binding("left,h", "turn(-1)", "Left", show=False),
        Binding("right,l", "turn(1)", "Right", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "rim(0)", "First", show=False),
        Binding("end", "rim(-1)", "Last", show=False),
        Binding("enter", "open", "Open"),
    ]
    cursor: reactive[int] = reactive(0, init=False)
    column: reactive[int] = reactive(0, init=False)

    class Moved(Message):
        """Another cell was chosen."""

    class Opened(Message):
        """A member was asked for."""

        def __init__(self, member: str) -> None:
            super().__init__()
            self.member = member

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._heat: Heat | None = None
        self._words = ""
        self._order: Sequence[int] = ()
        self._left = 0  # the first goal on screen

    def show_heat(self, heat: Heat | None, words: str = "") -> None:
        """Show other numbers, of the members whose name holds the words; the chosen member stays chosen."""
        chosen = self.chosen
        self._heat, self._words = heat, words
        self._arrange(chosen)

    @property
    def chosen(self) -> str | None:
        """The member under the cursor."""
        return self._heat.members[self._order[self.cursor]] if self._heat and self._order else None

    @property
    def cell(self) -> tuple[str, Status, float | None] | None:
        """What the chosen cell is of, and what it says."""
        if self._heat is None or not self._order:
            return None
        titles = (self._heat.head, *self._heat.titles)
        return (titles[self.column], *self._pairs(self._order[self.cursor])[self.column])

    def tabulate(self) -> Callable[[], Sheet] | None:
        """What makes a table of the members that are shown, in their order; None without any."""
        heat, order = self._heat, self._order
        return None if heat is None else lambda: tabulate_members(heat, order)

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, len(self._order) - 1))

    def validate_column(self, column: int) -> int:
        return max(0, min(column, len(self._heat.ids) if self._heat else 0))

    def watch_cursor(self) -> None:
        self._reveal()
        self.post_message(self.Moved())

    def watch_column(self) -> None:
        shown = self._shown
        if self.column and self.column not in shown:
            self._left = self.column - 1 if self.column < shown.start else self.column - len(shown)
        self._arrange(self.chosen)
        self.post_message(self.Moved())

    def action_step(self, steps: int) -> None:
        self.cursor += steps

    def action_turn(self, steps: int) -> None:
        self.column += steps

    def action_page(self, pages: int) -> None:
        self.cursor += pages * max(self.size.height - _HEAD - 2, 1)

    def action_rim(self, end: int) -> None:
        self.cursor = end % max(len(self._order), 1)

    def action_open(self) -> None:
        if self.chosen is not None:
            self.post_message(self.Opened(self.chosen))

    def on_resize(self) -> None:
        self._arrange(self.chosen)

    def on_click(self, event: events.Click) -> None:
        column = self._column_at(event.x)
        number = event.y - _HEAD - 1 + round(self.scroll_y)
        if column is not None:
            self.column = column
        if event.y > _HEAD and number < len(self._order):
            self.cursor = number
            if event.chain == 2:
                self.action_open()

    def render_line(self, y: int) -> Strip:
        look = Look(fallback_colours(self.app.current_theme.dark) | self.app.theme_variables)
        ground = look.ink("foreground", "background")
        width = self.size.width
        if self._heat is None:
            return Strip.blank(width, ground)
        if y < _HEAD:
            return self._filled(self._head(y, look), width, look)
        if y == _HEAD:
            return self._filled(self._row("all", self._heat.whole, False, look, "panel"), width, look)
        number = y - _HEAD - 1 + round(self.scroll_y)
        if number >= len(self._order):
            return Strip.blank(width, ground)
        member = self._order[number]
        chosen = number == self.cursor
        row = self._row(
            self._heat.members[member], self._pairs(member), chosen, look, "panel" if chosen else "background"
        )
        return self._filled(row, width, look)

    @property
    def _shown(self) -> range:
        """The columns of goals that there is room for, at least one; column 0 always stands before them."""
        count = len(self._heat.ids) if self._heat else 0
        fitting = min(max((self.size.width - 1 - _NAME - self._wide) // self._wide, 1), count)
        first = min(self._left, count - fitting)
        return range(first + 1, first + 1 + fitting)

    @property
    def _wide(self) -> int:
        """The columns of a cell."""
        count = len(self._heat.ids) if self._heat else 0
        return _CELL_WITH_WORD if self.size.width > _NAME + (count + 1) * _CELL_WITH_WORD else _CELL

    def _pairs(self, member: int) -> tuple[tuple[Status, float | None], ...]:
        assert self._heat
        return (self._heat.cell(self._heat.lead[member], self._heat.lead_bands), *self._heat.cells(member))

    def _arrange(self, chosen: str | None) -> None:
        """List the members under the words, worst first by the chosen column."""
        if self._heat is None:
            self._order = ()
        else:
            wanted = self._words.casefold().strip()
            order = self._heat.order_by(self.column)
            self._order = [n for n in order if wanted in self._heat.members[n].casefold()]
            names = [self._heat.members[n] for n in self._order]
            self.set_reactive(HeatGrid.cursor, names.index(chosen) if chosen in names else 0)
        self.virtual_size = Size(self.size.width, len(self._order) + _HEAD + 1)
        self._reveal()
        self.refresh()

    def _reveal(self) -> None:
        room, top = self.size.height - _HEAD - 1, round(self.scroll_y)
        if room > 0 and not top <= self.cursor < top + room:
            self.scroll_to(y=self.cursor if self.cursor < top else self.cursor - room + 1, animate=False, force=True)

    def _head(self, y: int, look: Look) -> list[Segment]:
        assert self._heat
        columns = [0, *self._shown]
        titles = [self._heat.titles[column - 1] if column else self._heat.head for column in columns]
        name = fit({0: self._say_hidden(), _HEAD - 1: self._heat.by}.get(y, ""), _NAME)
        segments = [Segment(" ", look.ink("quiet", "panel")), Segment(name, look.ink("quiet", "panel", bold=True))]
        for column, title in zip(columns, titles, strict=True):
            lines = wrap(title, self._wide - 1, _HEAD)
            text = ([""] * (_HEAD - len(lines)) + lines)[y]
            ink = look.ink("lit" if column == self.column else "quiet", "panel", bold=True)
            segments.append(Segment(fit(text, self._wide - 1) + " ", ink))
        return segments

    def _say_hidden(self) -> str:
        """How many goals stand to the left and to the right of those on screen: `‹ 2  4 ›`."""
        before, behind = self._shown.start - 1, len(self._heat.ids) + 1 - self._shown.stop if self._heat else 0
        return "  ".join(filter(None, (f"‹ {before}" * bool(before), f"{behind} ›" * bool(behind))))

    def _row(
        self, name: str, pairs: Sequence[tuple[Status, float | None]], chosen: bool, look: Look, ground: str
    ) -> list[Segment]:
        segments = [
            Segment("▌" if chosen else " ", look.ink("lit", ground, bold=True)),
            Segment(fit(name, _NAME - 1) + " ", look.ink("foreground", ground, bold=chosen)),
        ]
        for column in (0, *self._shown):
            status, score = pairs[column]
            text = f"{status_words(status, None):<7}" if self._wide == _CELL_WITH_WORD else status.sign
            text += f"{percent(score):>5}" if score is not None else ""
            here = chosen and column == self.column
            fill = f"status-{status}-fill"
            paper = fill if fill in look.colours and score is not None else ground
            segments.append(Segment(fit(f" {text}", self._wide - 1), look.ink(f"status-{status}", paper, bold=here)))
            segments.append(Segment("◂" if here else " ", look.ink("lit", ground, bold=True)))
        return segments

    def _filled(self, segments: list[Segment], width: int, look: Look) -> Strip:
        ground = segments[-1].style or look.ink("foreground", "background")
        return Strip(segments).adjust_cell_length(width, ground)

    def _column_at(self, x: int) -> int | None:
        if x <= _NAME:
            return None
        place = (x - _NAME - 1) // self._wide
        columns = (0, *self._shown)
        return columns[place] if place < len(columns) else None
