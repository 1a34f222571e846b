"""The scorecard screen: its rows and columns, sorting, the filter's words, and thousands of rows."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from threading import current_thread

import pytest
from rich.cells import cell_len
from test_app import EXAMPLE, TODAY, make_app, read, wait_until
from textual.widgets import Input

from scorecard.compute.evaluation import Evaluation
from scorecard.render.table import Row, fill_row, outline, scorecard_rows, standing
from scorecard.tui.filter import FLAGS, WORDS, describe_words, read_filter
from scorecard.tui.score_cells import say_difference, squeeze
from scorecard.tui.score_columns import COLUMNS, NAME, lay_pages, list_columns, measure_columns
from scorecard.tui.score_lines import Listing, add_context, find_key
from scorecard.tui.screens.entry import EntryScreen
from scorecard.tui.session import open_path
from scorecard.tui.sheets import tabulate_scores, write_scores
from scorecard.tui.widgets.score_table import ScoreTable


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return open_path(str(EXAMPLE), TODAY).evaluations["social_media"]


def find(evaluation: Evaluation, words: str) -> list[Row]:
    holds = read_filter(words, evaluation.strategy).holds
    return [row for row in scorecard_rows(evaluation, guardrails=True) if holds(row)]


def texts(table: ScoreTable) -> list[str]:
    """The lines on screen, each checked to fill the width."""
    lines = ["".join(segment.text for segment in table.render_line(y)) for y in range(table.size.height)]
    assert {cell_len(line) for line in lines} == {table.size.width}
    return lines


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("status:red", lambda row: row.status == "red"),
        ("status:red,amber", lambda row: row.status in ("red", "amber")),
        ("-status:green", lambda row: row.status != "green"),
        ("STATUS:Red", lambda row: row.status == "red"),
        ("owner:'content lead'", lambda row: row.cells[2] == "Content lead"),
        ("owner:contentlead", lambda row: row.cells[2] == "Content lead"),
        ("stale", lambda row: row.kind == "kpi" and row.result.stale),
        ("outlook:worse", lambda row: row.kind == "goal" and row.result.heading == "worse"),
        ("signal:warn", lambda row: row.kind == "goal" and row.result.signal == "warning"),
        ("breached goals", lambda row: row.kind == "goal" and row.result.guardrails_breached),
        ("breached kpis", lambda row: row.id == "discount_share"),
        ("guardrails", lambda row: row.id in ("discount_share", "negative_comment_share")),
        ("kpis theme:content", lambda row: row.kind == "kpi" and row.goal in ("engaging_content", "post_content")),
        ("status:red kpis", lambda row: row.status == "red" and row.kind == "kpi"),
        ("bounce", lambda row: "Bounce" in row.cells[1]),
        ("Red goals", lambda row: row.kind == "goal" and row.status == "red"),
        ("-green kpis", lambda row: row.kind == "kpi" and row.status != "green"),
        ("", lambda row: True),
    ],
)
def test_the_filter_finds_what_its_words_say(evaluation: Evaluation, words: str, holds) -> None:
    rows = list(scorecard_rows(evaluation, guardrails=True))
    found = find(evaluation, words)
    assert found == [row for row in rows if holds(row)]
    assert found
    assert read_filter(words, evaluation.strategy).wrong == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("statsu:red", "'statsu:' is not known, did you mean 'status:'?"),
        ("status:purple", "'status:' takes red, amber, green, unknown"),
        ('owner:""', "say what behind 'owner:'"),
        ("zzz:1", "'zzz:' is not known"),
    ],
)
def test_a_word_that_is_not_understood_filters_nothing_and_is_said(
    evaluation: Evaluation, words: str, said: str
) -> None:
    assert read_filter(words, evaluation.strategy).wrong == said
    assert find(evaluation, words) == list(scorecard_rows(evaluation, guardrails=True))


def test_every_word_of_the_filter_is_in_the_help() -> None:
    assert all(f"`{word}:`" in describe_words() for word in WORDS)
    assert all(f"`{flag}`" in ScoreTable.HELP for flag in FLAGS)


@pytest.mark.parametrize("since", ["", "2026-09"], ids=["alone", "compared"])
@pytest.mark.parametrize("width", [40, 60, 80, 100, 132, 160, 200])
def test_columns_come_by_their_rank_and_the_rest_stands_on_further_pages(
    evaluation: Evaluation, width: int, since: str
) -> None:
    needs = measure_columns(evaluation)
    pages = lay_pages(width, needs, since=since)
    for page in pages:
        assert 1 + sum(size + 1 for _, size in page) == width - 1  # a column is left for the scroll bar
        assert [column.name for column, _ in page][:2] == ["Status", NAME]
        assert [column for column, _ in page] == [one for one in COLUMNS if one in dict(page)]
    ranks = {column.rank for column, _ in pages[0] if column.name != "Change" or not since}
    assert since or ranks == set(range(max(ranks) + 1))
    assert {column for page in pages for column, _ in page} == set(COLUMNS)
    first = {column.name for column, _ in pages[0]}
    assert width < 80 or {"Actual", "Target", "Score"} | ({"Outlook", "Trend"} if not since else {"Change"}) <= first
    assert width < 132 or {"Owner", "Gap", "Trend", "Change", "Data"} <= first
    assert (len(pages) == 1) == (width >= 160)


@pytest.mark.parametrize("name", ["Owner", "Gap", "Unit", "Change", "Data", "Trend"])
@pytest.mark.parametrize("width", [60, 80, 100, 132])
def test_what_sorts_is_on_every_page(evaluation: Evaluation, width: int, name: str) -> None:
    column = next(one for one in COLUMNS if one.name == name)
    pages = lay_pages(width, measure_columns(evaluation), column)
    assert all(column in dict(page) for page in pages)
    assert all(1 + sum(size + 1 for _, size in page) == width - 1 for page in pages)


def test_a_column_in_which_nobody_says_anything_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(
        "strategy: s\ngoals: {g: {perspective: customer, lagging: [{kpi: k, baseline: 0, target: 1_200_000,"
        " values: {2026-10: 3_000_000}}]}}\n"
    )
    needs = measure_columns(open_path(str(tmp_path / "s.yaml"), TODAY).evaluations["s"])
    (page,) = lay_pages(132, needs)
    assert {"Owner", "Unit"}.isdisjoint(column.name for column, _ in page)
    assert next(size for column, size in page if column.name == "Actual") >= len("3,000,000")


async def test_a_blank_column_stands_between_the_trend_and_the_scroll_bar() -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        table = app.screen.query_one(ScoreTable)
        assert table.show_vertical_scrollbar
        bar = table.scrollable_content_region.width  # the columns in front of it
        rows = texts(table)
        assert any(row[bar - 2] in "▁▂▃▄▅▆▇█" for row in rows)
        assert {row[bar - 1] for row in rows[1:]} == {" "}


async def test_rows_say_status_figures_gap_change_and_age() -> None:
    app = make_app()
    async with app.run_test(size=(200, 60)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        lines = texts(app.screen.query_one(ScoreTable))
        bounce = next(line for line in lines if "Bounce rate" in line)
        assert all(word in bounce for word in ("▲ red", "62.6%", "50%", "+12.6 pp", "30%", "+2.6 pp worse", "fresh"))
        assert "1 month old" in next(line for line in lines if "People tagged" in line)
        assert "◆ amber ⚑" in next(line for line in lines if "Achieve valuable" in line)


async def test_better_and_worse_are_words_so_that_a_sign_only_says_up_or_down() -> None:
    app = make_app()
    async with app.run_test(size=(132, 60)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        lines = texts(app.screen.query_one(ScoreTable))
        change = {name: next(line for line in lines if name in line) for name in ("Response time", "Cost per lead")}
        assert "+0.125 worse" in change["Response time"]
        assert "-0.283 better" in change["Cost per lead"]
        assert not any(arrow in line for line in change.values() for arrow in "↗↘")
        assert "Response time (hours)" in change["Response time"]  # of what 4.5, where units have no column


@pytest.mark.parametrize("keys", [[], ["c"]], ids=["alone", "compared"])
async def test_132_columns_hold_every_figure_and_names_also_while_comparing(keys: list[str]) -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("2", *keys)
        await pilot.pause()
        lines = texts(app.screen.query_one(ScoreTable))
        titles = ("Owner", "Actual", "Target", "Gap", "Score", "Outlook", "Trend", "Data")
        assert all(title in lines[0] for title in titles)
        row = next(line for line in lines if "Social leads converted to sales " in line)
        assert re.search("Sales opera… +4.387% +5% +-0.61 pp +80% .* +\\+0.47 pp better +fresh", row)
        assert any("Achieve valuable business results  Head of" in line for line in lines)


async def test_columns_without_room_are_one_key_or_click_away() -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        table = app.screen.query_one(ScoreTable)
        assert "← → Columns" in read(app, "KeyBar")
        heads = [texts(table)[0]]
        for _ in range(2):
            await pilot.press("right")
            heads.append(texts(table)[0])
        assert [(head[0], head[-2]) for head in heads] == [(" ", "›"), ("‹", "›"), ("‹", " ")]
        assert all(any(column.name in head for head in heads) for column in COLUMNS)
        await pilot.press("right")
        assert texts(table)[0] == heads[2]
        await pilot.press("left_square_bracket", "down")
        assert texts(table)[0] == heads[2]
        await pilot.press("h", "left", "left")
        assert texts(table)[0] == heads[0]
        await pilot.click(ScoreTable, offset=(78, 0))
        assert texts(table)[0] == heads[1]
        await pilot.click(ScoreTable, offset=(0, 0))
        assert texts(table)[0] == heads[0]
        assert table.sorted_by is None
        await pilot.resize_terminal(200, 24)
        await pilot.pause()
        assert "Columns" not in read(app, "KeyBar")


async def test_a_column_without_room_is_brought_in_by_sorting() -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        table, sorted_by = app.screen.query_one(ScoreTable), []
        for _ in COLUMNS:
            await pilot.press("s")
            assert table.sorted_by
            sorted_by.append(table.sorted_by)
            assert table.sorted_by in dict(table.columns)
            assert f"by {table.sorted_by.name.lower()}" in read(app, "#line")
        assert sorted_by == list(COLUMNS)
        await pilot.press("s")
        assert table.sorted_by is None


def test_a_figure_in_short_has_its_unit_and_never_a_digit_cut_off() -> None:
    assert [squeeze(-123_456.0, width=width) for width in (8, 7, 6)] == ["-123.5k", "-123.5k", "-123k"]
    assert squeeze(-0.123456, "%", 7) == "-12.3%"
    assert squeeze(0.0123456, "%", 5) == "1.23%"
    assert squeeze(12_345_678.0) == "12.35M"


def test_figures_are_said_in_short_before_names_are_cut() -> None:
    needs = {NAME: 40, "Actual": 9, "Target": 9}
    widths = {width: {column.name: size for column, size in lay_pages(width, needs)[0]} for width in (132, 180)}
    assert (widths[132][NAME], widths[132]["Actual"]) == (35, 6)
    assert widths[180]["Actual"] >= 9
    short = {column.name: size for column, size in lay_pages(132, needs | {"Actual": 7, "Target": 7})[0]}
    assert (short[NAME], short["Actual"]) == (33, 7)


@pytest.mark.parametrize(
    ("difference", "unit", "said"),
    [
        (0.00467, "%", "+0.47 pp"),
        (-0.126, "%", "-12.6 pp"),
        (0.00006, "%", "+0.01 pp"),
        (-0.0000001, "%", "0 pp"),
        (300.0, "%", "+30k pp"),
        (0.00421, "", "+0.00421"),
        (-1234.4, "", "-1,234"),
        (-1_234_567.0, "", "-1.235M"),
        (0.0, "EUR", "0"),
    ],
)
def test_a_difference_keeps_its_unit_in_eight_columns(difference: float, unit: str, said: str) -> None:
    assert say_difference(difference, unit, 8) == said


@pytest.mark.parametrize("size", [(80, 24), (132, 40), (200, 50)])
async def test_a_change_or_a_gap_of_a_share_is_in_points_at_every_size(size: tuple[int, int]) -> None:
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await pilot.press("2", *["right"] * (size[0] == 80))
        await pilot.pause()
        lines = texts(app.screen.query_one(ScoreTable))
        found = {name: next(line for line in lines if name in line) for name in ("Social leads", "Share of social")}
        assert re.search(r" -0.61\d? pp ", found["Social leads"])
        assert " +0.47 pp better" in found["Social leads"]
        assert " +9.32 pp " in found["Share of social"]


async def test_the_arrow_of_an_order_is_seen_at_every_column() -> None:
    app = make_app()
    async with app.run_test(size=(200, 40)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        table = app.screen.query_one(ScoreTable)
        for column in COLUMNS:
            for arrow in "↑↓":
                table.sort_by(column)
                head = texts(table)[0]
                assert all(other.name in head for other in COLUMNS)
                assert head.index(arrow) - head.index(column.name) - len(column.name) in (0, 1)


async def test_a_guardrails_kpi_has_a_row_with_what_is_allowed_and_says_whether_it_holds() -> None:
    app = make_app()
    async with app.run_test(size=(132, 60)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        lines = texts(app.screen.query_one(ScoreTable))
        breached = next(line for line in lines if "Share of social sales" in line)
        assert all(word in breached for word in ("⚑ breached", "27.27%", "≤20%", "Sales oper"))
        assert "✓ held" in next(line for line in lines if "Share of negative" in line)
        await pilot.press("slash", *"discount", "enter")
        await pilot.pause()
        assert "0 goals, 1 KPI" in read(app, "#line")
        assert "⚑ breached 27.27%, allowed ≤20%" in read(app, "#line")
        await pilot.press("enter")
        await pilot.pause()
        assert (app.shell.open_id, app.shell.session.kpi) == ("detail", "discount_share")


def test_rows_of_guardrails_are_written_too(evaluation: Evaluation) -> None:
    shown = list(outline(evaluation.strategy, guardrails=True))
    for before in (None, evaluation.periods[-2]):
        rows = list(csv.DictReader(io.StringIO(write_scores(evaluation, before, shown).removeprefix("\ufeff"))))
        assert [(row["kind"], row["id"], row["goal"]) for row in rows] == [
            (one.kind, one.id, one.goal) for one in shown
        ]
        assert [row["id"] for row in rows if row["role"] == "guardrail"] == ["discount_share", "negative_comment_share"]
    table = {row[1]: row for row in tabulate_scores(fill_row(evaluation, one) for one in shown)}
    found = table["⚑ Share of social sales with a discount"]
    assert (found[0], found[4]) == ("⚑ breached", "≤20%")


def test_limits_either_way_and_without_a_value_are_said(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(
        "strategy: s\ngoals: {g: {perspective: customer, lagging: [{kpi: k, baseline: 0, target: 9, values: {2026-10: 3}}],\n"
        "  guardrails: [{kpi: low, min: 2}, {kpi: both, min: 1, max: 1000}, {kpi: none, max: 1}, {kpi: k, max: 5}]}}\n"
        "kpis: {low: {values: {2026-10: 1}}, both: {values: {2026-10: 5}}, none: {}}\n"
    )
    evaluation = open_path(str(tmp_path / "s.yaml"), TODAY).evaluations["s"]
    rows = [row for row in scorecard_rows(evaluation, guardrails=True) if row.kind == "kpi"]
    assert [(row.id, row.mark, row.cells[4], row.breached) for row in rows] == [
        ("k", "", "9", None),
        ("low", "⚑", "≥2", True),
        ("both", "⚑", "1–1,000", False),
        ("none", "⚑", "≤1", None),
    ]
    assert [standing(row)[0] for row in rows[1:]] == ["⚑ breached", "✓ held", "○ unknown"]
    assert [row.id for row in scorecard_rows(evaluation) if row.kind == "kpi"] == ["k"]


@pytest.mark.parametrize("before", [["down"] * 3, ["down"] * 2, []], ids=["kpi", "goal", "nothing"])
@pytest.mark.parametrize("key", ["v", "3"])
async def test_after_a_filter_the_keys_act_on_the_row_that_is_marked(before: list[str], key: str) -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("2", *before, "slash", *"people", "enter", key)
        await pilot.pause()
        assert (app.shell.session.goal, app.shell.session.kpi) == ("personal_interaction", "people_tagged")
        if key == "v":
            assert isinstance(app.screen, EntryScreen)
            assert app.screen.kpi == "people_tagged"
        else:
            assert "People tagged" in read(app, "#title")


async def test_a_filter_taken_back_while_typing_leaves_what_was_chosen() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("2", "down", "down", "down", "slash", *"people", "escape")
        await pilot.pause()
        table = app.screen.query_one(ScoreTable)
        assert (app.shell.session.kpi, table.chosen.id) == ("lead_conversion", "lead_conversion")


async def test_sorting_away_a_perspective_chooses_the_row_that_is_marked() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("2", "home", "s")
        await pilot.pause()
        chosen = app.screen.query_one(ScoreTable).chosen
        session = app.shell.session
        assert chosen.id == (session.kpi or session.goal)


async def test_sorting_by_every_column_and_turning_round() -> None:
    app = make_app()
    async with app.run_test(size=(200, 60)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        table = app.screen.query_one(ScoreTable)
        orders = []
        for _ in COLUMNS:
            await pilot.press("s")
            orders.append([line.stub for line in table.lines])
            assert len(orders[-1]) == len(set(orders[-1]))
            assert {stub.kind for stub in orders[-1]} == {"goal", "kpi"}
        assert len({tuple(order) for order in orders}) > 6
        await pilot.press("s")
        assert table.sorted_by is None
        table.sort_by(next(column for column in COLUMNS if column.name == "Score"))
        scores = [table.row(line.stub).cells[6] for line in table.lines]
        assert scores == sorted(scores, key=lambda text: int(text.rstrip("%")) if text.endswith("%") else 999)
        await pilot.press("S")
        turned = [table.row(line.stub).cells[6] for line in table.lines]
        assert turned[0] == "100%"
        assert [text for text in turned if not text.endswith("%")] == [
            text for text in scores if not text.endswith("%")
        ]


async def test_a_click_on_a_heading_sorts_and_one_on_a_row_chooses() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        table = app.screen.query_one(ScoreTable)
        await pilot.click(ScoreTable, offset=(texts(table)[0].index("Score") + 1, 0))
        await pilot.pause()
        assert table.sorted_by
        assert table.sorted_by.name == "Score"
        await pilot.click(ScoreTable, offset=(20, 3))
        await pilot.pause()
        assert table.cursor == 2
        assert (app.shell.session.goal, app.shell.session.kpi) == (table.chosen.goal, table.chosen.id)


async def test_the_filter_is_typed_shown_and_taken_back() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("2", "slash", *"status:red")
        await pilot.pause()
        table = app.screen.query_one(ScoreTable)
        held = [line.stub.id for line in table.lines if not line.context]
        assert held
        assert all(table.row(line.stub).status == "red" for line in table.lines if not line.context)
        await pilot.press("enter")
        await pilot.pause()
        assert table.has_focus
        assert "filter status:red" in read(app, "#line")
        await pilot.press("left_square_bracket")
        await pilot.pause()
        assert all(table.row(line.stub).status == "red" for line in table.lines if not line.context)
        await pilot.press("escape")
        await pilot.pause()
        assert app.shell.session.words == ""
        assert len(table.lines) > len(held)
        await pilot.press("slash", "x", "escape")
        await pilot.pause()
        assert app.shell.session.words == ""


async def test_a_filter_that_is_not_understood_says_so_while_typing() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("2", "slash")
        await pilot.pause()
        app.screen.query_one("Prompt Input", Input).value = "statsu:red"
        await pilot.pause()
        assert "did you mean 'status:'" in read(app, "#wrong")


async def test_enter_opens_the_detail_and_escape_comes_back_to_the_row() -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2", "down", "down", "down", "enter")
        await pilot.pause()
        assert (app.shell.open_id, app.shell.session.kpi) == ("detail", "lead_conversion")
        await pilot.press("escape")
        await pilot.pause()
        assert app.shell.open_id == "scorecard"
        assert app.screen.query_one(ScoreTable).cursor == 3


def write_large(folder: Path, count: int) -> Path:
    """Goals of ten KPIs each, with figures of three months."""
    lines, rows = ["strategy: big", "goals:"], ["kpi,period,value"]
    for number in range(count):
        if number % 10 == 0:
            lines.append(f"  g{number}:\n    perspective: customer\n    lagging:")
        lines.append(f"      - {{kpi: k{number}, unit: pieces, baseline: 0, target: 100}}")
        rows += [f"k{number},2026-{month:02},{(number * 7 + month * 13) % 120}" for month in (8, 9, 10)]
    (folder / "s.yaml").write_text("\n".join([*lines, "data: [d.csv]", ""]))
    (folder / "d.csv").write_text("\n".join(rows))
    return folder


async def test_of_thousands_of_rows_only_those_on_screen_are_computed(tmp_path: Path) -> None:
    app = make_app(write_large(tmp_path, 2000))
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        table = app.screen.query_one(ScoreTable)
        assert len(table.lines) == 2204
        assert len(table._listing.rows) < 100
        await pilot.press("end")
        await pilot.pause()
        assert table.cursor == 2203
        assert "K1999" in "".join(texts(table))
        assert len(table._listing.rows) < 200
        await pilot.press("left_square_bracket")
        await pilot.pause()
        assert len(table._listing.rows) < 100


async def test_thousands_of_rows_are_filtered_and_sorted_beside_the_keys(tmp_path: Path) -> None:
    app = make_app(write_large(tmp_path, 2000))
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("2", "down", "down")
        await pilot.pause()
        table = app.screen.query_one(ScoreTable)
        threads: list[str] = []
        fill = Listing.row
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Listing, "row", lambda *words: threads.append(current_thread().name) or fill(*words))
            await pilot.press("slash", *"status:red", "enter")
            await wait_until(
                pilot, lambda: all(table.row(one.stub).status == "red" for one in table.lines if not one.context)
            )
        assert sum(name != current_thread().name for name in threads) > 2000
        assert "filter status:red" in read(app, "#line")
        assert re.search(r" [1-9]\d* KPIs ", read(app, "#line"))
        chosen = app.shell.session.kpi or app.shell.session.goal
        assert chosen == table.chosen.id
        score = next(one for one in COLUMNS if one.name == "Score")
        table.sort_by(score)

        def is_sorted() -> bool:
            keys = [find_key(app.shell.session.evaluation, table.row(one.stub), score) for one in table.lines]
            return not any(one.context for one in table.lines) and keys == sorted(keys)

        await wait_until(pilot, is_sorted)
        assert table.chosen.id == chosen
        await pilot.press("left_square_bracket")  # other figures: the order follows
        await wait_until(pilot, is_sorted)
        await pilot.press("backspace")
        await wait_until(pilot, lambda: len(table.lines) == 2200)
        assert "filter" not in read(app, "#line")


async def test_a_strategy_without_goals_is_a_table_without_rows(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text("strategy: s\ngoals: {}\n")
    app = make_app(tmp_path / "s.yaml")
    async with app.run_test(size=(80, 24)) as pilot:
        for screen in ("2", "3", "1"):
            await pilot.press(screen, "down", "end", "enter", "s", "slash", "escape", "v", "y", "n", "A")
        await pilot.pause()
        assert app.is_running


@pytest.mark.parametrize("size", [(80, 24), (132, 40)])
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_scorecard_looks_as_it_did(snap_compare, size: tuple[int, int], theme: str) -> None:
    assert snap_compare(make_app(theme=theme), terminal_size=size, press=["2", "down", "down", "down"])


def test_the_scorecard_without_colour_looks_as_it_did(snap_compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(make_app(), terminal_size=(100, 30), press=["2", "down", "down", "s"])


async def test_enter_on_a_perspective_shows_it_alone_and_again_all() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("2", "slash", *"owner:'content lead'", "enter")
        await pilot.press("home")
        await pilot.pause()
        table = app.screen.query_one(ScoreTable)
        assert table.chosen.kind == "perspective"
        assert "Open" in read(app, "KeyBar")
        before, wanted = list(table.lines), table.chosen
        await pilot.press("enter")
        await pilot.pause()
        assert app.shell.session.words == f"owner:'content lead' perspective:{wanted.id}"
        assert {line.stub for line in table.lines if line.stub.kind == "perspective"} == {wanted}
        assert table.chosen.kind != "perspective"
        assert app.shell.session.goal == table.chosen.goal
        await pilot.press("home", "enter")
        await pilot.pause()
        assert app.shell.session.words == "owner:'content lead'"
        assert table.lines == before


def test_a_perspective_is_found_by_its_whole_id_alone(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(
        "strategy: s\nperspectives: {customer: A, customer_growth: B}\n"
        "goals: {g: {perspective: customer}, h: {perspective: customer_growth}}\n"
    )
    evaluation = open_path(str(tmp_path / "s.yaml"), TODAY).evaluations["s"]
    assert [row.id for row in find(evaluation, "perspective:customer goals")] == ["g"]
    assert [row.id for row in find(evaluation, "perspective:customer_ goals")] == ["h"]
    assert [row.id for row in find(evaluation, "perspective:cust goals")] == ["g", "h"]


@pytest.mark.parametrize("name", ["Actual", "Target", "Gap", "Score", "Outlook", "Trend", "Change", "Data"])
async def test_what_is_unknown_stands_last_either_way(name: str) -> None:
    app = make_app(period="2026-10")
    async with app.run_test(size=(200, 60)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        table = app.screen.query_one(ScoreTable)
        evaluation, column = app.shell.session.evaluation, next(one for one in COLUMNS if one.name == name)
        then = evaluation.at(evaluation.periods[-2])
        orders = []
        for _ in "↑↓":
            table.sort_by(column)
            stubs = [line.stub for line in table.lines]
            keys = [find_key(evaluation, table.row(stub), column, then) for stub in stubs]
            known = [key for key in keys if key is not None]
            assert 0 < len(known) < len(keys)
            assert keys == [*known, *[None] * (len(keys) - len(known))]
            assert known == sorted(known, reverse=table.descending)
            orders.append(stubs[len(known) :])
        assert orders[0] == orders[1]


async def test_gaps_are_sorted_by_their_share_of_the_target_the_worst_first() -> None:
    app = make_app()
    async with app.run_test(size=(132, 60)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        table = app.screen.query_one(ScoreTable)
        table.sort_by(next(one for one in COLUMNS if one.name == "Gap"))
        order = [line.stub.id for line in table.lines]
        # -48 % of comments, -43 % of shares, +25 % of a rate that should fall, -3 % of revenue though it is -982
        names = ["public_comments", "average_shares", "bounce_rate", "social_revenue"]
        assert sorted(names, key=order.index) == names


async def test_a_filter_taken_off_elsewhere_with_the_period_moved_shows_all_rows() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        table = app.screen.query_one(ScoreTable)
        every = list(table.lines)
        await pilot.press("slash", *"status:red", "enter", "1", "backspace", "left_square_bracket", "2")
        await pilot.pause()
        assert table.lines == every


def test_a_filtered_table_shows_nothing_but_what_holds_and_what_it_is_below(evaluation: Evaluation) -> None:
    stubs = list(outline(evaluation.strategy))
    holding = {"post_content"}
    lines = list(add_context(stubs, lambda stub: stub.id in holding))
    assert [(one.stub.id, one.context) for one in lines] == [("internal", True), ("post_content", False)]
    of_kpi = list(add_context(stubs, lambda stub: stub.kind == "kpi" and stub.goal == "paid_ads"))
    assert {one.stub.id for one in of_kpi if one.context} == {"internal", "paid_ads"}


@pytest.mark.parametrize("width", [40, 48, 60, 80])
async def test_what_sorts_is_on_screen(width: int) -> None:
    app = make_app()
    async with app.run_test(size=(width, 24)) as pilot:
        await pilot.press("2")
        await wait_until(pilot, lambda: app.screen.query(ScoreTable) and app.screen.query_one(ScoreTable).lines)
        table = app.screen.query_one(ScoreTable)
        for column in list_columns(table._needs):
            table.sort_by(column)
            assert column in [one for one, _ in table.columns], column.name
