"""Links as box-drawing signs: ports on the boxes, one track in a gutter per sideways move, and the cells they fill.

Gutter g lies above rank g. A wire is the part of a link inside one gutter; each of its two ends hangs on a node of the
rank above (side UPPER) or of the rank below (side LOWER).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from scorecard.render.picture import Arrow
from scorecard.render.ranks import BEND, Node, Ranks, spread

NORTH, EAST, SOUTH, WEST = 1, 2, 4, 8
UPPER, LOWER = 0, 1
_ROUNDS = 6
_OVERLAP = 20  # a track order that lays two links over each other is worse than this many crossings


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


@dataclass(slots=True)
class Wire:
    link: int
    nodes: tuple[int, int]
    sides: tuple[int, int]
    ports: list[int]
    track: int = -1  # none: straight

    @property
    def span(self) -> tuple[int, int]:
        return min(self.ports), max(self.ports)

    @property
    def straight(self) -> bool:
        return self.sides[0] != self.sides[1] and self.ports[0] == self.ports[1]

    def columns(self, side: int) -> list[int]:
        """The columns in which the wire runs from its track to that side."""
        return [port for port, at in zip(self.ports, self.sides, strict=True) if at == side]


def draw_sign(mask: int, stroke: Stroke) -> str:
    """The box-drawing sign that goes to the neighbours in `mask`."""
    return _SIGNS[stroke][mask]


def stroke_of(arrow: Arrow) -> Stroke:
    return Stroke.DEFINITION if arrow.definition else _STROKES.get(arrow.evidence, Stroke.ASSUMED)


def route(ranks: Ranks) -> list[list[Wire]]:
    """The wires of each gutter with their ports and tracks; needs the columns of the nodes."""
    gutters: list[list[Wire]] = [[] for _ in ranks.order]
    for link, chain in enumerate(ranks.chains):
        for low, high in zip(chain, chain[1:], strict=False):
            level = ranks.nodes[low].rank == ranks.nodes[high].rank
            gutters[ranks.nodes[low].rank].append(Wire(link, (low, high), (LOWER, LOWER if level else UPPER), [0, 0]))
    for wires in gutters:
        _choose_ports(ranks.nodes, wires)
        _choose_tracks(wires)
    return gutters


def trace(
    ranks: Ranks, gutters: Sequence[Sequence[Wire]], arrows: Sequence[Arrow], tops: Sequence[int], feet: Sequence[int]
) -> dict[int, dict[int, list[Strand]]]:
    """The strands of every cell by row and column.

    `tops` is the first row of each gutter and, last, the row below the map; `feet` the first row of each rank's boxes,
    where its gutter ends. Track t runs in the row t + 1 of a gutter with a rank above, in row t of the topmost.
    """
    cells: dict[tuple[int, int, int], int] = {}
    for gutter, wires in enumerate(gutters):
        for wire in wires:
            shift = tops[gutter] + (gutter > 0)
            for x, y, mask in _walk(wire, wire.track + shift, tops[gutter], feet[gutter] - 1):
                cells[y, x, wire.link] = cells.get((y, x, wire.link), 0) | mask
    for link, chain in enumerate(ranks.chains):
        for number in chain[1:-1]:
            node = ranks.nodes[number]
            for y in range(feet[node.rank], tops[node.rank + 1]):
                cells[y, node.x, link] = NORTH | SOUTH
    heads = _find_heads(ranks, gutters, arrows, tops, feet)
    rows: dict[int, dict[int, list[Strand]]] = {}
    for (y, x, link), mask in sorted(cells.items()):
        sign = heads.get((y, x, link)) or draw_sign(mask, stroke_of(arrows[link]))
        rows.setdefault(y, {}).setdefault(x, []).append(Strand(link, mask, sign))
    return rows


def _choose_ports(nodes: list[Node], wires: list[Wire]) -> None:
    """Spread the ends on each box, in the order of where they go, as near as may be to straight lines."""
    hung: dict[tuple[int, int], list[tuple[float, int, Wire, int]]] = {}
    for wire in wires:
        left, right = (nodes[number] for number in wire.nodes)
        low, high = max(left.x, right.x), min(left.x + left.width, right.x + right.width) - 1
        for end, (node, other) in enumerate(((left, right), (right, left))):
            wire.ports[end] = min(max((low + high) // 2, node.x), node.x + node.width - 1)
            key = (wire.nodes[end], wire.sides[end])
            hung.setdefault(key, []).append((other.centre, wire.link, wire, end))
    for ends in hung.values():
        ends.sort(key=lambda entry: entry[:2])
    for turn in range(_ROUNDS):
        for (number, side), ends in sorted(hung.items(), key=lambda item: item[0]):
            if nodes[number].box == BEND or side == turn % 2:
                _spread_ends(nodes[number], ends)


def _spread_ends(node: Node, ends: list[tuple[float, int, Wire, int]]) -> None:
    margin = 0 if node.box == BEND else 1
    low, high = node.x + margin, node.x + node.width - 1 - margin
    step = min(2, (high - low) // max(1, len(ends) - 1))  # more links than columns share them
    wanted = [float(wire.ports[1 - end]) for _, _, wire, end in ends]
    places = spread(wanted, [1.0] * len(ends), [0] + [step] * (len(ends) - 1), low, high)
    for place, (_, _, wire, end) in zip(places, ends, strict=True):
        wire.ports[end] = place


def _choose_tracks(wires: list[Wire]) -> None:
    """Order the sideways moves from top to bottom with few crossings; those that do not meet share a track."""
    left = [wire for wire in wires if not wire.straight]
    harm = {(i, j): _cost(one, other) for i, one in enumerate(left) for j, other in enumerate(left) if i != j and _meet(one, other)}
    score = [0] * len(left)
    for (i, j), cost in harm.items():
        score[i] += cost - harm[j, i]
    waiting = list(range(len(left)))
    done: list[int] = []
    while waiting:
        chosen = min(waiting, key=lambda i: (score[i], i))
        waiting.remove(chosen)
        above = [left[i].track for i in done if (i, chosen) in harm]
        left[chosen].track = max(above, default=-1) + 1
        done.append(chosen)
        for i in waiting:
            score[i] -= harm.get((i, chosen), 0) - harm.get((chosen, i), 0)


def _meet(one: Wire, other: Wire) -> bool:
    return one.span[0] <= other.span[1] + 1 and other.span[0] <= one.span[1] + 1


def _cost(upper: Wire, lower: Wire) -> int:
    """Crossings and overlaps when one wire's track lies above the other's."""
    down, up = upper.columns(LOWER), lower.columns(UPPER)
    crossed = sum(lower.span[0] < x < lower.span[1] for x in down) + sum(upper.span[0] < x < upper.span[1] for x in up)
    return crossed + _OVERLAP * len(set(down) & set(up))


def _walk(wire: Wire, track: int, top: int, bottom: int) -> Iterator[tuple[int, int, int]]:
    """The cells of a wire in its gutter; a straight one runs from top to bottom."""
    if wire.straight:
        yield from ((wire.ports[0], y, NORTH | SOUTH) for y in range(top, bottom + 1))
        return
    for port, side, other in zip(wire.ports, wire.sides, reversed(wire.ports), strict=True):
        rows = range(top, track) if side == UPPER else range(track + 1, bottom + 1)
        yield from ((port, y, NORTH | SOUTH) for y in rows)
        turn = NORTH if side == UPPER else SOUTH
        yield port, track, turn | (EAST if other > port else WEST if other < port else 0)
    low, high = wire.span
    yield from ((x, track, EAST | WEST) for x in range(low + 1, high))


def _find_heads(
    ranks: Ranks, gutters: Sequence[Sequence[Wire]], arrows: Sequence[Arrow], tops: Sequence[int], feet: Sequence[int]
) -> dict[tuple[int, int, int], str]:
    """The head of every link, in the last cell before the box of its effect."""
    heads = {}
    for gutter, wires in enumerate(gutters):
        for wire in wires:
            for number, side, port in zip(wire.nodes, wire.sides, wire.ports, strict=True):
                if number == ranks.effects[wire.link]:
                    row = tops[gutter] if side == UPPER else feet[gutter] - 1
                    heads[row, port, wire.link] = _HEADS[arrows[wire.link].opposes][side]
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
