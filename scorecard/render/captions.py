"""What pictures say in words about the map and its parts: for the pointer, and for readers that do not see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scorecard.model.status import Heading
from scorecard.render.change_words import compared_words
from scorecard.render.picture import Arrow, Box, Lane, Picture
from scorecard.render.words import (
    GUARDRAIL_SIGN,
    OVERRIDE_SIGN,
    coverage_words,
    percent,
    signal_words,
    span,
    status_words,
)


def index_words(picture: Picture) -> str:
    """`Index ◆ amber 61% · coverage 90%, 8 of 9 figures fresh`."""
    covered = coverage_words(picture.coverage, picture.fresh, picture.figures)
    return f"Index {status_words(picture.index_status, picture.index)} · {covered}"


def compared_line(picture: Picture, mark: str = "") -> str:
    """`Compared with 2026-09: index was ◆ amber 58%, +3 pp; goals: 2 turned better`; empty without such a period.

    `mark` says how a drawing shows the goals that turned; it stands in brackets where there are some.
    """
    if not picture.before:
        return ""
    shown = f" ({mark})" if mark and any(picture.turns) else ""
    return compared_words(picture.before, picture.index_change, picture.turns) + shown


def lane_words(lane: Lane) -> str:
    return f"{lane.name}: {status_words(lane.status, lane.score)}"


def box_words(box: Box) -> str:
    """A goal in lines: name and status first, then drivers, outlook, signal, owner, marks and KPIs."""
    said = [
        f"{box.name}: {status_words(box.status, box.lagging)}, coverage {percent(box.coverage)}",
        f"Drivers {status_words(box.leading_status, box.leading)}",
        f"Outlook {status_words(box.outlook_status, box.outlook)}",
        f"Signal {signal_words(box.signal, bool(box.guardrails_breached), box.overridden)}",
        *([f"Compared: {change_line(box)}"] if box.change else []),
        *([f"Owner {box.owner}"] if box.owner else []),
    ]
    return "\n".join([*said, *(f"{sign} {words}" for sign, words in box_marks(box)), *box.lines])


def change_line(box: Box) -> str:
    """What became of a goal since the period compared with: `↗ was ◆ amber 52%, +5 pp`; empty without one."""
    arrow = "" if box.moved in (Heading.UNKNOWN, Heading.LEVEL) else f"{box.moved.arrow} "
    return f"{arrow}{box.change}"


def box_marks(box: Box) -> list[tuple[str, str]]:
    """What lowered or replaced a goal's status: a sign and its words each."""
    marks = [(GUARDRAIL_SIGN, f"breached: {name}") for name in box.guardrails_breached]
    if box.overridden:
        marks.append((OVERRIDE_SIGN, f"set by hand; result {status_words(box.lagging_status, box.lagging)}"))
    return marks


def arrow_words(arrow: Arrow, boxes: Mapping[str, Box], rhythm: str) -> str:
    """A link in a line, and its reason in a second one where there is one."""
    cause, effect = boxes[arrow.source].name, boxes[arrow.target].name
    said = f"{cause} {'opposes' if arrow.opposes else 'supports'} {effect}"
    said += f": {percent(arrow.share)} of the drivers' weight, {arrow.evidence}"
    if arrow.definition:
        said = f"{cause} defines a KPI of {effect}"
    if arrow.delay:
        said += f", shows after {span(arrow.delay, rhythm)}"
    return f"{said}\n{arrow.why}" if arrow.why else said


def list_kinds(picture: Picture) -> Iterator[tuple[str, Arrow]]:
    """A sample of each kind of link that occurs, and what a legend calls it."""
    drivers = [arrow for arrow in picture.arrows if not arrow.definition]
    for evidence in ("assumed", "observed", "tested"):
        if any(arrow.evidence == evidence for arrow in drivers):
            yield evidence, Arrow("", "", share=0.4, evidence=evidence)
    if any(arrow.opposes for arrow in drivers):
        yield "opposes", Arrow("", "", share=0.4, evidence="observed", opposes=True)
    if len(drivers) < len(picture.arrows):
        yield "defines a KPI of", Arrow("", "", definition=True)
