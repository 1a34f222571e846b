"""What was recorded, as columns: one row an observation, in the order in which the sources count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scorecard.model.finding import Place
from scorecard.model.period import Period

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
    measure: NDArray[np.int64]
    period: NDArray[np.int64]
    member: NDArray[np.int64]
    value: NDArray[np.float64]
    target: NDArray[np.float64]
    file: NDArray[np.int64]
    line: NDArray[np.int64]
    column: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.measure)

    def place(self, row: int) -> Place:
        return Place(self.files[int(self.file[row])], int(self.line[row]), int(self.column[row]))


@dataclass(slots=True)
class Recorder:
    """Collects rows one by one; `member_order` ranks the members of all dimensions."""

    measures: tuple[str, ...]
    member_order: dict[str, int] = field(default_factory=dict)
    _source: int = 0
    _files: dict[tuple[str, int], int] = field(default_factory=dict)
    _periods: dict[Period, int] = field(default_factory=dict)
    _members: dict[tuple[str, ...], int] = field(default_factory=lambda: {(): TOTAL})
    _codes: dict[str, int] = field(default_factory=dict)
    _integers: list[tuple[int, int, int, int, int, int]] = field(default_factory=list)
    _values: list[float] = field(default_factory=list)
    _targets: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._codes = {name: code for code, name in enumerate(self.measures)}

    def begin_source(self) -> None:
        """The rows that follow are of another source."""
        self._source += 1

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
                self._periods.setdefault(period, len(self._periods)),
                self._members.setdefault(members, len(self._members)),
                self._files.setdefault((place.file, self._source), len(self._files)),
                place.line,
                place.column,
            )
        )
        self._values.append(np.nan if value is None else value)
        self._targets.append(np.nan if target is None else target)

    def freeze(self) -> Observations:
        whole = np.array(self._integers, dtype=np.int64).reshape(-1, 6)
        members, ranks = self._ranked()
        return Observations(
            self.measures,
            tuple(self._periods),
            members,
            tuple(file for file, _ in self._files),
            tuple(source for _, source in self._files),
            whole[:, 0],
            whole[:, 1],
            ranks[whole[:, 2]],
            np.array(self._values),
            np.array(self._targets),
            whole[:, 3],
            whole[:, 4],
            whole[:, 5],
        )

    def _ranked(self) -> tuple[tuple[tuple[str, ...], ...], NDArray[np.int64]]:
        """The members in declared order, and the new code of each old one: sums do not depend on the order of rows."""

        def rank(members: Iterable[str]) -> tuple[tuple[int, str], ...]:
            return tuple((self.member_order.get(name, len(self.member_order)), name) for name in members)

        ordered = sorted(self._members, key=rank)
        ranks = np.empty(len(ordered), dtype=np.int64)
        for new, members in enumerate(ordered):
            ranks[self._members[members]] = new
        return tuple(ordered), ranks
