"""`scorecard show --by` on the terminal: members by goals, worst first; and one KPI by members."""

from __future__ import annotations

from collections.abc import Sequence

from scorecard.cli.output import COLOURS, Cell, Column, make_console, print_line, print_table
from scorecard.compute.evaluation import Evaluation
from scorecard.model.status import Status
from scorecard.render.heat import Heat
from scorecard.render.picture import illustrative_remark
from scorecard.render.table import data_words
from scorecard.render.words import clip, columns, number, percent, status_words, wrap

_NAMED, _LINES = 10, 3  # columns of a cell with its goal's name above it, and the lines of the name
_NUMBERED = 6  # with only a number above it
_GAP = 2
_LONGEST = 28  # columns of a member's name


def print_heat(heat: Heat, whole: Evaluation, most: int) -> None:
    """The `most` worst members (all where 0) below the whole, as many goals as the terminal has room for."""
    console = make_console()
    print_line(console, Cell(f"{whole.strategy.title} · {whole.scope} · by {heat.by}", "bold"))
    shown = heat.order[:most] if most else heat.order
    names = [clip(heat.members[member], _LONGEST) for member in shown]
    first = max(map(columns, (*names, heat.by, "all")), default=0)
    rest = console.width - first - _NAMED - 2 * _GAP
    named = len(heat.ids) * (_NAMED + _GAP) <= rest
    width = _NAMED if named else _NUMBERED
    count = min(len(heat.ids), max(1, rest // (width + _GAP)))
    heads = _heads(heat, count) if named else [[str(n + 1) for n in range(count)]]
    for line in heads:
        own = heat.head if line is heads[-1] else ""
        title = clip(own, _NAMED) if named or own == "Index" else "Goal"
        print_line(console, Cell(_row(["", title if own else "", *line], [first, _NAMED, *[width] * count]), "bold"))
    print_line(console, Cell("─" * (first + _GAP + _NAMED + count * (width + _GAP)), "bright_black"))
    widths = [first, _NAMED, *[width] * count]
    print_line(console, *_cells("all", heat.whole[: count + 1], widths))
    for member, name in zip(shown, names, strict=True):
        lead = heat.cell(heat.lead[member], heat.lead_bands)
        print_line(console, *_cells(name, [lead, *list(heat.cells(member))[:count]], widths))
    if len(shown) < len(heat.order):
        print_line(console, Cell(_rest(len(heat.order) - len(shown))))
    if not named:
        for n in range(count):
            print_line(console, Cell(f"{n + 1:>3}  {heat.titles[n]}"))
    if count < len(heat.ids):
        more = "1 more column" if len(heat.ids) - count == 1 else f"{len(heat.ids) - count} more columns"
        print_line(console, Cell(f"{more}; a wider terminal or --json shows them"))
    if remark := illustrative_remark(whole.strategy):
        print_line(console, Cell(remark))


def print_members(whole: Evaluation, by: str, kpi: str, ranked: Sequence[tuple[str, Evaluation]], most: int) -> None:
    """One KPI by members: value, target and score of the `most` with the lowest score (all where 0)."""
    console = make_console()
    title = whole.strategy.kpis[kpi].title
    print_line(console, Cell(f"{title} · {whole.strategy.title} · {whole.scope} · by {by}", "bold"))
    table = [
        Column(by, least=12),
        Column("Actual", right=True),
        Column("Target", right=True),
        Column("Score", least=8),
        Column("Data", least=11, drop=1),
    ]
    rows = []
    for name, evaluation in [("all", whole), *(ranked[:most] if most else ranked)]:
        result = evaluation.kpi(kpi)
        unit = result.kpi.unit or ""
        words = status_words(result.status, result.score)
        data = result.reason or data_words(evaluation, result)
        target = "" if result.target is None else number(result.target, unit)
        rows.append(
            [
                Cell(name),
                Cell(number(result.value, unit)),
                Cell(target),
                Cell(words, COLOURS[result.status]),
                Cell(data),
            ]
        )
    print_table(console, table, rows)
    if most and len(ranked) > most:
        print_line(console, Cell(_rest(len(ranked) - most)))
    if remark := illustrative_remark(whole.strategy):
        print_line(console, Cell(remark))


def _rest(count: int) -> str:
    return f"{'1 more member is' if count == 1 else f'{count:,} more members are'} better or unknown; --all shows every one"


def _cells(name: str, pairs: Sequence[tuple[Status, float | None]], widths: Sequence[int]) -> list[Cell]:
    cells = [Cell(name + " " * (widths[0] - columns(name)))]
    for (status, score), size in zip(pairs, widths[1:], strict=True):
        text = f"{status.sign} {percent(score)}" if score is not None else status.sign
        cells.append(Cell(" " * _GAP + text + " " * (size - columns(text)), COLOURS[status]))
    return cells


def _heads(heat: Heat, count: int) -> list[list[str]]:
    """The goals' names over several lines, the last one filled."""
    names = [wrap(title, _NAMED, _LINES) for title in heat.titles[:count]]
    most = max(map(len, names), default=1)
    filled = [[""] * (most - len(name)) + name for name in names]
    return [[name[line] for name in filled] for line in range(most)]


def _row(texts: Sequence[str], widths: Sequence[int]) -> str:
    return (" " * _GAP).join(text + " " * (size - columns(text)) for text, size in zip(texts, widths, strict=True))
