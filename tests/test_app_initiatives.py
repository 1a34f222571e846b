"""The initiatives screen, driven by keys and the mouse: what is overdue, in which order, and the way to its goal."""

from __future__ import annotations

import shutil
from contextlib import nullcontext
from pathlib import Path

import pytest
from rich.cells import cell_len
from test_app import EXAMPLE, HOSTILE, TODAY, make_app, read
from test_app_members import wait_for
from textual.pilot import Pilot

from scorecard.tui.app import ReviewApp
from scorecard.tui.session import open_path
from scorecard.tui.widgets.initiative_list import InitiativeList
from scorecard.tui.widgets.tab_bar import TabBar

ONE = """\
strategy: shop
name: Shop
goals:
  sell:
    name: Sell more
    perspective: customer
    owner: Ann
    initiatives:
      - {initiative: sign, %s}
"""


async def open_initiatives(pilot: Pilot[None]) -> InitiativeList:
    await wait_for(pilot, lambda: pilot.app.query("StrategyMap"))
    await pilot.press("5")
    await wait_for(pilot, lambda: pilot.app.query(InitiativeList) and pilot.app.query_one(InitiativeList).has_focus)
    return pilot.app.query_one(InitiativeList)


def lines(grid: InitiativeList) -> list[str]:
    """What is on screen, each line checked to fill the width."""
    found = ["".join(segment.text for segment in grid.render_line(y)) for y in range(grid.size.height)]
    assert {cell_len(line) for line in found} == {grid.size.width}
    return found


def ids(grid: InitiativeList) -> list[str]:
    return [one.id for one in grid._found]


def write_one(folder: Path, fields: str) -> ReviewApp:
    """A strategy with one initiative of these fields."""
    (folder / "s.yaml").write_text(ONE % fields)
    return make_app(folder / "s.yaml")


async def test_overdue_ones_stand_first_with_all_that_is_known_of_them() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        grid = await open_initiatives(pilot)
        text = lines(grid)
        assert "▲ overdue" in text[1]
        assert "Find the best hours to post" in text[1]
        assert "2026-08-31" in text[1]
        assert "50%" in text[1]
        assert "Learn social media tactics" in text[2]
        assert "Social media analyst" in text[2]
        assert "62 days late" in text[2]
        assert "is 62 days overdue (due 2026-08-31), progress 50%, Social media analyst" in read(app, "#line")
        assert "11 initiatives" in read(app, "#summary")
        assert "▲ 1 overdue" in read(app, "#summary")
        assert "as of 2026-11-01   spent 29,150 (4 unknown) of 41,000 (4 unknown)" in read(app, "#summary")


MONEY = """\
strategy: shop
goals:
  sell:
    perspective: customer
    initiatives:
      - {initiative: a, budget: 100, spent: 50}
      - {initiative: b, budget: 10%s}
      - {initiative: c%s}
"""


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        (("", ", spent: 7"), "spent 57 (1 unknown) of 110 (1 unknown)"),
        (("", ""), "spent 50 (2 unknown) of 110 (1 unknown)"),
        ((", spent: 0", ", budget: 5, spent: 7"), "spent 57 of 115"),
    ],
)
async def test_what_is_known_of_budgets_and_spending_is_added_up_each(
    tmp_path: Path, fields: tuple[str, str], says: str
) -> None:
    (tmp_path / "s.yaml").write_text(MONEY % fields)
    app = make_app(tmp_path / "s.yaml")
    async with app.run_test(size=(132, 30)) as pilot:
        await open_initiatives(pilot)
        assert says in read(app, "#summary")


@pytest.mark.parametrize("size", [(80, 24), (132, 40), (200, 50)])
async def test_the_summary_is_whole_at_every_width(size: tuple[int, int]) -> None:
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await open_initiatives(pilot)
        shown = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        for words in (
            "11 initiatives as of 2026-11-01",
            "✕ 1 stopped",
            "spent 29,150 (4 unknown) of 41,000 (4 unknown)",
        ):
            assert words in shown


