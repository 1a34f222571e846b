"""Targets and scores of KPIs, and the progress of initiatives: the leaves of the map, by case and review period.

Each rule's numbers stand in a small table, so one expression scores any number of KPIs. Scales and words are segments:
from `low` up to the next one's the score is a straight line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import pairwise

import numpy as np

from scorecard.compute.means import Floats
from scorecard.compute.scores import read_progress
from scorecard.engine.arithmetic import Arithmetic, number, unknown, when
from scorecard.engine.codes import Codes
from scorecard.engine.connection import Engine, Expr, ibis
from scorecard.engine.facts import ACROSS, Facts, Parameters
from scorecard.engine.values import combine, last_of_each, placed_rows
from scorecard.model.kpi import Kpi
from scorecard.model.scoring import TOLERANCE, Band, Levels, Linear, Reach, Rule, Scale, improves_upward

_LINEAR, _REACH, _BAND = range(3)
_FAR = 1e290  # figures beyond are scored as if they were this large
_STEEP, _FLAT = 1e9, 1e-12  # a share of the way beyond which nothing changes


def read_leaves(engine: Engine, codes: Codes, facts: Facts, parameters: Parameters, values: Expr) -> Expr:
    """Known leaves: case, t, leaf, score."""
    leaf = engine.table(leaf=np.arange(len(codes.leaves)), measure=np.array(codes.leaves, dtype=np.int64))
    asked = values.filter(values.t >= codes.first).join(leaf, "measure")
    parts = [_by_rule(engine, codes, facts, parameters, asked)]
    if segments := list(_segments(codes)):
        parts.append(_by_segment(engine, segments, asked))
    if (progress := _progress(engine, codes)) is not None:
        parts.append(progress)
    return engine.keep(reduce(lambda one, other: one.union(other), parts))


def _by_rule(engine: Engine, codes: Codes, facts: Facts, parameters: Parameters, values: Expr) -> Expr:
    """Straight lines, targets reached, bands."""
    rows = values.join(_rules(engine, codes), "measure")
    if (targets := _targets(engine, codes)) is None:
        rows = rows.mutate(file_target=unknown())
    else:
        rows = rows.left_join(targets, ["measure", "t"]).drop("measure_right", "t_right")
    cells = _cells(engine, codes, facts, parameters)
    if cells is None:
        rows = rows.filter(rows.parted == 0).mutate(target=rows.file_target)
    else:
        rows = rows.left_join(cells, ["case", "measure", "t"]).drop("case_right", "measure_right", "t_right")
        rows = engine.keep(_choose_target(rows, Arithmetic(engine.raises)))  # or engines write it out many times
    rows = rows.filter(rows.target.notnull() | (rows.kind == _BAND))
    rows = rows.mutate(**{name: _within(rows[name], -_FAR, _FAR) for name in ("value", "target", "start")})
    rows = rows.mutate(way=rows.value - rows.start, span=rows.target - rows.start)
    score = when(
        (rows.kind == _LINEAR, _linear(rows)),
        (rows.kind == _REACH, _reach(rows)),
        otherwise=_band(rows),
    )
    found = rows.select("case", "t", "leaf", score=score)
    return found.filter(found.score.notnull())


def _choose_target(rows: Expr, arithmetic: Arithmetic) -> Expr:
    """The cell in place of the file's target; in a slice of a measure that adds up, the value in proportion."""
    zero = number(0)
    misplaced = rows.cell.notnull() & ((rows.cell <= rows.above) | (rows.cell >= rows.below)).fill_null(False)
    cell = when((misplaced, unknown()), otherwise=rows.cell)
    same_side = (rows.cell > zero) == (rows.file_target > zero)
    fits = same_side & (rows.cell != zero) & (rows.file_target != zero)
    share = arithmetic.divide(rows.file_target, rows.cell)
    value = when((rows.parted == 0, rows.value), (fits, arithmetic.multiply(rows.value, share)), otherwise=unknown())
    target = when((rows.parted == 1, rows.file_target), (rows.cell.isnull(), rows.file_target), otherwise=cell)
    found = rows.mutate(value=value, target=target)
    return found.filter(found.value.notnull())


