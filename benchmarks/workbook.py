"""The social-media scorecard computed by us against the same as a spreadsheet that LibreOffice opens and recalculates.

The workbook is a flat OpenDocument sheet, written here: KPIs with value, target and a formula for the score, goals with
formulas for lagging and outlook. Both are whole processes. The numbers LibreOffice writes are held against ours.
"""

from __future__ import annotations

import csv
import shutil
import sys
from pathlib import Path
from xml.sax.saxutils import quoteattr

from benchmarks.measuring import Line, in_turns, timed_process
from scorecard.api import load
from scorecard.compute.evaluation import Evaluation
from scorecard.model.goal import Goal, Link
from scorecard.model.scoring import Linear

WHAT, AGAINST = "scorecard show --json", "LibreOffice recalculates the same as a workbook"
NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
SHEET = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document {NAMESPACES} xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" office:version="1.3"
 office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:body><office:spreadsheet><table:table table:name="scorecard">
%s
</table:table></office:spreadsheet></office:body></office:document>
"""


def compare(strategy: Path, folder: Path) -> list[Line]:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        return [Line(WHAT, AGAINST, None, None, 10, True, "not measured: LibreOffice is not installed")]
    result = load(strategy).evaluate()
    book = folder / "scorecard.fods"
    book.write_text(write_book(result), encoding="utf-8")
    recalculate = timed_process(
        [office, "--headless", "--convert-to", "csv", "--outdir", str(folder), str(book)], HOME=str(folder)
    )
    show = timed_process([sys.executable, "-m", "scorecard", "show", str(strategy), "--json"])
    ours, others, noise = in_turns(show, recalculate, 5)
    _assert_same(result, folder / "scorecard.csv")
    return [Line(WHAT, AGAINST, ours, others, 10, True, noise)]


def write_book(result: Evaluation) -> str:
    """Column A holds the id, E the score of a KPI or the lagging of a goal, F the outlook of a goal; "" is unknown."""
    strategy = result.strategy
    rows = {name: number for number, name in enumerate((*strategy.kpis, *strategy.goals), 1)}
    text = [_kpi_row(result, name, rows[name]) for name in strategy.kpis]
    text += [_goal_row(result, goal, rows) for goal in strategy.goals.values()]
    return SHEET % "\n".join(text)


def _kpi_row(result: Evaluation, name: str, row: int) -> str:
    kpi, rule = result.kpi(name), result.inputs.rules[name]
    if isinstance(rule, Linear):
        raw = f"{rule.low!r}+{rule.high - rule.low!r}*([.B{row}]-[.C{row}])/([.D{row}]-[.C{row}])"
        score = f'IF([.B{row}]="";"";MIN(1;MAX(0;{raw})))'
        return _row(_text(name), _number(kpi.value), _number(rule.start), _number(kpi.target), _formula(score))
    return _row(_text(name), _text(""), _text(""), _text(""), _number(kpi.score))


def _goal_row(result: Evaluation, goal: Goal, rows: dict[str, int]) -> str:
    strategy, row = result.strategy, rows[goal.id]
    own = result.goal(goal.id)
    lagging = [(f"[.E{rows[use.kpi]}]", strategy.weigh(use)) for use in goal.lagging]
    drivers = [(f"[.E{rows[use.kpi]}]", strategy.weigh(use)) for use in goal.drivers]
    drivers += [(_link_cell(link, rows), link.weight) for link in goal.links]
    first = _formula(_mean(lagging)) if own.lagging.basis == "kpis" else _number(own.lagging.score)
    share, of_drivers = strategy.share_of_drivers(goal), _mean(drivers)
    both = f"{1 - share!r}*[.E{row}]+{share!r}*({of_drivers})"
    outlook = f'IF([.E{row}]="";{of_drivers};IF(({of_drivers})="";[.E{row}];{both}))'
    return _row(_text(goal.id), _text(""), _text(""), _text(""), first, _formula(outlook))


def _link_cell(link: Link, rows: dict[str, int]) -> str:
    cell = f"[.F{rows[link.goal]}]"
    return f'IF({cell}="";"";1-{cell})' if link.opposes else cell


def _mean(entries: list[tuple[str, float]]) -> str:
    """The weighted mean of the cells that are known, the empty text where none is."""
    weighed = [(cell, weight) for cell, weight in entries if weight > 0]
    if not weighed:
        return '""'
    above = "+".join(f'IF({cell}="";0;{weight!r}*{cell})' for cell, weight in weighed)
    below = "+".join(f'IF({cell}="";0;{weight!r})' for cell, weight in weighed)
    return f'IF(({below})=0;"";({above})/({below}))'


def _row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def _text(text: str) -> str:
    return (
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        if text
        else "<table:table-cell/>"
    )


def _number(number: float | str | None) -> str:
    return (
        f'<table:table-cell office:value-type="float" office:value="{number!r}"/>'
        if isinstance(number, float)
        else _text("")
    )


def _formula(formula: str) -> str:
    return f"<table:table-cell table:formula={quoteattr(f'of:={formula}')}/>"


def _assert_same(result: Evaluation, path: Path) -> None:
    """The outlooks that LibreOffice computed, as it prints them, are ours."""
    with path.open(encoding="utf-8") as file:
        found = {row[0]: row[5] for row in csv.reader(file) if len(row) > 5}
    for goal in result.goals:
        theirs, ours = found[goal.id], goal.outlook.score
        same = theirs == "" if ours is None else abs(float(theirs.replace(",", ".")) - ours) < 1e-6
        assert same, f"outlook of {goal.id}: {ours}, {theirs!r}"
