"""`scorecard export -o FILE`: the map in the format of the file's ending."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from scorecard.cli.paths import (
    ByOption,
    PathArgument,
    PeriodOption,
    WhereOption,
    evaluate,
    evaluate_by,
    note,
    read_scorecards,
    read_where,
    refuse,
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
    strategy: Annotated[str | None, typer.Option("--strategy", "-s", help="Which strategy of a workspace.")] = None,
) -> None:
    """Write the strategy map to a file: .dot, .svg, .png, .pdf, .mmd or .json."""
    from scorecard.render.formats import FORMATS

    if not output:
        refuse(
            "nothing is said of where to write",
            f"add '-o map.svg'; endings: {', '.join(f'.{name}' for name in FORMATS)}",
        )
    kinds = [_kind(target, form, tuple(FORMATS)) for target in output]
    report = read_scorecards(path)
    if strategy is None and len(report.scorecards) > 1:
        refuse(
            "this is a workspace of several strategies", f"choose one with --strategy: {', '.join(report.scorecards)}"
        )
    if strategy is not None and strategy not in report.scorecards:
        refuse(f"there is no strategy '{strategy[:60]}' here", f"there are: {', '.join(report.scorecards)}")
    scorecard = report.scorecards[strategy] if strategy else next(iter(report.scorecards.values()))
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
            _write(_name(target, member), data)


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


def _name(target: str, member: str) -> str:
    """`map.svg` as `map-north.svg`."""
    stem, dot, ending = target.rpartition(".")
    return f"{stem or ending}-{member}{dot if stem else ''}{ending if stem else ''}" if member else target


def _kind(target: str, form: str | None, known: tuple[str, ...]) -> str:
    ending = form or target.rpartition(".")[2] if form or "." in target else ""
    if ending.lower() not in known:
        refuse(
            f"'{target[:60]}' does not say a format that can be written",
            f"end it in one of {', '.join(f'.{name}' for name in known)}, or add --format",
        )
    return ending.lower()


def _write(target: str, data: bytes) -> None:
    """The whole file or nothing: written beside the target, then moved."""
    import os
    import sys
    import tempfile
    from pathlib import Path

    if target == "-":
        sys.stdout.buffer.write(data)
        return
    path = Path(target)
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            file.write(data)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(file.name, 0o666 & ~mask)
        os.replace(file.name, path)
    except OSError as error:
        refuse(
            f"'{target[:80]}' cannot be written: {(error.strerror or 'unknown').lower()}",
            "name a file in a folder that exists",
        )
    note(f"wrote {target}")
