"""What a file says against what is known: observations as statements, and which of them are new, changed or the same."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scorecard.compute.observations import Observations
from scorecard.model.strategy import Strategy
from scorecard.store.ledger_chain import write_members
from scorecard.store.series import encode_period
from scorecard.store.statements import Ints, Statements, join, settle

NEW, CHANGED, ADOPTED = 1, 2, 3

Bools = NDArray[np.bool_]
Kinds = NDArray[np.int8]


@dataclass(frozen=True)
class Match:
    """Given statements beside known ones. `at` says for each of the given ones which known one has its key, or -1.

    `both` are the given ones and behind them the known ones, with common tables.
    """

    both: Statements
    at: Ints

    @cached_property
    def has_value(self) -> Bools:
        """Which have a value, and the one that is known."""
        both, size = self.both, len(self.at)
        known = self.at + size
        value, old = both.value[:size], both.value[known]
        is_equal: Bools = (self.at >= 0) & (both.word[:size] == both.word[known])
        is_equal &= (value == old) | (np.isnan(value) & np.isnan(old))
        return is_equal & both.says[:size]

    @property
    def is_same(self) -> Bools:
        """Which say what is known already; what has no value or no target leaves the known one as it is."""
        both, size = self.both, len(self.at)
        target = both.target[:size]
        is_same: Bools = (self.at >= 0) & (self.has_value | ~both.says[:size])
        is_same &= np.isnan(target) | (target == both.target[self.at + size])
        return is_same

    @property
    def kinds(self) -> Kinds:
        """Whether each of the given ones is NEW, CHANGED, or ADOPTED as it stands in another source."""
        return np.where(self.at < 0, NEW, np.where(self.has_value, ADOPTED, CHANGED)).astype(np.int8)


def match(given: Statements, known: Statements) -> Match | None:
    """Statements beside known ones, each key once among those; None where nothing is known."""
    if not len(known):
        return None
    both = join(given, known)
    keys = both.keys()
    own, other = keys[: len(given)], keys[len(given) :]
    order = np.argsort(other, kind="stable")
    found = order[np.minimum(np.searchsorted(other[order], own), len(other) - 1)]
    return Match(both, np.where(other[found] == own, found, -1))


def find_before(strategy: Strategy, rows: Observations, wanted: Statements) -> Statements:
    """The values that count of all sources for the KPIs of some statements; `row` is the number of the observation."""
    if not len(rows):
        return state(strategy, rows)
    concerned = np.zeros(len(rows.measures), dtype=bool)
    concerned[wanted.kpi] = True
    stated = state(strategy, rows)
    return settle(stated.pick(concerned[stated.kpi] & stated.says))


def state(strategy: Strategy, rows: Observations) -> Statements:
    """Observations as statements: `row` is the number of the observation."""
    word = np.zeros(len(rows), dtype=np.int64)
    value = rows.value + 0.0  # no negative zero
    words = {"": 0}
    levels = {kpi.id: list(kpi.levels) for kpi in strategy.kpis.values() if kpi.levels}
    for code, name in enumerate(rows.measures) if levels else ():
        if name in levels:
            known = np.array([words.setdefault(text, len(words)) for text in levels[name]], dtype=np.int64)
            here = np.flatnonzero((rows.measure == code) & ~np.isnan(value))
            word[here] = known[value[here].astype(np.int64)]
            value[here] = np.nan
    periods = np.array([encode_period(period) for period in rows.periods], dtype=np.int64)
    return Statements(
        rows.measures,
        tuple(write_members(dict(zip(strategy.dimensions, one, strict=False))) for one in rows.members),
        tuple(words),
        rows.measure,
        periods[rows.period] if len(rows) else rows.period,
        rows.member,
        word,
        value,
        rows.target,
        np.arange(len(rows)),
        np.zeros(len(rows), dtype=np.int64),
    )
