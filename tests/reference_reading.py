"""Reading for the reference implementation: the YAML and CSV files of a valid strategy as plain dicts of text."""

from __future__ import annotations

import csv
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

USE_ONLY = {"kpi", "weight", "role", "delay", "why", "evidence"}  # an entry with any other field defines its KPI
PERSPECTIVES = {
    "stakeholder": "Stakeholders' interests",
    "customer": "Customer",
    "internal": "Internal processes",
    "learning": "Learning and growth",
}


def read_strategy(path: Path) -> dict[str, Any]:
    """One file, or the `*.yaml` files of a folder merged in the order of their names; every scalar is text."""
    files = sorted(path.glob("*.yaml"), key=lambda file: file.name) if path.is_dir() else [path]
    merged: dict[str, Any] = {}
    for file in files:
        document = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader) or {}
        for key, value in document.items():
            if isinstance(value, dict):
                merged[key] = {**merged.get(key, {}), **value}
            elif isinstance(value, list):
                merged[key] = merged.get(key, []) + value
            else:
                merged[key] = value
    merged["perspectives"] = merged.get("perspectives") or PERSPECTIVES
    for name in ("goals", "kpis", "metrics"):
        merged[name] = {key: value or {} for key, value in (merged.get(name) or {}).items()}
    return merged


def number(text: str) -> float:
    """A number as the format writes it: `40000`, `40_000`, `4e4`, `1/3`, `12.5%`."""
    text = text.strip().replace("_", "")
    if text.endswith("%"):
        return float(Fraction(text[:-1].strip()) / 100)
    return float(Fraction(text))


def entries(goal: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The entries of one list of a goal; a bare string is short for `kpi:`."""
    return [{"kpi": entry} if isinstance(entry, str) else entry for entry in goal.get(name) or []]


def kpi_order(strategy: dict[str, Any]) -> list[str]:
    """KPIs by their first mention under `goals`, guardrails included, then those only in `kpis`."""
    order: list[str] = []
    for goal in strategy["goals"].values():
        for key in goal:
            if key in ("lagging", "leading", "guardrails"):
                order += [entry["kpi"] for entry in entries(goal, key) if "kpi" in entry]
    order += list(strategy["kpis"])
    return [kpi for kpi in dict.fromkeys(order) if kpi not in strategy["metrics"]]


def definitions(strategy: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The fields of every KPI and metric, from the one place where it is defined."""
    found: dict[str, dict[str, Any]] = {**strategy["metrics"], **strategy["kpis"]}
    for goal in strategy["goals"].values():
        for entry in entries(goal, "lagging") + entries(goal, "leading"):
            if "kpi" in entry and not set(entry) <= USE_ONLY:
                found[entry["kpi"]] = entry
    return found


def read_rows(strategy: dict[str, Any], path: Path) -> list[dict[str, Any]]:
    """All rows in the order in which they count: {id, period, members, value, target}; the inline values first."""
    rows: list[dict[str, Any]] = []
    names: dict[str, str] = {}
    for ident, fields in definitions(strategy).items():
        default_name = ident.replace("_", " ")
        for name in [ident, fields.get("name") or default_name, *(fields.get("aliases") or [])]:
            names[_plain(name)] = ident
        for period, value in (fields.get("values") or {}).items():
            rows.append({"id": ident, "period": period, "members": (), "value": value, "target": ""})
    folder = path if path.is_dir() else path.parent
    for source in strategy.get("data") or []:
        for file in _files(folder, source):
            rows += _table(file, names, list(strategy.get("dimensions") or {}))
    return rows


def _plain(name: str) -> str:
    return re.sub(r"\s", "", name).casefold()


def _files(folder: Path, source: str) -> list[Path]:
    found = (folder / source).iterdir() if (folder / source).is_dir() else folder.glob(source)
    return sorted(found, key=lambda file: file.as_posix())


def _table(file: Path, names: dict[str, str], dimensions: list[str]) -> list[dict[str, Any]]:
    with file.open(encoding="utf-8", newline="") as lines:
        table = list(csv.DictReader(lines, delimiter="\t" if file.suffix == ".tsv" else ","))
    rows = []
    for record in table:
        cells = {header.strip(): (cell or "").strip() for header, cell in record.items()}
        ident = names[_plain(cells.pop("kpi"))]
        if "period" in cells:
            members = tuple(cells.get(dimension, "") for dimension in dimensions)
            rows.append(
                {
                    "id": ident,
                    "period": cells["period"],
                    "members": members if any(members) else (),
                    "value": cells["value"],
                    "target": cells.get("target", ""),
                }
            )
        else:
            for period, value in cells.items():
                rows.append({"id": ident, "period": period, "members": (), "value": value, "target": ""})
    return rows
