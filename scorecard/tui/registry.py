"""The screens of the review room: number key, id, title, what its tab counts, and its class, loaded when first opened.

A tab counts what needs attention, and nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from scorecard.tui.screens.view import View
    from scorecard.tui.session import Session


class Entry(NamedTuple):
    """A line of SCREENS. `counted` is what the tab shows behind the title, None for nothing; `view` is module and class.

    `short` stands on the tab where the title has no room; `counts` says in the help what the number there is, "" where none is.
    """

    key: str
    id: str
    title: str
    counted: Callable[[Session], int | None]
    view: str
    short: str = ""
    counts: str = ""

    def load(self) -> type[View]:
        """The class; it brings the modules that the first frame does without."""
        module, _, name = self.view.partition(":")
        found: type[View] = getattr(import_module(f"scorecard.tui.screens.{module}"), name)
        return found


def _none(_: Session) -> None:
    return None


def _count_goals(session: Session) -> int | None:
    from scorecard.tui.attention import count_attention

    return count_attention(session).goals or None


def _count_kpis(session: Session) -> int | None:
    from scorecard.tui.attention import count_attention

    return count_attention(session).kpis or None


def _count_changes(session: Session) -> int | None:
    return len(session.scenario.changes) or None


def _count_initiatives(session: Session) -> int | None:
    from scorecard.tui.initiative_cells import count_overdue

    return count_overdue(session) or None


def _count_problems(session: Session) -> int | None:
    from scorecard.tui.session import count_problems

    return count_problems(session) or None


def _count_items(session: Session) -> int | None:
    meeting = sys.modules.get(
        "scorecard.tui.meeting"
    )  # loaded with the first review: before, there is nothing to count
    left: int | None = meeting.count_left(session) if meeting else None
    return left or None


_CALLING = "goals that are red, or green above weak drivers, or whose guardrail is breached"
SCREENS = (
    Entry("1", "map", "Map", _count_goals, "map:MapView", counts=_CALLING),
    Entry("2", "scorecard", "Scorecard", _count_kpis, "scorecard:ScorecardView", "Score", "KPIs that are red"),
    Entry("3", "detail", "Detail", _none, "detail:DetailView"),
    Entry("4", "what_if", "What if", _count_changes, "what_if:WhatIfView", counts="changes in the scenario"),
    Entry(
        "5", "initiatives", "Initiatives", _count_initiatives, "initiatives:InitiativesView", "Init.", "overdue ones"
    ),
    Entry("6", "problems", "Problems", _count_problems, "problems:ProblemsView", counts="errors and warnings"),
    Entry("7", "review", "Review", _count_items, "review:ReviewView", counts="items of the agenda not seen yet"),
    Entry("8", "members", "Members", _none, "members:MembersView"),
)
