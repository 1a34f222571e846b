"""What the cells of the score table say, and in which colour."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor, log10

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import GoalResult, KpiResult, status_of
from scorecard.model.period import Period
from scorecard.model.status import Heading
from scorecard.render.table import TREND, Row, compare_row, sparkline, standing
from scorecard.render.words import GUARDRAIL_SIGN, OVERRIDE_SIGN, change, number, points
from scorecard.tui.score_columns import CHANGE, GOAL_INDENT, NAME, Column, Page, title_change
from scorecard.tui.text import fit, literal
from scorecard.tui.widgets.goal_box import Look

_FIGURE = 8  # columns of a change, before `better` or `worse`
_NOTHING = 1e-9  # a change below this is none
_SIZES = (("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3), ("", 0.0))


def find_then(evaluation: Evaluation, before: Period | None) -> Evaluation | None:
    """The evaluation at a period, or at the one before its own; None where that has none before it."""
    if before is None and evaluation.column == 0:
        return None
    return evaluation.at(before or evaluation.periods[evaluation.column - 1])


def find_gap(kpi: KpiResult) -> float | None:
    """What the value has beyond its target; None where one of the two is unknown or words."""
    return None if kpi.target is None or kpi.value is None or isinstance(kpi.value, str) else kpi.value - kpi.target


def list_scores(evaluation: Evaluation, row: Row) -> list[float | None]:
    """Those of a goal or KPI that a trend shows, oldest first."""
    found = evaluation.goal_history(row.id) if row.kind == "goal" else evaluation.history(row.id, "score")
    return found[max(0, evaluation.column + 1 - TREND) : evaluation.column + 1]


class CellWriter:
    """Writes rows; `flat` is for a sorted table, in which KPIs do not stand below their goals. `then` is what the change is
    held against, None where there is nothing earlier; `since` is its period where it was asked for."""

    def __init__(self, look: Look, flat: bool = False, then: Evaluation | None = None, since: str = "") -> None:
        self.look = look
        self.flat = flat
        self.then = then
        self.since = since

    @property
    def ground(self) -> Style:
        return self.look.ink("foreground", "background")

    def head(
        self, columns: Page, by: Column | None, descending: bool, turns: tuple[bool, bool] = (False, False)
    ) -> list[Segment]:
        """The names of the columns, with an arrow at the one that sorts, and at either end a sign where `turns` says that
        there are more that way."""
        sign = self.look.ink("lit", "panel", bold=True)
        segments = [Segment("‹" if turns[0] else " ", sign)]
        for column, width in columns:
            title = title_change(self.since) if column.name == CHANGE else column.name
            arrow = ("↓" if descending else "↑") if column is by else ""
            last = column is columns[-1][0] and turns[1]
            blank = " " * (not last)
            inside = bool(arrow) and not column.right and len(title + blank + arrow) <= width
            ink = self.look.ink("lit" if column is by else "quiet", "panel", bold=True)
            text = _aligned(title + blank + arrow if inside else title, width, column.right)
            segments.append(Segment(text, ink))
            if last:
                segments.append(Segment("›", sign))
            else:
                segments.append(Segment(" " if inside or not arrow else arrow, ink))  # else it takes the gap
        return segments

    def write(self, evaluation: Evaluation, row: Row, columns: Page, chosen: bool, context: bool) -> list[Segment]:
        """One row; the chosen one has a bar in front, one that only stands for those below it is quiet."""
        ground = "panel" if chosen or row.kind == "perspective" else "background"
        bold = row.kind != "kpi" or chosen
        ink = self.look.ink("quiet" if context else "foreground", ground, bold=bold)
        units = any(column.name == "Unit" for column, _ in columns)
        segments = [Segment("▌" if chosen else " ", self.look.ink("lit", ground, bold=True))]
        for column, width in columns:
            if column.name == "Trend" and row.kind != "perspective":
                segments += self._trend(evaluation, row, ground, width)
            else:
                text, colour = self._cell(row, column, width, units)
                style = self.look.ink(colour, ground, bold=bold) if colour and not context else ink
                segments.append(Segment(_aligned(text, width, column.right), style))
            segments.append(Segment(" ", ink))
        return segments

    def _cell(self, row: Row, column: Column, width: int, units: bool) -> tuple[str, str]:
        """The text of a cell, and its colour where it is not that of the row. `units` says that these have a column."""
        result, status = row.result, f"status-{row.status}"
        match column.name:
            case "Status":
                return _say_status(row, width)
            case name if name == NAME:
                return self._name(row, width, units), ""
            case "Actual" | "Target":
                return _say_figure(row, column, width), ""
            case "Gap":
                return _say_gap(result, width) if isinstance(result, KpiResult) else "", ""
            case "Score":
                return row.cells[6], status
            case "Outlook":
                word = f" {row.outlook}" if row.cells[7] and width >= column.wide else ""
                return row.cells[7] + word, f"status-{row.outlook}"
            case "Change":
                return _say_change(row, self.then)
            case "Data":
                return _say_data(row, width)
            case name:
                return row.cells[2 if name == "Owner" else 5], "quiet"

    def _name(self, row: Row, width: int, units: bool) -> str:
        """The name behind its mark, and the unit where it has neither a column nor is it cut."""
        indent = {
            "perspective": "",
            "goal": "" if self.flat else " " * GOAL_INDENT,
            "kpi": f"{'' if self.flat else ' ' * GOAL_INDENT}{row.mark:>2} ",
        }
        name = indent[row.kind] + literal(row.cells[1]).plain
        full = f"{name} ({literal(row.cells[5]).plain})"
        return full if row.cells[5] and not units and cell_len(full) <= width else name

    def _trend(self, evaluation: Evaluation, row: Row, ground: str, width: int) -> Iterator[Segment]:
        """The last scores as bars, full at target, each in the colour of its own status."""
        scores = list_scores(evaluation, row)[-width:]
        strategy = evaluation.strategy
        bands = strategy.bands_of(row.result.kpi) if isinstance(row.result, KpiResult) else strategy.bands
        yield Segment(" " * (width - len(scores)), self.look.ink("foreground", ground))
        for score in scores:
            yield Segment(sparkline([score]), self.look.ink(f"status-{status_of(score, bands)}", ground))


def _say_status(row: Row, width: int) -> tuple[str, str]:
    """Sign and word, behind them what lowered or replaced a goal's; of a guardrail's KPI whether it holds."""
    marks, (said, status) = "", standing(row)
    if isinstance(row.result, GoalResult):
        marks = GUARDRAIL_SIGN * bool(row.result.guardrails_breached) + OVERRIDE_SIGN * bool(row.result.override)
    gap = " " if marks and len(said) + len(marks) < width else ""
    return said + gap + marks, f"status-{status}"


def _say_data(row: Row, width: int) -> tuple[str, str]:
    """How old a figure is, or what it lacks; of a goal what its result rests on."""
    result, text = row.result, row.cells[9]
    if isinstance(result, KpiResult) and result.stale:
        text, colour = f"◌ {text.removesuffix(', stale')}", "status-amber"
    else:
        colour = "status-amber" if isinstance(result, KpiResult) and result.value is None else "quiet"
    for long, short in ((" old", ""), ("initiatives", "init."), ("coverage ", "known ")):
        text = text.replace(long, short) if cell_len(text) > width else text
    return text, colour


def _say_figure(row: Row, column: Column, width: int) -> str:
    """The value or the target of a KPI, in short where it is too wide."""
    text, result = row.cells[3 if column.name == "Actual" else 4], row.result
    if len(text) <= width or not isinstance(result, KpiResult):
        return text
    unit = result.kpi.unit or ""
    if column.name == "Actual":
        return squeeze(result.value, unit, width)
    if result.target is None:
        return "–".join(squeeze(edge, unit, width // 2) for edge in result.kpi.band) if result.kpi.band else text
    return squeeze(result.target, unit, width)


def _say_gap(kpi: KpiResult, width: int) -> str:
    difference = find_gap(kpi)
    return "" if difference is None else say_difference(difference, kpi.kpi.unit or "", width)


def _say_change(row: Row, then: Evaluation | None) -> tuple[str, str]:
    """By how much it moved since then, and whether that is better or worse; of a KPI its value, of levels the score."""
    move = compare_row(row, then) if then else None
    if move is None or move.heading is Heading.UNKNOWN:
        return "", ""
    unit = row.result.kpi.unit or "" if isinstance(row.result, KpiResult) else ""
    text = points(move.score) if move.value is None else say_difference(move.value, unit, _FIGURE)
    colours = {Heading.BETTER: "status-green", Heading.WORSE: "status-red"}
    word = f" {move.heading}" if move.heading in colours else ""
    return f"{text:>{_FIGURE}}{word}", colours.get(move.heading, "quiet")


def say_difference(difference: float, unit: str, width: int) -> str:
    """A difference with its sign, of three digits that count where it is small, of fewer where these have no room."""
    shown, suffix = (difference * 100, " pp") if unit == "%" else (difference, "")
    whole = floor(log10(abs(shown))) if abs(shown) > _NOTHING else 0
    places = [*(max(digits - 1 - whole, 0) for digits in (3, 2, 1)), max(width - len("+0.") - len(suffix), 0)]
    texts = [change(round(shown, most)) + suffix for most in places]
    plus = "+" * (shown > 0)
    short = plus + squeeze(shown, width=width - len(plus) - len(suffix)) + suffix
    return next((text for text in texts if len(text) <= width), short)


def squeeze(value: float | str | None, unit: str = "", width: int = 0) -> str:
    """A large figure in short, never with a digit cut off: `12.35M`, `1.2k%`; of fewer digits where so many columns have no
    room for it."""
    if value is None or isinstance(value, str):
        return number(value)
    percent = "%" * (unit == "%")
    value *= 100 if percent else 1
    sign, size = next(one for one in _SIZES if abs(value) >= one[1])
    texts = [f"{_round(value / (size or 1), digits)}{sign}{percent}" for digits in (4 if size else 3, 3, 2, 1)]
    return next((text for text in texts if len(text) <= width), texts[-1 if width else 0])


def _round(value: float, digits: int) -> str:
    return number(float(f"{value:.{digits}g}")) if abs(value) >= 1 else f"{value:.{digits}g}"


def _aligned(text: str, width: int, right: bool) -> str:
    plain = literal(text).plain
    fitted = fit(plain, width)
    said = fitted.rstrip()
    return " " * (width - cell_len(said)) + said if right else fitted
