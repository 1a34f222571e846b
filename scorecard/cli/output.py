"""The terminal: tables cut to its width, coloured lines, JSON. Text from files goes in as text, never as markup."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.text import Text

from scorecard.model.status import Status
from scorecard.render.words import clip, columns

COLOURS = {Status.RED: "red", Status.AMBER: "yellow", Status.GREEN: "green", Status.UNKNOWN: "bright_black"}
_WIDE = 10_000  # a pipe has no edge
_GAP = 2
_NARROWEST = 8  # a column that may be cut is never narrower


@dataclass(frozen=True, slots=True)
class Column:
    """A column. With `least` it may be cut to that width; those with the highest `drop` go first, 0 stays."""

    name: str
    right: bool = False
    least: int = 0
    drop: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """A text and how it looks: a colour or `bold`."""

    text: str
    style: str = ""


def print_json(data: Any) -> None:
    """One JSON value; numbers unrounded."""
    print(json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False))


def make_console() -> Console:
    """The terminal. In a pipe there is no colour and no edge; COLUMNS and NO_COLOR count everywhere."""
    width = shutil.get_terminal_size((_WIDE, 24)).columns
    colours = None if os.environ.get("NO_COLOR") else "auto"
    return Console(width=width, color_system=colours, highlight=False, markup=False, emoji=False)  # type: ignore[arg-type]


def print_line(console: Console, *cells: Cell) -> None:
    """Texts side by side, broken at the edge of the terminal."""
    console.print(Text.assemble(*((cell.text, cell.style) for cell in cells)))


def print_table(console: Console, table: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Print rows, each on one line however narrow the terminal is, and return the names of the columns shown."""
    widths = _fit_table(console, table, rows)
    heads = [Cell(one.name, "bold") for one in table]
    rule = "─" * (sum(widths.values()) + _GAP * (len(widths) - 1))
    lines = [_line(table, cells, widths) for cells in (heads, *rows)]
    for line in (lines[0], Text(rule, "bright_black"), *lines[1:]):
        console.print(line, no_wrap=True, overflow="ignore", crop=False)
    return [table[n].name for n in widths]


def shown_columns(console: Console, table: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> list[str]:
    """The names of the columns that `print_table` has room for."""
    return [table[n].name for n in _fit_table(console, table, rows)]


def _fit_table(console: Console, table: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> dict[int, int]:
    natural = [_measure(one.name, [row[n].text for row in rows]) for n, one in enumerate(table)]
    return _fit(table, natural, console.width)


def _measure(head: str, texts: Sequence[str]) -> int:
    """The width that a column needs; 0 where it says nothing."""
    widest = max(map(columns, texts), default=0)
    return max(widest, columns(head)) if widest else 0


def _fit(table: Sequence[Column], natural: Sequence[int], width: int) -> dict[int, int]:
    """The width of each column shown: some are dropped until the least widths fit, the rest goes to those cut most."""
    widths = {n: min(size, table[n].least or size) for n, size in enumerate(natural) if size}
    while _total(widths) > width and any(table[n].drop for n in widths):
        highest = max(table[n].drop for n in widths)
        widths = {n: size for n, size in widths.items() if table[n].drop < highest}
    if _total(widths) > width:  # a very narrow terminal
        for n in widths:
            widths[n] = min(widths[n], _NARROWEST) if table[n].least else widths[n]
    for _ in range(min(width - _total(widths), sum(natural))):
        cut = [n for n in widths if widths[n] < natural[n]]
        if cut:
            widths[min(cut, key=lambda n: widths[n] / natural[n])] += 1
    return widths


def _total(widths: dict[int, int]) -> int:
    return sum(widths.values()) + _GAP * (len(widths) - 1)


def _line(table: Sequence[Column], cells: Sequence[Cell], widths: dict[int, int]) -> Text:
    line = Text()
    for n, width in widths.items():
        text = clip(cells[n].text, width)
        blank = " " * (width - columns(text))
        line.append(" " * _GAP if line else "")
        line.append(blank + text if table[n].right else text + blank, cells[n].style)
    line.rstrip()
    return line
