"""The table of goals and KPIs: only the rows on screen are computed, so that thousands scroll as fast as ten."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from scorecard.compute.evaluation import Evaluation
from scorecard.model.period import Period
from scorecard.render.table import Row, Stub, outline
from scorecard.tui.filter import describe_words, read_filter
from scorecard.tui.keys import bind
from scorecard.tui.score_cells import CellWriter, find_then
from scorecard.tui.score_columns import Column, Page, lay_pages, list_columns, measure_columns
from scorecard.tui.score_lines import Line, Listing
from scorecard.tui.themes import fallback_colours
from scorecard.tui.widgets.goal_box import Look
from scorecard.tui.work import working

AT_ONCE = 600  # rows; more of them are filtered and sorted in a thread
_HEAD = 1  # rows of the heading, which does not scroll


class ScoreTable(ScrollView, can_focus=True):
    """Shows an evaluation; posts `Selected` and `Opened`. `cursor` is the number of the line chosen."""

    HELP = f"""
All goals and KPIs. Before a name: `*` primary, `·` diagnostic, `→` driver, `⚑` a guardrail's KPI, with what is allowed
as its target. Behind a goal's status: `⚑` a guardrail is breached, `✎` set by judgement. The outlook is ↗ better, → level
or ↘ worse than the result; a change says it in words. ◌ the value is old. Bars: the score of the last periods, full at target.
`‹` `›` in the heading: there are more columns that way, one key away. By gap means by its share of the target. Enter on a
perspective shows it alone.

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
        Binding("right,l", "turn_page(1)", "Columns", key_display="← →", tooltip="The columns that had no room"),
        Binding("left,h", "turn_page(-1)", "The columns before", show=False),
        bind("scorecard.sort", "sort(1)", "Sort"),
        bind("scorecard.turn", "turn", "Turn round", show=False),
    ]
    cursor: reactive[int] = reactive(0, init=False, repaint=False)

    class Selected(Message):
        """Another row was chosen."""

    class Opened(Message):
        """The chosen row was asked for: Enter, or a double click."""

    class Arranged(Message):
        """The rows stand in another order now, or are others than before."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.lines: list[Line] = []
        self.sorted_by: Column | None = None
        self.descending = False
        self.page = 0  # of the columns
        self._listing: Listing | None = None
        self._stubs: Sequence[Stub] = ()
        self._needs: Mapping[str, int] = {}
        self._before: Period | None = None  # compared with by wish
        self._words = ""
        self._strips: dict[tuple[int, bool], Strip] = {}
        self._pages: Sequence[Page] = ()
        self._made: CellWriter | None = None

    def show_evaluation(self, evaluation: Evaluation, words: str, before: Period | None = None) -> str:
        """Show a period under a filter, compared with another one of its span, the one before unless named.

        The chosen line stays chosen. Says what of the filter was not understood.
        """
        found, old = read_filter(words, evaluation.strategy), self._listing
        moved = old is None or evaluation is not old.evaluation or before != self._before
        if not moved and words == self._words:
            return found.wrong
        self._words, self._before, rows = words, before, {} if old is None or moved else old.rows
        then = find_then(evaluation, before)
        self._listing = now = Listing(evaluation, then, found, self.sorted_by, self.descending, rows)
        if old is None or evaluation.scores is not old.evaluation.scores:
            self._needs = measure_columns(evaluation)
        same_strategy = old is not None and evaluation.strategy is old.evaluation.strategy
        if not same_strategy:
            self._stubs = tuple(outline(evaluation.strategy, guardrails=True))
            there = set(self._stubs) if self.lines else ()
            self._take_lines([line for line in self.lines if line.stub in there])
        self._lay_columns()
        if not (same_strategy and old and old.is_plain and now.is_plain):
            self._arrange()
        self._repaint()
        return found.wrong

    @property
    def columns(self) -> Page:
        """Those on screen, with their widths."""
        return self._pages[self.page] if self._pages else ()

    @property
    def turns(self) -> tuple[bool, bool]:
        """Whether there are more columns to the left, and to the right."""
        return self.page > 0, self.page + 1 < len(self._pages)

    @property
    def is_filtered(self) -> bool:
        return self._listing is not None and bool(self._listing.filter.tests)

    @property
    def chosen(self) -> Stub | None:
        return self.lines[self.cursor].stub if self.lines else None

    def row(self, stub: Stub) -> Row:
        """The row of a stub at the period shown, computed when first asked for."""
        assert self._listing
        return self._listing.row(stub)

    def select(self, goal: str | None, kpi: str | None) -> None:
        """Choose the line of a goal or KPI, where there is one that does not only stand above others."""
        for number, line in enumerate(self.lines):
            stub, wanted = line.stub, ("kpi", kpi) if kpi else ("goal", goal)
            if (stub.kind, stub.id) == wanted and goal in (None, stub.goal) and not line.context:
                self.cursor = number
                return

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, len(self.lines) - 1))

    def watch_cursor(self, before: int, now: int) -> None:
        for number in (before, now):
            self.refresh(Region(0, number + _HEAD - round(self.scroll_y), self.size.width, 1))
        self._reveal()
        self.post_message(self.Selected())

    def action_step(self, steps: int) -> None:
        self.cursor += steps

    def action_page(self, pages: int) -> None:
        self.cursor += pages * max(self.size.height - _HEAD - 1, 1)

    def action_rim(self, end: int) -> None:
        self.cursor = end % max(len(self.lines), 1)

    def action_open(self) -> None:
        if self.chosen:
            self.post_message(self.Opened())

    def action_turn_page(self, pages: int) -> None:
        """To the columns that had no room, and back."""
        page = max(0, min(self.page + pages, len(self._pages) - 1))
        if page != self.page:
            self.page = page
            self._repaint()

    def action_sort(self, steps: int) -> None:
        """Sort by the next of all columns, and after the last by none."""
        there: list[Column | None] = [None, *list_columns(self._needs)]
        at = there.index(self.sorted_by) if self.sorted_by in there else 0
        self.sort_by(there[(at + steps) % len(there)])

    def action_turn(self) -> None:
        """The other way round."""
        if self.sorted_by:
            self.sort_by(self.sorted_by)

    def sort_by(self, column: Column | None) -> None:
        """Sort by a column, worst or A first; the same again turns it round; None is the order of the map. One that had no
        room is brought in."""
        self.descending = column is self.sorted_by and not self.descending
        self.sorted_by = column
        self._lay_columns()
        there = (number for number, page in enumerate(self._pages) if any(one is column for one, _ in page))
        if not any(one is column for one, _ in self.columns):
            self.page = next(there, self.page)
        if self._listing:
            self._listing = replace(self._listing, by=column, descending=self.descending)
            self._arrange()
            self.post_message(self.Arranged())
        self._repaint()

    def on_resize(self) -> None:
        self._lay_columns()
        self.virtual_size = Size(self.size.width, len(self.lines) + _HEAD)
        self._repaint()
        self._reveal()

    def on_click(self, event: events.Click) -> None:
        number = event.y - _HEAD + round(self.scroll_y)
        if event.y < _HEAD and self.columns:
            self._click_head(event.x)
        elif event.y >= _HEAD and number < len(self.lines):
            self.cursor = number
            if event.chain == 2:
                self.action_open()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips, self._made = {}, None

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if self._listing is None or not self.columns:
            return Strip.blank(width, self.rich_style)
        writer = self._writer
        if y == 0:
            return _fill(writer.head(self.columns, self.sorted_by, self.descending, self.turns), width)
        number = y - _HEAD + round(self.scroll_y)
        if number >= len(self.lines):
            return Strip.blank(width, writer.ground)
        key = (number, number == self.cursor)
        if key not in self._strips:
            line = self.lines[number]
            evaluation, row = self._listing.evaluation, self.row(line.stub)
            cells = writer.write(evaluation, row, self.columns, key[1], line.context)
            self._strips[key] = _fill(cells, width)
        return self._strips[key]

    @property
    def _writer(self) -> CellWriter:
        """Made once for a theme and an order: a theme's variables take long to gather."""
        if self._made is None:
            look = Look(fallback_colours(self.app.current_theme.dark) | self.app.theme_variables)
            then = self._listing.then if self._listing else None
            self._made = CellWriter(look, self.sorted_by is not None, then, self._since)
        return self._made

    @property
    def _since(self) -> str:
        return str(self._before) if self._before else ""

    def _lay_columns(self) -> None:
        self._pages = lay_pages(self.size.width, self._needs, self.sorted_by, self._since) if self._needs else ()
        self.page = max(0, min(self.page, len(self._pages) - 1))

    def _arrange(self) -> None:
        """List the rows under filter and order; of many the old ones stand until that is done in a thread."""
        assert self._listing
        if self._listing.is_plain or len(self._stubs) <= AT_ONCE:
            self._take_lines(self._listing.list_lines(self._stubs))
        else:
            self.run_worker(self._arrange_late(self._listing), group="arranging", exclusive=True)

    async def _arrange_late(self, listing: Listing) -> None:
        with working(self.app, "looking through the table"):
            lines = await asyncio.to_thread(listing.list_lines, self._stubs, lambda: self._listing is listing)
        if self._listing is listing:
            self._take_lines(lines)
            self._repaint()
            self.post_message(self.Arranged())

    def _take_lines(self, lines: list[Line]) -> None:
        """Show these rows; the chosen one stays chosen."""
        chosen, self.lines = self.chosen, lines
        self.virtual_size = Size(self.size.width, len(self.lines) + _HEAD)
        held = [number for number, line in enumerate(lines) if not line.context]
        kept = next((number for number in held if lines[number].stub == chosen), held[0] if held else 0)
        self.set_reactive(ScoreTable.cursor, kept)
        self._reveal()

    def _repaint(self) -> None:
        self._strips, self._made = {}, None
        self.refresh(self.size.region)

    def _reveal(self) -> None:
        """Scroll the chosen line into view."""
        room, top = self.size.height - _HEAD, round(self.scroll_y)
        if room > 0 and not top <= self.cursor < top + room:
            self.scroll_to(y=self.cursor if self.cursor < top else self.cursor - room + 1, animate=False, force=True)

    def _click_head(self, x: int) -> None:
        """A click on a name sorts by it; one on the sign at an end turns the page."""
        ends = [sum(width + 1 for _, width in self.columns[: number + 1]) for number in range(len(self.columns))]
        if x == 0 and self.turns[0]:
            self.action_turn_page(-1)
        elif x == ends[-1] and self.turns[1]:
            self.action_turn_page(1)
        elif column := next((column for (column, _), end in zip(self.columns, ends, strict=True) if x < end), None):
            self.sort_by(column)


def _fill(cells: list[Segment], width: int) -> Strip:
    return Strip(cells).adjust_cell_length(width, cells[-1].style)