def _linear(rows: Expr) -> Expr:
    """The share of the way from start to target, without an overflow: where it is extreme it is cut off."""
    size, span = rows.way.abs(), rows.span.abs()
    ahead = (rows.way > number(0)) == (rows.span > number(0))
    far = when((ahead, number(_STEEP)), otherwise=number(-_STEEP))
    least = when((span < number(1 / _FAR), number(1 / _FAR)), otherwise=span) * number(_FLAT)
    share = when(
        (size >= span * number(_STEEP), far),
        (size <= least, number(0)),
        otherwise=rows.way / rows.span,
    )
    score = _within(rows.low + (rows.high - rows.low) * share, 0, 1)
    return when((rows.span == number(0), unknown()), otherwise=score)


def _within(known: Expr, low: float, high: float) -> Expr:
    """A known number, cut off at both ends, and written out once."""
    return ibis.greatest(ibis.least(known, number(high)), number(low))


def _reach(rows: Expr) -> Expr:
    size = rows.target.abs()
    slack = when((size > number(1), size * number(TOLERANCE)), otherwise=number(TOLERANCE))
    reached = when((rows.up == 1, rows.value >= rows.target - slack), otherwise=rows.value <= rows.target + slack)
    return when((rows.target.isnull(), unknown()), (reached, number(1)), otherwise=number(0))


def _band(rows: Expr) -> Expr:
    outside = when(
        (rows.value < rows.low, rows.low - rows.value),
        (rows.value > rows.high, rows.value - rows.high),
        otherwise=number(0),
    )
    width = rows.tolerance
    return when(
        (outside == number(0), number(1)),
        (outside >= width, number(0)),
        (outside <= width * number(_FLAT), number(1)),
        otherwise=number(1) - outside / width,
    )


def _rules(engine: Engine, codes: Codes) -> Expr:
    """The rule of each KPI that has one of three kinds, as numbers."""
    names = ("measure", "kind", "parted", "up", "start", "low", "high", "tolerance", "above", "below")
    rows = [
        (measure, row[0], float(_is_parted(codes, measure)), *row[1:])
        for measure, kpi, rule in _scored(codes)
        if (row := _write_rule(kpi, rule))
    ]
    table = np.array(rows, dtype=np.float64).reshape(-1, len(names))
    whole = ("measure", "kind", "parted", "up")
    columns = {name: table[:, at].astype(np.int64 if name in whole else np.float64) for at, name in enumerate(names)}
    return engine.table(**columns)


def _write_rule(kpi: Kpi, rule: Rule) -> tuple[float, ...] | None:
    """Kind, direction, start, low, high, tolerance, and what a cell has to lie above or below."""
    starts = [one for one in (kpi.baseline, kpi.red) if one is not None and kpi.target is not None]
    up = improves_upward(kpi)
    above = max(starts) if starts and up else np.nan
    below = min(starts) if starts and not up else np.nan
    match rule:
        case Linear(start, low, high):
            return _LINEAR, 0.0, _near(start), low, high, 0.0, above, below
        case Reach(is_up):
            return _REACH, float(is_up), 0.0, 0.0, 0.0, 0.0, above, below
        case Band(low, high, tolerance):
            return _BAND, 0.0, 0.0, _near(low), _near(high), _near(tolerance), np.nan, np.nan
        case _:
            return None


def _near(figure: float | Floats) -> float:
    return float(np.clip(figure, -_FAR, _FAR))


def _scored(codes: Codes) -> Iterator[tuple[int, Kpi, Rule]]:
    """The KPIs that are needed and may have a score: measure, KPI, rule."""
    for measure in codes.leaves:
        task, kpi = codes.measures[measure]
        rule = codes.tasks[task].inputs.rules[kpi.id]
        is_lost = isinstance(rule, Band | Scale | Levels) and _is_parted(codes, measure)
        if measure in codes.needed and isinstance(kpi, Kpi) and rule is not None and not is_lost:
            yield measure, kpi, rule


def _is_parted(codes: Codes, measure: int) -> bool:
    """Whether the file's target is for all slices together."""
    task, kpi = codes.measures[measure]
    return codes.is_sliced(task) and kpi.adds_up


