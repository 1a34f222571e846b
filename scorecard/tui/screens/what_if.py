"""What if: levers, weights and links moved by keys or the mouse, and the map recoloured at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content
from textual.widgets import Static

from scorecard.analysis.scenario import Scenario
from scorecard.model.number import read_data_number
from scorecard.parser.scenario_file import ScenarioFile
from scorecard.render.scenario_words import needed_words
from scorecard.tui.advice import say_next_step
from scorecard.tui.figure_cells import say_figure, say_step
from scorecard.tui.figure_keys import Key
from scorecard.tui.figures import Figure
from scorecard.tui.keeping import is_kept
from scorecard.tui.keys import bind
from scorecard.tui.screens.scenario_view import ScenarioView
from scorecard.tui.search import Choice, find_levers
from scorecard.tui.text import literal
from scorecard.tui.trial import Outcome, Wanted, work_out
from scorecard.tui.trial_words import say_goal, say_outcome, say_scenarios, write_outcome
from scorecard.tui.widgets.effect_list import EffectList
from scorecard.tui.widgets.figure_list import MODES, FigureList, Mode
from scorecard.tui.widgets.row_list import RowList
from scorecard.tui.widgets.scenario_map import ScenarioMap
from scorecard.tui.widgets.strategy_map import StrategyMap

_BESIDE = 132  # columns from which the map stands beside the list
_MOST = 20  # goals that are computed between two keys; more in a thread


class WhatIfView(ScenarioView):
    """The scenario of the session. Where there is no room for the map beside the list, a list of effects stands above it."""

    HOME = "FigureList"
    FINDS = "levers"
    DEFAULT_CSS = """
    WhatIfView #said { height: 1; padding: 0 1; background: $background; text-wrap: nowrap; text-overflow: ellipsis; }
    WhatIfView #parts { height: 1fr; }
    WhatIfView ScenarioMap { display: none; height: 1fr; width: 1fr; }
    WhatIfView EffectList { height: 40%; width: 100%; }
    WhatIfView FigureList { height: 1fr; width: 100%; }
    WhatIfView.-mapped ScenarioMap { display: block; }
    WhatIfView.-mapped EffectList, WhatIfView.-mapped FigureList { display: none; }
    WhatIfView.-beside #parts { layout: horizontal; }
    WhatIfView.-beside ScenarioMap { display: block; }
    WhatIfView.-beside EffectList { display: none; }
    WhatIfView.-beside FigureList { display: block; height: 100%; width: 48; border-left: tall $rule; }
    WhatIfView.-beside FigureList:focus { border-left: tall $lit; }
    .-wide WhatIfView.-beside FigureList { width: 72; }
    WhatIfView.-comparing ScenarioMap, WhatIfView.-comparing FigureList { display: none; }
    WhatIfView.-comparing EffectList { display: block; height: 100%; width: 1fr; }
    .-wide WhatIfView.-comparing FigureList { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("what_if.lists", "lists", "Lists", about="Levers, changes, links"),
        bind("what_if.map", "map", "Map", about="To the map and back"),
        bind("what_if.compare", "compare", "Compare with another scenario", show=False),
    ]

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._other: Scenario | None = None  # compared with
        self._busy = False

    def compose(self) -> ComposeResult:
        yield Static(id="said")
        with Container(id="parts"):
            yield ScenarioMap(id="scenario")
            yield EffectList(id="effects")
            yield FigureList(id="figures")

    def show(self) -> None:
        wanted = self._wanted
        if self.outcome and self.outcome.wanted.is_same(wanted):
            self._fill(self.outcome)
        elif len(wanted.now.strategy.goals) <= _MOST:
            self._take(work_out(wanted, self.outcome))
        else:
            if self.outcome and self.outcome.now is wanted.now and self.outcome.goal == wanted.goal:
                self._fill(replace(self.outcome, wanted=wanted))  # the slider moves at once
            if not self._busy:
                self._busy = True
                self._work_out(wanted, self.outcome)

    def take_focus(self) -> None:
        """To the list, or what takes its place."""
        if self._other:
            self.query_one(EffectList).focus()
        elif self.has_class("-mapped"):
            self.query_one(ScenarioMap).focus()
        else:
            super().take_focus()

    def say_line(self) -> Content:
        if self.outcome is None:
            return literal("computing …", "$quiet")
        figure, goal = self.chosen, self.session.goal
        if goal and not self.query_one(FigureList).has_focus:
            return say_goal(self.outcome, goal)
        if self._other:
            return say_scenarios(self.outcome.now.strategy, self.session.scenario, self._other)
        if self.has_class("-mapped"):
            back = f"{self.key('what_if.map')} back to the lists"
            return literal(f"arrows choose a goal · enter its levers · {back}", "$quiet")
        if figure is None:
            usual = f"nothing to move here · {self.key('what_if.lists')} shows levers, changes, links"
            return literal(say_next_step(self.session, self.shell.review.read_only) or usual, "$quiet")
        line = literal(f"{figure.title}  ", "bold") + literal(say_figure(figure), "bold $lit" if figure.changed else "")
        if figure.fault:
            return line + literal(f"  {figure.fault}", "$status-red")
        if figure.odd:
            return line + literal(f"  ! {figure.odd}", "$status-amber")
        step = say_step(figure.lever, figure.unit) if figure.lever else ""
        line += literal(f"  next {step}" if step else "", "$quiet")
        return line + literal(f": {figure.against}" if step and figure.against else "", "$status-amber")

    def idle(self) -> Iterator[str]:
        yield from super().idle()
        figure = self.chosen
        if not self.query_one(EffectList).has_focus and (figure is None or self._is_best(figure)):
            yield "open"

    def list_finds(self) -> Iterator[Choice]:
        if self.outcome:
            yield from find_levers(self.outcome, self._go_to_lever)
        yield from super().list_finds()

    def go_to(self, goal: str, kpi: str | None) -> None:
        """A goal becomes the one whose levers count; a KPI gets the cursor, among those of its goal."""
        strategy = self.session.evaluation.strategy
        if goal in strategy.goals and kpi in (None, *strategy.kpis):
            self.shell.choose(goal, kpi)
            self.shell.show()
            if kpi:
                self._go_to_lever(("values", kpi))

    def copied(self) -> str:
        return write_outcome(self.outcome) if self.outcome else ""

    def back(self) -> bool:
        """From a comparison, or from the map where it takes the place of the lists."""
        if self._other:
            self._compare(None)
        elif self.has_class("-mapped"):
            self.action_map()
        else:
            return False
        return True

    def on_resize(self) -> None:
        beside = self.size.width >= _BESIDE
        if beside and self.has_class("-mapped"):
            self.action_map()
        self.set_class(beside, "-beside")

    def on_descendant_focus(self) -> None:
        self.shell.show_line()

    def action_lists(self) -> None:
        """The next of levers, changes and links."""
        self._turn(MODES[(MODES.index(self.mode) + 1) % len(MODES)])

    def action_map(self) -> None:
        """To the map and back."""
        if self._other:
            self._compare(None)
        map_, figures = self.query_one(ScenarioMap), self.query_one(FigureList)
        if not self.has_class("-beside"):
            self.toggle_class("-mapped")
            wanted = map_ if self.has_class("-mapped") else figures
        else:
            wanted = figures if map_.has_focus or not map_.display else map_
        self.call_after_refresh(wanted.focus)

    def action_compare(self) -> None:
        """Hold the scenario against another one that was kept, or end that."""
        if self._other:
            self._compare(None)
        else:
            self.choose_file("Compare with a scenario", "", self._compare)

    def _go_to_lever(self, key: Key) -> None:
        """Put the cursor on a lever, where the lists are shown."""
        self.mode = "levers"
        if self._other:
            self._compare(None)
        elif self.has_class("-mapped"):
            self.action_map()
        if self.outcome:
            self._fill(self.outcome, key)
        self.query_one(FigureList).focus()

    @property
    def _wanted(self) -> Wanted:
        session = self.session
        return Wanted(session.evaluation, session.scenario, self._other, session.goal)

    @work(thread=True, exit_on_error=False)
    def _work_out(self, wanted: Wanted, before: Outcome | None) -> None:
        """In a thread; what is asked meanwhile waits for the end, and of that only the newest is computed."""
        outcome = work_out(wanted, before)
        self.app.call_from_thread(self._finish, outcome)

    def _finish(self, outcome: Outcome) -> None:
        self._busy = False
        if outcome.now is self.session.evaluation:
            self._take(outcome)
        if not outcome.wanted.is_same(self._wanted):
            self.show()

    def _take(self, outcome: Outcome) -> None:
        is_other = self.outcome is None or self.outcome.goal != outcome.goal
        self.outcome, kpi = outcome, self.session.kpi
        self.query_one(ScenarioMap).show_outcome(outcome)
        names = [outcome.scenario.called or "then", *([outcome.wanted.other.called] if outcome.wanted.other else [])]
        self.query_one(EffectList).show_outcome(outcome, names)
        self._fill(outcome, ("values", kpi) if kpi and is_other else None)

    def _fill(self, outcome: Outcome, wanted: Key | None = None) -> None:
        """The list of figures, and the bar above all."""
        self.query_one(FigureList).show_outcome(outcome, self.mode, wanted)
        said = say_outcome(outcome, is_kept(self.session), self._other.called if self._other else "")
        self.query_one("#said", Static).update(said, layout=False)
        self.shell.show_line()

    def _turn(self, mode: Mode) -> None:
        self.mode = mode
        if self.outcome:
            self._fill(self.outcome)

    def _compare(self, file: ScenarioFile | None) -> None:
        self._other = file.scenario if file else None
        self.set_class(self._other is not None, "-comparing")
        self.remove_class("-mapped")
        self.call_after_refresh(self.query_one(EffectList if self._other else FigureList).focus)
        self.shell.show()

    @on(FigureList.Slid)
    def _slid(self, event: FigureList.Slid) -> None:
        self.put(event.key, event.figure, slid=True)

    @on(FigureList.Turned)
    def _turned(self, event: FigureList.Turned) -> None:
        self._turn(event.mode)

    @on(RowList.Moved)
    def _moved(self) -> None:
        effects = self.query_one(EffectList)
        if effects.has_focus and effects.chosen != self.session.goal:
            self._look_at(effects.chosen)
        else:
            self.shell.show_line()

    @on(RowList.Opened)
    async def _opened(self) -> None:
        """A lever's next step; elsewhere the figure is typed."""
        if self.query_one(EffectList).has_focus:
            self.query_one(FigureList).focus()
            return
        figure = self.chosen
        if figure and (best := _find_step(figure)) is not None and self.mode == "levers":
            self.put(figure.key, best)
        elif figure and self._is_best(figure):
            self.shell.review.tell(f"It is at its best; {self.key('what_if.type')} types a figure.")
        else:
            await self.action_type()

    def _is_best(self, figure: Figure) -> bool:
        """Whether a lever has no next step."""
        return self.mode == "levers" and figure.lever is not None and _find_step(figure) is None

    @on(StrategyMap.Selected)
    def _selected(self, event: StrategyMap.Selected) -> None:
        if event.goal_id != self.session.goal:
            self._look_at(event.goal_id)

    @on(StrategyMap.Opened)
    def _to_levers(self) -> None:
        if self.has_class("-mapped"):
            self.action_map()
        else:
            self.query_one(FigureList).focus()

    def _look_at(self, goal: str | None) -> None:
        self.shell.choose(goal)
        self.shell.show()


def _find_step(figure: Figure) -> float | str | None:
    """The figure that Enter gives a lever: its next step, as it was said, which is enough; None where it is at its best."""
    if figure.key[0] == "progress":
        return None if figure.then == 1.0 else 1.0
    step = figure.lever.step if figure.lever else None
    if figure.lever is None or step is None or isinstance(step.value, str):
        return step.value if step else None
    said = needed_words(step.value, figure.lever.value, "%" if figure.unit == "%" else "")
    return read_data_number(said.replace(",", ""))
