"""The map as a Mermaid flowchart: perspectives as subgraphs, goals as nodes coloured by status, links with labels.

Every text passes `escape`, which leaves letters, digits and single spaces and turns all else into `#code;` entities.
"""

from __future__ import annotations

import json
import re
from itertools import pairwise

from scorecard.model.status import Status
from scorecard.render.captions import change_line, compared_line
from scorecard.render.diagram_words import TURNED
from scorecard.render.palette import LIGHT as THEME
from scorecard.render.picture import Arrow, Box, Lane, Picture
from scorecard.render.words import (
    GUARDRAIL_SIGN,
    OVERRIDE_SIGN,
    clip,
    coverage_words,
    rhythm_word,
    span,
    status_words,
)

LONGEST = 120  # columns of a name: Mermaid refuses a text of more than 50,000 characters

_LINES = {"assumed": "-.-{}", "observed": "--{}", "tested": "=={}"}  # by evidence, open for the head


def write_mermaid(picture: Picture) -> str:
    """The picture in Mermaid's language; the same picture gives the same text to the byte."""
    lines = ["---", f"title: {_title(picture)}", "---", "flowchart BT"]
    for number, lane in enumerate(picture.lanes):
        lines += _lane(number, lane, [box for box in picture.boxes if box.lane == number])
    rhythm = rhythm_word(picture.period)
    lines += [f"  {_link(arrow, rhythm)}" for arrow in picture.arrows]
    lines += [f"  lane_{low} ~~~ lane_{high}" for high, low in pairwise(range(len(picture.lanes)))]
    lines += [f"  linkStyle {number} {_look(arrow)}" for number, arrow in enumerate(picture.arrows)]
    for status in Status:
        tone = THEME.tone(status)
        lines.append(f"  classDef {status} fill:{tone.fill},stroke:{tone.line},color:{THEME.text}")
    if turned := [_name(box.id) for box in picture.boxes if box.turned]:
        lines += ["  classDef turned stroke-width:4px", f"  class {','.join(turned)} turned"]
    lines.append(f"  classDef none fill:none,stroke:none,color:{THEME.quiet}")
    for number in range(len(picture.lanes)):
        lines.append(f"  style lane_{number} fill:{THEME.lane(number)},stroke:{THEME.rule},color:{THEME.text}")
    return "\n".join([*lines, ""])


def escape(text: str) -> str:
    """Text inside the quotes of a label."""
    return re.sub(r"[^\w ]|_|^ | $|(?<= ) ", lambda sign: f"#{ord(sign[0])};", text)


def _title(picture: Picture) -> str:
    said = [clip(picture.title, LONGEST), picture.period, f"index {status_words(picture.index_status, picture.index)}"]
    said += [
        coverage_words(picture.coverage, picture.fresh, picture.figures),
        *(line for line in (compared_line(picture, TURNED), picture.illustrative) if line),
    ]
    return json.dumps(" · ".join(said))


def _lane(number: int, lane: Lane, boxes: list[Box]) -> list[str]:
    said = f"{clip(lane.name, LONGEST)} {status_words(lane.status, lane.score)}"
    nodes = [f'    {_name(box.id)}("{_label(box)}"):::{box.status}' for box in boxes]
    empty = f'    lane_{number}_empty["no goals"]:::none'
    return [f'  subgraph lane_{number}["{escape(said)}"]', *(nodes or [empty]), "  end"]


def _label(box: Box) -> str:
    lines = [
        clip(box.name, LONGEST),
        status_words(box.status, box.lagging),
        *([change_line(box)] if box.change else []),
        f"{box.heading.arrow} outlook {status_words(box.outlook_status, box.outlook)}",
        *(f"{GUARDRAIL_SIGN} breached: {clip(name, LONGEST)}" for name in box.guardrails_breached),
        *([f"{OVERRIDE_SIGN} set by hand"] if box.overridden else []),
    ]
    return "<br/>".join(map(escape, lines))


def _link(arrow: Arrow, rhythm: str) -> str:
    words = ["defines"] if arrow.definition else ["opposes"] if arrow.opposes else []
    words += [span(arrow.delay, rhythm)] if arrow.delay else []
    label = f'|"{escape(" · ".join(words))}"|' if words else ""
    head = "o" if arrow.definition else "x" if arrow.opposes else ">"
    line = _LINES["assumed" if arrow.definition else arrow.evidence].format(head)
    return f"{_name(arrow.source)} {line}{label} {_name(arrow.target)}"


def _look(arrow: Arrow) -> str:
    if arrow.definition:
        return f"stroke:{THEME.definition},stroke-width:1px"
    return f"stroke:{THEME.opposing if arrow.opposes else THEME.link},stroke-width:{1 + 3 * arrow.share:.2f}px"


def _name(goal: str) -> str:
    """A node's id: the goal's, with all but small letters, digits and `_` written out, so that no two become one."""
    return "goal_" + re.sub(r"[^a-z0-9_]", lambda sign: f"U{ord(sign[0]):X}X", goal)
