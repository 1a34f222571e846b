"""Checking 1,000 KPIs against `dbt parse` on 1,000 metrics: whole processes, and without the time to start them."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from benchmarks.enterprise import KPIS_PER_GOAL, write_enterprise
from benchmarks.measuring import Line, in_turns, timed_inside, timed_process

KPIS = 1_000
PROJECT = """\
name: figures
version: "1.0"
profile: figures
model-paths: [models]
"""
PROFILE = "figures: {target: dev, outputs: {dev: {type: duckdb, path: ':memory:'}}}\n"
MODEL = """\
models:
  - name: time_spine
    time_spine: {standard_granularity_column: date_day}
    columns: [{name: date_day, granularity: day}]
semantic_models:
  - name: figures
    model: ref('figures')
    defaults: {agg_time_dimension: recorded_at}
    entities: [{name: figure, type: primary, expr: id}]
    dimensions: [{name: recorded_at, type: time, type_params: {time_granularity: day}}]
    measures: [{name: amount, agg: sum}]
metrics:
"""
OPTIONS = ("--no-partial-parse", "--quiet")
LOAD = """
import sys, time
from scorecard.api import load
start = time.perf_counter()
load(sys.argv[1])
print(time.perf_counter() - start)
"""
INVOKE = f"""
import sys, time
from dbt.cli.main import dbtRunner
options = [*{OPTIONS!r}, "--project-dir", sys.argv[1], "--profiles-dir", sys.argv[1]]
start = time.perf_counter()
assert dbtRunner().invoke(["parse", *options]).success
print(time.perf_counter() - start)
"""
METRIC = """\
  - name: metric_{n}
    label: Metric number {n}
    description: What unit {n} brought about in the period
    type: simple
    type_params: {{measure: amount}}
"""


def compare(folder: Path) -> list[Line]:
    what, against = f"scorecard check of {KPIS:,} KPIs", f"dbt parse of {KPIS:,} metrics"
    inside = "the same without starting: load", "dbtRunner.invoke(['parse'])"
    dbt = shutil.which("dbt")
    if dbt is None:
        remark = "not measured: dbt is not installed"
        return [Line(*names, None, None, aim, True, remark) for names, aim in (((what, against), 50), (inside, None))]
    write_enterprise(folder / "strategy", KPIS // KPIS_PER_GOAL, 10)
    project = _write_project(folder / "dbt")
    quiet = {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    check = timed_process([sys.executable, "-m", "scorecard", "check", str(folder / "strategy")])
    parse = timed_process([dbt, "parse", *OPTIONS, "--project-dir", project, "--profiles-dir", project], **quiet)
    ours, others, noise = in_turns(check, parse, 3)
    load = timed_inside(LOAD, str(folder / "strategy"))
    invoke = timed_inside(INVOKE, project, python=str(Path(dbt).with_name("python")), **quiet)
    own, dbts, inner_noise = in_turns(load, invoke, 3)
    return [Line(what, against, ours, others, 50, True, noise), Line(*inside, own, dbts, None, True, inner_noise)]


def _write_project(folder: Path) -> str:
    models = folder / "models"
    models.mkdir(parents=True)
    (folder / "dbt_project.yml").write_text(PROJECT)
    (folder / "profiles.yml").write_text(PROFILE)
    (models / "figures.sql").write_text("select 1 as id, 1 as amount, current_date as recorded_at\n")
    (models / "time_spine.sql").write_text("select current_date as date_day\n")
    (models / "figures.yml").write_text(MODEL + "".join(METRIC.format(n=n) for n in range(KPIS)))
    return str(folder)
