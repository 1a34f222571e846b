"""The map as ranks of nodes: boxes, and bends where a link passes a rank; their order and their columns."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import floor

BEND = -1
_SWEEPS = 12
_STIFF = 8.0  # how much stronger a bend is pulled towards the next bend of its link than towards a box
_YIELDING, _FIXED = 1e-3, 1e6  # how firmly bends stand beside boxes while those are placed, and boxes thereafter


@dataclass(slots=True)
class Node:
    """A box, or the bend (one column wide) of a link that passes its rank. `x` is the leftmost column."""

    rank: int
    box: int = BEND
    width: int = 1
    x: int = 0
    above: list[int] = field(default_factory=list)  # node numbers one rank up
    below: list[int] = field(default_factory=list)

    @property
    def centre(self) -> float:
        return self.x + (self.width - 1) / 2


Seek = Callable[[list[Node], Node], tuple[float, float]]  # the leftmost column a node seeks, and how firmly


@dataclass(frozen=True, slots=True)
class Ranks:
    """Rank 0 is the top. The first nodes are the boxes, in their order."""

    nodes: list[Node]
    order: list[list[int]]  # the nodes of each rank, left to right
    chains: list[list[int]]  # the nodes of each link from its lower end to its upper one; of one rank: both ends
    effects: list[int]  # the box at which each link ends

    def crossings(self) -> int:
        """How often links cross between ranks, were they straight lines."""
        return sum(_count_crossings(self.nodes, upper, lower) for upper, lower in pairwise(self.order))


def build_ranks(ranks: Sequence[int], count: int, links: Sequence[tuple[int, int]]) -> Ranks:
    """The ranks of boxes that lie in the given `ranks` (each below `count`), with bends for the links between them."""
    nodes = [Node(rank, box) for box, rank in enumerate(ranks)]
    chains: list[list[int]] = []
    for source, target in links:
        low, high = (source, target) if ranks[source] >= ranks[target] else (target, source)
        bends = range(ranks[low] - 1, ranks[high], -1)
        chain = [low, *range(len(nodes), len(nodes) + len(bends)), high]
        nodes += [Node(rank) for rank in bends]
        chains.append(chain)
        if ranks[low] != ranks[high]:
            for lower, upper in pairwise(chain):
                nodes[lower].above.append(upper)
                nodes[upper].below.append(lower)
    order: list[list[int]] = [[] for _ in range(count)]
    for number, node in enumerate(nodes):
        order[node.rank].append(number)
    return Ranks(nodes, order, chains, [target for _, target in links])


def reduce_crossings(ranks: Ranks) -> None:
    """Reorder each rank: sweeps by the neighbours' mean place, then swaps of neighbours; never worse than before."""
    best = [list(row) for row in ranks.order]
    fewest = ranks.crossings()
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        downward = sweep % 2 == 1
        rows = ranks.order if downward else ranks.order[::-1]
        for fixed, row in pairwise(rows):
            _sort_by_neighbours(ranks.nodes, fixed, row, downward)
        _swap_neighbours(ranks)
        if (found := ranks.crossings()) < fewest:
            best, fewest = [list(row) for row in ranks.order], found
    ranks.order[:] = best


def place_columns(ranks: Ranks, width: int, gaps: tuple[int, int]) -> int:
    """Give every node its column so that links run straight and boxes stand over what drives them.

    `gaps` are the blank columns between two boxes, and beside a bend. Returns the width used, at least `width`.
    """
    steps = [_list_steps(ranks.nodes, row, gaps) for row in ranks.order]
    used = [sum(step) + ranks.nodes[row[-1]].width if row else 0 for row, step in zip(ranks.order, steps, strict=True)]
    width = max([width, *used])
    for row, step, need in zip(ranks.order, steps, used, strict=True):
        spare = (width - need) // (len(row) + 1)
        at = spare
        for number, left in zip(row, step, strict=True):
            at += left
            ranks.nodes[number].x = at
            at += spare
    _draw_together(ranks, steps, width)
    return width


