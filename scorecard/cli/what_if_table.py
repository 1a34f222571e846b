"""`scorecard what-if` on the terminal: goals now and then, the largest effect first, and the levers of an outlook."""

from __future__ import annotations

from collections.abc import Sequence

from scorecard.analysis.inverse import Wanted, find_need
from scorecard.analysis.levers import Lever, Levers, Step, find_outlook
from scorecard.analysis.scenario import Effect, Scenario, list_effects
from scorecard.cli.output import COLOURS, Cell, Column, make_console, print_line, print_table
from scorecard.cli.words import counted
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import GoalResult, Reading, status_of
from scorecard.model.status import Status
from scorecard.render.scenario_words import change_words, needed_words
from scorecard.render.words import change, clip, percent, points, quantity, status_words

_WIDEST = 24  # columns that the name of a scenario may take
_MOST = 12  # levers that are shown


def print_effects(now: Evaluation, scenarios: Sequence[Scenario], then: Sequence[Evaluation]) -> None:
    """What each scenario changes, the index, and every goal that moves."""
    console = make_console()
    print_line(console, Cell(f"{now.strategy.title} · {now.scope} · what if", "bold"))
    names = [clip(one.called or "then", _WIDEST) for one in scenarios]
    for name, scenario in zip(names, scenarios, strict=True):
        said = ", ".join(change_words(now.strategy, one) for one in scenario.changes)
        print_line(console, Cell(f"  {name}: ", "bold"), Cell(said + (f" ({scenario.note})" if scenario.note else "")))
    effects = list_effects(now, *then)
    moved = [effect for effect in effects if effect.moved]
    index = _readings(now.index, [one.index for one in then])
    whole = _readings(_outlook(now), [_outlook(one) for one in then])
    rows = [[Cell("Index", "bold"), *index, *whole], *([Cell(one.now.goal.title), *_row(one)] for one in moved)]
    print_table(console, _table(names), rows)
    if same := len(effects) - len(moved):
        print_line(console, Cell(f"  {counted(same, 'goal')} {'stays' if same == 1 else 'stay'} as now"))


def print_levers(evaluation: Evaluation, levers: Levers, actual: bool) -> None:
    """What would move an outlook most; `actual` says that the evaluation is that of no scenario."""
    console = make_console()
    strategy = evaluation.strategy
    title = strategy.goals[levers.goal].title if levers.goal else strategy.title
    status = status_of(levers.outlook, strategy.bands)
    head = f"Levers of {title} · {evaluation.scope}{'' if actual else ' · in the scenario'} · outlook "
    print_line(console, Cell(head, "bold"), Cell(status_words(status, levers.outlook), COLOURS[status]))
    lines = [line for line in levers.lines if line.gain > 0]
    if not lines:
        print_line(console, Cell("  nothing that is measured would move it"))
        return
    table = [
        Column("KPI or initiative", least=24),
        Column("Now", right=True, drop=1),
        Column("Score"),
        Column("Next step"),
        Column("Gain", right=True),
        Column("At best", right=True),
        Column("Alone", drop=2),
    ]
    print_table(console, table, [_lever_cells(evaluation, levers, line) for line in lines[:_MOST]])
    if len(lines) > _MOST:
        print_line(console, Cell(f"  and {len(lines) - _MOST} with smaller gains; --json has all"))


def print_kept(names: Sequence[str]) -> None:
    if names:
        print_line(make_console(), Cell(f"  kept scenarios: {', '.join(names)}; look at one with --scenario"))


def _table(names: Sequence[str]) -> list[Column]:
    table = [Column("Goal", least=24)]
    for head, drop in (("Result", 0), ("Outlook", 1)):
        table += [Column(name, drop=drop) for name in (head, *names)]
        table += [Column("Change", right=True, drop=drop)] if len(names) == 1 else []
    return table


def _outlook(evaluation: Evaluation) -> Reading:
    """The outlook of the whole."""
    score = find_outlook(evaluation)
    return Reading(score, status_of(score, evaluation.strategy.bands), 0.0)


def _row(effect: Effect) -> list[Cell]:
    outlooks = _readings(effect.now.outlook, [one.outlook for one in effect.then])
    results = _readings(effect.now.lagging, [one.lagging for one in effect.then], [effect.now, *effect.then])
    return [*results, *outlooks]


def _readings(now: Reading, then: Sequence[Reading], shown: Sequence[GoalResult] = ()) -> list[Cell]:
    """A number now and then, and how much it changes where there is one scenario; `shown` has the statuses to show."""
    readings = [now, *then]
    statuses = [one.status for one in shown] or [one.status for one in readings]
    cells = [
        Cell(status_words(status, one.score), COLOURS[status]) for status, one in zip(statuses, readings, strict=True)
    ]
    if len(then) == 1:
        known = now.score is not None and then[0].score is not None
        cells.append(Cell(points(then[0].score - now.score) if known else ""))  # type: ignore[operator]
    return cells


def _lever_cells(evaluation: Evaluation, levers: Levers, line: Lever) -> list[Cell]:
    kpi, step = evaluation.strategy.kpis.get(line.id) if line.kind == "kpi" else None, line.step
    unit = (kpi and kpi.unit) or ""
    return [
        Cell(line.name),
        Cell(quantity(line.value, unit) if kpi else ""),
        Cell(status_words(line.status, line.score), COLOURS[line.status]) if kpi else Cell(percent(line.score)),
        Cell(_step(line, step, unit) if step else ""),
        Cell(_gain(step.gain) if step else ""),
        Cell(_gain(line.gain)),
        Cell(_alone(evaluation, levers, line, unit) if kpi and levers.goal else ""),
    ]


def _alone(evaluation: Evaluation, levers: Levers, line: Lever, unit: str) -> str:
    """The next colour of the goal's outlook, where this KPI alone brings it there, and its value then."""
    status = status_of(levers.outlook, evaluation.strategy.bands)
    if status not in (Status.RED, Status.AMBER) or levers.goal is None:
        return ""
    wanted: Wanted = Status.AMBER if status == Status.RED else Status.GREEN
    need = find_need(evaluation, levers.goal, line.id, wanted, "outlook")
    return "" if need.value is None else f"outlook {wanted} at {needed_words(need.value, line.value, unit)}"


def _step(line: Lever, step: Step, unit: str) -> str:
    colour = "best" if step.status == line.status else f"{step.status.sign} {step.status}"
    return f"{colour} at {needed_words(step.value, line.value, unit)}"


def _gain(gain: float) -> str:
    return change(float(f"{gain:.2g}"), "%")
