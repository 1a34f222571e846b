"""Which rows the score table lists: all of them, or those that a filter leaves, in the order of a column. Knows no Textual."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import GoalResult, KpiResult
from scorecard.model.scoring import improves_upward
from scorecard.model.status import Status
from scorecard.render.table import Row, Stub, compare_row, fill_row
from scorecard.tui.filter import Filter
from scorecard.tui.score_cells import find_gap, list_scores
from scorecard.tui.score_columns import NAME, Column

_RANK = {Status.RED: 0, Status.AMBER: 1, Status.GREEN: 2}
Key = tuple[float, str]


class Line(NamedTuple):
    """A row on screen. `context` says that it only stands here because of the rows below it."""

    stub: Stub
    context: bool = False


@dataclass(frozen=True)
class Listing:
    """What decides which rows are listed, and in which order: the map's, or that of a column. `then` is what a change is held
    against. `rows` keeps those that were computed, of this evaluation."""

    evaluation: Evaluation
    then: Evaluation | None = None
    filter: Filter = field(default_factory=Filter)
    by: Column | None = None
    descending: bool = False
    rows: dict[Stub, Row] = field(default_factory=dict)

    @property
    def is_plain(self) -> bool:
        """Whether all rows stand in the order of the map, so that none has to be computed for that."""
        return self.by is None and not self.filter.tests

    def row(self, stub: Stub) -> Row:
        """Computed when first asked for."""
        if stub not in self.rows:
            self.rows[stub] = fill_row(self.evaluation, stub)
        return self.rows[stub]

    def list_lines(self, stubs: Sequence[Stub], goes_on: Callable[[], bool] = lambda: True) -> list[Line]:
        """The rows that are listed of all; nothing where it stops before its end because `goes_on` says so."""
        if self.is_plain:
            return [Line(stub) for stub in stubs]
        held: list[tuple[Stub, Row]] = []
        for stub in stubs:
            if not goes_on():
                return []
            if self.filter.holds(row := self.row(stub)):
                held.append((stub, row))
        if self.by is None:
            return list(add_context(stubs, {stub for stub, _ in held}.__contains__))
        return [Line(stub) for stub in self._sort([pair for pair in held if pair[0].kind != "perspective"])]

    def _sort(self, held: Sequence[tuple[Stub, Row]]) -> list[Stub]:
        """By the column; those that say nothing there last, either way."""
        assert self.by
        keyed = [(find_key(self.evaluation, row, self.by, self.then), stub) for stub, row in held]
        known = [(key, stub) for key, stub in keyed if key is not None]
        known.sort(key=lambda one: one[0], reverse=self.descending)
        return [stub for _, stub in known] + [stub for key, stub in keyed if key is None]


def find_key(evaluation: Evaluation, row: Row, column: Column, then: Evaluation | None = None) -> Key | None:
    """What a row is sorted by, worst or A first; None where it says nothing there. The change is the one since `then`."""
    result = row.result
    found: float | str | None
    match column.name:
        case "Status":
            found = _RANK[Status.RED] if row.breached else _RANK.get(row.status)
        case "Actual":
            found = result.value if isinstance(result, KpiResult) else None
        case "Target":
            found = result.target if isinstance(result, KpiResult) else None
        case "Gap":
            found = _weigh_gap(result) if isinstance(result, KpiResult) else None
        case "Score":
            found = result.score if isinstance(result, KpiResult) else result.lagging.score
        case "Outlook":
            found = result.outlook.score if isinstance(result, GoalResult) else None
        case "Trend":
            known = [score for score in list_scores(evaluation, row) if score is not None]
            found = known[-1] - known[0] if len(known) > 1 else None
        case "Change":
            found = compare_row(row, then).score if then else None
        case "Data":
            found = -result.age if isinstance(result, KpiResult) and result.age is not None else None
        case name:
            index = {NAME: 1, "Owner": 2, "Unit": 5}[name]
            found = row.cells[index].casefold() or None
    if found is None:
        return None
    return (0.0, found) if isinstance(found, str) else (float(found), "")


def add_context(stubs: Sequence[Stub], holds: Callable[[Stub], bool]) -> Iterator[Line]:
    """The rows that hold, each below its goal and perspective."""
    waiting: list[Line] = []
    for stub in stubs:
        if stub.kind == "perspective":
            waiting = [Line(stub, context=True)]
            continue
        if stub.kind == "goal":  # the goal before has nothing that holds
            waiting = [one for one in waiting if one.stub.kind == "perspective"]
        if holds(stub):
            yield from (*waiting, Line(stub))
            waiting = []
        elif stub.kind == "goal":
            waiting.append(Line(stub, context=True))


def _weigh_gap(kpi: KpiResult) -> float | None:
    """The gap as a share of the target, so that units do not matter, below 0 where it is on the bad side."""
    gap, up = find_gap(kpi), improves_upward(kpi.kpi)
    if gap is None or kpi.target is None:
        return None
    share = gap / abs(kpi.target) if kpi.target else gap
    return -share if up is False else share
