"""The terminal app as a team uses it: keys, mouse, periods, live reload, and what the screens look like."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from textual import events

from scorecard.api import StrategyError
from scorecard.tui.app import ReviewApp
from scorecard.tui.screens.strategies import StrategiesScreen
from scorecard.tui.session import open_path
from scorecard.tui.widgets.strategy_list import StrategyList
from scorecard.tui.widgets.strategy_map import StrategyMap

EXAMPLE = Path(__file__).parent.parent / "strategies" / "social_media"
TODAY = 739_940  # a day in November 2026
HOSTILE = [
    "[@click=app.quit]x[/]",
    "[/]",
    "Revenue [EUR m]",
    "[b]bold",
    "$error",
    "<b>&amp;",
    "=1+1",
    "日本語 strategy 🎯",
]


def make_app(path: Path = EXAMPLE, period: str | None = None, theme: str | None = None) -> ReviewApp:
    return ReviewApp(str(path), open_path(str(path), TODAY), period, theme)


def read(app: ReviewApp, selector: str) -> str:
    """The text that a widget of the present screen shows."""
    return str(app.screen.query_one(selector).render())


@pytest.fixture
def example(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "social_media"))


async def test_the_map_opens_on_the_latest_period_with_its_index() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.pause()
        assert (app.screen, app.shell.open_id) == (app.shell, "map")
        assert "Social media marketing · 2026-10" in read(app, "#head")
        assert "green 77%" in read(app, "#head")
        assert "illustrative" in read(app, "#head")
        assert "Turn conversations on social media" in read(app, "#goal")


async def test_arrows_choose_a_goal_and_the_panel_says_why() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("down", "down", "right")
        await pilot.pause()
        assert app.screen.query_one(StrategyMap).selected == "engaging_content"
        panel = read(app, "#goal")
        for words in ("Engaging content", "78% green", "64% amber", "↘ worse", "warning: the result is green"):
            assert words in panel
        assert "Average shares per article" in panel
        assert "What costs the outlook most" in panel
        assert "Post engaging content" in panel.split("Drivers", 2)[2]
        assert "warning" in read(app, "#line")


async def test_a_click_on_a_box_chooses_it() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.pause()
        map_ = app.screen.query_one(StrategyMap)
        assert map_.map_layout is not None
        goals = set(app.evaluations["social_media"].strategy.goals)
        for x in range(18, 86, 4):
            await pilot.click(StrategyMap, offset=(x, 4))
            if map_.selected:
                break
        assert map_.selected in goals


async def test_brackets_walk_through_the_periods() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("left_square_bracket", "left_square_bracket")
        await pilot.pause()
        assert "2026-08" in read(app, "#head")
        await pilot.press("right_square_bracket", "right_square_bracket", "right_square_bracket")
        await pilot.pause()
        assert "2026-10" in read(app, "#head")
        for _ in range(30):
            await pilot.press("left_square_bracket")
        await pilot.pause()
        assert "2024-11" in read(app, "#head")


async def test_the_period_asked_for_is_shown() -> None:
    app = make_app(period="2026-04")
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        assert "2026-04" in read(app, "#head")


async def test_a_changed_file_is_read_and_goal_and_period_stay(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("down", "down", "left_square_bracket")
        chosen = app.screen.query_one(StrategyMap).selected
        text = (example / "strategy.yaml").read_text()
        (example / "strategy.yaml").write_text(text.replace("Social media marketing", "Renamed strategy"))
        await wait_until(pilot, lambda: "Renamed strategy" in read(app, "#head"))
        assert "2026-09" in read(app, "#head")
        assert app.screen.query_one(StrategyMap).selected == chosen is not None


async def test_new_figures_are_read(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.pause()
        with (example / "measurements.csv").open("a") as file:
            file.write("people_tagged,2026-11,75,,\n")
        await wait_until(pilot, lambda: "2026-11" in read(app, "#head"))


async def test_a_broken_edit_keeps_the_last_good_map_under_a_banner(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("down")
        text = (example / "strategy.yaml").read_text()
        (example / "strategy.yaml").write_text(text.replace("lagging:", "laging:", 1))
        await wait_until(pilot, lambda: app.screen.query_one("#banner").display)
        assert "'laging' is not known here" in read(app, "#banner")
        assert "strategy.yaml:" in read(app, "#banner")
        assert "Social media marketing" in read(app, "#head")
        assert app.screen.query_one(StrategyMap).selected is not None
        (example / "strategy.yaml").write_text(text)
        await wait_until(pilot, lambda: not app.screen.query_one("#banner").display)


async def test_a_data_file_deeper_down_is_seen(example: Path) -> None:
    (example / "data").mkdir()
    (example / "measurements.csv").rename(example / "data" / "figures.csv")
    text = (example / "strategy.yaml").read_text()
    (example / "strategy.yaml").write_text(text.replace("measurements.csv", "data/figures.csv"))
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.pause()
        with (example / "data" / "figures.csv").open("a") as file:
            file.write("people_tagged,2026-11,75,,\n")
        await wait_until(pilot, lambda: "2026-11" in read(app, "#head"))


async def test_a_folder_that_disappears_is_said(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        shutil.rmtree(example)
        await wait_until(pilot, lambda: app.screen.query_one("#banner").display)
        assert "Social media marketing" in read(app, "#head")


async def test_on_a_small_screen_enter_opens_the_goal_and_escape_goes_back() -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "down")
        side, map_ = app.screen.query_one("#goal"), app.screen.query_one(StrategyMap)
        assert not side.display
        assert map_.display
        await pilot.press("enter")
        await pilot.pause()
        assert side.display
        assert not map_.display
        assert "What costs the outlook most" in read(app, "#goal")
        await pilot.press("escape")
        await pilot.pause()
        assert map_.display
        assert map_.has_focus


async def test_keys_for_theme_help_and_quitting() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        before = app.theme
        await pilot.press("t")
        assert app.theme != before
        await pilot.press("question_mark")
        await pilot.pause()
        assert app.screen.query("HelpPanel")
        await pilot.press("question_mark")
        await pilot.pause()
        assert not app.screen.query("HelpPanel")
        await pilot.press("q")
    assert app.return_code == 0


async def test_every_theme_of_the_palette_can_be_worn() -> None:
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        for theme in app.available_themes:
            app.theme = theme
            await pilot.pause()
        assert app.is_running
        assert {"dracula", "nord", "scorecard-light"} <= set(app.available_themes)


async def test_the_panel_key_chooses_a_goal_where_there_is_none() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("p")
        await pilot.pause()
        assert app.screen.query_one(StrategyMap).selected == "business_results"
        assert "Achieve valuable business results" in read(app, "#goal")


async def test_a_workspace_opens_on_its_strategies(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "space" / "social_media")
    (tmp_path / "space" / "sales.yaml").write_text(
        "strategy: sales\nname: Sales\ngoals:\n"
        "  grow: {perspective: customer, lagging: [{kpi: orders, baseline: 0, target: 9, values: {2026-10: 8}}],\n"
        "    leading: [{goal: social_media/engaging_content}]}\n"
    )
    app = make_app(tmp_path / "space")
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, StrategiesScreen)
        assert app.screen.query_one(StrategyList).names == ["sales", "social_media"]
        await pilot.press("enter")
        await pilot.pause()
        assert (app.screen, app.shell.open_id) == (app.shell, "map")
        assert "Sales" in read(app, "#head")
        app.screen.query_one(StrategyMap).selected = "grow"
        await pilot.pause()
        assert "● green Engaging" in read(app, "#goal")
        await pilot.press("escape", "escape")  # the goal first, then the strategy
        await pilot.pause()
        assert isinstance(app.screen, StrategiesScreen)


async def test_the_strategies_of_a_workspace_say_what_is_worst_about_them(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "social_media")
    (tmp_path / "sales.yaml").write_text(
        f"strategy: sales\nname: {'Sales ' * 20}\ngoals:\n"
        "  one: {perspective: customer, lagging: [{kpi: orders, baseline: 0, target: 9, values: {2026-10: 1}}]}\n"
        "  two: {perspective: customer, lagging: [{kpi: returns, baseline: 0, target: 9, values: {2026-10: 1}}]}\n"
    )
    (tmp_path / "new.yaml").write_text("strategy: new\nname: A new one\ngoals: {g: {perspective: customer}}\n")
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        shown = app.screen.query_one(StrategyList)
        lines = [shown.render_line(line).text.strip() for line in range(shown.size.height)]
    assert [line.split() for line in lines[:3:2]] == [
        ["Index", "Strategy", "Goals", "Coverage", "Period"],
        ["▌", "nothing", "is", "known", "of", "it", "yet"],
    ]
    assert lines[1] == f"▌○ unknown     {'A new one':<39}{1:>6}{'0%':>10}{'2026-11':>9}"
    assert lines[3].startswith("▲ red 11%     Sales Sales Sales")
    assert lines[3].endswith("…     2      100%  2026-10")
    assert lines[4] == "▲ 2 red goals"
    assert lines[5].startswith("● green 77%   Social media marketing  ")
    assert lines[6] == "▲ 1 red goal  ⚑ 1 breached  ◌ 1 stale  ! 1 warning"
    assert not any(lines[7:])


async def test_enter_twice_in_a_burst_goes_in_once() -> None:
    app = make_app(EXAMPLE.parent)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        for _ in range(2):
            app.post_message(events.Key("enter", None))
        await pilot.pause(0.2)
        assert app.screen is app.shell
        assert app.shell.session.strategy == next(iter(app.evaluations))


@pytest.mark.parametrize("name", HOSTILE)
async def test_names_are_never_markup(tmp_path: Path, name: str) -> None:
    quoted = "'" + name.replace("'", "''") + "'"
    (tmp_path / "s.yaml").write_text(
        f"strategy: s\nname: {quoted}\npurpose: {quoted}\ngoals:\n  g:\n    name: {quoted}\n    owner: {quoted}\n"
        f"    description: {quoted}\n    perspective: customer\n    lagging:\n"
        f"      - {{kpi: k, name: {quoted}, unit: {quoted}, baseline: 0, target: 9, values: {{2026-10: 8}}}}\n"
        f"    leading: [{{goal: h, why: {quoted}}}]\n    comments: {{2026-10: {quoted}}}\n"
        f"    initiatives: [{{initiative: i, name: {quoted}}}]\n  h: {{perspective: internal, name: {quoted}}}\n"
    )
    app = make_app(tmp_path / "s.yaml")
    async with app.run_test(size=(132, 60)) as pilot:
        await pilot.pause()
        app.screen.query_one(StrategyMap).selected = "g"
        await pilot.pause()
        assert name in read(app, "#head")
        assert read(app, "#goal").count(name) >= 4
        assert app.is_running  # `[@click=app.quit]` did nothing


def test_a_strategy_with_errors_does_not_open(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text("strategy: s\ngoals: {g: {perspective: nowhere}}\n")
    with pytest.raises(StrategyError):
        make_app(tmp_path / "s.yaml")


@pytest.mark.parametrize("size", [(80, 24), (132, 40)])
@pytest.mark.parametrize("theme", ["dark", "light", "high-contrast"])
def test_the_screen_looks_as_it_did(snap_compare, size: tuple[int, int], theme: str) -> None:
    assert snap_compare(make_app(theme=theme), terminal_size=size, press=["down", "down", "right"])


def test_the_screen_without_colour_looks_as_it_did(snap_compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(make_app(), terminal_size=(100, 30), press=["down", "down", "right"])


async def wait_until(pilot, holds) -> None:
    """Wait for what the app does on its own, ten seconds at most."""
    for _ in range(200):
        await pilot.pause(0.05)
        if holds():
            return
    raise AssertionError("it did not happen")
