"""`scorecard log`: who recorded what, and when; for one figure also which file or query it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scorecard.cli.paths import CLEAN, FINDINGS, UNREADABLE, JsonOption, note, refuse
from scorecard.cli.words import counted
from scorecard.model.finding import shorten

if TYPE_CHECKING:
    from scorecard.model.finding import Place
    from scorecard.model.strategy import Strategy
    from scorecard.parser.reader import Reading
    from scorecard.store.ledger_chain import Chain, Row
    from scorecard.store.provenance import Provenance
    from scorecard.store.statements import Statements


@dataclass(frozen=True, slots=True)
class Line:
    """A row on record, or of an import that was asked for by KPI one value of it, with what it corrects and what replaced it.

    An import stands as a whole where no KPI was asked for: then `count` is the number of its values.
    """

    row: Row
    period: str
    members: str
    value: float | str | None
    target: float | None
    origin: Place | None = None
    count: int = 0
    corrects: int | None = None
    corrected_by: int | None = None


def log(
    target: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH] [KPI]", help="The path, where it is not this folder, and the KPI, unless all."),
    ] = None,
    period: Annotated[
        str | None, typer.Option("--period", "-p", help="Only values of this period, and of those that lie in it.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show who recorded what, and when, the newest last; a value that was corrected later stays and says so.

    With a KPI and a period it also says which values come from files.
    """
    from scorecard.store.ledger import Ledger
    from scorecard.store.ledger_errors import StoreError
    from scorecard.store.store_path import find_store

    path, name = _split(target or [])
    reading = _read_one(path)
    store = find_store(reading.name, reading.folder)
    try:
        chain = Ledger(store).read()
    except StoreError as error:
        note(f"{store.name}: error {error.code} {error.message}\n    {error.hint}")
        raise typer.Exit(FINDINGS) from None
    _note_faults(chain, store.name)
    strategy = reading.strategy
    lines = _list_lines(chain, strategy, name)
    if name is not None and not lines and strategy and not _known(strategy, name):
        refuse(f"there is no KPI '{shorten(name)}' here", "'scorecard log' without a KPI shows all that is on record")
    lines = [line for line in lines if _is_wanted(line, strategy, period)]
    sources = _find_sources(path, strategy, name, period) if name is not None and period is not None else []
    if json:
        _print_json(lines, chain, sources)
    else:
        _print_lines(lines, chain, sources, strategy)
    raise typer.Exit(FINDINGS if chain.unaccepted or chain.damage else CLEAN)


def describe_row(strategy: Strategy | None, row: Row) -> str:
    """What a row says, on one line: `Qualified interactions 2026-10 = 131 interactions`."""
    entry = row.entry
    if entry.kind == "close":
        return f"{entry.period} closed"
    if entry.kind == "accept":
        return f"rows {shorten(entry.value)} left out, the others accepted"
    measure = strategy.measure(entry.kpi) if strategy else None
    members = f" {_members(entry.members)}" if entry.members else ""
    title = measure.title if measure else entry.kpi
    return shorten(f"{title}{members} {entry.period} = {_value(strategy, _make_line(row))}", 200)


def row_object(row: Row) -> dict[str, Any]:
    """A row as JSON prints it."""
    from scorecard.store.ledger_chain import read_members

    entry = row.entry
    return {
        "row": row.id,
        "recorded_at": row.recorded_at,
        "by": entry.by,
        "kind": entry.kind,
        "kpi": entry.kpi or None,
        "period": entry.period or None,
        "members": read_members(entry.members) or {},
        "value": None if isinstance(entry.value, bytes) else entry.value,
        "target": entry.target,
        "note": entry.note or None,
        "reopen": entry.reopen or None,
        "hash": row.hash.hex() if isinstance(row.hash, bytes) else None,
    }


def _split(target: Sequence[str]) -> tuple[str, str | None]:
    if len(target) > 2:
        refuse("one path and one KPI are expected", "write 'scorecard log PATH KPI'")
    if len(target) == 2:
        return target[0], target[1]
    if target and not Path(target[0]).exists():
        return ".", target[0]
    return (target[0] if target else "."), None


def _read_one(path: str) -> Reading:
    """The one strategy at a path, however faulty its text is."""
    from scorecard.cli.findings import print_findings
    from scorecard.parser.reader import read_path

    library = read_path(path)
    if not library.readings:
        print_findings(library.findings, "text")
        raise typer.Exit(UNREADABLE)
    if len(library.readings) > 1:
        paths = ", ".join(reading.name for reading in library.readings)
        refuse("this is a workspace of several strategies", f"name the path of one: {shorten(paths, 200)}")
    return library.readings[0]


