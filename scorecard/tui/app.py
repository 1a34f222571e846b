"""The review room: the app around the shell, which draws first and then reads, and the live reading of the files.

Only Textual is loaded before the first frame; what reads and computes comes in a thread after it.
"""

from __future__ import annotations

import asyncio
import gc
import os
import select
import signal
import sys
import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from scorecard.model.limits import LIMITS, Limits
from scorecard.tui.registry import SCREENS
from scorecard.tui.shell import Shell
from scorecard.tui.text import literal
from scorecard.tui.themes import THEMES, fallback_colours
from scorecard.tui.watch import Signature, sign_files

if TYPE_CHECKING:
    from textual.command import Provider

    from scorecard.compute.evaluation import Evaluation
    from scorecard.tui.session import Opened, Session

_PATIENCE = 10.0  # seconds that the app may take to end
_WATCH = 0.25  # seconds between two looks at the files; a change is read when it has been still for one of them


def _load_commands() -> type[Provider]:
    from scorecard.tui.commands import Commands

    return Commands


class ReviewApp(App[None]):
    """Reads the path after the first frame, or shows what is handed over as `opened`.

    `failure` is why the path could not be opened, None where it could; `trouble` says in a few words why the last change
    could not be read, "" where it could. With `present` it opens on the review, as large as it goes.
    """

    TITLE = "scorecard"
    COMMANDS = App.COMMANDS | {_load_commands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "theme", "Theme", show=False),
        Binding("r", "reload", "Reload", show=False),
        Binding("question_mark", "show_help_panel", "Help", key_display="?"),
        Binding("q", "quit", "Quit"),
    ]

    def __init__(
        self,
        path: str,
        opened: Opened | None = None,
        period: str | None = None,
        theme: str | None = None,
        limits: Limits = LIMITS,
        present: bool = False,
        where: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        self.path = path
        self.present = present
        self.failure: Exception | None = None
        self.trouble = ""
        self.shell = Shell(path)
        self._opened = opened
        self._period = period
        self._where = where or {}
        self._limits = limits
        self._seen: Signature = sign_files(path)
        self._read: Signature = self._seen
        self._looking = False
        self._reading = False
        for one in THEMES:
            self.register_theme(one)
        self.theme = f"scorecard-{theme or 'dark'}"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours for themes that do not have ours, such as Textual's own."""
        return fallback_colours(self.current_theme.dark)

    def get_default_screen(self) -> Screen[None]:
        return self.shell

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Textual's own; the rest of the palette is in `Commands`."""
        yield from (one for one in super().get_system_commands(screen) if one.title not in ("Keys", "Maximize"))

    @property
    def evaluations(self) -> dict[str, Evaluation]:
        return self._opened.evaluations if self._opened else {}

    def on_mount(self) -> None:
        for name in (signal.SIGTERM, signal.SIGHUP):  # give the terminal back as it was
            asyncio.get_running_loop().add_signal_handler(name, self._end)
        if _is_terminal():
            self.set_interval(_WATCH, self._end_without_terminal)
        if self._opened is not None:
            self._settle()
            self.call_after_refresh(self._present)

    def post_display_hook(self) -> None:
        """Textual has drawn: once that is the first frame, the path is read."""
        if not self._reading and self._opened is None and self.shell.is_drawn:
            self._reading = True
            self._open_path()

    def find_session(self, strategy: str = "") -> Session | None:
        """A session on a strategy, the first one unless named; None while the path is read."""
        if self._opened is None:
            return None
        from scorecard.compute.histories import has_dimensions
        from scorecard.tui.session import Session

        session = Session(self._opened, strategy or next(iter(self._opened.evaluations)), self._period)
        if self._where and has_dimensions(session.evaluation.strategy, self._where):
            session.slice(self._where)
        return session

    def enter(self, strategy: str) -> None:
        """Show one strategy."""
        if session := self.find_session(strategy):
            self.shell.begin(session)
            self._present()

    def _present(self) -> None:
        if self.present:
            self.shell.action_open("review")

    def tell(self, text: str, severity: Literal["information", "warning", "error"] = "information") -> None:
        """A toast."""
        self.notify(literal(text).plain, severity=severity, markup=False)

    def action_list(self) -> None:
        """The strategies of the workspace, where there are several."""
        if len(self.evaluations) > 1:
            from scorecard.tui.screens.strategies import StrategiesScreen

            self.push_screen(StrategiesScreen())

    def action_theme(self) -> None:
        """The next of the themes."""
        names = [theme.name for theme in THEMES]
        at = names.index(self.theme) if self.theme in names else -1
        self.theme = names[(at + 1) % len(names)]

    def action_reload(self) -> None:
        """Read the files anew at the next look."""
        self._read = ()

    def action_show_help_panel(self) -> None:
        """Show the keys, or put them away."""
        if self.screen.query("HelpPanel"):
            self.action_hide_help_panel()
        else:
            super().action_show_help_panel()

    @work(thread=True, exit_on_error=False)
    def _open_path(self) -> None:
        """In a thread, after the first frame: read and evaluate the path, and load the first screen."""
        try:
            from scorecard.compute.histories import has_dimensions, list_slices
            from scorecard.tui.session import open_path

            opened = open_path(self.path, date.today().toordinal(), self._limits, method=False)
            for scorecard in opened.scorecards.values():
                if self._period:
                    scorecard.read_period(self._period)
            having = [one for one in opened.scorecards.values() if has_dimensions(one.strategy, self._where)]
            for one in having or opened.scorecards.values():
                list_slices(one.strategy, one.observations, self._where)
            SCREENS[0].load()
        except Exception as error:  # said where the app was started from
            self.failure = error
            self.call_from_thread(self.exit, return_code=1)
        else:
            self.call_from_thread(self._begin, opened)

    def _begin(self, opened: Opened) -> None:
        """Show the first reading; the method is checked once its map is up."""
        self._opened = opened
        self.enter("")
        self._looking = True
        self._settle()
        self.call_after_refresh(self._check, opened)

    def _settle(self) -> None:
        """From now on the files are watched."""
        gc.freeze()  # what was loaded stays: the collector need not look at it at every key
        self.action_list()
        self.set_interval(_WATCH, self._watch)

    def _end_without_terminal(self) -> None:
        """A terminal that is gone sends no keys any more, and not always a signal."""
        terminal = select.poll()
        terminal.register(sys.__stdin__.fileno(), select.POLLHUP)  # type: ignore[union-attr]
        if terminal.poll(0):
            self._end()

    def _end(self) -> None:
        """End from outside; also where Textual waits for a terminal that takes nothing any more."""
        last = threading.Timer(_PATIENCE, os._exit, (0,))
        last.daemon = True
        last.start()
        self.exit()

    def _watch(self) -> None:
        """Look at the files, unless the last look is still on its way."""
        if not self._looking:
            self._looking = True
            self._look()

    @work(thread=True, exit_on_error=False)
    def _look(self) -> None:
        """Read the files when they have changed and have been still since the last look."""
        try:
            now = sign_files(self.path)
            settled, self._seen = now == self._seen, now
            if settled and now != self._read:
                self._read = now
                self._take_up()
        finally:
            self._looking = False

    @work(thread=True, exit_on_error=False)
    def _check(self, opened: Opened) -> None:
        """In a thread: what the method says of the first reading."""
        try:
            self.call_from_thread(self._renew, opened.check(), "")
        finally:
            self._looking = False

    def _take_up(self) -> None:
        """In a thread: read everything, then hand it to the screens."""
        from scorecard.api import StrategyError
        from scorecard.tui.session import describe_trouble, open_path

        assert self._opened, "files are watched once they were read"
        try:
            opened, trouble = open_path(self.path, date.today().toordinal(), self._limits), ""
        except StrategyError as error:
            opened, trouble = replace(self._opened, broken=error.findings), describe_trouble(error.findings)
        except ValueError as error:
            opened, trouble = replace(self._opened, broken=()), f"The last change cannot be computed: {error}"
        self.call_from_thread(self._renew, opened, trouble)

    def _renew(self, opened: Opened, trouble: str) -> None:
        from scorecard.tui.screens.strategies import StrategiesScreen

        self.trouble = trouble
        gc.freeze()
        self._opened = opened
        self.shell.session.renew(opened)
        self.shell.show()
        self.shell.show_trouble(trouble)
        for screen in self.screen_stack:
            if isinstance(screen, StrategiesScreen):
                screen.renew()


def run(
    path: str,
    period: str | None = None,
    theme: str | None = None,
    limits: Limits = LIMITS,
    present: bool = False,
    where: Mapping[str, str] | None = None,
) -> None:
    """Open the app on a path, on some members with `where`.

    Raises StrategyError where it cannot be computed, ValueError for a wrong period, UnknownMember for a wrong member.

    Both are raised after the app has closed. Where there is no terminal nothing is drawn.
    """
    app = ReviewApp(path, None, period, theme, limits, present, where)
    app.run(headless=not (_is_terminal() or os.environ.get("TEXTUAL_DRIVER")))
    if app.failure:
        raise app.failure


def _is_terminal() -> bool:
    return sys.__stdin__ is not None and sys.__stdin__.isatty()
