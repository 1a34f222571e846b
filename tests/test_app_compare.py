"""Comparing in the app: `c` goes round, and map, scorecard and detail show the change against that period."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import write_strategy
from rich.cells import cell_len
from sample_map import make_box
from test_app import EXAMPLE, make_app, read
from test_compare import ROWS, SHOP, TODAY_IN_SHOP

from scorecard.analysis.comparison import Earlier
from scorecard.model.period import read_period
from scorecard.model.status import Status
from scorecard.render.captions import change_line
from scorecard.render.layout import COMPACT, Place
from scorecard.render.picture import draw_picture
from scorecard.tui.app import ReviewApp
from scorecard.tui.score_columns import lay_pages
from scorecard.tui.session import Session, open_path
from scorecard.tui.themes import fallback_colours
from scorecard.tui.widgets.goal_box import Look, Stand, paint_box
from scorecard.tui.widgets.score_table import ScoreTable
from scorecard.tui.widgets.strategy_map import StrategyMap


def open_shop(folder: Path, rows: str = ROWS) -> Session:
    return Session(open_path(str(write_strategy(folder / "shop", SHOP, rows)), TODAY_IN_SHOP), "shop")


def map_rows(app: ReviewApp) -> list[str]:
    """The visible rows of the map, each checked to fill its width."""
    map_ = app.screen.query_one(StrategyMap)
    rows = ["".join(segment.text for segment in map_.render_line(y)) for y in range(map_.size.height)]
    assert {cell_len(row) for row in rows} == {map_.size.width}
    return rows


def table_rows(app: ReviewApp) -> list[str]:
    table = app.screen.query_one(ScoreTable)
    return ["".join(segment.text for segment in table.render_line(y)) for y in range(table.size.height)]


def toasts(app: ReviewApp) -> list[str]:
    return [one.message for one in app._notifications]


async def test_c_goes_round_and_the_title_says_with_what() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.pause()
        heads = [read(app, "#head")]
        for _ in range(3):
            await pilot.press("c")
            heads.append(read(app, "#head"))
        assert "2026-10 · illustrative · index ● green 77%, coverage" in heads[0]
        assert "2026-10 compared with 2026-09 · index ● green 77% ↘ -3 pp · illustrative, coverage" in heads[1]
        assert "2026-10 compared with 2025-10 · index ● green 77% ↘ -1 pp" in heads[2]
        assert heads[3] == heads[0]
        assert toasts(app) == []


@pytest.mark.parametrize(
    ("size", "turned", "moved"),
    [
        ((200, 50), "◆ amber → ▲ red", r"31% ↘ -16 pp"),
        ((132, 40), "◆ amber → ▲ red", r"31% ↘ -16 "),
        ((80, 24), "◆→▲ red", r"31% ↘ -16"),
    ],
)
async def test_the_map_shows_what_turned_and_by_how_much(size: tuple[int, int], turned: str, moved: str) -> None:
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        before = "\n".join(map_rows(app))
        await pilot.press("c")
        compared = "\n".join(map_rows(app))
        assert turned in compared
        assert re.search(moved, compared)
        assert "31% ↗ 45%" in before
        assert "31% ↗ 45%" not in compared
        await pilot.press("c", "c")
        assert "\n".join(map_rows(app)) == before


@pytest.mark.parametrize(
    ("width", "turned", "same"),
    [
        (40, "52% ↗ +12 pp", "52% ↗ +12 pp"),
        (20, "52% ↗ +12", "52% ↗ +12"),
        (17, "52% ↗", "52% ↗+12"),
    ],
)
def test_boxes_without_a_border_show_both_signs_the_word_and_as_much_of_the_change_as_fits(
    width: int, turned: str, same: str
) -> None:
    amber = replace(make_box("sales", "Sales", 0, 0.52), change="was ◆ amber 40%, +12 pp", score_change=0.12)
    place = Place("sales", 0, 0, 0, 0, width, 2, ("Sales",))
    look = Look(fallback_colours(True) | {"foreground": "#FFFFFF", "background": "#000000"})
    for before, signs, said in ((Status.RED, "▲→◆", turned), (Status.AMBER, "", same)):
        lines = paint_box(replace(amber, status_before=before), place, COMPACT, look, Stand("lane-0"))
        texts = ["".join(segment.text for segment in line) for line in lines]
        assert {cell_len(text) for text in texts} == {width}
        assert texts[1].startswith(f"▌{signs or '◆'} amber")
        assert texts[1].rstrip().endswith(said)
        assert ("→" in texts[1]) == bool(signs)


async def test_the_pointer_on_a_box_tells_the_change() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("c")
        map_ = app.screen.query_one(StrategyMap)
        assert map_.map_layout
        assert map_.picture
        place = map_.map_layout.places["post_content"]
        await pilot.hover(StrategyMap, offset=(place.x + 24, place.y + 1))
        lines = str(map_.tooltip).split("\n")
        assert lines[1] == change_line(map_.picture.boxes[place.box]) == "↘ was ◆ amber 47%, -16 pp"


async def test_the_scorecard_holds_its_changes_against_that_period() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        plain = table_rows(app)
        await pilot.press("c")
        previous = table_rows(app)
        await pilot.press("c")
        last_year = table_rows(app)
        assert "Change" in plain[0]
        assert "since 2026-09" in previous[0]
        assert "since 2025-10" in last_year[0]

        def cell(rows: list[str], name: str) -> str:
            row = next(row for row in rows if name in row)
            return re.findall(r"[-+][\d,.]+(?: pp)? (?:better|worse)", row)[-1]

        for rows, profile, qualified in (
            (plain, "-171 worse", "-2 worse"),
            (previous, "-171 worse", "-2 worse"),
            (last_year, "+48 better", "+101 better"),
        ):
            assert (cell(rows, "Profile visits"), cell(rows, "Qualified inter")) == (profile, qualified)


async def test_the_scorecard_sorts_by_the_change_against_that_period() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("2", "c", "c")
        await pilot.pause()
        table = app.screen.query_one(ScoreTable)
        change = next(column for column, _ in table.columns if column.name == "Change")
        table.sort_by(change)
        assert "since 2025-10 ↑" in table_rows(app)[0]
        assert table.lines[0].stub.id == "public_comments"
        await pilot.press("left_square_bracket")
        assert "since 2025-09 ↑" in table_rows(app)[0]


def test_the_change_asked_for_has_room_before_others() -> None:
    def names(width: int, since: str) -> list[str]:
        return [column.name for column, _ in lay_pages(width, {}, since=since)[0]]

    assert "Change" not in names(80, "")
    for width in (60, 80, 100, 132, 200):
        assert "Change" in names(width, "2026-W40")
        assert sum(size + 1 for _, size in lay_pages(width, {}, since="2026-10-31")[0]) <= width


async def test_the_detail_says_then_and_now() -> None:
    app = make_app()
    async with app.run_test(size=(132, 60)) as pilot:
        await pilot.press("2", "down", "down", "enter")
        await pilot.pause()
        assert "Compared with" not in read(app, "#why")
        await pilot.press("c")
        await pilot.pause()
        said = read(app, "#why")
        assert said.startswith("Compared with 2026-09\n")
        assert "306 interactions → 304 interactions, -2 worse" in said
        assert "● green 91% → ● green 80% -11 pp" in said
        assert "325 interactions → 350 interactions" in said
        await pilot.press("A", "c")
        await pilot.pause()
        said = read(app, "#why")
        assert "Compared with 2025-10" in said
        assert "◆ amber 65% → ◆ amber 84% +19 pp" in said
        assert re.search(r"was ◆ amber 203 interactions.*, \+101 better", said)


async def test_it_stays_over_periods_screens_and_a_reload(tmp_path: Path) -> None:
    folder = write_strategy(tmp_path / "shop", SHOP, ROWS)
    app = ReviewApp(str(folder), open_path(str(folder), TODAY_IN_SHOP), None, None)
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("c", "left_square_bracket")
        assert "2026-09 compared with 2026-08" in read(app, "#head")
        await pilot.press("left_square_bracket")
        assert "2026-08, no values of 2026-07 to compare with" in read(app, "#head")
        await pilot.press("right_square_bracket", "right_square_bracket", "2", "7", "1")
        assert "2026-10 compared with 2026-09" in read(app, "#head")
        await pilot.pause()
        (folder / "rows.csv").write_text(ROWS + "margin,2026-11,12%\n")
        app._renew(open_path(str(folder), TODAY_IN_SHOP), "")
        await pilot.pause()
        assert "2026-11 compared with 2026-10" in read(app, "#head")
        assert re.search(r"58% ↗ \+15", "\n".join(map_rows(app)))


async def test_a_toast_says_why_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    folder = write_strategy(tmp_path / "shop", SHOP, ROWS)
    app = ReviewApp(str(folder), open_path(str(folder), TODAY_IN_SHOP), None, None)
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("c")
        assert toasts(app) == []
        await pilot.press("c")
        assert toasts(app) == ["There are no values of 2025-10 to compare with."]
        assert "compared" not in read(app, "#head")
        await pilot.press("left_square_bracket", "left_square_bracket", "c")
        assert toasts(app)[-1] == "There are no values of 2026-07 and 2025-08 to compare with."


@pytest.mark.parametrize(
    ("rows", "order"),
    [
        (ROWS, ["previous", None, "previous"]),
        (ROWS + "margin,2025-10,9%\n", ["previous", "last-year", None]),
    ],
)
def test_the_session_goes_round(tmp_path: Path, rows: str, order: list[Earlier | None]) -> None:
    session = open_shop(tmp_path, rows)
    found = []
    for _ in order:
        session.compare_next()
        found.append(session.compared)
        assert (session.before is None) == (session.compared is None)
    assert found == order


def test_members_are_compared_with_themselves() -> None:
    opened = open_path(str(EXAMPLE.parent / "bakeries"), TODAY_IN_SHOP)
    session = Session(opened, next(iter(opened.evaluations)))
    session.slice({"region": "Valley"})
    session.compare_next()
    assert session.before
    then = session.evaluation.at(session.before)
    assert then.members == {"region": "Valley"}
    assert then.index.score != session.whole.at(session.before).index.score
    assert session.before < read_period(str(session.evaluation.period))


async def test_the_palette_compares() -> None:
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause()
        await pilot.press(*"compare")
        await pilot.pause(0.5)
        await pilot.press("enter")
        await pilot.pause()
        assert "compared with 2026-09" in read(app, "#head")


async def test_the_pointer_on_a_box_tells_the_kpis_of_the_period_looked_at() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        map_ = app.screen.query_one(StrategyMap)
        assert map_.map_layout
        place = map_.map_layout.places["post_content"]
        told = []
        for key in ("", "left_square_bracket"):
            if key:
                await pilot.press(key)
            await pilot.hover(StrategyMap, offset=(0, 0))
            await pilot.hover(StrategyMap, offset=(place.x + 24, place.y + 1))
            told.append(str(map_.tooltip).split("\n")[1:])
            now = app.shell.session.evaluation
            kpis = [now.kpi(use.kpi) for use in now.strategy.goals["post_content"].lagging]
            assert [line.partition(":")[0] for line in told[-1]] == [
                f"{one.status.sign} {one.status} {one.kpi.title}" for one in kpis
            ]
            assert [line.split(" ", 2)[2] for line in told[-1]] == [
                line.split(" ", 1)[1] for line in draw_picture(now).boxes[place.box].lines
            ]
        assert told[0] != told[1]
