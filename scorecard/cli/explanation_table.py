"""`scorecard why` on the terminal: the parts of a goal's number in columns that add up to the last digit shown."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from math import floor

from scorecard.analysis.explanation import Explanation, Line
from scorecard.cli.output import COLOURS, Cell, Column, make_console, print_line, print_table, shown_columns
from scorecard.cli.scorecard_table import goal_remarks
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.graph import full_name
from scorecard.compute.results import TOLERANCE, status_of
from scorecard.render.words import coverage_words, percent, status_words

_OPPOSES, _SUPPORTS = "⊣", "→"
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
    if found.number is None:
        print_line(console, Cell("Nothing below this goal is known, so there is nothing to add up."))
        return
    rows = _rows(evaluation, found, found.number)
    table: Sequence[Column] = _TABLE
    if found.constant and "= Part" not in shown_columns(console, _TABLE, rows):
        table, rows = _without_parts(rows)
    shown = print_table(console, table, rows)
    number = _tenths(found.number)
    print_line(console, Cell(f"{_words(number)}% = 100% - {_words(1000 - number)} pp, the sum of the losses"))
    if "Lever" in shown:
        print_line(console, Cell("Lever: what the outlook would gain if the score were at its best"))
    if "Along" in shown and any(line.share < 0 for line in found.lines):
        print_line(console, Cell(f"{_OPPOSES} opposes: a better score there takes from the number"))


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
        losses = [f"{line.name} {_words(-_tenths(line.loss))} pp" for line in explained.lines if line.loss > TOLERANCE]
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


def add_up(values: Sequence[float], total: int) -> list[int]:
    """Whole numbers next to the values that add up to `total`, their rounded sum: the largest rests go up."""
    whole = [floor(value) for value in values]
    by_rest = sorted(range(len(values)), key=lambda n: (whole[n] - values[n], n))
    for n in by_rest[: max(total - sum(whole), 0)]:
        whole[n] += 1
    return whole


def _rows(evaluation: Evaluation, found: Explanation, number: float) -> list[list[Cell]]:
    """A row for each line, one for what opposing links add, and the total."""
    constant = found.constant or 0.0
    total = _tenths(number)
    losses = add_up([1000 * line.loss for line in found.lines], 1000 - total)
    first, *parts = add_up([1000 * constant, *(1000 * line.share * line.score for line in found.lines)], total)
    names = _Names(evaluation)
    first_lines = {(line.kind, line.id): line for line in reversed(found.lines)}.values()  # a lever is said once
    rows = [
        [
            Cell(f"{_words(-loss)} pp"),
            Cell(line.name),
            Cell(f"{_words(_tenths(line.score))}%"),
            Cell(f"{_words(_tenths(line.share))}%"),
            Cell(f"{_words(part)} pp"),
            Cell(f"{_words(_tenths(line.lever), plus=True)} pp" if line in first_lines else ""),
            Cell(names.path(line, found.goal)),
        ]
        for line, loss, part in zip(found.lines, losses, parts, strict=True)
    ]
    if constant:
        rows.append(_sum_row("", "Opposing links, before they take", first, ""))
    rows.append(_sum_row(f"{_words(total - 1000)} pp", "Total", total, "bold"))
    return rows


def _without_parts(rows: Sequence[list[Cell]]) -> tuple[list[Column], list[list[Cell]]]:
    """The table for a narrow terminal, also without the row of what opposing links add, which is a part and no loss."""
    kept = [n for n, column in enumerate(_TABLE) if column.name not in ("x Share", "= Part")]
    return [_TABLE[n] for n in kept], [[row[n] for n in kept] for row in (*rows[:-2], rows[-1])]


def _sum_row(loss: str, name: str, part: int, style: str) -> list[Cell]:
    empty = Cell("")
    return [Cell(loss, style), Cell(name, style), empty, empty, Cell(f"{_words(part)} pp", style), empty, empty]


class _Names:
    """What goals are called, and which links oppose, over all strategies that were computed together."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.strategy = evaluation.strategy
        nodes = evaluation.plan.nodes
        self.titles = {full_name(node.strategy, node.goal.id): node.goal.title for node in nodes}
        self.opposing = {
            (full_name(node.strategy, link.goal), full_name(node.strategy, node.goal.id))
            for node in nodes
            for link in node.goal.links
            if link.opposes
        }

    def path(self, line: Line, goal: str) -> str:
        """The goals from where the line stands up to the goal explained, which is not named again."""
        text = ""
        for cause, effect in zip(line.paths[0], line.paths[0][1:], strict=False):
            pair = full_name(self.strategy, cause), full_name(self.strategy, effect)
            sign = f" {_OPPOSES}" if pair in self.opposing else "" if effect == goal else f" {_SUPPORTS}"
            text += f"{self.titles[pair[0]]}{sign} "
        return text + (f"(and {line.path_count - 1} more)" if line.path_count > 1 else "")


def _tenths(fraction: float) -> int:
    """A fraction in tenths of a percent, rounded half up."""
    return int((Decimal(repr(fraction)) * 1000).to_integral_value(ROUND_HALF_UP))


def _words(tenths: int, plus: bool = False) -> str:
    sign = "-" if tenths < 0 else "+" if plus and tenths else ""
    return f"{sign}{abs(tenths) // 10}.{abs(tenths) % 10}"
