"""What a scenario does, goal by goal: the result and the outlook now and then, or now and in each of two scenarios."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment

from scorecard.analysis.levers import find_outlook
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import GoalResult, Reading, status_of
from scorecard.model.status import Status
from scorecard.render.change_words import small_points
from scorecard.render.words import status_words
from scorecard.tui.text import fit, literal
from scorecard.tui.trial import Outcome, is_felt
from scorecard.tui.widgets.goal_box import Look
from scorecard.tui.widgets.row_list import Line, RowList

_NAME, _CELL, _CHANGE = 24, 13, 9  # columns of a name at least, of a status with its score, of a change
_OUTLOOK = " · outlook"

_State = tuple[Status, float | None]


class EffectList(RowList):
    """Shows the index and all goals, those that move first; the chosen row is a goal, or the whole."""

    HELP = """
The index and all goals, the largest change first: result and outlook now, and in the scenario. Where there is room for one
number only, a goal of which just the outlook moves shows that, and says so behind its name. Choosing a goal shows its levers.
"""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._outcome: Outcome | None = None
        self._names: Sequence[str] = ()

    def show_outcome(self, outcome: Outcome, names: Sequence[str]) -> None:
        """Show what would be in each scenario; `names` are theirs."""
        self._outcome, self._names = outcome, names
        goals = [effect.id for effect in outcome.effects]
        self.take_rows(len(goals) + 1, 1, goals.index(outcome.goal) + 1 if outcome.goal in goals else 0)

    @property
    def room(self) -> int:
        """Columns of a row: what the scroll bar leaves."""
        return max(self.scrollable_content_region.width - 1, 1)

    @property
    def chosen(self) -> str | None:
        """The goal; None for the whole."""
        return self._outcome.effects[self.cursor - 1].id if self._outcome and self.cursor else None

    def on_resize(self) -> None:
        self.take_rows(self.count, 1, self.cursor)

    def paint_head(self, look: Look) -> Line:
        ink = look.ink("quiet", "panel", bold=True)
        line = [Segment(fit("Goal", self._name_columns) + " ", ink)]
        for part in self._list_parts():
            titles = [(f"{part} now", _CELL), *((literal(name).plain, _CELL) for name in self._names)]
            titles += [("change", _CHANGE)] if len(self._names) == 1 else []
            line += [Segment(fit(title, width - 1) + " ", ink) for title, width in titles]
        return line

    def paint_row(self, number: int, look: Look, ground: str, chosen: bool) -> list[Line]:
        if self._outcome is None:
            return [[]]
        title, moved, (result, outlook) = _list_states(self._outcome, number)
        plain = "foreground" if moved or chosen or not number else "quiet"
        columns, groups, name = self._name_columns, [result, outlook], literal(title).plain
        if len(self._list_parts()) == 1:
            groups = [result]
            if number and moved and all(one == result[0] for one in result):
                groups, name = [outlook], fit(name, max(min(cell_len(name), columns - len(_OUTLOOK)), 1)) + _OUTLOOK
        line = [Segment(fit(name, columns) + " ", look.ink(plain, ground, bold=chosen or number == 0))]
        for states in groups:
            line += self._paint_states(states, look, ground, moved)
        return [line]

    def _paint_states(self, states: Sequence[_State], look: Look, ground: str, moved: bool) -> Line:
        """A number in each of the evaluations, and its change where there is one scenario."""
        line: Line = []
        for place, (status, score) in enumerate(states[: len(self._names) + 1]):
            other = place and states[place] != states[0]
            text = status_words(status, score) if not place or other else "as now" if moved else ""
            colour = f"status-{status}" if not place or other else "quiet"
            line.append(Segment(fit(text, _CELL - 1) + " ", look.ink(colour, ground, bold=bool(other))))
        if len(self._names) == 1:
            old, new = states[0][1], states[1][1]
            said = small_points(new - old) if old is not None and new is not None and old != new else ""
            line.append(Segment(f"{said:>{_CHANGE - 1}} ", look.ink("foreground", ground, bold=True)))
        return line

    def _list_parts(self) -> list[str]:
        """The numbers there is room for."""
        return ["Result", "Outlook"] if self.room > _NAME + 2 * self._measure() else ["Result"]

    def _measure(self) -> int:
        """The columns of a number in all evaluations."""
        return _CELL * (len(self._names) + 1) + (_CHANGE if len(self._names) == 1 else 0)

    @property
    def _name_columns(self) -> int:
        return max(self.room - 1 - self._measure() * len(self._list_parts()), 8)


def _list_states(outcome: Outcome, number: int) -> tuple[str, bool, list[list[_State]]]:
    """The title of a row, whether it moves, and result and outlook in each evaluation."""
    evaluations = [outcome.now, outcome.then, *([outcome.against] if outcome.against else [])]
    if number == 0:
        indices = [(one.index.status, one.index.score) for one in evaluations]
        return "Index", indices[1:] != indices[:-1], [indices, [_outlook(one) for one in evaluations]]
    effect = outcome.effects[number - 1]
    moved = is_felt(effect)
    goals = [effect.now, *(one if moved else effect.now for one in effect.then)]
    outlooks = [_state(one.outlook) for one in goals]
    return effect.now.goal.title, moved, [[_result(one) for one in goals], outlooks]


def _outlook(evaluation: Evaluation) -> _State:
    score = find_outlook(evaluation)
    return status_of(score, evaluation.strategy.bands), score


def _result(goal: GoalResult) -> _State:
    """The status shown, after guardrails and override."""
    return goal.status, goal.lagging.score


def _state(reading: Reading) -> _State:
    return reading.status, reading.score
