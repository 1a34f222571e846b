"""Targets and scores of all KPIs, and the progress of initiatives [row, review period].

See docs/method.md, 'The score of a KPI'.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scorecard.model.period import Calendar, Period, Rhythm
from scorecard.model.scoring import COLUMNS, Rule, improves_upward
from scorecard.model.strategy import Initiative, Kpi, Strategy

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Cells = Mapping[tuple[int, int], float]

_CELLS = 1 << 15  # of the rows taken at a time: what is worked on stays in the cache


class Group(NamedTuple):
    """KPIs whose rules are of one kind: `columns` are the parameters [row, 1] in which they differ.

    `moves` says that their targets differ from period to period.
    """

    rows: Ints
    moves: bool
    rule: Rule
    columns: dict[str, Any]  # Floats


class Scoring(NamedTuple):
    """How the KPIs of a strategy are scored, compiled once; rows are KPIs in the strategy's order.

    `target` is the target where it is one number, `paths` gives review periods and targets where it moves.
    """

    kpis: tuple[Kpi, ...]
    groups: tuple[Group, ...]
    unscored: Ints
    target: Floats
    paths: tuple[tuple[int, list[int], list[float]], ...]

    def targets(self, reviews: Ints) -> Floats:
        """The targets of the file [KPI, review period]; NaN where there is none."""
        target = np.repeat(self.target[:, None], len(reviews), axis=1)
        for row, at, targets in self.paths:
            target[row] = np.interp(reviews, at, targets)
        return target

    def score(self, value: Floats, target: Floats, moved: bool = False) -> Floats:
        """The scores of values against targets [KPI, column]; NaN where there is none.

        `moved` says that the targets are not just those of the file.
        """
        score = np.empty(value.shape)
        score[self.unscored] = np.nan
        step = max(_CELLS // max(value.shape[1], 1), 16)
        for group in self.groups:
            for low in range(0, len(group.rows), step):
                part = slice(low, low + step)
                rows = _run(group.rows[part])
                rule = group.rule._replace(**{name: column[part] for name, column in group.columns.items()})
                score[rows] = rule.score(value[rows], target[rows] if group.moves or moved else target[rows, :1])
        return score


@dataclass(frozen=True)
class Scores:
    """Arrays [KPI, review period], KPIs in the strategy's order. NaN is unknown, or none.

    `misplaced` marks target cells from the data that lie on the wrong side of baseline or red: no score there.
    """

    kpis: tuple[Kpi, ...]
    value: Floats
    target: Floats
    score: Floats
    misplaced: NDArray[np.bool_]

    @cached_property
    def progress(self) -> Floats:
        """(value - baseline) / (target - baseline), not clipped."""
        baseline = [np.nan if kpi.baseline is None or kpi.levels else kpi.baseline for kpi in self.kpis]
        start = np.array(baseline).reshape(-1, 1)
        with np.errstate(invalid="ignore", over="ignore"):
            span = self.target - start
            progress: Floats = (self.value - start) / np.where(span == 0, np.nan, span)
        progress[~np.isfinite(progress)] = np.nan
        return progress


def compile_scoring(strategy: Strategy, rules: Mapping[str, Rule | None]) -> Scoring:
    """`rules` gives each KPI its rule."""
    kpis = tuple(strategy.kpis.values())
    return Scoring(
        kpis,
        tuple(_group(kpis, [rules[kpi.id] for kpi in kpis])),
        np.array([row for row, kpi in enumerate(kpis) if rules[kpi.id] is None], dtype=np.int64),
        np.array([np.nan if k.target is None or isinstance(k.target, dict) else k.target for k in kpis]),
        tuple((row, *_path(strategy, k.target)) for row, k in enumerate(kpis) if isinstance(k.target, dict)),
    )


def score_kpis(scoring: Scoring, value: Floats, reviews: Ints, cells: Cells) -> Scores:
    """The scores of values [KPI, review period]; `cells` are targets from the data by (row of the KPI, period)."""
    target = scoring.targets(reviews)
    misplaced = np.zeros(target.shape, dtype=bool)
    first = int(reviews[0]) if len(reviews) else 0
    for (row, review), cell in cells.items():
        column = review - first
        if row < len(scoring.kpis) and 0 <= column < len(reviews):
            target[row, column] = cell
            misplaced[row, column] = is_misplaced(scoring.kpis[row], cell)
    score = scoring.score(value, target, moved=bool(cells))
    score[misplaced] = np.nan
    return Scores(scoring.kpis, value, target, score, misplaced)


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


def is_misplaced(kpi: Kpi, target: float) -> bool:
    """Whether a target lies at, or on the other side of, baseline or red than the file's targets."""
    starts = [start for start in (kpi.baseline, kpi.red) if start is not None]
    if not starts or kpi.target is None:
        return False
    up = improves_upward(kpi)
    return any(target <= start if up else target >= start for start in starts)


def _group(kpis: Sequence[Kpi], rules: Sequence[Rule | None]) -> Iterator[Group]:
    """The scored KPIs by the kind of their rule, the parameters that cannot be columns, and whether the target moves."""
    groups: dict[Hashable, list[int]] = {}
    for row, (kpi, rule) in enumerate(zip(kpis, rules, strict=True)):
        if rule is not None:
            columns = COLUMNS.get(type(rule), ())
            same = (number for name, number in zip(rule._fields, rule, strict=True) if name not in columns)
            groups.setdefault((type(rule), isinstance(kpi.target, dict), *same), []).append(row)
    for rows in groups.values():
        rule, moves = rules[rows[0]], isinstance(kpis[rows[0]].target, dict)
        if rule is not None:
            names = COLUMNS.get(type(rule), ())
            table = {name: np.array([getattr(rules[row], name) for row in rows])[:, None] for name in names}
            yield Group(np.array(rows), moves, rule, table)


def _path(strategy: Strategy, targets: Mapping[Period, float]) -> tuple[list[int], list[float]]:
    """The points of a target mapping: review periods (ordinals, ascending) and targets."""
    calendar, rhythm = strategy.calendar, strategy.rhythm
    points = sorted((calendar.lying(period, rhythm), target) for period, target in targets.items())
    return [at for at, _ in points], [target for _, target in points]


def _run(rows: Ints) -> Ints | slice:
    """Ascending row numbers as a slice where none is left out: that spares a copy."""
    first, last = int(rows[0]), int(rows[-1])
    return slice(first, last + 1) if last - first + 1 == len(rows) else rows
