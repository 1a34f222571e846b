"""How far long work has come: who is told, and the words for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Hear: TypeAlias = Callable[[str, int, int], None]  # what is done; how many are done, of how many (0: nobody knows)


def tell_nobody(doing: str, done: int, of: int) -> None:
    """Who is told where nobody wants to know."""


def say_progress(doing: str, done: int, of: int) -> str:
    """Such as `reading files, 312 of 500`."""
    return f"{doing}, {done:,} of {of:,}" if of else doing
