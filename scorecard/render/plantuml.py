"""The map in the language of PlantUML: perspectives and goals as rectangles, links with labels, title and legend.

Every text passes `escape`, which leaves letters, digits and single spaces and writes all else by its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from scorecard.render.captions import lane_words
from scorecard.render.diagram_words import LEGEND, box_lines, head_lines, link_color, link_label, link_width
from scorecard.render.palette import LIGHT as THEME
from scorecard.render.picture import Arrow, Box, Lane, Picture
from scorecard.render.words import rhythm_word

_WIDEST = 260  # pixels of a line, then PlantUML breaks it
_LOOKS = {"assumed": ",dashed", "observed": "", "tested": ""}  # by evidence


def write_plantuml(picture: Picture) -> str:
    """The picture in PlantUML's language; the same picture gives the same text to the byte."""
    rhythm = rhythm_word(picture.period)
    lines = ["@startuml", f"skinparam wrapWidth {_WIDEST}", "skinparam shadowing false", "skinparam roundCorner 12"]
    lines += [f"skinparam defaultFontColor {THEME.text}", f"skinparam arrowFontColor {THEME.quiet}"]
    lines += [f"skinparam legendBackgroundColor {THEME.background}", f"skinparam legendBorderColor {THEME.rule}"]
    lines += ["title", *(escape(line) for line in head_lines(picture)), "end title"]
    for number, lane in enumerate(picture.lanes):
        lines += _lane(number, lane, [box for box in picture.boxes if box.lane == number])
    lines += [f"lane_{low} -[hidden]up-> lane_{high}" for high, low in pairwise(range(len(picture.lanes)))]
    lines += [_link(arrow, rhythm) for arrow in picture.arrows]
    return "\n".join([*lines, "legend", *(escape(line) for line in LEGEND), "end legend", "@enduml", ""])


def escape(text: str) -> str:
    """Text in a label, a title or a legend, as it is read where nothing else is meant."""
    return re.sub(r"[^\w ]|_|^ | $|(?<= ) ", lambda sign: f"<U+{ord(sign[0]):04X}>", text)


def _lane(number: int, lane: Lane, boxes: list[Box]) -> Iterator[str]:
    yield f'rectangle "{escape(lane_words(lane))}" as lane_{number} {_paint(THEME.lane(number), THEME.rule)} {{'
    for box in boxes:
        tone = THEME.tone(box.status)
        yield f'  rectangle "{_label(box)}" as {_name(box.id)} {_paint(tone.fill, tone.line)}{";line.bold" * box.turned}'
    if not boxes:
        yield f'  label "no goals" as lane_{number}_empty'
    yield "}"


def _label(box: Box) -> str:
    name, *said = map(escape, box_lines(box))
    return "\\n".join([f"<b>{name}</b>", *said])


def _link(arrow: Arrow, rhythm: str) -> str:
    line = "dotted" if arrow.definition else f"thickness={link_width(arrow)}{_LOOKS[arrow.evidence]}"
    head = "o" if arrow.definition else ">"
    label = link_label(arrow, rhythm)
    said = f" : {escape(label)}" if label else ""
    return f"{_name(arrow.source)} -[{link_color(arrow)},{line}]up-{head} {_name(arrow.target)}{said}"


def _paint(fill: str, line: str) -> str:
    return f"{fill};line:{line.removeprefix('#')}"


def _name(goal: str) -> str:
    """A rectangle's id: the goal's, with all but small letters, digits and `_` written out, so that no two become one."""
    return "goal_" + re.sub(r"[^a-z0-9_]", lambda sign: f"U{ord(sign[0]):X}X", goal)
