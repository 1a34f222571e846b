"""The box of a goal as lines of styled cells, and the colours it and its links are painted with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.content import Content

from scorecard.model.status import Heading, Signal, Status
from scorecard.render.captions import change_line
from scorecard.render.change_words import small_points
from scorecard.render.layout import Density, Place
from scorecard.render.picture import Box
from scorecard.render.words import GUARDRAIL_SIGN, OVERRIDE_SIGN, percent, points
from scorecard.tui.text import fit, literal

_FULL, _EMPTY = "▰", "▱"
_LIGHT_EDGE, _HEAVY_EDGE = "╭─╮│╰╯┴┬", "┏━┓┃┗┛┷┯"
_ROOM_FOR_UNIT, _ROOM_FOR_POINTS = 18, 11  # columns from which a change is said as `-12 pp`, as `-12`
_MARK_TONES = {"!": Status.AMBER, GUARDRAIL_SIGN: Status.RED, OVERRIDE_SIGN: Status.UNKNOWN}

Cells = list[tuple[str, Style]]


class Light(Enum):
    """How a box stands out: nothing is selected, it is outside the chain, in it, or the selected one."""

    PLAIN = "plain"
    DIM = "dim"
    LIT = "lit"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class Look:
    """Theme variables by name, as colours."""

    colours: Mapping[str, str]

    def ink(self, colour: str, ground: str, *, bold: bool = False) -> Style:
        """The style of one variable's colour on another's."""
        return _mix(self.colours[colour], self.colours[ground], bold)


@dataclass(frozen=True, slots=True)
class Stand:
    """What decides how a box is painted, besides the box: its lane's ground, its light, the mouse over it, the columns at
    which links leave through its upper and its lower side, and how the box was before, where the change is to be shown."""

    lane: str
    light: Light = Light.PLAIN
    hover: bool = False
    leave_above: Collection[int] = ()
    leave_below: Collection[int] = ()
    before: Box | None = None


def paint_box(box: Box, place: Place, density: Density, look: Look, stand: Stand) -> list[list[Segment]]:
    """The lines of a box, each of `place.width` cells."""
    brush = _Brush(box, look, stand)
    lines = brush.border(place) if density.border else brush.card(place)
    return [[Segment(text, style) for text, style in line if text] for line in lines]


def list_marks(box: Box) -> str:
    """The signs at a box's corner: `!` a warning signal, `⚑` a breached guardrail, `✎` an override."""
    warned, breached = box.signal is Signal.WARNING, bool(box.guardrails_breached)
    return "!" * warned + GUARDRAIL_SIGN * breached + OVERRIDE_SIGN * box.overridden


def describe(box: Box, kpis: Iterable[str]) -> Content:
    """What the box has no room for: the whole name, the change, the KPIs in words."""
    lines = [box.name, *([change_line(box)] if box.change else []), *kpis]
    return Content("\n").join([literal(line) for line in lines])


