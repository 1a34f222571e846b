"""The goals of a map as a list below the names of their perspectives, for a screen that is too narrow for the map."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from scorecard.model.status import Heading
from scorecard.render.picture import Box, Lane, Picture
from scorecard.render.words import percent, points, status_words
from scorecard.tui.text import fit
from scorecard.tui.widgets.goal_box import Look, list_marks
from scorecard.tui.widgets.row_list import HEAD, Line, RowList

_ROOM_FOR_BOTH = 40  # columns from which an outlook or a change has its figure, and a status its word
_ROOM_FOR_WORD, _ROOM_FOR_FIGURE = 30, 24  # columns from which there is the word alone, the figure alone
_FIGURE, _FIGURE_WITH_UNIT = 4, 7  # columns of a figure: `100%`, `-12`, `-12 pp`
_NONE = -1  # the cursor where no goal is chosen


class GoalList(RowList):
    """Shows the goals of a picture; posts `Selected` and `Opened` as the map does. The cursor passes over the perspectives."""

    HELP = """
The goals of the strategy map, below their perspectives: each with its result and its outlook. The map itself needs a wider screen.

| sign | meaning |
| --- | --- |
| ● ◆ ▲ ○ | green, amber, red, unknown |
| 62% ↗ 70% | the result, and where its outlook points |
| ◆→●, ↗ +5 pp | `c` compares: another status than then, the change of the result |
| ! | warning: the result is green, its drivers are not |
| ⚑ | a guardrail is breached |
| ✎ | the status was set by judgement |
"""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "clear", "No goal", show=False)]

    class Selected(Message):
        """A goal was selected, or (None) none any more."""

        def __init__(self, goal_id: str | None) -> None:
            super().__init__()
            self.goal_id = goal_id

    class Opened(RowList.Opened):
        """A goal was asked for in detail: Enter, or a double click."""

        def __init__(self, goal_id: str) -> None:
            super().__init__()
            self.goal_id = goal_id

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._picture: Picture | None = None
        self._rows: list[Lane | Box] = []
        self._goals: list[int] = []  # the rows that are goals
        self._marks = self._word = 0  # columns of the marks and of the word of a status: as many as a goal has at most
        self._turned = False  # whether any goal had another status in the period compared with
        self.set_reactive(RowList.cursor, _NONE)

    def show(self, picture: Picture | None, selected: str | None) -> None:
        """Show the goals of a picture with one of them chosen, none where it is not there. Posts nothing."""
        self._picture, self._rows = picture, []
        if picture and picture.boxes:
            below: list[list[Box]] = [[] for _ in picture.lanes]
            for box in picture.boxes:
                below[box.lane].append(box)
            for lane, boxes in zip(picture.lanes, below, strict=True):
                self._rows += [lane, *boxes]
        self._goals = [number for number, row in enumerate(self._rows) if isinstance(row, Box)]
        self._marks = max((len(list_marks(box)) for box in picture.boxes), default=0) if picture else 0
        self._word = max((len(box.status) for box in picture.boxes), default=0) if picture else 0
        self._turned = any(box.turned for box in picture.boxes) if picture else False
        chosen = (number for number in self._goals if self._rows[number].id == selected)
        self.take_rows(len(self._rows), 1, next(chosen, _NONE))

    @property
    def chosen(self) -> str | None:
        """The id of the chosen goal."""
        return self._rows[self.cursor].id if self.cursor != _NONE else None

    @property
    def room(self) -> int:
        """Columns of a row; those of the bar in front and of the scroll bar are always free, so that nothing moves."""
        return max(self.size.width - 2, 1)

    def validate_cursor(self, cursor: int) -> int:
        return max(_NONE, min(cursor, self.count - 1))

    def watch_cursor(self, before: int, now: int) -> None:
        super().watch_cursor(before, now)
        self.post_message(self.Selected(self.chosen))

    def action_step(self, steps: int) -> None:
        """Choose the goal so many further; the first one where none is chosen."""
        self._choose(self._place + steps if self.chosen else 0)

    def action_page(self, pages: int) -> None:
        """Choose the goal a screen further, at least the next one."""
        aim, place = self.cursor + pages * max(self.size.height - HEAD - 1, 1), self._place
        if self.chosen is None:
            self._choose(0)
        elif pages > 0:
            self._choose(max(bisect_right(self._goals, aim) - 1, place + 1))
        else:
            self._choose(min(bisect_left(self._goals, aim), place - 1))

    def action_rim(self, end: int) -> None:
        self._choose(end % max(len(self._goals), 1))

    def action_open(self) -> None:
        if self.chosen:
            self.post_message(self.Opened(self.chosen))

    def action_clear(self) -> None:
        """Choose no goal."""
        if self.chosen is None:
            raise SkipAction
        self.cursor = _NONE

    def on_resize(self) -> None:
        self.take_rows(self.count, 1, self.cursor)

    def on_click(self, event: events.Click) -> None:
        """The name of a perspective cannot be chosen."""
        if event.y - HEAD + round(self.scroll_y) not in self._goals:
            event.prevent_default()

    def render_line(self, y: int) -> Strip:
        if y == HEAD and self._picture and not self._goals:
            text = fit("no goals yet", self.room)
            return self._fill([Segment(text, self._colours.ink("quiet", "background"))], "quiet", "background")
        return super().render_line(y)

    def paint_head(self, look: Look) -> Line:
        """How many there are, and what the figures of a row are; as much of it as has room, that last."""
        if not self._picture or not self._goals:
            return []
        count, before = len(self._goals), self._picture.before
        said = f"change since {before}" if before else "result and outlook"
        forms = (f"{count} goal{'s' * (count > 1)}: {said}", said, said.removeprefix("change "))
        said = next((form for form in forms if len(form) <= self.room), forms[-1])
        return [Segment(fit(said, self.room), look.ink("quiet", "panel", bold=True))]

    def paint_row(self, number: int, look: Look, ground: str, chosen: bool) -> list[Line]:
        row = self._rows[number]
        if isinstance(row, Lane):
            return [_paint_lane(row, self.room, look, ground)]
        columns, plain = self.size.width, look.ink("foreground", ground, bold=chosen)
        line = self._paint_status(row, look, ground)
        line.append(Segment(f"{percent(row.lagging):>4} ", look.ink(f"status-{row.lagging_status}", ground)))
        arrow, figure, colour = _say_ahead(row, columns)
        line.append(Segment(f"{arrow}{figure} ", look.ink(colour, ground, bold=bool(row.change))))
        if self._marks:
            line.append(Segment(fit(list_marks(row), self._marks) + " ", look.ink("foreground", ground, bold=True)))
        room = self.room - sum(part.cell_length for part in line)
        return [[*line, Segment(fit(row.name, room), plain)]]

    def _paint_status(self, box: Box, look: Look, ground: str) -> Line:
        """The sign, behind that of before where some goal had another then and there is room, and the word."""
        line: Line = []
        now, before = box.status, box.status_before or box.status
        ink = look.ink(f"status-{now}", ground, bold=True)
        if self._turned and self.size.width >= _ROOM_FOR_FIGURE:
            was = look.ink(f"status-{before}", ground, bold=True)
            old = [Segment(before.sign, was), Segment("→", look.ink("quiet", ground))]
            line += old if box.turned else [Segment("  ", was)]
        word = f"{now:<{self._word}} " if self.size.width >= _ROOM_FOR_WORD else ""
        return [*line, Segment(f"{now.sign} {word}", ink)]

    @property
    def _place(self) -> int:
        """The number of the chosen goal among the goals."""
        return bisect_left(self._goals, self.cursor)

    def _choose(self, place: int) -> None:
        if self._goals:
            self.cursor = self._goals[max(0, min(place, len(self._goals) - 1))]

    def _reveal(self) -> None:
        """Scroll the chosen goal into view, with the names of perspectives right above it and at the end of the list."""
        room, top = self.size.height - HEAD, round(self.scroll_y)
        if self.chosen is None or room <= 0:
            return
        place = self._place
        first = max(self._goals[place - 1] + 1 if place else 0, self.cursor + 1 - room)
        last = min(self.count - 1 if place == len(self._goals) - 1 else self.cursor, first + room - 1)
        if not top <= first <= last < top + room:
            self.scroll_to(y=first if first < top else last + 1 - room, animate=False, force=True)


def _paint_lane(lane: Lane, room: int, look: Look, ground: str) -> Line:
    """The name of a perspective with its status and score."""
    words = status_words(lane.status, lane.score)
    score = f"  {words if room > _ROOM_FOR_WORD - 3 else f'{lane.status.sign} {percent(lane.score)}'}"
    name = fit(lane.name, max(room - len(score), 0)).rstrip()
    return [
        Segment(name, look.ink("foreground", ground, bold=True)),
        Segment(score, look.ink(f"status-{lane.status}", ground, bold=True)),
    ]


def _say_ahead(box: Box, columns: int) -> tuple[str, str, str]:
    """An arrow, a figure where the screen has room for it, and their colour: of the outlook, or of the change since the
    period compared with, which takes its place."""
    if not box.change:
        known = box.outlook is not None
        arrow = box.heading.arrow if known else Heading.UNKNOWN.arrow
        figure, colour = percent(box.outlook) if known else "", f"status-{box.outlook_status}"
        width = _FIGURE + 1
    else:
        arrow, colour = box.moved.arrow, "quiet" if box.moved is Heading.LEVEL else "foreground"
        figure, width = points(box.score_change) if box.score_change is not None else "", _FIGURE_WITH_UNIT
        if columns < _ROOM_FOR_BOTH:
            figure, width = figure.removesuffix(" pp"), _FIGURE
    has_room = columns >= _ROOM_FOR_BOTH or _ROOM_FOR_FIGURE <= columns < _ROOM_FOR_WORD
    return arrow, f"{figure:>{width}}" if has_room else "", colour
