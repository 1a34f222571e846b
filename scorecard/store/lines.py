"""The lines of a data file: read one by one within limits, and the places of the cells in the row at hand."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import accumulate
from typing import BinaryIO

from scorecard.model.finding import Place

MOST_LINE = 1_000_000  # characters of a line, and of a row of several
_FOREIGN = re.compile("[\udc80-\udcff]")  # bytes that are not UTF-8, as they are decoded below


class Fault(Exception):
    """Why no more can be read of a file."""

    def __init__(self, code: str, place: Place, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.place, self.message, self.hint = code, place, message, hint


class Lines(Iterator[str]):
    """Yields the lines, each with its end, to a reader that asks for a row's lines as it needs them. Raises Fault."""

    def __init__(self, file: BinaryIO, name: str, most_characters: int) -> None:
        self.name = name
        self.separator = ","
        self._text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline=None)
        self._ahead: str | None = None
        self._left = most_characters
        self._number = 0  # of the line read last
        self._row: list[str] = []  # the lines of the row at hand
        self._row_left = MOST_LINE
        self._starts: list[tuple[int, int]] = []  # of the cells of that row, once asked for: line and column

    def __next__(self) -> str:
        line, self._ahead = self.peek(), None
        if not line:
            raise StopIteration
        self._number += 1
        self._left -= len(line)
        self._row_left -= len(line)
        self._row.append(line)
        here = Place(self.name, self._number)
        if self._left < 0:
            raise Fault("S301", here, "the data file is too large", "split it, or keep the figures in a database")
        if self._row_left < 0:
            hint = "look for a quotation mark that is not closed; rows from here on are left out"
            raise Fault("S314", here, f"a row is longer than {MOST_LINE:,} characters", hint)
        if not line.isascii() and (found := _FOREIGN.search(line)):
            place = Place(self.name, self._number, found.start() + 1)
            message = f"the byte 0x{ord(found[0]) - 0xDC00:02X} is not UTF-8"
            raise Fault(
                "S301", place, message, "save the file as UTF-8 (in Excel: 'CSV UTF-8'); rows from here on are left out"
            )
        return line

    def peek(self) -> str:
        """The next line, or as much of it as is read at most."""
        if self._ahead is None:
            self._ahead = self._text.readline(MOST_LINE + 1)
        return self._ahead

    def release(self) -> None:
        """Leaves the file open for another reader."""
        self._text.detach()

    def begin_row(self) -> None:
        self._row.clear()
        self._starts.clear()
        self._row_left = MOST_LINE

    def place(self, number: int) -> Place:
        """Where a cell of the row at hand begins; cells count from 0."""
        if not self._starts:
            self._starts.extend(self._find_cells())
        return Place(self.name, *self._starts[min(number, len(self._starts) - 1)])

    def open_quote(self) -> Place:
        """Where the last quoted cell of the row at hand opens."""
        lines = dict(enumerate(self._row, self._number - len(self._row) + 1))
        quoted = [(line, column) for line, column in self._find_cells() if lines.get(line, "")[column - 1 :][:1] == '"']
        return Place(self.name, *(quoted or [(max(self._number, 1), 1)])[-1])

    def _find_cells(self) -> Iterator[tuple[int, int]]:
        """Line and column of each cell of the row at hand."""
        first = max(self._number - len(self._row) + 1, 1)
        yield first, 1
        is_quoted = False
        for line, text in enumerate(self._row, first):
            if not is_quoted and '"' not in text:
                for column in accumulate((len(cell) + 1 for cell in text.split(self.separator)[:-1]), initial=1):
                    if column > 1:
                        yield line, column
                continue
            for index, sign in enumerate(text):
                if sign == '"':
                    is_quoted = not is_quoted
                elif sign == self.separator and not is_quoted:
                    yield line, index + 2
