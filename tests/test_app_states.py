"""Where there is nothing to show yet, or nothing may be written: the screens say the next step, and offer what works."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_app import EXAMPLE, TODAY, make_app, read
from textual.widgets._toast import Toast, ToastHolder

from scorecard.tui.app import ReviewApp
from scorecard.tui.session import open_path

GOAL = "strategy: s\ngoals: {g: {perspective: customer%s}}\n"
EMPTY = [
    ("strategy: s\n", "1234", "write 'goals:' in the strategy"),
    (GOAL % "", "124", "name a KPI under 'lagging:'"),
    (GOAL % ", lagging: [{kpi: k, baseline: 0, target: 9}]", "12", "v records one"),
]


@pytest.mark.parametrize(("text", "keys", "step"), EMPTY, ids=["goals", "KPIs", "values"])
async def test_a_screen_with_nothing_to_show_says_the_next_step(
    tmp_path: Path, text: str, keys: str, step: str
) -> None:
    (tmp_path / "s.yaml").write_text(text)
    app = make_app(tmp_path / "s.yaml")
    async with app.run_test(size=(80, 24)) as pilot:
        for key in keys:
            await pilot.press(key)
            await pilot.pause(0.1)
            assert step in read(app, "#line"), key


@pytest.mark.parametrize("read_only", [False, True])
async def test_the_foot_offers_to_record_only_where_that_is_allowed(read_only: bool) -> None:
    app = ReviewApp(str(EXAMPLE), open_path(str(EXAMPLE), TODAY), read_only=read_only)
    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        await pilot.press("2", "home", "down", "down")  # a KPI
        await pilot.pause(0.2)
        offered = [one.binding.description for one in app.screen.active_bindings.values() if one.binding.show]
        assert ("Record" in offered) == (not read_only)
        await pilot.press("v")
        await pilot.pause()
        assert any("only looks" in one.message for one in app._notifications) == read_only


@pytest.mark.parametrize("held", [600.0, 0.0], ids=["held down", "pressed again"])
async def test_what_is_said_again_stands_once(held: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scorecard.tui.notices._HELD", held)
    app = make_app()
    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        await pilot.press("c")
        for _ in range(8):
            await pilot.press("right_square_bracket")
        await pilot.pause(0.2)
        said = [str(one.render()) for one in app.screen.query(Toast)]
        assert said == ["There are no values after 2026-10."]
        assert len(app.screen.query(ToastHolder)) == 1
        await pilot.press("y")
        await pilot.pause(0.2)
        assert [str(one.render()) for one in app.screen.query(Toast)][1:] == ["Sent to the clipboard of the terminal."]