async def test_an_old_period_shows_how_they_stood_at_its_end(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(
        (ONE % "start: 2026-01, due: 2026-08, progress: {2026-07: 20%, 2026-09: 90%}")
        + "    lagging: [{kpi: k, values: {2026-06: 1, 2026-11: 2}}]\n"
    )
    app = make_app(tmp_path / "s.yaml")
    async with app.run_test(size=(132, 30)) as pilot:
        grid = await open_initiatives(pilot)
        for period, day, words in (
            ("2026-11", "as of 2026-11-20", "81 days late"),  # it is not over
            ("2026-10", "as of 2026-11-01", "62 days late"),
            ("2026-08", "as of 2026-09-01", "1 day late"),
            ("2026-07", "as of 2026-08-01", "30 days left"),
        ):
            app.shell.session.go_to(period)
            app.shell.show()
            await wait_for(pilot, lambda day=day: day in read(app, "#summary"))
            assert words in "\n".join(lines(grid))
            assert ("90%" if period > "2026-08" else "20%") in "\n".join(lines(grid))
            tab = "5 Initiatives 1 " if period > "2026-07" else "5 Initiatives  6"
            assert tab in str(app.query_one(TabBar).render())


async def test_the_time_that_is_gone_is_marked_in_the_bar(tmp_path: Path) -> None:
    app = write_one(tmp_path, "start: 2026-11-01, due: 2026-11-30, progress: 20%")  # 19 of 30 days are over
    async with app.run_test(size=(80, 24)) as pilot:
        grid = await open_initiatives(pilot)
        text = lines(grid)[1]
        bar = text[text.index("▰") : text.index("20%")].strip()
        assert text.startswith("▌◆ behind")
        assert len(bar) == 12
        assert bar.index("┃") == int(12 * 19 / 30)
        assert bar.count("▰") == 2


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ("budget: 100, spent: 120", "▲ 120 of 100 over"),
        ("budget: 100, spent: 60, progress: 20%", "◆ 60 of 100 fast"),
        ("budget: 100, spent: 60, progress: 60%", " 60 of 100 spent"),
        ("budget: 0, spent: 60", "▲ 60 of 0 over"),
        ("budget: 12_345_678, spent: 23_456_789", "▲ 190% of 12,345,678 over"),
        ("spent: 60", " 60 spent"),
        ("budget: 60", " budget 60"),
        ("due: 2026-11-20", "last day"),
        ("due: 2026-11-21", "1 day left"),
        ("due: 2026-11-19", "1 day late"),
        ("owner: Bob", "no due date"),
        ("owner: Bob", "progress unknown"),
        ("owner: Bob", "○ unknown"),
        ("status: stopped", "✕ stopped"),
        ("progress: 100%", "✓ done"),
        ("due: 2026-12-20, start: 2026-12-01, progress: 0%", "● on track"),
    ],
)
async def test_money_and_time_are_said_with_sign_and_word(tmp_path: Path, fields: str, says: str) -> None:
    app = write_one(tmp_path, fields)
    for size in ((132, 30), (200, 30)):
        async with app.run_test(size=size) as pilot:
            assert says in "\n".join(lines(await open_initiatives(pilot)))
        app = make_app(tmp_path / "s.yaml")


async def test_s_sorts_by_pace_goal_owner_and_due_date_and_keeps_what_is_chosen() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        grid = await open_initiatives(pilot)
        by_pace = ids(grid)
        await pilot.press("down", "s")
        chosen = grid.chosen
        assert (grid.order, chosen.id if chosen else "") == ("goal", by_pace[1])
        assert "goal ↑" in lines(grid)[0]
        assert grid._found[0].goal.id == "business_results"
        await pilot.press("s")
        owners = [one.owner or "" for one in grid._found]
        assert owners == sorted(owners, key=str.casefold)
        await pilot.press("s")
        dates = [one.due or 0 for one in grid._found]
        assert dates == sorted(dates)
        assert "Due ↑" in lines(grid)[0]
        await pilot.press("s")
        assert ids(grid) == by_pace
        await pilot.press("S")
        assert grid.order == "due"


