"""The map as plain data for programs that compute on graphs: attributes of goals, links and the whole, and a layout.

Numbers are unrounded, scores and coverages 0..1; what is unknown or does not apply is left out, never a zero.
"""

from __future__ import annotations

from scorecard.render.captions import compared_line, index_words
from scorecard.render.palette import LIGHT as THEME
from scorecard.render.picture import Arrow, Box, Picture
from scorecard.render.svg_layout import Card, Size, lay_out
from scorecard.render.words import status_words

Value = str | float | bool  # an int is a whole number, never a bool
Attributes = dict[str, Value]

_SIZE = Size(22, 22, 4)
_HEIGHT = 76  # pixels of a node


def graph_attributes(picture: Picture) -> Attributes:
    """What is known of the whole: title, period, index with its status in words, coverage, remark, and a comparison."""
    return _known(
        title=picture.title,
        period=picture.period,
        index=picture.index,
        index_status=picture.index_status.value,
        index_words=index_words(picture),
        coverage=picture.coverage,
        remark=picture.illustrative,
        compared_with=picture.before,
        index_before=picture.index_before,
        compared_words=compared_line(picture),
    )


def node_attributes(picture: Picture, box: Box) -> Attributes:
    """What is known of a goal. `lane` counts perspectives from 0 at the top; `said` is its status in words."""
    lane = picture.lanes[box.lane]
    return _known(
        name=box.name,
        perspective=lane.id,
        perspective_name=lane.name,
        lane=box.lane,
        owner=box.owner,
        theme=box.theme,
        status=box.status.value,
        said=status_words(box.status, box.lagging),
        lagging=box.lagging,
        lagging_status=box.lagging_status.value,
        lagging_coverage=box.coverage,
        leading=box.leading,
        leading_status=box.leading_status.value,
        leading_coverage=box.leading_coverage,
        outlook=box.outlook,
        outlook_status=box.outlook_status.value,
        outlook_coverage=box.outlook_coverage,
        heading=box.heading.value,
        signal=box.signal.value,
        guardrails_breached="; ".join(box.guardrails_breached),
        set_by_hand=box.overridden,
        kpis="; ".join(box.lines),
        fill=THEME.tone(box.status).fill,
        line=THEME.tone(box.status).line,
        change=box.change,
        status_before=box.status_before.value if box.status_before else None,
        lagging_change=box.score_change,
    )


def edge_attributes(arrow: Arrow) -> Attributes:
    """What is known of a link. `delay` is in review periods, `share` of the effect's leading weight; a link that only
    defines a KPI has no weight, share and evidence."""
    weighs = not arrow.definition
    return _known(
        effect="defines" if arrow.definition else "opposes" if arrow.opposes else "supports",
        weight=arrow.weight if weighs else None,
        share=arrow.share if weighs else None,
        delay=arrow.delay if weighs else None,
        evidence=arrow.evidence if weighs else None,
        why=arrow.why,
    )


def place_nodes(picture: Picture) -> tuple[Card, ...]:
    """Where each goal stands, in pixels from the top left."""
    return lay_out(picture, _SIZE, lambda _boxes, _width: _HEIGHT, 0).cards if picture.lanes else ()


def _known(**values: Value | None) -> Attributes:
    return {name: value for name, value in values.items() if value is not None and value != ""}
