"""An engine to evaluate in: tables of numbers up to it, steps kept there, rows back.

Ibis is loaded with this module, and only by a command that names an engine.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from tempfile import gettempdir
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

import numpy as np
from numpy.typing import NDArray

from scorecard.engine.fault import EngineError
from scorecard.model.finding import Place, shorten
from scorecard.store.address import Address, read_address
from scorecard.store.foreign import MissingLibrary, require
from scorecard.store.lines import Fault

Expr: TypeAlias = Any  # a table or column of Ibis, which has no types of its own
Column: TypeAlias = "NDArray[Any] | Sequence[str] | Sequence[int]"

try:
    ibis: Any = require("ibis", "scale")
    arrow: Any = require("pyarrow", "scale")
except MissingLibrary:
    raise EngineError(
        "evaluating in an engine needs a part of the program that is not installed",
        "run pip install 'scorecard[scale]'",
    ) from None

EMBEDDED = "duckdb"
_GENTLE = ("duckdb", "pyspark", "trino", "clickhouse")  # an overflow is infinite there; elsewhere it ends the query
_SPARK = "pyspark"
_HEAD = 19  # bytes before the first row of a binary copy
_QUICK = "-c jit=off"  # compiling these expressions takes PostgreSQL longer than running them


class Engine:
    """A connection, closed as a context; raises EngineError for whatever the engine says.

    `raises` tells whether an overflow ends a query there.
    """

    def __init__(self, address: str) -> None:
        self._address = _read(address)
        with self._speaking():
            self._connection = _connect(self._address)
        self.raises = self._connection.name not in _GENTLE

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(Exception):  # whatever it says: the work is done, and temporary tables end with the connection
            self._connection.disconnect()

    def holds(self, template: str) -> bool:
        """Whether a source's address, with its variables filled in, is this engine's."""
        with suppress(EngineError):
            return _plain(_read(template).url) == _plain(self._address.url)
        return False

    def table(self, **columns: Column) -> Expr:
        """A table of numbers and texts; a float that is NaN is unknown there."""
        data = arrow.table({name: _array(column) for name, column in columns.items()})
        with self._speaking():
            if self._connection.name == "postgres":
                is_plain = not any(column.null_count or column.type == arrow.string() for column in data.columns)
                schema = ibis.memtable(data).schema()
                return self._copy(columns, schema) if is_plain else self._store(ibis.memtable(data))
            if self._connection.name == _SPARK:
                return self._connection.table(_name_frame(_spark().createDataFrame(data)))
            return ibis.memtable(data)

    def source(self, name: str) -> Expr:
        """A table of the engine, as `table` or `schema.table`."""
        schema, _, table = name.rpartition(".")
        with self._speaking():
            return self._connection.table(table, database=schema or None)

    def keep(self, table: Expr) -> Expr:
        """The table, computed now and kept until the end, so that later steps do not compute it again."""
        with self._speaking():
            if self._connection.name == _SPARK:  # a checkpoint, so that its plan does not grow from step to step
                frame = _spark().sql(self._connection.compile(table)).localCheckpoint()
                return self._connection.table(_name_frame(frame))
            return self._store(table)

    def fetch(self, table: Expr) -> dict[str, NDArray[Any]]:
        """The columns of a table; what is unknown is NaN, a text an object."""
        with self._speaking():
            if self._connection.name == "postgres" and all(map(_is_wide, table.schema().types)):
                return self._copy_out(table)
            found = self._connection.to_pyarrow(table)
        return {name: _numbers(found[name]) for name in found.column_names}

    def _store(self, table: Expr) -> Expr:
        name = ibis.util.gen_name("scorecard")
        kept = self._connection.create_table(name, table, schema=table.schema(), temp=True)
        if self._connection.name == "postgres":
            self._connection.raw_sql(_analyze(name)).close()  # its planner knows nothing of a new table
        return kept

    def _copy(self, columns: dict[str, Column], schema: Any) -> Expr:
        """Rows into PostgreSQL by its binary copy: many times faster than inserting them."""
        from psycopg import sql

        name = ibis.util.gen_name("scorecard")
        table = self._connection.create_table(name, schema=schema, temp=True)
        fields = sql.SQL(", ").join(map(sql.Identifier, columns))
        command = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(sql.Identifier(name), fields)
        with self._connection.con.cursor() as cursor:
            with cursor.copy(command) as copy:
                copy.write(_binary([np.asarray(column) for column in columns.values()]))
            cursor.execute(_analyze(name))
        return table

    def _copy_out(self, table: Expr) -> dict[str, NDArray[Any]]:
        """The way back, for columns of whole numbers and floats."""
        from psycopg import sql

        nan, kinds = ibis.literal("nan").cast("float64"), dict(table.schema().items())
        filled = table.select(
            **{name: table[name].fill_null(nan if kind.is_floating() else 0) for name, kind in kinds.items()}
        )
        query = sql.SQL("COPY ({}) TO STDOUT (FORMAT BINARY)").format(sql.SQL(self._connection.compile(filled)))
        with self._connection.con.cursor() as cursor, cursor.copy(query) as copy:
            data = b"".join(copy)
        rows = np.frombuffer(data[_HEAD:-2], dtype=_layout([kind.is_floating() for kind in kinds.values()]))
        columns = {name: rows[f"value{at}"] for at, name in enumerate(kinds)}
        return {name: column.astype(column.dtype.newbyteorder("=")) for name, column in columns.items()}

    def _speaking(self) -> _Speaking:
        return _Speaking(self._address)


class _Speaking:
    """Turns whatever a driver raises into an EngineError without secrets."""

    def __init__(self, address: Address) -> None:
        self._address = address

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if error is None or isinstance(error, EngineError) or not isinstance(error, Exception):
            return
        if isinstance(error, ModuleNotFoundError):
            message = f"the driver '{shorten(error.name or '')}' of this engine is not installed"
            raise EngineError(message, f"run pip install {shorten(error.name or '')}") from None
        why = self._address.hide(str(error)) or (kind.__name__ if kind else "")
        hint = "look at the address, the network, the account, and the table"
        raise EngineError(f"the engine says: {why}", hint) from None


def _read(template: str) -> Address:
    """`duckdb`, or an address as sources have one. Raises EngineError."""
    if template == EMBEDDED:
        return Address(EMBEDDED, f"{EMBEDDED}://", ())
    try:
        return read_address(template, os.environ, Place("--engine"))
    except Fault as fault:
        hint = f"write duckdb, or an address; {fault.hint}" if fault.code == "S330" else fault.hint
        raise EngineError(fault.message, hint) from None


def _connect(address: Address) -> Any:
    if address.url == f"{EMBEDDED}://":
        return ibis.duckdb.connect()
    if address.dialect == "spark":
        return _connect_spark(address.url)
    if address.dialect not in ("postgresql", "postgres"):
        return ibis.connect(_plain(address.url))
    url = urlsplit(_plain(address.url))
    named = {"host": url.hostname, "port": url.port, "database": url.path.strip("/"), **dict(parse_qsl(url.query))}
    own = {"user": unquote(url.username or ""), "password": unquote(url.password or ""), "options": _QUICK}
    return ibis.postgres.connect(**{name: value for name, value in {**named, **own}.items() if value})


def _connect_spark(url: str) -> Any:
    """`spark://local[2]` runs in this process; `spark://host:7077` is a cluster's own address; options are Spark's settings."""
    master, _, options = url.partition("?")
    inside = master.partition("://")[2]
    builder = require("pyspark.sql", "scale").SparkSession.builder.appName("scorecard")
    builder = builder.master(inside if inside.startswith("local") else master)
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.warehouse.dir": gettempdir(),
    }
    for name, value in (settings | dict(parse_qsl(options))).items():
        builder = builder.config(name, value)
    return ibis.pyspark.connect(builder.getOrCreate())


def _spark() -> Any:
    return require("pyspark.sql", "scale").SparkSession.getActiveSession()


def _name_frame(frame: Any) -> str:
    """A name by which Spark knows a frame of its own."""
    name: str = ibis.util.gen_name("scorecard")
    frame.createOrReplaceTempView(name)
    return name


def _plain(url: str) -> str:
    """The address without the name of a driver, as in `postgresql+psycopg://`."""
    scheme, _, rest = url.partition("://")
    return f"{scheme.partition('+')[0].lower()}://{rest}"


def _analyze(name: str) -> Any:
    from psycopg import sql

    return sql.SQL("ANALYZE {}").format(sql.Identifier(name)).as_string(None)


def _array(column: Column) -> Any:
    array = np.asarray(column) if len(column) else np.asarray(column, dtype=getattr(column, "dtype", np.int64))
    if array.dtype.kind == "f":
        return arrow.array(array, mask=np.isnan(array))
    return arrow.array(column if array.dtype.kind in "OU" else array)


def _numbers(column: Any) -> NDArray[Any]:
    kind = column.type
    if arrow.types.is_floating(kind) or arrow.types.is_decimal(kind):
        numbers = column.cast(arrow.float64()).to_numpy()
        return np.asarray(numbers, dtype=np.float64)
    return np.asarray(column.to_numpy())


def _is_wide(kind: Any) -> bool:
    """Whether PostgreSQL writes a column as eight bytes."""
    return bool(kind.is_int64() or kind.is_float64())


def _binary(columns: Sequence[NDArray[Any]]) -> bytes:
    """Rows of whole numbers and floats, none of them missing, as PostgreSQL reads them."""
    rows = np.empty(len(columns[0]), dtype=_layout([column.dtype.kind == "f" for column in columns]))
    rows["count"] = len(columns)
    for number, column in enumerate(columns):
        rows[f"size{number}"], rows[f"value{number}"] = 8, column
    return b"PGCOPY\n\xff\r\n\0" + bytes(8) + rows.tobytes() + b"\xff\xff"


def _layout(floats: Sequence[bool]) -> list[tuple[str, str]]:
    """A row of PostgreSQL's binary copy: how many columns, and of each its size and value."""
    columns = [
        (f"size{at}", ">i4") if part == "size" else (f"value{at}", ">f8" if is_float else ">i8")
        for at, is_float in enumerate(floats)
        for part in ("size", "value")
    ]
    return [("count", ">i2"), *columns]