async def test_on_a_narrow_screen_a_heading_is_whole_and_apart_from_the_next() -> None:
    app = make_app()
    async with app.run_test(size=(60, 24)) as pilot:
        grid = await open_initiatives(pilot)
        assert lines(grid)[0].split("  ")[0].strip() == "Status ↑"
        for order in ("Initiative ", "goal ↑ ", "owner ↑ "):
            assert f" {order}" in lines(grid)[0]
            assert " Progress ┃ time " in lines(grid)[0]
            await pilot.press("s")


async def test_a_click_on_the_heading_sorts_and_one_on_a_row_chooses() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        grid = await open_initiatives(pilot)
        heading = lines(grid)[0]
        await pilot.click(grid, offset=(heading.index("Initiative"), 0))
        await pilot.click(grid, offset=(heading.index("Initiative"), 0))
        assert grid.order == "owner"
        await pilot.click(grid, offset=(heading.index("Progress"), 0))
        assert grid.order == "owner"
        await pilot.click(grid, offset=(20, 6))
        await wait_for(pilot, lambda: grid.cursor == 2)
        await pilot.click(grid, offset=(20, 6), times=2)
        await wait_for(pilot, lambda: app.shell.open_id == "detail")


async def test_enter_opens_the_goal_and_escape_comes_back() -> None:
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        grid = await open_initiatives(pilot)
        await pilot.press("j")
        await wait_for(pilot, lambda: "Test of formats" in read(app, "#line"))
        goal = grid.chosen.goal.id if grid.chosen else ""
        assert app.shell.session.goal == goal
        await pilot.press("enter")
        await wait_for(pilot, lambda: app.shell.open_id == "detail")
        assert app.shell.session.goal == goal
        await pilot.press("escape")
        await wait_for(pilot, lambda: app.shell.open_id == "initiatives" and grid.has_focus)
        assert grid.cursor == 1


async def test_the_goal_chosen_elsewhere_has_its_initiative_chosen() -> None:
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        app.shell.choose("business_results", "lead_conversion")
        grid = await open_initiatives(pilot)
        assert grid.chosen
        assert grid.chosen.id == "crm_fields"
        assert app.shell.session.kpi == "lead_conversion"  # looking on changes nothing


async def test_keys_reach_the_last_of_many_and_only_whole_rows_are_revealed(tmp_path: Path) -> None:
    many = "".join(f"      - {{initiative: i{n}, due: 2026-12-01}}\n" for n in range(300))
    (tmp_path / "s.yaml").write_text(ONE % "due: 2026-12-01" + many)
    app = make_app(tmp_path / "s.yaml")
    async with app.run_test(size=(80, 24)) as pilot:
        grid = await open_initiatives(pilot)
        await pilot.press("end")
        await wait_for(pilot, lambda: "▌" in lines(grid)[-1])
        assert grid.cursor == 300
        await pilot.press("pageup", "up", "k")
        assert grid.cursor < 298
        await pilot.press("home")
        await wait_for(pilot, lambda: "▌" in lines(grid)[1])
        assert "▌" in lines(grid)[2]


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (132, 40), (200, 50)])
async def test_goal_owner_and_money_are_said_at_every_width(size: tuple[int, int]) -> None:
    app = make_app()
    async with app.run_test(size=size) as pilot:
        text = "\n".join(lines(await open_initiatives(pilot)))
        for words in ("Hire a second editor", "Post enga", "Head of", "2026-12-15", "44 days left", "30%"):
            assert words in text
        assert ("▲ 109% over" if size[0] == 80 else "▲ 4,350 of 4,000 over") in text


