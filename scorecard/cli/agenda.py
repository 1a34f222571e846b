"""`scorecard agenda`: what a review meeting should speak about, as Markdown to paste into the invitation."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from scorecard.cli.paths import PathArgument, PeriodOption, evaluate, note, read_scorecards, refuse
from scorecard.model.finding import shorten
from scorecard.model.period import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from scorecard.api import Scorecard
    from scorecard.model.period import Period


def agenda(
    path: PathArgument = ".",
    period: PeriodOption = None,
    today: Annotated[
        str | None, typer.Option("--today", metavar="DATE", help="As it is on that day, such as 2026-11-30.")
    ] = None,
) -> None:
    """Print the agenda of the review meeting as Markdown.

    The map in a line, what changed colour since the period before, warnings, where most is lost, overdue initiatives,
    missing data by owner, one win; first what is open from the last review.
    """
    day = _read_day(today)
    from scorecard.analysis.agenda import make_agenda
    from scorecard.render.agenda_words import write_agenda

    pages = []
    for scorecard in read_scorecards(path).scorecards.values():
        evaluation = evaluate(scorecard, period, 2)
        made = make_agenda(evaluation, scorecard.observations, day.toordinal())
        pages.append(write_agenda(evaluation, made, _read_decided(scorecard, evaluation.period)))
    print("\n".join(pages), end="")


def _read_decided(scorecard: Scorecard, period: Period) -> list[str]:
    """The open decisions of the review before this period; a file that cannot be read is said and left out."""
    from scorecard.parser.replacement import Refused
    from scorecard.parser.reviews import find_folder, open_earlier

    try:
        earlier = open_earlier(find_folder(scorecard.name, scorecard.folder), period)
    except Refused as refused:
        note(f"{refused.place}: {refused.message}; {refused.hint}")
        return []
    decided = earlier.review.open_decisions if earlier else ()
    return [
        ", ".join([one.text, *([one.owner] if one.owner else []), *([f"due {one.due}"] if one.due else [])])
        for _, one in decided
    ]


def _read_day(text: str | None) -> date:
    """The day asked for, today unless said; a wrong one ends the command."""
    try:
        day = date.today() if text is None else date.fromisoformat(text)
    except ValueError:
        refuse(f"'{shorten(text)}' is no day", "write one such as 2026-11-30")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        refuse(f"'{shorten(text)}' lies outside the years {FIRST_YEAR} to {LAST_YEAR}", "write one such as 2026-11-30")
    return day
