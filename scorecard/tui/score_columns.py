"""The columns of the score table: how wide each is, and on which page each stands where a screen has no room for all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len

from scorecard.compute.evaluation import Evaluation
from scorecard.compute.means import Floats
from scorecard.render.table import TREND
from scorecard.render.words import number

NAME, CHANGE = "Goal / KPI", "Change"
GOAL_INDENT, KPI_INDENT = 1, 4  # columns in front of a name, for the mark of a KPI

_LEAST_NAME, _FAIR_NAME = 24, 30  # columns that a name has beside what has to be there, and beside the rest
_TIGHT_NAME = 8  # beside the only column of a page
_GOOD_NAME = 48  # columns that a name may have before others become wider
_LAST_NEEDED = 5  # rank of the last column that has to be there
_BARS = 2  # columns before the chosen row and of the scroll bar, which are always free: nothing moves while a filter is typed
_AIR = 2  # columns more than are needed, where nobody needs them


@dataclass(frozen=True, slots=True)
class Column:
    """A column of so many cells, or of up to `wide` ones where there is room and its texts need them; those with a low
    `rank` have room first."""

    name: str
    width: int
    rank: int
    right: bool = False
    wide: int = 0


COLUMNS = (
    Column("Status", 10, 0),
    Column(NAME, 0, 0),
    Column("Owner", 12, 8, wide=24),
    Column("Actual", 6, 2, True, wide=11),
    Column("Target", 6, 3, True, wide=11),
    Column("Gap", 8, 7, True, wide=9),
    Column("Unit", 8, 10, wide=16),
    Column("Score", 5, 1, True),
    Column("Outlook", 7, 5, wide=12),
    Column("Trend", 6, 4, wide=TREND),
    Column(CHANGE, 15, 6),
    Column("Data", 9, 9, wide=14),
)
_FIRST = tuple(one for one in COLUMNS if not one.rank)  # on every page
_FIGURES = ("Actual", "Target")
_WIDENING = (NAME, "Owner", "Unit", *_FIGURES, "Data", "Gap", "Trend", "Outlook")  # who gets what is left, in turn
_EXACT = 7  # columns of a figure that it has before all; a longer one is said in short until there is room
Page = Sequence[tuple[Column, int]]


def measure_columns(evaluation: Evaluation) -> Mapping[str, int]:
    """How many cells the longest text of a column takes over all periods, of columns where that is known without writing
    them; 0 where there is nothing to say."""
    strategy, scores = evaluation.strategy, evaluation.scores
    goals, kpis = strategy.goals.values(), strategy.kpis.values()
    bands = ["–".join(number(edge, kpi.unit or "") for edge in kpi.band) for kpi in kpis if kpi.band]
    return {
        NAME: max(
            _longest(one.title for one in strategy.perspectives.values()),
            GOAL_INDENT + _longest(one.title for one in goals),
            KPI_INDENT + _longest(one.title for one in kpis),
        ),
        "Owner": _longest([*(goal.owner or "" for goal in goals), *(kpi.owner or "" for kpi in kpis)]),
        "Unit": _longest(kpi.unit for kpi in kpis if kpi.unit and kpi.unit != "%"),
        "Actual": max(6, _measure_figures(scores.value), _longest(word for kpi in kpis for word in kpi.levels or ())),
        "Target": max(6, _measure_figures(scores.target), _longest(bands)),
    }


def list_columns(needs: Mapping[str, int]) -> list[Column]:
    """Those that say something, in their order."""
    return [one for one in COLUMNS if needs.get(one.name, 1)]


def lay_pages(width: int, needs: Mapping[str, int], by: Column | None = None, since: str = "") -> list[Page]:
    """The columns that a screen has room for, in their order, with their widths; a gap of one lies behind each. What has no
    room stands on further pages, the least needed on the last.

    `by` is the column that sorts, `since` the period compared with, the column of whose change has room for it: where there
    is room for them beside a name, both are on every page, as are status and name.
    """
    least = {one.name: one.width for one in COLUMNS} | {CHANGE: max(15, len(title_change(since)))}
    ranked = sorted(list_columns(needs), key=lambda one: one.rank)
    always = list(_FIRST)
    free = width - _BARS - 1 - sum(least[one.name] + 1 for one in _FIRST if one.width)
    for column in ranked:
        wanted = column is by or (since and column.name == CHANGE)
        if wanted and column not in always and free - least[column.name] - 1 >= _LEAST_NAME:
            always.append(column)
            free -= least[column.name] + 1
    waiting = [one for one in ranked if one not in always]
    pages: list[Page] = []
    while waiting or not pages:
        page, room = list(always), free
        while waiting and room - least[waiting[0].name] - 1 >= _room_of_name(waiting[0], bool(pages)):
            room -= least[waiting[0].name] + 1
            page.append(waiting.pop(0))
        if pages and len(page) == len(always):  # on a very narrow screen it stands alone, or has no room at all
            if room - least[waiting[0].name] - 1 < _TIGHT_NAME:
                waiting.pop(0)
                continue
            room -= least[waiting[0].name] + 1
            page.append(waiting.pop(0))
        for column in ranked if pages else ():  # what stands on an earlier page fills up the room
            if column not in page and room - least[column.name] - 1 >= _FAIR_NAME:
                room -= least[column.name] + 1
                page.append(column)
        pages.append(_widen([one for one in COLUMNS if one in page], least, needs, max(room, _TIGHT_NAME)))
    return pages


def title_change(since: str) -> str:
    """What stands above the change; without a period compared with it is that since the period before."""
    return f"since {since}" if since else CHANGE


def _room_of_name(column: Column, further: bool) -> int:
    """What a name has at least beside a column, on the first or a further page."""
    return _LEAST_NAME if further or column.rank <= _LAST_NEEDED else _FAIR_NAME


def _widen(columns: Sequence[Column], least: Mapping[str, int], needs: Mapping[str, int], room: int) -> Page:
    """The columns with their widths; the room of the name is shared with those whose texts need more."""
    widths = {one.name: least[one.name] for one in columns} | {NAME: min(room, _LEAST_NAME)}
    most = {one.name: min(one.wide, needs.get(one.name, one.wide)) for one in COLUMNS}
    whole = needs.get(NAME, _GOOD_NAME)
    steps = [(name, most[name]) for name in _FIGURES if most[name] <= _EXACT]
    steps += [(name, min(whole, _GOOD_NAME) if name == NAME else most[name]) for name in _WIDENING]
    spare = room - widths[NAME]
    for name, wanted in (*steps, (NAME, whole)):
        if wanted > widths.get(name, wanted):
            more = min(spare, wanted - widths[name])
            widths[name] += more
            spare -= more
    air = min(spare // len(columns), _AIR)
    for one in columns:
        if one.name not in (NAME, "Trend"):
            widths[one.name] += air
            spare -= air
    widths[NAME] += spare
    return [(one, widths[one.name]) for one in columns]


def _longest(texts: Iterable[str]) -> int:
    return max((len(text) if text.isascii() else cell_len(text) for text in set(texts)), default=0)


def _measure_figures(figures: Floats) -> int:
    """What the largest and the smallest take as whole numbers."""
    known = figures[np.isfinite(figures)]
    return max((len(f"{edge:,.0f}") for edge in (known.max(), known.min())), default=0) if known.size else 0
