"""The lines of a data file: read one by one or many at once, within limits, and the places of the cells in a row."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import accumulate
from typing import BinaryIO, NamedTuple

from scorecard.model.finding import Place

MOST_LINE = 1_000_000  # characters of a line, and of a row of several
BLOCK = 65_536  # characters read at once: what is cut from them fits the processor's cache
_FOREIGN = re.compile("[\udc80-\udcff]")  # bytes that are not UTF-8, as they are decoded below


class Fault(Exception):
    """Why no more can be read of a file."""

    def __init__(self, code: str, place: Place, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.place, self.message, self.hint = code, place, message, hint


class Block(NamedTuple):
    """Lines ahead; the last one's end is not in the text."""

    text: str
    size: int  # lines


class Lines(Iterator[str]):
    """Yields the lines, each with its end, to a reader that asks for a row's lines as it needs them. Raises Fault."""

    def __init__(self, file: BinaryIO, name: str, most_characters: int) -> None:
        self.name = name
        self.separator = ","
        self._text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline=None)
        self._ahead = ""  # what is read but not given yet begins at `_at`
        self._at = 0
        self._left = most_characters
        self.number = 0  # of the line read last
        self._row: list[str] = []  # the lines of the row at hand
        self._first = 1  # the number of the first of them
        self._row_left = MOST_LINE
        self._starts: list[tuple[int, int]] = []  # of the cells of that row, once asked for: line and column

    def __next__(self) -> str:
        line = self.peek()
        if not line:
            raise StopIteration
        self._at += len(line)
        self.number += 1
        self._left -= len(line)
        self._row_left -= len(line)
        self._row.append(line)
        here = Place(self.name, self.number)
        if self._left < 0:
            raise Fault("S301", here, "the data file is too large", "split it, or keep the figures in a database")
        if self._row_left < 0:
            hint = "look for a quotation mark that is not closed; rows from here on are left out"
            raise Fault("S314", here, f"a row is longer than {MOST_LINE:,} characters", hint)
        if not line.isascii() and (found := _FOREIGN.search(line)):
            place = Place(self.name, self.number, found.start() + 1)
            message = f"the byte 0x{ord(found[0]) - 0xDC00:02X} is not UTF-8"
            raise Fault(
                "S301", place, message, "save the file as UTF-8 (in Excel: 'CSV UTF-8'); rows from here on are left out"
            )
        return line

    def peek(self) -> str:
        """The next line, or as much of it as is read at most."""
        while (end := self._ahead.find("\n", self._at)) < 0 and len(self._ahead) - self._at <= MOST_LINE:
            if not self._read(BLOCK):
                break
        return self._ahead[self._at : end + 1 if end >= 0 else self._at + MOST_LINE + 1]

    def peek_block(self, size: int = 0) -> Block:
        """Whole lines ahead, of about as many characters as asked for, else BLOCK; without text where there are none."""
        size = size or BLOCK
        if len(self._ahead) - self._at < size:
            self._read(size)
        end = self._ahead.rfind("\n", self._at, self._at + size)
        if self._at + size > len(self._ahead):  # the file ends here
            end = len(self._ahead) - self._ahead.endswith("\n")
        text = self._ahead[self._at : max(end, self._at)]
        return Block(text, text.count("\n") + 1)

    def skip_block(self, block: Block) -> bool:
        """Passes over lines ahead, and says whether it did: where one is past a limit or not UTF-8, each has to be read."""
        text, half = block.text, MOST_LINE // 2
        if len(text) >= self._left or (not text.isascii() and _FOREIGN.search(text)):
            return False
        if any(text.find("\n", at, at + half) < 0 for at in range(0, len(text) - half, half)):
            return False
        self._at = min(self._at + len(text) + 1, len(self._ahead))
        self._left -= len(text) + 1
        self.number += block.size
        return True

    def go_to(self, number: int, line: str) -> None:
        """Makes a line that was passed over the row at hand."""
        self.begin_row()
        self._row.append(line)
        self._first = number

    def _read(self, size: int) -> bool:
        more = self._text.read(size)
        self._ahead, self._at = self._ahead[self._at :] + more, 0
        return bool(more)

    def release(self) -> None:
        """Leaves the file open for another reader."""
        self._text.detach()

    def begin_row(self) -> None:
        self._row.clear()
        self._starts.clear()
        self._first = self.number + 1
        self._row_left = MOST_LINE

    def place(self, number: int) -> Place:
        """Where a cell of the row at hand begins; cells count from 0."""
        if not self._starts:
            self._starts.extend(self._find_cells())
        return Place(self.name, *self._starts[min(number, len(self._starts) - 1)])

    def open_quote(self) -> Place:
        """Where the last quoted cell of the row at hand opens."""
        lines = dict(enumerate(self._row, self._first))
        quoted = [(line, column) for line, column in self._find_cells() if lines.get(line, "")[column - 1 :][:1] == '"']
        return Place(self.name, *(quoted or [(max(self.number, 1), 1)])[-1])

    def _find_cells(self) -> Iterator[tuple[int, int]]:
        """Line and column of each cell of the row at hand."""
        yield self._first, 1
        is_quoted = False
        for line, text in enumerate(self._row, self._first):
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
