"""`scorecard show`: the scorecard as a table in perspective lanes; a workspace as a list of its strategies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from scorecard.cli.paths import JsonOption, PathArgument, PeriodOption, choose, complete_goal, evaluate, read_scorecards

if TYPE_CHECKING:
    from scorecard.api import Report
    from scorecard.compute.evaluation import Evaluation


def show(
    path: PathArgument = ".",
    goal: Annotated[
        str | None, typer.Option("--goal", "-g", help="Only this goal.", autocompletion=complete_goal)
    ] = None,
    period: PeriodOption = None,
    json: JsonOption = False,
) -> None:
    """Show the scorecard: every goal and KPI with its status, result, target, outlook and the age of its data."""
    from scorecard.render.table import TREND

    report = read_scorecards(path, json)
    if goal is not None:
        scorecard, name = choose(report, goal)
        _show_one(evaluate(scorecard, period, TREND), name, json)
    elif not report.workspace:
        scorecard = next(iter(report.scorecards.values()))
        _show_one(evaluate(scorecard, period, TREND), None, json)
    else:
        _show_workspace(report, period, json)


def _show_one(evaluation: Evaluation, goal: str | None, json: bool) -> None:
    if json:
        from scorecard.cli.output import print_json
        from scorecard.render.json_result import result

        whole = result(evaluation)
        if goal is not None:
            kept = {
                use.kpi for use in (*evaluation.strategy.goals[goal].lagging, *evaluation.strategy.goals[goal].drivers)
            }
            whole["goals"] = [one for one in whole["goals"] if one["id"] == goal]
            whole["kpis"] = [one for one in whole["kpis"] if one["id"] in kept]
        print_json(whole)
        return
    from scorecard.cli.scorecard_table import print_scorecard

    print_scorecard(evaluation, goal)


def _show_workspace(report: Report, period: str | None, json: bool) -> None:
    from scorecard.render.json_result import VERSION, result

    evaluations = [evaluate(scorecard, period) for scorecard in report.scorecards.values()]
    if json:
        from scorecard.cli.output import print_json

        print_json({"strategies": [result(evaluation) for evaluation in evaluations], "version": VERSION})
        return
    from scorecard.cli.scorecard_table import print_strategies

    print_strategies(evaluations)
