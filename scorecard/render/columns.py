"""The columns of nodes in ranks: boxes stand over what drives them, links run as straight as the boxes let them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from math import floor

from scorecard.render.ranks import BEND, Node, Ranks

_SWEEPS = 12  # for boxes; bends need few
_YIELDING, _FIRM = 1e-3, 1e6  # how firmly a box without links stands, and one that others have to give way to

Row = tuple[list[int], list[int]]  # nodes, and how far each starts after the first one of its rank, at least
Pull = tuple[list[int], float, float]  # boxes, columns to the right of their mean place, how firmly


def place_columns(ranks: Ranks, width: int, gaps: tuple[int, int]) -> int:
    """Give every node its column so that links run straight and boxes stand over what drives them.

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


def spread(wanted: Sequence[float], weights: Sequence[float], steps: Sequence[int], low: int, high: int) -> list[int]:
    """The places in low..high nearest to the wanted ones (weighted squares), each `steps[i]` or more after the last.

    Where the steps need more room than there is, places pass `high`.
    """
    offsets = list(accumulate(steps))
    loose = [want - offset for want, offset in zip(wanted, offsets, strict=True)]
    return _settle(loose, weights, offsets, low, max(low, high - offsets[-1]))


def _settle(loose: list[float], weights: Sequence[float], offsets: Sequence[int], low: int, high: int) -> list[int]:
    """The places nearest to the wanted ones that are at least as far apart as their offsets. `loose` are the wanted ones
    less their offsets; so taken, places lie in low..high."""
    if loose != sorted(loose):
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


def _draw_together(ranks: Ranks, rows: list[Row], x: list[int], width: int) -> None:
    """Let the links pull at the boxes, row after row, up and down, until each stands over what drives it."""
    nodes = ranks.nodes
    (below, above), (deep, high) = _list_partners(ranks, near=True), _list_partners(ranks, near=False)
    pulls, drives = [], []
    for number in range(sum([node.box != BEND for node in nodes])):
        pulls.append(_pull(nodes, number, below[number] + above[number] or deep[number] + high[number]))
        drives.append(_pull(nodes, number, below[number] or deep[number] or above[number] or high[number]))
    boxes = []
    for row, offsets in rows:
        kept = [(number, offset) for number, offset in zip(row, offsets, strict=True) if nodes[number].box != BEND]
        if kept:
            room = width - offsets[-1] - nodes[row[-1]].width
            boxes.append(([number for number, _ in kept], [offset for _, offset in kept], room))

    def shift(row: int, pulls: list[Pull]) -> bool:
        """Move a row's boxes as near as may be to the columns they seek; whether any moved."""
        numbers, offsets, room = boxes[row]
        loose, weights = [], []
        for number, offset in zip(numbers, offsets, strict=True):
            ends, aside, weight = pulls[number]
            loose.append(sum([x[end] for end in ends]) / len(ends) + aside - offset)
            weights.append(weight)
        return _put(x, numbers, _settle(loose, weights, offsets, 0, room))

    _sweep(len(boxes), _SWEEPS, lambda row, _: shift(row, pulls))
    for at in reversed(range(len(boxes))):
        shift(at, drives)


def _list_partners(ranks: Ranks, near: bool) -> tuple[list[list[int]], list[list[int]]]:
    """For each box those below and those above it to which its links go straight, or else past other ranks."""
    below: list[list[int]] = [[] for _ in ranks.nodes]
    above: list[list[int]] = [[] for _ in ranks.nodes]
    for chain in ranks.chains:
        low, high = chain[0], chain[-1]
        if near == (len(chain) == 2) and ranks.nodes[low].rank != ranks.nodes[high].rank:
            above[low].append(high)
            below[high].append(low)
    return below, above


def _pull(nodes: list[Node], number: int, ends: list[int]) -> Pull:
    if not ends:
        return [number], 0.0, _YIELDING
    mean = sum([nodes[end].width - 1 for end in ends]) / len(ends)
    return ends, (mean - nodes[number].width + 1) / 2, float(len(ends))


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
    beside: dict[int, tuple[int, int]] = {}  # of a bend: the nodes below and above
    for chain in ranks.chains:
        if len(chain) > 2:
            low, high = chain[0], chain[-1]
            column = x[high] + nodes[high].width // 2
            column = min(max(column, x[low] + 1), x[low] + nodes[low].width - 2)
            for before, number, after in zip(chain, chain[1:], chain[2:], strict=False):
                x[number], beside[number] = column, (before, after)
    if not beside:
        return
    bends = _Bends(nodes, rows, beside, x, width)
    _sweep(len(rows), 2, bends.ease)
    if _follow_bends(nodes, rows, x, width):
        bends = _Bends(nodes, rows, beside, x, width)
        _sweep(len(rows), 1, bends.ease)
    _sweep(len(rows), 3, bends.straighten)


