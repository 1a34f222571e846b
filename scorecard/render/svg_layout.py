"""Where everything of the SVG map lies: cards in rows, lanes around them, and the course of every link.

The order of the cards and the way of the links are those of `ranks` and `routing`, on a grid of columns UNIT pixels
wide; here they become pixels. Links run in the gutters between rows and, at their bends, between cards: never in one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import log

from scorecard.render.columns import place_columns
from scorecard.render.picture import Picture
from scorecard.render.ranks import BEND, Ranks
from scorecard.render.routing import LOWER, Wire, route
from scorecard.render.svg_rows import count_rows, level_boxes, seat_boxes

UNIT = 10  # pixels of a column
MARGIN = 32  # around the whole
HEADER = 164  # of a lane's name, left of its cards
PAD = 14  # between a lane's border and its cards
SLIDE = 16 / 9
NARROWEST = 860  # of the whole, so that title and legend have room

_GUTTER = 54  # between two lanes' cards, at least
_FOOT = 60  # of the legend, by and large
_BESIDE = 2 * MARGIN + HEADER + 2 * PAD  # the width that is not for cards
_MOST_AIR = 32  # added to a gutter where the map would be wider than a slide
_TRACK = 9  # between two links that run sideways
_HEAD, _TAIL = 18, 16  # of a link, upright at its upper end, at its lower one
_WIDEST_GAP = 8  # columns between two cards


@dataclass(frozen=True, slots=True)
class Size:
    """How wide cards are, in columns, and how many columns lie between them at least."""

    narrowest: int
    widest: int
    gap: int


@dataclass(frozen=True, slots=True)
class Card:
    """The place of a goal's card, in pixels; `box` is its number in the picture."""

    box: int
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Strip:
    """The place of a lane, as wide as all others."""

    x: int
    y: int
    width: int
    height: int


Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Course:
    """The way of a link from its cause to its effect: upright and sideways in turn, upright at both ends."""

    points: tuple[Point, ...]

    @property
    def downward(self) -> bool:
        """Whether it leaves its cause downwards, against the map's reading."""
        return self.points[1][1] > self.points[0][1]


@dataclass(frozen=True, slots=True)
class Layout:
    """Pixels from the top left; cards, strips and courses stand in the order of the picture's boxes, lanes, arrows."""

    width: int
    height: int
    cards: tuple[Card, ...]
    strips: tuple[Strip, ...]
    courses: tuple[Course, ...]


Tall = Callable[[Sequence[int], int], int]  # the boxes of a row, the width of a card in pixels -> its height


def lay_out(picture: Picture, size: Size, tall: Tall, top: int) -> Layout:
    """Lay a picture of one lane or more out, its first lane `top` pixels from the upper edge."""
    lanes, ranks, columns = _arrange(picture, size, tall, top)
    gutters = route(ranks)
    rows = [[ranks.nodes[number].box for number in row if ranks.nodes[number].box != BEND] for row in ranks.order]
    wide = next((node.width for node in ranks.nodes if node.box != BEND), size.narrowest) * UNIT
    heights = [tall(row, wide) for row in rows]
    width = columns * UNIT + _BESIDE
    feet, tops = _stack_rows(_size_gutters(lanes, gutters), heights, top, width)
    strips = tuple(_cut_strips(lanes, feet, tops, heights, width - 2 * MARGIN))
    cards = {
        box: Card(box, _pixel(ranks.nodes[box].x), y, wide, height)
        for row, y, height in zip(rows, feet, heights, strict=True)
        for box in row
    }
    return Layout(
        width=width,
        height=strips[-1].y + strips[-1].height,
        cards=tuple(cards[box] for box in range(len(picture.boxes))),
        strips=strips,
        courses=tuple(
            Course(tuple(points if chain[-1] == effect else points[::-1]))
            for points, chain, effect in zip(
                _draw_courses(ranks, gutters, feet, tops), ranks.chains, ranks.effects, strict=True
            )
        ),
    )


