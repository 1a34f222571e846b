"""`scorecard why GOAL`: the exact additive parts of a goal's number, down to KPIs and initiatives."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scorecard.cli.paths import (
    AsOfOption,
    JsonOption,
    PeriodOption,
    choose,
    complete_ids,
    evaluate,
    read_scorecards,
    refuse,
)

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
    evaluation = evaluate(scorecard, period)
    found = explain(evaluation, name, of)  # type: ignore[arg-type]
    if json:
        from scorecard.cli.output import print_json
        from scorecard.render.json_result import explanation

        print_json(explanation(evaluation, found))
        return
    from scorecard.cli.explanation_table import print_explanation

    print_explanation(evaluation, found)
