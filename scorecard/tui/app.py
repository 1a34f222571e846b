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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import work
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.screen import Screen

from scorecard.model.limits import LIMITS, Limits
from scorecard.tui.config import Config
from scorecard.tui.keys import bind
from scorecard.tui.memory import Seat, only_recall, recall_seat, remember_seat
from scorecard.tui.registry import SCREENS
from scorecard.tui.shell import Shell
from scorecard.tui.text import literal
from scorecard.tui.themes import THEMES, fallback_colours
from scorecard.tui.watch import Signature, sign_files

if TYPE_CHECKING:
    from textual.command import Provider

    from scorecard.compute.evaluation import Evaluation
    from scorecard.tui.session import Opened, Session

_MOST_NOTICES = 3  # toasts at the start
_PATIENCE = 10.0  # seconds that the app may take to end
_WATCH = 0.25  # seconds between two looks at the files; a change is read when it has been still for one of them


def _load_commands() -> type[Provider]:
    from scorecard.tui.commands import Commands

    return Commands


class ReviewApp(App[None]):
    """Reads the path after the first frame, or shows what is handed over as `opened`.

    `failure` is why the path could not be opened, None where it could; `trouble` says in a few words why the last change
    could not be read, "" where it could. With `present` it opens on the review, as large as it goes. With `read_only`
    nothing is written to disk: what would begins with `may_write`. It begins where the last session on this path ended,
    with its `seat`, and says the `notices` and what is wrong with the `config`.
    """

    TITLE = "scorecard"
    COMMANDS = App.COMMANDS | {_load_commands}
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("theme", "theme", "Theme", show=False),
        bind("reload", "reload", "Reload", show=False),
        bind("help", "show_help_panel", "Help", key_display="?"),
        bind("quit", "quit", "Quit"),
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
        read_only: bool = False,
        config: Config | None = None,
        seat: Seat | None = None,
        notices: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self.path = path
        self.present = present
        self.read_only = read_only
        only_recall(read_only)
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
        self.config = config = config or Config()
        self._seat = seat = seat or Seat()
        self.themes = (*THEMES, *config.themes)
        for one in self.themes:
            self.register_theme(one)
        self._notices = (*notices, *config.faults)
        usual = seat.theme if seat.theme in self.available_themes else f"scorecard-{config.theme or 'dark'}"
        self.theme = self._first_theme = f"scorecard-{theme}" if theme else usual

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours for themes that do not have ours, such as Textual's own."""
        return fallback_colours(self.current_theme.dark)

    def get_default_screen(self) -> Screen[None]:
        return self.shell

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Textual's own; the rest of the palette is in `Commands`. A screenshot would be a file."""
        left_out = {"Keys", "Maximize", *(["Screenshot"] if self.read_only or self.is_web else [])}
        yield from (one for one in super().get_system_commands(screen) if one.title not in left_out)

    @property
    def evaluations(self) -> dict[str, Evaluation]:
        return self._opened.evaluations if self._opened else {}

    def on_mount(self) -> None:
        self.set_keymap(self.config.keys)
        self.call_after_refresh(self._say_notices)
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

    def take_seat(self) -> Seat:
        """Where this session ends, for the next one; where nothing was read, it is as if it had not been."""
        theme = self._seat.theme if self.theme == self._first_theme else self.theme
        if self.shell.view is None:
            return self._seat._replace(theme=theme)
        session = self.shell.session
        return Seat(os.path.abspath(self.path), session.strategy, self.shell.open_id, session.goal or "", theme)

    def _resume(self) -> None:
        """Show the strategy, screen and goal that the last session on this path ended with, if they are still there."""
        seat = self._seat if self._seat.path == os.path.abspath(self.path) else Seat()
        session = self.find_session(seat.strategy if seat.strategy in self.evaluations else "")
        assert session, "the path was read"
        if session.strategy == seat.strategy and seat.goal in session.evaluation.strategy.goals:
            session.goal = seat.goal
        self.shell.begin(session, seat.screen if any(entry.id == seat.screen for entry in SCREENS) else SCREENS[0].id)
        self._present()

    def _say_notices(self) -> None:
        """What is to be known at the start; of many the first, the others stand under Problems."""
        for text in self._notices[:_MOST_NOTICES]:
            self.tell(text, "warning")
        if len(self._notices) > _MOST_NOTICES:
            self.tell("There is more to say of the config: see the screen Problems.", "warning")

    def _present(self) -> None:
        if self.present:
            self.shell.action_open("review")

    def tell(self, text: str, severity: Literal["information", "warning", "error"] = "information") -> None:
        """A toast."""
        self.notify(literal(text).plain, severity=severity, markup=False)

    def may_write(self) -> bool:
        """Whether this session may write anything; says so where it only looks."""
        if self.read_only:
            self.tell("This session only looks: nothing is written.", "warning")
        return not self.read_only

    def action_list(self) -> None:
        """The strategies of the workspace, where there are several."""
        if len(self.evaluations) > 1:
            from scorecard.tui.screens.strategies import StrategiesScreen

            self.push_screen(StrategiesScreen())

    def action_theme(self) -> None:
        """The next of the themes."""
        names = [theme.name for theme in self.themes]
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
            for entry in SCREENS:
                if entry.id in (SCREENS[0].id, self._seat.screen):
                    entry.load()
        except Exception as error:  # said where the app was started from
            self.failure = error
            self.call_from_thread(self.exit, return_code=1)
        else:
            self.call_from_thread(self._begin, opened)

    def _begin(self, opened: Opened) -> None:
        """Show the first reading; the method is checked once its map is up."""
        self._opened = opened
        self._resume()
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
            checked = opened.check()
            self.call_from_thread(self._renew, checked, "", self.shell.session.foresee(checked))
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
        self.call_from_thread(self._renew, opened, trouble, self.shell.session.foresee(opened))

    def _renew(self, opened: Opened, trouble: str, sliced: Evaluation | None = None) -> None:
        """Show another reading, with what was foreseen of it."""
        from scorecard.tui.screens.strategies import StrategiesScreen

        self.trouble = trouble
        gc.freeze()
        self._opened = opened
        self.shell.session.renew(opened, sliced)
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
    read_only: bool = False,
    config: Config | None = None,
    notices: Sequence[str] = (),
) -> None:
    """Open the app on a path, on some members with `where`; with `read_only` it writes nothing.

    Raises StrategyError where it cannot be computed, ValueError for a wrong period, UnknownMember for a wrong member.

    Both are raised after the app has closed. Where there is no terminal nothing is drawn.
    """
    # Whoever only looks, and a visitor in a browser, begins anew and leaves nothing.
    alone = not read_only and "TEXTUAL_DRIVER" not in os.environ
    seat = recall_seat() if alone else None
    app = ReviewApp(path, None, period, theme, limits, present, where, read_only, config, seat, notices)
    app.run(headless=not (_is_terminal() or os.environ.get("TEXTUAL_DRIVER")))
    if app.failure:
        raise app.failure
    if alone:
        remember_seat(app.take_seat())


def _is_terminal() -> bool:
    return sys.__stdin__ is not None and sys.__stdin__.isatty()
