"""The sheets of the workbook with the history of every figure, and with the settings and the index."""

from __future__ import annotations

from collections.abc import Mapping

from scorecard.compute.evaluation import Evaluation
from scorecard.model.book_columns import (
    AMBER,
    DESCRIPTION,
    GREEN,
    HISTORY,
    INDEX,
    INDEX_COVERAGE,
    INDEX_STATUS,
    LEAD_SHARE,
    NAME,
    OF_RESULT,
    OF_SCORE,
    OF_VALUE,
    OWNER,
    PERIOD,
    PURPOSE,
    REMARK,
    RHYTHM,
    ROWS,
    SETTINGS,
    STRATEGY,
    THEME,
    YEAR_START,
)
from scorecard.model.kpi import Kpi, Measure
from scorecard.render import book_formulas as formulas
from scorecard.render.book import number_format
from scorecard.render.book_goals import index_formulas
from scorecard.render.book_kpis import SHARES, setting
from scorecard.render.book_places import Places
from scorecard.render.book_sheets import SHARE, Book, Content, Table, write
from scorecard.render.picture import illustrative_remark

_LINE, _LETTERS, _LINES = 15, 32, 12  # height of a line in points, its letters, and the most lines of a text
_LIVE = (INDEX, INDEX_STATUS, INDEX_COVERAGE)
_TYPED = {AMBER: "0.0%", GREEN: "0.0%", LEAD_SHARE: SHARE}


def write_figures(book: Book, evaluation: Evaluation) -> Mapping[tuple[str, str], int]:
    """A row for each KPI, metric and goal with its figures over the review periods; gives the rows by kind and id.

    A value stands in the period it is from, so what is carried forward leaves gaps.
    """
    strategy, count = evaluation.strategy, evaluation.column + 1
    table = Table(book, HISTORY, [str(period) for period in evaluation.periods[:count]])
    rows: dict[tuple[str, str], int] = {}

    def add(kind: str, name: str, title: str, figures: list[Content], unit: str | None) -> None:
        row = rows[kind, name] = len(rows) + 1
        for header, text in (("Id", name), ("Name", title), ("Kind", kind)):
            table.put(row, header, text)
        for at, figure in enumerate(figures, len(table.columns)):
            form = SHARE if kind != OF_VALUE else number_format(figure, unit)
            write(book, table.sheet, row, at, figure, "text", form, align="right", indent=1)

    for measure in (*strategy.kpis.values(), *strategy.metrics.values()):
        add(OF_VALUE, measure.id, measure.title, _own_values(evaluation, measure), measure.unit)
    for kpi in strategy.kpis.values():
        if evaluation.inputs.rules[kpi.id] is not None:
            add(OF_SCORE, kpi.id, kpi.title, [*evaluation.history(kpi.id, "score")[:count]], None)
    for goal in strategy.goals.values():
        add(OF_RESULT, goal.id, goal.title, [*evaluation.goal_history(goal.id)[:count]], None)
    return rows


def write_settings(book: Book, evaluation: Evaluation, places: Places) -> None:
    """What holds for the whole strategy, and its index."""
    table, strategy, index = Table(book, SETTINGS), evaluation.strategy, evaluation.index
    settings: dict[str, Content] = {
        STRATEGY: strategy.id,
        NAME: strategy.title,
        PURPOSE: strategy.purpose,
        DESCRIPTION: strategy.description,
        OWNER: strategy.owner,
        RHYTHM: strategy.period,
        YEAR_START: strategy.year_start,
        PERIOD: str(evaluation.period),
        AMBER: strategy.bands.amber,
        GREEN: strategy.bands.green,
        LEAD_SHARE: strategy.lead_share,
        REMARK: " · ".join([*evaluation.members.values(), *filter(None, [illustrative_remark(strategy)])]),
    }
    score, coverage = index_formulas(places)
    live: dict[str, tuple[str, Content]] = {
        INDEX: (score, index.score),
        INDEX_STATUS: (formulas.status(setting(INDEX), setting(AMBER), setting(GREEN)), str(index.status)),
        INDEX_COVERAGE: (coverage, index.coverage),
    }
    for row, (name, meaning) in enumerate(ROWS.items(), 1):
        table.put(row, "Setting", name)
        table.put(row, "Meaning", meaning)
        if name in _LIVE:
            table.live(row, "Value", *live[name], SHARE)
        else:
            content, look = settings[name], "entry" if name in _TYPED else "text"
            more = {"align": "left", "indent": 1, "text_wrap": True}
            write(book, table.sheet, row, 1, content, look, _TYPED.get(name, "0"), **more)
            if isinstance(content, str):
                table.sheet.set_row(row, _LINE * min(1 + len(content) // _LETTERS, _LINES))
        if name in _TYPED:
            table.allow("Value", row, SHARES, first=row)
    for row, (theme, title) in enumerate(strategy.themes.items(), len(ROWS) + 1):
        table.put(row, "Setting", f"{THEME}{theme}")
        table.put(row, "Value", title)
    table.colour(len(ROWS), "Value")


def _own_values(evaluation: Evaluation, measure: Measure) -> list[Content]:
    """The values of a measure over the span, in the periods they are from; words where it has levels."""
    values, row, count = evaluation.values, evaluation.values.row(measure.id), evaluation.column + 1
    own = (values.effective[row, :count] == values.reviews[:count]).tolist()
    words = list(measure.levels) if isinstance(measure, Kpi) and measure.levels else None
    found: list[Content] = []
    for value, is_own in zip(evaluation.history(measure.id)[:count], own, strict=True):
        known = value if is_own else None
        found.append(words[int(known)] if words and known is not None else known)
    return found
