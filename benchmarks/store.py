"""The store at the size of millions of values: import, reading, one history, one durable record.

SCORECARD_KPIS sets another number of KPIs than 50,000, each with 120 months. The values are drawn; what is read back is
held against them.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import numpy as np

from benchmarks.measuring import Line, Timed, in_turns, timed
from scorecard.compute.observations import Observations
from scorecard.model.period import Period, Rhythm
from scorecard.model.strategy import Strategy
from scorecard.parser.reader import read_path
from scorecard.store.importing import commit_import, plan_import, read_import
from scorecard.store.ledger import Ledger
from scorecard.store.ledger_chain import VALUE, Chain, Entry, Head, Row
from scorecard.store.packed_copy import read_copy
from scorecard.store.recorded import read_recorded
from scorecard.store.recording import Register

KPIS, MONTHS, FIRST = int(os.environ.get("SCORECARD_KPIS", 50_000)), 120, 2016
NOW = datetime(2026, 10, 5, tzinfo=UTC)
SAID = {"by": "benchmark", "note": "", "reopen": ""}
RECORDS = 200  # single values, for one time


def compare(folder: Path) -> list[Line]:
    strategy, given = make_strategy(folder), make_values()
    size = f"{len(given):,} values of {KPIS:,} KPIs"
    rows, store = folder / "rows.sqlite", folder / "store" / "scorecard.sqlite"
    store.parent.mkdir()
    lines = [_compare_import(strategy, given, rows, store, size), *_compare_csv(strategy, given, folder, size)]
    assert read_recorded(Ledger(store), strategy).counting.value.sum() == given.value.sum()  # makes the packed copy
    return [*lines, *_compare_reading(strategy, given, rows, store, size), _compare_record(strategy, folder, store)]


def make_strategy(folder: Path) -> Strategy:
    entries = "".join(f"  kpi_{number}: {{baseline: 0, target: 100}}\n" for number in range(KPIS))
    path = folder / "strategy.yaml"
    path.write_text(f"strategy: benchmark\nkpis:\n{entries}", encoding="utf-8")
    strategy = read_path(str(path)).readings[0].strategy
    assert strategy is not None
    return strategy


def make_values() -> Observations:
    """Drawn values, as they would come from `list.csv` in the order of KPIs and months."""
    size = KPIS * MONTHS
    months = tuple(Period(Rhythm.MONTH, FIRST + n // 12, n % 12 + 1) for n in range(MONTHS))
    nothing = np.zeros(size, dtype=np.int64)
    return Observations(
        tuple(f"kpi_{number}" for number in range(KPIS)),
        months,
        ((),),
        ("list.csv",),
        (1,),
        np.repeat(np.arange(KPIS), MONTHS),
        np.tile(np.arange(MONTHS), KPIS),
        nothing,
        np.round(np.random.default_rng(7).normal(60, 9, size), 3),
        np.full(size, np.nan),
        nothing,
        np.arange(size) + 2,
        nothing + 20,
    )


def _compare_import(strategy: Strategy, given: Observations, rows: Path, store: Path, size: str) -> Line:
    ours = _anew(store, lambda: _import(strategy, given, store))
    others = _anew(rows, lambda: _fill_rows(rows, given))
    return Line(f"import {size}, as read", "a row table by executemany", *_pair(ours, others, 3), 1 / 3, False)


def _compare_csv(strategy: Strategy, given: Observations, folder: Path, size: str) -> list[Line]:
    """The whole way from a CSV file into the store, against reading the file only."""
    path, store = folder / "list.csv", folder / "csv.sqlite"
    with path.open("w", encoding="utf-8") as file:
        file.write("kpi,period,value\n")
        file.writelines(f"{kpi},{month},{value:.12g}\n" for kpi, month, value in _rows(given))

    def ours() -> None:
        values, findings = read_import(strategy, [(path, "list.csv")])
        assert len(values) == len(given), findings[:3]
        _import(strategy, values, store)

    what = f"import {size} from a CSV file"
    try:
        import duckdb
    except ImportError:
        return [
            Line(what, "DuckDB reads it into a table", None, None, None, False, "not measured: duckdb is not installed")
        ]

    def others() -> None:
        with duckdb.connect(str(folder / "list.duckdb")) as connection:
            connection.execute(f"CREATE OR REPLACE TABLE list AS SELECT * FROM read_csv('{path}')")

    return [Line(what, "DuckDB reads it into a table", *_pair(_anew(store, ours), timed(others), 1), None, False)]


def _compare_reading(strategy: Strategy, given: Observations, rows: Path, store: Path, size: str) -> list[Line]:
    ledger = Ledger(store)
    newest = "SELECT kpi, max(period), value FROM list GROUP BY kpi"
    history = "SELECT period, value FROM list WHERE kpi = 'kpi_7' ORDER BY period"

    def latest() -> None:
        counting = read_recorded(ledger, strategy).counting
        last = np.full(KPIS, -1)
        np.maximum.at(last, counting.kpi, np.arange(len(counting)))  # the periods of a KPI are in order
        assert counting.value[last][-1] == given.value[-1]

    def one() -> None:
        copy = read_copy(store, "kpi_7")
        assert copy is not None
        assert len(copy.counting) == MONTHS

    with closing(sqlite3.connect(rows)) as connection:

        def ask(select: str) -> Timed:
            return timed(lambda: connection.execute(select).fetchall())

        connection.execute("CREATE INDEX of_kpi ON list (kpi, period)")
        return [
            Line(
                f"latest value of each KPI, of {size}",
                "the row table",
                *_pair(timed(latest), ask(newest), 3),
                None,
                False,
            ),
            Line(
                "history of one KPI", "the row table, with an index", *_pair(timed(one), ask(history), 25), None, False
            ),
        ]


def _compare_record(strategy: Strategy, folder: Path, store: Path) -> Line:
    """Single values in a store that holds all of the import, each on disk before the next."""
    ledger, bare = Ledger(store), folder / "bare.sqlite"
    recorded = read_recorded(ledger, strategy)
    seen, number = [recorded.chain], count()

    def ours() -> None:
        for _ in range(RECORDS):
            entry = Entry("benchmark", VALUE, "kpi_7", "2026-10", value=float(next(number)))
            last = ledger.append([entry], NOW, seen[0])[-1]
            seen[0] = _continue(last)

    def others() -> None:
        for _ in range(RECORDS):
            with closing(_connect(bare)) as connection:
                connection.execute("CREATE TABLE IF NOT EXISTS list (id INTEGER PRIMARY KEY, kpi, period, value)")
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("INSERT INTO list (kpi, period, value) VALUES ('kpi_7', '2026-10', 1.0)")
                connection.execute("COMMIT")

    what = f"{RECORDS} times one durable record, beside {KPIS * MONTHS:,} values"
    return Line(what, "a bare SQLite transaction each", *_pair(timed(ours), timed(others), 5), None, False)


def _continue(last: Row) -> Chain:
    """What somebody knows who has read up to a row."""
    return Chain((), (), Head(last.id, last.hash))


def _import(strategy: Strategy, given: Observations, store: Path) -> None:
    nothing = Observations(given.measures, (), ((),), (), (), *(np.zeros(0, dtype=kind) for kind in "iiiddiii"))
    register = Register(strategy, Ledger(store), nothing)
    commit_import(register, plan_import(register, given, (), NOW, **SAID), NOW)


def _fill_rows(path: Path, given: Observations) -> None:
    with closing(_connect(path)) as connection:
        connection.execute("CREATE TABLE list (kpi TEXT, period TEXT, value REAL)")
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO list VALUES (?, ?, ?)", _rows(given))
        connection.execute("COMMIT")


def _rows(given: Observations) -> Iterator[tuple[str, str, float]]:
    months = [str(period) for period in given.periods]
    values = iter(given.value.tolist())
    return ((kpi, month, next(values)) for kpi in given.measures for month in months)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _anew(path: Path, run: Callable[[], None]) -> Timed:
    """Wall-clock seconds of filling a file that is not there yet."""
    measure = timed(run)

    def fill() -> float:
        for beside in ("", "-wal", "-shm"):
            Path(f"{path}{beside}").unlink(missing_ok=True)
        path.with_suffix(".packed").unlink(missing_ok=True)
        return measure()

    return fill


def _pair(ours: Timed, others: Timed, rounds: int) -> tuple[float, float]:
    first, second, _ = in_turns(ours, others, rounds)
    return first, second
