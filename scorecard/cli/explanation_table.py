"""`scorecard why` on the terminal: the parts of a goal's number in columns that add up to the last digit shown."""

from __future__ import annotations

from collections.abc import Sequence

from scorecard.analysis.explanation import Explanation
from scorecard.cli.output import COLOURS, Cell, Column, make_console, print_line, print_table, shown_columns
from scorecard.cli.scorecard_table import goal_remarks
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import status_of
from scorecard.render.explanation_rows import OPPOSES, Parts, explain_rows, worst_lines
from scorecard.render.words import coverage_words, percent, status_words

_PARTS = {"lagging": "result ", "leading": "drivers", "outlook": "outlook"}
_TABLE = (
    Column("Loss", right=True),
    Column("KPI or initiative", least=30),
    Column("Score", right=True),
    Column("x Share", right=True, drop=3),
    Column("= Part", right=True, drop=3),
    Column("Lever", right=True, drop=2),
    Column("Along", least=14, drop=1),
)


def print_explanation(evaluation: Evaluation, found: Explanation) -> None:
    """Why a goal's number is what it is, largest loss first."""
    console = make_console()
    result = evaluation.goal(found.goal)
    goal_status = Cell(f"{result.status.sign} {result.status}", COLOURS[result.status])
    print_line(console, Cell(f"{result.goal.title} · {evaluation.scope} · ", "bold"), goal_status)
    for part, word in _PARTS.items():
        reading, explained = getattr(result, part), part == found.of
        print_line(
            console,
            Cell(f"  {word}  ", "bold" if explained else ""),
            Cell(status_words(reading.status, reading.score), COLOURS[reading.status]),
            Cell(f", {coverage_words(reading.coverage)}{', explained below' if explained else ''}"),
        )
    for line in goal_remarks(evaluation, result, named=False):
        print_line(console, Cell(line))
    parts = explain_rows(evaluation, found)
    if parts is None:
        print_line(console, Cell("Nothing below this goal is known, so there is nothing to add up."))
        return
    rows = _rows(parts)
    table: Sequence[Column] = _TABLE
    if found.constant and "= Part" not in shown_columns(console, _TABLE, rows):
        table, rows = _without_parts(rows)
    shown = print_table(console, table, rows)
    print_line(console, Cell(f"{parts.number}% = 100% - {parts.missing.removeprefix('-')} pp, the sum of the losses"))
    if "Lever" in shown:
        print_line(console, Cell("Lever: what the outlook would gain if the score were at its best"))
    if "Along" in shown and any(line.share < 0 for line in found.lines):
        print_line(console, Cell(f"{OPPOSES} opposes: a better score there takes from the number"))


def print_losses(found: Sequence[tuple[Evaluation, Explanation]], by: str) -> None:
    """One goal by members, the worst first: the number, and the two KPIs or initiatives that take most from it."""
    console = make_console()
    evaluation, first = found[0]
    outer = [member for name, member in evaluation.members.items() if name != by]
    title = " · ".join([evaluation.strategy.goals[first.goal].title, str(evaluation.period), *outer, f"by {by}"])
    print_line(console, Cell(title, "bold"))
    rows = []
    for part, explained in found:
        status = status_of(explained.number, part.strategy.bands)
        losses = worst_lines(explained)
        coverage = getattr(part.goal(explained.goal), explained.of).coverage
        words = Cell(status_words(status, explained.number), COLOURS[status])
        rows.append(
            [Cell(part.members[by]), words, Cell(percent(coverage)), *(Cell(one) for one in [*losses, "", ""][:2])]
        )
    table = [
        Column(by, least=12),
        Column(_PARTS[first.of].strip().capitalize()),
        Column("Coverage", right=True, drop=2),
        Column("Most is lost by", least=20),
        Column("and by", least=20, drop=1),
    ]
    print_table(console, table, rows)


def _rows(found: Parts) -> list[list[Cell]]:
    """A row for each line, one for what opposing links add, and the total."""
    rows = [
        [
            Cell(f"{row.loss} pp"),
            Cell(row.name),
            Cell(f"{row.score}%"),
            Cell(f"{row.share}%"),
            Cell(f"{row.part} pp"),
            Cell(f"{row.lever} pp" if row.lever else ""),
            Cell(row.path),
        ]
        if row.line
        else _sum_row("", row.name, row.part, "")
        for row in found.rows
    ]
    return [*rows, _sum_row(f"{found.missing} pp", "Total", found.number, "bold")]


def _without_parts(rows: Sequence[list[Cell]]) -> tuple[list[Column], list[list[Cell]]]:
    """The table for a narrow terminal, also without the row of what opposing links add, which is a part and no loss."""
    kept = [n for n, column in enumerate(_TABLE) if column.name not in ("x Share", "= Part")]
    return [_TABLE[n] for n in kept], [[row[n] for n in kept] for row in (*rows[:-2], rows[-1])]


def _sum_row(loss: str, name: str, part: str, style: str) -> list[Cell]:
    empty = Cell("")
    return [Cell(loss, style), Cell(name, style), empty, empty, Cell(f"{part} pp", style), empty, empty]
