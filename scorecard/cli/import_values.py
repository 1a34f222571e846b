"""`scorecard import`: whole files put on record in somebody's name, all of them or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scorecard.cli.paths import CLEAN, FINDINGS, JsonOption, note, refuse
from scorecard.cli.record import (
    ByOption,
    NoteOption,
    ask,
    find_name,
    open_register,
    place_name,
    refusing,
    store_name,
    warn_at_first_write,
    write_sentence,
)
from scorecard.cli.words import counted
from scorecard.model.finding import shorten

if TYPE_CHECKING:
    from scorecard.api import Scorecard
    from scorecard.compute.observations import Observations
    from scorecard.model.finding import Finding
    from scorecard.store.importing import Change, Plan
    from scorecard.store.ledger_chain import Row
    from scorecard.store.recording import Register

_TRIES = 20  # while others record values of the same KPIs


class Decimal(StrEnum):
    POINT = "point"
    COMMA = "comma"


def import_values(
    target: Annotated[
        list[str],
        typer.Argument(
            metavar="[PATH] FILE...", help="The path, where it is not this folder, and CSV, TSV, XLSX or Parquet files."
        ),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    decimal: Annotated[
        Decimal | None, typer.Option("--decimal", help="The decimal sign of numbers that are texts.")
    ] = None,
    text: NoteOption = "",
    by: ByOption = None,
    reopen: Annotated[str, typer.Option("--reopen", metavar="REASON", help="Why a closed period has to change.")] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Record what looks odd without asking.")] = False,
    json: JsonOption = False,
) -> None:
    """Put the values of files on record in the strategy's own store: all of them, or none where one is faulty.

    Values that are on record as they are stay as they are, so the same file twice changes nothing.
    """
    path, files = _split(target)
    said = {"by": by if by is not None else find_name(), "note": text, "reopen": reopen}
    with refusing(json):
        card, register = open_register(path, json)
        rows, findings = _read(card, files, decimal or "", json)
        plan, done = _import(card, register, rows, findings, said, dry_run, yes, json)
    if json:
        from scorecard.cli.output import print_json

        print_json(_object(card, plan, done))
    elif done:
        span = f"row {done[0].id}" if len(done) == 1 else f"rows {done[0].id} to {done[-1].id}"
        kpis = len({row.entry.kpi for row in done})
        what = f"{counted(plan.count, 'value')} of {counted(kpis, 'KPI')}"
        print(f"recorded by {shorten(said['by'])} in {shorten(store_name(card), 200)}: {what}, {span}")
    raise typer.Exit(CLEAN)


def _split(target: Sequence[str]) -> tuple[str, list[str]]:
    """The path and the files; the first word is the path unless it is a data file."""
    from scorecard.store.sources import SOURCES

    is_file = Path(target[0]).suffix.lower() in SOURCES and not Path(target[0]).is_dir()
    path, files = (".", target) if is_file else (target[0], target[1:])
    if not files:
        refuse("nothing is said of what to import", "write such as 'scorecard import . figures.xlsx'")
    return path, list(files)


def _read(card: Scorecard, files: Sequence[str], decimal: str, json: bool) -> tuple[Observations, list[Finding]]:
    """The values of the files; with an error in them the command ends, and everything that was found is printed."""
    from scorecard.cli.findings import print_findings
    from scorecard.model.finding import Severity
    from scorecard.store.importing import read_import

    rows, findings = read_import(card.strategy, [(Path(one), shorten(one, 200)) for one in files], decimal)
    errors = sum(finding.severity == Severity.ERROR for finding in findings)
    if errors or not len(rows):
        print_findings(sorted(findings, key=lambda finding: finding.order), "json" if json else "text")
        if not json:
            note("nothing was imported: " + (counted(errors, "error") if errors else "there are no values"))
        raise typer.Exit(FINDINGS)
    return rows, findings


def _import(
    card: Scorecard,
    register: Register,
    rows: Observations,
    findings: Sequence[Finding],
    said: dict[str, str],
    dry_run: bool,
    yes: bool,
    json: bool,
) -> tuple[Plan, tuple[Row, ...]]:
    """Plan and commit, once more where others were faster; nobody is asked twice."""
    from scorecard.store.importing import Overtaken, commit_import, plan_import
    from scorecard.store.ledger_errors import StoreError
    from scorecard.store.recording import Register

    for number in range(_TRIES):
        plan = plan_import(register, rows, findings, datetime.now(UTC), **said)
        if not json and not number:
            _print(card, plan)
        if dry_run or not plan.count:
            for question in plan.questions if not json else ():
                note(write_sentence(question))
            return plan, ()
        if plan.questions and not yes and not number:
            ask(plan.questions, json)
        warn_at_first_write(register)
        try:
            return plan, commit_import(register, plan, datetime.now(UTC))
        except Overtaken:
            register = Register(card.strategy, register.ledger, card.observations)
    raise StoreError("S327", "others keep recording values of these KPIs, so nothing was imported", "try again")


def _print(card: Scorecard, plan: Plan) -> None:
    """What is new and what changes, as a summary and a table."""
    if not plan.count:
        print(f"nothing new: {_on_record(plan.unchanged)}")
        return
    parts = [f"{plan.new:,} new", f"{plan.changed:,} changed"]
    if plan.adopted:
        parts.append(f"{plan.adopted:,} as in another source")
    print(f"{counted(plan.count, 'value')}: {', '.join(parts)}; {_on_record(plan.unchanged)}")
    from scorecard.cli.output import Cell, Column, make_console, print_table

    table = [
        Column("KPI", least=16),
        Column("Period"),
        Column("Before", right=True),
        Column("Now", right=True),
        Column("Before from", least=12, drop=2),
        Column("From", least=12, drop=1),
    ]
    lines = [[Cell(shorten(text, 200)) for text in _line(card, change)] for change in plan.changes]
    if lines:
        print_table(make_console(), table, lines)
    if rest := plan.new + plan.changed - len(plan.changes):
        print(f"and {rest:,} more")


def _on_record(count: int) -> str:
    return (
        f"{count:,} {'value is' if count == 1 else 'values are'} on record as {'it is' if count == 1 else 'they are'}"
    )


def _line(card: Scorecard, change: Change) -> tuple[str, ...]:
    from scorecard.render.words import quantity

    measure = card.strategy.measure(change.kpi)
    title, unit = (measure.title, measure.unit or "") if measure else (change.kpi, "")
    name = f"{title} {', '.join(change.members)}".strip()
    old, where = (
        ("", "") if change.before is None else (quantity(change.before.value, unit), place_name(card, change.before))
    )
    new = f"target {quantity(change.target, unit)}" if change.value is None else quantity(change.value, unit)
    return name, str(change.period), old, new, where, f"{change.place.file}:{change.place.line}"


def _object(card: Scorecard, plan: Plan, done: Sequence[Row]) -> dict[str, Any]:
    from scorecard.cli.findings import findings_object

    changes = [
        {
            "kpi": one.kpi,
            "period": str(one.period),
            "members": list(one.members),
            "before": None if one.before is None else one.before.value,
            "before_from": None if one.before is None else str(one.before.place),
            "value": one.value,
            "target": one.target,
            "from": str(one.place),
        }
        for one in plan.changes
    ]
    return {
        "store": store_name(card),
        "new": plan.new,
        "changed": plan.changed,
        "adopted": plan.adopted,
        "unchanged": plan.unchanged,
        "changes": changes,
        "questions": findings_object(plan.questions)["findings"],
        "rows": [row.id for row in done],
        "version": 1,
    }
