"""The sheets of an XLSX book: unpacked within limits, streamed row by row, with the merged cells known beforehand."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from scorecard.model.finding import Place, shorten
from scorecard.store.foreign import tame
from scorecard.store.lines import Fault

MOST_BYTES = 200_000_000  # of all parts of a book, unpacked
MOST_PARTS = 10_000
MOST_MERGES = 100_000  # of a sheet
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^<>]*?ref\s*=\s*[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_LONGEST_MERGE = 200  # bytes of its text
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"  # begins books before XLSX, and those with a password


@dataclass(frozen=True, slots=True)
class Merge:
    """Cells shown as one: first and last row and column, from 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as findings call it, and its merged cells from top to bottom.

    `formulas` is the same sheet with formulas in place of results, None where it has no formula.
    """

    name: str
    merges: Sequence[Merge]
    values: Any
    formulas: Any

    def rows(self, first: int, last: int, width: int) -> Iterator[list[Any]]:
        """The cells of each row, columns 1 to `width`: results, and a formula where none was computed. Raises Fault."""
        bounds = {"min_row": first, "max_row": last, "max_col": width}
        fault = Fault("S301", Place(self.name), "the sheet cannot be read: it is damaged", "save the book again")
        rows = tame(self.values.iter_rows(**bounds), fault)
        if self.formulas is None:
            yield from map(list, rows)
            return
        for cells, sources in zip(rows, tame(self.formulas.iter_rows(**bounds), fault), strict=False):
            pairs = zip(cells, sources, strict=False)
            yield [source if cell.value is None and source.data_type == "f" else cell for cell, source in pairs]


def open_sheets(openpyxl: Any, file: BinaryIO, name: str) -> Iterator[Sheet]:
    """The sheets of the book called `name`, each called `name!title`. Raises Fault."""
    _refuse_unsafe(file, name)
    fault = Fault("S301", Place(name), "the book cannot be read: it is damaged", "save it again as XLSX")
    options = [{"read_only": True, "keep_links": False, "data_only": data_only} for data_only in (True, False)]
    results, formulas = tame((openpyxl.load_workbook(file, **one) for one in options), fault)
    for values, sources in zip(results.worksheets, formulas.worksheets, strict=True):
        title = f"{name}!{shorten(values.title)}"
        has_formulas, merges = next(tame((_look_through(one, title) for one in [values]), fault))
        yield Sheet(title, merges, values, sources if has_formulas else None)


def _refuse_unsafe(file: BinaryIO, name: str) -> None:
    """Raises Fault for what is no book, or would unpack to more than is read."""
    start = file.read(len(_OLD_OR_LOCKED))
    file.seek(0)
    if start == _OLD_OR_LOCKED:
        message = "the book is locked by a password, or of the kind before XLSX"
        raise Fault("S301", Place(name), message, "save it as XLSX without a password")
    try:
        with zipfile.ZipFile(file) as book:
            parts = book.infolist()
            if sum(part.file_size for part in parts) > MOST_BYTES or len(parts) > MOST_PARTS:
                raise Fault("S301", Place(name), "the book is too large", "split it, or use Parquet or a database")
            if any(_declares(book, part) for part in parts if part.filename.endswith((".xml", ".rels"))):
                message = "the book declares XML of its own, which no spreadsheet program does"
                raise Fault("S301", Place(name), message, "save it again in a spreadsheet program")
    except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, EOFError, NotImplementedError):
        raise Fault("S301", Place(name), "the file is no XLSX book, or damaged", "save it again as XLSX") from None


def _declares(book: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part opens like a document that could define entities."""
    with book.open(part) as stream:
        start = stream.read(4096)
    return b"<!" in start.replace(b"<!--", b"") or start.startswith((b"\xff\xfe", b"\xfe\xff"))


def _look_through(sheet: Any, title: str) -> tuple[bool, list[Merge]]:
    """Whether a sheet has formulas, and its merged cells: from its text, as rows that are streamed tell neither."""
    has_formulas, rest = False, b""
    merges: list[Merge] = []
    with sheet._get_source() as stream:
        while chunk := stream.read(1 << 20):
            text, end = rest + chunk, 0
            has_formulas = has_formulas or _FORMULA.search(text) is not None
            for found in _MERGED.finditer(text):
                left, top, right, bottom = found.groups()
                merges.append(Merge(int(top), _column(left), int(bottom), _column(right)))
                end = found.end()
            if len(merges) > MOST_MERGES:
                raise Fault("S301", Place(title), "the sheet has too many merged cells", "split them")
            rest = text[max(end, len(text) - _LONGEST_MERGE) :]
    return has_formulas, sorted(merges, key=lambda merge: merge.top)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
