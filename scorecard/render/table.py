"""The neutral table of a scorecard: perspective, goal and KPI rows with the cells every format shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from scorecard.analysis.comparison import KpiChange, compare_kpi
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import GoalResult, KpiResult, PerspectiveResult
from scorecard.model.goal import Goal, Guardrail
from scorecard.model.kpi import KpiUse
from scorecard.model.status import Heading, Status
from scorecard.model.strategy import Strategy
from scorecard.render.change_words import (
    arrow_words,
    kpi_change_words,
    score_heading,
    state_change_words,
    value_heading,
)
from scorecard.render.picture import weakness_words
from scorecard.render.words import GUARDRAIL_SIGN, OVERRIDE_SIGN, age, coverage_words, number, percent

COLUMNS = ("", "Goal / KPI", "Owner", "Actual", "Target", "Unit", "Score", "Outlook", "Trend", "Data")
COMPARED = ("Before", "Change")  # columns more, where another period is compared with
KEY = "Goals with their KPIs: → driver, * primary, · diagnostic"  # what the marks before a name mean
RIGHT = frozenset({"Actual", "Target", "Score", *COMPARED})
_BARS = "▁▂▃▄▅▆▇█"
TREND = 12  # review periods that a trend shows


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `cells` go with COLUMNS. `status` colours the sign, the score and the trend.

    `mark` says of a KPI that it is a driver (`→`), the primary one (`*`), diagnostic (`·`) or a guardrail's (`⚑`), and
    `breached` whether that guardrail is, None where nobody knows. `result` is what the row shows, `goal` where a KPI stands
    (empty for one that no goal uses).
    """

    kind: Literal["perspective", "goal", "kpi"]
    id: str
    status: Status
    cells: tuple[str, ...]
    result: PerspectiveResult | GoalResult | KpiResult
    outlook: Status = Status.UNKNOWN
    mark: str = ""
    goal: str = ""
    breached: bool | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """What a row was in another period. `cells` go with COMPARED: sign and score, or sign and value of a KPI, and the change
    of the score in points. Changes are None where nobody can say, as of a KPI without a newer value.
    """

    cells: tuple[str, str]
    words: str  # such as `was ◆ amber 52%, +5 pp`
    heading: Heading
    status_before: Status
    score_before: float | None
    score: float | None  # its change
    value_before: float | str | None = None
    value: float | None = None  # its change


class Stub(NamedTuple):
    """A row before anything is computed for it: the same in every period. `use` is the entry that names the KPI; one that
    only a guardrail watches has none."""

    kind: Literal["perspective", "goal", "kpi"]
    id: str
    goal: str = ""
    use: KpiUse | None = None
    leading: bool = False


def scorecard_rows(
    evaluation: Evaluation, goal: str | None = None, kpi: str | None = None, guardrails: bool = False
) -> Iterator[Row]:
    """The scorecard in perspective lanes, KPIs below each goal that uses them; or one goal; or one KPI at its goals.

    With `guardrails` also those KPIs below a goal that only watch it.
    """
    return (fill_row(evaluation, stub) for stub in outline(evaluation.strategy, goal, kpi, guardrails))


def outline(
    strategy: Strategy, goal: str | None = None, kpi: str | None = None, guardrails: bool = False
) -> Iterator[Stub]:
    """What rows the scorecard has, in order; with `guardrails` those KPIs below a goal too that only watch it."""
    used = False
    for perspective, lane in strategy.lanes().items():
        goals = [one for one in lane if goal in (None, one.id) and (kpi is None or _uses(one, kpi))]
        if goals or (goal is None and kpi is None):
            yield Stub("perspective", perspective)
        for one in goals:
            used = True
            yield Stub("goal", one.id, one.id)
            for uses, leading in ((one.lagging, False), (one.drivers, True)):
                yield from (Stub("kpi", use.kpi, one.id, use, leading) for use in uses if kpi in (None, use.kpi))
            if guardrails:
                yield from (Stub("kpi", name, one.id) for name in watching_kpis(strategy, one))
    if kpi and not used:
        yield Stub("kpi", kpi, "", KpiUse(kpi=kpi))


def watching_kpis(strategy: Strategy, goal: Goal) -> list[str]:
    """The KPIs of a goal's guardrails that are neither its results nor its drivers."""
    names = dict.fromkeys(one.kpi for one in goal.guardrails)
    return [name for name in names if name in strategy.kpis and not _uses(goal, name)]


