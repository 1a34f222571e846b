"""The neutral table of a scorecard: perspective, goal and KPI rows with the cells every format shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import GoalResult, KpiResult, PerspectiveResult
from scorecard.model.status import Status
from scorecard.model.strategy import Goal, KpiUse
from scorecard.render.picture import weakness_words
from scorecard.render.words import GUARDRAIL_SIGN, OVERRIDE_SIGN, age, coverage_words, number, percent

COLUMNS = ("", "Goal / KPI", "Owner", "Actual", "Target", "Unit", "Score", "Outlook", "Trend", "Data")
RIGHT = frozenset({"Actual", "Target", "Score"})
_BARS = "▁▂▃▄▅▆▇█"
TREND = 12  # review periods that a trend shows


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `cells` go with COLUMNS. `status` colours the sign, the score and the trend.

    `mark` says of a KPI that it is a driver (`→`), the primary one (`*`) or diagnostic (`·`).
    """

    kind: Literal["perspective", "goal", "kpi"]
    id: str
    status: Status
    cells: tuple[str, ...]
    outlook: Status = Status.UNKNOWN
    mark: str = ""


def scorecard_rows(evaluation: Evaluation, goal: str | None = None, kpi: str | None = None) -> Iterator[Row]:
    """The scorecard in perspective lanes, KPIs below each goal that uses them; or one goal; or one KPI at its goals."""
    lanes = evaluation.strategy.lanes()
    used = False
    for perspective in evaluation.perspectives:
        goals = [one for one in lanes[perspective.id] if goal in (None, one.id) and (kpi is None or _uses(one, kpi))]
        if goals or (goal is None and kpi is None):
            yield _perspective_row(perspective)
        for one in goals:
            used = True
            yield from _goal_rows(evaluation, evaluation.goal(one.id), kpi)
    if kpi and not used:
        yield _kpi_row(evaluation, evaluation.kpi(kpi), KpiUse(kpi=kpi), leading=False)


def sparkline(scores: Sequence[float | None]) -> str:
    """Scores of 0..1 as bars, a gap where unknown."""
    return "".join(" " if score is None else _BARS[min(7, int(score * 8))] for score in scores)


def _uses(goal: Goal, kpi: str) -> bool:
    return any(use.kpi == kpi for use in (*goal.lagging, *goal.drivers))


def _perspective_row(result: PerspectiveResult) -> Row:
    reading = result.lagging
    cells = (reading.status.sign, result.perspective.title, "", "", "", "", percent(reading.score), "", "", "")
    return Row("perspective", result.id, reading.status, cells)


def _goal_rows(evaluation: Evaluation, result: GoalResult, kpi: str | None) -> Iterator[Row]:
    """A goal and below it its KPIs, or one of them."""
    goal = result.goal
    signs = [
        sign for sign, said in ((GUARDRAIL_SIGN, result.guardrails_breached), (OVERRIDE_SIGN, result.override)) if said
    ]
    outlook = result.outlook
    yield Row(
        "goal",
        goal.id,
        result.status,
        (
            " ".join([result.status.sign, result.status, *signs]),
            goal.title,
            goal.owner or "",
            "",
            "",
            "",
            percent(result.lagging.score),
            f"{result.heading.arrow} {percent(outlook.score)}" if outlook.score is not None else "",
            _trend(evaluation, evaluation.goal_history(goal.id)),
            _basis(result),
        ),
        outlook.status,
    )
    for uses, leading in ((goal.lagging, False), (goal.drivers, True)):
        for use in uses:
            if kpi in (None, use.kpi):
                yield _kpi_row(evaluation, evaluation.kpi(use.kpi), use, leading)


def _basis(result: GoalResult) -> str:
    if result.lagging.basis == "initiatives":
        return "initiatives"
    return "" if result.lagging.coverage >= 1 else coverage_words(result.lagging.coverage)


def _kpi_row(evaluation: Evaluation, kpi: KpiResult, use: KpiUse, leading: bool) -> Row:
    unit = kpi.kpi.unit or ""
    role = evaluation.strategy.role(use)
    mark = ("→" if leading else "*" if role == "primary" else "") + ("·" if role == "diagnostic" else "")
    return Row(
        "kpi",
        kpi.id,
        kpi.status,
        (
            kpi.status.sign,
            kpi.kpi.title,
            kpi.kpi.owner or "",
            number(kpi.value, unit),
            _target(kpi, unit),
            "" if unit == "%" else unit,
            "" if evaluation.inputs.rules[kpi.id] is None else percent(kpi.score),
            "",
            _trend(evaluation, evaluation.history(kpi.id, "score")),
            data_words(evaluation, kpi),
        ),
        mark=mark,
    )


def _target(kpi: KpiResult, unit: str) -> str:
    """What the value should be: the target or the band; empty where the file gives neither."""
    if kpi.target is None and kpi.kpi.band:
        return "–".join(number(edge, unit) for edge in kpi.kpi.band)
    return "" if kpi.target is None else number(kpi.target, unit)


def data_words(evaluation: Evaluation, kpi: KpiResult) -> str:
    """How good the figure is: fresh, its age, what it or a formula's inputs lack, or why it is unknown."""
    if kpi.effective_period is None:
        return kpi.reason or ""
    weak = weakness_words(kpi)
    return ", ".join(weak if weak and kpi.kpi.formula else [age(kpi.age, evaluation.strategy.period), *weak])


def _trend(evaluation: Evaluation, scores: Sequence[float | None]) -> str:
    return sparkline(scores[max(0, evaluation.column + 1 - TREND) : evaluation.column + 1])
