"""The papers of a review as a web page: the parts of the meeting in its order, with map, deep dives and tables."""

from __future__ import annotations

from scorecard.analysis.agenda import Topic
from scorecard.render.edition import Edition
from scorecard.render.goal_tables import Line, Table
from scorecard.render.html_cards import draw_cards
from scorecard.render.html_map import draw_map
from scorecard.render.html_text import Html, draw_table, escape, join, list_items, say, say_status, tag
from scorecard.render.pack import Entry, Pack, Section


def draw_review(edition: Edition, pack: Pack) -> list[tuple[str, str, Html]]:
    """The parts with their ids and names; first what is open from the review before, where something is."""
    addresses = {sheet.id: f"#goal-{sheet.id}" for sheet in pack.dives}
    shown = [*([pack.decided] if pack.decided else []), *pack.sections]
    return [_draw_section(edition, pack, section, addresses) for section in shown]


def _draw_section(edition: Edition, pack: Pack, section: Section, addresses: dict[str, str]) -> tuple[str, str, Html]:
    place = f"topic-{section.topic or ('last' if section is pack.decided else 'minutes')}"
    inside = [_draw_entries(section)]
    if section.topic is Topic.MAP:
        return "map", section.title, join([draw_map(edition, addresses, section.title), *inside])
    if section.topic is Topic.LOSS:
        inside.append(draw_cards(edition, list(addresses), addresses, "h3"))
    if section.topic is Topic.INITIATIVE:
        inside += _draw_lines(pack.initiatives)
    if section.topic is Topic.DATA:
        inside += _draw_lines(pack.coverage)
        inside += _draw_lines(pack.weak)
    heading = say("h2", section.title, id=f"{place}-name")
    return place, section.title, tag("section", heading, *inside, id=place, aria_labelledby=f"{place}-name")


def _draw_entries(section: Section) -> Html:
    if not section.entries:
        return say("p", section.nothing)
    return list_items((_draw_entry(one) for one in section.entries), class_="entries")


def _draw_entry(entry: Entry) -> Html:
    return join([escape(entry.words), list_items((escape(one) for one in entry.details), class_="quiet")])


def _draw_lines(table: Table) -> list[Html]:
    """A table under a heading, or nothing where it has no rows."""
    if not table.rows:
        return []
    head = [say("th", name, scope="col", class_=_side(table, name)) for name in table.columns]
    return [
        say("h3", table.title),
        draw_table(escape(table.title), head, [_draw_line(table, one) for one in table.rows]),
    ]


def _draw_line(table: Table, line: Line) -> Html:
    cells = [
        tag("td", say_status(line.status, cell)) if at == line.coloured else say("td", cell, class_=_side(table, name))
        for at, (name, cell) in enumerate(zip(table.columns, line.cells, strict=True))
    ]
    return tag("tr", say("th", line.cells[0], scope="row"), *cells[1:])


def _side(table: Table, column: str) -> str | None:
    return "right" if column in table.right else None
