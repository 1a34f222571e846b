"""Changing the scenario of the session: figures typed, links switched, changes taken back; and its file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import ClassVar

from textual.binding import BindingType

from scorecard.analysis.scenario import Scenario
from scorecard.parser.scenario_file import ScenarioFile
from scorecard.render.words import quantity
from scorecard.tui.figure_keys import Key, list_weights
from scorecard.tui.figures import OFF, Figure, make_change, read_change, read_figure
from scorecard.tui.keeping import count_scenarios, find_scenarios, is_kept, take_scenario
from scorecard.tui.keys import bind
from scorecard.tui.screens.scenario_forms import open_keeping
from scorecard.tui.screens.view import View
from scorecard.tui.trial import Outcome, Trail
from scorecard.tui.widgets.figure_list import FigureList, Mode


class ScenarioView(View):
    """The keys that change the scenario, of a screen that shows what it does.

    The screen has a list of figures, and keeps the last outcome and which figures are listed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("what_if.type", "type", "Type", key_display="=", about="Type the figure as in data, such as 350 or 12.5%"),
        bind("what_if.target", "target", "Type the target of the KPI", show=False),
        bind("what_if.weight", "weight", "Type the weight of the link, or of the KPI", show=False),
        bind("what_if.switch", "switch", "Switch the link off, and on again", show=False),
        bind("what_if.drop", "drop", "Take back", key_display="⌫", about="Take the change back"),
        bind("undo", "undo", "Undo", about="Take back the last change of the scenario, step by step"),
        bind("what_if.redo", "redo", "Make the change again that was taken back last", show=False),
        bind("what_if.clear", "clear", "Take all changes back, and again bring them back", show=False),
        bind("what_if.keep", "keep", "Keep", about="Keep the scenario in a file"),
        bind("what_if.open", "recall", "Open a scenario that was kept", show=False),
    ]

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.mode: Mode = "levers"
        self.outcome: Outcome | None = None
        self._put_away: dict[str, Scenario] = {}  # what R took back, by strategy
        self._trails: defaultdict[str, Trail] = defaultdict(Trail)  # by strategy

    @property
    def chosen(self) -> Figure | None:
        """The figure that the keys are about."""
        figures = self.query_one(FigureList)
        return figures.chosen if figures.display else None

    def idle(self) -> Iterator[str]:
        yield from super().idle()
        figure, scenario = self.chosen, self.session.scenario
        if figure is None:
            yield "what_if.type"
        if figure is None or figure.slider is None:
            yield "slide(-1, False)"
        if figure is None or self._drop(figure) == scenario:
            yield "what_if.drop"
        if not self._trail.has_past(scenario):
            yield "undo"
        if not scenario.changes or self.shell.review.read_only:
            yield "what_if.keep"

    async def action_type(self) -> None:
        """Type the chosen figure."""
        if figure := self.chosen:
            await self._ask(figure.key)

    async def action_target(self) -> None:
        """Type the target of the chosen KPI."""
        kpi = self._find_kpi()
        if kpi:
            await self._ask(("targets", kpi))

    async def action_weight(self) -> None:
        """Type the weight of the chosen link, or of the chosen KPI at a goal."""
        figure = self.chosen
        if figure and figure.key[0] in ("links", "weights"):
            await self._ask(figure.key)
        elif kpi := self._find_kpi():
            keys = list_weights(self.session.evaluation.strategy, self.session.goal, kpi)
            if keys:
                await self._ask(keys[0])
            else:
                self.shell.review.tell("No goal rests on this KPI, so it has no weight.")

    def action_switch(self) -> None:
        """Switch the chosen link off, or on again."""
        figure = self.chosen
        if figure is None or figure.key[0] != "links":
            off, lists = self.key("what_if.switch"), self.key("what_if.lists")
            self.shell.review.tell(f"{off.capitalize()} switches links off; {lists} shows them.")
        elif figure.then == OFF:
            self._change(self.session.scenario.drop(figure.key))
        else:
            self.put(figure.key, OFF)

    def action_drop(self) -> None:
        """Take the change of the chosen figure back; of a lever all that was changed about its KPI."""
        if figure := self.chosen:
            self._change(self._drop(figure))

    def action_clear(self) -> None:
        """Take all changes back; once more brings them back."""
        session = self.session
        if session.scenario.changes:
            self._put_away[session.strategy] = session.scenario
            self._change(Scenario())
            self.shell.review.tell(f"All changes are taken back; {self.key('what_if.clear')} again brings them back.")
        elif before := self._put_away.get(session.strategy):
            self._change(before)

    def action_undo(self) -> None:
        """Take the last change of the scenario back; what was recorded or written is taken back on the other screens."""
        if before := self._trail.go_back(self.session.scenario):
            self.session.scenario = before
            self.shell.show()
        else:
            undo = self.key("undo")
            said = f"No change here to take back. What was recorded or written, {undo} takes back on the other screens."
            self.shell.review.tell(said)

    def action_redo(self) -> None:
        """Make the change again that was taken back last."""
        if after := self._trail.go_ahead(self.session.scenario):
            self.session.scenario = after
            self.shell.show()
        else:
            self.shell.review.tell("No change was taken back that could be made again.")

    def action_keep(self) -> None:
        """Keep the scenario as a file."""
        if not self.shell.review.may_write():
            return
        if not self.session.scenario.changes:
            self.shell.review.tell("There is nothing to keep yet: change something first.")
            return
        open_keeping(self.shell.review, self.session)

    def action_recall(self) -> None:
        """Open a scenario that was kept."""
        warning = f"What is changed now is not kept, and would be gone: {self.key('what_if.keep')} keeps it."
        self.choose_file("Open a scenario", "" if is_kept(self.session) else warning, self._open)

    def _drop(self, figure: Figure) -> Scenario:
        """The scenario without what is changed about a figure; the same one where nothing is."""
        scenario = self.session.scenario
        for change in scenario.changes:
            alike = change.key[-1] == figure.key[-1] and "links" not in (change.key[0], figure.key[0])
            if change.key == figure.key or (alike and self.mode == "levers"):
                scenario = scenario.drop(change.key)
        return scenario

    @property
    def _trail(self) -> Trail:
        return self._trails[self.session.strategy]

    def _change(self, scenario: Scenario, slid: Key | None = None) -> None:
        self._trail.go(self.session.scenario, scenario, slid)
        self.session.scenario = scenario
        self.shell.show()

    def put(self, key: Key, figure: float | str, slid: bool = False) -> None:
        """Give a figure; one that is slid is one change until another is made."""
        self._change(self.session.scenario.put(make_change(key, figure)), key if slid else None)

    def _find_kpi(self) -> str:
        """The KPI that the chosen figure is about; says so where it is about none."""
        figure = self.chosen
        if figure and figure.key[0] != "links" and figure.key[-1] in self.session.evaluation.strategy.kpis:
            return figure.key[-1]
        self.shell.review.tell("Choose a KPI first.")
        return ""

    async def _ask(self, key: Key) -> None:
        """Ask for a figure as it is written in data."""
        assert self.outcome
        figure = read_figure(self.outcome, key)
        slider = figure.slider
        said = f"now {quantity(figure.now, figure.unit)}"
        if slider and slider.words:
            said += f"; {', '.join(slider.words)}"
        elif key[0] in ("weights", "links"):  # the slider's end is no bound of these
            said += "; more than 0" if key[0] == "links" else "; 0 or more"
        elif slider:
            said += f"; from {quantity(slider.left, figure.unit)} to {quantity(slider.right, figure.unit)}"
        await self.shell.ask(figure.title, "", said, partial(self._hear, key), partial(self._read, key))

    def _hear(self, key: Key, text: str) -> str:
        """What is wrong or odd about what is typed so far."""
        return read_change(self.session.evaluation, key, text)[1] if text.strip() else ""

    def _read(self, key: Key, text: str) -> str:
        if not text.strip():
            return ""
        change, wrong = read_change(self.session.evaluation, key, text)
        if change is None:
            return wrong
        self._change(self.session.scenario.put(change))
        return ""

    def choose_file(self, title: str, warning: str, then: Callable[[ScenarioFile | None], None]) -> None:
        from scorecard.tui.screens.scenarios import ScenariosScreen

        if not count_scenarios(self.session):
            keep = self.key("what_if.keep")
            self.shell.review.tell(f"No scenario was kept yet: {keep} keeps the one that is open.")
            return
        screen = ScenariosScreen(find_scenarios(self.session), title, warning)
        self.app.push_screen(screen, then)

    def _open(self, file: ScenarioFile | None) -> None:
        if file:
            take_scenario(self.session, file)
            self.shell.show()
