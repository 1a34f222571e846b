"""Targets and scores of all KPIs, and the progress of initiatives [row, review period]. Semantics section 2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scorecard.compute.values import Values
from scorecard.model.period import Calendar, Rhythm
from scorecard.model.scoring import Linear, Rule, improves_upward, score_linear
from scorecard.model.strategy import Initiative, Kpi, Strategy

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Scores:
    """Arrays [KPI, review period], KPIs in the strategy's order. NaN is unknown, or none.

    `misplaced` marks target cells from the data that lie on the wrong side of baseline or red: no score there.
    """

    value: Floats
    target: Floats
    score: Floats
    progress: Floats
    misplaced: NDArray[np.bool_]


def score_kpis(
    strategy: Strategy, rules: Mapping[str, Rule | None], values: Values, cells: Mapping[tuple[int, int], float]
) -> Scores:
    """`rules` gives each KPI its rule; `cells` are targets from the data by (row of the measure, review period)."""
    kpis = list(strategy.kpis.values())
    rows = np.array([values.row(kpi.id) for kpi in kpis], dtype=np.int64)
    value = values.value[rows] if len(kpis) else np.empty((0, len(values.reviews)))
    target, misplaced = _targets(strategy, kpis, values, cells)
    score = np.full(value.shape, np.nan)
    linear = [row for row, kpi in enumerate(kpis) if isinstance(rules[kpi.id], Linear)]
    if linear:
        table = np.array([_parameters(rules[kpis[row].id]) for row in linear])
        score[linear] = score_linear(table[:, :1], table[:, 1:2], table[:, 2:], value[linear], target[linear])
    for row, kpi in enumerate(kpis):
        rule = rules[kpi.id]
        if rule is not None and not isinstance(rule, Linear):
            score[row] = rule.score(value[row], target[row])
    score[misplaced] = np.nan
    baseline = np.array([np.nan if kpi.baseline is None or kpi.levels else kpi.baseline for kpi in kpis]).reshape(-1, 1)
    span = target - baseline
    with np.errstate(invalid="ignore", over="ignore"):
        progress = (value - baseline) / np.where(span == 0, np.nan, span)
    progress[~np.isfinite(progress)] = np.nan
    return Scores(value, target, score, progress, misplaced)


def read_progress(calendar: Calendar, rhythm: Rhythm, initiatives: Sequence[Initiative], reviews: Ints) -> Floats:
    """The progress of each initiative in each review period: 1 when done, else the latest reported up to it."""
    result = np.full((len(initiatives), len(reviews)), np.nan)
    for row, initiative in enumerate(initiatives):
        if initiative.status == "done":
            result[row] = 1.0
        elif isinstance(initiative.progress, dict):
            points = sorted((calendar.anchor(period), period.rhythm, period) for period in initiative.progress)
            at = np.array([calendar.lying(period, rhythm) for _, _, period in points])
            reported = np.array([initiative.progress[period] for _, _, period in points])
            latest = np.searchsorted(at, reviews, side="right") - 1
            result[row] = np.where(latest >= 0, reported[np.maximum(latest, 0)], np.nan)
        elif initiative.progress is not None:
            result[row] = initiative.progress
    return result


def target_path(strategy: Strategy, kpi: Kpi) -> tuple[list[int], list[float]]:
    """The points of a KPI's target mapping: review periods (ordinals, ascending) and targets."""
    if not isinstance(kpi.target, dict):
        return ([0], [kpi.target]) if kpi.target is not None else ([], [])
    calendar, rhythm = strategy.calendar, strategy.rhythm
    points = sorted((calendar.lying(period, rhythm), target) for period, target in kpi.target.items())
    return [at for at, _ in points], [target for _, target in points]


def _targets(
    strategy: Strategy, kpis: Sequence[Kpi], values: Values, cells: Mapping[tuple[int, int], float]
) -> tuple[Floats, NDArray[np.bool_]]:
    reviews = values.reviews
    target = np.full((len(kpis), len(reviews)), np.nan)
    for row, kpi in enumerate(kpis):
        if isinstance(kpi.target, dict):
            target[row] = np.interp(reviews, *target_path(strategy, kpi))
        elif kpi.target is not None:
            target[row] = kpi.target
    misplaced = np.zeros(target.shape, dtype=bool)
    row_of = {values.row(kpi.id): row for row, kpi in enumerate(kpis)}
    first = int(reviews[0]) if len(reviews) else 0
    for (measure, review), cell in cells.items():
        column = review - first
        if measure in row_of and 0 <= column < len(reviews):
            row = row_of[measure]
            target[row, column] = cell
            misplaced[row, column] = is_misplaced(kpis[row], cell)
    return target, misplaced


def is_misplaced(kpi: Kpi, target: float) -> bool:
    """Whether a target lies at, or on the other side of, baseline or red than the file's targets."""
    starts = [start for start in (kpi.baseline, kpi.red) if start is not None]
    if not starts or kpi.target is None:
        return False
    up = improves_upward(kpi)
    return any(target <= start if up else target >= start for start in starts)


def _parameters(rule: Rule | None) -> tuple[float, float, float]:
    assert isinstance(rule, Linear)
    return rule.start, rule.low, rule.high
