"""The map in the language D2: perspectives as containers, goals, links, title and legend.

Every text passes `quote`. Keys are quoted too, and stand behind `lane_` or `goal_`, so that none is a word of D2.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from scorecard.model.status import Status
from scorecard.render.captions import lane_words
from scorecard.render.diagram_words import LEGEND, box_lines, fold, head_lines, link_color, link_label, link_width
from scorecard.render.palette import LIGHT as THEME
from scorecard.render.picture import Arrow, Box, Lane, Picture
from scorecard.render.words import rhythm_word

_QUOTED = {ord("\\"): "\\\\", ord('"'): '\\"', ord("$"): "\\$", ord("\n"): "\\n"}


def write_d2(picture: Picture) -> str:
    """The picture in D2; the same picture gives the same text to the byte."""
    lines = ["direction: up", *_text("title", head_lines(picture), "top-center", 20), "classes: {"]
    for status in Status:
        tone = THEME.tone(status)
        look = f'fill: "{tone.fill}"; stroke: "{tone.line}"; font-color: "{THEME.text}"; border-radius: 8'
        lines.append(f"  {status}: {{style: {{{look}}}}}")
    lines.append("}")
    for number, lane in enumerate(picture.lanes):
        lines += _lane(number, lane, [box for box in picture.boxes if box.lane == number])
    for high, low in pairwise(range(len(picture.lanes))):  # keeps the lanes' order where no link does
        lines.append(f"{_lane_key(low)} -> {_lane_key(high)}: {{style.opacity: 0}}")
    boxes = {box.id: box for box in picture.boxes}
    rhythm = rhythm_word(picture.period)
    for arrow in picture.arrows:
        lines += _link(arrow, boxes, rhythm)
    return "\n".join([*lines, *_text("legend", LEGEND, "bottom-center", 14), ""])


def quote(text: str) -> str:
    """A string of D2, in which backslashes, quotes and the sign of variables mean something."""
    return f'"{text.translate(_QUOTED)}"'


def _text(key: str, lines: list[str] | tuple[str, ...], place: str, size: int) -> Iterator[str]:
    yield f"{key}: {quote(chr(10).join(lines))} {{"
    yield f"  shape: text; near: {place}; style.font-size: {size}"
    yield "}"


def _lane(number: int, lane: Lane, boxes: list[Box]) -> Iterator[str]:
    yield f"{_lane_key(number)}: {quote(fold(lane_words(lane), 60))} {{"
    yield f'  style: {{fill: "{THEME.lane(number)}"; stroke: "{THEME.rule}"; font-color: "{THEME.text}"; font-size: 20}}'
    for box in boxes:
        label = "\n".join(map(fold, box_lines(box)))
        thick = "; style.stroke-width: 5" * box.turned
        yield f"  {_key(box.id)}: {quote(label)} {{class: {box.status}{thick}}}"
    if not boxes:
        yield '  "empty": "no goals" {shape: text}'
    yield "}"


def _link(arrow: Arrow, boxes: dict[str, Box], rhythm: str) -> Iterator[str]:
    ends = [f"{_lane_key(boxes[goal].lane)}.{_key(goal)}" for goal in (arrow.source, arrow.target)]
    dash = 2 if arrow.definition else 5 if arrow.evidence == "assumed" else 0
    shape = "circle" if arrow.definition else "box" if arrow.opposes else "triangle"
    yield f"{' -> '.join(ends)}: {quote(link_label(arrow, rhythm))} {{"
    yield f'  style: {{stroke: "{link_color(arrow)}"; stroke-width: {link_width(arrow)}; stroke-dash: {dash}}}'
    yield f"  target-arrowhead: {{shape: {shape}}}"
    yield "}"


def _lane_key(number: int) -> str:
    return f'"lane_{number}"'


def _key(goal: str) -> str:
    return quote(f"goal_{goal}")
