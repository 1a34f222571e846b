"""The map as GEXF for Gephi: goals and links with typed attributes, places and colours.

Every text passes `escape` of `xml_values`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scorecard.render.diagram_words import link_color, link_width
from scorecard.render.graph_data import Attributes, edge_attributes, graph_attributes, node_attributes, place_nodes
from scorecard.render.palette import LIGHT as THEME
from scorecard.render.picture import Picture
from scorecard.render.xml_values import escape, list_types, write_value

_ROOT = '<gexf xmlns="http://www.gexf.net/1.2draft" xmlns:viz="http://www.gexf.net/1.2draft/viz" version="1.2">'
_LINES = {"assumed": "dashed", "observed": "solid", "tested": "solid"}
_OWN = ("name", "weight")  # GEXF has places of its own for them


def write_gexf(picture: Picture) -> str:
    """The picture as a directed graph; the same picture gives the same text to the byte."""
    nodes = [node_attributes(picture, box) for box in picture.boxes]
    edges = [edge_attributes(arrow) for arrow in picture.arrows]
    whole = graph_attributes(picture)
    remark = f" · {whole['remark']}" if "remark" in whole else ""
    said = escape(f"{whole['title']} · {whole['period']} · {whole['index_words']}{remark}")
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', _ROOT]
    lines += [f"<meta><creator>scorecard</creator><description>{said}</description></meta>"]
    lines += ['<graph defaultedgetype="directed" mode="static">', *_columns("node", nodes), *_columns("edge", edges)]
    lines.append("<nodes>")
    for box, values, card in zip(picture.boxes, nodes, place_nodes(picture), strict=True):
        middle = f'x="{card.x + card.width / 2}" y="{-card.y - card.height / 2}" z="0.0"'  # upwards is more
        look = f'<viz:color {_rgb(THEME.tone(box.status).line)}/><viz:position {middle}/><viz:size value="20.0"/>'
        label = escape(box.name)
        lines += [f'<node id="{escape(box.id)}" label="{label}">', *_values(values), look, "</node>"]
    lines += ["</nodes>", "<edges>"]
    for number, (arrow, values) in enumerate(zip(picture.arrows, edges, strict=True)):
        ends = f'source="{escape(arrow.source)}" target="{escape(arrow.target)}"'
        weight = f' weight="{float(arrow.weight)}"' if "weight" in values else ""
        line = "dotted" if arrow.definition else _LINES[arrow.evidence]
        look = f'<viz:color {_rgb(link_color(arrow))}/><viz:thickness value="{link_width(arrow)}.0"/>'
        look += f'<viz:shape value="{line}"/>'
        lines += [f'<edge id="{number}" {ends}{weight}>', *_values(values), look, "</edge>"]
    return "\n".join([*lines, "</edges>", "</graph>", "</gexf>", ""])


def _columns(kind: str, found: Iterable[Attributes]) -> Iterator[str]:
    yield f'<attributes class="{kind}" mode="static">'
    for name, type in list_types(found).items():
        if name not in _OWN:
            yield f'<attribute id="{name}" title="{name}" type="{type}"/>'
    yield "</attributes>"


def _values(values: Attributes) -> Iterator[str]:
    yield "<attvalues>"
    for name, value in values.items():
        if name not in _OWN:
            yield f'<attvalue for="{name}" value="{escape(write_value(value))}"/>'
    yield "</attvalues>"


def _rgb(color: str) -> str:
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return f'r="{red}" g="{green}" b="{blue}"'
