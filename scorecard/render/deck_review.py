"""The slides of the meeting itself: its agenda, what was decided last time, what moved, warnings, initiatives, data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scorecard.analysis.agenda import Topic
from scorecard.analysis.initiatives import find_initiatives
from scorecard.render.agenda_words import OPEN, TOPICS, write_details, write_headline, write_undertaking
from scorecard.render.deck_file import POINT
from scorecard.render.deck_page import QUIET, Look, Page, Place, Run
from scorecard.render.edition import Edition
from scorecard.render.svg_text import break_lines

INITIATIVES = "Initiatives"
_GROUPS: tuple[tuple[str, tuple[Topic | None, ...]], ...] = (  # what shares a slide; None is what was decided
    ("moved", (None, Topic.COLOUR, Topic.WARNING)),
    ("loss", (Topic.LOSS,)),
    ("initiatives", (Topic.INITIATIVE,)),
    ("data", (Topic.DATA, Topic.WIN)),
)
Entry = tuple[str, Sequence[str]]  # a headline, and what explains it
Section = tuple[str, list[Entry]]
_HEAD, _BETWEEN = 14, 8  # points of a heading, and between two entries
_MOST = 400  # characters of an entry's line on a slide


def list_sections(edition: Edition) -> Iterator[tuple[str, list[Section]]]:
    """The key of each slide that has something to show, and its sections."""
    for key, topics in _GROUPS:
        sections = [(title, entries) for title, entries in (_read(edition, one) for one in topics) if entries]
        if sections:
            yield key, sections


def _read(edition: Edition, topic: Topic | None) -> Section:
    """What is said of a topic under its heading; of initiatives all that are known."""
    if topic is None:
        return OPEN, [(one, ()) for one in edition.decided]
    if topic == Topic.INITIATIVE:
        every = find_initiatives(edition.evaluation.strategy, edition.today)
        return INITIATIVES, [(write_undertaking(one), (f"For the goal {one.goal.title}",)) for one in every]
    evaluation, found = edition.evaluation, edition.agenda.topic(topic)
    return TOPICS[topic], [(write_headline(evaluation, item), write_details(evaluation, item)) for item in found]


def draw_agenda(page: Page, area: Place, edition: Edition, sections: Sequence[Section]) -> None:
    """The points of the meeting with how much each has, under the index in a line."""
    left, top, width, height = area
    overview = edition.agenda.topic(Topic.MAP)
    lead = [write_headline(edition.evaluation, item) for item in overview]
    head = [[Run(line, 14, color=QUIET)] for text in lead for line in break_lines(text, width / POINT, 2, 14)]
    tall = round(max(1, len(head)) * 14 * POINT * 1.4)
    page.text("scorecard:lead", (left, top, width, tall), head)
    points = [[Run(TOPICS[Topic.MAP], 18)]]
    points += [[Run(title, 18), Run(f"   {len(entries)}", 14, color=QUIET)] for title, entries in sections]
    numbered = [[Run(f"{number}   ", 18, bold=True, color=QUIET), *runs] for number, runs in enumerate(points, 1)]
    row = min(round(18 * POINT * 1.9), (height - tall) // (len(numbered) + 1))
    for number, runs in enumerate(numbered):
        place = (left, top + tall + row // 2 + number * row, width, row)
        page.text(f"scorecard:agenda {number + 1}", place, [runs], Look(anchor="ctr"))


def cut_sections(sections: Sequence[Section], area: Place) -> list[list[Section]]:
    """The sections of each slide, as much as there is room for; one that goes on is headed again."""
    pages: list[list[Section]] = [[]]
    used, most = 0.0, area[3] / POINT
    for title, entries in sections:
        head = 0.0 if len(sections) == 1 else _HEAD * 2.2
        for number, entry in enumerate(entries):
            need = sum(run[0].size * 1.25 for run in _write_entry(entry, area)) + _BETWEEN
            if pages[-1] and used + need + head * (number == 0) > most:
                pages.append([])
                used = 0.0
            if number == 0 or not pages[-1]:
                pages[-1].append((title, []))
                used += head
            pages[-1][-1][1].append(entry)
            used += need
    return pages


def draw_sections(page: Page, area: Place, sections: Sequence[Section], headed: bool) -> None:
    """Headlines with their details below each other; the notes hold them uncut."""
    lines: list[list[Run]] = []
    said: list[str] = []
    for title, entries in sections:
        said.append(title)
        if headed:
            lines += [*([[Run(" ", 10)]] if lines else []), [Run(title, _HEAD, bold=True, color=QUIET)]]
        for head, details in entries:
            lines += [*([[Run(" ", _BETWEEN * 0.7)]] if lines else []), *_write_entry((head, details), area)]
            said += [head, *(f"- {one}" for one in details)]
    page.text("scorecard:entries", area, lines)
    page.notes("\n".join(said))


def _write_entry(entry: Entry, area: Place) -> Iterator[list[Run]]:
    head, details = entry
    for number, line in enumerate(break_lines(head[:_MOST], area[2] / POINT - 20, 3, 14, bold=True)):
        yield [Run(("•  " if number == 0 else "    ") + line, 14, bold=True)]
    for detail in details:
        for line in break_lines(detail[:_MOST], area[2] / POINT - 40, 2, 12):
            yield [Run(f"       {line}", 12, color=QUIET)]
