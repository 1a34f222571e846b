"""The what-if lists: levers, changes, links; each line with a slider that keys and the mouse move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from scorecard.tui.figure_cells import LEFT, slider_columns, write_figure
from scorecard.tui.figure_keys import Key
from scorecard.tui.figures import Figure, read_figure
from scorecard.tui.text import fit, literal
from scorecard.tui.trial import Outcome
from scorecard.tui.widgets.goal_box import Look
from scorecard.tui.widgets.row_list import HEAD, Line, RowList

Mode = Literal["levers", "changes", "links"]
MODES: tuple[Mode, ...] = ("levers", "changes", "links")
_TALL = 2  # lines of a figure
_NONE = {
    "levers": "nothing here is measured",
    "changes": "nothing is changed yet: → moves a lever, enter takes its next step",
    "links": "no goal drives another here",
}


class FigureList(RowList):
    """Shows figures; posts `Slid` when one was moved, `Turned` when another list was asked for."""

    HELP = """
What may be changed. The slider goes from a score of 0 to its best; `│` marks the actual figure. A lever's line ends in its next
step, the value it needs for that, and what the outlook of the goal gains by it; where it loses, the line at the foot says why.
Levers stay in the order of the actual figures. `!` marks a figure that lies far outside those so far.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "slide(-1, False)", "Move", key_display="← →", tooltip="Move the figure in small steps"),
        Binding("right", "slide(1, False)", show=False),
        Binding("shift+left,less_than_sign,H", "slide(-1, True)", "A large step to the left", show=False),
        Binding("shift+right,greater_than_sign,L", "slide(1, True)", "A large step to the right", show=False),
        Binding("enter", "open", "Take", tooltip="Take the next step of a lever; elsewhere type the figure"),
    ]

    class Slid(Message):
        """A figure was moved."""

        def __init__(self, key: Key, figure: float | str) -> None:
            super().__init__()
            self.key, self.figure = key, figure

    class Turned(Message):
        """Another list was asked for by the mouse."""

        def __init__(self, mode: Mode) -> None:
            super().__init__()
            self.mode = mode

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.mode: Mode = "levers"
        self._keys: Sequence[Key] = ()
        self._figures: dict[Key, Figure] = {}  # those that were looked at
        self._outcome: Outcome | None = None
        self._counts: dict[Mode, int] = {}
        self._about = ""
        self._dragged = False

    def show_outcome(self, outcome: Outcome, mode: Mode, wanted: Key | None) -> None:
        """Show one of the lists; the figure that is wanted is chosen, else the one that was, as long as the goal is the same."""
        goal, goals = outcome.goal, outcome.now.strategy.goals
        stays = self._outcome is not None and self._outcome.goal == goal
        wanted = wanted or (self._keys[self.cursor] if stays and self._keys else None)
        near = self.cursor if stays and mode == self.mode else 0
        lists = {
            "levers": outcome.levers,
            "changes": tuple(one.key for one in outcome.scenario.changes),
            "links": outcome.links,
        }
        self.mode, self._outcome, self._keys, self._figures = mode, outcome, lists[mode], {}
        self._counts = {one: len(lists[one]) for one in MODES}
        self._about = goals[goal].title if goal else "the whole"
        self.take_rows(len(self._keys), _TALL, self._keys.index(wanted) if wanted in self._keys else near)

    @property
    def room(self) -> int:
        """Columns of a row: what the scroll bar leaves."""
        return max(self.scrollable_content_region.width - 1, 1)

    @property
    def chosen(self) -> Figure | None:
        return self._read(self.cursor) if self._keys else None

    def action_slide(self, steps: int, coarse: bool) -> None:
        """Move the chosen figure to the right (better) or to the left."""
        figure = self.chosen
        if figure and figure.slider:
            self._slide(figure, figure.slider.move(figure.then, steps, coarse))

    def paint_head(self, look: Look) -> Line:
        line: Line = []
        for mode, text in self._list_tabs():
            colour = "lit" if mode == self.mode else "quiet"
            line.append(Segment(text, look.ink(colour, "panel", bold=mode == self.mode)))
        rest = self.room - sum(cell_len(part.text) for part in line)
        about = literal(self._about).plain
        text = fit(about, min(cell_len(about), max(rest - 2, 0)))
        return [*line, Segment(f"{' ' * (rest - cell_len(text) - 1)}{text} ", look.ink("quiet", "panel"))]

    def paint_row(self, number: int, look: Look, ground: str, chosen: bool) -> list[Line]:
        return write_figure(self._read(number), self.room, look, ground, chosen)

    def on_resize(self) -> None:
        self.take_rows(len(self._keys), _TALL, self.cursor)

    def on_click(self, event: events.Click) -> None:
        """The heading chooses a list; on a slider a double click is no more than two."""
        part = (event.y - HEAD + round(self.scroll_y)) % _TALL
        if event.y >= HEAD and part and self._share_at(event.x, strict=True) is not None:
            event.prevent_default()
        left = 1
        for mode, text in self._list_tabs() if event.y < HEAD else ():
            left += cell_len(text)
            if event.x < left:
                self.post_message(self.Turned(mode))
                break

    def on_mouse_down(self, event: events.MouseDown) -> None:
        number, part = divmod(event.y - HEAD + round(self.scroll_y), _TALL)
        if event.y >= HEAD and number < self.count:
            self.cursor = number
            if part and (share := self._share_at(event.x, strict=True)) is not None:
                self._dragged = True
                self.capture_mouse()
                self._drag(share)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._dragged and (share := self._share_at(event.x)) is not None:
            self._drag(share)

    def on_mouse_up(self) -> None:
        if self._dragged:
            self._dragged = False
            self.release_mouse()

    def render_line(self, y: int) -> Strip:
        if y == HEAD and not self._keys:
            text = Segment("  " + _NONE[self.mode], self._colours.ink("quiet", "background"))
            return self._fill([text], "quiet", "background")
        return super().render_line(y)

    def _read(self, number: int) -> Figure:
        key = self._keys[number]
        if key not in self._figures:
            assert self._outcome, "keys are those of an outcome"
            self._figures[key] = read_figure(self._outcome, key)
        return self._figures[key]

    def _drag(self, share: float) -> None:
        figure = self.chosen
        if figure and figure.slider:
            self._slide(figure, figure.slider.at(share))

    def _slide(self, figure: Figure, value: float | str) -> None:
        if value != figure.then:
            self.post_message(self.Slid(figure.key, value))

    def _share_at(self, x: int, strict: bool = False) -> float | None:
        """How far right a column is on the slider of the chosen figure; with `strict` None beside it."""
        figure = self.chosen
        columns = slider_columns(figure, self.room) if figure and not figure.fault else 0
        if not columns:
            return None
        place = x - 1 - LEFT - 1  # behind the bar of the row, the signs, and the slider's end
        if strict and not -1 <= place <= columns - 2:
            return None
        return min(1.0, max(0.0, place / (columns - 3)))

    def _list_tabs(self) -> list[tuple[Mode, str]]:
        return [(mode, f"{mode.capitalize()} {self._counts.get(mode, 0)}  ") for mode in MODES]
