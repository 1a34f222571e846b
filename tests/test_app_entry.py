"""Entering values in the app: checked, asked back, durable, with a name and a note, and taken back again."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from test_app import EXAMPLE, make_app, read, wait_until
from textual.widgets import Input, Static

from scorecard.api import load
from scorecard.model.period import read_period
from scorecard.store.ledger import Ledger
from scorecard.store.ledger_chain import read_members
from scorecard.store.recording import Register
from scorecard.tui.app import ReviewApp
from scorecard.tui.recording import propose_period
from scorecard.tui.screens.entry import EntryScreen

SHOP = """
strategy: shop
goals:
  profit:
    perspective: customer
    lagging:
      - {kpi: visits, unit: people, baseline: 0, target: 200, aggregate: sum}
      - {kpi: rate, formula: buyers / visits, unit: "%", baseline: 0, target: 50%}
metrics:
  buyers: {aggregate: sum}
data: [rows.csv]
"""
VISITS, BUYERS = (105, 128, 96, 119, 140, 101, 133, 110, 124, 110), (21, 30, 25, 35, 22, 31, 28, 33, 26, 30)
ROWS = "kpi,period,value\n" + "".join(
    f"visits,2026-{month:02},{visits}\nbuyers,2026-{month:02},{buyers}\n"
    for month, (visits, buyers) in enumerate(zip(VISITS, BUYERS, strict=True), 1)
)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the app remembers stays inside the test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SCORECARD_BY", "Ann")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "strategy.yaml").write_text(SHOP)
    (folder / "rows.csv").write_text(ROWS)
    return folder


async def open_entry(app: ReviewApp, pilot, kpi: str = "visits") -> EntryScreen:
    await wait_until(pilot, lambda: app.shell.query("#head") and app.shell.view and app.shell.view.is_mounted)
    app.shell.open_detail("profit", kpi)
    await pilot.press("v")
    await wait_until(pilot, lambda: isinstance(app.screen, EntryScreen) and app.screen.query("#by"))
    assert isinstance(app.screen, EntryScreen)
    return app.screen


async def fill(pilot, **fields: str) -> None:
    """Type into the fields and press Enter."""
    for name, text in fields.items():
        pilot.app.screen.query_one(f"#{name.replace('value_', 'value-')}", Input).value = text
    await pilot.pause()
    await pilot.press("enter")


def value_of(app: ReviewApp, kpi: str = "visits") -> float | None:
    return app.shell.session.evaluation.measure_value(kpi)


def on_record(shop: Path) -> list[tuple[str, str, object, str, str]]:
    rows = Ledger(shop / "scorecard.sqlite").read().rows
    return [(row.entry.kpi, row.entry.period, row.entry.value, row.entry.by, row.entry.note) for row in rows]


async def test_a_value_is_recorded_shown_and_attributed(shop: Path) -> None:
    app = make_app(shop)
    async with app.run_test(size=(132, 50)) as pilot:
        screen = await open_entry(app, pilot)
        assert "last: 140 · 101 · 133 · 110 · 124 · 110" in [str(one.content) for one in screen.query(Static)]
        assert screen.query_one("#by", Input).value == "Ann"
        await fill(pilot, value_visits="140", note="counted twice", by="Maria")
        await wait_until(pilot, lambda: app.screen is app.shell and value_of(app) == 140)
        assert on_record(shop) == [("visits", "2026-10", 140.0, "Maria", "counted twice")]
        await wait_until(pilot, lambda: "Maria" in read(app, "#sources"))
        said = read(app, "#sources")
        assert "row 1 of scorecard.sqlite" in said
        assert "counted twice" in said
        assert "rows.csv:20" in said.replace("\n  ", "")
        screen = await open_entry(app, pilot)
        assert screen.query_one("#by", Input).value == "Maria"  # remembered, also by the next session


async def test_a_value_far_outside_its_history_is_asked_back(shop: Path) -> None:
    app = make_app(shop)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await open_entry(app, pilot)
        await fill(pilot, value_visits="11000")
        await wait_until(pilot, lambda: "Enter again" in read(app, "#said"))
        assert "times the usual" in read(app, "#said")
        assert on_record(shop) == []
        screen.query_one("#value-visits", Input).value = "12000"  # another value: asked again
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause(0.3)
        assert on_record(shop) == []
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.screen is app.shell and value_of(app) == 12000)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"value_visits": "many"}, "'many' is not a number; write 1234.5, -3, 4e4 or 12.5%"),
        ({"value_visits": "1.234,5"}, "write 1234.5: a point before decimals, nothing between thousands"),
        ({"value_visits": "1,5"}, "'1,5' is not a number; write 1.5: a point before decimals"),
        ({"value_visits": "1,500"}, "write 1500, or 1.500 if these are decimals"),
        ({"value_visits": "1,234,567"}, "write 1234567: nothing between thousands"),
        ({"value_visits": "5", "period": "2026-13"}, "2026"),
        ({"value_visits": "5", "by": ""}, "Type your name"),
        ({"value_visits": ""}, "Type a value first"),
    ],
)
async def test_a_refused_entry_says_why_and_records_nothing(shop: Path, fields: dict[str, str], said: str) -> None:
    app = make_app(shop)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_entry(app, pilot)
        await fill(pilot, **fields)
        await wait_until(pilot, lambda: said in read(app, "#said"))
        assert on_record(shop) == []
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is app.shell


async def test_a_closed_period_asks_for_a_reason(shop: Path) -> None:
    card = load(shop)
    Register(card.strategy, Ledger(card.store), card.observations).close(
        read_period("2026-10"), datetime.now(UTC), "Bo"
    )
    app = make_app(shop)
    async with app.run_test(size=(100, 40)) as pilot:
        screen = await open_entry(app, pilot)
        assert not screen.query_one("#reopen").display
        await fill(pilot, value_visits="120")
        await wait_until(pilot, lambda: "was closed by Bo" in read(app, "#said"))
        assert screen.query_one("#reopen").display
        assert screen.query_one("#reopen").has_focus
        await fill(pilot, reopen="a late invoice")
        await wait_until(pilot, lambda: app.screen is app.shell and value_of(app) == 120)
        await pilot.press("u")
        await wait_until(pilot, lambda: value_of(app) == 110)
        assert [row.entry.reopen for row in Ledger(shop / "scorecard.sqlite").read().rows[1:]] == ["a late invoice"] * 2


async def test_undo_brings_back_what_counted_before_and_only_adds_rows(shop: Path) -> None:
    app = make_app(shop)
    async with app.run_test(size=(100, 40)) as pilot:
        for value in ("120", "130"):
            await open_entry(app, pilot)
            await fill(pilot, value_visits=value)
            await wait_until(pilot, lambda value=value: app.screen is app.shell and value_of(app) == float(value))
        await pilot.press("u")
        await wait_until(pilot, lambda: value_of(app) == 120)
        await pilot.press("u")
        await wait_until(pilot, lambda: value_of(app) == 110)  # the file's value counts again
        assert [value for _, _, value, _, _ in on_record(shop)] == [120.0, 130.0, 120.0, None]
        await pilot.press("u")
        await pilot.pause()
        assert any("Nothing was entered" in one.message for one in app._notifications)


async def test_a_computed_kpi_asks_for_what_it_is_made_of(shop: Path) -> None:
    app = make_app(shop)
    async with app.run_test(size=(100, 40)) as pilot:
        screen = await open_entry(app, pilot, "rate")
        assert screen.measures == ["buyers", "visits"]
        assert "buyers / visits" in read(app, "#about")
        await fill(pilot, value_buyers="31", value_visits="124")
        await wait_until(pilot, lambda: app.screen is app.shell and value_of(app, "rate") == 0.25)
        await pilot.press("u")
        await wait_until(pilot, lambda: value_of(app, "rate") == 30 / 110)


async def test_escape_records_nothing_and_what_was_typed_is_offered_again(shop: Path) -> None:
    app = make_app(shop)
    async with app.run_test(size=(100, 40)) as pilot:
        screen = await open_entry(app, pilot)
        screen.query_one("#value-visits", Input).value = "131"
        screen.query_one("#note", Input).value = "from the till"
        await pilot.press("escape")
        await wait_until(pilot, lambda: app.screen is app.shell)
        assert on_record(shop) == []
        screen = await open_entry(app, pilot, "rate")  # another form
        assert screen.query_one("#note", Input).value == ""
        await pilot.press("escape")
        screen = await open_entry(app, pilot)
        assert screen.query_one("#value-visits", Input).value == "131"
        assert "typed before" in read(app, "#said")
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.screen is app.shell and value_of(app) == 131)
        assert on_record(shop) == [("visits", "2026-10", 131.0, "Ann", "from the till")]
        screen = await open_entry(app, pilot)  # written, so it is gone
        assert screen.query_one("#note", Input).value == ""
        assert read(app, "#said") == ""


async def test_a_value_that_only_stands_in_is_not_shown_as_that_of_the_period(shop: Path) -> None:
    """September's visits count in October too, as nothing newer is known; October has none of its own."""
    (shop / "rows.csv").write_text(ROWS.replace("visits,2026-10,110\n", ""))
    app = make_app(shop)
    async with app.run_test(size=(100, 40)) as pilot:
        assert value_of(app) == 124
        screen = await open_entry(app, pilot)
        assert "2026-10: no value yet; 2026-09: 124 people" in read(app, "#about")
        assert "last: 119 · 140 · 101 · 133 · 110 · 124" in [str(one.content) for one in screen.query(Static)]
        await fill(pilot, value_visits="128")
        await wait_until(pilot, lambda: value_of(app) == 128)
        assert has_said(app, "Recorded for 2026-10: Visits = 128 people. u takes it back.")


