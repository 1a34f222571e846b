"""What the screens that are tables show, as rows of texts under a head: filtered and sorted as it is shown."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from scorecard.analysis.initiatives import Undertaking
from scorecard.compute.evaluation import Evaluation
from scorecard.model.finding import Finding
from scorecard.model.period import Period
from scorecard.render import csv_table
from scorecard.render.freshness_text import escape
from scorecard.render.heat import Heat
from scorecard.render.table import COLUMNS, Row, Stub, standing
from scorecard.render.words import percent, status_words

Sheet = Sequence[Sequence[str]]
Write = Callable[[], str]


def say_title(evaluation: Evaluation, of: str = "") -> str:
    """The heading of a table: strategy, period, members, and what it is of."""
    return " · ".join([evaluation.strategy.title, evaluation.scope, *([of] if of else [])])


def write_either(title: str, make: Callable[[], Sheet]) -> dict[str, Write]:
    """The ways of writing a sheet, by ending; it is made when it is written."""
    return {"csv": lambda: write_csv(make()), "md": lambda: write_markdown(title, make())}


def tabulate_scores(rows: Iterable[Row]) -> Sheet:
    """The cells of the neutral table, with the status in words in front."""
    return [
        ("Status", *COLUMNS[1:]),
        *((standing(row)[0], f"{row.mark} {row.cells[1]}".strip(), *row.cells[2:]) for row in rows),
    ]


def tabulate_initiatives(found: Iterable[Undertaking]) -> Sheet:
    """An initiative a row; money as it is written in the file."""
    head = (
        "Status",
        "Initiative",
        "Goal",
        "Owner",
        "Progress",
        "Time gone",
        "Start",
        "Due",
        "Days late",
        "Budget",
        "Spent",
    )
    rows = (
        (
            *(str(one.pace), one.initiative.title, one.goal.title, one.owner or ""),
            *("" if share is None else percent(share) for share in (one.progress, one.expected)),
            *("" if day is None else str(date.fromordinal(day)) for day in (one.start, one.due)),
            str(one.days_late or ""),
            *("" if sum_ is None else f"{sum_:.15g}" for sum_ in (one.initiative.budget, one.initiative.spent)),
        )
        for one in found
    )
    return [head, *rows]


def tabulate_findings(found: Iterable[Finding]) -> Sheet:
    head = ("Severity", "Code", "File", "Line", "What is wrong", "What to do")
    return [head, *((str(f.severity), f.code, f.place.file, str(f.place.line), f.message, f.hint or "") for f in found)]


def tabulate_members(heat: Heat, order: Iterable[int]) -> Sheet:
    """A member a row, below one for all together; each cell is a status with its score."""
    rows = [("all", *(status_words(*pair) for pair in heat.whole))]
    for member in order:
        pairs = (heat.cell(float(heat.lead[member]), heat.lead_bands), *heat.cells(member))
        rows.append((heat.members[member], *(status_words(*pair) for pair in pairs)))
    return [(heat.by, heat.head, *heat.titles), *rows]


def write_scores(evaluation: Evaluation, before: Period | None, shown: Iterable[Stub]) -> str:
    """The rows that are shown, in their order, with the columns of `scorecard export`: for machines, nothing rounded."""
    text = csv_table.write_table(evaluation, before, guardrails=True).removeprefix("\ufeff")
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    at = [head.index(name) for name in ("kind", "id", "goal")]
    known: dict[tuple[str, ...], list[list[str]]] = {}
    for row in rows:
        known.setdefault(tuple(row[column] for column in at), []).append(row)
    chosen = ([stub.kind, stub.id, stub.goal] for stub in shown)
    return _write_csv([head, *(known[key].pop(0) for one in chosen if known.get(key := tuple(one)))])


def write_csv(sheet: Sheet) -> str:
    """The rows by RFC 4180, no cell of which a spreadsheet takes for a formula."""
    return _write_csv([[csv_table.escape(cell) for cell in row] for row in sheet])


def write_markdown(title: str, sheet: Sheet) -> str:
    """A heading and a table of GitHub's Markdown."""
    head, *rows = ([escape(" ".join(cell.split())) for cell in row] for row in sheet)
    lines = (f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))
    return "\n".join([f"# {escape(title)}", "", *lines, ""])


def _write_csv(rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return "\ufeff" + text.getvalue()
