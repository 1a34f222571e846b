"""Lines of a CSV file cut into columns at once, where each line is a row with a cell for every column."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from functools import partial
from sys import maxsize
from typing import NamedTuple

import numpy as np

from scorecard.compute.runs import Ints
from scorecard.store.arrow import cut_lines
from scorecard.store.columns import Cells, Column
from scorecard.store.foreign import MissingLibrary
from scorecard.store.lines import Block, Lines
from scorecard.store.table import Table, figure_columns

LARGE = 16_000_000  # bytes of a file that is worth the import of pyarrow
_MANY = 4_000_000  # characters that pyarrow cuts at once


class TextChunk:
    """Rows as a chunk of a table. `lengths` gives those of the cells in a column, where there are no quotes."""

    def __init__(
        self, lines: Lines, first: int, block: Block, columns: Sequence[Column], lengths: Callable[[int], Ints]
    ) -> None:
        self.file = lines.name
        self._source = lines
        self._first = first
        self._text = block.text
        self._size = block.size
        self._columns = columns
        self._lengths = lengths
        self._lines: list[str] = []  # once they are asked for

    def __len__(self) -> int:
        return self._size

    def column(self, number: int) -> Column:
        return self._columns[number]

    def lines(self) -> Ints:
        return np.arange(self._first, self._first + len(self))

    def starts(self, numbers: Sequence[int]) -> Ints:
        if '"' in self._text:
            return self._find_starts(numbers)
        starts = np.ones((len(self), max(numbers) + 1), dtype=np.int64)
        for number in range(max(numbers)):
            starts[:, number + 1] = starts[:, number] + self._lengths(number) + 1
        return starts[:, list(numbers)]

    def cells(self, row: int) -> list[str] | None:
        self._lines = self._lines or self._text.split("\n")
        line = self._lines[row]
        self._source.go_to(self._first + row, line)
        cells = next(csv.reader([line], delimiter=self._source.separator))
        return cells if any(map(str.strip, cells)) else None

    def _find_starts(self, numbers: Sequence[int]) -> Ints:
        """As `Lines.place` finds them."""
        cell = re.compile(rf'(?:[^"{self._source.separator}]|"[^"]*")*+{self._source.separator}')
        starts = np.ones((len(self), max(numbers) + 1), dtype=np.int64)
        for row, line in enumerate(self._text.split("\n")):
            at = 0
            for number in range(1, max(numbers) + 1):
                if found := cell.match(line, at):
                    at = found.end()
                starts[row, number] = at + 1
        return starts[:, list(numbers)]


class Texts(NamedTuple):
    """Lines that were passed over, cut into the texts of each column."""

    block: Block
    columns: list[Sequence[str]]


class Cutter:
    """Cuts the lines ahead into chunks; of a large file with pyarrow, where that is installed."""

    def __init__(self, lines: Lines, table: Table, size: int) -> None:
        self._lines = lines
        self._width = len(table.keys)
        self._figures = set(figure_columns(table.keys))
        self._table = table
        self._again = 0 if size >= LARGE else maxsize  # the line behind which pyarrow is tried again

    def __call__(self) -> TextChunk | None:
        """The next chunk; None where lines have to be read one by one."""
        if self._lines.number >= self._again and (chunk := self._cut_many()):
            return chunk
        if not (texts := cut_texts(self._lines, self._width)):
            return None
        return self._chunk(texts.block, [Cells(column) for column in texts.columns], partial(_measure, texts.columns))

    def _cut_many(self) -> TextChunk | None:
        lines, block = self._lines, self._lines.peek_block(_MANY)
        self._again = lines.number + block.size
        if not block.text or '"' in block.text:
            return None
        try:
            found = cut_lines(block, lines.separator, self._width, self._figures, self._table.read_number)
        except MissingLibrary:
            self._again = maxsize
            return None
        if found is None or not lines.skip_block(block):
            return None
        return self._chunk(block, *found)

    def _chunk(self, block: Block, columns: Sequence[Column], lengths: Callable[[int], Ints]) -> TextChunk:
        return TextChunk(self._lines, self._lines.number - block.size + 1, block, columns, lengths)


def cut_texts(lines: Lines, width: int) -> Texts | None:
    """The lines ahead, passed over; None where not each of them is a row with a cell for every column."""
    block = lines.peek_block()
    cut = _cut_quoted if '"' in block.text else _cut_plain
    columns = cut(block, lines.separator, width) if block.text and width > 1 else None
    return Texts(block, columns) if columns and lines.skip_block(block) else None


def _measure(columns: Sequence[Sequence[str]], number: int) -> Ints:
    return np.fromiter(map(len, columns[number]), np.int64, len(columns[number]))


def _cut_plain(block: Block, separator: str, width: int) -> list[Sequence[str]] | None:
    if len(block.text) > csv.field_size_limit():
        return None
    cells = block.text.replace("\n", f"{separator}\n").split(separator)
    columns: list[Sequence[str]] = [cells[number::width] for number in range(width)]
    columns[0] = "".join(columns[0]).split("\n")  # each of its cells but the first began with the end of a line
    return columns if len(cells) == width * block.size and len(columns[0]) == block.size else None


def _cut_quoted(block: Block, separator: str, width: int) -> list[Sequence[str]] | None:
    try:
        rows = list(csv.reader(block.text.split("\n"), delimiter=separator, strict=True))
    except csv.Error:
        return None
    if len(rows) != block.size or set(map(len, rows)) != {width}:
        return None
    return list(zip(*rows, strict=True))
