"""What was recorded, as columns: one row an observation, in the order in which the sources count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from scorecard.compute.runs import Bools, Floats, Ints
from scorecard.model.finding import Place
from scorecard.model.period import Period

T = TypeVar("T")
TOTAL = 0  # the member code of a row that names no members


@dataclass(frozen=True, slots=True)
class Observations:
    """Columns of equal length [row]; codes point into the tables.

    `measure` into `measures`, `period` into `periods`, `member` into `members` (0 is the total, the others in the order
    in which the strategy declares them), `file` into `files` and `sources`: its name, and the number of the source it
    belongs to. `value` and `target` are NaN where the cell is empty. For a KPI with levels the value is the number of the word.
    """

    measures: tuple[str, ...]
    periods: tuple[Period, ...]
    members: tuple[tuple[str, ...], ...]
    files: tuple[str, ...]
    sources: tuple[int, ...]
    measure: Ints
    period: Ints
    member: Ints
    value: Floats
    target: Floats
    file: Ints
    line: Ints
    column: Ints

    def __len__(self) -> int:
        return len(self.measure)

    def place(self, row: int) -> Place:
        return Place(self.files[int(self.file[row])], int(self.line[row]), int(self.column[row]))


@dataclass(frozen=True, slots=True)
class Block:
    """Many rows of one file as columns [row], codes as the recorder gives them; NaN is an empty cell."""

    measure: Ints
    period: Ints
    member: Ints
    value: Floats
    target: Floats
    line: Ints
    column: Ints

    def keep(self, which: Bools) -> Block:
        """The rows that are marked."""
        keys = self.measure[which], self.period[which], self.member[which]
        return Block(*keys, self.value[which], self.target[which], self.line[which], self.column[which])


@dataclass(slots=True)
class Recorder:
    """Collects rows, one by one or many at once; `member_order` ranks the members of all dimensions."""

    measures: tuple[str, ...]
    member_order: dict[str, int] = field(default_factory=dict)
    _source: int = 0
    _files: dict[tuple[str, int], int] = field(default_factory=dict)
    _periods: dict[Period, int] = field(default_factory=dict)
    _members: dict[tuple[str, ...], int] = field(default_factory=lambda: {(): TOTAL})
    _codes: dict[str, int] = field(default_factory=dict)
    _integers: list[tuple[int, int, int, int, int, int]] = field(default_factory=list)  # of rows since the last block
    _figures: list[tuple[float, float]] = field(default_factory=list)
    _blocks: list[tuple[Ints, Ints, Ints, Ints, Ints, Ints, Floats, Floats]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._codes = {name: code for code, name in enumerate(self.measures)}

    def begin_source(self) -> None:
        """The rows that follow are of another source."""
        self._source += 1

    def code_measure(self, measure: str) -> int:
        return self._codes[measure]

    def code_period(self, period: Period) -> int:
        return self._periods.setdefault(period, len(self._periods))

    def code_members(self, members: tuple[str, ...]) -> int:
        return self._members.setdefault(members, len(self._members))

    def add(
        self,
        measure: str,
        period: Period,
        value: float | None,
        target: float | None,
        place: Place,
        members: tuple[str, ...] = (),
    ) -> None:
        """One row; a value or target of None is an empty cell."""
        self._integers.append(
            (
                self._codes[measure],
                self.code_period(period),
                self.code_members(members),
                self._code_file(place.file),
                place.line,
                place.column,
            )
        )
        self._figures.append((np.nan if value is None else value, np.nan if target is None else target))

    def add_block(self, file: str, block: Block) -> None:
        """The rows of a block, in its order."""
        self._close_block()
        files = np.full(len(block.measure), self._code_file(file), dtype=np.int64)
        keys = block.measure, block.period, block.member, files, block.line, block.column
        self._blocks.append((*keys, block.value, block.target))

    def freeze(self) -> Observations:
        self._close_block()
        measure, period, member, file, line, column, value, target = map(
            np.concatenate, zip(*self._blocks, strict=True)
        )
        periods, period = _in_use(tuple(self._periods), period)
        files, file = _in_use(tuple(self._files), file)
        members, member = self._rank(member)
        return Observations(
            self.measures,
            periods,
            members,
            tuple(name for name, _ in files),
            tuple(source for _, source in files),
            measure,
            period,
            member,
            value,
            target,
            file,
            line,
            column,
        )

    def _code_file(self, name: str) -> int:
        return self._files.setdefault((name, self._source), len(self._files))

    def _close_block(self) -> None:
        """The rows added one by one since the last block become one."""
        if self._blocks and not self._integers:
            return
        keys = np.array(self._integers, dtype=np.int64).reshape(-1, 6)
        figures = np.array(self._figures, dtype=np.float64).reshape(-1, 2)
        self._blocks.append((*keys.T, *figures.T))
        self._integers.clear()
        self._figures.clear()

    def _rank(self, codes: Ints) -> tuple[tuple[tuple[str, ...], ...], Ints]:
        """The members in declared order, and their codes in it: sums do not depend on the order of rows."""

        def rank(members: Iterable[str]) -> tuple[tuple[int, str], ...]:
            return tuple((self.member_order.get(name, len(self.member_order)), name) for name in members)

        used, codes = _in_use(tuple(self._members), codes)
        ordered = sorted({(), *used}, key=rank)
        ranks = {members: number for number, members in enumerate(ordered)}
        return tuple(ordered), np.array([ranks[members] for members in used], dtype=np.int64)[codes]


def _in_use(table: tuple[T, ...], codes: Ints) -> tuple[tuple[T, ...], Ints]:
    """The entries of a table that codes point to, in the order in which they first do, and the codes in that table."""
    first = np.full(len(table), len(codes), dtype=np.int64)
    np.minimum.at(first, codes, np.arange(len(codes)))
    used = np.argsort(first, kind="stable")[: np.count_nonzero(first < len(codes))]
    renumbered = np.empty(len(table), dtype=np.int64)
    renumbered[used] = np.arange(len(used))
    return tuple(table[code] for code in used.tolist()), renumbered[codes]
