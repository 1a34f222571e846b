"""The scorecard, the map, goals and the review pack as Markdown for a pull request or a wiki.

The map is a Mermaid block, charts are rows of bars. Every text passes the escape of Markdown, so that none is markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scorecard.analysis.agenda import Topic
from scorecard.render.agenda_words import escape_item
from scorecard.render.chart_data import ChartData
from scorecard.render.edition import Edition, What
from scorecard.render.freshness_text import escape
from scorecard.render.goal_sheet import GoalSheet
from scorecard.render.goal_tables import (
    Line,
    Table,
    say_sum,
    set_initiatives,
    set_kpis,
    set_neighbours,
    set_numbers,
    set_parts,
)
from scorecard.render.kpi_chart_svg import describe_chart
from scorecard.render.markdown_table import write_markdown
from scorecard.render.mermaid import write_mermaid
from scorecard.render.pack import Pack, Section, make_pack
from scorecard.render.picture import Picture
from scorecard.render.table import sparkline

_LINE_END = re.compile(r"[ \t]*[\n\v\f\r\x1c-\x1e\x85\u2028\u2029][\s]*")
_CHART = Table("Charts", ("KPI", "Trend", "Periods"), ())


def write_markdown_file(edition: Edition) -> bytes:
    """The table, or as asked for the map, goals, or the review pack. Raises KeyError for an unknown goal."""
    match edition.what:
        case What.MAP:
            lines = [*_heading(1, f"{edition.picture.title} · {edition.picture.period}"), *_map(edition.picture)]
        case What.GOAL:
            lines = list(_goals(edition))
        case What.REVIEW:
            lines = list(_review(make_pack(edition)))
        case _:
            return write_markdown(edition.evaluation, edition.before).encode()
    return ("\n".join(lines).rstrip("\n") + "\n").encode()


def _goals(edition: Edition) -> Iterator[str]:
    picture = edition.picture
    yield from _heading(1, f"{picture.title} · {picture.period}")
    if picture.illustrative:
        yield from _paragraph(picture.illustrative)
    for sheet in edition.sheets([edition.goal] if edition.goal else list(edition.evaluation.strategy.goals)):
        yield from _goal(sheet, 2)


def _review(pack: Pack) -> Iterator[str]:
    yield from _heading(1, pack.title)
    yield from _paragraph(pack.as_of)
    if pack.remark:
        yield from _paragraph(pack.remark)
    if pack.decided:
        yield from _section(pack.decided)
    for section in pack.sections:
        yield from _section(section)
        match section.topic:
            case Topic.MAP:
                yield from _map(pack.picture)
            case Topic.LOSS:
                for dive in pack.dives:
                    yield from _goal(dive, 3)
            case Topic.INITIATIVE:
                yield from _table(pack.initiatives)
            case Topic.DATA:
                yield from _table(pack.coverage)
                yield from _table(pack.weak)


def _section(section: Section) -> Iterator[str]:
    yield from _heading(2, section.title)
    for entry in section.entries:
        yield f"- {_say(entry.words)}"
        yield from (f"  - {_say(line)}" for line in entry.details)
    if not section.entries:
        yield section.nothing
    yield ""


def _map(picture: Picture) -> list[str]:
    """The map in a block that holds nothing of its fence, as Mermaid's escape leaves no such sign."""
    return ["```mermaid", write_mermaid(picture).rstrip("\n"), "```", ""]


def _goal(sheet: GoalSheet, level: int) -> Iterator[str]:
    yield from _heading(level, f"{sheet.name}: {sheet.words}")
    yield from _paragraph(" · ".join(filter(None, (sheet.perspective, sheet.owner))))
    if sheet.description:
        yield from _paragraph(sheet.description)
    yield from _table(set_numbers(sheet))
    yield from _items(sheet.remarks)
    yield from _table(set_kpis(sheet))
    yield from _charts(sheet)
    parts = set_parts(sheet)
    yield from _table(parts) if parts else ()
    yield from _paragraph(say_sum(sheet))
    for table in (set_initiatives(sheet), *set_neighbours(sheet)):
        yield from _table(table)
    yield from _items(f"{period}: {text}" for period, text in sheet.comments)


def _charts(sheet: GoalSheet) -> Iterator[str]:
    charted = [(kpi, kpi.chart) for kpi in sheet.kpis if kpi.chart]
    rows = (Line((kpi.name, _bars(chart), describe_chart(chart, chart.unit))) for kpi, chart in charted)
    yield from _table(Table(_CHART.title, _CHART.columns, tuple(rows)))


def _bars(chart: ChartData) -> str:
    """The values as bars between the lowest and the highest that the chart has to span; a gap where unknown."""
    room = chart.high - chart.low
    return sparkline([None if one.value is None else (one.value - chart.low) / room for one in chart.points])


def _table(table: Table) -> Iterator[str]:
    """A table with its title in bold letters; nothing where it has no rows."""
    if not table.rows:
        return
    if table.title:
        yield from (f"**{_say(table.title)}**", "")
    yield _row(map(_cell, table.columns))
    yield _row("---:" if name in table.right else "---" for name in table.columns)
    yield from (_row(map(_cell, line.cells)) for line in table.rows)
    yield ""


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _heading(level: int, text: str) -> list[str]:
    return [f"{'#' * level} {_say(text)}", ""]


def _paragraph(text: str) -> list[str]:
    return [_say(text), ""]


def _items(texts: Iterable[str]) -> Iterator[str]:
    lines = [f"- {_say(text)}" for text in texts]
    yield from [*lines, ""] if lines else ()


def _say(text: str) -> str:
    """Text on a line of its own or in an item: line ends are spaces, and none of its signs is markup."""
    return escape_item(_one_line(text))


def _cell(text: str) -> str:
    return escape(_one_line(text))


def _one_line(text: str) -> str:
    return _LINE_END.sub(" ", text.strip(" \t"))
