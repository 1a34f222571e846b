"""The scorecard: all goals and KPIs as a table that is sorted by any column and filtered by words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from scorecard.compute.results import GoalResult, KpiResult
from scorecard.render.chain import Excerpt
from scorecard.render.table import Row, fill_row, standing
from scorecard.render.words import quantity, status_words
from scorecard.tui.advice import say_next_step
from scorecard.tui.keys import bind
from scorecard.tui.score_lines import Line
from scorecard.tui.screens.view import View
from scorecard.tui.sheets import Write, say_title, tabulate_scores, write_either, write_scores
from scorecard.tui.text import literal
from scorecard.tui.widgets.score_table import ScoreTable


class ScorecardView(View):
    """The table, and the filter's words at its foot."""

    HOME = "ScoreTable"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("scorecard.filter", "filter", "Filter", key_display="/"),
        bind("scorecard.show_all", "unfilter", "Show all", show=False),
    ]

    def compose(self) -> ComposeResult:
        yield ScoreTable(id="table")

    def on_resize(self) -> None:
        self.call_after_refresh(self.shell.show_line)  # there may be more columns now than have room

    def show(self) -> None:
        table = self.query_one(ScoreTable)
        table.show_evaluation(self.session.evaluation, self.session.words, self.session.before)
        if self.session.goal or self.session.kpi:
            table.select(self.session.goal, self.session.kpi)
        self._take_row()

    def say_line(self) -> Content:
        table, words = self.query_one(ScoreTable), self.session.words
        line = literal("")
        if words:
            line += literal(f"filter {words}", "bold $accent") + literal(
                f" · {_count(table.lines)} · {self.key('scorecard.show_all')} shows all   ", "$quiet"
            )
        if table.sorted_by:
            keys = f"{self.key('scorecard.sort')} next, {self.key('scorecard.turn')} turns"
            line += literal(f"by {table.sorted_by.name.lower()}, {keys}   ", "$quiet")
        if (stub := table.chosen) and stub.kind != "perspective":
            row = table.row(stub)
            line += literal(f"{row.cells[1]}  ", "bold") + _say(row)
        return line or literal(say_next_step(self.session, self.shell.review.read_only), "$quiet")

    def idle(self) -> Iterator[str]:
        yield from super().idle()
        table = self.query_one(ScoreTable)
        if table.chosen is None:
            yield "open"
        if not any(table.turns):
            yield "turn_page(1)"

    def excerpt(self) -> Excerpt | None:
        return Excerpt(self.session.words) if self.query_one(ScoreTable).is_filtered else None

    def tables(self) -> Mapping[str, Write]:
        """As CSV with the columns and exact numbers of `scorecard export`."""
        evaluation, before = self.session.evaluation, self.session.before
        shown = [line.stub for line in self.query_one(ScoreTable).lines]
        excerpt = self.excerpt()
        title = say_title(evaluation, excerpt.said if excerpt else "")
        texts = write_either(title, lambda: tabulate_scores(fill_row(evaluation, one) for one in shown))
        return texts | {"csv": lambda: write_scores(evaluation, before, shown)}

    def back(self) -> bool:
        """From a filtered table to all of it."""
        filtered = bool(self.session.words)
        self.action_unfilter()
        return filtered

    async def action_filter(self) -> None:
        """Ask for words, and filter with each key."""
        await self.shell.ask(
            "filter", self.session.words, "status:red owner:maria stale outlook:worse", self._try_filter, self._filter
        )

    def action_unfilter(self) -> None:
        if self.session.words:
            self._filter("")

    def _try_filter(self, words: str) -> str:
        """Show the rows for the words so far; what was chosen stays so until they are taken, or gone again."""
        self.session.words = words
        table = self.query_one(ScoreTable)
        wrong = table.show_evaluation(self.session.evaluation, words, self.session.before)
        if not words:
            table.select(self.session.goal, self.session.kpi)
        self.shell.show_line()
        return wrong

    def _filter(self, words: str) -> str:
        wrong = self._try_filter(words)
        if not wrong:
            self._take_row()
        return wrong

    def _take_row(self) -> None:
        """What the keys act on is the row that is marked, also where a filter hides what was chosen before."""
        stub = self.query_one(ScoreTable).chosen
        if stub and stub.kind != "perspective":
            self.session.goal, self.session.kpi = stub.goal or None, stub.id if stub.kind == "kpi" else None

    @on(ScoreTable.Selected)
    def _selected(self) -> None:
        if stub := self.query_one(ScoreTable).chosen:
            self.shell.choose(stub.goal or None, stub.id if stub.kind == "kpi" else None)

    @on(ScoreTable.Opened)
    def _opened(self) -> None:
        """A goal or KPI in detail; a perspective alone, and again all of them."""
        stub, words = self.query_one(ScoreTable).chosen, self.session.words.split()
        if stub and stub.kind != "perspective":
            self.shell.open_detail(stub.goal or None, stub.id if stub.kind == "kpi" else None)
        elif stub:
            word = f"perspective:{stub.id}"
            self._filter(" ".join([*words, word] if word not in words else [one for one in words if one != word]))

    @on(ScoreTable.Arranged)
    def _arranged(self) -> None:
        """Choose anew among the rows, which may have come late; not while a filter is typed."""
        table = self.query_one(ScoreTable)
        if self.session.goal or self.session.kpi:
            table.select(self.session.goal, self.session.kpi)
        if table.has_focus:
            self._take_row()
        self.shell.show_line()


def _count(lines: Sequence[Line]) -> str:
    """How many goals and KPIs hold, a KPI at several goals once: `2 goals, 5 KPIs`."""
    held = {(one.stub.kind, one.stub.id) for one in lines if not one.context}
    goals, kpis = (sum(kind == wanted for kind, _ in held) for wanted in ("goal", "kpi"))
    return f"{goals} goal{'' if goals == 1 else 's'}, {kpis} KPI{'' if kpis == 1 else 's'}"


def _say(row: Row) -> Content:
    """Status and figure of a goal or KPI, a goal's outlook; of a guardrail's KPI whether it holds, and what is allowed."""
    result = row.result
    if not isinstance(result, KpiResult):
        line = literal(status_words(row.status, result.lagging.score), f"$status-{row.status}")
        if isinstance(result, GoalResult):
            outlook = status_words(result.outlook.status, result.outlook.score)
            line += literal(f"  outlook {result.heading.arrow} ") + literal(outlook, f"$status-{result.outlook.status}")
        return line
    value = quantity(result.value, result.kpi.unit or "")
    said, status = standing(row)
    allowed = "" if row.breached is None else f", allowed {row.cells[4]}"
    return literal(f"{said} {value}{allowed}", f"$status-{status}")
