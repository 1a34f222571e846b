"""The evaluation in an engine, from strategies and rows to the numbers of their goals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorecard.compute.histories import list_slices
from scorecard.compute.propagation import Propagation
from scorecard.compute.scores import Scores
from scorecard.compute.sliced import Sliced
from scorecard.compute.values import MOST_COLUMNS, NEVER, Padded, TooLong, Values
from scorecard.engine.codes import Codes, Task
from scorecard.engine.connection import Engine, Expr
from scorecard.engine.facts import gather_facts, last_review, lay_parameters
from scorecard.engine.formulas import add_formulas
from scorecard.engine.map import NUMBERS, propagate
from scorecard.engine.scores import read_leaves
from scorecard.engine.values import read_values
from scorecard.model.period import Period


@dataclass(frozen=True)
class Asked:
    """What is asked for: the review period (the latest with a value unless said) and how many, and the slices."""

    period: Period | None = None
    periods: int = 1
    where: Mapping[str, str] | None = None
    by: str | None = None


@dataclass(frozen=True)
class Answer:
    """The first strategy with the numbers of its goals, as an evaluation by numpy has them; other values are unknown.

    `remarks` is what has to be said of rows left out.
    """

    sliced: Sliced
    remarks: tuple[str, ...]


def run(tasks: Sequence[Task], engine: Engine, asked: Asked) -> Answer:
    """Strategies that share a calendar; the first is the one asked for.

    Raises EngineError, TooLong, UnknownMember, and ValueError where there is no value and no period is named.
    """
    codes = Codes(tasks)
    facts = gather_facts(engine, codes)
    last = codes.calendar.ordinal(asked.period) if asked.period else last_review(engine, facts, codes)
    if last is None:
        raise ValueError("there are no values yet: name a period")
    present = replace(tasks[0].rows, members=tuple(members for task, members in codes.members if not task))
    slices = list_slices(tasks[0].inputs.strategy, present, asked.where or {}, asked.by)
    if not slices:
        raise ValueError("there is no member to show")
    codes.aim(slices, last - max(asked.periods, 1) + 1, last)
    if len(codes.spine) > MOST_COLUMNS:
        raise TooLong(f"the evaluation would look at {len(codes.spine):,} review periods, which are too many")
    parameters = lay_parameters(engine, codes)
    values = add_formulas(engine, codes, read_values(engine, codes, facts, parameters))
    leaves = read_leaves(engine, codes, facts, parameters, values)
    numbers = _read_numbers(codes, engine.fetch(propagate(engine, codes, leaves)))
    return Answer(_lay_out(engine, codes, values, numbers), facts.remarks)


def _read_numbers(codes: Codes, rows: Mapping[str, NDArray[Any]]) -> Propagation:
    """The numbers [goal, slice, review period]."""
    shape = len(codes.plan.nodes), len(codes.cases), codes.last - codes.first + 1
    arrays = []
    for name in NUMBERS:
        array = np.full(shape, 0.0 if name.endswith("coverage") else np.nan)
        found = rows[name]
        array[rows["goal"], rows["case"], rows["t"] - codes.first] = (
            np.nan_to_num(found) if name.endswith("coverage") else found
        )
        arrays.append(array)
    return Propagation(*arrays)


def _lay_out(engine: Engine, codes: Codes, values: Expr, numbers: Propagation) -> Sliced:
    """Of the values only those that guardrails watch came back."""
    inputs = codes.tasks[0].inputs
    strategy = inputs.strategy
    measures = (*strategy.kpis, *strategy.metrics)
    shape = len(measures), len(codes.cases), codes.last - codes.first + 1
    value = np.broadcast_to(np.nan, shape)
    own = [number for number in codes.guarded if codes.measures[number][0] == 0]
    if own:
        value = value.copy()
        rows = engine.fetch(values.filter(values.measure.isin(own) & (values.t >= codes.first)))
        value[rows["measure"], rows["case"], rows["t"] - codes.first] = rows["value"]
    never, no = np.broadcast_to(np.int64(NEVER), shape), np.broadcast_to(np.False_, shape)
    reviews = np.arange(codes.first, codes.last + 1, dtype=np.int64)
    padded = Padded({name: row for row, name in enumerate(measures)}, {}, np.zeros(len(reviews), np.int64), 0)
    scored = value[: len(strategy.kpis)]
    unknown = np.broadcast_to(np.nan, scored.shape)
    scores = Scores(tuple(strategy.kpis.values()), scored, unknown, unknown, no[: len(scored)], scored, unknown)
    history = inputs.history._replace(slices=tuple(codes.cases))
    return Sliced(
        strategy,
        replace(inputs, history=history, formulas={}, order=()),  # their inputs did not come back
        codes.plan,
        Values(measures, reviews, value, never, no, no, padded),
        scores,
        np.broadcast_to(np.nan, (0, *shape[1:])),
        numbers,
        0,
    )