def _list_lines(chain: Chain, strategy: Strategy | None, name: str | None) -> list[Line]:
    """A line for each row; where a KPI is asked for, of its imports one for each value."""
    from scorecard.store.recorded import current_ids
    from scorecard.store.statements import gather

    ids = current_ids(chain.counting, strategy) if strategy else {}
    asked = set() if name is None else {row.id for row in chain.rows if _is_of(row.entry.kpi, strategy, name)}
    by_hand = {ids.get(row.entry.kpi, row.entry.kpi) for row in chain.rows if row.entry.kind == "value"}
    known = [row for row in chain.counting if row.id in asked or ids.get(row.entry.kpi, row.entry.kpi) in by_hand]
    corrects, replaced = _link(gather(known, ids)[0])
    lines = []
    for row in chain.rows:
        if name is not None and row.id not in asked:
            continue
        for index, line in enumerate(_lines_of(row, row.id in asked)):
            back, on = (None, None) if line.count else (corrects.get((row.id, index)), replaced.get((row.id, index)))
            lines.append(replace(line, corrects=back, corrected_by=on))
    return lines


def _link(said: Statements) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], int]]:
    """Which row a statement replaces, and by which it is replaced; a statement is a row and which of its values."""
    keys, corrects, replaced = said.keys(), {}, {}
    order = keys.argsort(kind="stable")
    same = order[1:][keys[order[1:]] == keys[order[:-1]]], order[:-1][keys[order[1:]] == keys[order[:-1]]]
    for new, old in zip(*(one.tolist() for one in same), strict=True):
        corrects[int(said.row[new]), int(said.index[new])] = int(said.row[old])
        replaced[int(said.row[old]), int(said.index[old])] = int(said.row[new])
    return corrects, replaced


def _lines_of(row: Row, is_apart: bool) -> Iterator[Line]:
    """The line of a row; of an import that is taken apart one for each value."""
    from scorecard.model.finding import Place
    from scorecard.store.series import SeriesError, decode_period, unpack
    from scorecard.store.statements import gather

    if not isinstance(row.entry.value, bytes):
        yield _make_line(row)
        return
    try:
        batch = unpack([row.entry.value])
    except SeriesError:
        yield Line(row, "", "", None, None)
        return
    file, size = batch.origins[0].file, len(batch.value)
    if not is_apart:
        first, last = (str(decode_period(int(code))) for code in (batch.period.min(), batch.period.max()))
        yield Line(row, first if first == last else f"{first} to {last}", "", None, None, Place(file), size)
        return
    said, _ = gather([row], {})
    for number in range(len(said)):
        value, target = float(said.value[number]), float(said.target[number])
        yield Line(
            row,
            str(decode_period(int(said.period[number]))),
            said.members[int(said.member[number])],
            said.words[int(said.word[number])] or (None if value != value else value),
            None if target != target else target,
            Place(file, int(batch.line[number]), int(batch.column[number])),
        )


def _make_line(row: Row) -> Line:
    entry = row.entry
    value = None if isinstance(entry.value, bytes) else entry.value
    return Line(row, entry.period, entry.members, value, entry.target)


def _is_of(kpi: str, strategy: Strategy | None, name: str) -> bool:
    return kpi == name or (strategy is not None and kpi in _known(strategy, name))


def _is_wanted(line: Line, strategy: Strategy | None, period: str | None) -> bool:
    """Whether a line is of a period, or of one that lies in it; an import as a whole is, where it spans it."""
    from scorecard.model.period import Calendar, PeriodError, read_period

    if period is None or line.period == period:
        return True
    calendar = strategy.calendar if strategy else Calendar()
    try:
        first, last = (read_period(text) for text in (line.period.partition(" to ")[0], line.period.split(" to ")[-1]))
        asked = read_period(period)
        low, high = (calendar.lying(one, asked.rhythm) for one in (first, last))
    except PeriodError:
        return False
    is_within = low <= calendar.ordinal(asked) <= high
    return is_within and (first.rhythm < asked.rhythm or (line.count > 0 and first.rhythm == asked.rhythm))


def _known(strategy: Strategy, name: str) -> set[str]:
    """The ids under which the KPI that people call so may be on record: its own, and its aliases."""
    from scorecard.model.strategy import fold_name

    for measure in (*strategy.kpis.values(), *strategy.metrics.values()):
        names = [measure.id, measure.title, *measure.aliases]
        if fold_name(name) in map(fold_name, names):
            return {measure.id, *measure.aliases}
    return set()


def _find_sources(path: str, strategy: Strategy | None, name: str, period: str) -> list[Provenance]:
    """The values in files, databases and the strategy, where it can be computed."""
    from scorecard.api import read_report
    from scorecard.cli.paths import limits
    from scorecard.model.period import PeriodError, read_period
    from scorecard.store.provenance import find_provenance

    kpi = next((one for one in _known(strategy, name) if strategy.measure(one)), None) if strategy else None
    cards = list(read_report(path, limits=limits()).scorecards.values()) if kpi else []
    try:
        asked = read_period(period)
    except PeriodError as error:
        refuse(f"'{shorten(period)}' {error}", "write one such as 2026-10")
    return [one for card in cards for one in find_provenance(card, kpi or "", asked) if one.row is None]


