"""CSV and TSV as people and spreadsheets write them: comma, semicolon or tab, quoted cells, a decimal comma."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from os import SEEK_END
from typing import BinaryIO, TypeVar

from scorecard.model.finding import Place, Severity, shorten
from scorecard.model.number import read_clear_comma
from scorecard.store.intake import Intake
from scorecard.store.lines import Fault, Lines
from scorecard.store.table import Table, figure_columns, lay_out
from scorecard.store.text_chunk import Cutter, TextChunk, Texts, cut_texts

T = TypeVar("T")
MOST_BYTES = 500_000_000
_CSV_WORDS = {  # what the csv module says: a sentence, and what to do
    "unexpected end of data": ("a quotation mark is opened here and never closed", "close it, or remove it"),
    "field larger than field limit": ("a cell is too long", "look for a quotation mark that is not closed"),
    "expected after": ("there is text after a closing quotation mark", "double the marks inside a quoted cell"),
}
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t])"?\s*', re.IGNORECASE)  # a first line that is only for Excel
_FIGURE = re.compile(r"[-+]?[\d.,]+\s*%?", re.ASCII)
_COMMA = re.compile(  # 12,5  0,125  1.234,5  1.234.567: no figures where the comma parts thousands
    r"[-+]?(?:\d+,(?:\d{1,2}|\d{4,})|0+,\d+|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,})\s*%?", re.ASCII
)
_PLAIN = re.compile(r"(?:(?:[-+]?\d+(?:,\d{1,2})?)?\n)*+", re.ASCII)  # lines of figures that a decimal comma explains
_EITHER = re.compile(r"[-+]?(?:\d+|[1-9]\d{0,2},\d{3})\s*%?", re.ASCII)


def read_delimited(file: BinaryIO, name: str, decimal: str, intake: Intake) -> None:
    """All rows of a file into the intake; what cannot be read becomes a finding.

    `decimal` is the sign declared at the source, "" where none is: the figures of a file with semicolons that can only
    have a decimal comma are then read so, and a hint says it. A comma that is declared may still part thousands where no
    figure shows that it does not. Raises OSError, and Fault where no more can be read.
    """
    is_in_doubt = decimal == "comma" and not _has_commas(file, name, is_declared=True)
    if not decimal and _has_commas(file, name):
        decimal, message = "comma", "the figures are read with a decimal comma: 12,5 is twelve and a half"
        intake.report("S332", Place(name), message, "say 'decimal: comma' at the source", Severity.HINT)
    size = file.seek(0, SEEK_END)
    file.seek(0)
    lines = Lines(file, name, MOST_BYTES)
    rows = _read_rows(lines)
    table = Table(next(rows, []), lines.place, intake, decimal)
    if is_in_doubt:
        table.read_number = read_clear_comma
    if take := lay_out(table):
        for part in _read_parts(lines, rows, Cutter(lines, table, size)):
            if isinstance(part, TextChunk):
                take.many(part)
            elif any(map(str.strip, part)) and _fits(part, table):
                take(part[: len(table.keys)])


def _has_commas(file: BinaryIO, name: str, is_declared: bool = False) -> bool:
    """Whether a figure has a decimal comma beyond doubt; if that is not declared, semicolons part the cells and no figure
    speaks against it."""
    lines = Lines(file, name, MOST_BYTES)
    try:
        rows = _read_rows(lines)
        keys = [cell.strip().casefold() for cell in next(rows, [])]
        if not is_declared and lines.separator != ";":
            return False
        parts = _read_parts(lines, rows, lambda: cut_texts(lines, len(keys)))
        figures = _read_figures(parts, figure_columns(keys))
        if is_declared:
            return any(_COMMA.fullmatch(text.strip()) for texts in figures for text in texts)
        return _are_commas(figures)
    except Fault:
        return False
    finally:
        lines.release()
        file.seek(0)


def _read_figures(parts: Iterable[Texts | list[str]], columns: Sequence[int]) -> Iterator[Sequence[str]]:
    """The cells of these columns, some at a time."""
    for part in parts:
        if isinstance(part, Texts):
            yield from (part.columns[at] for at in columns)
        else:
            yield [part[at] for at in columns if at < len(part)]


def _are_commas(figures: Iterable[Sequence[str]]) -> bool:
    is_certain = False
    for texts in figures:
        joined = "\n".join(texts) + "\n"
        if joined.count("\n") == len(texts) and _PLAIN.fullmatch(joined):
            is_certain = is_certain or "," in joined
            continue
        for text in map(str.strip, texts):
            if _FIGURE.fullmatch(text) and not _EITHER.fullmatch(text):
                if not _COMMA.fullmatch(text):
                    return False
                is_certain = True
    return is_certain


def _read_parts(lines: Lines, rows: Iterator[list[str]], cut: Callable[[], T | None]) -> Iterator[T | list[str]]:
    """The rows behind the header: as many at once as can be cut, else one by one. Raises Fault."""
    while True:
        if part := cut():
            yield part
            continue
        last = lines.number + lines.peek_block().size
        while lines.number < last:
            cells = next(rows, None)
            if cells is None:
                return
            yield cells


def _read_rows(lines: Lines) -> Iterator[list[str]]:
    """The header, then the rows. Raises Fault."""
    lines.separator = _separator(lines)
    reader = csv.reader(lines, delimiter=lines.separator, strict=True)
    while True:
        lines.begin_row()
        try:
            cells = next(reader, None)
        except csv.Error as error:
            unlisted = (f"the row cannot be read: {shorten(str(error))}", "mend it")
            message, hint = next((words for sign, words in _CSV_WORDS.items() if sign in str(error)), unlisted)
            raise Fault("S314", lines.open_quote(), message, f"{hint}; rows from here on are left out") from None
        if cells is None:
            return
        yield cells


def _separator(lines: Lines) -> str:
    """As a first line says it; tab in a TSV file; else comma, unless the header only knows semicolons or tabs."""
    if said := _SEPARATOR_LINE.fullmatch(lines.peek()):
        next(lines)
        return said[1]
    if lines.name.lower().endswith(".tsv"):
        return "\t"
    header = lines.peek()
    counts = {sign: header.count(sign) for sign in (",", ";", "\t")}
    return "," if counts[","] or not any(counts.values()) else max(counts, key=lambda sign: counts[sign])


def _fits(cells: Sequence[str], table: Table) -> bool:
    """Whether a row has a cell for every column, and nothing beyond but empty ones; reported where not."""
    if len(cells) == len(table.keys) or (
        len(cells) > len(table.keys) and not any(map(str.strip, cells[len(table.keys) :]))
    ):
        return True
    hint = "give each row a cell for every column"
    if len(cells) > len(table.keys):
        hint = "put a cell that holds the separator in quotes, or give the header a name for every column"
    table.report("S314", 0, f"the row has {len(cells):,} cells, the header {len(table.keys):,}", hint)
    return False
