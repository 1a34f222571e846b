"""The intake of many rows at once. A row about which anything might be said is taken as a single row is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf
from sys import float_info
from typing import NamedTuple

import numpy as np

from scorecard.compute.observations import Block
from scorecard.compute.runs import Bools, Ints
from scorecard.compute.scores import is_misplaced
from scorecard.model.kpi import Kpi, Measure
from scorecard.model.period import PeriodError, read_period
from scorecard.model.scoring import MOST_SHARE, is_off_scale
from scorecard.store.columns import UNKNOWN, Column, Figures, Memo, ReadNumber, group
from scorecard.store.intake import Intake, Row, write_cell
from scorecard.store.members import MemberFault

_FAR = float_info.max


class Rows(NamedTuple):
    """Rows of one file as columns [row]; codes are the recorder's, or UNKNOWN."""

    measure: Ints
    period: Ints
    member: Ints
    value: Figures
    target: Figures
    line: Ints
    column: Ints


class Bulk:
    """Takes rows in the order in which they count, as `intake` would take each of them."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._recorder = intake.recorder
        self._measures = Memo(self._find_measure)
        self._periods = Memo(self._find_period)
        self._texts: dict[str, Memo] = {}  # of each dimension, numbered as they are met
        self._members: dict[tuple[str, ...], int] = {}
        size = len(intake.recorder.measures)
        self._is_special = np.zeros(size, dtype=bool)  # by measure: no row is taken in bulk
        self._most = np.full(size, inf)  # a value beyond may be off its scale
        self._low, self._high = np.full(size, -inf), np.full(size, inf)  # a target not between may be misplaced

    def code_measures(self, column: Column) -> Ints:
        return column.code(self._measures)

    def code_periods(self, column: Column) -> Ints:
        return column.code(self._periods)

    def code_members(self, columns: Mapping[str, Column], size: int) -> Ints:
        """The code of the members that each row names together, by dimension."""
        keys = firsts = np.zeros(size, dtype=np.int64)
        for name, column in columns.items():
            memo = self._texts.setdefault(name, _number_texts())
            texts = column.code(memo)
            firsts, keys = group(keys * len(memo) + texts)
        if not columns:
            return keys
        found = [
            self._code_members(tuple(columns), tuple(write_cell(column[first]) for column in columns.values()))
            for first in firsts.tolist()
        ]
        return np.array(found, dtype=np.int64)[keys]

    def take(self, file: str, rows: Rows, row_at: Callable[[int], Row | None], read_number: ReadNumber) -> None:
        """Takes all rows; `row_at` gives a row to be taken by itself, None where that is passed over."""
        measure, period, member = rows.measure, rows.period, rows.member
        value, target = rows.value.values, rows.target.values
        is_kept = ~(np.isnan(value) & np.isnan(target)) | self._intake.takes_empty
        for row in np.flatnonzero(self._find_odd(rows)).tolist():
            single = row_at(row)
            figure = self._intake.read(single, read_number) if single else None
            is_kept[row] = figure is not None
            if figure is not None:
                measure[row] = self._recorder.code_measure(figure.measure)
                period[row] = self._recorder.code_period(figure.period)
                member[row] = self._recorder.code_members(figure.members)
                value[row] = np.nan if figure.value is None else figure.value
                target[row] = np.nan if figure.target is None else figure.target
        if is_kept.any():
            block = Block(measure, period, member, value, target, rows.line, rows.column)
            self._recorder.add_block(file, block if is_kept.all() else block.keep(is_kept))

    def _find_odd(self, rows: Rows) -> Bools:
        """The rows of which a single row's way might report something, or that only it can read."""
        measure, value, target = rows.measure, rows.value.values, rows.target.values
        odd: Bools = rows.value.odd | rows.target.odd | (measure < 0) | (rows.period < 0) | (rows.member < 0)
        if len(self._most):
            odd |= self._is_special[measure] | (np.abs(value) > self._most[measure])
            odd |= (target <= self._low[measure]) | (target >= self._high[measure])
        return odd

    def _find_measure(self, text: str) -> int:
        measure = self._intake.find_measure(text)
        if measure is None:
            return UNKNOWN
        code = self._recorder.code_measure(measure.id)
        self._is_special[code] = measure.formula is not None or bool(getattr(measure, "levels", None))
        self._most[code] = MOST_SHARE if is_off_scale(measure, inf) else inf
        self._low[code], self._high[code] = _find_limits(measure)
        return code

    def _find_period(self, text: str) -> int:
        try:
            return self._recorder.code_period(read_period(text.strip()))
        except PeriodError:
            return UNKNOWN

    def _code_members(self, names: tuple[str, ...], texts: tuple[str, ...]) -> int:
        code = self._members.get(texts)
        if code is None:
            try:
                code = self._recorder.code_members(self._intake.members.find(dict(zip(names, texts, strict=True))))
            except MemberFault:
                return UNKNOWN
            self._members[texts] = code
        return code


def _number_texts() -> Memo:
    memo = Memo(lambda _: len(memo))
    return memo


def _find_limits(measure: Measure) -> tuple[float, float]:
    """Between which a target is in place, whatever else it is."""
    if isinstance(measure, Kpi):
        starts = [start for start in (measure.baseline, measure.red) if start is not None]
        if is_misplaced(measure, -_FAR):
            return max(starts), inf
        if is_misplaced(measure, _FAR):
            return -inf, min(starts)
    return -inf, inf
