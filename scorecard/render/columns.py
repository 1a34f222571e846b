"""The columns of nodes in ranks: boxes stand over what drives them, links run as straight as the boxes let them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import floor

from scorecard.render.ranks import BEND, Node, Ranks

_SWEEPS = 12  # for boxes; bends need few
_YIELDING, _FIRM = 1e-3, 1e6  # how firmly a box without links stands, and one that others have to give way to

Ends = list[list[int]]  # for each node others that it is linked with
Row = tuple[list[int], list[int]]  # nodes, and how far each starts after the first one of its rank, at least
Run = tuple[list[int], list[int], int, int]  # bends side by side, offsets, first and last place less these


def place_columns(ranks: Ranks, width: int, gaps: tuple[int, int]) -> int:
    """Give every node its column so that links run straight and boxes, all of one width, stand over what drives them.

    `gaps` are the blank columns between two boxes, and beside a bend. Returns the width used, at least `width`.
    """
    nodes = ranks.nodes
    rows = [_measure_row(nodes, row, gaps) for row in ranks.order if row]
    width = max([width, *(offsets[-1] + nodes[row[-1]].width for row, offsets in rows)])
    x = _spread_evenly(nodes, rows, width)
    _draw_together(ranks, rows, x, width)
    _lead_bends(ranks, rows, x, width)
    left = min(x, default=0)
    right = max([at + node.width for node, at in zip(nodes, x, strict=True)], default=width)
    for node, at in zip(nodes, x, strict=True):
        node.x = at + (width - right - left) // 2
    return width


def spread(wanted: Sequence[float], step: int, low: int, high: int) -> list[int]:
    """The places in low..high nearest to the wanted ones (least squares), each `step` or more after the last.

    Where the steps need more room than there is, places pass `high`.
    """
    offsets = [step * index for index in range(len(wanted))]
    loose = [want - offset for want, offset in zip(wanted, offsets, strict=True)]
    return _settle(loose, [1.0] * len(loose), offsets, low, max(low, high - offsets[-1]))


def _settle(loose: list[float], weights: Sequence[float], offsets: Sequence[int], low: int, high: int) -> list[int]:
    """The places nearest to the wanted ones that are at least as far apart as their offsets. `loose` are the wanted ones
    less their offsets; so taken, places lie in low..high."""
    if len(loose) > 1 and loose != sorted(loose):
        pools: list[tuple[float, float, int]] = []  # mean, weight, members
        for mean, weight in zip(loose, weights, strict=True):
            members = 1
            while pools and pools[-1][0] > mean:
                before, heavier, others = pools.pop()
                mean = (mean * weight + before * heavier) / (weight + heavier)
                weight, members = weight + heavier, members + others
            pools.append((mean, weight, members))
        loose = [mean for mean, _, members in pools for _ in range(members)]
    return [
        (low if mean < low else high if mean > high else floor(mean + 0.5)) + offset
        for mean, offset in zip(loose, offsets, strict=True)
    ]


def _measure_row(nodes: list[Node], row: list[int], gaps: tuple[int, int]) -> Row:
    offset, offsets = 0, [0]
    for before, after in pairwise(row):
        offset += nodes[before].width + gaps[BEND in (nodes[before].box, nodes[after].box)]
        offsets.append(offset)
    return row, offsets


def _spread_evenly(nodes: list[Node], rows: list[Row], width: int) -> list[int]:
    x = [0] * len(nodes)
    for row, offsets in rows:
        spare = (width - offsets[-1] - nodes[row[-1]].width) // (len(row) + 1)
        for index, (number, offset) in enumerate(zip(row, offsets, strict=True), 1):
            x[number] = offset + index * spare
    return x


@dataclass(slots=True)
class _Pulled:
    """The boxes of a row and what pulls at them."""

    numbers: list[int]
    offsets: list[int]  # how far each starts after the first node of its row, at least
    room: int  # columns by which the row can move
    ends: list[list[int]]  # the boxes over or under whose mean place each seeks to stand
    weights: list[float]
    loose: list[float] = field(default_factory=list)  # what they sought last, less the offsets

    def shift(self, x: list[int]) -> bool:
        """Move the boxes as near as may be to the columns they seek; whether any moved."""
        loose = [
            (x[ends[0]] if len(ends) == 1 else sum([x[end] for end in ends]) / len(ends)) - offset
            for ends, offset in zip(self.ends, self.offsets, strict=True)
        ]
        if loose == self.loose:
            return False
        self.loose = loose
        return _put(x, self.numbers, _settle(loose, self.weights, self.offsets, 0, self.room))


def _draw_together(ranks: Ranks, rows: list[Row], x: list[int], width: int) -> None:
    """Let the links pull at the boxes, row after row, up and down, until each stands over what drives it."""
    below, above, deep, far = _list_partners(ranks)
    pulled: list[_Pulled] = []
    driven: list[_Pulled] = []
    for row, offsets in rows:
        kept = [index for index, number in enumerate(row) if ranks.nodes[number].box != BEND]
        if kept:
            numbers, least = [row[index] for index in kept], [offsets[index] for index in kept]
            room = width - offsets[-1] - ranks.nodes[row[-1]].width
            pulls = [below[number] + above[number] or deep[number] + far[number] for number in numbers]
            drives = [below[number] or deep[number] or above[number] or far[number] for number in numbers]
            for boxes, seeks in ((pulled, pulls), (driven, drives)):
                ends = [sought or [number] for number, sought in zip(numbers, seeks, strict=True)]
                boxes.append(_Pulled(numbers, least, room, ends, [float(len(sought)) or _YIELDING for sought in seeks]))
    _sweep(range(len(pulled)), len(pulled), _SWEEPS, lambda row, _: pulled[row].shift(x))
    for held in reversed(driven):
        held.shift(x)


def _list_partners(ranks: Ranks) -> tuple[Ends, Ends, Ends, Ends]:
    """For each box those below and those above it to which its links go straight; and those past other ranks."""
    below, above, deep, far = [Ends([] for _ in ranks.nodes) for _ in range(4)]
    for chain in ranks.chains:
        low, high = chain[0], chain[-1]
        if ranks.nodes[low].rank != ranks.nodes[high].rank:
            unders, overs = (below, above) if len(chain) == 2 else (deep, far)
            overs[low].append(high)
            unders[high].append(low)
    return below, above, deep, far


def _put(x: list[int], numbers: list[int], places: list[int]) -> bool:
    """Note the columns of some nodes; whether any moved."""
    moved = False
    for number, at in zip(numbers, places, strict=True):
        if x[number] != at:
            x[number], moved = at, True
    return moved


def _lead_bends(ranks: Ranks, rows: list[Row], x: list[int], width: int) -> None:
    """Place the bends between the boxes, and boxes that have only bends beside them by these."""
    nodes = ranks.nodes
    for chain in ranks.chains:
        if len(chain) > 2:
            low, high = chain[0], chain[-1]
            column = x[high] + nodes[high].width // 2
            column = min(max(column, x[low] + 1), x[low] + nodes[low].width - 2)
            for number in chain[1:-1]:
                x[number] = column
    if all(len(chain) == 2 for chain in ranks.chains):
        return
    bends = _Bends(nodes, rows, x, width)
    _sweep(range(len(rows)), len(rows), 2, bends.ease)
    if moved := _follow_bends(ranks, rows, x, width):
        for row in moved:
            bends.cut(row)
        _sweep(moved, len(rows), 1, bends.ease)
    _sweep(range(len(rows)), len(rows), 3, bends.straighten)


def _follow_bends(ranks: Ranks, rows: list[Row], x: list[int], width: int) -> list[int]:
    """Move boxes that have only bends beside them under or over those; the rows in which any moved."""
    nodes, moved = ranks.nodes, []
    direct = [chain for chain in ranks.chains if len(chain) == 2 and nodes[chain[0]].rank != nodes[chain[1]].rank]
    held = {number for chain in direct for number in chain}
    for at, (row, offsets) in enumerate(rows):
        if all(number in held or nodes[number].box == BEND for number in row):
            continue
        loose, weights = [], []
        for number, offset in zip(row, offsets, strict=True):
            node, want, weight = nodes[number], float(x[number]), _YIELDING
            if node.box != BEND:
                weight = _FIRM
                if number not in held and (ends := node.above + node.below):
                    want, weight = sum([x[end] for end in ends]) / len(ends) - (node.width - 1) / 2, 1.0
            loose.append(want - offset)
            weights.append(weight)
        if _put(x, row, _settle(loose, weights, offsets, 0, width - offsets[-1] - nodes[row[-1]].width)):
            moved.append(at)
    return moved


class _Bends:
    """The bends between each two boxes of a row and outside of them, while the boxes stand."""

    def __init__(self, nodes: list[Node], rows: list[Row], x: list[int], width: int) -> None:
        self.nodes, self.rows, self.x, self.width = nodes, rows, x, width
        self.first, self.last = list(x), list(x)  # columns at which links reach each node
        self.beside = [(node.below[0], node.above[0]) if node.box == BEND else (0, 0) for node in nodes]
        self.runs: list[list[Run]] = [[] for _ in rows]
        for row in range(len(rows)):
            self.cut(row)

    def cut(self, row: int) -> None:
        """Note where the boxes of a row stand, and the bends between them."""
        nodes, x, runs, low = self.nodes, self.x, [], 0
        bends: Row = [], []
        for number, offset in zip(*self.rows[row], strict=True):
            self.first[number] = self.last[number] = at = x[number]
            if nodes[number].box == BEND:
                bends[0].append(number)
                bends[1].append(offset)
                continue
            self.first[number], self.last[number] = at + 1, at + nodes[number].width - 2
            if bends[0]:
                runs.append((*bends, low, max(low, at - offset)))
            low, bends = at - offset, ([], [])
        if bends[0]:
            runs.append((*bends, low, max(low, self.width - 1 - offset)))
        self.runs[row] = runs

    def ease(self, row: int, _: bool) -> bool:
        """Move the bends of a row between what is below and above them; whether any moved."""
        moved, x = False, self.x
        for numbers, offsets, low, high in self.runs[row]:
            loose = []
            for number, offset in zip(numbers, offsets, strict=True):
                under, over = self._near(number)
                loose.append((under + over) / 2 - offset)
            for number, at in zip(numbers, _settle(loose, [1.0] * len(loose), offsets, low, high), strict=True):
                if x[number] != at:
                    x[number] = self.first[number] = self.last[number] = at
                    moved = True
        return moved

    def straighten(self, row: int, downward: bool) -> bool:
        """Move each bend into the column of a neighbour where that leaves fewer turns, or as many in the sweep's
        direction; whether any moved."""
        moved, x, first, last = False, self.x, self.first, self.last
        for numbers, offsets, low, high in self.runs[row]:
            for index, number in enumerate(numbers):
                at, offset, (below, above) = x[number], offsets[index], self.beside[number]
                if first[below] <= at <= last[below] and first[above] <= at <= last[above]:
                    continue
                least = x[numbers[index - 1]] - offsets[index - 1] if index else low
                most = x[numbers[index + 1]] - offsets[index + 1] if index + 1 < len(numbers) else high
                ways = self._near(number)[:: -1 if downward else 1]
                fewest = 3
                for column in (*[column for column in ways if least <= column - offset <= most], at):
                    turns = 2 - (first[below] <= column <= last[below]) - (first[above] <= column <= last[above])
                    if turns < fewest:
                        fewest, x[number] = turns, column
                if x[number] != at:
                    first[number] = last[number] = x[number]
                    moved = True
        return moved

    def _near(self, number: int) -> tuple[int, int]:
        """The columns nearest to a bend at which links reach what is below and above it."""
        at, first, last, (below, above) = self.x[number], self.first, self.last, self.beside[number]
        under, over = first[below], first[above]
        if at > under:
            under = last[below] if last[below] < at else at
        if at > over:
            over = last[above] if last[above] < at else at
        return under, over


def _sweep(begun: Sequence[int], rows: int, most: int, move: Callable[[int, bool], bool]) -> None:
    """Go through the rows up and down in turn, so many times at most or until nothing moves: those begun with and those
    beside them, then those where or beside which something moved."""
    stirred = [[False, False] for _ in range(rows)]  # by direction: whether the row has to be looked at
    for at in begun:
        for one in stirred[max(at - 1, 0) : at + 2]:
            one[:] = True, True
    for sweep in range(most):
        downward = sweep % 2 == 1
        any_moved = False
        for at in range(rows) if downward else reversed(range(rows)):
            if not stirred[at][downward]:
                continue
            stirred[at][downward] = False
            if move(at, downward):
                any_moved = True
                for one in stirred[max(at - 1, 0) : at + 2]:
                    one[:] = True, True
        if not any_moved:
            break
