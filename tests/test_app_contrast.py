"""What stands on the screens can be read: letters and figures have a contrast of 4.5:1 at least, as they are drawn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from test_app import EXAMPLE, make_app
from textual.geometry import Region
from textual.pilot import Pilot

from scorecard.tui.registry import SCREENS
from scorecard.tui.themes import READABLE, measure_contrast

SHOWN = [
    ("", "the map"),
    *((entry.key, entry.title) for entry in SCREENS[1:]),
    ("3,down", "a KPI in detail"),
    ("7,space,space,space", "an item of the review"),
    ("4,right,m", "the map of a scenario"),
    ("4,right,q", "what is not kept"),
    ("7,space,n", "a note"),
    ("7,space,d", "a decision"),
    ("2,down,down,v", "a value"),
    ("2,slash", "a filter"),
    ("ctrl+p", "the palette"),
    ("question_mark", "the help"),
]


@pytest.mark.parametrize("theme", ["dark", "light", "high-contrast"])
@pytest.mark.parametrize("keys", [keys for keys, _ in SHOWN], ids=[name for _, name in SHOWN])
async def test_what_is_drawn_can_be_read(keys: str, theme: str) -> None:
    app = make_app(theme=theme)
    async with app.run_test(size=(132, 40)) as pilot:
        await settle(pilot)
        for key in filter(None, keys.split(",")):
            await pilot.press(key)
            await settle(pilot)
        assert_readable(pilot)


@pytest.mark.parametrize("theme", ["dark", "light", "high-contrast"])
async def test_the_strategies_of_a_workspace_can_be_read(theme: str) -> None:
    app = make_app(EXAMPLE.parent, theme=theme)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        assert_readable(pilot)


async def settle(pilot: Pilot[None]) -> None:
    await pilot.app.workers.wait_for_complete()
    await pilot.pause(0.2)


def assert_readable(pilot: Pilot[None]) -> None:
    words = {(text.strip(), measure_contrast(ink, ground)) for text, ink, ground in list_words(pilot)}
    assert len(words) > 3
    assert not sorted((text, round(contrast, 2)) for text, contrast in words if contrast < READABLE)


def list_words(pilot: Pilot[None]) -> Iterator[tuple[str, str, str]]:
    """What stands on the uppermost screen: words, their colour, their ground. What lies behind a form is dimmed on purpose."""
    screen = pilot.app.screen
    parts = [screen.find_widget(part).visible_region for part in screen.query("*") if part.region]
    seen = Region.from_union([part for part in parts if part])
    for strip in screen._compositor.render_strips(screen.size)[seen.y : seen.bottom]:
        for text, style, _ in strip.crop(seen.x, seen.right):
            if style and style.color and style.bgcolor and any(letter.isalnum() for letter in text):
                yield text, style.color.get_truecolor().hex, style.bgcolor.get_truecolor().hex
