"""The map as Graphviz text: lanes as clusters, goals as HTML-like tables, links as edges, and a legend.

Every text passes `quote` (strings) or `escape` (HTML-like labels). A lane is one or more rows; every row has an
invisible post at either end, and aligned posts make all lanes equally wide and keep their order.
"""

from __future__ import annotations

from itertools import pairwise

from scorecard.model.status import Status
from scorecard.render.captions import (
    arrow_words,
    box_marks,
    box_words,
    change_line,
    compared_line,
    index_words,
    lane_words,
)
from scorecard.render.diagram_words import TURNED
from scorecard.render.palette import LIGHT as THEME
from scorecard.render.picture import Arrow, Box, Lane, Picture
from scorecard.render.rows import Rows, build_rows
from scorecard.render.words import (
    GUARDRAIL_SIGN,
    OVERRIDE_SIGN,
    cells,
    clip,
    percent,
    rhythm_word,
    span,
    status_words,
    wrap,
)

FONT = "Helvetica,Arial,sans-serif"
HEADER_WIDTH, LEFT_WIDTH, RIGHT_WIDTH = 140, 141, 95  # points: of a lane's name, and of a box's columns
NAME_COLUMNS, NAME_LINES = 28, 4

_REFUSED = (*range(32), *range(127, 160), 0x2028, 0x2029, *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)  # by XML or by eyes
_UNSAFE = dict.fromkeys(_REFUSED, "\ufffd")
_QUOTED = _UNSAFE | {ord("\\"): "\\" * 4, ord('"'): '\\"', ord("&"): "&amp;", ord("\n"): "\\n"}
_ESCAPED = _UNSAFE | {ord("\\"): "\\\\", ord('"'): "&quot;", ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}
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
    rows = build_rows(picture)
    row_of = {name: at for at, row in enumerate(rows.names) for name in row}
    boxes = {box.id: box for box in picture.boxes}
    nodes = {box.id: {"label": _label(box), "tooltip": box_words(box)} for box in picture.boxes}
    edges: list[str] = []
    for arrow, way in zip(picture.arrows, rows.ways, strict=True):
        look = _line(arrow) | _words(arrow, boxes, rhythm_word(picture.period))
        edges += _edge(way, look, upward=row_of[arrow.source] > row_of[arrow.target])
        nodes |= dict.fromkeys(way[1:-1], _joint(look))
    lines = _head(picture)
    for number, lane in enumerate(picture.lanes):
        lines += _lane(number, lane, rows, nodes)
    lines += _legend(len(rows.names))
    for side in "LR":  # the posts of all rows stand one above the other
        lines += [f'"{side}{at + 1}" -> "{side}{at}" [style=invis, weight=1000]' for at in range(len(rows.names) + 1)]
    return "\n".join(["digraph strategy_map {", *(f"  {line}" for line in [*lines, *edges]), "}", ""])


def quote(text: str) -> str:
    """A DOT string: an id, or a tooltip, in which Graphviz reads escapes (twice) and entities. Line ends are kept."""
    return f'"{text.translate(_QUOTED)}"'


def escape(text: str) -> str:
    """Text inside an HTML-like label; a space where it is empty, which Graphviz refuses."""
    return text.translate(_ESCAPED) or " "


def _head(picture: Picture) -> list[str]:
    lines = [_text(line, 20, bold=True) for line in wrap(f"{picture.title} · {picture.period}", 90, 2)]
    lines.append(_text(index_words(picture), 13, THEME.tone(picture.index_status).line))
    if picture.before:
        lines += [_text(line, 11, THEME.quiet) for line in wrap(compared_line(picture, TURNED), 130, 2)]
    if picture.illustrative:
        lines += [_text(line, 10, THEME.quiet) for line in wrap(picture.illustrative, 150, 2)]
    graph = {"rankdir": "BT", "newrank": "true", "remincross": "false", "nodesep": "0.35", "ranksep": "0.6"}
    graph |= {"pad": "0.3", "bgcolor": THEME.background, "fontname": FONT, "tooltip": picture.title}
    graph |= {"label": _html([[_cell(line, CELLPADDING=2)] for line in lines]), "labelloc": "t", "labeljust": "l"}
    node = {"shape": "plain", "fontname": FONT, "fontcolor": THEME.text, "fontsize": "12"}
    edge = {"fontname": FONT, "fontcolor": THEME.quiet, "fontsize": "10", "arrowsize": "0.8"}
    return [f"{kind} {_attributes(values)}" for kind, values in (("graph", graph), ("node", node), ("edge", edge))]


