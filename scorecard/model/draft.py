"""A strategy that is about to be written: the mapping of a strategy file, with numbers as numbers, and the values beside.

Any mapping in it may hold remarks, a list of sentences under REMARKS: they become comments above it. A key that starts
with NUL is no text of a file, so nothing that stands in a book can be taken for one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from scorecard.model.finding import Finding

REMARKS = "\0remarks"
MOST_ID = 64


class Percent(float):
    """A number that people write as a percentage: Percent(0.05) is 5%."""


class Figure(NamedTuple):
    """One row of the data file: a number, or a word where the KPI is judged in words."""

    kpi: str
    period: str
    value: float | str


@dataclass(slots=True)
class Draft:
    """The tree of the file, its values, and what could not be placed."""

    tree: dict[str, Any] = field(default_factory=dict)
    figures: list[Figure] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def make_id(name: str, kind: str = "strategy") -> str:
    """An id from a name: `Büro Süd 2027` becomes `buro_sud_2027`; the kind where nothing of it is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    ident = "_".join(re.findall(r"[a-z0-9]+", plain)) or kind
    return (ident if ident[0].isalpha() else f"{kind[0]}_{ident}")[:MOST_ID].rstrip("_")


def make_new_id(name: str, kind: str, taken: Collection[str]) -> str:
    """The same, with a number where it is taken."""
    ident = make_id(name, kind)
    number = 1
    new = ident
    while new in taken:
        number += 1
        new = f"{ident[: MOST_ID - len(str(number)) - 1].rstrip('_')}_{number}"
    return new


def write_figure(value: float, grouped: bool = False) -> str:
    """A number that reads back exactly: `40_000` where `grouped`, a Percent as `12.5%` where that is exact."""
    if isinstance(value, Percent):
        for digits in range(13):
            text = f"{value * 100:.{digits}f}"
            if float(text) / 100 == float(value):
                return f"{text}%"
    value = float(value)
    if value.is_integer() and abs(value) < 1e15:
        return f"{int(value):_}" if grouped and abs(value) >= 10_000 else str(int(value))
    return repr(value)
