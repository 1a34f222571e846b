"""The definition and the figures of a KPI from its row in a consultant's table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scorecard.model.draft import REMARKS, Figure, Percent
from scorecard.model.finding import shorten
from scorecard.model.number import NumberError
from scorecard.store.book_figures import read_figure, settle_unit
from scorecard.store.book_grid import Book, BookCell
from scorecard.store.book_headings import fold
from scorecard.store.book_table import Column, Table

_UP = (
    "up, higher, increase, increasing, maximise, maximize, max, higher is better, more, hoch, steigend, hoher, steigern"
)
_DOWN = "down, lower, decrease, decreasing, minimise, minimize, min, lower is better, less, runter, sinkend, niedriger, senken"
_DIRECTIONS = {w.strip(): "up" for w in _UP.split(",")} | {w.strip(): "down" for w in _DOWN.split(",")}
_SIGNS = {"↑": "up", "▲": "up", "+": "up", "↓": "down", "▼": "down", "-": "down"}
_OFTEN = {
    "day": "daily, taglich",
    "week": "weekly, wochentlich",
    "month": "monthly, monatlich",
    "quarter": "quarterly, quartalsweise, vierteljahrlich",
    "half": "half yearly, halbjahrlich",
    "year": "yearly, annual, annually, jahrlich",
}
_RHYTHMS = {w.strip(): rhythm for rhythm, often in _OFTEN.items() for w in f"{rhythm}, {often}".split(",")}


@dataclass(slots=True)
class KpiRow:
    """The definition of a KPI from its row."""

    book: Book
    table: Table
    line: int
    row: list[BookCell]
    columns: list[Column]
    at: str

    def fill(self, kpi: dict[str, Any], ident: str, unit: str, is_new: bool, figures: list[Figure]) -> None:
        numbers = list(self._numbers())
        said = {c.heading.kind: self.row[c.at].text for c in self.columns if not self.row[c.at].is_empty}
        unit = said.get("unit") or unit or next((c.heading.unit for c, _ in numbers if c.heading.unit), "")
        unit = kpi.get("unit") or unit
        settled, doubt = settle_unit(unit, [number for _, number in numbers])
        if doubt and numbers:
            self._report(numbers[0][0], doubt, "write the figures with a percent format, or another unit")
        numbers = list(self._same_scale(numbers, settled))
        new: dict[str, Any] = {"unit": settled}
        new |= {key: said[key] for key in ("owner", "description", "source", "measurability") if key in said}
        self._take_words(new, said)
        self._take_figures(new, numbers, ident, figures)
        notes = [self.row[c.at].text for c in self.columns if c.heading.kind == "comment"]
        for key, value in new.items():
            if is_new or not kpi.get(key):
                kpi[key] = value
            elif value and value != kpi[key]:
                column = next((c for c in self.columns if c.heading.kind == key), self.columns[0])
                self._report(column, f"the KPI has another {key} in a row above, which counts", "keep one of them")
        if any(notes):
            kpi.setdefault(REMARKS, []).extend(filter(None, notes))

    def _numbers(self) -> Iterator[tuple[Column, float]]:
        for column in self.columns:
            kind = column.heading.kind
            if kind in ("baseline", "target", "period") or (kind == "actual" and self.at):
                number = take_number(self.book, self.table, self.line, column, self.row)
                if number is not None:
                    yield column, number

    def _same_scale(self, numbers: list[tuple[Column, float]], unit: str) -> Iterator[tuple[Column, float]]:
        """Figures without those that are no percentage where others of the row are."""
        shares = any(isinstance(number, Percent) for _, number in numbers)
        for column, number in numbers:
            if unit == "%" and shares and number and not isinstance(number, Percent):
                message = f"{shorten(self.row[column.at].text)} is no percentage, but other figures of the KPI are"
                self.book.report("S304", self.table.place(self.line, column), message, "give it a percent format")
            else:
                yield column, Percent(number) if unit == "%" else number

    def _take_words(self, new: dict[str, Any], said: dict[str, str]) -> None:
        for key, words, hint in (
            ("direction", _DIRECTIONS, "write up or down"),
            ("interval", _RHYTHMS, "write day, week, month, quarter, half or year"),
        ):
            if text := said.get(key):
                new[key] = words.get(fold(text), "") or (_SIGNS.get(text, "") if key == "direction" else "")
                if not new[key]:
                    column = next(c for c in self.columns if c.heading.kind == key)
                    self._report(column, f"'{shorten(text)}' is not understood", hint)

    def _take_figures(
        self, new: dict[str, Any], numbers: list[tuple[Column, float]], ident: str, figures: list[Figure]
    ) -> None:
        weight = next((c for c in self.columns if c.heading.kind == "weight"), None)
        if weight and (number := take_number(self.book, self.table, self.line, weight, self.row)) is not None:
            if number < 0:
                self._report(weight, "a weight is not below 0", "write 0 or more")
            else:
                new["weight"] = number if number != 1 else None
        targets: dict[str, float] = {}
        for column, number in numbers:
            kind, period = column.heading.kind, column.heading.period
            if kind == "baseline" and "baseline" in new:
                self._report(column, "a second baseline is left out", "keep one of them")
            elif kind == "baseline":
                new["baseline"] = number
            elif kind == "target" and period in targets:
                self._report(column, "a second target of the same time is left out", "keep one of them")
            elif kind == "target":
                targets[period] = number
            else:
                figures.append(Figure(ident, period or self.at, number))
        if "" in targets and len(targets) > 1:
            column = next(c for c, _ in numbers if c.heading.kind == "target" and not c.heading.period)
            self._report(column, "the target names no time, but others do, and is left out", "name its period")
            del targets[""]
        if targets:
            new["target"] = targets[""] if "" in targets else dict(sorted(targets.items()))
        self._settle_baseline(new, numbers, list(targets.values()))

    def _settle_baseline(self, new: dict[str, Any], numbers: list[tuple[Column, float]], targets: list[float]) -> None:
        """Leaves out a baseline or direction that contradicts the targets."""
        start = new.get("baseline")
        if start is not None and targets and not (all(t > start for t in targets) or all(t < start for t in targets)):
            column = next(c for c, _ in numbers if c.heading.kind == "baseline")
            message = "the baseline equals a target, or lies between targets, and is left out"
            self._report(column, message, "write where you started from")
            del new["baseline"]
        elif start is not None and targets and new.get("direction"):
            if new["direction"] != ("up" if targets[0] > start else "down"):
                column = next(c for c in self.columns if c.heading.kind == "direction")
                message = "the direction contradicts baseline and target, and is left out"
                self._report(column, message, "correct one of them")
            new["direction"] = ""  # baseline and target show it

    def _report(self, column: Column, message: str, hint: str) -> None:
        self.book.report("S342", self.table.place(self.line, column), message, hint)


def take_number(book: Book, table: Table, line: int, column: Column, row: list[BookCell]) -> float | None:
    """The number of a cell; None with a finding where it is none."""
    cell, place = row[column.at], table.place(line, column)
    if cell.uncomputed:
        message = f"'{shorten(cell.text)}' was never computed"
        book.report("S304", place, message, "open the book in a spreadsheet program and save it")
        return None
    try:
        return read_figure(cell)
    except NumberError as error:
        hint = "write the number alone, such as 1200, 0.5 or 12.5%, and the unit in its own column"
        book.report("S304", place, f"'{shorten(cell.text)}' {error}", hint)
        return None
