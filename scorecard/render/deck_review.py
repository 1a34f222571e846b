"""The slides of the meeting itself: its agenda, what was decided last time, what moved, warnings, initiatives, data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scorecard.analysis.agenda import Topic
from scorecard.analysis.initiatives import find_initiatives
from scorecard.model.status import Status
from scorecard.render.agenda_words import MINUTES, OPEN, TOPICS, write_details, write_headline, write_undertaking
from scorecard.render.deck_file import POINT
from scorecard.render.deck_page import QUIET, Look, Page, Place, Run
from scorecard.render.deck_table import Cell, Grid, cut_grid, draw_grid
from scorecard.render.edition import Edition
from scorecard.render.pack import set_undertakings
from scorecard.render.palette import Theme
from scorecard.render.svg_text import break_lines
from scorecard.render.words import span, status_words

INITIATIVES, UNDERTAKINGS = "Initiatives", "initiatives"
_GROUPS: tuple[tuple[str, tuple[Topic | None, ...]], ...] = (  # what shares a slide; None is what was decided
    ("moved", (None, Topic.COLOUR, Topic.WARNING)),
    ("loss", (Topic.LOSS,)),
    (UNDERTAKINGS, (Topic.INITIATIVE,)),
    ("data", (Topic.DATA, Topic.WIN)),
)
Entry = tuple[str, Sequence[str]]  # a headline, and what explains it
Section = tuple[str, list[Entry]]
_HEAD, _BETWEEN = 14, 8  # points of a heading, and between two entries
_CELL = 10.5  # points of letters in a table
_WIDTHS = (27, 25, 15, 10, 10, 8, 9, 15)  # shares of the columns of initiatives
_SCALES = (1.3, 1.15, 1.0)  # of letters, where there is room
_MOST = 400  # characters of an entry's line on a slide


def list_sections(edition: Edition) -> Iterator[tuple[str, list[Section]]]:
    """The key of each slide that has something to show, and its sections."""
    for key, topics in _GROUPS:
        sections = [(title, entries) for title, entries in (_read(edition, one) for one in topics) if entries]
        if sections:
            yield key, sections
    if edition.minutes:
        yield "minutes", [(MINUTES, [*edition.minutes])]


def _read(edition: Edition, topic: Topic | None) -> Section:
    """What is said of a topic under its heading; of initiatives all that are known."""
    if topic is None:
        return OPEN, [(one, ()) for one in edition.decided]
    if topic == Topic.INITIATIVE:
        every = find_initiatives(edition.evaluation.strategy, edition.agenda.day, edition.evaluation.period)
        return INITIATIVES, [(write_undertaking(one), (f"For the goal {one.goal.title}",)) for one in every]
    evaluation, found = edition.evaluation, edition.agenda.topic(topic)
    return TOPICS[topic], [(write_headline(evaluation, item), write_details(evaluation, item)) for item in found]


def draw_agenda(page: Page, area: Place, edition: Edition, sections: Sequence[Section]) -> None:
    """The points of the meeting with how much each has, under the index in a line."""
    left, top, width, height = area
    overview = edition.agenda.topic(Topic.MAP)
    lead = [write_headline(edition.evaluation, item) for item in overview]
    head = [[Run(line, 14, color=QUIET)] for text in lead for line in break_lines(text, width / POINT, 2, 14)]
    tone = page.theme.tone(edition.evaluation.index.status)
    index = status_words(edition.evaluation.index.status, edition.evaluation.index.score)
    head = [[Run(index, 32, bold=True, color=tone.line)], *head]
    tall = round((40 + len(head) * 14) * POINT * 1.36)
    page.text("scorecard:lead", (left, top, width, tall), head)
    points = [[Run(TOPICS[Topic.MAP], 18)]]
    points += [
        [Run(title, 18), Run(f"   {span(len(entries), 'item')}", 14, color=QUIET)] for title, entries in sections
    ]
    numbered = [[Run(f"{number}   ", 18, bold=True, color=QUIET), *runs] for number, runs in enumerate(points, 1)]
    row = min(round(18 * POINT * 1.9), (height - tall) // (len(numbered) + 1))
    for number, runs in enumerate(numbered):
        place = (left, top + tall + row // 2 + number * row, width, row)
        page.text(f"scorecard:agenda {number + 1}", place, [runs], Look(anchor="ctr"))


def cut_undertakings(edition: Edition, theme: Theme, area: Place) -> list[Grid]:
    """All initiatives in tables, as many on each slide as there is room for."""
    table = set_undertakings(edition)
    across = ["r" if name in table.right else "l" for name in table.columns]
    head = [
        Cell(Run(name, _CELL, bold=True, color=QUIET), "", end) for name, end in zip(table.columns, across, strict=True)
    ]
    rows = [
        [
            Cell(
                Run(text, _CELL, at in (0, row.coloured), theme.tone(row.status).line if at == row.coloured else ""),
                theme.tone(row.status).fill if at == row.coloured and row.status != Status.UNKNOWN else "",
                across[at],
            )
            for at, text in enumerate(row.cells)
        ]
        for row in table.rows
    ]
    return cut_grid(Grid(_WIDTHS, [head, *rows]), area)


def draw_undertakings(page: Page, area: Place, grid: Grid) -> None:
    draw_grid(page, "scorecard:initiatives", area, grid)


def cut_sections(sections: Sequence[Section], area: Place) -> tuple[list[list[Section]], float]:
    """The sections of each slide, as much as there is room for, and how much larger than usual letters can be; a section
    that goes on is headed again."""
    fewest = _cut(sections, area, 1.0)
    scale = next(one for one in _SCALES if len(_cut(sections, area, one)) == len(fewest))
    return _cut(sections, area, scale), scale


def _cut(sections: Sequence[Section], area: Place, scale: float) -> list[list[Section]]:
    pages: list[list[Section]] = [[]]
    used, most = 0.0, area[3] / POINT
    for title, entries in sections:
        head = 0.0 if len(sections) == 1 else _HEAD * scale * 2.2
        for number, entry in enumerate(entries):
            need = sum(run[0].size * 1.36 for run in _write_entry(entry, area, scale)) + _BETWEEN * scale
            if pages[-1] and used + need + head * (number == 0) > most:
                pages.append([])
                used = 0.0
            if number == 0 or not pages[-1]:
                pages[-1].append((title, []))
                used += head
            pages[-1][-1][1].append(entry)
            used += need
    return pages


def draw_sections(page: Page, area: Place, sections: Sequence[Section], headed: bool, scale: float) -> None:
    """Headlines with their details below each other; the notes hold them uncut."""
    lines: list[list[Run]] = []
    said: list[str] = []
    for title, entries in sections:
        said.append(title)
        if headed:
            lines += [*([[Run(" ", 10 * scale)]] if lines else [])]
            lines.append([Run(title, _HEAD * scale, bold=True, color=QUIET)])
        for head, details in entries:
            lines += [*([[Run(" ", _BETWEEN * 0.7 * scale)]] if lines else [])]
            lines += _write_entry((head, details), area, scale)
            said += [head, *(f"- {one}" for one in details)]
    page.text("scorecard:entries", area, lines)
    page.notes("\n".join(said))


def _write_entry(entry: Entry, area: Place, scale: float) -> Iterator[list[Run]]:
    head, details = entry
    size, small, room = 14 * scale, 12 * scale, area[2] / POINT / 1.06
    for number, line in enumerate(break_lines(head[:_MOST], room - 20 * scale, 3, size, bold=True)):
        yield [Run(("•  " if number == 0 else "    ") + line, size, bold=True)]
    for detail in details:
        for line in break_lines(detail[:_MOST], room - 40 * scale, 2, small):
            yield [Run(f"       {line}", small, color=QUIET)]
