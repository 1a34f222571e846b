"""An edition: one strategy at one period on its way out of the house, and what of it is to be shown.

Every format is written from an edition, so all of them say the same names, words and numbers. What a format needs of it
is computed when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from scorecard.analysis.agenda import Agenda, find_goals_to_discuss, make_agenda
from scorecard.compute.evaluation import Evaluation
from scorecard.model.period import Period
from scorecard.model.progress import Hear, tell_nobody
from scorecard.render.chain import Excerpt
from scorecard.render.goal_sheet import CHARTED, GoalSheet, draw_goal_sheet
from scorecard.render.picture import Picture, draw_picture

if TYPE_CHECKING:
    from scorecard.compute.observations import Observations

HISTORY = CHARTED  # review periods that an edition goes back, where there are values


class What(StrEnum):
    """What an export may show, as `--what` names it."""

    MAP = "map"
    TABLE = "table"
    GOAL = "goal"
    REVIEW = "review"


@dataclass(frozen=True)
class Edition:
    """Everything that the writer of a format is told, and whom it tells how far it is.

    `what` is None for the whole of what a format has to show. `goal` narrows `What.GOAL` to one goal, `excerpt` the map.
    `before` is the period compared with, in the evaluation's span. `observations` and `today` (as in `date.toordinal`) are for the
    review: how fresh the figures are, what is overdue; `decided` are the open decisions of the review before, in words,
    `minutes` what this one noted and decided: headlines, each with its lines.
    `template` is a file of the reader's own to write into, `standing` what stands at the target now: formats that go on
    from it keep what was changed there by hand.
    """

    evaluation: Evaluation
    observations: Observations
    today: int
    what: What | None = None
    goal: str | None = None
    before: Period | None = None
    decided: Sequence[str] = ()
    template: bytes | None = None
    standing: bytes | None = None
    excerpt: Excerpt | None = None
    minutes: Sequence[tuple[str, Sequence[str]]] = ()
    hear: Hear = tell_nobody

    def shows(self, what: What) -> bool:
        """Whether a part belongs to it; the review only where it is asked for."""
        return self.what == what or (self.what is None and what != What.REVIEW)

    @cached_property
    def picture(self) -> Picture:
        """The neutral map, or a part of it, with changes where another period is compared with."""
        picture = draw_picture(self.evaluation, self.before)
        return self.excerpt.cut(picture) if self.excerpt else picture

    @cached_property
    def agenda(self) -> Agenda:
        """What the meeting should speak about."""
        return make_agenda(self.evaluation, self.observations, self.today, self.before)

    @property
    def goals_to_discuss(self) -> tuple[str, ...]:
        """The goals that need talk, in the order of the meeting: those that turned, with a warning, or that cost most."""
        return find_goals_to_discuss(self.evaluation, self.before)

    def sheet(self, goal: str) -> GoalSheet:
        """What is said of a goal. Raises KeyError for an unknown one."""
        return draw_goal_sheet(self.evaluation, goal, self.before)

    def sheets(self, goals: Sequence[str]) -> Iterator[GoalSheet]:
        """What is said of each goal, in their order."""
        for number, goal in enumerate(goals):
            self.hear("goals", number, len(goals))
            yield self.sheet(goal)
