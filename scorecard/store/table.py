"""A table of any source: the long form (kpi, period, value) and the wide one (kpi, then a column a period)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

import numpy as np

from scorecard.model.finding import Place, shorten
from scorecard.model.number import read_data_number, read_decimal_comma
from scorecard.model.period import PeriodError, read_period
from scorecard.model.spelling import nearest
from scorecard.store.bulk import Bulk, Rows
from scorecard.store.columns import Chunk, Figures
from scorecard.store.intake import Cell, Intake, Row, write_cell

MOST_COLUMNS = 10_000
LONG = ("kpi", "period", "value", "target", "note", "by")
_FORMS = "begin with kpi,period,value; or with kpi and a column for each period"


class Take(Protocol):
    """Takes the rows of a table, each with a cell for every column."""

    def __call__(self, cells: Sequence[Cell]) -> None:
        """One row, the one at hand."""

    def many(self, chunk: Chunk) -> None:
        """Rows that follow each other."""


class Table:
    """What all rows of a table have in common.

    `keys` are the column names as they are compared; `place` gives the place of a cell, counted from 0, of the row at
    hand, the header to begin with. `decimal` is the sign of numbers that are texts: "comma", else a point.
    """

    def __init__(self, header: Sequence[str], place: Callable[[int], Place], intake: Intake, decimal: str) -> None:
        self.header = [name.strip() for name in header]
        self.keys = [name.casefold() for name in self.header]
        self.place = place
        self.intake = intake
        self.read_number = read_decimal_comma if decimal == "comma" else read_data_number
        self.bulk = Bulk(intake)
        self._nameless = {number for number, key in enumerate(self.keys) if not key}

    def report(self, code: str, number: int, message: str, hint: str) -> None:
        self.intake.report(code, self.place(number), message, hint)

    def look_at_nameless(self, cells: Sequence[Cell]) -> None:
        """Reports each column without a header where it first holds something."""
        for number in [number for number in self._nameless if not is_empty(cells[number])]:
            self._nameless.discard(number)
            message, hint = "the column has no header", "write one above it, or empty the column"
            self.report("S302", number, message, hint)

    def has_nameless(self, chunk: Chunk) -> bool:
        """Whether a column without a header, not reported yet, holds something."""
        return any(not chunk.column(number).is_blank() for number in self._nameless)


def lay_out(table: Table) -> Take | None:
    """How a row with a cell for every column is taken; None where the header cannot be used, which is reported."""
    keys = table.keys
    counts = Counter(keys)
    if len(keys) > MOST_COLUMNS:
        message, hint = f"the header has more than {MOST_COLUMNS:,} columns", "use the columns kpi,period,value"
        table.report("S302", MOST_COLUMNS, message, hint)
    elif "kpi" not in counts:
        message = "the header has no column 'kpi'" if any(keys) else "the file has no header"
        table.report("S302", 0, message, _FORMS)
    elif twice := [number for number, key in enumerate(keys) if key and counts[key] > 1 and keys.index(key) < number]:
        message = f"the column '{shorten(table.header[twice[0]])}' stands twice in the header"
        table.report("S302", twice[0], message, "keep one of them, or rename one")
    elif "period" in counts:
        return _Long(table)
    else:
        return _Wide(table)
    return None


def figure_columns(keys: Sequence[str]) -> list[int]:
    """The columns that hold figures, by the names as they are compared."""
    if "period" in keys:
        return [number for number, key in enumerate(keys) if key in ("value", "target")]
    return [number for number, key in enumerate(keys) if key and key != "kpi"]


def is_empty(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()


class _Long:
    """The form kpi, period, value, target and a column for each dimension."""

    def __init__(self, table: Table) -> None:
        self._table = table
        dimensions = {name.casefold(): name for name in table.intake.strategy.dimensions}
        _look_at_header(table, list(dimensions))
        at = {key: number for number, key in enumerate(table.keys)}
        self._members = {dimensions[key]: number for key, number in at.items() if key in dimensions}
        self._at = at | self._members
        self._first, self._period, self._value, self._target = (
            at.get(key, -1) for key in ("kpi", "period", "value", "target")
        )

    def __call__(self, cells: Sequence[Cell]) -> None:
        self._table.look_at_nameless(cells)
        self._table.intake.take(self._row(cells), self._table.read_number)

    def many(self, chunk: Chunk) -> None:
        table, bulk = self._table, self._table.bulk
        if table.has_nameless(chunk):
            _take_each(self, chunk)
            return
        rows = Rows(
            bulk.code_measures(chunk.column(self._first)),
            bulk.code_periods(chunk.column(self._period)),
            bulk.code_members({name: chunk.column(at) for name, at in self._members.items()}, len(chunk)),
            self._read(chunk, self._value),
            self._read(chunk, self._target),
            chunk.lines(),
            chunk.starts([max(self._value, 0)])[:, 0],
        )

        def row_at(number: int) -> Row | None:
            cells = chunk.cells(number)
            return None if cells is None else self._row(cells)

        bulk.take(chunk.file, rows, row_at, table.read_number)

    def _row(self, cells: Sequence[Cell]) -> Row:
        return Row(
            write_cell(cells[self._first]),
            write_cell(cells[self._period]),
            cells[self._value] if self._value >= 0 else "",
            cells[self._target] if self._target >= 0 else "",
            {name: write_cell(cells[number]) for name, number in self._members.items()},
            self._place,
        )

    def _place(self, key: str) -> Place:
        return self._table.place(self._at.get(key, 0))

    def _read(self, chunk: Chunk, number: int) -> Figures:
        if number < 0:
            return Figures(np.full(len(chunk), np.nan), np.zeros(len(chunk), dtype=bool))
        return chunk.column(number).read(self._table.read_number)


class _Wide:
    """The form kpi, and a column for each period."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._periods: list[tuple[int, str]] = []
        codes = []
        for number, text in enumerate(table.header):
            if table.keys[number] in ("kpi", ""):
                continue
            try:
                codes.append(table.intake.recorder.code_period(read_period(text)))
                self._periods.append((number, text))
            except PeriodError as error:
                hint = "write a period such as 2026-10 above each column of values, or use the columns kpi,period,value"
                table.report("S302", number, f"the header '{shorten(text)}' {error}", hint)
        self._codes = np.array(codes, dtype=np.int64)
        self._first = table.keys.index("kpi")

    def __call__(self, cells: Sequence[Cell]) -> None:
        self._table.look_at_nameless(cells)
        for entry in self._periods:
            if not is_empty(cells[entry[0]]):
                self._table.intake.take(self._row(cells, entry), self._table.read_number)

    def many(self, chunk: Chunk) -> None:
        table, bulk = self._table, self._table.bulk
        if table.has_nameless(chunk) or not self._periods:
            _take_each(self, chunk)
            return
        figures = [chunk.column(number).read(table.read_number) for number, _ in self._periods]
        values = np.stack([one.values for one in figures], axis=1)
        odd = np.stack([one.odd for one in figures], axis=1)
        at, period = np.nonzero(~np.isnan(values) | odd)
        none = Figures(np.full(len(at), np.nan), np.zeros(len(at), dtype=bool))
        rows = Rows(
            bulk.code_measures(chunk.column(self._first))[at],
            self._codes[period],
            np.zeros(len(at), dtype=np.int64),
            Figures(values[at, period], odd[at, period]),
            none,
            chunk.lines()[at],
            chunk.starts([number for number, _ in self._periods])[at, period],
        )

        def row_at(number: int) -> Row | None:
            cells = chunk.cells(int(at[number]))
            return None if cells is None else self._row(cells, self._periods[period[number]])

        bulk.take(chunk.file, rows, row_at, table.read_number)

    def _row(self, cells: Sequence[Cell], entry: tuple[int, str]) -> Row:
        number, period = entry
        return Row(write_cell(cells[self._first]), period, cells[number], "", {}, partial(self._place, number))

    def _place(self, number: int, key: str) -> Place:
        return self._table.place(self._first if key == "kpi" else number)


def _look_at_header(table: Table, dimensions: list[str]) -> None:
    """Reports columns of the long form that are lacking, or not known."""
    keys = table.keys
    unknown = [number for number, key in enumerate(keys) if key and key not in LONG and key not in dimensions]
    if "value" not in keys:
        names = ", ".join(f"'{shorten(table.header[number], 30)}'" for number in unknown[:3])
        hint = f"begin with kpi,period,value; not known are {names}" if names else "begin with kpi,period,value"
        table.report("S302", 0, "the header has no column 'value'", hint)
        unknown = []
    for number in unknown:
        near = nearest(keys[number], [*LONG, *dimensions])
        hint = f"did you mean '{near}'?" if near else "name it under 'dimensions:', or remove the column"
        table.report("S302", number, f"the column '{shorten(table.header[number])}' is not known", hint)


def _take_each(take: Take, chunk: Chunk) -> None:
    for row in range(len(chunk)):
        cells = chunk.cells(row)
        if cells is not None:
            take(cells)