async def test_e_edits_the_initiative_where_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example = Path(shutil.copytree(EXAMPLE, tmp_path / "social_media"))
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "$1" > "$0.line"\nsed -i "s/best hours/worst hours/" "$2"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", f"'{editor}'")
    monkeypatch.setattr(ReviewApp, "suspend", lambda self: nullcontext())
    app = make_app(example)
    async with app.run_test(size=(100, 30)) as pilot:
        grid = await open_initiatives(pilot)
        await pilot.press("e")
        await wait_for(pilot, lambda: "worst hours" in lines(grid)[1])
    line = int(editor.with_suffix(".line").read_text().strip("+\n"))
    assert "initiative: posting_hours" in (example / "strategy.yaml").read_text().splitlines()[line - 1]


async def test_without_initiatives_the_screen_says_what_to_write(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text("strategy: s\ngoals: {g: {perspective: customer}}\n")
    app = make_app(tmp_path / "s.yaml")
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_for(pilot, lambda: app.query("StrategyMap"))
        await pilot.press("5")
        await wait_for(pilot, lambda: app.query("#calm") and app.query_one("#calm").has_focus)
        assert "initiatives:" in read(app, "#none")
        assert not app.query_one(InitiativeList).display
        assert "write 'initiatives:'" in read(app, "#line")
        await pilot.press("enter", "s", "down", "y")
        (tmp_path / "s.yaml").write_text(ONE % "due: 2026-12-01")
        await wait_for(pilot, lambda: app.query_one(InitiativeList).display)
        await wait_for(pilot, lambda: app.query_one(InitiativeList).has_focus)


async def test_the_tab_counts_what_is_overdue(tmp_path: Path) -> None:
    for path, counted in ((EXAMPLE, "5 Initiatives 1 "), (tmp_path / "s.yaml", "5 Initiatives  6")):
        (tmp_path / "s.yaml").write_text(ONE % "due: 2026-12-01" + "      - {initiative: other}\n")
        app = make_app(path)
        async with app.run_test(size=(132, 30)) as pilot:
            await open_initiatives(pilot)
            assert counted in str(app.query_one(TabBar).render())


def test_a_day_later_another_one_may_be_overdue(tmp_path: Path) -> None:
    from scorecard.tui.initiative_cells import count_overdue, list_initiatives
    from scorecard.tui.session import Session

    (tmp_path / "s.yaml").write_text(ONE % "due: 2026-11-20" + "      - {initiative: other}\n")
    for day, overdue in ((TODAY, 0), (TODAY + 1, 1)):
        session = Session(open_path(str(tmp_path / "s.yaml"), day), "shop")
        assert sum(one.days_late > 0 for one in list_initiatives(session)) == overdue
        assert count_overdue(session) == overdue


@pytest.mark.parametrize("name", HOSTILE)
async def test_names_of_initiatives_are_never_markup(tmp_path: Path, name: str) -> None:
    quoted = "'" + name.replace("'", "''") + "'"
    app = write_one(tmp_path, f"name: {quoted}, owner: {quoted}, due: 2026-11-01")
    for size in ((100, 30), (200, 30)):
        async with app.run_test(size=size) as pilot:
            grid = await open_initiatives(pilot)
            assert "\n".join(lines(grid)).count(name) == 2
            assert name in read(app, "#line")
            await pilot.press("y", "s", "down")
            assert app.is_running
        app = make_app(tmp_path / "s.yaml")


async def choose_the_second(pilot: Pilot[None]) -> None:
    await open_initiatives(pilot)
    await pilot.press("down")
    await wait_for(pilot, lambda: "Test of formats" in read(pilot.app, "#line"))


def test_the_initiatives_look_as_they_did(snap_compare) -> None:
    assert snap_compare(make_app(theme="dark"), terminal_size=(100, 30), run_before=choose_the_second)


def test_the_initiatives_without_colour_look_as_they_did(snap_compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(make_app(), terminal_size=(80, 24), run_before=choose_the_second)
