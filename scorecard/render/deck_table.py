"""The scorecard as native tables, a slide for about 14 rows, and the table that every slide of a deck uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from scorecard.compute.evaluation import Evaluation
from scorecard.model.period import Period
from scorecard.render.deck_file import POINT
from scorecard.render.deck_page import Page, Place, Run, paint_cell, write_lines
from scorecard.render.svg_text import cut
from scorecard.render.table import COLUMNS, COMPARED, RIGHT, Row, compare_row, scorecard_rows

ROWS = 14  # of a slide
_WIDTHS = {"": 9, "Goal / KPI": 27, "Owner": 16, "Actual": 7, "Target": 7, "Unit": 9, "Score": 6, "Outlook": 7}
_WIDTHS |= {"Trend": 10, "Data": 14, "Before": 9, "Change": 8}
_HEAD = "Status"  # over the signs
_MARGINS = 12  # points of a cell that are not for text


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; `fill` as in a Look, empty for the table's own style."""

    run: Run
    fill: str = ""
    across: str = "l"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the shares of its columns, its rows with the heading first."""

    widths: Sequence[float]
    rows: Sequence[Sequence[Cell]]


def cut_table(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows of each slide: no slide ends with a perspective or a goal whose KPIs come on the next."""
    pages: list[list[Row]] = []
    rest = list(rows)
    while rest:
        count = min(ROWS, len(rest))
        while count < len(rest) and count > ROWS // 2 and rest[count - 1].kind != "kpi" and rest[count].kind == "kpi":
            count -= 1
        while count < len(rest) and count > ROWS // 2 and rest[count - 1].kind == "perspective":
            count -= 1
        pages.append(rest[:count])
        rest = rest[count:]
    return pages


def list_rows(evaluation: Evaluation) -> list[Row]:
    return list(scorecard_rows(evaluation))


def draw_scorecard(page: Page, area: Place, rows: Sequence[Row], evaluation: Evaluation, before: Period | None) -> None:
    """One slide of the scorecard, with what changed since `before`."""
    names = [*COLUMNS, *(COMPARED if before else ())]
    widths = [_WIDTHS[name] for name in names]
    size = max(8.0, min(10.5, area[2] / POINT / 85))
    then = evaluation.at(before) if before else None
    head = [Cell(Run(name or _HEAD, size, bold=True), across="r" if name in RIGHT else "l") for name in names]
    body = [list(_cells(page, row, then, names, size)) for row in rows]
    draw_grid(page, "scorecard:table", area, Grid(widths, [head, *body]))


def draw_grid(page: Page, name: str, area: Place, grid: Grid) -> None:
    """A native table, or one brought up to date: rows are added or taken away at its end, widths stay."""
    left, top, width, height = area
    columns = len(grid.widths)
    size = grid.rows[0][0].run.size
    tall = min(round(size * POINT * 2.3), height // max(1, len(grid.rows)))

    def make() -> Any:
        return page.slide.shapes.add_table(len(grid.rows), columns, left, top, width, tall * len(grid.rows))

    shape, is_new = page.frame(name, make)
    if not shape.has_table:
        return
    table = shape.table
    if is_new:
        _shape_table(table, grid.widths, width)
    _fit(table._tbl, len(grid.rows), columns, [round(width * one / sum(grid.widths)) for one in grid.widths])
    for row, cells in zip(table.rows, grid.rows, strict=False):
        for column, (place, cell) in enumerate(zip(row.cells, cells, strict=False)):
            room = table.columns[column].width / POINT - _MARGINS
            text = cut(cell.run.text, max(room * 1.8, 8), cell.run.size, cell.run.bold)
            run = Run(text, cell.run.size, cell.run.bold, cell.run.color)
            write_lines(place._tc.txBody, [[run]], cell.across)
            paint_cell(place._tc, cell.fill)


def _cells(page: Page, row: Row, then: Evaluation | None, names: Sequence[str], size: float) -> Iterator[Cell]:
    tone = page.theme.tone(row.status)
    texts = [*row.cells, *(compare_row(row, then).cells if then else ())]
    bold = row.kind != "kpi"
    for name, text in zip(names, texts, strict=True):
        if name == "":
            said = text if row.kind == "goal" else f"{row.status.sign} {row.status}"
            yield Cell(Run(said, size, bold, tone.line), tone.fill)
        elif name == "Goal / KPI":
            lead = {"perspective": "", "goal": "  "}.get(row.kind, f"      {row.mark} " if row.mark else "      ")
            yield Cell(Run(lead + text, size, bold))
        else:
            color = tone.line if name in ("Trend", "Score") and text else ""
            if name == "Outlook" and text:
                color = page.theme.tone(row.outlook).line
            letters = size * 0.7 if name == "Trend" else size
            yield Cell(Run(text, letters, bold and name == "Score", color), across="r" if name in RIGHT else "l")


def _shape_table(table: Any, widths: Sequence[float], width: int) -> None:
    """Columns by their shares, narrow margins, rows of one colour."""
    table.horz_banding = False
    for column, share in zip(table.columns, widths, strict=True):
        column.width = round(width * share / sum(widths))
    for row in table.rows:
        for cell in row.cells:
            cell.margin_left = cell.margin_right = 5 * POINT
            cell.margin_top = cell.margin_bottom = 2 * POINT
            cell.vertical_anchor = 3  # in the middle


def _fit(table: Any, rows: int, columns: int, widths: Sequence[int]) -> None:
    """Gives a table so many rows and columns, new ones like the last one; other columns are shared out anew."""
    while len(table.tr_lst) < rows:
        table.tr_lst[-1].addnext(deepcopy(table.tr_lst[-1]))
    for row in table.tr_lst[rows:]:
        table.remove(row)
    grid = table.tblGrid
    if len(grid.gridCol_lst) != columns:
        for column in list(grid.gridCol_lst):
            grid.remove(column)
        for width in widths:
            grid.add_gridCol(width)
    for row in table.tr_lst:
        while len(row.tc_lst) < columns:
            row.tc_lst[-1].addnext(deepcopy(row.tc_lst[-1]))
        for cell in row.tc_lst[columns:]:
            row.remove(cell)
