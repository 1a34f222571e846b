"""`scorecard show --engine`: the goals, computed in DuckDB or in a database; figures of KPIs stay there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import typer

from scorecard.cli.output import COLOURS, Cell, Column, make_console, print_json, print_line, print_table
from scorecard.cli.paths import FINDINGS, UNREADABLE, limits, note, refuse
from scorecard.cli.scorecard_table import goal_remarks
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.histories import UnknownMember
from scorecard.compute.sliced import Sliced
from scorecard.compute.values import TooLong
from scorecard.engine.fault import EngineError
from scorecard.model.finding import Finding, Severity, shorten
from scorecard.model.period import Period, PeriodError, read_period
from scorecard.model.strategy import Strategy
from scorecard.render.heat import Of, draw_heat, heat_result
from scorecard.render.json_result import result
from scorecard.render.picture import illustrative_remark
from scorecard.render.table import COLUMNS, Row, fill_row, outline
from scorecard.render.words import coverage_words, status_words

if TYPE_CHECKING:
    from scorecard.engine.reading import Gathered

_SHOWN = ("", "Goal / KPI", "Owner", "Score", "Outlook", "Data")


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for."""

    strategy: str | None
    goal: str | None
    period: str | None
    where: Mapping[str, str]
    by: str | None
    of: Of
    most: int  # members shown, 0 for all
    as_of: str | None
    json: bool


def show_engine(path: str, address: str, wanted: Wanted) -> None:
    """Print the goals of one strategy, or of each member of a dimension; what goes wrong ends the command."""
    try:
        whole, sliced = _evaluate(path, address, wanted)
    except TooLong as error:
        refuse(str(error), "shorten the look back of the formulas")
    except (EngineError, UnknownMember) as error:
        refuse(error.message, error.hint)
    except ValueError as error:
        refuse(str(error), "write a period such as 2026-10")
    if sliced is not None:
        _print_members(whole, sliced, wanted)
    elif wanted.json:
        written = result(whole)
        del written["kpis"]
        written["goals"] = [one for one in written["goals"] if wanted.goal in (None, one["id"])]
        print_json(written)
    else:
        _print_goals(whole, wanted.goal)


def _evaluate(path: str, address: str, wanted: Wanted) -> tuple[Evaluation, Sliced | None]:
    """The whole, and with `by` the members too. Raises EngineError, TooLong, UnknownMember, ValueError."""
    from scorecard.engine.connection import Engine
    from scorecard.engine.reading import gather
    from scorecard.engine.run import Asked, run

    with Engine(address) as engine:
        gathered = gather(path, engine, limits(), _read_day(wanted.as_of))
        name = _choose(path, gathered, wanted)
        tasks = gathered.linked_with(name)
        period = _read_period(tasks[0].inputs.strategy, wanted.period)
        answer = run(tasks, engine, Asked(period, where=wanted.where))
        for remark in answer.remarks:
            note(remark)
        whole = answer.sliced.part(0)
        if wanted.by is None:
            return whole, None
        return whole, run(tasks, engine, Asked(whole.period, where=wanted.where, by=wanted.by)).sliced


def _choose(path: str, gathered: Gathered, wanted: Wanted) -> str:
    """The strategy that is shown: the only one, or that of the goal; errors in the text end the command."""
    from scorecard.cli.findings import print_findings

    blocking = [one for one in gathered.findings if one.severity == Severity.ERROR and not one.code.startswith("S3")]
    if blocking or not gathered.tasks:
        print_findings(blocking or list(gathered.findings), "json" if wanted.json else "text")
        raise typer.Exit(UNREADABLE if gathered.unreadable else FINDINGS)
    _say_faults(path, gathered.findings)
    tasks = gathered.tasks
    if wanted.strategy is not None:
        if wanted.strategy not in tasks:
            refuse(f"there is no strategy '{shorten(wanted.strategy)}' here", f"there are: {shorten(', '.join(tasks))}")
        tasks = {wanted.strategy: tasks[wanted.strategy]}
    if wanted.goal is not None:
        tasks = {name: task for name, task in tasks.items() if wanted.goal in task.inputs.strategy.goals}
        if not tasks:
            refuse(f"there is no goal '{shorten(wanted.goal)}'", "write the id of a goal")
    if len(tasks) > 1:
        refuse("this is a workspace of several strategies", f"choose one with --strategy: {shorten(', '.join(tasks))}")
    return next(iter(tasks))


def _read_day(text: str | None) -> date | None:
    """Raises EngineError."""
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise EngineError(f"'{shorten(text or '')}' is no day", "write one such as 2026-10-31") from None


def _say_faults(path: str, findings: Sequence[Finding]) -> None:
    count = sum(one.code.startswith("S3") and one.severity != Severity.HINT for one in findings)
    if count:
        note(f"{count} finding{'s' if count > 1 else ''} in the data: 'scorecard check {path}' lists them")


def _read_period(strategy: Strategy, text: str | None) -> Period | None:
    """Raises ValueError where the text is no review period."""
    if text is None:
        return None
    try:
        period = read_period(text)
    except PeriodError as error:
        raise ValueError(f"'{shorten(text)}' {error}") from None
    if period.rhythm != strategy.rhythm:
        raise ValueError(f"'{text}' is a {period.rhythm.word}; this strategy is reviewed by the {strategy.period}")
    return period


def _print_goals(whole: Evaluation, goal: str | None) -> None:
    console = make_console()
    index = whole.index
    words = status_words(index.status, index.score)
    title = f"{whole.strategy.title} · {whole.scope} · index "
    coverage = Cell(f", {coverage_words(index.coverage)}")
    print_line(console, Cell(title, "bold"), Cell(words, COLOURS[index.status]), coverage)
    rows = [fill_row(whole, stub) for stub in outline(whole.strategy, goal) if stub.kind != "kpi"]
    table = [Column(name.partition(" /")[0], name == "Score", 20 if "Goal" in name else 0) for name in _SHOWN]
    print_table(console, table, [list(map(_cell(row), _SHOWN)) for row in rows])
    for row in rows:
        if row.kind == "goal":
            for line in goal_remarks(whole, whole.goal(row.id)):
                print_line(console, Cell(line))
    if remark := illustrative_remark(whole.strategy):
        print_line(console, Cell(remark))


def _cell(row: Row) -> Callable[[str], Cell]:
    texts = dict(zip(COLUMNS, row.cells, strict=True))
    styles = {"": COLOURS[row.status], "Score": COLOURS[row.status], "Outlook": COLOURS[row.outlook]}
    indent = {"Goal / KPI": " " * (row.kind == "goal")}
    return lambda name: Cell(indent.get(name, "") + texts[name], styles.get(name, ""))


def _print_members(whole: Evaluation, sliced: Sliced, wanted: Wanted) -> None:
    by = list(sliced.slices[0])[-1]
    heat = draw_heat(sliced, whole, by, wanted.of)
    if wanted.json:
        print_json(heat_result(whole, heat))
        return
    from scorecard.cli.heat_table import print_heat

    print_heat(heat, whole, wanted.most)
