"""Where the boxes of a map stand: rows within lanes, their order from left to right, and the ways of the links.

Goals of one lane that drive each other, and those of a crowded lane, take several rows. A link that has to pass another
row of such a lane does so through a joint, a place in that row, as lanes are closed to lines from outside.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import combinations, pairwise

from scorecard.render.picture import Arrow, Picture

WIDEST_ROW = 6  # boxes side by side
_SWEEPS = 24


@dataclass(frozen=True, slots=True)
class Arrangement:
    """`rows` are names of boxes and joints, left to right, top row first; `lanes` says whose row it is.

    `ways` holds for each arrow of the picture its source, joints and target. A joint is named `J`, the arrow's number,
    a point and the row's number, which no goal's id can be.
    """

    rows: tuple[tuple[str, ...], ...]
    lanes: tuple[int, ...]
    ways: tuple[tuple[str, ...], ...]

    def row_of(self) -> dict[str, int]:
        return {name: at for at, row in enumerate(self.rows) for name in row}


def arrange(picture: Picture) -> Arrangement:
    """The picture's boxes in rows, with few crossings; the same picture gives the same arrangement."""
    rows = [(lane, row) for lane in range(len(picture.lanes)) for row in _stack(picture, lane)]
    lanes = [lane for lane, _ in rows]
    names = [row for _, row in rows]
    at = {name: number for number, row in enumerate(names) for name in row}
    beside = zip([None, *lanes], lanes, [*lanes[1:], None])
    doors = [row for row, (above, lane, below) in enumerate(beside) if (above == lane) != (lane == below)]
    ways = []
    for number, arrow in enumerate(picture.arrows):
        start, end = at[arrow.source], at[arrow.target]
        passed = [row for row in doors if min(start, end) < row < max(start, end)]
        ways.append((arrow.source, *(f"J{number}.{row}" for row in (passed if start < end else passed[::-1])), arrow.target))
        for row in passed:
            names[row].append(f"J{number}.{row}")
    return Arrangement(tuple(map(tuple, _order(names, ways))), tuple(lanes), tuple(ways))


def _stack(picture: Picture, lane: int) -> list[list[str]]:
    """The rows of a lane, top first: effects above their causes, none over WIDEST_ROW, an empty one for no goals."""
    names = [box.id for box in picture.boxes if box.lane == lane]
    depth = _depth(names, picture.arrows)
    rows: list[list[str]] = []
    for level in range(max(depth.values(), default=0) + 1):
        row = [name for name in names if depth[name] == level]
        size = -(-len(row) // (-(-len(row) // WIDEST_ROW) or 1)) or 1  # as even as they come
        rows += [row[start : start + size] for start in range(0, len(row) or 1, size)]
    return rows


def _depth(names: list[str], arrows: tuple[Arrow, ...]) -> dict[str, int]:
    """How many links lie above a goal within its lane, at most; 0 for all where they go in a circle."""
    effects: dict[str, list[str]] = {name: [] for name in names}
    for arrow in arrows:
        if arrow.source in effects and arrow.target in effects and not arrow.definition:
            effects[arrow.source].append(arrow.target)
    depth = dict.fromkeys(names, 0)
    try:
        for name in TopologicalSorter(effects).static_order():
            depth[name] = max((depth[effect] + 1 for effect in effects[name]), default=0)
    except CycleError:
        return dict.fromkeys(names, 0)
    return depth


def _order(rows: list[list[str]], ways: list[tuple[str, ...]]) -> list[list[str]]:
    """The rows with each name near the middle of what it is linked to: barycentre sweeps, the best of them kept."""
    at = {name: number for number, row in enumerate(rows) for name in row}
    links = [link for way in ways for link in pairwise(way)]
    near: dict[str, list[str]] = defaultdict(list)
    for first, second in links:
        near[first].append(second)
        near[second].append(first)
    best, fewest = rows, _crossings(rows, links, at)
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        rows = list(rows)
        spot = {name: (place + 0.5) / len(row) for row in rows for place, name in enumerate(row)}
        for number in range(len(rows)) if down else reversed(range(len(rows))):
            done = {n: _middle(n, [m for m in near[n] if (at[m] < number) == down and at[m] != number], spot) for n in rows[number]}
            rows[number] = sorted(rows[number], key=done.__getitem__)
            spot |= {name: (place + 0.5) / len(rows[number]) for place, name in enumerate(rows[number])}
        crossings = _crossings(rows, links, at)
        if crossings < fewest:
            best, fewest = rows, crossings
    return best


def _middle(name: str, others: list[str], spot: dict[str, float]) -> float:
    return sum(spot[other] for other in others) / len(others) if others else spot[name]


def _crossings(rows: list[list[str]], links: list[tuple[str, str]], at: dict[str, int]) -> int:
    """How many links between the same two rows cross."""
    place = {name: number for row in rows for number, name in enumerate(row)}
    spans: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for link in links:
        low, high = sorted(link, key=at.__getitem__)
        spans[at[low], at[high]].append((place[low], place[high]))
    return sum((a - c) * (b - d) < 0 for pairs in spans.values() for (a, b), (c, d) in combinations(pairs, 2))