def _arrange(picture: Picture, size: Size, tall: Tall, top: int) -> tuple[list[int], Ranks, int]:
    """The lane of each row, the rows with the columns of all cards and bends, and how many columns they take."""
    levels = level_boxes(picture)
    each = [tall([box], size.narrowest * UNIT) for box in range(len(picture.boxes))] or [0]
    rise = sum(each) // len(each) + _GUTTER
    lanes, ranks = seat_boxes(picture, levels, _choose_widest(levels, size, rise, top))
    target = max(NARROWEST, SLIDE * (top + rise * len(lanes) + _FOOT)) - _BESIDE
    return lanes, ranks, _size_cards(ranks, size, int(target) // UNIT)


def _pixel(column: int) -> int:
    """The left side of a column."""
    return MARGIN + HEADER + PAD + column * UNIT


def _choose_widest(levels: Sequence[Sequence[Sequence[int]]], size: Size, rise: int, top: int) -> int:
    """How many cards a row may have so that the map comes nearest to a slide, rather wide than high."""
    most = max([1, *(len(level) for lane in levels for level in lane)])

    def miss(widest: int) -> float:
        wide = widest * (size.narrowest + size.gap) * UNIT + _BESIDE
        ratio = log(wide / (top + count_rows(levels, widest) * rise + _FOOT) / SLIDE)
        return max(ratio / 2, -ratio)

    return min(range(min(3, most), most + 1), key=miss)


def _size_cards(ranks: Ranks, size: Size, target: int) -> int:
    """Give cards and gaps the columns they have within a target, all cards alike, and place them; the columns used."""
    counts = [sum(ranks.nodes[number].box != BEND for number in row) for row in ranks.order]
    bends = [3 * (len(row) - count) for row, count in zip(ranks.order, counts, strict=True)]
    wide, gap = size.widest, _WIDEST_GAP
    for count, bent in zip(counts, bends, strict=True):
        if count:
            wide = min(wide, (target - bent - (count - 1) * size.gap) // count)
    wide = max(wide, size.narrowest)
    for count, bent in zip(counts, bends, strict=True):
        if count > 1:
            gap = min(gap, (target - bent - count * wide) // (count - 1))
    for node in ranks.nodes:
        if node.box != BEND:
            node.width = wide
    return place_columns(ranks, target, (max(gap, size.gap), 1))


def _size_gutters(lanes: Sequence[int], gutters: Sequence[Sequence[Wire]]) -> list[int]:
    """The least height of the gutter above each row."""
    sizes = []
    for row, wires in enumerate(gutters):
        tracks = max((wire.track for wire in wires), default=-1) + 1
        need = _HEAD + _TAIL + _TRACK * tracks if wires else 0
        if row == 0:
            sizes.append(max(PAD, need))
        elif lanes[row] == lanes[row - 1]:
            sizes.append(max(need, 44 if wires else PAD))
        else:
            sizes.append(max(need, _GUTTER))
    return sizes


def _stack_rows(sizes: Sequence[int], heights: Sequence[int], top: int, width: int) -> tuple[list[int], list[int]]:
    """The upper edge of each row's cards, where its gutter ends, and that of each gutter.

    All gutters but the first get some air where the map would be wider than a slide.
    """
    spare = width / SLIDE - top - sum(sizes) - sum(heights) - PAD - _FOOT
    air = int(min(max(spare / len(sizes), 0), _MOST_AIR))
    feet: list[int] = []
    tops = [top]
    for row, (gutter, height) in enumerate(zip(sizes, heights, strict=True)):
        feet.append(tops[-1] + gutter + (air if row else 0))
        tops.append(feet[-1] + height)
    return feet, tops


def _cut_strips(
    lanes: Sequence[int], feet: Sequence[int], tops: Sequence[int], heights: Sequence[int], width: int
) -> list[Strip]:
    strips = []
    for lane, found in groupby(range(len(lanes)), lanes.__getitem__):
        rows = list(found)
        above = tops[rows[0]] if lane == 0 else feet[rows[0]] - PAD
        strips.append(Strip(MARGIN, above, width, feet[rows[-1]] + heights[rows[-1]] + PAD - above))
    return strips


def _draw_courses(
    ranks: Ranks, gutters: Sequence[Sequence[Wire]], feet: Sequence[int], tops: Sequence[int]
) -> list[list[Point]]:
    """The corners of every link from its lower end (of one along a row: from its cause) to its upper one."""
    courses: list[list[Point]] = [[] for _ in ranks.chains]
    for gutter in reversed(range(len(gutters))):
        tracks = max([wire.track for wire in gutters[gutter]], default=-1) + 1
        high, low = tops[gutter] + _HEAD, feet[gutter] - _TAIL
        levels = [round(high + (low - high) * (track + 0.5) / tracks) for track in range(tracks)]
        for wire in gutters[gutter]:
            points = courses[wire.link]
            first, last = _pixel(wire.ports[0]) + UNIT // 2, _pixel(wire.ports[1]) + UNIT // 2
            if not points:
                points.append((first, feet[gutter]))
            if first != last:
                points += (first, levels[wire.track]), (last, levels[wire.track])
            if wire.nodes[1] == ranks.chains[wire.link][-1]:
                points.append((last, feet[gutter] if wire.sides[1] == LOWER else tops[gutter]))
    return courses
