"""The map as Cytoscape JSON (CYJS): perspectives as nodes that hold the goals' nodes, links as edges, all with places.

Cytoscape.js draws a perspective around its goals; Cytoscape shows it as a node of its own, left of them. Every text
passes JSON's own writer; `escape` makes the whole safe inside a page's script too.
"""

from __future__ import annotations

import json

from scorecard.render.graph_data import Attributes, edge_attributes, graph_attributes, node_attributes, place_nodes
from scorecard.render.palette import LIGHT as THEME
from scorecard.render.picture import Picture
from scorecard.render.svg_layout import Card
from scorecard.render.words import status_words

Element = dict[str, Attributes]

_LEFT = 40  # where perspectives stand, pixels from the left


def write_cytoscape(picture: Picture) -> str:
    """The picture in the form that both Cytoscapes read; the same picture gives the same text to the byte."""
    cards = place_nodes(picture)
    nodes = _lanes(picture, cards)
    for box, card in zip(picture.boxes, cards, strict=True):
        parent: Attributes = {"parent": _lane(picture.lanes[box.lane].id), "kind": "goal"}
        place: Attributes = {"x": card.x + card.width / 2, "y": card.y + card.height / 2}
        nodes.append({"data": _named(box.id) | parent | node_attributes(picture, box), "position": place})
    edges: list[Element] = []
    for number, arrow in enumerate(picture.arrows):
        ends: Attributes = {"id": f"link:{number}", "key": number, "source": arrow.source, "target": arrow.target}
        edges.append({"data": ends | edge_attributes(arrow)})
    whole = {
        "format_version": "1.0",
        "generated_by": "scorecard",
        "target_cytoscapejs_version": "~2.1",
        "directed": True,
        "multigraph": True,
        "data": {"name": picture.title} | graph_attributes(picture),
        "elements": {"nodes": nodes, "edges": edges},
    }
    return escape(json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False)) + "\n"


def escape(text: str) -> str:
    """JSON in which no text ends or begins an element of HTML."""
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _lanes(picture: Picture, cards: tuple[Card, ...]) -> list[Element]:
    found: list[Element] = []
    below = 0.0
    for number, lane in enumerate(picture.lanes):
        rows = [card.y + card.height / 2 for card, box in zip(cards, picture.boxes, strict=True) if box.lane == number]
        below = sum(rows) / len(rows) if rows else below + 100
        data: Attributes = {"kind": "perspective", "name": lane.name, "status": lane.status.value}
        data |= {"said": status_words(lane.status, lane.score), "fill": THEME.lane(number), "line": THEME.rule}
        data |= {} if lane.score is None else {"lagging": lane.score}
        found.append({"data": _named(_lane(lane.id)) | data, "position": {"x": _LEFT, "y": below}})
    return found


def _lane(perspective: str) -> str:
    return f"perspective:{perspective}"


def _named(id: str) -> Attributes:
    """`value` is the name by which Python's networkx knows a node."""
    return {"id": id, "value": id}
