"""Taking a whole file on record: what is new in it, what changes, what is odd about that; all of it or nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np

from scorecard.compute.histories import read_history
from scorecard.compute.observations import Observations, Recorder
from scorecard.compute.oddities import find_oddities
from scorecard.model.finding import Finding, Place, Severity, shorten
from scorecard.model.period import Period
from scorecard.model.strategy import Strategy
from scorecard.store.differences import ADOPTED, CHANGED, NEW, Bools, Kinds, Match, find_before, match, state
from scorecard.store.foreign import MissingLibrary
from scorecard.store.import_checks import find_closed, find_corrected, find_early, find_far, pick_concerned
from scorecard.store.intake import Intake
from scorecard.store.ledger_chain import IMPORT, VALUE, Entry, read_members
from scorecard.store.ledger_chain import Row as Recorded
from scorecard.store.packing import Packing, pack_statements
from scorecard.store.recorded import find_closings
from scorecard.store.recording import Known, Refused, Register, check_texts
from scorecard.store.series import MOST_VALUES, decode_period
from scorecard.store.sources import SOURCES, read_file
from scorecard.store.statements import Ints, Statements, settle

MOST_CHANGES = 20  # that are shown
_AT_ONCE = 100_000  # values


class Overtaken(Exception):
    """Others have recorded values of the same KPIs since the store was read."""


class Change(NamedTuple):
    """A value that is not what counted before; a word for levels, None where only the target is given."""

    kpi: str
    period: Period
    members: tuple[str, ...]
    before: Known | None
    value: float | str | None
    target: float | None
    place: Place


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do. Of its values `new` had none before, `changed` another one, `adopted` the same one in a
    source that is not the store; `unchanged` ones are on record as they are and are not recorded again.

    `changes` are the first of the changed and new ones, `questions` what somebody should confirm first.
    """

    entries: tuple[Entry, ...]
    new: int
    changed: int
    adopted: int
    unchanged: int
    changes: tuple[Change, ...]
    questions: tuple[Finding, ...]

    @property
    def count(self) -> int:
        """The values to be recorded."""
        return self.new + self.changed + self.adopted


def read_import(
    strategy: Strategy, files: Sequence[tuple[Path, str]], decimal: str = ""
) -> tuple[Observations, list[Finding]]:
    """The values in some files, and what is wrong or odd in them: each a path, and its name in findings.

    `decimal` is the sign declared for numbers that are texts, as for a source under `data:`.
    """
    order = {member: number for d in strategy.dimensions.values() for number, member in enumerate(d.members)}
    intake = Intake(strategy, Recorder((*strategy.kpis, *strategy.metrics), order))
    intake.recorder.begin_source()
    for path, name in files:
        intake.begin_file()
        if path.suffix.lower() not in SOURCES:
            message = f"'{shorten(path.name)}' is of a kind that cannot be read"
            intake.report("S316", Place(name), message, f"save it as one of {', '.join(SOURCES)}")
            continue
        try:
            read_file(path, name, decimal, intake)
        except MissingLibrary as library:
            message = "this kind of file needs a part of the program that is not installed"
            intake.report("S316", Place(name), message, f"run pip install 'scorecard[{library.extra}]'")
    rows = intake.recorder.freeze()
    _, odd = read_history(strategy, rows)
    return rows, [*intake.findings, *odd, *find_oddities(strategy, rows)]


