"""The initiatives: what is overdue or behind, who leads it, what it cost, and the way to its goal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from scorecard.render.agenda_words import write_undertaking
from scorecard.tui.initiative_cells import COLOURS, SIGNS, judge_day, list_initiatives, say_day, say_summary
from scorecard.tui.keys import bind
from scorecard.tui.screens.view import View
from scorecard.tui.search import Choice, find_initiatives
from scorecard.tui.sheets import Write, say_title, tabulate_initiatives, write_either
from scorecard.tui.text import literal
from scorecard.tui.widgets.initiative_list import InitiativeList
from scorecard.tui.widgets.row_list import RowList

_PADDING = 2  # columns beside the summary
_NONE = """\
No goal of this strategy has initiatives.

Write at a goal what is done to reach it; here it is then held against the time that is gone:

    initiatives:
      - initiative: crm_fields
        name: Pass campaign fields into the CRM
        owner: Marketing operations
        start: 2026-03-01
        due: 2026-06-30
        progress: 60%
        budget: 12000
        spent: 8000

e opens the strategy in your editor.
"""


class InitiativesView(View):
    """The list of initiatives as they stood at the end of the period looked at, or stand today while it is not over."""

    FINDS = "initiatives"
    DEFAULT_CSS = """
    InitiativesView #summary { height: auto; max-height: 3; padding: 0 1; }
    InitiativesView #calm { display: none; padding: 1 2; height: 1fr; }
    InitiativesView #none { width: 100%; height: auto; }
    InitiativesView.-empty #calm { display: block; }
    InitiativesView.-empty InitiativeList, InitiativesView.-empty #summary { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("initiatives.sort", "sort(1)", "Sort", about="Sort by the next of status, goal, owner, due date"),
        bind("initiatives.sort_back", "sort(-1)", "Sort by the one before", show=False),
        bind("edit", "edit", "Edit the initiative in the strategy, with your editor", show=False),
    ]

    _wanted = ""  # the initiative to be chosen when the list is filled

    def compose(self) -> ComposeResult:
        yield Static(id="summary")
        yield InitiativeList(id="initiatives")
        with VerticalScroll(id="calm"):
            yield Static(literal(_NONE, lines=True), id="none")

    def show(self) -> None:
        found = list_initiatives(self.session)
        if self.has_class("-empty") == bool(found):
            self.set_class(not found, "-empty")
            if self.has_focus_within:
                self.call_after_refresh(self.take_focus)
        day = judge_day(self.session)
        self.query_one(InitiativeList).show_initiatives(found, day, self.session.goal)
        if self._wanted:
            self.choose(self._wanted)
        said = say_summary(found, say_day(day), self.size.width - _PADDING)
        self.query_one("#summary", Static).update(said)

    def on_resize(self) -> None:
        if self.is_composed:
            self.show()

    def say_line(self) -> Content:
        one = self.query_one(InitiativeList).chosen
        if one is None:
            return literal("no initiatives · write 'initiatives:' at a goal", "$quiet")
        line = literal(f"{SIGNS[one.pace]} ", f"bold ${COLOURS[one.pace]}")
        return line + literal(write_undertaking(one), f"${COLOURS[one.pace]}")

    def tables(self) -> Mapping[str, Write]:
        shown, title = self.query_one(InitiativeList).shown, say_title(self.session.evaluation, "initiatives")
        return write_either(title, lambda: tabulate_initiatives(shown)) if shown else {}

    def list_finds(self) -> Iterator[Choice]:
        for listed in self.query(InitiativeList):
            yield from find_initiatives(listed.shown, lambda _, name: self.choose(name))
        yield from super().list_finds()

    def choose(self, name: str) -> None:
        """Put the cursor on an initiative, if it is there; before the list is made, once it is."""
        self._wanted = name
        for listed in self.query(InitiativeList):
            listed.choose(name)
            self._wanted = ""

    def action_sort(self, steps: int) -> None:
        """By pace, goal, owner or due date."""
        self.query_one(InitiativeList).turn(steps)

    def action_edit(self) -> None:
        """Edit the chosen initiative where it is written."""
        from scorecard.tui.editor import edit_place

        one, places = self.query_one(InitiativeList).chosen, self.session.scorecard.places
        if one is None:
            edit_place(self.shell.review, places.of("goals"))
        else:
            item = one.goal.initiatives.index(one.initiative)
            edit_place(self.shell.review, places.of("goals", one.goal.id, "initiatives", item))

    def take_focus(self) -> None:
        self.query_one("#calm" if self.has_class("-empty") else "InitiativeList").focus()

    @on(RowList.Moved)
    def _moved(self) -> None:
        if one := self.query_one(InitiativeList).chosen:
            self.shell.choose(one.goal.id)

    @on(RowList.Opened)
    def _opened(self) -> None:
        if one := self.query_one(InitiativeList).chosen:
            self.shell.open_detail(one.goal.id)
