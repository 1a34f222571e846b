"""The chart of a KPI: its history against target and bands, with marks for old and missing values and natural limits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from math import ceil, floor, log10

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from scorecard.compute.evaluation import Evaluation
from scorecard.model.status import Status
from scorecard.render.chart_data import ChartData, Mark, read_chart, read_grounds
from scorecard.render.words import GUARDRAIL_SIGN, number, quantity, status_words
from scorecard.tui.score_cells import squeeze
from scorecard.tui.text import fit, literal
from scorecard.tui.themes import fallback_colours
from scorecard.tui.widgets.goal_box import Look

_AXIS = 10  # columns of the figures at the left
_FOOT = 3  # lines below: ticks, periods, legend
MOST = 36  # periods
_TARGET, _LIMIT, _ALLOWED, _STALE, _MISSING = "╌", "┈", "┅", "◌", "×"
Cell = tuple[str, str]  # a sign and its colour


class KpiChart(Widget):
    """Draws one KPI; says so where it has no value."""

    DEFAULT_CSS = "KpiChart { height: 15; width: 100%; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._evaluation: Evaluation | None = None
        self._kpi = ""
        self._lines: list[list[Segment]] = []

    def show_kpi(self, evaluation: Evaluation, kpi: str) -> None:
        """Draw a KPI up to the evaluation's period."""
        self._evaluation, self._kpi = evaluation, kpi
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._draw()

    def render_line(self, y: int) -> Strip:
        if y >= len(self._lines):
            return Strip.blank(self.size.width, self.rich_style)
        return Strip(self._lines[y]).adjust_cell_length(self.size.width, self.rich_style)

    def _draw(self) -> None:
        """All lines for the present size and theme."""
        width, rows = self.size.width - _AXIS - 1, self.size.height - _FOOT
        if self._evaluation is None or width < 12 or rows < 4:
            self._lines = []
            return
        look = Look(fallback_colours(self.app.current_theme.dark) | self.app.theme_variables)
        count = min(MOST, width, self._evaluation.column + 1)
        data = read_chart(self._evaluation, self._kpi, count)
        if data is None:
            self._lines = [[Segment(fit("  no value in these periods", width), look.ink("quiet", "background"))]]
        else:
            self._lines = _Drawing(self._evaluation, self._kpi, data, rows, width, look).lines()
        self.refresh()


