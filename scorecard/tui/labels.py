"""Lines with a label in front."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from textual.content import Content

from scorecard.tui.text import literal, wrap

LABEL = 11  # columns of a label, at least


def labelled(label: str, texts: Iterable[str], columns: int) -> Iterator[Content]:
    """A label, and behind it the texts in lines."""
    width = max(LABEL, len(label) + 1)
    head = label.ljust(width)
    for text in texts:
        for line in wrap(text, max(columns - width, 12), 6) if text else ():
            yield literal(head, "bold") + literal(line)
            head = " " * width
