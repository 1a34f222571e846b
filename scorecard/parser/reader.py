"""From a path to strategies and findings: the whole of text in, in the order in which it happens."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from scorecard.model.finding import Finding, Place, Severity, shorten
from scorecard.model.limits import LIMITS, Limits
from scorecard.model.progress import Hear, tell_nobody
from scorecard.model.spelling import nearest
from scorecard.model.strategy import Strategy
from scorecard.parser.figures import Resolved, check_figures
from scorecard.parser.files import Bundle, find_bundles
from scorecard.parser.ledger import Ledger
from scorecard.parser.libraries import combine, library_names
from scorecard.parser.links import check_map
from scorecard.parser.merge import DEFAULT_PERSPECTIVES, merge_files, normalise
from scorecard.parser.places import Places, Step
from scorecard.parser.references import check_references
from scorecard.parser.reporter import Reporter
from scorecard.parser.schema import validate
from scorecard.parser.tree import Map, Node, Seq
from scorecard.parser.yaml_loader import load_yaml


@dataclass(slots=True)
class Reading:
    """One strategy as read; `strategy` is None where not even its head could be read.

    `removed` are the paths that had to be taken out (in lists by place); it is not `complete` where a file could not be
    read; `sound` says that it can be computed.
    """

    name: str
    folder: Path
    strategy: Strategy | None
    places: Places
    resolved: Resolved = field(default_factory=Resolved)
    removed: set[tuple[Step, ...]] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    complete: bool = True

    @property
    def sound(self) -> bool:
        is_faulty = any(finding.severity == Severity.ERROR for finding in self.findings)
        return self.strategy is not None and self.complete and not is_faulty


@dataclass(slots=True)
class Library:
    """Everything under a path. `root` is the folder outside of which nothing is read."""

    root: Path
    readings: list[Reading]
    workspace: bool
    findings: list[Finding]
    unreadable: bool


def read_path(path: str, limits: Limits = LIMITS, hear: Hear = tell_nobody) -> Library:
    """The strategies under a path, and all findings; raises nothing for whatever the files hold.

    `hear` is told how far it is.
    """
    with quiet_collector():
        found = find_bundles(path, limits)
        files, readings = sum(len(bundle.texts) for bundle in found.bundles), list[Reading]()
        for bundle in found.bundles:
            before = sum(len(reading.places.names) for reading in readings)
            readings.append(_read_bundle(bundle, limits, hear, before, files))
        findings = list(found.findings)
        mapped = check_map(_distinct(readings), all(reading.complete for reading in readings))
        for reading in readings:
            own = set(reading.places.names)
            reading.findings.extend(finding for finding in mapped if finding.place.file in own)
    return Library(found.root, readings, found.workspace, findings, found.unreadable)


def _read_bundle(bundle: Bundle, limits: Limits, hear: Hear, before: int, files: int) -> Reading:
    """One strategy from its texts; so many of all files were read before."""
    names = [text.name for text in bundle.texts]
    reading = Reading(bundle.name, bundle.folder, None, Places(Map(0), names), complete=bundle.complete)
    roots: list[Map] = []
    for number, text in enumerate(bundle.texts):
        hear("reading files", before + number, files)
        node, faults = load_yaml(text.data, number, text.name, limits)
        reading.findings.extend(faults)
        if isinstance(node, Map):
            roots.append(node)
        elif faults or node is not None:
            reading.complete = False
        if not isinstance(node, Map) and not faults:
            reading.findings.append(_not_a_strategy(node, text.name))
    if roots:
        _read_tree(reading, roots, names, hear)
    return reading


def _read_tree(reading: Reading, roots: list[Map], names: list[str], hear: Hear) -> None:
    ledger, places = Ledger(), reading.places
    shapeless = {(fault.place.file, fault.place.line) for fault in reading.findings if fault.code in ("S104", "S109")}

    def report(code: str, at: int, message: str, hint: str) -> None:
        ledger.add(Finding(code, Severity.ERROR, places.unpack(at), message, hint))

    def name_place(at: int) -> str:
        return str(places.unpack(at))

    hear("putting the files together", 0, 0)
    merged = merge_files(roots, report, name_place)
    if "perspectives" not in merged:
        _default_perspectives(merged)
    is_headless = "strategy" not in merged and not reading.complete  # its id may be in what could not be read
    if is_headless:
        merged["strategy"], merged.key_at["strategy"], merged.value_at["strategy"] = "unread", 0, 0
    library = combine(_libraries(merged, report))
    verdict = validate(normalise(merged, report, name_place, library), names, hear)
    for finding in verdict.findings:
        is_echo = finding.code == "S201" and (finding.place.file, finding.place.line) in shapeless
        if not is_echo:
            ledger.add(finding)
    reading.strategy, reading.places, reading.removed = verdict.strategy, verdict.places, verdict.removed
    if is_headless:
        reading.removed.add(("strategy",))
    if verdict.strategy is not None:
        hear("checking references", 0, 0)
        reporter = Reporter(verdict.strategy, verdict.places, ledger, verdict.removed, reading.complete)
        check_references(reporter)
        reading.resolved = check_figures(reporter)
    reading.findings.extend(ledger)


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
            near = nearest(name, known, 0.5)
            hint = f"did you mean '{near}'?" if near else f"there are: {', '.join(known)}"
            report("S241", at, f"there is no KPI library '{shorten(name)}'", hint)
    return wanted


def _not_a_strategy(node: Node, name: str) -> Finding:
    what = "the file is empty" if node is None else f"the file holds a {'list' if isinstance(node, Seq) else 'text'}"
    message, hint = f"{what}, not the keys of a strategy", "begin with 'strategy: an_id'"
    return Finding("S201", Severity.ERROR, Place(name), message, hint)


def _distinct(readings: list[Reading]) -> dict[str, tuple[Strategy, Places]]:
    """Strategies by id; two of one id in a workspace are reported at both."""
    strategies: dict[str, tuple[Strategy, Places]] = {}
    first: dict[str, Reading] = {}
    for number, reading in enumerate(readings):
        if reading.strategy is None:
            continue
        is_known = ("strategy",) not in reading.removed
        name = reading.strategy.id if is_known else f"?{number}"  # no goal can name it
        if name not in strategies:
            strategies[name] = (reading.strategy, reading.places)
            first[name] = reading
            continue
        other = first[name]
        here, there = reading.places.of("strategy"), other.places.of("strategy")
        for one, place, elsewhere in ((reading, here, there), (other, there, here)):
            message = f"two strategies of this workspace have the id '{name}'; the other is at {elsewhere}"
            one.findings.append(Finding("S203", Severity.ERROR, place, message, "give each an id of its own"))
    return strategies


@contextmanager
def quiet_collector() -> Iterator[None]:
    """Loading makes many objects and no garbage: the collector would only slow it down."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
