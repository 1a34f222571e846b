"""Values far outside their history: one at a time, and in whole columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

import numpy as np
from numpy.typing import NDArray

from scorecard.store.statements import Floats, Statements, join

DEVIATIONS, TIMES = 5.0, 10.0  # beyond which a value is far outside its history
LOOK_BACK, _FEW_FOR_DEVIATIONS, _FEW_FOR_TIMES = 12, 6, 3
_SPREAD = 1.4826  # from the median absolute deviation to the standard deviation of a normal distribution
_AT_ONCE = 100_000  # values


def find_jump(value: float, last: Sequence[float]) -> str | None:
    """How a value lies far outside the last ones, in words: by robust deviations, or by a factor; None where it does not."""
    if len(last) < _FEW_FOR_TIMES:
        return None
    middle = median(last)
    spread = _SPREAD * median(abs(one - middle) for one in last)
    low, high = sorted((abs(value), abs(middle)))
    if low > 0 and high >= TIMES * low:
        return f"{high / low:.0f} times {'the' if abs(value) > abs(middle) else 'less than the'} usual {middle:g}"
    if len(last) >= _FEW_FOR_DEVIATIONS and spread > 0 and abs(value - middle) > DEVIATIONS * spread:
        return f"far outside the last {len(last)}, which were {min(last):g} to {max(last):g}"
    return None


def find_jumps(given: Statements, before: Statements) -> Iterator[tuple[int, str]]:
    """The values that lie far outside the last ones of their own KPI, members and rhythm among `before`: which, and how."""
    both = join(given, before.pick(before.word == 0))
    series = (both.kpi * len(both.members) + both.member) * 8 + (both.period >> 9 & 7)
    place = (series << 26) + both.period
    size = len(given)
    order = size + np.argsort(place[size:], kind="stable")
    at = np.searchsorted(place[order], place[:size])
    enough = at - np.searchsorted(series[order], series[:size]) >= _FEW_FOR_TIMES
    enough &= (both.word[:size] == 0) & ~np.isnan(both.value[:size])
    asked = np.flatnonzero(enough)
    for low in range(0, len(asked), _AT_ONCE):
        some = asked[low : low + _AT_ONCE]
        index = at[some][:, None] + np.arange(-LOOK_BACK, 0)
        past = order[np.maximum(index, 0)]
        is_past = (index >= 0) & (series[past] == series[some][:, None])
        for number in _may_jump(both.value[some], both.value[past], is_past):
            row = int(some[number])
            if why := find_jump(float(both.value[row]), both.value[past[number][is_past[number]]].tolist()):
                yield row, why


def _may_jump(value: Floats, past: Floats, is_past: NDArray[np.bool_]) -> list[int]:
    """Which values `find_jump` is to look at: those near its limits, or beyond."""
    count, rows = is_past.sum(axis=1), np.arange(len(value))

    def middle(table: Floats) -> Floats:
        ordered = np.sort(np.where(is_past, table, np.inf), axis=1)
        low, high = (
            ordered[rows, np.maximum(at, 0)] for at in ((count - 1) // 2, np.minimum(count // 2, LOOK_BACK - 1))
        )
        return np.asarray((low + high) / 2)

    usual = middle(past)
    near = np.minimum(np.abs(value), np.abs(usual)) * (TIMES * 0.99) <= np.maximum(np.abs(value), np.abs(usual))
    away = np.abs(value - usual)
    with np.errstate(invalid="ignore"):
        spread = middle(np.abs(past - usual[:, None]))
    return [int(one) for one in np.flatnonzero((count >= _FEW_FOR_TIMES) & (near | (away > DEVIATIONS * spread)))]
