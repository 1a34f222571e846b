"""Weighted sums over the known entries of many rows at once, for whole panels.

Rows are laid out in slots: the k-th slot holds the k-th entry of every row that has one, and the rows with most entries
stand first. So a slot is a handful of array operations, each row is summed in its own order, and a run of rows small
enough for the processor's cache takes its slots one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_CELLS = 1 << 15  # of the rows taken at a time: what is worked on stays in the cache


@dataclass(frozen=True, slots=True)
class Rows:
    """Weighted entries, compressed: row `owner[r]` has the entries from `start[r]` up to the next start.

    Entries of weight 0 are left out at compile time; `total` is the weight of each row.
    """

    owner: Ints
    start: Ints
    item: Ints
    weight: Floats
    total: Floats

    @classmethod
    def compile(cls, entries: Sequence[tuple[int, int, float]]) -> Rows:
        """From (owner, item, weight), owners ascending."""
        table = np.array(entries, dtype=np.float64).reshape(-1, 3)
        table = table[table[:, 2] > 0]
        owners, weight = table[:, 0].astype(np.int64), table[:, 2].copy()
        start = np.flatnonzero(np.diff(owners, prepend=-1)).astype(np.int64)
        total = np.add.reduceat(weight, start) if len(start) else np.empty(0)
        return cls(owners[start], start, table[:, 1].astype(np.int64), weight, total)

    def owners(self) -> Ints:
        """The owner of each entry."""
        return np.repeat(self.owner, np.diff(np.append(self.start, len(self.item))))


@dataclass(frozen=True, slots=True)
class Slot:
    """One entry of each of the first rows: its item [row], weight [row, 1], and whether 1 - the value counts [row, 1]."""

    item: Ints
    weight: Floats
    opposes: Bools | None  # None where no entry does


@dataclass(frozen=True, slots=True)
class Table:
    """Rows laid out in slots; `row` says which one each is."""

    row: Ints
    slots: tuple[Slot, ...]

    @classmethod
    def lay_out(cls, owner: Ints, item: Ints, weight: Floats, opposes: Bools | None = None) -> Table:
        """From entries, those of one owner together; an opposing entry counts as 1 - its value."""
        start = np.flatnonzero(np.diff(owner, prepend=-1))
        size = np.diff(np.append(start, len(owner)))
        order = np.argsort(-size, kind="stable")
        start, size = start[order], size[order]
        slots = []
        for number in range(int(size[0]) if len(size) else 0):
            entry = start[: np.count_nonzero(size > number)] + number
            turned = opposes[entry][:, None] if opposes is not None and opposes[entry].any() else None
            slots.append(Slot(item[entry], weight[entry][:, None], turned))
        return cls(owner[start], tuple(slots))

    def add_known(self, items: Floats, number: Floats, weight: Floats) -> None:
        """Add to `number` and `weight` [row, column] the weight times value, and the weight, of every entry whose
        item [item, column] is known.
        """
        for block in self._blocks(items.shape[1]):
            row = self.row[block]
            sums, known_weight = number[row], weight[row]
            for slot in self.slots:
                item, heavy = slot.item[block], slot.weight[block]
                if not len(item):
                    break
                value = items[item]
                if slot.opposes is not None:
                    np.subtract(1.0, value, out=value, where=slot.opposes[block])
                known = value == value
                value *= heavy
                np.copyto(value, 0.0, where=~known)
                sums[: len(item)] += value
                known_weight[: len(item)] += heavy * known
            number[row], weight[row] = sums, known_weight

    def add(self, items: Floats, number: Floats) -> None:
        """Add to `number` [row, column] the weight times value of every entry; all items are known, signs do not count."""
        for block in self._blocks(items.shape[1]):
            row = self.row[block]
            sums = number[row]
            for slot in self.slots:
                item = slot.item[block]
                if not len(item):
                    break
                sums[: len(item)] += slot.weight[block] * items[item]
            number[row] = sums

    def _blocks(self, columns: int) -> Iterator[slice]:
        step = max(_CELLS // max(columns, 1), 16)
        for low in range(0, len(self.row), step):
            yield slice(low, low + step)


def mean_of_known(rows: Rows, items: Floats, size: int) -> tuple[Floats, Floats]:
    """Over the known items [item, column]: the means and the coverages, both [size, column]."""
    number, weight = np.zeros((size, items.shape[1])), np.zeros((size, items.shape[1]))
    total = np.ones((size, 1))
    total[rows.owner, 0] = rows.total
    Table.lay_out(rows.owners(), rows.item, rows.weight).add_known(items, number, weight)
    return divide(number, weight), weight / total


def divide(number: Floats, weight: Floats) -> Floats:
    """The mean of what was summed; unknown where nothing has weight."""
    mean: Floats = number / np.where(weight == 0, np.nan, weight)
    return mean
