"""The map slide: lanes, goals as boxes with their words, connectors glued to them, and a legend.

Boxes lie where the SVG map has its cards, scaled to the slide. What was moved on a slide by hand stays where it is, and a
new goal whose place is taken gets a free one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scorecard.model.status import Heading, Status
from scorecard.render.captions import (
    arrow_words,
    box_marks,
    box_words,
    change_line,
    compared_line,
    index_words,
    lane_words,
    list_kinds,
)
from scorecard.render.deck_file import POINT
from scorecard.render.deck_links import add_link, add_sample, place_link
from scorecard.render.deck_page import QUIET, Look, Page, Place, Run
from scorecard.render.picture import Arrow, Box, Picture
from scorecard.render.svg_cards import MARKED
from scorecard.render.svg_layout import HEADER, MARGIN, Layout, Size, lay_out
from scorecard.render.svg_text import break_lines, cut, measure
from scorecard.render.words import GUARDRAIL_SIGN, OVERRIDE_SIGN, cells, percent, rhythm_word, status_words

_SIZES = (Size(20, 34, 3), Size(16, 24, 2))  # of cards: on a map with room, and on a full one
_FULL = 30  # goals from which on a map is full
_NAME, _SMALL = 15, 12  # pixels of the layout that letters are high
_FONT = 1.08  # how much wider than measured the letters of a deck's own font may be
_SHARES = (1.0, 0.9, 0.8, 0.7)  # of the usual letters, for a name that is long or has a long word
_LARGEST = 12.0  # points of a goal's name
_MOST_STRETCH = 1.6  # of cards that would leave the sides of a slide empty
_LARGER = 1.15
_MOST_CHECKED = 200  # goals up to which plain ways are looked for
_CELLS = 10  # of a score's bar
Entry = tuple[str, list[Run], Arrow | None]  # of the legend: its name, its words, the link that it explains
_LANE = "bg1,96000"  # the ground of a lane, by the theme


@dataclass(frozen=True, slots=True)
class Frame:
    """How the layout's pixels lie on the slide; `zoom` is EMU a pixel, `stretch` what a pixel is wider than high."""

    left: int
    top: int
    zoom: float
    stretch: float

    def place(self, x: float, y: float, width: float, height: float) -> Place:
        wide, high = self.zoom * self.stretch, self.zoom
        return round(self.left + x * wide), round(self.top + y * high), round(width * wide), round(height * high)

    def points(self, pixels: float) -> float:
        """Pixels as the size of letters, in halves of a point."""
        return max(3.0, int(pixels * self.zoom * self.letters / POINT * 2) / 2)

    @property
    def letters(self) -> float:
        """What letters are larger than in the layout: wider cards break names less often, which leaves room."""
        return min(self.stretch, _LARGER)


def draw_map(page: Page, area: Place, picture: Picture) -> None:
    """Draws a map on a page that has its title, or brings one up to date."""
    left, top, width, height = area
    line = round(height * 0.045)
    remarks = " · ".join(part for part in (index_words(picture), picture.illustrative) if part)
    size = max(9.0, min(13.0, width / POINT / 70))
    head = [[*_color_status(remarks, page, size)]]
    compared = compared_line(picture, "thick borders")
    head += [[Run(cut(compared, width / POINT, size - 2), size - 2, color=QUIET)]] if compared else []
    page.text("scorecard:index", (left, top, width, line * len(head)), head)
    top, height = top + line * (len(head) - 1), height - line * (len(head) - 1)
    legend = (left, top + height - round(1.6 * line), width, round(0.8 * line))
    if picture.lanes:
        layout = _lay_out(picture, width / (height - 3.0 * line))
        frame = _frame(layout, (left, top + round(1.3 * line), width, height - round(3.0 * line)))
        _draw_lanes(page, picture, layout, frame)
        _draw_boxes(page, picture, layout, frame)
        _draw_links(page, picture, layout, frame)
    _draw_legend(page, picture, legend)


def _lay_out(picture: Picture, shape: float) -> Layout:
    """The layout whose letters come out largest on a slide of this shape."""
    lines = 0 if not picture.before else 1

    def tall(boxes: Sequence[int], width: int) -> int:
        names = (len(_break_name(picture.boxes[box], width)[0]) for box in boxes)
        return max(names, default=1) * (_NAME + 4) + 44 + 16 * lines

    sizes = _SIZES[1:] if len(picture.boxes) >= _FULL else _SIZES
    found = [lay_out(picture, size, tall, 0) for size in sizes]
    return min(found, key=lambda one: max((one.width - 2 * MARGIN) / shape, one.height))


