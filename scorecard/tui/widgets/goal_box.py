"""The box of a goal as lines of styled cells, and the colours it and its links are painted with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
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
from scorecard.render.words import GUARDRAIL_SIGN, OVERRIDE_SIGN, percent, points, status_words
from scorecard.tui.text import fit, literal

_FULL, _EMPTY = "▰", "▱"
_LIGHT_EDGE, _HEAVY_EDGE = "╭─╮│╰╯┴┬", "┏━┓┃┗┛┷┯"
_ROOM_FOR_UNIT, _ROOM_FOR_OUTLOOK = 18, 16  # columns from which a change is said as `-12 pp`, an outlook's has the word
_WORD, _LEAST_BAR = 7, 3  # columns of `◆ amber`, and of a bar beside it
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
        """Without a border: a bar on the left of the name, with the marks behind its first line, and of sign, word and
        scores below; chosen, the name is reversed."""
        edge = ("█" if self.chosen else "▌", self.look.ink(self.edge_colour, self.ground))
        head = self.look.ink("background", "lit", bold=True) if self.chosen else self.name
        marks = [(mark, head if self.chosen else style) for mark, style in self._marks(self.ground)]
        width, word = place.width - 1, self._card_word()
        rows: list[Cells] = [[edge, (fit(name, width), head)] for name in self._names(place, 1)]
        rows[0][1:] = [(fit(place.lines[0], width - len(marks)), head), *marks]
        return [*rows, [edge, *word, *self._figures(width - _measure(word))]]

    def _names(self, place: Place, other: int) -> list[str]:
        return [*place.lines, *[""] * (place.height - other - len(place.lines))]

    def _status(self, status: Status, ground: str, *, bold: bool = False) -> Style:
        return self.look.ink(f"status-{status}", ground, bold=bold)

    def _marks(self, ground: str) -> Cells:
        return [(mark, self._status(_MARK_TONES[mark], ground, bold=True)) for mark in list_marks(self.box)]

    @property
    def _before(self) -> Status:
        """The status before, where one is to be shown; else that of now."""
        return self.stand.before.status if self.stand.before else self.box.status_before or self.box.status

    def _word(self, width: int) -> Cells:
        """The status in a word, behind that of before where it was another."""
        before, now, lane = self._before, self.box.status, self.stand.lane
        then = (f"{status_words(now, None)} ", self._status(now, lane, bold=True))
        if before == now:
            return [(f" {then[0]}", then[1])]
        long = len(f" {before.sign} {before} → ") + len(then[0]) <= width
        old = f" {before.sign} {before} " if long else f" {before.sign} "
        return [(old, self._status(before, lane, bold=True)), ("→ ", self.look.ink("quiet", lane)), then]

    def _card_word(self) -> Cells:
        """The status in a word, behind the sign of that before where it was another."""
        before, now, ground = self._before, self.box.status, self.ground
        word, bold = status_words(now, None), self._status(now, ground, bold=True)
        if before == now:
            return [(f"{word:<{_WORD}}", bold)]
        then, arrow = self._status(before, ground, bold=True), self.look.ink("quiet", ground)
        return [(before.sign, then), ("→", arrow), (word, bold)]

    def _figures(self, room: int) -> Cells:
        """The scores beside the word of a card: as much of them as has room, behind a bar where one is worth it."""
        box, blank = self.box, (" ", self.name)
        if self.stand.before:
            return [blank, *self._shift(room - 2, self.stand.before), blank]
        arrow, figures, style = self._ahead()
        known = percent(box.lagging) if box.lagging is not None or box.status is not Status.UNKNOWN else ""
        brief, short = f" {known}" if known else "", figures[-1].strip()
        forms = [(f" {known:>4}" if known else "", figure) for figure in figures]
        forms += [(brief, f" {short}"), (brief, short), (brief, "")]
        sizes = [len(result + arrow + figure) for result, figure in forms]
        best = next((number for number, size in enumerate(sizes) if size <= room), len(forms) - 1)
        tail = min(room - sizes[best], 1)
        spare, tone = room - sizes[best] - tail, self._status(box.lagging_status, self.ground)
        bar = [blank, *self._bar(spare - 1)] if spare > _LEAST_BAR and known else [(" " * spare, self.name)]
        return [*bar, (forms[best][0], tone), (arrow + forms[best][1], style), (" " * tail, self.name)]

    def _bar(self, room: int) -> Cells:
        """The result, filled as far as it goes."""
        filled = min(max(round((self.box.lagging or 0) * room), 0), room)
        tone, rest = self._status(self.box.lagging_status, self.ground), self.look.ink("link", self.ground)
        return [(_FULL * filled, tone), (_EMPTY * (room - filled), rest)]

    def _ahead(self) -> tuple[str, tuple[str, ...], Style]:
        """Where the outlook heads: an arrow, a figure, their style. Where a period is compared with, where the result went
        since then, and by how many points, with their unit and without."""
        box = self.box
        if box.change:
            moved = points(box.score_change) if box.score_change is not None else ""
            style = self.look.ink("quiet" if box.moved is Heading.LEVEL else "foreground", self.ground, bold=True)
            return f" {box.moved.arrow}", (f"{moved:>7}", f"{moved.removesuffix(' pp'):>4}"), style
        known = box.outlook is not None
        arrow, figure = (box.heading.arrow, percent(box.outlook)) if known else (Heading.UNKNOWN.arrow, "")
        return f" {arrow}", (f"{figure:>4}",), self._status(box.outlook_status, self.ground)

    def _shift(self, width: int, before: Box) -> Cells:
        """The result before and now with the change in points, or the outlook where only that moved: as much of it as has
        room, the change last. What rounds to the same is said once."""
        box, head = self.box, ""
        old, new, was, status = before.lagging, box.lagging, before.lagging_status, box.lagging_status
        if old == new and before.outlook != box.outlook:
            head = "outlook " if width >= _ROOM_FOR_OUTLOOK else f"{box.heading.arrow} "
            old, new, was, status = before.outlook, box.outlook, before.outlook_status, box.outlook_status
        quiet, ground = self.look.ink("quiet", self.ground), self.ground
        moved = small_points(new - old) if old is not None and new is not None and old != new else ""
        first, last = (percent(old), self._status(was, ground)), (percent(new), self._status(status, ground, bold=True))
        change: Cells = [(moved, self.look.ink("foreground", ground, bold=True))] if moved else []
        forms: list[tuple[Cells, Cells]] = [([last], change), ([], change), ([last], [])]
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
        arrow, figures, style = self._ahead()
        ahead = (arrow + figures[0 if width >= _ROOM_FOR_UNIT else -1], style)
        if box.lagging is None:
            return [(fit("no data", width - len(ahead[0])), self.look.ink("quiet", self.ground)), ahead]
        tone = self._status(box.lagging_status, self.ground)
        return [*self._bar(max(width - len(ahead[0]) - 5, 0)), (f" {percent(box.lagging):>4}", tone), ahead]


def _measure(left: Cells, right: Sequence[tuple[str, Style]] = ()) -> int:
    """The columns of two parts and the blank between them."""
    return sum(len(text) for text, _ in (*left, *right)) + bool(left and right)


@lru_cache(2048)
def _mix(colour: str, ground: str, bold: bool) -> Style:
    under = Color.parse(ground)
    return Style(color=(under + Color.parse(colour)).rich_color, bgcolor=under.rich_color, bold=bold)
