"""From goals to perspectives, and from these to the index. See docs/method.md, 'Perspectives and the index'."""

from __future__ import annotations

import numpy as np

from scorecard.compute.means import Floats, Rows, mean_of_known
from scorecard.model.strategy import Strategy


def combine_goals(strategy: Strategy, first_goal: int, number: Floats, coverage: Floats) -> tuple[Floats, Floats]:
    """The perspectives' means and coverages [perspective, column] from those of goals [goal, column]."""
    lanes = list(strategy.lanes().values())
    row = {name: first_goal + at for at, name in enumerate(strategy.goals)}
    rows = Rows.compile([(lane, row[goal.id], goal.weight) for lane, goals in enumerate(lanes) for goal in goals])
    mean, _ = mean_of_known(rows, number, len(lanes))
    covered, _ = mean_of_known(rows, coverage, len(lanes))
    return mean, np.nan_to_num(covered)


def combine_perspectives(strategy: Strategy, mean: Floats, coverage: Floats) -> tuple[Floats, Floats]:
    """The index and its coverage [column] from the perspectives' lagging [perspective, column]."""
    filled = {goal.perspective for goal in strategy.goals.values()}
    entries = [(0, row, one.weight) for row, one in enumerate(strategy.perspectives.values()) if one.id in filled]
    rows = Rows.compile(entries)
    return mean_of_known(rows, mean, 1)[0][0], np.nan_to_num(mean_of_known(rows, coverage, 1)[0][0])
