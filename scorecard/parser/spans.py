"""Where the nodes of a YAML text begin and end, so that one of them can be exchanged and nothing else.

Only for a text that `load_yaml` read without a fault: its limits hold for this too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum

from yaml._yaml import CParser
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    MappingStartEvent,
    ScalarEvent,
    StreamEndEvent,
)


class Style(Enum):
    """How a node is written: a text, a text in lines of its own (`|`, `>`), in brackets, by indentation, an alias."""

    TEXT = "text"
    LINES = "lines"
    FLOW = "flow"
    BLOCK = "block"
    ALIAS = "alias"


@dataclass(slots=True)
class Span:
    """A node in a text: offsets of its first sign and behind its last, the column of the first, from 0.

    `text` is that of a scalar. `parts` are the items of a list, of a mapping its keys and values in turn.
    """

    style: Style
    start: int
    end: int
    column: int
    text: str | None = None
    parts: list[Span] = field(default_factory=list)
    mapping: bool = False

    @property
    def entries(self) -> list[tuple[Span, Span]]:
        """Keys and values of a mapping, in the order of the text; of anything else none."""
        return list(zip(self.parts[::2], self.parts[1::2], strict=True)) if self.mapping else []

    def entry(self, key: str) -> tuple[Span, Span] | None:
        """The key and the value of one entry."""
        return next(((name, value) for name, value in self.entries if name.text == key), None)


def find_spans(text: str) -> Span:
    """The root of a text that is known to be sound YAML in one document; a text of nothing is an empty list."""
    parser = CParser(text)
    top = Span(Style.BLOCK, 0, 0, 0)
    stack = [top]
    while not isinstance(event := parser.get_event(), StreamEndEvent):
        if isinstance(event, CollectionEndEvent):
            span = stack.pop()
            if span.style == Style.FLOW:
                span.end = event.end_mark.index  # type: ignore[union-attr]
            else:  # its own marks tell of an anchor before it and of empty lines behind
                first, span.end = span.parts[0], max(part.end for part in span.parts)
                span.start, span.column = first.start, first.column
        elif isinstance(event, (CollectionStartEvent, ScalarEvent, AliasEvent)):
            span = _begin(event, text)
            stack[-1].parts.append(span)
            if isinstance(event, CollectionStartEvent):
                stack.append(span)
    return top.parts[0] if top.parts else top


def _begin(event: CollectionStartEvent | ScalarEvent | AliasEvent, text: str) -> Span:
    start, end = event.start_mark, event.end_mark
    assert start is not None
    assert end is not None
    if isinstance(event, AliasEvent):
        return Span(Style.ALIAS, start.index, end.index, start.column)
    if isinstance(event, CollectionStartEvent):
        style = Style.FLOW if event.flow_style else Style.BLOCK
        return Span(style, start.index, end.index, start.column, mapping=isinstance(event, MappingStartEvent))
    if event.style in ("|", ">"):  # its end is the beginning of a line below, behind empty ones
        last = len(text[: end.index].rstrip(" \r\n"))
        return Span(Style.LINES, start.index, last, start.column, event.value)
    return Span(Style.TEXT, start.index, end.index, start.column, event.value)


def line_end(text: str, at: int) -> int:
    """The offset of the line break at or behind an offset, of the text's end where there is none."""
    found = _BREAK.search(text, at)
    return found.start() if found else len(text)


def line_start(text: str, at: int) -> int:
    """The offset at which the line begins that holds an offset."""
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def line_break(text: str, at: int) -> str:
    """How the line that holds an offset ends; the first line of the text where that one ends with the text."""
    found = _BREAK.search(text, at) or _BREAK.search(text)
    return found[0] if found else "\n"


_BREAK = re.compile(r"\r\n|\n|\r")
