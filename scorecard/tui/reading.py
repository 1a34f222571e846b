"""The reading of the path beside the event loop: once after the first frame, and again when its files have changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from scorecard.model.limits import Limits
from scorecard.tui.registry import SCREENS
from scorecard.tui.watch import Signature, sign_files

if TYPE_CHECKING:
    from scorecard.tui.app import ReviewApp
    from scorecard.tui.session import Opened


class Reading:
    """Hands what it reads to `begin` and `renew` of the app, on the event loop; what cannot be read to `fail`.

    `doing` says in a few words what is being done.
    """

    def __init__(self, app: ReviewApp, limits: Limits) -> None:
        self.doing = f"reading {app.path}"
        self._app = app
        self._limits = limits
        self._seen: Signature = sign_files(app.path)
        self._read: Signature = self._seen
        self._busy = False

    def start(self, period: str | None, where: Mapping[str, str], screen_id: str) -> None:
        """Read and evaluate the path, and load the screen that is shown first."""
        self._busy = True
        self._run(lambda: self._open(period, where, screen_id))

    def check(self, opened: Opened) -> None:
        """Check the method of the first reading."""
        self._run(lambda: self._check(opened))

    def watch(self) -> None:
        """Look at the files, unless the last look is still on its way."""
        if not self._busy:
            self._busy = True
            self._run(self._look)

    def forget(self) -> None:
        """Read everything anew at the next look."""
        self._read = ()

    def _run(self, work: Callable[[], None]) -> None:
        self._app.run_worker(work, thread=True, exit_on_error=False)

    def _open(self, period: str | None, where: Mapping[str, str], screen_id: str) -> None:
        app = self._app
        try:
            from scorecard.compute.histories import has_dimensions, list_slices
            from scorecard.tui.session import open_path

            opened = open_path(app.path, date.today().toordinal(), self._limits, method=False, hear=self._hear)
            for scorecard in opened.scorecards.values():
                if period:
                    scorecard.read_period(period)
            having = [one for one in opened.scorecards.values() if has_dimensions(one.strategy, where)]
            for one in having or opened.scorecards.values():
                list_slices(one.strategy, one.observations, where)
            for entry in SCREENS:
                if entry.id in (SCREENS[0].id, screen_id):
                    entry.load()
        except Exception as error:  # said where the app was started from
            app.call_from_thread(app.fail, error)
        else:
            app.call_from_thread(app.begin, opened)

    def _hear(self, doing: str) -> None:
        self.doing = doing

    def _check(self, opened: Opened) -> None:
        try:
            checked = opened.check()
            self._app.call_from_thread(self._app._renew, checked, "", self._app.shell.session.foresee(checked))
        finally:
            self._busy = False

    def _look(self) -> None:
        """Read the files when they have changed and have been still since the last look."""
        try:
            now = sign_files(self._app.path)
            settled, self._seen = now == self._seen, now
            if settled and now != self._read:
                self._read = now
                self._take_up()
        finally:
            self._busy = False

    def _take_up(self) -> None:
        """Read everything, then hand it to the screens."""
        from scorecard.api import StrategyError
        from scorecard.tui.session import describe_trouble, open_path

        app = self._app
        assert app.opened, "files are watched once they were read"
        try:
            opened, trouble = open_path(app.path, date.today().toordinal(), self._limits), ""
        except StrategyError as error:
            opened, trouble = replace(app.opened, broken=error.findings), describe_trouble(error.findings)
        except ValueError as error:
            opened, trouble = replace(app.opened, broken=()), f"The last change cannot be computed: {error}"
        app.call_from_thread(app._renew, opened, trouble, app.shell.session.foresee(opened))
