"""A laid out strategy map as rows of styled cells: lanes, links and boxes."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Offset, Region

from scorecard.render.cells import Strand, Stroke, draw_sign
from scorecard.render.chain import Chain
from scorecard.render.layout import Band, Layout, Place
from scorecard.render.picture import Arrow, Box, Lane, Picture
from scorecard.render.words import status_words
from scorecard.tui.text import fit, wrap
from scorecard.tui.widgets.goal_box import Light, Look, Stand, paint_box

_LANE_NAME_ROWS = 3
_NARROWEST_RAIL = len(" ● green 100% ")
_BLOCK = 64  # columns by which the map is scrolled until another part of a row is found
_MOST_READY = 600  # such parts that are kept
# What a cell is painted with, by its number: nothing, a link outside the chain, the links' colours
_COLOURS = ("foreground", "rule", "link", "link-definition", "link-opposing", "lit")
_BLANK, _RULE = 0, 1
_DIM = bytes([_BLANK, *[_RULE] * 255])
_RUN = re.compile(rb"(.)\1*", re.DOTALL)  # cells with the same paint


@dataclass(slots=True)
class _Stretch:
    """What a row holds between two columns: boxes, and links with the sign and the paint of every column."""

    left: int
    right: int
    places: tuple[Place, ...]
    cells: dict[int, tuple[Strand, ...]]
    text: str
    paint: bytes
    columns: dict[int, list[int]]  # of each link
    links: frozenset[int]

    def list_places(self, left: int, right: int) -> list[Place]:
        """The boxes that are seen in these columns."""
        return [place for place in self.places if place.x < right and left < place.x + place.width]

    def list_links(self, left: int, right: int, links: frozenset[int]) -> frozenset[int]:
        """Those of the links that reach into these columns."""
        near, columns = links & self.links, self.columns
        return frozenset([link for link in near if columns[link][0] < right and left <= columns[link][-1]])


def measure_rail(lanes: Sequence[Lane], columns: int) -> int:
    """The columns of the lanes' names at the left of a screen: for their longest word and their status, within reason."""
    longest = max((len(word) for lane in lanes for word in lane.name.split()), default=0)
    return min(max(longest + 3, _NARROWEST_RAIL), 20 if columns >= 100 else 15)


class Scene(NamedTuple):
    """What stands out on a map: the selected goal, the lit chain with the rest dimmed, the goal below the mouse."""

    selected: str | None = None
    chain: Chain | None = None
    hovered: str | None = None


class Face(NamedTuple):
    """All that decides how a row of the screen looks: where it lies on the map, which of the links there are lit (None
    where all are as usual), and for each of its boxes how it stands out and whether the mouse is over it."""

    row: int
    left: int
    columns: int
    lit: frozenset[int] | None
    stands: tuple[tuple[Light, bool], ...]


