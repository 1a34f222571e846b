"""Values of the reference implementation: section 1 of the semantics, one figure at a time."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reference_formula import Formula, Result
from reference_periods import KINDS, Calendar, Period, longer
from reference_reading import definitions, number, read_rows


class Values:
    """The figures of one strategy at any review period."""

    def __init__(self, strategy: dict[str, Any], path: Path) -> None:
        self.calendar = Calendar(int(strategy.get("year_start", "1")))
        self.review = strategy.get("period", "month")
        self.fields = definitions(strategy)
        self.cells: dict[str, dict[Period, dict[tuple[str, ...], str]]] = {ident: {} for ident in self.fields}
        self.target_cells: dict[tuple[str, Period], float] = {}
        for row in read_rows(strategy, path):
            period = self.calendar.parse(row["period"])
            if row["value"].strip():
                self.cells[row["id"]].setdefault(period, {})[row["members"]] = row["value"]
            if row["target"] and not row["members"]:
                self.target_cells[row["id"], period] = number(row["target"])
        self.known: dict[tuple[str, Period], Result] = {}

    def value(self, ident: str, at: Period) -> Result:
        """The value of a KPI or metric at a review period."""
        if (ident, at) not in self.known:
            formula = self.fields[ident].get("formula")
            if formula is None:
                self.known[ident, at] = self._recorded(ident, at)
            else:
                self.known[ident, at] = Formula(formula, self.value, self.calendar).result(at)
        return self.known[ident, at]

    def _recorded(self, ident: str, at: Period) -> Result:
        places: dict[Period, list[Period]] = {}  # review period up to t -> the rows that lie in it
        for period in self.cells[ident]:
            place = self.calendar.lying(period, self.review)
            if place.ordinal <= at.ordinal:
                places.setdefault(place, []).append(period)
        if not places:
            return Result(None, reason="no value")
        latest = max(places)
        interval = self.fields[ident].get("interval", self.review)
        rows = _rows_that_count(places[latest], interval)
        unit = longer(interval, self.review)
        due = at if unit == self.review else self.calendar.latest_ended(unit, at)
        age = due.ordinal - self.calendar.lying(rows[-1], unit).ordinal
        if age > int(self.fields[ident].get("keep", "1")):
            return Result(None, reason=f"no value since {self.calendar.label(latest)}")
        value, partial = self._within(ident, latest, rows, interval)
        return Result(value, stale=age > 0, partial=partial, own=latest == at, effective=latest)

    def _within(self, ident: str, place: Period, rows: list[Period], interval: str) -> tuple[float | str, bool]:
        """The value of the rows of one review period, and whether it is partial."""
        if "levels" in self.fields[ident]:
            return self._listed(ident, self.cells[ident][rows[-1]][()]), False
        aggregate = self.fields[ident].get("aggregate", "last")
        value = COMBINE[aggregate]([self._across_members(ident, period) for period in rows])
        present = sum(1 for period in rows if period.kind == interval)
        return value, aggregate == "sum" and present < self.calendar.count_lying(interval, place)

    def _across_members(self, ident: str, period: Period) -> float:
        cells = self.cells[ident][period]
        if () in cells:
            return number(cells[()])
        usual = "sum" if self.fields[ident].get("aggregate") == "sum" else "mean"
        return COMBINE[self.fields[ident].get("across", usual)]([number(cells[key]) for key in sorted(cells)])

    def _listed(self, ident: str, text: str) -> str:
        """The word of `levels` that is meant, as it is written there."""
        for word in self.fields[ident]["levels"]:
            if word.strip().casefold() == text.strip().casefold():
                return str(word)
        raise ValueError(f"a word of {ident} is not among its levels")


def _rows_that_count(rows: list[Period], interval: str) -> list[Period]:
    """The rows of one granularity, in time order: those of the interval, else the finest."""
    kinds = {period.kind for period in rows}
    counting = interval if interval in kinds else min(kinds, key=KINDS.index)
    return sorted(period for period in rows if period.kind == counting)


COMBINE: dict[str, Callable[[list[float]], float]] = {
    "sum": lambda values: sum(values),
    "mean": lambda values: sum(values) / len(values),
    "last": lambda values: values[-1],
    "min": lambda values: min(values),
    "max": lambda values: max(values),
    "median": lambda values: statistics.median(values),
}
