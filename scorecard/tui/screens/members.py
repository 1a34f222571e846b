"""The members of a dimension by goals: where the whole is weak; and the way into the scorecard of one member."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, get_args

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from scorecard.api import Scorecard
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.histories import UnknownMember
from scorecard.compute.sliced import Sliced
from scorecard.render.heat import Of, draw_heat
from scorecard.render.words import status_words
from scorecard.tui.keys import bind
from scorecard.tui.screens.view import View
from scorecard.tui.session import Opened, cut
from scorecard.tui.sheets import Write, say_title, write_either
from scorecard.tui.text import literal
from scorecard.tui.widgets.heat_grid import HeatGrid

_PARTS: tuple[Of, ...] = get_args(Of)
_NONE = """\
This strategy has no dimensions.

With one, such as regions or shops, this screen shows which of its members do well and which do not: every member by every \
goal, the worst first; Enter opens the whole scorecard of a member.

Write the dimension in the strategy, and name the member in each row of the data:

    dimensions:
      region: [north, south]

    kpi,period,region,value
    sales,2026-10,north,120
"""


class MembersView(View):
    """The heat grid of one dimension; all members of a period are computed at once, in a thread."""

    HOME = "HeatGrid"
    DEFAULT_CSS = """
    MembersView #none { display: none; padding: 1 2; height: 1fr; }
    MembersView.-empty #none { display: block; }
    MembersView.-empty HeatGrid { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("members.dimension", "dimension", "Dimension", about="The next dimension"),
        bind("members.part", "part", "Result/outlook", about="Result, drivers or outlook"),
        bind("members.find", "find", "Find", key_display="/", about="Find members by name"),
        bind("members.whole", "whole", "Whole", about="All members together, on every screen"),
    ]

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.by = ""
        self.of: Of = "lagging"
        self.words = ""
        self._sliced: Sliced | None = None
        self._computed: object = None  # the reading, dimension and period the numbers are of
        self._wanted: object = None
        self._entering = ""  # the member whose scorecard is computed

    def compose(self) -> ComposeResult:
        yield HeatGrid(id="heat")
        with VerticalScroll(id="none"):
            yield Static(literal(_NONE, lines=True))

    def show(self) -> None:
        dimensions = list(self.session.evaluation.strategy.dimensions)
        if self.has_class("-empty") == bool(dimensions):
            self.set_class(not dimensions, "-empty")
            self.refresh_bindings()
            if self.has_focus_within:
                self.call_after_refresh(self.take_focus)
        if not dimensions:
            self._wanted = self._computed = self._sliced = None
            return
        if self.by not in dimensions:
            self.by = dimensions[-1]
        evaluation = self.session.whole
        wanted = (self.session.scorecard, self.by, str(evaluation.period))
        if wanted == self._computed:
            self._wanted = wanted  # and not what is still being computed
            self._draw()
        elif wanted != self._wanted:
            self._wanted = wanted
            if self._sliced is not None and self.by not in self._sliced.slices[0]:
                self._sliced = self._computed = None  # of another dimension
                self.query_one(HeatGrid).show_heat(None)
            self._compute(wanted)

    def say_line(self) -> Content:
        if not self.session.evaluation.strategy.dimensions:
            return literal("no dimensions: write 'dimensions:' in the strategy (e edits it)", "$quiet")
        if self._entering:
            return literal(f"computing {self._entering} … · esc leaves it", "$quiet")
        if self._sliced is None:
            return literal(f"computing every {self.by} …", "$quiet")
        grid = self.query_one(HeatGrid)
        line = literal(f"by {self.by}, {self.of}   ", "$quiet")
        if self.words:
            line += literal(f"find {self.words}   ", "bold $accent")
        if grid.chosen is not None and (cell := grid.cell):
            title, status, score = cell
            line += literal(f"{grid.chosen} · {title}  ", "bold") + literal(
                status_words(status, score), f"$status-{status}"
            )
        return line

    def idle(self) -> Iterator[str]:
        yield from super().idle()
        if not self.session.where:
            yield "members.whole"
        if len(self.session.evaluation.strategy.dimensions) == 1:
            yield "members.dimension"
        if self.query_one(HeatGrid).chosen is None:
            yield "open"

    def tables(self) -> Mapping[str, Write]:
        title = say_title(self.session.whole, f"by {self.by}, {self.of}")
        make = self.query_one(HeatGrid).tabulate()
        return write_either(title, make) if make else {}

    def back(self) -> bool:
        """From the member that is computed, from some members to all of them."""
        if self._entering:
            self._entering = ""
            self.shell.show_line()
            return True
        found = bool(self.words)
        if found:
            self._find("")
        return found

    def take_focus(self) -> None:
        if self.has_class("-empty"):
            self.query_one("#none").focus()
        else:
            super().take_focus()

    def check_action(self, action: str, _: tuple[object, ...]) -> bool | None:
        """Without dimensions there is nothing to turn, find, or leave."""
        return not (self.has_class("-empty") and action in ("dimension", "part", "find", "whole"))

    def action_dimension(self) -> None:
        """The next dimension."""
        dimensions = list(self.session.evaluation.strategy.dimensions)
        if dimensions:
            self.by = dimensions[(dimensions.index(self.by) + 1) % len(dimensions)]
            self.shell.show()

    def action_part(self) -> None:
        """Result, drivers or outlook."""
        self.of = _PARTS[(_PARTS.index(self.of) + 1) % len(_PARTS)]
        self.shell.show()

    async def action_find(self) -> None:
        """Ask for a part of a name, and show the members that have it."""
        await self.shell.ask("find", self.words, "a part of the name", self._find, self._find)

    def action_whole(self) -> None:
        """All members together, on every screen."""
        self.session.slice({})
        self.shell.show()

    def _find(self, words: str) -> str:
        self.words = words.strip()
        self._draw()
        self.shell.show_line()
        return ""

    @work(thread=True, exclusive=True, group="members")
    def _compute(self, wanted: tuple[Scorecard, str, str]) -> None:
        """All members at the period looked at."""
        try:
            sliced = wanted[0].evaluate_by(wanted[1], wanted[2])
        except (ValueError, UnknownMember) as error:
            self.app.call_from_thread(self.shell.review.tell, str(error))
            return
        self.app.call_from_thread(self._take, wanted, sliced)

    def _take(self, wanted: tuple[Scorecard, str, str], sliced: Sliced) -> None:
        if wanted[0] is not self.session.scorecard:  # of another strategy or reading; this screen was not told yet
            self._wanted = None
        elif wanted == self._wanted:
            self._sliced, self._computed = sliced, wanted
            self._draw()
            self.shell.show_line()

    def _draw(self) -> None:
        if self._sliced is not None and self._computed is not None:
            heat = draw_heat(self._sliced, self.session.whole, self.by, self.of)
            self.query_one(HeatGrid).show_heat(heat, self.words)

    @on(HeatGrid.Moved)
    def _moved(self) -> None:
        self.shell.show_line()

    @on(HeatGrid.Opened)
    def _opened(self, event: HeatGrid.Opened) -> None:
        """The scorecard of one member, on every screen until the whole is asked for; it is computed in a thread."""
        self._entering = event.member
        self.shell.show_line()
        self._cut(self.session.opened, {self.by: event.member})

    @work(thread=True, exclusive=True, group="enter")
    def _cut(self, opened: Opened, where: Mapping[str, str]) -> None:
        try:
            sliced = cut(opened, self.session.strategy, where)
        except (ValueError, UnknownMember) as error:
            self.app.call_from_thread(self._enter, opened, where, None, str(error))
        else:
            self.app.call_from_thread(self._enter, opened, where, sliced, "")

    def _enter(self, opened: Opened, where: Mapping[str, str], sliced: Evaluation | None, trouble: str) -> None:
        """Show the member, if it is still the one wanted: neither another was chosen, nor another screen."""
        if list(where.values()) != [self._entering]:
            return
        self._entering = ""
        if self.shell.view is not self:
            return
        if opened is not self.session.opened and not trouble:  # the files have changed meanwhile
            self.post_message(HeatGrid.Opened(*where.values()))
        elif sliced is None:
            self.shell.review.tell(trouble)
            self.shell.show_line()
        else:
            self.session.take(where, sliced)
            self.shell.action_open("map")
