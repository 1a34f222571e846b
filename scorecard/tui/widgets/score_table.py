"""The table of goals and KPIs: only the rows on screen are computed, so that thousands scroll as fast as ten."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from scorecard.compute.evaluation import Evaluation
from scorecard.model.period import Period
from scorecard.render.table import Row, Stub, fill_row, outline
from scorecard.tui.filter import Filter, describe_words, read_filter
from scorecard.tui.keys import bind
from scorecard.tui.score_cells import CellWriter, Column, find_then, fit_columns, sort_key
from scorecard.tui.themes import fallback_colours
from scorecard.tui.widgets.goal_box import Look

_HEAD = 1  # rows of the heading, which does not scroll


class Line(NamedTuple):
    """A row on screen. `context` says that it only stands here because of the rows below it."""

    stub: Stub
    context: bool = False


class ScoreTable(ScrollView, can_focus=True):
    """Shows an evaluation; posts `Selected` and `Opened`. `cursor` is the number of the line chosen."""

    HELP = f"""
All goals and KPIs. Before a name: `*` primary, `·` diagnostic, `→` driver, `⚑` a guardrail's KPI, with what is allowed
as its target. Behind a goal's status: `⚑` a guardrail is breached, `✎` set by judgement. The outlook is ↗ better, → level
or ↘ worse than the result; a change says it in words. ◌ the value is old. Bars: the score of the last periods, full at target.

