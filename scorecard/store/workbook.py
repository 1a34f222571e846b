"""XLSX as consultants write it: every sheet with a `kpi` header in its first rows, wherever that stands.

Numbers come as the book holds them (12% is 0.12), formulas as they were last computed, days as their number format shows
them. Nothing in a book is executed, and no link followed. A cell that is not understood is named by its address. A column
whose heading stands in brackets, such as `(Unit)`, is for people, and passed over.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any, BinaryIO

from scorecard.model.finding import Finding, Place
from scorecard.model.period import PeriodError, read_period
from scorecard.store.foreign import make_cell, require
from scorecard.store.intake import Cell, Intake, write_cell
from scorecard.store.lines import Fault
from scorecard.store.sheets import Merge, Sheet, open_sheets
from scorecard.store.table import Table, figure_columns, is_empty, lay_out

MOST_ROWS = 1_048_576
MOST_COLUMNS = 1_000
MOST_CELLS = 20_000_000  # of a sheet
HEADER_ROWS = 30  # among which the header is looked for
_BESIDE = 3  # columns right of the header in which figures are noticed
_ESCAPED = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")  # an underscore that begins no sign by its number
_SHOWN_AS_IS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')  # parts of a number format that stand for themselves


@dataclass(slots=True)
class _Fill:
    """Gives the rows below the top of merged cells what the top shows, column by column, as the rows come."""

    merges: Sequence[Merge]
    _next: int = 0
    _open: dict[int, tuple[int, Cell]] = field(default_factory=dict)  # column from 0: last row, what is shown

    def __call__(self, line: int, cells: list[Cell]) -> list[Merge]:
        """Fills the cells of a row; the merges that begin in it."""
        for at, (bottom, cell) in list(self._open.items()):
            if line > bottom:
                del self._open[at]
            elif is_empty(cells[at]):
                cells[at] = cell
        begun = []
        while self._next < len(self.merges) and (merge := self.merges[self._next]).top <= line:
            self._next += 1
            if merge.top == line and merge.left <= len(cells):
                begun.append(merge)
                if merge.bottom > line and not is_empty(cells[merge.left - 1]):
                    self._open[merge.left - 1] = merge.bottom, cells[merge.left - 1]
        return begun


@dataclass(frozen=True, slots=True)
class _Header:
    """The row that names the columns; the names of merged ones stand in the first."""

    line: int
    names: list[str]
    merges: list[Merge]
    periods: int


def read_workbook(file: BinaryIO, name: str, decimal: str, intake: Intake) -> None:
    """All values of a book into the intake; a sheet is called `book.xlsx!Sheet`, a line and column are those of its cell.

    Raises OSError, Fault where the book cannot be read, and MissingLibrary.
    """
    openpyxl = require("openpyxl", "xlsx")
    reported, is_used = len(intake.findings), False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parts that hold no values, such as pictures
        try:
            for sheet in open_sheets(openpyxl, file, name):
                if header := _find_header(sheet):
                    is_used = True
                    _read_sheet(sheet, header, decimal, intake)
        finally:
            letters = openpyxl.utils.get_column_letter
            intake.findings[reported:] = [_add_address(finding, letters) for finding in intake.findings[reported:]]
    if not is_used:
        message = f"no sheet has a column 'kpi' in its first {HEADER_ROWS} rows"
        raise Fault("S302", Place(name), message, "write kpi, and a period above each column of values, in one row")


def _find_header(sheet: Sheet) -> _Header | None:
    """The row with a `kpi` cell, among several that with `period` or the most periods, or the first."""
    best: _Header | None = None
    fill = _Fill(sheet.merges)
    for line, row in enumerate(sheet.rows(1, HEADER_ROWS, MOST_COLUMNS), 1):
        cells: list[Cell] = [write_period_cell(cell) for cell in row]
        merges = [merge for merge in fill(line, cells) if merge.right > merge.left]
        names = [write_cell(cell).strip() for cell in cells]
        if not any(name.casefold() == "kpi" for name in names):
            continue
        single = [name for at, name in enumerate(names) if at not in {merge.left - 1 for merge in merges}]
        is_long = any(name.casefold() == "period" for name in single)
        periods = MOST_COLUMNS if is_long else sum(map(_is_period, single))
        if best is None or periods > best.periods:
            width = max(number for number, name in enumerate(names, 1) if name)
            best = _Header(line, names[:width] + [""] * _BESIDE, merges, periods)
    return best


def _read_sheet(sheet: Sheet, header: _Header, decimal: str, intake: Intake) -> None:
    line = header.line

    def place(number: int) -> Place:
        return Place(sheet.name, line, number + 1)

    names = _without_merged(header, place, intake)
    aside = {at for at, name in enumerate(names) if _is_aside(name)}
    table = Table(["" if at in aside else name for at, name in enumerate(names)], place, intake, decimal)
    take = lay_out(table)
    width, figures = len(table.keys), set(figure_columns(table.keys))
    days = table.keys.index("period") if "period" in table.keys else -1
    fill = _Fill([merge for merge in sheet.merges if merge.top > header.line])
    if take is None:
        return
    for line, row in enumerate(sheet.rows(header.line + 1, MOST_ROWS, width), header.line + 1):
        if line * width > MOST_CELLS:
            raise Fault("S301", place(0), "the sheet is too large", "split it; rows from here on are left out")
        if all(cell.value is None or at in aside for at, cell in enumerate(row)):
            continue
        cells = [write_period_cell(cell) if at == days else _take_cell(cell) for at, cell in enumerate(row)]
        cells += [""] * (width - len(cells))
        for merge in fill(line, cells):
            at = merge.left - 1
            if at in figures and not is_empty(cells[at]):
                message = "the figure stands in merged cells, so its KPI or period is in doubt"
                intake.report("S304", place(at), message, "split the cells, and write the figure where it belongs")
                cells[at] = ""
        for at in aside:
            cells[at] = ""
        take(cells)


def _without_merged(header: _Header, place: Any, intake: Intake) -> list[str]:
    """The names of the columns, without periods that stand over several."""
    names = list(header.names)
    for merge in header.merges:
        at = merge.left - 1
        if at < len(names) and _is_period(names[at]):
            message = f"the period '{names[at]}' stands over several columns"
            intake.report("S302", place(at), message, "split the cells, and write a period above each column")
            names[at] = ""
    return names


def _take_cell(cell: Any) -> Cell:
    """What a cell holds; a formula that was never computed is its text."""
    value = cell.value
    if value is not None and cell.data_type == "f":
        return f"={str(getattr(value, 'text', value)).lstrip('=')}"
    if isinstance(value, str) and "_x005F_" in value:
        value = _ESCAPED.sub("_", value)
    return make_cell(value)


def write_period_cell(cell: Any) -> Cell:
    """As `_take_cell`; a day as a day, month or year, whichever its number format shows."""
    value = cell.value
    if not isinstance(value, date) or (isinstance(value, datetime) and value.time() != time()):
        return _take_cell(cell)
    shown = _SHOWN_AS_IS.sub("", cell.number_format).lower()
    if "d" not in shown and "h" not in shown:
        if "m" in shown:
            return f"{value:%Y-%m}"
        if "y" in shown:
            return f"{value:%Y}"
    return make_cell(value)


def _is_aside(heading: str) -> bool:
    return heading.startswith("(") and heading.endswith(")")


def _is_period(text: str) -> bool:
    try:
        read_period(text)
    except PeriodError:
        return False
    return True


def _add_address(finding: Finding, letters: Any) -> Finding:
    """A finding that names its cell as a spreadsheet does."""
    place, hint = finding.place, finding.hint
    if finding.message.startswith("'="):
        hint = "the formula was never computed: open the book in a spreadsheet program and save it"
    return replace(finding, message=f"{letters(place.column)}{place.line}: {finding.message}", hint=hint)
