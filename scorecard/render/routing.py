"""The ways of links between ranks: ports on the boxes, and one track in a gutter per sideways move.

Gutter g lies above rank g. A wire is the part of a link inside one gutter; each of its two ends hangs on a node of the
rank above (side UPPER) or of the rank below (side LOWER).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise

from scorecard.render.columns import spread
from scorecard.render.ranks import BEND, Node, Ranks

NORTH, EAST, SOUTH, WEST = 1, 2, 4, 8
UPPER, LOWER = 0, 1
_OVERLAP = 1 << 32  # crossings that are better than that two wires look like one
_ROUNDS = 6  # of letting the ends on one side go after those on the other


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

    def runs(self, track: int, top: int, bottom: int) -> Iterator[tuple[int, int, int, int]]:
        """Its upright parts between the first and the last row of a gutter: column, first and last row, link."""
        if self.straight:
            yield self.ports[0], top, bottom, self.link
            return
        for port, side in zip(self.ports, self.sides, strict=True):
            yield (port, top, track - 1, self.link) if side == UPPER else (port, track + 1, bottom, self.link)

    def walk(self, left: int, right: int) -> Iterator[tuple[int, int]]:
        """The cells of its track, which it reaches from either end, from column `left` to before `right`: column, mask."""
        for port, side, other in zip(self.ports, self.sides, reversed(self.ports), strict=True):
            if left <= port < right:
                turn = NORTH if side == UPPER else SOUTH
                yield port, turn | (EAST if other > port else WEST if other < port else 0)
        low, high = self.span
        yield from ((x, EAST | WEST) for x in range(max(low + 1, left), min(high, right)))

    def columns(self, side: int) -> list[int]:
        """The columns in which the wire runs from its track to that side."""
        return [port for port, at in zip(self.ports, self.sides, strict=True) if at == side]


Hung = tuple[Node, list[tuple[Wire, int]]]  # a box, and the ends of wires on one of its sides, left to right


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
    meeting = _weigh_orders(waiting)
    # what it costs to put a wire above all that are left, not below them
    regret = [sum(cost for _, cost in others if cost > 0) for others in meeting]
    tracks: dict[int, int] = {}
    queue = sorted((cost, number) for number, cost in enumerate(regret))
    while queue:
        cost, chosen = heappop(queue)
        if chosen in tracks or cost != regret[chosen]:
            continue
        tracks[chosen] = max([tracks[one] for one, _ in meeting[chosen] if one in tracks], default=-1) + 1
        for one, cost in meeting[chosen]:
            if cost < 0 and one not in tracks:
                regret[one] += cost
                heappush(queue, (regret[one], one))
    for number, track in tracks.items():
        waiting[number].track = track


def _weigh_orders(wires: list[Wire]) -> list[list[tuple[int, int]]]:
    """For each of the wires, sorted by their left ends, those it meets sideways, and how much worse its track lies above
    theirs than below."""
    spans = [wire.span for wire in wires]
    downs, ups = ([wire.columns(side) for wire in wires] for side in (LOWER, UPPER))
    meeting: list[list[tuple[int, int]]] = [[] for _ in wires]
    for one, (_, right) in enumerate(spans):
        for other in range(one + 1, len(wires)):
            if spans[other][0] > right + 1:
                break
            cost = _count_harm(downs[one], spans[one], ups[other], spans[other])
            cost -= _count_harm(downs[other], spans[other], ups[one], spans[one])
            meeting[one].append((other, cost))
            meeting[other].append((one, -cost))
    return meeting


def _count_harm(down: list[int], upper: tuple[int, int], up: list[int], lower: tuple[int, int]) -> int:
    """Crossings and, far worse, overlaps when one wire's track lies above another's: `down` are the columns in which it
    falls from its track with the span `upper`, `up` those in which the other rises from its own."""
    (left, right), (first, last) = upper, lower
    harm = 0
    for x in down:
        harm += first < x < last
        if x in up:
            harm += _OVERLAP
    for x in up:
        harm += left < x < right
    return harm
