"""`scorecard export -o FILE`: the map, or its table, in the format of the file's ending."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from scorecard.cli.paths import (
    ByOption,
    PathArgument,
    PeriodOption,
    StrategyOption,
    WhereOption,
    choose_strategy,
    evaluate,
    evaluate_by,
    note,
    read_scorecards,
    read_where,
    refuse,
    write_file,
)

if TYPE_CHECKING:
    from scorecard.api import Scorecard
    from scorecard.compute.evaluation import Evaluation


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
    period: PeriodOption = None,
    where: WhereOption = None,
    by: ByOption = None,
    strategy: StrategyOption = None,
) -> None:
    """Write the strategy map or its table to a file; the ending says the format, such as .svg, .png, .pdf, .drawio, .md, .csv."""
    from scorecard.render.formats import FORMATS

    if not output:
        refuse(
            "nothing is said of where to write",
            f"add '-o map.svg'; endings: {', '.join(f'.{name}' for name in FORMATS)}",
        )
    kinds = [_kind(target, form, tuple(FORMATS)) for target in output]
    report = read_scorecards(path)
    scorecard = choose_strategy(report, strategy)
    evaluations = _evaluate(scorecard, period, read_where(where), by)
    from scorecard.render.graphviz import DrawingError, MissingTool

    for target, kind in zip(output, kinds, strict=True):
        if by is not None and target == "-":
            refuse(
                "with --by several files are written", "name one with -o; each gets its member's name before the ending"
            )
        for member, evaluation in evaluations:
            try:
                data = FORMATS[kind](evaluation)
            except (MissingTool, DrawingError) as error:
                note(f"scorecard: {error}")
                raise typer.Exit(2) from None
            write_file(_name(target, kind, member), data)


def _evaluate(
    scorecard: Scorecard, period: str | None, where: dict[str, str], by: str | None
) -> list[tuple[str, Evaluation]]:
    """The evaluation, or one for each member with its name, safe for a file and different from the others'."""
    if by is None:
        return [("", evaluate(scorecard, period, 1, where))]
    sliced = evaluate_by(scorecard, by, period, 1, where)
    names: dict[str, int] = {}
    found = []
    for number, part in enumerate(sliced.slices):
        name = re.sub(r"[^\w.-]+", "_", list(part.values())[-1])[:60].strip("._") or "member"
        names[name.casefold()] = count = names.get(name.casefold(), 0) + 1
        found.append((name if count == 1 else f"{name}_{count}", sliced.part(number)))
    return found


def _name(target: str, kind: str, member: str) -> str:
    """`map.svg` as `map-north.svg`, `map.dark.svg` as `map-north.dark.svg`."""
    if not member:
        return target
    stem = target[: -len(kind) - 1] if target.lower().endswith(f".{kind}") else target.rpartition(".")[0] or target
    return f"{stem}-{member}{target[len(stem) :]}"


def _kind(target: str, form: str | None, known: tuple[str, ...]) -> str:
    """The format asked for, or the longest ending that the target has: `map.dark.svg` is a `dark.svg`."""
    fitting = [name for name in known if (form.lower() == name if form else target.lower().endswith(f".{name}"))]
    if not fitting:
        refuse(
            f"'{target[:60]}' does not say a format that can be written",
            f"end it in one of {', '.join(f'.{name}' for name in known)}, or add --format",
        )
    return max(fitting, key=len)
