"""The map as ranks of nodes: boxes, and bends where a link passes a rank; their order and their columns."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Ranks:
    """Rank 0 is the top. The first nodes are the boxes, in their order."""

    nodes: list[Node]
    order: list[list[int]]  # the nodes of each rank, left to right
    chains: list[list[int]]  # the nodes of each link from its lower end to its upper one; of one rank: both ends
    effects: list[int]  # the box at which each link ends

    def crossings(self) -> int:
        """How often links cross between ranks, were they straight lines."""
        return sum(_count_crossings(self.nodes, upper, lower) for upper, lower in zip(self.order, self.order[1:], strict=False))


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
            for lower, upper in zip(chain, chain[1:], strict=False):
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
        for fixed, row in zip(rows, rows[1:], strict=False):
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
    """The places nearest to the wanted ones (weighted squares) in low..high, each `steps[i]` or more after the one before.

    Where the steps need more room than there is, the last places pass `high`.
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
    """Sort a row by the mean place of each node's neighbours in the fixed row; nodes without any stay where they are."""
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
    for before, after in zip(row, row[1:], strict=False):
        bend = BEND in (nodes[before].box, nodes[after].box)
        steps.append(nodes[before].width + gaps[bend])
    return steps


def _draw_together(ranks: Ranks, steps: list[list[int]], width: int) -> None:
    """Let the links pull, row after row, up and down: first at the boxes, until each stands over what drives it, then
    at the bends alone."""
    rows = list(zip(ranks.order, steps, strict=True))
    for sweep in range(_SWEEPS):
        if not any([_shift_row(ranks.nodes, row, step, width) for row, step in (rows if sweep % 2 else rows[::-1])]):
            break
    for row, step in rows[::-1]:
        _shift_row(ranks.nodes, row, step, width, upward=True)
    for sweep in range(_SWEEPS):
        if not any([_shift_row(ranks.nodes, row, step, width, fixed=True) for row, step in (rows if sweep % 2 else rows[::-1])]):
            break
    for sweep in range(_SWEEPS):
        for row, step in rows if sweep % 2 else rows[::-1]:
            _straighten_row(ranks.nodes, row, step, width, downward=sweep % 2 == 1)


def _shift_row(nodes: list[Node], row: list[int], step: list[int], width: int, *, upward: bool = False, fixed: bool = False) -> bool:
    """Move a row's nodes towards the mean of their neighbours' centres, or (`upward`) of those below where there are
    any; `fixed` boxes stay. Returns whether any moved."""
    wanted, weights = [], []
    for number in row:
        node = nodes[number]
        pulls = [] if fixed and node.box != BEND else _list_pulls(nodes, node, upward)
        weight = sum([pull for pull, _ in pulls])
        wanted.append(sum([pull * at for pull, at in pulls]) / weight - (node.width - 1) / 2 if pulls else float(node.x))
        weights.append(_FIXED if fixed and not pulls else _YIELDING if node.box == BEND else weight or _YIELDING)
    places = spread(wanted, weights, step, 0, width - nodes[row[-1]].width) if row else []
    moved = places != [nodes[number].x for number in row]
    for number, x in zip(row, places, strict=True):
        nodes[number].x = x
    return moved


def _straighten_row(nodes: list[Node], row: list[int], step: list[int], width: int, downward: bool) -> None:
    """Move each bend into the column of a neighbour where that leaves fewer turns, or (in the sweep's direction) as many."""
    for index, number in enumerate(row):
        node = nodes[number]
        if node.box != BEND:
            continue
        low = nodes[row[index - 1]].x + step[index] if index else 0
        high = nodes[row[index + 1]].x - step[index + 1] if index + 1 < len(row) else width - 1
        ends = [nodes[end] for end in (node.above + node.below if downward else node.below + node.above)]
        columns = [column for end in ends if low <= (column := _nearest_column(end, node.x)) <= high]
        node.x = min([*columns, node.x], key=lambda x: sum(_nearest_column(end, x) != x for end in ends))


def _nearest_column(node: Node, x: int) -> int:
    """The column nearest to x at which a link can reach a node."""
    return node.x if node.box == BEND else min(max(x, node.x + 1), node.x + node.width - 2)


def _list_pulls(nodes: list[Node], node: Node, upward: bool) -> list[tuple[float, float]]:
    """How strongly which columns pull. Boxes go by boxes, and by bends only where they have no other neighbour; a bend
    by the next bend of its link, and by a box only where it is not over or under it."""
    ends = [nodes[end] for end in (node.below if upward and node.below else (*node.above, *node.below))]
    if node.box == BEND:
        return [(_STIFF if end.box == BEND else 1.0, float(_nearest_column(end, node.x))) for end in ends]
    return [(1.0, end.centre) for end in ends if end.box != BEND] or [(1.0, end.centre) for end in ends]
