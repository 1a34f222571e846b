"""The legend under the SVG map: its signs, and a sample of each kind of link that occurs."""

from __future__ import annotations

from collections.abc import Iterator

from scorecard.model.status import Heading, Status
from scorecard.render.captions import list_kinds
from scorecard.render.picture import Picture
from scorecard.render.svg_cards import MARKED
from scorecard.render.svg_layout import MARGIN, Layout
from scorecard.render.svg_links import draw_sample
from scorecard.render.svg_pen import ICONS, Pen
from scorecard.render.svg_text import measure
from scorecard.render.words import GUARDRAIL_SIGN, OVERRIDE_SIGN

_LETTERS = 11
_APART, _LEADING = 20, 22  # between two entries, between two rows


def draw_legend(picture: Picture, layout: Layout, pen: Pen) -> tuple[list[str], int]:
    """The entries in as many rows as they need, and where the picture ends."""
    drawn: list[str] = []
    x, y = MARGIN, layout.height + 30
    for width, entry in _list_entries(picture, layout, pen):
        if x > MARGIN and x + width > layout.width - MARGIN:
            x, y = MARGIN, y + _LEADING
        drawn.append(f'<g transform="translate({x} {y})">{entry}</g>')
        x = round(x + width + _APART)
    return drawn, y + 24


def _list_entries(picture: Picture, layout: Layout, pen: Pen) -> Iterator[tuple[float, str]]:
    """The width and drawing of each entry, its baseline at 0."""
    for status in reversed(Status):
        words, end = pen.status_words(0, 0, status, str(status), _LETTERS)
        yield end, words
    arrows = "".join(pen.heading(16 * at, 0, heading, "quiet") for at, heading in enumerate(list(Heading)[:3]))
    yield _say(pen, arrows, 48, "outlook against result")
    if any(box.signal in MARKED for box in picture.boxes):
        yield _say(
            pen, pen.text(0, 0, "!", _LETTERS, font_weight="bold"), 8, "result and drivers differ, or both need action"
        )
    if any(box.guardrails_breached for box in picture.boxes):
        yield _say(pen, pen.icon(5, -4, ICONS[GUARDRAIL_SIGN], "text"), 15, "guardrail breached")
    if any(box.overridden for box in picture.boxes):
        yield _say(pen, pen.icon(5, -4, ICONS[OVERRIDE_SIGN], "text"), 15, "status set by hand")
    for words, arrow in list_kinds(picture):
        yield _say(pen, draw_sample(arrow, pen), 44, words)
    if any(course.downward for course in layout.courses):
        yield _say(pen, f'<circle cx="5" cy="-4" r="4"{pen.paint("link")}/>', 14, "start of a link down the map")


def _say(pen: Pen, drawn: str, start: float, words: str) -> tuple[float, str]:
    return start + measure(words, _LETTERS), drawn + pen.text(start, 0, words, _LETTERS, "quiet")