def _lane(number: int, lane: Lane, rows: Rows, nodes: dict[str, dict[str, str]]) -> list[str]:
    said = lane_words(lane)
    style = {"style": "rounded,filled", "color": THEME.rule, "fillcolor": THEME.lane(number), "margin": "12"}
    lines = [f"graph {_attributes({'label': '', 'tooltip': said} | style)}"]
    post = {"label": _header(lane), "tooltip": said}
    for at, row in enumerate(rows.names):
        if rows.lanes[at] == number:
            lines += _row(at, post, {name: nodes[name] for name in row})
            post = _post(HEADER_WIDTH)
    return [f"subgraph cluster_{number} {{", *(f"  {line}" for line in lines), "}"]


def _row(at: int, left: dict[str, str], nodes: dict[str, dict[str, str]], pull: int = 1) -> list[str]:
    """Nodes of one rank between their posts, in this order; with a strong pull they stand close to the left post."""
    named = {f"L{at}": left, **nodes, f"R{at}": _post(1)}
    lines = [f"{quote(name)} {_attributes(values)}" for name, values in named.items()]
    *chain, last, right = map(quote, named)
    if chain:
        lines.append(f"{' -> '.join([*chain, last])} [style=invis, weight={pull}]")
    lines.append(f"{last} -> {right} [style=invis]")
    return ["{ rank=same", *(f"  {line}" for line in lines), "}"]


def _legend(at: int) -> list[str]:
    """Two rows under the lanes: the signs, and a sample of each kind of link."""
    said = [_text(f"{status.sign} {status}", 10, THEME.tone(status).line) for status in reversed(Status)]
    marks = [f"{GUARDRAIL_SIGN} guardrail breached", f"{OVERRIDE_SIGN} status set by hand"]
    said += [_text(mark, 10, THEME.quiet) for mark in [*marks, "↗ → ↘ outlook against result"]]
    signs: dict[str, dict[str, str]] = {"Signs": {"label": _html([[_cell(text, CELLPADDING=4) for text in said]])}}
    links: dict[str, dict[str, str]] = {}
    edges = []
    for words, arrow in _SAMPLES.items():
        start, end = f"From {words}", f"To {words}"
        links[start] = _post(30)
        links[end] = {"label": _html([[_cell(_text(words, 10, THEME.quiet), CELLPADDING=4)]])}
        edges.append(f"{quote(start)} -> {quote(end)} {_attributes(_line(arrow) | {'tailclip': 'false'})}")
    lines = [*_row(at, _post(1), signs, pull=9), *_row(at + 1, _post(1), links, pull=9), *edges]
    return ["subgraph cluster_legend {", '  graph [label="", peripheries=0]', *(f"  {line}" for line in lines), "}"]


def _post(width: float) -> dict[str, str]:
    return {"shape": "box", "style": "invis", "label": "", "width": f"{width / 72:.3f}", "height": "0.01"}


def _header(lane: Lane) -> Html:
    lines = [_text(line, 13, bold=True) for line in wrap(lane.name, 18, 4)]
    lines.append(_text(status_words(lane.status, lane.score), 11, THEME.tone(lane.status).line))
    return _html([[_cell(_lines(lines), WIDTH=HEADER_WIDTH)]])


def _label(box: Box) -> Html:
    """The goal's table: name, score bar and status, outlook and owner, and what lowered or replaced the status."""
    tone, ahead = THEME.tone(box.status), THEME.tone(box.outlook_status)
    name = _lines([_text(line, 13, bold=True) for line in wrap(box.name, NAME_COLUMNS, NAME_LINES)])
    status = _text(f"{box.status.sign} {box.status} ", 12, tone.line)
    status += _text(percent(box.lagging), 12, tone.line, bold=True)
    outlook = _text(f"{box.heading.arrow} outlook ", 10, THEME.quiet)
    outlook += _text(f"{box.outlook_status.sign} {percent(box.outlook)}", 10, ahead.line)
    owner = _text(clip(box.owner, 22), 10, THEME.quiet)
    rows = [[_cell(name, COLSPAN=2)]]
    rows.append([_cell(_bar(box), WIDTH=LEFT_WIDTH), _cell(status, ALIGN="RIGHT", WIDTH=RIGHT_WIDTH)])
    rows += [[_cell(_text(clip(change_line(box), 44), 10), COLSPAN=2)]] if box.change else []
    rows.append([_cell(outlook), _cell(owner, ALIGN="RIGHT")])
    marks = (f"{sign} {words}" for sign, words in box_marks(box))
    rows += [[_cell(_text(clip(mark, 44), 10), COLSPAN=2)] for mark in marks]
    return _html(
        rows, BORDER=4 if box.turned else 1, COLOR=tone.line, BGCOLOR=tone.fill, STYLE="ROUNDED", CELLPADDING=4
    )


