"""The rows that count: those read are copied to the engine, those of its own tables stay there.

A row is numbers: measure, period, member, value; `rank` says which of two with one key counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scorecard.compute.observations import Observations
from scorecard.engine.arithmetic import finite
from scorecard.engine.codes import Codes, Task
from scorecard.engine.connection import Engine, Expr, ibis
from scorecard.engine.matching import Match, match_table
from scorecard.model.kpi import Kpi

_RANKS = 1_000  # sources that stay between two that are read
_ROWS = 1 << 40  # rows of a source, at most
ACROSS = {"sum": 0, "mean": 1, "min": 2, "max": 3}
AGGREGATE = {**ACROSS, "last": 4, "median": 5}


class Facts(NamedTuple):
    """Tables of rows with a value, and of rows with a target (None without any): measure, period, member, rank, value.

    `unique` says that no two rows have one key. `remarks` is what has to be said of rows left out.
    """

    values: Expr
    targets: Expr | None
    unique: bool
    remarks: tuple[str, ...]


class Parameters(NamedTuple):
    """Small tables about measures, periods, units and members, by number."""

    measures: Expr
    periods: Expr
    dues: Expr
    ends: Expr
    members: Expr


def gather_facts(engine: Engine, codes: Codes) -> Facts:
    values: list[Expr] = []
    targets: list[Expr] = []
    remarks: list[str] = []
    matches = [list(_matches(engine, codes, number)) for number in range(len(codes.tasks))]
    for number, task in enumerate(codes.tasks):
        columns = _columns(codes, number, task.rows)
        for name, tables in (("value", values), ("target", targets)):
            known = ~np.isnan(columns[name])
            if known.any():
                keys = ("measure", "period", "member", "rank")
                own = {key: columns[key][known] for key in keys}
                tables.append(engine.table(**own, value=columns[name][known]))
        for match, rank in matches[number]:
            rows = match.rows.mutate(rank=ibis.literal(rank, type="int64"))
            values.append(_known(rows, "value"))
            if match.has_target:
                targets.append(_known(rows, "target"))
            remarks += match.remarks
    unique = len(values) < 2 and not any(matches) and all(_is_unique(task.rows) for task in codes.tasks)
    return Facts(_union(engine, values), _union(engine, targets) if targets else None, unique, tuple(remarks))


def last_review(engine: Engine, facts: Facts, codes: Codes) -> int | None:
    """The latest review period that has a value, of the first strategy, else of any."""
    periods = _lay_periods(engine, codes)
    owner = engine.table(
        measure=np.arange(len(codes.measures)), task=np.array([task for task, _ in codes.measures], dtype=np.int64)
    )
    rows = facts.values.join(periods, "period").join(owner, "measure")
    found = engine.fetch(rows.group_by("task").agg(last=rows.review.max()))
    latest = dict(zip(found["task"].tolist(), found["last"].tolist(), strict=True))
    return latest.get(0, max(latest.values(), default=None))


def lay_parameters(engine: Engine, codes: Codes) -> Parameters:
    """After the facts: they bring the periods and members."""
    raw = [number for number in sorted(codes.needed) if codes.measures[number][1].formula is None]
    own = [codes.measures[number][1] for number in raw]
    looked_back = {used for number in codes.formulas for used in codes.inputs_of(number)}
    spine = codes.spine
    measures = engine.table(
        measure=np.array(raw, dtype=np.int64),
        across=np.array([ACROSS[one.combines] for one in own], dtype=np.int64),
        aggregate=np.array(
            [AGGREGATE["last" if isinstance(one, Kpi) and one.levels else one.aggregate] for one in own], dtype=np.int64
        ),
        interval=np.array([codes.interval(one) for one in own], dtype=np.int64),
        unit=np.array([codes.unit(one) for one in own], dtype=np.int64),
        keep=np.array([one.keep for one in own], dtype=np.int64),
        oldest=np.array([codes.oldest(one) for one in own], dtype=np.int64),
        since=np.array([spine[0] if number in looked_back else codes.first for number in raw], dtype=np.int64),
    )
    units = sorted({codes.unit(one) for one in own})
    lying = codes.calendar.lying
    dues = [(code, unit, lying(period, unit)) for period, code in codes.periods.items() for unit in units]
    ends = [(unit, t, codes.ended(unit, t)) for unit in units for t in spine.tolist()]
    members = [
        (code, case, int(not names), int(codes.is_sliced(task)))
        for (task, names), code in codes.members.items()
        for case in codes.cases_of(task, names)
    ]
    return Parameters(
        measures,
        _lay_periods(engine, codes),
        _numbers(engine, dues, "period", "unit", "due"),
        _numbers(engine, ends, "unit", "t", "ended"),
        _numbers(engine, members, "member", "case", "total", "sliced"),
    )


def _lay_periods(engine: Engine, codes: Codes) -> Expr:
    calendar, review = codes.calendar, codes.review
    found = codes.periods.items()
    rows = [(code, one.rhythm, calendar.ordinal(one), calendar.lying(one, review)) for one, code in found]
    return _numbers(engine, rows, "period", "rhythm", "ordinal", "review")


def _numbers(engine: Engine, rows: Sequence[tuple[int, ...]], *names: str) -> Expr:
    table = np.array(rows, dtype=np.int64).reshape(-1, len(names))
    return engine.table(**{name: np.ascontiguousarray(table[:, at]) for at, name in enumerate(names)})


def _matches(engine: Engine, codes: Codes, number: int) -> Iterator[tuple[Match, int]]:
    task: Task = codes.tasks[number]
    for place, stay in enumerate(task.stays):
        rank = (stay.after * _RANKS + 1 + place) * _ROWS
        yield match_table(engine, codes, number, stay.source.table or ""), rank


def _columns(codes: Codes, number: int, rows: Observations) -> dict[str, NDArray[Any]]:
    """The rows with the numbers of all strategies together."""
    own = np.array([codes.numbers[number, name] for name in rows.measures], dtype=np.int64)
    periods = np.array([codes.period(period) for period in rows.periods], dtype=np.int64)
    members = np.array([codes.member(number, members) for members in rows.members], dtype=np.int64)
    sources = np.array(rows.sources, dtype=np.int64)
    rank = np.arange(len(rows), dtype=np.int64)
    if len(rows):
        rank += sources[rows.file] * (_RANKS * _ROWS)
    return {
        "measure": own[rows.measure],
        "period": periods[rows.period],
        "member": members[rows.member],
        "rank": rank,
        "value": rows.value,
        "target": rows.target,
    }


def _known(rows: Expr, name: str) -> Expr:
    found = rows.select("measure", "period", "member", "rank", value=finite(rows[name]))
    return found.filter(found.value.notnull())


def _is_unique(rows: Observations) -> bool:
    """Whether no two values have one key."""
    live = ~np.isnan(rows.value)
    keys = (rows.measure[live] * max(len(rows.periods), 1) + rows.period[live]) * max(len(rows.members), 1)
    keys = np.sort(keys + rows.member[live])
    return not bool((keys[1:] == keys[:-1]).any())


def _union(engine: Engine, tables: list[Expr]) -> Expr:
    if not tables:
        none = np.empty(0, np.int64)
        return engine.table(measure=none, period=none, member=none, rank=none, value=np.empty(0))
    return reduce(lambda one, other: one.union(other), tables)
