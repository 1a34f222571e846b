"""Tables and JSON on the terminal. Text from files goes in as plain text, never as markup."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.style import Style
from rich.table import Table
from rich.text import Text

from scorecard.analysis.explanation import Explanation, Line
from scorecard.compute.evaluation import Evaluation
from scorecard.model.status import Signal, Status
from scorecard.render.picture import illustrative_remark
from scorecard.render.table import COLUMNS, RIGHT, Row, scorecard_rows
from scorecard.render.words import percent, points, signal_words, status_words

_COLOURS = {Status.RED: "red", Status.AMBER: "yellow", Status.GREEN: "green", Status.UNKNOWN: "bright_black"}
_WIDE = 10_000  # a pipe has no edge
_DROPPED = ((132, "Trend"), (112, "Owner"), (88, "Data"), (72, "Outlook"))  # below these widths, in this order


def print_json(data: Any) -> None:
    """One JSON value; numbers unrounded."""
    print(json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False))


def print_scorecard(evaluation: Evaluation, goal: str | None = None) -> None:
    console = make_console()
    index = evaluation.index
    console.print(
        _literal(
            f"{evaluation.strategy.title} · {evaluation.period} · index {status_words(index.status, index.score)}, covers {percent(index.coverage)}",
            bold=True,
        )
    )
    dropped = {name for width, name in _DROPPED if console.width < width}
    names = [name for name in COLUMNS if name not in dropped]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), show_edge=False)
    for name in names:
        free = name in ("Goal / KPI", "Owner", "Data")
        table.add_column(
            name,
            justify="right" if name in RIGHT else "left",
            no_wrap=True,
            overflow="ellipsis",
            ratio=None,
            min_width=12 if free else None,
        )
    for row in scorecard_rows(evaluation, None if goal is None else [goal]):
        table.add_row(*_cells(row, names), end_section=False)
    console.print(table)
    for line in _remarks(evaluation, goal):
        console.print(_literal(line))


def print_strategies(evaluations: Sequence[Evaluation]) -> None:
    """A workspace: its strategies with index, coverage and signals."""
    console = make_console()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in ("Strategy", "Period", "Index", "Covers", "Goals", "Warnings"):
        table.add_column(name, no_wrap=True)
    for evaluation in evaluations:
        index, goals = evaluation.index, evaluation.goals
        counts = " ".join(
            f"{status.sign}{count}" for status in Status if (count := sum(goal.status == status for goal in goals))
        )
        worst = ", ".join(goal.goal.title for goal in goals if goal.signal in (Signal.WARNING, Signal.ACT))
        table.add_row(
            _literal(evaluation.strategy.title),
            str(evaluation.period),
            _coloured(status_words(index.status, index.score), index.status),
            percent(index.coverage),
            counts,
            _literal(worst),
        )
    console.print(table)


def print_explanation(evaluation: Evaluation, found: Explanation) -> None:
    """Why a goal's number is what it is, largest loss first."""
    console = make_console()
    result = evaluation.goal(found.goal)
    reading = getattr(result, found.of)
    console.print(_literal(f"{result.goal.title} · {evaluation.period}", bold=True))
    console.print(_coloured(f"{found.of} {status_words(reading.status, reading.score)}", reading.status), end="")
    console.print(_literal(f", covers {percent(reading.coverage)}; status {result.status.sign} {result.status}"))
    for line in _goal_words(result, evaluation):
        console.print(_literal(line))
    if found.number is None:
        console.print("Nothing below this goal is known, so there is nothing to add up.")
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name, justify in (
        ("Loss", "right"),
        ("Share", "right"),
        ("Score", "right"),
        ("Part", "right"),
        ("KPI or initiative", "left"),
        ("If best", "right"),
        ("Along", "left"),
    ):
        table.add_column(name, justify=justify, no_wrap=True, overflow="ellipsis")  # type: ignore[arg-type]
    for line in found.lines:
        table.add_row(
            points(-line.loss),
            _fraction(line.share),
            percent(line.score),
            points(line.share * line.score),
            _literal(line.name),
            points(line.lever),
            _literal(_path_words(line, evaluation)),
        )
    console.print(table)
    constant = f"{_fraction(found.constant or 0)} from opposing links + " if found.constant else ""
    console.print(
        _literal(
            f"{found.number:.4f} = {constant}the sum of share x score; the losses add up to {1 - found.number:.4f}"
        )
    )


def make_console() -> Console:
    """The terminal: in a pipe as wide as the table needs, without colour where NO_COLOR is set."""
    if sys.stdout.isatty():
        return Console(highlight=False, markup=False, emoji=False, width=shutil.get_terminal_size().columns)
    return Console(
        highlight=False,
        markup=False,
        emoji=False,
        width=_WIDE,
        no_color=True,
        color_system=None,
        force_terminal=bool(os.environ.get("FORCE_COLOR")),
    )


def _cells(row: Row, names: Sequence[str]) -> list[Text]:
    cells = []
    for name, text in zip(COLUMNS, row.cells, strict=True):
        if name not in names:
            continue
        if name in ("", "Score", "Trend"):
            cells.append(_coloured(text, row.status))
        elif name == "Outlook":
            cells.append(_coloured(text, row.outlook))
        elif name == "Goal / KPI":
            indent = {"perspective": "", "goal": " ", "kpi": "   "}[row.kind]
            cells.append(
                _literal(indent + (text.upper() if row.kind == "perspective" else text), bold=row.kind != "kpi")
            )
        else:
            cells.append(_literal(text))
    return cells


def _remarks(evaluation: Evaluation, goal: str | None) -> list[str]:
    """What the table's signs stand for, and that made-up data is made up."""
    lines = []
    for result in evaluation.goals:
        if goal in (None, result.id):
            lines.extend(_goal_words(result, evaluation))
    lines.append("* primary KPI   → driver   ↗ → ↘ outlook better, level, worse than the result")
    return [*lines, *([remark] if (remark := illustrative_remark(evaluation.strategy)) else [])]


def _goal_words(result, evaluation: Evaluation) -> list[str]:  # type: ignore[no-untyped-def]
    """What has to be said of a goal besides its numbers: signal, guardrails, override."""
    lines = []
    if result.signal in (Signal.WARNING, Signal.RECOVERING):
        lines.append(f"  {result.goal.title}: {signal_words(result.signal)}")
    for name in result.guardrails_breached:
        measure = evaluation.strategy.measure(name)
        lines.append(f"⚑ {result.goal.title}: the guardrail {measure.title if measure else name} is breached")
    if result.override:
        lines.append(
            f"✎ {result.goal.title}: {result.override.status} by judgement ({result.override.why}), computed {result.computed_status}"
        )
    return lines


def _path_words(line: Line, evaluation: Evaluation) -> str:
    path = " > ".join(_title(goal, evaluation) for goal in line.paths[0]) if line.paths else ""
    return path + (f" (and {line.path_count - 1} more)" if line.path_count > 1 else "")


def _title(goal: str, evaluation: Evaluation) -> str:
    return evaluation.strategy.goals[goal].title if goal in evaluation.strategy.goals else goal


def _fraction(share: float) -> str:
    return f"{share:.3f}"


def _literal(text: str, bold: bool = False) -> Text:
    return Text(text, style=Style(bold=bold or None))


def _coloured(text: str, status: Status) -> Text:
    return Text(text, style=_COLOURS[status])
