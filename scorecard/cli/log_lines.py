"""The lines of `scorecard log`: a row on record each, or a value of an import, with what it corrects and what replaced it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from scorecard.model.finding import Place
from scorecard.model.period import Calendar, PeriodError, read_period
from scorecard.model.strategy import Strategy, fold_name
from scorecard.store.ledger_chain import Chain, Row, read_members
from scorecard.store.recorded import current_ids
from scorecard.store.series import SeriesError, decode_period, unpack
from scorecard.store.statements import Statements, gather


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


def list_lines(
    chain: Chain, strategy: Strategy | None, name: str | None, where: Mapping[str, str] | None = None
) -> list[Line]:
    """A line for each row; where a KPI or members (dimension: member) are asked for, of imports one for each value."""
    ids = current_ids(chain.counting, strategy) if strategy else {}
    names = set() if name is None else {name, *(find_ids(strategy, name) if strategy else ())}
    every = bool(where) and name is None
    asked = {row.id for row in chain.rows if row.entry.kpi in names or (every and row.entry.kpi)}
    by_hand = {ids.get(row.entry.kpi, row.entry.kpi) for row in chain.rows if row.entry.kind == "value"}
    known = [row for row in chain.counting if row.id in asked or ids.get(row.entry.kpi, row.entry.kpi) in by_hand]
    corrects, replaced = _link(gather(known, ids)[0])
    lines = []
    for row in chain.rows:
        if name is not None and row.id not in asked:
            continue
        for index, line in _lines_of(row, row.id in asked, where or {}):
            back, on = (None, None) if line.count else (corrects.get((row.id, index)), replaced.get((row.id, index)))
            lines.append(replace(line, corrects=back, corrected_by=on))
    return lines


def is_of(where: Mapping[str, str], members: Mapping[str, str]) -> bool:
    """Whether a value of these members lies in those asked for; case and spaces do not count."""
    named = {fold_name(name): fold_name(member) for name, member in members.items()}
    return all(named.get(fold_name(name)) == fold_name(member) for name, member in where.items())


def is_wanted(line: Line, strategy: Strategy | None, period: str | None) -> bool:
    """Whether a line is of a period, or of one that lies in it; an import as a whole is, where it spans it."""
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


def find_ids(strategy: Strategy, name: str) -> set[str]:
    """The ids under which the KPI that people call so may be on record: its own, and its aliases."""
    for measure in (*strategy.kpis.values(), *strategy.metrics.values()):
        names = [measure.id, measure.title, *measure.aliases]
        if fold_name(name) in map(fold_name, names):
            return {measure.id, *measure.aliases}
    return set()


def make_line(row: Row) -> Line:
    entry = row.entry
    value = None if isinstance(entry.value, bytes) else entry.value
    return Line(row, entry.period, entry.members, value, entry.target)


def _link(said: Statements) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], int]]:
    """Which row a statement replaces, and by which it is replaced; a statement is a row and which of its values."""
    keys, corrects, replaced = said.keys(), {}, {}
    order = keys.argsort(kind="stable")
    same = order[1:][keys[order[1:]] == keys[order[:-1]]], order[:-1][keys[order[1:]] == keys[order[:-1]]]
    for new, old in zip(*(one.tolist() for one in same), strict=True):
        corrects[int(said.row[new]), int(said.index[new])] = int(said.row[old])
        replaced[int(said.row[old]), int(said.index[old])] = int(said.row[new])
    return corrects, replaced


def _lines_of(row: Row, is_apart: bool, where: Mapping[str, str]) -> Iterator[tuple[int, Line]]:
    """The line of a row; of an import that is taken apart one for each value of the members asked for, with its number."""
    if not isinstance(row.entry.value, bytes):
        if is_of(where, read_members(row.entry.members) or {}):
            yield 0, make_line(row)
        return
    try:
        batch = unpack([row.entry.value])
    except SeriesError:
        yield 0, Line(row, "", "", None, None)
        return
    file, size = batch.origins[0].file, len(batch.value)
    if not is_apart:
        first, last = (str(decode_period(int(code))) for code in (batch.period.min(), batch.period.max()))
        yield 0, Line(row, first if first == last else f"{first} to {last}", "", None, None, Place(file), size)
        return
    said, _ = gather([row], {})
    wanted = np.array([is_of(where, read_members(members) or {}) for members in said.members], dtype=bool)
    for number in np.flatnonzero(wanted[said.member]).tolist():
        value, target = float(said.value[number]), float(said.target[number])
        line = Line(
            row,
            str(decode_period(int(said.period[number]))),
            said.members[int(said.member[number])],
            said.words[int(said.word[number])] or (None if value != value else value),
            None if target != target else target,
            Place(file, int(batch.line[number]), int(batch.column[number])),
        )
        yield number, line
