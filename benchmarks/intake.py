"""Reading data: a cascade of 5,000 stores and 6 million values of 50,000 KPIs, from file to the columns of observations.

Against the csv module alone, which only makes lists of texts; against DuckDB's reader, where it is installed, which makes
a table; and against our own way row by row, on a part of the file and multiplied.
"""

from __future__ import annotations

import csv
import gc
import random
import statistics
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

from benchmarks.measuring import Line, in_turns, timed
from scorecard.compute.observations import Observations, Recorder
from scorecard.model.finding import Place
from scorecard.model.strategy import Strategy
from scorecard.parser.reader import read_path
from scorecard.store.intake import Intake
from scorecard.store.sources import read_file
from scorecard.store.table import Table, lay_out

STORES, STORE_KPIS, MONTHS = 5_000, 48, 12
KPIS, PERIODS = 50_000, 120
ROUNDS = 3
PART = 50  # row by row only one row in so many is read


def compare(folder: Path, stores: int = STORES, kpis: int = KPIS) -> list[Line]:
    """The comparisons; with fewer `stores` and `kpis` for a run in a minute."""
    cascade, group = _write_strategy(folder / "cascade", STORE_KPIS, stores), _write_strategy(folder / "group", kpis)
    tables = (("of a cascade", cascade, _draw_cascade(stores)), *((f, group, _draw(kpis, f)) for f in ("long", "wide")))
    lines = []
    gc.disable()  # as while a strategy is read
    try:
        for kind, strategy, rows in tables:
            path, part = folder / "rows.csv", folder / "part.csv"
            _write_table(path, rows)
            with path.open(encoding="utf-8", newline="") as file:
                _write_table(part, islice(csv.reader(file), 0, None, PART))
            values = len(_read(strategy, path))
            lines += _compare_csv(f"read {values:,} values, {kind}", strategy, path, part)
            if kind == "of a cascade":
                lines.append(_compare_parquet(f"read {values:,} values, {kind}, from Parquet", strategy, path))
    finally:
        gc.enable()
    return lines


def _compare_csv(what: str, strategy: Strategy, path: Path, part: Path) -> list[Line]:
    ours, module, noise = in_turns(timed(lambda: _read(strategy, path)), timed(lambda: _read_texts(path)), ROUNDS)
    each = timed(lambda: _read_each(strategy, part))() * PART
    duckdb = _time_duckdb(path)
    return [
        Line(what, f"each row by itself (1/{PART} of them, times {PART})", ours, each, 3, True, "one run"),
        Line(what, "the csv module alone", ours, module, None, False, noise),
        Line(what, "DuckDB's reader", ours, duckdb, None, False, "" if duckdb else "duckdb is not installed"),
    ]


def _compare_parquet(what: str, strategy: Strategy, table: Path) -> Line:
    against = "pyarrow.parquet.read_table"
    if not find_spec("pyarrow"):
        return Line(what, against, None, None, None, False, "pyarrow is not installed")
    import pyarrow.csv
    from pyarrow import parquet

    path = table.with_suffix(".parquet")
    parquet.write_table(pyarrow.csv.read_csv(table), path)
    ours, others, noise = in_turns(
        timed(lambda: _read(strategy, path)), timed(lambda: parquet.read_table(path)), ROUNDS
    )
    return Line(what, against, ours, others, None, False, noise)


def _write_strategy(folder: Path, kpis: int, stores: int = 0) -> Strategy:
    """A strategy of so many KPIs; with stores, they lie in twenty regions."""
    folder.mkdir()
    text = "strategy: figures\n"
    if stores:
        regions = ", ".join(f"region_{number}" for number in range(20))
        names = ", ".join(f"store_{number}" for number in range(stores))
        text += f"dimensions:\n  region: [{regions}]\n  store: {{members: [{names}], parent: region}}\n"
    text += "kpis:\n" + "".join(f"  kpi_{number}: {{baseline: 0, target: 300}}\n" for number in range(kpis))
    (folder / "strategy.yaml").write_text(text, encoding="utf-8")
    strategy = read_path(str(folder)).readings[0].strategy
    assert strategy is not None
    return strategy


def _draw_cascade(stores: int) -> Iterator[tuple[str, ...]]:
    draw = random.Random(7)
    yield "kpi", "period", "region", "store", "value", "target"
    for store in range(stores):
        for kpi in range(STORE_KPIS):
            for month in range(1, MONTHS + 1):
                figures = f"{draw.uniform(0, 450):.2f}", str(draw.randint(100, 400))
                yield f"kpi_{kpi}", f"2026-{month:02}", f"region_{store % 20}", f"store_{store}", *figures


def _draw(kpis: int, form: str) -> Iterator[tuple[str, ...]]:
    draw = random.Random(7)
    periods = [f"{2020 + number // 12}-{number % 12 + 1:02}" for number in range(PERIODS)]
    yield ("kpi", "period", "value") if form == "long" else ("kpi", *periods)
    for kpi in range(kpis):
        figures = [f"{draw.uniform(0, 450):.2f}" for _ in periods]
        if form == "wide":
            yield f"kpi_{kpi}", *figures
        else:
            yield from ((f"kpi_{kpi}", *cell) for cell in zip(periods, figures, strict=True))


def _write_table(path: Path, rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _read(strategy: Strategy, path: Path) -> Observations:
    recorder = Recorder((*strategy.kpis, *strategy.metrics))
    intake = Intake(strategy, recorder)
    read_file(path, path.name, "", intake)
    assert not intake.findings, intake.findings[0]
    return recorder.freeze()


def _read_texts(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file))


def _read_each(strategy: Strategy, path: Path) -> Observations:
    """Every row taken by itself, as those are about which something may have to be said."""
    recorder, line = Recorder((*strategy.kpis, *strategy.metrics)), 1
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        table = Table(next(reader), lambda number: Place(path.name, line, number + 1), Intake(strategy, recorder), "")
        take = lay_out(table)
        assert take is not None
        for line, cells in enumerate(reader, 2):  # noqa: B007 (read by the place)
            take(cells)
    return recorder.freeze()


def _time_duckdb(path: Path) -> float | None:
    """The seconds that DuckDB takes to make a table of a file; None where it is not installed."""
    if not find_spec("duckdb"):
        return None
    import duckdb

    with duckdb.connect() as connection:
        statement = f"CREATE OR REPLACE TABLE rows AS FROM read_csv('{path}')"
        return statistics.median([timed(lambda: connection.execute(statement))() for _ in range(ROUNDS + 1)][1:])
