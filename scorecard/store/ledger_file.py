"""The file of a store: how it is made, opened to read and to write, and what is waited for.

A write is on disk when its transaction ends: write-ahead log, full synchronisation, begun as a writer. On a network drive,
where several computers cannot share a write-ahead log, a rollback journal takes its place.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from scorecard.store.drives import find_network_drive
from scorecard.store.ledger_chain import START
from scorecard.store.ledger_errors import BACKUP, RETRIED, StoreError, find_code
from scorecard.store.store_path import FILE

T = TypeVar("T")
_LONGEST = 20_000_000  # bytes of a text or a packed series in a store
_SCHEMA = (
    'CREATE TABLE ledger (id INTEGER PRIMARY KEY, recorded_at TEXT NOT NULL, "by" TEXT NOT NULL, kind TEXT NOT NULL, '
    "kpi TEXT NOT NULL, period TEXT NOT NULL, members TEXT NOT NULL, value, target, note TEXT NOT NULL, "
    "reopen TEXT NOT NULL, previous BLOB NOT NULL, hash BLOB NOT NULL)",
    "CREATE TABLE head (id INTEGER PRIMARY KEY CHECK (id = 1), rows INTEGER NOT NULL, hash BLOB NOT NULL)",
    "CREATE TRIGGER unchanged BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'a row on record is never changed'); END",
    "CREATE TRIGGER undeleted BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'a row on record is never deleted'); END",
)


@contextmanager
def write(path: Path, patience: float) -> Iterator[sqlite3.Connection]:
    """A transaction that nobody else writes beside, on disk when it ends; what is raised in it undoes it.

    The store is made where there is none. Raises StoreError where there is something else.
    """
    if not os.path.lexists(path):
        _create(path)
    _check_kind(path)
    with closing(_connect(path, "rw", patience)) as connection:
        patiently(lambda: _prepare(path, connection), patience)
        patiently(lambda: connection.execute("BEGIN IMMEDIATE"), patience)
        try:
            yield connection
            patiently(lambda: connection.execute("COMMIT"), patience)
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def open_to_read(path: Path, patience: float) -> sqlite3.Connection:
    """A connection that reads, also where nothing can be written beside the file: then a copy where a log is there.

    Raises StoreError where a path leads to no store.
    """
    _check_kind(path)
    connection = _connect(path, "rw", patience)
    try:
        patiently(lambda: _check_schema(connection), patience)
        connection.execute("PRAGMA query_only = ON")
        return connection
    except sqlite3.OperationalError as error:
        connection.close()
        if find_code(error) not in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
            raise
    except BaseException:
        connection.close()
        raise
    log = Path(f"{path}-wal")
    connection = (
        _copy(path, log, patience) if log.exists() and log.stat().st_size else _connect(path, "immutable=1", patience)
    )
    _check_schema(connection)
    return connection


def patiently(step: Callable[[], T], patience: float) -> T:
    """Take a step again while others hold the file: SQLite's own waiting does not cover every step."""
    end = time.monotonic() + patience
    while True:
        try:
            return step()
        except sqlite3.OperationalError as error:
            if find_code(error) not in RETRIED or time.monotonic() > end:
                raise
            time.sleep(0.01)


def _create(path: Path) -> None:
    """An empty store, put in its place in one piece; somebody else may be faster."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    try:
        with closing(sqlite3.connect(name, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("BEGIN")
            for statement in _SCHEMA:
                connection.execute(statement)
            connection.execute("INSERT INTO head VALUES (1, 0, ?)", (START,))
            connection.execute("COMMIT")
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)
        _place(name, path)
    finally:
        for leftover in (name, f"{name}-wal", f"{name}-shm", f"{name}-journal"):
            if os.path.lexists(leftover):
                os.unlink(leftover)


def _place(name: str, path: Path) -> None:
    """Put a finished file in its place and make sure that the folder remembers it."""
    try:
        os.link(name, path)
    except FileExistsError:
        return
    except OSError:  # a file system without links
        if not os.path.lexists(path):
            os.rename(name, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _prepare(path: Path, connection: sqlite3.Connection) -> None:
    """The settings of a writer, on a file that is a store."""
    journal = "DELETE" if find_network_drive(path.parent) else "WAL"
    _check_schema(connection)
    connection.execute(f"PRAGMA journal_mode = {journal}")
    connection.execute("PRAGMA synchronous = FULL")


def _connect(path: Path, mode: str, patience: float) -> sqlite3.Connection:
    uri = f"file:{quote(os.fsencode(path))}?{mode if '=' in mode else f'mode={mode}'}"
    connection = sqlite3.connect(uri, uri=True, timeout=patience, isolation_level=None)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    return connection


def _copy(path: Path, log: Path, patience: float) -> sqlite3.Connection:
    """The store in memory, with what is in its log."""
    whole = sqlite3.connect(":memory:", isolation_level=None)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, FILE)
        shutil.copyfile(log, f"{copy}-wal")
        shutil.copyfile(path, copy)
        with closing(_connect(copy, "rw", patience)) as connection:
            connection.backup(whole)
    return whole


def _check_schema(connection: sqlite3.Connection) -> None:
    """Raises StoreError where a file holds anything but the tables of a store."""
    found = {sql for (sql,) in connection.execute("SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'")}
    if found != set(_SCHEMA):
        raise StoreError("S322", "this is not a store as this version of scorecard writes it", BACKUP)


def _check_kind(path: Path) -> None:
    """Raises StoreError where a path leads to anything but a file."""
    if not stat.S_ISREG(os.lstat(path).st_mode):
        raise StoreError("S322", "this is no file but a link, a folder or a device", "put the store itself there")
