"""The detail: why a goal or KPI has its colour, with the numbers filled in, its chart, and what is one key away."""

from __future__ import annotations

from string import ascii_uppercase
from typing import ClassVar

from textual import events, on, work
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from scorecard.analysis.shares import Part
from scorecard.compute.evaluation import Evaluation
from scorecard.render.table import outline
from scorecard.render.words import quantity, status_words
from scorecard.tui.advice import say_next_step
from scorecard.tui.detail_near import Near, list_near, say_near
from scorecard.tui.detail_pages import judge_kpi, say_goal, say_kpi, say_kpi_reasons, say_surroundings
from scorecard.tui.keys import bind
from scorecard.tui.screens.view import View
from scorecard.tui.text import literal, wrap
from scorecard.tui.widgets.kpi_chart import KpiChart

_PARTS: tuple[Part, ...] = ("outlook", "lagging", "leading")


class NearList(Static):
    """What is one key away; a click goes there too."""

    class Chosen(Message):
        """A line was clicked."""

        def __init__(self, near: Near) -> None:
            super().__init__()
            self.near = near

    def show_near(self, near: list[Near], columns: int) -> None:
        content, self._places = say_near(near, columns)
        self.update(content)

    def on_click(self, event: events.Click) -> None:
        if found := self._places.get(event.y):
            self.post_message(self.Chosen(found))


