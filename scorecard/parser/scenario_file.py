"""Scenarios as files: `scenarios/NAME.yaml` in a strategy's folder, `NAME.scenarios/` beside a single strategy file.

    name: Two more people
    note: From January on, in support
    values:
      lead_conversion: 5%
    targets:
      returning: 12
    weights:
      profit: {margin: 2}
    links:
      profit: {regulars: 3, rush: off}
    progress:
      crm_fields: 100%

Files of these folders are no part of a strategy. Whatever cannot be done raises Refused, and nothing is written then.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from scorecard.analysis.changes import Change, LinkChange, ProgressChange, TargetChange, ValueChange, WeightChange
from scorecard.analysis.scenario import Scenario
from scorecard.model.finding import Finding, Place, Severity, shorten
from scorecard.model.limits import LIMITS, Limits
from scorecard.model.number import read_number
from scorecard.model.strategy import Strategy
from scorecard.parser.files import SCENARIOS, read_text
from scorecard.parser.replacement import Refused, hash_bytes, replace_file
from scorecard.parser.scenario_text import OFF, SECTIONS, read_scenario
from scorecard.parser.yaml_faults import FORBIDDEN

_ENDING = ".yaml"
_LONGEST_NAME = 64
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_PLAIN = re.compile(r"[^\W\d_](?:[\w .;()/%+'-]*[\w.;()/%+'-])?")  # a text that needs no quotes
_COMMENT = re.compile(r"(?:^|\s)#", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the scenarios of a strategy lie, a folder that need not be there; `shown` is its path as findings print it."""

    path: Path
    shown: str
    strategy: Strategy


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """A scenario as it was read, with what is wrong with it; `hash` is None, and the scenario empty, where there is none yet.

    `commented` says that the file holds comments, which are lost when it is written.
    """

    path: Path
    place: Place
    scenario: Scenario
    findings: tuple[Finding, ...] = ()
    hash: str | None = None
    commented: bool = False

    @property
    def sound(self) -> bool:
        """Whether it can be applied."""
        return not any(finding.severity == Severity.ERROR for finding in self.findings)


def find_shelf(name: str, folder: Path, strategy: Strategy) -> Shelf:
    """Where the scenarios lie of a strategy; `name` and `folder` are those of its `Scorecard`."""
    own = Path(name)
    if own.is_dir():
        return Shelf(folder / SCENARIOS, f"{name}/{SCENARIOS}", strategy)
    beside = f"{own.resolve().stem}.{SCENARIOS}"
    return Shelf(folder / beside, str(own.parent / beside), strategy)


def list_scenarios(shelf: Shelf) -> list[str]:
    """The names of the scenarios kept there, in alphabetical order."""
    return sorted(name for name in _list_names(shelf) if _NAME.fullmatch(name))


def make_name(title: str) -> str:
    """The name of the file for what people call a scenario: `longer_posts` for `Longer posts`; "" where no letter is left."""
    if _NAME.fullmatch(title):
        return title
    letters = (one for one in unicodedata.normalize("NFKD", title.casefold()) if not unicodedata.combining(one))
    return re.sub("[^a-z0-9-]+", "_", "".join(letters)).strip("_-")[:_LONGEST_NAME].rstrip("_-")


def open_scenario(shelf: Shelf, name: str, limits: Limits = LIMITS) -> ScenarioFile:
    """The scenario of a name. Raises Refused where the name is none or what stands there cannot be read."""
    if not _NAME.fullmatch(name):
        hint = "write small letters, digits, - and _, at most 64, such as two_more_people"
        raise Refused(Place(shorten(shelf.shown, 200)), f"'{shorten(name)}' is no name for a scenario", hint)
    _check_folder(shelf)
    path, shown = shelf.path / f"{name}{_ENDING}", f"{shelf.shown}/{name}{_ENDING}"
    if not os.path.lexists(path):
        return ScenarioFile(path, Place(shorten(shown, 200)), Scenario(name))
    findings: list[Finding] = []
    text = read_text(path, shown, shelf.path.resolve(), limits, findings)
    if text is None:
        raise Refused(findings[0].place, findings[0].message, findings[0].hint)
    scenario, findings = read_scenario(text.data, text.name, name, shelf.strategy, limits)
    written = text.data.decode(errors="replace")
    commented = _COMMENT.search(written) is not None and written != write_scenario(scenario, shelf.strategy)
    return ScenarioFile(path, Place(text.name), scenario, tuple(findings), hash_bytes(text.data), commented)


