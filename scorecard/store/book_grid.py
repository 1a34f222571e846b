"""The sheets of a book as grids of cells, for what is written over a whole sheet and not only in one table.

Cells hold what a reader sees: results of formulas, days as their number format shows them, merged cells in each of
their rows. A percentage is known by its number format. Only the first rows and columns are read; a finding says so.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NamedTuple

from scorecard.model.codes import CODES
from scorecard.model.draft import Percent
from scorecard.model.finding import Finding, Place
from scorecard.store.foreign import require
from scorecard.store.intake import Cell
from scorecard.store.lines import Fault
from scorecard.store.sheets import Merge, Sheet, open_sheets
from scorecard.store.workbook import HEADER_ROWS, write_period_cell

MOST_ROWS = 5_000  # of a sheet; no strategy has as many
MOST_COLUMNS = 300
MOST_SHEETS = 60
MOST_IN_ALL = 10_000  # rows of all sheets
MOST_FINDINGS = 1_000
_AS_IS = re.compile(r'"[^"]*"|\\.|_.')  # parts of a number format that stand for themselves


class BookCell(NamedTuple):
    """What a cell shows. `lead` is the row in which merged cells begin, the cell's own row for any other."""

    value: Cell = ""
    lead: int = 0
    uncomputed: bool = False

    @property
    def text(self) -> str:
        """The text on one line; a number as it is written."""
        return " ".join(str(self.value).split()) if isinstance(self.value, str) else f"{self.value:.15g}"

    @property
    def is_empty(self) -> bool:
        return isinstance(self.value, str) and not self.value.strip()


@dataclass(slots=True)
class Grid:
    """A sheet: its name as findings call it, its rows by number from 1, all of the same width, and cells over several columns."""

    name: str
    rows: dict[int, list[BookCell]]
    merges: list[Merge]

    @property
    def title(self) -> str:
        return self.name.partition("!")[2]

    def over(self, line: int, at: int) -> BookCell:
        """What a cell shows, also where it belongs to one that reaches over several columns."""
        for merge in self.merges:
            if merge.top <= line <= merge.bottom and merge.left <= at + 1 <= merge.right:
                line, at = merge.top, merge.left - 1
                break
        row = self.rows.get(line, [])
        return row[at] if at < len(row) else BookCell()


@dataclass(slots=True)
class Book:
    """All sheets of a book that hold anything, and what is to be said of them."""

    name: str
    grids: list[Grid] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def report(self, code: str, place: Place, message: str, hint: str) -> None:
        """One more finding; after the most of them one that says that there are more."""
        if len(self.findings) == MOST_FINDINGS:
            code, message, hint = "S317", f"there are more than {MOST_FINDINGS:,} findings", "mend those first"
        if len(self.findings) <= MOST_FINDINGS:
            self.findings.append(Finding(code, CODES[code].severity, place, message, hint))


def read_book(file: BinaryIO, name: str) -> Book:
    """The sheets of a book. Raises Fault where it cannot be read, and MissingLibrary."""
    openpyxl = require("openpyxl", "xlsx")
    book = Book(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parts that hold no values, such as pictures
        for number, sheet in enumerate(open_sheets(openpyxl, file, name), 1):
            if number > MOST_SHEETS or sum(len(one.rows) for one in book.grids) > MOST_IN_ALL:
                book.report(
                    "S301", Place(sheet.name), "the book is too large", "split it; sheets from here on are left out"
                )
                break
            grid = _read_grid(sheet, book)
            if grid.rows:
                book.grids.append(grid)
    if not book.grids:
        raise Fault("S302", Place(name), "the book is empty", "name a book with a table of goals and KPIs")
    return book


def _read_grid(sheet: Sheet, book: Book) -> Grid:
    across = [merge for merge in sheet.merges if merge.right > merge.left and merge.top <= HEADER_ROWS]
    grid = Grid(sheet.name, {}, across[:MOST_COLUMNS])
    down = iter([merge for merge in sheet.merges if merge.bottom > merge.top and merge.left <= MOST_COLUMNS])
    coming = next(down, None)
    open_cells: dict[int, tuple[int, BookCell]] = {}  # by column: the last row, and what is shown
    for line, row in enumerate(sheet.rows(1, MOST_ROWS + 1, MOST_COLUMNS), 1):
        if line > MOST_ROWS:
            message = f"the sheet has more than {MOST_ROWS:,} rows"
            book.report("S301", Place(sheet.name, line), message, "split it; rows from here on are left out")
            break
        cells = [_take(cell, line) for cell in row]
        for at, (bottom, shown) in list(open_cells.items()):
            if line > bottom:
                del open_cells[at]
            elif at < len(cells) and cells[at].is_empty:
                cells[at] = shown
        while coming is not None and coming.top <= line:
            at = coming.left - 1
            if coming.top == line and at < len(cells) and not cells[at].is_empty:
                open_cells[at] = coming.bottom, cells[at]
            coming = next(down, None)
        if any(not cell.is_empty for cell in cells):
            grid.rows[line] = cells[: max(at for at, cell in enumerate(cells) if not cell.is_empty) + 1]
    return _even(grid)


def _even(grid: Grid) -> Grid:
    """All rows of the same width."""
    width = max(map(len, grid.rows.values()), default=0)
    for line, row in grid.rows.items():
        row.extend([BookCell("", line)] * (width - len(row)))
    return grid


def _take(cell: Any, line: int) -> BookCell:
    value = cell.value
    if value is None:
        return BookCell("", line)
    shown = write_period_cell(cell)
    if cell.data_type == "f":
        return BookCell(shown, line, uncomputed=True)
    if isinstance(shown, (int, float)) and "%" in _AS_IS.sub("", cell.number_format or ""):
        shown = Percent(shown)
    return BookCell(shown, line)
