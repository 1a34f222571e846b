"""The map: the strategy map, and the chosen goal beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from time import monotonic
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from scorecard.compute.evaluation import Evaluation
from scorecard.model.period import Period
from scorecard.render.chain import Excerpt, keep
from scorecard.render.picture import Picture, draw_picture
from scorecard.tui.advice import say_next_step
from scorecard.tui.goal_words import list_results, say_goal
from scorecard.tui.keys import bind
from scorecard.tui.screens.view import View
from scorecard.tui.text import literal
from scorecard.tui.widgets.goal_list import GoalList
from scorecard.tui.widgets.goal_panel import GoalPanel
from scorecard.tui.widgets.strategy_map import AT_ONCE, StrategyMap
from scorecard.tui.work import working

_HELD = 0.06  # seconds: of two goals sooner after another, the first is not shown beside
_LISTING = 60  # columns below which goals are listed in place of the map
_BREATH = 0.005  # seconds in which the frame of the map goes out, before what stands beside it is computed


class MapView(View):
    """Walks through the map. On a narrow screen the panel takes the place of the map, on a very narrow one a list."""

    HOME = "StrategyMap"
    BLANK = True  # all of it is covered: Textual need not paint what lies below
    DEFAULT_CSS = """
    MapView { layout: horizontal; }
    MapView GoalPanel { width: 44; }
    .-slim MapView GoalPanel { width: 30; }
    .-wide MapView GoalPanel { width: 56; }
    .-narrow MapView GoalPanel { display: none; width: 100%; }
    .-narrow MapView.-reading GoalPanel { display: block; }
    .-narrow MapView.-reading StrategyMap, .-narrow MapView.-reading GoalList { display: none; }
    MapView GoalList { display: none; width: 1fr; }
    MapView.-listing GoalList { display: block; }
    MapView.-listing StrategyMap { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("map.panel", "panel", "Goal"),
        bind("map.filter", "filter", "Filter", key_display="/"),
        bind("map.show_all", "unfilter", "Show all", show=False),
        Binding("enter", "detail", "Detail", show=False),
    ]

    _following = False  # whether the panel is about to show the chosen goal
    _chosen, _held = 0.0, False  # when a goal was chosen last, and whether soon after another

    def compose(self) -> ComposeResult:
        self._drawn = self.session.evaluation, self.session.before, self.session.words
        yield (map_ := StrategyMap(_draw(*self._drawn), id="map"))
        map_.tell = self._tell
        yield GoalPanel(id="goal")

    @property
    def home(self) -> str:
        return "GoalList" if self.has_class("-listing") else self.HOME

    def on_resize(self) -> None:
        """A map needs room for two boxes side by side."""
        listing = self.app.size.width < _LISTING
        if listing == self.has_class("-listing"):
            return
        had_focus = self.has_focus_within
        self.set_class(listing, "-listing")
        if listing and not self.query(GoalList):
            self.mount(GoalList(id="list"), before="#goal")
        self._list_goals()
        self.query_one(StrategyMap).selected = self.session.goal
        if had_focus and not self.has_class("-reading"):
            self.take_focus()

    def show(self) -> None:
        map_, session = self.query_one(StrategyMap), self.session
        evaluation, *others = self._drawn
        if evaluation is not session.evaluation or others != [session.before, session.words]:
            self._drawn = session.evaluation, session.before, session.words
            if len(session.evaluation.strategy.goals) > AT_ONCE:
                self.run_worker(self._draw(), group="drawing", exclusive=True)
            else:
                map_.picture = _draw(*self._drawn)
        if map_.selected != session.goal:
            map_.selected = session.goal
        self._list_goals()
        self.call_after_refresh(self._show_goal)

    async def _draw(self) -> None:
        """Draw a large map beside the keys; it stands as it was until then."""
        with working(self.app, "drawing"):
            picture = await asyncio.to_thread(_draw, *self._drawn)
        for map_ in self.query(StrategyMap):  # none while the app closes
            map_.picture = picture
        self._list_goals()
        self.shell.show_line()  # which counts the goals

    def _list_goals(self) -> None:
        for listed in self.query(GoalList):  # none on a wider screen
            listed.show(self.query_one(StrategyMap).picture, self.session.goal)

    def _tell(self, goal: str) -> tuple[str, ...]:
        evaluation = self.session.evaluation
        return (
            list_results(evaluation, goal) if goal in evaluation.strategy.goals else ()
        )  # a large map is drawn after a reload

    def say_line(self) -> Content:
        goal, line = self.session.goal, literal("")
        if self.session.words and (picture := self.query_one(StrategyMap).picture):
            said = f" · {len(picture.boxes)} of {len(self.session.evaluation.strategy.goals)} goals"
            line = literal(f"filter {self.session.words}", "bold $accent")
            line += literal(f"{said} · {self.key('map.show_all')} shows all   ", "$quiet")
        if goal or line:
            return line + (say_goal(self.session.evaluation, goal) if goal else literal(""))
        usual = "arrows choose a goal · [ ] period · ? help · ctrl+p everything"
        return literal(say_next_step(self.session, self.shell.review.read_only) or usual, "$quiet")

    def idle(self) -> Iterator[str]:
        yield from super().idle()
        if self.session.goal is None:
            yield from ("open", "map.chain")

    def back(self) -> bool:
        """From the panel to the map, from a filtered map to all of it."""
        away = self.query_one(GoalPanel).has_focus or self.has_class("-reading")
        self.remove_class("-reading")
        self.query_one(self.home).focus()
        if not away and self.session.words:
            self.action_unfilter()
            return True
        return away

    def excerpt(self) -> Excerpt | None:
        from scorecard.tui.filter import find_goals

        session, evaluation = self.session, self.session.evaluation
        goals = find_goals(session.words, evaluation)[0] if session.words else None
        chain = None if self.has_class("-listing") else self.query_one(StrategyMap).isolated
        said = [session.words] * (goals is not None)
        said += [f"chain of {evaluation.strategy.goals[chain].title}"] if chain else []
        return Excerpt(" · ".join(said), goals, chain) if said else None

    async def action_filter(self) -> None:
        """Ask for words, those of the scorecard's filter, and show their goals with each key."""
        themes = " ".join(f"theme:{name}" for name in self.session.evaluation.strategy.themes)
        await self.shell.ask(
            "filter",
            self.session.words,
            themes or "status:red owner:maria stale outlook:worse",
            self._filter,
            self._filter,
        )

    def action_unfilter(self) -> None:
        if self.session.words:
            self._filter("")

    def _filter(self, words: str) -> str:
        """Show the goals for the words so far; says what of them is not understood."""
        from scorecard.tui.filter import read_filter

        self.session.words = words
        self.shell.show()
        return read_filter(words, self.session.evaluation.strategy).wrong

    def action_panel(self) -> None:
        """Put the goal's panel in the foreground and back; without a goal the first one is chosen."""
        side, map_ = self.query_one(GoalPanel), self.query_one(self.home)
        if self.session.goal is None and (picture := self.query_one(StrategyMap).picture) and picture.boxes:
            self.shell.choose(min(picture.boxes, key=lambda box: box.lane).id)
            self.show()
        if self.screen.has_class("-narrow"):
            self.toggle_class("-reading")
            (side if self.has_class("-reading") else map_).focus()
        else:
            (map_ if side.has_focus else side).focus()

    def action_detail(self) -> None:
        """The chosen goal in detail, from the panel."""
        if self.session.goal:
            self.shell.open_detail(self.session.goal)

    @on(StrategyMap.Selected)
    @on(GoalList.Selected)
    def _selected(self, event: StrategyMap.Selected | GoalList.Selected) -> None:
        event.stop()
        if event.goal_id not in (None, *self.session.evaluation.strategy.goals):
            return  # a large map is drawn after a reload
        if event.goal_id != self.session.goal:
            self.session.goal, self.session.kpi = event.goal_id, None
        now = monotonic()
        self._held, self._chosen = now - self._chosen < _HELD, now
        if not self._following:  # of keys that come faster than frames only the last goal is shown beside
            self._following = True
            self.call_after_refresh(self._begin_to_follow)

    @on(StrategyMap.Opened)
    @on(GoalList.Opened)
    def _opened(self, event: StrategyMap.Opened | GoalList.Opened) -> None:
        if self.screen.has_class("-narrow") and not self.has_class("-reading"):
            self.action_panel()
        else:
            self.shell.open_detail(event.goal_id)

    def _begin_to_follow(self) -> None:
        self.run_worker(self._follow())  # a callback that waits would hold up the keys on their way through the screen

    async def _follow(self) -> None:
        """Show the chosen goal beside the map, which has been drawn, and at the foot. Keys come before what is said of it,
        and while one is held down the map moves alone."""
        await asyncio.sleep(_BREATH)
        while self._held and (rest := self._chosen + _HELD - monotonic()) > 0:
            await asyncio.sleep(rest)
        self._following = False
        self.shell.show_line()
        for panel in self.query(GoalPanel):
            await panel.prepare(self.session.evaluation, self.session.goal)
        if not self._following:
            self._show_goal()

    def _show_goal(self) -> None:
        for panel in self.query(GoalPanel):  # none while the app closes
            panel.show_goal(self.session.evaluation, self.session.goal)


def _draw(evaluation: Evaluation, before: Period | None, words: str) -> Picture:
    """The map, of the goals that a filter leaves."""
    picture = draw_picture(evaluation, before, with_kpis=False)
    if not words:
        return picture
    from scorecard.tui.filter import find_goals

    goals, _ = find_goals(words, evaluation)
    return picture if goals is None else keep(picture, goals)
