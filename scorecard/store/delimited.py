"""CSV and TSV: the long form (kpi, period, value) and the wide one (kpi, then a column a period)."""

from __future__ import annotations

import csv
import difflib
import os
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

from scorecard.model.finding import Finding, Place, Severity, shorten
from scorecard.model.number import read_data_number, read_decimal_comma
from scorecard.model.period import PeriodError, read_period
from scorecard.store.intake import Intake, Row

MOST_BYTES = 500_000_000
LONG = ("kpi", "period", "value", "target", "note", "by")


def read_delimited(path: Path, name: str, decimal: str, intake: Intake) -> None:
    """All rows of a file into the intake; what cannot be read becomes a finding."""
    text = _read_text(path, name, intake)
    if text is None:
        return
    lines = text.split("\n")
    separator = "\t" if name.endswith(".tsv") else _separator(lines[0])
    reader = csv.reader((line + "\n" for line in lines), delimiter=separator, strict=True)
    read_number = read_decimal_comma if decimal == "comma" else read_data_number
    try:
        header = [cell.strip() for cell in next(reader, [])]
        take = _layout(header, name, intake, read_number)
        if take is None:
            return
        line = reader.line_num + 1
        for cells in reader:
            if any(cells):
                take(cells, line)
            line = reader.line_num + 1
    except csv.Error as error:
        intake.findings.append(
            Finding(
                "S314",
                Severity.ERROR,
                Place(name, max(reader.line_num, 1)),
                f"the row cannot be read: {shorten(str(error))}",
                "look for a quotation mark that is not closed; rows from here on are left out",
            )
        )


def _read_text(path: Path, name: str, intake: Intake) -> str | None:
    def refuse(message: str, hint: str, line: int = 1) -> None:
        intake.findings.append(Finding("S301", Severity.ERROR, Place(name, line), message, hint))

    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        refuse(
            f"the data file cannot be read: {(error.strerror or 'no such file').lower()}",
            "look at the path under 'data:'",
        )
        return None
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            refuse("this is not a regular file", "name a CSV or TSV file")
            return None
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        refuse(f"the data file is larger than {MOST_BYTES:,} bytes", "split it, or keep the figures in a database")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        refuse(
            f"the byte 0x{data[error.start]:02x} is not UTF-8",
            "save the file as UTF-8",
            data.count(b"\n", 0, error.start) + 1,
        )
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _separator(header: str) -> str:
    """Comma, unless the header only knows semicolons or tabs."""
    counts = {sign: header.count(sign) for sign in (",", ";", "\t")}
    return "," if counts[","] or not any(counts.values()) else max(counts, key=lambda sign: counts[sign])


def _layout(
    header: Sequence[str], name: str, intake: Intake, read_number: Callable[[str], float]
) -> Callable[[Sequence[str], int], None] | None:
    """How a row is taken, by the header."""
    keys = [cell.casefold() for cell in header]
    twice = sorted({key for key in keys if keys.count(key) > 1 and key})
    if twice or "kpi" not in keys:
        message = (
            f"the column '{shorten(twice[0])}' stands twice in the header"
            if twice
            else "the header has no column 'kpi'"
        )
        intake.findings.append(
            Finding(
                "S302",
                Severity.ERROR,
                Place(name),
                message,
                "begin with kpi,period,value; or with kpi and a column for each period",
            )
        )
        return None
    if "period" in keys:
        return _long(header, keys, name, intake, read_number)
    return _wide(header, keys, name, intake, read_number)


def _long(
    header: Sequence[str], keys: Sequence[str], name: str, intake: Intake, read_number: Callable[[str], float]
) -> Callable[[Sequence[str], int], None]:
    dimensions = {name.casefold(): name for name in intake.strategy.dimensions}
    for number, key in enumerate(keys):
        if key not in LONG and key not in dimensions:
            near = difflib.get_close_matches(key[:80], [*LONG, *dimensions], 1, 0.6)
            hint = f"did you mean '{near[0]}'?" if near else "name it under 'dimensions:', or remove the column"
            intake.findings.append(
                Finding(
                    "S302",
                    Severity.ERROR,
                    Place(name, 1, _column(header, number)),
                    f"the column '{shorten(header[number])}' is not known",
                    hint,
                )
            )
    if "value" not in keys:
        intake.findings.append(
            Finding(
                "S302", Severity.ERROR, Place(name), "the header has no column 'value'", "begin with kpi,period,value"
            )
        )
    at = {key: number for number, key in enumerate(keys)}
    members = {dimensions[key]: number for key, number in at.items() if key in dimensions}

    def take(cells: Sequence[str], line: int) -> None:
        if len(cells) != len(keys):
            intake.report(
                "S314",
                Place(name, line),
                f"the row has {len(cells)} cells, the header {len(keys)}",
                "give each row a cell for every column",
            )
            return

        def cell(key: str) -> str:
            return cells[at[key]] if key in at else ""

        def place(key: str) -> Place:
            return Place(name, line, _column(cells, at.get(key, members.get(key, 0))))

        intake.take(
            Row(
                cell("kpi"),
                cell("period"),
                cell("value"),
                cell("target"),
                {d: cells[n] for d, n in members.items()},
                place,
            ),
            read_number,
        )

    return take


def _wide(
    header: Sequence[str], keys: Sequence[str], name: str, intake: Intake, read_number: Callable[[str], float]
) -> Callable[[Sequence[str], int], None]:
    periods = []
    for number, text in enumerate(header):
        if keys[number] == "kpi":
            continue
        try:
            read_period(text)
            periods.append((number, text))
        except PeriodError as error:
            intake.findings.append(
                Finding(
                    "S302",
                    Severity.ERROR,
                    Place(name, 1, _column(header, number)),
                    f"the header '{shorten(text)}' {error}",
                    "write a period such as 2026-10 above each column of values, or use the columns kpi,period,value",
                )
            )
    first = keys.index("kpi")

    def take(cells: Sequence[str], line: int) -> None:
        if len(cells) != len(keys):
            intake.report(
                "S314",
                Place(name, line),
                f"the row has {len(cells)} cells, the header {len(keys)}",
                "give each row a cell for every column",
            )
            return
        for number, period in periods:
            if cells[number].strip():
                intake.take(
                    Row(cells[first], period, cells[number], "", {}, _pointer(name, line, cells, first, number)),
                    read_number,
                )

    return take


def _pointer(name: str, line: int, cells: Sequence[str], first: int, number: int) -> Callable[[str], Place]:
    return lambda key: Place(name, line, _column(cells, first if key == "kpi" else number))


def _column(cells: Sequence[str], number: int) -> int:
    """Where a cell begins in its line, where none before it is quoted."""
    return 1 + sum(len(cell) + 1 for cell in cells[:number])
