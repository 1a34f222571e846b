"""The map among the screens: filtered by words, and a list of goals where the terminal is too narrow for a map."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Static

from scorecard.tui.app import ReviewApp
from scorecard.tui.registry import SCREENS
from scorecard.tui.session import open_path
from scorecard.tui.widgets.goal_list import GoalList
from scorecard.tui.widgets.goal_panel import GoalPanel
from scorecard.tui.widgets.score_table import ScoreTable
from scorecard.tui.widgets.strategy_map import StrategyMap

EXAMPLE = Path(__file__).parent.parent / "strategies" / "social_media"
TODAY = 739_940  # a day in November 2026


def make_app() -> ReviewApp:
    return ReviewApp(str(EXAMPLE), open_path(str(EXAMPLE), TODAY))


def shown(app: ReviewApp) -> list[str]:
    picture = app.screen.query_one(StrategyMap).picture
    return [box.id for box in picture.boxes] if picture else []


def line(app: ReviewApp) -> str:
    return str(app.screen.query_one("#line", Static).content)


async def type_filter(pilot: Pilot[None], words: str) -> None:
    await pilot.press("slash")
    await pilot.pause()
    await pilot.press(*words, "enter")
    await pilot.pause()


async def test_a_filter_leaves_the_goals_of_a_theme_with_their_links() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.pause(0.1)
        everything = shown(app)
        await type_filter(pilot, "theme:conversation")
        map_ = app.screen.query_one(StrategyMap)
        assert shown(app) == ["personal_interaction", "communicate", "train_team"]
        assert map_.picture
        links = {(arrow.source, arrow.target) for arrow in map_.picture.arrows}
        assert links == {("train_team", "communicate"), ("communicate", "personal_interaction")}
        assert "filter theme:conversation · 3 of 9 goals" in line(app)
        assert map_.has_focus
        await pilot.press("left_square_bracket")
        await pilot.pause()
        assert len(shown(app)) == 3  # in every period
        await pilot.press("2")
        await pilot.pause()
        held = [one.stub.id for one in app.screen.query_one(ScoreTable).lines if one.stub.kind == "goal"]
        assert held == ["personal_interaction", "communicate", "train_team"]
        await pilot.press("1", "backspace")
        await pilot.pause()
        assert shown(app) == everything


async def test_a_filter_of_kpis_leaves_their_goals_and_a_wrong_word_all() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.pause(0.1)
        await type_filter(pilot, "stale")
        assert shown(app) == ["personal_interaction"]
        await pilot.press("escape")
        await pilot.pause()
        assert len(shown(app)) == 9
        await pilot.press("slash", *"colour:red", "enter")
        await pilot.pause()
        assert len(shown(app)) == 9
        assert "'colour:' is not known" in str(app.screen.query_one("#wrong", Static).content)


async def test_below_60_columns_goals_are_listed_in_place_of_the_map() -> None:
    app = make_app()
    async with app.run_test(size=(59, 24)) as pilot:
        await pilot.pause(0.1)
        listed = app.screen.query_one(GoalList)
        assert listed.has_focus
        assert not app.screen.query_one(StrategyMap).display
        await pilot.press("down", "down")
        await pilot.pause()
        assert app.shell.session.goal == "personal_interaction"
        await pilot.press("p")
        await pilot.pause(0.1)
        assert app.screen.query_one(GoalPanel).has_focus
        await pilot.press("p")
        await pilot.resize_terminal(60, 24)
        await pilot.pause(0.1)
        map_ = app.screen.query_one(StrategyMap)
        assert map_.display
        assert map_.has_focus
        assert map_.selected == "personal_interaction"
        assert not listed.display
        await pilot.press("down")
        await pilot.resize_terminal(40, 24)
        await pilot.pause(0.1)
        assert listed.has_focus
        assert listed.chosen == map_.selected == app.shell.session.goal != "personal_interaction"


async def test_a_choice_that_arrives_after_the_next_screen_was_opened_finds_nothing_missing() -> None:
    """As with keys that come at once: what the first one chose is told when the second one has opened a screen."""
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.pause(0.1)
        for entry in SCREENS:
            app.shell.action_open(entry.id)
            app.shell.choose("post_content")
            await pilot.pause(0.1)
            assert line(app)
