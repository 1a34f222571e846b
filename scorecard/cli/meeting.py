"""What commands about the review meeting have in common: the day it is held, and what was decided before it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from scorecard.cli.paths import note, refuse
from scorecard.model.finding import shorten
from scorecard.model.period import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from scorecard.api import Scorecard
    from scorecard.compute.evaluation import Evaluation

TodayOption = Annotated[
    str | None, typer.Option("--today", metavar="DATE", help="As it is on that day, such as 2026-11-30.")
]


def read_decided(scorecard: Scorecard, evaluation: Evaluation) -> list[str]:
    """The open decisions of the reviews of these members before; where one cannot be read, that is said and all left out."""
    from scorecard.parser.replacement import Refused
    from scorecard.parser.reviews import find_folder, list_earlier, name_part

    part = name_part(evaluation.strategy, evaluation.members)
    try:
        earlier = list_earlier(find_folder(scorecard.name, scorecard.folder), evaluation.period, part)
    except Refused as refused:
        note(f"{refused.place}: {refused.message}; {refused.hint}")
        return []
    return [
        ", ".join([one.text, *([one.owner] if one.owner else []), *([f"due {one.due}"] if one.due else [])])
        for file in earlier
        for _, one in file.review.open_decisions
    ]


def read_minutes(scorecard: Scorecard, evaluation: Evaluation) -> list[tuple[str, list[str]]]:
    """What the review itself noted and decided, headlines with their lines; where it cannot be read, that is said and all
    left out."""
    from scorecard.parser.replacement import Refused
    from scorecard.parser.review_words import list_minutes
    from scorecard.parser.reviews import find_folder, name_part, open_review

    folder, part = find_folder(scorecard.name, scorecard.folder), name_part(evaluation.strategy, evaluation.members)
    try:
        return list_minutes(open_review(folder, evaluation.period, part).review)
    except Refused as refused:
        note(f"{refused.place}: {refused.message}; {refused.hint}")
        return []


def read_day(text: str | None) -> date:
    """The day asked for, today unless said; a wrong one ends the command."""
    try:
        day = date.today() if text is None else date.fromisoformat(text)
    except ValueError:
        refuse(f"'{shorten(text)}' is no day", "write one such as 2026-11-30")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        refuse(f"'{shorten(text)}' lies outside the years {FIRST_YEAR} to {LAST_YEAR}", "write one such as 2026-11-30")
    return day
