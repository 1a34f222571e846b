"""Links as box-drawing signs: ports on the boxes, one track in a gutter per sideways move, and the cells they fill.

Gutter g lies above rank g. A wire is the part of a link inside one gutter; each of its two ends hangs on a node of the
rank above (side UPPER) or of the rank below (side LOWER).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from heapq import heappop, heappush
from itertools import pairwise

from scorecard.render.columns import spread
from scorecard.render.picture import Arrow
from scorecard.render.ranks import BEND, Node, Ranks

NORTH, EAST, SOUTH, WEST = 1, 2, 4, 8
UPPER, LOWER = 0, 1
_ROUNDS = 6  # of letting the ends on one side go after those on the other


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
    """The part of a link in one gutter, from the lower end on (of a link along a lane: from its cause)."""

    link: int
    nodes: tuple[int, int]
    sides: tuple[int, int]
    ports: list[int]  # the column of each end
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


Hung = tuple[Node, list[tuple[Wire, int]]]  # a box, and the ends of wires on one of its sides, left to right


def draw_sign(mask: int, stroke: Stroke) -> str:
    """The box-drawing sign that goes to the neighbours in `mask`."""
    return _SIGNS[stroke][mask]


def stroke_of(arrow: Arrow) -> Stroke:
    return Stroke.DEFINITION if arrow.definition else _STROKES.get(arrow.evidence, Stroke.ASSUMED)


def route(ranks: Ranks) -> list[list[Wire]]:
    """The wires of each gutter with their ports and tracks; needs the columns of the nodes."""
    gutters: list[list[Wire]] = [[] for _ in ranks.order]
    for link, chain in enumerate(ranks.chains):
        for low, high in pairwise(chain):
            level = ranks.nodes[low].rank == ranks.nodes[high].rank
            gutters[ranks.nodes[low].rank].append(Wire(link, (low, high), (LOWER, LOWER if level else UPPER), [0, 0]))
    for wires in gutters:
        _choose_ports(ranks.nodes, wires)
        _part_ports(ranks.nodes, wires)
        _choose_tracks(wires)
    return gutters


def trace(
    ranks: Ranks, gutters: Sequence[Sequence[Wire]], arrows: Sequence[Arrow], tops: Sequence[int], feet: Sequence[int]
) -> dict[int, dict[int, tuple[Strand, ...]]]:
    """The strands of every cell by row and column.

    `tops` is the first row of each gutter and, last, the row below the map; `feet` the first row of each rank's boxes,
    where its gutter ends. Track t runs in the row t + 1 of a gutter with a rank above, in row t of the topmost.
    """
    rows: dict[int, dict[int, dict[int, int]]] = {}  # row -> column -> link -> mask
    for gutter, wires in enumerate(gutters):
        for wire in wires:
            for x, y, mask in _walk(wire, wire.track + tops[gutter] + (gutter > 0), tops[gutter], feet[gutter] - 1):
                cell = rows.setdefault(y, {}).setdefault(x, {})
                cell[wire.link] = cell.get(wire.link, 0) | mask
    for link, chain in enumerate(ranks.chains):
        for node in (ranks.nodes[number] for number in chain[1:-1]):
            for y in range(feet[node.rank], tops[node.rank + 1]):
                rows.setdefault(y, {}).setdefault(node.x, {})[link] = NORTH | SOUTH
    heads = _find_heads(ranks, gutters, arrows, tops, feet)
    signs = [_SIGNS[stroke_of(arrow)] for arrow in arrows]
    known: dict[tuple[int, int, str], tuple[Strand]] = {}  # most cells look like one before: few objects
    cells: dict[int, dict[int, tuple[Strand, ...]]] = {}
    for y, row in rows.items():
        cells[y] = {}
        for x in sorted(row):
            strands: tuple[Strand, ...] = ()
            for link, mask in row[x].items():
                sign = heads.get((y, x, link)) or signs[link][mask]
                strands += known.setdefault((link, mask, sign), (Strand(link, mask, sign),))
            cells[y][x] = strands
    return cells


def _choose_ports(nodes: list[Node], wires: list[Wire]) -> None:
    """Spread the ends on each box, in the order of where they go, as near as may be to straight lines."""
    hung: dict[tuple[int, int], list[tuple[float, int, Wire, int]]] = {}
    for wire in wires:
        (one, other), (side, beside) = wire.nodes, wire.sides
        left, right = nodes[one], nodes[other]
        first, last = left.x + left.width - 1, right.x + right.width - 1
        middle = (max(left.x, right.x) + min(first, last)) // 2
        wire.ports[:] = min(max(middle, left.x), first), min(max(middle, right.x), last)
        if left.box != BEND:  # a bend has one column
            hung.setdefault((one, side), []).append((right.centre, wire.link, wire, 0))
        if right.box != BEND:
            hung.setdefault((other, beside), []).append((left.centre, wire.link, wire, 1))
    sides: tuple[list[Hung], list[Hung]] = ([], [])
    for (number, side), ends in sorted(hung.items(), key=lambda item: item[0]):
        ends.sort(key=lambda entry: entry[:2])
        sides[side].append((nodes[number], [(wire, end) for _, _, wire, end in ends]))
    for turn in range(_ROUNDS):
        for node, hanging in sides[turn % 2]:
            _spread_ends(node, hanging)


def _spread_ends(node: Node, ends: list[tuple[Wire, int]]) -> None:
    low, high = node.x + 1, node.x + node.width - 2
    if len(ends) == 1:
        wire, end = ends[0]
        wire.ports[end] = min(max(wire.ports[1 - end], low), max(high, low))
        return
    step = min(2, (high - low) // (len(ends) - 1))  # more links than columns share them
    wanted = [float(wire.ports[1 - end]) for wire, end in ends]
    places = spread(wanted, [1.0] * len(ends), [0] + [step] * (len(ends) - 1), low, high)
    for place, (wire, end) in zip(places, ends, strict=True):
        wire.ports[end] = place


def _part_ports(nodes: list[Node], wires: list[Wire]) -> None:
    """Where one wire rises in the column in which another falls they might overlap: move one's end on a box aside."""
    taken = {port for wire in wires for port in wire.ports}
    turning = [wire for wire in wires if not wire.straight]
    for moved, fixed in ((LOWER, UPPER), (UPPER, LOWER)):
        columns = {port for wire in turning for port in wire.columns(fixed)}
        for wire in turning:
            for end, (number, side, port) in enumerate(zip(wire.nodes, wire.sides, wire.ports, strict=True)):
                node = nodes[number]
                if side == moved and port in columns and node.box != BEND:
                    room = range(node.x + 1, node.x + node.width - 1)
                    free = [x for x in (port - 1, port + 1) if x in room and x not in taken]
                    wire.ports[end] = free[0] if free else port
                    taken.update(free[:1])