@pytest.mark.parametrize(
    ("today", "period"),
    [(date(2026, 11, 18), "2026-W46"), (date(2026, 11, 8), "2026-W44")],
    ids=["the first that lacks a value", "the last of the review period"],
)
def test_a_weekly_kpi_is_asked_for_in_weeks(tmp_path: Path, today: date, period: str) -> None:
    (tmp_path / "s.yaml").write_text(
        "strategy: s\nperiod: month\ngoals:\n  g:\n    perspective: internal\n    lagging:\n"
        "      - {kpi: reply, interval: week, baseline: 9, target: 2, values: {2026-W44: 4, 2026-W45: 5}}\n"
        "      - {kpi: visits, baseline: 0, target: 9, values: {2026-10: 5}}\n"
    )
    card = load(tmp_path / "s.yaml")
    evaluation = card.evaluate("2026-10")
    assert str(propose_period(card, evaluation, "reply", today.toordinal())) == period
    assert str(propose_period(card, evaluation, "visits", today.toordinal())) == "2026-10"


async def test_without_a_chosen_kpi_it_is_said_what_to_do(shop: Path) -> None:
    app = make_app(shop)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("v")
        await pilot.pause()
        assert app.screen is app.shell
        assert any("Choose a KPI first" in one.message for one in app._notifications)


