"""The layout of a large map beside the event loop: in a thread, one map at a time, the last one asked for."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from threading import Thread
from typing import NamedTuple

from textual.app import App

from scorecard.render.layout import Layout, arrange
from scorecard.render.picture import Picture
from scorecard.tui.text import wrap
from scorecard.tui.work import working

MOST_LINKS = 6_000  # that are drawn: a map with more shows its goals alone


class Wanted(NamedTuple):
    """A map to lay out: all that decides its shape, and the columns and rows it has."""

    picture: Picture
    shape: tuple[object, ...]
    columns: int
    rows: int

    def arrange(self) -> Layout:
        """The layout; links that nobody could follow, and that would take minutes, are left out."""
        drawn = self.picture if len(self.picture.arrows) <= MOST_LINKS else replace(self.picture, arrows=())
        return arrange(drawn, self.columns, self.rows, wrap)


class Arranger:
    """Lays out what is wanted and hands it to `take`, on the event loop; what is no longer wanted by then is dropped."""

    def __init__(self, take: Callable[[Wanted, Layout], None]) -> None:
        self.wanted: Wanted | None = None
        self._take = take
        self._busy = False

    def begin(self, wanted: Wanted, app: App[None]) -> None:
        self.wanted = wanted
        if not self._busy:
            self._busy = True
            Thread(target=self._run, args=(wanted, app), daemon=True).start()  # the end of the app does not wait for it

    def drop(self) -> None:
        """Nothing is wanted any more."""
        self.wanted = None

    def _run(self, wanted: Wanted, app: App[None]) -> None:
        with working(app, f"laying out {len(wanted.picture.boxes):,} goals"):
            layout = wanted.arrange()
        with suppress(RuntimeError):  # the app has ended
            app.call_from_thread(self._finish, wanted, layout, app)

    def _finish(self, wanted: Wanted, layout: Layout, app: App[None]) -> None:
        self._busy = False
        if wanted is self.wanted:
            self.wanted = None
            self._take(wanted, layout)
        elif self.wanted:
            self.begin(self.wanted, app)
