"""The chain of recorded rows: what a row says, the hash that seals it to the row before, and where the chain breaks.

A row's hash is the SHA-256 of the hash before it (32 bytes, zeros for the first) and of the row's fields as one JSON list
in ASCII without spaces, in the order of `Row.fields`; for the packed series of an import the SHA-256 of its bytes stands
there, as hexadecimal text. Rows are numbered 1, 2, 3 …, and the store notes how many there are
and the last hash. A row counts as intact when it has its own hash and the one after it (or that note) names that hash.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple

VALUE, IMPORT, CLOSING, ACCEPTANCE = "value", "import", "close", "accept"
START = bytes(32)  # stands for the hash before the first row
_encode = json.JSONEncoder(
    ensure_ascii=True, allow_nan=True, separators=(",", ":"), default=lambda blob: sha256(blob).hexdigest()
).encode


class Entry(NamedTuple):
    """What somebody puts on record.

    `value` and `target` are numbers, for levels the word; a value row with neither withdraws what was recorded for its key.
    `members` is a JSON object of dimension to member, empty for a total. In an acceptance `value` lists the rows, in an
    import it is the packed series of a KPI (`series.pack`), which holds periods and members.
    """

    by: str
    kind: str
    kpi: str = ""
    period: str = ""
    members: str = ""
    value: float | str | bytes | None = None
    target: float | None = None
    note: str = ""
    reopen: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.kpi, self.period, self.members

    @property
    def withdraws(self) -> bool:
        return self.kind == VALUE and self.value is None and self.target is None


class Row(NamedTuple):
    """An entry on record. `recorded_at` is UTC, as `2026-10-05T17:40:12.123456Z`."""

    id: int
    recorded_at: str
    entry: Entry
    previous: bytes
    hash: bytes

    @property
    def fields(self) -> list[Any]:
        return [self.id, self.recorded_at, *self.entry]


class Head(NamedTuple):
    """What the store notes of its last row."""

    rows: int
    hash: bytes


NOTHING = Head(0, START)


class Fault(NamedTuple):
    """Rows that are not as they were recorded. `row` is what stands there now, None where nothing can be read."""

    first: int
    last: int
    why: str
    row: Row | None = None


@dataclass(frozen=True)
class Chain:
    """Everything a store holds, in the order recorded, and what is wrong with it.

    `faults` come in order. Those in `accepted` were looked at by somebody: only their own rows are left out.
    """

    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()
    head: Head = NOTHING
    damage: str = ""  # why SQLite could not read on

    @cached_property
    def acceptances(self) -> tuple[Row, ...]:
        """The intact rows in which somebody accepted faults."""
        faulty = {fault.first for fault in self.faults if fault.row}
        return tuple(row for row in self.rows if row.entry.kind == ACCEPTANCE and row.id not in faulty)

    @cached_property
    def accepted(self) -> dict[Fault, Row]:
        """The faults that were accepted, each with the row that did so."""
        listed = {span: row for row in self.acceptances for span in _spans(row.entry.value)}
        return {fault: listed[fault[:2]] for fault in self.faults if fault[:2] in listed}

    @cached_property
    def unaccepted(self) -> tuple[Fault, ...]:
        return tuple(fault for fault in self.faults if fault not in self.accepted)

    @cached_property
    def counting(self) -> tuple[Row, ...]:
        """The rows that count: the intact ones before the first fault nobody accepted."""
        if not self.faults:
            return self.rows
        left_out = {fault.first for fault in self.faults if fault.row}
        end = min((fault.first for fault in self.unaccepted), default=self.head.rows + len(self.rows) + 1)
        return tuple(row for row in self.rows if row.id < end and row.id not in left_out)


def seal(row: Row) -> bytes:
    """The hash of a row. Raises TypeError or ValueError where a field holds what no row can."""
    return sha256(row.previous + _encode(row.fields).encode("ascii")).digest()


def follow(head: Head, recorded_at: str, entries: Sequence[Entry]) -> list[Row]:
    """The rows that come after a head."""
    rows, (number, previous) = [], head
    for entry in entries:
        number += 1
        own = seal(Row(number, recorded_at, entry, previous, b""))
        rows.append(Row(number, recorded_at, entry, previous, own))
        previous = own
    return rows


def find_faults(rows: Sequence[Row], head: Head | None, before: Head = NOTHING) -> list[Fault]:
    """Where rows are not as they were recorded after `before`: altered, unconfirmed by the next one, or missing."""
    faults: list[Fault] = []
    last = before.rows
    end = head or Head(rows[-1].id if rows else last, b"")
    after = [*((row.id, row.previous) for row in rows[1:]), (end.rows + 1, end.hash)]
    if rows and rows[0].id == last + 1 and rows[0].previous != before.hash:
        faults.append(Fault(rows[0].id, rows[0].id, "does not follow on what stood before it", rows[0]))
    for row, (next_id, link) in zip(rows, after, strict=False):
        if row.id > last + 1:
            faults.append(Fault(last + 1, row.id - 1, "missing"))
        if row.id <= last:
            faults.append(Fault(row.id, row.id, "stands in the wrong place", row))
        elif not is_own(row):
            faults.append(Fault(row.id, row.id, "was altered: it does not have the hash it was sealed with", row))
        elif (next_id <= row.id or (next_id == row.id + 1 and link != row.hash)) and not (
            faults and faults[-1].first == row.id
        ):
            faults.append(Fault(row.id, row.id, "was exchanged: what follows was sealed to another row", row))
        last = max(row.id, last)
    if end.rows > last:
        faults.append(Fault(last + 1, end.rows, "missing"))
    return faults


def is_own(row: Row) -> bool:
    """Whether a row has the hash it was sealed with, and fields of the kinds that rows have."""
    value, target = row.entry.value, row.entry.target
    texts = (row.recorded_at, *row.entry[:5], row.entry.note, row.entry.reopen)
    try:
        return (
            seal(row) == row.hash
            and all(isinstance(text, str) for text in texts)
            and (
                value is None or isinstance(value, float | str)
                if row.entry.kind != IMPORT
                else isinstance(value, bytes)
            )
            and (target is None or isinstance(target, float))
        )
    except (TypeError, ValueError):  # bytes where a text belongs
        return False


def read_members(text: str) -> dict[str, str] | None:
    """The members of a row by dimension; None where the text says none."""
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return None
    is_sound = isinstance(found, dict) and all(isinstance(member, str) for member in found.values())
    return found if is_sound else None


def write_members(members: Mapping[str, str]) -> str:
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")) if members else ""


def write_spans(faults: Sequence[Fault]) -> str:
    """The rows of faults as an acceptance lists them: `17,40-42`."""
    return ",".join(str(f.first) if f.first == f.last else f"{f.first}-{f.last}" for f in faults)


def _spans(text: object) -> Iterator[tuple[int, int]]:
    for part in text.split(",") if isinstance(text, str) else ():
        first, _, last = part.partition("-")
        if first.isdecimal() and (last or first).isdecimal():
            yield int(first), int(last or first)
