"""Random data files: the rows of a strategy for `random_strategies`, and tables full of faults for `test_columns`."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Any

Row = dict[str, Any]
SHOP = """\
strategy: shop
dimensions:
  region: [north, south]
  store: {parent: region, members: {Munich: south, Paris 2: north, Kiel: north, Nice: South}}
metrics: {visits: {aggregate: sum}, orders: {}}
kpis:
  sales: {name: Net sales, aliases: [Revenue], aggregate: sum, baseline: 100, target: 900}
  costs: {baseline: 50, red: 40, target: 20}
  share: {unit: "%", baseline: 5%, target: 20%}
  mood: {levels: {low: 0, "2": 0.5, high: 1}}
  rate: {formula: orders / visits}
"""
_KPIS = ["sales", "Net sales", "REVENUE", " net  Sales", "costs", "share", "visits", "orders"]
_ODD_KPIS = ["mood", "rate", "salse", "", "  ", "x" * 100]
_PERIODS = ["2026-01", "2026-02", " 2026-03 ", "2026-Q1", "2026-W05", "2025"]
_ODD_PERIODS = ["2026-13", "", "soon", "2026-1", "0999"]
_FIGURES = {
    "point": ["12", "-3.5", "0.25", "1234.5", ".5", "5.", "+4", "0003", "150", "0"],
    "comma": ["12", "-3,5", "0,25", "1.234,5", ",5", "5,", "+4", "0003", "150", "12.500.000"],
}
_ODD_FIGURES = [
    *["", "  ", " 7 ", "12%", "1e3", "1e00005", "n/a", "1_000", "nan", "inf", "1,5", "1.5", "455,000", "1.2.3", "--1"],
    *["high", "2", "LOW", "9" * 101, "9" * 400, "0." + "1" * 500, "１２", "1e999", "TRUE", "(5)", "1 000"],
]
_MEMBERS = [("south", "Munich"), ("NORTH", "paris2"), ("north", " Kiel"), ("", ""), ("", " "), ("", "Nice")]
_ODD_MEMBERS = [("north", ""), ("", "Rome"), ("nord", "Kiel"), ("south", "Rome"), ("x", "y"), ("north", "Nice")]
_NOTES = ["", "late"]
_ODD_NOTES = ["a, b; c", 'so "they" say', "two\nlines", "tab\there", "ümlaut", "\u2028", '5" disk']


def draw_table(
    rng: random.Random, size: int, odd: float, decimal: str = "point", is_wide: bool = False
) -> list[list[str]]:
    """A header and rows about SHOP; `odd` is the share of cells that are unusual or faulty."""

    def draw(usual: list[Any], unusual: list[Any]) -> Any:
        return rng.choice(unusual if rng.random() < odd else usual)

    def figure() -> str:
        if rng.random() < 0.5:
            return draw(_FIGURES[decimal], _ODD_FIGURES)
        return f"{rng.randint(-500, 5000) / rng.choice([1, 10, 1000]):g}".replace(
            ".", "," if decimal == "comma" else "."
        )

    if is_wide:
        header = ["kpi", *(f"2026-{month:02}" for month in range(1, 10))]
        header[2:2] = rng.choice([[], ["", "2026-Q4"], ["soon"]])
        return [header] + [[draw(_KPIS, _ODD_KPIS), *(figure() for _ in header[1:])] for _ in range(size)]
    extra = [["region", "store"], ["target"], ["note"]]
    header = ["kpi", "period", "value", *(name for names in extra if rng.random() < 0.8 for name in names)]
    rng.shuffle(header)
    table = [header]
    for _ in range(size):
        region, store = draw(_MEMBERS, _ODD_MEMBERS)
        cells = {
            "kpi": draw(_KPIS, _ODD_KPIS),
            "period": draw(_PERIODS, _ODD_PERIODS),
            "region": region,
            "store": store,
        }
        cells |= {"value": figure(), "target": draw(["", figure()], [figure()]), "note": draw(_NOTES, _ODD_NOTES)}
        table.append([cells[name] for name in header])
    return table


def write_text(rng: random.Random, path: Path, table: list[list[str]], separator: str, odd: float) -> None:
    """A table as people's programs write it: rows of odd lengths, empty lines, quotes where they are not needed."""
    quoting = rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    end = rng.choice(["\n", "\r\n"])
    with path.open("w", encoding=rng.choice(["utf-8", "utf-8-sig"]), newline="") as file:
        writer = csv.writer(file, lineterminator=end, delimiter=separator, quoting=quoting)
        for number, row in enumerate(table):
            if number and rng.random() < odd / 4:
                row = rng.choice([[], row[:-1], [*row, "", ""], [*row, "x"], [""] * len(row), [" "] * len(row)])
            writer.writerow(row)
        if rng.random() < odd / 10:
            file.write(rng.choice([f'"open{end}sales', f'"a"b{end}', "\udcff"]).encode("utf-8", "replace").decode())
        elif rng.random() < 0.3:
            file.write("sales" + f"{separator}" * (len(table[0]) - 1))


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
