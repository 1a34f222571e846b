"""What commands have in common: the path they read, the scorecards in it, exit codes, completion of ids."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn, TypeAlias, TypeVar

import typer

from scorecard.cli.progress import working
from scorecard.model.finding import shorten

if TYPE_CHECKING:
    from datetime import date

    from scorecard.api import Report, Scorecard
    from scorecard.compute.evaluation import Evaluation
    from scorecard.compute.sliced import Sliced
    from scorecard.model.limits import Limits
    from scorecard.model.period import Period
    from scorecard.model.strategy import Strategy

T = TypeVar("T")
Kind: TypeAlias = Literal["goal", "kpi"]
CLEAN, FINDINGS, WRONG_USE, UNREADABLE = 0, 1, 2, 3
_STORE = ("S320", "S322")  # rows that are not as they were recorded, a store that cannot be read

PathArgument = Annotated[
    str, typer.Argument(metavar="PATH", help="A strategy file, the folder of a strategy, or a workspace of several.")
]
OptionalPathArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="PATH",
        help="As everywhere; where none is said and this folder holds no strategy, the one opened last.",
        show_default=False,
    ),
]
PeriodOption = Annotated[
    str | None,
    typer.Option("--period", "-p", help="The review period, such as 2026-10; the latest with a value unless said."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="What the store knew at the end of that day (UTC), such as 2026-10-31."
    ),
]
StrategyOption = Annotated[
    str | None, typer.Option("--strategy", "-s", metavar="ID", help="Which strategy of a workspace.")
]
WhereOption = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="DIMENSION=MEMBER", help="Only the values of this member, such as region=north."),
]
ByOption = Annotated[
    str | None, typer.Option("--by", metavar="DIMENSION", help="Once for every member of a dimension, such as store.")
]
CompareOption = Annotated[
    str | None,
    typer.Option(
        "--compare", metavar="PERIOD", help="Compare with 'previous', 'last-year' or a period such as 2026-07."
    ),
]


def read_scorecards(path: str, json: bool = False, as_of: str | None = None) -> Report:
    """The report of a path whose strategies can all be computed; else its errors are printed and the command ends.

    What is wrong with a store is printed beside the result, whatever the form: a number may be an old one then.
    """
    from scorecard.api import read_report
    from scorecard.cli.findings import print_findings, write_text
    from scorecard.model.finding import Severity

    most, day = limits(), _read_day(as_of)
    with working("reading") as hear:
        report = read_report(path, limits=most, as_of=day, hear=hear)
    blocking = [f for f in report.findings if f.severity == Severity.ERROR and not f.code.startswith("S3")]
    if blocking or not report.scorecards:
        print_findings(blocking or list(report.findings), "json" if json else "text")
        raise typer.Exit(UNREADABLE if report.unreadable else FINDINGS)
    if as_of is not None:
        note(f"as the store knew it on {as_of}; values in files carry no such date and count as they are today")
    if store := [f for f in report.findings if f.code in _STORE and f.severity == Severity.ERROR]:
        note(write_text(store))
    data = sum(f.code.startswith("S3") and f.severity != Severity.HINT for f in report.findings)
    if data:
        note(f"{data} finding{'s' if data > 1 else ''} in the data: 'scorecard check {path}' lists them")
    return report


def _read_day(text: str | None) -> date | None:
    from datetime import date

    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        refuse(f"'{shorten(text)}' is no day", "write one such as 2026-10-31")


def choose(report: Report, name: str, kind: Kind = "goal") -> tuple[Scorecard, str]:
    """The scorecard and the id of a goal or KPI given as `id` or `strategy/id`."""
    known = [(f"{key}/{one}", one) for key, card in report.scorecards.items() for one in _ids(card.strategy, kind)]
    found = [full for full, one in known if name in (full, one)]
    if len(found) == 1:
        key, _, one = found[0].partition("/")
        return report.scorecards[key], one
    word = "KPI" if kind == "kpi" else kind
    if found:
        refuse(f"several strategies have a {word} '{shorten(name)}'", f"write one of {', '.join(found)}")
    names = [full if "/" in name else one for full, one in known]
    near = difflib.get_close_matches(name[:80], names, 1, 0.5)
    there_are = f"there are: {', '.join(names[:12])}{', …' if len(names) > 12 else ''}" if names else "there is none"
    return refuse(f"there is no {word} '{shorten(name)}'", f"did you mean '{near[0]}'?" if near else there_are)


def choose_strategy(report: Report, name: str | None) -> Scorecard:
    """The one strategy that a path holds, or the one asked for."""
    if name is None and len(report.scorecards) > 1:
        known = ", ".join(report.scorecards)
        refuse("this is a workspace of several strategies", f"choose one with --strategy: {shorten(known, 200)}")
    if name is not None and name not in report.scorecards:
        known = shorten(", ".join(report.scorecards), 200)
        refuse(f"there is no strategy '{shorten(name)}' here", f"there are: {known}")
    return report.scorecards[name] if name else next(iter(report.scorecards.values()))


def read_where(words: list[str] | None) -> dict[str, str]:
    """Members by dimension, as `--where` says them."""
    where: dict[str, str] = {}
    for word in words or ():
        name, sign, member = (part.strip() for part in word.partition("="))
        if not sign or not name or not member:
            refuse(f"'{shorten(word)}' says no member", "write it such as --where region=north")
        if name in where:
            refuse(f"two members of '{shorten(name)}' are asked for", "name one, or show all with --by")
        where[name] = member
    return where


def evaluate(
    scorecard: Scorecard, period: str | None, periods: int = 1, where: Mapping[str, str] | None = None
) -> Evaluation:
    """The evaluation at a period, of the whole or of some members; a wrong period or member ends the command."""
    return _evaluate(scorecard, period, lambda at: scorecard.evaluate(at, periods, where))


def evaluate_compared(
    scorecard: Scorecard,
    period: str | None,
    compare: str | None,
    periods: int = 1,
    where: Mapping[str, str] | None = None,
) -> tuple[Evaluation, Period | None]:
    """The same with the period in its span that `--compare` asks for, and that period; None where it asks for none."""

    def run(at: str | None) -> tuple[Evaluation, Period | None]:
        now = scorecard.last_period if at is None else scorecard.read_period(at)
        assert now, "without values a period is named"
        if compare is None:
            return scorecard.evaluate(now, periods, where), None
        before, calendar = read_compare(scorecard, now, compare), scorecard.strategy.calendar
        span = calendar.ordinal(now) - calendar.ordinal(before) + 1
        return scorecard.evaluate(now, max(periods, span), where), before

    return _evaluate(scorecard, period, run)


def read_compare(scorecard: Scorecard, now: Period, text: str) -> Period:
    """The period before `now` that `--compare` names; one that is none, or outside the data, ends the command."""
    from scorecard.analysis.comparison import EARLIER, earlier_period

    calendar, rhythm = scorecard.strategy.calendar, scorecard.strategy.rhythm
    hint = f"write 'previous', 'last-year' or a {rhythm.word} before {now}"
    try:
        before = next((earlier_period(scorecard.strategy, now, one) for one in EARLIER if one == text), None)
        before = before or scorecard.read_period(text)
    except ValueError as error:
        refuse(f"--compare: {error}", hint)
    if calendar.ordinal(before) >= calendar.ordinal(now):
        refuse(f"{before} is not before {now}", hint)
    known = scorecard.history.review
    if not len(known):
        refuse(f"there are no values yet that {now} could be compared with", "leave out --compare")
    first, last = (calendar.period(rhythm, int(edge)) for edge in (known.min(), known.max()))
    if not known.min() <= calendar.ordinal(before) <= known.max():
        refuse(f"{before} lies outside the data, which reach from {first} to {last}", hint)
    return before


def evaluate_by(
    scorecard: Scorecard, by: str, period: str | None, periods: int = 1, where: Mapping[str, str] | None = None
) -> Sliced:
    """The same for every member of a dimension."""
    return _evaluate(scorecard, period, lambda at: scorecard.evaluate_by(by, at, periods, where))


def _evaluate(scorecard: Scorecard, period: str | None, run: Callable[[str | None], T]) -> T:
    from datetime import date

    from scorecard.compute.histories import UnknownMember
    from scorecard.compute.values import TooLong

    at = period
    if at is None and scorecard.last_period is None:
        calendar, rhythm = scorecard.strategy.calendar, scorecard.strategy.rhythm
        at = str(calendar.period(rhythm, calendar.holding(rhythm, date.today().toordinal())))
        note(f"there are no values yet: this is {at}")
    try:
        with working("computing"):
            return run(at)
    except TooLong as error:
        refuse(str(error), "shorten the look back of the formulas, or show fewer members with --where")
    except UnknownMember as error:
        refuse(error.message, error.hint)
    except ValueError as error:
        refuse(str(error), f"write a {scorecard.strategy.period}, such as {scorecard.last_period or '2026-10'}")


def limits() -> Limits:
    """How much is read at most: SCORECARD_LIMITS, such as `files=2000`; a wrong one ends the command."""
    import os

    from scorecard.model.limits import read_limits

    try:
        return read_limits(os.environ.get("SCORECARD_LIMITS", ""))
    except ValueError as error:
        refuse(f"SCORECARD_LIMITS: {error}", "write such as 'files=2000, file_bytes=20_000_000'")


def note(text: str) -> None:
    """A remark beside the result, on stderr."""
    print(text, file=sys.stderr)


def refuse(message: str, hint: str) -> NoReturn:
    """End the command over a wrong use."""
    note(f"scorecard: {message}\n  {hint}")
    raise typer.Exit(WRONG_USE)


def complete_goal(ctx: typer.Context, incomplete: str) -> list[str]:
    """Goal ids of the path already typed."""
    return complete_ids(_typed_path(ctx), "goal", incomplete)


def complete_kpi(ctx: typer.Context, incomplete: str) -> list[str]:
    """KPI ids of the path already typed."""
    return complete_ids(_typed_path(ctx), "kpi", incomplete)


def complete_ids(path: str, kind: Kind, incomplete: str) -> list[str]:
    """The ids under a path, as far as it can be read; those of a workspace with the strategy before."""
    from scorecard.parser.reader import read_path

    library = read_path(path)
    strategies = [reading.strategy for reading in library.readings if reading.strategy]
    names = [f"{one.id}/{name}" if library.workspace else name for one in strategies for name in _ids(one, kind)]
    return [name for name in names if name.startswith(incomplete)]


def _typed_path(ctx: typer.Context) -> str:
    """The path on the line; behind an option that still lacks its value it is among what could not be read."""
    return next((one for one in ctx.args if not one.startswith("-")), str(ctx.params.get("path") or "."))


def _ids(strategy: Strategy, kind: Kind) -> list[str]:
    return list(strategy.goals if kind == "goal" else strategy.kpis)
