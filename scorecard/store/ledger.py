"""The strategy's own store: an SQLite file beside it, to which rows are added and in which none is changed.

A write is on disk when `append` returns; `ledger_file` has the file itself.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scorecard.store.ledger_chain import ACCEPTANCE, START, Chain, Entry, Head, Row, find_faults, follow, is_own
from scorecard.store.ledger_errors import (
    BACKUP,
    RETRIED,
    VERIFY,
    StoreError,
    describe_unreadable,
    describe_unwritable,
    find_code,
    find_reason,
)
from scorecard.store.ledger_file import open_to_read, patiently, write

PATIENCE = 30.0  # seconds to wait for another writer
_SELECT = (
    'SELECT id, recorded_at, "by", kind, kpi, period, members, value, target, note, reopen, previous, hash '
    "FROM ledger WHERE id > ? ORDER BY id"
)
_INSERT = "INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class Ledger:
    """The store at a path, which need not exist: it is made by the first write."""

    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        self.path = path
        self.patience = patience

    def exists(self) -> bool:
        return os.path.lexists(self.path)

    def read(self) -> Chain:
        """Everything on record; an empty chain where there is no store. Raises StoreError where it is no store."""
        if not self.exists():
            return Chain()
        with _reading(), closing(open_to_read(self.path, self.patience)) as connection:
            return patiently(lambda: _read_chain(connection), self.patience)

    def read_since(self, before: Head) -> Chain | None:
        """What was recorded after a head; None where that is not sound, or the head is not in the chain: then read all."""
        try:
            with closing(open_to_read(self.path, self.patience)) as connection:
                return patiently(lambda: _read_tail(connection, before), self.patience)
        except (sqlite3.Error, UnicodeDecodeError, OSError, StoreError):
            return None

    def find(self, kind: str, kpis: Sequence[str] = ("",)) -> tuple[Row, ...]:
        """The rows of a kind and of some KPIs that are as they were sealed; the chain between them is not looked at.

        Raises StoreError.
        """
        select = _SELECT.replace("id > ?", "kind = ? AND kpi IN (SELECT value FROM json_each(?))")
        asked = kind, json.dumps(list(kpis))
        with _reading(), closing(open_to_read(self.path, self.patience)) as connection:
            found = patiently(lambda: connection.execute(select, asked).fetchall(), self.patience)
            return tuple(row for row in map(_make_row, found) if is_own(row))

    def append(
        self,
        entries: Sequence[Entry],
        now: datetime,
        seen: Chain | None = None,
        check: Callable[[Sequence[Row]], None] | None = None,
    ) -> tuple[Row, ...]:
        """Put entries on record, all or none, and return the rows recorded since `seen`; the own ones come last.

        Durable on return. `now` has a time zone. `check` is given the rows that others recorded since `seen` (read now
        unless given) while nobody else can write; what it raises stops the write. Raises StoreError, also where the chain
        is broken: then only an acceptance can be recorded.
        """
        seen = seen or self.read()
        if seen.damage or (seen.unaccepted and entries[0].kind != ACCEPTANCE):
            message = "the rows on record are not as they were recorded, so a new one would not count"
            raise StoreError("S320", message, VERIFY)
        recorded_at = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        try:
            with write(self.path, self.patience) as connection:
                fresh = _read_since(connection, seen)
                if check:
                    check(fresh)
                head = Head(fresh[-1].id, fresh[-1].hash) if fresh else _end(seen)
                own = follow(head, recorded_at, entries)
                connection.executemany(_INSERT, [(*row.fields, row.previous, row.hash) for row in own])
                connection.execute("INSERT OR REPLACE INTO head VALUES (1, ?, ?)", (own[-1].id, own[-1].hash))
            return (*fresh, *own)
        except (sqlite3.Error, UnicodeDecodeError, OSError) as error:
            raise describe_unwritable(error, self.patience) from None


@contextmanager
def _reading() -> Iterator[None]:
    """What goes wrong while a store is read becomes a StoreError."""
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise describe_unreadable(error) from None
    except OSError as error:
        raise StoreError("S322", f"the store cannot be read: {find_reason(error)}", "look at its permissions") from None


def _read_chain(connection: sqlite3.Connection) -> Chain:
    """All rows in one snapshot, as far as SQLite can read them."""
    connection.execute("BEGIN")
    try:
        head = _read_head(connection)
        rows, damage = _read_all(connection)
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    if head is None and not rows:
        raise StoreError("S322", "the store is empty, not even its beginning is there", BACKUP)
    return Chain(tuple(rows), tuple(find_faults(rows, head)), head or Head(rows[-1].id, b""), damage)


def _read_tail(connection: sqlite3.Connection, before: Head) -> Chain | None:
    """The rows after a head in one snapshot, where they and the head are sound."""
    connection.execute("BEGIN")
    try:
        head = _read_head(connection)
        found = connection.execute("SELECT hash FROM ledger WHERE id = ?", (before.rows,)).fetchone()
        rows = tuple(_read_rows(connection, before.rows)) if found == (before.hash,) else ()
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    if found != (before.hash,) or head is None or head.rows != before.rows + len(rows):
        return None
    is_sound = head == before if not rows else not find_faults(rows, head, before)
    return Chain(rows, (), head) if is_sound else None


def _read_all(connection: sqlite3.Connection) -> tuple[list[Row], str]:
    """The rows, and why SQLite could not read on, if so."""
    rows: list[Row] = []
    try:
        rows.extend(_read_rows(connection, 0))
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        if find_code(error) in RETRIED:
            raise
        if (
            find_code(error) == 0 and connection.text_factory is str
        ):  # a text that is no UTF-8: one altered row, not the end
            connection.text_factory = lambda data: data.decode("utf-8", "replace")
            return _read_all(connection)
        return rows, str(error)
    return rows, ""


def _read_since(connection: sqlite3.Connection, seen: Chain) -> list[Row]:
    """The rows recorded after a chain was read. Raises StoreError where they do not continue it."""
    end = _end(seen)
    head = _read_head(connection) or Head(end.rows, b"")
    fresh = list(_read_rows(connection, end.rows))
    continues = head == seen.head if not fresh else not find_faults(fresh, head, end)
    if not continues:
        raise StoreError("S320", "the store was altered meanwhile, so nothing is added to it", VERIFY)
    return fresh


def _end(seen: Chain) -> Head:
    """Where the next row goes on."""
    if not seen.rows:
        return seen.head
    last = seen.rows[-1]
    return Head(max(last.id, seen.head.rows), last.hash if isinstance(last.hash, bytes) else START)


def _read_head(connection: sqlite3.Connection) -> Head | None:
    found = connection.execute("SELECT rows, hash FROM head WHERE id = 1").fetchone()
    is_head = found is not None and isinstance(found[0], int) and 0 <= found[0] < 2**53 and isinstance(found[1], bytes)
    return Head(*found) if is_head else None


def _read_rows(connection: sqlite3.Connection, after: int) -> Iterator[Row]:
    yield from map(_make_row, connection.execute(_SELECT, (after,)))


def _make_row(found: Sequence[Any]) -> Row:
    return Row(found[0], found[1], Entry._make(found[2:11]), found[11], found[12])