def plan_import(
    register: Register, given: Observations, findings: Sequence[Finding], now: datetime, **said: str
) -> Plan:
    """What importing `given` would do, `findings` being what is odd in it, with `by`, `note` and `reopen` as said.

    Raises Refused with all findings where something in it cannot be recorded.
    """
    check_texts(said)
    if errors := [finding for finding in findings if finding.severity == Severity.ERROR]:
        raise Refused(errors)
    stated = settle(state(register.strategy, given))
    on_record = match(stated, register.recorded.counting)
    differs = ~on_record.is_same if on_record else np.ones(len(stated), dtype=bool)
    wanted = stated.pick(differs)
    if not len(wanted):
        return Plan((), 0, 0, 0, len(stated), (), ())
    closed = find_closed(register, given, wanted)
    if closed and not said["reopen"]:
        raise Refused(list(closed.values()))
    questions = pick_concerned(findings, given, wanted)
    if on_record:
        questions += find_corrected(register, given, wanted, on_record.at[differs])
    known = find_before(register.strategy, register.rows, wanted)
    if before := match(wanted, known):
        questions += find_far(given, wanted, known)
    questions += find_early(register, given, wanted, now)
    kinds = before.kinds if before else np.full(len(wanted), NEW, dtype=np.int8)
    new, changed, adopted = (int(np.count_nonzero(kinds == kind)) for kind in (NEW, CHANGED, ADOPTED))
    return Plan(
        _pack(register.strategy, given, wanted, closed, said),
        new,
        changed,
        adopted,
        len(stated) - len(wanted),
        tuple(_show_changes(register, given, wanted, before, kinds)),
        tuple(questions),
    )


def commit_import(register: Register, plan: Plan, now: datetime) -> tuple[Recorded, ...]:
    """Record a plan: its rows. Raises Refused where a period was closed meanwhile, Overtaken where others recorded values
    of the same KPIs: then it has to be made anew."""
    kpis = {entry.kpi for entry in plan.entries}

    def check(fresh: Sequence[Recorded]) -> None:
        if any(row.entry.kind in (VALUE, IMPORT) and row.entry.kpi in kpis for row in fresh) or find_closings(fresh):
            raise Overtaken

    rows = register.ledger.append(plan.entries, now, register.chain, check)
    return rows[-len(plan.entries) :]


def _show_changes(
    register: Register, given: Observations, wanted: Statements, before: Match | None, kinds: Kinds
) -> list[Change]:
    """The first changed values, then the first new ones, as they stand in the file."""
    shown: list[Change] = []
    for kind in (CHANGED, NEW):
        for number in _find_first(wanted.row, kinds == kind, MOST_CHANGES - len(shown)):
            row, known = int(wanted.row[number]), None
            if before and kind == CHANGED:
                both, old = before.both, len(wanted) + int(before.at[number])
                known = Known(
                    both.words[int(both.word[old])] or float(both.value[old]), register.rows.place(int(both.row[old]))
                )
            word, value = wanted.words[int(wanted.word[number])], float(wanted.value[number])
            target = float(wanted.target[number])
            shown.append(
                Change(
                    wanted.kpis[int(wanted.kpi[number])],
                    decode_period(int(wanted.period[number])),
                    given.members[int(given.member[row])],
                    known,
                    word or (None if value != value else value),
                    None if target != target else target,
                    given.place(row),
                )
            )
    return shown


def _find_first(rows: Ints, chosen: Bools, count: int) -> list[int]:
    """Which of the chosen entries have the lowest rows: so many, in their order."""
    first = np.zeros(0, dtype=np.int64)
    for low in range(0, len(rows), _AT_ONCE):
        first = np.append(first, low + np.flatnonzero(chosen[low : low + _AT_ONCE]))
        first = first[np.argsort(rows[first], kind="stable")[:count]]
    return [int(one) for one in first]


def _pack(
    strategy: Strategy, given: Observations, wanted: Statements, closed: Collection[int], said: Mapping[str, str]
) -> tuple[Entry, ...]:
    """The rows of an import, one a KPI; a reason to reopen belongs only to those with a value of a closed period."""
    dimensions = tuple(strategy.dimensions)

    def split(text: str) -> tuple[str, ...]:
        named = read_members(text) or {}
        return tuple(named[name] for name in dimensions)

    def locate(part: Statements) -> tuple[Ints, Ints, Ints]:
        return given.line[part.row], given.column[part.row], given.file[part.row]

    entries = []
    for one in pack_statements(wanted, Packing(locate, given.files, dimensions, split, MOST_VALUES)):
        reason = said["reopen"] if closed and bool(np.isin(one.period, list(closed)).any()) else ""
        entries.append(Entry(said["by"], IMPORT, one.kpi, value=one.data, note=said["note"], reopen=reason))
    return tuple(entries)
