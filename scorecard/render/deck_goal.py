"""The slide of a goal that needs talk: its numbers, what takes most, its charts, and in the notes the whole explanation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from scorecard.model.status import Status
from scorecard.render.deck_chart import draw_chart, draw_key, find_chart
from scorecard.render.deck_file import POINT
from scorecard.render.deck_page import QUIET, Look, Page, Place, Run, split
from scorecard.render.deck_table import Cell, Grid, draw_grid, measure_grid
from scorecard.render.explanation_rows import Parts
from scorecard.render.goal_sheet import GoalSheet, KpiSheet, Neighbour
from scorecard.render.svg_text import break_lines, cut, measure

CHARTS = 4  # of a slide
_PARTS = 5  # lines of the explanation
_NEIGHBOURS = 3  # of a side
_AROUND = 5  # lines about neighbours that the explanation leaves room for
_ORDER = (Status.RED, Status.AMBER, Status.UNKNOWN, Status.GREEN)
_GAP = 12 * POINT


def draw_goal(page: Page, area: Place, sheet: GoalSheet) -> None:
    """Draws the slide of a goal under its title, or brings one up to date."""
    left, top, width, height = area
    size = max(9.0, min(12.0, width / POINT / 72))
    line = round(size * POINT * 1.75)
    tone = page.theme.tone(sheet.status)
    said = " · ".join(part for part in (sheet.perspective, f"Owner {sheet.owner}" if sheet.owner else "") if part)
    status = [
        Run(sheet.words, size + 2, bold=True, color=tone.line),
        Run(cut(f"   {said}", width / POINT * 0.8, size), size, color=QUIET),
    ]
    page.text("scorecard:status", (left, top, width, line), [status], Look(anchor="ctr"), sheet.name)
    below = (left, top + line + _GAP // 2, width, height - line - _GAP // 2)
    shown = sorted((kpi for kpi in sheet.kpis if kpi.chart), key=lambda one: _ORDER.index(one.status))[:CHARTS]
    facts, side = split(below, 0.43, 0.57, gap=2 * _GAP)
    rest = _draw_facts(page, sheet, facts, size)
    _draw_around(page, sheet, rest if shown else side, size - 1.5)
    if shown:
        charts = (*side[:3], side[3] - line)
        for kpi, place in zip(shown, _seat(page, shown, _quarter(charts, len(shown))), strict=True):
            draw_chart(page, kpi, place)
        foot = (side[0], side[1] + charts[3], side[2], line)
        drawn = sum(1 for kpi in sheet.kpis if kpi.chart)
        draw_key(page, foot, [kpi.chart for kpi in shown if kpi.chart], drawn - len(shown))
    page.notes("\n".join(write_notes(sheet)))


def write_notes(sheet: GoalSheet) -> Iterator[str]:
    """The whole explanation of a goal in lines, nothing cut."""
    yield f"{sheet.name}: {sheet.words}"
    yield from (
        one for one in (sheet.perspective, f"Owner: {sheet.owner}" if sheet.owner else "", sheet.description) if one
    )
    for number in sheet.numbers:
        yield ". ".join(one for one in (f"{number.name}: {number.words}", number.coverage, number.how) if one)
    yield from sheet.remarks
    yield from (words for _, words in sheet.guardrails)
    if sheet.parts:
        yield from ("", f"What the outlook is made of: {sheet.parts.number}%, {sheet.parts.missing} pp are missing")
        for row in sheet.parts.rows:
            lost = f", {row.loss} pp" if row.loss else ""
            share = f", score {row.score}% at a share of {row.share}%" if row.share else ""
            lever = f", lever {row.lever} pp" if row.lever else ""
            path = f", by {row.path}" if row.path else ""
            yield f"{row.name}: {row.part} pp{share}{lost}{lever}{path}"
    for kpi in sheet.kpis:
        yield ""
        yield from _write_kpi(kpi)
    for head, found in (("Driven by", sheet.drivers), ("Drives", sheet.driven)):
        if found:
            yield from ("", f"{head}:")
            yield from (f"{one.name}: {one.words} ({one.link})" for one in found)
    if sheet.initiatives:
        yield from ("", "Initiatives:")
        yield from (f"{one.name}: {one.words}" + (f", {one.owner}" if one.owner else "") for one in sheet.initiatives)
    if sheet.comments:
        yield from ("", "Comments:", *(f"{period}: {text}" for period, text in sheet.comments))


def _write_kpi(kpi: KpiSheet) -> Iterator[str]:
    target = f", target {kpi.target}" if kpi.target else ""
    yield f"{kpi.name} ({kpi.side}): {kpi.words}, {kpi.value}{target}"
    yield from (one for one in (kpi.data, f"Owner: {kpi.owner}" if kpi.owner else "", kpi.weight) if one)
    yield from kpi.reasons
    if kpi.caution:
        yield f"Caution: {kpi.caution}"


def _draw_facts(page: Page, sheet: GoalSheet, area: Place, size: float) -> Place:
    """One below the other: numbers, remarks, the worst lines as far as they leave room; and the place that is left."""
    left, top, width, height = area
    size -= 0.5
    y = top + draw_grid(page, "scorecard:numbers", area, _number_grid(page, sheet, size)) + _GAP
    remarks = [line for remark in sheet.remarks for line in break_lines(remark, width / POINT, 2, size)][:5]
    if remarks:
        tall = round(len(remarks) * size * POINT * 1.36)
        page.text("scorecard:remarks", (left, y, width, tall), [[Run(one, size)] for one in remarks])
        y += tall + _GAP
    if sheet.parts:
        least = round(_AROUND * size * POINT * 1.3) if sheet.drivers or sheet.driven or sheet.initiatives else 0
        grid = _part_grid(sheet.parts, size - 0.5)
        while len(grid.rows) > 2 and y + measure_grid(grid, width) + _GAP + least > top + height:
            grid = replace(grid, rows=grid.rows[:-1])
        y += draw_grid(page, "scorecard:parts", (left, y, width, 0), grid) + _GAP
    return left, y, width, top + height - y


def _draw_around(page: Page, sheet: GoalSheet, area: Place, size: float) -> None:
    """Drivers, what is driven, and initiatives, as many as there is room for."""
    lines = list(_write_around(page, sheet, area[2] / POINT, size, int(area[3] / (size * POINT * 1.36))))
    if lines:
        page.text("scorecard:around", area, lines)


def _number_grid(page: Page, sheet: GoalSheet, size: float) -> Grid:
    head = [Cell(Run(one, size, bold=True, color=QUIET)) for one in ("Number", "Status", "Coverage")]
    rows = [
        [
            Cell(Run(one.name, size, bold=True)),
            Cell(
                Run(one.words, size, bold=True, color=page.theme.tone(one.status).line),
                page.theme.tone(one.status).fill,
            ),
            Cell(Run(one.coverage.removeprefix("coverage ") or "100%", size)),
        ]
        for one in sheet.numbers
    ]
    return Grid((2, 3, 2), [head, *rows])


def _part_grid(parts: Parts, size: float) -> Grid:
    """The lines that take most from the outlook."""
    names = ("Takes most from the outlook", "Loss, pp", "Score, %", "Lever, pp")
    head = [
        Cell(Run(name, size, bold=True, color=QUIET), across="r" if number else "l")
        for number, name in enumerate(names)
    ]
    worst = [row for row in parts.rows if row.line and row.loss not in ("0.0", "")][:_PARTS]
    rows = [
        [
            Cell(Run(row.name, size)),
            Cell(Run(row.loss, size, bold=True), across="r"),
            Cell(Run(row.score, size), across="r"),
            Cell(Run(row.lever, size), across="r"),
        ]
        for row in worst
    ]
    return Grid((5.4, 1.8, 1.8, 1.8), [head, *rows])


def _write_around(page: Page, sheet: GoalSheet, room: float, size: float, most: int) -> Iterator[Sequence[Run]]:
    """As many lines as there is room for: drivers, driven goals, initiatives; what is left out stands in the notes."""
    found: list[Sequence[Run]] = []
    for head, neighbours in (("Driven by", sheet.drivers), ("Drives", sheet.driven)):
        if neighbours:
            found.append([Run(head, size, bold=True, color=QUIET)])
            found += [_write_neighbour(page, one, room, size) for one in neighbours[:_NEIGHBOURS]]
            if len(neighbours) > _NEIGHBOURS:
                found.append([Run(f"and {len(neighbours) - _NEIGHBOURS} more", size, color=QUIET)])
    if sheet.initiatives:
        found.append([Run("Initiatives", size, bold=True, color=QUIET)])
        found += [[Run(cut(f"{one.name}: {one.words}", room / 1.1, size), size)] for one in sheet.initiatives]
    shown = found[: max(0, most)]
    yield from shown[:-1] if shown and len(shown[-1]) == 1 and shown[-1][0].bold else shown


def _write_neighbour(page: Page, one: Neighbour, room: float, size: float) -> list[Run]:
    words = f"{one.words}  "
    return [
        Run(words, size, bold=True, color=page.theme.tone(one.status).line),
        Run(cut(f"{one.name} ({one.link})", (room - measure(words, size, bold=True)) / 1.1, size), size),
    ]


def _seat(page: Page, shown: Sequence[KpiSheet], places: Sequence[Place]) -> Iterator[Place]:
    """The place of each chart: that where it stands, else one where none stands."""
    stand = {kpi.id: find_chart(page, kpi) for kpi in shown}
    taken = [place for place in stand.values() if place]
    free = [place for place in places if not any(_overlap(place, other) for other in taken)]
    free += [place for place in places if place not in free]
    for kpi in shown:
        yield stand[kpi.id] or free.pop(0)


def _overlap(one: Place, other: Place) -> bool:
    return all(one[at] < other[at] + other[at + 2] - _GAP and other[at] < one[at] + one[at + 2] - _GAP for at in (0, 1))


def _quarter(area: Place, count: int) -> list[Place]:
    """Places for charts: one alone not as high as it could be, two below each other, more in two columns."""
    left, top, width, height = area
    if count <= 2:
        tall = (height - _GAP) // 2
        return [(left, top + (tall + _GAP) * number, width, tall) for number in range(count)]
    columns = list(split(area, 1, 1, gap=_GAP))
    tall = (height - _GAP) // 2
    return [
        (columns[number % 2][0], top + (tall + _GAP) * (number // 2), columns[number % 2][2], tall)
        for number in range(count)
    ]
