"""Checking 1,000 KPIs against `dbt parse` on 1,000 metrics, both as whole processes that read every file anew."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from benchmarks.enterprise import KPIS_PER_GOAL, write_enterprise
from benchmarks.measuring import Line, in_turns, timed_process

KPIS = 20000
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
METRIC = """\
  - name: metric_{n}
    label: Metric number {n}
    description: What unit {n} brought about in the period
    type: simple
    type_params: {{measure: amount}}
"""


def compare(folder: Path) -> list[Line]:
    what, against = f"scorecard check of {KPIS:,} KPIs", f"dbt parse of {KPIS:,} metrics"
    dbt = shutil.which("dbt")
    if dbt is None:
        return [Line(what, against, None, None, 50, True, "not measured: dbt is not installed")]
    write_enterprise(folder / "strategy", KPIS // KPIS_PER_GOAL, 10)
    project = _write_project(folder / "dbt")
    check = timed_process([sys.executable, "-m", "scorecard", "check", str(folder / "strategy")])
    parse = timed_process(
        [dbt, "parse", "--no-partial-parse", "--quiet", "--project-dir", project, "--profiles-dir", project],
        DBT_SEND_ANONYMOUS_USAGE_STATS="false",
    )
    return [Line(what, against, *(found := in_turns(check, parse, 3))[:2], 50, True, found[2])]


def _write_project(folder: Path) -> str:
    models = folder / "models"
    models.mkdir(parents=True)
    (folder / "dbt_project.yml").write_text(PROJECT)
    (folder / "profiles.yml").write_text(PROFILE)
    (models / "figures.sql").write_text("select 1 as id, 1 as amount, current_date as recorded_at\n")
    (models / "time_spine.sql").write_text("select current_date as date_day\n")
    (models / "figures.yml").write_text(MODEL + "".join(METRIC.format(n=n) for n in range(KPIS)))
    return str(folder)
