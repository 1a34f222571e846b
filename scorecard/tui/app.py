"""The review room: the app around the screens, and the live reading of the files."""

from __future__ import annotations

import asyncio
import gc
import signal
from datetime import date
from typing import ClassVar

from textual import work
from textual.app import App
from textual.binding import Binding, BindingType

from scorecard.api import StrategyError
from scorecard.compute.evaluation import Evaluation
from scorecard.model.finding import Finding
from scorecard.model.limits import LIMITS, Limits
from scorecard.tui.screens.map import MapScreen
from scorecard.tui.screens.strategies import StrategiesScreen
from scorecard.tui.session import Opened, Signature, at_period, count_problems, open_path, sign_files
from scorecard.tui.themes import THEMES, fallback_colours

_WATCH = 0.25  # seconds between two looks at the files; a change is read when it has been still for one of them


class ReviewApp(App[None]):
    """Opens what was read. `trouble` says in a few words why the last change could not be read, "" where it could."""

    TITLE = "scorecard"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "theme", "Theme"),
        Binding("r", "reload", "Reload", show=False),
        Binding("question_mark", "show_help_panel", "Keys", key_display="?"),
        Binding("q", "quit", "Quit"),
    ]

    def __init__(
        self, path: str, opened: Opened, period: str | None = None, theme: str | None = None, limits: Limits = LIMITS
    ) -> None:
        super().__init__()
        self.path = path
        self.trouble = ""
        self._opened = opened
        self._period = period
        self._limits = limits
        self._seen: Signature = sign_files(path)
        self._read: Signature = self._seen
        self._looking = False
        for one in THEMES:
            self.register_theme(one)
        self.theme = f"scorecard-{theme or 'dark'}"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours for themes that do not have ours, such as Textual's own."""
        return fallback_colours(self.current_theme.dark)

    @property
    def evaluations(self) -> dict[str, Evaluation]:
        return self._opened.evaluations

    @property
    def problems(self) -> int:
        """Errors and warnings of the last reading that could be computed."""
        return count_problems(self._opened)

    def on_mount(self) -> None:
        for name in (signal.SIGTERM, signal.SIGHUP):  # give the terminal back as it was
            asyncio.get_running_loop().add_signal_handler(name, self.exit)
        gc.freeze()  # what was loaded stays: the collector need not look at it at every key
        if len(self.evaluations) > 1:
            self.push_screen(StrategiesScreen())
        else:
            self.enter(next(iter(self.evaluations)))
        self.set_interval(_WATCH, self._watch)

    def enter(self, strategy: str) -> None:
        """Show the map of one strategy."""
        evaluation = self.evaluations[strategy]
        if self._period:
            evaluation = at_period(evaluation, self._opened.scorecards[strategy].read_period(self._period))
        self.push_screen(MapScreen(evaluation))

    def action_list(self) -> None:
        """Back to the strategies of the workspace, where there are several."""
        if len(self.evaluations) > 1 and isinstance(self.screen, MapScreen):
            self.pop_screen()

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

    def _take_up(self) -> None:
        """In a thread: read everything, then hand it to the screens."""
        try:
            opened, trouble = open_path(self.path, date.today().toordinal(), self._limits), ""
        except StrategyError as error:
            opened, trouble = None, describe_trouble(error.findings)
        except ValueError as error:
            opened, trouble = None, f"The last change cannot be computed: {error}"
        self.call_from_thread(self._renew, opened, trouble)

    def _renew(self, opened: Opened | None, trouble: str) -> None:
        self.trouble = trouble
        gc.freeze()
        if opened is not None:
            self._opened = opened
        for screen in self.screen_stack:
            if isinstance(screen, StrategiesScreen):
                screen.renew()
            elif isinstance(screen, MapScreen):
                name = screen.evaluation.strategy.id
                screen.renew(self.evaluations.get(name) if opened is not None else None)


def run(path: str, period: str | None = None, theme: str | None = None, limits: Limits = LIMITS) -> None:
    """Open the app on a path. Raises StrategyError where it cannot be computed, ValueError for a wrong period."""
    opened = open_path(path, date.today().toordinal(), limits)
    if period:
        for scorecard in opened.scorecards.values():
            scorecard.read_period(period)
    ReviewApp(path, opened, period, theme, limits).run()


def describe_trouble(findings: tuple[Finding, ...]) -> str:
    """A banner: how many errors, and where the first one stands."""
    count, first = len(findings), findings[0]
    rest = f" and {count - 1} more" if count > 1 else ""
    return f"The last change has errors; this is the map before it. {first.place}: {first.message}{rest}. {first.hint}"
