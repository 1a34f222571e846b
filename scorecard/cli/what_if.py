"""`scorecard what-if`: a strategy with other values, targets, weights or links, without changing a file; and its levers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from scorecard.cli.changes import read_changes, refuse_goal
from scorecard.cli.paths import (
    FINDINGS,
    JsonOption,
    PathArgument,
    PeriodOption,
    StrategyOption,
    WhereOption,
    choose_strategy,
    complete_goal,
    complete_kpi,
    evaluate,
    note,
    read_scorecards,
    read_where,
    refuse,
)
from scorecard.model.finding import shorten

if TYPE_CHECKING:
    from scorecard.analysis.changes import Change
    from scorecard.analysis.scenario import Scenario
    from scorecard.api import Scorecard
    from scorecard.compute.evaluation import Evaluation
    from scorecard.parser.scenario_file import ScenarioFile, Shelf

Words = list[str] | None
MOST = 2  # scenarios that are held against each other


def what_if(
    path: PathArgument = ".",
    values: Annotated[
        Words,
        typer.Option("--set", metavar="KPI=VALUE", help="The value of a KPI or metric.", autocompletion=complete_kpi),
    ] = None,
    targets: Annotated[
        Words, typer.Option("--target", metavar="KPI=VALUE", help="The target of a KPI.", autocompletion=complete_kpi)
    ] = None,
    weights: Annotated[
        Words,
        typer.Option("--weight", metavar="GOAL/ID=WEIGHT", help="The weight of a KPI, or a driving goal, at a goal."),
    ] = None,
    off: Annotated[
        Words, typer.Option("--off", metavar="GOAL/GOAL", help="Without the link from the second goal.")
    ] = None,
    progress: Annotated[
        Words, typer.Option("--progress", metavar="INITIATIVE=SHARE", help="The progress of an initiative.")
    ] = None,
    kept: Annotated[
        Words, typer.Option("--scenario", metavar="NAME", help="A scenario that was kept; twice to compare two.")
    ] = None,
    save: Annotated[
        str | None, typer.Option("--save", metavar="NAME", help="Keep the scenario under this name.")
    ] = None,
    text: Annotated[str | None, typer.Option("--note", help="What to know about the scenario kept.")] = None,
    goal: Annotated[
        str | None, typer.Option("--goal", "-g", help="Show the levers of this goal.", autocompletion=complete_goal)
    ] = None,
    period: PeriodOption = None,
    where: WhereOption = None,
    strategy: StrategyOption = None,
    json: JsonOption = False,
) -> None:
    """Say what would be if values, targets, weights or links were others, at one review period. No figure is changed.

    Without a change it shows the levers: what would move the outlook of a goal, or of the whole, most.
    """
    card = choose_strategy(read_scorecards(path, json), strategy)
    if goal is not None and goal not in card.strategy.goals:
        refuse_goal(card.strategy, goal)
    options = {"--set": values, "--target": targets, "--weight": weights, "--off": off, "--progress": progress}
    changes = [
        change for option, words in options.items() for change in read_changes(card.strategy, option, words or ())
    ]
    now = evaluate(card, period, 1, read_where(where))
    scenarios, file = _gather(card, kept or [], changes, text)
    then = [_apply(now, one) for one in scenarios]
    if save is not None:
        _keep(card, save, scenarios, file)
    _show(card, now, scenarios, then, goal, json)


def _gather(
    card: Scorecard, kept: Sequence[str], changes: Sequence[Change], text: str | None
) -> tuple[list[Scenario], ScenarioFile | None]:
    """The scenarios looked at, and the file of the only one that was kept; the changes belong to the last one."""
    from scorecard.analysis.scenario import Scenario

    if len(kept) > MOST:
        refuse(f"{len(kept)} scenarios are named", "compare two at a time")
    files = [_open(card, name) for name in kept]
    scenarios = [file.scenario for file in files]
    if changes and len(files) == MOST:
        refuse("two scenarios and changes are named", "leave out the changes, or one of the scenarios")
    if changes or (text is not None and len(files) < MOST):
        base = scenarios[0] if scenarios else Scenario()
        said = base.note if text is None else text
        made = replace(base, note=said).put(*changes)
        scenarios = [made] if made.changes else []
    return scenarios, files[0] if len(files) == 1 else None


def _apply(now: Evaluation, scenario: Scenario) -> Evaluation:
    """What would be; what is wrong with the changes ends the command, what is odd is a note."""
    from scorecard.analysis.changes import find_faults
    from scorecard.analysis.scenario import apply
    from scorecard.model.finding import Severity

    for fault in find_faults(now.strategy, scenario.changes):
        if fault.severity == Severity.ERROR:
            refuse(fault.message, fault.hint)
        note(f"{fault.message}\n  {fault.hint}")
    return apply(now, scenario)


def _show(
    card: Scorecard,
    now: Evaluation,
    scenarios: Sequence[Scenario],
    then: Sequence[Evaluation],
    goal: str | None,
    json: bool,
) -> None:
    from scorecard.analysis.levers import rank_levers
    from scorecard.render.scenario_words import effects_object, levers_object

    with_levers = goal is not None or not then
    levers = rank_levers(then[-1] if then else now, goal) if with_levers else None
    if json:
        from scorecard.cli.output import print_json

        whole = effects_object(now, scenarios, then) if then else {}
        print_json(whole | (levers_object(now, levers) if levers else {}))
        return
    from scorecard.cli.what_if_table import print_effects, print_kept, print_levers

    if then:
        print_effects(now, scenarios, then)
    if levers:
        print_levers(then[-1] if then else now, levers, actual=not then)
    if not then:
        print_kept(_list_kept(card))


def _open(card: Scorecard, name: str) -> ScenarioFile:
    """A scenario that was kept; one that is not there or cannot be applied ends the command."""
    from scorecard.cli.findings import write_text
    from scorecard.model.spelling import nearest
    from scorecard.parser.replacement import Refused
    from scorecard.parser.scenario_file import list_scenarios, open_scenario

    shelf = _shelf(card)
    try:
        file = open_scenario(shelf, name)
    except Refused as refused:
        _refuse(refused)
    if file.hash is None:
        known = list_scenarios(shelf)
        near = nearest(name, known)
        there_are = f"there are: {shorten(', '.join(known), 200)}" if known else "keep one with --save"
        refuse(f"there is no scenario '{shorten(name)}'", f"did you mean '{near}'?" if near else there_are)
    if not file.sound:
        note(write_text(file.findings))
        raise typer.Exit(FINDINGS)
    return file


def _keep(card: Scorecard, name: str, scenarios: Sequence[Scenario], opened: ScenarioFile | None) -> None:
    """Write the scenario into the file of a name, which must be new or the one that was opened."""
    from scorecard.parser.replacement import Refused
    from scorecard.parser.scenario_file import open_scenario, save_scenario

    if len(scenarios) != 1:
        refuse("there is not one scenario to keep", "change something, such as --set margin=18%")
    shelf = _shelf(card)
    try:
        file = opened if opened and opened.scenario.name == name else open_scenario(shelf, name)
        if file is not opened and file.hash is not None:
            refuse(
                f"there is a scenario '{name}' already", f"start from it with --scenario {name}, or take another name"
            )
        save_scenario(shelf, file, scenarios[0] if file is opened else replace(scenarios[0], title=""))
    except Refused as refused:
        _refuse(refused)
    note(f"kept as {file.place.file}")


def _shelf(card: Scorecard) -> Shelf:
    from scorecard.parser.scenario_file import find_shelf

    return find_shelf(card.name, card.folder, card.strategy)


def _list_kept(card: Scorecard) -> list[str]:
    from scorecard.parser.scenario_file import list_scenarios

    return list_scenarios(_shelf(card))


def _refuse(refused: Exception) -> NoReturn:
    note(f"scorecard: {refused}")
    raise typer.Exit(FINDINGS)
