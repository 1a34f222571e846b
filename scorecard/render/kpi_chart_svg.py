"""The history of a KPI as SVG: its values against the target, each with the sign of its status, on its natural limits.

A value that is carried on is hollow, an unknown one leaves a gap and a cross. Every text passes `escape`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import floor, isfinite, log10

from scorecard.model.status import Status
from scorecard.render.chart_data import ChartData, Mark, Point
from scorecard.render.palette import Theme
from scorecard.render.svg_pen import Pen, short
from scorecard.render.svg_text import FONT, break_lines, cut, escape, measure
from scorecard.render.words import number, quantity

WIDTH, HEIGHT = 640, 240
_LETTERS = 11
_FOOT = 24  # the labels of the periods
_LEADING = 18  # between rows of the legend
_TICKS = 4
_NO_ROOM = 1e-12  # of the middle: steps smaller than this cannot be told apart
_HOLLOW = {
    Status.GREEN: "M-3.6 0A3.6 3.6 0 1 0 3.6 0A3.6 3.6 0 1 0 -3.6 0Z",
    Status.AMBER: "M0 -4.6L4.6 0L0 4.6L-4.6 0Z",
    Status.RED: "M0 -4.2L4.4 3.6L-4.4 3.6Z",
}
_CROSS = "M-3 -3L3 3M-3 3L3 -3"


def write_chart_svg(
    data: ChartData, unit: str, title: str, theme: Theme, width: int = WIDTH, height: int = HEIGHT
) -> str:
    """The chart as a document of its own in one theme, its title and unit above it; sizes in pixels.

    `unit` is that of the values, `%` for fractions and for KPIs in words. Nothing in it needs a style sheet.
    """
    pen, edge, top = Pen(theme), 12, 16.0
    drawn = []
    for line in break_lines(title, width - 2 * edge, 2, 14, bold=True) if title else []:
        drawn.append(pen.text(edge, top + 4, line, 14, font_weight="bold"))
        top += 18
    if unit not in ("", "%"):
        drawn.append(pen.text(edge, top + 2, cut(unit, width - 2 * edge, _LETTERS), _LETTERS, "quiet"))
        top += 14
    chart = draw_chart(data, unit, pen, width - 2 * edge, height - round(top) - 8)
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    ground = pen.rectangle(0, 0, width, height, 0, "background")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{FONT}">\n'
        f"<title>{escape(f'{title}: {describe_chart(data, unit)}' if title else describe_chart(data, unit))}</title>\n"
        f'{ground}\n{"".join(drawn)}\n<g transform="translate({edge} {short(top)})">{chart}</g>\n</svg>\n'
    )


def draw_chart(data: ChartData, unit: str, pen: Pen, width: int, height: int) -> str:
    """The elements of the chart in an area of so many pixels from 0, 0: axes, limits, target, values and legend."""
    legend, rows = _draw_legend(data, pen, width)
    ticks = _ticks(data.low, data.high)
    labels = [number(tick, unit) for tick in ticks]
    left = min(max((measure(label, _LETTERS) for label in labels), default=0.0) + 10, width / 3)
    frame = _Frame(data, left, 8.0, width - 12.0, height - _FOOT - rows * _LEADING - 4.0)
    parts = [*_draw_limits(frame, pen), *_draw_scale(frame, pen, ticks, labels), *_draw_periods(frame, pen)]
    parts += [*_draw_target(frame, pen), *_draw_line(frame, pen)]
    parts += [_draw_point(frame, at, unit, pen) for at in range(len(data.points))]
    parts.append(f'<g transform="translate({short(left)} {short(height - rows * _LEADING + 10)})">{legend}</g>')
    return "".join(parts)


def describe_chart(data: ChartData, unit: str) -> str:
    """The chart for readers who do not see it: `2024-11 to 2026-10, 20 of 24 values known, last 2,600 followers`."""
    known = [point for point in data.points if point.value is not None]
    first, last = data.points[0].label, data.points[-1].label
    span = first if first == last else f"{first} to {last}"
    said = f"{span}, {len(known)} of {len(data.points)} values known"
    return f"{said}; {_say_point(known[-1], unit)}" if known else said


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where values and periods stand: pixels of the plot, its first line at the top."""

    data: ChartData
    left: float
    top: float
    right: float
    bottom: float

    def x(self, at: int) -> float:
        """The middle of a period's column, counted from 0."""
        return self.left + (self.right - self.left) * (at + 0.5) / len(self.data.points)

    def y(self, value: float) -> float:
        """The height of a value; what lies beyond the scale stands at its edge."""
        share = (value - self.data.low) / (self.data.high - self.data.low)
        return self.bottom - (self.bottom - self.top) * min(1.0, max(0.0, share))


