"""CSV and TSV: the long form (kpi, period, value) and the wide one (kpi, then a column a period)."""

from __future__ import annotations

import csv
import os
import stat
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scorecard.model.finding import Place, shorten
from scorecard.model.number import read_data_number, read_decimal_comma
from scorecard.model.period import PeriodError, read_period
from scorecard.model.spelling import nearest
from scorecard.store.intake import Intake, Row
from scorecard.store.lines import Fault, Lines

MOST_BYTES = 500_000_000
MOST_COLUMNS = 10_000
LONG = ("kpi", "period", "value", "target", "note", "by")
_FORMS = "begin with kpi,period,value; or with kpi and a column for each period"
_CSV_WORDS = {  # what the csv module says: a sentence, and what to do
    "unexpected end of data": ("a quotation mark is opened here and never closed", "close it, or remove it"),
    "field larger than field limit": ("a cell is too long", "look for a quotation mark that is not closed"),
    "expected after": ("there is text after a closing quotation mark", "double the marks inside a quoted cell"),
}

Take = Callable[[Sequence[str]], None]


@dataclass(frozen=True, slots=True)
class _Table:
    """What all rows of a file have in common. `keys` are the column names as they are compared."""

    lines: Lines
    header: Sequence[str]
    keys: Sequence[str]
    intake: Intake
    read_number: Callable[[str], float]

    def report(self, code: str, number: int, message: str, hint: str) -> None:
        self.intake.report(code, self.lines.place(number), message, hint)

    def fits(self, cells: Sequence[str]) -> bool:
        """Whether a row has a cell for every column; reported where not."""
        if len(cells) == len(self.keys):
            return True
        hint = "give each row a cell for every column"
        if len(cells) > len(self.keys):
            hint = "put a cell that holds the separator in quotes, or give the header a name for every column"
        self.report("S314", 0, f"the row has {len(cells):,} cells, the header {len(self.keys):,}", hint)
        return False


def read_delimited(path: Path, name: str, decimal: str, intake: Intake) -> None:
    """All rows of a file into the intake; what cannot be read becomes a finding."""
    try:
        with os.fdopen(_open(path), "rb") as file:
            _read(Lines(file, name, MOST_BYTES), decimal, intake)
    except OSError as error:
        message = f"the data file cannot be read: {(error.strerror or 'no such file').lower()}"
        intake.report("S301", Place(name), message, "look at the path under 'data:'")


def _open(path: Path) -> int:
    """A handle to read a regular file. Raises OSError before anything else is opened."""
    if stat.S_ISREG(os.stat(path).st_mode):
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        if stat.S_ISREG(os.fstat(handle).st_mode):
            return handle
        os.close(handle)
    raise OSError(0, "it is not a regular file")


def _read(lines: Lines, decimal: str, intake: Intake) -> None:
    number = read_decimal_comma if decimal == "comma" else read_data_number
    try:
        lines.separator = _separator(lines)
        reader = csv.reader(lines, delimiter=lines.separator, strict=True)
        header = next(reader, [])
        table = _Table(lines, header, [cell.strip().casefold() for cell in header], intake, number)
        take = _layout(table)
        while take:
            lines.begin_row()
            cells = next(reader, None)
            if cells is None:
                break
            if any(cells):
                take(cells)
    except Fault as fault:
        intake.report(fault.code, fault.place, fault.message, fault.hint)
    except csv.Error as error:
        at, text = lines.open_quote(), str(error)
        unlisted = (f"the row cannot be read: {shorten(text)}", "mend it")
        message, hint = next((words for sign, words in _CSV_WORDS.items() if sign in text), unlisted)
        intake.report("S314", at, message, f"{hint}; rows from here on are left out")


def _separator(lines: Lines) -> str:
    """Tab in a TSV file; else comma, unless the header only knows semicolons or tabs."""
    if lines.name.lower().endswith(".tsv"):
        return "\t"
    header = lines.peek()
    counts = {sign: header.count(sign) for sign in (",", ";", "\t")}
    return "," if counts[","] or not any(counts.values()) else max(counts, key=lambda sign: counts[sign])


def _layout(table: _Table) -> Take | None:
    """How a row is taken, by the header."""
    keys = table.keys
    counts = Counter(keys)
    if len(keys) > MOST_COLUMNS:
        message, hint = f"the header has more than {MOST_COLUMNS:,} columns", "use the columns kpi,period,value"
        table.report("S302", MOST_COLUMNS, message, hint)
    elif "kpi" not in counts:
        message = "the header has no column 'kpi'" if any(keys) else "the file has no header"
        table.report("S302", 0, message, _FORMS)
    elif twice := [number for number, key in enumerate(keys) if key and counts[key] > 1 and keys.index(key) < number]:
        message = f"the column '{shorten(table.header[twice[0]].strip())}' stands twice in the header"
        table.report("S302", twice[0], message, "keep one of them, or rename one")
    elif "period" in counts:
        return _long(table)
    else:
        return _wide(table)
    return None


def _long(table: _Table) -> Take:
    intake = table.intake
    dimensions = {name.casefold(): name for name in intake.strategy.dimensions}
    unknown = [number for number, key in enumerate(table.keys) if key not in LONG and key not in dimensions]
    if "value" not in table.keys:
        names = ", ".join(f"'{shorten(table.header[number].strip(), 30)}'" for number in unknown[:3])
        hint = f"begin with kpi,period,value; not known are {names}" if names else "begin with kpi,period,value"
        table.report("S302", 0, "the header has no column 'value'", hint)
        unknown = []
    for number in unknown:
        near = nearest(table.keys[number], [*LONG, *dimensions])
        hint = f"did you mean '{near}'?" if near else "name it under 'dimensions:', or remove the column"
        message = f"the column '{shorten(table.header[number].strip())}' is not known"
        table.report("S302", number, message if table.keys[number] else "a column has no name", hint)
    at = {key: number for number, key in enumerate(table.keys)}
    members = {dimensions[key]: number for key, number in at.items() if key in dimensions}
    columns = at | members
    first, period, value, target = (at.get(key, -1) for key in ("kpi", "period", "value", "target"))

    def place(key: str) -> Place:
        return table.lines.place(columns.get(key, 0))

    def take(cells: Sequence[str]) -> None:
        if table.fits(cells):
            row = Row(
                cells[first],
                cells[period],
                cells[value] if value >= 0 else "",
                cells[target] if target >= 0 else "",
                {name: cells[number] for name, number in members.items()},
                place,
            )
            intake.take(row, table.read_number)

    return take


def _wide(table: _Table) -> Take:
    periods = []
    for number, text in enumerate(table.header):
        if table.keys[number] == "kpi":
            continue
        try:
            read_period(text.strip())
            periods.append((number, text.strip()))
        except PeriodError as error:
            message = f"the header '{shorten(text.strip())}' {error}" if text.strip() else "a column has no header"
            hint = "write a period such as 2026-10 above each column of values, or use the columns kpi,period,value"
            table.report("S302", number, message, hint)
    first = table.keys.index("kpi")

    def pointer(number: int) -> Callable[[str], Place]:
        return lambda key: table.lines.place(first if key == "kpi" else number)

    def take(cells: Sequence[str]) -> None:
        for number, period in periods if table.fits(cells) else ():
            if cells[number].strip():
                table.intake.take(Row(cells[first], period, cells[number], "", {}, pointer(number)), table.read_number)

    return take
