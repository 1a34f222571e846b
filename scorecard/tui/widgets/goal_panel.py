"""The goal beside the map: its numbers, KPIs, why it stands where it stands, what drives it and what it drives."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import ClassVar

from rich.segment import Segment
from textual.content import Content
from textual.geometry import Region, Size
from textual.selection import Selection
from textual.strip import Strip
from textual.visual import Visual

from scorecard.analysis.losses import sum_losses
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import GoalResult, KpiResult
from scorecard.model.goal import Initiative, Link
from scorecard.model.kpi import KpiUse
from scorecard.model.status import Signal, Status
from scorecard.render.goal_sheet import link_words, progress_of
from scorecard.render.picture import guardrail_words
from scorecard.render.table import data_words, sparkline
from scorecard.render.words import GUARDRAIL_SIGN, number, percent, points, quantity, signal_words, status_words
from scorecard.tui.text import fit, literal, wrap
from scorecard.tui.widgets.scroll_bar import QuickScroll, filter_lines
from scorecard.tui.work import working

_WORST = 6  # lines of the explanation
_LEAST = 0.0005  # loss that is told of
_LABEL, _STATUS = 11, 7  # columns of a label, of `◆ amber`
_MARGIN, _NARROWEST = 3, 24  # columns that are not text, and of text
_EDGE = "▊"


class GoalPanel(QuickScroll, can_focus=True):
    """Shows one goal of an evaluation; says what to do where none is chosen.

    Its rows are made once for each goal shown, and nothing around it moves.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"goal-panel--edge"}
    DEFAULT_CSS = """
    GoalPanel { background: $background; overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1;
        scrollbar-background: $background; scrollbar-background-hover: $background; }
    GoalPanel > .goal-panel--edge { color: $background; background: $rule; }
    GoalPanel:focus > .goal-panel--edge { background: $lit; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: tuple[Evaluation, str | None] | None = None
        self._content = Content()
        self._made: dict[tuple[str | None, int], Content] = {}  # of goals shown before, in this evaluation
        self._rows: list[Strip] = []  # of the content, as wide as the panel
        self._blank = Strip([])

    def show_goal(self, evaluation: Evaluation, goal: str | None) -> None:
        """Fill the panel, from its first line where it is another goal."""
        before = self._shown or (None, None)
        another = before[1] != goal
        self._shown = (evaluation, goal)
        if before[0] is not evaluation:
            self._made.clear()
        self._fill()
        if another and self.scroll_y:
            self.scroll_home(animate=False)

    async def prepare(self, evaluation: Evaluation, goal: str | None) -> None:
        """Find out beside the keys what `show_goal` will say of a goal of the evaluation that is shown."""
        key = goal, self._columns
        if self._shown is None or self._shown[0] is not evaluation or key in self._made:
            return
        with working(self.app, "explaining"):
            said = await asyncio.to_thread(_say, evaluation, *key)
        if self._shown[0] is evaluation:
            self._made[key] = said

    def render(self) -> Content:
        return self._content

    def on_resize(self) -> None:
        self._fill()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._paint()

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002
        self._paint()

    def render_lines(self, crop: Region) -> list[Strip]:
        first = self.scroll_offset.y
        rows = self._rows[first + crop.y : first + crop.bottom]
        return filter_lines(self, [*rows, *[self._blank] * (crop.height - len(rows))], crop)

    def render_line(self, y: int) -> Strip:
        return self.render_lines(Region(0, y, self.size.width, 1))[0]

    def _fill(self) -> None:
        if self._shown is None or not self.scrollable_size.width:
            return
        evaluation, goal = self._shown
        key = goal, self._columns
        if key not in self._made:
            self._made[key] = _say(evaluation, *key)
        self._content = self._made[key]
        self._paint()

    @property
    def _columns(self) -> int:
        return max(self.scrollable_size.width - _MARGIN, _NARROWEST)

    def _paint(self) -> None:
        """The rows of the content between an edge and a margin; the bar beside follows their number."""
        width = self.scrollable_size.width
        if width <= _MARGIN:
            return
        style, edge = self.visual_style, self.get_component_rich_style("goal-panel--edge")
        margin, blank = [Segment(_EDGE, edge), Segment(" ", style.rich_style)], [Segment(" ", style.rich_style)]
        strips = Visual.to_strips(self, self._content, width - _MARGIN, None, style, pad=True)
        self._rows = [Strip([*margin, *strip, *blank], width) for strip in strips]
        self._blank = Strip([margin[0], Segment(" " * (width - 1), style.rich_style)], width)
        self.set_reactive(GoalPanel.virtual_size, Size(width, len(strips)))
        self._scroll_update(self.virtual_size)
        self.refresh()


def _overview(evaluation: Evaluation) -> Content:
    lines = [literal(evaluation.strategy.title, "bold")]
    if evaluation.strategy.purpose:
        lines.append(literal(evaluation.strategy.purpose, "$quiet"))
    lines.append(literal(""))
    for status in (Status.RED, Status.AMBER, Status.GREEN, Status.UNKNOWN):
        count = sum(goal.status == status for goal in evaluation.goals)
        if count:
            lines.append(_coloured(f"{status.sign} {count} {status}", status))
    lines += [literal(""), literal("Choose a goal with the arrow keys or the mouse.", "$quiet")]
    return Content("\n").join(lines)


def _say(evaluation: Evaluation, goal: str | None, columns: int) -> Content:
    if goal is None or goal not in evaluation.strategy.goals:
        return _overview(evaluation)
    return Content("\n").join(_list_lines(evaluation, evaluation.goal(goal), columns))


def _list_lines(evaluation: Evaluation, result: GoalResult, columns: int) -> Iterator[Content]:
    goal = result.goal
    perspective = evaluation.strategy.perspectives[goal.perspective].title
    yield literal(goal.title, "bold")
    yield literal(" · ".join([perspective, *([goal.owner] if goal.owner else [])]), "$quiet")
    yield literal("")
    yield from _numbers(result)
    yield from _remarks(evaluation, result)
    yield from _section("Results", (line for use in goal.lagging for line in _kpi(evaluation, use, columns)))
    yield from _section("Drivers", (line for step in goal.leading for line in _driver(evaluation, step, columns)))
    yield from _section("Drives", _driven(evaluation, goal.id, columns))
    yield from _section("What costs the outlook most", _losses(evaluation, goal.id, columns))
    yield from _section("Initiatives", (initiative_lines(evaluation, one, columns) for one in goal.initiatives))
    if goal.description:
        yield from _section("About", [literal(goal.description)])


def _section(title: str, lines: Iterator[Content] | list[Content]) -> Iterator[Content]:
    """A heading with lines below, or nothing at all."""
    for number_, line in enumerate(lines):
        if number_ == 0:
            yield literal("")
            yield literal(title, "bold $lit")
        yield line


def _numbers(result: GoalResult) -> Iterator[Content]:
    computed = result.computed_status
    if result.status != computed:
        yield literal("Status".ljust(_LABEL)) + _coloured(f"{result.status.sign} {result.status}", result.status)
    for label, reading in (("Result", result.lagging), ("Drivers", result.leading), ("Outlook", result.outlook)):
        if label == "Drivers" and not result.goal.leading:
            yield literal(label.ljust(_LABEL)) + literal("no drivers", "$quiet")
            continue
        line = literal(label.ljust(_LABEL)) + _coloured(
            f"{reading.status.sign} {percent(reading.score):>4} {reading.status}", reading.status
        )
        if label == "Outlook":
            line += literal(f" {result.heading.arrow} {result.heading}" if reading.score is not None else "")
        elif reading.coverage < 1:
            line += literal(f"  coverage {percent(reading.coverage)}", "$quiet")
        yield line


def _remarks(evaluation: Evaluation, result: GoalResult) -> Iterator[Content]:
    if result.signal is not Signal.UNKNOWN:
        words = signal_words(result.signal, bool(result.guardrails_breached), result.override is not None)
        yield literal(words, "$quiet")
    for name in result.guardrails_breached:
        yield _coloured(breach_words(evaluation, result, name), Status.RED)
    if result.override:
        yield literal(f"✎ judged {result.override.status}: {result.override.why}")
    comment = result.goal.comments.get(evaluation.period)
    if comment:
        yield literal(f"“{comment}”")


def _kpi(evaluation: Evaluation, use: KpiUse, columns: int) -> Iterator[Content]:
    """Two lines: name and score; value of target, trend and age."""
    kpi = evaluation.kpi(use.kpi)
    diagnostic = evaluation.strategy.role(use) == "diagnostic"
    score = "diagnostic" if diagnostic else percent(kpi.score)
    yield _status_line(kpi.kpi.title, kpi.status, score, columns)
    trend = sparkline(evaluation.history(kpi.id, "score")[max(0, evaluation.column - 7) : evaluation.column + 1])
    yield literal(f"  {_figures(kpi)}  ", "$quiet") + _coloured(trend, kpi.status)
    words = data_words(evaluation, kpi)
    if words != "fresh":
        yield from _indented(words, columns)


def _figures(kpi: KpiResult) -> str:
    unit = kpi.kpi.unit or ""
    if kpi.target is None:
        return quantity(kpi.value, unit)
    return f"{number(kpi.value, unit)} of {quantity(kpi.target, unit)}"


def _indented(text: str, columns: int) -> Iterator[Content]:
    """A longer text in quiet lines below what it is about."""
    for line in wrap(text, columns - 2, 4):
        yield literal(f"  {line}", "$quiet")


def _driver(evaluation: Evaluation, step: KpiUse | Link, columns: int) -> Iterator[Content]:
    if not isinstance(step, Link):
        yield from _kpi(evaluation, step, columns)
        return
    yield _goal_line(evaluation, step.goal, columns)
    yield literal(f"  {link_words(evaluation, step)}", "$quiet")
    if step.why:
        yield from _indented(step.why, columns)


def _driven(evaluation: Evaluation, goal: str, columns: int) -> Iterator[Content]:
    for other, link in evaluation.strategy.list_effects(goal):
        yield _goal_line(evaluation, other.id, columns)
        yield literal(f"  {link_words(evaluation, link)}", "$quiet")


def _goal_line(evaluation: Evaluation, goal: str, columns: int) -> Content:
    own = goal.removeprefix(f"{evaluation.strategy.id}/")
    if own in evaluation.strategy.goals:
        result = evaluation.goal(own)
        title, status, score = result.goal.title, result.status, percent(result.lagging.score)
    else:
        title, reading = evaluation.linked(goal)
        status, score = reading.status, percent(reading.score)
    return _status_line(title, status, score, columns)


def _status_line(title: str, status: Status, score: str, columns: int) -> Content:
    """Sign and word, name, score."""
    said = f"{status_words(status, None):<{_STATUS}} "
    name = fit(literal(title).plain, columns - len(said) - len(score) - 1)
    return _coloured(said, status) + literal(f"{name} ") + _coloured(score, status)


def _losses(evaluation: Evaluation, goal: str, columns: int) -> Iterator[Content]:
    found = sum_losses(evaluation, goal, "outlook", _WORST, _LEAST)
    for line in found.largest:
        yield literal(f"{points(-line.loss):>7}  {fit(literal(line.name).plain, columns - 9)}")
    if found.others:
        yield literal(f"{points(-found.rest):>7}  {found.others} others", "$quiet")


def breach_words(evaluation: Evaluation, result: GoalResult, name: str) -> str:
    """A breached guardrail of a goal, and what it does: only green is lowered."""
    lowered = result.lagging.status is Status.GREEN
    said = "lowered to amber by a guardrail" if lowered else "guardrail breached"
    return f"{GUARDRAIL_SIGN} {said}: {guardrail_words(evaluation, result, name)}"


def initiative_lines(evaluation: Evaluation, initiative: Initiative, columns: int) -> Content:
    known = progress_of(evaluation, initiative)
    status = initiative.status or ("done" if known == 1 else "active")
    tail = f" {percent(known) if known is not None else status}"
    due = f"  {status}" + (f", due {initiative.due}" if initiative.due else "")
    return literal(fit(literal(initiative.title).plain, columns - len(tail)) + tail + f"\n{due}")


def _coloured(text: str, status: Status) -> Content:
    return literal(text, f"$status-{status}")
