"""What is on record and counts: read from the packed copy where that is sound, else from the rows themselves."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from scorecard.model.period import read_period
from scorecard.model.strategy import Strategy, fold_name
from scorecard.store.ledger import Ledger
from scorecard.store.ledger_chain import CLOSING, IMPORT, VALUE, Chain, Head, Row
from scorecard.store.ledger_faults import list_left_out
from scorecard.store.packed_copy import PackedCopy, drop_copy, find_copy, read_copy, write_copy
from scorecard.store.series import encode_period
from scorecard.store.statements import Statements, gather, is_same, join, settle

PACKED_FROM = 10_000  # values: below, the rows are read as fast
_STALE_FROM, _STALE_SHARE = 1_000, 0.05  # statements since the packed copy was made: then it is made anew


@dataclass(frozen=True, slots=True)
class Recorded:
    """What counts of a store. `chain` holds all rows, or those since the packed copy; `strange` cannot be read.

    `left_out` are the rows before the copy's end that do not count, each with what is wrong with it.
    """

    chain: Chain
    ids: Mapping[str, str]
    counting: Statements
    strange: tuple[Row, ...] = ()
    left_out: Mapping[int, str] = field(default_factory=dict)


def read_recorded(ledger: Ledger, strategy: Strategy, as_of: date | None = None) -> Recorded:
    """What is on record, as known at the end of a day (UTC). Raises StoreError.

    A packed copy is made where that pays, the whole chain is sound or accepted, and the folder can be written.
    """
    if as_of is None and (found := _read_packed(ledger, strategy)):
        return found
    chain = ledger.read()
    known = chain.counting if as_of is None else [row for row in chain.counting if row.recorded_at[:10] <= str(as_of)]
    ids = current_ids(known, strategy)
    said, strange = gather(known, ids)
    recorded = Recorded(chain, ids, settle(said), tuple(strange))
    if as_of is None:
        _pack(ledger, recorded)
    return recorded


def current_ids(rows: Iterable[Row], strategy: Strategy) -> dict[str, str]:
    """The id that each KPI on record has today: its own, or that of the KPI with such an alias."""
    return _rename({row.entry.kpi for row in rows if row.entry.kind in (VALUE, IMPORT)}, strategy)


def find_closings(rows: Iterable[Row]) -> dict[str, Row]:
    """The closed review periods, each with the row that closed it first."""
    closings: dict[str, Row] = {}
    for row in rows:
        if row.entry.kind == CLOSING:
            closings.setdefault(row.entry.period, row)
    return closings


def read_rows(ledger: Ledger, strategy: Strategy, kpi: str) -> tuple[Row, ...]:
    """The rows of one KPI that count, oldest first, under whatever id they were recorded. Raises StoreError.

    Where a packed copy saves reading all rows, each of these has its own seal, and `verify` looks at the chain.
    """
    copy = read_copy(ledger.path, kpi)
    if copy is None:
        rows = ledger.read().counting
        ids = current_ids(rows, strategy)
        return tuple(row for row in rows if row.entry.kind in (VALUE, IMPORT) and ids[row.entry.kpi] == kpi)
    measure = strategy.measure(kpi)
    names = {kpi, *(name for alias in (measure.aliases if measure else ()) for name in (alias, fold_name(alias)))}
    own = [name for name, now in _rename(names, strategy).items() if now == kpi]
    found = [*ledger.find(VALUE, own), *ledger.find(IMPORT, own)]
    return tuple(sorted((row for row in found if row.id not in copy.left_out), key=lambda row: row.id))


def look_up(counting: Statements, kpi: str, period: str, members: str) -> int | None:
    """Which statement is of this key; `members` as rows on record have them."""
    if kpi not in counting.kpis or members not in counting.members:
        return None
    is_kpi = counting.kpi == counting.kpis.index(kpi)
    is_member = counting.member == counting.members.index(members)
    found = np.flatnonzero(is_kpi & is_member & (counting.period == encode_period(read_period(period))))
    return int(found[-1]) if len(found) else None


def compare_copy(ledger: Ledger, chain: Chain, strategy: Strategy | None) -> bool | None:
    """Whether the packed copy says what the rows on record say; None where there is none.

    One that differs is made anew where the folder can be written; it is removed where the rows are not as they were
    recorded, so that every command says so.
    """
    if not find_copy(ledger.path).exists():
        return None
    copy = read_copy(ledger.path)
    is_broken = bool(chain.unaccepted or chain.damage)
    if not is_broken and copy and any(Head(row.id, row.hash) == copy.head for row in chain.rows):
        said, _ = gather((row for row in chain.counting if row.id <= copy.head.rows), copy.ids)
        if is_same(settle(said), copy.counting) and copy.left_out == list_left_out(chain):
            return True
    drop_copy(ledger.path)
    if is_broken:
        return copy is not None
    if strategy is not None:
        ids = current_ids(chain.counting, strategy)
        said, strange = gather(chain.counting, ids)
        _pack(ledger, Recorded(chain, ids, settle(said), tuple(strange)))
    return False


def _read_packed(ledger: Ledger, strategy: Strategy) -> Recorded | None:
    """From the packed copy and the rows since; None where it is not sound, or too old."""
    copy = read_copy(ledger.path)
    tail = ledger.read_since(copy.head) if copy else None
    if copy is None or tail is None or tail.acceptances:
        return None
    ids = _rename({*copy.counting.kpis, *copy.ids}, strategy)
    if {old: new for old, new in ids.items() if old != new} != copy.ids:
        return None
    ids |= current_ids(tail.rows, strategy)
    said, strange = gather(tail.rows, ids)
    if len(said) > max(_STALE_FROM, _STALE_SHARE * len(copy.counting)) and _may_write(ledger):
        return None
    return Recorded(tail, ids, settle(join(copy.counting, said)), tuple(strange), copy.left_out)


def _pack(ledger: Ledger, recorded: Recorded) -> None:
    """Make the packed copy anew, where it pays and everything is as it was recorded, or was accepted."""
    chain = recorded.chain
    if len(recorded.counting) >= PACKED_FROM and not (chain.unaccepted or chain.damage or recorded.strange):
        renamed = {old: new for old, new in recorded.ids.items() if old != new}
        write_copy(ledger.path, PackedCopy(chain.head, renamed, list_left_out(chain), recorded.counting))


def _may_write(ledger: Ledger) -> bool:
    return os.access(ledger.path.parent, os.W_OK)


def _rename(recorded: Iterable[str], strategy: Strategy) -> dict[str, str]:
    measures = (*strategy.kpis.values(), *strategy.metrics.values())
    aliases = {fold_name(alias): measure.id for measure in measures for alias in measure.aliases}
    return {name: name if strategy.measure(name) else aliases.get(fold_name(name), name) for name in recorded}
