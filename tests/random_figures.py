"""Random KPIs and metrics with their scoring rules, formulas and recorded rows, for `random_strategies`."""

from __future__ import annotations

import datetime
import random
from typing import Any

from random_formulas import random_formula
from reference_periods import KINDS, Calendar, Period, longer

LEVELS = {"Poor": "0", "fair": "50%", "very good": "0.9", "best": "1"}
RANGES = [(0, 100), (0, 100), (-20, 20), (0, 1), (100, 5000)]  # where the numbers of a figure lie
AGGREGATES = ["sum", "mean", "last", "min", "max", "median"]


class Figures:
    """Definitions (`kpis`, `metrics`), how data files name them (`names`) and the rows of data files (`rows`)."""

    def __init__(self, rng: random.Random, calendar: Calendar, at: Period, dimensions: dict[str, list[str]]) -> None:
        self.rng, self.calendar, self.at, self.dimensions = rng, calendar, at, dimensions
        self.metrics: dict[str, dict[str, Any]] = {}
        self.kpis: dict[str, dict[str, Any]] = {}
        self.numeric: list[str] = []  # ids that a formula or a guardrail may name
        self.names: dict[str, list[str]] = {}
        self.rows: list[dict[str, Any]] = []
        self.ranges: dict[str, tuple[int, int]] = {}
        for i in range(rng.randint(1, 4)):
            self.metrics[f"m{i}"] = self._figure(f"m{i}", 0.2)
        for i in range(rng.randint(4, 14)):
            ident = f"k{i}"
            self.kpis[ident] = self._figure(ident, 0.35)
            self._make_scored(ident, self.kpis[ident])
        rng.shuffle(self.rows)

    def number(self, ident: str) -> str:
        """A number in the range of a figure, in one of the ways of writing it in YAML."""
        return self._written(self._draw(ident))

    def scattered_periods(self, count: int) -> list[Period]:
        """Periods of any granularity around the review period, no two of which lie in one review period."""
        found: dict[Period, Period] = {}
        for _ in range(count):
            place = Period(self.at.kind, self.at.ordinal + self.rng.randint(-7, 5))
            kind = self.rng.choice([self.at.kind, self.at.kind, *KINDS])
            period = self.calendar.holding(kind, self.calendar.last_day(place))
            found[self.calendar.lying(period, self.at.kind)] = period
        return [found[place] for place in sorted(found)]

    def _figure(self, ident: str, formula_share: float) -> dict[str, Any]:
        """The fields of a figure that say what it is; its rows are recorded on the way."""
        rng = self.rng
        self.ranges[ident] = rng.choice(RANGES)
        self.names[ident] = [ident, ident.upper()]
        fields: dict[str, Any] = {"unit": rng.choice(["sales", "%", "EUR per day"])}
        if rng.random() < 0.3:
            fields["name"] = f"Größe {ident} of the year"
            self.names[ident] += [fields["name"], f"größe  {ident} OF the Year"]
        if rng.random() < 0.2:
            fields["aliases"] = [f"old {ident}", f"older, {ident}"]
            self.names[ident] += [*fields["aliases"], f"Old{ident}"]
        if self.numeric and rng.random() < formula_share:
            fields["formula"] = random_formula(rng, self.numeric, rng.randint(1, 3))
            self.numeric.append(ident)
            return fields
        if ident.startswith("k") and rng.random() < 0.12:
            fields["levels"] = dict(LEVELS)
        else:
            self.numeric.append(ident)
            if rng.random() < 0.7:
                fields["aggregate"] = rng.choice(["sum", *AGGREGATES])
            if rng.random() < 0.4:
                fields["across"] = rng.choice(["sum", "mean", "min", "max"])
        if rng.random() < 0.45:
            fields["interval"] = rng.choice(KINDS)
        if rng.random() < 0.4:
            fields["keep"] = str(rng.randint(0, 3))
        self._record(ident, fields)
        return fields

    # Rows

    def _record(self, ident: str, fields: dict[str, Any]) -> None:
        rng, interval = self.rng, fields.get("interval", self.at.kind)
        kind = rng.choice([interval, interval, interval, interval, rng.choice(KINDS)])
        periods = self._window(kind, longer(interval, self.at.kind))
        if rng.random() < 0.2:  # another granularity among them
            others = self._window(rng.choice(KINDS), longer(interval, self.at.kind))
            periods += rng.sample(others, min(3, len(others)))
        inline = not self.dimensions and rng.random() < 0.25
        for period in periods:
            if inline:
                fields.setdefault("values", {})[self.calendar.label(period)] = self._cell(ident, fields, True)
            else:
                self._record_period(ident, fields, period)
            if rng.random() < 0.05:  # a correction
                self._record_period(ident, fields, period)

    def _window(self, kind: str, reach: str) -> list[Period]:
        """Periods of a kind before the end of t and some after it, dense or sparse, perhaps ending early."""
        rng, calendar = self.rng, self.calendar
        now = calendar.holding(reach, calendar.last_day(self.at)).ordinal
        early = calendar.first_day(Period(reach, now - rng.choice([3, 6, 14])))
        late = calendar.last_day(Period(reach, now + 2))
        first, last = calendar.holding(kind, early).ordinal, calendar.holding(kind, late).ordinal
        end = calendar.last_day(self.at)
        past = [i for i in range(first, last + 1) if calendar.last_day(Period(kind, i)) <= end]
        future = list(range(past[-1] + 1 if past else first, last + 1))
        chosen = past[-rng.choice([15, 30, 45]) :]
        if rng.random() < 0.3:  # nothing has been reported lately
            silent_from: datetime.date = calendar.first_day(Period(reach, now - rng.choice([0, 0, 1, 1, 2, 3])))
            chosen = [i for i in chosen if calendar.last_day(Period(kind, i)) < silent_from] or chosen[:1]
        density = rng.choice([1.0, 1.0, 1.0, 0.8, 0.4])
        found = [Period(kind, i) for i in chosen if rng.random() < density]
        return found + [Period(kind, i) for i in future[:4] if rng.random() < 0.6]

    def _record_period(self, ident: str, fields: dict[str, Any], period: Period) -> None:
        rng = self.rng
        totals = rng.random()
        if "levels" in fields or not self.dimensions or totals < 0.4:
            self._add(ident, period, (), self._cell(ident, fields, False))
            if "levels" in fields or totals > 0.15:
                return
        for members in self._members():
            if rng.random() < 0.8:
                self._add(ident, period, members, self._cell(ident, fields, False))

    def _members(self) -> list[tuple[str, ...]]:
        found: list[tuple[str, ...]] = [()]
        for members in self.dimensions.values():
            found = [(*before, member) for before in found for member in members]
        return found if self.dimensions else []

    def _add(self, ident: str, period: Period, members: tuple[str, ...], value: str, target: str = "") -> None:
        label = self.calendar.label(period)
        self.rows.append({"id": ident, "period": label, "members": members, "value": value, "target": target})

    def _cell(self, ident: str, fields: dict[str, Any], in_yaml: bool) -> str:
        if "levels" in fields:
            return self.rng.choice([*LEVELS, "POOR", "Very Good", "fair" if in_yaml else " Fair "])
        if self.rng.random() < 0.03:
            return "0"
        x = self._draw(ident)
        return self._written(x / 4 if fields.get("aggregate") == "sum" else x, in_yaml)

    # Scoring

    def _make_scored(self, ident: str, fields: dict[str, Any]) -> None:
        rng = self.rng
        if "levels" not in fields:
            rules = ["linear"] * 5 + ["path", "path", "red", "red", "red and baseline", "goal", "band", "scale", "none"]
            self._choose_rule(ident, fields, rng.choice(rules))
        if rng.random() < 0.25:
            amber, green = rng.choice([("10%", "30%"), ("1/2", "1"), ("0.25", "0.5")])
            fields["bands"] = {"amber": amber, "green": green}
        if rng.random() < 0.4:
            self._add_target_cells(ident, fields)

    def _choose_rule(self, ident: str, fields: dict[str, Any], rule: str) -> None:
        rng, (low, high) = self.rng, self.ranges[ident]
        unit = (high - low) / 16
        if rule == "band":
            edge = rng.randint(0, 10)
            fields["band"] = [self._written(low + unit * edge), self._written(low + unit * (edge + rng.randint(1, 6)))]
            if rng.random() < 0.7:
                fields["tolerance"] = rng.choice(["0", self._written(2 * unit), self._written(8 * unit)])
        elif rule == "scale":
            at = sorted(rng.sample(range(17), rng.randint(2, 5)))
            fields["scale"] = {self._written(low + unit * x): rng.choice(["0", "0.25", "40%", "2/3", "1"]) for x in at}
        elif rule == "none":
            extra = rng.choice([{}, {"baseline": self._written(low)}, {"baseline": str(low), "target": str(high)}])
            fields.update({"scoring": "none", **extra} if extra else {})
        elif rule == "goal":
            fields.update({"target": self.number(ident), "direction": rng.choice(["up", "down"])})
        else:
            self._choose_line(ident, fields, rule)

    def _choose_line(self, ident: str, fields: dict[str, Any], rule: str) -> None:
        """Targets some steps from the start, all on one side of it."""
        rng, (low, high) = self.rng, self.ranges[ident]
        step = (high - low) / 16 * rng.choice([1, -1])
        start = (low if step > 0 else high) + step * rng.randint(-2, 4)
        if rule == "path":
            points = self.scattered_periods(rng.randint(1, 5))
            fields["target"] = {
                self.calendar.label(p): self._written(start + step * rng.randint(4, 16)) for p in points
            }
        else:
            fields["target"] = self._written(start + step * rng.randint(4, 16))
        if rule != "red":
            fields["baseline"] = self._written(start)
        if rule in ("red", "red and baseline"):
            fields["red"] = self._written(start + step * rng.randint(-2, 3))
        if rng.random() < 0.2:
            fields["scoring"] = "linear"
        if rng.random() < 0.2:
            fields["direction"] = "up" if step > 0 else "down"

    def _add_target_cells(self, ident: str, fields: dict[str, Any]) -> None:
        """Cells in the target column: for t or not, with a value or not, for a member (it does not count) or not."""
        rng = self.rng
        places = [self.at, Period(self.at.kind, self.at.ordinal - 1), *self.scattered_periods(2)]
        for period in rng.sample(places, rng.randint(1, 3)):
            target = rng.choice([self._written(self._draw(ident), False), fields.get("baseline", "7")])
            if "/" in target or "_" in target:  # ways of writing that only YAML knows
                target = "12.5"
            value = self._cell(ident, fields, False) if "formula" not in fields and rng.random() < 0.3 else ""
            members = rng.choice([(), (), (), *self._members()])
            self._add(ident, period, () if "levels" in fields else members, value, target)

    # Numbers

    def _draw(self, ident: str) -> float:
        """A multiple of 1/16, or of 1/64 where the range is 0 to 1."""
        low, high = self.ranges[ident]
        grain = 64 if high == 1 else 16 if self.rng.random() < 0.5 else 1
        return self.rng.randint(low * grain, high * grain) / grain

    def _written(self, x: float, in_yaml: bool = True) -> str:
        ways = [repr(x), repr(x), repr(x), f"{x * 100!r}%"]
        if x == int(x):
            ways += [str(int(x)), str(int(x)), f"{int(x) // 10}e1" if x % 10 == 0 else f"{int(x)}e0"]
        if in_yaml:
            numerator, denominator = x.as_integer_ratio()
            ways += [f"{numerator}/{denominator}", f"{int(x):_}" if x == int(x) else repr(x)]
        return self.rng.choice(ways)