def _frame(layout: Layout, area: Place) -> Frame:
    left, top, width, height = area
    zoom = min(width / (layout.width - 2 * MARGIN), height / layout.height, _LARGEST * POINT / _NAME)
    stretch = min(width / zoom / (layout.width - 2 * MARGIN), _MOST_STRETCH)
    spare = width - (layout.width - 2 * MARGIN) * zoom * stretch
    x = left + spare / 2 - MARGIN * zoom * stretch
    return Frame(round(x), round(top + (height - layout.height * zoom) / 2), zoom, stretch)


def _draw_lanes(page: Page, picture: Picture, layout: Layout, frame: Frame) -> None:
    fill = "" if page.theme.dark else _LANE
    for lane, strip in zip(picture.lanes, layout.strips, strict=True):
        tone = page.theme.tone(lane.status)
        words, size = _break_words(lane.name, HEADER - 30, 4, 14)
        lines = [[Run(line, frame.points(size), bold=True)] for line in words]
        lines.append([Run(status_words(lane.status, lane.score), frame.points(13), color=tone.line)])
        place = frame.place(strip.x, strip.y, strip.width, strip.height)
        page.text(
            f"lane:{lane.id}",
            place,
            lines,
            Look("rect", fill, page.edge, 0.5, "ctr", frame.points(10)),
            lane_words(lane),
        )


def _draw_boxes(page: Page, picture: Picture, layout: Layout, frame: Frame) -> None:
    stand = [page.named[name] for name in page.standing if name.startswith("goal:")]
    taken: list[Place] = [(one.left, one.top, one.width, one.height) for one in stand]
    for box, card in zip(picture.boxes, layout.cards, strict=True):
        tone, name = page.theme.tone(box.status), f"goal:{box.id}"
        place = frame.place(card.x, card.y, card.width, card.height)
        if stand and name not in page.standing:
            strip = page.named[f"lane:{picture.lanes[box.lane].id}"]
            place = find_free(place, taken, (strip.left, strip.top, strip.width, strip.height))
            taken.append(place)
        border = 2.75 if box.turned else 1.0
        look = Look("roundRect", tone.fill, tone.line, border, "ctr", frame.points(9))
        page.text(
            name,
            place,
            list(_write_box(page, box, round(card.width * frame.stretch / frame.letters), frame)),
            look,
            box_words(box),
        )


def _write_box(page: Page, box: Box, width: int, frame: Frame) -> Iterator[list[Run]]:
    """The lines of a box: its name after the sign, status and bar, outlook with the marks, what changed."""
    theme, tone = page.theme, page.theme.tone(box.status)
    small = frame.points(_SMALL)
    lines, size = _break_name(box, width)
    for number, line in enumerate(lines):
        sign = [] if number else [Run(f"{box.status.sign} ", frame.points(size), color=tone.line)]
        yield [*sign, Run(line, frame.points(size), bold=True, color=theme.text)]
    full = cells(box.lagging, _CELLS)
    words = status_words(box.status, box.lagging).removeprefix(f"{box.status.sign} ")
    yield [
        Run(f"{words}  ", small, bold=True, color=tone.line),
        Run("━" * full, small, bold=True, color=tone.line),
        Run("━" * (_CELLS - full), small, bold=True, color=theme.rule),
    ]
    outlook = f"{box.heading.arrow} {percent(box.outlook)}" if box.outlook is not None else "outlook unknown"
    marks = "".join(f"  {sign}" for sign, _ in box_marks(box)) + (f"  ! {box.signal}" if box.signal in MARKED else "")
    yield [Run(outlook, small, color=page.theme.tone(box.outlook_status).line), Run(marks, small, color=theme.text)]
    if box.change:
        yield [Run(cut(change_line(box), width - 20, _SMALL), small, color=theme.text)]


def _break_name(box: Box, width: int) -> tuple[list[str], float]:
    return _break_words(box.name, width - 42, 3, _NAME)


def _break_words(text: str, room: float, lines: int, size: float) -> tuple[list[str], float]:
    """Bold words in lines, and their letters in pixels: smaller ones where a word is broken, or else something is cut."""
    room /= _FONT
    for share in _SHARES:
        broken = break_lines(text, room, lines, size * share, bold=True) or [""]
        if " ".join(broken) == " ".join(text.split()):
            break
    return broken, size * share


