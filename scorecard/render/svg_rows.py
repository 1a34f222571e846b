"""In which rows the goals of each lane stand, so that the map is about as wide and high as a slide."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import ceil

from scorecard.render.crossings import untangle
from scorecard.render.picture import Picture
from scorecard.render.ranks import BEND, Ranks, build_ranks
from scorecard.render.rows import measure_depth

_MOST_LEVELS = 3  # rows in which goals of one lane that drive each other stand one above the other


def level_boxes(picture: Picture) -> list[list[list[int]]]:
    """For each lane its levels, top first, each the numbers of its boxes: effects above their causes in the lane."""
    lanes: list[list[list[int]]] = []
    for lane in range(len(picture.lanes)):
        boxes = [number for number, box in enumerate(picture.boxes) if box.lane == lane]
        depth = measure_depth([picture.boxes[number].id for number in boxes], picture.arrows)
        levels = max(depth.values(), default=0) + 1
        rows = min(levels, _MOST_LEVELS)
        lanes.append([[] for _ in range(rows)])
        for number in boxes:
            lanes[-1][depth[picture.boxes[number].id] * rows // levels].append(number)
    return lanes


def count_rows(lanes: Sequence[Sequence[Sequence[int]]], widest: int) -> int:
    """How many rows there are in all, where none has more than so many boxes."""
    return sum(max(1, ceil(len(level) / widest)) for levels in lanes for level in levels)


def seat_boxes(picture: Picture, lanes: Sequence[Sequence[Sequence[int]]], widest: int) -> tuple[list[int], Ranks]:
    """The lane of each row, and the rows with few crossings; a row has at most so many boxes beside its bends.

    A level of several rows is dealt out to them in turn, so that each goal stays near what it is linked with.
    """
    numbers = {box.id: number for number, box in enumerate(picture.boxes)}
    links = [(numbers[arrow.source], numbers[arrow.target]) for arrow in picture.arrows]
    levels = [(lane, level) for lane, found in enumerate(lanes) for level in found]
    level_of = {number: at for at, (_, level) in enumerate(levels) for number in level}
    whole = build_ranks([level_of[number] for number in range(len(level_of))], len(levels), links)
    untangle(whole)
    counts = [max(1, ceil(len(level) / widest)) for _, level in levels]
    lane_of_row = [lane for (lane, _), count in zip(levels, counts, strict=True) for _ in range(count)]
    if max(counts) == 1:
        return lane_of_row, whole
    return lane_of_row, _deal(whole, counts, links)


def _deal(whole: Ranks, counts: Sequence[int], links: Sequence[tuple[int, int]]) -> Ranks:
    """Levels of several rows dealt out to them in turn, left to right, which adds no crossing."""
    level_of_row = [level for level, count in enumerate(counts) for _ in range(count)]
    row_of: dict[int, int] = {}
    for first, row, count in zip([0, *accumulate(counts[:-1])], whole.order, counts, strict=True):
        boxes = [number for number in row if whole.nodes[number].box != BEND]
        row_of |= {number: first + index % count for index, number in enumerate(boxes)}
    ranks = build_ranks([row_of[number] for number in range(len(row_of))], len(level_of_row), links)
    place = {number: index for row in whole.order for index, number in enumerate(row)}
    keys = {number: (place[number], 0) for number in row_of}
    for chain, before in zip(ranks.chains, whole.chains, strict=True):
        lowest = whole.nodes[before[0]].rank
        for number in chain[1:-1]:  # a bend stands where its link ends or bends in the whole level
            index = lowest - level_of_row[ranks.nodes[number].rank]
            beyond = before[index + 1] if index == 0 else before[index - 1]
            keys[number] = place[before[index]], place[beyond]
    for row in ranks.order:
        row.sort(key=keys.__getitem__)
    return ranks
