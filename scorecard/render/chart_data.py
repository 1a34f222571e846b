"""The history of a KPI made ready to be drawn: values with their marks, targets, bands, natural limits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import isfinite

import numpy as np

from scorecard.analysis.control_chart import Limits, natural_limits
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import status_of
from scorecard.model.kpi import Bands
from scorecard.model.scoring import Levels
from scorecard.model.status import Status

_FEWEST = 6  # periods of a chart


class Mark(Enum):
    """What a value is: of its own period, carried on or otherwise old, or not there."""

    OWN = "own"
    STALE = "stale"
    MISSING = "missing"


@dataclass(frozen=True)
class Point:
    """One review period; `value` and `target` are None where unknown."""

    label: str
    value: float | None
    target: float | None
    status: Status
    mark: Mark


@dataclass(frozen=True)
class ChartData:
    """Points, oldest first, the last one that of the period looked at; limits of the values of their own period.

    `low` and `high` are what the chart has to span. KPIs in words are drawn by their scores, in the unit `%`.
    """

    points: tuple[Point, ...]
    unit: str
    limits: Limits | None
    low: float
    high: float


def read_chart(evaluation: Evaluation, kpi: str, most: int) -> ChartData | None:
    """The last `most` periods up to the one looked at, from the first with a value on, though not fewer than 6; None where
    no value is known in them."""
    one, row = evaluation.strategy.kpis[kpi], evaluation.values.row(kpi)
    worded = isinstance(evaluation.inputs.rules[kpi], Levels)
    span = slice(max(0, evaluation.column + 1 - most), evaluation.column + 1)
    values = evaluation.history(kpi, "score" if worded else "value")[span]
    targets = [None] * len(values) if worded else evaluation.history(kpi, "target")[span]
    scores, labels = evaluation.history(kpi, "score")[span], [str(period) for period in evaluation.periods[span]]
    reviews, bands = evaluation.values.reviews[span], evaluation.strategy.bands_of(one)
    own = (evaluation.values.effective[row, span] == reviews) & ~evaluation.values.stale[row, span]
    points = [
        Point(
            label,
            value,
            target,
            status_of(score, bands),
            Mark.MISSING if value is None else Mark.OWN if is_own else Mark.STALE,
        )
        for label, value, target, score, is_own in zip(labels, values, targets, scores, own.tolist(), strict=True)
    ]
    first = next((at for at, point in enumerate(points) if point.value is not None), 0)
    points = points[max(0, min(first, len(points) - _FEWEST)) :]
    known = [point.value for point in points if point.value is not None]
    if not known:
        return None
    limits = natural_limits([point.value if point.mark is Mark.OWN else None for point in points])
    low, high = _span([*known, *(point.target for point in points if point.target is not None)], limits)
    return ChartData(tuple(points), "%" if worded else one.unit or "", limits, low, high)


def read_grounds(evaluation: Evaluation, kpi: str, data: ChartData, levels: list[float]) -> list[list[Status]]:
    """The status that each of these values would have [level][point]; unknown where there is no score."""
    rule = evaluation.inputs.rules[kpi]
    one = evaluation.strategy.kpis[kpi]
    bands: Bands = evaluation.strategy.bands_of(one)
    if isinstance(rule, Levels):
        return [[status_of(min(max(level, 0.0), 1.0), bands)] * len(data.points) for level in levels]
    if rule is None:
        return [[Status.UNKNOWN] * len(data.points) for _ in levels]
    shape = len(levels), len(data.points)
    targets = np.array([np.nan if point.target is None else point.target for point in data.points])
    scores = rule.score(
        np.repeat(np.array(levels)[:, None], shape[1], axis=1), np.repeat(targets[None, :], shape[0], axis=0)
    )
    return [[status_of(None if np.isnan(score) else float(score), bands) for score in line] for line in scores]


def _span(numbers: list[float], limits: Limits | None) -> tuple[float, float]:
    """What to show: the numbers, and the limits as far as they lie near."""
    low, high = min(numbers), max(numbers)
    room = high - low or abs(high) or 1.0
    if limits:
        low, high = min(low, max(limits.lower, low - room / 2)), max(high, min(limits.upper, high + room / 2))
    edge = (high - low or room) / 20
    low, high = (0.0 if low >= 0 > low - edge else low - edge), high + edge
    return (low, high) if isfinite(high - low) and high > low else (low - 1, low + 1)
