"""The map as Graphviz text: lanes as clusters, goals as HTML-like tables, links as edges, and a legend.

Every text passes `quote` (strings) or `escape` (HTML-like labels). A lane is one or more rows; every row has an
invisible post at either end, and aligned posts make all lanes equally wide and keep their order.
"""

from __future__ import annotations

from itertools import pairwise

from scorecard.model.status import Status
from scorecard.render.palette import LIGHT as THEME
from scorecard.render.picture import Arrow, Box, Lane, Picture
from scorecard.render.rows import arrange
from scorecard.render.words import (
    GUARDRAIL_SIGN,
    OVERRIDE_SIGN,
    cells,
    clip,
    percent,
    rhythm_word,
    signal_words,
    span,
    status_words,
    wrap,
)

FONT = "Helvetica,Arial,sans-serif"
BOX_WIDTH, HEADER_WIDTH = 236, 140  # points
NAME_COLUMNS, NAME_LINES = 28, 4

_UNSAFE = dict.fromkeys((*range(32), *range(127, 160), 0x2028, 0x2029, *range(0xD800, 0xE000), 0xFFFE, 0xFFFF), "\ufffd")
_QUOTED = _UNSAFE | {ord("\\"): "\\\\", ord('"'): '\\"', ord("&"): "&amp;", ord("\n"): "\\n"}
_ESCAPED = _UNSAFE | {ord("\\"): "\\\\", ord('"'): "&quot;", ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}
JOINT = {"shape": "point", "style": "invis", "label": "", "width": "0", "height": "0"}
_SAMPLES = {
    "assumed": Arrow("", "", share=0.4),
    "observed": Arrow("", "", share=0.4, evidence="observed"),
    "tested": Arrow("", "", share=0.4, evidence="tested"),
    "opposes": Arrow("", "", share=0.4, evidence="observed", opposes=True),
    "defines a KPI of": Arrow("", "", definition=True),
}


class Html(str):
    """A finished HTML-like label, the only value that is not quoted."""

    __slots__ = ()


def write_dot(picture: Picture) -> str:
    """The picture in the DOT language; the same picture gives the same text to the byte."""
    placed = arrange(picture)
    boxes = {box.id: box for box in picture.boxes}
    body = _head(picture)
    for number, lane in enumerate(picture.lanes):
        rows = {at: row for at, row in enumerate(placed.rows) if placed.lanes[at] == number}
        body += _lane(number, lane, rows, boxes)
    body += _legend(len(placed.rows))
    for side in "LR":  # the posts of all rows, one above the other
        body += [f'"{side}{at + 1}" -> "{side}{at}" [style=invis, weight=1000]' for at in range(len(placed.rows) + 1)]
    at = placed.row_of()
    for arrow, way in zip(picture.arrows, placed.ways, strict=True):
        look = _line(arrow) | _words(arrow, boxes[arrow.source].name, boxes[arrow.target].name, rhythm_word(picture.period))
        body += _edge(way, look, upward=at[arrow.source] > at[arrow.target])
    return "\n".join(["digraph strategy_map {", *(f"  {line}" for line in body), "}", ""])


def quote(text: str) -> str:
    """A DOT string: an id, or an attribute in which Graphviz reads escapes and entities. Line ends stay line ends."""
    return f'"{text.translate(_QUOTED)}"'


def escape(text: str) -> str:
    """Text inside an HTML-like label; a space where it is empty, which Graphviz refuses."""
    return text.translate(_ESCAPED) or " "


def _head(picture: Picture) -> list[str]:
    index = f"Index {status_words(picture.index_status, picture.index)} · coverage {percent(picture.coverage)}"
    lines = [_text(line, 20, bold=True) for line in wrap(f"{picture.title} · {picture.period}", 90, 2)]
    lines.append(_text(index, 13, THEME.tone(picture.index_status).line))
    if picture.illustrative:
        lines += [_text(line, 10, THEME.quiet) for line in wrap(picture.illustrative, 150, 2)]
    graph = {"rankdir": "BT", "newrank": "true", "remincross": "false", "nodesep": "0.35", "ranksep": "0.45", "pad": "0.3"}
    graph |= {"bgcolor": THEME.background, "fontname": FONT, "label": Html(f"<{_lines(lines)}>"), "labelloc": "t"}
    graph |= {"labeljust": "l", "tooltip": picture.title}
    node = {"shape": "plain", "fontname": FONT, "fontcolor": THEME.text, "fontsize": "12"}
    edge = {"fontname": FONT, "fontcolor": THEME.quiet, "fontsize": "10", "arrowsize": "0.8"}
    return [f"{kind} {_attributes(values)}" for kind, values in (("graph", graph), ("node", node), ("edge", edge))]


