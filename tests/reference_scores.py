"""Targets and scores of the reference implementation: section 2 of the semantics, one KPI at a time."""

from __future__ import annotations

import itertools
from typing import Any

from reference_periods import Period
from reference_reading import number
from reference_values import Values

TOLERANCE = 1e-9
Bands = tuple[float, float]  # the amber line, the green line


class Scores:
    """What the values of a strategy's KPIs are worth at one review period."""

    def __init__(self, strategy: dict[str, Any], values: Values, at: Period) -> None:
        self.values, self.at, self.fields = values, at, values.fields
        self.bands = strategy.get("bands") or {}

    def strategy_bands(self) -> Bands:
        return number(self.bands.get("amber", "1/3")), number(self.bands.get("green", "2/3"))

    def own_bands(self, kpi: str) -> Bands:
        """The amber and the green line of a KPI: its own, else the strategy's."""
        bands = self.fields[kpi].get("bands") or {}
        amber, green = self.strategy_bands()
        return (
            number(bands["amber"]) if "amber" in bands else amber,
            number(bands["green"]) if "green" in bands else green,
        )

    def target(self, kpi: str) -> float | None:
        """The target: the cell for exactly this period, else the file's."""
        return self.values.target_cells.get((kpi, self.at), self._target_in_file(kpi))

    def rule(self, kpi: str) -> str:
        """How a KPI is scored: what it asks for, else the first rule whose fields are given."""
        fields = self.fields[kpi]
        if "scoring" in fields:
            return str(fields["scoring"])
        for name in ("levels", "scale", "band"):
            if name in fields:
                return name
        if "target" in fields and ("red" in fields or "baseline" in fields):
            return "linear"
        return "goal" if "target" in fields and "direction" in fields else "none"

    def score(self, kpi: str) -> tuple[float | None, str | None]:
        """The score of a KPI, and why the value is unknown or a scored KPI has no score."""
        found, rule = self.values.value(kpi, self.at), self.rule(kpi)
        if found.value is None:
            return None, found.reason
        if rule == "none":
            return None, None
        if isinstance(found.value, str):
            return number(self.fields[kpi]["levels"][found.value]), None
        if rule == "scale":
            points = [(number(at), number(score)) for at, score in self.fields[kpi]["scale"].items()]
            return _straight_lines(sorted(points), found.value), None
        if rule == "band":
            return _band(self.fields[kpi], found.value), None
        if not self._target_keeps_its_side(kpi):
            return None, "the target is not on its side of where the scale starts"
        return self._goal(kpi, found.value) if rule == "goal" else self._linear(kpi, found.value), None

    def progress(self, kpi: str) -> float | None:
        """The part of the way from baseline to target that is made, not clipped, whatever the scoring."""
        value, target = self.values.value(kpi, self.at).value, self.target(kpi)
        if value is None or isinstance(value, str) or target is None or "baseline" not in self.fields[kpi]:
            return None
        baseline = number(self.fields[kpi]["baseline"])
        return None if target == baseline else (value - baseline) / (target - baseline)

    def _target_in_file(self, kpi: str) -> float | None:
        target = self.fields[kpi].get("target")
        if target is None or isinstance(target, str):
            return None if target is None else number(target)
        calendar = self.values.calendar
        points = [(calendar.lying(calendar.parse(at), self.at.kind).ordinal, number(v)) for at, v in target.items()]
        return _straight_lines(sorted(points), self.at.ordinal)

    def _starts(self, kpi: str) -> list[float]:
        return [number(self.fields[kpi][name]) for name in ("red", "baseline") if name in self.fields[kpi]]

    def _target_keeps_its_side(self, kpi: str) -> bool:
        """Whether the target lies on the side of baseline and red on which the file's targets lie."""
        target, in_file = self.target(kpi), self._target_in_file(kpi)
        assert target is not None
        assert in_file is not None
        return all((target - start) * (in_file - start) > 0 for start in self._starts(kpi))

    def _goal(self, kpi: str, value: float) -> float:
        target, starts = self.target(kpi), self._starts(kpi)
        assert target is not None
        is_up = target > starts[0] if starts else self.fields[kpi]["direction"] == "up"
        slack = TOLERANCE * max(1.0, abs(target))
        reached = value >= target - slack if is_up else value <= target + slack
        return 1.0 if reached else 0.0

    def _linear(self, kpi: str, value: float) -> float:
        target, start = self.target(kpi), self._starts(kpi)[0]
        assert target is not None
        way = (value - start) / (target - start)
        if "red" in self.fields[kpi]:
            amber, green = self.own_bands(kpi)
            way = amber + (green - amber) * way
        return min(1.0, max(0.0, way))


def status(score: float | None, bands: Bands) -> str:
    """The word for a score: 1e-9 in favour of the better one."""
    if score is None:
        return "unknown"
    if score >= bands[1] - TOLERANCE:
        return "green"
    return "amber" if score >= bands[0] - TOLERANCE else "red"


def _band(fields: dict[str, Any], value: float) -> float:
    low, high = number(fields["band"][0]), number(fields["band"][1])
    if low <= value <= high:
        return 1.0
    tolerance = number(fields.get("tolerance", "0"))
    distance = low - value if value < low else value - high
    return 0.0 if tolerance == 0 else max(0.0, 1 - distance / tolerance)


def _straight_lines(points: list[tuple[float, float]], x: float) -> float:
    """Straight lines between sorted points, flat beyond the ends."""
    if x <= points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return points[-1][1]
