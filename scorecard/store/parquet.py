"""Parquet: the long or the wide form as typed columns, read batch by batch, each text unpacked once a batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from typing import Any, BinaryIO

from scorecard.model.finding import Place
from scorecard.store.foreign import make_cell, require, tame
from scorecard.store.intake import Cell, Intake
from scorecard.store.lines import Fault
from scorecard.store.table import LONG, Table, lay_out

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
    line = 1

    def place(number: int) -> Place:
        return Place(name, line, number + 1)

    header = ["" if column.startswith(_INDEX) else column for column in book.schema_arrow.names]
    table = Table(header, place, intake, decimal)
    if take := lay_out(table):
        for line, cells in enumerate(tame(_read_rows(book, _used(table)), damaged), 1):  # noqa: B007 (read by `place`)
            take(cells)


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


def _read_rows(book: Any, used: set[int]) -> Iterator[Sequence[Cell]]:
    """The rows with a cell for every column, empty where the column is not used."""
    names = book.schema_arrow.names
    for batch in book.iter_batches(_BATCH, columns=[names[number] for number in sorted(used)]):
        columns: list[Iterable[Cell]] = [
            _read_cells(batch.column(name)) if number in used else repeat("", batch.num_rows)
            for number, name in enumerate(names)
        ]
        yield from zip(*columns, strict=True)


def _read_cells(column: Any) -> list[Cell]:
    if hasattr(column, "dictionary"):
        words = [make_cell(word) for word in column.dictionary.to_pylist()]
        return ["" if number is None else words[number] for number in column.indices.to_pylist()]
    return [make_cell(value) for value in column.to_pylist()]
