"""The members screen, driven by keys: where the whole is weak, and the scorecard of one member."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from threading import Event

import pytest
from test_app import EXAMPLE
from test_slices import CHAIN, ROWS, write
from textual.pilot import Pilot
from textual.widgets import Input

from scorecard.api import Scorecard
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.sliced import Sliced
from scorecard.tui.app import ReviewApp
from scorecard.tui.screens import members
from scorecard.tui.screens.members import MembersView
from scorecard.tui.session import Opened
from scorecard.tui.widgets.heat_grid import HeatGrid


async def open_members(pilot: Pilot[None]) -> HeatGrid:
    """Go to the screen once the map is up, and wait for its numbers."""
    await wait_for(pilot, lambda: pilot.app.query("StrategyMap"))
    await pilot.press("8")
    await wait_for(pilot, lambda: pilot.app.query(HeatGrid) and pilot.app.query_one(HeatGrid).chosen is not None)
    grid = pilot.app.query_one(HeatGrid)
    await wait_for(pilot, lambda: grid.has_focus)
    return grid


async def wait_for(pilot: Pilot[None], holds: object) -> None:
    for _ in range(200):
        if holds():  # type: ignore[operator]
            return
        await pilot.pause(0.02)
    pytest.fail("it did not come")


def line(app: ReviewApp) -> str:
    return str(app.query_one("#line").render())


def head(app: ReviewApp) -> str:
    return str(app.query_one("#head").render())


@pytest.fixture
def app(tmp_path: Path) -> ReviewApp:
    return ReviewApp(str(write(tmp_path, {"s.yaml": CHAIN, "rows.csv": ROWS})))


async def test_members_stand_worst_first_and_any_column_ranks_them(app: ReviewApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        grid = await open_members(pilot)
        assert grid.chosen == "Bari"
        await pilot.press("right", "home")
        assert grid.chosen == "Oslo"  # the worst result of the first goal
        assert "Oslo · Sell" in line(app)


async def test_enter_shows_one_member_everywhere_until_the_whole_is_asked_for(app: ReviewApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        await open_members(pilot)
        await pilot.press("down", "enter")
        await wait_for(pilot, lambda: "Oslo" in head(app))
        assert app.shell.session.evaluation.kpi("sales").value == 50
        await pilot.press("8", "w")
        await wait_for(pilot, lambda: "Oslo" not in head(app))
        assert app.shell.session.evaluation.kpi("sales").value == 210


async def test_the_next_dimension_and_a_part_of_a_name(app: ReviewApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        grid = await open_members(pilot)
        await pilot.press("slash")
        await wait_for(pilot, lambda: isinstance(app.focused, Input))
        await pilot.press(*"ber", "enter")
        await wait_for(pilot, lambda: grid.chosen == "Bergen")
        await pilot.press("escape", "d")
        await wait_for(pilot, lambda: grid.chosen in ("north", "south"))
        assert "by region" in line(app)


async def test_a_wider_screen_shows_more_goals_and_the_chosen_one_still() -> None:
    app = ReviewApp(str(Path(__file__).parent.parent / "strategies" / "bakeries"))
    async with app.run_test(size=(50, 24)) as pilot:
        grid = await open_members(pilot)
        goals = [goal.title for goal in app.shell.session.evaluation.strategy.goals.values()]
        await pilot.press(*["right"] * len(goals))
        await pilot.pause()

        def shown() -> int:
            words = "".join(grid.render_line(y).text for y in range(3))
            return sum(goal.split()[0][:8] in words for goal in goals)

        narrow = shown()
        assert goals[-1].split()[0][:8] in "".join(grid.render_line(y).text for y in range(3))
        await pilot.resize_terminal(200, 24)
        await pilot.pause()
        assert shown() == len(goals) > narrow
        assert any("◂" in grid.render_line(y).text for y in range(grid.size.height))


async def test_without_dimensions_the_screen_says_what_to_write(tmp_path: Path) -> None:
    files = {"s.yaml": "strategy: s\nperspectives: {p: P}\ngoals: {g: {perspective: p}}\n"}
    app = ReviewApp(str(write(tmp_path, files)))
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_for(pilot, lambda: pilot.app.query("StrategyMap"))
        await pilot.press("8")
        await wait_for(pilot, lambda: pilot.app.query(MembersView))
        await pilot.pause()
        assert "no dimensions" in line(app)
        assert "this screen shows which of its members do well" in str(app.query_one("#none Static").render())
        assert app.query_one("#none").region.height > 10
        await wait_for(pilot, lambda: app.query_one("#none").has_focus)
        offered = [one.binding.description for one in app.screen.active_bindings.values()]
        assert not {"Dimension", "Result/outlook", "Whole"} & set(offered)


async def test_names_of_members_are_never_markup(tmp_path: Path) -> None:
    text = CHAIN.replace("Oslo", "'[@click=app.quit]x[/]'")
    rows = ROWS.replace("Oslo", "[@click=app.quit]x[/]")
    app = ReviewApp(str(write(tmp_path, {"s.yaml": text, "rows.csv": rows})))
    async with app.run_test(size=(100, 30)) as pilot:
        grid = await open_members(pilot)
        await pilot.press("down")
        assert grid.chosen == "[@click=app.quit]x[/]"
        assert "[@click=app.quit]x[/]" in line(app)


async def test_the_app_opens_on_the_members_asked_for(tmp_path: Path) -> None:
    app = ReviewApp(str(write(tmp_path, {"s.yaml": CHAIN, "rows.csv": ROWS})), where={"region": "north"})
    async with app.run_test(size=(100, 30)) as pilot:
        await wait_for(pilot, lambda: "north" in head(app))
        await wait_for(pilot, lambda: app.query("StrategyMap"))
        assert app.shell.session.evaluation.kpi("sales").value == 140


async def test_a_member_is_computed_beside_the_keys_and_the_last_choice_counts(
    app: ReviewApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, begun = Event(), []
    compute = members.cut

    def wait(opened: Opened, strategy: str, where: Mapping[str, str]) -> Evaluation:
        begun.append(dict(where))
        gate.wait(20)
        return compute(opened, strategy, where)

    monkeypatch.setattr(members, "cut", wait)
    async with app.run_test(size=(100, 30)) as pilot:
        await open_members(pilot)
        await pilot.press("enter")
        assert "computing Bari" in line(app)
        await pilot.press("down", "enter")
        assert "computing Oslo" in line(app)
        gate.set()
        await wait_for(pilot, lambda: app.shell.open_id == "map")
        assert len(begun) == 2
        assert app.shell.session.where == begun[1]
        assert "Oslo" in head(app)


async def test_escape_leaves_the_member_that_is_computed(app: ReviewApp, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Event()
    monkeypatch.setattr(members, "cut", lambda *_: gate.wait(20) and None)
    async with app.run_test(size=(100, 30)) as pilot:
        await open_members(pilot)
        await pilot.press("enter", "escape")
        assert "computing" not in line(app)
        gate.set()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert (app.shell.open_id, app.shell.session.where) == ("members", {})


async def test_a_member_that_cannot_be_computed_is_said(app: ReviewApp, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Evaluation:
        raise ValueError("there is no such member")

    monkeypatch.setattr(members, "cut", refuse)
    async with app.run_test(size=(100, 30)) as pilot:
        await open_members(pilot)
        await pilot.press("enter")
        await wait_for(pilot, lambda: [toast for toast in app._notifications if "no such member" in toast.message])
        assert app.shell.open_id == "members"
        assert "computing" not in line(app)


async def test_what_was_computed_of_another_reading_is_not_drawn(app: ReviewApp, tmp_path: Path) -> None:
    """The files change while all members are computed and another screen is open."""
    async with app.run_test(size=(100, 30)) as pilot:
        grid = await open_members(pilot)
        view = app.query_one(MembersView)
        await pilot.press("1")
        before, wanted = app.shell.session.scorecard, view._wanted
        assert wanted
        (tmp_path / "s.yaml").write_text("strategy: s\nperspectives: {p: P}\ngoals: {g: {perspective: p}}\n")
        await wait_for(pilot, lambda: app.shell.session.scorecard is not before)
        await view._compute(wanted).wait()  # type: ignore[arg-type]
        await pilot.press("8")
        await wait_for(pilot, lambda: not grid.display)
        assert "no dimensions" in line(app)


async def test_a_dimension_that_is_left_again_while_it_is_computed_is_not_drawn(
    app: ReviewApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, compute = Event(), Scorecard.evaluate_by

    def wait(self: Scorecard, dimension: str, period: str) -> Sliced:
        gate.wait(20)
        return compute(self, dimension, period)

    async with app.run_test(size=(100, 30)) as pilot:
        grid = await open_members(pilot)
        shown = grid.chosen
        monkeypatch.setattr(Scorecard, "evaluate_by", wait)
        await pilot.press("d")
        await pilot.pause()
        await pilot.press("d")
        await pilot.pause()
        gate.set()
        await wait_for(pilot, lambda: grid.chosen == shown)
        await app.workers.wait_for_complete()
        assert "by region" not in line(app)


@pytest.mark.parametrize("width", [60, 80, 100])
async def test_the_heading_says_how_many_goals_have_no_room(width: int) -> None:
    app = ReviewApp(str(EXAMPLE.parent / "bakeries"))
    async with app.run_test(size=(width, 24)) as pilot:
        grid = await open_members(pilot)
        goals = len(app.shell.session.evaluation.strategy.goals)
        shown = len(grid._shown)
        assert 1 < shown < goals
        assert f" {goals - shown} › " in grid.render_line(0).text
        assert "‹" not in grid.render_line(0).text
        names = grid.render_line(2).text  # the last goal's name is not cut by the edge
        assert names.rstrip() == names[:-1].rstrip()
        grid.column = goals
        assert f" ‹ {goals - shown} " in grid.render_line(0).text
        assert "›" not in grid.render_line(0).text
