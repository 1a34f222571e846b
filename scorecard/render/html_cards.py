"""The cards of goals in a web page: their numbers and how these come about, KPIs, links, initiatives, comments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from scorecard.render.edition import Edition
from scorecard.render.explanation_rows import PartRow, line_status
from scorecard.render.goal_sheet import GoalSheet, Neighbour, Number
from scorecard.render.goal_tables import say_sum, set_parts
from scorecard.render.html_kpis import draw_kpi
from scorecard.render.html_text import Html, draw_bar, draw_table, escape, join, list_items, say, say_status, tag
from scorecard.render.words import GUARDRAIL_SIGN

_NAME, _BAR = 1, 5  # in the table of parts: the column that names a row, and where the bars stand
_MOST_PARTS = 15  # rows; smaller ones are one row, so that the table still adds up


def draw_cards(edition: Edition, goals: Sequence[str], addresses: Mapping[str, str], heading: str) -> Html:
    """A card each; `heading` is the level of their names, such as `h3`, and `addresses` where links to goals lead to."""
    return join(_draw_card(edition, sheet, addresses, heading) for sheet in edition.sheets(goals))


def _draw_card(edition: Edition, sheet: GoalSheet, addresses: Mapping[str, str], heading: str) -> Html:
    name, below = f"goal-{sheet.id}-name", f"h{int(heading[1]) + 1}"
    owner = f" · {sheet.owner}" if sheet.owner else ""
    top = [say("p", f"{sheet.perspective}{owner}", class_="quiet"), say(heading, sheet.name, id=name)]
    top.append(say_status(sheet.status, sheet.words, "p"))
    inside = [tag("header", *top)]
    inside += [say("p", sheet.description, class_="told")] if sheet.description else []
    inside.append(_draw_numbers(sheet.numbers))
    inside.append(list_items((escape(one) for one in sheet.remarks), class_="remarks"))
    inside += _draw_kpis(sheet, below)
    inside += _draw_parts(edition, sheet, below)
    inside.append(tag("div", *_draw_rest(sheet, addresses, below), class_="rest"))
    return tag(
        "article",
        *inside,
        id=f"goal-{sheet.id}",
        class_=f"card {sheet.status}",
        tabindex="-1",
        aria_labelledby=name,
    )


def _draw_numbers(numbers: Iterable[Number]) -> Html:
    """Result, drivers and outlook with how they come about."""
    rows = []
    for one in numbers:
        cells = [say("dt", one.name), tag("dd", say_status(one.status, one.words), *_quiet(one.coverage))]
        cells += [say("dd", one.how, class_="quiet")] if one.how else []
        rows.append(tag("div", *cells))
    return tag("dl", *rows, class_="numbers")


def _quiet(words: str) -> list[Html]:
    return [say("span", f" {words}", class_="quiet")] if words else []


def _draw_kpis(sheet: GoalSheet, heading: str) -> Iterator[Html]:
    for side, title in (("result", "KPIs of the result"), ("driver", "KPIs of the drivers")):
        drawn = [draw_kpi(kpi, f"h{int(heading[1]) + 1}") for kpi in sheet.kpis if kpi.side == side]
        if drawn:
            yield say(heading, title)
            yield tag("div", *drawn, class_="measures")


def _draw_parts(edition: Edition, sheet: GoalSheet, heading: str) -> Iterator[Html]:
    """What the outlook consists of: a table that adds up, a bar each row."""
    table = set_parts(sheet, _MOST_PARTS)
    if table is None or sheet.parts is None:
        yield from (say(heading, "What the outlook consists of"), say("p", say_sum(sheet)))
        return
    sides = ["right" if name in table.right else None for name in table.columns]
    head = [say("th", name, scope="col", class_=side) for name, side in zip(table.columns, sides, strict=True)]
    head.insert(_BAR, say("th", "Part and loss", scope="col"))
    longest = max((abs(row.line.share) for row in sheet.parts.rows if row.line), default=1.0) or 1.0
    rows = []
    parts = sheet.parts.rows if len(sheet.parts.rows) <= _MOST_PARTS else (*sheet.parts.rows[: _MOST_PARTS - 1], None)
    for line, part in zip(table.rows, parts, strict=True):
        cells = [say("td", text, class_=side) for text, side in zip(line.cells, sides, strict=True)]
        cells[_NAME] = say("th", line.cells[_NAME], scope="row")
        rows.append(tag("tr", *cells[:_BAR], tag("td", _draw_part(edition, part, longest)), *cells[_BAR:]))
    yield say(heading, table.title)
    yield draw_table(escape(say_sum(sheet)), head, rows, class_="parts")


def _draw_part(edition: Edition, row: PartRow | None, longest: float) -> Html:
    """The part reached and, lighter, the part lost, against the largest share."""
    if row is None or row.line is None:
        return Html("")
    reached = max(0.0, row.line.share * row.line.score) / longest
    return draw_bar(reached, line_status(edition.evaluation, row.line), row.line.loss / longest)


def _draw_rest(sheet: GoalSheet, addresses: Mapping[str, str], heading: str) -> Iterator[Html]:
    """Lists beside each other, those that have items."""
    guardrails = (escape(f"{'' if holds else f'{GUARDRAIL_SIGN} '}{words}") for holds, words in sheet.guardrails)
    initiatives = (
        join([say("b", one.name), escape(f": {one.words}" + (f", {one.owner}" if one.owner else ""))])
        for one in sheet.initiatives
    )
    comments = (join([say("b", period), escape(f": {text}")]) for period, text in sheet.comments)
    lists = {
        "Driven by": (_draw_neighbour(one, addresses) for one in sheet.drivers),
        "Drives": (_draw_neighbour(one, addresses) for one in sheet.driven),
        "Guardrails": guardrails,
        "Initiatives": initiatives,
        "Comments": comments,
    }
    for title, items in lists.items():
        if drawn := list_items(items):
            yield tag("div", say(heading, title), drawn)


def _draw_neighbour(one: Neighbour, addresses: Mapping[str, str]) -> Html:
    address = addresses.get(one.id)
    name = say("a", one.name, href=address) if address else say("b", one.name)
    return join([name, Html(" "), say_status(one.status, one.words), *_quiet(f"({one.link})")])
