"""Few crossings between ranks: sweeps from several beginnings, then a way out of each crossing that is left.

Nodes that hang together are arranged by themselves and stand side by side. They begin in the given order and in the two
that count the links from either far end. Sweeps up and down sort each rank by the mean place of what its nodes are linked
with, and swap neighbours (Gansner, Koutsofios, North and Vo 1993). Then for each crossing a node is moved past the other
one and what is linked with it sifted into place behind it, which stays where fewer links cross.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scorecard.render.ranks import Ranks

_SWEEPS = 2  # from each beginning; more bring little
_PASSES = 8  # of swapping neighbours
_REACH = 8  # places to either side at which a node is tried
_HARM = 6  # crossings that may come when a node is moved past another, before what is linked with it follows
_ROUNDS = 4  # of trying all crossings; in every other one a way that brings nothing is taken, too
_PAINS = 300  # comparisons of two links for each node of a map, at most
_TANGLED = 8  # crossings for each node from which on a map is not worth them

Order = list[list[int]]
Ends = list[list[int]]  # for each node those it is linked with, one rank up or down


def untangle(ranks: Ranks) -> None:
    """Reorder each rank so that few links cross; never more than before, and always the same way."""
    if not ranks.crossings():
        return
    above, below = [node.above for node in ranks.nodes], [node.below for node in ranks.nodes]
    rank_of, place = [node.rank for node in ranks.nodes], [0] * len(ranks.nodes)
    middle = [0.0] * len(ranks.nodes)
    for row in ranks.order:
        for index, number in enumerate(row):
            place[number], middle[number] = index, (index + 0.5) / len(row)
    parts = []
    for members in _part(above, below):
        given = sorted(members, key=place.__getitem__)
        part = _Part(_deal(given, rank_of, len(ranks.order)), place, rank_of, above, below)
        part.untangle(members[0])
        parts.append((sum([middle[number] for number in members]) / len(members), part.order))
    parts.sort(key=lambda part: part[0])
    for rank, row in enumerate(ranks.order):
        row[:] = [number for _, order in parts for number in order[rank]]


def _part(above: Ends, below: Ends) -> Iterator[list[int]]:
    """The nodes, those that hang together in one list."""
    seen: set[int] = set()
    for number in range(len(above)):
        if number not in seen:
            reached = _reach(number, above, below)
            seen.update(reached)
            yield reached


def _reach(first: int, above: Ends, below: Ends) -> list[int]:
    """All nodes that hang together with one, in the order of how many links away they are."""
    reached = [first]
    seen = {first}
    for number in reached:
        for end in above[number] + below[number]:
            if end not in seen:
                seen.add(end)
                reached.append(end)
    return reached


def _deal(numbers: Sequence[int], rank_of: Sequence[int], ranks: int) -> Order:
    order: Order = [[] for _ in range(ranks)]
    for number in numbers:
        order[rank_of[number]].append(number)
    return order


@dataclass(slots=True)
class _Part:
    """Nodes that hang together; `place` is where each node stands in its row of `order`."""

    order: Order
    place: list[int]
    rank_of: list[int]
    above: Ends
    below: Ends
    pains: int = 0  # comparisons that are left to it
    level: bool = False  # whether a way out was found that brings nothing

    def untangle(self, member: int) -> None:
        """Sweep from each beginning, then go on from those that look best."""
        starts = []
        for turn, (order, upward) in enumerate(self._list_beginnings(member)):
            self.order = order
            crossings = self._sweep(upward)
            starts.append((crossings, turn, self.order))
            if not crossings:
                return
        best, fewest = self.order, len(self.place) ** 4
        tried: list[Order] = []
        for crossings, _, order in sorted(starts, key=lambda start: start[:2]):
            if fewest and crossings <= 1.3 * fewest + 2 and order not in tried:  # more is seldom taken away
                tried.append([list(row) for row in order])
                self.order = order
                if (found := self._refine(crossings)) < fewest:
                    best, fewest = order, found
        self.order = best

    def _list_beginnings(self, member: int) -> Iterator[tuple[Order, bool]]:
        """The given order and those that count the links from either far end, each with the first sweep's direction."""
        given = self.order
        for upward in (True, False):
            yield [list(row) for row in given], upward
        reached = _reach(member, self.above, self.below)
        for upward in (False, True):
            reached = _reach(reached[-1], self.above, self.below)
            yield _deal(reached, self.rank_of, len(given)), upward

    def _sweep(self, upward: bool) -> int:
        """Sort by the neighbours' mean place, swap neighbours, up and down; keep the best, and say how many cross."""
        self._number()
        best, fewest = [list(row) for row in self.order], self._count()
        for sweep in range(_SWEEPS):
            if not fewest:
                break
            rising = upward == (sweep % 2 == 0)
            for rank in range(len(best) - 2, -1, -1) if rising else range(1, len(best)):
                self._sort(self.order[rank], self.below if rising else self.above)
            self._swap()
            if (crossings := self._count()) < fewest:
                best, fewest = [list(row) for row in self.order], crossings
        self.order = best
        return fewest

    def _number(self) -> None:
        for row in self.order:
            for index, number in enumerate(row):
                self.place[number] = index

    def _count(self) -> int:
        place, crossings = self.place, 0
        for row in self.order[1:]:
            seen: list[int] = []
            for number in row:
                ends = sorted([place[end] for end in self.above[number]])
                for end in ends:
                    crossings += len(seen) - bisect_right(seen, end)
                for end in ends:
                    insort(seen, end)
        return crossings

    def _sort(self, row: list[int], ends: Ends) -> None:
        """Sort the linked nodes of a row by the mean place of their ends; the others stay."""
        place = self.place
        linked = [index for index, number in enumerate(row) if ends[number]]
        keys = sorted(
            [(sum([place[end] for end in ends[row[index]]]) / len(ends[row[index]]), index) for index in linked]
        )
        moved = [row[index] for _, index in keys]
        for index, number in zip(linked, moved, strict=True):
            row[index] = number
        for index, number in enumerate(row):
            place[number] = index

    def _swap(self) -> None:
        """Swap nodes that stand side by side wherever that takes crossings away, a few times over."""
        order, place, above, below = self.order, self.place, self.above, self.below
        waiting = set(range(len(order)))
        for _ in range(_PASSES):
            changed = set()
            for rank in sorted(waiting):
                row = order[rank]
                for index in range(len(row) - 1):
                    left, right = row[index], row[index + 1]
                    gain = 0
                    for ours, theirs in ((above[left], above[right]), (below[left], below[right])):
                        for end in theirs if ours else ():
                            other = place[end]
                            for one in ours:
                                gain += (place[one] > other) - (place[one] < other)
                    if gain > 0:
                        row[index], row[index + 1] = right, left
                        place[left], place[right] = index + 1, index
                        changed.add(rank)
            waiting = {rank + step for rank in changed for step in (-1, 0, 1)} & set(range(len(order)))

    def _refine(self, crossings: int) -> int:
        """Try a way out of each crossing; how many are left."""
        nodes = sum(map(len, self.order))
        if crossings > nodes * _TANGLED:
            return crossings
        self._number()
        self.pains = nodes * _PAINS
        for round in range(_ROUNDS):
            before, tried, equal = crossings, set(), round % 2 == 1
            self.level = False
            for upper, lower, left, right in self._list_crossings():
                for number, past in ((upper, left), (left, upper), (lower, right), (right, lower)):
                    crossing = self.place[upper] > self.place[left] and self.place[lower] < self.place[right]
                    if crossing and self.pains > 0 and (number, past) not in tried:
                        tried.add((number, past))
                        crossings += self._try(number, past, equal)
            if not crossings or (crossings == before and (equal or not self.level)):
                break
        return crossings

    def _list_crossings(self) -> list[tuple[int, int, int, int]]:
        """The ends of the two links of each crossing: upper and lower of one, of another that begins left of it above and
        ends right of it below."""
        found = []
        for row in self.order[1:]:
            seen: list[tuple[int, int, int]] = []
            for number in row:
                ends = sorted([(self.place[end], end, number) for end in self.above[number]])
                for place, end, _ in ends:
                    crossed = seen[bisect_right(seen, (place + 1,)) :]
                    found += [(upper, lower, end, number) for _, upper, lower in crossed]
                for one in ends:
                    insort(seen, one)
        return found

    def _try(self, number: int, past: int, equal: bool) -> int:
        """Move a node past another one of its row, and sift what is linked with it after it; the crossings that come,
        none where it is taken back."""
        came, wanted = self.place[number], self.place[past]
        way = 1 if wanted > came else -1
        if abs(wanted - came) > _REACH:
            return 0
        harm = sum(self._weigh(number, way, abs(wanted - came)))
        if harm > _HARM:
            return 0
        self._move(number, wanted)
        moves = [(number, came)]
        for end in self.above[number] + self.below[number]:
            at = self.place[end]
            if gain := self._sift(end, way):
                harm -= gain
                moves.append((end, at))
        self.level |= harm == 0
        if harm < equal:
            return harm
        for one, at in reversed(moves):
            self._move(one, at)
        return 0

    def _sift(self, number: int, way: int) -> int:
        """Move a node to the place in reach, to its right or (`way` -1) left, where fewest links cross; how many go."""
        best = harm = steps = 0
        for step, one in enumerate(self._weigh(number, way, _REACH), 1):
            harm += one
            if harm < best:
                best, steps = harm, step
            elif harm > 0:
                break
        if best:
            self._move(number, self.place[number] + way * steps)
        return -best

    def _weigh(self, number: int, way: int, steps: int) -> Iterator[int]:
        """The crossings that come with each step of a node to the right or (`way` -1) left, place after place."""
        place, above, below = self.place, self.above, self.below
        row, at = self.order[self.rank_of[number]], place[number]
        upper, lower = [place[end] for end in above[number]], [place[end] for end in below[number]]
        for other in row[at + 1 : at + 1 + steps] if way > 0 else row[max(0, at - steps) : at][::-1]:
            self.pains -= len(upper) * len(above[other]) + len(lower) * len(below[other]) + 1
            right = 0  # links of the other one that end further right, less those further left
            for end in above[other] if upper else ():
                theirs = place[end]
                for one in upper:
                    right += (theirs > one) - (theirs < one)
            for end in below[other] if lower else ():
                theirs = place[end]
                for one in lower:
                    right += (theirs > one) - (theirs < one)
            yield right * way

    def _move(self, number: int, wanted: int) -> None:
        row, at = self.order[self.rank_of[number]], self.place[number]
        row.insert(wanted, row.pop(at))
        low, high = min(at, wanted), max(at, wanted)
        for index in range(low, high + 1):
            self.place[row[index]] = index