def _ticks(low: float, high: float) -> list[float]:
    """Round values of the scale, about four."""
    rough = (high - low) / _TICKS
    if not isfinite(rough) or rough <= abs(high + low) * _NO_ROOM:
        return [low]
    power = 10.0 ** floor(log10(rough))
    step = next((power * factor for factor in (1, 2, 2.5, 5) if power * factor >= rough), power * 10)
    first = -int(-low // step)  # rounded up
    ticks = [round(step * (first + count), 12 - floor(log10(step))) for count in range(_TICKS + 1)]
    return [tick for tick in ticks if tick <= high]


def _draw_limits(frame: _Frame, pen: Pen) -> Iterator[str]:
    if limits := frame.data.limits:
        top, bottom = frame.y(limits.upper), frame.y(limits.lower)
        yield pen.rectangle(frame.left, top, frame.right - frame.left, max(1.0, bottom - top), 0, "status-unknown-fill")


def _draw_scale(frame: _Frame, pen: Pen, ticks: list[float], labels: list[str]) -> Iterator[str]:
    said = ""
    for tick, label in zip(ticks, labels, strict=True):
        y = frame.y(tick)
        yield f'<path d="M{short(frame.left)} {short(y)}H{short(frame.right)}"{pen.paint("", "rule")} stroke-width="1"/>'
        if label != said:
            words = cut(label, frame.left - 8, _LETTERS)
            yield pen.text(frame.left - 8, y + 4, words, _LETTERS, "quiet", text_anchor="end")
        said = label


def _draw_periods(frame: _Frame, pen: Pen) -> Iterator[str]:
    """The label of the last period, and of as many before it as have room."""
    labels = [point.label for point in frame.data.points]
    column = (frame.right - frame.left) / len(labels)
    apart = max(1, -int(-(max(measure(label, _LETTERS) for label in labels) + 14) // column))
    for at in range(len(labels) - 1, -1, -apart):
        room = measure(labels[at], _LETTERS) / 2
        x = min(max(frame.x(at), room), frame.right + 12 - room)
        yield pen.text(x, frame.bottom + 17, labels[at], _LETTERS, "quiet", text_anchor="middle")


def _draw_target(frame: _Frame, pen: Pen) -> Iterator[str]:
    """A level for each run of periods with the same target, risers between neighbours."""
    path, half, end = "", (frame.right - frame.left) / len(frame.data.points) / 2, -1
    targets = [(at, point.target) for at, point in enumerate(frame.data.points)]
    for target, run in groupby(targets, lambda one: one[1]):
        places = [at for at, _ in run]
        if target is None:
            continue
        y = short(frame.y(target))
        path += f"V{y}" if places[0] == end + 1 and path else f"M{short(frame.x(places[0]) - half)} {y}"
        path += f"H{short(frame.x(places[-1]) + half)}"
        end = places[-1]
    if path:
        yield f'<path d="{path}"{pen.paint("", "text")} stroke-width="1.4" stroke-dasharray="6 4"/>'


def _draw_line(frame: _Frame, pen: Pen) -> Iterator[str]:
    """From each known value to the next one, where they are neighbours."""
    path = ""
    for (at, point), (after, following) in pairwise(enumerate(frame.data.points)):
        if point.value is not None and following.value is not None:
            start = "" if path.endswith(_place(frame, at, point.value)) else f"M{_place(frame, at, point.value)}"
            path += f"{start}L{_place(frame, after, following.value)}"
    if path:
        yield f'<path d="{path}"{pen.paint("", "link")} stroke-width="1.6" stroke-linejoin="round"/>'


def _place(frame: _Frame, at: int, value: float) -> str:
    return f"{short(frame.x(at))} {short(frame.y(value))}"


def _draw_point(frame: _Frame, at: int, unit: str, pen: Pen) -> str:
    point = frame.data.points[at]
    x, y = frame.x(at), frame.bottom - 6 if point.value is None else frame.y(point.value)
    return f"<g><title>{escape(_say_point(point, unit))}</title>{_draw_mark(point.mark, point.status, x, y, pen)}</g>"


def _draw_mark(mark: Mark, status: Status, x: float, y: float, pen: Pen) -> str:
    """The sign of a value around a middle."""
    if mark is Mark.MISSING:
        return pen.icon(x, y, _CROSS, "quiet")
    if mark is Mark.OWN or status is Status.UNKNOWN:
        return pen.status(x - 4.4, y + 3.9, 11, status)
    place, color = f'transform="translate({short(x)} {short(y)})"', f"status-{status}"
    return f'<path d="{_HOLLOW[status]}" {place}{pen.paint("background", color)} stroke-width="1.6"/>'


def _say_point(point: Point, unit: str) -> str:
    """`2026-10: 2,600 followers, ▲ red, target 3,000 followers`."""
    if point.value is None:
        return f"{point.label}: no value"
    said = [f"{point.label}: {quantity(point.value, unit)}", f"{point.status.sign} {point.status}"]
    said += ["old value"] if point.mark is Mark.STALE else []
    return ", ".join([*said, f"target {quantity(point.target, unit)}"] if point.target is not None else said)


def _draw_legend(data: ChartData, pen: Pen, width: int) -> tuple[str, int]:
    """What the signs mean, as far as they occur, and how many rows that takes."""
    drawn, x, y, rows = "", 0.0, 0.0, 1
    for start, sample, words in _list_entries(data, pen):
        needed = start + measure(words, _LETTERS)
        if x and x + needed > width - 60:
            x, y, rows = 0.0, y + _LEADING, rows + 1
        text = pen.text(start, 0, words, _LETTERS, "quiet")
        drawn += f'<g transform="translate({short(x)} {short(y)})">{sample}{text}</g>'
        x += needed + 16
    return drawn, rows


def _list_entries(data: ChartData, pen: Pen) -> Iterator[tuple[float, str, str]]:
    """The width and drawing of each sample, and its words."""
    marks = {point.mark for point in data.points}
    found = {point.status for point in data.points if point.mark is not Mark.MISSING}
    for status in reversed(Status):
        if status in found:
            yield 14, pen.status(0, 0, _LETTERS, status), str(status)
    if Mark.STALE in marks:
        yield 14, _draw_mark(Mark.STALE, Status.GREEN, 5, -4, pen), "hollow: old value"
    if Mark.MISSING in marks:
        yield 14, pen.icon(5, -4, _CROSS, "quiet"), "no value"
    if any(point.target is not None for point in data.points):
        line = f'<path d="M0 -4H22"{pen.paint("", "text")} stroke-width="1.4" stroke-dasharray="6 4"/>'
        yield 27, line, "target"
    if data.limits:
        yield 23, pen.rectangle(0, -9, 18, 10, 0, "status-unknown-fill"), "natural limits"
