"""The reading of the path beside the event loop: once after the first frame, and again when its files have changed."""

from __future__ import annotations

import os
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
    from scorecard.api import StrategyError
    from scorecard.compute.evaluation import Evaluation
    from scorecard.tui.app import ReviewApp
    from scorecard.tui.session import Opened


class Reading:
    """Hands what it reads to `begin` and `renew` of the app, on the event loop; errors that can be mended there to
    `wait_for_mending`, and any other reason why the path cannot be opened to `fail`."""

    def __init__(self, app: ReviewApp, limits: Limits) -> None:
        self._app = app
        self._limits = limits
        self._seen: Signature = sign_files(app.path)
        self._read: Signature = self._seen
        self._busy = False
        self._wanted: tuple[str | None, Mapping[str, str], str] = None, {}, ""  # period, members and screen

    def start(self, period: str | None, where: Mapping[str, str], screen_id: str) -> None:
        """Read and evaluate the path, and load the screen that is shown first."""
        self._busy = True
        self._wanted = period, where, screen_id
        self._run(self._open)

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

    def _open(self) -> None:
        """Read for the first time, which the check of the method follows; what has errors is read anew when it has changed."""
        app, (period, where, screen_id) = self._app, self._wanted
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
        except Exception as error:
            if mendable := _find_mendable(error, bool(app.broken)):
                app.call_from_thread(app.wait_for_mending, mendable)
                self._busy = False
            else:  # said where the app was started from
                app.call_from_thread(app.fail, error)
        else:
            app.call_from_thread(app.begin, opened)

    def _check(self, opened: Opened) -> None:
        try:
            with working(self._app, "checking the method"):
                checked = opened.check()
                foreseen = self._app.shell.session.foresee(checked)
            self._app.call_from_thread(self._app._renew, checked, self._app.trouble, foreseen)
        finally:
            self._busy = False

    def _look(self) -> None:
        """Read the files when they have changed and have been still since the last look."""
        now = sign_files(self._app.path)
        settled, self._seen = now == self._seen, now
        if not settled or now == self._read:
            self._busy = False
            return
        self._read = now
        if self._app.opened is None:
            self._open()
        else:
            self._read_again()

    def _read_again(self) -> None:
        try:
            with working(self._app, f"reading {self._app.path}") as hear:
                read = self._take_up(hear)
            self._app.call_from_thread(self._app._renew, *read)
        finally:
            self._busy = False

    def _take_up(self, hear: Hear) -> tuple[Opened, str, Evaluation | None]:
        """Read everything: what the screens are shown of it, what is wrong with it, and what was foreseen of it."""
        from scorecard.api import StrategyError
        from scorecard.tui.session import open_path
        from scorecard.tui.trouble import add_lost, describe_left_out, describe_trouble, find_unread

        app = self._app
        assert app.opened, "files are watched once they were read"
        try:
            opened = open_path(app.path, date.today().toordinal(), self._limits, hear=hear, shown=app.evaluations)
            if unread := find_unread(opened, app.opened):
                raise StrategyError(unread)
            trouble = describe_left_out(opened.left_out)
        except StrategyError as error:
            found = add_lost(app.opened, app.path, error.findings)
            opened, trouble = replace(app.opened, broken=found), describe_trouble(found)
        except ValueError as error:
            opened, trouble = replace(app.opened, broken=()), f"The last change cannot be computed: {error}"
        return opened, trouble, app.shell.session.foresee(opened)


def _find_mendable(error: Exception, again: bool) -> StrategyError | None:
    """Errors that stand in files, where an editor mends them; also those of a path that is gone, where there were such before."""
    from scorecard.api import StrategyError

    if not isinstance(error, StrategyError):
        return None
    return error if again or any(os.path.isfile(one.place.file) for one in error.findings) else None
