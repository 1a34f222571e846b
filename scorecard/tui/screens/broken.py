"""What stands in place of all screens while a path has errors: each with its place, and the editor there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scorecard.model.finding import Finding, Place
from scorecard.tui.problem_words import shorten_from, sort_problems
from scorecard.tui.screens.problems import ProblemsView
from scorecard.tui.sheets import Write
from scorecard.tui.trouble import describe_broken
from scorecard.tui.widgets.tab_bar import TabBar


class BrokenView(ProblemsView):
    """The problems without a session: nothing was read yet. The files are watched; once they are mended, the map opens."""

    def list_found(self) -> Sequence[Finding]:
        return sort_problems(self.shell.review.broken)

    def shorten(self, place: Place) -> str:
        return shorten_from(self.shell.path, place)

    def list_late(self) -> Sequence[Finding]:
        return ()

    def show(self) -> None:
        super().show()
        errors = self.shell.review.broken
        self.shell.query_one(TabBar).show(self.shell.open_id, {self.shell.open_id: len(errors)})
        self.shell.show_trouble(describe_broken(errors))

    def idle(self) -> Iterator[str]:
        """All that is about a scorecard."""
        yield from ("open_map", "previous_period", "record", "problems.filter")
        if not self._can_edit:
            yield "open"

    def action_record(self) -> None:
        self.shell.has_session()

    def action_filter(self) -> None:
        """All of them are errors."""

    def tables(self) -> Mapping[str, Write]:
        return {}