def _print_json(lines: Sequence[Line], chain: Chain, sources: Sequence[Provenance]) -> None:
    from scorecard.cli.output import print_json

    counting = {row.id for row in chain.counting}
    rows = []
    for line in lines:
        said = {
            "period": line.period or None,
            "members": _read(line.members),
            "value": line.value,
            "target": line.target,
        }
        said |= {"corrects": line.corrects, "corrected_by": line.corrected_by, "counts": line.row.id in counting}
        if line.origin:
            said |= {"from": line.origin.file if line.count else str(line.origin)}
        rows.append(row_object(line.row) | said | ({"values": line.count} if line.count else {}))
    files = [
        {
            "kpi": one.kpi,
            "period": str(one.period),
            "members": list(one.members),
            "value": one.value,
            "target": one.target,
            "from": str(one.place),
            "counts": one.counts,
        }
        for one in sources
    ]
    print_json({"rows": rows, "sources": files, "version": 1})


def _print_lines(lines: Sequence[Line], chain: Chain, sources: Sequence[Provenance], strategy: Strategy | None) -> None:
    if lines:
        _print_table(lines, chain, strategy)
    elif not sources:
        note("nothing is on record")
    else:
        note("nothing of it is on record in the store")
    for one in sources:
        measure = strategy.measure(one.kpi) if strategy else None
        title = " ".join([measure.title if measure else one.kpi, *one.members])
        said = _quantity(strategy, one.kpi, one.value, one.target)
        remark = "" if one.counts else " (does not count: a later one does)"
        print(f"{shorten(f'{one.place}', 200)}: {shorten(f'{title} {one.period} = {said}', 200)}{remark}")


def _print_table(lines: Sequence[Line], chain: Chain, strategy: Strategy | None) -> None:
    from scorecard.cli.output import Cell, Column, make_console, print_table

    table = [
        Column("Row", right=True),
        Column("Recorded (UTC)"),
        Column("By", least=12),
        Column("KPI", least=16),
        Column("Period"),
        Column("Value", right=True),
        Column("Remark", least=12, drop=1),
        Column("Note", least=12, drop=2),
    ]
    counting = {row.id for row in chain.counting}
    rows = []
    for line in lines:
        row = line.row
        measure = strategy.measure(row.entry.kpi) if strategy else None
        name = f"{measure.title if measure else row.entry.kpi} {_members(line.members)}".strip()
        texts = [str(row.id), row.recorded_at[:19].replace("T", " "), row.entry.by, name, line.period]
        value = _value(strategy, line) if row.entry.kind in ("value", "import") else ""
        remark = _remark(line, row.id in counting)
        rows.append([Cell(shorten(text, 200)) for text in (*texts, value, remark, row.entry.note)])
    print_table(make_console(), table, rows)


def _remark(line: Line, counts: bool) -> str:
    """What became of a row, and of which one it is the correction."""
    entry = line.row.entry
    parts = []
    if not counts:
        parts.append("does not count")
    if line.origin:
        where = line.origin.file if line.count else f"{line.origin.file}:{line.origin.line}"
        parts.append(f"from {where}")
    if entry.kind == "close":
        parts.append("period closed")
    elif entry.kind == "accept":
        parts.append(f"accepts all but {entry.value!s}")
    elif line.corrects is not None:
        parts.append(f"{'withdraws' if entry.withdraws else 'corrects'} row {line.corrects}")
    if entry.reopen:
        parts.append(f"reopened: {entry.reopen}")
    if line.corrected_by is not None:
        parts.append(f"replaced by row {line.corrected_by}")
    return ", ".join(parts)


def _value(strategy: Strategy | None, line: Line) -> str:
    if line.count:
        return counted(line.count, "value")
    return _quantity(strategy, line.row.entry.kpi, line.value, line.target)


def _quantity(strategy: Strategy | None, kpi: str, value: float | str | None, target: float | None) -> str:
    from scorecard.render.words import quantity

    measure = strategy.measure(kpi) if strategy else None
    unit = (measure and measure.unit) or ""
    if value is not None:
        return quantity(value, unit)
    return "withdrawn" if target is None else f"target {quantity(target, unit)}"


def _members(text: str) -> str:
    return ", ".join(_read(text).values())


def _read(members: str) -> dict[str, str]:
    from scorecard.store.ledger_chain import read_members

    return read_members(members) or {}


def _note_faults(chain: Chain, name: str) -> None:
    from scorecard.model.finding import Severity
    from scorecard.store.ledger_rows import find_store_faults

    for finding in find_store_faults(chain, name):
        if finding.severity == Severity.ERROR:
            note(f"{name}: error {finding.code} {finding.message}\n    {finding.hint}")
