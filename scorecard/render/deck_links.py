"""The connectors of the map slide: native, glued at both ends, on the ways of the SVG map where boxes stand as there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from scorecard.render.deck_file import POINT, seek
from scorecard.render.deck_page import SPACES, Page, Place, color_xml
from scorecard.render.picture import Arrow

Point = tuple[int, int]
TOP, BOTTOM = 0, 2  # connection sites of a box
_NEAR = 150_000  # EMU from a box, where a link bends beside it
_TEXT, _LINK, _DEFINES = "tx1", "tx1,60000,40000", "tx1,50000,50000"  # colours by the theme


@dataclass(frozen=True, slots=True)
class Way:
    """The geometry of a connector: its form, place and turn, adjustments in thousandths of a percent; the sites it joins."""

    form: str
    place: tuple[int, int, int, int]
    turn: str
    adjustments: tuple[int, ...]
    sites: tuple[int, int]


def place_link(
    source: Any, target: Any, points: Sequence[Point] | None, downward: bool, cards: Sequence[Place] = ()
) -> Way:
    """The way from one box to another, upright at both ends: through the tracks of `points`, or by the middle."""
    above = target.top + target.height <= source.top
    below = source.top + source.height <= target.top
    if points is None:
        downward = below and not above
    leaves = BOTTOM if downward else TOP
    arrives = (
        (TOP if points[-1][1] <= target.top + target.height // 2 else BOTTOM) if points else TOP if downward else BOTTOM
    )
    if points is None and not above and not below:
        arrives = TOP  # side by side: over both
    start = source.left + source.width // 2, source.top + (source.height if leaves == BOTTOM else 0)
    end = target.left + target.width // 2, target.top + (target.height if arrives == BOTTOM else 0)
    if points is None:
        middle = (start[1] + end[1]) // 2 if above or below else min(start[1], end[1]) - source.height // 4
        points = [start, (start[0], middle), (end[0], middle), end]
    tracks = _tracks(start, end, points)
    if leaves != arrives and (above or below):
        plain = not tracks or (len(tracks) == 1 and start[0] == end[0])
        if len(tracks) == 3 or not _is_clear([start, end] if plain else _turn(start, tracks, end), cards):
            tracks = _find_clear(start, end, tracks, cards)
    return _bend(start, end, tracks, downward, (leaves, arrives))


def add_link(page: Page, name: str, arrow: Arrow, way: Way, ends: tuple[Any, Any], said: str, points: float) -> None:
    """Draws a link, or brings one up to date; `points` is how many there are to a pixel of the layout."""
    shape, is_new = page.connector(name, _connector_xml(way, arrow, page, max(0.5, points)))
    page.describe(shape, said)
    if is_new:
        shape.element.getparent().remove(shape.element)
        page.slide.shapes._spTree.insert(_behind_boxes(page), shape.element)
        for tag, end, site in (("st", ends[0], way.sites[0]), ("end", ends[1], way.sites[1])):
            glue = seek(shape.element, f".//a:{tag}Cxn")[0]
            glue.set("id", str(end.shape_id))
            glue.set("idx", str(site))
    else:
        _restyle(shape.element, arrow, page)


def add_sample(page: Page, name: str, arrow: Arrow, start: Point, length: int) -> None:
    """A piece of such a link for the legend."""
    way = Way("line", (*start, length, 0), "", (), (0, 0))
    shape, is_new = page.connector(name, _connector_xml(way, arrow, page, 0.8))
    if is_new:
        for glue in seek(shape.element, ".//a:stCxn | .//a:endCxn"):
            glue.getparent().remove(glue)


def _tracks(start: Point, end: Point, points: Sequence[Point]) -> list[int]:
    """Where a way runs sideways, upright, sideways: one height, or height, column and height."""
    flat = [(a, b) for a, b in pairwise(points) if a[1] == b[1]]
    if len(flat) == 1:
        return [flat[0][0][1]]
    up = [(a, b) for a, b in pairwise(points) if a[0] == b[0]]
    column = max(up, key=lambda one: abs(one[0][1] - one[1][1]))[0][0]
    if not flat:
        near = abs(start[0] - column) + abs(end[0] - column)
        middle = (start[1] + end[1]) // 2
        reach = min(_NEAR, abs(start[1] - end[1]) // 3)
        way = 1 if end[1] > start[1] else -1
        return (
            [] if near == 0 else [middle] if reach < _NEAR else [start[1] + way * reach, column, end[1] - way * reach]
        )
    return [flat[0][0][1], column, flat[-1][0][1]]


def _find_clear(start: Point, end: Point, tracks: list[int], cards: Sequence[Place]) -> list[int]:
    """A way that keeps off all cards, of few bends and short; the one of `tracks` where there is none."""
    way = 1 if end[1] > start[1] else -1
    between = [card for card in cards if card[1] < max(start[1], end[1]) and card[1] + card[3] > min(start[1], end[1])]
    first, last = start[1] + way * _NEAR, end[1] - way * _NEAR
    heights = [(start[1] + end[1]) // 2, *tracks[::2], first, last]
    found = [[y] for y in heights]
    if len(tracks) == 3:
        found.append(tracks)
    columns = {x for left, _, width, _ in between for x in (left - _NEAR, left + width + _NEAR)}
    for column in sorted(columns, key=lambda x: (abs(x - start[0]) + abs(x - end[0]), x)):
        found += [[y, column, to_y] for y in (first, *tracks[:1]) for to_y in (last, *tracks[-1:])]
    return next((one for one in found if _is_clear(_turn(start, one, end), between)), tracks)


def _turn(start: Point, tracks: Sequence[int], end: Point) -> list[Point]:
    """The corners of a way: up to a height, sideways, and so on to its end."""
    if len(tracks) == 1:
        return [start, (start[0], tracks[0]), (end[0], tracks[0]), end]
    first, column, last = tracks
    return [start, (start[0], first), (column, first), (column, last), (end[0], last), end]


def _is_clear(corners: Sequence[Point], cards: Sequence[Place]) -> bool:
    """Whether a way keeps off all cards but the edges of those at its ends, and always goes on towards its end."""
    heights = [y for _, y in corners]
    if heights != sorted(heights, reverse=heights[0] > heights[-1]):
        return False
    return not any(
        left <= max(x, to_x) and min(x, to_x) <= left + width and top < max(y, to_y) and min(y, to_y) < top + high
        for left, top, width, high in cards
        for (x, y), (to_x, to_y) in pairwise(corners)
    )


def _bend(start: Point, end: Point, tracks: Sequence[int], downward: bool, sites: tuple[int, int]) -> Way:
    """A bent connector begins sideways; turned by a quarter it begins upright."""
    (ax, ay), (bx, by) = start, end
    if not tracks or (len(tracks) == 1 and ax == bx and sites[0] != sites[1]):
        left, top, width, height = min(ax, bx), min(ay, by), abs(ax - bx), abs(ay - by)
        flips = ' flipH="1"' * (bx < ax) + ' flipV="1"' * (by < ay)
        return Way("line", (left, top, width, height), flips, (), sites)
    sign = 1 if downward else -1
    long, wide = max(abs(by - ay), POINT), max(abs(bx - ax), POINT)
    side = 1 if bx >= ax else -1
    ahead = [round(100_000 * sign * (y - ay) / long) for y in tracks[::2]]
    if sign * (by - ay) < 0:  # it ends behind where it began, as between boxes side by side
        ahead = [round(100_000 * sign * (y - ay) / POINT) for y in tracks[::2]]
        long = POINT
    turn = f' rot="{5400000 if downward else 16200000}"'
    if (side > 0) == downward:
        turn += ' flipV="1"'
    middle_x, middle_y = (ax + bx) // 2, (ay + by) // 2
    place = middle_x - long // 2, middle_y - wide // 2, long, wide
    if len(tracks) == 1:
        return Way("bentConnector3", place, turn, (ahead[0],), sites)
    across = round(100_000 * side * (tracks[1] - ax) / wide)
    return Way("bentConnector5", place, turn, (ahead[0], across, ahead[1]), sites)


def _connector_xml(way: Way, arrow: Arrow, page: Page, points: float) -> str:
    x, y, width, height = way.place
    names = [f"adj{number}" for number in range(1, len(way.adjustments) + 1)]
    guides = "".join(
        f'<a:gd name="{name}" fmla="val {value}"/>' for name, value in zip(names, way.adjustments, strict=True)
    )
    return (
        f'<p:cxnSp {SPACES}><p:nvCxnSpPr><p:cNvPr id="0" name=""/>'
        '<p:cNvCxnSpPr><a:stCxn id="0" idx="0"/><a:endCxn id="0" idx="0"/></p:cNvCxnSpPr><p:nvPr/></p:nvCxnSpPr>'
        f'<p:spPr><a:xfrm{way.turn}><a:off x="{x}" y="{y}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        f'<a:prstGeom prst="{way.form}"><a:avLst>{guides}</a:avLst></a:prstGeom>{_line_xml(arrow, page, points)}'
        "</p:spPr></p:cxnSp>"
    )


def _line_xml(arrow: Arrow, page: Page, points: float) -> str:
    """As in the legend: dashes by evidence, width by share, colour and head by kind."""
    tested = arrow.evidence == "tested"
    color = _TEXT if tested else _LINK
    dash = "dash" if arrow.evidence == "assumed" else "solid"
    head, width = "triangle", (1.2 + 1.6 * arrow.share + 0.6 * tested) * points
    if arrow.definition:
        color, dash, head, width = _DEFINES, "sysDot", "arrow", 1.3 * points
    if arrow.opposes:
        color, head = page.theme.opposing, "diamond"
    return (
        f'<a:ln w="{round(width * POINT)}"><a:solidFill>{color_xml(color)}</a:solidFill><a:prstDash val="{dash}"/><a:round/>'
        f'<a:tailEnd type="{head}" w="med" len="med"/></a:ln>'
    )


def _restyle(element: Any, arrow: Arrow, page: Page) -> None:
    """A link that stands gets the dashes and head of what it is now; its colour and width stay."""
    from_new = _connector_xml(Way("line", (0, 0, 0, 0), "", (), (0, 0)), arrow, page, 1.0)
    for name in ("prstDash", "tailEnd"):
        kind = "val" if name == "prstDash" else "type"
        now = from_new.partition(f'<a:{name} {kind}="')[2].partition('"')[0]
        for found in seek(element, f"./p:spPr/a:ln/a:{name}"):
            found.set(kind, now)


def _behind_boxes(page: Page) -> int:
    """The number of the first box among the shapes: what is put there lies behind all boxes and before the lanes."""
    tree = page.slide.shapes._spTree
    boxes = [
        place
        for place, child in enumerate(tree)
        if any(name.startswith("goal:") for name in seek(child, "./p:nvSpPr/p:cNvPr/@name"))
    ]
    return min(boxes, default=len(tree))
