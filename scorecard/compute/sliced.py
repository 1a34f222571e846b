"""The evaluation run: strategies over a span of review periods, in one slice or many side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scorecard.compute.evaluation import Evaluation, Inputs
from scorecard.compute.index import combine_goals, combine_perspectives
from scorecard.compute.plan import Plan, compile_plan
from scorecard.compute.propagation import Propagation, propagate
from scorecard.compute.scores import Scores, read_progress, score_kpis
from scorecard.compute.values import Values, read_values
from scorecard.model.strategy import Strategy

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sliced:
    """One strategy in several slices; `numbers` are [goal of the plan, slice, review period]."""

    strategy: Strategy
    inputs: Inputs
    plan: Plan
    values: Values
    scores: Scores
    leaves: Floats
    numbers: Propagation
    first_goal: int

    @property
    def slices(self) -> tuple[Mapping[str, str], ...]:
        return self.inputs.history.slices

    def part(self, number: int) -> Evaluation:
        """One slice, seen at the last review period."""
        own = self.strategy, self.inputs, self.plan, self.values.part(number), self.scores.part(number)
        numbers = Propagation(*(array[:, number] for array in self.numbers))
        last = len(self.values.reviews) - 1
        return Evaluation(*own, self.leaves[:, number], numbers, last, self.first_goal, self.slices[number])

    def goals(self, of: str, column: int = -1) -> Floats:
        """`lagging`, `leading`, `outlook` or a coverage of the strategy's goals in one review period [goal, slice]."""
        numbers: Floats = getattr(self.numbers, of)
        return numbers[self.first_goal : self.first_goal + len(self.strategy.goals), :, column]

    def index(self, column: int = -1) -> tuple[Floats, Floats]:
        """The index and its coverage [slice] in one review period."""
        pair = self.goals("lagging", column), self.goals("lagging_coverage", column)
        return combine_perspectives(self.strategy, *combine_goals(self.strategy, 0, *pair))


@np.errstate(over="ignore", invalid="ignore")
def evaluate(inputs: Sequence[Inputs], first: int, last: int, plan: Plan | None = None) -> list[Sliced]:
    """Strategies that share a calendar, from review period `first` to `last` (ordinals).

    Each is of the whole or in slices; all that have slices have the same ones. `plan` is that of these strategies where it
    is compiled already. Raises TooLong (a ValueError) where the span with the history of formulas is too long.
    """
    plan = plan or compile_plan([one.strategy for one in inputs])
    values = [read_values(one.strategy, one.history, one.formulas, one.order, first, last) for one in inputs]
    scores = [
        score_kpis(
            one.scoring,
            value.value[: len(one.strategy.kpis)],
            value.reviews,
            one.history.cells,
            sliced=any(one.history.slices),
        )
        for one, value in zip(inputs, values, strict=True)
    ]
    size, columns = max(len(one.history.slices) for one in inputs), last - first + 1
    strategy = inputs[0].strategy
    progress = read_progress(
        strategy.calendar, strategy.rhythm, [entry[2] for entry in plan.initiatives], np.arange(first, last + 1)
    )
    parts = [*(score.score for score in scores), progress[:, None]]
    leaves = np.concatenate([np.broadcast_to(part, (len(part), size, columns)) for part in parts])
    flat = propagate(plan, leaves.reshape(len(leaves), size * columns))
    numbers = Propagation(*(array.reshape(len(plan.nodes), size, columns) for array in flat))
    results, row = [], 0
    for one, value, score in zip(inputs, values, scores, strict=True):
        results.append(Sliced(one.strategy, one, plan, value, score, leaves, numbers, row))
        row += len(one.strategy.goals)
    return results
