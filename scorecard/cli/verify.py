"""`scorecard verify`: whether every row on record is as it was recorded."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scorecard.cli.paths import CLEAN, FINDINGS, UNREADABLE, JsonOption, PathArgument, refuse
from scorecard.cli.record import ByOption, find_name, open_register, refusing
from scorecard.model.finding import shorten

if TYPE_CHECKING:
    from scorecard.model.finding import Finding
    from scorecard.parser.reader import Reading
    from scorecard.store.ledger_chain import Chain


_DIFFERS = "the packed copy does not say what the rows on record say; it is not used, and made anew"


def verify(
    path: PathArgument = ".",
    head: Annotated[
        str | None,
        typer.Option("--head", metavar="HASH", help="A head that was noted earlier: is it still in the chain?"),
    ] = None,
    accept: Annotated[
        str | None,
        typer.Option("--accept", metavar="REASON", help="Let the sound rows behind a fault count again."),
    ] = None,
    by: ByOption = None,
    json: JsonOption = False,
) -> None:
    """Check the chain of hashes of what is on record, and name the first row that is not as it was recorded.

    Note the head it prints somewhere else: with --head it proves later that nothing before it was rewritten. A packed copy
    that does not say what the rows say is made anew.
    """
    if accept is not None:
        _accept(path, accept, by, json)
        return
    from scorecard.cli.findings import print_findings
    from scorecard.parser.reader import read_path

    library = read_path(path)
    if not library.readings:
        print_findings(library.findings, "json" if json else "text")
        raise typer.Exit(UNREADABLE)
    if head is not None and len(library.readings) > 1:
        refuse("this is a workspace of several strategies", "name the path of one with --head")
    results = [_verify_one(reading, head) for reading in library.readings]
    if json:
        from scorecard.cli.output import print_json

        print_json({"stores": [one for one, _ in results], "version": 1})
    else:
        for one, findings in results:
            _print(one, findings)
    raise typer.Exit(CLEAN if all(one["whole"] for one, _ in results) else FINDINGS)


def _accept(path: str, reason: str, by: str | None, json: bool) -> None:
    name = by if by is not None else find_name()
    with refusing(json):
        _, register = open_register(path, json)
        row = register.accept(datetime.now(UTC), name, reason)
    if json:
        from scorecard.cli.output import print_json

        print_json({"row": None if row is None else row.id, "left_out": None if row is None else row.entry.value})
    elif row is None:
        print("there is nothing to accept: every row is as it was recorded")
    else:
        print(f"row {row.id}: accepted by {shorten(name)}; rows {row.entry.value!s} stay out, the others count again")


def _verify_one(reading: Reading, head: str | None) -> tuple[dict[str, Any], list[Finding]]:
    """One store as JSON prints it, and what is wrong with it."""
    from scorecard.cli.findings import findings_object
    from scorecard.model.finding import Finding, Place, Severity
    from scorecard.store.ledger import Ledger
    from scorecard.store.ledger_chain import Chain
    from scorecard.store.ledger_errors import StoreError
    from scorecard.store.ledger_faults import find_store_faults
    from scorecard.store.packed_copy import find_copy
    from scorecard.store.recorded import compare_copy
    from scorecard.store.store_path import find_store

    store = find_store(reading.name, reading.folder)
    name = store.name if len(store.parts) < 2 else f"{store.parent.name}/{store.name}"
    try:
        ledger = Ledger(store)
        chain = ledger.read()
        findings = find_store_faults(chain, name)
        if compare_copy(ledger, chain, reading.strategy) is False:
            place = Place(str(find_copy(Path(name))))
            findings.append(Finding("S334", Severity.WARNING, place, _DIFFERS, "look at the drive it lies on"))
    except StoreError as error:
        chain = Chain()
        findings = [Finding(error.code, Severity.ERROR, Place(name), error.message, error.hint)]
    if head is not None and not _holds(chain, head):
        message = f"no row has the hash {shorten(head, 20)}, so what was recorded up to it was rewritten or lost"
        findings.append(Finding("S320", Severity.ERROR, Place(name), message, "compare with a copy from that time"))
    return {
        "strategy": reading.strategy.id if reading.strategy else None,
        "store": name,
        "rows": len(chain.rows),
        "counting": len(chain.counting),
        "from": chain.rows[0].recorded_at if chain.rows else None,
        "to": chain.rows[-1].recorded_at if chain.rows else None,
        "head": chain.head.hash.hex() if chain.rows else None,
        "whole": not any(finding.severity == Severity.ERROR for finding in findings),
        "findings": findings_object(findings)["findings"],
    }, findings


def _holds(chain: Chain, head: str) -> bool:
    """Whether a row that counts has this hash."""
    return any(row.hash.hex() == head.strip().lower() for row in chain.counting)


def _print(one: dict[str, Any], findings: list[Finding]) -> None:
    from scorecard.cli.findings import write_text

    if findings:
        print(write_text(findings))
    if not one["rows"]:
        if not findings:
            print(f"{one['store']}: nothing is on record")
        return
    span = f"{one['from'][:10]} to {one['to'][:10]}"
    count = f"{one['rows']:,} rows" if one["rows"] > 1 else "1 row"
    state = "every one as it was recorded" if one["counting"] == one["rows"] else f"{one['counting']:,} of them count"
    print(f"{one['store']}: {count}, {span}; {state}\nhead {one['head']}")
