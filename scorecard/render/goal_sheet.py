"""The sheet of a goal: what slides, pages and packs say of it, in texts that every format shows alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from scorecard.analysis.explanation import explain
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import GoalResult
from scorecard.compute.scores import read_progress
from scorecard.model.goal import Goal, Initiative, Link
from scorecard.model.kpi import KpiUse
from scorecard.model.period import Period
from scorecard.model.status import Signal, Status
from scorecard.render.change_words import state_change_words
from scorecard.render.chart_data import ChartData, read_chart
from scorecard.render.explanation_rows import Parts, explain_rows
from scorecard.render.picture import guardrail_words
from scorecard.render.reasons import explain_goal, explain_score, explain_target, explain_value, explain_weight
from scorecard.render.table import data_words
from scorecard.render.words import (
    GUARDRAIL_SIGN,
    OVERRIDE_SIGN,
    coverage_words,
    number,
    percent,
    quantity,
    signal_words,
    span,
    status_words,
)

CHARTED = 24  # review periods of a chart


@dataclass(frozen=True, slots=True)
class Number:
    """One of the three numbers of a goal: `◆ amber 62%`, its coverage where something is missing, how it comes about."""

    name: str
    status: Status
    score: float | None
    words: str
    coverage: str
    how: str


@dataclass(frozen=True, slots=True)
class KpiSheet:
    """A KPI at a goal; `side` says whether it shows the result or a driver. `chart` is None where nothing is known.

    `value` and `target` have their unit, `data` says how old the figure is, `reasons` why it has its colour.
    """

    id: str
    name: str
    side: Literal["result", "driver"]
    status: Status
    score: float | None
    words: str
    value: str
    target: str
    weight: str
    data: str
    owner: str
    chart: ChartData | None
    reasons: tuple[str, ...]
    caution: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A goal one link away: a driver, or one that is driven. `id` is empty for a goal of another strategy."""

    id: str
    name: str
    status: Status
    words: str
    link: str


@dataclass(frozen=True, slots=True)
class InitiativeSheet:
    """An initiative in texts; `progress` (0..1) is that of the period, None where unknown."""

    name: str
    owner: str
    status: str
    due: str
    progress: float | None
    words: str


@dataclass(frozen=True, slots=True)
class GoalSheet:
    """Everything about one goal at one period. `remarks` are the signal, breached guardrails, an override, the change."""

    id: str
    name: str
    perspective: str
    owner: str
    description: str
    status: Status
    words: str
    numbers: tuple[Number, ...]
    remarks: tuple[str, ...]
    parts: Parts | None
    kpis: tuple[KpiSheet, ...]
    drivers: tuple[Neighbour, ...]
    driven: tuple[Neighbour, ...]
    guardrails: tuple[tuple[bool, str], ...]  # (holds, words)
    initiatives: tuple[InitiativeSheet, ...]
    comments: tuple[tuple[str, str], ...]  # (period, text), the newest first


def draw_goal_sheet(evaluation: Evaluation, goal: str, before: Period | None = None) -> GoalSheet:
    """The sheet of a goal at the evaluation's period, with what changed since `before`. Raises KeyError."""
    result = evaluation.goal(goal)
    one, strategy = result.goal, evaluation.strategy
    return GoalSheet(
        one.id,
        one.title,
        strategy.perspectives[one.perspective].title,
        one.owner or "",
        one.description or "",
        result.status,
        status_words(result.status, result.lagging.score),
        tuple(_numbers(evaluation, result)),
        tuple(_remarks(evaluation, result, before)),
        explain_rows(evaluation, explain(evaluation, goal, most_paths=1)),
        tuple(_kpis(evaluation, one)),
        tuple(_driver(evaluation, link) for link in one.links),
        tuple(_driven(evaluation, goal)),
        tuple(_guardrails(evaluation, result)),
        tuple(_initiative(evaluation, initiative) for initiative in one.initiatives),
        tuple(_comments(evaluation, one)),
    )


def link_words(evaluation: Evaluation, link: Link) -> str:
    """What a link weighs, when it shows, and on what evidence: `weight 2, after 2 months, assumed`."""
    words = [f"weight {number(link.weight)}"] if link.weight != 1 else []
    words += [f"after {span(link.delay, evaluation.strategy.period)}"] if link.delay else []
    words += ["opposes"] if link.opposes else []
    return ", ".join([*words, link.evidence_kind])


def progress_of(evaluation: Evaluation, initiative: Initiative) -> float | None:
    """The progress (0..1) reported up to the evaluation's period; None where none was."""
    strategy, reviews = evaluation.strategy, evaluation.values.reviews[[evaluation.column]]
    progress = float(read_progress(strategy.calendar, strategy.rhythm, [initiative], reviews)[0, 0])
    return None if progress != progress else progress


