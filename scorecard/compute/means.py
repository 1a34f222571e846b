"""Weighted sums over the known entries of many rows at once, for whole panels.

Rows are laid out in slots: the k-th slot holds the k-th entry of every row that has one, and the rows with most entries
stand first. So a slot is a handful of array operations, each row is summed in its own order, and a run of rows small
enough for the processor's cache takes its slots one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CELLS = 1 << 15  # of the rows taken at a time: what is worked on stays in the cache


class Rows(NamedTuple):
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
        with np.errstate(over="ignore"):
            total = np.add.reduceat(weight, start) if len(start) else np.empty(0)
        if np.isinf(total).any():  # what is too large to add up keeps its proportions
            weight[np.repeat(np.isinf(total), np.diff(np.append(start, len(weight))))] *= 2.0**-64
            total = np.add.reduceat(weight, start)
        return cls(owners[start], start, table[:, 1].astype(np.int64), weight, total)

    def owners(self) -> Ints:
        """The owner of each entry."""
        return np.repeat(self.owner, np.diff(np.append(self.start, len(self.item))))

    def totals(self, size: int) -> Floats:
        """The weight of each owner [size, 1], 1 where it has no entry."""
        total = np.ones((size, 1))
        total[self.owner, 0] = self.total
        return total

    def without(self, size: int) -> Ints:
        """The numbers up to `size` that own no entry."""
        lacks = np.ones(size, dtype=bool)
        lacks[self.owner] = False
        return np.flatnonzero(lacks)


class Slot(NamedTuple):
    """One entry of each of the first rows: item [row], weight [row, 1], whether 1 - the value counts [row, 1]."""

    item: Ints
    weight: Floats
    opposes: Bools | None  # None where no entry does


class Table(NamedTuple):
    """Rows laid out in slots; `row` says which one each is. Items [item, column] are from 0 to 1, NaN where unknown."""

    row: Ints
    slots: tuple[Slot, ...]

    @classmethod
    def lay_out(cls, row: Ints, owner: Ints, item: Ints, weight: Floats, opposes: Bools | None = None) -> Table:
        """The table of rows from entries, owners ascending; an opposing entry counts as 1 - its item."""
        start = np.searchsorted(owner, row)
        size = np.searchsorted(owner, row, side="right") - start
        order = np.argsort(-size, kind="stable")
        start, size = start[order], size[order]
        slots = []
        for number in range(int(size.max(initial=0))):
            entry = start[: np.count_nonzero(size > number)] + number
            turned = opposes[entry][:, None] if opposes is not None and opposes[entry].any() else None
            slots.append(Slot(item[entry], weight[entry][:, None], turned))
        return cls(row[order], tuple(slots))

    def blocks(self, columns: int) -> Iterator[slice]:
        """The rows in parts for `add_known` and `add`."""
        step = max(CELLS // max(columns, 1), 16)
        for low in range(0, len(self.row), step):
            yield slice(low, low + step)

    def add_known(self, block: slice, items: Floats, number: Floats, weight: Floats) -> None:
        """Add to `number` and `weight` [row of the block, column] weight times item, and weight, where that is known."""
        for slot in self.slots:
            item, heavy = slot.item[block], slot.weight[block]
            value = items.take(item, axis=0)
            if slot.opposes is not None:
                np.subtract(1.0, value, out=value, where=slot.opposes[block])
            weight[: len(item)] += heavy * (value == value)
            value *= heavy
            number[: len(item)] += np.fmax(value, 0.0, out=value)  # 0 in place of NaN

    def add(self, block: slice, items: Floats, number: Floats) -> None:
        """Add to `number` [row of the block, column] weight times item; all items are known, none counts as 1 - it."""
        for slot in self.slots:
            item = slot.item[block]
            number[: len(item)] += slot.weight[block] * items.take(item, axis=0)


def mean_of_known(rows: Rows, items: Floats, size: int) -> tuple[Floats, Floats]:
    """Over the known items [item, column]: the means and the coverages, both [size, column]; NaN and 0 without entries."""
    return mean_by_table(Table.lay_out(rows.owner, rows.owners(), rows.item, rows.weight), rows, items, size)


def mean_by_table(table: Table, rows: Rows, items: Floats, size: int) -> tuple[Floats, Floats]:
    """As `mean_of_known`, where the rows are laid out already."""
    columns, total, idle = items.shape[1], rows.totals(size), rows.without(size)
    mean, coverage = np.empty((size, columns)), np.empty((size, columns))
    mean[idle], coverage[idle] = np.nan, 0.0
    for block in table.blocks(columns):
        row = table.row[block]
        number, weight = np.zeros((2, len(row), columns))
        table.add_known(block, items, number, weight)
        mean[row] = divide(number, weight)
        coverage[row] = weight / total[row]
    return mean, coverage


def divide(number: Floats, weight: Floats) -> Floats:
    """The mean of what was summed; unknown where nothing has weight."""
    with np.errstate(invalid="ignore"):  # 0 / 0
        mean: Floats = number / weight
    return mean
