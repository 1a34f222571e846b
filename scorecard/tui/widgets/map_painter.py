"""A laid out strategy map as rows of styled cells: lanes, links and boxes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import itemgetter, or_

from rich.segment import Segment
from rich.style import Style

from scorecard.render.cells import Strand, Stroke, draw_sign
from scorecard.render.chain import Chain
from scorecard.render.layout import Band, Layout, Place
from scorecard.render.picture import Arrow, Box, Lane, Picture
from scorecard.render.words import percent
from scorecard.tui.text import fit, wrap
from scorecard.tui.widgets.goal_box import Light, Look, Stand, paint_box

Piece = tuple[int, int, list[Segment]]  # the column it starts at, how many it takes, what stands there
_LANE_NAME_ROWS = 3
_BESIDE = 80  # columns at either side that are made ready with what is seen
_MOST_PAINTED = 2_000  # rows of links that are kept as they were painted


def measure_rail(lanes: Sequence[Lane], columns: int) -> int:
    """The columns of the lanes' names at the left of a screen: for their longest word, within reason."""
    longest = max((len(word) for lane in lanes for word in lane.name.split()), default=0)
    return min(longest + 3, 20 if columns >= 100 else 15)


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
        self.hovered: str | None = None
        self._selected: str | None = None
        self._chain: Chain | None = None
        self._boxes: dict[tuple[str, Light, bool], list[list[Segment]]] = {}
        self._columns = (0, 0)  # looked at, and some beside
        self._cells: dict[int, dict[int, tuple[Strand, ...]]] = {}  # by row, in these columns
        self._links_of: dict[int, frozenset[int]] = {}
        self._rails: dict[int, Segment] = {}
        self._plain, self._lit = _colour_links(picture.arrows)
        self._painted: dict[tuple[int, int, int, frozenset[int] | None], list[Piece]] = {}

    def light(self, selected: str | None, chain: Chain | None) -> Callable[[int], bool]:
        """Choose the goal and the chain that stand out; returned is which rows may look otherwise now."""
        was, old = self._selected, self._chain
        self._selected, self._chain = selected, chain
        if chain is None or old is None:
            return lambda _: was is not None or selected is not None
        goals = (chain.goals ^ old.goals) | {was, selected}
        links = chain.links ^ old.links

        def look_again(row: int) -> bool:
            return any(place.id in goals for place in self.layout.rank_at(row)) or not links.isdisjoint(
                self._links(row)
            )

        return look_again

    def _find_cells(self, row: int) -> dict[int, tuple[Strand, ...]]:
        """The cells with links of a row, in the columns that are looked at and some beside."""
        if row not in self._cells:
            self._cells[row] = self.layout.cells.cut(row, *self._columns)
        return self._cells[row]

    def _links(self, row: int) -> frozenset[int]:
        """The links that a row meets there."""
        if row not in self._links_of:
            cells = self._find_cells(row).values()
            self._links_of[row] = frozenset(strand.link for strands in cells for strand in strands)
        return self._links_of[row]

    def paint(self, row: int, left: int, columns: int) -> list[Segment]:
        """A row of the screen: the rail, which does not scroll, and the map from column `left` on."""
        right = left + columns - self.rail
        if left < self._columns[0] or right > self._columns[1]:
            self._columns = (left - _BESIDE, right + _BESIDE)
            self._cells.clear()
            self._links_of.clear()
        bands = self.layout.bands
        band = next((band for band in reversed(bands) if band.y <= row), bands[0])
        ground = f"lane-{band.lane % 4}"
        if row not in self._rails:
            self._rails[row] = self._paint_rail(band, row - band.first, ground)
        return [self._rails[row], *self._paint_map(row, ground, left, right)]

    def _paint_rail(self, band: Band, row: int, ground: str) -> Segment:
        lane = self.picture.lanes[band.lane]
        room = band.y + band.height - band.first - 1
        names = wrap(lane.name, self.rail - 2, max(1, min(_LANE_NAME_ROWS, room)))
        text, colour = "", "foreground"
        if 0 <= row < len(names):
            text = names[row]
        elif row == len(names):
            text = (
                f"{lane.status.sign}{percent(lane.score):>4}" if lane.score is not None else f"{lane.status.sign} n/a"
            )
            colour = f"status-{lane.status}"
        return Segment(" " + fit(text, self.rail - 1), self.look.ink(colour, ground, bold=True))

    def _paint_map(self, row: int, ground: str, left: int, right: int) -> list[Segment]:
        pieces = self._paint_links(row, ground, left, right) + self._paint_boxes(row, ground, left, right)
        pieces.sort(key=itemgetter(0))
        blank = self.look.ink("foreground", ground)
        segments: list[Segment] = []
        at = left
        for x, width, piece in pieces:
            if x > at:
                segments.append(Segment(" " * (x - at), blank))
            segments += piece
            at = x + width
        if at < right:
            segments.append(Segment(" " * (right - at), blank))
        return segments

    def _paint_links(self, row: int, ground: str, left: int, right: int) -> list[Piece]:
        """The links in a row; most rows look as they did for a goal before, by the links that are lit in them."""
        lit = self._chain.links & self._links(row) if self._chain else None
        key = (row, left, right, lit)
        if key not in self._painted:
            if len(self._painted) > _MOST_PAINTED:
                self._painted.clear()
            self._painted[key] = self._draw_links(row, ground, left, right)
        return self._painted[key]

    def _draw_links(self, row: int, ground: str, left: int, right: int) -> list[Piece]:
        cells = self._find_cells(row)
        columns = list(cells)
        bold = self._chain is not None
        inks: dict[str, Style] = {}
        pieces: list[Piece] = []
        text, start, last = "", left, ""
        for x in columns[bisect_left(columns, left) : bisect_left(columns, right)]:
            sign, colour = self._pick_strand(cells[x])
            if colour == last and x == start + len(text):
                text += sign
                continue
            if text:
                pieces.append((start, len(text), [Segment(text, inks[last])]))
            if colour not in inks:
                inks[colour] = self.look.ink(colour, ground, bold=bold and colour != "rule")
            text, start, last = sign, x, colour
        if text:
            pieces.append((start, len(text), [Segment(text, inks[last])]))
        return pieces

    def _pick_strand(self, strands: Sequence[Strand]) -> tuple[str, str]:
        """The sign of a cell and its colour; where links cross, those of the chain run over the others."""
        over = strands
        if self._chain:
            links = self._chain.links
            if len(strands) > 1:
                over = [strand for strand in strands if strand.link in links] or strands
            if over[0].link not in links:
                return _cross(strands), "rule"
            return _cross(over), self._lit[over[0].link]
        return _cross(over), self._plain[over[0].link]

    def _paint_boxes(self, row: int, ground: str, left: int, right: int) -> list[Piece]:
        pieces: list[Piece] = []
        for place in self.layout.rank_at(row):
            start, end = max(place.x, left), min(place.x + place.width, right)
            if start < end:
                segments = self._paint_box(place, ground)[row - place.y]
                if end - start < place.width:
                    cuts = [start - place.x, end - place.x]
                    segments = list(Segment.divide(segments, cuts))[1]
                pieces.append((start, end - start, segments))
        return pieces

    def _paint_box(self, place: Place, ground: str) -> list[list[Segment]]:
        light = Light.PLAIN
        if self._chain:
            light = Light.LIT if place.id in self._chain.goals else Light.DIM
        if place.id == self._selected:
            light = Light.CHOSEN
        key = (place.id, light, place.id == self.hovered)
        if key not in self._boxes:
            above, below = (self._list_exits(place, row) for row in (place.y - 1, place.y + place.height))
            stand = Stand(ground, light, place.id == self.hovered, above, below, self.before.get(place.id))
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


def _colour_links(arrows: Sequence[Arrow]) -> tuple[list[str], list[str]]:
    """The colours of links where no chain is lit, and of those in a lit one."""
    usual = ["link-definition" if arrow.definition else "link" for arrow in arrows]
    plain, lit = (
        ["link-opposing" if arrow.opposes else colour for arrow, colour in zip(arrows, colours, strict=True)]
        for colours in (usual, ["lit"] * len(arrows))
    )
    return plain, lit


def _cross(strands: Sequence[Strand]) -> str:
    """The sign of a cell in which one link runs or several cross."""
    if len(strands) == 1:
        return strands[0].sign
    return draw_sign(reduce(or_, [strand.mask for strand in strands]), Stroke.OBSERVED)
