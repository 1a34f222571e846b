"""The strategy map in character cells: where every box, lane and link lies, for any screen that shows text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scorecard.render.cells import Cells
from scorecard.render.columns import place_columns
from scorecard.render.crossings import untangle
from scorecard.render.picture import Picture
from scorecard.render.ranks import BEND, Ranks, build_ranks
from scorecard.render.routing import LOWER, Wire, route

Wrap = Callable[[str, int, int], tuple[str, ...]]  # a name, columns, most lines -> its lines
_MOST_ROWS = 3  # of boxes in one lane, before the map grows to the right
_LOOSE = 3  # the most blank rows added to a gutter where the screen has room


@dataclass(frozen=True, slots=True)
class Density:
    """How much a box shows. Without a border a box has a margin of one column on its left for its mark."""

    name: str
    border: bool
    name_rows: int
    narrowest: int
    widest: int
    gap: int  # columns between boxes
    edge: int  # blank rows above the first and below the last rank

    @property
    def frame(self) -> int:
        """Columns of a box that are not for text."""
        return 4 if self.border else 2

    def height(self, lines: int) -> int:
        return lines + 1 + 2 * self.border


ROOMY = Density("roomy", True, 3, 20, 40, 3, 1)
FULL = Density("full", True, 2, 20, 40, 3, 1)
SNUG = Density("snug", False, 2, 17, 30, 2, 0)
COMPACT = Density("compact", False, 1, 17, 30, 2, 0)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the box of a goal lies; `lines` is its name, wrapped."""

    id: str
    box: int  # its number in the picture
    rank: int
    x: int
    y: int
    width: int
    height: int
    lines: tuple[str, ...]

    @property
    def centre(self) -> float:
        return self.x + (self.width - 1) / 2


@dataclass(frozen=True, slots=True)
class Band:
    """The rows of a lane; its boxes begin at row `first`."""

    lane: int
    y: int
    height: int
    first: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns and rows count from 0 at the top left. `cells[y][x]` holds the strands of links, none in a box."""

    width: int
    height: int
    density: Density
    places: Mapping[str, Place]
    ranks: tuple[tuple[Place, ...], ...]  # top first, each from left to right; none is empty
    bands: tuple[Band, ...]
    cells: Cells
    crossings: int

    def rank_at(self, y: int) -> tuple[Place, ...]:
        """The boxes that a row meets, left to right."""
        return next((rank for rank in self.ranks if rank[0].y <= y < rank[0].y + rank[0].height), ())

    def find(self, x: int, y: int) -> Place | None:
        """The box at a cell."""
        return next((place for place in self.rank_at(y) if place.x <= x < place.x + place.width), None)

    def step(self, place: Place, right: int, down: int) -> Place:
        """The box beside one (`right` -1 or 1) or in the rank above or below (`down` -1 or 1); itself at the rim."""
        row = self.ranks[place.rank]
        if right:
            return row[min(max(row.index(place) + right, 0), len(row) - 1)]
        row = self.ranks[min(max(place.rank + down, 0), len(self.ranks) - 1)]
        return min(row, key=lambda other: abs(other.centre - place.centre))


def arrange(picture: Picture, width: int, height: int, wrap: Wrap) -> Layout:
    """Lay a picture of one lane or more out for a screen of so many columns and rows, with the fullest boxes that fit.

    The layout is never narrower than `width`. A map that fits with none keeps two lines for the names and is as wide
    and high as it needs: where it scrolls anyway they cost little.
    """
    if _may_fit(picture, width, height, FULL):
        for density in (ROOMY, FULL):
            full = _lay_out(picture, width, height, density, wrap)
            if full.width <= width and full.height <= height:
                return full
    snug = _lay_out(picture, width, height, SNUG, wrap)
    if snug.width <= width and snug.height > height and _may_fit(picture, width, height, COMPACT):
        compact = _lay_out(picture, width, height, COMPACT, wrap)
        return compact if compact.height <= height else snug
    return snug


def _count_rows(picture: Picture, width: int, density: Density) -> list[int]:
    """In how many ranks each lane is laid out; a lane without goals takes one."""
    fit = max(1, (width + density.gap) // (density.narrowest + density.gap))
    goals = [sum(box.lane == lane for box in picture.boxes) for lane in range(len(picture.lanes))]
    return [max(1, min(_MOST_ROWS, -(-count // fit))) for count in goals]


def _may_fit(picture: Picture, width: int, height: int, density: Density) -> bool:
    """False where even one-line boxes and straight links would pass the screen's foot."""
    rows = sum(_count_rows(picture, width, density))
    return rows * (density.height(1) + 2) - 2 + 2 * density.edge <= height


def _lay_out(picture: Picture, width: int, height: int, density: Density, wrap: Wrap) -> Layout:
    rows, ranks = _rank_boxes(picture, width, density)
    wide, gap = _size_boxes(ranks, width, density)
    for node in ranks.nodes[: len(picture.boxes)]:
        node.width = wide
    used = place_columns(ranks, width, (gap, 1))
    names = [wrap(box.name, wide - density.frame - (not density.border), density.name_rows) for box in picture.boxes]
    tall = [
        max((density.height(len(names[number])) for number in row if ranks.nodes[number].box != BEND), default=1)
        for row in ranks.order
    ]
    gutters = route(ranks)
    gaps = _size_gutters(ranks, gutters, density, height - sum(tall))
    tops, feet = [0], []
    for gutter, rank in zip(gaps, tall, strict=True):
        feet.append(tops[-1] + gutter)
        tops.append(feet[-1] + rank)
    placed = _place_boxes(picture, ranks, names, feet, tall)
    return Layout(
        width=used,
        height=tops[-1] + density.edge,
        density=density,
        places={place.id: place for row in placed for place in row},
        ranks=placed,
        bands=_cut_bands(rows, feet, tops[-1] + density.edge),
        cells=Cells(ranks, gutters, picture.arrows, tops, feet, used),
        crossings=ranks.crossings(),
    )


