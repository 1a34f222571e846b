"""The scorecard, or the map's links, as CSV by RFC 4180: a header, one row a thing, numbers for machines.

Numbers are unrounded, without unit or separators, a percentage as its fraction; unknown ones are empty. `said` has the
words and rounded numbers of the other formats. A byte order mark lets Excel read it as UTF-8.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import GoalResult, KpiResult, PerspectiveResult
from scorecard.model.period import Period
from scorecard.render.captions import arrow_words, index_words, lane_words
from scorecard.render.graph_data import edge_attributes
from scorecard.render.picture import Picture, draw_picture, kpi_words
from scorecard.render.table import Move, Row, compare_row, data_words, scorecard_rows
from scorecard.render.words import GUARDRAIL_SIGN, rhythm_word, status_words

COLUMNS = (
    *("kind", "id", "goal", "name", "owner", "role", "value", "target", "unit", "score", "status", "coverage"),
    *("leading", "leading_status", "leading_coverage", "outlook", "outlook_status", "outlook_coverage"),
    *("signal", "guardrails_breached", "set_by_hand", "value_from", "stale", "partial", "note", "said"),
    *("strategy", "period", "members"),
)
LINK_COLUMNS = (
    *("source", "target", "source_name", "target_name", "effect", "weight", "share", "delay", "evidence", "why"),
    *("said", "strategy", "period", "members"),
)
COMPARED_COLUMNS = (
    *("status_before", "score_before", "score_change", "value_before", "value_change", "compared", "compared_with"),
)

Value = str | float | None

_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_ROLES = {"→": "driver", "*": "primary", "·": "diagnostic", "→·": "driver, diagnostic", GUARDRAIL_SIGN: "guardrail"}


def write_table(evaluation: Evaluation, before: Period | None = None, guardrails: bool = False) -> str:
    """The index, then perspectives, goals and KPIs in the order of the scorecard; a KPI once for each goal that uses it.

    COMPARED_COLUMNS follow where a period of the evaluation's span is compared with. With `guardrails` also those KPIs
    that only watch a goal.
    """
    picture = draw_picture(evaluation, before)
    lanes = {lane.id: lane_words(lane) for lane in picture.lanes}
    index = evaluation.index
    first: dict[str, Value] = {"kind": "index", "name": "Index", "score": index.score, "status": index.status.value}
    first |= {"coverage": index.coverage, "said": index_words(picture), "note": picture.illustrative}
    then = evaluation.at(before) if before else None
    found = list(scorecard_rows(evaluation, guardrails=guardrails))
    rows = [first, *(_row(evaluation, row, lanes) for row in found)]
    if then is None:
        return _write(COLUMNS, evaluation, rows)
    moves = [_index_move(picture, then), *(_move(compare_row(row, then)) for row in found)]
    other: dict[str, Value] = {"compared_with": picture.before}
    compared = [row | move | other for row, move in zip(rows, moves, strict=True)]
    return _write((*COLUMNS, *COMPARED_COLUMNS), evaluation, compared)


def write_links(evaluation: Evaluation, picture: Picture | None = None) -> str:
    """The links of the map, or of a part of it, cause and effect by id and name."""
    return _write(LINK_COLUMNS, evaluation, _links(picture or draw_picture(evaluation)))


def escape(text: str) -> str:
    """Text that no spreadsheet takes for a formula: where it would, an apostrophe stands before it.

    One apostrophe taken off a cell that begins with some and then a sign of formulas gives the text back.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def _write(columns: Sequence[str], evaluation: Evaluation, rows: Iterable[dict[str, Value]]) -> str:
    ours: dict[str, Value] = {"strategy": evaluation.strategy.id, "period": str(evaluation.period)}
    ours["members"] = ", ".join(f"{name}={member}" for name, member in evaluation.members.items())
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(columns)
    for row in rows:
        table.writerow([_cell((row | ours).get(column)) for column in columns])
    return "\ufeff" + text.getvalue()


def _cell(value: Value) -> str:
    return escape(value) if isinstance(value, str) else "" if value is None else repr(value).removesuffix(".0")


def _row(evaluation: Evaluation, row: Row, lanes: Mapping[str, str]) -> dict[str, Value]:
    known: dict[str, Value] = {"kind": row.kind, "id": row.id, "goal": row.goal, "status": row.status.value}
    result = row.result
    if isinstance(result, KpiResult):
        return known | _kpi(evaluation, result) | {"role": _ROLES.get(row.mark, "")}
    known |= {"score": result.lagging.score, "coverage": result.lagging.coverage}
    for name, reading in (("leading", result.leading), ("outlook", result.outlook)):
        known |= {name: reading.score, f"{name}_status": reading.status.value, f"{name}_coverage": reading.coverage}
    if isinstance(result, PerspectiveResult):
        return known | {"name": result.perspective.title, "said": lanes[row.id]}
    return known | _goal(result)


def _index_move(picture: Picture, then: Evaluation) -> dict[str, Value]:
    before = then.index
    known: dict[str, Value] = {"status_before": before.status.value, "score_before": before.score}
    return known | {"score_change": picture.index_difference, "compared": picture.index_change}


def _move(move: Move) -> dict[str, Value]:
    return {
        "status_before": move.status_before.value,
        "score_before": move.score_before,
        "score_change": move.score,
        "value_before": move.value_before,
        "value_change": move.value,
        "compared": move.words,
    }


def _goal(result: GoalResult) -> dict[str, Value]:
    override = result.override
    return {
        "name": result.goal.title,
        "owner": result.goal.owner or "",
        "signal": result.signal.value,
        "guardrails_breached": " ".join(result.guardrails_breached),
        "set_by_hand": override.why if override else "",
        "said": f"{result.goal.title}: {status_words(result.status, result.lagging.score)}",
    }


def _kpi(evaluation: Evaluation, result: KpiResult) -> dict[str, Value]:
    return {
        "name": result.kpi.title,
        "owner": result.kpi.owner or "",
        "value": result.value,
        "target": result.target,
        "unit": result.kpi.unit or "",
        "score": result.score,
        "value_from": str(result.effective_period or ""),
        "stale": "yes" if result.stale else "",
        "partial": "yes" if result.partial else "",
        "note": data_words(evaluation, result),
        "said": kpi_words(result),
    }


def _links(picture: Picture) -> Iterator[dict[str, Value]]:
    boxes = {box.id: box for box in picture.boxes}
    rhythm = rhythm_word(picture.period)
    for arrow in picture.arrows:
        said = arrow_words(arrow, boxes, rhythm).split("\n")[0]
        ends: dict[str, Value] = {"source": arrow.source, "target": arrow.target, "said": said}
        names: dict[str, Value] = {"source_name": boxes[arrow.source].name, "target_name": boxes[arrow.target].name}
        yield {**ends, **names, **edge_attributes(arrow)}
