"""The scoring rules: how a KPI's value becomes a score from 0 (no better than the start) to 1 (at target or better).

Each rule holds its parameters and its formula. A rule scores arrays of values [..., period] against targets of the
same shape; NaN is unknown and stays unknown. Parameters named in COLUMNS may be columns [row, 1]: one rule then scores
many rows. `choose_rule` picks the rule by the fields a KPI gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from scorecard.model.finding import shorten
from scorecard.model.kpi import Bands, Kpi

Array: TypeAlias = NDArray[np.float64]
TOLERANCE = 1e-9
MOST_SHARE = 1.5  # more for a percentage looks like percent points: 3.5 for 3.5%

_FIELDS = {
    "levels": {"levels"},
    "scale": {"scale"},
    "band": {"band", "tolerance"},
    "linear": {"baseline", "red", "target", "direction"},
    "goal": {"target", "direction", "baseline"},
}
_ALL = ("levels", "scale", "band", "tolerance", "red", "target", "baseline", "direction")


class ScoringFault(ValueError):
    """The fields of a KPI do not make one rule; `field` is the one to look at, `entry` the key below it, if any."""

    def __init__(self, code: str, field: str, message: str, hint: str, entry: str = "") -> None:
        super().__init__(message)
        self.code, self.field, self.message, self.hint, self.entry = code, field, message, hint, entry


class Linear(NamedTuple):
    """Straight from `low` at `start` to `high` at the target, clipped to 0..1.

    The start is the baseline (from 0 to 1) or the red flag (from the amber line to the green one).
    """

    start: float | Array
    low: float = 0.0
    high: float = 1.0

    def score(self, values: Array, targets: Array) -> Array:
        score = share_of_way(values, self.start, targets)
        if (self.low, self.high) != (0.0, 1.0):
            score *= self.high - self.low
            score += self.low
        return np.clip(score, 0.0, 1.0, out=score)


class Reach(NamedTuple):
    """The rule `goal`: 1 at the target or better, else 0."""

    up: bool

    def score(self, values: Array, targets: Array) -> Array:
        slack = TOLERANCE * np.maximum(1.0, np.abs(targets))
        reached = values >= targets - slack if self.up else values <= targets + slack
        return np.where(np.isnan(values) | np.isnan(targets), np.nan, reached.astype(np.float64))


class Band(NamedTuple):
    """1 inside [low, high], falling to 0 over the tolerance outside."""

    low: float | Array
    high: float | Array
    tolerance: float | Array

    def score(self, values: Array, targets: Array) -> Array:  # noqa: ARG002 - every rule takes both
        distance = np.maximum(np.maximum(self.low - values, values - self.high), 0.0)
        strict = np.equal(self.tolerance, 0)
        near = np.maximum(0.0, 1.0 - distance / np.where(strict, 1.0, self.tolerance))
        return np.where(strict & (distance > 0), 0.0, near)


class Scale(NamedTuple):
    """Straight lines between points (value, score), flat beyond the ends."""

    points: tuple[tuple[float, float], ...]

    def score(self, values: Array, targets: Array) -> Array:  # noqa: ARG002
        xs, ys = zip(*self.points, strict=True)
        return np.where(np.isnan(values), np.nan, interpolate(values, xs, ys))


class Levels(NamedTuple):
    """Scores of words; a value is the number of the word in `words`."""

    words: tuple[str, ...]
    scores: tuple[float, ...]

    def score(self, values: Array, targets: Array) -> Array:  # noqa: ARG002
        known = ~np.isnan(values)
        return np.where(known, np.asarray(self.scores)[np.where(known, values, 0).astype(np.intp)], np.nan)

    def find(self, word: str) -> int | None:
        """The number of a word, case and outer spaces ignored."""
        wanted = word.strip().casefold()
        return next((i for i, own in enumerate(self.words) if own.strip().casefold() == wanted), None)


Rule: TypeAlias = Linear | Reach | Band | Scale | Levels
COLUMNS: dict[type, tuple[str, ...]] = {Linear: ("start",), Band: ("low", "high", "tolerance")}


def share_of_way(values: Array, start: float | Array, targets: Array) -> Array:
    """(value - start) / (target - start), not clipped; unknown where the target is the start."""
    with np.errstate(invalid="ignore", over="ignore"):
        span, way = targets - start, values - start
        if np.isinf(span).any():  # the halves can be subtracted
            half = np.divide(start, 2)
            way = np.where(np.isinf(span), values / 2 - half, way)
            span = np.where(np.isinf(span), targets / 2 - half, span)
        np.copyto(span, np.nan, where=span == 0)
        way /= span
    return way


def interpolate(at: NDArray[Any], xs: Sequence[float] | Array, ys: Sequence[float] | Array) -> Array:
    """Straight lines between points, xs ascending, flat beyond the ends."""
    if xs[-1] - xs[0] == inf or max(ys) - min(ys) == inf:  # halves can be subtracted
        return 2.0 * interpolate(at / 2, np.divide(xs, 2), np.divide(ys, 2))
    return np.asarray(np.interp(at, xs, ys), dtype=np.float64)


def choose_rule(kpi: Kpi, bands: Bands) -> Rule | None:
    """The rule of a KPI, None where it is not scored. Raises ScoringFault where its fields do not make one rule."""
    given = [name for name in _ALL if getattr(kpi, name) is not None]
    name = kpi.scoring or _infer(given)
    if kpi.levels is not None and kpi.formula is not None:
        message, hint = "a formula gives no word, so it does not go with 'levels'", "give the KPI one of the two"
        raise ScoringFault("S231", "formula", message, hint)
    _check_targets(kpi)
    if name == "none":
        if kpi.scoring is None and kpi.tolerance is not None:
            raise ScoringFault(
                "S235", "tolerance", "'tolerance' needs 'band'", "give 'band: [low, high]', or leave 'tolerance' out"
            )
        return None
    foreign = [field for field in given if field not in _FIELDS[name]]
    if foreign:
        verb = "does" if len(foreign) == 1 else "do"
        raise ScoringFault(
            "S231",
            foreign[0],
            f"{_quoted(foreign)} {verb} not go with the scoring '{name}'",
            f"'{name}' takes {_quoted(sorted(_FIELDS[name]))}; remove what is not meant",
        )
    return _build(kpi, name, bands)


def improves_upward(kpi: Kpi) -> bool | None:
    """Whether more is better, None where the fields do not say."""
    for start in (kpi.red, kpi.baseline):
        for target in kpi.targets():
            if start is not None and target != start:
                return target > start
    if kpi.direction:
        return kpi.direction == "up"
    if kpi.scale and len(kpi.scale) > 1:
        points = sorted(kpi.scale.items())
        return points[-1][1] >= points[0][1]
    return None


def _quoted(names: list[str]) -> str:
    return " and ".join(f"'{name}'" for name in names)


def _infer(given: list[str]) -> str:
    for name in ("levels", "scale", "band"):
        if name in given:
            return name
    if "target" in given and ("red" in given or "baseline" in given):
        return "linear"
    return "goal" if "target" in given and "direction" in given else "none"


def _check_targets(kpi: Kpi) -> None:
    points = list(kpi.target.items()) if isinstance(kpi.target, dict) else [(None, target) for target in kpi.targets()]
    sides: set[bool] = set()
    for field, start in (("baseline", kpi.baseline), ("red", kpi.red)):
        for period, target in points if start is not None else ():
            entry = str(period) if period else ""
            if target == start:
                message = f"the target {target:g} is the same as '{field}', so no value lies between them"
                raise ScoringFault("S232", "target", message, f"give a target that differs from '{field}'", entry)
            sides.add(target > start)  # type: ignore[operator]
            if len(sides) > 1:
                message, hint = "the targets lie on both sides of the start", f"let all lie on one side of '{field}'"
                if len(points) == 1:
                    message, hint = "'baseline' and 'red' lie on both sides of the target", "correct one of the three"
                raise ScoringFault("S233", "target", message, hint, entry)
    if sides and kpi.direction and (kpi.direction == "up") not in sides:
        side = "above" if True in sides else "below"
        message = f"'direction: {kpi.direction}' contradicts a target that lies {side} the start"
        raise ScoringFault("S234", "direction", message, "leave 'direction' out, or turn baseline and target round")


def _build(kpi: Kpi, name: str, bands: Bands) -> Rule:
    def need(field: str) -> None:
        if getattr(kpi, field) is None:
            raise ScoringFault(
                "S235", "scoring", f"the scoring '{name}' needs '{field}'", f"give '{field}', or leave 'scoring' out"
            )

    if name == "levels":
        need("levels")
        return _levels(kpi.levels or {})
    if name == "scale":
        need("scale")
        return _scale(kpi.scale or {})
    if name == "band":
        need("band")
        return _band(kpi)
    need("target")
    if name == "linear":
        if kpi.red is not None:
            return Linear(kpi.red, bands.amber, bands.green)
        need("baseline")
        return Linear(kpi.baseline or 0.0)
    up = improves_upward(kpi)
    if up is None:
        need("direction")
    return Reach(bool(up))


def _levels(levels: dict[str, float]) -> Levels:
    words = tuple(levels)
    seen: set[str] = set()
    for word in words:
        plain = word.strip().casefold()
        if plain in seen:
            message = f"the level '{shorten(word)}' stands twice; case does not count"
            raise ScoringFault("S236", "levels", message, "give each a word of its own", word)
        seen.add(plain)
    if not words:
        raise ScoringFault(
            "S236", "levels", "'levels' names no word", "give words with their scores, such as {weak: 0, strong: 1}"
        )
    return Levels(words, tuple(levels.values()))


def _scale(scale: dict[float, float]) -> Scale:
    if len(scale) < 2:
        raise ScoringFault(
            "S236", "scale", "a scale needs two or more points", "give points such as {0: 0, 50: 0.25, 100: 1}"
        )
    return Scale(tuple(sorted(scale.items())))


def _band(kpi: Kpi) -> Band:
    low, high = kpi.band or (0.0, 0.0)
    if low > high:
        raise ScoringFault(
            "S236", "band", f"the band begins at {low:g} and ends below it, at {high:g}", "write the lower end first"
        )
    return Band(low, high, kpi.tolerance or 0.0)


def is_off_scale(measure: object, value: float) -> bool:
    """Whether a value looks written in another scale: 3.5 where a `%` KPI has baseline and target below 1."""
    if not isinstance(measure, Kpi) or measure.unit != "%":
        return False
    marks = [mark for mark in (measure.baseline, measure.red, *measure.targets()) if mark is not None]
    return bool(marks) and all(abs(mark) <= 1 for mark in marks) and abs(value) > MOST_SHARE
