"""What is wrong with a store, in words: rows that are not as they were recorded, and those left out for good."""

from __future__ import annotations

from collections.abc import Mapping

from scorecard.model.finding import Finding, Place, Severity, shorten
from scorecard.store.ledger_chain import IMPORT, VALUE, Chain, Fault

_DOES_NOT = "does not count"
_ACCEPT = "see 'scorecard verify' and 'log'; 'scorecard verify --accept REASON' lets the sound rows count again"
_RESTORE = "put a copy in its place that is sound; 'scorecard log --json' prints what can be read"


def find_store_faults(chain: Chain, name: str) -> list[Finding]:
    """A finding for each fault of a chain: an error where rows wait to be accepted, a warning where they were."""
    last = chain.rows[-1].id if chain.rows else 0
    damage = f"the file is damaged behind row {last}, so later rows do not count"
    findings = warn_of_left_out(list_left_out(chain), name)
    for fault in chain.unaccepted:
        message, hint = describe(fault), "see the first one"
        if fault is chain.unaccepted[0]:
            end = max(chain.head.rows, last)
            span = f"rows {fault.first} to {end} do not count" if end > fault.first else f"it {_DOES_NOT}"
            message, hint = f"{message}; {span}", _ACCEPT
        findings.append(Finding("S320", Severity.ERROR, Place(name, fault.first), message, hint))
    torn = [Finding("S322", Severity.ERROR, Place(name, max(last, 1)), damage, _RESTORE)] if chain.damage else []
    return [*torn, *sorted(findings, key=lambda finding: finding.place.line)]


def list_left_out(chain: Chain) -> dict[int, str]:
    """The first row of each fault that somebody accepted, with what is wrong and who did so."""
    return {
        fault.first: f"{describe(fault)} and {_DOES_NOT}; {shorten(row.entry.by, 30)} on {row.recorded_at[:10]} "
        "accepted the others"
        for fault, row in chain.accepted.items()
    }


def warn_of_left_out(left_out: Mapping[int, str], name: str) -> list[Finding]:
    """A warning for each row that was left out."""
    return [
        Finding("S321", Severity.WARNING, Place(name, row), why, "record its value again")
        for row, why in left_out.items()
    ]


def describe(fault: Fault) -> str:
    """A fault in words: which row, what it says now, what is wrong with it."""
    if fault.row is None:
        return f"row {fault.first} is missing" if fault.first == fault.last else _missing(fault)
    entry = fault.row.entry
    if entry.kind == IMPORT:
        return f"row {fault.first} (the import of {shorten(entry.kpi, 64)}) {fault.why}"
    said = "no value" if entry.value is None or isinstance(entry.value, bytes) else entry.value
    what = f"{shorten(entry.kpi, 64)} {shorten(entry.period, 20)}: {shorten(f'{said}', 30)}"
    return f"row {fault.first} ({what}) {fault.why}" if entry.kind == VALUE else f"row {fault.first} {fault.why}"


def _missing(fault: Fault) -> str:
    return f"rows {fault.first} to {fault.last} are missing"