def _follow_bends(nodes: list[Node], rows: list[Row], x: list[int], width: int) -> bool:
    """Move boxes that have only bends beside them under or over those; whether any moved."""
    moved = False
    for row, offsets in rows:
        loose, weights = [], []
        for number, offset in zip(row, offsets, strict=True):
            node, want, weight = nodes[number], float(x[number]), _YIELDING
            if node.box != BEND:
                ends, weight = node.above + node.below, _FIRM
                if ends and all(nodes[end].box == BEND for end in ends):
                    want, weight = sum([x[end] for end in ends]) / len(ends) - (node.width - 1) / 2, 1.0
            loose.append(want - offset)
            weights.append(weight)
        if 1.0 in weights:
            room = width - offsets[-1] - nodes[row[-1]].width
            moved |= _put(x, row, _settle(loose, weights, offsets, 0, room))
    return moved


class _Bends:
    """The bends between each two boxes of a row and outside of them, while the boxes stand."""

    def __init__(
        self, nodes: list[Node], rows: list[Row], beside: dict[int, tuple[int, int]], x: list[int], width: int
    ) -> None:
        self.x, self.beside = x, beside
        self.spans = [  # the columns at which links reach each box
            (at + 1, at + node.width - 2) if node.box != BEND else None for node, at in zip(nodes, x, strict=True)
        ]
        self.runs: list[
            list[tuple[list[int], list[int], int, int]]
        ] = []  # bends, offsets, first and last place less these
        for row, offsets in rows:
            low = 0
            bends: Row = [], []
            runs: list[tuple[list[int], list[int], int, int]] = []
            for number, offset in zip(row, offsets, strict=True):
                if nodes[number].box == BEND:
                    bends[0].append(number)
                    bends[1].append(offset)
                    continue
                if bends[0]:
                    runs.append((*bends, low, max(low, x[number] - offset)))
                low, bends = x[number] - offset, ([], [])
            if bends[0]:
                runs.append((*bends, low, max(low, width - 1 - offsets[-1])))
            self.runs.append(runs)

    def ease(self, row: int, _: bool) -> bool:
        """Move the bends of a row between what is below and above them; whether any moved."""
        moved = False
        for numbers, offsets, low, high in self.runs[row]:
            loose = [sum(self._columns(number)) / 2 - offset for number, offset in zip(numbers, offsets, strict=True)]
            moved |= _put(self.x, numbers, _settle(loose, [1.0] * len(numbers), offsets, low, high))
        return moved

    def straighten(self, row: int, downward: bool) -> bool:
        """Move each bend into the column of a neighbour where that leaves fewer turns, or as many in the sweep's
        direction; whether any moved."""
        moved, x = False, self.x
        for numbers, offsets, low, high in self.runs[row]:
            for index, number in enumerate(numbers):
                at, offset = x[number], offsets[index]
                below, above = self._columns(number)
                if below == at == above:
                    continue
                least = x[numbers[index - 1]] - offsets[index - 1] if index else low
                most = x[numbers[index + 1]] - offsets[index + 1] if index + 1 < len(numbers) else high
                ways = (above, below) if downward else (below, above)
                free = [column for column in ways if least <= column - offset <= most]
                x[number] = min([*free, at], key=lambda column: self._count_turns(number, column))
                moved |= x[number] != at
        return moved

    def _columns(self, number: int) -> tuple[int, int]:
        """The columns nearest to a bend at which links reach what is below and above it."""
        at, (below, above) = self.x[number], self.beside[number]
        lower, upper = self.spans[below], self.spans[above]
        return (
            min(max(at, lower[0]), lower[1]) if lower else self.x[below],
            min(max(at, upper[0]), upper[1]) if upper else self.x[above],
        )

    def _count_turns(self, number: int, column: int) -> int:
        """How often the link turns beside a bend that stands in a column."""
        spans = [self.spans[end] or (self.x[end], self.x[end]) for end in self.beside[number]]
        return sum([not first <= column <= last for first, last in spans])


def _sweep(rows: int, most: int, move: Callable[[int, bool], bool]) -> None:
    """Go through the rows up and down in turn, so many times at most or until nothing moves; a row that stayed where it
    was is left alone while the rows beside it do."""
    stirred = [[True, True] for _ in range(rows)]  # by direction: whether the row has to be looked at
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
