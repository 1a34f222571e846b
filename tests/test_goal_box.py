"""The box of a goal on the map: sign and word of its status at any width, with a border and without."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.cells import cell_len
from sample_map import make_box

from scorecard.model.status import Heading, Signal, Status
from scorecard.render.layout import COMPACT, ROOMY, SNUG, Density, Place
from scorecard.render.picture import Box
from scorecard.tui.themes import fallback_colours
from scorecard.tui.widgets.goal_box import Light, Look, Stand, paint_box

LOOK = Look(fallback_colours(True) | {"foreground": "#FFFFFF", "background": "#000000"})
NAMES = ("Customers", "come back")
WIDTHS = [*range(17, 26), 30, 40]


def paint(box: Box, width: int, density: Density = SNUG, before: Box | None = None) -> list[str]:
    """The lines of a box, each checked to fill its width."""
    names = NAMES[: density.name_rows]
    place = Place(box.id, 0, 0, 0, 0, width, density.height(len(names)), names)
    lines = paint_box(box, place, density, LOOK, Stand("lane-0", Light.PLAIN, before=before))
    texts = ["".join(segment.text for segment in line) for line in lines]
    assert {cell_len(text) for text in texts} == {width}
    return texts


@pytest.mark.parametrize("density", [ROOMY, SNUG, COMPACT], ids=lambda one: one.name)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("score", [None, 0.07, 1.0])
def test_every_box_has_sign_and_word(status: Status, width: int, density: Density, score: float | None) -> None:
    box = make_box("a", "Customers come back", 0, score, status=status, outlook=1.0, heading=Heading.BETTER)
    text = "\n".join(paint(box, max(width, density.narrowest), density))
    assert f"{status.sign} {status}" in text
    assert "↗" in text


def test_a_box_without_a_border_has_the_status_below_the_name_and_the_marks_behind_it() -> None:
    box = make_box("a", "Customers come back", 0, 0.52, signal=Signal.WARNING, guardrails_breached=("x",))
    assert paint(box, 20) == ["▌Customers        !⚑", "▌come back          ", "▌◆ amber  52% → 52% "]
    assert paint(box, 20, COMPACT) == ["▌Customers        !⚑", "▌◆ amber  52% → 52% "]
    assert paint(box, 17)[-1] == "▌◆ amber 52% →52%"
    assert paint(replace(box, lagging=1.0, outlook=1.0), 17)[-1] == "▌◆ amber  100% → "
    assert paint(box, 30)[-1] == "▌◆ amber ▰▰▰▰▰▱▱▱▱  52% → 52% "
    assert paint(make_box("a", "Customers", 0, None), 20)[-1] == "▌○ unknown    ·     "


@pytest.mark.parametrize("width", WIDTHS)
def test_a_scenario_shows_both_signs_the_word_and_what_moves(width: int) -> None:
    before = make_box("a", "Customers come back", 0, 0.31, status=Status.RED, lagging_status=Status.RED)
    now = replace(before, lagging=0.77, status=Status.GREEN, lagging_status=Status.GREEN)
    row = paint(now, width, before=before)[-1]
    assert row.startswith("▌▲→● green ")
    assert "77%" in row or "+46 pp" in row
    ahead = replace(before, outlook=0.9, heading=Heading.BETTER)
    row = paint(ahead, width, before=before)[-1]
    assert row.startswith("▌▲ red ")
    assert "outlook" in row or "↗" in row
