"""The command palette: screens, goals, KPIs, periods, filters, strategies, themes and all that has a key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.types import IgnoreReturnCallbackType

from scorecard.tui.keys import show_keys
from scorecard.tui.registry import SCREENS
from scorecard.tui.text import literal

if TYPE_CHECKING:
    from scorecard.tui.app import ReviewApp

_FILTERS = ("status:red", "status:red,amber", "stale", "missing", "outlook:worse", "signal:warning", "breached")


_SCENARIO = (
    ("keep", "Keep the scenario", "as a file beside the strategy"),
    ("open", "Open a scenario", "one that was kept, on What if"),
    ("compare", "Compare scenarios", "that of now with one that was kept"),
)  # name of the key, title, what it is


class Command(NamedTuple):
    """A line of the palette. `text` may come from a file; `about` is ours."""

    text: str
    about: str
    run: IgnoreReturnCallbackType


class Commands(Provider):
    """Finds commands by any of their letters; without letters it lists what has no name of a goal, KPI or period."""

    @property
    def _review(self) -> ReviewApp:
        return cast("ReviewApp", self.app)

    async def discover(self) -> Hits:
        for command in self._list_actions():
            yield DiscoveryHit(literal(command.text), command.run, command.text, command.about)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for command in (*self._list_actions(), *self._list_things()):
            plain = literal(command.text).plain
            score, offsets = matcher.fuzzy_search.match(query, plain)
            if score > 0:
                yield Hit(score, self._highlight(plain, offsets), command.run, plain, command.about)

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
        for entry in SCREENS:
            yield Command(
                entry.title, f"open this screen ({self._key(f'open_{entry.id}')})", partial(shell.action_open, entry.id)
            )
        yield Command("Go to a period", f"type it ({self._key('go_to_period')})", shell.action_go_to)
        about = f"with the period before, the same of last year, none ({self._key('compare')})"
        yield Command("Compare", about, shell.action_compare)
        yield Command("Record a value", f"of the chosen KPI ({self._key('record')})", shell.action_record)
        yield Command("Undo the last entry", f"of this session ({self._key('undo')})", shell.action_undo)
        yield Command("Edit the source", f"of what is chosen, in your editor ({self._key('edit')})", shell.action_edit)
        yield Command("Copy", f"what is chosen, as text ({self._key('copy')})", shell.action_copy)
        about = f"what is on screen, as a picture or a table ({self._key('export')})"
        yield Command("Export", about, shell.action_export)
        for name, title, about in _SCENARIO:
            yield Command(title, f"{about} ({self._key(f'what_if.{name}')})", partial(self._on_what_if, name))
        yield Command("Reload", f"read all files anew ({self._key('reload')})", app.action_reload)
        yield Command("Help and keys", f"for what has the focus ({self._key('help')})", app.action_show_help_panel)
        for theme in app.themes:
            about = f"the colours of the screen ({self._key('theme')} takes the next)"
            yield Command(
                f"Colours {theme.name.removeprefix('scorecard-')}", about, partial(setattr, app, "theme", theme.name)
            )
        for words in _FILTERS:
            yield Command(
                f"Filter {words}", f"on the scorecard ({self._key('scorecard.filter')})", partial(self._filter, words)
            )

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