def save_scenario(shelf: Shelf, file: ScenarioFile, scenario: Scenario) -> ScenarioFile:
    """Write a scenario into its file, which must be as it was read, and give it as it is now. Raises Refused."""
    if file.commented:
        hint = "save it under another name, or edit the file"
        raise Refused(file.place, "the file holds comments, which would be lost", hint)
    for what, said in (("name", scenario.title), ("note", scenario.note)):
        if found := FORBIDDEN.search(said):
            message = f"the {what} holds the sign U+{ord(found[0][0]):04X}, which cannot be seen"
            raise Refused(file.place, message, "write it without")
    data = write_scenario(scenario, shelf.strategy).encode()
    if hash_bytes(data) != file.hash:
        try:
            shelf.path.mkdir(exist_ok=True)
        except OSError as error:
            reason = (error.strerror or "unknown").lower()
            raise Refused(file.place, f"its folder cannot be made: {reason}", "look at the permissions") from None
        _check_folder(shelf)
        replace_file(file.path, data, file.hash, file.place)
    return open_scenario(shelf, file.path.stem)


def check_scenarios(shelf: Shelf, limits: Limits = LIMITS) -> Iterator[Finding]:
    """Everything that is wrong with the scenarios kept there."""
    for name in sorted(_list_names(shelf)):
        try:
            yield from open_scenario(shelf, name, limits).findings
        except Refused as refused:
            place = Place(shorten(f"{shelf.shown}/{name}{_ENDING}", 200))
            yield Finding("S111", Severity.ERROR, place, refused.message, refused.hint)


def write_scenario(scenario: Scenario, strategy: Strategy) -> str:
    """The text of a scenario's file: the same scenario gives the same text."""
    sections: dict[str, dict[tuple[str, ...], list[str]]] = {section: {} for section in SECTIONS}
    for change in scenario.changes:
        section, *goal, name = change.key
        below = sections[section].setdefault(tuple(goal), [])
        below.append(f"  {'  ' * len(goal)}{name}: {_write_figure(change, strategy)}")
    texts = {"name": scenario.title, "note": scenario.note}
    lines = [f"{key}: {_write_text(text)}" for key, text in texts.items() if text]
    for section, groups in sections.items():
        lines += [f"{section}:"] if groups else []
        for goals, below in groups.items():
            lines += [*(f"  {goal}:" for goal in goals), *below]
    return "\n".join(lines or ["values: {}"]) + "\n"


def _write_figure(change: Change, strategy: Strategy) -> str:
    match change:
        case ValueChange(measure, value):
            known = strategy.measure(measure)
            return _write_text(value) if isinstance(value, str) else _write_number(value, known.unit if known else None)
        case TargetChange(kpi, target):
            return _write_number(target, strategy.kpis[kpi].unit if kpi in strategy.kpis else None)
        case WeightChange():
            return _write_number(change.weight)
        case LinkChange(weight=weight):
            return OFF if weight is None else _write_number(weight)
        case ProgressChange(progress=progress):
            return _write_number(progress, "%")


def _write_number(value: float, unit: str | None = None) -> str:
    """The number to the last digit, with its sign where it is a share."""
    if unit == "%":
        share = f"{(Decimal(repr(value)) * 100).normalize():f}%"
        if len(share) < 20 and read_number(share) == value:
            return share
    return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _write_text(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _list_names(shelf: Shelf) -> list[str]:
    try:
        entries = os.listdir(shelf.path)
    except OSError:
        return []
    return [name.removesuffix(_ENDING) for name in entries if name.endswith(_ENDING) and not name.startswith(".")]


def _check_folder(shelf: Shelf) -> None:
    """The folder must be one of the strategy's own: a link may lead anywhere."""
    path = shelf.path
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        hint = "make it a folder, not a link or a file"
        raise Refused(Place(shorten(shelf.shown, 200)), "this is not a folder of the strategy", hint)
