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

from scorecard.compute.panel import Cells
from scorecard.model.goal import Initiative
from scorecard.model.kpi import Kpi
from scorecard.model.period import Calendar, Period, Rhythm
from scorecard.model.scoring import COLUMNS, Rule, improves_upward, interpolate, share_of_way
from scorecard.model.strategy import Strategy

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

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
    adding: NDArray[np.bool_]  # the KPIs whose members add up
    bounds: Floats  # [side, KPI]: a target has to lie above the first or below the second

    def targets(self, reviews: Ints) -> Floats:
        """The targets of the file [KPI, review period]; NaN where there is none."""
        target = np.repeat(self.target[:, None], len(reviews), axis=1)
        for row, at, targets in self.paths:
            target[row] = interpolate(reviews, at, targets)
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
    """Arrays [KPI, slice, review period], KPIs in the strategy's order; of one slice [KPI, review period]. NaN is unknown, or none.

    `judged` and `against` are the value and target that were compared: those shown, except where a slice of a measure
    that adds up is held against the file's figures in proportion. `misplaced` marks target cells from the data that lie on
    the wrong side of baseline or red: no score there.
    """

    kpis: tuple[Kpi, ...]
    value: Floats
    target: Floats
    score: Floats
    misplaced: NDArray[np.bool_]
    judged: Floats
    against: Floats

    def part(self, number: int) -> Scores:
        """The scores of one slice."""
        return Scores(
            self.kpis,
            self.value[:, number],
            self.target[:, number],
            self.score[:, number],
            self.misplaced[:, number],
            self.judged[:, number],
            self.against[:, number],
        )

    @cached_property
    def progress(self) -> Floats:
        """(value - baseline) / (target - baseline), not clipped."""
        baseline = [np.nan if kpi.baseline is None or kpi.levels else kpi.baseline for kpi in self.kpis]
        start = np.array(baseline).reshape(-1, *[1] * (self.value.ndim - 1))
        progress = share_of_way(self.judged, start, self.against)
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
        np.array([kpi.adds_up for kpi in kpis], dtype=bool),
        np.array([target_bounds(kpi) for kpi in kpis]).reshape(-1, 2).T,
    )


def score_kpis(scoring: Scoring, value: Floats, reviews: Ints, cells: Cells, sliced: bool = False) -> Scores:
    """The scores of values [KPI, slice, review period]; with `sliced` the slices are parts of the whole."""
    kpis, size, columns = value.shape
    given = np.broadcast_to(scoring.targets(reviews)[:, None], value.shape)
    target, misplaced = given.copy(), np.zeros(value.shape, dtype=bool)
    if sliced:  # the file's target of what adds up is for all members together
        target[scoring.adding] = np.nan
    row, column = cells.series // size, cells.review - (reviews[0] if columns else 0)
    inside = (row < kpis) & (column >= 0) & (column < columns)
    row, column, cell = row[inside], column[inside], cells.target[inside]
    at = row, cells.series[inside] % size, column
    target[at] = cell
    low, high = scoring.bounds[:, row]
    misplaced[at] = ~((cell > low) & (cell < high))
    judged, against = value, target
    if sliced and scoring.adding.any():
        judged, against = _in_proportion(scoring.adding, value, target, given, misplaced)
    moved = bool(len(cell)) or sliced
    flat = kpis, size * columns
    score = scoring.score(judged.reshape(flat), against.reshape(flat), moved).reshape(value.shape)
    score[misplaced] = np.nan
    if sliced:
        score[np.isnan(against) & scoring.adding[:, None, None]] = np.nan
    return Scores(scoring.kpis, value, target, score, misplaced, judged, against)


def _in_proportion(
    adding: NDArray[np.bool_], value: Floats, target: Floats, given: Floats, misplaced: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """What adds up, held against the file's target: the value grows as the part's own target would have to."""
    judged, against = value.copy(), target.copy()
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = given[adding] / target[adding]
    fits = (ratio > 0) & np.isfinite(ratio)
    misplaced[adding] = ~fits & ~np.isnan(target[adding]) & ~np.isnan(given[adding])
    judged[adding] *= np.where(fits, ratio, np.nan)
    against[adding] = np.where(fits, given[adding], np.nan)
    return judged, against


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
    low, high = target_bounds(kpi)
    return -np.inf < low >= target or np.inf > high <= target


def target_bounds(kpi: Kpi) -> tuple[float, float]:
    """Between which a target has to lie, the bounds left out; infinite where nothing speaks against any."""
    starts = [start for start in (kpi.baseline, kpi.red) if start is not None]
    if not starts or kpi.target is None:
        return -np.inf, np.inf
    return (max(starts), np.inf) if improves_upward(kpi) else (-np.inf, min(starts))


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