def _bar(box: Box) -> str:
    filled, tone = cells(box.lagging), THEME.tone(box.status)
    colors = [tone.line] * filled + [THEME.rule] * (10 - filled)
    return _table([[_cell("", BGCOLOR=color, WIDTH=11, HEIGHT=7, FIXEDSIZE="TRUE") for color in colors]], CELLSPACING=1)


def _words(arrow: Arrow, boxes: dict[str, Box], rhythm: str) -> dict[str, str]:
    """The tooltip of a link, and its delay as the label."""
    words: dict[str, str] = {}
    if arrow.delay:
        delay = _cell(_text(span(arrow.delay, rhythm), 10, THEME.quiet), BGCOLOR=THEME.background)
        words["xlabel"] = _html([[delay, _cell("", WIDTH=10)]])  # beside the line, and hiding others that pass
    return words | {"tooltip": arrow_words(arrow, boxes, rhythm)}


def _edge(way: tuple[str, ...], look: dict[str, str], upward: bool) -> list[str]:
    """A link along its way: the label stands at its first part, the head at its last, and joints pass it on upright."""
    if not upward:
        look = look | {"constraint": "false"}  # such a link may not move the lanes
    lines = []
    for part, (start, end) in enumerate(pairwise(way), 1):
        here = dict(look)
        if part > 1:
            here |= {"tailclip": "false", "tailport": "n" if upward else "s"}
            here.pop("xlabel", None)
        if part < len(way) - 1:
            here |= {"headclip": "false", "headport": "s" if upward else "n", "arrowhead": "none"}
        lines.append(f"{quote(start)} -> {quote(end)} {_attributes(here)}")
    return lines


def _joint(look: dict[str, str]) -> dict[str, str]:
    """A dot no wider than the line whose parts it joins."""
    size = {"shape": "point", "width": "0.001", "penwidth": f"{max(2.2, float(look['penwidth'])):.2f}"}
    return {"label": "", **size, "color": look["color"], "fillcolor": look["color"]}


def _line(arrow: Arrow) -> dict[str, str]:
    """How a link is drawn: its share is the width, its evidence the dashes, its effect the head."""
    if arrow.definition:
        look = {"style": "dotted", "penwidth": "1.00", "color": THEME.definition, "arrowhead": "empty"}
        return look | {"constraint": "false", "weight": "0"}
    tested = arrow.evidence == "tested"
    look = {"style": "dashed" if arrow.evidence == "assumed" else "solid"}
    look["penwidth"] = f"{0.8 + 2.4 * arrow.share + 0.8 * tested:.2f}"
    look["color"] = THEME.opposing if arrow.opposes else THEME.text if tested else THEME.link
    return look | ({"arrowhead": "tee", "arrowsize": "1.2"} if arrow.opposes else {})


def _attributes(values: dict[str, str]) -> str:
    said = (f"{name}={value if isinstance(value, Html) else quote(value)}" for name, value in values.items())
    return f"[{', '.join(said)}]"


def _html(rows: list[list[str]], **look: object) -> Html:
    return Html(f"<{_table(rows, **look)}>")


def _table(rows: list[list[str]], **look: object) -> str:
    said = "\n".join(f"<TR>{''.join(row)}</TR>" for row in rows)
    return f"<TABLE{_look({'BORDER': 0, 'CELLBORDER': 0, 'CELLSPACING': 0, 'CELLPADDING': 0} | look)}>{said}</TABLE>"


def _cell(content: str, **look: object) -> str:
    return f"<TD{_look({'ALIGN': 'LEFT'} | look)}>{content}</TD>"


def _look(look: dict[str, object]) -> str:
    return "".join(f' {name}="{value}"' for name, value in look.items())


def _lines(lines: list[str]) -> str:
    return "".join(f'{line}<BR ALIGN="LEFT"/>' for line in lines)


def _text(text: str, size: int, color: str = THEME.text, bold: bool = False) -> str:
    inner = f"<B>{escape(text)}</B>" if bold else escape(text)
    return f'<FONT POINT-SIZE="{size}" COLOR="{color}">{inner}</FONT>'
