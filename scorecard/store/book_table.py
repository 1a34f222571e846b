"""A table on a sheet of a consultant's book: where its header is, and what each column tells of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from scorecard.model.finding import Place, shorten
from scorecard.store.book_grid import Book, BookCell, Grid
from scorecard.store.book_headings import Heading, find_period, names_month, read_heading
from scorecard.store.workbook import HEADER_ROWS

KPI_KINDS = ("kpi", "lagging", "leading")
_SUBJECTS = {
    "perspective": "perspective",
    "goal": "goal",
    "initiative": "initiative",
    **dict.fromkeys(KPI_KINDS, "kpi"),
}
_LEVELS = {"perspective": 0, "goal": 1, "kpi": 2, "initiative": 2}
_OF_KPI = ("unit", "baseline", "target", "period", "actual", "direction", "interval", "source", "measurability", "side")
_OF_NEAREST = ("owner", "weight", "description", "comment")
_MANY = ("period", "target", "comment", "computed")  # kinds that may stand several times


@dataclass(frozen=True, slots=True)
class Column:
    """A column from 0 and its heading; `subject` is the column of what it tells of, -1 where it stands for itself."""

    at: int
    heading: Heading
    subject: int = -1
    of: str = ""


@dataclass(slots=True)
class Table:
    """The rows below a header."""

    grid: Grid
    line: int
    columns: list[Column] = field(default_factory=list)

    def kinds(self) -> set[str]:
        return {column.heading.kind for column in self.columns}

    def column(self, kind: str, of: str = "") -> Column | None:
        """The column of a kind, and of a subject where one is said."""
        return next((c for c in self.columns if c.heading.kind == kind and (not of or c.of == of)), None)

    def rows(self) -> Iterator[tuple[int, list[BookCell]]]:
        """Number and cells of each row, save the header where it is repeated."""
        header = [cell.text for cell in self.grid.rows[self.line]]
        for line in sorted(self.grid.rows):
            row = self.grid.rows[line]
            if line > self.line and [cell.text for cell in row] != header:
                yield line, row

    def place(self, line: int, column: Column) -> Place:
        return Place(self.grid.name, line, column.at + 1)


def find_table(grid: Grid, book: Book) -> Table | None:
    """The table with the most headings that are known; None where no row has two, one of them a subject."""
    best, most = 0, 1
    for line, row in grid.rows.items():
        if line > HEADER_ROWS:
            break
        kinds = [read_heading(cell.text).kind for cell in row if not cell.is_empty]
        known = sum(map(bool, kinds))
        if known > most and ({*_SUBJECTS, "cause"} & set(kinds)):
            best, most = line, known
    if not best:
        return None
    table = Table(grid, best)
    for at, cell in enumerate(grid.rows[best]):
        if not cell.is_empty:
            _add_column(table, at, cell, book)
    table.columns = _assign(table.columns)
    _report_nameless(table, book)
    return table


def _add_column(table: Table, at: int, cell: BookCell, book: Book) -> None:
    heading = _look_above(table, at, cell.text, read_heading(cell.text))
    column, text = Column(at, heading), shorten(cell.text)
    place = table.place(table.line, column)
    same = [one for one in table.columns if one.heading.kind == heading.kind]
    if not heading.kind and names_month(cell.text):
        book.report("S305", place, f"the heading '{text}' names no year", f"write such as '{text} 2026'")
    elif not heading.kind:
        hint = "rename it, such as Goal, KPI, Unit, Baseline, Target, Owner, or take it over by hand"
        book.report("S342", place, f"the column '{text}' is not known, and left out", hint)
    elif heading.kind in KPI_KINDS and any(one.heading == heading for one in same):
        book.report("S342", place, f"the column '{text}' stands twice, and counts once", "keep one, or rename one")
    elif heading.kind in ("perspective", "goal", "initiative", "cause", "effect", "actual") and same:
        book.report("S342", place, f"a second column '{text}' means the same, and is left out", "rename one of them")
    elif heading.kind != "computed":
        table.columns.append(column)


def _look_above(table: Table, at: int, text: str, heading: Heading) -> Heading:
    """A heading in the light of the one above it: months below `Target`, or below their year."""
    if heading.kind not in ("", "period") or table.line - 1 not in table.grid.rows:
        return heading
    above = table.grid.over(table.line - 1, at).text
    if not heading.kind and names_month(text) and (period := find_period(f"{text} {above}")):
        return Heading("period", period)
    if heading.kind == "period" and read_heading(above).kind == "target":
        return Heading("target", heading.period)
    return heading


def _assign(columns: list[Column]) -> list[Column]:
    """Each column with what it tells of: the nearest one to its left that names something, else the first."""
    subjects = [column for column in columns if column.heading.kind in _SUBJECTS]
    kpis = [column for column in subjects if column.heading.kind in KPI_KINDS]
    assigned = []
    for column in columns:
        kind, near = column.heading.kind, subjects
        if kind in _OF_KPI:
            near = kpis
        elif kind not in _OF_NEAREST:
            near = []
        left = [one for one in near if one.at < column.at and not _is_aside(one, near)]
        subject = left[-1] if left else (kpis or near)[0] if near else None
        if subject is None:
            assigned.append(column)
        else:
            assigned.append(Column(column.at, column.heading, subject.at, _SUBJECTS[subject.heading.kind]))
    return assigned


def _is_aside(column: Column, subjects: list[Column]) -> bool:
    """Whether a column only says where something belongs: the goal in a list of projects, right of their names."""
    level = _LEVELS[_SUBJECTS[column.heading.kind]]
    return any(one.at < column.at and _LEVELS[_SUBJECTS[one.heading.kind]] > level for one in subjects)


def _report_nameless(table: Table, book: Book) -> None:
    """A finding for each column that holds something below an empty heading."""
    header = table.grid.rows[table.line]
    nameless = {at for at, cell in enumerate(header) if cell.is_empty}
    for line, row in table.rows():
        for at in [at for at in nameless if not row[at].is_empty and row[at].lead == line]:
            nameless.discard(at)
            place = Place(table.grid.name, line, at + 1)
            book.report("S342", place, "the column has no heading, and is left out", "write one above it")
