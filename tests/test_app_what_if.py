"""What if on screen, driven by keys and the mouse: levers, changes, links, the map then, and scenarios kept as files."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from test_app import EXAMPLE, HOSTILE, make_app
from test_app_members import head, line, wait_for
from test_app_shell import write_hostile
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from scorecard.analysis.changes import LinkChange, TargetChange, ValueChange, WeightChange
from scorecard.model.finding import Place
from scorecard.tui.app import ReviewApp
from scorecard.tui.screens.scenario_forms import KeepScreen, LeaveScreen
from scorecard.tui.screens.scenarios import ScenariosScreen
from scorecard.tui.screens.what_if import WhatIfView
from scorecard.tui.session import Writing
from scorecard.tui.slider import Slider
from scorecard.tui.widgets.effect_list import EffectList
from scorecard.tui.widgets.figure_list import FigureList
from scorecard.tui.widgets.goal_box import list_marks
from scorecard.tui.widgets.key_bar import KeyBar
from scorecard.tui.widgets.scenario_map import ScenarioMap

KEPT = "note: More trials\nvalues:\n  qualified_interactions: 350\n  time_on_site: 95\n"
MORE = "values:\n  social_revenue: 24000\nlinks:\n  business_results:\n    personal_interaction: off\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "social_media"))


@asynccontextmanager
async def open_what_if(
    path: Path, goal: str | None = None, size: tuple[int, int] = (132, 40)
) -> AsyncIterator[tuple[ReviewApp, Pilot[None]]]:
    """The screen on a strategy, with the keys in the list of levers."""
    app = make_app(path)
    async with app.run_test(size=size, notifications=True) as pilot:
        await wait_for(pilot, lambda: app.shell.is_mounted and app.shell.view)
        app.shell.session.goal = goal
        await pilot.press("4")
        await wait_for(pilot, lambda: app.query(FigureList) and app.query_one(FigureList).has_focus)
        await wait_for(pilot, lambda: figures(app).chosen is not None)
        yield app, pilot


def figures(app: ReviewApp) -> FigureList:
    return app.shell.query_one(FigureList)


def changes(app: ReviewApp) -> tuple[object, ...]:
    return app.shell.session.scenario.changes


def said(app: ReviewApp) -> str:
    return str(app.shell.query_one("#said").render())


def notices(app: ReviewApp) -> str:
    return "\n".join(one.message for one in app._notifications)


async def choose(pilot: Pilot[None], app: ReviewApp, name: str) -> None:
    """Go down to the figure of a name."""
    for _ in range(60):
        figure = figures(app).chosen
        assert figure
        if figure.key[-1] == name:
            return
        await pilot.press("down")
        await pilot.pause()
    pytest.fail(f"{name} is not in the list")


async def type_in(pilot: Pilot[None], key: str, text: str) -> None:
    """Ask for a text with a key, and give it."""
    await pilot.press(key)
    await wait_for(pilot, lambda: isinstance(pilot.app.focused, Input))
    await pilot.press(*text, "enter")


async def open_keeping(pilot: Pilot[None], app: ReviewApp) -> None:
    """The form that keeps the scenario."""
    await pilot.press("K")
    await wait_for(pilot, lambda: isinstance(app.screen, KeepScreen) and isinstance(app.focused, Input))


def wrong(app: ReviewApp) -> str:
    return str(app.screen.query_one("#said").render())


async def test_levers_of_the_goal_stand_in_order_of_their_gain_and_the_next_step_is_taken(folder: Path) -> None:
    async with open_what_if(folder, "post_content") as (app, pilot):
        await choose(pilot, app, "time_on_site")
        assert figures(app).cursor == 0
        assert "79 seconds" in line(app)
        assert "next ◆ amber at 84.17 seconds +3 pp" in line(app)
        await pilot.press("enter")
        await wait_for(pilot, lambda: changes(app) == (ValueChange("time_on_site", 84.17),))
        assert "79 → 84.17 seconds" in line(app)
        assert "next ● green at" in line(app)
        assert figures(app).cursor == 0  # a line stays where it is while it is moved
        assert "1 change " in head(app)
        assert "index ● green 77%" in said(app)


async def test_the_map_shows_at_once_what_moves(folder: Path) -> None:
    async with open_what_if(folder, "post_content") as (app, pilot):
        map_ = app.shell.query_one(ScenarioMap)
        assert not map_.before
        await pilot.press("enter")
        await wait_for(pilot, lambda: "post_content" in map_.before)
        assert map_.picture
        then = {box.id: box for box in map_.picture.boxes}
        for goal, before in map_.before.items():
            assert (before.outlook or 0) < (then[goal].outlook or 0)
        assert set(map_.before) < set(then)
        row = "".join(segment.text for y in range(40) for segment in map_.render_line(y))
        assert "▲ → ◆ amber" in row or "▲ red → ◆ amber" in row
        assert "pp" in row
        assert not any(list_marks(box) for box in map_.before.values() if box.id == "post_content")


async def test_left_and_right_move_a_slider_in_round_steps_and_stop_at_its_ends(folder: Path) -> None:
    async with open_what_if(folder, "post_content") as (app, pilot):
        await choose(pilot, app, "time_on_site")
        await pilot.press("right")
        await wait_for(pilot, lambda: changes(app) == (ValueChange("time_on_site", 79.5),))
        await pilot.press("left")
        await wait_for(pilot, lambda: changes(app) == (ValueChange("time_on_site", 79.0),))
        await pilot.press("shift+right")
        await wait_for(pilot, lambda: changes(app) == (ValueChange("time_on_site", 80.0),))
        await pilot.press(*["shift+right"] * 18)
        figure = figures(app).chosen
        assert figure
        assert figure.slider
        await wait_for(pilot, lambda: changes(app) == (ValueChange("time_on_site", figure.slider.right),))
        await pilot.press("backspace")
        await wait_for(pilot, lambda: not changes(app))
        assert "what if: " not in head(app)


def test_a_slider_goes_to_the_better_end_on_the_right() -> None:
    falling = Slider(left=65.0, right=40.0, fine=0.5, coarse=2.0)
    assert falling.move(62.6, 1) == 62.5
    assert falling.move(62.6, -1) == 63.0
    assert falling.move(41.0, 1, coarse=True) == 40.0
    assert (falling.place(65.0), falling.place(40.0), falling.place(90.0)) == (0.0, 1.0, 0.0)
    assert (falling.at(0.5), falling.at(2.0)) == (52.5, 40.0)
    below = Slider(left=-5.0, right=5.0, fine=0.2, coarse=1.0)
    assert (below.move(-0.1, 1), below.move(-0.1, -1), below.move(None, 1)) == (0.0, -0.2, -5.0)
    words = Slider(words=("poor", "fair", "good"))
    assert (words.move("fair", 1), words.move(None, 1), words.at(0.0), words.place("odd")) == (
        "good",
        "poor",
        "poor",
        None,
    )


async def test_the_mouse_moves_a_slider(folder: Path) -> None:
    async with open_what_if(folder, "post_content") as (app, pilot):
        row = figures(app).cursor * 2 + 2
        await pilot.click(FigureList, offset=(7, row))
        await wait_for(pilot, lambda: changes(app))
        first = changes(app)[0]
        assert isinstance(first, ValueChange)
        assert float(first.value) < 79
        await pilot.mouse_down(FigureList, offset=(8, row))
        await pilot.hover(FigureList, offset=(40, row))
        await wait_for(pilot, lambda: float(changes(app)[0].value) > 79)  # type: ignore[attr-defined]
        await pilot.mouse_up(FigureList, offset=(40, row))
        await pilot.click(FigureList, offset=(14, 0))  # the heading
        await wait_for(pilot, lambda: figures(app).mode == "changes")


async def test_a_figure_is_typed_as_in_data(folder: Path) -> None:
    async with open_what_if(folder, "post_content") as (app, pilot):
        await choose(pilot, app, "bounce_rate")
        await pilot.press("equals_sign")
        await wait_for(pilot, lambda: isinstance(app.focused, Input))
        await pilot.press(*"1_000")
        await wait_for(pilot, lambda: "write such as 5 or 12.5%" in str(app.shell.query_one("#wrong").render()))
        app.focused.value = "62,5%"
        await wait_for(
            pilot, lambda: "not a number; write 62.5%: a point" in str(app.shell.query_one("#wrong").render())
        )
        await pilot.press("enter")
        assert not changes(app)
        assert isinstance(app.focused, Input)
        app.focused.value = "12.5%"
        await pilot.press("enter")
        await wait_for(pilot, lambda: changes(app) == (ValueChange("bounce_rate", 0.125),))
        await wait_for(pilot, lambda: figures(app).has_focus)
        assert "62.6% → 12.5%" in line(app)


async def test_target_weight_and_links_are_changed_and_taken_back(folder: Path) -> None:
    async with open_what_if(folder, "engaging_content") as (app, pilot):
        await choose(pilot, app, "time_on_site")
        await type_in(pilot, "T", "60")
        await wait_for(pilot, lambda: "does not lie on the side" in str(app.shell.query_one("#wrong").render()))
        assert not changes(app)
        await pilot.press("escape")
        await wait_for(pilot, lambda: figures(app).has_focus)
        await type_in(pilot, "T", "200")
        await wait_for(pilot, lambda: changes(app) == (TargetChange("time_on_site", 200.0),))
        await wait_for(pilot, lambda: figures(app).has_focus)
        await pilot.press("w")
        await wait_for(pilot, lambda: isinstance(app.focused, Input))
        assert app.focused.placeholder == "now 2; 0 or more"
        await pilot.press("escape")
        await wait_for(pilot, lambda: figures(app).has_focus)
        await type_in(pilot, "w", "3")
        await wait_for(pilot, lambda: WeightChange("post_content", "time_on_site", 3.0) in changes(app))
        await wait_for(pilot, lambda: figures(app).has_focus)
        await pilot.press("l", "l")
        await wait_for(pilot, lambda: figures(app).mode == "links")
        await choose(pilot, app, "post_content")
        await pilot.press("space")
        off = LinkChange("engaging_content", "post_content", None)
        await wait_for(pilot, lambda: off in changes(app))
        assert "2 → off" in line(app)
        await pilot.press("space")
        await wait_for(pilot, lambda: off not in changes(app))
        await pilot.press("right")
        await wait_for(pilot, lambda: LinkChange("engaging_content", "post_content", 2.1) in changes(app))
        await pilot.press("l", "l")
        await wait_for(pilot, lambda: figures(app).mode == "changes")
        await pilot.press("home", "delete")
        await wait_for(pilot, lambda: len(changes(app)) == 2)
        await pilot.press("R")
        await wait_for(pilot, lambda: not changes(app))
        await pilot.press("R")
        await wait_for(pilot, lambda: len(changes(app)) == 2)


async def test_a_what_if_stays_over_screens_periods_and_readings(folder: Path) -> None:
    async with open_what_if(folder, "post_content") as (app, pilot):
        await pilot.press("enter", "1", "left_square_bracket")
        await wait_for(pilot, lambda: "2026-09" in head(app))
        assert "what if: 1 change" in head(app)
        assert "What if 1" in str(app.shell.query_one("#tabs").render())
        text = (folder / "strategy.yaml").read_text()
        (folder / "strategy.yaml").write_text(text.replace("Social media marketing", "Renamed"))
        await wait_for(pilot, lambda: "Renamed" in head(app))
        await pilot.press("4")
        await wait_for(pilot, lambda: "index" in said(app))
        assert changes(app) == (ValueChange("time_on_site", 84.17),)


async def test_a_change_that_the_strategy_no_longer_knows_says_so_and_the_others_count(folder: Path) -> None:
    async with open_what_if(folder, "post_content") as (app, pilot):
        session = app.shell.session
        session.scenario = session.scenario.put(ValueChange("time_on_site", 95.0), ValueChange("gone", 1.0))
        app.shell.show()
        await pilot.press("l", "end")
        await wait_for(pilot, lambda: "there is no KPI or metric 'gone'" in line(app))
        assert app.shell.query_one(ScenarioMap).before
        await pilot.press("backspace")
        await wait_for(pilot, lambda: len(changes(app)) == 1)


async def test_a_scenario_is_kept_and_opened_again(folder: Path) -> None:
    async with open_what_if(folder, "post_content") as (app, pilot):
        await pilot.press("K")
        assert app.screen is app.shell  # nothing to keep yet
        await pilot.press("enter")
        await open_keeping(pilot, app)
        await pilot.press("enter")
        assert "needs a name" in wrong(app)
        await pilot.press(*"Longer posts")
        assert "scenarios/longer_posts.yaml" in str(app.screen.query_one("#file").render())
        await pilot.press("tab", *"two more", "escape")  # writes nothing, and loses nothing
        await wait_for(pilot, lambda: app.screen is app.shell)
        assert not (folder / "scenarios").exists()
        await open_keeping(pilot, app)
        assert app.screen.query_one("#name", Input).value == "Longer posts"
        await pilot.press("enter")
        file = folder / "scenarios" / "longer_posts.yaml"
        await wait_for(pilot, file.exists)
        assert file.read_text() == "name: Longer posts\nnote: two more\nvalues:\n  time_on_site: 84.17\n"
        await wait_for(pilot, lambda: "what if Longer posts ·" in said(app))
        await pilot.press("right")
        await wait_for(pilot, lambda: "(changed)" in said(app))
        await pilot.press("O")
        await wait_for(pilot, lambda: isinstance(app.screen, ScenariosScreen) and app.screen.query(OptionList))
        assert "is not kept" in str(app.screen.query_one("#odd").render())
        assert str(app.screen.query_one(OptionList).get_option_at_index(0).prompt).startswith(
            "Longer posts\ntwo more\n"
        )
        await pilot.press("enter")
        await wait_for(pilot, lambda: changes(app) == (ValueChange("time_on_site", 84.17),))
        await open_keeping(pilot, app)  # the file stays where it is while what it is called changes
        app.screen.query_one("#name", Input).value = "Longer Posts"
        await pilot.press("enter")
        await wait_for(pilot, lambda: "what if Longer Posts ·" in said(app))
        assert file.read_text().startswith("name: Longer Posts\nnote: two more\n")
        assert [one.name for one in file.parent.iterdir()] == ["longer_posts.yaml"]


async def test_quitting_asks_before_what_was_tried_is_lost(folder: Path) -> None:
    async with open_what_if(folder, "post_content") as (app, pilot):
        await pilot.press("enter", "1", "q")
        await wait_for(pilot, lambda: isinstance(app.screen, LeaveScreen))
        await pilot.press("escape")
        await wait_for(pilot, lambda: app.screen is app.shell)
        assert app.is_running
        await pilot.press("q")
        await wait_for(pilot, lambda: isinstance(app.screen, LeaveScreen) and app.screen.query(OptionList))
        await pilot.press("enter")
        await wait_for(pilot, lambda: isinstance(app.screen, KeepScreen) and isinstance(app.focused, Input))
        await pilot.press(*"faster", "enter")
        await wait_for(pilot, lambda: (folder / "scenarios" / "faster.yaml").exists() and app._exit)


@pytest.mark.parametrize("keys", [["q"], ["right", "q", "q"], ["right", "ctrl+q", "ctrl+q"]])
async def test_quitting_is_asked_once_and_only_where_something_is_lost(folder: Path, keys: list[str]) -> None:
    async with open_what_if(folder, "post_content") as (app, pilot):
        for key in keys[:-1]:
            await pilot.press(key)
            await pilot.pause(0.1)
        assert not app._exit
        await pilot.press(keys[-1])
        await wait_for(pilot, lambda: app._exit)


async def test_what_was_tried_waits_while_another_strategy_is_open(tmp_path: Path) -> None:
    goal = "{perspective: customer, lagging: [{kpi: k, baseline: 0, target: 100, values: {2026-10: 40}}]}"
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(f"strategy: {name}\ngoals: {{g: {goal}}}\n")
    app = make_app(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await wait_for(pilot, lambda: app.shell.is_mounted and app.shell.view)
        app.enter("one")
        session = app.shell.session
        session.scenario = session.scenario.put(ValueChange("k", 50.0))
        app.enter("two")
        assert not changes(app)
        app.enter("one")
        assert changes(app) == (ValueChange("k", 50.0),)


async def test_quitting_asks_about_what_was_tried_on_every_strategy_of_a_workspace(tmp_path: Path) -> None:
    goal = "{perspective: customer, lagging: [{kpi: k, baseline: 0, target: 100, values: {2026-10: 40}}]}"
    for name in ("one", "two", "three"):
        (tmp_path / f"{name}.yaml").write_text(f"strategy: {name}\nname: The {name}\ngoals: {{g: {goal}}}\n")
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_for(pilot, lambda: app.shell.is_mounted and app.shell.view)
        await pilot.press("escape")
        for number, name in enumerate(("one", "two", "three")):
            app.enter(name)
            if number < 2:
                app.shell.session.scenario = app.shell.session.scenario.put(ValueChange("k", 50.0 + number))
        await pilot.press("q")
        await wait_for(pilot, lambda: isinstance(app.screen, LeaveScreen) and app.screen.query(OptionList))
        assert str(app.screen.query_one("#changes").render()) == "The one: K = 50\nThe two: K = 51"
        await pilot.press("enter")
        for number, name in enumerate(("one", "two")):
            await wait_for(pilot, lambda: isinstance(app.screen, KeepScreen) and isinstance(app.focused, Input))
            await wait_for(
                pilot, lambda name=name: f"of The {name}" in str(app.screen.query("Static").first().render())
            )
            await pilot.press(*f"try {number}", "enter")
            file = tmp_path / f"{name}.scenarios" / f"try_{number}.yaml"
            await wait_for(pilot, file.exists)
        await wait_for(pilot, lambda: app._exit)


async def test_a_figure_far_outside_its_history_is_taken_and_marked(folder: Path) -> None:
    async with open_what_if(folder, None, (100, 30)) as (app, pilot):
        await choose(pilot, app, "average_shares")
        await pilot.press("equals_sign")
        await wait_for(pilot, lambda: isinstance(app.focused, Input))
        await pilot.press(*"200")
        await wait_for(pilot, lambda: "200 shares is 27 times the usual" in str(app.shell.query_one("#wrong").render()))
        await pilot.press("enter")
        await wait_for(pilot, lambda: figures(app).has_focus)
        assert "5.167 → 200 shares  ! 27 times the usual" in line(app)
        row = 2 * figures(app).cursor + 2 - round(figures(app).scroll_y)
        assert "! 27 times the usual" in "".join(one.text for one in figures(app).render_line(row))
        await pilot.press("shift+left")  # what the slider leads to is nothing odd
        await wait_for(pilot, lambda: "times the usual" not in line(app))


async def test_a_message_stands_whole_on_a_line_of_its_own(folder: Path) -> None:
    async with open_what_if(folder, "post_content", (80, 24)) as (app, pilot):
        await choose(pilot, app, "time_on_site")
        await type_in(pilot, "T", "60")
        message = app.shell.query_one("#wrong")
        await wait_for(pilot, lambda: message.size.height > 1)
        shown = " ".join(
            "".join(one.text for one in message.render_line(y)).strip() for y in range(message.size.height)
        )
        assert shown.endswith("give one on the same side of 'baseline' and 'red'")


async def test_the_keys_of_every_screen_mean_the_same_here(folder: Path) -> None:
    """None of them, and no digit, takes anything back."""
    async with open_what_if(folder, "post_content") as (app, pilot):
        await pilot.press("enter")
        theme, before = app.theme, changes(app)
        await pilot.press("t")
        await wait_for(pilot, lambda: app.theme != theme)
        await pilot.press("c")
        await wait_for(pilot, lambda: app.shell.session.compared)
        await pilot.press("x")
        await wait_for(pilot, lambda: isinstance(app.focused, Input))
        assert "export to" in str(app.shell.query_one("#asked").render())
        await pilot.press("escape", "S", "0", "9", "2", "0", "4")
        await wait_for(pilot, lambda: app.shell.open_id == "what_if")
        assert changes(app) == before


async def test_cards_say_what_moves_in_the_room_they_have(folder: Path) -> None:
    async with open_what_if(folder, "post_content") as (app, pilot):
        await pilot.press("enter")
        map_ = app.shell.query_one(ScenarioMap)
        await wait_for(pilot, lambda: map_.before)
        rows = ["".join(segment.text for segment in map_.render_line(y)) for y in range(36)]
        assert any("31% → 37%  +6 pp " in row for row in rows)
        assert any("│ outlook 64%→65%  │" in row for row in rows)
        assert any("│ outlook  +0.3 pp │" in row for row in rows)
        assert not any("+0.0" in row for row in rows)


async def test_the_bar_has_one_form_also_where_the_index_stays(folder: Path) -> None:
    async with open_what_if(folder) as (app, pilot):
        await choose(pilot, app, "average_shares")
        await pilot.press("shift+right")
        await wait_for(pilot, lambda: "index ● green 77% → ● green 77% 0 pp · " in said(app))


async def test_nothing_kept_is_overwritten_silently(folder: Path) -> None:
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "push.yaml").write_text(KEPT)
    async with open_what_if(folder, "post_content") as (app, pilot):
        await pilot.press("enter")
        await open_keeping(pilot, app)
        await pilot.press(*"Push", "enter")
        assert "already" in wrong(app)
        await pilot.press("escape")
        await wait_for(pilot, lambda: figures(app).has_focus)
        await pilot.press("O")
        await wait_for(pilot, lambda: isinstance(app.screen, ScenariosScreen) and app.screen.query(OptionList))
        await pilot.press("enter")
        await wait_for(pilot, lambda: len(changes(app)) == 2)
        (folder / "scenarios" / "push.yaml").write_text(KEPT + "# by hand\n")
        await pilot.press("backspace")
        await open_keeping(pilot, app)
        app.screen.query_one("#name", Input).value = "push"
        await pilot.press("enter")
        await wait_for(pilot, lambda: "changed meanwhile" in wrong(app))
        assert (folder / "scenarios" / "push.yaml").read_text() == KEPT + "# by hand\n"


async def test_another_scenario_does_not_take_the_place_of_the_one_taken_back(folder: Path) -> None:
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "push.yaml").write_text(KEPT)
    async with open_what_if(folder, "post_content") as (app, pilot):
        await pilot.press("O")
        await wait_for(pilot, lambda: isinstance(app.screen, ScenariosScreen) and app.screen.query(OptionList))
        await pilot.press("enter")
        await wait_for(pilot, lambda: len(changes(app)) == 2)
        await pilot.press("R")
        await wait_for(pilot, lambda: not changes(app))
        await pilot.press("enter")
        await wait_for(pilot, lambda: len(changes(app)) == 1)
        await open_keeping(pilot, app)
        await pilot.press(*"Push", "enter")
        await wait_for(pilot, lambda: "already" in wrong(app))
        assert (folder / "scenarios" / "push.yaml").read_text() == KEPT


async def test_a_faulty_file_is_listed_with_its_finding_and_cannot_be_opened(folder: Path) -> None:
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "odd.yaml").write_text("values: {nowhere: 3}\n")
    async with open_what_if(folder) as (app, pilot):  # the strategy opens all the same
        await pilot.press("O")
        await wait_for(pilot, lambda: isinstance(app.screen, ScenariosScreen) and app.screen.query(OptionList))
        option = app.screen.query_one(OptionList).get_option_at_index(0)
        assert option.disabled
        assert "there is no KPI or metric 'nowhere'" in str(option.prompt)
        await pilot.press("enter", "escape")
        await wait_for(pilot, lambda: app.screen is app.shell)
        assert not changes(app)


def foot(app: ReviewApp) -> str:
    return str(app.shell.query_one(KeyBar).render())


async def test_the_foot_offers_what_can_be_done_with_the_figure(folder: Path) -> None:
    async with open_what_if(folder, "post_content") as (app, pilot):
        await choose(pilot, app, "time_on_site")
        await wait_for(pilot, lambda: "⏎ Take" in foot(app))
        assert not any(one in foot(app) for one in ("Take back", "K Keep"))
        await pilot.press("enter")
        await wait_for(pilot, lambda: all(one in foot(app) for one in ("⏎ Take", "⌫ Take back", "K Keep")))
        await pilot.press("down")
        await wait_for(pilot, lambda: "Take back" not in foot(app) and "K Keep" in foot(app))  # this one is unchanged
        await pilot.press("up", *["shift+right"] * 20)
        await wait_for(pilot, lambda: "⏎ Take" not in foot(app))  # at its best
        assert "← → Move" in foot(app)


async def test_u_takes_the_changes_of_the_scenario_back_step_by_step_and_nothing_else(folder: Path) -> None:
    async with open_what_if(folder, "post_content") as (app, pilot):
        app.shell.session.written.append((Writing(folder, Place("x"), None, "x", "wrong", ""), 0))  # elsewhere
        assert "u Undo" not in foot(app)
        await pilot.press("u")
        await wait_for(pilot, lambda: "No change here to take back" in notices(app))
        seen = [changes(app)]
        await choose(pilot, app, "time_on_site")
        for _ in range(4):  # a figure that is slid on is one change
            await pilot.press("right")
        await wait_for(pilot, lambda: "u Undo" in foot(app))
        seen.append(changes(app))
        await type_in(pilot, "T", "120")
        await wait_for(pilot, lambda: len(changes(app)) == 2)
        seen.append(changes(app))
        await type_in(pilot, "w", "3")
        await wait_for(pilot, lambda: len(changes(app)) == 3)
        seen.append(changes(app))
        await pilot.press("backspace")
        await wait_for(pilot, lambda: not changes(app))
        seen.append(changes(app))
        await pilot.press("l", "l", "space")
        await wait_for(pilot, lambda: len(changes(app)) == 1)
        seen.append(changes(app))
        await pilot.press("R")
        await wait_for(pilot, lambda: not changes(app))
        seen.append(changes(app))
        for one in reversed(seen[:-1]):
            await pilot.press("u")
            await wait_for(pilot, lambda one=one: changes(app) == one)
        assert "u Undo" not in foot(app)
        for one in seen[1:]:
            await pilot.press("U")
            await wait_for(pilot, lambda one=one: changes(app) == one)
        await pilot.press("U")
        await wait_for(pilot, lambda: "No change was taken back" in notices(app))
        await pilot.press("u", "u", "u")
        await wait_for(pilot, lambda: changes(app) == seen[3])
        assert app.shell.session.last_writing
        assert app.shell.session.last_writing.undone == "wrong"


async def test_a_scenario_that_is_opened_or_kept_keeps_its_name_when_a_change_is_taken_back(folder: Path) -> None:
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "push.yaml").write_text(KEPT)
    async with open_what_if(folder, "post_content") as (app, pilot):
        await choose(pilot, app, "time_on_site")
        await pilot.press("enter")
        await wait_for(pilot, lambda: len(changes(app)) == 1)
        await pilot.press("O")
        await wait_for(pilot, lambda: isinstance(app.screen, ScenariosScreen) and app.screen.query(OptionList))
        await pilot.press("enter")
        await wait_for(pilot, lambda: len(changes(app)) == 2 and "u Undo" not in foot(app))
        opened = changes(app)
        await pilot.press("enter")
        await wait_for(pilot, lambda: changes(app) != opened)
        await pilot.press("u")
        await wait_for(pilot, lambda: changes(app) == opened)
        assert app.shell.session.scenario.name == "push"
        await pilot.press("u")  # what was before it was opened is another scenario
        await wait_for(pilot, lambda: "No change here to take back" in notices(app))
        assert changes(app) == opened


async def test_a_lever_that_lowers_the_outlook_says_why(folder: Path) -> None:
    async with open_what_if(folder, None, (80, 24)) as (app, pilot):
        await choose(pilot, app, "posts")
        reason = "-0.59 pp: lowers Average comments per post"
        assert reason in line(app)
        row = 2 * figures(app).cursor + 2 - round(figures(app).scroll_y)
        assert reason in "".join(one.text for one in figures(app).render_line(row))


async def test_a_lever_behind_an_opposing_link_names_both_goals(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(
        "strategy: s\ngoals:\n"
        "  little: {name: Little waste, perspective: internal, leading: [{goal: full, effect: opposes}]}\n"
        "  full: {name: Full shelves, perspective: internal,"
        " lagging: [{kpi: k, baseline: 0, target: 100, values: {2026-10: 40}}]}\n"
    )
    async with open_what_if(tmp_path / "s.yaml", "little") as (app, pilot):
        await choose(pilot, app, "k")
        assert "next ◆ amber" not in line(app)  # it is amber
        assert line(app).endswith("pp: Full shelves works against Little waste")
        await pilot.press("escape")


async def test_two_scenarios_stand_beside_each_other(folder: Path) -> None:
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "push.yaml").write_text(KEPT)
    (folder / "scenarios" / "lean.yaml").write_text(MORE)
    async with open_what_if(folder) as (app, pilot):
        for key, steps in (("O", ["down"]), ("C", [])):
            await pilot.press(key)
            await wait_for(pilot, lambda: isinstance(app.screen, ScenariosScreen) and app.screen.query(OptionList))
            await pilot.press(*steps, "enter")
            await wait_for(pilot, lambda: app.screen is app.shell)
        effects = app.shell.query_one(EffectList)
        await wait_for(pilot, lambda: effects.display and effects.has_focus)
        rows = ["".join(segment.text for segment in effects.render_line(y)) for y in range(4)]
        assert rows[0].split() == ["Goal", "Result", "now", "push", "lean", "Outlook", "now", "push", "lean"]
        assert "● green 77%  ● green 81%  ● green 75%" in rows[1]
        assert "Post engaging content" in rows[2]
        assert "▲ red 31%    ◆ amber 49%  as now" in rows[2]
        assert "push: Qualified interactions = 350 interactions" in line(app)
        await pilot.press("escape")
        await wait_for(pilot, lambda: app.shell.query_one(ScenarioMap).display and figures(app).has_focus)


async def test_the_map_chooses_the_goal_whose_levers_are_listed(folder: Path) -> None:
    async with open_what_if(folder) as (app, pilot):
        await pilot.press("m", "down", "down", "right")
        await wait_for(pilot, lambda: app.shell.session.goal == "engaging_content")
        assert "Engaging content" in line(app)
        await pilot.press("l")
        await wait_for(pilot, lambda: figures(app).mode == "changes")
        await pilot.press("l", "l", "enter")
        await wait_for(pilot, lambda: figures(app).has_focus)
        assert "Engaging co" in "".join(one.text for one in figures(app).render_line(0))


@pytest.mark.parametrize("size", [(80, 24), (100, 30)])
async def test_without_room_for_the_map_the_effects_stand_above_the_levers(folder: Path, size: tuple[int, int]) -> None:
    async with open_what_if(folder, "post_content", size) as (app, pilot):
        effects, map_ = app.shell.query_one(EffectList), app.shell.query_one(ScenarioMap)
        assert effects.display
        assert not map_.display
        await pilot.press("enter")
        await wait_for(pilot, lambda: "goals mo" in said(app))
        row = "".join(segment.text for segment in effects.render_line(2))
        assert "Post engaging content" in row
        assert "▲ red 31%" in row
        assert "◆ amber" in row
        assert " pp" in row
        if size[0] < 100:
            row = "".join(segment.text for segment in effects.render_line(3))
            assert "Engaging content · outlook" in row
            assert "◆ amber 64%  ◆ amber 65%     +1 pp" in row
        await pilot.press("m")
        await wait_for(pilot, lambda: map_.display and map_.has_focus)
        assert not effects.display
        await pilot.press("escape", "escape")  # the goal first, then the map
        await wait_for(pilot, lambda: figures(app).has_focus)
        effects.focus()
        await pilot.press("home", "down")
        await wait_for(pilot, lambda: app.shell.session.goal is not None)
        await pilot.press("home")
        await wait_for(pilot, lambda: app.shell.session.goal is None)


async def test_a_large_strategy_is_computed_beside_the_keys_and_the_newest_change_wins(tmp_path: Path) -> None:
    goals = "\n".join(
        f"  g{n}: {{perspective: customer, lagging: [{{kpi: k{n}, baseline: 0, target: 100, values: {{2026-10: 40}}}}],"
        f" leading: [{', '.join(f'{{goal: g{n - 1}}}' for _ in range(n > 0))}]}}"
        for n in range(260)
    )
    (tmp_path / "s.yaml").write_text(f"strategy: s\ngoals:\n{goals}\n")
    async with open_what_if(tmp_path / "s.yaml", "g9") as (app, pilot):
        await choose(pilot, app, "k9")
        await pilot.press(*["right"] * 8)
        assert changes(app) == (ValueChange("k9", 56.0),)  # each key counts, whatever was computed by then
        view = app.shell.query_one(WhatIfView)
        await wait_for(pilot, lambda: view.outcome and view.outcome.scenario.changes == changes(app))
        await wait_for(pilot, lambda: "of 260 goals move" in said(app))


@pytest.mark.parametrize("name", HOSTILE)
async def test_names_and_notes_are_never_markup(tmp_path: Path, name: str) -> None:
    path = write_hostile(tmp_path, name)
    (tmp_path / "s.scenarios").mkdir()
    quoted = "'" + name.replace("'", "''") + "'"
    (tmp_path / "s.scenarios" / "one.yaml").write_text(f"note: {quoted}\nvalues: {{k: 3}}\n")
    async with open_what_if(path, "g") as (app, pilot):
        assert name in line(app)
        await pilot.press("right", "y", "equals_sign")
        await wait_for(pilot, lambda: isinstance(app.focused, Input))
        assert name in str(app.shell.query_one("#asked").render())
        await pilot.press("escape")
        for key, screen in (("K", KeepScreen), ("q", LeaveScreen)):
            await pilot.press(key)
            await wait_for(pilot, lambda screen=screen: isinstance(app.screen, screen) and app.screen.query("#changes"))
            assert name in str(app.screen.query_one("#changes").render())
            await pilot.press("escape")
            await wait_for(pilot, lambda: app.screen is app.shell)
        await pilot.press("O")
        await wait_for(pilot, lambda: isinstance(app.screen, ScenariosScreen) and app.screen.query(OptionList))
        assert name in str(app.screen.query_one(OptionList).get_option_at_index(0).prompt)
        await pilot.press("enter")
        await wait_for(pilot, lambda: changes(app) == (ValueChange("k", 3.0),))
        assert app.export_screenshot()
        assert app.is_running  # `[@click=app.quit]` did nothing


async def test_what_is_tried_is_copied_as_text(folder: Path) -> None:
    async with open_what_if(folder, "post_content") as (app, pilot):
        await pilot.press("enter", "y")
        await wait_for(pilot, lambda: "what if: Time on site = 84.17 seconds" in app.clipboard)
        assert "Post engaging content  ▲ red 31% → ◆ amber" in app.clipboard


SHOWN = ["4", "right", "down", "enter", "enter", "down", "shift+right"]


@pytest.mark.parametrize(("size", "theme"), [((100, 30), "dark"), ((132, 40), "light"), ((80, 24), "dark")])
def test_the_what_if_looks_as_it_did(snap_compare, size: tuple[int, int], theme: str) -> None:
    assert snap_compare(make_app(theme=theme), terminal_size=size, press=SHOWN)


def test_the_what_if_without_colour_looks_as_it_did(snap_compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(make_app(), terminal_size=(132, 40), press=SHOWN)
