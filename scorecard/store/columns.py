"""Many rows at once as columns: each text is matched once, figures are read in bulk.

What is not plain beyond doubt is marked, and left to the way that a single row goes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from scorecard.compute.runs import Bools, Floats, Ints
from scorecard.model.number import NumberError, read_clear_comma, read_data_number, read_decimal_comma
from scorecard.store.intake import Cell, read_cell, write_cell

ReadNumber = Callable[[str], float]
UNKNOWN = -1  # the code of a text that has none
LONGEST = 100  # characters of a figure that is read in bulk
_SIGNS: dict[ReadNumber, bytes] = {  # a number of these alone is read in one way only, once a comma is a point
    read_data_number: b"0123456789+-.",
    read_decimal_comma: b"0123456789+-,",
    read_clear_comma: b"0123456789+-",
}


class Memo(dict[str, int]):
    """The code of each text, found once; texts without one are not kept."""

    def __init__(self, find: Callable[[str], int]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, text: str) -> int:
        code = self._find(text)
        if code != UNKNOWN:
            self[text] = code
        return code


class Figures(NamedTuple):
    """Figures of many cells: NaN is an empty cell, or one marked `odd`, which has to be looked at by itself."""

    values: Floats
    odd: Bools


class Column(Protocol):
    """The cells of many rows under one header."""

    def __getitem__(self, row: int, /) -> Cell: ...

    def code(self, memo: Memo) -> Ints:
        """The code of each text."""
        ...

    def read(self, read_number: ReadNumber) -> Figures: ...

    def is_blank(self) -> bool:
        """Whether it is certain that no cell holds anything."""
        ...


class Chunk(Protocol):
    """Rows of a table, each with a cell for every column, and their places in `file`."""

    @property
    def file(self) -> str: ...

    def __len__(self) -> int: ...

    def column(self, number: int) -> Column: ...

    def lines(self) -> Ints:
        """The line of each row."""
        ...

    def starts(self, numbers: Sequence[int]) -> Ints:
        """Where in their line these cells begin [row, cell], from 1."""
        ...

    def cells(self, row: int) -> Sequence[Cell] | None:
        """The cells of a row, which becomes the one at hand; None for a row to pass over."""
        ...


class Cells:
    """A column as a list."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self._cells = cells
        self._types = set(map(type, cells))

    def __getitem__(self, row: int, /) -> Cell:
        return self._cells[row]

    def code(self, memo: Memo) -> Ints:
        texts = self._cells if self._types <= {str} else map(write_cell, self._cells)
        return np.fromiter(map(memo.__getitem__, texts), np.int64, len(self._cells))  # type: ignore[arg-type]

    def read(self, read_number: ReadNumber) -> Figures:
        if self._types <= {str}:
            values = _read_plain(self._cells, read_number)  # type: ignore[arg-type]
            if values is not None:
                return Figures(values, np.isinf(values))
        elif self._types <= {float}:
            values = np.array(self._cells, dtype=np.float64)
            return Figures(values, ~np.isfinite(values))
        return _read_each(self._cells, read_number)

    def is_blank(self) -> bool:
        return self._types <= {str} and not "".join(self._cells).strip()  # type: ignore[arg-type]


class Words:
    """A column as numbers of words."""

    def __init__(self, codes: Ints, words: Sequence[Cell]) -> None:
        self._codes = codes
        self._words = words

    def __getitem__(self, row: int, /) -> Cell:
        return self._words[int(self._codes[row])]

    def code(self, memo: Memo) -> Ints:
        return Cells(self._words).code(memo)[self._codes]

    def read(self, read_number: ReadNumber) -> Figures:
        figures = Cells(self._words).read(read_number)
        return Figures(figures.values[self._codes], figures.odd[self._codes])

    def is_blank(self) -> bool:
        return Cells(self._words).is_blank()


def is_plain(signs: bytes, read_number: ReadNumber) -> bool:
    """Whether figures, written one behind the other, hold nothing that a reader of numbers might take amiss."""
    return read_number in _SIGNS and not signs.translate(None, _SIGNS[read_number])


def uses_commas(read_number: ReadNumber) -> bool:
    """Whether the comma of a plain figure is its decimal sign."""
    return b"," in _SIGNS[read_number]


class Batch:
    """A chunk of a table in which a cell's place is the number of its row and column; `go_to` makes a row the one at hand."""

    def __init__(
        self, file: str, first: int, size: int, columns: Sequence[Column], go_to: Callable[[int], None]
    ) -> None:
        self.file = file
        self._first = first
        self._size = size
        self._columns = columns
        self._go_to = go_to

    def __len__(self) -> int:
        return self._size

    def column(self, number: int) -> Column:
        return self._columns[number]

    def lines(self) -> Ints:
        return np.arange(self._first, self._first + self._size)

    def starts(self, numbers: Sequence[int]) -> Ints:
        return np.tile(np.array(numbers, dtype=np.int64) + 1, (self._size, 1))

    def cells(self, row: int) -> list[Cell]:
        self._go_to(self._first + row)
        return [column[row] for column in self._columns]


def group(keys: Ints) -> tuple[Ints, Ints]:
    """The first row of each distinct key, and for each row the number of its key among those."""
    order = np.argsort(keys, kind="stable")
    is_first = np.diff(keys[order], prepend=-1) != 0
    numbers = np.empty(len(keys), dtype=np.int64)
    numbers[order] = np.cumsum(is_first) - 1
    return order[is_first], numbers


def _read_plain(texts: Sequence[str], read_number: ReadNumber) -> Floats | None:
    """The numbers of plain figures, infinite where one is too large; None where a text is something else."""
    if not is_plain("".join(texts).encode(errors="replace"), read_number) or max(map(len, texts), default=0) > LONGEST:
        return None
    if uses_commas(read_number):
        texts = [text.replace(",", ".") for text in texts]
    if "" in texts:
        texts = [text or "nan" for text in texts]
    try:
        return np.fromiter(map(float, texts), np.float64, len(texts))
    except ValueError:
        return None


def _read_each(cells: Sequence[Cell], read_number: ReadNumber) -> Figures:
    values, odd = np.full(len(cells), np.nan), np.zeros(len(cells), dtype=bool)
    for row, cell in enumerate(cells):
        try:
            number = read_cell(cell, read_number)
        except NumberError:
            odd[row] = True
        else:
            if number is not None:
                values[row] = number
    return Figures(values, odd)
