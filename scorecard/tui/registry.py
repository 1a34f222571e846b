"""The screens of the review room: number key, id, title, what its tab counts, and its class, loaded when first opened."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from scorecard.tui.screens.view import View
    from scorecard.tui.session import Session


class Entry(NamedTuple):
    """A line of SCREENS. `counted` is what the tab shows behind the title, None for nothing; `view` is module and class."""

    key: str
    id: str
    title: str
    counted: Callable[[Session], int | None]
    view: str

    def load(self) -> type[View]:
        """The class; it brings the modules that the first frame does without."""
        module, _, name = self.view.partition(":")
        found: type[View] = getattr(import_module(f"scorecard.tui.screens.{module}"), name)
        return found


def _none(_: Session) -> None:
    return None


def _count_members(session: Session) -> int | None:
    return sum(len(dimension.members) for dimension in session.evaluation.strategy.dimensions.values()) or None


SCREENS = (
    Entry("1", "map", "Map", lambda session: len(session.evaluation.strategy.goals), "map:MapView"),
    Entry(
        "2", "scorecard", "Scorecard", lambda session: len(session.evaluation.strategy.kpis), "scorecard:ScorecardView"
    ),
    Entry("3", "detail", "Detail", _none, "detail:DetailView"),
    Entry("8", "members", "Members", _count_members, "members:MembersView"),
)
