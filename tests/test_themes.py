"""The themes where a terminal has few colours: nothing is painted in the colour of its ground, and a status keeps its hue."""

from __future__ import annotations

import pytest
from rich.color import Color, ColorSystem
from test_app import make_app
from textual.theme import Theme

from scorecard.model.status import Status
from scorecard.tui.themes import LIGHT, THEMES, measure_contrast

FEW = [ColorSystem.STANDARD, ColorSystem.EIGHT_BIT]
LANES = ["background", *(f"lane-{number}" for number in range(4))]
FILLS = [f"status-{status}-fill" for status in Status]
STATUSES = [f"status-{status}" for status in Status]
ON_PANEL = ["foreground", "quiet", "lit", *STATUSES]
LINES = ["rule", "link", "link-opposing", "link-definition"]
ON_FILLS = ["foreground", "quiet", "link", "lit", *STATUSES]  # a box has the colours of its result and its outlook too
REVERSED = [("background", "lit"), ("background", "rule")]
HUES = {Status.RED: {1, 9}, Status.AMBER: {3, 11}, Status.GREEN: {2, 10}, Status.UNKNOWN: {7, 8, 15}}  # of 16 colours


def name_colours(theme: Theme) -> dict[str, str]:
    own = {"background": theme.background, "foreground": theme.foreground, "panel": theme.panel}
    return {name: colour for name, colour in (theme.variables | own).items() if colour}


def lower(colour: str, system: ColorSystem) -> int | None:
    return Color.parse(colour).downgrade(system).number


@pytest.mark.parametrize("system", FEW, ids=lambda one: one.name)
@pytest.mark.parametrize("theme", THEMES, ids=lambda one: one.name)
def test_no_colour_becomes_that_of_a_ground_it_stands_on(theme: Theme, system: ColorSystem) -> None:
    colours = {name: lower(colour, system) for name, colour in name_colours(theme).items()}
    pairs = [(ink, ground) for ink in (*ON_PANEL, *LINES) for ground in LANES] + [(ink, "panel") for ink in ON_PANEL]
    pairs += [(ink, fill) for ink in ON_FILLS for fill in FILLS] + REVERSED
    assert [pair for pair in pairs if colours[pair[0]] == colours[pair[1]]] == []


@pytest.mark.parametrize("theme", THEMES, ids=lambda one: one.name)
def test_of_16_colours_a_status_has_its_own(theme: Theme) -> None:
    for status, hues in HUES.items():
        assert lower(theme.variables[f"status-{status}"], ColorSystem.STANDARD) in hues
    dimmed = lower(theme.variables["rule"], ColorSystem.STANDARD)
    assert dimmed != lower(theme.variables["lit"], ColorSystem.STANDARD)


@pytest.mark.parametrize("theme", THEMES, ids=lambda one: one.name)
def test_every_text_can_be_read_on_its_grounds(theme: Theme) -> None:
    colours = name_colours(theme)
    for name in ("foreground", "quiet", "lit", *STATUSES):
        for ground in [*LANES, *([f"{name}-fill"] if name in STATUSES else [])]:
            assert measure_contrast(colours[name], colours[ground]) >= 4.5, (name, ground)


def test_a_thin_line_in_light_stays_light() -> None:
    assert measure_contrast(LIGHT.rule, LIGHT.background) < 1.6


@pytest.mark.parametrize("theme", ["dark", "light", "high-contrast"])
async def test_on_every_screen_what_is_painted_differs_from_its_ground(theme: str) -> None:
    app = make_app(theme=theme)
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("down", "down")
        for key in "1234567":
            await pilot.press(key)
            await app.workers.wait_for_complete()
            await pilot.pause()
            for strip in app.screen._compositor.render_strips():
                for part in strip:
                    if part.text.strip() and part.style and part.style.color and part.style.bgcolor:
                        ink, ground = part.style.color, part.style.bgcolor
                        for system in FEW:
                            assert ink.downgrade(system) != ground.downgrade(system), (key, part.text, ink, ground)
