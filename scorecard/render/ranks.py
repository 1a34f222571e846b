"""The map as ranks of nodes: boxes, and bends where a link passes a rank; and their order."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

BEND = -1
_SWEEPS = 12


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
