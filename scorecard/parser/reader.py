"""From a path to strategies and findings: the whole of text in, in the order in which it happens."""

from __future__ import annotations

import difflib
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from scorecard.model.finding import Finding, Place, Severity, shorten
from scorecard.model.strategy import Strategy
from scorecard.parser.files import Bundle, find_bundles
from scorecard.parser.libraries import combine, library_names
from scorecard.parser.merge import DEFAULT_PERSPECTIVES, merge_files, normalise
from scorecard.parser.places import Places, Step
from scorecard.parser.references import References, Resolved, check_map
from scorecard.parser.schema import validate
from scorecard.parser.tree import Map, Node, Seq
from scorecard.parser.yaml_loader import load_yaml


@dataclass(slots=True)
class Reading:
    """One strategy as read; `strategy` is None where not even its head could be read.

    `removed` are the paths that had to be taken out; `sound` says that it can be computed.
    """

    name: str
    folder: Path
    strategy: Strategy | None
    places: Places
    resolved: Resolved = field(default_factory=Resolved)
    removed: set[tuple[Step, ...]] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return self.strategy is not None and not any(f.severity == Severity.ERROR for f in self.findings)


@dataclass(slots=True)
class Library:
    """Everything under a path. `root` is the folder outside of which nothing is read."""

    root: Path
    readings: list[Reading]
    workspace: bool
    findings: list[Finding]
    unreadable: bool


def read_path(path: str) -> Library:
    """The strategies under a path, and all findings; raises nothing for whatever the files hold."""
    with _quiet_collector():
        found = find_bundles(path)
        readings = [_read_bundle(bundle) for bundle in found.bundles]
        findings = list(found.findings)
        strategies = _distinct(readings)
        mapped, broken = check_map(strategies)
        for reading in readings:
            own = {finding.place.file for finding in reading.findings} | set(reading.places.names)
            reading.findings.extend(finding for finding in mapped if finding.place.file in own)
            if reading.strategy and reading.strategy.id in broken and reading.sound:
                reading.findings.append(_beside_a_cycle(reading))
    return Library(found.root, readings, found.workspace, findings, found.unreadable)


def _read_bundle(bundle: Bundle) -> Reading:
    """One strategy from its texts."""
    names = [text.name for text in bundle.texts]
    findings: list[Finding] = []
    roots: list[Map] = []
    for number, text in enumerate(bundle.texts):
        node, faults = load_yaml(text.data, number, text.name)
        findings.extend(faults)
        if isinstance(node, Map):
            roots.append(node)
        elif not faults:
            findings.append(_not_a_strategy(node, text.name))
    places = Places(Map(0), names)
    reading = Reading(bundle.name, bundle.folder, None, places, findings=findings)
    if roots:
        _read_tree(reading, roots, names)
    return reading


def _read_tree(reading: Reading, roots: list[Map], names: list[str]) -> None:
    findings, places = reading.findings, reading.places

    def report(code: str, at: int, message: str, hint: str) -> None:
        findings.append(Finding(code, Severity.ERROR, places.unpack(at), message, hint))

    def name_place(at: int) -> str:
        return str(places.unpack(at))

    merged = merge_files(roots, report, name_place)
    if "perspectives" not in merged:
        _default_perspectives(merged)
    library = combine(_libraries(merged, report))
    tree = normalise(merged, report, name_place, library)
    verdict = validate(tree, names)
    findings.extend(verdict.findings)
    reading.strategy, reading.places, reading.removed = verdict.strategy, verdict.places, verdict.removed
    if verdict.strategy is None:
        return
    syntax = [finding for finding in findings if finding.code == "S101"]
    undecided = {
        str(path[1])
        for path in verdict.removed
        if len(path) == 2 and path[0] in ("goals", "kpis", "metrics", "perspectives", "themes")
    }
    resolved, more = References(verdict.strategy, verdict.places, verdict.removed, undecided).check()
    reading.resolved = resolved
    if not syntax:  # what stands behind a syntax error was not read: ids would seem to be missing
        findings.extend(more)


def _default_perspectives(merged: Map) -> None:
    perspectives = Map(0)
    for name, title in DEFAULT_PERSPECTIVES.items():
        perspectives[name] = title
        perspectives.key_at[name] = perspectives.value_at[name] = 0
    merged["perspectives"] = perspectives
    merged.key_at["perspectives"] = merged.value_at["perspectives"] = 0


def _libraries(merged: Map, report) -> list[str]:  # type: ignore[no-untyped-def]
    """The libraries that exist; a finding for each that does not."""
    node, known = merged.get("libraries"), library_names()
    wanted = []
    for name, at in zip(node, node.item_at, strict=True) if isinstance(node, Seq) else ():
        if isinstance(name, str) and name in known:
            wanted.append(name)
        elif isinstance(name, str):
            near = difflib.get_close_matches(name[:80], known, 1, 0.5)
            report(
                "S241",
                at,
                f"there is no KPI library '{shorten(name)}'",
                f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(known)}",
            )
    return wanted


def _not_a_strategy(node: Node, name: str) -> Finding:
    what = (
        "the file is empty"
        if node is None
        else "the file holds a list"
        if isinstance(node, Seq)
        else "the file holds a text"
    )
    return Finding(
        "S201", Severity.ERROR, Place(name), f"{what}, not the keys of a strategy", "begin with 'strategy: an_id'"
    )


def _distinct(readings: list[Reading]) -> dict[str, tuple[Strategy, Places]]:
    """Strategies by id; two of one id in a workspace are reported at both."""
    strategies: dict[str, tuple[Strategy, Places]] = {}
    first: dict[str, Reading] = {}
    for reading in readings:
        if reading.strategy is None:
            continue
        name = reading.strategy.id
        if name in strategies:
            other = first[name]
            here, there = reading.places.of("strategy"), other.places.of("strategy")
            for one, place, elsewhere in ((reading, here, there), (other, there, here)):
                one.findings.append(
                    Finding(
                        "S203",
                        Severity.ERROR,
                        place,
                        f"two strategies of this workspace have the id '{name}'; the other is at {elsewhere}",
                        "give each an id of its own",
                    )
                )
        else:
            strategies[name] = (reading.strategy, reading.places)
            first[name] = reading
    return strategies


def _beside_a_cycle(reading: Reading) -> Finding:
    return Finding(
        "S224",
        Severity.ERROR,
        reading.places.of("strategy"),
        "goals of this strategy are part of a circle across strategies",
        "take out one link of the circle",
    )


@contextmanager
def _quiet_collector() -> Iterator[None]:
    """Loading makes many objects and no garbage: the collector would only slow it down."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
