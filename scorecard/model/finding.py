"""What is wrong with a text, as data: a finding has a place, a stable code, a sentence and a hint."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

SHOWN = 80  # never more characters than this of anything that was refused


class Severity(StrEnum):
    """An error keeps a strategy from being computed; a warning weakens it; a hint is for whoever reads the file."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class Place(NamedTuple):
    """Where a text stands: file as reached from the path asked for, line and column from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: `message` is a sentence on what is wrong, `hint` says what to do."""

    code: str
    severity: Severity
    place: Place
    message: str
    hint: str = ""

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        return (self.place.file, self.place.line, self.place.column, self.code, self.message)


def shorten(text: object, limit: int = SHOWN - 20) -> str:
    """A refused text made fit to print: one line, no control or bidirectional signs, cut."""
    cut = str(text)[: limit + 1] if isinstance(text, str) else repr(text)[: limit + 1]
    clean = cut if cut.isprintable() else "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in cut)
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"
