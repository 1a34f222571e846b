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
from operator import itemgetter

from scorecard.render.ranks import Ranks, count_crossings

_SWEEPS = 2  # from each beginning; more bring little
_REACH = 8  # places to either side at which a node is tried
_HARM = 6  # crossings that may come when a node is moved past another, before what is linked with it follows
_ROUNDS = 4  # of trying all crossings; in every other one a way that brings nothing is taken, too
_PAINS = 30  # nodes that are moved or sifted for each node of a map, at most
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
        if len(members) > 3:  # fewer cannot cross
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
    pains: int = 0  # nodes that may still be moved or sifted
    level: bool = False  # whether a way out was found that brings nothing

    def untangle(self, member: int) -> None:
        """Sweep from each beginning, then go on from those that look best until two of them end alike; a last crossing is
        worth trying all."""
        given = self.order
        self._number()
        before = sum(self._count())
        if not before:
            return
        starts: list[tuple[int, Order]] = []
        for order, upward in self._list_beginnings(member):
            self.order = order
            starts.append((self._sweep(upward), self.order))
            if not starts[-1][0]:
                return
        best, fewest = given, before + 1
        tried: list[Order] = []
        for crossings, order in sorted([*starts, (before, given)], key=itemgetter(0)):
            if crossings <= 1.3 * fewest + 2 and order not in tried:  # more is seldom taken away
                tried.append([list(row) for row in order])
                self.order = order
                found = self._refine(crossings)
                if found == fewest > 1:
                    break
                if found < fewest:
                    best, fewest = order, found
                if not fewest:
                    break
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
        best, fewest = self.order, len(self.place) ** 4
        for sweep in range(_SWEEPS):
            rising = upward == (sweep % 2 == 0)
            for rank in range(len(best) - 2, -1, -1) if rising else range(1, len(best)):
                self._sort(self.order[rank], self.below if rising else self.above)
            counts = self._count()
            if (crossings := sum(counts) - self._swap(counts)) < fewest:
                best, fewest = [list(row) for row in self.order], crossings
                if not fewest:
                    break
        self.order = best
        return fewest

    def _number(self) -> None:
        place = self.place
        for row in self.order:
            for index, number in enumerate(row):
                place[number] = index

    def _count(self) -> list[int]:
        """How many links cross above each row."""
        return [count_crossings(row, self.above, self.place) for row in self.order]

    def _sort(self, row: list[int], ends: Ends) -> None:
        """Sort the linked nodes of a row by the mean place of their ends; the others stay."""
        place = self.place
        keys = []
        for index, number in enumerate(row):
            if near := ends[number]:
                mean = place[near[0]] if len(near) == 1 else sum([place[end] for end in near]) / len(near)
                keys.append((mean, index, number))
        linked = [index for _, index, _ in keys]
        keys.sort()
        for index, (_, _, number) in zip(linked, keys, strict=True):
            row[index] = number
            place[number] = index

    def _swap(self, counts: Sequence[int]) -> int:
        """Swap nodes that stand side by side wherever that takes some of the crossings above each row away; how many."""
        place, gone = self.place, 0
        for row, here, beneath in zip(self.order, counts, [*counts[1:], 0], strict=True):
            for index in range(1, len(row)) if here or beneath else ():
                left, right = row[index - 1], row[index]
                gain = 0
                for ends in (self.above, self.below):
                    ours = ends[left]
                    for end in ends[right] if ours else ():
                        other = place[end]
                        for one in ours:
                            at = place[one]
                            if at > other:
                                gain += 1
                            elif at < other:
                                gain -= 1
                if gain > 0:
                    row[index - 1], row[index] = right, left
                    place[left], place[right] = index, index - 1
                    gone += gain
        return gone

    def _refine(self, crossings: int) -> int:
        """Try a way out of each crossing; how many are left."""
        nodes = sum(map(len, self.order))
        if crossings > nodes * _TANGLED:
            return crossings
        self._number()
        self.pains = nodes * _PAINS
        place = self.place
        for round in range(_ROUNDS):
            before, tried, equal = crossings, set(), round % 2 == 1
            self.level = False
            for upper, lower, left, right in self._list_crossings():
                for number, past in ((upper, left), (left, upper), (lower, right), (right, lower)):
                    crossing = place[upper] > place[left] and place[lower] < place[right]
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
        place = self.place
        for row in self.order[1:]:
            seen: list[tuple[int, int, int]] = []
            for number in row:
                for link in sorted([(place[end], end, number) for end in self.above[number]]):
                    if not seen or seen[-1] < link:
                        seen.append(link)
                        continue
                    crossed = seen[bisect_right(seen, (link[0] + 1,)) :]
                    found += [(upper, lower, link[1], number) for _, upper, lower in crossed]
                    insort(seen, link)
        return found

    def _try(self, number: int, past: int, equal: bool) -> int:
        """Move a node past another one of its row, and sift what is linked with it after it; the crossings that come,
        none where it is taken back."""
        came, wanted = self.place[number], self.place[past]
        way = 1 if wanted > came else -1
        steps = abs(wanted - came)
        self.pains -= 1 + len(self.above[number]) + len(self.below[number])
        if steps > _REACH:
            return 0
        harm = sum(self._weigh(number, way, steps))
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
        place = self.place
        row, at = self.order[self.rank_of[number]], place[number]
        linked = [([place[end] for end in ends[number]], ends) for ends in (self.above, self.below) if ends[number]]
        for other in row[at + 1 : at + 1 + steps] if way > 0 else row[max(0, at - steps) : at][::-1]:
            right = 0  # links of the other one that end further right, less those further left
            for ours, ends in linked:
                for end in ends[other]:
                    theirs = place[end]
                    for one in ours:
                        if theirs > one:
                            right += 1
                        elif theirs < one:
                            right -= 1
            yield right * way

    def _move(self, number: int, wanted: int) -> None:
        place = self.place
        row, at = self.order[self.rank_of[number]], place[number]
        step = 1 if wanted > at else -1
        for index in range(at, wanted, step):
            other = row[index] = row[index + step]
            place[other] = index
        row[wanted] = number
        place[number] = wanted
