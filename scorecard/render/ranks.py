"""The map as ranks of nodes: boxes, and bends where a link passes a rank; and their order."""

from __future__ import annotations

from bisect import bisect_right
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


@dataclass(frozen=True, slots=True)
class Ranks:
    """Rank 0 is the top. The first nodes are the boxes, in their order."""

    nodes: list[Node]
    order: list[list[int]]  # the nodes of each rank, left to right
    chains: list[list[int]]  # the nodes of each link from its lower end to its upper one; of one rank: both ends
    effects: list[int]  # the box at which each link ends

    def crossings(self) -> int:
        """How often links cross between ranks, were they straight lines."""
        place, above = [0] * len(self.nodes), [node.above for node in self.nodes]
        for row in self.order:
            for index, number in enumerate(row):
                place[number] = index
        return sum([count_crossings(row, above, place) for row in self.order])


def build_ranks(ranks: Sequence[int], count: int, links: Sequence[tuple[int, int]]) -> Ranks:
    """The ranks of boxes that lie in the given `ranks` (each below `count`), with bends for the links between them."""
    nodes = [Node(rank, box) for box, rank in enumerate(ranks)]
    chains: list[list[int]] = []
    for source, target in links:
        low, high = (source, target) if ranks[source] >= ranks[target] else (target, source)
        bends = range(ranks[low] - 1, ranks[high], -1)
        chain = [low, *range(len(nodes), len(nodes) + len(bends)), high]
        if ranks[low] != ranks[high]:
            nodes[low].above.append(chain[1])
            nodes[high].below.append(chain[-2])
            beside = zip(bends, chain[:-2], chain[2:], strict=True)
            nodes += [Node(rank, above=[upper], below=[lower]) for rank, lower, upper in beside]
        chains.append(chain)
    order: list[list[int]] = [[] for _ in range(count)]
    for number, node in enumerate(nodes):
        order[node.rank].append(number)
    return Ranks(nodes, order, chains, [target for _, target in links])


def count_crossings(row: Sequence[int], above: Sequence[Sequence[int]], place: Sequence[int]) -> int:
    """How often the links from the nodes of a row to those `above` each cross; `place` is where a node stands in its row."""
    ends: list[int] = []
    for number in row:
        near = above[number]
        if len(near) == 1:
            ends.append(place[near[0]])
        elif near:
            ends += sorted([place[end] for end in near])
    seen: list[int] = []
    crossings = 0
    if ends == sorted(ends):
        return 0
    for index, end in enumerate(ends):
        at = bisect_right(seen, end)
        seen.insert(at, end)
        crossings += index - at
    return crossings


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
