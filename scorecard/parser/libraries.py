"""The KPI libraries that ship with the tool: definitions to fall back on."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from scorecard.model.kpi import ID_KEY
from scorecard.parser.tree import Map, Node
from scorecard.parser.yaml_loader import load_yaml

FOLDER = Path(__file__).parent.parent / "libraries"


def library_names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


@cache
def read_library(name: str) -> dict[str, dict[str, Map]]:
    """`kpis` and `metrics` of a library by id. Their places are 0: the place of use stands for them."""
    path = FOLDER / f"{name}.yaml"
    root, findings = load_yaml(path.read_bytes(), 0, path.name)
    if findings or not isinstance(root, Map):
        raise ValueError(f"the library {name} cannot be read: {findings[:1]}")
    return {kind: _definitions(root.get(kind)) for kind in ("kpis", "metrics")}


def combine(names: list[str]) -> dict[str, dict[str, Map]]:
    """Several libraries as one; of two definitions of an id the first library's counts."""
    result: dict[str, dict[str, Map]] = {"kpis": {}, "metrics": {}}
    for name in names:
        for kind, nodes in read_library(name).items():
            result[kind] = {**nodes, **result[kind]}
    return result


def _definitions(nodes: Node) -> dict[str, Map]:
    found: dict[str, Map] = {}
    for name, node in (nodes if isinstance(nodes, Map) else Map(0)).items():
        placeless = Map(0)
        for key, value in (node if isinstance(node, Map) else Map(0)).items():
            placeless[key] = value
            placeless.key_at[key] = placeless.value_at[key] = 0
        placeless[ID_KEY] = name
        placeless.key_at[ID_KEY] = placeless.value_at[ID_KEY] = 0
        found[name] = placeless
    return found