def spread(wanted: Sequence[float], weights: Sequence[float], steps: Sequence[int], low: int, high: int) -> list[int]:
    """The places in low..high nearest to the wanted ones (weighted squares), each `steps[i]` or more after the last.

    Where the steps need more room than there is, places pass `high`.
    """
    total, offsets = 0, []
    for step in steps:
        total += step
        offsets.append(total)
    pools: list[tuple[float, float, int]] = []  # mean, weight, members
    for want, weight, offset in zip(wanted, weights, offsets, strict=True):
        mean, members = want - offset, 1
        while pools and pools[-1][0] > mean:
            before, heavier, others = pools.pop()
            mean = (mean * weight + before * heavier) / (weight + heavier)
            weight, members = weight + heavier, members + others
        pools.append((mean, weight, members))
    room = max(low, high - total)
    placed = [min(max(floor(mean + 0.5), low), room) for mean, _, members in pools for _ in range(members)]
    return [place + offset for place, offset in zip(placed, offsets, strict=True)]


def _count_crossings(nodes: list[Node], upper: list[int], lower: list[int]) -> int:
    place = {number: index for index, number in enumerate(upper)}
    seen: list[int] = []
    crossings = 0
    for number in lower:
        ends = sorted(place[end] for end in nodes[number].above)
        crossings += sum(len(seen) - bisect_right(seen, end) for end in ends)
        for end in ends:
            insort(seen, end)
    return crossings


def _sort_by_neighbours(nodes: list[Node], fixed: list[int], row: list[int], downward: bool) -> None:
    """Sort a row by the mean place of each node's neighbours in the fixed row; nodes without any stay."""
    place = {number: index / max(1, len(fixed) - 1) for index, number in enumerate(fixed)}
    keys = {}
    for index, number in enumerate(row):
        ends = nodes[number].above if downward else nodes[number].below
        keys[number] = sum(place[end] for end in ends) / len(ends) if ends else index / max(1, len(row) - 1)
    row.sort(key=keys.__getitem__)


def _swap_neighbours(ranks: Ranks) -> None:
    """Swap two nodes that stand side by side wherever that takes crossings away."""
    place = {number: index for row in ranks.order for index, number in enumerate(row)}
    for row in ranks.order:
        for index in range(len(row) - 1):
            left, right = ranks.nodes[row[index]], ranks.nodes[row[index + 1]]
            gain = 0
            for ours, theirs in ((left.above, right.above), (left.below, right.below)):
                for one in ours:
                    for other in theirs:
                        gain += (place[one] > place[other]) - (place[one] < place[other])
            if gain > 0:
                row[index], row[index + 1] = row[index + 1], row[index]
                place[row[index]], place[row[index + 1]] = index, index + 1


def _list_steps(nodes: list[Node], row: list[int], gaps: tuple[int, int]) -> list[int]:
    """How far each node of a row starts after the one before, at least."""
    steps = [0] if row else []
    for before, after in pairwise(row):
        bend = BEND in (nodes[before].box, nodes[after].box)
        steps.append(nodes[before].width + gaps[bend])
    return steps


def _draw_together(ranks: Ranks, steps: list[list[int]], width: int) -> None:
    """Let the links pull, row after row, up and down: first at the boxes, until each stands over what drives it, then
    at the bends alone."""
    rows = [(row, step) for row, step in zip(ranks.order, steps, strict=True) if row]
    _sweep(rows, lambda row, step, _: _shift_row(ranks.nodes, row, step, width, _seek_neighbours))
    for row, step in rows[::-1]:
        _shift_row(ranks.nodes, row, step, width, _seek_drivers)
    _sweep(rows, lambda row, step, _: _shift_row(ranks.nodes, row, step, width, _seek_straight))
    _sweep(rows, lambda row, step, downward: _straighten_row(ranks.nodes, row, step, width, downward))
    left = min((node.x for node in ranks.nodes), default=0)
    right = max((node.x + node.width for node in ranks.nodes), default=width)
    for node in ranks.nodes:
        node.x += (width - right - left) // 2


