"""The map as GraphML: goals and links with typed attributes, and boxes as yEd draws them.

Every text passes `escape` of `xml_values`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scorecard.render.diagram_words import box_lines, fold, link_color, link_label, link_width
from scorecard.render.graph_data import Attributes, edge_attributes, graph_attributes, node_attributes, place_nodes
from scorecard.render.palette import LIGHT as THEME
from scorecard.render.picture import Arrow, Box, Picture
from scorecard.render.svg_layout import Card
from scorecard.render.words import rhythm_word
from scorecard.render.xml_values import escape, list_types, write_value

_ROOT = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">'
_HEADS = {"defines": "white_circle", "opposes": "cross", "supports": "standard"}


def write_graphml(picture: Picture) -> str:
    """The picture as a directed graph; the same picture gives the same text to the byte."""
    whole = graph_attributes(picture)
    nodes = [node_attributes(picture, box) for box in picture.boxes]
    edges = [edge_attributes(arrow) for arrow in picture.arrows]
    rhythm = rhythm_word(picture.period)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', _ROOT]
    for kind, found in (("graph", [whole]), ("node", nodes), ("edge", edges)):
        lines += _keys(kind, found)
    lines += ['<key id="node_look" for="node" yfiles.type="nodegraphics"/>']
    lines += ['<key id="edge_look" for="edge" yfiles.type="edgegraphics"/>']
    lines += ['<graph id="map" edgedefault="directed">', *_data("graph", whole)]
    for box, values, card in zip(picture.boxes, nodes, place_nodes(picture), strict=True):
        lines += [f'<node id="{escape(box.id)}">', *_data("node", values), _node_look(box, card), "</node>"]
    for number, (arrow, values) in enumerate(zip(picture.arrows, edges, strict=True)):
        ends = f'source="{escape(arrow.source)}" target="{escape(arrow.target)}"'
        look = _edge_look(arrow, str(values["effect"]), link_label(arrow, rhythm))
        lines += [f'<edge id="link_{number}" {ends}>', *_data("edge", values), look, "</edge>"]
    return "\n".join([*lines, "</graph>", "</graphml>", ""])


def _keys(kind: str, found: Iterable[Attributes]) -> Iterator[str]:
    for name, type in list_types(found).items():
        yield f'<key id="{kind}_{name}" for="{kind}" attr.name="{name}" attr.type="{type}"/>'


def _data(kind: str, values: Attributes) -> Iterator[str]:
    for name, value in values.items():
        yield f'<data key="{kind}_{name}">{escape(write_value(value))}</data>'


def _node_look(box: Box, card: Card) -> str:
    tone = THEME.tone(box.status)
    place = f'x="{card.x}" y="{card.y}" width="{card.width}" height="{card.height}"'
    label = escape("\n".join(map(fold, box_lines(box))))
    return (
        f'<data key="node_look"><y:ShapeNode><y:Geometry {place}/><y:Fill color="{tone.fill}" transparent="false"/>'
        f'<y:BorderStyle type="line" width="{3 if box.turned else 1}.0" color="{tone.line}"/>'
        f'<y:NodeLabel textColor="{THEME.text}">{label}</y:NodeLabel>'
        '<y:Shape type="roundrectangle"/></y:ShapeNode></data>'
    )


def _edge_look(arrow: Arrow, effect: str, label: str) -> str:
    line = "dotted" if arrow.definition else "dashed" if arrow.evidence == "assumed" else "line"
    said = f'<y:EdgeLabel textColor="{THEME.quiet}">{escape(label)}</y:EdgeLabel>' if label else ""
    return (
        f'<data key="edge_look"><y:PolyLineEdge>'
        f'<y:LineStyle type="{line}" width="{link_width(arrow)}.0" color="{link_color(arrow)}"/>'
        f'<y:Arrows source="none" target="{_HEADS[effect]}"/>{said}</y:PolyLineEdge></data>'
    )
