"""Parquet: the long or the wide form as typed columns, read batch by batch, each text unpacked once a batch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np

from scorecard.model.finding import Place
from scorecard.store.arrow import read_figures, read_words
from scorecard.store.columns import Batch, Column, Words
from scorecard.store.foreign import require, tame
from scorecard.store.intake import Intake
from scorecard.store.lines import Fault
from scorecard.store.table import LONG, Table, figure_columns, lay_out

MOST_ROWS = 10_000_000
MOST_BYTES = 4_000_000_000  # of all columns, unpacked
_BATCH = 20_000
_INDEX = "__index_level_"  # begins the columns that pandas writes for itself


def read_parquet(file: BinaryIO, name: str, decimal: str, intake: Intake) -> None:
    """All values of a file into the intake; lines count the rows from 1, columns those of the file.

    Raises OSError, Fault where no more can be read, and MissingLibrary.
    """
    library = require("pyarrow.parquet", "parquet")
    damaged = Fault("S301", Place(name), "the file is no Parquet file, or damaged", "write it again")
    book = next(tame((_open(library, one) for one in [file]), damaged))
    if book.metadata.num_rows > MOST_ROWS or _size(book.metadata) > MOST_BYTES:
        hint = f"write at most {MOST_ROWS:,} rows into one file, or keep the figures in a database"
        raise Fault("S301", Place(name), "the file is too large", hint)
    at_hand = 1

    def place(number: int) -> Place:
        return Place(name, at_hand, number + 1)

    def go_to(line: int) -> None:
        nonlocal at_hand
        at_hand = line

    header = ["" if column.startswith(_INDEX) else column for column in book.schema_arrow.names]
    table = Table(header, place, intake, decimal)
    if take := lay_out(table):
        for first, size, columns in tame(_read_batches(book, table), damaged):
            take.many(Batch(name, first, size, columns, go_to))


def _open(library: Any, file: BinaryIO) -> Any:
    """The file, its texts as words and numbers of words."""
    schema = library.read_schema(file)
    file.seek(0)
    return library.ParquetFile(file, read_dictionary=[field.name for field in schema if "string" in str(field.type)])


def _size(metadata: Any) -> int:
    return sum(metadata.row_group(number).total_byte_size for number in range(metadata.num_row_groups))


def _used(table: Table) -> set[int]:
    """The columns that change a number."""
    known = {*LONG[:4], *(name.casefold() for name in table.intake.strategy.dimensions)}
    is_long = "period" in table.keys
    return {number for number, key in enumerate(table.keys) if (key in known if is_long else key)}


def _read_batches(book: Any, table: Table) -> Iterator[tuple[int, int, list[Column]]]:
    """The first line of each batch, how many it has, and a column for each header, empty where it is not used."""
    names, used, figures = book.schema_arrow.names, _used(table), set(figure_columns(table.keys))
    first = 1
    for batch in book.iter_batches(_BATCH, columns=[names[number] for number in sorted(used)]):
        size = batch.num_rows
        empty = Words(np.zeros(size, dtype=np.int64), [""])
        columns: list[Column] = []
        for number, name in enumerate(names):
            read = read_figures if number in figures else read_words
            columns.append(read(batch.column(name)) if number in used else empty)
        yield first, size, columns
        first += size
