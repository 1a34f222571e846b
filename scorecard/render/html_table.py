"""The scorecard table of a web page, with what its script needs to filter and sort the rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import GoalResult, KpiResult
from scorecard.model.status import Status
from scorecard.render.edition import Edition
from scorecard.render.html_text import Html, draw_table, escape, say, say_status, tag
from scorecard.render.table import COLUMNS, COMPARED, KEY, RIGHT, Move, Row, compare_row, scorecard_rows

_BEHIND = COLUMNS.index("Score") + 1  # where the columns of a comparison stand
_SEVERITY = list(Status)


def row_id(goal: str) -> str:
    """The id of a goal's row."""
    return f"row-{goal}"


def draw_scorecard(edition: Edition, addresses: Mapping[str, str]) -> Html:
    """The table under a heading; names of goals lead to their addresses."""
    then = edition.evaluation.at(edition.before) if edition.before else None
    columns = COLUMNS if then is None else (*COLUMNS[:_BEHIND], *COMPARED, *COLUMNS[_BEHIND:])
    head = [say("th", name or "Status", scope="col", class_=_side(name)) for name in columns]
    rows = list(scorecard_rows(edition.evaluation))
    body = [_draw_row(edition.evaluation, row, columns, then, addresses) for row in rows]
    caption = escape(KEY)
    inside = [say("h2", "Scorecard", id="scorecard-name"), _draw_filter()]
    inside.append(draw_table(caption, head, body, id="rows"))
    return tag("section", *inside, id="scorecard", aria_labelledby="scorecard-name")


def _draw_filter() -> Html:
    """The box, which is there only where scripts run."""
    label = say("label", "Filter", for_="filter")
    field = tag(
        "input",
        id="filter",
        type="search",
        autocomplete="off",
        spellcheck="false",
        placeholder="status:red owner:maria stale",
        aria_describedby="found",
    )
    return tag("div", label, field, say("output", "", id="found", for_="filter"), class_="controls", hidden="")


def _draw_row(
    evaluation: Evaluation, row: Row, columns: Sequence[str], then: Evaluation | None, addresses: Mapping[str, str]
) -> Html:
    said = dict(zip(COLUMNS, row.cells, strict=True))
    move = compare_row(row, then) if then else None
    said |= dict(zip(COMPARED, move.cells, strict=True)) if move else {}
    keys = dict(_sort_keys(row, move))
    cells = [_draw_cell(row, name, said[name], keys.get(name), addresses) for name in columns]
    place = row_id(row.id) if row.kind == "goal" else None
    return tag("tr", *cells, id=place, class_=row.kind, **dict(_facts(evaluation, row)))


def _draw_cell(row: Row, column: str, text: str, key: str | None, addresses: Mapping[str, str]) -> Html:
    if column == "Goal / KPI":
        address = addresses.get(row.id) if row.kind == "goal" else None
        linked = address if address != f"#{row_id(row.id)}" else None
        name = say("a", text, href=linked, class_="name") if linked else say("span", text, class_="name")
        marks = [say("span", f"{row.mark} ", class_="mark")] if row.mark else []
        return tag("th", *marks, name, scope="row")
    if column == "":
        words = text if row.kind == "goal" else f"{row.status.sign} {row.status}"
        return tag("td", say_status(row.status, words), data_key=key)
    if column == "Trend":
        return tag("td", say("span", text, class_=f"status {row.status}", aria_hidden="true"))
    if column in ("Score", "Outlook") and text:
        status = row.status if column == "Score" else row.outlook
        return tag("td", say_status(status, text), class_=_side(column), data_key=key)
    return say("td", text, class_=_side(column), data_key=key)


def _side(column: str) -> str | None:
    return "right" if column in RIGHT else "owner" if column == "Owner" else None


def _sort_keys(row: Row, move: Move | None) -> Iterator[tuple[str, str]]:
    """What columns are sorted by that show numbers; nothing for an unknown one."""
    result = row.result
    found: dict[str, float | str | None] = {"": _SEVERITY.index(row.status)}
    if isinstance(result, KpiResult):
        found |= {"Score": result.score, "Actual": result.value, "Target": result.target}
    elif isinstance(result, GoalResult):
        found |= {"Score": result.lagging.score, "Outlook": result.outlook.score}
    if move:
        found |= {"Before": move.score_before, "Change": move.score}
    for column, value in found.items():
        if value is not None and not isinstance(value, str):
            yield column, repr(float(value))


def _facts(evaluation: Evaluation, row: Row) -> Iterator[tuple[str, str]]:
    """What a filter may ask of a row beside what its cells say."""
    result = row.result
    yield "data_id", row.id
    yield "data_status", str(row.status)
    if isinstance(result, GoalResult):
        yield "data_outlook", str(result.heading)
        yield "data_signal", str(result.signal)
    if theme := row.goal and evaluation.strategy.goals[row.goal].theme:
        yield "data_theme", f"{theme} {evaluation.strategy.themes.get(theme, '')}"
    if flags := " ".join(_flags(row)):
        yield "data_flags", flags


def _flags(row: Row) -> Iterator[str]:
    result = row.result
    if isinstance(result, GoalResult):
        yield from ["breached"] * bool(result.guardrails_breached) + ["judged"] * (result.override is not None)
    if isinstance(result, KpiResult):
        yield "missing" if result.value is None else "fresh" if not result.stale else ""
        yield from ["stale"] * result.stale + ["partial"] * result.partial
