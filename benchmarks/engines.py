"""A cascade of units in three engines: 5,000 units x 48 KPIs x 12 months by numpy, DuckDB and PostgreSQL.

All are given the same rows and compute lagging, leading and outlook of every goal, unit and month; a sixth of the KPIs are
rates. DuckDB and PostgreSQL read the rows from this process, and PostgreSQL once more where it has them as a table of texts.
`SCORECARD_UNITS=500` makes it smaller.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.measuring import Line, in_turns, timed
from scorecard.compute.evaluation import Inputs
from scorecard.compute.histories import list_slices, place_members, slice_history
from scorecard.compute.observations import Observations
from scorecard.compute.sliced import Sliced, evaluate
from scorecard.engine.codes import Stay, Task
from scorecard.engine.connection import Engine, ibis
from scorecard.engine.reading import gather
from scorecard.engine.run import Asked, run
from scorecard.model.period import Calendar, Period, Rhythm
from scorecard.model.strategy import DatabaseSource

UNITS, KPIS, MONTHS, FIRST = int(os.environ.get("SCORECARD_UNITS", "5000")), 48, 12, 2026 * 12
PER_GOAL = 4
LAST = Period(Rhythm.MONTH, 2026, MONTHS)
PASSWORD = "figures"


def compare(folder: Path) -> list[Line]:
    _write(folder / "units")
    with Engine("duckdb") as engine:
        task = next(iter(gather(str(folder / "units"), engine).tasks.values()))
    task = replace(task, rows=_draw(task.inputs))
    size = f"{UNITS:,} units x {KPIS} KPIs x {MONTHS} months"
    lines = [_line(task, "duckdb", f"{size}, DuckDB", 3)]
    if not shutil.which("initdb"):
        return [*lines, Line(size, "numpy", None, None, None, False, "PostgreSQL is not installed")]
    with _server() as address:
        lines.append(_line(task, address, f"{size}, PostgreSQL", 0))
        _fill(address, task.rows)
        there = DatabaseSource(connect=address, table="figures")
        lines.append(_line(task, address, f"{size}, PostgreSQL, rows there", 0, Stay(there, 0)))
    return lines


def _line(task: Task, address: str, what: str, rounds: int, stay: Stay | None = None) -> Line:
    """An engine against numpy, once their numbers are the same."""
    there = task if stay is None else Task(task.inputs, _none_of(task.rows), (stay,))
    results: list[Sliced] = []
    sides = [timed(lambda: results.append(_by_engine(there, address))), timed(lambda: results.append(_by_numpy(task)))]
    engine, numpy = (side() for side in sides)
    for of in results[0].numbers._fields:
        pair = [getattr(one.numbers, of) for one in results]
        assert np.allclose(*pair, rtol=0, atol=1e-9, equal_nan=True), of
    noise = "one run"
    if rounds:
        engine, numpy, noise = in_turns(
            timed(lambda: _by_engine(there, address)), timed(lambda: _by_numpy(task)), rounds
        )
    return Line(what, "numpy", engine, numpy, None, False, noise)


def _by_numpy(task: Task) -> Sliced:
    strategy, rows = task.inputs.strategy, task.rows
    placed = place_members(strategy, rows, list_slices(strategy, rows, {}, "unit"))
    assert placed is not None
    history = slice_history(strategy, rows, placed)
    return evaluate([replace(task.inputs, history=history)], FIRST, FIRST + MONTHS - 1)[0]


def _by_engine(task: Task, address: str) -> Sliced:
    with Engine(address) as engine:
        return run([task], engine, Asked(LAST, MONTHS, by="unit")).sliced


def _write(folder: Path) -> None:
    """Twelve goals in four tiers, four KPIs each; every sixth KPI is a rate of two metrics."""
    goals, tiers = KPIS // PER_GOAL, ("learning", "internal", "customer", "stakeholder")
    lines = ["strategy: units", "goals:"]
    for goal in range(goals):
        tier = goal * len(tiers) // goals
        lines += [f"  g{goal}:", f"    perspective: {tiers[tier]}", "    lagging:"]
        for kpi in range(goal * PER_GOAL, (goal + 1) * PER_GOAL):
            formula = f", formula: part{kpi} / whole{kpi}" if kpi % 6 == 5 else ""
            lines.append(f"      - {{kpi: k{kpi}, baseline: 0, target: 1{formula}}}")
        below = [one for one in range(goals) if one * len(tiers) // goals == tier - 1]
        lines += ["    leading:", *(f"      - goal: g{one}" for one in below)] if below else []
    rates = [kpi for kpi in range(KPIS) if kpi % 6 == 5]
    lines += ["metrics:", *(f"  {name}{kpi}: {{across: sum}}" for kpi in rates for name in ("part", "whole"))]
    lines += ["dimensions:", "  unit:", *(f"    - unit {number:05}" for number in range(UNITS))]
    folder.mkdir()
    (folder / "units.yaml").write_text("\n".join(lines))


def _draw(inputs: Inputs) -> Observations:
    """A value of every measure without a formula, in every unit and month; one in twenty is missing."""
    strategy, draw = inputs.strategy, np.random.default_rng(7)
    ids = (*strategy.kpis, *strategy.metrics)
    measured = [number for number, name in enumerate(ids) if name not in inputs.formulas]
    values = draw.uniform(0.05, 1.0, (len(measured), UNITS, MONTHS))
    row, unit, month = np.nonzero(draw.random(values.shape) >= 0.05)
    none = np.zeros(len(row), dtype=np.int64)
    columns = {
        "measure": np.array(measured)[row],
        "period": month,
        "member": unit + 1,
        "value": values[row, unit, month],
    }
    periods = tuple(Calendar().period(Rhythm.MONTH, FIRST + number) for number in range(MONTHS))
    members = ((), *((member,) for member in strategy.dimensions["unit"].members))
    places = {"files": ("values.csv",), "sources": (1,), "file": none, "line": none, "column": none}
    return Observations(ids, periods, members, **columns, target=np.full(len(row), np.nan), **places)


def _none_of(rows: Observations) -> Observations:
    columns = ("measure", "period", "member", "value", "target", "file", "line", "column")
    return replace(rows, **{name: getattr(rows, name)[:0] for name in columns})


def _fill(address: str, rows: Observations) -> None:
    """The same rows as a table of texts: kpi, period, unit, value."""
    connection = ibis.connect(address.replace("${SCORECARD_BENCHMARK}", PASSWORD))
    with connection.con.cursor() as cursor:
        cursor.execute("create table figures (kpi text, period text, unit text, value double precision)")
        names = list(rows.measures), [str(one) for one in rows.periods], ["", *(one[0] for one in rows.members[1:])]
        with cursor.copy("copy figures from stdin") as copy:
            for codes in zip(
                rows.measure.tolist(), rows.period.tolist(), rows.member.tolist(), rows.value.tolist(), strict=True
            ):
                copy.write_row((*(table[code] for table, code in zip(names, codes, strict=False)), codes[3]))
        cursor.execute("analyze figures")
    connection.disconnect()


@contextmanager
def _server() -> Iterator[str]:
    """The address of a PostgreSQL server of our own."""
    os.environ["SCORECARD_BENCHMARK"] = PASSWORD
    account = "postgres" if os.getuid() == 0 else None
    folder = Path(f"/tmp/scorecard-benchmark-{os.getpid()}")  # a short path: it holds a socket
    folder.mkdir(mode=0o700)
    (folder / "password").write_text(PASSWORD)
    for path in (folder, folder / "password"):
        if account:
            shutil.chown(path, account)
    server, quiet = folder / "server", {"check": True, "capture_output": True, "user": account, "cwd": "/"}
    try:
        secret = ["-A", "scram-sha-256", "-U", "scorecard", "--pwfile", folder / "password"]
        subprocess.run(["initdb", "-D", server, *secret], **quiet)
        settings = f"-k {folder} -c listen_addresses='' -c work_mem=256MB -c shared_buffers=512MB"
        subprocess.run(["pg_ctl", "-D", server, "-w", "-l", folder / "log", "-o", settings, "start"], **quiet)
        try:
            yield f"postgresql://scorecard:${{SCORECARD_BENCHMARK}}@/postgres?host={folder}"
        finally:
            subprocess.run(["pg_ctl", "-D", server, "-m", "immediate", "stop"], **quiet)
    finally:
        shutil.rmtree(folder)