def _lane(number: int, lane: Lane, rows: dict[int, tuple[str, ...]], boxes: dict[str, Box]) -> list[str]:
    """A cluster; `rows` by their number on the map."""
    said = f"{lane.name}: {status_words(lane.status, lane.score)}"
    style = {"style": "rounded,filled", "color": THEME.rule, "fillcolor": THEME.lane(number), "margin": "12"}
    lines = [f"graph {_attributes({'label': '', 'tooltip': said} | style)}"]
    for at, row in rows.items():
        post = {"label": _header(lane), "tooltip": said} if at == min(rows) else _post(HEADER_WIDTH)
        lines += _row(at, post, {name: _node(boxes[name]) if name in boxes else JOINT for name in row})
    return [f"subgraph cluster_{number} {{", *(f"  {line}" for line in lines), "}"]


def _row(at: int, left: dict[str, str], nodes: dict[str, dict[str, str]]) -> list[str]:
    """Nodes of one rank between their posts, in this order."""
    named = {f"L{at}": left, **nodes, f"R{at}": _post(1)}
    lines = [f"{quote(name)} {_attributes(values)}" for name, values in named.items()]
    lines.append(" -> ".join(map(quote, named)) + " [style=invis]")
    return ["{ rank=same", *(f"  {line}" for line in lines), "}"]


def _legend(at: int) -> list[str]:
    """Two rows under the lanes: the signs, and a sample of each kind of link."""
    said = [_text(f"{status.sign} {status}", 10, THEME.tone(status).line) for status in reversed(Status)]
    marks = [f"{GUARDRAIL_SIGN} guardrail breached", f"{OVERRIDE_SIGN} set by hand", "a wider line is a larger share of the drivers"]
    said += [_text(mark, 10, THEME.quiet) for mark in marks]
    signs = {"Signs": {"label": Html(f"<{_table([[_cell(text, CELLPADDING=4) for text in said]])}>")}}
    links: dict[str, dict[str, str]] = {}
    edges = []
    for word, arrow in _SAMPLES.items():
        links |= {f"From {word}": _post(1), f"To {word}": {"label": f" {word}", "fontsize": "10", "fontcolor": THEME.quiet}}
        edges.append(f"{quote(f'From {word}')} -> {quote(f'To {word}')} {_attributes(_line(arrow))}")
    lines = [*_row(at, _post(HEADER_WIDTH), signs), *_row(at + 1, _post(HEADER_WIDTH), links), *edges]
    return ["subgraph cluster_legend {", '  graph [label="", peripheries=0]', *(f"  {line}" for line in lines), "}"]


def _post(width: float) -> dict[str, str]:
    return {"shape": "box", "style": "invis", "label": "", "width": f"{width / 72:.3f}", "height": "0.01"}


def _header(lane: Lane) -> Html:
    lines = [_text(line, 13, bold=True) for line in wrap(lane.name, 18, 4)]
    lines.append(_text(status_words(lane.status, lane.score), 11, THEME.tone(lane.status).line))
    return Html(f"<{_table([[_cell(_lines(lines), WIDTH=HEADER_WIDTH)]])}>")


def _node(box: Box) -> dict[str, str]:
    return {"label": _label(box), "tooltip": _tooltip(box)}


def _label(box: Box) -> Html:
    """The goal's table: name, score bar and status, outlook and owner, and what lowered or replaced the status."""
    tone, ahead = THEME.tone(box.status), THEME.tone(box.outlook_status)
    name = _lines([_text(line, 13, bold=True) for line in wrap(box.name, NAME_COLUMNS, NAME_LINES)])
    score = _text(f"{box.status.sign} {box.status} ", 12, tone.line) + _text(percent(box.lagging), 12, tone.line, bold=True)
    outlook = _text(f"{box.heading.arrow} outlook ", 10, THEME.quiet)
    outlook += _text(f"{box.outlook_status.sign} {percent(box.outlook)}", 10, ahead.line)
    owner = _text(clip(box.owner, 22), 10, THEME.quiet)
    rows = [[_cell(name, COLSPAN=2)], [_cell(_bar(box), WIDTH=BOX_WIDTH-95), _cell(score, ALIGN="RIGHT", WIDTH=95)]]
    rows += [[_cell(outlook), _cell(owner, ALIGN="RIGHT")], *([_cell(_text(clip(mark, 40), 10), COLSPAN=2)] for mark in _marks(box))]
    look = {"BORDER": 1, "COLOR": tone.line, "BGCOLOR": tone.fill, "STYLE": "ROUNDED", "CELLPADDING": 3}
    return Html(f"<{_table(rows, **look)}>")


