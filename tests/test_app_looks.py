"""What screens look like that have no pictures of their own beside their tests: members; initiatives and problems in light."""

from __future__ import annotations

import pytest
from test_app import EXAMPLE, make_app
from test_app_members import open_members, wait_for
from textual.pilot import Pilot

BAKERIES = EXAMPLE.parent / "bakeries"
SIZES = [(80, 24), (132, 40)]


async def settle(pilot: Pilot[None]) -> None:
    await open_members(pilot)
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_members_look_as_they_did(snap_compare, size: tuple[int, int], theme: str) -> None:
    assert snap_compare(make_app(BAKERIES, theme=theme), terminal_size=size, run_before=settle)


def test_the_members_without_colour_look_as_they_did(snap_compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(make_app(BAKERIES), terminal_size=(132, 40), run_before=settle)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("screen", ["5", "6"], ids=["initiatives", "problems"])
def test_lists_in_light_look_as_they_did(snap_compare, screen: str, size: tuple[int, int]) -> None:
    async def go(pilot: Pilot[None]) -> None:
        await wait_for(pilot, lambda: pilot.app.query("StrategyMap"))
        await pilot.press(screen)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause(0.2)

    assert snap_compare(make_app(theme="light"), terminal_size=size, run_before=go)
