"""`scorecard stale`: whose figures are due, overdue or were never measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from scorecard.cli.meeting import TodayOption, read_day
from scorecard.cli.paths import (
    CLEAN,
    FINDINGS,
    ByOption,
    JsonOption,
    PathArgument,
    StrategyOption,
    WhereOption,
    choose_strategy,
    read_scorecards,
    read_where,
    refuse,
)
from scorecard.model.finding import shorten

if TYPE_CHECKING:
    from datetime import date

    from scorecard.analysis.freshness import Figure, Portfolio
    from scorecard.api import Report
    from scorecard.cli.output import Cell

FORMATS = ("text", "markdown", "json")


def stale(
    path: PathArgument = ".",
    owner: Annotated[
        str | None, typer.Option("--owner", metavar="NAME", help="Only this owner; 'nobody' for figures without one.")
    ] = None,
    form: Annotated[
        str, typer.Option("--format", "-f", help="text, markdown (to paste into a mail) or json.")
    ] = "text",
    today: TodayOption = None,
    strategy: StrategyOption = None,
    where: WhereOption = None,
    by: ByOption = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Let what is due or was never measured end with exit code 1 too.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Say per owner which figures are due, overdue or were never measured. Exit code 1 where something is overdue.

    With --by it is said per member of a dimension, such as a store, in place of the owner.
    """
    form = "json" if json else form
    if form not in FORMATS:
        refuse(f"there is no format '{shorten(form)}'", f"write one of {', '.join(FORMATS)}")
    day = read_day(today)
    from scorecard.analysis.freshness import State, group_by_owner

    members = read_where(where)
    report = read_scorecards(path, form == "json")
    if strategy is not None or by is not None or members:
        card = choose_strategy(report, strategy)
        report = replace(report, scorecards={card.strategy.id: card})
    if by is not None or members:
        if owner is not None:
            refuse("members report for all owners", "leave out --owner, or --where and --by")
        portfolios: Sequence[Portfolio] = _find_members(report, members, by, day)
    else:
        from scorecard.analysis.freshness import find_freshness

        cards = report.scorecards.values()
        figures = [one for card in cards for one in find_freshness(card.strategy, card.observations, day)]
        portfolios = _choose(group_by_owner(figures), owner)
    _print(portfolios, report, day, form, by)
    fails = set(State) - {State.FRESH} if strict else {State.OVERDUE}
    raise typer.Exit(FINDINGS if any(f.state in fails for one in portfolios for f in one.figures) else CLEAN)


def _find_members(report: Report, where: Mapping[str, str], by: str | None, day: date) -> Sequence[Portfolio]:
    """What members report, those with the most overdue first; a wrong member ends the command."""
    from scorecard.analysis.freshness import find_by_member
    from scorecard.compute.histories import UnknownMember, list_slices, place_members

    card = next(iter(report.scorecards.values()))
    try:
        parts = list_slices(card.strategy, card.observations, where, by)
    except UnknownMember as error:
        refuse(error.message, error.hint)
    slices = place_members(card.strategy, card.observations, parts)
    assert slices is not None
    return find_by_member(card.strategy, card.observations, slices, day)


def _choose(portfolios: Sequence[Portfolio], owner: str | None) -> Sequence[Portfolio]:
    """The figures of an owner, all unless said; an unknown one ends the command."""
    from scorecard.model.spelling import nearest
    from scorecard.model.strategy import fold_name
    from scorecard.render.freshness_text import NOBODY

    if owner is None:
        return portfolios
    known = {fold_name(one.owner): one for one in portfolios if one.owner is not None}
    for one in portfolios:
        if one.owner is None:
            known.setdefault(NOBODY, one)
    found = known.get(fold_name(owner))
    if found is None and fold_name(owner) == NOBODY:
        return []
    if found is None:
        names = [shorten(one.owner or NOBODY, 30) for one in known.values()]
        near = nearest(fold_name(owner), known)
        there_are = (
            f"there are: {', '.join(names[:12])}{', …' if len(names) > 12 else ''}" if names else "there is none"
        )
        hint = f"did you mean '{shorten(known[near].owner or NOBODY)}'?" if near else there_are
        refuse(f"there is no owner '{shorten(owner)}'", hint)
    return [found]


def _print(portfolios: Sequence[Portfolio], report: Report, day: date, form: str, by: str | None) -> None:
    from scorecard.render.freshness_text import freshness_object, write_markdown

    title = ", ".join(card.strategy.title for card in report.scorecards.values())
    if form == "json":
        from scorecard.cli.output import print_json

        print_json(freshness_object(portfolios, day, "member" if by else "owner"))
    elif form == "markdown":
        print(write_markdown(portfolios, day, title, report.workspace), end="")
    else:
        _print_table(portfolios, report, day, by)


def _print_table(portfolios: Sequence[Portfolio], report: Report, day: date, by: str | None) -> None:
    """What is not up to date, by owner; a workspace says first how each strategy stands."""
    from scorecard.analysis.freshness import State
    from scorecard.cli.output import Cell, Column, make_console, print_line, print_table
    from scorecard.render.freshness_text import NOBODY, write_counts, write_open

    console = make_console()
    figures = [figure for one in portfolios for figure in one.figures]
    for card in report.scorecards.values():
        own = [figure for figure in figures if figure.strategy is card.strategy]
        print_line(console, Cell(f"{card.strategy.title} · {day} · ", "bold"), Cell(write_counts(own)))
    columns = [
        Column(f"{by or 'Owner'} / figure", least=24),
        Column("Strategy", least=12, drop=2),
        Column("State"),
        Column("Missing", least=18, drop=1),
        Column("Since"),
        Column("Last value", drop=3),
        Column("In", least=16, drop=5),
        Column("Source", least=16, drop=4),
        Column("Owned through", least=16, drop=6),
    ]
    rows: list[list[Cell]] = []
    shown = [one for one in portfolios if by is None or one.count(State.FRESH) < len(one.figures)]
    for one in shown:
        latest = "" if one.latest is None else str(one.latest.period)
        state = Cell(write_open(one.figures))
        rows.append(
            [Cell(one.owner or NOBODY, "bold"), Cell(""), state, *[Cell("")] * 2, Cell(latest), *[Cell("")] * 3]
        )
        rows += [_cells(figure, report.workspace) for figure in one.figures if figure.state != State.FRESH]
    if any(figure.state != State.FRESH for figure in figures):
        print_table(console, columns, rows)


def _cells(figure: Figure, named: bool) -> list[Cell]:
    from scorecard.analysis.freshness import State
    from scorecard.cli.output import COLOURS, Cell
    from scorecard.model.status import Status
    from scorecard.render.freshness_text import WORDS, write_missing, write_place, write_through

    status = {State.OVERDUE: Status.RED, State.DUE: Status.AMBER}.get(figure.state, Status.UNKNOWN)
    latest = figure.latest
    return [
        Cell(f"  {figure.measure.title}"),
        Cell(figure.strategy.title if named else ""),
        Cell(f"{status.sign} {WORDS[figure.state]}", COLOURS[status]),
        Cell(write_missing(figure)),
        Cell(str(figure.since or "")),
        Cell(str(latest.period) if latest else ""),
        Cell(write_place(figure)),
        Cell(shorten(" ".join((figure.measure.source or "").split()), 200)),
        Cell(write_through(figure)),
    ]
