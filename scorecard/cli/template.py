"""`scorecard template -o sheet.xlsx`: the sheet that owners of KPIs fill in, and `scorecard import` reads back."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from scorecard.cli.files import write_file
from scorecard.cli.paths import (
    WRONG_USE,
    PathArgument,
    StrategyOption,
    choose_strategy,
    evaluate,
    note,
    read_scorecards,
    refuse,
)
from scorecard.cli.words import counted
from scorecard.model.finding import shorten

if TYPE_CHECKING:
    from scorecard.api import Scorecard
    from scorecard.render.owner_sheet import OwnerSheet

_ENDING = ".xlsx"


def template(
    path: PathArgument = ".",
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="The book to write, such as sheet.xlsx.")
    ] = None,
    period: Annotated[
        str | None, typer.Option("--period", "-p", help="The review period; the one that is due unless said.")
    ] = None,
    owner: Annotated[
        str | None, typer.Option("--owner", metavar="NAME", help="Only the figures of this owner.")
    ] = None,
    by_owner: Annotated[bool, typer.Option("--by-owner", help="A tab for each owner.")] = False,
    strategy: StrategyOption = None,
) -> None:
    """Write the sheet in which the owners of KPIs fill in their figures; 'scorecard import' reads it back."""
    from scorecard.render.graphviz import MissingTool
    from scorecard.render.owner_book import write_book

    if output is None or not output.lower().endswith(_ENDING):
        refuse("nothing is said of the book to write", f"add such as '-o sheet{_ENDING}'")
    if owner is not None and by_owner:
        refuse("one owner and all owners are asked for", "leave out --owner or --by-owner")
    _keep_filled(output)
    card = choose_strategy(read_scorecards(path), strategy)
    sheets = _build(card, period, owner, by_owner)
    try:
        book = write_book(sheets)
    except MissingTool as error:
        note(f"scorecard: {error}")
        raise typer.Exit(WRONG_USE) from None
    write_file(output, book)
    _tell(sheets)


def _build(card: Scorecard, period: str | None, owner: str | None, by_owner: bool) -> list[OwnerSheet]:
    """The sheets that hold something to fill in; none ends the command."""
    from scorecard.model.strategy import fold_name
    from scorecard.render.owner_sheet import build_sheets, find_owners

    evaluation = evaluate(card, period or _find_due(card, owner))
    owners: dict[str, str] = {}
    for one in find_owners(evaluation, card.observations).values():
        owners.setdefault(fold_name(one), one)
    if owner is not None:
        owner = _find_owner(owner, owners)
    sheets = build_sheets(evaluation, card.observations, owners.values() if by_owner else [owner])
    if not (filled := [sheet for sheet in sheets if sheet.entries]):
        refuse(f"nothing is to be filled in for {evaluation.period}", "no figure that is recorded is due then")
    return filled


def _find_due(card: Scorecard, owner: str | None) -> str:
    """The review period to ask for: that after the latest with a value.

    While it still runs, the latest one is asked for again where a figure of it is awaited. Without values, the latest
    that has ended.
    """
    from scorecard.render.owner_sheet import build_sheets

    calendar, rhythm = card.strategy.calendar, card.strategy.rhythm
    ended = calendar.ended(rhythm, date.today().toordinal() - 1)  # a day that is not over may still change its period
    if card.last_period is None:
        return str(calendar.period(rhythm, ended))
    latest = calendar.ordinal(card.last_period)
    if latest >= ended:
        [sheet] = build_sheets(evaluate(card, str(card.last_period)), card.observations, [owner])
        if sheet.awaits:
            return str(card.last_period)
    return str(calendar.period(rhythm, latest + 1))


def _find_owner(name: str, owners: Mapping[str, str]) -> str:
    """The owner called so, case and spaces ignored, of those by name as it is compared; nobody ends the command."""
    from scorecard.model.spelling import nearest
    from scorecard.model.strategy import fold_name

    known = {folded: one for folded, one in owners.items() if one}
    if found := known.get(fold_name(name)):
        return found
    near = nearest(fold_name(name), known)
    there_are = f"there are: {shorten(', '.join(known.values()), 200)}" if known else "no KPI has one"
    hint = f"did you mean '{shorten(known[near])}'?" if near else there_are
    return refuse(f"nobody called '{shorten(name)}' answers for a figure", hint)


def _keep_filled(target: str) -> None:
    """End the command where the file there is not a sheet as this command left it."""
    from scorecard.render.book import is_untouched

    if not os.path.lexists(target):
        return
    is_ours = False
    if os.path.isfile(target):
        with suppress(OSError), open(target, "rb") as file:
            is_ours = is_untouched(file)
    if not is_ours:
        message = f"'{shorten(target)}' is there already, and somebody may have filled it in"
        refuse(message, "name another file, or delete that one first")


def _tell(sheets: list[OwnerSheet]) -> None:
    """What the book asks for."""
    entries = [entry for sheet in sheets for entry in sheet.entries]
    owners = len({entry.owner for entry in entries if entry.owner})
    whom = f" of {counted(owners, 'owner')}" if owners else ""
    note(f"it asks for {counted(len(entries), 'figure')}{whom} for {sheets[0].period}")
    if left_out := sum(sheet.left_out for sheet in sheets):
        note(f"{left_out:,} more have no room in it: ask one owner at a time with --owner")
