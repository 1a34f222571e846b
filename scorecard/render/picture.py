"""The neutral picture of a strategy map: lanes, boxes and arrows, before any format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from scorecard.analysis.comparison import GoalChange, Turns, compare_goals, count_turns
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import GoalResult, KpiResult, Reading
from scorecard.model.period import Period
from scorecard.model.status import Heading, Signal, Status
from scorecard.model.strategy import Strategy
from scorecard.render.change_words import goal_change_words, index_change_words, score_heading
from scorecard.render.words import number, percent, quantity

_NO_TURNS = Turns(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Lane:
    """One perspective, top of the map first."""

    id: str
    name: str
    status: Status
    score: float | None


@dataclass(frozen=True, slots=True)
class Box:
    """One goal. Scores are 0..1, None where unknown; `status` is the goal's, after guardrails and override."""

    id: str
    name: str
    lane: int
    owner: str
    status: Status
    lagging: float | None
    lagging_status: Status
    leading: float | None
    leading_status: Status
    outlook: float | None
    outlook_status: Status
    heading: Heading
    signal: Signal
    coverage: float
    guardrails_breached: tuple[str, ...] = ()
    overridden: bool = False
    theme: str = ""
    lines: tuple[str, ...] = ()  # the KPIs in words, for tooltips
    leading_coverage: float = 0.0
    outlook_coverage: float = 0.0
    change: str = ""  # since the period compared with, in words; the next two say more, None without such a period
    status_before: Status | None = None
    score_change: float | None = None  # of the result; None also where it is unknown in one of the two periods

    @property
    def turned(self) -> bool:
        """Whether it had another colour in the period compared with."""
        return self.status_before not in (None, self.status)

    @property
    def moved(self) -> Heading:
        """Where its result went since then; unknown where nobody can say."""
        return score_heading(self.score_change)


