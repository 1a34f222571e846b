"""The columns of the score table: which have room, what a cell says in which colour, and what a column sorts by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import GoalResult, KpiResult, status_of
from scorecard.model.period import Period
from scorecard.model.status import Heading, Status
from scorecard.render.table import TREND, Row, compare_row, sparkline, standing
from scorecard.render.words import GUARDRAIL_SIGN, OVERRIDE_SIGN, change, number, points
from scorecard.tui.text import fit, literal
from scorecard.tui.widgets.goal_box import Look

_LEAST_NAME, _FAIR_NAME = 24, 33  # columns that a name has beside what has to be there, and beside the rest
_LAST_NEEDED = 5  # rank of the last column that has to be there
_FIGURE = 7  # columns of a change, before `better` or `worse`
_ROOMY = 160  # columns of a screen
_BARS = 2  # columns before the chosen row and of the scroll bar, which are always free: nothing moves while a filter is typed
_RANK = {Status.RED: 0, Status.AMBER: 1, Status.GREEN: 2}
Key = tuple[float, str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of so many cells, or of `wide` ones on a roomy screen; those with a low `rank` have room first. The name
    takes what is left."""

    name: str
    width: int
    rank: int
    right: bool = False
    wide: int = 0


COLUMNS = (
    Column("Status", 10, 0),
    Column("Goal / KPI", 0, 0),
    Column("Owner", 17, 7, wide=24),
    Column("Actual", 7, 2, True),
    Column("Target", 7, 3, True),
    Column("Gap", 9, 10, True),
    Column("Unit", 14, 9),
    Column("Score", 5, 1, True),
    Column("Outlook", 7, 5),
    Column("Trend", 6, 4, wide=TREND),
    Column("Change", 14, 6),
    Column("Data", 13, 8),
)


def fit_columns(width: int, since: str = "") -> list[tuple[Column, int]]:
    """The columns that a screen has room for, in their order, with their widths; a gap of one lies behind each.

    `since` is the period compared with; the column of the change comes before others then, and has room for it.
    """
    widths = {one.name: one.wide if one.wide and width >= _ROOMY else one.width for one in COLUMNS}
    widths["Change"] = max(widths["Change"], len(title_change(since)))
    room = width - _BARS - 1
    shown = set()
    for column in sorted(COLUMNS, key=lambda column: 0 if since and column.name == "Change" else column.rank):
        least = _LEAST_NAME if column.rank <= _LAST_NEEDED or (column.name == "Change" and since) else _FAIR_NAME
        if column.width and room - least >= widths[column.name] + 1:
            shown.add(column.name)
            room -= widths[column.name] + 1
        elif column.width:
            break
    name = max(room, _LEAST_NAME)
    return [(one, widths[one.name] or name) for one in COLUMNS if not one.width or one.name in shown]


def title_change(since: str) -> str:
    """What stands above the change; without a period compared with it is that since the period before."""
    return f"since {since}" if since else "Change"


def find_then(evaluation: Evaluation, before: Period | None) -> Evaluation | None:
    """The evaluation at a period, or at the one before its own; None where that has none before it."""
    if before is None and evaluation.column == 0:
        return None
    return evaluation.at(before or evaluation.periods[evaluation.column - 1])


def sort_key(evaluation: Evaluation, row: Row, column: Column, then: Evaluation | None = None) -> Key | None:
    """What a row is sorted by, worst or A first; None where it says nothing there. The change is the one since `then`."""
    result = row.result
    found: float | str | None
    match column.name:
        case "Status":
            found = _RANK[Status.RED] if row.breached else _RANK.get(row.status)
        case "Actual":
            found = result.value if isinstance(result, KpiResult) else None
        case "Target":
            found = result.target if isinstance(result, KpiResult) else None
        case "Gap":
            found = _gap(result) if isinstance(result, KpiResult) else None
        case "Score":
            found = _score(row)
        case "Outlook":
            found = result.outlook.score if isinstance(result, GoalResult) else None
        case "Trend":
            known = [score for score in _scores(evaluation, row) if score is not None]
            found = known[-1] - known[0] if len(known) > 1 else None
        case "Change":
            found = compare_row(row, then).score if then else None
        case "Data":
            found = -result.age if isinstance(result, KpiResult) and result.age is not None else None
        case name:
            index = {"Goal / KPI": 1, "Owner": 2, "Unit": 5}[name]
            found = row.cells[index].casefold() or None
    if found is None:
        return None
    return (0.0, found) if isinstance(found, str) else (float(found), "")


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

    def head(self, columns: Sequence[tuple[Column, int]], by: Column | None, descending: bool) -> list[Segment]:
        """The names of the columns, with an arrow at the one that sorts."""
        segments = [Segment(" ", self.look.ink("quiet", "panel"))]
        for column, width in columns:
            title = title_change(self.since) if column.name == "Change" else column.name
            arrow = ("↓" if descending else "↑") if column is by else ""
            inside = bool(arrow) and not column.right and len(title) + 2 <= width
            ink = self.look.ink("lit" if column is by else "quiet", "panel", bold=True)
            segments.append(Segment(_aligned(f"{title} {arrow}" if inside else title, width, column.right), ink))
            segments.append(Segment(" " if inside or not arrow else arrow, ink))  # else it takes the gap
        return segments

    def write(
        self, evaluation: Evaluation, row: Row, columns: Sequence[tuple[Column, int]], chosen: bool, context: bool
    ) -> list[Segment]:
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
            case "Goal / KPI":
                return self._name(row, width, units), ""
            case "Actual" | "Target":
                return _say_figure(row, column, width), ""
            case "Gap":
                return _say_gap(result, width) if isinstance(result, KpiResult) else "", ""
            case "Score":
                return row.cells[6], status
            case "Outlook":
                return row.cells[7], f"status-{row.outlook}"
            case "Change":
                return _say_change(row, self.then)
            case "Data":
                if isinstance(result, KpiResult) and result.stale:
                    return f"◌ {row.cells[9].removesuffix(', stale')}", "status-amber"
                return row.cells[9], "status-amber" if isinstance(
                    result, KpiResult
                ) and result.value is None else "quiet"
            case name:
                return row.cells[2 if name == "Owner" else 5], "quiet"

    def _name(self, row: Row, width: int, units: bool) -> str:
        """The name behind its mark, and the unit where it has neither a column nor is it cut."""
        indent = {
            "perspective": "",
            "goal": "" if self.flat else " ",
            "kpi": f"{'' if self.flat else '  '}{row.mark:<2} ",
        }
        name = indent[row.kind] + literal(row.cells[1]).plain
        full = f"{name} ({literal(row.cells[5]).plain})"
        return full if row.cells[5] and not units and cell_len(full) <= width else name

    def _trend(self, evaluation: Evaluation, row: Row, ground: str, width: int) -> Iterator[Segment]:
        """The last scores as bars, full at target, each in the colour of its own status."""
        scores = _scores(evaluation, row)[-width:]
        strategy = evaluation.strategy
        bands = strategy.bands_of(row.result.kpi) if isinstance(row.result, KpiResult) else strategy.bands
        yield Segment(" " * (width - len(scores)), self.look.ink("foreground", ground))
        for score in scores:
            yield Segment(sparkline([score]), self.look.ink(f"status-{status_of(score, bands)}", ground))


