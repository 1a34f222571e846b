"""The one way from a row of text to an observation: names matched, numbers read, doubtful rows left out and named."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scorecard.compute.observations import Recorder
from scorecard.compute.scores import is_misplaced
from scorecard.model.finding import Finding, Place, Severity, shorten
from scorecard.model.number import NumberError, read_data_number
from scorecard.model.period import Period, PeriodError, read_period
from scorecard.model.scoring import Levels, Rule, is_off_scale
from scorecard.model.strategy import Kpi, Measure, Strategy, fold_name

MOST_FINDINGS = 200  # of one source; the rest is counted


@dataclass(frozen=True, slots=True)
class Row:
    """One row as texts. `at` gives the place of a cell by its column's name."""

    kpi: str
    period: str
    value: str
    target: str
    members: Mapping[str, str]
    at: Callable[[str], Place]


class Intake:
    """Takes rows in the order in which they count. `findings` holds what was left out, and why."""

    def __init__(self, strategy: Strategy, rules: Mapping[str, Rule | None], recorder: Recorder) -> None:
        self.strategy = strategy
        self.rules = rules
        self.recorder = recorder
        self.findings: list[Finding] = []
        self._left_out = 0
        self._names = _index_names(strategy)
        self._dimensions = {name: {fold_name(m): m for m in d.members} for name, d in strategy.dimensions.items()}

    def take(self, row: Row, read_number: Callable[[str], float] = read_data_number) -> None:
        measure = self._match(row)
        period = self._period(row)
        if measure is None or period is None:
            return
        members = self._members(row)
        value = self._value(measure, row, read_number)
        target = self._number(row.target, row.at, "target", read_number) if row.target else None
        if members is None or value is _FAULTY or target is _FAULTY or (value is None and target is None):
            return
        if value is not None and measure.formula is not None:
            self.report(
                "S311",
                row.at("value"),
                f"'{measure.id}' has a formula, so a recorded value cannot count",
                "record the figures that the formula uses",
            )
            return
        if members and isinstance(self.rules.get(measure.id), Levels):
            self.report(
                "S306",
                row.at("kpi"),
                f"'{measure.id}' is judged in words, so its rows name no members",
                "leave the members empty",
            )
            return
        if isinstance(value, float) and is_off_scale(measure, value):
            self.report(
                "S310",
                row.at("value"),
                f"the value {shorten(row.value)} of '{measure.id}' is far off its scale",
                "write 3.5% or 0.035 for three and a half percent",
                Severity.WARNING,
            )
        if target is not None and isinstance(measure, Kpi) and is_misplaced(measure, target):
            self.report(
                "S312",
                row.at("target"),
                f"the target {shorten(row.target)} of '{measure.id}' lies on the wrong side of its start, so there is no score",
                "give a target on the side of those in the file",
                Severity.WARNING,
            )
        self.recorder.add(measure.id, period, value, target, row.at("value"), members)

    def report(self, code: str, place: Place, message: str, hint: str, severity: Severity = Severity.ERROR) -> None:
        self._left_out += 1
        if self._left_out <= MOST_FINDINGS:
            self.findings.append(Finding(code, severity, place, message, hint))
        elif self._left_out == MOST_FINDINGS + 1:
            self.findings.append(
                Finding(
                    "S317",
                    Severity.WARNING,
                    place,
                    f"more than {MOST_FINDINGS} rows have faults; the rest is not listed",
                    "mend these first",
                )
            )

    def _match(self, row: Row) -> Measure | None:
        name = row.kpi.strip()
        found = self._names.get(name) or self._names.get(fold_name(name))
        if found is None:
            near = difflib.get_close_matches(fold_name(name)[:80], list(self._names), 1, 0.6)
            hint = (
                f"did you mean '{self._names[near[0]].id}'?"
                if near
                else "define it, or add the name to the aliases of a KPI"
            )
            self.report("S303", row.at("kpi"), f"there is no KPI or metric called '{shorten(name)}'", hint)
        return found

    def _period(self, row: Row) -> Period | None:
        text = row.period.strip()
        try:
            return read_period(text)
        except PeriodError as error:
            self.report(
                "S305",
                row.at("period"),
                f"'{shorten(text)}' {error}",
                "write 2026, 2026-H1, 2026-Q3, 2026-10, 2026-W41 or 2026-10-31",
            )
            return None

    def _members(self, row: Row) -> tuple[str, ...] | None:
        """The members in the order of the dimensions; () for a total; None where the row is faulty."""
        named = {name: text.strip() for name, text in row.members.items() if text.strip()}
        if not named:
            return ()
        if len(named) < len(self._dimensions):
            lacking = ", ".join(name for name in self._dimensions if name not in named)
            self.report(
                "S306",
                row.at("kpi"),
                f"the row names some dimensions but not {lacking}",
                "name a member of every dimension, or of none",
            )
            return None
        members = []
        for name, known in self._dimensions.items():
            member = known.get(fold_name(named[name]))
            if member is None:
                near = difflib.get_close_matches(fold_name(named[name])[:80], list(known), 1, 0.6)
                hint = f"did you mean '{known[near[0]]}'?" if near else f"add it to the members of '{name}'"
                self.report("S306", row.at(name), f"'{shorten(named[name])}' is no member of '{name}'", hint)
                return None
            members.append(member)
        return tuple(members)

    def _value(self, measure: Measure, row: Row, read_number: Callable[[str], float]) -> float | None:
        text = row.value.strip()
        if not text:
            return None
        if isinstance(measure, Kpi) and measure.levels:
            words = Levels(tuple(measure.levels), tuple(measure.levels.values()))
            number = words.find(text)
            if number is None:
                near = difflib.get_close_matches(text[:80], words.words, 1, 0.6)
                hint = f"did you mean '{near[0]}'?" if near else f"the levels are {', '.join(words.words)}"
                self.report("S313", row.at("value"), f"'{shorten(text)}' is no level of '{measure.id}'", hint)
                return _FAULTY
            return float(number)
        return self._number(text, row.at, "value", read_number)

    def _number(
        self, text: str, at: Callable[[str], Place], column: str, read_number: Callable[[str], float]
    ) -> float | None:
        if not text.strip():
            return None
        try:
            return read_number(text.strip())
        except NumberError as error:
            self.report(
                "S304",
                at(column),
                f"'{shorten(text)}' {error}",
                "write 1234.5, -3, 4e4 or 12.5%; leave the cell empty where there is no figure",
            )
            return _FAULTY


_FAULTY = float("nan")


def _index_names(strategy: Strategy) -> dict[str, Measure]:
    """How data may call a measure: by id, then name, then alias; the earlier kind wins."""
    index: dict[str, Measure] = {}
    measures: list[Measure] = [*strategy.kpis.values(), *strategy.metrics.values()]
    for measure in measures:
        index[measure.id] = measure
    for names in (lambda m: [m.id], lambda m: [m.title], lambda m: m.aliases):
        for measure in measures:
            for name in names(measure):
                index.setdefault(fold_name(name), measure)
    return index
