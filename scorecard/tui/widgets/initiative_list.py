"""The list of initiatives: each with its pace, progress against time gone, due date and money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from scorecard.analysis.initiatives import ORDERS, Order, Undertaking, sort_initiatives
from scorecard.tui.initiative_cells import MARK, Column, fit_columns, write_head, write_row
from scorecard.tui.widgets.goal_box import Look
from scorecard.tui.widgets.row_list import HEAD, Line, RowList


class InitiativeList(RowList):
    """Shows initiatives in an order; the chosen one stays chosen."""

    HELP = f"""
Initiatives, overdue first, as they stood at the end of the period looked at; while that is not over, as they stand today. The
bar is the progress; `{MARK}` in it is the share of the time that is gone. Behind is who lacks more than 10 points to it. Of the
money `over` is beyond the budget, `fast` is spent more than 10 points ahead of the progress.
"""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "open", "Open", tooltip="The goal in detail")]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.order: Order = "pace"
        self._found: Sequence[Undertaking] = ()
        self._today = 0
        self._columns: list[Column] = []

    def show_initiatives(self, found: Sequence[Undertaking], today: int, goal: str | None) -> None:
        """Show them as they stand on a day (as in `date.toordinal`); one of the goal is chosen, where it has any."""
        chosen = self.chosen
        self._found, self._today = sort_initiatives(found, self.order), today
        there = [one.id for one in self._found if one.goal.id == goal]
        self._arrange(chosen.id if chosen and (chosen.id in there or not there) else (*there, "")[0])

    def choose(self, name: str) -> None:
        """Put the cursor on the one of this id, if it is there."""
        self.cursor = next((at for at, one in enumerate(self._found) if one.id == name), self.cursor)

    def sort_by(self, order: Order) -> None:
        """Show them in another order; the chosen one stays chosen."""
        chosen, self.order = self.chosen, order
        self._found = sort_initiatives(self._found, order)
        self._arrange(chosen.id if chosen else "")

    def turn(self, steps: int) -> None:
        """The next of the orders."""
        self.sort_by(ORDERS[(ORDERS.index(self.order) + steps) % len(ORDERS)])

    @property
    def shown(self) -> Sequence[Undertaking]:
        """All of them, in the order of the list."""
        return self._found

    @property
    def chosen(self) -> Undertaking | None:
        return self._found[self.cursor] if self._found else None

    def on_resize(self) -> None:
        self._arrange(self.chosen.id if self.chosen else "")

    def on_click(self, event: events.Click) -> None:
        """The heading sorts."""
        left = 1
        for column in self._columns if event.y < HEAD else ():
            left += column.width + 1
            if event.x < left:
                orders = [order for _, order in column.titles if order]
                if orders:
                    at = orders.index(self.order) + 1 if self.order in orders else 0
                    self.sort_by(orders[at % len(orders)])
                return

    def paint_head(self, look: Look) -> Line:
        return write_head(self._columns, self.order, look)

    def paint_row(self, number: int, look: Look, ground: str, chosen: bool) -> list[Line]:
        return write_row(self._found[number], self._today, self._columns, look, ground, chosen)

    def _arrange(self, chosen: str) -> None:
        self._columns = fit_columns(self.room)
        names = [one.id for one in self._found]
        self.take_rows(len(names), len(self._columns[0].keys), names.index(chosen) if chosen in names else 0)
