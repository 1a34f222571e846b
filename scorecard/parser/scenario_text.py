"""The text of a scenario read: its changes, and a finding for whatever is wrong with it, at its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from scorecard.analysis.changes import (
    Change,
    LinkChange,
    ProgressChange,
    Side,
    TargetChange,
    ValueChange,
    WeightChange,
    find_faults,
)
from scorecard.analysis.scenario import Scenario
from scorecard.model.codes import CODES
from scorecard.model.fields import name_shape
from scorecard.model.finding import Finding, Place, shorten
from scorecard.model.kpi import Kpi
from scorecard.model.limits import Limits
from scorecard.model.number import NumberError, read_number
from scorecard.model.spelling import nearest
from scorecard.model.strategy import Strategy
from scorecard.parser.tree import Map, Node, unpack
from scorecard.parser.yaml_loader import load_yaml

OFF = "off"  # a link that is switched off
SECTIONS = ("values", "targets", "weights", "links", "progress")
_TEXTS = ("name", "note")  # what it is called, and what to know about it
_BY_GOAL = ("weights", "links")
_LONGEST = 10_000


def read_scenario(
    data: bytes, shown: str, name: str, strategy: Strategy, limits: Limits
) -> tuple[Scenario, list[Finding]]:
    """The scenario of a file as far as it can be read, and everything wrong with it; raises nothing."""
    node, findings = load_yaml(data, 0, shown, limits)
    reader = _Reader(shown, strategy, list(findings))
    if isinstance(node, Map):
        reader.read(node)
    elif not findings:
        what = "nothing" if node is None else name_shape(node)
        reader.report("S201", 0, f"the keys of a scenario are expected here, not {what}", f"write {_known()} with ids")
    for fault in find_faults(strategy, reader.changes):
        reader.report(fault.code, reader.places[fault.at][fault.side], fault.message, fault.hint)
    scenario = Scenario(name, reader.texts["note"], title=reader.texts["name"]).put(*reader.changes)
    return scenario, sorted(reader.findings, key=lambda finding: finding.order)


@dataclass(slots=True)
class _Reader:
    """Collects changes, for each the packed places of its parts, and findings."""

    shown: str
    strategy: Strategy
    findings: list[Finding]
    texts: dict[str, str] = field(default_factory=lambda: dict.fromkeys(_TEXTS, ""))
    changes: list[Change] = field(default_factory=list)
    places: list[dict[Side, int]] = field(default_factory=list)

    def report(self, code: str, at: int, message: str, hint: str) -> None:
        _, line, column = unpack(at)
        place = Place(self.shown, max(line, 1), max(column, 1))
        self.findings.append(Finding(code, CODES[code].severity, place, message, hint))

    def read(self, root: Map) -> None:
        for key, node in root.items():
            if key in _TEXTS:
                self._read_text(key, node, root.value_at[key])
            elif key not in SECTIONS:
                near = nearest(key, (*SECTIONS, *_TEXTS))
                hint = f"did you mean '{near}'?" if near else f"known here: {_known()}, {' and '.join(_TEXTS)}"
                self.report("S202", root.key_at[key], f"the key '{shorten(key)}' is not known here", hint)
            elif key in _BY_GOAL:
                for goal, below, goal_at, at in self._entries(node, root.value_at[key], "goals with entries below"):
                    for name, figure, id_at, figure_at in self._entries(below, at, "ids with a figure"):
                        self._add(key, goal, name, figure, {"goal": goal_at, "id": id_at, "figure": figure_at})
            else:
                for name, figure, id_at, figure_at in self._entries(node, root.value_at[key], "ids with a figure"):
                    self._add(key, "", name, figure, {"goal": id_at, "id": id_at, "figure": figure_at})

    def _read_text(self, key: str, node: Node, at: int) -> None:
        if not isinstance(node, str):
            self.report("S201", at, f"a text is expected here, not {name_shape(node)}", "write one text, or nothing")
        elif len(node) > _LONGEST:
            self.report("S210", at, f"the {key} is longer than {_LONGEST:,} characters", "shorten it")
        elif key == "name" and len(node.splitlines()) > 1:
            self.report("S210", at, "the name has more than one line", "write it on one; a note may have several")
        else:
            self.texts[key] = node

    def _entries(self, node: Node, at: int, what: str) -> Iterator[tuple[str, Node, int, int]]:
        """(key, value, their packed places) of a mapping; nothing stands for an empty one."""
        if isinstance(node, Map):
            for key, value in node.items():
                yield key, value, node.key_at[key], node.value_at[key]
        elif node is not None:
            self.report("S201", at, f"{what} are expected here, not {name_shape(node)}", "write such as 'an_id: 5'")

    def _add(self, section: str, goal: str, name: str, node: Node, places: dict[Side, int]) -> None:
        """The change that an entry stands for."""
        if not isinstance(node, str):
            code, at = ("S204", places["id"]) if node is None else ("S201", places["figure"])
            self.report(code, at, f"a figure is expected for '{shorten(name)}', not {name_shape(node)}", "write one")
            return
        if section == "values" and self._is_in_words(name):
            self._keep(ValueChange(name, node), places)
        elif section == "links" and node == OFF:
            self._keep(LinkChange(goal, name, None), places)
        elif (number := self._read_number(node, places["figure"], section)) is not None:
            self._keep(_make(section, goal, name, number), places)

    def _keep(self, change: Change, places: dict[Side, int]) -> None:
        self.changes.append(change)
        self.places.append(places)

    def _is_in_words(self, name: str) -> bool:
        measure = self.strategy.measure(name)
        return isinstance(measure, Kpi) and bool(measure.levels)

    def _read_number(self, text: str, at: int, section: str) -> float | None:
        try:
            return read_number(text)
        except NumberError as error:
            hint = (
                f"write a number such as 2, or '{OFF}'" if section == "links" else "write a number such as 5 or 12.5%"
            )
            self.report("S205", at, f"'{shorten(text)}' {error}", hint)
            return None


def _make(section: str, goal: str, name: str, number: float) -> Change:
    match section:
        case "values":
            return ValueChange(name, number)
        case "targets":
            return TargetChange(name, number)
        case "weights":
            return WeightChange(goal, name, number)
        case "links":
            return LinkChange(goal, name, number)
    return ProgressChange(name, number)


def _known() -> str:
    return ", ".join(SECTIONS)
