"""What pages and packs set in tables of a goal's sheet: columns and cells in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scorecard.model.status import Status
from scorecard.render.explanation_rows import say_tenths
from scorecard.render.goal_sheet import GoalSheet, Neighbour
from scorecard.render.words import percent


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table; `status` colours its cell number `coloured`."""

    cells: tuple[str, ...]
    status: Status = Status.UNKNOWN
    coloured: int = -1


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows of texts under a title; `right` are the columns whose texts end at their right side."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Line, ...]
    right: frozenset[str] = frozenset()


_FULL = "coverage 100%"  # which sheets leave out, and an empty cell would not say
_NUMBERS = ("", "Status", "Coverage", "How it comes about")
_KPIS = ("KPI", "Status", "Actual", "Target", "Weight", "Data", "Owner")
_PARTS = ("Loss", "KPI or initiative", "Score", "x Share", "= Part", "Lever", "Along")
_NEIGHBOURS = ("Goal", "Status", "Link")
_INITIATIVES = ("Initiative", "Owner", "Status", "Due", "Progress")
_PARTS_RIGHT = frozenset({"Loss", "Score", "x Share", "= Part", "Lever"})


def set_numbers(sheet: GoalSheet) -> Table:
    """Result, drivers and outlook."""
    rows = (Line((one.name, one.words, one.coverage or _FULL, one.how), one.status, 1) for one in sheet.numbers)
    return Table("", _NUMBERS, tuple(rows))


def set_kpis(sheet: GoalSheet) -> Table:
    """The KPIs of the result, then those of the drivers."""
    rows = (
        Line((one.name, one.words, one.value, one.target, one.weight, one.data, one.owner), one.status, 1)
        for one in sheet.kpis
    )
    return Table("KPIs", _KPIS, tuple(rows), frozenset({"Actual", "Target"}))


def set_parts(sheet: GoalSheet, most: int | None = None) -> Table | None:
    """What the outlook consists of, the largest loss first; None where it is unknown.

    With `most` rows the smaller losses are one row, so that losses and parts still add up.
    """
    if sheet.parts is None:
        return None
    rows = sheet.parts.rows
    shown = rows if most is None or len(rows) <= most else rows[: most - 1]
    lines = [Line((one.loss, one.name, one.score, one.share, one.part, one.lever, one.path.strip())) for one in shown]
    if rest := rows[len(shown) :]:
        loss, part = _add(one.loss for one in rest), _add(one.part for one in rest)
        lines.append(Line((loss, f"The {len(rest)} others together", "", "", part, "", "")))
    return Table("What the outlook loses, and to what", _PARTS, tuple(lines), _PARTS_RIGHT)


def say_sum(sheet: GoalSheet) -> str:
    """What the losses add up to: `45.2% = 100% - 54.8 pp, the sum of the losses`."""
    if sheet.parts is None:
        return "Nothing below this goal is known, so there is nothing to add up."
    return f"{sheet.parts.number}% = 100% - {sheet.parts.missing.removeprefix('-')} pp, the sum of the losses"


def set_neighbours(sheet: GoalSheet) -> tuple[Table, ...]:
    """The goals that drive it, and those that it drives, where there are any."""
    tables = (_neighbours("Driven by", sheet.drivers), _neighbours("Drives", sheet.driven))
    return tuple(one for one in tables if one.rows)


def set_initiatives(sheet: GoalSheet) -> Table:
    """The goal's initiatives with the progress of the period."""
    rows = (Line((one.name, one.owner, one.status, one.due, percent(one.progress))) for one in sheet.initiatives)
    return Table("Initiatives", _INITIATIVES, tuple(rows), frozenset({"Progress"}))


def _add(tenths: Iterable[str]) -> str:
    """The sum of tenths in texts, empty ones left out."""
    return say_tenths(sum(int(one.replace(".", "")) for one in tenths if one))


def _neighbours(title: str, found: Sequence[Neighbour]) -> Table:
    return Table(title, _NEIGHBOURS, tuple(Line((one.name, one.words, one.link), one.status, 1) for one in found))
