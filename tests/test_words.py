import decimal
import math

import pytest

from scorecard.model.status import Signal, Status
from scorecard.render import words


@pytest.mark.parametrize(
    ("score", "said"),
    [
        (0.62, "62%"),
        (0.0, "0%"),
        (1.0, "100%"),
        (0.125, "13%"),
        (0.005, "1%"),
        (-0.001, "0%"),
        (-0.25, "-25%"),
        (None, "n/a"),
        (math.nan, "n/a"),
    ],
)
def test_scores(score: float | None, said: str) -> None:
    assert words.percent(score) == said


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (12400, "", "12,400"),
        (12400, "interactions", "12,400"),
        (1234567.8, "", "1,234,568"),
        (1234.5, "", "1,235"),
        (-1234.5, "", "-1,235"),
        (999.96, "", "1,000"),
        (123.456, "", "123.5"),
        (2.675, "", "2.675"),
        (2.5, "", "2.5"),
        (0.1 + 0.2, "", "0.3"),
        (0.99996, "", "1"),
        (0.00012345, "", "0.0001235"),
        (1.5e-9, "", "1.5e-9"),
        (1.23456e20, "", "1.235e20"),
        (0, "", "0"),
        (-0.0, "", "0"),
        (0.031, "%", "3.1%"),
        (1 / 3, "%", "33.33%"),
        (1.2, "%", "120%"),
        (-0.07, "%", "-7%"),
        ("good enough", "", "good enough"),
        ("5%", "%", "5%"),
        (None, "%", "–"),
        (math.nan, "", "–"),
        (math.inf, "", "–"),
    ],
)
def test_values(value: float | str | None, unit: str, said: str) -> None:
    assert words.number(value, unit) == said


def test_quantities_name_their_unit() -> None:
    assert words.quantity(12400, "interactions") == "12,400 interactions"
    assert words.quantity(0.031, "%") == "3.1%"
    assert words.quantity(7) == "7"
    assert words.quantity(None, "EUR") == "–"
    assert words.quantity("good", "judgement") == "good"


def test_changes_have_a_sign_and_fractions_move_in_points() -> None:
    assert words.change(1200) == "+1,200"
    assert words.change(-0.25, "hours") == "-0.25"
    assert words.change(-0.004, "%") == "-0.4 pp"
    assert words.change(0.3 - 0.1 - 0.2) == "0"
    assert words.change(None) == "–"
    assert words.points(0.05) == "+5 pp"
    assert words.points(-0.125) == "-13 pp"
    assert words.points(0.0) == "0 pp"
    assert words.points(None) == "–"


def test_a_gap_needs_two_numbers() -> None:
    assert words.gap(0.031, 0.05, "%") == "-1.9 pp"
    assert words.gap(410, 400, "interactions") == "+10"
    assert words.gap(410, None) == words.gap(None, 400) == words.gap("good", 400) == "–"


def test_ages_and_spans() -> None:
    assert words.age(0, "month") == words.age(-1, "month") == "fresh"
    assert words.age(1, "month") == "1 month old"
    assert words.age(3, "half") == "3 half-years old"
    assert words.age(None, "month") == "–"
    assert words.span(1, "quarter") == "1 quarter"
    assert words.span(2, words.rhythm_word("2026-W41")) == "2 weeks"
    assert words.span(2, words.rhythm_word("some time")) == "2 periods"


def test_statuses_and_signals() -> None:
    assert words.status_words(Status.AMBER, 0.62) == "◆ amber 62%"
    assert words.status_words(Status.UNKNOWN, None) == "○ unknown"
    assert all(words.signal_words(signal).startswith(signal) for signal in Signal)


def test_coverage_says_how_many_figures_are_fresh() -> None:
    assert words.coverage_words(0.9, 25, 26) == "coverage 90%, 25 of 26 figures fresh"
    assert words.coverage_words(1.0) == "coverage 100%"


def test_bars_are_full_only_near_the_target_and_empty_where_unknown() -> None:
    assert [words.cells(score) for score in (None, math.nan, -1.0, 0.0, 0.04, 0.05, 0.5, 0.94, 0.95, 1.0, 7.0)] == [
        *(0, 0, 0, 0, 0, 1, 5, 9, 10, 10, 10)
    ]
    assert words.cells(0.5, of=4) == 2


def test_names_are_broken_at_spaces() -> None:
    assert words.wrap("Achieve valuable business results", 28, 3) == ["Achieve valuable business", "results"]
    assert words.wrap("Grow", 28, 3) == ["Grow"]
    assert words.wrap("", 28, 3) == [""]


@pytest.mark.parametrize("text", ["x" * 100, "word " * 30, "漢字" * 40, "a " * 60, "long " + "y" * 9995])
def test_no_line_is_too_long_and_what_is_missing_shows(text: str) -> None:
    lines = words.wrap(text, 28, 3)
    assert len(lines) == 3
    assert max(map(words.columns, lines)) <= 28
    assert lines[-1].endswith("…")
    assert text.startswith(lines[0])


def test_letters_keep_their_marks() -> None:
    family = "👩\u200d👩\u200d👧\u200d👦"
    assert set("".join(words.wrap(family * 9, 8, 20)).split(family)) == {""}
    assert [line[0] for line in words.wrap("e\u0301" * 20, 8, 9)] == ["e"] * 3
    assert words.clip("e\u0301" * 9, 9) == "e\u0301" * 9
    assert words.clip("e\u0301" * 10, 9) == "e\u0301" * 8 + "…"


def test_the_callers_decimal_context_does_not_matter() -> None:
    with decimal.localcontext(decimal.Context(prec=2)):
        assert words.number(123456) == "123,456"
        assert words.number(0.12345, "%") == "12.35%"
