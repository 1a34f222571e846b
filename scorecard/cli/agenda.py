"""`scorecard agenda`: what a review meeting should speak about, as Markdown to paste into the invitation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from scorecard.cli.meeting import TodayOption, read_day, read_decided
from scorecard.cli.paths import (
    PathArgument,
    PeriodOption,
    StrategyOption,
    WhereOption,
    choose_strategy,
    evaluate,
    note,
    read_scorecards,
    read_where,
)
from scorecard.model.finding import shorten

if TYPE_CHECKING:
    from scorecard.api import Report, Scorecard


def agenda(
    path: PathArgument = ".",
    period: PeriodOption = None,
    today: TodayOption = None,
    strategy: StrategyOption = None,
    where: WhereOption = None,
) -> None:
    """Print the agenda of the review meeting as Markdown, of some members with --where.

    The map in a line, what changed colour since the period before, warnings, where most is lost, overdue initiatives,
    missing data by owner, one win; first what is open from the last review.
    """
    day, members = read_day(today), read_where(where)
    from scorecard.analysis.agenda import make_agenda
    from scorecard.render.agenda_words import write_agenda

    pages = []
    for scorecard in _choose(read_scorecards(path), strategy, members):
        evaluation = evaluate(scorecard, period, 2, members)
        made = make_agenda(evaluation, scorecard.observations, day.toordinal())
        pages.append(write_agenda(evaluation, made, read_decided(scorecard, evaluation)))
    print("\n".join(pages), end="")


def _choose(report: Report, strategy: str | None, members: Mapping[str, str]) -> list[Scorecard]:
    """The strategy asked for, else all that have the dimensions of these members; the first where none has."""
    if strategy is not None:
        return [choose_strategy(report, strategy)]
    from scorecard.compute.histories import has_dimensions

    cards = list(report.scorecards.values())
    found = [one for one in cards if has_dimensions(one.strategy, members)]
    if found and len(found) < len(cards):
        note(f"{len(cards) - len(found)} of {len(cards)} strategies have no dimension '{shorten(next(iter(members)))}'")
    return found or cards[:1]
