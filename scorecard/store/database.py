"""Databases by address: a table or one query, read and never written, streamed, within limits of rows and time.

SQLite files are read by Python itself, any other database through SQLAlchemy and its driver.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import quote

from scorecard.model.finding import Place, shorten
from scorecard.model.strategy import DatabaseSource
from scorecard.store.address import Address, read_address
from scorecard.store.columns import Batch, Cells
from scorecard.store.foreign import make_cell, require
from scorecard.store.intake import Intake
from scorecard.store.lines import Fault
from scorecard.store.table import Table, lay_out

MOST_ROWS = 10_000_000
MOST_SECONDS = 60.0  # that a database may work for one source
_CONNECTING = 10  # seconds
_BATCH = 2_000
_LONGEST = 100_000  # bytes of one value
_BEGINS = re.compile(r"(?:select|with)\b", re.IGNORECASE)
_WRITES = re.compile(  # also in texts and comments: how those are marked differs between databases
    r"\b(alter|attach|backup|call|copy|create|dbcc|declare|delete|drop|dumpfile|exec|execute|grant|insert|into|kill"
    r"|load_extension|load_file|merge|outfile|restore|revoke|shutdown|truncate|update|waitfor)\b",
    re.IGNORECASE,
)
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
_READ_ONLY = {  # said before the query
    "postgresql": ("SET TRANSACTION READ ONLY", f"SET LOCAL statement_timeout = {MOST_SECONDS * 1000:.0f}"),
    "mysql": (f"SET SESSION max_execution_time = {MOST_SECONDS * 1000:.0f}", "START TRANSACTION READ ONLY"),
    "mariadb": (f"SET SESSION max_statement_time = {MOST_SECONDS:.0f}", "START TRANSACTION READ ONLY"),
    "oracle": ("SET TRANSACTION READ ONLY",),
}
_PATIENCE = {  # how a driver calls the seconds that connecting may take
    "psycopg": "connect_timeout",
    "psycopg2": "connect_timeout",
    "pg8000": "timeout",
    "pymysql": "connect_timeout",
    "mysqldb": "connect_timeout",
    "mysqlconnector": "connection_timeout",
    "oracledb": "tcp_connect_timeout",
}
_EMBEDDED = ("duckdb", "access")  # would open files past the limits of the folder

Find = Callable[[str], tuple[Path, str]]
Batches = Generator[Sequence[Sequence[object]], None, None]


@dataclass(slots=True)
class _Watch:
    """Counts the seconds in which the database works, not those in which its rows are taken."""

    left: float = MOST_SECONDS
    begun: float = 0.0

    def is_over(self) -> bool:
        return monotonic() - self.begun > self.left


def read_database(source: DatabaseSource, place: Place, name: str, find: Find, intake: Intake) -> None:
    """All values of a table or query into the intake; rows are called `database!table`, counted from 1.

    `place` is the source's in the strategy, `name` the folder as findings call it, `find` gives the file of a path in it
    and how that is called. Raises Fault where no more can be read, and MissingLibrary.
    """
    query = _read_query(source, place)
    address = read_address(source.connect, os.environ, place)
    if address.dialect == "sqlite":
        path, shown = find(_sqlite_path(address, place))
        rows = _read_sqlite(path, query or f"SELECT * FROM {_quoted(source.table or '')}", place)
    else:
        shown = f"{name}/{address.hide(address.database)}"
        rows = _read_server(address, source, query, place)
    _take(rows, f"{shown}!{shorten(source.table or 'query')}", source.decimal, intake)


def _take(batches: Batches, shown: str, decimal: str, intake: Intake) -> None:
    at_hand = first = 1

    def at(number: int) -> Place:
        return Place(shown, at_hand, number + 1)

    def go_to(line: int) -> None:
        nonlocal at_hand
        at_hand = line

    with closing(batches):
        header = next(batches)[0]
        table = Table([str(name) for name in header], at, intake, decimal)
        if take := lay_out(table):
            for rows in batches:
                columns = [Cells([make_cell(value) for value in column]) for column in zip(*rows, strict=True)]
                take.many(Batch(shown, first, len(rows), columns, go_to))
                first += len(rows)


def _read_query(source: DatabaseSource, place: Place) -> str | None:
    """The query, None where a table is named. Raises Fault for one that does more than read."""
    if (source.table is None) == (source.query is None):
        message = "a database needs one of 'table' and 'query'"
        raise Fault("S204", place, message, "name the table, or write the query")
    if source.query is None:
        return None
    query = source.query.strip().removesuffix(";").rstrip()
    hint = "write one SELECT; anything else belongs into a view of the database"
    if not _BEGINS.match(query):
        raise Fault("S331", place, "the query does not begin with SELECT or WITH", hint)
    if ";" in query:
        raise Fault("S331", place, "the query holds a semicolon, so it may be more than one", hint)
    if found := _WRITES.search(query):
        raise Fault("S331", place, f"the query holds the word '{found[0]}', so it may do more than read", hint)
    return query


def _sqlite_path(address: Address, place: Place) -> str:
    path = address.rest.removeprefix("/")
    if path == address.rest or not path or "?" in path:
        message = "the address names no file" if "?" not in path else "the address has options"
        raise Fault(
            "S330", place, message, "write sqlite:///figures.db, with three slashes and nothing behind the file"
        )
    return path


def _read_sqlite(path: Path, query: str, place: Place) -> Batches:
    """The names of the columns as a first row, then all others. Raises Fault."""
    watch = _Watch(begun=monotonic())
    try:
        with closing(sqlite3.connect(f"file:{quote(os.fsencode(path))}?mode=ro", uri=True, timeout=30)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
            connection.set_progress_handler(watch.is_over, 10_000)
            connection.set_authorizer(_authorize)
            connection.text_factory = lambda text: text.decode("utf-8", "replace")
            cursor = connection.execute(query)
            yield [[column[0] for column in cursor.description]]
            yield from _stream(cursor.fetchmany, watch, place)
    except (sqlite3.Error, sqlite3.Warning, UnicodeError) as error:
        if watch.is_over():
            raise _too_slow(place) from None
        message, hint = (
            f"the database cannot be read: {shorten(str(error))}",
            "look at the file, the table and the query",
        )
        raise Fault("S330", place, message, hint) from None


def _authorize(action: int, _: str | None, second: str | None, *__: str | None) -> int:
    return sqlite3.SQLITE_OK if action in _ALLOWED and second != "load_extension" else sqlite3.SQLITE_DENY


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _read_server(address: Address, source: DatabaseSource, query: str | None, place: Place) -> Batches:
    """The names of the columns as a first row, then all others. Raises Fault and MissingLibrary."""
    alchemy = require("sqlalchemy", "sql")
    watch = _Watch(begun=monotonic())
    try:
        engine = _make_engine(alchemy, address, place)
        with closing(engine.connect()) as connection:  # closing undoes whatever was begun
            for command in _READ_ONLY.get(engine.dialect.name, ()):
                connection.exec_driver_sql(command)
            streaming = {"stream_results": True, "max_row_buffer": _BATCH, "no_parameters": query is not None}
            connection = connection.execution_options(**streaming)
            if query is not None:
                result = connection.exec_driver_sql(query)
            else:
                schema, _, table = (source.table or "").rpartition(".")
                columns = alchemy.select(alchemy.text("*"))
                result = connection.execute(columns.select_from(alchemy.table(table, schema=schema or None)))
            yield [list(result.keys())]
            yield from _stream(result.fetchmany, watch, place)
    except ModuleNotFoundError as error:
        message = f"the driver '{shorten(error.name)}' of this database is not installed"
        raise Fault("S316", place, message, f"run pip install {shorten(error.name)}") from None
    except Fault:
        raise
    except Exception as error:  # each driver has its own
        why = address.hide(str(getattr(error, "orig", None) or error))
        hint = "look at the address, the network, the account, and the table or query"
        raise Fault("S330", place, f"the database cannot be read: {why}", hint) from None


def _make_engine(alchemy: Any, address: Address, place: Place) -> Any:
    """Raises Fault for an address that names no server."""
    url = alchemy.engine.make_url(address.url)
    if address.dialect in _EMBEDDED or not (url.host or url.query):
        message = "the address names no server"
        raise Fault("S330", place, message, "name a host; a file of figures is read as SQLite, Parquet, XLSX or CSV")
    patience = _PATIENCE.get(url.get_driver_name())
    options = {"connect_args": {patience: _CONNECTING}} if patience else {}
    return alchemy.create_engine(url, poolclass=alchemy.pool.NullPool, **options)


def _stream(fetch: Callable[[int], Sequence[Any]], watch: _Watch, place: Place) -> Batches:
    """Raises Fault past the limits."""
    left = MOST_ROWS
    while rows := fetch(_BATCH):
        watch.left -= monotonic() - watch.begun
        left -= len(rows)
        if watch.left < 0:
            raise _too_slow(place)
        if left < 0:
            hint = "let the query sum up; the rows beyond are left out"
            raise Fault("S330", place, f"the database gives more than {MOST_ROWS:,} rows", hint)
        yield rows
        watch.begun = monotonic()


def _too_slow(place: Place) -> Fault:
    message = f"the database needs longer than {MOST_SECONDS:.0f} seconds"
    return Fault("S330", place, message, "let the query give less, or write its result into a table; rows are missing")
