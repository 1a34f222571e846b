"""How what is on record is printed: a table, JSON, a row on one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scorecard.cli.log_lines import Line, make_line
from scorecard.cli.output import Cell, Column, make_console, print_json, print_table
from scorecard.cli.paths import note
from scorecard.cli.words import counted
from scorecard.model.finding import shorten
from scorecard.model.strategy import Strategy
from scorecard.render.words import quantity
from scorecard.store.ledger_chain import Chain, Row, read_members
from scorecard.store.provenance import Provenance


def print_lines(lines: Sequence[Line], chain: Chain, sources: Sequence[Provenance], strategy: Strategy | None) -> None:
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


def print_lines_as_json(lines: Sequence[Line], chain: Chain, sources: Sequence[Provenance]) -> None:
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
    return shorten(f"{title}{members} {entry.period} = {_value(strategy, make_line(row))}", 200)


def row_object(row: Row) -> dict[str, Any]:
    """A row as JSON prints it."""
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


def _print_table(lines: Sequence[Line], chain: Chain, strategy: Strategy | None) -> None:
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
    measure = strategy.measure(kpi) if strategy else None
    unit = (measure and measure.unit) or ""
    if value is not None:
        return quantity(value, unit)
    return "withdrawn" if target is None else f"target {quantity(target, unit)}"


def _members(text: str) -> str:
    return ", ".join(_read(text).values())


def _read(members: str) -> dict[str, str]:
    return read_members(members) or {}
