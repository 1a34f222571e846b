"""YAML read for the tests: trees with every place, fit to compare, findings as lines, both readers side by side."""

from __future__ import annotations

from typing import Any

from scorecard.model.finding import Finding, Severity
from scorecard.model.limits import LIMITS, Limits
from scorecard.parser.tree import Map, Node, Seq, unpack
from scorecard.parser.yaml_events import read_events
from scorecard.parser.yaml_faults import End, Faults
from scorecard.parser.yaml_loader import load_yaml
from scorecard.parser.yaml_scanner import scan_yaml

STRATEGY = """\
strategy: bakery
name: "Bäckerei: am Eck"           # a comment
bands: {amber: 1/3, green: 2/3}
data:
- visits.csv

goals:
  regulars:
    owner: no
    lagging:
      - kpi: visits
        target: {2026-06: 250, "2026-12": '4''00'}
        band: [ -5, 10 ]
      - sales
      -
    leading: []
    theme:
    # the end
    comments: {2026-05: {by: Ann, seen: [a, {b: c}]}}
"""


def placed(node: Node) -> Any:
    """A tree as plain tuples with lines and columns, in the order of the text."""
    if isinstance(node, Map):
        entries = [(key, at(node.key_at[key]), at(node.value_at[key]), placed(node[key])) for key in node]
        assert list(node.key_at) == list(node.value_at) == list(node)
        return ("map", at(node.at), entries)
    if isinstance(node, Seq):
        assert len(node.item_at) == len(node)
        return ("seq", at(node.at), [(at(place), placed(item)) for item, place in zip(node, node.item_at, strict=True)])
    return node


def plain(node: Node) -> Any:
    """A tree as dicts and lists, without places."""
    if isinstance(node, Map):
        return {key: plain(value) for key, value in node.items()}
    return [plain(item) for item in node] if isinstance(node, Seq) else node


def at(place: int) -> str:
    file, line, column = unpack(place)
    assert file == 7
    return f"{line}:{column}"


def scanned(text: str, limits: Limits = LIMITS) -> Any:
    """What the fast reader makes of a text; None where it leaves it to the events."""
    return placed(scan_yaml(text, 7, limits))


def by_events(text: str, limits: Limits = LIMITS) -> tuple[Any, list[Finding]]:
    """What the exact reader makes of a text, and its findings."""
    faults = Faults("f.yaml")
    try:
        return placed(read_events(text, 7, limits, faults)), faults.listed()
    except End:
        return None, faults.listed()


def load(text: str | bytes, limits: Limits = LIMITS) -> tuple[Any, list[Finding]]:
    """The root and the findings of a file."""
    data = text if isinstance(text, bytes) else text.encode()
    return load_yaml(data, 7, "f.yaml", limits)


def faults(text: str | bytes, limits: Limits = LIMITS) -> list[str]:
    """The findings as `line:column code message`."""
    findings = load(text, limits)[1]
    assert all(f.severity is Severity.ERROR and f.place.file == "f.yaml" and f.hint for f in findings)
    return [f"{f.place.line}:{f.place.column} {f.code} {f.message}" for f in findings]


def codes(text: str | bytes, limits: Limits = LIMITS) -> list[str]:
    """The findings as `line:column code`."""
    return [" ".join(line.split(" ")[:2]) for line in faults(text, limits)]
