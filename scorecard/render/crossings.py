"""Few crossings between ranks: orders by weighted medians and swaps of neighbours, from several beginnings.

The way of Gansner, Koutsofios, North and Vo (1993): sweeps up and down sort each rank by the median place of what its
nodes are linked with in the rank before; then neighbours are swapped while that takes crossings away, and in every
other pair of sweeps also where it changes nothing, which leads out of dead ends.
"""

from __future__ import annotations

from itertools import pairwise

from scorecard.render.ranks import Ranks, reduce_crossings

_SWEEPS = 12
_PATIENCE = 4  # sweeps without fewer crossings before giving up
_KICKS = 8  # new beginnings near the best order, on maps of no more nodes than _MANY
_MANY = 500

Order = list[list[int]]
Ends = list[list[int]]  # for each node those it is linked with, one rank up or down


def untangle(ranks: Ranks) -> None:
    """Reorder each rank so that few links cross; never more than before, and always the same way."""
    given = _copy(ranks.order)
    reduce_crossings(ranks)  # changes little where little has to be changed
    best, fewest = _copy(ranks.order), ranks.crossings()
    above = [node.above for node in ranks.nodes]
    below = [node.below for node in ranks.nodes]
    for start in (given, _gather(given, below, range(len(given))), _gather(given, above, range(len(given))[::-1])):
        if fewest:
            ranks.order[:] = _copy(start)
            best, fewest = _improve(ranks, above, below, best, fewest, _PATIENCE)
    for kick in range(_KICKS if len(ranks.nodes) <= _MANY else 0):
        if fewest:
            ranks.order[:] = _copy(best)
            _kick(ranks.order[5 * kick % len(best)], kick)
            best, fewest = _improve(ranks, above, below, best, fewest, _PATIENCE // 2)
    ranks.order[:] = best


def _copy(order: Order) -> Order:
    return [list(row) for row in order]


def _kick(row: list[int], kick: int) -> None:
    """Turn a part of a row round, each time another one, to leave an order that sweeps do not make better."""
    if len(row) > 2:
        start = 7 * kick % (len(row) - 1)
        end = start + 2 + 3 * kick % (len(row) // 2)
        row[start:end] = row[start:end][::-1]


def _gather(order: Order, ends: Ends, ranks: range) -> Order:
    """The nodes in the order in which they are reached, rank after rank, with all they are linked with."""
    reached: Order = [[] for _ in order]
    rank_of = {number: rank for rank, row in enumerate(order) for number in row}
    seen: set[int] = set()
    for first in (number for rank in ranks for number in order[rank]):
        waiting = [first] if first not in seen else []
        seen.add(first)
        for number in waiting:
            reached[rank_of[number]].append(number)
            fresh = [end for end in dict.fromkeys(ends[number]) if end not in seen]
            seen.update(fresh)
            waiting += fresh
    return reached


def _improve(ranks: Ranks, above: Ends, below: Ends, best: Order, fewest: int, patience: int) -> tuple[Order, int]:
    """Sweep over the ranks' present order; the better of what is found and what was best before."""
    place = [0] * len(ranks.nodes)
    idle = 0
    for sweep in range(_SWEEPS + 1):
        if sweep:
            downward, reverse = sweep % 2 == 1, sweep % 4 in (3, 0)
            for fixed, row in pairwise(ranks.order if downward else ranks.order[::-1]):
                for index, number in enumerate(fixed):
                    place[number] = index
                _sort_by_median(row, place, above if downward else below, reverse)
            _swap_neighbours(ranks.order, place, above, below, equal=not reverse)
        found = ranks.crossings()
        idle += 1
        if found < fewest:
            best, fewest, idle = _copy(ranks.order), found, 0
        if not fewest or idle > patience:
            break
    return best, fewest


def _sort_by_median(row: list[int], place: list[int], ends: Ends, reverse: bool) -> None:
    """Sort the linked nodes of a row by the median place of their ends; `reverse` turns those of one median round."""
    linked = [index for index, number in enumerate(row) if ends[number]]
    keys = [(_median(sorted([place[end] for end in ends[row[index]]])), index) for index in linked]
    keys.sort(key=(lambda key: (key[0], -key[1])) if reverse else None)
    moved = [row[index] for _, index in keys]
    for index, number in zip(linked, moved, strict=True):
        row[index] = number


def _median(places: list[int]) -> float:
    """Of an even number the middle between two, nearer to the side on which the others lie closer together."""
    half, odd = divmod(len(places), 2)
    if odd:
        return places[half]
    low, high = places[half - 1], places[half]
    left, right = low - places[0], places[-1] - high
    return (low * right + high * left) / (left + right) if left + right else (low + high) / 2


def _swap_neighbours(order: Order, place: list[int], above: Ends, below: Ends, equal: bool) -> None:
    """Swap nodes that stand side by side wherever that takes crossings away; with `equal` at first also where it takes
    none away and adds none."""
    for row in order:
        for index, number in enumerate(row):
            place[number] = index
    waiting = set(range(len(order)))
    while waiting:
        changed = set()
        for rank in sorted(waiting):
            row = order[rank]
            for index in range(len(row) - 1):
                left, right = row[index], row[index + 1]
                gain = _gain(place, above[left], above[right]) + _gain(place, below[left], below[right])
                if gain > 0 or (equal and gain == 0):
                    row[index], row[index + 1] = right, left
                    place[left], place[right] = index + 1, index
                    if gain > 0:
                        changed.add(rank)
        equal = False
        waiting = {rank + step for rank in changed for step in (-1, 0, 1)} & set(range(len(order)))


def _gain(place: list[int], left: list[int], right: list[int]) -> int:
    """The crossings that go when two neighbours with these ends are swapped, less those that come."""
    if not left or not right:
        return 0
    if len(left) == len(right) == 1:
        one, other = place[left[0]], place[right[0]]
        return (one > other) - (one < other)
    places = [place[end] for end in right]
    gain = 0
    for end in left:
        one = place[end]
        for other in places:
            gain += (one > other) - (one < other)
    return gain
