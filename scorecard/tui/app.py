"""The review room: the app around the shell, which draws first and then reads, and the live reading of the files.

Only Textual is loaded before the first frame; what reads and computes comes in a thread after it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.screen import Screen

from scorecard.model.limits import LIMITS, Limits
from scorecard.tui.collector import Collector
from scorecard.tui.config import Config
from scorecard.tui.ending import end_when_told
from scorecard.tui.keys import KEYS, bind, split_keys
from scorecard.tui.memory import Seat, only_recall
from scorecard.tui.notices import Severity, shorten_paths, show_notice
from scorecard.tui.reading import Reading
from scorecard.tui.registry import SCREENS
from scorecard.tui.shell import Shell
from scorecard.tui.text import literal
from scorecard.tui.themes import THEMES, fallback_colours

if TYPE_CHECKING:
    from textual.command import Provider

    from scorecard.analysis.scenario import Scenario
    from scorecard.api import StrategyError
    from scorecard.compute.evaluation import Evaluation
    from scorecard.model.finding import Finding
    from scorecard.parser.scenario_file import ScenarioFile
    from scorecard.tui.session import Opened, Session

_MOST_NOTICES = 3  # toasts at the start
_QUIET = 1.0  # seconds without a key after which garbage is collected, at least
_WATCH = 0.25  # seconds between two looks at the files; a change is read when it has been still for one of them


def _load_commands() -> type[Provider]:
    from scorecard.tui.commands import Commands

    return Commands


class ReviewApp(App[None]):
    """Reads the path after the first frame, or shows what is handed over as `opened`.

    `failure` is why the path could not be opened, None where it could; `broken` are the errors in its files that have to be
    mended first, and are shown until they are. `trouble` says in a few words why the last change could not be read, ""
    where it could. With `present` it opens on the review, as large as it goes. With `read_only` nothing is written to disk:
    what would begins with `may_write`. It begins where the last session on this path ended, with its `seat`, and says the
    `notices` and what is wrong with the `config`.
    """

    TITLE = "scorecard"
    CSS: ClassVar[str] = """
    ToastRack { margin-bottom: 2; }
    Toast { width: auto; max-width: 60; padding: 0 1; margin-top: 0; }
    Input > .input--placeholder, Input > .input--suggestion { color: $quiet; }
    Input:focus { background-tint: transparent; }
    """
    COMMANDS = {_load_commands}  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("theme", "theme", "The next theme", show=False),
        bind("reload", "reload", "Read all files anew", show=False),
        bind("find", "find", "Find", about="Find what the screen lists, goals, KPIs and initiatives"),
        bind("help", "show_help_panel", "Help", key_display="?", about="This help"),
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
        self.tried: dict[str, tuple[Scenario, ScenarioFile | None]] = {}  # of strategies that were left, and its file
        self.failure: Exception | None = None
        self.broken: tuple[Finding, ...] = ()
        self.knows_editor = False  # whether it was said how the user's editor is left
        self.trouble = ""
        self.shell = Shell(path)
        self.opened = opened
        self._period = period
        self._where = where or {}
        self._started = self._watches = False
        self.reading = Reading(self, limits)
        self._collector = Collector()
        self.config = config = config or Config()
        self._finding = split_keys(config.keys.get("find") or KEYS["find"])
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
        """Textual's own, but for what `Commands` has: the rest of the palette."""
        left_out = {"Keys", "Maximize", "Screenshot", "Theme"}
        yield from (one for one in super().get_system_commands(screen) if one.title not in left_out)

    @property
    def evaluations(self) -> dict[str, Evaluation]:
        return self.opened.evaluations if self.opened else {}

    def on_mount(self) -> None:
        self._collector.begin()
        self.set_keymap(self.config.keys)
        self.call_after_refresh(self._say_notices)
        end_when_told(self)
        if self.opened is not None:
            self._settle()
            self.call_after_refresh(self._present)

    def on_unmount(self) -> None:
        self._collector.end()

    async def on_event(self, event: events.Event) -> None:
        """A press on what is just being taken away, such as a toast, is for nobody: Textual would fail on it. What is
        pasted is literal. What is typed behind the key that finds is for the search."""
        if isinstance(event, events.InputEvent):
            self._collector.stir()
        if isinstance(event, events.Key) and event.key in self._finding and self._finds(event):
            self.action_find()
            return
        if isinstance(event, events.MouseDown):
            widget, _ = self.screen.get_widget_and_offset_at(event.x, event.y)
            if widget is not None and widget.parent is None:
                return
        if isinstance(event, events.Paste):  # a field shows what it holds as it is
            event.text = literal("\n".join(event.text.splitlines()), lines=True).plain
        await super().on_event(event)

    def _finds(self, event: events.Key) -> bool:
        """Whether a key just pressed is to open the search: nothing nearer has it. If that went the way of all keys, what is
        typed meanwhile would reach the screen below."""
        focused, one = self.focused, self.screen.active_bindings.get(event.key)
        is_text = focused is not None and focused.check_consume_key(event.key, event.character)
        return not (event.is_forwarded or is_text) and one is not None and one.binding.id == "find"

    def post_display_hook(self) -> None:
        """Textual has drawn: once that is the first frame, the path is read."""
        if not self._started and self.opened is None and self.shell.is_drawn:
            self._started = True
            self.reading.start(self._period, self._where, self._seat.screen)

    def find_session(self, strategy: str = "") -> Session | None:
        """A session on a strategy, the first one unless named; None while the path is read."""
        if self.opened is None:
            return None
        from scorecard.compute.histories import has_dimensions
        from scorecard.tui.session import Session

        session = Session(self.opened, strategy or next(iter(self.opened.evaluations)), self._period)
        if self._where and has_dimensions(session.evaluation.strategy, self._where):
            session.slice(self._where)
        return session

    def enter(self, strategy: str) -> None:
        """Show one strategy, with what was tried on it in this session."""
        if session := self.find_session(strategy):
            if self.shell.view:
                before = self.shell.session
                self.tried[before.strategy] = before.scenario, before.kept
            session.scenario, session.kept = self.tried.get(strategy, (session.scenario, session.kept))
            self.shell.begin(session)
            self._present()

    def take_seat(self) -> Seat:
        """Where this session ends, for the next one; where nothing was read, it is as if it had not been."""
        theme = self._seat.theme if self.theme == self._first_theme else self.theme
        if self.shell.view is None or self.opened is None:
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

    def tell(self, text: str, severity: Severity = "information", whole: bool = False) -> None:
        """A toast, in which paths are as they are where it is `whole`, else in short."""
        show_notice(self, text if whole else shorten_paths(text, self.path), severity)

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

    def action_command_palette(self) -> None:
        """Open the palette, unless it is open."""
        from scorecard.tui.widgets.choices import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def action_find(self) -> None:
        """Search the open screen."""
        from scorecard.tui.search import open_search

        open_search(self)

    def action_reload(self) -> None:
        """Read the files anew at the next look."""
        self.reading.forget()

    def action_show_help_panel(self) -> None:
        """Show what signs and keys mean here."""
        from scorecard.tui.widgets.help_panel import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    async def action_quit(self) -> None:
        """End; what was tried in any strategy and is not kept is asked about first, once."""
        if self.shell.view is None or self.opened is None:
            self.exit(return_code=0 if self.is_web or not self.failure else 1)
            return
        from scorecard.tui.screens.scenario_forms import leave

        leave(self, self.shell.session)

    def fail(self, error: Exception) -> None:
        """End, as the path could not be opened."""
        self.failure = error
        self.exit(return_code=1)

    def wait_for_mending(self, error: StrategyError) -> None:
        """Show what is wrong with the files, until a change of them can be read."""
        self.failure, self.broken = error, error.findings
        self.shell.show_broken()
        self._watch()

    def begin(self, opened: Opened) -> None:
        """Show the first reading; the method is checked once its map is up."""
        from scorecard.tui.trouble import describe_left_out

        self.opened = opened
        self.failure, self.broken = None, ()
        self._resume()
        self._settle()
        self._show_trouble(describe_left_out(opened.left_out))
        self.call_after_refresh(self.reading.check, opened)

    def _settle(self) -> None:
        """From now on the files are watched."""
        self._collector.renew()
        self.set_interval(_QUIET, self._collector.look)
        self.action_list()
        self._watch()

    def _watch(self) -> None:
        if not self._watches:
            self._watches = True
            self.set_interval(_WATCH, self.reading.watch)

    def _show_trouble(self, trouble: str) -> None:
        self.trouble = trouble
        self.shell.show_trouble(trouble)

    def _renew(self, opened: Opened, trouble: str, sliced: Evaluation | None = None) -> None:
        """Show another reading, with what was foreseen of it."""
        from scorecard.tui.screens.strategies import StrategiesScreen

        self._collector.renew()
        self.opened = opened
        self.shell.session.renew(opened, sliced)
        self.shell.show()
        self._show_trouble(trouble)
        for screen in self.screen_stack:
            if isinstance(screen, StrategiesScreen):
                screen.renew()