def find_free(place: Place, taken: Sequence[Place], lane: Place) -> Place:
    """A place of this size where nothing stands: the asked one, else one in the lane, else below each other at its left."""
    left, top, width, height = place

    def is_free(x: int, y: int) -> bool:
        return not any(x < a + w and a < x + width and y < b + h and b < y + height for a, b, w, h in taken)

    spots = [(left, top)]
    spots += [
        (lane[0] + lane[2] * x // 40, lane[1] + max(0, lane[3] - height) * y // 4)
        for y in (2, 0, 4, 1, 3)
        for x in range(6, 40)
        if lane[0] + lane[2] * x // 40 + width <= lane[0] + lane[2]
    ]
    x, y = next((spot for spot in spots if is_free(*spot)), (left, top))
    return x, y, width, height


def _draw_links(page: Page, picture: Picture, layout: Layout, frame: Frame) -> None:
    """Links lie behind the boxes; where a box was moved, a new link takes a plain way."""
    boxes = {box.id: box for box in picture.boxes}
    cards = {picture.boxes[card.box].id: frame.place(card.x, card.y, card.width, card.height) for card in layout.cards}
    rhythm = rhythm_word(picture.period)
    every = list(cards.values()) if len(cards) <= _MOST_CHECKED else []
    for arrow, course in zip(picture.arrows, layout.courses, strict=True):
        ends = page.named[f"goal:{arrow.source}"], page.named[f"goal:{arrow.target}"]
        stands = all(
            (end.left, end.top, end.width, end.height) == cards[goal]
            for end, goal in zip(ends, (arrow.source, arrow.target), strict=True)
        )
        points = [frame.place(x, y, 0, 0)[:2] for x, y in course.points]
        way = place_link(ends[0], ends[1], points if stands else None, course.downward and stands, every)
        kind = "define" if arrow.definition else "link"
        name = f"link:{arrow.source}>{arrow.target}" + (":defines" if kind == "define" else "")
        add_link(page, name, arrow, way, ends, arrow_words(arrow, boxes, rhythm), frame.zoom / POINT)


def _draw_legend(page: Page, picture: Picture, place: Place) -> None:
    """Two lines: what the signs say, and a sample of each kind of link that occurs."""
    size = max(8.0, min(10.0, place[2] / POINT / 92))
    signs: list[Entry] = [
        (f"scorecard:legend {status}", [*_color_status(f"{status.sign} {status}", page, size)], None)
        for status in reversed(Status)
    ]
    arrows = " ".join(heading.arrow for heading in list(Heading)[:3])
    said = [f"{arrows} outlook against result"]
    said += ["! result and drivers differ, or both need action"] * any(box.signal in MARKED for box in picture.boxes)
    said += [f"{GUARDRAIL_SIGN} guardrail breached"] * any(box.guardrails_breached for box in picture.boxes)
    said += [f"{OVERRIDE_SIGN} status set by hand"] * any(box.overridden for box in picture.boxes)
    signs += [(f"scorecard:legend {words[0]}", [Run(words, size, color=QUIET)], None) for words in said]
    links: list[Entry] = [
        (f"scorecard:legend {words}", [Run(words, size, color=QUIET)], arrow) for words, arrow in list_kinds(picture)
    ]
    for number, entries in enumerate((signs, links)):
        _draw_entries(page, entries, (place[0], place[1] + number * place[3], *place[2:]), size)


def _draw_entries(page: Page, entries: Sequence[Entry], place: Place, size: float) -> None:
    """Entries of the legend beside each other: words in text boxes, behind the sample of a link where it is one."""
    left, top, width, height = place
    sample, gap = round(26 * POINT), round(size * POINT * 1.3)
    widths = [round(measure("".join(run.text for run in runs), size) * POINT * 1.06) for _, runs, _ in entries]
    needed = sum(widths) + sum(sample for *_, arrow in entries if arrow) + gap * (len(entries) - 1)
    tight = min(1.0, width / max(1, needed))
    x = float(left)
    for (name, runs, arrow), wide in zip(entries, widths, strict=True):
        if arrow:
            add_sample(page, f"{name} sample", arrow, (round(x), top + height // 2), round(sample * tight * 0.85))
            x += sample * tight
        small = [Run(run.text, int(run.size * tight * 2) / 2, run.bold, run.color) for run in runs]
        page.text(name, (round(x), top, round(wide * tight) + gap // 2, height), [small], Look(anchor="ctr"))
        x += (wide + gap) * tight


def _color_status(words: str, page: Page, size: float) -> Iterator[Run]:
    """A line of words, its signs and what they say coloured up to the next dot."""
    signs = {status.sign: status for status in Status}
    for part in words.split(" · "):
        lead = " · " if part != words.split(" · ")[0] else ""
        at = next((place for place, sign in enumerate(part) if sign in signs), None)
        if at is None:
            yield Run(lead + part, size, color=QUIET)
            continue
        yield Run(lead + part[:at], size, color=QUIET)
        yield Run(part[at:], size, bold=True, color=page.theme.tone(signs[part[at]]).line)
