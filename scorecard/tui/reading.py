"""The reading of the path beside the event loop: once after the first frame, and again when its files have changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from scorecard.model.limits import Limits
from scorecard.model.progress import Hear
from scorecard.tui.registry import SCREENS
from scorecard.tui.watch import Signature, sign_files
from scorecard.tui.work import working

if TYPE_CHECKING:
    from scorecard.compute.evaluation import Evaluation
    from scorecard.tui.app import ReviewApp
    from scorecard.tui.session import Opened


class Reading:
    """Hands what it reads to `begin` and `renew` of the app, on the event loop; what cannot be read to `fail`."""

    def __init__(self, app: ReviewApp, limits: Limits) -> None:
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

            with working(app, f"reading {app.path}") as hear:
                opened = open_path(app.path, date.today().toordinal(), self._limits, method=False, hear=hear)
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

    def _check(self, opened: Opened) -> None:
        try:
            with working(self._app, "checking the method"):
                checked = opened.check()
                foreseen = self._app.shell.session.foresee(checked)
            self._app.call_from_thread(self._app._renew, checked, "", foreseen)
        finally:
            self._busy = False

    def _look(self) -> None:
        """Read the files when they have changed and have been still since the last look."""
        try:
            now = sign_files(self._app.path)
            settled, self._seen = now == self._seen, now
            if settled and now != self._read:
                self._read = now
                with working(self._app, f"reading {self._app.path}") as hear:
                    read = self._take_up(hear)
                self._app.call_from_thread(self._app._renew, *read)
        finally:
            self._busy = False

    def _take_up(self, hear: Hear) -> tuple[Opened, str, Evaluation | None]:
        """Read everything: what the screens are shown of it, what is wrong with it, and what was foreseen of it."""
        from scorecard.api import StrategyError
        from scorecard.tui.session import describe_trouble, open_path

        app = self._app
        assert app.opened, "files are watched once they were read"
        try:
            opened, trouble = open_path(app.path, date.today().toordinal(), self._limits, hear=hear), ""
        except StrategyError as error:
            opened, trouble = replace(app.opened, broken=error.findings), describe_trouble(error.findings)
        except ValueError as error:
            opened, trouble = replace(app.opened, broken=()), f"The last change cannot be computed: {error}"
        return opened, trouble, app.shell.session.foresee(opened)