def _sweep(rows: list[tuple[list[int], list[int]]], move: Callable[[list[int], list[int], bool], bool]) -> None:
    """Go through the rows up and down in turn, a few times or until nothing moves; a row that stayed where it was is
    left alone while the rows beside it do."""
    stirred = [[True, True] for _ in rows]  # by direction: whether the row has to be looked at
    for sweep in range(_SWEEPS):
        downward = sweep % 2 == 1
        any_moved = False
        for at in range(len(rows)) if downward else reversed(range(len(rows))):
            if not stirred[at][downward]:
                continue
            stirred[at][downward] = False
            if move(*rows[at], downward):
                any_moved = True
                for one in stirred[max(at - 1, 0) : at + 2]:
                    one[:] = True, True
        if not any_moved:
            break


def _shift_row(nodes: list[Node], row: list[int], step: list[int], width: int, seek: Seek) -> bool:
    """Move a row's nodes as near as may be to the columns they seek; whether any moved."""
    sought = [seek(nodes, nodes[number]) for number in row]
    high = width - nodes[row[-1]].width
    places = spread([x for x, _ in sought], [firmness for _, firmness in sought], step, 0, high)
    moved = places != [nodes[number].x for number in row]
    for number, x in zip(row, places, strict=True):
        nodes[number].x = x
    return moved


def _seek_neighbours(nodes: list[Node], node: Node) -> tuple[float, float]:
    return _seek_mean(nodes, node, node.above + node.below)


def _seek_drivers(nodes: list[Node], node: Node) -> tuple[float, float]:
    """Over what drives a box, where anything does."""
    return _seek_mean(nodes, node, node.below or node.above)


def _seek_straight(nodes: list[Node], node: Node) -> tuple[float, float]:
    """Boxes stay, bends go by their neighbours."""
    return _seek_neighbours(nodes, node) if node.box == BEND else (float(node.x), _FIXED)


def _seek_mean(nodes: list[Node], node: Node, ends: list[int]) -> tuple[float, float]:
    """The column to which the nodes at the ends of its links pull a node, and how firmly it will stand there.

    Boxes go by boxes, and by bends only where they have no other neighbour; a bend goes by the next bend of its link,
    and by a box as far as it is not over or under it.
    """
    if not ends:
        return float(node.x), _YIELDING
    weight = pulled = 0.0
    if node.box == BEND:
        for end in ends:
            other = nodes[end]
            pull = _STIFF if other.box == BEND else 1.0
            weight += pull
            pulled += pull * _nearest_column(other, node.x)
        return pulled / weight, _YIELDING
    for end in ends:
        other = nodes[end]
        if other.box != BEND:
            weight += 1.0
            pulled += other.x + (other.width - 1) / 2
    if not weight:
        weight, pulled = float(len(ends)), float(sum([nodes[end].x for end in ends]))
    return pulled / weight - (node.width - 1) / 2, weight


def _straighten_row(nodes: list[Node], row: list[int], step: list[int], width: int, downward: bool) -> bool:
    """Move each bend into the column of a neighbour where that leaves fewer turns, or as many in the sweep's direction;
    whether any moved."""
    moved = False
    for index, number in enumerate(row):
        node = nodes[number]
        if node.box != BEND:
            continue
        ends = [nodes[end] for end in (node.above + node.below if downward else node.below + node.above)]
        columns = [_nearest_column(end, node.x) for end in ends]
        if columns.count(node.x) == len(columns):
            continue
        low = nodes[row[index - 1]].x + step[index] if index else 0
        high = nodes[row[index + 1]].x - step[index + 1] if index + 1 < len(row) else width - 1
        best, fewest = node.x, len(ends) + 1
        for column in [*[one for one in columns if low <= one <= high], node.x]:
            turns = sum([_nearest_column(end, column) != column for end in ends])
            if turns < fewest:
                best, fewest = column, turns
        moved |= best != node.x
        node.x = best
    return moved


def _nearest_column(node: Node, x: int) -> int:
    """The column nearest to x at which a link can reach a node."""
    if node.box == BEND:
        return node.x
    first, last = node.x + 1, node.x + node.width - 2
    return first if x < first else last if x > last else x