@dataclass(frozen=True, slots=True)
class Arrow:
    """From the cause (`source`) to the effect (`target`), both box ids."""

    source: str
    target: str
    weight: float = 1.0
    share: float = 1.0  # of the effect's leading weight, 0..1
    opposes: bool = False
    delay: int = 0  # review periods
    evidence: str = "assumed"  # assumed, observed, tested
    why: str = ""
    definition: bool = False  # the source's work defines a KPI of the target; no weight, no number


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything a map shows. Arrows name boxes of the picture only.

    `before` is the period compared with, empty where there is none; then boxes say nothing of a change either.
    """

    title: str
    period: str
    lanes: tuple[Lane, ...]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    index: float | None = None
    index_status: Status = Status.UNKNOWN
    coverage: float = 0.0
    fresh: int = 0  # of the `figures`, the KPIs used by goals, those that are known and not stale
    figures: int = 0
    illustrative: str = ""  # said under the picture where the data are made up
    before: str = ""
    index_change: str = ""  # in words
    index_before: float | None = None
    turns: Turns = _NO_TURNS

    @property
    def index_difference(self) -> float | None:
        """The change of the index in score; None where one of the two is unknown."""
        return None if self.index is None or self.index_before is None else self.index - self.index_before


def draw_picture(evaluation: Evaluation, before: Period | None = None, *, with_kpis: bool = True) -> Picture:
    """The map of a strategy at the evaluation's period, compared with another one of its span where that is named.

    Without the KPIs in words, which take as long as all the rest, boxes have no `lines`; `list_kpis` says those of one goal.
    Links from goals of other strategies are not drawn. Raises ValueError for a period outside of the span.
    """
    strategy = evaluation.strategy
    lanes = tuple(
        Lane(one.id, one.perspective.title, one.lagging.status, one.lagging.score) for one in evaluation.perspectives
    )
    lane_of = {lane.id: row for row, lane in enumerate(lanes)}
    goals = evaluation.goals
    then = evaluation.at(before) if before else None
    changes = compare_goals(strategy, then.goals, goals) if then else (None,) * len(goals)
    boxes = tuple(
        _box(evaluation, goal, lane_of[goal.goal.perspective], change, with_kpis)
        for goal, change in zip(goals, changes, strict=True)
    )
    index = evaluation.index
    return Picture(
        " · ".join([strategy.title, *evaluation.members.values()]),
        str(evaluation.period),
        lanes,
        boxes,
        tuple(_arrows(strategy)),
        index.score,
        index.status,
        index.coverage,
        *count_fresh(evaluation),
        illustrative_remark(strategy),
        *(_hold_against(index, then, changes) if then else ()),
    )


def illustrative_remark(strategy: Strategy) -> str:
    """What is said under pictures and tables of a strategy whose description calls its figures illustrative."""
    return "The figures are illustrative." if "illustrative" in (strategy.description or "").casefold() else ""


def count_fresh(evaluation: Evaluation) -> tuple[int, int]:
    """How many of the KPIs used by goals are known and not stale, and how many there are."""
    values, goals = evaluation.values, evaluation.strategy.goals.values()
    rows = [values.row(name) for name in {use.kpi for goal in goals for use in (*goal.lagging, *goal.drivers)}]
    known = ~np.isnan(values.value[rows, evaluation.column])
    return int((known & ~values.stale[rows, evaluation.column]).sum()), len(rows)


def list_kpis(evaluation: Evaluation, goal: str) -> tuple[str, ...]:
    """The results of a goal in words. Raises KeyError for an unknown goal."""
    return tuple(kpi_words(evaluation.kpi(use.kpi)) for use in evaluation.strategy.goals[goal].lagging)


def kpi_words(kpi: KpiResult) -> str:
    """A KPI in a line: `◆ Share of leads converted: 3.1% of 5% (37%), stale`."""
    unit = kpi.kpi.unit or ""
    text = f"{kpi.status.sign} {kpi.kpi.title}: {quantity(kpi.value, unit)}"
    if kpi.target is not None:
        text += f" of {quantity(kpi.target, unit)}"
    if kpi.score is not None:
        text += f" ({percent(kpi.score)})"
    return ", ".join([text, *weakness_words(kpi), *([kpi.reason] if kpi.reason else [])])


def weakness_words(kpi: KpiResult) -> list[str]:
    """What a known figure lacks: `stale`, `partial`; of a formula it is said of its inputs."""
    marks = [word for word, said in (("stale", kpi.stale), ("partial", kpi.partial)) if said]
    return [f"{' and '.join(marks)} inputs"] if marks and kpi.kpi.formula else marks


def guardrail_words(evaluation: Evaluation, result: GoalResult, name: str) -> str:
    """A guardrail of a goal with its figures: `Share of sales with a discount is 27.27%, allowed at most 20%`."""
    measure = evaluation.strategy.measure(name)
    unit = (measure.unit if measure else None) or ""
    said = " and ".join(
        f"{word} {number(limit, unit)}"
        for guardrail in result.goal.guardrails
        if guardrail.kpi == name
        for word, limit in (("at least", guardrail.min), ("at most", guardrail.max))
        if limit is not None
    )
    value = number(evaluation.measure_value(name), unit)
    return f"{_title(evaluation.strategy, name)} is {value}, allowed {said}"


def _box(evaluation: Evaluation, result: GoalResult, lane: int, change: GoalChange | None, with_kpis: bool) -> Box:
    goal = result.goal
    return Box(
        goal.id,
        goal.title,
        lane,
        goal.owner or "",
        result.status,
        result.lagging.score,
        result.lagging.status,
        result.leading.score,
        result.leading.status,
        result.outlook.score,
        result.outlook.status,
        result.heading,
        result.signal,
        result.lagging.coverage,
        tuple(_title(evaluation.strategy, name) for name in result.guardrails_breached),
        result.override is not None,
        goal.theme or "",
        list_kpis(evaluation, goal.id) if with_kpis else (),
        result.leading.coverage,
        result.outlook.coverage,
        *((goal_change_words(change), change.status_before, change.score_change) if change else ()),
    )


def _hold_against(
    index: Reading, then: Evaluation, changes: Iterable[GoalChange | None]
) -> tuple[str, str, float | None, Turns]:
    """What a picture says of the period compared with: itself, the index in words and as it was, the goals that turned."""
    before = then.index
    turns = count_turns(change for change in changes if change)
    return str(then.period), index_change_words(before, index), before.score, turns


def _title(strategy: Strategy, name: str) -> str:
    measure = strategy.measure(name)
    return measure.title if measure else name


def _arrows(strategy: Strategy) -> Iterator[Arrow]:
    for goal in strategy.goals.values():
        total = sum(link.weight for link in goal.links) + sum(strategy.weigh(use) for use in goal.drivers)
        for link in goal.links:
            cause = link.goal.removeprefix(f"{strategy.id}/")
            if cause in strategy.goals:
                yield Arrow(
                    cause,
                    goal.id,
                    link.weight,
                    link.weight / total,
                    link.opposes,
                    link.delay,
                    link.evidence_kind,
                    link.why or "",
                )
    defined: dict[tuple[str, str], list[str]] = {}
    for goal in strategy.goals.values():
        for use in goal.lagging + goal.drivers:
            kpi = strategy.kpis[use.kpi]
            if kpi.defined_by and kpi.defined_by != goal.id:
                defined.setdefault((kpi.defined_by, goal.id), []).append(kpi.title)
    for (source, target), names in defined.items():
        yield Arrow(source, target, why=f"defines {', '.join(names)}", definition=True)
