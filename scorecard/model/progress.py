"""How far long work has come: who is told, the words for it, and a bar."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Hear: TypeAlias = Callable[[str, int, int], None]  # what is done; how many are done, of how many (0: nobody knows)


def tell_nobody(doing: str, done: int, of: int) -> None:
    """Who is told where nobody wants to know."""


def say_what(hear: Hear, name: str) -> Hear:
    """Who is told of the parts of a file, such as `goals`, hears `drawing goals for NAME`."""
    return lambda parts, done, of: hear(f"drawing {parts} for {name}", done, of)


def say_progress(doing: str, done: int, of: int) -> str:
    """Such as `reading files, 312 of 500`."""
    return f"{doing}, {done:,} of {of:,}" if of else doing


def draw_bar(done: int, of: int, columns: int) -> str:
    """How much is done of the whole, in so many columns."""
    full = min(done, of) * columns // of
    return "━" * full + "─" * (columns - full)