def _rank_boxes(picture: Picture, width: int, density: Density) -> tuple[list[int], Ranks]:
    """How many ranks each lane has (more where boxes and bends would pass the width), and all ranks, ordered."""
    numbers = {box.id: number for number, box in enumerate(picture.boxes)}
    links = [(numbers[arrow.source], numbers[arrow.target]) for arrow in picture.arrows]
    whole = build_ranks([box.lane for box in picture.boxes], len(picture.lanes), links)
    untangle(whole)
    rows = _count_rows(picture, width, density)
    while True:
        ranks = _deal(whole, rows, links)
        need, fullest = max((_need(ranks, row, density), rank) for rank, row in enumerate(ranks.order))
        lane = next(lane for lane in range(len(rows)) if fullest < sum(rows[: lane + 1]))
        goals = sum(box.lane == lane for box in picture.boxes)
        if need <= width or rows[lane] >= min(_MOST_ROWS, goals):
            return rows, ranks
        rows[lane] += 1


def _deal(whole: Ranks, rows: Sequence[int], links: Sequence[tuple[int, int]]) -> Ranks:
    """A lane of several ranks is dealt out to them in turn, so that each goal stays near what it is linked with."""
    if max(rows) == 1:
        return whole
    rank_of: dict[int, int] = {}
    for lane, (row, count) in enumerate(zip(whole.order, rows, strict=True)):
        first = sum(rows[:lane])
        boxes = [number for number in row if whole.nodes[number].box != BEND]
        rank_of |= {number: first + index % count for index, number in enumerate(boxes)}
    ranks = build_ranks([rank_of[number] for number in range(len(rank_of))], sum(rows), links)
    untangle(ranks)
    return ranks


def _need(ranks: Ranks, row: Sequence[int], density: Density) -> int:
    """The columns a rank takes with the narrowest boxes."""
    boxes = sum(ranks.nodes[number].box != BEND for number in row)
    return boxes * (density.narrowest + density.gap) - density.gap + 2 * (len(row) - boxes)


def _size_boxes(ranks: Ranks, width: int, density: Density) -> tuple[int, int]:
    """One width for all boxes, and the columns between them: both as generous as the fullest rank allows."""
    wide, gap = density.widest, 3 * density.gap
    for row in ranks.order:
        boxes = sum(ranks.nodes[number].box != BEND for number in row)
        room = width - 2 * (len(row) - boxes)
        if boxes:
            wide = min(wide, (room - (boxes - 1) * density.gap) // boxes)
    wide = max(wide, density.narrowest)
    for row in ranks.order:
        boxes = sum(ranks.nodes[number].box != BEND for number in row)
        if boxes > 1:
            gap = min(gap, (width - 2 * (len(row) - boxes) - boxes * wide) // (boxes - 1))
    return wide, max(gap, density.gap)


def _size_gutters(ranks: Ranks, gutters: Sequence[Sequence[Wire]], density: Density, room: int) -> list[int]:
    """The rows of each gutter: heads above, tracks, heads below; and some air where the screen has room."""
    sizes = []
    for gutter, wires in enumerate(gutters):
        tracks = max((wire.track for wire in wires), default=-1) + 1
        falls = any(
            number == ranks.effects[wire.link] and side == LOWER
            for wire in wires
            for number, side in zip(wire.nodes, wire.sides, strict=True)
        )
        sizes.append(max(2, 1 + tracks + falls) if gutter else max(density.edge, tracks + falls))
    spare = max(0, room - density.edge - sum(sizes))
    air = min(_LOOSE, spare // max(1, len(sizes) - 1))
    top = (spare - air * (len(sizes) - 1)) // 2
    return [sizes[0] + top, *(size + air for size in sizes[1:])]


def _place_boxes(
    picture: Picture, ranks: Ranks, names: Sequence[tuple[str, ...]], feet: Sequence[int], tall: Sequence[int]
) -> tuple[tuple[Place, ...], ...]:
    placed: list[tuple[Place, ...]] = []
    for row, y, height in zip(ranks.order, feet, tall, strict=True):
        boxes = [ranks.nodes[number] for number in row if ranks.nodes[number].box != BEND]
        rank = len(placed)
        places = (
            Place(picture.boxes[node.box].id, node.box, rank, node.x, y, node.width, height, names[node.box])
            for node in boxes
        )
        placed += [tuple(places)] if boxes else []
    return tuple(placed)


def _cut_bands(rows: Sequence[int], feet: Sequence[int], height: int) -> tuple[Band, ...]:
    """A lane begins one row above its first boxes, so that heads below the lane above belong to that lane."""
    firsts = [feet[sum(rows[:lane])] for lane in range(len(rows))]
    starts = [first - 1 if lane else 0 for lane, first in enumerate(firsts)]
    ends = [*starts[1:], height]
    return tuple(
        Band(lane, start, end - start, first)
        for lane, (start, end, first) in enumerate(zip(starts, ends, firsts, strict=True))
    )
