"""`scorecard why GOAL`: the exact additive parts of a goal's number, down to KPIs and initiatives."""

from __future__ import annotations

from typing import Annotated

import typer

from scorecard.cli.paths import JsonOption, PeriodOption, choose, complete_goal, evaluate, read_scorecards, refuse

PARTS = ("lagging", "leading", "outlook")


def why(
    first: Annotated[
        str,
        typer.Argument(
            metavar="[PATH] GOAL",
            help="The path, where it is not this folder, and the goal.",
            autocompletion=complete_goal,
        ),
    ],
    second: Annotated[str | None, typer.Argument(metavar="", hidden=True, autocompletion=complete_goal)] = None,
    period: PeriodOption = None,
    of: Annotated[str, typer.Option("--of", help="lagging, leading or outlook.")] = "outlook",
    json: JsonOption = False,
) -> None:
    """Say why a goal has its colour: what takes how much from it, along which paths, and what it would gain from each."""
    if of not in PARTS:
        refuse(f"'{of[:40]}' is no part of a goal", f"write one of {', '.join(PARTS)}")
    path, goal = (first, second) if second is not None else (".", first)
    from scorecard.analysis.explanation import explain

    scorecard, name = choose(read_scorecards(path, json), goal)
    evaluation = evaluate(scorecard, period)
    found = explain(evaluation, name, of)  # type: ignore[arg-type]
    if json:
        from scorecard.cli.output import print_json
        from scorecard.render.json_result import explanation

        print_json(explanation(evaluation, found))
        return
    from scorecard.cli.explanation_table import print_explanation

    print_explanation(evaluation, found)
