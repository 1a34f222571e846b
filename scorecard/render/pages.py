"""PDF: the map on a page of its own, and the scorecard, goals and the review pack as pages of a paper, set by Typst.

Texts reach the template as JSON only, so none is markup there; long words get places where they may break.
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree

from scorecard.analysis.agenda import Topic
from scorecard.model.status import Status
from scorecard.render.captions import compared_line, index_words
from scorecard.render.edition import Edition, What
from scorecard.render.goal_sheet import GoalSheet, KpiSheet
from scorecard.render.goal_tables import (
    Line,
    Table,
    say_sum,
    set_initiatives,
    set_kpis,
    set_neighbours,
    set_parts,
)
from scorecard.render.kpi_chart_svg import describe_chart, write_chart_svg
from scorecard.render.pack import Entry, Section, make_pack
from scorecard.render.palette import LIGHT
from scorecard.render.svg import write_svg
from scorecard.render.table import COLUMNS, COMPARED, KEY, RIGHT, Row, compare_row, scorecard_rows
from scorecard.render.typesetting import typeset, typeset_pages

_CHART = 250, 158  # pixels: three stand side by side, in letters as large as notes
_MOST_PARTS = 8  # rows of a deep dive's explanation, so that it stays on its page
_LONG_WORD = re.compile(r"\S{29,}")
_PIECE = re.compile(r"[\w!-/:-@\[-`{-~]{8}(?=[\w!-/:-@\[-`{-~])")  # no mark is parted from its letter
_REFUSED = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160), *range(0xD800, 0xE000)), "\ufffd")
_STATUS = COLUMNS.index("")
_BEHIND = COLUMNS.index("Score") + 1  # where the columns of a comparison stand

Data = dict[str, Any]


def write_pdf(edition: Edition) -> bytes:
    """The map alone, or as asked for the table, goals, or the review pack.

    Raises MissingTool without Typst, DrawingError where it fails, and KeyError for an unknown goal.
    """
    match edition.what:
        case What.TABLE:
            return _typeset("table", edition, table=_scorecard(edition))
        case What.GOAL:
            goals = [edition.goal] if edition.goal else list(edition.evaluation.strategy.goals)
            return _typeset("goals", edition, goals=[_goal(one, told=True) for one in edition.sheets(goals)])
        case What.REVIEW:
            return _typeset("review", edition, **_review(edition))
    return typeset(write_svg(edition.picture, LIGHT), "pdf")


def escape(text: str) -> str:
    """Text for a page: what no page can show is a replacement sign, and a long word may break at zero-width spaces."""
    return _LONG_WORD.sub(lambda word: _PIECE.sub("\\g<0>\u200b", word[0]), text.translate(_REFUSED))


def _typeset(kind: str, edition: Edition, **parts: Any) -> bytes:
    picture, theme = edition.picture, LIGHT
    colours = {str(status): {"fill": theme.tone(status).fill, "line": theme.tone(status).line} for status in Status}
    data = parts | {
        "kind": kind,
        "name": picture.title,
        "period": picture.period,
        "index": {"words": index_words(picture), "status": str(picture.index_status)},
        "compared": compared_line(picture),
        "illustrative": picture.illustrative,
        "colours": colours | {"text": theme.text, "quiet": theme.quiet, "rule": theme.rule, "tint": theme.lane(0)},
    }
    return typeset_pages(files("scorecard.render").joinpath("typst/pack.typ").read_bytes(), _escape_all(data))


def _escape_all(data: Any) -> Any:
    """Every text escaped, save that of pictures, which have their own escape."""
    if isinstance(data, dict):
        return {name: one if name == "svg" else _escape_all(one) for name, one in data.items()}
    if isinstance(data, list):
        return [_escape_all(one) for one in data]
    return escape(data) if isinstance(data, str) else data


def _scorecard(edition: Edition) -> Data:
    then = edition.evaluation.at(edition.before) if edition.before else None
    names: tuple[str, ...] = ("Status", *COLUMNS[1:])
    if then:
        names = (*names[:_BEHIND], *COMPARED, *names[_BEHIND:])
    rows = []
    for row in scorecard_rows(edition.evaluation):
        cells = _cells(row)
        if then:
            cells = (*cells[:_BEHIND], *compare_row(row, then).cells, *cells[_BEHIND:])
        rows.append(_line(Line(cells, row.status, 0)) | {"kind": row.kind, "mark": row.mark})
    return _table(Table("", names, (), RIGHT)) | {"rows": rows, "key": KEY}


def _cells(row: Row) -> tuple[str, ...]:
    """The cells of the neutral table; its sign, which a goal has with a word, is the status here."""
    status = row.cells[_STATUS] if row.kind == "goal" else f"{row.status.sign} {row.status}"
    return status, *row.cells[1:]


def _review(edition: Edition) -> Data:
    pack = make_pack(edition)
    drawn = write_svg(pack.picture, LIGHT)
    tables: dict[Topic | None, list[Table]] = {
        Topic.INITIATIVE: [pack.initiatives],
        Topic.DATA: [pack.coverage, pack.weak],
    }
    return {
        "title": pack.title,
        "strategy": pack.name,
        "subject": pack.subject[:1].upper() + pack.subject[1:],
        "as_of": pack.as_of,
        "state": {"words": pack.index, "status": str(pack.status)},
        "overview": pack.overview,
        "decided": _section(pack.decided, []) if pack.decided else None,
        "sections": [_section(one, tables.get(one.topic, [])) for one in pack.sections],
        "map": {"svg": drawn, "alt": ElementTree.fromstring(drawn).findtext("{*}desc", "")},
        "dives": [_goal(one, told=False) for one in pack.dives],
    }


def _section(section: Section, tables: list[Table]) -> Data:
    return {
        "topic": str(section.topic or ""),
        "title": section.title,
        "entries": [_entry(one) for one in section.entries],
        "nothing": section.nothing,
        "tables": [_table(one) for one in tables if one.rows],
    }


def _entry(entry: Entry) -> Data:
    return {"words": entry.words, "details": list(entry.details), "status": str(entry.status)}


def _goal(sheet: GoalSheet, told: bool) -> Data:
    """A page of a goal; `told` says how each KPI comes by its score, and who it is linked with."""
    parts = set_parts(sheet, None if told else _MOST_PARTS)
    more = [set_initiatives(sheet), *(set_neighbours(sheet) if told else ())]
    return {
        "name": sheet.name,
        "lead": " · ".join(filter(None, (sheet.perspective, sheet.owner))),
        "status": str(sheet.status),
        "words": sheet.words,
        "description": sheet.description,
        "numbers": [_line(Line((one.name, one.words, one.coverage, one.how), one.status, 1)) for one in sheet.numbers],
        "remarks": list(sheet.remarks),
        "kpis": _table(set_kpis(sheet)),
        "charts": [_chart(one, told) for one in sheet.kpis if one.chart],
        "parts": _table(parts) if parts else None,
        "sum": say_sum(sheet),
        "tables": [_table(one) for one in more if one.rows],
        "comments": [list(one) for one in sheet.comments[: None if told else 1]],
    }


def _chart(kpi: KpiSheet, told: bool) -> Data:
    assert kpi.chart is not None
    unit = kpi.chart.unit
    return {
        "svg": write_chart_svg(kpi.chart, unit, "", LIGHT, *_CHART),
        "alt": f"{kpi.name}: {describe_chart(kpi.chart, unit)}",
        "name": kpi.name,
        "words": kpi.words,
        "status": str(kpi.status),
        "reasons": [*kpi.reasons, *([kpi.caution] if kpi.caution else [])] if told else [],
    }


def _table(table: Table) -> Data:
    columns = [{"name": one, "right": one in table.right} for one in table.columns]
    return {"title": table.title, "columns": columns, "rows": [_line(one) for one in table.rows]}


def _line(line: Line) -> Data:
    return {"cells": list(line.cells), "status": str(line.status), "coloured": line.coloured}
