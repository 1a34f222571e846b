"""What palettes list and find: lines that do something, found by what is typed; and the search of the open screen.

The search finds what the screen lists, then all goals, KPIs and initiatives: each screen says in `list_finds` which, and in
`go_to` what becomes of a goal or KPI that was found.
"""

from __future__ import annotations

from abc import abstractmethod
from asyncio import sleep
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from functools import partial
from heapq import nlargest
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast, runtime_checkable

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.screen import Screen
from textual.style import Style
from textual.types import IgnoreReturnCallbackType

from scorecard.analysis.initiatives import Undertaking
from scorecard.model.strategy import Strategy
from scorecard.render.table import outline
from scorecard.tui.figure_keys import Key
from scorecard.tui.initiative_cells import list_initiatives
from scorecard.tui.matching import Match, fold, match
from scorecard.tui.text import literal
from scorecard.tui.widgets.choices import Palette

if TYPE_CHECKING:
    from scorecard.tui.app import ReviewApp
    from scorecard.tui.screens.initiatives import InitiativesView
    from scorecard.tui.shell import Shell
    from scorecard.tui.trial import Outcome

_ALWAYS = ("goals", "KPIs", "initiatives")  # what is found beside
_LETTERS = 200  # of a line at most
_MOST = 100  # lines that are listed at once, the best
_AT_ONCE = 500  # lines looked at between two keys


class Choice(NamedTuple):
    """A line of a palette. `text` and `about` may come from a file.

    `name` is that of its key, or kind and id, such as `goal:reach`; "" where it has none. Of a name the first line counts.
    """

    text: str
    about: str
    run: IgnoreReturnCallbackType
    name: str = ""


@runtime_checkable
class Searched(Protocol):
    """A screen that can be searched. `FINDS` says in words what is found beside goals, KPIs and initiatives."""

    FINDS: str

    def list_finds(self) -> Iterator[Choice]: ...


class Choices(Provider):
    """Finds choices by what is typed; with nothing typed it lists those that are offered."""

    def __init__(self, screen: Screen[object], match_style: Style | None = None) -> None:
        super().__init__(screen, match_style)
        self._rest = _prepare(self.list_choices())
        self._lines: list[_Line] = []  # those read so far

    @abstractmethod
    def list_choices(self) -> Iterator[Choice]:
        """All that can be found; of equally good ones the earlier stands first."""

    def list_offered(self) -> Iterator[Choice]:
        """What is listed before anything is typed."""
        return self.list_choices()

    async def discover(self) -> Hits:
        for line in islice(_prepare(self.list_offered()), _MOST):
            yield DiscoveryHit(literal(line.text), line.run, line.text, _tell(line))

    async def search(self, query: str) -> Hits:
        typed = fold(query)
        found: list[tuple[Match, _Line]] = []
        async for line in self._read():
            held = match(typed, line.folded, line.beside)
            if held.score:
                found.append((held, line))
        for held, line in nlargest(_MOST, found, key=lambda one: one[0].score):
            yield Hit(held.score, self._highlight(line.text, held.offsets), line.run, line.text, _tell(line))

    async def _read(self) -> AsyncIterator[_Line]:
        """All lines. Keys come in between, and the next search has those that were read for this one."""
        at = 0
        while True:
            if at == len(self._lines):
                self._lines += islice(self._rest, _AT_ONCE)
            if not (part := self._lines[at : at + _AT_ONCE]):
                return
            for line in part:
                yield line
            at += len(part)
            await sleep(0)

    def _highlight(self, plain: str, offsets: Iterable[int]) -> Content:
        """The text with its found letters marked (Textual's own way would read it as markup)."""
        content = literal(plain)
        if style := self.match_style:
            for offset in offsets:
                content = content.stylize(style, offset, offset + 1)
        return content


class Finds(Choices):
    """What is found on the open screen."""

    def list_choices(self) -> Iterator[Choice]:
        searched = find_searched(cast("ReviewApp", self.app), self.screen)
        return searched.list_finds() if searched else iter(())


class _Line(NamedTuple):
    """A choice as it is shown, and as it is held against what is typed: without case, the text and what stands beside it."""

    text: str
    about: str
    folded: str
    beside: str
    run: IgnoreReturnCallbackType


