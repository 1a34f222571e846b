"""What the diagrams in the languages of other programs say: a goal in short lines, a link's label, the head, the legend."""

from __future__ import annotations

from scorecard.model.status import Status
from scorecard.render.captions import box_marks, change_line, compared_line, index_words
from scorecard.render.palette import LIGHT as THEME
from scorecard.render.picture import Arrow, Box, Picture
from scorecard.render.words import GUARDRAIL_SIGN, OVERRIDE_SIGN, columns, span, status_words

LEGEND = (
    " · ".join(f"{status.sign} {status}" for status in reversed(Status)),
    f"{GUARDRAIL_SIGN} guardrail breached · {OVERRIDE_SIGN} status set by hand · ↗ → ↘ outlook against result",
    "Links by evidence: dashed assumed, solid observed, thick tested; red opposes, dotted defines a KPI of",
)
TURNED = "thick borders"  # of goals that have another colour than in the period compared with


def head_lines(picture: Picture) -> list[str]:
    """Title and period, the index, what changed where a period is compared with, and the remark on illustrative figures."""
    besides = [line for line in (compared_line(picture, TURNED), picture.illustrative) if line]
    return [f"{picture.title} · {picture.period}", index_words(picture), *besides]


def box_lines(box: Box) -> list[str]:
    """The name first, then status, change, outlook, owner, and what lowered or replaced the status."""
    said = [
        box.name,
        status_words(box.status, box.lagging),
        *([change_line(box)] if box.change else []),
        f"{box.heading.arrow} outlook {status_words(box.outlook_status, box.outlook)}",
        *([box.owner] if box.owner else []),
    ]
    return said + [f"{sign} {words}" for sign, words in box_marks(box)]


def fold(text: str, width: int = 28) -> str:
    """The text with line ends in place of some spaces, and nothing else changed; words longer than a line stay whole."""
    lines: list[str] = []
    room = 0
    for word in text.split(" "):
        taken = columns(word) + 1
        if lines and taken <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
            room = width + 1
        room -= taken
    return "\n".join(lines)


def link_label(arrow: Arrow, rhythm: str) -> str:
    """`opposes · 2 months`; empty for a link that supports at once."""
    words = ["defines"] if arrow.definition else ["opposes"] if arrow.opposes else []
    return " · ".join([*words, *([span(arrow.delay, rhythm)] if arrow.delay else [])])


def link_color(arrow: Arrow) -> str:
    return THEME.definition if arrow.definition else THEME.opposing if arrow.opposes else THEME.link


def link_width(arrow: Arrow) -> int:
    """Pixels: 1 to 3 by the share of the effect's drivers, one more for a tested link."""
    return 1 if arrow.definition else 1 + round(2 * arrow.share) + (arrow.evidence == "tested")
