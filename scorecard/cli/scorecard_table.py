"""`scorecard show` on the terminal: one scorecard in perspective lanes, or the strategies of a workspace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scorecard.analysis.comparison import compare
from scorecard.cli.output import COLOURS, Cell, Column, make_console, print_line, print_table
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import TOLERANCE, GoalResult
from scorecard.model.period import Period
from scorecard.model.status import Heading, Signal, Status
from scorecard.render.change_words import comparison_words
from scorecard.render.picture import count_fresh, guardrail_words, illustrative_remark
from scorecard.render.table import COLUMNS, COMPARED, RIGHT, Row, compare_row, data_words, scorecard_rows
from scorecard.render.words import GUARDRAIL_SIGN, OVERRIDE_SIGN, coverage_words, percent, signal_words, status_words

_LEAST = {"Goal / KPI": 30, "Owner": 12, "Data": 11}
_DROPPED = ("Actual", "Target", "Before", "Outlook", "Data", "Trend", "Unit", "Owner")  # the last one first
_BEHIND = COLUMNS.index("Score") + 1  # where the columns of a comparison stand
_TO_SAY = (Signal.WARNING, Signal.ACT, Signal.RECOVERING)  # the signals of goals that a list of strategies counts
_HEADINGS = {Heading.BETTER: "green", Heading.WORSE: "red"}
_LEGEND = "* primary  · diagnostic  → driver   ↗ → ↘ outlook better, level, worse than the result"


def print_scorecard(
    evaluation: Evaluation, goal: str | None = None, kpi: str | None = None, before: Period | None = None
) -> None:
    """Every goal and KPI, or one of them, and what has to be said besides the numbers.

    With `before`, a period of the evaluation's span, what changed since then too.
    """
    console = make_console()
    index = evaluation.index
    title = f"{evaluation.strategy.title} · {evaluation.scope} · index "
    words = status_words(index.status, index.score)
    coverage = f", {coverage_words(index.coverage, *count_fresh(evaluation))}"
    print_line(console, Cell(title, "bold"), Cell(words, COLOURS[index.status]), Cell(coverage))
    if before:
        print_line(console, Cell(comparison_words(compare(evaluation, before))))
    table = [
        Column(name, name in RIGHT, _LEAST.get(name, 0), _DROPPED.index(name) + 1 if name in _DROPPED else 0)
        for name in (*COLUMNS[:_BEHIND], *(COMPARED if before else ()), *COLUMNS[_BEHIND:])
    ]
    rows = list(scorecard_rows(evaluation, goal, kpi))
    then = evaluation.at(before) if before else None
    shown = print_table(console, table, [_cells(row, then) for row in rows])
    goals = [evaluation.goal(row.id) for row in rows if row.kind == "goal"]
    for result in goals:
        for line in goal_remarks(evaluation, result):
            print_line(console, Cell(line))
    for line in _partly_known(goals):
        print_line(console, Cell(line))
    if "Data" not in shown:
        for line in _stale(evaluation, [row.id for row in rows if row.kind == "kpi"]):
            print_line(console, Cell(line))
    print_line(console, Cell(_LEGEND))
    if remark := illustrative_remark(evaluation.strategy):
        print_line(console, Cell(remark))


def print_strategies(evaluations: Sequence[Evaluation]) -> None:
    """A workspace: its strategies with index, coverage, and the goals that need a look."""
    table = [
        Column("Strategy", least=24),
        Column("Period"),
        Column("Index"),
        Column("Coverage", right=True, drop=2),
        Column("Fresh", right=True, drop=5),
        Column("Goals", drop=4),
        Column("Signals", drop=1),
        Column("To look at", least=24, drop=3),
    ]
    print_table(make_console(), table, [_strategy_cells(evaluation) for evaluation in evaluations])


def goal_remarks(evaluation: Evaluation, result: GoalResult, named: bool = True) -> list[str]:
    """What has to be said of a goal besides its numbers: signal, guardrails, override."""
    name = f"{result.goal.title}: " if named else ""
    lines = []
    if result.signal in (Signal.WARNING, Signal.RECOVERING):
        lines.append(f"  {name}{signal_words(result.signal)}")
    about = name or "guardrail breached: "
    breached = (guardrail_words(evaluation, result, ident) for ident in result.guardrails_breached)
    lines += [f"{GUARDRAIL_SIGN} {about}{said}" for said in breached]
    if result.override:
        said = f"{result.override.status} by judgement ({result.override.why}), computed {result.computed_status}"
        lines.append(f"{OVERRIDE_SIGN} {name}{said}")
    return lines


def _cells(row: Row, then: Evaluation | None) -> list[Cell]:
    styles = {"": COLOURS[row.status], "Score": COLOURS[row.status], "Trend": COLOURS[row.status]}
    styles |= {"Outlook": COLOURS[row.outlook], "Goal / KPI": "" if row.kind == "kpi" else "bold"}
    indent = {"perspective": "", "goal": " ", "kpi": f"  {row.mark:<2} "}[row.kind]
    cells = [
        Cell(indent + text if name == "Goal / KPI" else text, styles.get(name, ""))
        for name, text in zip(COLUMNS, row.cells, strict=True)
    ]
    if then:
        move = compare_row(row, then)
        looks = COLOURS[move.status_before], _HEADINGS.get(move.heading, "")
        cells[_BEHIND:_BEHIND] = map(Cell, move.cells, looks)
    return cells


def _partly_known(goals: Sequence[GoalResult]) -> Iterator[str]:
    """The outlooks that rest on a part of their weight only."""
    partly = [goal for goal in goals if goal.outlook.score is not None and goal.outlook.coverage < 1 - TOLERANCE]
    if partly:
        said = (f"{goal.goal.title} on {percent(goal.outlook.coverage)}" for goal in partly)
        yield f"  outlooks that rest on a part of their weight: {', '.join(said)}"


def _stale(evaluation: Evaluation, kpis: Sequence[str]) -> Iterator[str]:
    """The KPIs with old values, where the table has no room to say so."""
    found = [evaluation.kpi(name) for name in dict.fromkeys(kpis)]
    old = [f"{kpi.kpi.title} ({data_words(evaluation, kpi)})" for kpi in found if kpi.stale]
    if old:
        yield f"  old values: {', '.join(old)}"


def _strategy_cells(evaluation: Evaluation) -> list[Cell]:
    index, goals = evaluation.index, evaluation.goals
    counts = [(status, sum(goal.status == status for goal in goals)) for status in Status]
    signals = [(signal, sum(goal.signal == signal for goal in goals)) for signal in _TO_SAY]
    fresh, figures = count_fresh(evaluation)
    return [
        Cell(evaluation.strategy.title, "bold"),
        Cell(evaluation.scope),
        Cell(status_words(index.status, index.score), COLOURS[index.status]),
        Cell(percent(index.coverage)),
        Cell(f"{fresh} of {figures}" if figures else ""),
        Cell(" ".join(f"{status.sign}{count}" for status, count in counts if count)),
        Cell(", ".join(f"{count} {signal}" for signal, count in signals if count)),
        Cell(", ".join(_worst(goals))),
    ]


def _worst(goals: Sequence[GoalResult]) -> Iterator[str]:
    """The goals that need a look, red ones first, each with its signs: red ones, breached guardrails, weak drivers."""
    for goal in sorted(goals, key=lambda goal: goal.status != Status.RED):
        breached = [GUARDRAIL_SIGN] if goal.guardrails_breached else []
        if goal.status == Status.RED or breached or goal.signal in (Signal.WARNING, Signal.ACT):
            yield " ".join([goal.status.sign, *breached, goal.goal.title])
