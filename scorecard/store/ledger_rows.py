"""From the rows on record to what counts today, or counted on an earlier day: one statement a key, into the intake."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite
from pathlib import Path

from scorecard.model.finding import Finding, Place, Severity, shorten
from scorecard.model.period import PeriodError, read_period
from scorecard.model.scoring import is_off_scale
from scorecard.model.strategy import Kpi, Strategy, fold_name
from scorecard.store.intake import Cell, Intake, Row
from scorecard.store.ledger import Ledger
from scorecard.store.ledger_chain import CLOSING, VALUE, Chain, Fault
from scorecard.store.ledger_chain import Row as Recorded
from scorecard.store.ledger_errors import StoreError


@dataclass(frozen=True, slots=True)
class Statement:
    """What the rows on record say together of one key; each part with the row that said it last."""

    value: float | str | None = None
    target: float | None = None
    row: Recorded | None = None


def take_recorded(path: Path, name: str, intake: Intake, as_of: date | None = None) -> None:
    """What is on record into the intake, as known at the end of a day (UTC); what does not count becomes a finding.

    `name` is the store as findings call it; the line of a place is the row's number.
    """
    intake.recorder.begin_source()
    intake.begin_file()
    try:
        chain = Ledger(path).read()
    except StoreError as error:
        intake.report(error.code, Place(name), error.message, error.hint)
        return
    for finding in find_store_faults(chain, name):
        intake.report(finding.code, finding.place, finding.message, finding.hint, finding.severity)
    intake.begin_file()
    known = chain.counting if as_of is None else [row for row in chain.counting if row.recorded_at[:10] <= str(as_of)]
    for statement in combine(known, intake.strategy).values():
        _take(statement, name, intake)


def combine(rows: Iterable[Recorded], strategy: Strategy) -> dict[tuple[str, str, str], Statement]:
    """What rows say by kpi, period and members: a later value replaces a value, a withdrawal both value and target.

    A KPI that has another id now is known by its aliases.
    """
    found: dict[tuple[str, str, str], Statement] = {}
    ids = current_ids(rows := list(rows), strategy)
    for row in rows:
        entry = row.entry
        if entry.kind != VALUE:
            continue
        key = (ids[entry.kpi], entry.period, entry.members)
        before = found.pop(key, None)
        if entry.withdraws:
            continue
        if before and (entry.value is None or entry.target is None):
            value = before.value if entry.value is None else entry.value
            target = before.target if entry.target is None else entry.target
            found[key] = Statement(value, target, before.row if entry.value is None else row)
        else:
            found[key] = Statement(entry.value, entry.target, row)
    return found


def current_ids(rows: Iterable[Recorded], strategy: Strategy) -> dict[str, str]:
    """The id that each KPI on record has today: its own, or that of the KPI with such an alias."""
    measures = (*strategy.kpis.values(), *strategy.metrics.values())
    aliases = {fold_name(alias): measure.id for measure in measures for alias in measure.aliases}
    recorded = {row.entry.kpi for row in rows}
    return {name: name if strategy.measure(name) else aliases.get(fold_name(name), name) for name in recorded}


def find_closings(rows: Iterable[Recorded]) -> dict[str, Recorded]:
    """The closed review periods, each with the row that closed it first."""
    closings: dict[str, Recorded] = {}
    for row in rows:
        if row.entry.kind == CLOSING:
            closings.setdefault(row.entry.period, row)
    return closings


def find_store_faults(chain: Chain, name: str) -> list[Finding]:
    """A finding for each fault of a chain: an error where rows wait to be accepted, a warning where they were."""
    findings, last = [], chain.rows[-1].id if chain.rows else 0
    if chain.damage:
        message = f"the file is damaged behind row {last}, so later rows do not count"
        findings.append(Finding("S322", Severity.ERROR, Place(name, max(last, 1)), message, _RESTORE))
    first = next(iter(chain.unaccepted), None)
    for fault in chain.faults:
        place = Place(name, fault.first)
        if acceptance := chain.accepted.get(fault):
            who = f"{shorten(acceptance.entry.by, 30)} on {acceptance.recorded_at[:10]}"
            message = f"{describe(fault)} and {_DOES_NOT}; {who} accepted the others"
            findings.append(Finding("S321", Severity.WARNING, place, message, "record its value again"))
        elif fault is first:
            end = max(chain.head.rows, last)
            span = f"rows {fault.first} to {end} do not count" if end > fault.first else f"it {_DOES_NOT}"
            findings.append(Finding("S320", Severity.ERROR, place, f"{describe(fault)}; {span}", _ACCEPT))
        else:
            findings.append(Finding("S320", Severity.ERROR, place, describe(fault), "see the first one"))
    return findings


def describe(fault: Fault) -> str:
    """A fault in words: which row, what it says now, what is wrong with it."""
    if fault.row is None:
        return f"row {fault.first} is missing" if fault.first == fault.last else _missing(fault)
    entry = fault.row.entry
    said = entry.value if entry.value is not None else "no value"
    what = f"{shorten(entry.kpi, 64)} {shorten(entry.period, 20)}: {shorten(f'{said}', 30)}"
    return f"row {fault.first} ({what}) {fault.why}" if entry.kind == VALUE else f"row {fault.first} {fault.why}"


def read_members(text: str) -> dict[str, str] | None:
    """The members of a row by dimension; None where the text says none."""
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return None
    is_sound = isinstance(found, dict) and all(isinstance(member, str) for member in found.values())
    return found if is_sound else None


def write_members(members: Mapping[str, str]) -> str:
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")) if members else ""


_DOES_NOT = "does not count"
_ACCEPT = "see 'scorecard verify' and 'log'; 'scorecard verify --accept REASON' lets the sound rows count again"
_RESTORE = "put a copy in its place that is sound; 'scorecard log --json' prints what can be read"


def _missing(fault: Fault) -> str:
    return f"rows {fault.first} to {fault.last} are missing"


def _take(statement: Statement, name: str, intake: Intake) -> None:
    """A plain figure goes straight to the recorder; whatever needs a second look is taken as a row of text."""
    assert statement.row is not None
    entry, value = statement.row.entry, statement.value
    target: Cell | None = statement.target
    place = Place(name, statement.row.id)
    measure = intake.strategy.measure(entry.kpi)
    is_plain = isinstance(value, float) and isfinite(value) and target is None and not entry.members
    if is_plain and measure and _takes_figures(intake.strategy, entry.kpi) and not is_off_scale(measure, value):  # type: ignore[arg-type]
        try:
            intake.recorder.add(entry.kpi, read_period(entry.period), value, None, place)  # type: ignore[arg-type]
            return
        except PeriodError:
            pass  # the intake says so
    members = read_members(entry.members)
    if members is None:
        intake.report("S314", place, "the members of the row cannot be read", "record its value again")
        return
    value, target = "" if value is None else value, "" if target is None else target
    intake.take(Row(entry.kpi, entry.period, value, target, members, lambda _: place))


def _takes_figures(strategy: Strategy, name: str) -> bool:
    measure = strategy.measure(name)
    is_worded = isinstance(measure, Kpi) and bool(measure.levels)
    return measure is not None and measure.formula is None and not is_worded