{describe_words()}
"""
    DEFAULT_CSS = """
    ScoreTable { height: 1fr; scrollbar-size-vertical: 1; scrollbar-background: $background; overflow-x: hidden; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "step(-1)", "Up", show=False),
        Binding("down,j", "step(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home,ctrl+home", "rim(0)", "First", show=False),
        Binding("end,ctrl+end", "rim(-1)", "Last", show=False),
        Binding("enter", "open", "Open"),
        bind("scorecard.sort", "sort(1)", "Sort"),
        bind("scorecard.turn", "turn", "Turn round", show=False),
    ]
    cursor: reactive[int] = reactive(0, init=False, repaint=False)

    class Selected(Message):
        """A line was chosen."""

        def __init__(self, stub: Stub) -> None:
            super().__init__()
            self.stub = stub

    class Opened(Message):
        """A goal or KPI was asked for in detail."""

        def __init__(self, stub: Stub) -> None:
            super().__init__()
            self.stub = stub

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.lines: list[Line] = []
        self.sorted_by: Column | None = None
        self.descending = False
        self._evaluation: Evaluation | None = None
        self._before: Period | None = None  # compared with by wish
        self._then: Evaluation | None = None  # what the change is held against
        self._filter = Filter()
        self._words = ""
        self._rows: dict[Stub, Row] = {}
        self._strips: dict[tuple[int, bool], Strip] = {}
        self._columns: Sequence[tuple[Column, int]] = ()
        self._made: CellWriter | None = None

    def show_evaluation(self, evaluation: Evaluation, words: str, before: Period | None = None) -> str:
        """Show a period under a filter, compared with another one of its span, the one before unless named.

        The chosen line stays chosen. Says what of the filter was not understood.
        """
        if evaluation is not self._evaluation or words != self._words or before != self._before:
            same_strategy = self._evaluation is not None and evaluation.strategy is self._evaluation.strategy
            moved = evaluation is not self._evaluation or before != self._before
            self._evaluation, self._words, self._before = evaluation, words, before
            self._then = find_then(evaluation, before)
            self._columns = fit_columns(self.size.width, self._since)
            self._filter = read_filter(words, evaluation.strategy)
            if moved:
                self._rows = {}
            if not (same_strategy and moved and not self._filter.tests and self.sorted_by is None):
                self._arrange()
            self._repaint()
        return self._filter.wrong

    @property
    def _since(self) -> str:
        return str(self._before) if self._before else ""

    @property
    def chosen(self) -> Stub | None:
        return self.lines[self.cursor].stub if self.lines else None

    def row(self, stub: Stub) -> Row:
        """The row of a stub at the period shown, computed when first asked for."""
        assert self._evaluation
        if stub not in self._rows:
            self._rows[stub] = fill_row(self._evaluation, stub)
        return self._rows[stub]

    def select(self, goal: str | None, kpi: str | None) -> None:
        """Choose the line of a goal or KPI, where there is one."""
        for number, line in enumerate(self.lines):
            stub, wanted = line.stub, ("kpi", kpi) if kpi else ("goal", goal)
            if (stub.kind, stub.id) == wanted and goal in (None, stub.goal):
                self.cursor = number
                return

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, len(self.lines) - 1))

    def watch_cursor(self, before: int, now: int) -> None:
        for number in (before, now):
            self.refresh(Region(0, number + _HEAD - round(self.scroll_y), self.size.width, 1))
        self._reveal()
        if self.chosen:
            self.post_message(self.Selected(self.chosen))

    def action_step(self, steps: int) -> None:
        self.cursor += steps

    def action_page(self, pages: int) -> None:
        self.cursor += pages * max(self.size.height - _HEAD - 1, 1)

    def action_rim(self, end: int) -> None:
        self.cursor = end % max(len(self.lines), 1)

    def action_open(self) -> None:
        if self.chosen and self.chosen.kind != "perspective":
            self.post_message(self.Opened(self.chosen))

    def action_sort(self, steps: int) -> None:
        """Sort by the next of the columns shown, and after the last by none."""
        shown: list[Column | None] = [None, *(column for column, _ in self._columns)]
        at = shown.index(self.sorted_by) if self.sorted_by in shown else 0
        self.sort_by(shown[(at + steps) % len(shown)])

    def action_turn(self) -> None:
        """The other way round."""
        if self.sorted_by:
            self.sort_by(self.sorted_by)

    def sort_by(self, column: Column | None) -> None:
        """Sort by a column, worst or A first; the same again turns it round; None is the order of the map."""
        self.descending = column is self.sorted_by and not self.descending
        self.sorted_by = column
        before = self.chosen
        self._arrange()
        self._repaint()
        if self.chosen and self.chosen != before:
            self.post_message(self.Selected(self.chosen))

    def on_resize(self) -> None:
        self._columns = fit_columns(self.size.width, self._since)
        self.virtual_size = Size(self.size.width, len(self.lines) + _HEAD)
        self._repaint()
        self._reveal()

    def on_click(self, event: events.Click) -> None:
        if event.y == 0:
            self._sort_at(event.x)
            return
        number = event.y - _HEAD + round(self.scroll_y)
        if number < len(self.lines):
            self.cursor = number
            if event.chain == 2:
                self.action_open()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips, self._made = {}, None

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if self._evaluation is None or not self._columns:
            return Strip.blank(width, self.rich_style)
        writer = self._writer
        if y == 0:
            head = writer.head(self._columns, self.sorted_by, self.descending)
            return Strip(_filled(head, width, writer.ground), width)
        number = y - _HEAD + round(self.scroll_y)
        if number >= len(self.lines):
            return Strip.blank(width, writer.ground)
        key = (number, number == self.cursor)
        if key not in self._strips:
            line = self.lines[number]
            cells = writer.write(self._evaluation, self.row(line.stub), self._columns, key[1], line.context)
            self._strips[key] = Strip(_filled(cells, width, writer.ground), width)
        return self._strips[key]

    @property
    def _writer(self) -> CellWriter:
        """Made once for a theme and an order: a theme's variables take long to gather."""
        if self._made is None:
            look = Look(fallback_colours(self.app.current_theme.dark) | self.app.theme_variables)
            self._made = CellWriter(look, self.sorted_by is not None, self._then, self._since)
        return self._made

    def _arrange(self) -> None:
        """List the lines under filter and order; the chosen one stays chosen."""
        assert self._evaluation
        chosen = self.chosen
        stubs = list(outline(self._evaluation.strategy, guardrails=True))
        if self.sorted_by:
            self.lines = [Line(stub) for stub in self._sorted(stubs)]
        elif self._filter.tests:
            self.lines = _with_context(stubs, lambda stub: self._filter.holds(self.row(stub)))
        else:
            self.lines = [Line(stub) for stub in stubs]
        self.virtual_size = Size(self.size.width, len(self.lines) + _HEAD)
        first = next((number for number, line in enumerate(self.lines) if not line.context), 0)
        kept = next(
            (number for number, line in enumerate(self.lines) if line.stub == chosen and not line.context), first
        )
        self.set_reactive(ScoreTable.cursor, kept)
        self._reveal()

    def _sorted(self, stubs: Sequence[Stub]) -> list[Stub]:
        """Goals and KPIs by the column; those that say nothing there last, either way."""
        assert self._evaluation
        assert self.sorted_by
        rows = [(stub, self.row(stub)) for stub in stubs if stub.kind != "perspective"]
        keyed = [
            (sort_key(self._evaluation, row, self.sorted_by, self._then), stub)
            for stub, row in rows
            if self._filter.holds(row)
        ]
        known = sorted(
            ((key, stub) for key, stub in keyed if key is not None), key=lambda one: one[0], reverse=self.descending
        )
        return [stub for _, stub in known] + [stub for key, stub in keyed if key is None]

    def _repaint(self) -> None:
        self._strips, self._made = {}, None
        self.refresh(self.size.region)

    def _reveal(self) -> None:
        """Scroll the chosen line into view."""
        room, top = self.size.height - _HEAD, round(self.scroll_y)
        if room > 0 and not top <= self.cursor < top + room:
            self.scroll_to(y=self.cursor if self.cursor < top else self.cursor - room + 1, animate=False, force=True)

    def _sort_at(self, x: int) -> None:
        left = 0
        for column, width in self._columns:
            left += width + 1
            if x < left:
                self.sort_by(column)
                return


def _with_context(stubs: Sequence[Stub], holds: Callable[[Stub], bool]) -> list[Line]:
    """The rows that hold, each below its goal and perspective."""
    lines: list[Line] = []
    waiting: list[Line] = []
    for stub in stubs:
        if stub.kind == "perspective":
            waiting = [Line(stub, context=True)]
            continue
        if stub.kind == "goal":  # the goal before has nothing that holds
            waiting = [one for one in waiting if one.stub.kind == "perspective"]
        if holds(stub):
            lines += [*waiting, Line(stub)]
            waiting = []
        elif stub.kind == "goal":
            waiting.append(Line(stub, context=True))
    return lines


def _filled(cells: list[Segment], width: int, ground: Style) -> list[Segment]:
    used = sum(segment.cell_length for segment in cells)
    style = cells[-1].style if cells else ground
    return [*cells, Segment(" " * (width - used), style)] if used < width else cells