def _scores(evaluation: Evaluation, row: Row) -> list[float | None]:
    found = evaluation.goal_history(row.id) if row.kind == "goal" else evaluation.history(row.id, "score")
    return found[max(0, evaluation.column + 1 - TREND) : evaluation.column + 1]


def _say_status(row: Row, width: int) -> tuple[str, str]:
    """Sign and word, behind them what lowered or replaced a goal's; of a guardrail's KPI whether it holds."""
    marks, (said, status) = "", standing(row)
    if isinstance(row.result, GoalResult):
        marks = GUARDRAIL_SIGN * bool(row.result.guardrails_breached) + OVERRIDE_SIGN * bool(row.result.override)
    gap = " " if marks and len(said) + len(marks) < width else ""
    return said + gap + marks, f"status-{status}"


def _say_figure(row: Row, column: Column, width: int) -> str:
    """The value or the target of a KPI, in short where it is too wide."""
    text, result = row.cells[3 if column.name == "Actual" else 4], row.result
    if len(text) <= width or not isinstance(result, KpiResult):
        return text
    if column.name == "Actual":
        return squeeze(result.value)
    if result.target is None:
        return "–".join(map(squeeze, result.kpi.band)) if result.kpi.band else text
    return squeeze(result.target)


def _score(row: Row) -> float | None:
    return row.result.score if isinstance(row.result, KpiResult) else row.result.lagging.score


def _gap(kpi: KpiResult) -> float | None:
    return None if kpi.target is None or kpi.value is None or isinstance(kpi.value, str) else kpi.value - kpi.target


def _say_gap(kpi: KpiResult, width: int) -> str:
    difference = _gap(kpi)
    return "" if difference is None else _say_difference(difference, kpi.kpi.unit or "", width)


def _say_change(row: Row, then: Evaluation | None) -> tuple[str, str]:
    """By how much it moved since then, and whether that is better or worse; of a KPI its value, of levels the score."""
    move = compare_row(row, then) if then else None
    if move is None or move.heading is Heading.UNKNOWN:
        return "", ""
    unit = row.result.kpi.unit or "" if isinstance(row.result, KpiResult) else ""
    text = points(move.score) if move.value is None else _say_difference(move.value, unit, _FIGURE)
    colours = {Heading.BETTER: "status-green", Heading.WORSE: "status-red"}
    word = f" {move.heading}" if move.heading in colours else ""
    return f"{text:>{_FIGURE}}{word}", colours.get(move.heading, "quiet")


def _say_difference(difference: float, unit: str, width: int) -> str:
    """A difference with its sign, of three digits that count where it is small."""
    rough = float(f"{difference:.3g}") if abs(difference) < 1000 else round(difference)
    text = change(rough, unit)
    short = f"{'+' if difference > 0 else ''}{squeeze(difference * 100 if unit == '%' else difference)}"
    return text if len(text) <= width else short


def squeeze(value: float | str | None) -> str:
    """A large figure in short, never with a digit cut off: `12.35M`."""
    if value is None or isinstance(value, str):
        return number(value)
    for sign, unit in (("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if abs(value) >= unit:
            return f"{number(value / unit)}{sign}"
    return f"{value:.3g}"


def _aligned(text: str, width: int, right: bool) -> str:
    plain = literal(text).plain
    fitted = fit(plain, width)
    said = fitted.rstrip()
    return " " * (width - cell_len(said)) + said if right else fitted