@pytest.fixture
def bakeries(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE.parent / "bakeries", tmp_path / "bakeries"))


def has_said(app: ReviewApp, *words: str) -> bool:
    """Whether one message has all these words."""
    return any(all(word in one.message for word in words) for one in app._notifications)


async def look_at(app: ReviewApp, pilot, kpi: str, **members: str) -> None:
    """Look at a KPI of some members, and press v."""
    app.shell.session.slice(members)
    app.shell.open_detail(None, kpi)
    await pilot.press("v")
    await pilot.pause()


async def test_a_member_that_is_looked_at_gets_the_value(bakeries: Path) -> None:
    """Its last values, its typo check and its row; u takes back just that."""
    app = make_app(bakeries)
    async with app.run_test(size=(132, 50)) as pilot:
        await look_at(app, pilot, "sales", store="Castle Hill")
        await wait_until(pilot, lambda: isinstance(app.screen, EntryScreen) and app.screen.query("#by"))
        assert read(app, "#title") == "Sales · Hills · Castle Hill"
        last = next(str(one.content) for one in app.screen.query(Static) if "last: " in str(one.content))
        assert last.endswith("60,434")
        await fill(pilot, value_sales="2000000")  # usual for the chain, not for the shop
        await wait_until(pilot, lambda: "Enter again" in read(app, "#said"))
        await fill(pilot, value_sales="61000")
        await wait_until(pilot, lambda: app.screen is app.shell and value_of(app, "sales") == 61_000)
        row = Ledger(bakeries / "scorecard.sqlite").read().rows[0].entry
        assert read_members(row.members) == {"region": "Hills", "store": "Castle Hill"}
        assert has_said(app, "Recorded for 2026-10, Hills, Castle Hill: Sales = 61,000 EUR")
        await wait_until(pilot, lambda: "row 1 of" in read(app, "#sources"))
        assert "Quarry" not in read(app, "#sources")
        await look_at(app, pilot, "sales", store="Quarry")
        await wait_until(pilot, lambda: isinstance(app.screen, EntryScreen) and app.screen.query("#by"))
        await fill(pilot, value_sales="62000")
        await wait_until(pilot, lambda: app.screen is app.shell and value_of(app, "sales") == 62_000)
        for store in ("Quarry", "Castle Hill"):
            await pilot.press("u")
            await wait_until(pilot, lambda store=store: has_said(app, "Taken back for 2026-10", f"{store}: Sales"))
        await look_at(app, pilot, "sales", store="Castle Hill")
        await wait_until(pilot, lambda: value_of(app, "sales") == 60_434)
        rows = [row.entry for row in Ledger(bakeries / "scorecard.sqlite").read().rows]
        said = [((read_members(row.members) or {})["store"], row.value) for row in rows]
        assert said == [("Castle Hill", 61_000), ("Quarry", 62_000), ("Quarry", None), ("Castle Hill", None)]


