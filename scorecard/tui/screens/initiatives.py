"""The initiatives: what is overdue or behind, who leads it, what it cost, and the way to its goal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from scorecard.render.agenda_words import write_undertaking
from scorecard.tui.initiative_cells import COLOURS, SIGNS, list_initiatives, say_summary
from scorecard.tui.keys import bind
from scorecard.tui.screens.view import View
from scorecard.tui.sheets import Write, say_title, tabulate_initiatives, write_either
from scorecard.tui.text import literal
from scorecard.tui.widgets.initiative_list import InitiativeList
from scorecard.tui.widgets.row_list import RowList

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
    """The list of initiatives as they stand today, whatever the period looked at."""

    DEFAULT_CSS = """
    InitiativesView #summary { height: 1; padding: 0 1; }
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
        self.query_one(InitiativeList).show_initiatives(found, self.session.opened.today, self.session.goal)
        self.query_one("#summary", Static).update(say_summary(found, self.session.opened.today), layout=False)

    def say_line(self) -> Content:
        one = self.query_one(InitiativeList).chosen
        if one is None:
            return literal("no initiatives · write 'initiatives:' at a goal", "$quiet")
        line = literal(f"{SIGNS[one.pace]} ", f"bold ${COLOURS[one.pace]}")
        return line + literal(write_undertaking(one), f"${COLOURS[one.pace]}")

    def tables(self) -> Mapping[str, Write]:
        shown, title = self.query_one(InitiativeList).shown, say_title(self.session.evaluation, "initiatives")
        return write_either(title, lambda: tabulate_initiatives(shown)) if shown else {}

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
