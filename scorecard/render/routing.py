"""The ways of links between ranks: ports on the boxes, and one track in a gutter per sideways move.

Gutter g lies above rank g. A wire is the part of a link inside one gutter; each of its two ends hangs on a node of the
rank above (side UPPER) or of the rank below (side LOWER).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise
from operator import itemgetter

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
        one, other = self.ports
        return (one, other) if one < other else (other, one)

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

    @property
    def turns(self) -> Iterator[tuple[int, int]]:
        """The cells in which it reaches its track: column, mask. Between them it runs along."""
        for port, side, other in zip(self.ports, self.sides, reversed(self.ports), strict=True):
            yield port, (NORTH if side == UPPER else SOUTH) | (EAST if other > port else WEST if other < port else 0)

    def columns(self, side: int) -> list[int]:
        """The columns in which the wire runs from its track to that side."""
        (one, other), (port, beside) = self.sides, self.ports
        return ([port] if one == side else []) + ([beside] if other == side else [])


Hung = tuple[int, int, list[tuple[Wire, int]]]  # first and last column of a box's side, the ends of wires there


def route(ranks: Ranks) -> list[list[Wire]]:
    """The wires of each gutter with their ports and tracks; needs the columns of the nodes."""
    nodes = ranks.nodes
    _part_bends(ranks)
    gutters: list[list[Wire]] = [[] for _ in ranks.order]
    for link, chain in enumerate(ranks.chains):
        for low, high in pairwise(chain):
            gutter = nodes[low].rank
            sides = (LOWER, LOWER if gutter == nodes[high].rank else UPPER)
            gutters[gutter].append(Wire(link, (low, high), sides, [nodes[low].x, nodes[high].x]))
    for wires in gutters:
        _choose_ports(nodes, wires)
        turning = [wire for wire in wires if not wire.straight]
        if len(turning) > 1:
            _part_ports(nodes, turning, {port for wire in wires for port in wire.ports})
        _choose_tracks(turning)
    return gutters


def _part_bends(ranks: Ranks) -> None:
    """Where bends stand in each other's columns one rank on, no order of tracks keeps their wires apart: move one of
    them aside, where there is room so that a column beside it stays blank."""
    nodes = ranks.nodes
    bent = [pair for chain in ranks.chains for pair in pairwise(chain[1:-1])]
    if not bent:
        return
    edges = min([node.x for node in nodes]), max([node.x + node.width for node in nodes])
    beside = {
        number: (before, after)
        for row in filter(None, ranks.order)
        for before, number, after in zip([None, *row[:-1]], row, [*row[1:], None], strict=True)
    }
    for _ in range(_ROUNDS):
        rings = list(_find_rings(nodes, bent))
        for ring in rings:
            for number, step, blank in [(one, step, blank) for blank in (1, 0) for one in ring for step in (-1, 1)]:
                before, after = beside[number]
                first = edges[0] if before is None else nodes[before].x + nodes[before].width + blank
                last = edges[1] - 1 if after is None else nodes[after].x - 1 - blank
                if first <= nodes[number].x + step <= last:
                    nodes[number].x += step
                    break
        if not rings:
            break


def _find_rings(nodes: list[Node], bent: list[tuple[int, int]]) -> Iterator[list[int]]:
    """Bends, as `bent` pairs of a lower and a higher one: each lower one stands in the column of the next higher one, and
    the last in that of the first."""
    below = {(nodes[high].rank, nodes[high].x): (low, high) for low, high in bent if nodes[low].x != nodes[high].x}
    for first in below.values():
        ring = [first]
        while (pair := below.get((nodes[first[1]].rank, nodes[ring[-1][0]].x))) and pair not in ring:
            ring.append(pair)
        if pair == first == min(ring):
            yield [number for pair in ring for number in pair]


def _choose_ports(nodes: list[Node], wires: list[Wire]) -> None:
    """Spread the ends on each box, in the order of where they go, as near as may be to straight lines; a bend has one
    column."""
    hung: dict[tuple[int, int], list[tuple[float, int, Wire, int]]] = {}
    for wire in wires:
        (one, other), (side, beside) = wire.nodes, wire.sides
        left, right = nodes[one], nodes[other]
        if left.box != BEND:
            hung.setdefault((one, side), []).append((right.x + right.width / 2, wire.link, wire, 0))
            if right.box != BEND:
                first, last = left.x + left.width - 1, right.x + right.width - 1
                middle = (max(left.x, right.x) + min(first, last)) // 2
                wire.ports[:] = min(max(middle, left.x), first), min(max(middle, right.x), last)
        if right.box != BEND:
            hung.setdefault((other, beside), []).append((left.x + left.width / 2, wire.link, wire, 1))
    sides: tuple[list[Hung], list[Hung]] = ([], [])
    for number, side in sorted(hung):
        node, ends = nodes[number], sorted(hung[number, side], key=itemgetter(0, 1))
        sides[side].append((node.x + 1, node.x + node.width - 2, [(wire, end) for _, _, wire, end in ends]))
    for turn in range(_ROUNDS):
        moved = [_spread_ends(*hanging) for hanging in sides[turn % 2]]
        if turn and not any(moved):
            break


def _spread_ends(low: int, high: int, ends: list[tuple[Wire, int]]) -> bool:
    """Put the ends on one side of a box near to where the wires' other ends are; whether any moved."""
    if len(ends) == 1:
        wire, end = ends[0]
        place = min(max(wire.ports[1 - end], low), max(high, low))
        moved, wire.ports[end] = wire.ports[end] != place, place
        return moved
    step = min(2, (high - low) // (len(ends) - 1))  # more links than columns share them
    wanted = [wire.ports[1 - end] for wire, end in ends]
    places = spread(wanted, step, low, high)
    moved = False
    for place, (wire, end) in zip(places, ends, strict=True):
        if wire.ports[end] != place:
            wire.ports[end], moved = place, True
    return moved


def _part_ports(nodes: list[Node], turning: list[Wire], taken: set[int]) -> None:
    """Where one wire rises in the column in which another falls they might overlap: move one's end on a box aside, into
    a column that is not taken."""
    for moved, fixed in ((LOWER, UPPER), (UPPER, LOWER)):
        columns = {port for wire in turning for port in wire.columns(fixed)}
        for wire in turning:
            for end, (number, side, port) in enumerate(zip(wire.nodes, wire.sides, wire.ports, strict=True)):
                if port in columns and side == moved and nodes[number].box != BEND:
                    node = nodes[number]
                    room = range(node.x + 1, node.x + node.width - 1)
                    free = [x for x in (port - 1, port + 1) if x in room and x not in taken]
                    wire.ports[end] = free[0] if free else port
                    taken.update(free[:1])


def _choose_tracks(turning: list[Wire]) -> None:
    """Order the sideways moves from top to bottom, so that none runs over another where that can be, with few
    crossings; those that do not meet share a track."""
    waiting = sorted([wire for wire in turning if not wire.straight], key=lambda wire: (wire.span, wire.link))
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