class _Drawing:
    """One chart as lines of segments: `rows` for the values, `size` columns for the periods, spread evenly."""

    def __init__(self, evaluation: Evaluation, kpi: str, data: ChartData, rows: int, size: int, look: Look) -> None:
        rules = [rule for goal in evaluation.strategy.goals.values() for rule in goal.guardrails if rule.kpi == kpi]
        self.floors = [rule.min for rule in rules if rule.min is not None]
        self.ceilings = [rule.max for rule in rules if rule.max is not None]
        self.data = data = _span(data, [*self.floors, *self.ceilings])
        self.rows, self.size, self.look = rows, size, look
        self.ticks = {self._row(tick): tick for tick in list_ticks(data.low, data.high, max(rows // 3, 2))}
        height = data.high - data.low
        self.levels = [data.high - (row + 0.5) * height / rows for row in range(rows)]
        self.grounds = read_grounds(evaluation, kpi, data, self.levels)
        self.cells: dict[tuple[int, int], Cell] = {}

    def lines(self) -> list[list[Segment]]:
        self._put_limits()
        self._put_targets()
        for value in (one for one in (*self.floors, *self.ceilings) if self.data.low <= one <= self.data.high):
            self.cells |= {(self._row(value), x): (_ALLOWED, "status-red") for x in range(self.size)}
        self._put_values()
        return [self._line(row) for row in range(self.rows)] + self._foot()

    def _row(self, value: float) -> int:
        share = (self.data.high - value) / (self.data.high - self.data.low)
        return min(max(int(share * self.rows), 0), self.rows - 1)

    def _at(self, point: int) -> int:
        """The column in which a point stands."""
        return (2 * point + 1) * self.size // (2 * len(self.data.points))

    def _point(self, column: int) -> int:
        """The point whose place a column belongs to."""
        return min(column * len(self.data.points) // self.size, len(self.data.points) - 1)

    def _put_limits(self) -> None:
        limits = self.data.limits
        for value in (limits.lower, limits.upper) if limits else ():
            if self.data.low <= value <= self.data.high:
                self.cells |= {(self._row(value), x): (_LIMIT, "lit") for x in range(self.size)}

    def _put_targets(self) -> None:
        for x in range(self.size):
            target = self.data.points[self._point(x)].target
            if target is not None:
                self.cells[self._row(target), x] = (_TARGET, "foreground")

    def _put_values(self) -> None:
        """The points, each with the sign of its status, and the line between neighbours."""
        points = self.data.points
        for number_, (point, after) in enumerate(pairwise(points)):
            if point.value is not None and after.value is not None:
                self._join(self._at(number_), self._row(point.value), self._at(number_ + 1), self._row(after.value))
        for number_, point in enumerate(points):
            if point.value is None:
                self.cells[self.rows - 1, self._at(number_)] = (_MISSING, "status-red")
            else:
                breached = any(point.value < low for low in self.floors) or any(
                    point.value > high for high in self.ceilings
                )
                status = Status.RED if breached else point.status
                sign = GUARDRAIL_SIGN if breached else status.sign if point.mark is Mark.OWN else _STALE
                self.cells[self._row(point.value), self._at(number_)] = (sign, f"status-{status}")

    def _join(self, left: int, top: int, right: int, foot: int) -> None:
        """A line from one point to the next: level, then straight up or down, then level."""
        middle = (left + right) // 2 if right - left > 1 else -1
        for x in range(left + 1, right):
            self.cells[top if x < middle or middle < 0 else foot, x] = ("─", "quiet")
        if middle > 0 and top != foot:
            turn, end = ("╮", "╰") if foot > top else ("╯", "╭")
            for row in range(min(top, foot) + 1, max(top, foot)):
                self.cells[row, middle] = ("│", "quiet")
            self.cells[top, middle], self.cells[foot, middle] = (turn, "quiet"), (end, "quiet")

    def _line(self, row: int) -> list[Segment]:
        quiet = self.look.ink("quiet", "background")
        label = self._label(self.ticks[row]) if row in self.ticks else ""
        segments = [
            Segment(f"{fit(label, _AXIS - 2).strip():>{_AXIS - 2}} ┤" if label else " " * (_AXIS - 1) + "│", quiet)
        ]
        for x in range(self.size):
            status = self.grounds[row][self._point(x)]
            ground = "background" if status is Status.UNKNOWN else f"status-{status}-fill"
            sign, colour = self.cells.get((row, x), (" ", "foreground"))
            segments.append(Segment(sign, self.look.ink(colour, ground, bold=colour.startswith("status"))))
        return segments

    def _label(self, tick: float) -> str:
        full = number(tick, self.data.unit)
        return full if len(full) <= _AXIS - 2 else squeeze(tick)

    def _foot(self) -> list[list[Segment]]:
        quiet, strong = self.look.ink("quiet", "background"), self.look.ink("foreground", "background", bold=True)
        ticks, names = ["─"] * self.size, ""
        for place, point in self._list_names():
            names = names.ljust(place) + self.data.points[point].label
            ticks[self._at(point)] = "┴"
        pad = " " * (_AXIS - 1)
        return [
            [Segment(f"{pad}└{''.join(ticks)}", quiet)],
            [Segment(f"{pad} {literal(names).plain}", strong)],
            [Segment(f"{pad} {self._legend()}", quiet)],
        ]

    def _list_names(self) -> list[tuple[int, int]]:
        """(column, point) of the periods that are named: the last one, and before it as many as stand evenly."""
        points = self.data.points
        widest = max(len(point.label) for point in points)
        for step in range(1, len(points) + 1):
            named = range((len(points) - 1) % step, len(points), step)
            places = [min(max(self._at(one) - widest // 2, 0), self.size - widest) for one in named]
            if all(right - left >= widest + 2 for left, right in pairwise(places)):
                return list(zip(places, named, strict=True))
        return []

    def _legend(self) -> str:
        points, limits, unit = self.data.points, self.data.limits, self.data.unit
        words = [f"{_TARGET}{_TARGET} target"] if any(point.target is not None for point in points) else []
        allowed = [f"at least {_figure(one, unit)}" for one in dict.fromkeys(self.floors)]
        allowed += [f"at most {_figure(one, unit)}" for one in dict.fromkeys(self.ceilings)]
        words += [f"{_ALLOWED}{_ALLOWED} allowed {' and '.join(allowed)}"] if allowed else []
        words += [f"{_STALE} old value"] if any(point.mark is Mark.STALE for point in points) else []
        words += [f"{_MISSING} no value"] if any(point.mark is Mark.MISSING for point in points) else []
        if limits:
            last = points[-1].value
            inside = last is not None and limits.holds(last)
            said = "" if last is None else ": as usual" if inside else ": outside it now, look why"
            span = f"{_figure(limits.lower, unit)} to {_figure(limits.upper, unit)}"
            words.append(f"{_LIMIT}{_LIMIT} usual range {span}{said}")
        seen = {point.status for point in points if point.value is not None}
        signs = "  ".join(status_words(status, None) for status in Status if status in seen)
        whole = literal(" · ".join(filter(None, [*words, signs]))).plain
        return whole if cell_len(whole) <= self.size else literal(" · ".join(words)).plain


def _span(data: ChartData, numbers: Iterable[float]) -> ChartData:
    """The chart with room for these numbers too, as far as they lie near."""
    low, high, height = data.low, data.high, data.high - data.low
    edge = height / 20
    for one in (one for one in numbers if low - 2 * height < one < high + 2 * height):
        low, high = min(low, one - edge), max(high, one + edge)
    return replace(data, low=low, high=high)


def list_ticks(low: float, high: float, most: int) -> list[float]:
    """Round figures between two, evenly apart: at most so many, at least one where any lies there."""
    power = 10.0 ** floor(log10((high - low) / most))
    for step in (power * factor for factor in (1, 2, 2.5, 5, 10)) if power else ():
        first, last = ceil(low / step), floor(high / step)
        if last - first < most:
            return [float(f"{number_ * step:.12g}") for number_ in range(first, last + 1)]
    return []


def _figure(value: float, unit: str) -> str:
    return quantity(float(f"{value:.3g}"), unit if unit == "%" else "")