def _numbers(evaluation: Evaluation, result: GoalResult) -> Iterator[Number]:
    told = dict(explain_goal(evaluation, result))
    for name, reading in (("Result", result.lagging), ("Drivers", result.leading), ("Outlook", result.outlook)):
        coverage = coverage_words(reading.coverage) if reading.coverage < 1 else ""
        words = status_words(reading.status, reading.score)
        yield Number(name, reading.status, reading.score, words, coverage, told.get(name, ""))


def _remarks(evaluation: Evaluation, result: GoalResult, before: Period | None) -> Iterator[str]:
    if result.signal is not Signal.UNKNOWN:
        yield signal_words(result.signal, bool(result.guardrails_breached), result.override is not None)
    for name in result.guardrails_breached:
        yield f"{GUARDRAIL_SIGN} lowered by a guardrail: {guardrail_words(evaluation, result, name)}"
    if result.override:
        by = f", by {result.override.by}" if result.override.by else ""
        judged = f"{OVERRIDE_SIGN} judged {result.override.status}{by} (computed {result.computed_status})"
        yield f"{judged}: {result.override.why}"
    if before is not None:
        then = evaluation.at(before).goal(result.id)
        states = ((one.status, one.lagging.score) for one in (then, result))
        yield f"Compared with {before}: {state_change_words(*states)}"


def _kpis(evaluation: Evaluation, goal: Goal) -> Iterator[KpiSheet]:
    sides: tuple[tuple[Literal["result", "driver"], tuple[KpiUse, ...]], ...] = (
        ("result", goal.lagging),
        ("driver", goal.drivers),
    )
    for side, uses in sides:
        for use in uses:
            kpi = evaluation.kpi(use.kpi)
            unit = kpi.kpi.unit or ""
            reasons = [*explain_value(evaluation, kpi), *explain_score(evaluation, kpi)]
            yield KpiSheet(
                kpi.id,
                kpi.kpi.title,
                side,
                kpi.status,
                kpi.score,
                status_words(kpi.status, kpi.score),
                quantity(kpi.value, unit),
                quantity(kpi.target, unit) if kpi.target is not None else "",
                explain_weight(evaluation, goal.id, kpi.id),
                data_words(evaluation, kpi),
                kpi.kpi.owner or "",
                read_chart(evaluation, kpi.id, CHARTED),
                tuple(one for one in (*reasons, explain_target(kpi)) if one),
                kpi.kpi.caution or "",
            )


def _driver(evaluation: Evaluation, link: Link) -> Neighbour:
    own = link.goal.removeprefix(f"{evaluation.strategy.id}/")
    if own in evaluation.strategy.goals:
        return _neighbour(evaluation, own, link)
    title, reading = evaluation.linked(link.goal)
    return Neighbour(
        "", title, reading.status, status_words(reading.status, reading.score), link_words(evaluation, link)
    )


def _driven(evaluation: Evaluation, goal: str) -> Iterator[Neighbour]:
    for other, link in evaluation.strategy.list_effects(goal):
        yield _neighbour(evaluation, other.id, link)


def _neighbour(evaluation: Evaluation, goal: str, link: Link) -> Neighbour:
    result = evaluation.goal(goal)
    words = status_words(result.status, result.lagging.score)
    return Neighbour(goal, result.goal.title, result.status, words, link_words(evaluation, link))


def _guardrails(evaluation: Evaluation, result: GoalResult) -> Iterator[tuple[bool, str]]:
    for name in dict.fromkeys(one.kpi for one in result.goal.guardrails):
        yield name not in result.guardrails_breached, guardrail_words(evaluation, result, name)


def _initiative(evaluation: Evaluation, initiative: Initiative) -> InitiativeSheet:
    progress = progress_of(evaluation, initiative)
    status = initiative.status or ("done" if progress == 1 else "active")
    due = str(initiative.due) if initiative.due else ""
    said = [
        status,
        *([f"due {due}"] if due else []),
        f"progress {percent(progress) if progress is not None else 'unknown'}",
    ]
    return InitiativeSheet(initiative.title, initiative.owner or "", status, due, progress, ", ".join(said))


def _comments(evaluation: Evaluation, goal: Goal) -> Iterator[tuple[str, str]]:
    """What was written up to the period, nothing that was written later."""
    until = evaluation.period
    known = (one for one in goal.comments if (one.year, one.part) <= (until.year, until.part))
    for period in sorted(known, reverse=True):
        yield str(period), goal.comments[period]