def _bar(box: Box) -> str:
    filled, tone = cells(box.lagging), THEME.tone(box.status)
    colors = [tone.line] * filled + [THEME.rule] * (10 - filled)
    return _table([[_cell("", BGCOLOR=color, WIDTH=11, HEIGHT=7, FIXEDSIZE="TRUE") for color in colors]], CELLSPACING=1)


def _marks(box: Box) -> list[str]:
    marks = [f"{GUARDRAIL_SIGN} guardrail breached: {name}" for name in box.guardrails_breached]
    if box.overridden:
        marks.append(f"{OVERRIDE_SIGN} set by hand; result {status_words(box.lagging_status, box.lagging)}")
    return marks


def _tooltip(box: Box) -> str:
    said = [
        f"{box.name}: {status_words(box.status, box.lagging)}, coverage {percent(box.coverage)}",
        f"Drivers {status_words(box.leading_status, box.leading)}, outlook {status_words(box.outlook_status, box.outlook)}",
        f"Signal {signal_words(box.signal)}",
    ]
    return "\n".join([*said, *([f"Owner {box.owner}"] if box.owner else []), *_marks(box), *box.lines])


def _words(arrow: Arrow, cause: str, effect: str, rhythm: str) -> dict[str, str]:
    """The tooltip of a link, and the delay as its label."""
    said = f"{cause} {'opposes' if arrow.opposes else 'supports'} {effect}: {percent(arrow.share)} of its drivers, {arrow.evidence}"
    if arrow.definition:
        said = f"{cause} defines a KPI of {effect}"
    words: dict[str, str] = {}
    if arrow.delay:
        said += f", shows after {span(arrow.delay, rhythm)}"
        chip = _cell(_text(span(arrow.delay, rhythm), 10, THEME.quiet), CELLPADDING=3)
        words["label"] = Html(f"<{_table([[chip]])}>")
    return words | {"tooltip": f"{said}\n{arrow.why}" if arrow.why else said}


def _edge(way: tuple[str, ...], look: dict[str, str], upward: bool) -> list[str]:
    """A link along its way; only the last part has the head, and only the first the label."""
    if not upward:
        look = look | {"constraint": "false"}  # such a link may not move the lanes
    if len(way) == 2:
        return [f"{quote(way[0])} -> {quote(way[1])} {_attributes(look)}"]
    plain = {name: value for name, value in look.items() if name != "label"}
    lines = [f"{quote(way[0])} -> {quote(way[1])} {_attributes(look | {'arrowhead': 'none'})}"]
    lines += [f"{quote(a)} -> {quote(b)} {_attributes(plain | {'arrowhead': 'none'})}" for a, b in pairwise(way[1:-1])]
    return [*lines, f"{quote(way[-2])} -> {quote(way[-1])} {_attributes(plain)}"]


def _line(arrow: Arrow) -> dict[str, str]:
    """How a link is drawn: its share is the width, its evidence the dashes, its effect the head."""
    if arrow.definition:
        return {"style": "dotted", "color": THEME.definition, "arrowhead": "empty", "constraint": "false", "weight": "0"}
    tested = arrow.evidence == "tested"
    look = {"style": "dashed" if arrow.evidence == "assumed" else "solid"}
    look["penwidth"] = f"{0.8 + 2.4 * arrow.share + 0.8 * tested:.2f}"
    look["color"] = THEME.opposing if arrow.opposes else THEME.text if tested else THEME.link
    return look | ({"arrowhead": "tee"} if arrow.opposes else {})


def _attributes(values: dict[str, str]) -> str:
    return f"[{', '.join(f'{name}={value if isinstance(value, Html) else quote(value)}' for name, value in values.items())}]"


def _table(rows: list[list[str]], **look: str | int) -> str:
    look = {"BORDER": 0, "CELLBORDER": 0, "CELLSPACING": 0, "CELLPADDING": 0} | look
    return f"<TABLE{_look(look)}>{''.join('<TR>' + ''.join(row) + '</TR>' for row in rows)}</TABLE>"


def _cell(content: str, **look: str | int) -> str:
    return f"<TD{_look({'ALIGN': 'LEFT'} | look)}>{content}</TD>"


def _look(look: dict[str, str | int]) -> str:
    return "".join(f' {name}="{value}"' for name, value in look.items())


def _lines(lines: list[str]) -> str:
    return "".join(f'{line}<BR ALIGN="LEFT"/>' for line in lines)


def _text(text: str, size: int, color: str = THEME.text, bold: bool = False) -> str:
    inner = f"<B>{escape(text)}</B>" if bold else escape(text)
    return f'<FONT POINT-SIZE="{size}" COLOR="{color}">{inner}</FONT>'
