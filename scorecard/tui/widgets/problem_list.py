"""The list of findings: what is wrong, and below it where and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.binding import Binding, BindingType

from scorecard.model.finding import Finding
from scorecard.tui.problem_words import COLOURS, SIGNS
from scorecard.tui.text import fit, literal
from scorecard.tui.widgets.goal_box import Look
from scorecard.tui.widgets.row_list import Line, RowList

_SEVERITY, _CODE = 10, 5  # columns


class ProblemList(RowList):
    """Shows findings, each with its place in short; the chosen one stays chosen, or the one that takes its place."""

    HELP = """
Every finding on files, data and method. An error keeps a strategy or a row of data from counting, a warning weakens it, a hint
is for whoever writes the file.

| key | does |
| --- | --- |
| enter | your editor (`EDITOR`) at the line; afterwards all is read again |
| f | all, only errors, only warnings, only hints |
| E | the page on the code: what it means, an example, the fix |
"""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "open", "Edit there")]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._found: Sequence[Finding] = ()
        self._places: Sequence[str] = ()

    def show_problems(self, found: Sequence[Finding], places: Sequence[str]) -> None:
        """Show findings, each with the place to print."""
        at, chosen = self.cursor, self.chosen
        self._found, self._places = found, places
        self.take_rows(len(found), 2, found.index(chosen) if chosen in found else at)

    @property
    def shown(self) -> Sequence[Finding]:
        """All of them, in the order of the list."""
        return self._found

    @property
    def chosen(self) -> Finding | None:
        return self._found[self.cursor] if self._found else None

    def on_resize(self) -> None:
        self.take_rows(self.count, 2, self.cursor)

    def paint_head(self, look: Look) -> Line:
        names = [("Severity", _SEVERITY), ("Code", _CODE), ("What is wrong, where, and what to do", self.room)]
        return [Segment(fit(name, width) + " ", look.ink("quiet", "panel", bold=True)) for name, width in names]

    def paint_row(self, number: int, look: Look, ground: str, chosen: bool) -> list[Line]:
        one = self._found[number]
        tone = look.ink(COLOURS[one.severity], ground, bold=True)
        quiet, room = look.ink("quiet", ground), self.room - _SEVERITY - _CODE - 3
        place = literal(self._places[number]).plain
        hint = f" → {literal(one.hint).plain}" if one.hint else ""
        place = fit(place, min(cell_len(place), room))
        upper = [
            Segment(fit(f"{SIGNS[one.severity]} {one.severity}", _SEVERITY) + " ", tone),
            Segment(fit(one.code, _CODE) + " ", quiet),
            Segment(fit(literal(one.message).plain, room), look.ink("foreground", ground, bold=chosen)),
        ]
        lower = [
            Segment(" " * (_SEVERITY + _CODE + 2), quiet),
            Segment(place, look.ink("lit" if chosen else "quiet", ground)),
            Segment(fit(hint, max(room - cell_len(place), 0)), quiet),
        ]
        return [upper, lower]
