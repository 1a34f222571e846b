import itertools

import pytest

from scorecard.model.status import Status
from scorecard.render.palette import DARK, LIGHT, THEMES, Theme, variables

READABLE = 4.5  # WCAG 2, level AA, for text
VISIBLE = 3.0  # for lines that carry a meaning


def luminance(color: str) -> float:
    parts = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_is_the_one_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_text_can_be_read_on_every_ground(theme: Theme) -> None:
    grounds = [theme.background, *theme.lanes, *(theme.tone(status).fill for status in Status)]
    texts = [theme.text, theme.quiet, *(theme.tone(status).line for status in Status)]
    poor = [(text, ground) for text, ground in itertools.product(texts, grounds) if contrast(text, ground) < READABLE]
    assert poor == []


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_link_can_be_seen_on_lanes_and_between_them(theme: Theme) -> None:
    links = [theme.link, theme.opposing, theme.definition]
    grounds = [theme.background, *theme.lanes]
    faint = [(link, ground) for link, ground in itertools.product(links, grounds) if contrast(link, ground) < VISIBLE]
    assert faint == []


def test_statuses_differ_in_both_themes() -> None:
    for theme in THEMES:
        assert len({theme.tone(status) for status in Status}) == len(Status)


def test_lanes_take_the_tints_in_turn() -> None:
    assert LIGHT.lane(0) == LIGHT.lane(len(LIGHT.lanes)) != LIGHT.lane(1)


def test_variables_are_the_same_rows() -> None:
    assert variables(DARK)["status-red"] == DARK.red.line
    assert variables(DARK)["status-unknown-fill"] == DARK.unknown.fill
    assert variables(DARK).keys() == variables(LIGHT).keys()