async def test_members_that_are_no_single_one_are_named(bakeries: Path) -> None:
    app = make_app(bakeries)
    async with app.run_test(size=(100, 40)) as pilot:
        await look_at(app, pilot, "sales", region="Valley")
        assert app.screen is app.shell
        assert has_said(app, "A value is of one store, not of all of Valley: choose one among the members (8).")


async def test_a_value_for_all_together_says_what_it_displaces(bakeries: Path) -> None:
    app = make_app(bakeries)
    async with app.run_test(size=(100, 40)) as pilot:
        await look_at(app, pilot, "sales")
        await wait_until(pilot, lambda: isinstance(app.screen, EntryScreen) and app.screen.query("#by"))
        assert "Sales · all together" in read(app, "#title")
        assert "in place of those of members" in read(app, "#title")
        await pilot.press("escape")
        await look_at(app, pilot, "recommendation")  # never known of a shop
        await wait_until(pilot, lambda: isinstance(app.screen, EntryScreen) and app.screen.query("#by"))
        assert "all together" not in read(app, "#title")


GRID = """
strategy: grid
dimensions:
  region: [north, south]
  product: [bread, cake]
goals:
  profit:
    perspective: customer
    lagging:
      - {kpi: visits, baseline: 0, target: 200, aggregate: sum}
      - {kpi: mood, levels: {bad: 0, good: 1}}
data: [rows.csv]
"""


@pytest.mark.parametrize(
    ("kpi", "members", "said"),
    [
        ("visits", {"region": "north"}, "north says none of 'product': open the app with --where for each"),
        ("mood", {"region": "north", "product": "cake"}, "Mood is judged in words, for all members together"),
    ],
)
async def test_what_cannot_be_a_value_of_members_says_what_to_do(
    tmp_path: Path, kpi: str, members: dict[str, str], said: str
) -> None:
    (tmp_path / "strategy.yaml").write_text(GRID)
    (tmp_path / "rows.csv").write_text("kpi,period,region,product,value\nvisits,2026-10,north,cake,7\n")
    app = make_app(tmp_path)
    async with app.run_test(size=(100, 40)) as pilot:
        await look_at(app, pilot, kpi, **members)
        assert app.screen is app.shell
        assert has_said(app, said)
        await look_at(app, pilot, "visits", region="north", product="cake")
        await wait_until(pilot, lambda: isinstance(app.screen, EntryScreen) and app.screen.query("#by"))
        assert read(app, "#title") == "Visits · north · cake"


@pytest.mark.skipif(os.getuid() == 0, reason="the superuser may write everywhere")
async def test_a_store_that_cannot_be_written_is_said(shop: Path) -> None:
    app = make_app(shop)
    async with app.run_test(size=(100, 30)) as pilot:
        await open_entry(app, pilot)
        shop.chmod(0o555)
        await fill(pilot, value_visits="120")
        await wait_until(pilot, lambda: "cannot be" in read(app, "#said"))
        shop.chmod(0o755)


async def test_a_damaged_store_is_said(shop: Path) -> None:
    app = make_app(shop)
    async with app.run_test(size=(100, 30)) as pilot:
        await open_entry(app, pilot)
        (shop / "scorecard.sqlite").write_bytes(b"no store at all" * 100)
        await fill(pilot, value_visits="120")
        await wait_until(pilot, lambda: "damaged" in read(app, "#said") or "no store" in read(app, "#said"))


@pytest.mark.parametrize("size", [(80, 24), (132, 40)])
def test_the_entry_looks_as_it_did(snap_compare, shop: Path, size: tuple[int, int]) -> None:
    async def open_it(pilot) -> None:
        await open_entry(pilot.app, pilot)
        pilot.app.screen.query_one("#value-visits", Input).cursor_blink = False

    assert snap_compare(make_app(shop), terminal_size=size, run_before=open_it)
