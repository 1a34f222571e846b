"""Who recorded this number? Every statement on a KPI and review period, from all sources, the newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isnan
from pathlib import Path
from typing import Protocol

import numpy as np

from scorecard.compute.formula import parse
from scorecard.compute.observations import Observations
from scorecard.model.finding import Place
from scorecard.model.kpi import Kpi
from scorecard.model.period import Period
from scorecard.model.strategy import Strategy
from scorecard.store.ledger_chain import read_members
from scorecard.store.series import decode_period, list_distinct, unpack


class Measured(Protocol):
    """A strategy with its values: a `Scorecard`."""

    @property
    def strategy(self) -> Strategy: ...
    @property
    def observations(self) -> Observations: ...
    @property
    def store(self) -> Path: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Provenance:
    """One statement on a KPI, and where it stands.

    `value` is the word for levels, None where the statement gives a target only or, with no target either, withdraws.
    `members` come in the order of the strategy's dimensions, () for a total. `place` is file, line and column; for a value
    on record the store, with the number of its row as the line, and then `origin` is the place in the file that was
    imported. `recorded_at` is UTC, as `2026-10-05T17:40:12.123456Z`. `corrects` is the number of the row it replaced.
    `counts` says whether its value (its target, where it has no value) is the one that counts today.
    """

    kpi: str
    period: Period
    members: tuple[str, ...]
    value: float | str | None
    target: float | None
    place: Place
    counts: bool
    row: int | None = None
    by: str = ""
    recorded_at: str = ""
    note: str = ""
    reopen: str = ""
    corrects: int | None = None
    origin: Place | None = None

    @property
    def key(self) -> tuple[str, Period, tuple[str, ...]]:
        return self.kpi, self.period, self.members


def find_provenance(scorecard: Measured, kpi: str, period: Period) -> tuple[Provenance, ...]:
    """All statements that lie in a review period: by KPI, members and period; of one key the newest first.

    A formula has no values of its own: then those of the figures it uses in that period. A value carried forward stands
    in its `effective_period`: ask for that one. `kpi` is an id of a KPI or metric. Raises StoreError where there is a
    store that cannot be read.
    """
    found: list[Provenance] = []
    for name in _inputs(scorecard.strategy, kpi):
        keys: dict[tuple[str, Period, tuple[str, ...]], list[Provenance]] = {}
        for one in (*_from_files(scorecard, name, period), *_from_store(scorecard, name, period)):
            keys.setdefault(one.key, []).append(one)
        for key in sorted(keys, key=lambda key: (_rank(scorecard.strategy, key[2]), key[1])):
            found.extend(reversed(_mark(keys[key])))
    return tuple(found)


def _inputs(strategy: Strategy, kpi: str) -> list[str]:
    """The KPI, or for a formula the figures it uses, each once."""
    names, ready, seen = [kpi], [], {kpi}
    while names:
        name = names.pop(0)
        measure = strategy.measure(name)
        if measure is None or measure.formula is None:
            ready.append(name)
            continue
        fresh = [one for one, _ in parse(measure.formula).names if one not in seen]
        seen.update(fresh)
        names.extend(fresh)
    return ready


def _from_files(scorecard: Measured, kpi: str, period: Period) -> Iterator[Provenance]:
    """What files, databases and the strategy itself say, in the order in which it counts."""
    rows, strategy = scorecard.observations, scorecard.strategy
    if kpi not in rows.measures:
        return
    is_own = np.array([file.endswith(f"/{scorecard.store.name}") for file in rows.files], dtype=bool)
    lies = np.array([_lies(strategy, one, period) for one in rows.periods], dtype=bool)
    chosen = np.flatnonzero(rows.measure == rows.measures.index(kpi))
    chosen = chosen[lies[rows.period[chosen]]]
    for row in chosen[~is_own[rows.file[chosen]]]:
        value, target = float(rows.value[row]), float(rows.target[row])
        yield Provenance(
            kpi,
            rows.periods[int(rows.period[row])],
            rows.members[int(rows.member[row])],
            None if isnan(value) else _word(strategy, kpi, value),
            None if isnan(target) else target,
            rows.place(int(row)),
            False,
        )


def _from_store(scorecard: Measured, kpi: str, period: Period) -> Iterator[Provenance]:
    """What is on record, oldest first."""
    if not scorecard.store.exists():
        return
    from scorecard.store.ledger import Ledger  # loads SQLite
    from scorecard.store.recorded import read_rows
    from scorecard.store.statements import gather

    strategy = scorecard.strategy
    rows = read_rows(Ledger(scorecard.store), strategy, kpi)
    said, _ = gather(rows, {row.entry.kpi: kpi for row in rows})
    by_number = {row.id: row for row in rows}
    path = Path(scorecard.name)
    name = str((path if path.is_dir() else path.parent) / scorecard.store.name)
    lies = {code: _lies(strategy, decode_period(code), period) for code in list_distinct(said.period)[0]}
    for number in np.flatnonzero([lies[code] for code in said.period.tolist()]).tolist():
        row, index = by_number[int(said.row[number])], int(said.index[number])
        members = read_members(said.members[int(said.member[number])]) or {}
        value, target = float(said.value[number]), float(said.target[number])
        yield Provenance(
            kpi,
            decode_period(int(said.period[number])),
            tuple(members[name] for name in strategy.dimensions if name in members),
            said.words[int(said.word[number])] or (None if isnan(value) else value),
            None if isnan(target) else target,
            Place(name, row.id, index + 1),
            False,
            row.id,
            row.entry.by,
            row.recorded_at,
            row.entry.note,
            row.entry.reopen,
            origin=find_origin(row.entry.value, index) if isinstance(row.entry.value, bytes) else None,
        )


def find_origin(series: bytes, index: int) -> Place:
    """Where a value of a packed series stood in the file that was imported."""
    batch = unpack([series])
    return Place(batch.origins[0].file, int(batch.line[index]), int(batch.column[index]))


def _mark(statements: list[Provenance]) -> list[Provenance]:
    """The statements of one key, oldest first, with what each corrects and whether it counts."""
    value = target = last = None
    for number, one in enumerate(statements):
        if one.row is not None:
            statements[number] = replace(one, corrects=last)
            last = one.row
        if one.value is None and one.target is None:  # a withdrawal lets the files count again
            kept = [n for n, other in enumerate(statements[:number]) if other.row is None]
            value = next((n for n in reversed(kept) if statements[n].value is not None), None)
            target = next((n for n in reversed(kept) if statements[n].target is not None), None)
        value = number if one.value is not None else value
        target = number if one.target is not None else target
    return [
        replace(one, counts=number == (target if one.value is None else value) and number is not None)
        for number, one in enumerate(statements)
    ]


def _lies(strategy: Strategy, own: Period, period: Period) -> bool:
    return strategy.calendar.lying(own, period.rhythm) == strategy.calendar.ordinal(period)


def _rank(strategy: Strategy, members: tuple[str, ...]) -> tuple[int, ...]:
    """The order in which the strategy declares members, the total first."""
    known = [list(dimension.members) for dimension in strategy.dimensions.values()]
    return tuple(one.index(member) if member in one else len(one) for one, member in zip(known, members, strict=False))


def _word(strategy: Strategy, kpi: str, value: float) -> float | str:
    measure = strategy.measure(kpi)
    return list(measure.levels)[int(value)] if isinstance(measure, Kpi) and measure.levels else value
