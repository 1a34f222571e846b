"""The map as ranks of nodes: boxes, and bends where a link passes a rank; and their order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

BEND = -1


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
    if ends == sorted(ends):
        return 0
    seen: list[int] = []
    crossings = 0
    for index, end in enumerate(ends):
        at = bisect_right(seen, end)
        seen.insert(at, end)
        crossings += index - at
    return crossings