def fill_row(evaluation: Evaluation, stub: Stub) -> Row:
    """The cells of a row at the evaluation's period."""
    if stub.kind == "perspective":
        return _perspective_row(evaluation.perspective(stub.id))
    if stub.kind == "goal":
        return _goal_row(evaluation, evaluation.goal(stub.id))
    if stub.use is None:
        return _guardrail_row(evaluation, evaluation.kpi(stub.id), evaluation.goal(stub.goal))
    return _kpi_row(evaluation, evaluation.kpi(stub.id), stub.use, stub.leading, stub.goal)


def standing(row: Row) -> tuple[str, Status]:
    """Sign and word of a row, and their colour: its status, or of a guardrail's KPI whether it holds."""
    if row.breached is None:
        return f"{row.status.sign} {row.status}", row.status
    return (f"{GUARDRAIL_SIGN} breached", Status.RED) if row.breached else ("✓ held", Status.GREEN)


def compare_row(row: Row, then: Evaluation) -> Move:
    """A row held against the same strategy at another period."""
    result = row.result
    if isinstance(result, KpiResult):
        return _compare_kpi(compare_kpi(then.kpi(row.id), result))
    if isinstance(result, GoalResult):
        goal = then.goal(row.id)
        status, before = goal.status, goal.lagging.score
    else:
        reading = then.perspective(row.id).lagging
        status, before = reading.status, reading.score
    now = result.lagging.score
    score = None if now is None or before is None else now - before
    cells = f"{status.sign} {percent(before)}", arrow_words(score)
    words = state_change_words((status, before), (row.status, now))
    return Move(cells, words, score_heading(score), status, before, score)


def _compare_kpi(found: KpiChange) -> Move:
    before, status = found.before, found.status_before
    scored = before.value is None or before.score is not None
    score, value = (found.score_change, found.value_change) if found.renewed else (None, None)
    cells = f"{status.sign} " * scored + number(before.value, before.kpi.unit or ""), arrow_words(score)
    heading = score_heading(score) if value is None else value_heading(found)
    return Move(cells, kpi_change_words(found), heading, status, before.score, score, before.value, value)


def sparkline(scores: Sequence[float | None]) -> str:
    """Scores of 0..1 as bars, a gap where unknown."""
    return "".join(" " if score is None else _BARS[min(7, int(score * 8))] for score in scores)


def _uses(goal: Goal, kpi: str) -> bool:
    return any(use.kpi == kpi for use in (*goal.lagging, *goal.drivers))


def _perspective_row(result: PerspectiveResult) -> Row:
    reading = result.lagging
    cells = (reading.status.sign, result.perspective.title, "", "", "", "", percent(reading.score), "", "", "")
    return Row("perspective", result.id, reading.status, cells, result)


def _goal_row(evaluation: Evaluation, result: GoalResult) -> Row:
    goal = result.goal
    signs = [
        sign for sign, said in ((GUARDRAIL_SIGN, result.guardrails_breached), (OVERRIDE_SIGN, result.override)) if said
    ]
    outlook = result.outlook
    return Row(
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
        result,
        outlook.status,
        goal=goal.id,
    )


def _basis(result: GoalResult) -> str:
    if result.lagging.basis == "initiatives":
        return "initiatives"
    return "" if result.lagging.coverage >= 1 else coverage_words(result.lagging.coverage)


def _kpi_row(evaluation: Evaluation, kpi: KpiResult, use: KpiUse, leading: bool, goal: str) -> Row:
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
        kpi,
        mark=mark,
        goal=goal,
    )


def _guardrail_row(evaluation: Evaluation, kpi: KpiResult, goal: GoalResult) -> Row:
    """A KPI that only watches a goal: its limits stand where others have their target."""
    row = _kpi_row(evaluation, kpi, KpiUse(kpi=kpi.id), False, goal.id)
    limits = ", ".join(_limits(one, kpi.kpi.unit or "") for one in goal.goal.guardrails if one.kpi == kpi.id)
    cells = (*row.cells[:4], limits, *row.cells[5:])
    breached = None if kpi.value is None else kpi.id in goal.guardrails_breached
    return replace(row, cells=cells, mark=GUARDRAIL_SIGN, breached=breached)


def _limits(guardrail: Guardrail, unit: str) -> str:
    low, high = guardrail.min, guardrail.max
    if low is not None and high is not None:
        return f"{number(low, unit)}–{number(high, unit)}"
    return f"≥{number(low, unit)}" if low is not None else f"≤{number(high, unit)}"


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
    said = weak if weak and kpi.kpi.formula else [age(kpi.age, evaluation.strategy.period), *weak]
    return ", ".join([*said, kpi.reason] if kpi.reason else said)


def _trend(evaluation: Evaluation, scores: Sequence[float | None]) -> str:
    return sparkline(scores[max(0, evaluation.column + 1 - TREND) : evaluation.column + 1])
