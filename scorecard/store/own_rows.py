"""A record of one of our workbook's sheets: its cells by header, as texts, numbers and paths of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scorecard.model.draft import Percent
from scorecard.model.finding import Place, shorten
from scorecard.model.number import NumberError, read_number
from scorecard.model.period import PeriodError, read_period
from scorecard.store.book_grid import Book, BookCell, Grid


@dataclass(slots=True)
class BookRow:
    """A record of a sheet: its cells by header."""

    grid: Grid
    line: int
    cells: dict[str, tuple[int, BookCell]]
    book: Book

    def text(self, header: str) -> str:
        """A text as it stands, without what is blank around it; lines stay lines."""
        found = self.cells.get(header)
        return "" if found is None else found[1].text if not isinstance(found[1].value, str) else found[1].value.strip()

    def line_of(self, header: str) -> str:
        return " ".join(self.text(header).split())

    def place(self, header: str) -> Place:
        return Place(self.grid.name, self.line, self.cells[header][0] + 1)

    def number(self, header: str, unit: str = "") -> float | None:
        """The number of a cell, None where it is empty, or none, which is reported."""
        if header not in self.cells or self.cells[header][1].is_empty:
            return None
        cell = self.cells[header][1]
        try:
            value = (
                cell.value if isinstance(cell.value, (int, float)) and not cell.uncomputed else read_number(cell.text)
            )
        except NumberError as error:
            hint = "open the book in a spreadsheet program and save it" if cell.uncomputed else "write a number"
            self.book.report("S304", self.place(header), f"'{shorten(cell.text)}' {error}", hint)
            return None
        return Percent(value) if unit == "%" else float(value)

    def path(self, header: str, unit: str = "") -> float | dict[str, float] | None:
        """A number, or points such as `2026-06: 0.04; 2026-12: 0.05`."""
        text = self.text(header)
        if ":" not in text:
            return self.number(header, unit)
        points: dict[str, float] = {}
        for part in text.split(";"):
            period, _, figure = part.partition(":")
            try:
                value = read_number(figure.strip())
                points[str(read_period(period.strip()))] = Percent(value) if unit == "%" else value
            except (NumberError, PeriodError) as error:
                code = "S304" if isinstance(error, NumberError) else "S305"
                hint = "write points such as 2026-06: 0.04; 2026-12: 0.05"
                self.book.report(code, self.place(header), f"'{shorten(part.strip())}' {error}", hint)
        return points


def is_period(text: str) -> bool:
    try:
        read_period(text)
    except PeriodError:
        return False
    return True


def unless(value: Any, default: Any) -> Any:
    """The value; None where it is what holds anyway."""
    return None if value == default else value
