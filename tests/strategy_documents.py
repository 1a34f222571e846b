"""Strategies as plain mappings of texts, to change them in tests: taken from a folder, shuffled, split, written."""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any

import yaml

OF_THE_USE = frozenset({"kpi", "weight", "role", "delay", "why", "evidence"})
Document = dict[str, Any]


def take(folder: Path) -> Document:
    """A folder's strategy as one mapping; its YAML files are taken away."""
    whole: Document = {}
    for path in sorted(folder.glob("*.yaml")):
        part = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        for key, value in part.items():
            whole[key] = {**whole.get(key, {}), **value} if isinstance(value, dict) else value
        path.unlink()
    return whole


def write(folder: Path, *parts: Document) -> None:
    for number, part in enumerate(parts):
        (folder / f"{number}.yaml").write_text(yaml.safe_dump(part, sort_keys=False), encoding="utf-8")


def shuffle(rng: random.Random, document: Document) -> None:
    """Another order of everything whose order says nothing."""
    for name in ("perspectives", "goals", "kpis", "metrics"):
        mapping = document.get(name, {})
        document[name] = {key: mapping[key] for key in rng.sample(list(mapping), len(mapping))}
    for goal in document["goals"].values():
        for name in ("lagging", "leading"):
            rng.shuffle(goal.get(name, []))


def split(rng: random.Random, document: Document) -> list[Document]:
    """Keys and goals dealt out over up to three files."""
    parts: list[Document] = [{}, {}, {}]
    for key in rng.sample(list(document), len(document)):
        if key == "goals":
            for goal, fields in document["goals"].items():
                rng.choice(parts).setdefault("goals", {})[goal] = fields
        elif document[key]:
            rng.choice(parts)[key] = document[key]
    return [part for part in parts if part]


def reorder(rng: random.Random, rows: list[list[str]], key: Callable[[list[str]], Hashable]) -> list[list[str]]:
    """The rows shuffled, those of one key still in their order."""
    waiting: dict[Hashable, list[list[str]]] = {}
    for row in rows:
        waiting.setdefault(key(row), []).append(row)
    return [waiting[key(row)].pop(0) for row in rng.sample(rows, len(rows))]


def ids_by_name(document: Document) -> dict[str, str]:
    """Every folded id, name and alias of a KPI or metric, and its id."""
    measures = {**document.get("kpis", {}), **document.get("metrics", {})}
    for goal in document["goals"].values():
        for entry in [*goal.get("lagging", []), *goal.get("leading", [])]:
            if isinstance(entry, dict) and "kpi" in entry and set(entry) - OF_THE_USE:
                measures[entry["kpi"]] = entry
    names = {fold(ident): ident for ident in measures}
    for ident, fields in measures.items():
        names |= {fold(name): ident for name in [fields.get("name", ident), *fields.get("aliases", [])]}
    return names


def fold(name: str) -> str:
    """A name as data files are matched: case and spaces ignored."""
    return "".join(name.split()).casefold()


def remove_uses(document: Document, kpis: set[str]) -> None:
    """Take KPIs out of the goals' lists, except where initiatives would then stand in for the results.

    A definition that stood at an entry moves to `kpis`.
    """
    apart = document.setdefault("kpis", {})
    for goal in document["goals"].values():
        for name in ("lagging", "leading"):
            if name == "lagging" and "initiatives" in goal:
                continue
            kept = []
            for entry in goal.get(name, []):
                fields = {"kpi": entry} if isinstance(entry, str) else entry
                if fields.get("kpi") not in kpis:
                    kept.append(entry)
                elif set(fields) - OF_THE_USE:
                    apart[fields["kpi"]] = {key: value for key, value in fields.items() if key not in OF_THE_USE}
            goal[name] = kept
