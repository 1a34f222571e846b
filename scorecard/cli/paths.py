"""What commands have in common: the path they read, the scorecards in it, exit codes, completion of ids."""

from __future__ import annotations

import difflib
import sys
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from scorecard.model.finding import shorten

if TYPE_CHECKING:
    from scorecard.api import Report, Scorecard
    from scorecard.compute.evaluation import Evaluation

CLEAN, FINDINGS, WRONG_USE, UNREADABLE = 0, 1, 2, 3

PathArgument = Annotated[
    str, typer.Argument(metavar="PATH", help="A strategy file, the folder of a strategy, or a workspace of several.")
]
PeriodOption = Annotated[
    str | None,
    typer.Option("--period", "-p", help="The review period, such as 2026-10; the latest with a value unless said."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def read_scorecards(path: str, json: bool = False) -> Report:
    """The report of a path whose strategies can all be computed; else its errors are printed and the command ends."""
    from scorecard.api import read_report
    from scorecard.cli.findings import print_findings
    from scorecard.model.finding import Severity

    report = read_report(path)
    blocking = [f for f in report.findings if f.severity == Severity.ERROR and not f.code.startswith("S3")]
    if blocking or not report.scorecards:
        print_findings(blocking or list(report.findings), "json" if json else "text")
        raise typer.Exit(UNREADABLE if report.unreadable else FINDINGS)
    data = sum(f.code.startswith("S3") and f.severity != Severity.HINT for f in report.findings)
    if data:
        note(f"{data} finding{'s' if data > 1 else ''} in the data: 'scorecard check {path}' lists them")
    return report


def choose(report: Report, goal: str) -> tuple[Scorecard, str]:
    """The scorecard and the id of a goal given as `goal` or `strategy/goal`."""
    known = [(f"{key}/{name}", name) for key, one in report.scorecards.items() for name in one.strategy.goals]
    found = [full for full, name in known if goal in (full, name)]
    if len(found) == 1:
        key, _, name = found[0].partition("/")
        return report.scorecards[key], name
    if found:
        refuse(f"several strategies have a goal '{shorten(goal)}'", f"write one of {', '.join(found)}")
    names = [pair[0] if "/" in goal else pair[1] for pair in known]
    near = difflib.get_close_matches(goal[:80], names, 1, 0.5)
    there_are = f"there are: {', '.join(names[:12])}{', …' if len(names) > 12 else ''}" if names else "there are no goals"
    return refuse(f"there is no goal '{shorten(goal)}'", f"did you mean '{near[0]}'?" if near else there_are)


def evaluate(scorecard: Scorecard, period: str | None, periods: int = 1) -> Evaluation:
    """The evaluation at a period; a wrong period ends the command."""
    from datetime import date

    from scorecard.compute.values import TooLong

    at = period
    if at is None and scorecard.last_period is None:
        calendar, rhythm = scorecard.strategy.calendar, scorecard.strategy.rhythm
        at = str(calendar.period(rhythm, calendar.holding(rhythm, date.today().toordinal())))
        note(f"there are no values yet: this is {at}")
    try:
        return scorecard.evaluate(at, periods)
    except TooLong as error:
        refuse(str(error), "shorten the look back of the formulas")
    except ValueError as error:
        refuse(str(error), f"write a {scorecard.strategy.period}, such as {scorecard.last_period or '2026-10'}")


def note(text: str) -> None:
    """A remark beside the result, on stderr."""
    print(text, file=sys.stderr)


def refuse(message: str, hint: str) -> NoReturn:
    """End the command over a wrong use."""
    note(f"scorecard: {message}\n  {hint}")
    raise typer.Exit(WRONG_USE)


def complete_goal(ctx: typer.Context, incomplete: str) -> list[str]:
    """Goal ids of the path already typed."""
    return [name for name in goal_ids(str(ctx.params.get("path") or ".")) if name.startswith(incomplete)]


def goal_ids(path: str) -> list[str]:
    """The goals under a path, as far as it can be read; those of a workspace with the strategy before."""
    from scorecard.parser.reader import read_path

    library = read_path(path)
    strategies = [reading.strategy for reading in library.readings if reading.strategy]
    return [f"{one.id}/{name}" if library.workspace else name for one in strategies for name in one.goals]
