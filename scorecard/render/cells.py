"""The cells that links fill on a screen: which sign stands in each, found when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np

from scorecard.render.picture import Arrow
from scorecard.render.ranks import Ranks
from scorecard.render.routing import EAST, NORTH, SOUTH, UPPER, WEST, Wire


class Stroke(IntEnum):
    """How a link is drawn: by its evidence, or as a definition. The value picks the row of signs."""

    ASSUMED = 0
    OBSERVED = 1
    TESTED = 2
    DEFINITION = 3


@dataclass(frozen=True, slots=True)
class Strand:
    """What one link (by its number in the picture) has in one cell: a mask of the neighbours it goes on to."""

    link: int
    mask: int
    sign: str


def draw_sign(mask: int, stroke: Stroke) -> str:
    """The box-drawing sign that goes to the neighbours in `mask`."""
    return _SIGNS[stroke][mask]


def stroke_of(arrow: Arrow) -> Stroke:
    return Stroke.DEFINITION if arrow.definition else _STROKES.get(arrow.evidence, Stroke.ASSUMED)


class Cells(Mapping[int, Mapping[int, tuple[Strand, ...]]]):
    """The strands of every cell by row and column, found when they are asked for: of a large map few are ever seen."""

    def __init__(
        self,
        ranks: Ranks,
        gutters: Sequence[Sequence[Wire]],
        arrows: Sequence[Arrow],
        tops: Sequence[int],
        feet: Sequence[int],
        width: int,
    ) -> None:
        """`tops` is the first row of each gutter and, last, the row below the map; `feet` the first row of each rank's
        boxes, where its gutter ends. Track t runs in the row t + 1 of a gutter with a rank above, in row t of the topmost.
        """
        self._width, self._height = width, tops[-1]
        self._tracks: dict[int, list[Wire]] = {}
        runs: list[tuple[int, int, int, int]] = []  # column, first and last row, link
        for gutter, wires in enumerate(gutters):
            for wire in wires:
                track = wire.track + tops[gutter] + (gutter > 0)
                runs += wire.runs(track, tops[gutter], feet[gutter] - 1)
                if not wire.straight:
                    self._tracks.setdefault(track, []).append(wire)
        for link, way in enumerate(ranks.chains):
            nodes = (ranks.nodes[number] for number in way[1:-1])
            runs += ((node.x, feet[node.rank], tops[node.rank + 1] - 1, link) for node in nodes)
        self._runs = np.array(sorted(runs), dtype=np.int64).reshape(-1, 4).T.copy()
        self._heads = _find_heads(ranks, gutters, arrows, tops, feet)
        self._signs = [_SIGNS[stroke_of(arrow)] for arrow in arrows]
        self._alone: dict[tuple[int, int], tuple[Strand]] = {}  # by link and mask: most cells look like one before

    def __getitem__(self, y: int) -> Mapping[int, tuple[Strand, ...]]:
        if row := self.cut(y, 0, self._width):
            return row
        raise KeyError(y)

    def __iter__(self) -> Iterator[int]:
        return (y for y in range(self._height) if y in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def cut(self, y: int, left: int, right: int) -> dict[int, tuple[Strand, ...]]:
        """A row from column `left` to before `right`, in order."""
        column, first, last, links = self._runs
        near = slice(*np.searchsorted(column, (left, right)))
        here = (first[near] <= y) & (y <= last[near])
        upright = zip(column[near][here].tolist(), links[near][here].tolist(), strict=True)
        cells: dict[int, tuple[Strand, ...]] = {}
        for x, link in upright:
            own = self._name(link, NORTH | SOUTH)
            if cells.setdefault(x, own) is not own:
                self._lay(cells, {x: own})
        for wire in self._tracks.get(y, ()):
            for x, mask in wire.turns:
                if left <= x < right:
                    self._lay(cells, {x: self._name(wire.link, mask)})
            low, high = wire.span
            self._lay(
                cells, dict.fromkeys(range(max(low + 1, left), min(high, right)), self._name(wire.link, EAST | WEST))
            )
        for x, heads in self._heads.get(y, {}).items():
            if x in cells:
                cells[x] = tuple([replace(one, sign=heads.get(one.link, one.sign)) for one in cells[x]])
        return dict(sorted(cells.items()))

    def _name(self, link: int, mask: int) -> tuple[Strand]:
        """What a link has in a cell of its own."""
        key = link, mask
        if key not in self._alone:
            self._alone[key] = (Strand(link, mask, self._signs[link][mask]),)
        return self._alone[key]

    def _lay(self, cells: dict[int, tuple[Strand, ...]], more: dict[int, tuple[Strand]]) -> None:
        """Add cells of one link to a row."""
        for x in cells.keys() & more.keys():
            masks = {strand.link: strand.mask for strand in cells[x]}
            for strand in more.pop(x):
                masks[strand.link] = masks.get(strand.link, 0) | strand.mask
            cells[x] = tuple([self._name(*part)[0] for part in sorted(masks.items())])
        cells |= more


def _find_heads(
    ranks: Ranks, gutters: Sequence[Sequence[Wire]], arrows: Sequence[Arrow], tops: Sequence[int], feet: Sequence[int]
) -> dict[int, dict[int, dict[int, str]]]:
    """The head of every link, in the last cell before the box of its effect: by row, column and link."""
    heads: dict[int, dict[int, dict[int, str]]] = {}
    for gutter, wires in enumerate(gutters):
        for wire in wires:
            for number, side, port in zip(wire.nodes, wire.sides, wire.ports, strict=True):
                if number == ranks.effects[wire.link]:
                    row = tops[gutter] if side == UPPER else feet[gutter] - 1
                    heads.setdefault(row, {}).setdefault(port, {})[wire.link] = _HEADS[arrows[wire.link].opposes][side]
    return heads


_STROKES = {"observed": Stroke.OBSERVED, "tested": Stroke.TESTED}
_HEADS = {False: ("▲", "▼"), True: ("┳", "┻")}
_PLAIN = " ╵╶╰╷│╭├╴╯─┴╮┤┬┼"
_HEAVY = " ╹╺┗╻┃┏┣╸┛━┻┓┫┳╋"
_SIGNS = (
    _PLAIN.replace("│", "╎").replace("─", "╌"),
    _PLAIN,
    _HEAVY,
    _PLAIN.replace("│", "┊").replace("─", "┈"),
)
