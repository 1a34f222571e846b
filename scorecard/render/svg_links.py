"""The links of the SVG map: rounded lines with a head, and the words of their delays where there is room for them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import inf

from scorecard.render.picture import Arrow
from scorecard.render.svg_layout import MARGIN, Course, Layout, Point
from scorecard.render.svg_pen import Pen, short
from scorecard.render.svg_text import escape, measure

_ROUND = 14  # the radius of a corner, where there is room
_HEAD = 9  # pixels that a head is long
_LETTERS = 10
_LINE = 14  # pixels of height of words
_DASHES = {"assumed": "6 4", "definition": "1.5 4"}

Area = tuple[float, float, float, float]  # left, top, right, bottom
Stroke = tuple[float, ...]  # level, start and end of a line or of words: across it, and along it


def draw_link(arrow: Arrow, course: Course, pen: Pen, said: str) -> str:
    """A link with its text for the pointer; one against the map's reading begins with a dot."""
    drawn = _draw(arrow, course.points, pen)
    if course.downward:
        x, y = course.points[0]
        drawn += f'<circle cx="{x}" cy="{y + 5}" r="4"{pen.paint(_look(arrow)[0])}/>'
    ends = f'data-from="{escape(arrow.source)}" data-to="{escape(arrow.target)}"'
    return f"<g {ends}><title>{escape(said)}</title>{drawn}</g>"


def draw_sample(arrow: Arrow, pen: Pen) -> str:
    """A piece of such a link for a legend, 36 pixels wide, on a baseline at 0."""
    return f'<g transform="translate(0 -4) rotate(90)">{_draw(arrow, ((0, 0), (0, -36)), pen)}</g>'


def draw_delays(layout: Layout, words: Sequence[str], pen: Pen) -> Iterator[str]:
    """The words of each link that has some: beside its line, off other words and, where it can be, off other links."""
    if not any(words):
        return
    uprights, sideways = _list_strokes(layout)
    taken: list[Stroke] = []
    for course, text in zip(layout.courses, words, strict=True):
        if text:
            best, cost = None, (0, 0)
            for spot in _list_spots(course, measure(text, _LETTERS), layout.width - MARGIN):
                left, top, right, bottom = spot
                met = _count(uprights, left, right, top, bottom) + _count(sideways, top, bottom, left, right)
                found = _count(taken, top - _LINE, top + _LINE, left, right), met
                if best is None or found < cost:
                    best, cost = spot, found
                if found == (0, 0):
                    break
            assert best is not None
            left, top, right, _ = best
            insort(taken, (top, left, right))
            yield _draw_words(best, text, cost != (0, 0), pen)


def _list_strokes(layout: Layout) -> tuple[list[Stroke], list[Stroke]]:
    """The upright and the sideways parts of all links, sorted."""
    uprights: list[Stroke] = []
    sideways: list[Stroke] = []
    for course in layout.courses:
        for (ax, ay), (bx, by) in pairwise(course.points):
            if ax == bx:
                uprights.append((ax, ay, by) if ay < by else (ax, by, ay))
            else:
                sideways.append((ay, ax, bx) if ax < bx else (ay, bx, ax))
    return sorted(uprights), sorted(sideways)


def _count(strokes: Sequence[Stroke], low: float, high: float, first: float, last: float) -> int:
    """How many of the sorted strokes lie between two levels and between `first` and `last`, be it in part."""
    near = strokes[bisect_right(strokes, (low, inf)) : bisect_left(strokes, (high,))]
    return sum([start < last and first < end for _, start, end in near])


def _draw_words(area: Area, words: str, hides: bool, pen: Pen) -> str:
    left, top, right, bottom = area
    ground = pen.rectangle(left, top, right - left, bottom - top, 3, "background") if hides else ""
    return ground + pen.text(left + 2, bottom - 3.5, words, _LETTERS, "quiet")


def _draw(arrow: Arrow, points: Sequence[Point], pen: Pen) -> str:
    color, width, dash = _look(arrow)
    line = f'<path d="{_trace(points, _HEAD)}"{pen.paint("", color)} stroke-width="{short(width)}"{dash}/>'
    (x, y), (_, before) = points[-1], points[-2]
    return line + _draw_head(arrow, x, y, 1 if before > y else -1, width, pen, color)


def _look(arrow: Arrow) -> tuple[str, float, str]:
    """Colour, width and dashes: its share is the width, its evidence the dashes."""
    if arrow.definition:
        return "link-definition", 1.3, f' stroke-dasharray="{_DASHES["definition"]}" stroke-linecap="round"'
    tested = arrow.evidence == "tested"
    color = "link-opposing" if arrow.opposes else "text" if tested else "link"
    dash = f' stroke-dasharray="{_DASHES["assumed"]}"' if arrow.evidence == "assumed" else ""
    return color, 1.2 + 1.6 * arrow.share + 0.6 * tested, dash


def _draw_head(arrow: Arrow, x: int, y: int, up: int, width: float, pen: Pen, color: str) -> str:
    """At the effect's edge: an arrow, hollow for a definition, a bar for what opposes; `up` is -1 for one from above."""
    if arrow.opposes:
        bar = f'<path d="M{x} {y + up * _HEAD}V{y + up * 5}M{x - 7} {y + up * 4}H{x + 7}"{pen.paint("", color)}'
        return f'{bar} stroke-width="{short(max(2.4, width))}"/>'
    half = 4.5 + width / 3
    path = f'<path d="M{x} {y + up}L{short(x - half)} {y + up * (_HEAD + 1)}H{short(x + half)}Z"'
    if arrow.definition:
        return f'{path}{pen.paint("background", color)} stroke-width="1.2"/>'
    return f"{path}{pen.paint(color)}/>"


def _trace(points: Sequence[Point], short_of: int) -> str:
    """The path through the points with rounded corners, ending before the last one."""
    (x, y), (_, before) = points[-1], points[-2]
    points = [*points[:-1], (x, y + (short_of if before > y else -short_of))]
    path = [f"M{points[0][0]} {points[0][1]}"]
    for (ax, ay), (bx, by), (cx, cy) in zip(points, points[1:], points[2:], strict=False):
        r = min(_ROUND, (abs(bx - ax) + abs(by - ay)) / 2, (abs(cx - bx) + abs(cy - by)) / 2)
        if ax == bx:  # from upright to sideways
            come, leave = f"{bx} {short(by - r if by > ay else by + r)}", f"{short(bx + r if cx > bx else bx - r)} {by}"
        else:
            come, leave = f"{short(bx - r if bx > ax else bx + r)} {by}", f"{bx} {short(by + r if cy > by else by - r)}"
        path.append(f"L{come}Q{bx} {by} {leave}")
    return "".join([*path, f"L{points[-1][0]} {points[-1][1]}"])


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)


def _list_spots(course: Course, width: float, edge: float) -> Iterator[Area]:
    """Where the words of a link may stand: beside its ends on either side, in the middle of a sideways part."""
    for (x, y), (_, other) in (course.points[:2], course.points[:-3:-1]):
        way = _sign(other - y)
        for level in (y + way * 27, y + way * 10):
            if x + 8 + width <= edge:
                yield x + 4, level - _LINE / 2, x + 8 + width, level + _LINE / 2
            yield x - 8 - width, level - _LINE / 2, x - 4, level + _LINE / 2
    for (ax, ay), (bx, by) in pairwise(course.points):
        if ay == by and abs(bx - ax) > width + 2 * _ROUND:
            middle = (ax + bx) / 2
            yield middle - width / 2 - 2, ay - _LINE / 2, middle + width / 2 + 2, ay + _LINE / 2
