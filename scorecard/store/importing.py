"""Taking a whole file on record: what is new in it, what changes, what is odd about that; all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scorecard.compute.histories import read_history
from scorecard.compute.observations import Observations, Recorder
from scorecard.compute.oddities import find_oddities
from scorecard.model.finding import Finding, Place, Severity, shorten
from scorecard.model.period import Period
from scorecard.model.strategy import Kpi, Strategy
from scorecard.store.foreign import MissingLibrary
from scorecard.store.intake import MOST_FINDINGS, Intake
from scorecard.store.ledger_chain import IMPORT, VALUE, Entry, read_members, write_members
from scorecard.store.ledger_chain import Row as Recorded
from scorecard.store.packing import Packing, pack_statements
from scorecard.store.recorded import find_closings
from scorecard.store.recording import (
    DEVIATIONS,
    LOOK_BACK,
    REOPEN,
    TIMES,
    Known,
    Refused,
    Register,
    check_texts,
    find_jump,
)
from scorecard.store.series import MOST_VALUES, decode_period, encode_period, list_distinct
from scorecard.store.sources import SOURCES, read_file
from scorecard.store.statements import Statements, join, settle

MOST_CHANGES = 20  # that are shown

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


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
    differs = ~_find_same(stated, register.recorded.counting)
    wanted = stated.pick(differs)
    if not len(wanted):
        return Plan((), 0, 0, 0, len(stated), (), ())
    closed = _find_closed(register, wanted, register.closings)
    if closed and not said["reopen"]:
        raise Refused([_fault_closed(given, wanted, code, why) for code, why in closed.items()])
    before = _find_before(register, wanted)
    kinds = _sort_out(wanted, before)
    warned = [one for one in findings if one.severity == Severity.WARNING and _concerns(one, given, wanted)]
    questions = [
        *warned,
        *_find_corrected(register, given, wanted),
        *_find_far(given, wanted, before),
        *_find_early(register.strategy, given, wanted, now),
    ]
    new, changed, adopted = (int((kinds == kind).sum()) for kind in (_NEW, _CHANGED, _ADOPTED))
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


def state(strategy: Strategy, rows: Observations) -> Statements:
    """Observations as statements: `row` is the number of the observation."""
    word = np.zeros(len(rows), dtype=np.int64)
    value = rows.value + 0.0  # no negative zero
    words = {"": 0}
    for code, name in enumerate(rows.measures):
        measure = strategy.measure(name)
        if isinstance(measure, Kpi) and measure.levels:
            known = np.array([words.setdefault(text, len(words)) for text in measure.levels], dtype=np.int64)
            here = np.flatnonzero((rows.measure == code) & ~np.isnan(value))
            word[here] = known[value[here].astype(np.int64)]
            value[here] = np.nan
    periods = np.array([encode_period(period) for period in rows.periods], dtype=np.int64)
    return Statements(
        rows.measures,
        tuple(write_members(dict(zip(strategy.dimensions, one, strict=False))) for one in rows.members),
        tuple(words),
        rows.measure,
        periods[rows.period] if len(rows) else rows.period,
        rows.member,
        word,
        value,
        rows.target,
        np.arange(len(rows)),
        np.zeros(len(rows), dtype=np.int64),
    )


_NEW, _CHANGED, _ADOPTED = 1, 2, 3


def _match(given: Statements, known: Statements) -> tuple[Statements, Ints]:
    """Both together, and for each of the given ones where in that the known one with its key is, or -1."""
    both = join(given, known)
    keys = both.keys()
    own, other = keys[: len(given)], keys[len(given) :]
    order = np.argsort(other, kind="stable")
    at = np.searchsorted(other[order], own)
    found = order[np.minimum(at, len(other) - 1)]
    return both, np.where(other[found] == own, found + len(given), -1)


def _find_same(given: Statements, known: Statements) -> Bools:
    """Which statements say what is known already."""
    if not len(known):
        return np.zeros(len(given), dtype=bool)
    both, at = _match(given, known)
    here = slice(0, len(given))
    value = ~both.says[here] | ((both.word[here] == both.word[at]) & _equal(both.value[here], both.value[at]))
    target = np.isnan(both.target[here]) | (both.target[here] == both.target[at])
    same: Bools = (at >= 0) & value & target
    return same


def _equal(first: NDArray[np.float64], second: NDArray[np.float64]) -> Bools:
    same: Bools = (first == second) | (np.isnan(first) & np.isnan(second))
    return same


def _find_before(register: Register, wanted: Statements) -> Statements:
    """What counts today, of all sources, for the KPIs of some statements; `row` is the number of the observation."""
    concerned = np.zeros(len(register.rows.measures), dtype=bool)
    concerned[wanted.kpi] = True
    stated = state(register.strategy, register.rows)
    return settle(stated.pick(concerned[stated.kpi] & stated.says))


def _sort_out(wanted: Statements, before: Statements) -> Ints:
    """Whether each statement is new, changes what counted, or adopts it."""
    if not len(before):
        return np.full(len(wanted), _NEW, dtype=np.int64)
    same = _find_same(replace(wanted, target=np.full(len(wanted), np.nan)), before) & wanted.says
    _, at = _match(wanted, before)
    return np.where(at < 0, _NEW, np.where(same, _ADOPTED, _CHANGED))


def _find_closed(register: Register, wanted: Statements, closings: Mapping[str, Recorded]) -> dict[int, str]:
    """The periods that lie in closed ones, each with who closed that."""
    codes = list_distinct(wanted.period)[0] if closings else []
    found = {code: register.find_closing(decode_period(code), closings) for code in codes}
    return {code: why for code, why in found.items() if why}


def _fault_closed(given: Observations, wanted: Statements, code: int, why: str) -> Finding:
    first = int(wanted.row[wanted.period == code].min())
    return Finding("S323", Severity.ERROR, given.place(first), why, REOPEN)


def _find_corrected(register: Register, given: Observations, wanted: Statements) -> list[Finding]:
    """The values that somebody recorded by hand and that the file would replace."""
    counting = register.recorded.counting
    if not len(counting):
        return []
    _, at = _match(wanted, counting)
    old = at - len(wanted)
    known = np.flatnonzero((at >= 0) & wanted.says)
    known = known[counting.says[old[known]]]
    kpis = [wanted.kpis[code] for code in list_distinct(wanted.kpi[known])[0]]
    by_hand = {row.id: row for row in register.ledger.find(VALUE, kpis)} if kpis else {}
    findings: list[Finding] = []
    for number in known.tolist():
        row = by_hand.get(int(counting.row[old[number]]))
        if row is None or len(findings) > MOST_FINDINGS:
            continue
        said = f"{shorten(row.entry.by, 30)} recorded on {row.recorded_at[:10]} (row {row.id})"
        message = f"{row.entry.kpi} {row.entry.period} would replace what {said}"
        place = given.place(int(wanted.row[number]))
        findings.append(
            Finding("S335", Severity.WARNING, place, message, "correct the file where that was a correction")
        )
    return findings


def _find_early(strategy: Strategy, given: Observations, wanted: Statements, now: datetime) -> list[Finding]:
    """The periods that have not begun, each at its first value."""
    calendar, today, findings = strategy.calendar, now.date().toordinal(), []
    for code in list_distinct(wanted.period)[0]:
        period = decode_period(code)
        if calendar.first_day(period.rhythm, calendar.ordinal(period)) > today + 1:
            place = given.place(int(wanted.row[wanted.period == code].min()))
            findings.append(Finding("S329", Severity.WARNING, place, f"{period} has not begun", "look at the period"))
    return findings


def _find_far(given: Observations, wanted: Statements, before: Statements) -> list[Finding]:
    """The values that are far outside the last ones of their own rhythm that counted before."""
    if not len(before):
        return []
    both = join(wanted, before.pick(before.word == 0))
    series = (both.kpi * len(both.members) + both.member) * 8 + (both.period >> 9 & 7)
    place = (series << 26) + both.period
    size = len(wanted)
    order = size + np.argsort(place[size:], kind="stable")
    at = np.searchsorted(place[order], place[:size])
    enough = at - np.searchsorted(series[order], series[:size]) > 2
    enough &= (both.word[:size] == 0) & ~np.isnan(both.value[:size])
    asked = np.flatnonzero(enough)
    look = np.arange(-LOOK_BACK, 0)
    findings: list[Finding] = []
    for low in range(0, len(asked), 100_000):
        some = asked[low : low + 100_000]
        index = at[some][:, None] + look
        is_past = index >= 0
        past = order[np.maximum(index, 0)]
        is_past &= series[past] == series[some][:, None]
        for number in _may_jump(both.value[some], both.value[past], is_past):
            row = int(some[number])
            value = float(both.value[row])
            if why := find_jump(value, both.value[past[number][is_past[number]]].tolist()):
                where = given.place(int(wanted.row[row]))
                what = f"{wanted.kpis[int(wanted.kpi[row])]}: {value:g} is {why}"
                findings.append(Finding("S324", Severity.WARNING, where, what, "look at it once more"))
                if len(findings) > MOST_FINDINGS:
                    message = f"after {MOST_FINDINGS} findings S324 the rest is not listed"
                    findings[-1] = Finding("S317", Severity.WARNING, where, message, "look at those first")
                    return findings
    return findings


def _may_jump(value: NDArray[np.float64], past: NDArray[np.float64], is_past: NDArray[np.bool_]) -> list[int]:
    """Which values `find_jump` is to look at: those near its limits, or beyond."""
    count, rows = is_past.sum(axis=1), np.arange(len(value))

    def middle(table: NDArray[np.float64]) -> NDArray[np.float64]:
        ordered = np.sort(np.where(is_past, table, np.inf), axis=1)
        low, high = (
            ordered[rows, np.maximum(at, 0)] for at in ((count - 1) // 2, np.minimum(count // 2, LOOK_BACK - 1))
        )
        return np.asarray((low + high) / 2)

    usual = middle(past)
    near = np.minimum(np.abs(value), np.abs(usual)) * (TIMES * 0.99) <= np.maximum(np.abs(value), np.abs(usual))
    away = np.abs(value - usual)
    with np.errstate(invalid="ignore"):
        spread = middle(np.abs(past - usual[:, None]))
    return [int(one) for one in np.flatnonzero((count > 2) & (near | (away > DEVIATIONS * spread)))]


def _concerns(finding: Finding, given: Observations, wanted: Statements) -> bool:
    """Whether a finding is about a value that is to be recorded."""
    if finding.place.file not in given.files:
        return True
    is_here = given.line[wanted.row] == finding.place.line
    return bool((is_here & (given.file[wanted.row] == given.files.index(finding.place.file))).any())


def _show_changes(
    register: Register, given: Observations, wanted: Statements, before: Statements, kinds: Ints
) -> list[Change]:
    """The first changed values, then the first new ones, as they stand in the file."""
    at = _match(wanted, before)[1] if len(before) else np.full(len(wanted), -1, dtype=np.int64)
    shown: list[Change] = []
    for kind in (_CHANGED, _NEW):
        chosen = np.flatnonzero(kinds == kind)
        chosen = chosen[np.argsort(wanted.row[chosen], kind="stable")][: MOST_CHANGES - len(shown)]
        for number in chosen.tolist():
            row, old = int(wanted.row[number]), int(at[number]) - len(wanted)
            known = None
            if kind == _CHANGED:
                place = register.rows.place(int(before.row[old]))
                known = Known(before.words[int(before.word[old])] or float(before.value[old]), place)
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


def _pack(
    strategy: Strategy, given: Observations, wanted: Statements, closed: Mapping[int, str], said: Mapping[str, str]
) -> tuple[Entry, ...]:
    """The rows of an import, one a KPI; a reason to reopen belongs only to those with a value of a closed period."""
    dimensions = tuple(strategy.dimensions)

    def split(text: str) -> tuple[str, ...]:
        named = read_members(text) or {}
        return tuple(named[name] for name in dimensions)

    at = wanted.row
    how = Packing(given.line[at], given.column[at], given.file[at], given.files, dimensions, split, MOST_VALUES)
    is_closed = np.isin(wanted.period, list(closed)) if closed else np.zeros(len(wanted), dtype=bool)
    entries = []
    for one in pack_statements(wanted, how):
        reason = said["reopen"] if closed and bool(is_closed[one.rows].any()) else ""
        entries.append(Entry(said["by"], IMPORT, one.kpi, value=one.data, note=said["note"], reopen=reason))
    return tuple(entries)
