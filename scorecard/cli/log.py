"""`scorecard log`: who recorded what, and when; for one figure also which file or query it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scorecard.cli.paths import CLEAN, FINDINGS, UNREADABLE, JsonOption, WhereOption, note, read_where, refuse
from scorecard.model.finding import shorten

if TYPE_CHECKING:
    from scorecard.model.strategy import Strategy
    from scorecard.parser.reader import Reading
    from scorecard.store.ledger_chain import Chain
    from scorecard.store.provenance import Provenance


def log(
    target: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH] [KPI]", help="The path, where it is not this folder, and the KPI, unless all."),
    ] = None,
    period: Annotated[
        str | None, typer.Option("--period", "-p", help="Only values of this period, and of those that lie in it.")
    ] = None,
    where: WhereOption = None,
    json: JsonOption = False,
) -> None:
    """Show who recorded what, and when, the newest last; a value that was corrected later stays and says so.

    With a KPI and a period it also says which values come from files.
    """
    from scorecard.cli.log_lines import find_ids, is_of, is_wanted, list_lines
    from scorecard.cli.log_table import print_lines, print_lines_as_json
    from scorecard.store.ledger import Ledger
    from scorecard.store.ledger_errors import StoreError
    from scorecard.store.store_path import find_store

    path, name = _split(target or [])
    members = read_where(where)
    reading = _read_one(path)
    store = find_store(reading.name, reading.folder)
    try:
        chain = Ledger(store).read()
    except StoreError as error:
        note(f"{store.name}: error {error.code} {error.message}\n    {error.hint}")
        raise typer.Exit(FINDINGS) from None
    _note_faults(chain, store.name)
    strategy = reading.strategy
    lines = list_lines(chain, strategy, name, members)
    if members and not lines and strategy:
        _check_members(strategy, members)
    if name is not None and not lines and strategy and not find_ids(strategy, name):
        refuse(f"there is no KPI '{shorten(name)}' here", "'scorecard log' without a KPI shows all that is on record")
    lines = [line for line in lines if is_wanted(line, strategy, period)]
    sources = _find_sources(path, strategy, name, period) if name is not None and period is not None else []
    if members and strategy:
        names = tuple(strategy.dimensions)
        sources = [one for one in sources if is_of(members, dict(zip(names, one.members, strict=False)))]
    if json:
        print_lines_as_json(lines, chain, sources)
    else:
        print_lines(lines, chain, sources, strategy)
    raise typer.Exit(FINDINGS if chain.unaccepted or chain.damage else CLEAN)


def _split(target: Sequence[str]) -> tuple[str, str | None]:
    if len(target) > 2:
        refuse("one path and one KPI are expected", "write 'scorecard log PATH KPI'")
    if len(target) == 2:
        return target[0], target[1]
    if target and not Path(target[0]).exists():
        return ".", target[0]
    return (target[0] if target else "."), None


def _check_members(strategy: Strategy, members: Mapping[str, str]) -> None:
    """A dimension or member that the strategy does not have ends the command."""
    from scorecard.compute.histories import UnknownMember, find_dimension, find_member

    try:
        for name, member in members.items():
            find_member(strategy, find_dimension(strategy, name), member)
    except UnknownMember as error:
        refuse(error.message, error.hint)


def _read_one(path: str) -> Reading:
    """The one strategy at a path, however faulty its text is."""
    from scorecard.cli.findings import print_findings
    from scorecard.parser.reader import read_path

    library = read_path(path)
    if not library.readings:
        print_findings(library.findings, "text")
        raise typer.Exit(UNREADABLE)
    if len(library.readings) > 1:
        paths = ", ".join(reading.name for reading in library.readings)
        refuse("this is a workspace of several strategies", f"name the path of one: {shorten(paths, 200)}")
    return library.readings[0]


def _find_sources(path: str, strategy: Strategy | None, name: str, period: str) -> list[Provenance]:
    """The values in files, databases and the strategy, where it can be computed."""
    from scorecard.api import read_report
    from scorecard.cli.log_lines import find_ids
    from scorecard.cli.paths import limits
    from scorecard.model.period import PeriodError, read_period
    from scorecard.store.provenance import find_provenance

    kpi = next((one for one in find_ids(strategy, name) if strategy.measure(one)), None) if strategy else None
    cards = list(read_report(path, limits=limits()).scorecards.values()) if kpi else []
    try:
        asked = read_period(period)
    except PeriodError as error:
        refuse(f"'{shorten(period)}' {error}", "write one such as 2026-10")
    return [one for card in cards for one in find_provenance(card, kpi or "", asked) if one.row is None]


def _note_faults(chain: Chain, name: str) -> None:
    from scorecard.model.finding import Severity
    from scorecard.store.ledger_faults import find_store_faults

    for finding in find_store_faults(chain, name):
        if finding.severity == Severity.ERROR:
            note(f"{name}: error {finding.code} {finding.message}\n    {finding.hint}")
