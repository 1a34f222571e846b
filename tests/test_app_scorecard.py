"""The scorecard screen: its rows and columns, sorting, the filter's words, and thousands of rows."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from rich.cells import cell_len
from test_app import EXAMPLE, TODAY, make_app, read
from textual.widgets import Input

from scorecard.compute.evaluation import Evaluation
from scorecard.render.table import Row, fill_row, outline, scorecard_rows, standing
from scorecard.tui.filter import FLAGS, WORDS, describe_words, read_filter
from scorecard.tui.score_cells import COLUMNS, fit_columns
from scorecard.tui.screens.entry import EntryScreen
from scorecard.tui.session import open_path
from scorecard.tui.sheets import tabulate_scores, write_scores
from scorecard.tui.widgets.score_table import ScoreTable, _with_context


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


@pytest.mark.parametrize("width", [40, 60, 80, 100, 132, 200])
def test_columns_never_pass_the_screen_and_come_by_their_rank(width: int) -> None:
    shown = fit_columns(width)
    assert 1 + sum(size + 1 for _, size in shown) <= max(width - 1, 1 + 24 + 10 + 2)
    ranks = {column.rank for column, _ in shown}
    assert ranks == set(range(max(ranks) + 1))
    assert {column.name for column, _ in fit_columns(200)} == {column.name for column in COLUMNS}
    wanted = {"Status", "Goal / KPI", "Actual", "Target", "Score", "Trend"}
    assert width < 80 or wanted <= {column.name for column, _ in shown}


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
        assert {row[bar - 1] for row in rows} == {" "}


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
async def test_132_columns_hold_whole_names_and_owners_also_while_comparing(keys: list[str]) -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("2", *keys)
        await pilot.pause()
        lines = texts(app.screen.query_one(ScoreTable))
        assert all(title in lines[0] for title in ("Owner", "Score", "Outlook", "Trend", "Data"))
        row = next(line for line in lines if "Achieve valuable" in line)
        assert re.search("Achieve valuable business results +Head of marketing ", row)


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
        assert all(word in breached for word in ("⚑ breached", "27.27%", "≤20%", "Sales operations"))
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
        assert len(table._rows) < 100
        await pilot.press("end")
        await pilot.pause()
        assert table.cursor == 2203
        assert "K1999" in "".join(texts(table))
        assert len(table._rows) < 200
        await pilot.press("left_square_bracket")
        await pilot.pause()
        assert len(table._rows) < 100


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


def test_a_filtered_table_shows_nothing_but_what_holds_and_what_it_is_below(evaluation: Evaluation) -> None:
    stubs = list(outline(evaluation.strategy))
    holding = {"post_content"}
    lines = _with_context(stubs, lambda stub: stub.id in holding)
    assert [(one.stub.id, one.context) for one in lines] == [("internal", True), ("post_content", False)]
    of_kpi = _with_context(stubs, lambda stub: stub.kind == "kpi" and stub.goal == "paid_ads")
    assert {one.stub.id for one in of_kpi if one.context} == {"internal", "paid_ads"}