def _choose_tracks(wires: list[Wire]) -> None:
    """Order the sideways moves from top to bottom, so that none runs over another where that can be, with few
    crossings; those that do not meet share a track."""
    waiting = sorted((wire for wire in wires if not wire.straight), key=lambda wire: (wire.span, wire.link))
    harm = _weigh_orders(waiting)
    meeting: list[list[int]] = [[] for _ in waiting]
    regret = [(0, 0)] * len(waiting)  # what it costs to put a wire above all that are left, not below them
    for (one, other), cost in harm.items():
        meeting[one].append(other)
        if cost > harm[other, one]:
            regret[one] = _add(regret[one], _subtract(cost, harm[other, one]))
    tracks: dict[int, int] = {}
    queue = sorted((cost, number) for number, cost in enumerate(regret))
    while queue:
        cost, chosen = heappop(queue)
        if chosen in tracks or cost != regret[chosen]:
            continue
        tracks[chosen] = max([tracks[one] for one in meeting[chosen] if one in tracks], default=-1) + 1
        for one in meeting[chosen]:
            saved = _subtract(harm[one, chosen], harm[chosen, one])
            if one not in tracks and saved > (0, 0):
                regret[one] = _subtract(regret[one], saved)
                heappush(queue, (regret[one], one))
    for number, track in tracks.items():
        waiting[number].track = track


def _add(cost: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return cost[0] + other[0], cost[1] + other[1]


def _subtract(cost: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return cost[0] - other[0], cost[1] - other[1]


def _weigh_orders(wires: list[Wire]) -> dict[tuple[int, int], tuple[int, int]]:
    """For wires sorted by their left ends: what it costs to put the first one's track above the second one's, for each
    two that meet sideways."""
    spans = [wire.span for wire in wires]
    harm = {}
    for one, (_, right) in enumerate(spans):
        for other in range(one + 1, len(wires)):
            if spans[other][0] > right + 1:
                break
            harm[one, other] = _count_harm(wires[one], wires[other])
            harm[other, one] = _count_harm(wires[other], wires[one])
    return harm


def _count_harm(upper: Wire, lower: Wire) -> tuple[int, int]:
    """Overlaps and crossings when one wire's track lies above the other's."""
    down, up = upper.columns(LOWER), lower.columns(UPPER)
    (left, right), (first, last) = upper.span, lower.span
    return len(set(down) & set(up)), sum([first < x < last for x in down]) + sum([left < x < right for x in up])


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
