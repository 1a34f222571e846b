"""What stands against putting a file on record: closed periods, and what somebody should look at first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import numpy as np

from scorecard.compute.observations import Observations
from scorecard.model.finding import Finding, Place, Severity, shorten
from scorecard.model.period import Period
from scorecard.store.intake import MOST_FINDINGS
from scorecard.store.jumps import find_jumps
from scorecard.store.ledger_chain import VALUE
from scorecard.store.recording import REOPEN, Register
from scorecard.store.series import encode_period, list_distinct
from scorecard.store.statements import Ints, Statements


def find_closed(register: Register, given: Observations, wanted: Statements) -> dict[int, Finding]:
    """The closed periods in which a value lies, as `series.encode_period` numbers them, each at its first value."""
    closings = register.closings
    closed = {period: why for period in given.periods if closings and (why := register.find_closing(period, closings))}
    return {
        encode_period(period): Finding("S323", Severity.ERROR, place, closed[period], REOPEN)
        for period, place in _find_first(given, wanted, list(closed))
    }


def pick_concerned(findings: Sequence[Finding], given: Observations, wanted: Statements) -> list[Finding]:
    """The warnings about values that are to be recorded, and those about whole files."""
    warnings = [finding for finding in findings if finding.severity == Severity.WARNING]
    if not warnings:
        return []
    lines = given.line[wanted.row]
    at = wanted.row[np.isin(lines, [finding.place.line for finding in warnings])]
    there = {
        (given.files[file], line) for file, line in zip(given.file[at].tolist(), given.line[at].tolist(), strict=True)
    }
    return [one for one in warnings if one.place.file not in given.files or one.place[:2] in there]


def find_corrected(register: Register, given: Observations, wanted: Statements, known: Ints) -> list[Finding]:
    """The values that somebody recorded by hand and that the file would replace; `known` says what is on record, or -1."""
    counting = register.recorded.counting
    chosen = np.flatnonzero((known >= 0) & wanted.says)
    chosen = chosen[counting.says[known[chosen]]]
    kpis = [wanted.kpis[code] for code in list_distinct(wanted.kpi[chosen])[0]]
    by_hand = {row.id: row for row in register.ledger.find(VALUE, kpis)} if kpis else {}
    findings: list[Finding] = []
    for number in chosen[np.isin(counting.row[known[chosen]], list(by_hand))][: MOST_FINDINGS + 1].tolist():
        row = by_hand[int(counting.row[known[number]])]
        said = f"{shorten(row.entry.by, 30)} recorded on {row.recorded_at[:10]} (row {row.id})"
        message = f"{row.entry.kpi} {row.entry.period} would replace what {said}"
        place = given.place(int(wanted.row[number]))
        findings.append(
            Finding("S335", Severity.WARNING, place, message, "correct the file where that was a correction")
        )
    return findings


def find_far(given: Observations, wanted: Statements, before: Statements) -> list[Finding]:
    """The values that are far outside the last ones of their own rhythm that counted before."""
    findings: list[Finding] = []
    for row, why in find_jumps(wanted, before):
        place = given.place(int(wanted.row[row]))
        if len(findings) == MOST_FINDINGS:
            message = f"after {MOST_FINDINGS} findings S324 the rest is not listed"
            findings.append(Finding("S317", Severity.WARNING, place, message, "look at those first"))
            break
        what = f"{wanted.kpis[int(wanted.kpi[row])]}: {float(wanted.value[row]):g} is {why}"
        findings.append(Finding("S324", Severity.WARNING, place, what, "look at it once more"))
    return findings


def find_early(register: Register, given: Observations, wanted: Statements, now: datetime) -> list[Finding]:
    """The periods that have not begun, each at its first value."""
    calendar, today = register.strategy.calendar, now.date().toordinal()
    early = [one for one in given.periods if calendar.first_day(one.rhythm, calendar.ordinal(one)) > today + 1]
    return [
        Finding("S329", Severity.WARNING, place, f"{period} has not begun", "look at the period")
        for period, place in _find_first(given, wanted, early)
    ]


def _find_first(given: Observations, wanted: Statements, periods: Sequence[Period]) -> Iterator[tuple[Period, Place]]:
    """Those of some periods that values are to be recorded for, and where the first of these stands."""
    for period in sorted(periods, key=encode_period):
        rows = wanted.row[wanted.period == encode_period(period)]
        if len(rows):
            yield period, given.place(int(rows.min()))
