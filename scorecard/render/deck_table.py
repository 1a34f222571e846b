"""The scorecard as native tables, as many rows a slide as fit, and the table that every slide of a deck uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from scorecard.compute.evaluation import Evaluation
from scorecard.model.period import Period
from scorecard.render.deck_file import POINT, seek
from scorecard.render.deck_page import QUIET, Look, Page, Place, Run, paint_cell, underline_cell, write_lines
from scorecard.render.palette import Theme
from scorecard.render.svg_text import break_lines, measure
from scorecard.render.table import COLUMNS, COMPARED, KEY, RIGHT, Row, compare_row, scorecard_rows

_NAME = "Goal / KPI"
_WORDS = {"Owner": 0.15, "Unit": 0.1, "Data": 0.1}  # columns that may break, and the share of the width they may have
_MOST = 0.14  # of the width, for any other column
_FONT = 1.06  # how much wider than measured the letters of a deck's own font may be
_FIGURES = 1.15  # the same of columns that are not to break
_TREND = 1.3  # the same of blocks
_HEAD = "Status"  # over the signs
_MARGINS = 11  # points of a cell that are not for text
_LINE, _EDGES = 1.36, 7.0  # of the letters' size, and points above and below a row's text
_LINES = 3  # of a cell
_FOOT = 16 * POINT  # of a slide
_INDENTS = {"perspective": 0, "goal": 7, "kpi": 18}  # points
_PLAIN = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # the table style that has neither fills nor lines


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; `fill` as in a Look, empty for the table's own style; `indent` in points."""

    run: Run
    fill: str = ""
    across: str = "l"
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the shares of its columns, its rows with the heading first; column `named` says what a row is about."""

    widths: Sequence[float]
    rows: Sequence[Sequence[Cell]]
    named: int = 0


def cut_table(theme: Theme, area: Place, evaluation: Evaluation, before: Period | None) -> list[Grid]:
    """The table of each slide, with what changed since `before`, as many rows as there is room for.

    A goal stays together with its KPIs where it can; one that goes on is named again.
    """
    rows = list(scorecard_rows(evaluation))
    grid = _set_rows(theme, area, rows, evaluation, before)
    head, *tall = [_measure_row(grid, row, area[2] / POINT) for row in grid.rows]
    most = (area[3] - _FOOT) / POINT - head
    pages: list[list[int]] = [[]]
    used = 0.0
    for block in _find_blocks(rows):
        if pages[-1] and used + sum(tall[row] for row in block) > most:
            pages.append([])
            used = 0.0
        for row in block:
            if pages[-1] and used + tall[row] > most:
                goal = next((one for one in block if rows[one].kind == "goal"), row)
                pages.append([goal] if goal < row else [])
                used = sum(tall[one] for one in pages[-1])
            pages[-1].append(row)
            used += tall[row]
    return [replace(grid, rows=[grid.rows[0], *(grid.rows[row + 1] for row in one)]) for one in pages]


def draw_scorecard(page: Page, area: Place, grid: Grid) -> None:
    """One slide of the scorecard, with what its marks mean at the foot."""
    left, top, width, height = area
    draw_grid(page, "scorecard:table", area, grid)
    page.text(
        "scorecard:key",
        (left, top + height - _FOOT, width, _FOOT),
        [[Run(f"{KEY}     pp: percentage points", 9, color=QUIET)]],
        Look(anchor="b"),
    )


def cut_grid(grid: Grid, area: Place) -> list[Grid]:
    """The table of each slide under the same heading, as few as there have to be, none much shorter than the others."""
    head, *tall = [_measure_row(grid, row, area[2] / POINT) for row in grid.rows]
    most = area[3] / POINT - head
    pages = _fill_pages(tall, most)
    pages = _fill_pages(tall, min(most, sum(tall) / len(pages) + max(tall, default=0.0)))
    return [replace(grid, rows=[grid.rows[0], *(grid.rows[row + 1] for row in one)]) for one in pages]


def draw_grid(page: Page, name: str, area: Place, grid: Grid) -> int:
    """A native table, or one brought up to date, and how high it is in EMU: rows are added or taken away at its end,
    widths stay."""
    left, top, width, _ = area
    columns = len(grid.widths)
    tall = [round(_measure_row(grid, row, width / POINT) * POINT) for row in grid.rows]

    def make() -> Any:
        return page.slide.shapes.add_table(len(grid.rows), columns, left, top, width, sum(tall))

    shape, is_new = page.frame(name, make)
    if not shape.has_table:
        return sum(tall)
    table = shape.table
    if is_new:
        _shape_table(page, table, [round(width * one / sum(grid.widths)) for one in grid.widths], tall)
    _fit(table._tbl, len(grid.rows), columns, [round(width * one / sum(grid.widths)) for one in grid.widths])
    flush = not any(row[0].fill for row in grid.rows)  # then it begins where the texts above it do
    for row, cells in zip(table.rows, grid.rows, strict=False):
        is_other = row.cells[grid.named].text != _break(cells[grid.named], table.columns[grid.named].width / POINT)[0]
        for number, (place, cell) in enumerate(zip(row.cells, cells, strict=False)):
            text, _ = _break(cell, table.columns[number].width / POINT)
            if is_other:  # the style that stands is that of another row
                _clear(place._tc.txBody)
            place.margin_left = (cell.indent + (0 if flush and number == 0 else 5)) * POINT
            text = text or " "  # an empty cell would be as high as the usual letters of 18 points
            run = Run(text, cell.run.size, cell.run.bold, cell.run.color)
            write_lines(place._tc.txBody, [[run]], cell.across)
            paint_cell(place._tc, cell.fill)
    return sum(tall)


def measure_grid(grid: Grid, width: int) -> int:
    """How high a table of this width is, in EMU."""
    return round(sum(_measure_row(grid, row, width / POINT) for row in grid.rows) * POINT)


def _fill_pages(tall: Sequence[float], most: float) -> list[list[int]]:
    """The numbers of the rows on each page."""
    pages: list[list[int]] = [[]]
    used = 0.0
    for row, need in enumerate(tall):
        if pages[-1] and used + need > most:
            pages.append([])
            used = 0.0
        pages[-1].append(row)
        used += need
    return pages


def _find_blocks(rows: Sequence[Row]) -> Iterator[list[int]]:
    """Numbers of rows that belong together: a goal with its KPIs, the perspective above its first one."""
    block: list[int] = []
    for number, row in enumerate(rows):
        is_lead = all(rows[one].kind == "perspective" for one in block)
        if block and row.kind != "kpi" and not (row.kind == "goal" and is_lead):
            yield block
            block = []
        block.append(number)
    if block:
        yield block


def _set_rows(theme: Theme, area: Place, rows: Sequence[Row], evaluation: Evaluation, before: Period | None) -> Grid:
    """All rows in one table: figures get the width they need, names what is left."""
    names = [*COLUMNS, *(COMPARED if before else ())]
    width = area[2] / POINT
    size = max(8.0, min(10.5, width / 85))
    then = evaluation.at(before) if before else None
    head = [Cell(Run(name or _HEAD, size, bold=True, color=QUIET), "", "r" if name in RIGHT else "l") for name in names]
    body = [list(_cells(theme, row, then, names, size)) for row in rows]
    widths = []
    for column, name in enumerate(names):
        texts = [row[column].run for row in (head, *body)]
        need = max(measure(one.text[:80], one.size, one.bold) for one in texts) * (
            _TREND if name == "Trend" else _FIGURES
        )
        widths.append(min(need + _MARGINS + 2, width * _WORDS.get(name, _MOST)))
    at = names.index(_NAME)
    widths[at] = max(width - sum(widths) + widths[at], width * 0.22)
    return Grid(widths, [head, *body], names.index(_NAME))


def _measure_row(grid: Grid, row: Sequence[Cell], width: float) -> float:
    """How high a row has to be in points, in a table of this width."""
    rooms = (width * one / sum(grid.widths) for one in grid.widths)
    return max(_break(cell, room)[1] * cell.run.size * _LINE + _EDGES for cell, room in zip(row, rooms, strict=True))


def _break(cell: Cell, width: float) -> tuple[str, int]:
    """The text of a cell so many points wide, cut where it would take too many lines, and how many it takes."""
    run = cell.run
    lines = break_lines(run.text, (width - _MARGINS - cell.indent) / _FONT, _LINES, run.size, run.bold)
    if not lines or not lines[-1].endswith("…") or run.text.endswith("…"):
        return run.text, max(1, len(lines))
    left = len("".join("".join(lines).split())) - 1
    seen = 0
    for place, sign in enumerate(run.text):
        seen += not sign.isspace()
        if seen > left:
            return run.text[:place].rstrip() + "…", len(lines)
    return run.text, len(lines)


def _cells(theme: Theme, row: Row, then: Evaluation | None, names: Sequence[str], size: float) -> Iterator[Cell]:
    tone = theme.tone(row.status)
    texts = [*row.cells, *(compare_row(row, then).cells if then else ())]
    bold = row.kind != "kpi"
    ground = theme.unknown.fill if row.kind == "perspective" else ""
    for name, text in zip(names, texts, strict=True):
        if name == "":
            said = text if row.kind == "goal" else f"{row.status.sign} {row.status}"
            yield Cell(Run(said, size, bold, tone.line), tone.fill)
        elif name == _NAME:
            lead = f"{row.mark} " if row.mark else ""
            yield Cell(Run(lead + text, size, bold), ground, indent=_INDENTS[row.kind])
        else:
            color = tone.line if name in ("Trend", "Score") and text else ""
            if name == "Outlook" and text:
                color = theme.tone(row.outlook).line
            letters = size * 0.7 if name == "Trend" else size
            yield Cell(Run(text, letters, bold and name == "Score", color), ground, "r" if name in RIGHT else "l")


def _shape_table(page: Page, table: Any, widths: Sequence[int], tall: Sequence[int]) -> None:
    """A table that fits any design: no fills, a line below the heading, hair lines between the rows."""
    table.horz_banding = False
    seek(table._tbl, "./a:tblPr/a:tableStyleId")[0].text = _PLAIN
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for number, (row, height) in enumerate(zip(table.rows, tall, strict=True)):
        row.height = height
        for cell in row.cells:
            cell.margin_right = 5 * POINT
            cell.margin_top = cell.margin_bottom = 2 * POINT
            cell.vertical_anchor = 3  # in the middle
            underline_cell(cell._tc, page.edge if number else QUIET, 0.5 if number else 1.25)


def _clear(body: Any) -> None:
    for paragraph in body.p_lst:
        for run in paragraph.r_lst:
            paragraph.remove(run)


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
