"""What pyarrow reads, as columns: texts as numbers of words, figures as arrays. For Parquet, and for large CSV files."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from scorecard.compute.runs import Ints
from scorecard.store.columns import LONGEST, Cells, Column, Figures, Memo, ReadNumber, Words, is_plain, uses_commas
from scorecard.store.foreign import make_cell, require
from scorecard.store.intake import Cell
from scorecard.store.lines import Block


class Numbers:
    """A column of figures as a typed array."""

    def __init__(self, array: Any) -> None:
        self._array = array
        values = array.fill_null(0).to_numpy(zero_copy_only=False).astype(np.float64)
        is_null = array.is_null().to_numpy(zero_copy_only=False)
        self._figures = Figures(np.where(is_null, np.nan, values), ~np.isfinite(values))

    def __getitem__(self, row: int, /) -> Cell:
        return make_cell(self._array[row].as_py())

    def code(self, memo: Memo) -> Ints:
        return _as_cells(self._array).code(memo)

    def read(self, _: ReadNumber) -> Figures:
        return self._figures

    def is_blank(self) -> bool:
        return False


def read_words(array: Any) -> Column:
    """A column of names or periods. Raises IndexError where the numbers of words are damaged."""
    pyarrow = require("pyarrow", "parquet")
    if not isinstance(array, pyarrow.DictionaryArray):
        try:
            array = array.dictionary_encode()
        except pyarrow.ArrowException:
            return _as_cells(array)
    words = [*map(make_cell, array.dictionary.to_pylist()), ""]
    is_null = array.indices.is_null().to_numpy(zero_copy_only=False)
    codes = array.indices.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    if len(codes) and not 0 <= codes.min() <= codes.max() < len(words):
        raise IndexError
    return Words(np.where(is_null, len(words) - 1, codes), words)


def read_figures(array: Any) -> Column:
    """A column of figures, of whatever type."""
    pyarrow = require("pyarrow", "parquet")
    kind = array.type
    if pyarrow.types.is_integer(kind) or pyarrow.types.is_float32(kind) or pyarrow.types.is_float64(kind):
        return Numbers(array)
    return read_words(array) if pyarrow.types.is_dictionary(kind) else _as_cells(array)


def cut_lines(
    block: Block, separator: str, width: int, figures: Collection[int], read_number: ReadNumber
) -> tuple[list[Column], Callable[[int], Ints]] | None:
    """The columns of lines without quotes, and what gives the lengths of the cells in one; `figures` are those of figures.

    None where a line has not a cell for each of `width` columns. Raises MissingLibrary.
    """
    library, reader = require("pyarrow", "parquet"), require("pyarrow.csv", "parquet")
    compute = require("pyarrow.compute", "parquet")
    words = library.dictionary(library.int32(), library.string())
    headers = [str(number) for number in range(width)]
    types = {header: library.string() if number in figures else words for number, header in enumerate(headers)}
    try:
        content = block.text.encode()
        table = reader.read_csv(
            library.BufferReader(content),
            reader.ReadOptions(column_names=headers, block_size=len(content) + 1),
            reader.ParseOptions(delimiter=separator, quote_char=False, ignore_empty_lines=False),
            reader.ConvertOptions(column_types=types, null_values=[""], strings_can_be_null=True),
        )
    except (library.ArrowInvalid, UnicodeEncodeError):
        return None
    if table.num_rows != block.size:
        return None
    arrays = [column.combine_chunks() for column in table.columns]
    columns = [
        _read_texts(array, read_number, compute) if number in figures else read_words(array)
        for number, array in enumerate(arrays)
    ]

    def lengths(number: int) -> Ints:
        array = arrays[number]
        if number in figures:
            return np.asarray(compute.utf8_length(array).fill_null(0).to_numpy(), dtype=np.int64)
        sizes = np.array([*map(len, array.dictionary.to_pylist()), 0], dtype=np.int64)
        return np.asarray(sizes[array.indices.fill_null(-1).to_numpy()], dtype=np.int64)

    return columns, lengths


def _read_texts(array: Any, read_number: ReadNumber, compute: Any) -> Column:
    """A column of figures as texts: as numbers where pyarrow cannot read them otherwise than we do."""
    signs = bytes(array.buffers()[2] or b"")
    longest = compute.max(compute.binary_length(array)).as_py() or 0
    if is_plain(signs, read_number) and longest <= LONGEST:
        try:
            texts = compute.replace_substring(array, ",", ".") if uses_commas(read_number) else array
            return Numbers(texts.cast("float64"))
        except ValueError:
            pass
    return _as_cells(array)


def _as_cells(array: Any) -> Cells:
    return Cells([make_cell(value) for value in array.to_pylist()])