class _Brush:
    """The styles of one box and what it says."""

    def __init__(self, box: Box, look: Look, stand: Stand) -> None:
        self.box, self.look, self.stand = box, look, stand
        dim, chosen = stand.light is Light.DIM, stand.light is Light.CHOSEN
        strong = chosen or stand.hover
        self.ground = stand.lane if dim else f"status-{box.status}-fill"
        self.name = look.ink("quiet" if dim else "foreground", self.ground, bold=strong or stand.light is Light.LIT)
        self.edge_colour = "lit" if strong else "rule" if dim else f"status-{box.status}"
        self.chosen = chosen

    def border(self, place: Place) -> list[Cells]:
        """A border with sign, word and marks in its upper side, around the name and the scores."""
        left_top, flat, right_top, side, left_foot, right_foot, up, down = tuple(
            _HEAVY_EDGE if self.chosen else _LIGHT_EDGE
        )
        edge = self.look.ink(self.edge_colour, self.stand.lane, bold=self.chosen)
        middle = range(1, place.width - 1)
        top = left_top + "".join(up if x in self.stand.leave_above else flat for x in middle) + right_top
        foot = left_foot + "".join(down if x in self.stand.leave_below else flat for x in middle) + right_foot
        marks = self._marks(self.stand.lane)
        right = len(top) - 2 - 2 * len(marks)
        words = self._word(right - 2)
        upper: Cells = [(top[:2], edge), *words, (top[2 + sum(len(word) for word, _ in words) : right], edge)]
        upper += [(" " + mark, style) for mark, style in marks] + [(" " if marks else top[-2], edge), (top[-1], edge)]
        width = place.width - 4
        inside = [[(fit(name, width), self.name)] for name in self._names(place, 3)] + [self._scores(width)]
        blank = (" ", self.name)
        return [upper, *([(side, edge), blank, *row, blank, (side, edge)] for row in inside), [(foot, edge)]]

    def card(self, place: Place) -> list[Cells]:
        """Without a border: a bar on the left, the sign before the name and the marks under it, or after a name of one
        line; chosen, the name is reversed."""
        edge = ("█" if self.chosen else "▌", self.look.ink(self.edge_colour, self.ground))
        head = self.look.ink("background", "lit", bold=True) if self.chosen else self.name
        sign = head if self.chosen else self._status(self.box.status, self.ground, bold=True)
        marks = [(mark, head if self.chosen else style) for mark, style in self._marks(self.ground)]
        names = self._names(place, 1)
        width = place.width - 3
        rows: list[Cells] = [[edge, ("  ", head), (fit(name, width), head)] for name in names]
        rows[0][1] = (f"{self.box.status.sign} ", sign)
        if len(names) > 1:
            rows[1][1:2] = [*marks[:2], (" " * (2 - len(marks)), head)]
        else:
            rows[0][2:] = [(fit(names[0], width - len(marks)), head), *marks]
        was = self._was() if self.box.turned else []
        room = place.width - 2 - sum(len(text) for text, _ in was)
        return [*rows, [edge, *was, *self._scores(room), (" ", self.name)]]

    def _names(self, place: Place, other: int) -> list[str]:
        return [*place.lines, *[""] * (place.height - other - len(place.lines))]

    def _status(self, status: Status, ground: str, *, bold: bool = False) -> Style:
        return self.look.ink(f"status-{status}", ground, bold=bold)

    def _marks(self, ground: str) -> Cells:
        return [(mark, self._status(_MARK_TONES[mark], ground, bold=True)) for mark in list_marks(self.box)]

    def _word(self, width: int) -> Cells:
        """The status in a word, behind that of before where it was another."""
        now, lane = self.box.status, self.stand.lane
        then = (f"{now.sign} {now} ", self._status(now, lane, bold=True))
        before = self.stand.before.status if self.stand.before else self.box.status_before or now
        if before == now:
            return [(f" {then[0]}", then[1])]
        long = len(f" {before.sign} {before} → ") + len(then[0]) <= width
        old = f" {before.sign} {before} " if long else f" {before.sign} "
        return [(old, self._status(before, lane, bold=True)), ("→ ", self.look.ink("quiet", lane)), then]

    def _was(self) -> Cells:
        """The sign of the status in the period compared with, before that of now."""
        before, now, ground = self.box.status_before or self.box.status, self.box.status, self.ground
        arrow = ("→", self.look.ink("quiet", ground))
        signs = [(one.sign, self._status(one, ground, bold=True)) for one in (before, now)]
        return [signs[0], arrow, signs[1], (" ", self.name)]

    def _change(self, width: int) -> tuple[str, Style]:
        """Where the result went since the period compared with, and by how many points where that has room."""
        box, moved = self.box, points(self.box.score_change) if self.box.score_change is not None else ""
        said = f"{moved:>7}" if width >= _ROOM_FOR_UNIT else f"{moved.removesuffix(' pp'):>4}"
        text = f" {box.moved.arrow}" + (said if width >= _ROOM_FOR_POINTS else "")
        return text, self.look.ink("quiet" if box.moved is Heading.LEVEL else "foreground", self.ground, bold=True)

    def _shift(self, width: int, before: Box) -> Cells:
        """The result before and now with the change in points, or the outlook where only that moved: as much of it as has
        room, the change last. What rounds to the same is said once."""
        box, head = self.box, ""
        old, new, was, status = before.lagging, box.lagging, before.lagging_status, box.lagging_status
        if old == new and before.outlook != box.outlook:
            head = "outlook "
            old, new, was, status = before.outlook, box.outlook, before.outlook_status, box.outlook_status
        quiet, ground = self.look.ink("quiet", self.ground), self.ground
        moved = small_points(new - old) if old is not None and new is not None and old != new else ""
        first, last = (percent(old), self._status(was, ground)), (percent(new), self._status(status, ground, bold=True))
        change: Cells = [(moved, self.look.ink("foreground", ground, bold=True))] if moved else []
        forms: list[tuple[Cells, Cells]] = [([last], change), ([], change)]
        if first[0] != last[0]:
            wide, tight = ([first, (arrow, quiet), last] for arrow in (" → ", "→"))
            forms[:1] = [(wide, change), (wide, []), (tight, [])]
        left, right = next((one for one in forms if _measure(*one) <= width - len(head)), ([], []))
        blank = " " * (width - len(head) - sum(len(text) for text, _ in (*left, *right)))
        return [(head, quiet), *left, (blank, quiet), *right]

    def _scores(self, width: int) -> Cells:
        """The result as a bar and a number, then where the outlook heads; where a change is to be shown, that.

        A period compared with takes the place of the outlook.
        """
        box = self.box
        if self.stand.before:
            return self._shift(width, self.stand.before)
        arrow = box.heading.arrow if box.outlook is not None else Heading.UNKNOWN.arrow
        outlook = f" {arrow}{percent(box.outlook):>4}" if box.outlook is not None else f" {arrow}    "
        ahead = (outlook, self._status(box.outlook_status, self.ground))
        if box.change:
            ahead = self._change(width)
        if box.lagging is None:
            return [(fit("no data", width - len(ahead[0])), self.look.ink("quiet", self.ground)), ahead]
        room = max(width - len(ahead[0]) - 5, 0)
        filled = min(max(round(box.lagging * room), 0), room)
        tone = self._status(box.lagging_status, self.ground)
        bar = [(_FULL * filled, tone), (_EMPTY * (room - filled), self.look.ink("link", self.ground))]
        return [*bar, (f" {percent(box.lagging):>4}", tone), ahead]


def _measure(left: Cells, right: Cells) -> int:
    """The columns of two parts and the blank between them."""
    return sum(len(text) for text, _ in (*left, *right)) + bool(left and right)


@lru_cache(2048)
def _mix(colour: str, ground: str, bold: bool) -> Style:
    under = Color.parse(ground)
    return Style(color=(under + Color.parse(colour)).rich_color, bgcolor=under.rich_color, bold=bold)
