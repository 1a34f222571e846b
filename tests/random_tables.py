"""The rows of a random strategy as CSV files, long and wide, for `random_strategies`."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def write_tables(
    rng: random.Random, folder: Path, rows: list[Row], names: dict[str, list[str]], dimensions: dict[str, list[str]]
) -> list[str]:
    """Write the rows into one long file, or into a long and a wide one, and return what belongs under `data`."""
    wide_ids = {ident for ident in names if rng.random() < 0.4} if rng.random() < 0.4 else set()
    wide = [row for row in rows if row["id"] in wide_ids and not row["members"] and not row["target"]]
    long = [row for row in rows if row not in wide]
    place = rng.choice(["", "", "figures/"])
    (folder / place).mkdir(exist_ok=True)
    files: list[str] = []
    if long:
        files.append(f"{place}{rng.choice(['values.csv', 'b_long.csv', 'values.tsv'])}")
        _write(folder / files[-1], _long_table(rng, long, names, list(dimensions)))
    if wide:
        files.append(f"{place}{rng.choice(['a_wide.csv', 'wide.csv'])}")
        _write(folder / files[-1], _wide_table(rng, wide, names))
    if rng.random() < 0.3 and files and all(file.endswith(".csv") for file in files):
        return [f"{place}*.csv"]
    return rng.sample(files, len(files))


def _long_table(
    rng: random.Random, rows: list[Row], names: dict[str, list[str]], dimensions: list[str]
) -> list[list[str]]:
    columns = ["value", *dimensions, *[extra for extra in ("note", "by") if rng.random() < 0.2]]
    if any(row["target"] for row in rows):
        columns.append("target")
    rng.shuffle(columns)
    table = [["kpi", "period", *columns]]
    for row in rows:
        cells = {"value": row["value"], "target": row["target"], "note": rng.choice(["", "late, again"]), "by": ""}
        cells.update(dict(zip(dimensions, row["members"], strict=False)))
        table.append([rng.choice(names[row["id"]]), row["period"], *[cells.get(column, "") for column in columns]])
    return table


def _wide_table(rng: random.Random, rows: list[Row], names: dict[str, list[str]]) -> list[list[str]]:
    periods = list(dict.fromkeys(row["period"] for row in rows))
    table = [["kpi", *periods]]
    lines: dict[str, dict[str, str]] = {}
    for row in rows:
        line = lines.setdefault(row["id"], {})
        if row["period"] in line:  # a correction is a line of its own
            table.append([rng.choice(names[row["id"]]), *["" if p != row["period"] else row["value"] for p in periods]])
        else:
            line[row["period"]] = row["value"]
    return table + [[rng.choice(names[ident]), *[line.get(p, "") for p in periods]] for ident, line in lines.items()]


def _write(path: Path, table: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n", delimiter="\t" if path.suffix == ".tsv" else ",").writerows(table)
