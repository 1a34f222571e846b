"""`scorecard show`: the scorecard as a table in perspective lanes; a workspace as a list of its strategies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from scorecard.cli.paths import (
    AsOfOption,
    JsonOption,
    PathArgument,
    PeriodOption,
    choose,
    complete_goal,
    complete_kpi,
    evaluate,
    read_scorecards,
    refuse,
)

if TYPE_CHECKING:
    from scorecard.api import Report
    from scorecard.compute.evaluation import Evaluation
    from scorecard.model.strategy import Goal


def show(
    path: PathArgument = ".",
    goal: Annotated[
        str | None, typer.Option("--goal", "-g", help="Only this goal.", autocompletion=complete_goal)
    ] = None,
    kpi: Annotated[
        str | None, typer.Option("--kpi", "-k", help="Only this KPI, at every goal.", autocompletion=complete_kpi)
    ] = None,
    period: PeriodOption = None,
    as_of: AsOfOption = None,
    json: JsonOption = False,
) -> None:
    """Show the scorecard: every goal and KPI with its status, result, target, outlook and the age of its data."""
    from scorecard.render.table import TREND

    if goal and kpi:
        refuse("a goal and a KPI are asked for", "name one of them")
    report = read_scorecards(path, json, as_of)
    if goal is not None:
        scorecard, name = choose(report, goal)
        _show_one(evaluate(scorecard, period, TREND), json, goal=name)
    elif kpi is not None:
        scorecard, name = choose(report, kpi, "kpi")
        _show_one(evaluate(scorecard, period, TREND), json, kpi=name)
    elif not report.workspace:
        _show_one(evaluate(next(iter(report.scorecards.values())), period, TREND), json)
    else:
        _show_workspace(report, period, json)


def _show_one(evaluation: Evaluation, json: bool, goal: str | None = None, kpi: str | None = None) -> None:
    """A whole strategy, or one goal, or one KPI."""
    if json:
        from scorecard.cli.output import print_json
        from scorecard.render.json_result import result

        print_json(_part(evaluation, result(evaluation), goal, kpi))
        return
    from scorecard.cli.scorecard_table import print_scorecard

    print_scorecard(evaluation, goal, kpi)


def _part(evaluation: Evaluation, whole: dict[str, Any], goal: str | None, kpi: str | None) -> dict[str, Any]:
    """The result with the goals and KPIs that were asked for."""
    goals = evaluation.strategy.goals
    if goal is not None:
        whole["goals"] = [one for one in whole["goals"] if one["id"] == goal]
        whole["kpis"] = [one for one in whole["kpis"] if one["id"] in _measures(goals[goal])]
    if kpi is not None:
        whole["goals"] = [one for one in whole["goals"] if kpi in _measures(goals[one["id"]])]
        whole["kpis"] = [one for one in whole["kpis"] if one["id"] == kpi]
    return whole


def _measures(goal: Goal) -> set[str]:
    return {use.kpi for use in (*goal.lagging, *goal.drivers)} | {limit.kpi for limit in goal.guardrails}


def _show_workspace(report: Report, period: str | None, json: bool) -> None:
    evaluations = [evaluate(scorecard, period) for scorecard in report.scorecards.values()]
    if json:
        from scorecard.cli.output import print_json
        from scorecard.render.json_result import VERSION, result

        print_json({"strategies": [result(evaluation) for evaluation in evaluations], "version": VERSION})
        return
    from scorecard.cli.scorecard_table import print_strategies

    print_strategies(evaluations)
