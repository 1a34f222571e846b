"""The list of findings: what is wrong, and below it where and what to do; in full where there is room for that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType

from scorecard.model.finding import Finding
from scorecard.tui.problem_words import COLOURS, SIGNS
from scorecard.tui.text import fit, literal, wrap
from scorecard.tui.widgets.goal_box import Look
from scorecard.tui.widgets.row_list import HEAD, Line, RowList

_SEVERITY, _CODE = 10, 5  # columns
_LEAST = 2  # lines of a row: what is wrong, and where


class ProblemList(RowList):
    """Shows findings, each with its place in short; the chosen one stays chosen, or the one that takes its place."""

    HELP = """
Every finding on files, data and method.

| sign | meaning |
| --- | --- |
| ▲ error | it keeps a strategy or a row of data from counting |
| ◆ warning | it weakens what the scorecard says |
| ○ hint | for whoever writes the files |

Enter opens your editor (`EDITOR`) at the line, and afterwards all is read again; where a figure is missing it asks for it.
"""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "open", "Mend it")]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._found: Sequence[Finding] = ()
        self._places: Sequence[str] = ()

    def show_problems(self, found: Sequence[Finding], places: Sequence[str]) -> None:
        """Show findings, each with the place to print."""
        at, chosen = self.cursor, self.chosen
        self._found, self._places = found, places
        self._arrange(found.index(chosen) if chosen in found else at)

    def choose(self, finding: Finding) -> None:
        """Put the cursor on a finding, if it is there."""
        if finding in self._found:
            self.cursor = self._found.index(finding)

    @property
    def shown(self) -> Sequence[Finding]:
        """All of them, in the order of the list."""
        return self._found

    @property
    def chosen(self) -> Finding | None:
        return self._found[self.cursor] if self._found else None

    def on_resize(self) -> None:
        self._arrange(self.cursor)

    def paint_head(self, look: Look) -> Line:
        names = [("Severity", _SEVERITY), ("Code", _CODE), ("What is wrong, where, and what to do", self.room)]
        return [Segment(fit(name, width) + " ", look.ink("quiet", "panel", bold=True)) for name, width in names]

    def paint_row(self, number: int, look: Look, ground: str, chosen: bool) -> list[Line]:
        one = self._found[number]
        tone = look.ink(COLOURS[one.severity], ground, bold=True)
        quiet, plain = look.ink("quiet", ground), look.ink("foreground", ground, bold=chosen)
        indent = Segment(" " * (_SEVERITY + _CODE + 2), quiet)
        front = [
            Segment(fit(f"{SIGNS[one.severity]} {one.severity}", _SEVERITY) + " ", tone),
            Segment(fit(one.code, _CODE) + " ", quiet),
        ]
        upper, lower = self._wrap(number, self.tall)
        place = len(literal(self._places[number]).plain)  # at the beginning of the lines that follow the message
        lit = look.ink("lit" if chosen else "quiet", ground)
        lines = [[indent, Segment(line, plain)] for line in upper]
        lines[0] = [*front, Segment(upper[0], plain)]
        lines += [[indent, Segment(lower[0][:place], lit), Segment(lower[0][place:], quiet)]]
        lines += [[indent, Segment(line, quiet)] for line in lower[1:]]
        return [*lines, *[[indent]] * (self.tall - len(lines))]

    def _arrange(self, cursor: int) -> None:
        """Give every row the lines that the longest one needs, as far as all of them are on screen then."""
        count, tall = len(self._found), _LEAST
        most = (self.size.height - HEAD) // count if count else 0
        if most > _LEAST:
            tall = max(sum(map(len, self._wrap(number, most))) for number in range(count))
            tall += tall < most  # a line between the findings
        self.take_rows(count, tall, cursor)

    def _wrap(self, number: int, tall: int) -> tuple[Sequence[str], Sequence[str]]:
        """The lines of a message, and those of its place and hint, in at most so many lines together."""
        one, columns = self._found[number], max(self.room - _SEVERITY - _CODE - 3, 1)
        behind = literal(self._places[number]).plain + (f" → {one.hint}" if one.hint else "")
        upper = wrap(one.message, columns, tall - 1)
        return upper, wrap(behind, columns, tall - len(upper))
