"""The packed copy beside a store: what counts today, one packed series a KPI, for reading many values fast.

It is an SQLite file of its own, put in its place whole and never changed after, so that nothing done to it can harm what is
on record. It names the row on record up to which it speaks, and that row's hash; each series has its SHA-256, and all
of them together have one. A copy that is not exactly this is not used, and can be deleted at any time.
"""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import numpy as np

from scorecard.store.ledger_chain import Head
from scorecard.store.packing import Packing, pack_statements
from scorecard.store.series import SeriesError
from scorecard.store.statements import Statements, gather_packed

_SCHEMA = (
    "CREATE TABLE copy (rows INTEGER NOT NULL, hash BLOB NOT NULL, ids TEXT NOT NULL, left_out TEXT NOT NULL, "
    "digest BLOB NOT NULL)",
    "CREATE TABLE series (kpi TEXT NOT NULL, words INTEGER NOT NULL, data BLOB NOT NULL, digest BLOB NOT NULL, "
    "PRIMARY KEY (kpi, words))",
)


@dataclass(frozen=True, slots=True)
class PackedCopy:
    """What counted when `head` was the last row on record. `ids` are those of KPIs that have another one now.

    `left_out` are the rows that do not count because somebody accepted that, each with what was wrong with it.
    """

    head: Head
    ids: Mapping[str, str]
    left_out: Mapping[int, str]
    counting: Statements


def find_copy(store: Path) -> Path:
    """Where the packed copy of a store lies."""
    return store.with_suffix(".packed")


def read_copy(store: Path, kpi: str | None = None) -> PackedCopy | None:
    """The packed copy of a store, or the part of it that is one KPI's; None where there is none that is sound."""
    path = find_copy(store)
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"file:{quote(os.fsencode(path))}?immutable=1", uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            if {sql for (sql,) in connection.execute("SELECT sql FROM sqlite_schema WHERE sql NOT NULL")} != set(
                _SCHEMA
            ):
                return None
            [(rows, own, *texts, digest)] = connection.execute("SELECT rows, hash, ids, left_out, digest FROM copy")
            head = Head(rows, own)
            select = "SELECT kpi, words, data, digest FROM series"
            if kpi is not None:
                found = connection.execute(f"{select} WHERE kpi = ? ORDER BY words", (kpi,)).fetchall()
            else:
                found = connection.execute(f"{select} ORDER BY rowid").fetchall()
        if any(_digest(name, words, data) != own for name, words, data, own in found):
            return None
        if kpi is None and _seal(head, texts, [one[3] for one in found]) != digest:
            return None
        ids, left_out = map(json.loads, texts)
        counting = gather_packed([one[0] for one in found], [one[2] for one in found])
        return PackedCopy(head, ids, {int(row): why for row, why in left_out.items()}, counting)
    except (sqlite3.Error, SeriesError, OSError, ValueError, TypeError, AttributeError, OverflowError):
        return None


def write_copy(store: Path, copy: PackedCopy) -> bool:
    """Put a packed copy in its place; False where nothing may be written there, or no room is left."""
    try:
        handle, name = tempfile.mkstemp(dir=store.parent, prefix=f".{find_copy(store).name}.")
    except OSError:
        return False
    os.close(handle)
    try:
        _fill(Path(name), copy)
        os.chmod(name, store.stat().st_mode & 0o777)
        os.replace(name, find_copy(store))
    except (OSError, sqlite3.Error):
        return False
    finally:
        with suppress(OSError):
            os.unlink(name)
    return True


def drop_copy(store: Path) -> None:
    """Take the packed copy of a store away, where the folder can be written."""
    with suppress(OSError):
        find_copy(store).unlink()


def _fill(path: Path, copy: PackedCopy) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA page_size = 16384")
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")  # one that is torn by a crash does not have its digest
        connection.execute("BEGIN")
        for statement in _SCHEMA:
            connection.execute(statement)
        found = [(kpi, words, data, _digest(kpi, words, data)) for kpi, words, data in _pack(copy.counting)]
        connection.executemany("INSERT INTO series VALUES (?, ?, ?, ?)", found)
        texts = [json.dumps(dict(one)) for one in (copy.ids, copy.left_out)]
        digest = _seal(copy.head, texts, [one[3] for one in found])
        connection.execute("INSERT INTO copy VALUES (?, ?, ?, ?, ?)", (*copy.head, *texts, digest))
        connection.execute("COMMIT")


def _pack(given: Statements) -> Iterator[tuple[str, int, bytes]]:
    """The series of each KPI; a member is named by the text that rows on record have, under a dimension without a name."""
    how = Packing(
        lambda part: (part.row, part.index, np.zeros(len(part), dtype=np.int64)),
        ("",),
        ("",),
        lambda text: (text,),
        max(len(given), 1),
    )
    for one in pack_statements(given, how):
        yield one.kpi, int(one.is_worded), one.data


def _digest(kpi: str, words: int, data: bytes) -> bytes:
    return sha256(b"%s %d " % (kpi.encode("utf-8", "surrogatepass"), words) + data).digest()


def _seal(head: Head, texts: list[str], digests: list[bytes]) -> bytes:
    said = "\n".join(texts).encode()  # JSON in ASCII has no line break
    return sha256(b"%d " % head.rows + head.hash + said + b"".join(digests)).digest()
