"""The command palette: screens, goals, KPIs, periods, filters, strategies, themes and all that has a key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from textual.binding import ActiveBinding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.types import IgnoreReturnCallbackType

from scorecard.tui.keys import show_keys
from scorecard.tui.registry import SCREENS
from scorecard.tui.text import literal

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


class Command(NamedTuple):
    """A line of the palette. `text` and `about` may come from a file; `name` is that of its key, if it has one."""

    text: str
    about: str
    run: IgnoreReturnCallbackType
    name: str = ""


class Commands(Provider):
    """Finds commands by any of their letters; without letters it lists what has no name of a goal, KPI or period."""

    @property
    def _review(self) -> ReviewApp:
        return cast("ReviewApp", self.app)

    async def discover(self) -> Hits:
        for command in self._list_actions():
            yield DiscoveryHit(literal(command.text), command.run, command.text, _tell(command))

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for command in (*self._list_actions(), *self._list_things()):
            plain = literal(command.text).plain
            score, offsets = matcher.fuzzy_search.match(query, plain)
            if score > 0:
                yield Hit(score, self._highlight(plain, offsets), command.run, plain, _tell(command))

    def _highlight(self, plain: str, offsets: Iterable[int]) -> Content:
        """The text with its found letters marked (Textual's own way would read it as markup)."""
        content = literal(plain)
        if style := self.match_style:
            for offset in offsets:
                content = content.stylize(style, offset, offset + 1)
        return content

    def _list_actions(self) -> Iterator[Command]:
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
            yield Command(f"Colour theme {theme.name.removeprefix('scorecard-')}", about, run)
        for words in _FILTERS:
            about = f"on the scorecard ({self._key('scorecard.filter')})"
            yield Command(f"Filter {words}", about, partial(self._filter, words))
        for name, one in bound.items():
            title = _TITLES.get(name, one.binding.description)
            yield Command(title, self._about(title, one), partial(self._press, one), name)

    def _list_named(self) -> Iterator[Command]:
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

    def _list_things(self) -> Iterator[Command]:
        shell, app = self._review.shell, self._review
        if not app.evaluations:
            return
        from scorecard.render.table import outline

        evaluation = shell.session.evaluation
        for goal in evaluation.strategy.goals.values():
            yield Command(goal.title, "goal", partial(shell.open_detail, goal.id))
        for stub in outline(evaluation.strategy, guardrails=True):
            if stub.kind == "kpi":
                about = "KPI" if stub.use else f"KPI, guardrail of {evaluation.strategy.goals[stub.goal].title}"
                title = evaluation.strategy.kpis[stub.id].title
                yield Command(title, about, partial(shell.open_detail, stub.goal, stub.id))
        for period in reversed(evaluation.periods):
            yield Command(f"Period {period}", "look at it", partial(self._go_to, str(period)))
        for name, other in app.evaluations.items() if len(app.evaluations) > 1 else ():
            yield Command(other.strategy.title, "strategy", partial(app.enter, name))

    def _name(self, name: str, text: str, about: str, run: IgnoreReturnCallbackType) -> Command:
        return Command(text, f"{about} ({self._key(name)})", run, name)

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

    def _filter(self, words: str) -> None:
        shell = self._review.shell
        shell.session.words = words
        shell.action_open("scorecard")

    def _go_to(self, period: str) -> None:
        self._review.shell.session.go_to(period)
        self._review.shell.show()


def _tell(command: Command) -> str:
    """What a command is about: as content, which Textual takes as well, where it would read a text as markup."""
    return cast("str", literal(command.about))
