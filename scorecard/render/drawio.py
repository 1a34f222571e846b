"""The map as a draw.io file: perspectives as swimlanes, goals as boxes in them, links glued to both, all to be edited.

Boxes, lanes and the corners of links lie where our own layout puts them. Each goal and link carries its exact words as
properties; a label may be cut. Every text passes `escape` of `xml_values`, those of labels and tooltips, which are HTML, twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from scorecard.render.captions import arrow_words, box_words, lane_words
from scorecard.render.diagram_words import LEGEND, box_lines, head_lines, link_color, link_label, link_width
from scorecard.render.graph_data import Attributes, edge_attributes, node_attributes
from scorecard.render.palette import LIGHT as THEME
from scorecard.render.picture import Arrow, Box, Picture
from scorecard.render.svg_layout import HEADER, MARGIN, NARROWEST, Card, Course, Layout, Size, Strip, lay_out
from scorecard.render.svg_text import break_lines
from scorecard.render.words import clip, rhythm_word, status_words
from scorecard.render.xml_values import escape, write_value

_SIZE = Size(20, 30, 3)
_TITLE = 60  # pixels of the band in which a lane's name stands upright
_SHIFT = HEADER - _TITLE  # the layout leaves more for it
_LINE, _PAD = 17, 10  # pixels of a line of letters, and between a box's border and its text
_LONGEST = 100  # columns of a line in a label
_HEADS = {"defines": "oval;endFill=0", "opposes": "cross;endFill=0", "supports": "block;endFill=1"}
_BOX = "rounded=1;arcSize=8;whiteSpace=wrap;html=1;align=left;spacingLeft=6;spacingRight=6;fontSize=12"
_LANE = f"swimlane;shape=swimlane;horizontal=0;startSize={_TITLE};collapsible=0;whiteSpace=wrap;html=1"
_LANE += ";verticalAlign=top;fontStyle=0;fontSize=13"
_LINK = "edgeStyle=orthogonalEdgeStyle;rounded=1;html=1;fontSize=10"


def write_drawio(picture: Picture) -> str:
    """The picture as an mxfile that is not packed; the same picture gives the same text to the byte."""
    top = 2 * MARGIN + _LINE * len(head_lines(picture))
    layout = lay_out(picture, _SIZE, _tall(picture), top) if picture.lanes else Layout(NARROWEST, top, (), (), ())
    width, height = layout.width - _SHIFT, layout.height + MARGIN + _LINE * (len(LEGEND) + 1)
    title, *said = head_lines(picture)
    cells = ['<mxCell id="0"/>', '<mxCell id="1" parent="0"/>']
    cells.append(_text("head", [f"<b>{escape(title)}</b>", *map(escape, said)], MARGIN, width, 14))
    cells += [_lane(picture, number, strip) for number, strip in enumerate(layout.strips)]
    cells += [_box(picture, box, card, layout) for box, card in zip(picture.boxes, layout.cards, strict=True)]
    cells += _links(picture, layout)
    cells.append(_text("legend", list(map(escape, LEGEND)), layout.height + 12, width, 11))
    page = f'page="1" pageWidth="{width}" pageHeight="{height}" background="{THEME.background}"'
    model = f'<mxGraphModel grid="1" gridSize="10" guides="1" tooltips="1" connect="1" arrows="1" {page}>'
    opening = ['<mxfile host="scorecard">', f'<diagram id="map" name="{escape(clip(picture.title, _LONGEST))}">', model]
    return "\n".join([*opening, "<root>", *cells, "</root>", "</mxGraphModel>", "</diagram>", "</mxfile>", ""])


def _tall(picture: Picture) -> Callable[[Sequence[int], int], int]:
    def tall(boxes: Sequence[int], width: int) -> int:
        """The height of a row: that of the box that says most."""
        said = [[clip(line, _LONGEST) for line in box_lines(picture.boxes[box])] for box in boxes]
        lines = [sum(len(break_lines(line, width - 20, 20, 12, bold=True)) for line in one) for one in said]
        return _LINE * max(lines, default=2) + 2 * _PAD

    return tall


def _text(id: str, lines: list[str], y: int, width: int, size: int) -> str:
    """Lines of HTML above or below the map."""
    style = f"text;fillColor=none;strokeColor=none;html=1;align=left;verticalAlign=top;fontSize={size};fontColor={THEME.text}"
    place = f'x="{MARGIN}" y="{y}" width="{width - 2 * MARGIN}" height="{_LINE * len(lines) + 8}"'
    return _cell(id, "<br>".join(lines), {}, style, 'vertex="1" parent="1"', f'<mxGeometry {place} as="geometry"/>')


def _lane(picture: Picture, number: int, strip: Strip) -> str:
    lane, tint = picture.lanes[number], THEME.lane(number)
    style = f"{_LANE};fillColor={tint};swimlaneFillColor={tint};strokeColor={THEME.rule};fontColor={THEME.text}"
    place = f'x="{strip.x}" y="{strip.y}" width="{strip.width - _SHIFT}" height="{strip.height}"'
    label = f"<b>{escape(clip(lane.name, _LONGEST))}</b><br>{status_words(lane.status, lane.score)}"
    return _cell(
        f"lane-{lane.id}",
        label,
        {"tooltip": _html(lane_words(lane)), "name": lane.name},
        style,
        'vertex="1" parent="1"',
        f'<mxGeometry {place} as="geometry"/>',
    )


def _box(picture: Picture, box: Box, card: Card, layout: Layout) -> str:
    tone, strip = THEME.tone(box.status), layout.strips[box.lane]
    name, *said = [escape(clip(line, _LONGEST)) for line in box_lines(box)]
    place = f'x="{card.x - _SHIFT - strip.x}" y="{card.y - strip.y}" width="{card.width}" height="{card.height}"'
    values = {key: value for key, value in node_attributes(picture, box).items() if key not in ("fill", "line")}
    return _cell(
        f"goal-{box.id}",
        "<br>".join([f"<b>{name}</b>", *said]),
        {"tooltip": _html(box_words(box)), **values},
        f"{_BOX};fillColor={tone.fill};strokeColor={tone.line};fontColor={THEME.text}{';strokeWidth=3' * box.turned}",
        f'vertex="1" parent="lane-{escape(picture.lanes[box.lane].id)}"',
        f'<mxGeometry {place} as="geometry"/>',
    )


def _links(picture: Picture, layout: Layout) -> Iterator[str]:
    boxes = {box.id: box for box in picture.boxes}
    cards = {box.id: card for box, card in zip(picture.boxes, layout.cards, strict=True)}
    rhythm = rhythm_word(picture.period)
    for number, (arrow, course) in enumerate(zip(picture.arrows, layout.courses, strict=True)):
        values = edge_attributes(arrow)
        corners = "".join(f'<mxPoint x="{x - _SHIFT}" y="{y}"/>' for x, y in course.points[1:-1])
        points = f'<Array as="points">{corners}</Array>' if corners else ""
        yield _cell(
            f"link-{number}",
            escape(link_label(arrow, rhythm)),
            {"tooltip": _html(arrow_words(arrow, boxes, rhythm)), **values},
            f"{_look(arrow, str(values['effect']))};{_glue(course, cards[arrow.source], cards[arrow.target])}",
            f'edge="1" parent="1" source="goal-{escape(arrow.source)}" target="goal-{escape(arrow.target)}"',
            f'<mxGeometry relative="1" as="geometry">{points}</mxGeometry>',
        )


def _look(arrow: Arrow, effect: str) -> str:
    dash = "2 3" if arrow.definition else "6 4" if arrow.evidence == "assumed" else ""
    style = f"{_LINK};endArrow={_HEADS[effect]};strokeColor={link_color(arrow)};strokeWidth={link_width(arrow)}"
    style += f";fontColor={THEME.quiet};labelBackgroundColor={THEME.background}"
    return f"{style};dashed=1;dashPattern={dash}" if dash else style


def _glue(course: Course, source: Card, target: Card) -> str:
    """Where on the two boxes the link begins and ends, as shares of their sizes."""
    said = []
    for side, card, (x, y) in (("exit", source, course.points[0]), ("entry", target, course.points[-1])):
        across, down = (x - card.x) / card.width, (y - card.y) / card.height
        said.append(f"{side}X={across:.4f};{side}Y={down:.0f};{side}Dx=0;{side}Dy=0")
    return ";".join(said)


def _html(text: str) -> str:
    return "<br>".join(map(escape, text.split("\n")))


def _cell(id: str, label: str, values: Attributes, style: str, place: str, geometry: str) -> str:
    """A cell with properties; `label` and the tooltip are HTML."""
    named = {"label": label} | values | {"id": id}
    said = " ".join(f'{name}="{escape(write_value(value))}"' for name, value in named.items())
    return f'<object {said}><mxCell style="{style}" {place}>{geometry}</mxCell></object>'
