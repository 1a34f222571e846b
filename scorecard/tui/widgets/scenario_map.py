"""The map of a scenario: each goal that moves with its figures before and then, lit among the others."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.actions import SkipAction
from textual.binding import Binding, BindingType

from scorecard.render.chain import Chain, Web
from scorecard.tui.goal_words import list_results
from scorecard.tui.trial import Outcome
from scorecard.tui.widgets.strategy_map import StrategyMap


class ScenarioMap(StrategyMap):
    """A strategy map that shows what a scenario moves; without changes it is that of the actual figures."""

    HELP = """
The map of the scenario. A goal that moves by 0.1 pp or more is lit, and says its result now and then, and the change in points
where that has room; where only the outlook moves, it says that. The others are as they are.
"""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("l", "pass_on", show=False), Binding("enter", "open", "Levers")]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._changed = False

    def show_outcome(self, outcome: Outcome) -> None:
        """Show what would be."""
        moved = {effect.id for effect in outcome.moved}
        self.tell = partial(list_results, outcome.then)
        self._changed = bool(outcome.scenario.changes)
        self.before = {box.id: box for box in outcome.actual.boxes if box.id in moved}
        if self.picture == outcome.picture:
            self._arrange()
        self.picture = outcome.picture
        if self.selected != outcome.goal:
            self.selected = outcome.goal

    def find_chain(self, web: Web, selected: str | None) -> Chain | None:
        """The goals that move, with the links between them."""
        if not self._changed:
            return super().find_chain(web, selected)
        arrows = self.picture.arrows if self.picture else ()
        links = (n for n, arrow in enumerate(arrows) if arrow.source in self.before and arrow.target in self.before)
        return Chain(frozenset(self.before), frozenset(links))

    def action_pass_on(self) -> None:
        """The key belongs to the screen."""
        raise SkipAction
