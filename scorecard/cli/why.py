"""`scorecard why GOAL`: the exact additive parts of a goal's number, down to KPIs and initiatives."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scorecard.cli.paths import (
    AsOfOption,
    ByOption,
    JsonOption,
    PeriodOption,
    WhereOption,
    choose,
    complete_ids,
    evaluate,
    evaluate_by,
    read_scorecards,
    read_where,
    refuse,
)

if TYPE_CHECKING:
    from scorecard.api import Scorecard

PARTS = ("lagging", "leading", "outlook")


def _complete(ctx: typer.Context, incomplete: str) -> list[str]:
    """Goals of the path already typed; else those of this folder, and the folders and files that may be meant."""
    typed = ctx.params.get("target") or []
    if typed:
        return complete_ids(str(typed[0]), "goal", incomplete)
    near = sorted(str(one) for one in Path().glob(f"{incomplete}*") if one.is_dir() or one.suffix == ".yaml")
    return [*complete_ids(".", "goal", incomplete), *near]


def _complete_part(incomplete: str) -> list[str]:
    return [part for part in PARTS if part.startswith(incomplete)]


def why(
    target: Annotated[
        list[str],
        typer.Argument(
            metavar="[PATH] GOAL", help="The path, where it is not this folder, and the goal.", autocompletion=_complete
        ),
    ],
    period: PeriodOption = None,
    of: Annotated[
        str,
        typer.Option(
            "--of", help="lagging (the result), leading (the drivers) or outlook.", autocompletion=_complete_part
        ),
    ] = "outlook",
    where: WhereOption = None,
    by: ByOption = None,
    as_of: AsOfOption = None,
    json: JsonOption = False,
) -> None:
    """Say why a goal has its colour.

    What takes how much from its number, along which paths, and what it would gain from each.
    """
    if of not in PARTS:
        refuse(f"'{of[:40]}' is no part of a goal", f"write one of {', '.join(PARTS)}")
    if len(target) > 2 or (len(target) == 1 and Path(target[0]).exists()):
        refuse("one path and one goal are expected", f"write 'scorecard why {target[0]} GOAL'")
    from scorecard.analysis.explanation import explain

    report = read_scorecards(target[0] if len(target) == 2 else ".", json, as_of)
    scorecard, name = choose(report, target[-1])
    members = read_where(where)
    if by is not None:
        _show_members(scorecard, by, period, members, name, of, json)
        return
    evaluation = evaluate(scorecard, period, 1, members)
    found = explain(evaluation, name, of)  # type: ignore[arg-type]
    if json:
        from scorecard.cli.output import print_json
        from scorecard.render.json_result import explanation

        print_json(explanation(evaluation, found))
        return
    from scorecard.cli.explanation_table import print_explanation

    print_explanation(evaluation, found)


def _show_members(
    scorecard: Scorecard, by: str, period: str | None, where: dict[str, str], goal: str, of: str, json: bool
) -> None:
    """For every member of a dimension its number of the goal, and what takes most from it."""
    from scorecard.analysis.explanation import MOST_PATHS, explain

    sliced = evaluate_by(scorecard, by, period, 1, where)
    parts = [sliced.part(number) for number in range(len(sliced.slices))]
    paths = MOST_PATHS if json else 0  # the table shows none
    found = [(part, explain(part, goal, of, paths)) for part in parts]  # type: ignore[arg-type]
    found.sort(key=lambda pair: (pair[1].number is None, pair[1].number or 0.0))
    if json:
        from scorecard.cli.output import print_json
        from scorecard.render.json_result import VERSION, explanation

        print_json({"members": [explanation(*pair) for pair in found], "version": VERSION})
        return
    from scorecard.cli.explanation_table import print_losses

    print_losses(found, list(sliced.slices[0])[-1])
