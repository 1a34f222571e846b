"""The heat table of slices: members by goals, or by the KPIs of one goal, the worst first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import status_of
from scorecard.compute.sliced import Sliced
from scorecard.model.kpi import Bands
from scorecard.model.status import Status
from scorecard.render.json_result import VERSION, kpi_object

Floats = NDArray[np.float64]
Of = Literal["lagging", "leading", "outlook"]


@dataclass(frozen=True)
class Heat:
    """Scores of members [column, member], NaN where unknown; `bands` colours each column.

    `lead` and `coverage` are what members are ranked by [member]: the index, or a goal's or KPI's number. `order` lists the
    members, worst first, those without a number last; `whole` has the same cells for all members together, the lead first.
    """

    by: str
    members: tuple[str, ...]
    head: str
    lead: Floats
    lead_bands: Bands
    coverage: Floats
    titles: tuple[str, ...]
    ids: tuple[str, ...]
    scores: Floats
    bands: tuple[Bands, ...]
    order: tuple[int, ...]
    whole: tuple[tuple[Status, float | None], ...]

    def cells(self, member: int) -> Iterator[tuple[Status, float | None]]:
        """Status and score of one member in each column."""
        for score, bands in zip(self.scores[:, member].tolist(), self.bands, strict=True):
            yield self.cell(score, bands)

    def order_by(self, column: int) -> tuple[int, ...]:
        """The members, worst first by a column, counted from 1; 0 is what they are ranked by."""
        return _rank(self.scores[column - 1], self.members) if column else self.order

    def cell(self, score: float, bands: Bands) -> tuple[Status, float | None]:
        known = None if np.isnan(score) else float(score)
        return status_of(known, bands), known


def draw_heat(
    sliced: Sliced, whole: Evaluation, by: str, of: Of = "lagging", goal: str | None = None, column: int = -1
) -> Heat:
    """All goals, ranked by the index; or one goal with its KPIs, ranked by it. `whole` is of all members together."""
    strategy = sliced.strategy
    members = tuple(part[by] for part in sliced.slices)
    numbers = sliced.goals(of, column)
    if goal is None:
        lead, coverage = sliced.index(column)
        titles = tuple(one.title for one in strategy.goals.values())
        return Heat(
            by,
            members,
            "Index",
            lead,
            strategy.bands,
            coverage,
            titles,
            tuple(strategy.goals),
            numbers,
            (strategy.bands,) * len(titles),
            _rank(lead, members),
            tuple((one.status, one.score) for one in (whole.index, *(getattr(goal, of) for goal in whole.goals))),
        )
    at = list(strategy.goals).index(goal)
    own = strategy.goals[goal]
    ids = tuple(dict.fromkeys(use.kpi for use in (*own.lagging, *own.drivers)))
    kpis = [strategy.kpis[name] for name in ids]
    rows = [list(strategy.kpis).index(name) for name in ids]
    return Heat(
        by,
        members,
        own.title,
        numbers[at],
        strategy.bands,
        sliced.goals(f"{of}_coverage", column)[at],
        tuple(kpi.title for kpi in kpis),
        ids,
        sliced.scores.score[rows][:, :, column],
        tuple(strategy.bands_of(kpi) for kpi in kpis),
        _rank(numbers[at], members),
        tuple((one.status, one.score) for one in (getattr(whole.goal(goal), of), *(whole.kpi(name) for name in ids))),
    )


def rank_kpi(sliced: Sliced, by: str, kpi: str, column: int = -1) -> list[tuple[str, Evaluation]]:
    """The members with their evaluations, those with the lowest score of a KPI first, those without one last."""
    row = list(sliced.strategy.kpis).index(kpi)
    members = [part[by] for part in sliced.slices]
    return [(members[n], sliced.part(n)) for n in _rank(sliced.scores.score[row, :, column], members)]


def heat_result(whole: Evaluation, heat: Heat) -> dict[str, Any]:
    """A heat table as JSON data: scores unrounded, unknown as null, worst first."""
    return {
        **_head(whole, heat.by),
        "columns": list(heat.ids),
        "all": {name: score for name, (_, score) in zip(("score", *heat.ids), heat.whole, strict=True)},
        "members": [
            {
                "member": heat.members[member],
                "score": heat.cell(heat.lead[member], heat.lead_bands)[1],
                "status": heat.cell(heat.lead[member], heat.lead_bands)[0].value,
                "coverage": float(heat.coverage[member]),
                "columns": [
                    {"id": name, "score": score, "status": status.value}
                    for name, (status, score) in zip(heat.ids, heat.cells(member), strict=True)
                ],
            }
            for member in heat.order
        ],
        "version": VERSION,
    }


def kpi_result(whole: Evaluation, by: str, kpi: str, ranked: Sequence[tuple[str, Evaluation]]) -> dict[str, Any]:
    """One KPI by members as JSON data, worst first."""
    members = [{"member": name, **kpi_object(evaluation.kpi(kpi))} for name, evaluation in ranked]
    return {**_head(whole, by), "kpi": kpi, "members": members, "version": VERSION}


def _head(whole: Evaluation, by: str) -> dict[str, Any]:
    where = dict(whole.members)
    return {"strategy": whole.strategy.id, "period": str(whole.period), "by": by, "where": where}


def _rank(scores: Floats, members: Sequence[str]) -> tuple[int, ...]:
    return tuple(sorted(range(len(members)), key=lambda n: (np.isnan(scores[n]), scores[n], n)))