def open_search(app: ReviewApp) -> None:
    """Ask what to look for on the open screen, and go there."""
    if searched := find_searched(app, app.screen):
        kinds = dict.fromkeys(filter(None, (searched.FINDS, *(_ALWAYS if app.evaluations else ()))))
        app.push_screen(Palette([Finds], f"Find {', '.join(kinds)} …"))


def find_searched(app: ReviewApp, screen: Screen[object]) -> Searched | None:
    """What the search looks through on a screen of the app; None where there is nothing yet."""
    one = app.shell.view if screen is app.shell else screen
    return one if isinstance(one, Searched) else None


def find_things(shell: Shell, go: Callable[[str, str | None], None]) -> Iterator[Choice]:
    """All goals, KPIs and initiatives of the strategy looked at; `go` shows a goal or KPI. None where nothing could be read."""

    def open_initiative(goal: str, name: str) -> None:
        shell.open_detail(goal, None, "initiatives")
        if shell.open_id == "initiatives":  # the goal is still there
            cast("InitiativesView", shell.view).choose(name)

    if shell.review.evaluations:
        yield from find_goals(shell.session.evaluation.strategy, go)
        yield from find_initiatives(list_initiatives(shell.session), open_initiative)


def find_goals(strategy: Strategy, go: Callable[[str, str | None], None], where: str = "") -> Iterator[Choice]:
    """The goals, then the KPIs, first at the goals that they count for; `go` shows one. `where` is said of all."""
    for goal in strategy.goals.values():
        lane = strategy.perspectives[goal.perspective].title
        yield Choice(goal.title, f"goal, {lane}{where}", partial(go, goal.id, None), f"goal:{strategy.id}/{goal.id}")
    kpis = (stub for stub in outline(strategy) if stub.use)
    watching = (stub for stub in outline(strategy, guardrails=True) if stub.kind == "kpi" and not stub.use)
    for stub in chain(kpis, watching):
        about = f"KPI{'' if stub.use else ', guardrail'} of {strategy.goals[stub.goal].title}{where}"
        yield Choice(
            strategy.kpis[stub.id].title, about, partial(go, stub.goal, stub.id), f"kpi:{strategy.id}/{stub.id}"
        )


def find_initiatives(found: Iterable[Undertaking], go: Callable[[str, str], None]) -> Iterator[Choice]:
    """Initiatives; `go` shows that of an id, with its goal."""
    for one in found:
        about = ", ".join(filter(None, (f"initiative of {one.goal.title}", one.owner, one.pace)))
        yield Choice(one.initiative.title, about, partial(go, one.goal.id, one.id), f"initiative:{one.id}")


def find_levers(outcome: Outcome, go: Callable[[Key], None]) -> Iterator[Choice]:
    """The levers of the goal looked at, or of the whole; `go` shows that of a key."""
    strategy, goal = outcome.now.strategy, outcome.goal
    initiatives = {one.id: one for goal in strategy.goals.values() for one in goal.initiatives}
    where = strategy.goals[goal].title if goal else "the whole"
    for key in outcome.levers:
        name, is_kpi = key[-1], key[0] == "values"
        if one := strategy.measure(name) if is_kpi else initiatives.get(name):
            kind = ("kpi" if name in strategy.kpis else "metric") if is_kpi else "initiative"
            yield Choice(one.title, f"lever of {where}", partial(go, key), f"{kind}:{name}")


def _prepare(choices: Iterable[Choice]) -> Iterator[_Line]:
    names: set[str] = set()
    for one in choices:
        if not one.name or one.name not in names:
            names.add(one.name)
            text, about = _cut(one.text), _cut(one.about)
            yield _Line(text, about, fold(text), fold(about), one.run)


def _cut(text: str) -> str:
    plain = literal(text[: _LETTERS + 1]).plain
    return plain if len(plain) <= _LETTERS else f"{plain[: _LETTERS - 1]}…"


def _tell(line: _Line) -> str:
    """What a line is about: as content, which Textual takes as well, where it would read a text as markup."""
    return cast("str", literal(line.about))
