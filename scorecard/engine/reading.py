"""What an engine evaluates, from a path: strategies, the rows of files, and the tables that stay where they are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from scorecard.compute.evaluation import Inputs
from scorecard.compute.histories import read_history
from scorecard.compute.observations import Recorder
from scorecard.engine.codes import Stay, Task
from scorecard.engine.connection import Engine
from scorecard.model.finding import Finding, Place
from scorecard.model.limits import LIMITS, Limits
from scorecard.model.strategy import DatabaseSource, Strategy
from scorecard.parser.reader import Library, Reading, quiet_collector, read_path
from scorecard.store.sources import read_observations
from scorecard.store.store_path import find_store


class Gathered(NamedTuple):
    """The strategies that can be computed by id, what is wrong with the rest and with their rows."""

    tasks: dict[str, Task]
    findings: tuple[Finding, ...]
    unreadable: bool

    def linked_with(self, name: str) -> list[Task]:
        """A strategy, and after it those that its goals are linked with, by and by."""
        links = {key: set(_named(task.inputs.strategy)) & self.tasks.keys() for key, task in self.tasks.items()}
        found = [name]
        for one in found:  # grows while it is read
            near = [key for key in self.tasks if key in links[one] or one in links[key]]
            found += [key for key in near if key not in found]
        return [self.tasks[key] for key in found]


@quiet_collector()
def gather(path: str, engine: Engine, limits: Limits = LIMITS, as_of: date | None = None) -> Gathered:
    """Read a path. Rows in tables of the engine are not read, but evaluated where they are."""
    library = read_path(path, limits)
    findings = list(library.findings)
    tasks: dict[str, Task] = {}
    for reading in library.readings:
        findings += reading.findings
        if reading.strategy is not None and reading.sound:
            tasks[reading.strategy.id] = _read(reading, reading.strategy, library, engine, as_of, findings)
    return Gathered(tasks, tuple(findings), library.unreadable)


def _read(
    reading: Reading, strategy: Strategy, library: Library, engine: Engine, as_of: date | None, findings: list[Finding]
) -> Task:
    read: list[int] = []  # the places under `data:` of the sources that are
    stays: list[Stay] = []
    for number, source in enumerate(strategy.data):
        if isinstance(source, DatabaseSource) and source.table and engine.holds(source.connect):
            stays.append(Stay(source, len(read)))
        else:
            read.append(number)

    def where(*path: str | int) -> Place:
        at = ("data", read[int(path[1])], *path[2:]) if path[0] == "data" and len(path) > 1 else path
        return reading.places.of(*at)

    name = reading.name if Path(reading.name).is_dir() else str(Path(reading.name).parent)
    fewer = strategy.model_copy(update={"data": tuple(strategy.data[number] for number in read)})
    store = find_store(reading.name, reading.folder)
    rows, faults = read_observations(fewer, reading.folder, library.root, name, where, store, as_of)
    findings += faults
    none, _ = read_history(strategy, Recorder(rows.measures).freeze())
    resolved = reading.resolved
    return Task(Inputs(strategy, none, resolved.rules, resolved.formulas, resolved.order), rows, tuple(stays))


def _named(strategy: Strategy) -> Iterable[str]:
    """The strategies that its goals name."""
    return (link.goal.partition("/")[0] for goal in strategy.goals.values() for link in goal.links if "/" in link.goal)
