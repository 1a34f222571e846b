"""`scorecard log`: who recorded what, and when."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scorecard.cli.paths import CLEAN, FINDINGS, UNREADABLE, JsonOption, note, refuse
from scorecard.model.finding import shorten

if TYPE_CHECKING:
    from scorecard.model.strategy import Strategy
    from scorecard.parser.reader import Reading
    from scorecard.store.ledger_chain import Chain, Row


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
    """Show who recorded what, and when, the newest last; a value that was corrected later stays and says so."""
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
    follow = _replacements(chain, reading.strategy)
    rows = [row for row in chain.rows if _is_wanted(row, reading.strategy, name, period)]
    if name is not None and not rows and reading.strategy and not _known(reading.strategy, name):
        refuse(f"there is no KPI '{shorten(name)}' here", "'scorecard log' without a KPI shows all that is on record")
    if json:
        _print_json(rows, chain, follow)
    else:
        _print_rows(rows, chain, follow, reading.strategy)
    raise typer.Exit(FINDINGS if chain.unaccepted or chain.damage else CLEAN)


def describe_row(strategy: Strategy | None, row: Row) -> str:
    """What a row says, on one line: `Qualified interactions 2026-10 = 131 interactions`."""
    entry = row.entry
    if entry.kind == "close":
        return f"{entry.period} closed"
    if entry.kind == "accept":
        return f"rows {shorten(entry.value)} left out, the others accepted"
    measure = strategy.measure(entry.kpi) if strategy else None
    members = f" {_members(row)}" if entry.members else ""
    title = measure.title if measure else entry.kpi
    return shorten(f"{title}{members} {entry.period} = {_value(strategy, row)}", 200)


def row_object(row: Row) -> dict[str, Any]:
    """A row as JSON prints it."""
    from scorecard.store.ledger_rows import read_members

    entry = row.entry
    return {
        "row": row.id,
        "recorded_at": row.recorded_at,
        "by": entry.by,
        "kind": entry.kind,
        "kpi": entry.kpi or None,
        "period": entry.period or None,
        "members": read_members(entry.members) or {},
        "value": entry.value,
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


def _replacements(chain: Chain, strategy: Strategy | None) -> dict[int, int]:
    """Which row is replaced by which: the next value row of the same KPI, period and members that counts."""
    from scorecard.store.ledger_rows import current_ids

    ids = current_ids(chain.counting, strategy) if strategy else {}
    last: dict[tuple[str, str, str], int] = {}
    follow = {}
    for row in chain.counting:
        if row.entry.kind == "value":
            key = (ids.get(row.entry.kpi, row.entry.kpi), row.entry.period, row.entry.members)
            if key in last:
                follow[last[key]] = row.id
            last[key] = row.id
    return follow


def _is_wanted(row: Row, strategy: Strategy | None, name: str | None, period: str | None) -> bool:
    from scorecard.model.period import Calendar, PeriodError, read_period

    if name is not None and row.entry.kpi != name and (not strategy or row.entry.kpi not in _known(strategy, name)):
        return False
    if period is None or row.entry.period == period:
        return True
    try:
        own, asked = read_period(row.entry.period), read_period(period)
    except PeriodError:
        return False
    calendar = strategy.calendar if strategy else Calendar()
    return own.rhythm < asked.rhythm and calendar.lying(own, asked.rhythm) == calendar.ordinal(asked)


def _known(strategy: Strategy, name: str) -> set[str]:
    """The ids under which the KPI that people call so may be on record: its own, and its aliases."""
    from scorecard.model.strategy import fold_name

    for measure in (*strategy.kpis.values(), *strategy.metrics.values()):
        names = [measure.id, measure.title, *measure.aliases]
        if fold_name(name) in map(fold_name, names):
            return {measure.id, *measure.aliases}
    return set()


def _print_json(rows: Sequence[Row], chain: Chain, follow: dict[int, int]) -> None:
    from scorecard.cli.output import print_json

    back = {new: old for old, new in follow.items()}
    counting = {row.id for row in chain.counting}
    lines = [
        row_object(row)
        | {"corrects": back.get(row.id), "corrected_by": follow.get(row.id), "counts": row.id in counting}
        for row in rows
    ]
    print_json({"rows": lines, "version": 1})


def _print_rows(rows: Sequence[Row], chain: Chain, follow: dict[int, int], strategy: Strategy | None) -> None:
    from scorecard.cli.output import Cell, Column, make_console, print_table

    if not rows:
        note("nothing is on record")
        return
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
    back = {new: old for old, new in follow.items()}
    counting = {row.id for row in chain.counting}
    lines = []
    for row in rows:
        measure = strategy.measure(row.entry.kpi) if strategy else None
        name = f"{measure.title if measure else row.entry.kpi} {_members(row)}".strip()
        texts = [str(row.id), row.recorded_at[:19].replace("T", " "), row.entry.by, name, row.entry.period]
        value = _value(strategy, row) if row.entry.kind == "value" else ""
        remark = _remark(row, back.get(row.id), follow.get(row.id), row.id in counting)
        lines.append([Cell(shorten(text, 200)) for text in (*texts, value, remark, row.entry.note)])
    print_table(make_console(), table, lines)


def _remark(row: Row, corrects: int | None, corrected_by: int | None, counts: bool) -> str:
    """What became of a row, and of which one it is the correction."""
    entry = row.entry
    parts = []
    if not counts:
        parts.append("does not count")
    if entry.kind == "close":
        parts.append("period closed")
    elif entry.kind == "accept":
        parts.append(f"accepts all but {entry.value}")
    elif corrects is not None:
        parts.append(f"{'withdraws' if entry.withdraws else 'corrects'} row {corrects}")
    if entry.reopen:
        parts.append(f"reopened: {entry.reopen}")
    if corrected_by is not None:
        parts.append(f"replaced by row {corrected_by}")
    return ", ".join(parts)


def _value(strategy: Strategy | None, row: Row) -> str:
    from scorecard.render.words import quantity

    entry = row.entry
    measure = strategy.measure(entry.kpi) if strategy else None
    unit = (measure and measure.unit) or ""
    if entry.withdraws:
        return "withdrawn"
    if entry.value is None:
        return f"target {quantity(entry.target, unit)}"
    return quantity(entry.value, unit)


def _members(row: Row) -> str:
    from scorecard.store.ledger_rows import read_members

    return ", ".join((read_members(row.entry.members) or {}).values())


def _note_faults(chain: Chain, name: str) -> None:
    from scorecard.model.finding import Severity
    from scorecard.store.ledger_rows import find_store_faults

    for finding in find_store_faults(chain, name):
        if finding.severity == Severity.ERROR:
            note(f"{name}: error {finding.code} {finding.message}\n    {finding.hint}")
