"""A table of any source: the long form (kpi, period, value) and the wide one (kpi, then a column a period)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from scorecard.model.finding import Place, shorten
from scorecard.model.number import read_data_number, read_decimal_comma
from scorecard.model.period import PeriodError, read_period
from scorecard.model.spelling import nearest
from scorecard.store.intake import Cell, Intake, Row, write_cell

MOST_COLUMNS = 10_000
LONG = ("kpi", "period", "value", "target", "note", "by")
_FORMS = "begin with kpi,period,value; or with kpi and a column for each period"

Take = Callable[[Sequence[Cell]], None]


class Table:
    """What all rows of a table have in common.

    `keys` are the column names as they are compared; `place` gives the place of a cell, counted from 0, of the row at
    hand, the header to begin with. `decimal` is the sign of numbers that are texts: "comma", else a point.
    """

    def __init__(self, header: Sequence[str], place: Callable[[int], Place], intake: Intake, decimal: str) -> None:
        self.header = [name.strip() for name in header]
        self.keys = [name.casefold() for name in self.header]
        self.place = place
        self.intake = intake
        self.read_number = read_decimal_comma if decimal == "comma" else read_data_number
        self._nameless = {number for number, key in enumerate(self.keys) if not key}

    def report(self, code: str, number: int, message: str, hint: str) -> None:
        self.intake.report(code, self.place(number), message, hint)

    def look_at_nameless(self, cells: Sequence[Cell]) -> None:
        """Reports each column without a header where it first holds something."""
        for number in [number for number in self._nameless if not is_empty(cells[number])]:
            self._nameless.discard(number)
            message, hint = "the column has no header", "write one above it, or empty the column"
            self.report("S302", number, message, hint)


def lay_out(table: Table) -> Take | None:
    """How a row with a cell for every column is taken; None where the header cannot be used, which is reported."""
    keys = table.keys
    counts = Counter(keys)
    if len(keys) > MOST_COLUMNS:
        message, hint = f"the header has more than {MOST_COLUMNS:,} columns", "use the columns kpi,period,value"
        table.report("S302", MOST_COLUMNS, message, hint)
    elif "kpi" not in counts:
        message = "the header has no column 'kpi'" if any(keys) else "the file has no header"
        table.report("S302", 0, message, _FORMS)
    elif twice := [number for number, key in enumerate(keys) if key and counts[key] > 1 and keys.index(key) < number]:
        message = f"the column '{shorten(table.header[twice[0]])}' stands twice in the header"
        table.report("S302", twice[0], message, "keep one of them, or rename one")
    elif "period" in counts:
        return _long(table)
    else:
        return _wide(table)
    return None


def figure_columns(keys: Sequence[str]) -> list[int]:
    """The columns that hold figures, by the names as they are compared."""
    if "period" in keys:
        return [number for number, key in enumerate(keys) if key in ("value", "target")]
    return [number for number, key in enumerate(keys) if key and key != "kpi"]


def is_empty(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()


def _long(table: Table) -> Take:
    intake, keys = table.intake, table.keys
    dimensions = {name.casefold(): name for name in intake.strategy.dimensions}
    unknown = [number for number, key in enumerate(keys) if key and key not in LONG and key not in dimensions]
    if "value" not in keys:
        names = ", ".join(f"'{shorten(table.header[number], 30)}'" for number in unknown[:3])
        hint = f"begin with kpi,period,value; not known are {names}" if names else "begin with kpi,period,value"
        table.report("S302", 0, "the header has no column 'value'", hint)
        unknown = []
    for number in unknown:
        near = nearest(keys[number], [*LONG, *dimensions])
        hint = f"did you mean '{near}'?" if near else "name it under 'dimensions:', or remove the column"
        table.report("S302", number, f"the column '{shorten(table.header[number])}' is not known", hint)
    at = {key: number for number, key in enumerate(keys)}
    members = {dimensions[key]: number for key, number in at.items() if key in dimensions}
    columns = at | members
    first, period, value, target = (at.get(key, -1) for key in ("kpi", "period", "value", "target"))

    def place(key: str) -> Place:
        return table.place(columns.get(key, 0))

    def take(cells: Sequence[Cell]) -> None:
        table.look_at_nameless(cells)
        row = Row(
            write_cell(cells[first]),
            write_cell(cells[period]),
            cells[value] if value >= 0 else "",
            cells[target] if target >= 0 else "",
            {name: write_cell(cells[number]) for name, number in members.items()},
            place,
        )
        intake.take(row, table.read_number)

    return take


def _wide(table: Table) -> Take:
    periods = []
    for number, text in enumerate(table.header):
        if table.keys[number] in ("kpi", ""):
            continue
        try:
            read_period(text)
            periods.append((number, text))
        except PeriodError as error:
            hint = "write a period such as 2026-10 above each column of values, or use the columns kpi,period,value"
            table.report("S302", number, f"the header '{shorten(text)}' {error}", hint)
    first = table.keys.index("kpi")

    def pointer(number: int) -> Callable[[str], Place]:
        return lambda key: table.place(first if key == "kpi" else number)

    pointers = {number: pointer(number) for number, _ in periods}

    def take(cells: Sequence[Cell]) -> None:
        table.look_at_nameless(cells)
        name = write_cell(cells[first])
        for number, period in periods:
            if not is_empty(cells[number]):
                row = Row(name, period, cells[number], "", {}, pointers[number])
                table.intake.take(row, table.read_number)

    return take