def _targets(engine: Engine, codes: Codes) -> Expr | None:
    """The targets of the file, by measure and review period."""
    reviews = np.arange(codes.first, codes.last + 1)
    parts = [task.inputs.scoring.targets(reviews) for task in codes.tasks if task.inputs.strategy.kpis]
    if not parts:
        return None
    target = np.concatenate(parts)  # in the order of the leaves
    row, column = np.nonzero(~np.isnan(target))
    measure = np.array(codes.leaves, dtype=np.int64)[row]
    return engine.table(measure=measure, t=reviews[column], file_target=target[row, column])


def _cells(engine: Engine, codes: Codes, facts: Facts, parameters: Parameters) -> Expr | None:
    """Targets from the data, by case, measure and review period: of rows for exactly that period.

    Of the whole those of totals. In a slice the members' combined, where each member with a value there has one; of members
    without a value none counts, unless no member has one.
    """
    if facts.targets is None:
        return None
    across = [ACROSS[codes.measures[leaf][1].combines] for leaf in codes.leaves]
    kinds = engine.table(measure=np.array(codes.leaves, dtype=np.int64), across=np.array(across, dtype=np.int64))
    given = last_of_each(facts.targets, "measure", "period", "member")
    rows = given.join(kinds, "measure").join(parameters.periods, "period").join(parameters.members, "member")
    inside = (rows.review >= codes.first) & (rows.review <= codes.last) & (rows.rhythm == int(codes.review))
    rows = rows.filter(inside & ((rows.total == 1) | (rows.sliced == 1)))
    key = ["case", "measure", "review"]
    if codes.cases[0]:
        valued = placed_rows(facts.values, codes, parameters).select(*key, "member").distinct().mutate(valued=1)
        needed = valued.group_by(*key).agg(needed=valued.count())
        rows = rows.left_join(valued, [*key, "member"]).drop(*(f"{name}_right" for name in (*key, "member")))
        rows = rows.left_join(needed, key).drop(*(f"{name}_right" for name in key))
        rows = rows.mutate(covered=rows.valued.count().over(group_by=key))
        is_whole = (rows.valued == 1) & (rows.covered == rows.needed)
        rows = rows.filter((rows.sliced == 0) | rows.needed.isnull() | is_whole)
    found = combine(rows, [*key, "across"], "across", Arithmetic(engine.raises))
    return found.select("case", "measure", t="review", cell="value")


def _by_segment(engine: Engine, segments: Sequence[tuple[float, ...]], values: Expr) -> Expr:
    """Scales and words."""
    table = np.array(segments, dtype=np.float64)
    columns = {name: table[:, at].copy() for at, name in enumerate(("low", "next", "score", "slope"))}
    lines = engine.table(measure=table[:, 4].astype(np.int64), **columns)
    rows = values.join(lines, "measure")
    rows = rows.filter((rows.value >= rows.low) & (rows.value < rows["next"]))
    arithmetic = Arithmetic(engine.raises)
    rise = when(
        ((rows.slope == number(0)) | (rows.value == rows.low), number(0)),
        otherwise=arithmetic.multiply(rows.value - rows.low, rows.slope),
    )
    return rows.select("case", "t", "leaf", score=rows.score + rise)


def _segments(codes: Codes) -> Iterator[tuple[float, ...]]:
    """low, next, score at low, slope, measure; the first and last segments of a scale have no end."""
    for measure, _, rule in _scored(codes):
        if isinstance(rule, Levels):
            yield from ((word, word + 1, score, 0.0, measure) for word, score in enumerate(rule.scores))
        elif isinstance(rule, Scale):
            first, last = rule.points[0], rule.points[-1]
            yield (-np.inf, first[0], first[1], 0.0, measure)
            for (low, score), (high, after) in pairwise(rule.points):
                yield (low, high, score, (after - score) / (high - low), measure)
            yield (last[0], np.inf, last[1], 0.0, measure)


def _progress(engine: Engine, codes: Codes) -> Expr | None:
    """The progress of initiatives, the same in every case."""
    plan, reviews = codes.plan, np.arange(codes.first, codes.last + 1)
    initiatives = [entry[2] for entry in plan.initiatives]
    progress = read_progress(codes.calendar, codes.review, initiatives, reviews)
    row, column = np.nonzero(~np.isnan(progress))
    if not len(row):
        return None
    known = engine.table(t=reviews[column], leaf=row + len(codes.leaves), score=progress[row, column])
    cases = engine.table(case=np.arange(len(codes.cases), dtype=np.int64))
    return cases.cross_join(known).select("case", "t", "leaf", "score")
