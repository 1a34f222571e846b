"""The scorecard as an XLSX workbook that computes: type a value, and scores, goals and index follow.

`model/book_columns.py` says which sheets and columns there are, `docs/workbook.md` what they are for. Every formula stands
beside its result, for readers that do not compute. The same edition gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from scorecard.compute.results import GoalResult, KpiResult, PerspectiveResult
from scorecard.model.book_columns import (
    AMBER,
    APPLIES,
    BREACHED,
    COLUMNS,
    GOALS,
    GREEN,
    GUARDRAILS,
    HISTORY,
    INDEX,
    INDEX_COVERAGE,
    INDEX_STATUS,
    KPIS,
    OF_RESULT,
    OF_SCORE,
    OF_VALUE,
    PERSPECTIVES,
    SCORECARD,
)
from scorecard.model.status import Status
from scorecard.render import book_formulas as formulas
from scorecard.render.book import number_format
from scorecard.render.book_figures import write_figures, write_settings
from scorecard.render.book_goals import write_goals, write_perspectives
from scorecard.render.book_kpis import setting, write_kpis, write_metrics, write_points
from scorecard.render.book_links import write_guardrails, write_initiatives, write_links, write_uses
from scorecard.render.book_places import Places, find_places
from scorecard.render.book_sheets import SHARE, Book, Content, cell, letter, span, write
from scorecard.render.edition import Edition
from scorecard.render.palette import LIGHT
from scorecard.render.picture import illustrative_remark
from scorecard.render.table import COMPARED, KEY, TREND, Row, compare_row, scorecard_rows
from scorecard.render.words import GUARDRAIL_SIGN, NO_SCORE, OVERRIDE_SIGN, UNKNOWN, percent, status_words

HEADERS = ("Status", "Goal / KPI", "Owner", "Actual", "Target", "Unit", "Score", "", "Outlook", "Trend", "Data")
TOP = 5  # the row of the headers
_WIDTHS = (14, 44, 22, 12, 12, 14, 9, 3, 9, 22, 30)
_WIDEST, _INDENTED = 90, 4  # of a column of names, and what is added to a name, in letters
_RIGHT = {"Actual", "Target", "Score", "Outlook", *COMPARED}
_CENTRED = {"", "Trend"}


class _Live(NamedTuple):
    """A formula and what it gives now."""

    formula: str
    result: Content


def write_scorecard_book(edition: Edition) -> bytes:
    """The workbook. Raises MissingTool without XlsxWriter."""
    evaluation = edition.evaluation
    book, places = Book(f"{evaluation.strategy.title} · {evaluation.scope}"), find_places(evaluation.strategy)
    sheet = book.add_sheet(SCORECARD)
    write_kpis(book, evaluation, places)
    write_goals(book, evaluation, places)
    write_links(book, evaluation, places)
    write_uses(book, evaluation, places)
    write_initiatives(book, evaluation)
    write_guardrails(book, evaluation, places)
    write_points(book, evaluation, places)
    write_metrics(book, evaluation)
    write_perspectives(book, evaluation, places)
    history = write_figures(book, evaluation)
    write_settings(book, evaluation, places)
    _write_scorecard(book, sheet, edition, places, history)
    return book.pack()


def _write_scorecard(
    book: Book, sheet: Any, edition: Edition, places: Places, history: Mapping[tuple[str, str], int]
) -> None:
    headers = (*HEADERS, *COMPARED) if edition.before else HEADERS
    rows = list(scorecard_rows(edition.evaluation))
    widths = [*_WIDTHS, 12, 12]
    for at in (1, 2):  # names and owners
        widths[at] = min(_WIDEST, max([widths[at], *(len(row.cells[at]) + _INDENTED for row in rows)]))
    _write_heading(book, sheet, edition)
    for at, header in enumerate(headers):
        across = "right" if header in _RIGHT else "center" if header in _CENTRED else "left"
        write(book, sheet, TOP, at, header, "heading", align=across, indent=int(header not in _CENTRED))
        sheet.set_column(at, at, widths[at])
    sheet.set_row(TOP, 22)
    before = edition.evaluation.at(edition.before) if edition.before else None
    last = TOP
    for last, row in enumerate(rows, TOP + 1):
        _write_row(book, sheet, last, row, _contents(row, places))
        _draw_trend(sheet, last, row, history, edition.evaluation.column)
        for at, text in enumerate(compare_row(row, before).cells if before else (), len(HEADERS)):
            write(book, sheet, last, at, text, _look(row), align="right", indent=1)
        sheet.set_row(last, 17)
    _set_colours(book, sheet, last)
    sheet.autofilter(TOP, 0, last, len(headers) - 1)
    sheet.freeze_panes(TOP + 1, 2)
    sheet.repeat_rows(TOP)
    sheet.set_footer(f"&L{_print_text(edition.evaluation.scope)}&R&P / &N")
    sheet.set_header(f"&L&B{_print_text(edition.evaluation.strategy.title)}&R{_print_text(edition.evaluation.scope)}")
    sheet.activate()


def _write_heading(book: Book, sheet: Any, edition: Edition) -> None:
    """Title, period and index, and above the scores where they turn amber and green."""
    evaluation, index = edition.evaluation, edition.evaluation.index
    write(book, sheet, 0, 0, evaluation.strategy.title, "title")
    write(book, sheet, 1, 0, evaluation.scope, "period")
    score, state, coverage = (setting(name) for name in (INDEX, INDEX_STATUS, INDEX_COVERAGE))
    shown = f'IF({score}="","",TEXT({score}," 0%"))'
    formula = f'"Index "&{formulas.signed(state)}&{shown}&" · coverage "&TEXT({coverage},"0%")'
    words = f"Index {status_words(index.status, index.score)} · coverage {percent(index.coverage)}"
    sheet.write_formula(2, 0, f"={formula}", book.look("period"), words)
    remarks = (illustrative_remark(evaluation.strategy), KEY)
    write(book, sheet, 3, 0, " ".join(one for one in remarks if one), "remark")
    sheet.set_row(0, 28)
    sheet.set_row(1, 18)
    sheet.set_row(2, 18)
    for row, (name, bound) in enumerate(
        ((AMBER, evaluation.strategy.bands.amber), (GREEN, evaluation.strategy.bands.green)), 1
    ):
        write(book, sheet, row, 5, f"{name.lower()} from", "remark", align="right")
        sheet.write_formula(row, 6, f"={setting(name)}", book.look("remark", num_format=SHARE), bound)


def _contents(row: Row, places: Places) -> list[Content | _Live]:
    """What stands in the cells of a row, the trend left out."""
    result = row.result
    if isinstance(result, PerspectiveResult):
        return _perspective_contents(row, result, places)
    if isinstance(result, GoalResult):
        return _goal_contents(row, result, places)
    return _kpi_contents(row, result, places)


def _perspective_contents(row: Row, result: PerspectiveResult, places: Places) -> list[Content | _Live]:
    def at(header: str) -> str:
        return cell(PERSPECTIVES, header, places.perspectives[row.id])

    status = _Live(formulas.signed(at("Result status")), _sign(row.status))
    score, outlook = _number(at("Result"), result.lagging.score), _number(at("Outlook"), result.outlook.score)
    return [status, row.cells[1], "", "", "", "", score, "", outlook, None, ""]


def _goal_contents(row: Row, result: GoalResult, places: Places) -> list[Content | _Live]:
    def at(header: str) -> str:
        return cell(GOALS, header, places.goals[row.id])

    guardrails = places.guardrails.get(row.id)
    marks = f'IF({at("Override applies")}="{APPLIES}"," {OVERRIDE_SIGN}","")'
    if guardrails:
        breached = f'COUNTIF({span(GUARDRAILS, "State", guardrails)},"{BREACHED}")>0'
        marks = f'IF({breached}," {GUARDRAIL_SIGN}","")&{marks}'
    status = _Live(f"{formulas.signed(at('Status'))}&{marks}", row.cells[0])
    arrow = result.heading.arrow if result.outlook.score is not None else ""
    return [
        status,
        row.cells[1],
        row.cells[2],
        "",
        "",
        "",
        _number(at("Result"), result.lagging.score),
        _Live(formulas.heading(at("Outlook"), at("Result")), arrow),
        _number(at("Outlook"), result.outlook.score),
        None,
        row.cells[9],
    ]


def _kpi_contents(row: Row, result: KpiResult, places: Places) -> list[Content | _Live]:
    def at(header: str) -> str:
        return cell(KPIS, header, places.kpis[row.id])

    target: Content | _Live = row.cells[4]
    if result.target is not None:
        target = _Live(f'IF({at("Target")}="","",{at("Target")})', result.target)
    value = _Live(f'IF({at("Value")}="","{UNKNOWN}",{at("Value")})', UNKNOWN if result.value is None else result.value)
    score: Content | _Live = _number(at("Score"), result.score) if row.cells[6] else ""
    status = _Live(formulas.signed(at("Status")), _sign(row.status))
    return [
        status,
        f"{row.mark} {row.cells[1]}".strip(),
        row.cells[2],
        value,
        target,
        row.cells[5],
        score,
        "",
        "",
        None,
        row.cells[9],
    ]


def _number(origin: str, score: float | None) -> _Live:
    return _Live(f'IF({origin}="","{NO_SCORE}",{origin})', NO_SCORE if score is None else score)


def _sign(status: Status) -> str:
    return f"{status.sign} {status}"


def _look(row: Row) -> str:
    return {"perspective": "lane", "goal": "goal", "kpi": "text"}[row.kind]


def _write_row(book: Book, sheet: Any, at: int, row: Row, contents: list[Content | _Live]) -> None:
    unit = row.result.kpi.unit if isinstance(row.result, KpiResult) else None
    for column, (header, content) in enumerate(zip(HEADERS, contents, strict=True)):
        more: dict[str, Any] = {}
        if header == "":
            more = {"align": "center"}
        if header in ("Status", "Owner", "Unit", "Data"):
            more = {"indent": 1}
        if header == "Goal / KPI":
            more = {"indent": {"perspective": 1, "goal": 2, "kpi": 4}[row.kind]}
        if header in _RIGHT:
            more = {"align": "right", "indent": 1}
        if header in ("Score", "Outlook"):
            more["num_format"] = SHARE
        if isinstance(content, _Live):
            if header in ("Actual", "Target"):
                more["num_format"] = number_format(content.result, unit)
            look = book.look(_look(row), **more)
            sheet.write_formula(
                at, column, f"={content.formula}", look, "" if content.result is None else content.result
            )
        else:
            write(book, sheet, at, column, content, _look(row), **more)


def _draw_trend(sheet: Any, at: int, row: Row, history: Mapping[tuple[str, str], int], column: int) -> None:
    """Bars of the last review periods: of a KPI's scores, or of its values where it has none; of a goal's result."""
    kinds = {"goal": (OF_RESULT,), "kpi": (OF_SCORE, OF_VALUE)}.get(row.kind, ())
    kind = next((one for one in kinds if (one, row.id) in history), None)
    if kind is None:
        return
    line, first = history[kind, row.id] + 1, len(COLUMNS[HISTORY])
    cells = f"{HISTORY}!${letter(first + max(0, column + 1 - TREND))}${line}:${letter(first + column)}${line}"
    look: dict[str, Any] = {"type": "column", "series_color": LIGHT.link, "last_point": True}
    look |= {"last_color": LIGHT.tone(row.status).line} | ({"min": 0, "max": 1.15} if kind != OF_VALUE else {})
    sheet.add_sparkline(at, HEADERS.index("Trend"), {"range": cells, **look})


def _set_colours(book: Book, sheet: Any, last: int) -> None:
    """Statuses by their words, scores by the word at their row, outlooks by the bounds in the heading."""
    first, score, outlook = TOP + 1, HEADERS.index("Score"), HEADERS.index("Outlook")
    for status in Status:
        look = book.tone(status)
        words = {"type": "text", "criteria": "containing", "value": str(status), "format": look}
        sheet.conditional_format(first, 0, last, 0, words)
        by_word = f'=AND(${letter(score)}{first + 1}<>"",ISNUMBER(SEARCH("{status}",$A{first + 1})))'
        sheet.conditional_format(first, score, last, score, {"type": "formula", "criteria": by_word, "format": look})
    cells = f"${letter(outlook)}{first + 1}"
    amber, green = (f"${letter(score)}${row}-1E-9" for row in (2, 3))
    for status, rule in (
        (Status.GREEN, f"{cells}>={green}"),
        (Status.AMBER, f"AND({cells}>={amber},{cells}<{green})"),
        (Status.RED, f"{cells}<{amber}"),
    ):
        by_score = {"type": "formula", "criteria": f"=AND(ISNUMBER({cells}),{rule})", "format": book.tone(status)}
        sheet.conditional_format(first, outlook, last, outlook, by_score)


def _print_text(text: str) -> str:
    """A text for the head or foot of a page: `&` begins a command there, and 255 signs is the most."""
    return text[:60].replace("&", "&&")
