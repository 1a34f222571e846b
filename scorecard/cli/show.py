"""`scorecard show`: the scorecard as a table in perspective lanes; a workspace as a list of its strategies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from scorecard.cli.paths import (
    AsOfOption,
    ByOption,
    CompareOption,
    JsonOption,
    PathArgument,
    PeriodOption,
    StrategyOption,
    WhereOption,
    choose,
    choose_strategy,
    complete_goal,
    complete_kpi,
    evaluate,
    evaluate_by,
    evaluate_compared,
    note,
    read_scorecards,
    read_where,
    refuse,
)
from scorecard.model.finding import shorten

if TYPE_CHECKING:
    from scorecard.api import Report, Scorecard
    from scorecard.compute.evaluation import Evaluation
    from scorecard.model.goal import Goal
    from scorecard.model.period import Period

MOST = 30  # members that a heat table shows unless all are asked for
PARTS = ("lagging", "leading", "outlook")


def show(
    path: PathArgument = ".",
    goal: Annotated[
        str | None, typer.Option("--goal", "-g", help="Only this goal.", autocompletion=complete_goal)
    ] = None,
    kpi: Annotated[
        str | None, typer.Option("--kpi", "-k", help="Only this KPI, at every goal.", autocompletion=complete_kpi)
    ] = None,
    period: PeriodOption = None,
    strategy: StrategyOption = None,
    where: WhereOption = None,
    by: ByOption = None,
    of: Annotated[str, typer.Option("--of", help="With --by: lagging (the result), leading or outlook.")] = "lagging",
    every: Annotated[bool, typer.Option("--all", help=f"With --by: every member, not the {MOST} worst.")] = False,
    compare: CompareOption = None,
    as_of: AsOfOption = None,
    engine: Annotated[
        str | None,
        typer.Option(
            "--engine", metavar="ENGINE", help="Compute in 'duckdb' or a database by its address; goals only."
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show the scorecard: every goal and KPI with its status, result, target, outlook and the age of its data."""
    from scorecard.render.table import TREND

    if goal and kpi:
        refuse("a goal and a KPI are asked for", "name one of them")
    if of not in PARTS:
        refuse(f"'{of[:40]}' is no part of a goal", f"write one of {', '.join(PARTS)}")
    if compare is not None and (by is not None or engine is not None):
        refuse(f"--compare does not go with {'--by' if by is not None else '--engine'}", "leave one of the two out")
    members = read_where(where)
    if engine is not None:
        if kpi is not None or (by is not None and goal is not None):
            refuse("an engine gives goals back, not KPIs", "leave out --engine, or --kpi and --goal")
        from scorecard.cli.engine_table import Wanted, show_engine  # loads Ibis

        most = 0 if every else MOST
        show_engine(path, engine, Wanted(strategy, goal, period, members, by, of, most, as_of, json))  # type: ignore[arg-type]
        return
    report = read_scorecards(path, json, as_of)
    if (goal, kpi, strategy, by, compare) == (None, None, None, None, None) and report.workspace:
        _show_workspace(report, period, members, json)
        return
    scorecard, goal, kpi = _choose(report, strategy, goal, kpi)
    if by is not None:
        _show_members(scorecard, by, period, members, (of, goal, kpi), 0 if every else MOST, json)
    else:
        _show_one(*evaluate_compared(scorecard, period, compare, TREND, members), json, goal, kpi)


def _choose(
    report: Report, strategy: str | None, goal: str | None, kpi: str | None
) -> tuple[Scorecard, str | None, str | None]:
    """The scorecard, and the goal or KPI by its id."""
    before = f"{strategy}/" if strategy and "/" not in (goal or kpi or "/") else ""
    if goal is not None:
        return *choose(report, before + goal), None
    if kpi is not None:
        scorecard, name = choose(report, before + kpi, "kpi")
        return scorecard, None, name
    return choose_strategy(report, strategy), None, None


def _show_members(
    scorecard: Scorecard,
    by: str,
    period: str | None,
    where: dict[str, str],
    asked: tuple[str, str | None, str | None],
    most: int,
    json: bool,
) -> None:
    """Every member of a dimension: its goals, the KPIs of one goal, or one KPI."""
    of, goal, kpi = asked
    sliced = evaluate_by(scorecard, by, period, 1, where)
    whole = evaluate(scorecard, period, 1, where)
    by = list(sliced.slices[0])[-1]
    from scorecard.render.heat import draw_heat, heat_result, kpi_result, rank_kpi

    if kpi is not None:
        ranked = rank_kpi(sliced, by, kpi)
        if json:
            from scorecard.cli.output import print_json

            print_json(kpi_result(whole, by, kpi, ranked))
            return
        from scorecard.cli.heat_table import print_members

        print_members(whole, by, kpi, ranked, most)
        return
    heat = draw_heat(sliced, whole, by, of, goal)  # type: ignore[arg-type]
    if json:
        from scorecard.cli.output import print_json

        print_json(heat_result(whole, heat))
        return
    from scorecard.cli.heat_table import print_heat

    print_heat(heat, whole, most)


def _show_one(
    evaluation: Evaluation, before: Period | None, json: bool, goal: str | None = None, kpi: str | None = None
) -> None:
    """A whole strategy, or one goal, or one KPI; compared with another period where there is one."""
    if json:
        from scorecard.cli.output import print_json
        from scorecard.render.json_result import result

        print_json(_part(evaluation, result(evaluation, before), goal, kpi))
        return
    from scorecard.cli.scorecard_table import print_scorecard

    print_scorecard(evaluation, goal, kpi, before)


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


def _show_workspace(report: Report, period: str | None, where: dict[str, str], json: bool) -> None:
    """The strategies that have the dimensions asked for."""
    from scorecard.compute.histories import has_dimensions

    cards = [card for card in report.scorecards.values() if has_dimensions(card.strategy, where)]
    if missing := len(report.scorecards) - len(cards):
        if not cards:
            refuse(f"no strategy has the dimension '{shorten(next(iter(where)))}'", "look at 'dimensions:'")
        note(f"{missing} of {len(report.scorecards)} strategies have no dimension '{shorten(next(iter(where)))}'")
    evaluations = [evaluate(scorecard, period, 1, where) for scorecard in cards]
    if json:
        from scorecard.cli.output import print_json
        from scorecard.render.json_result import VERSION, result

        print_json({"strategies": [result(evaluation) for evaluation in evaluations], "version": VERSION})
        return
    from scorecard.cli.scorecard_table import print_strategies

    print_strategies(evaluations)
