"""`scorecard export -o FILE`: the map, the table, goals or the review, in the format of the file's ending."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from scorecard.cli.files import read_file, write_file
from scorecard.cli.meeting import TodayOption, read_day, read_decided, read_minutes
from scorecard.cli.paths import (
    WRONG_USE,
    ByOption,
    CompareOption,
    PathArgument,
    PeriodOption,
    StrategyOption,
    WhereOption,
    choose,
    choose_strategy,
    complete_goal,
    evaluate_by,
    evaluate_compared,
    note,
    read_scorecards,
    read_where,
    refuse,
)
from scorecard.cli.progress import can_rewrite, working
from scorecard.model.finding import shorten
from scorecard.model.progress import say_what

if TYPE_CHECKING:
    from datetime import date

    from scorecard.api import Scorecard
    from scorecard.compute.evaluation import Evaluation
    from scorecard.model.period import Period
    from scorecard.render.edition import What
    from scorecard.render.formats import Format

_MANY = 200  # goals from which on it is said what is being drawn, also where no line can be rewritten
_SHOWN = 40  # signs of a file's name in that line


class Target(NamedTuple):
    """A file to write: its name as given, the ending that says the format."""

    name: str
    ending: str
    form: Format

    def of_member(self, member: str) -> str:
        """`map.svg` as `map-north.svg`, `map.dark.svg` as `map-north.dark.svg`."""
        if not member:
            return self.name
        fits = self.name.lower().endswith(f".{self.ending}")
        stem = self.name[: -len(self.ending) - 1] if fits else self.name.rpartition(".")[0] or self.name
        return f"{stem}-{member}{self.name[len(stem) :]}"


class Order(NamedTuple):
    """What is wanted in every file."""

    scorecard: Scorecard
    part: What | None
    goal: str | None
    deck: bytes | None
    day: date


def export(
    path: PathArgument = ".",
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where to write; the ending says the format. '-' for stdout, with --format.",
        ),
    ] = None,
    form: Annotated[
        str | None, typer.Option("--format", "-f", help="The format, where the ending does not say it.")
    ] = None,
    what: Annotated[
        str | None, typer.Option("--what", metavar="WHAT", help="map, table, goal or review; else what is usual.")
    ] = None,
    goal: Annotated[
        str | None,
        typer.Option("--goal", "-g", help="With --what goal: only this one.", autocompletion=complete_goal),
    ] = None,
    period: PeriodOption = None,
    compare: CompareOption = None,
    template: Annotated[
        str | None, typer.Option("--template", metavar="DECK", help="A .pptx whose master, fonts and colours are used.")
    ] = None,
    today: TodayOption = None,
    where: WhereOption = None,
    by: ByOption = None,
    strategy: StrategyOption = None,
) -> None:
    """Write the strategy map, its table, goals or the review to files; the ending says the format.

    Such as .svg, .pdf, .pptx, .xlsx, .html, .md, .drawio, .csv.
    """
    from scorecard.render.edition import What

    if what is not None and what not in list(What):
        refuse(f"'{shorten(what)}' is nothing that can be shown", f"write one of {', '.join(What)}")
    part = What(what) if what else What.GOAL if goal else None
    targets = [_read_target(name, form, part) for name in _listed(output)]
    if by is not None and any(one.name == "-" for one in targets):
        refuse("with --by several files are written", "name one with -o; each gets its member's name before the ending")
    if by is not None and compare is not None:
        refuse("--compare holds two periods against each other, not members", "leave out --by, or --compare")
    deck = _read_template(template, targets)
    day, members = read_day(today), read_where(where)
    report = read_scorecards(path)
    scorecard = choose_strategy(report, strategy)
    if goal is not None and goal not in scorecard.strategy.goals:
        scorecard, goal = choose(report, goal)
    order = Order(scorecard, part, goal, deck, day)
    files = list(product(_evaluate(scorecard, period, compare, members, by), targets))
    for number, ((member, evaluation, before), target) in enumerate(files):
        told = f" ({number + 1} of {len(files)} files)" if len(files) > 1 else ""
        _write(order, evaluation, before, target, target.of_member(member), told)


def _write(order: Order, evaluation: Evaluation, before: Period | None, target: Target, name: str, told: str) -> None:
    """Draw one file and write it; what is missing or cannot be drawn ends the command, and nothing is written.

    `told` is which of the files it is, in words; "" for the only one.
    """
    from scorecard.render.edition import Edition, What
    from scorecard.render.graphviz import DrawingError, MissingTool

    count = len(evaluation.strategy.goals)
    doing = f"drawing {count:,} goals for {shorten(name, _SHOWN)}"
    if count >= _MANY and not can_rewrite():
        note(f"{doing} …")
    shown = order.part or target.form.usual
    edition = Edition(
        evaluation,
        order.scorecard.observations,
        order.day.toordinal(),
        what=shown,
        goal=order.goal,
        before=before,
        decided=read_decided(order.scorecard, evaluation) if shown == What.REVIEW else [],
        minutes=read_minutes(order.scorecard, evaluation) if shown == What.REVIEW else [],
        template=order.deck if target.form.takes_template else None,
        standing=read_file(name) if target.form.goes_on and name != "-" else None,
    )
    try:
        with working(doing + told) as hear:
            data = target.form.write(replace(edition, hear=say_what(hear, f"{shorten(name, _SHOWN)}{told}")))
    except (MissingTool, DrawingError) as error:
        note(f"scorecard: {error}")
        raise typer.Exit(WRONG_USE) from None
    write_file(name, data)


def _evaluate(
    scorecard: Scorecard, period: str | None, compare: str | None, where: dict[str, str], by: str | None
) -> list[tuple[str, Evaluation, Period | None]]:
    """The evaluation with the history that charts show, or one for each member with its name, safe for a file."""
    from scorecard.render.edition import HISTORY

    if by is None:
        return [("", *evaluate_compared(scorecard, period, compare, HISTORY, where))]
    sliced = evaluate_by(scorecard, by, period, HISTORY, where)
    names: dict[str, int] = {}
    found: list[tuple[str, Evaluation, Period | None]] = []
    for number, part in enumerate(sliced.slices):
        name = re.sub(r"[^\w.-]+", "_", list(part.values())[-1])[:60].strip("._") or "member"
        names[name.casefold()] = count = names.get(name.casefold(), 0) + 1
        found.append((name if count == 1 else f"{name}_{count}", sliced.part(number), None))
    return found


def _listed(output: list[str] | None) -> list[str]:
    """The files asked for; none ends the command."""
    if not output:
        from scorecard.render.formats import FORMATS

        endings = ", ".join(f".{name}" for name in FORMATS)
        refuse("nothing is said of where to write", f"add '-o map.svg'; endings: {endings}")
    return output


def _read_target(name: str, form: str | None, part: What | None) -> Target:
    """The format asked for, or that of the name's ending; it has to show the part asked for."""
    from scorecard.render.formats import FORMATS, find_ending

    ending = find_ending(name) if form is None else form.lower()
    if ending not in FORMATS:
        refuse(
            f"'{shorten(name)}' does not say a format that can be written",
            f"end it in one of {', '.join(f'.{one}' for one in FORMATS)}, or add --format",
        )
    found = FORMATS[ending]
    if part is not None and part not in found.shows:
        able = [f".{one}" for one, other in FORMATS.items() if part in other.shows]
        refuse(f".{ending} cannot show the {part}", f"for that end it in one of {', '.join(able)}")
    return Target(name, ending, found)


def _read_template(name: str | None, targets: list[Target]) -> bytes | None:
    """The deck to write into; a missing one, and one that no format takes, end the command."""
    if name is None:
        return None
    if not any(one.form.takes_template for one in targets):
        refuse("--template is for slides", "name a file that ends in .pptx with -o, or leave it out")
    data = read_file(name)
    if data is None:
        refuse(f"there is no file '{shorten(name)}'", "name a .pptx file")
    return data
