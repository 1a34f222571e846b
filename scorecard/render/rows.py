"""Where the boxes of a map stand in a drawing that Graphviz lays out: their rows, their order, the joints of links.

Goals of one lane that drive each other, and those of a crowded lane, take several rows. A link that passes a row of
such a lane does so at a joint, a place in that row: Graphviz would lead it around the lane.
"""

from __future__ import annotations

from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from math import ceil, sqrt

from scorecard.render.crossings import untangle
from scorecard.render.picture import Arrow, Picture
from scorecard.render.ranks import build_ranks

NARROWEST = 6  # boxes that always stand side by side; lanes of more than 36 have longer rows, as many as rows


@dataclass(frozen=True, slots=True)
class Rows:
    """`names` are boxes and joints, left to right, top row first; `lanes` says to which lane each row belongs.

    `ways` holds for each arrow of the picture its source, joints and target. A joint is called `J`, the arrow's number,
    a point and the row's number, which no goal's id can be.
    """

    names: tuple[tuple[str, ...], ...]
    lanes: tuple[int, ...]
    ways: tuple[tuple[str, ...], ...]


def build_rows(picture: Picture) -> Rows:
    """The picture's boxes in rows with few crossings; the same picture gives the same rows."""
    stacked = [(lane, row) for lane in range(len(picture.lanes)) for row in _stack(picture, lane)]
    lanes = [lane for lane, _ in stacked]
    row_of = {name: at for at, (_, row) in enumerate(stacked) for name in row}
    number = {box.id: index for index, box in enumerate(picture.boxes)}
    links = [(number[arrow.source], number[arrow.target]) for arrow in picture.arrows]
    ranks = build_ranks([row_of[box.id] for box in picture.boxes], len(lanes), links)
    untangle(ranks)
    crowded = {row for row, lane in enumerate(lanes) if lanes.count(lane) > 1}
    names = {index: name for name, index in number.items()}
    ways = []
    for at, (arrow, chain) in enumerate(zip(picture.arrows, ranks.chains, strict=True)):
        names |= {node: f"J{at}.{row}" for node in chain[1:-1] if (row := ranks.nodes[node].rank) in crowded}
        way = tuple(names[node] for node in chain if node in names)
        ways.append(way if way[0] == arrow.source else way[::-1])
    ordered = tuple(tuple(names[node] for node in row if node in names) for row in ranks.order)
    return Rows(ordered, tuple(lanes), tuple(ways))


def _stack(picture: Picture, lane: int) -> list[list[str]]:
    """The rows of a lane, top first: effects above their causes, none too long, an empty one for no goals."""
    names = [box.id for box in picture.boxes if box.lane == lane]
    widest = max(NARROWEST, ceil(sqrt(len(names))))
    depth = measure_depth(names, picture.arrows)
    rows: list[list[str]] = []
    for level in range(max(depth.values(), default=0) + 1):
        row = [name for name in names if depth[name] == level]
        even = ceil(len(row) / (ceil(len(row) / widest) or 1)) or 1
        rows += [row[start : start + even] for start in range(0, len(row) or 1, even)]
    return rows


def measure_depth(names: list[str], arrows: tuple[Arrow, ...]) -> dict[str, int]:
    """How many links lie above a goal within its lane, at most; 0 for all where they go in a circle."""
    effects: dict[str, list[str]] = {name: [] for name in names}
    for arrow in arrows:
        if arrow.source in effects and arrow.target in effects and not arrow.definition:
            effects[arrow.source].append(arrow.target)
    depth = dict.fromkeys(names, 0)
    if not any(effects.values()):
        return depth
    try:
        for name in TopologicalSorter(effects).static_order():
            depth[name] = max((depth[effect] + 1 for effect in effects[name]), default=0)
    except CycleError:
        return dict.fromkeys(names, 0)
    return depth
