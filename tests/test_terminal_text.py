"""Text from strangers' files on its way to the terminal: literal, visible, and as wide as measured."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from scorecard.tui.text import fit, literal, wrap


@pytest.mark.parametrize("name", ["[@click=app.quit]x[/]", "[/]", "Revenue [EUR m]", "[bold]", "\\[x]", "$lane-0"])
def test_markup_is_ordinary_text(name: str) -> None:
    assert literal(name).plain == name
    assert not literal(name).spans


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "␛[31mred"),
        ("a\x00b\x07\x7f", "a␀b␇<U+007F>"),
        ("\x9b2J", "<U+009B>2J"),
        ("abc\u202etxt", "abc<U+202E>txt"),
        ("\u200bnothing\ufeff", "<U+200B>nothing<U+FEFF>"),
        ("half \ud800", "half <U+D800>"),
        ("two\nlines\tand\u2028more", "two lines and<U+2028>more"),
        ("👩\u200d🚀 é", "👩\u200d🚀 é"),
    ],
)
def test_what_would_steer_a_terminal_is_shown_instead(text: str, shown: str) -> None:
    assert literal(text).plain == shown


def test_line_ends_stay_where_they_are_asked_for() -> None:
    assert literal("one\ntwo\x1b", lines=True).plain == "one\ntwo␛"


def test_a_style_is_the_callers_and_covers_the_whole_text() -> None:
    content = literal("[red]x", "bold")
    assert content.plain == "[red]x"
    assert [(span.start, span.end, span.style) for span in content.spans] == [(0, 6, "bold")]


@given(st.text(), st.integers(2, 40), st.integers(1, 4))
def test_wrapped_lines_are_few_literal_and_never_too_wide(text: str, columns: int, most: int) -> None:
    lines = wrap(text, columns, most)
    assert 1 <= len(lines) <= most
    assert all(cell_len(line) <= columns for line in lines)
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for line in lines for character in line)
    assert all(cell_len(fit(line, columns)) == columns for line in lines)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Communicate with social media users", ("Communicate with", "social media us…")),
        ("Grow", ("Grow",)),
        ("Donaudampfschifffahrtsgesellschaft", ("Donaudampfschiff", "fahrtsgesellsch…")),
        ("顧客との対話を深める取り組みを続ける", ("顧客との対話を深", "める取り組みを…")),
        ("", ("",)),
    ],
)
def test_names_break_at_words_and_end_in_an_ellipsis_where_cut(text: str, lines: tuple[str, ...]) -> None:
    assert wrap(text, 16, 2) == lines