class DetailView(View):
    """One goal or KPI. On a narrow screen its parts stand below each other."""

    HOME = "#page"
    HELP = """
Why a goal or KPI has its colour. A capital letter goes to what stands beside it: results, drivers, guardrails, driven
goals. *What makes up* a number is a line for each KPI: as long as its share of the number, filled as far as its score goes;
`part` is what it adds, `loss` what it lacks.

| sign | meaning |
| --- | --- |
| ● ◆ ▲ | a value of its own period, by its status |
| ◌ × | an old value carried on, no value |
| ╌ | the target; the ground shows the bands |
| ┅ ⚑ | what a guardrail allows, a value that breaches it |
| ┈ | natural process limits, the usual range: mean ± 2.66 mean moving ranges. A value outside is a signal with a cause |
"""
    DEFAULT_CSS = """
    DetailView #page { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    DetailView Static { height: auto; width: 100%; }
    DetailView #columns { height: auto; layout: horizontal; }
    DetailView #left { width: 3fr; height: auto; padding: 0 2 0 0; }
    DetailView #right { width: 2fr; height: auto; }
    DetailView KpiChart { margin: 1 0; }
    .-narrow DetailView #columns { layout: vertical; }
    .-narrow DetailView #left, .-narrow DetailView #right { width: 100%; padding: 0; }
    .-narrow DetailView KpiChart { height: 12; margin: 0 0 1 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("A", "follow('A')", "Go to", key_display="A-Z"),
        *(Binding(letter, f"follow('{letter}')", show=False) for letter in ascii_uppercase[1:]),
        bind("detail.part", "part", "Result/drivers/outlook", show=False),
        bind("detail.next", "next(1)", "Next", show=False),
        bind("detail.previous", "next(-1)", "Previous", show=False),
    ]

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._near: list[Near] = []
        self._part: Part = "outlook"
        self._shown: tuple[str | None, str | None] = (None, None)

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="page"):
            yield Static(id="title")
            yield KpiChart(id="chart")
            with Container(id="columns"):
                with Container(id="left"):
                    yield Static(id="why")
                with Container(id="right"):
                    yield Static(id="sources")
                    yield NearList(id="near")
                    yield Static(id="around")

    def show(self) -> None:
        if self.session.goal is None and self.session.kpi is None:  # nothing chosen yet: the first goal
            self.session.goal = next(iter(self.session.evaluation.strategy.goals), None)
        self.call_after_refresh(self._fill)

    def say_line(self) -> Content:
        evaluation, goal, kpi = self.session.evaluation, self.session.goal, self.session.kpi
        near = f"   A-Z go to · {self.key('detail.next')} {self.key('detail.previous')} next, previous"
        record = f" · {self.key('record')} record" if kpi and not self.shell.review.read_only else ""
        keys = literal(f"{near}{record} · esc back", "$quiet")
        if kpi:
            result, (said, status) = evaluation.kpi(kpi), judge_kpi(evaluation, goal, kpi)
            value = f"{said} {quantity(result.value, result.kpi.unit or '')}"
            return literal(f"{result.kpi.title}  ", "bold") + literal(value, f"$status-{status}") + keys
        if goal:
            found = evaluation.goal(goal)
            value = status_words(found.status, found.lagging.score)
            return literal(f"{found.goal.title}  ", "bold") + literal(value, f"$status-{found.status}") + keys
        return literal(say_next_step(self.session), "$quiet")

    def copied(self) -> str:
        """All that is said, as text."""
        return "\n\n".join(
            str(self.query_one(name, Static).content)
            for name in (["#title"] if self.session.kpi else []) + ["#why", "#sources"]
        )

    def on_resize(self) -> None:
        self.call_after_refresh(self._fill)

    def action_follow(self, letter: str) -> None:
        """Go to what has this letter; one that nothing has is free for the user's own keys."""
        number = ascii_uppercase.index(letter)
        if number >= len(self._near):
            raise SkipAction
        self._go(self._near[number])

    def action_part(self) -> None:
        """Explain the next of outlook, result and drivers."""
        self._part = _PARTS[(_PARTS.index(self._part) + 1) % len(_PARTS)]
        self._fill()

    def action_next(self, steps: int) -> None:
        """The goal or KPI that comes next in the order of the map."""
        strategy = self.session.evaluation.strategy
        goals = [goal for lane in strategy.lanes().values() for goal in lane]
        kpis = [(stub.goal, stub.id) for stub in outline(strategy, guardrails=True) if stub.kind == "kpi"]
        every: list[tuple[str, str | None]] = [*kpis] if self.session.kpi else [(goal.id, None) for goal in goals]
        if every:
            at = (self.session.goal or "", self.session.kpi)
            number = every.index(at) + steps if at in every else 0
            self.shell.choose(*every[number % len(every)])
            self.shell.show()

    @on(NearList.Chosen)
    def _chosen(self, event: NearList.Chosen) -> None:
        self._go(event.near)

    def _go(self, near: Near) -> None:
        self.shell.open_detail(near.goal, near.kpi)

    def _fill(self) -> None:
        """All parts for the present width."""
        evaluation, goal, kpi = self.session.evaluation, self.session.goal, self.session.kpi
        if goal is None and kpi is None:
            self.query_one("#why", Static).update(literal(say_next_step(self.session), "$quiet"))
            return
        if (goal, kpi) != self._shown:
            self._shown = (goal, kpi)
            self.query_one("#page").scroll_home(animate=False)
        columns, beside = (
            self.query_one(name).content_size.width or self.size.width - 4 for name in ("#left", "#right")
        )
        self.query_one("#chart").display = self.query_one("#title").display = kpi is not None
        if kpi:
            self.query_one("#title", Static).update(say_kpi(evaluation, goal, kpi, self.size.width - 4))
            self.query_one(KpiChart).show_kpi(evaluation, kpi)
            self.query_one("#why", Static).update(say_kpi_reasons(evaluation, goal, kpi, columns, self.session.before))
            self._find_sources(evaluation, kpi, beside)
        else:
            assert goal
            text = say_goal(evaluation, goal, self._part, columns, self.session.before)
            self.query_one("#why", Static).update(text)
            self.query_one("#sources", Static).update(literal(""))
        self._fill_right(evaluation, goal, kpi)

    def _fill_right(self, evaluation: Evaluation, goal: str | None, kpi: str | None) -> None:
        columns = self.query_one("#right").content_size.width or self.size.width - 4
        self._near = list_near(evaluation, goal, kpi)
        self.query_one(NearList).show_near(self._near, columns)
        around = (
            literal("") if kpi or not goal else literal("\n", lines=True) + say_surroundings(evaluation, goal, columns)
        )
        self.query_one("#around", Static).update(around)

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _find_sources(self, evaluation: Evaluation, kpi: str, columns: int) -> None:
        """In a thread: where the number stands and who recorded it; the store may be large."""
        from scorecard.tui.sources import list_statements

        lines = [literal("Where this number comes from", "bold $accent")]
        for text, counts in list_statements(self.session.scorecard, evaluation, kpi):
            for number, line in enumerate(wrap(text, max(columns - 2, 12), 4)):
                lines.append(literal(("  " if number else "• ") + line, "" if counts else "$quiet"))
        lines.append(literal(""))
        self.app.call_from_thread(self._show_sources, evaluation, kpi, Content("\n").join(lines))

    def _show_sources(self, evaluation: Evaluation, kpi: str, content: Content) -> None:
        if kpi == self.session.kpi and evaluation is self.session.evaluation:
            self.query_one("#sources", Static).update(content)
