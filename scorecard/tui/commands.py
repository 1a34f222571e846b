"""The command palette: screens, goals, KPIs, initiatives, periods, filters, strategies, themes and all that has a key."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.binding import ActiveBinding
from textual.types import IgnoreReturnCallbackType

from scorecard.tui.keys import show_keys
from scorecard.tui.registry import SCREENS
from scorecard.tui.search import Choice, Choices, find_things

if TYPE_CHECKING:
    from scorecard.tui.app import ReviewApp

_FILTERS = ("status:red", "status:red,amber", "stale", "missing", "outlook:worse", "signal:warning", "breached")
_TITLES = {
    "previous_period": "Previous period",
    "next_period": "Next period",
    "theme": "Next theme",
    "map.panel": "Panel of the goal",
    "detail.next": "Next goal or KPI",
    "detail.previous": "Previous goal or KPI",
    "what_if.map": "To the map and back",
}  # of keys whose words at the foot would not do alone
_SCENARIO = (
    ("keep", "Keep the scenario", "as a file beside the strategy"),
    ("open", "Open a scenario", "one that was kept, on What if"),
    ("compare", "Compare scenarios", "that of now with one that was kept"),
)  # name of the key, title, what it is


class Commands(Choices):
    """Without letters it lists what has no name of a goal, KPI, initiative or period."""

    @property
    def _review(self) -> ReviewApp:
        return cast("ReviewApp", self.app)

    def list_offered(self) -> Iterator[Choice]:
        yield from self._list_actions()
        yield from self._list_own()

    def list_choices(self) -> Iterator[Choice]:
        yield from self._list_actions()
        yield from self._list_things()
        yield from self._list_own()

    def _list_actions(self) -> Iterator[Choice]:
        shell, app = self._review.shell, self._review
        if not app.evaluations:
            return
        bound = self._find_bound()
        for command in self._list_named():
            one = bound.pop(command.name, None)
            if one and one.node not in (shell, app) and "." not in command.name:  # what its key does on this screen
                command = command._replace(about=self._about(command.text, one), run=partial(self._press, one))
            yield command
        for theme in app.themes:
            about = f"the colours of the screen ({self._key('theme')} takes the next)"
            run = partial(setattr, app, "theme", theme.name)
            yield Choice(f"Colour theme {theme.name.removeprefix('scorecard-')}", about, run)
        where = self._where
        for words in _FILTERS:
            about = f"on the {where} ({self._key(f'{where}.filter')})"
            yield Choice(f"Filter {words}", about, partial(self._filter, words))
        for name, one in bound.items():
            title = _TITLES.get(name, one.binding.description)
            yield Choice(title, self._about(title, one), partial(self._press, one), name)

    def _list_named(self) -> Iterator[Choice]:
        """What has a key and is here on every screen."""
        shell, app = self._review.shell, self._review
        for entry in SCREENS:
            yield self._name(f"open_{entry.id}", entry.title, "open this screen", partial(shell.action_open, entry.id))
        yield self._name("go_to_period", "Go to a period", "type it", shell.action_go_to)
        about = "with the period before, the same of last year, none"
        yield self._name("compare", "Compare", about, shell.action_compare)
        yield self._name("record", "Record a value", "of the chosen KPI", shell.action_record)
        yield self._name("undo", "Undo the last entry", "of this session", shell.action_undo)
        yield self._name("edit", "Edit the source", "of what is chosen, in your editor", shell.action_edit)
        yield self._name("copy", "Copy", "what is chosen, as text", shell.action_copy)
        yield self._name("export", "Export", "what is on screen, as a picture or a table", shell.action_export)
        for name, title, about in _SCENARIO:
            yield self._name(f"what_if.{name}", title, about, partial(self._on_what_if, name))
        yield self._name("reload", "Reload", "read all files anew", app.action_reload)
        yield self._name("help", "Help and keys", "for what has the focus", app.action_show_help_panel)

    def _list_things(self) -> Iterator[Choice]:
        shell, app = self._review.shell, self._review
        if not app.evaluations:
            return
        evaluation = shell.session.evaluation
        yield from find_things(shell, shell.open_detail)
        for period in reversed(evaluation.periods):
            yield Choice(f"Period {period}", "look at it", partial(self._go_to, str(period)))
        for name, other in app.evaluations.items() if len(app.evaluations) > 1 else ():
            yield Choice(other.strategy.title, "strategy", partial(app.enter, name))

    def _list_own(self) -> Iterator[Choice]:
        """Textual's own: to quit is not what Enter should do to who only looks into the palette, so they are the last."""
        for title, about, run, _ in self._review.get_system_commands(self.screen):
            yield Choice(title, about, run)

    def _name(self, name: str, text: str, about: str, run: IgnoreReturnCallbackType) -> Choice:
        return Choice(text, f"{about} ({self._key(name)})", run, name)

    def _find_bound(self) -> dict[str, ActiveBinding]:
        """What keys with a name do on the open screen, by name; what has the focus goes first. Quitting is Textual's own."""
        shell = self._review.shell
        found: dict[str, ActiveBinding] = {}
        for one in shell.active_bindings.values() if self.screen is shell else ():
            if one.binding.id and one.enabled and one.binding.id != "quit":
                found.setdefault(one.binding.id, one)
        return found

    def _about(self, title: str, one: ActiveBinding) -> str:
        """What a binding does beyond what its title says, and its keys."""
        name, told = one.binding.id or "", (one.binding.tooltip, one.binding.description)
        where = "on this screen" if "." in name else "on every screen"
        said = next((text for text in told if text and text.lower() not in title.lower()), where)
        return f"{said} ({self._key(name)})"

    def _press(self, one: ActiveBinding) -> None:
        """Do what the key does, once the open screen has the focus again."""
        shell = self._review.shell
        if one.node.is_attached:
            shell.call_after_refresh(self._review.run_action, one.binding.action, one.node)

    def _key(self, name: str) -> str:
        """The keys of an action, as the user has them."""
        return show_keys(name, self._review.config.keys)

    def _on_what_if(self, name: str) -> None:
        """What a key of the screen does, on that screen."""
        shell = self._review.shell
        shell.action_open("what_if")
        action = {"open": "recall"}.get(name, name)
        shell.call_after_refresh(self._review.run_action, action, shell.view)

    @property
    def _where(self) -> str:
        """The screen on which a filter is to be seen: the map where that is open, else the scorecard."""
        return "map" if self._review.shell.open_id == "map" else "scorecard"

    def _filter(self, words: str) -> None:
        shell = self._review.shell
        shell.session.words = words
        shell.action_open(self._where)

    def _go_to(self, period: str) -> None:
        self._review.shell.session.go_to(period)
        self._review.shell.show()