class MapPainter:
    """Paints rows on demand, so that only what is visible costs. Columns and rows are the layout's."""

    def __init__(
        self, picture: Picture, layout: Layout, rail: int, look: Look, before: Mapping[str, Box] | None = None
    ) -> None:
        self.picture = picture
        self.before = before or {}  # boxes of which the change is shown, as they were
        self.layout = layout
        self.rail = rail
        self.look = look
        self._boxes: dict[tuple[str, Light, bool], list[list[Segment]]] = {}
        self._stretches: dict[tuple[int, int], _Stretch] = {}  # by row and block
        self._rails: dict[int, Segment] = {}
        self._paint, self._lit = _paint_links(picture.arrows)
        self._styles: dict[tuple[str, bool], list[Style]] = {}  # by ground, and whether a chain is lit

    def cover(self, place: Place) -> Region:
        """Where a box lies, with the rail at the left of the map."""
        return Region(place.x + self.rail, place.y, place.width, place.height)

    def find(self, x: int, y: int, offset: Offset) -> Place | None:
        """The box at a cell of the screen, when the map is scrolled so far."""
        return self.layout.find(x + offset.x - self.rail, y + offset.y) if x >= self.rail else None

    def find_face(self, row: int, left: int, columns: int, scene: Scene) -> Face:
        """How a row of so many columns looks, the rail and the map from column `left` on."""
        right = left + columns - self.rail
        stretch = self._reach(row, left, right)
        lit = stretch.list_links(left, right, scene.chain.links) if scene.chain else None
        stands = tuple([_stand(place.id, scene) for place in stretch.list_places(left, right)])
        return Face(row, left, columns, lit, stands)

    def paint(self, face: Face) -> list[Segment]:
        """A row of the screen: the rail, which does not scroll, and a part of the map."""
        row, left, right = face.row, face.left, face.left + face.columns - self.rail
        band = next((band for band in reversed(self.layout.bands) if band.y <= row), self.layout.bands[0])
        ground = f"lane-{band.lane % 4}"
        if row not in self._rails:
            self._rails[row] = self._paint_rail(band, row - band.first, ground)
        stretch = self._reach(row, left, right)
        text, paint = self._draw_links(stretch, left, right, face.lit)
        styles = self._list_styles(ground, face.lit is not None)
        segments, at = [self._rails[row]], left
        for place, stand in zip(stretch.list_places(left, right), face.stands, strict=True):
            start, end = max(place.x, left), min(place.x + place.width, right)
            segments += _cut_runs(text, paint, at - left, start - left, styles)
            box = self._paint_box(place, ground, *stand)[row - place.y]
            if end - start < place.width:
                box = list(Segment.divide(box, [start - place.x, end - place.x]))[1]
            segments += box
            at = end
        segments += _cut_runs(text, paint, at - left, right - left, styles)
        return segments

    def _reach(self, row: int, left: int, right: int) -> _Stretch:
        """What a row holds in these columns, and some beside."""
        key = row, left // _BLOCK
        stretch = self._stretches.get(key)
        if stretch is None or stretch.right < right:
            first = key[1] * _BLOCK
            stretch = self._stretches[key] = self._find(row, first, first + _BLOCK + right - left)
            if len(self._stretches) > _MOST_READY:
                del self._stretches[next(iter(self._stretches))]
        return stretch

    def _find(self, row: int, left: int, right: int) -> _Stretch:
        rank = self.layout.rank_at(row)
        first = bisect_right(rank, left, key=lambda place: place.x + place.width)
        cells = self.layout.cells.cut(row, left, right)
        text, paint = [" "] * (right - left), bytearray(right - left)
        columns: defaultdict[int, list[int]] = defaultdict(list)
        for x, strands in cells.items():
            text[x - left] = strands[0].sign if len(strands) == 1 else _cross(strands)
            paint[x - left] = self._paint[strands[0].link]
            for strand in strands:
                columns[strand.link].append(x)
        places = rank[first : bisect_left(rank, right, key=lambda place: place.x)]
        return _Stretch(left, right, places, cells, "".join(text), bytes(paint), columns, frozenset(columns))

    def _draw_links(self, stretch: _Stretch, left: int, right: int, lit: frozenset[int] | None) -> tuple[str, bytes]:
        """The signs and the paint of these columns; where links cross, those of the chain run over the others."""
        seen = slice(left - stretch.left, right - stretch.left)
        if lit is None:
            return stretch.text[seen], stretch.paint[seen]
        if not lit:
            return stretch.text[seen], stretch.paint[seen].translate(_DIM)
        text, paint = list(stretch.text[seen]), bytearray(stretch.paint[seen].translate(_DIM))
        for x in {x for link in lit for x in stretch.columns.get(link, ()) if left <= x < right}:
            over = [strand for strand in stretch.cells[x] if strand.link in lit]
            text[x - left], paint[x - left] = _cross(over), self._lit[over[0].link]
        return "".join(text), bytes(paint)

    def _list_styles(self, ground: str, lit: bool) -> list[Style]:
        """The styles of the colours of cells; where a chain is lit, its links are bold."""
        key = ground, lit
        if key not in self._styles:
            self._styles[key] = [
                self.look.ink(colour, ground, bold=lit and number > _RULE) for number, colour in enumerate(_COLOURS)
            ]
        return self._styles[key]

    def _paint_rail(self, band: Band, row: int, ground: str) -> Segment:
        lane = self.picture.lanes[band.lane]
        room = band.y + band.height - band.first - 1
        names = wrap(lane.name, self.rail - 2, max(1, min(_LANE_NAME_ROWS, room)))
        text, colour = "", "foreground"
        if 0 <= row < len(names):
            text = names[row]
        elif row == len(names):
            text, colour = status_words(lane.status, lane.score), f"status-{lane.status}"
        return Segment(" " + fit(text, self.rail - 1), self.look.ink(colour, ground, bold=True))

    def _paint_box(self, place: Place, ground: str, light: Light, hover: bool) -> list[list[Segment]]:
        key = (place.id, light, hover)
        if key not in self._boxes:
            above, below = (self._list_exits(place, row) for row in (place.y - 1, place.y + place.height))
            stand = Stand(ground, light, hover, above, below, self.before.get(place.id))
            box = self.picture.boxes[place.box]
            self._boxes[key] = paint_box(box, place, self.layout.density, self.look, stand)
        return self._boxes[key]

    def _list_exits(self, place: Place, row: int) -> set[int]:
        """The columns of a box at which a link leaves it through the side next to that row."""
        return {
            x - place.x
            for x, strands in self.layout.cells.cut(row, place.x, place.x + place.width).items()
            for strand in strands
            if self.picture.arrows[strand.link].source == place.id
        }


def _stand(goal: str, scene: Scene) -> tuple[Light, bool]:
    """How the box of a goal stands out, and whether the mouse is over it."""
    light = Light.PLAIN
    if scene.chain:
        light = Light.LIT if goal in scene.chain.goals else Light.DIM
    return Light.CHOSEN if goal == scene.selected else light, goal == scene.hovered


def _paint_links(arrows: Sequence[Arrow]) -> tuple[bytes, bytes]:
    """What links are painted with where no chain is lit, and those of a lit one."""
    usual = ["link-definition" if arrow.definition else "link" for arrow in arrows]
    plain, lit = (
        bytes(
            _COLOURS.index("link-opposing" if arrow.opposes else colour)
            for arrow, colour in zip(arrows, colours, strict=True)
        )
        for colours in (usual, ["lit"] * len(arrows))
    )
    return plain, lit


def _cut_runs(text: str, paint: bytes, first: int, last: int, styles: Sequence[Style]) -> list[Segment]:
    """The cells from one to before another as segments, each of one style."""
    return [
        Segment(text[run.start() : run.end()], styles[paint[run.start()]]) for run in _RUN.finditer(paint, first, last)
    ]


def _cross(strands: Sequence[Strand]) -> str:
    """The sign of a cell in which one link runs or several cross."""
    if len(strands) == 1:
        return strands[0].sign
    return draw_sign(reduce(or_, [strand.mask for strand in strands]), Stroke.OBSERVED)
