"""The one way from a row of text to an observation: names matched, numbers read, doubtful rows left out and named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf, isfinite
from typing import NamedTuple

from scorecard.compute.observations import Recorder
from scorecard.compute.scores import is_misplaced
from scorecard.model.finding import Finding, Place, Severity, shorten
from scorecard.model.kpi import Kpi, Measure
from scorecard.model.number import (
    NumberError,
    is_parted,
    mend_comma,
    read_clear_comma,
    read_data_number,
    read_decimal_comma,
    read_number,
    read_typed_number,
)
from scorecard.model.period import Period, PeriodError, read_period
from scorecard.model.scoring import is_off_scale
from scorecard.model.spelling import nearest
from scorecard.model.strategy import Strategy, fold_name
from scorecard.store.members import MemberFault, Members

MOST_FINDINGS = 100  # of one source
_EXAMPLES: dict[Callable[[str], float], str] = {
    read_number: "40000, 40_000, 4e4, 1/3 or 12.5%",
    read_data_number: "1234.5, -3, 4e4 or 12.5%",
    read_decimal_comma: "1.234,5, -3 or 12,5%",
    read_clear_comma: "1.234,5, -3 or 12,5%",
}
_PERIODS = "write 2026, 2026-H1, 2026-Q3, 2026-10, 2026-W41 or 2026-10-31"
Cell = str | float  # as text, or as the number that a source with types holds


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `at` gives the place of a cell by its column's name."""

    kpi: str
    period: str
    value: Cell
    target: Cell
    members: Mapping[str, str]
    at: Callable[[str], Place]


class Figure(NamedTuple):
    """What a row says; a value or target of None is an empty cell."""

    measure: str
    period: Period
    value: float | None
    target: float | None
    members: tuple[str, ...]


class Intake:
    """Takes rows in the order in which they count. `findings` holds what was left out, and why.

    A row with neither value nor target is no observation, and passed over unless it `takes_empty` ones.
    """

    def __init__(self, strategy: Strategy, recorder: Recorder, takes_empty: bool = False) -> None:
        self.strategy = strategy
        self.recorder = recorder
        self.takes_empty = takes_empty
        self.findings: list[Finding] = []
        self._reported = 0  # of the file at hand
        self._names = _index_names(strategy)
        self.members = Members(strategy)
        self._levels: dict[str, dict[str, int]] = {}

    def begin_file(self) -> None:
        """What follows is of another file or source, with findings of its own."""
        self._reported = 0

    @property
    def is_full(self) -> bool:
        """Whether no more findings of the file at hand are listed: then none need be put into words."""
        return self._reported > MOST_FINDINGS

    def take(self, row: Row, read_number: Callable[[str], float] = read_data_number) -> None:
        if figure := self.read(row, read_number):
            self.recorder.add(*figure[:4], row.at("value"), figure.members)

    def read(self, row: Row, read_number: Callable[[str], float] = read_data_number) -> Figure | None:
        """What a row says; None where it is left out, which is reported unless the row is empty."""
        measure = self._match(row)
        period = self._period(row)
        if measure is None or period is None:
            return None
        members = self._members(row)
        value = self._value(measure, row, read_number)
        target = self._number(row.target, row.at, "target", read_number)
        is_empty = value is None and target is None and not self.takes_empty
        if members is None or value is _FAULTY or target is _FAULTY or is_empty:
            return None
        if value is not None and measure.formula is not None:
            message = f"'{measure.id}' has a formula, so a recorded value cannot count"
            self.report("S311", row.at("value"), message, "record the figures that the formula uses")
            return None
        if members and isinstance(measure, Kpi) and measure.levels:
            message = f"'{measure.id}' is judged in words, so its rows name no members"
            self.report("S306", row.at("kpi"), message, "leave the members empty")
            return None
        is_cell = not members and period.rhythm == self.strategy.rhythm  # else a target counts nowhere
        self._look_at(measure, row, value, target if is_cell else None, read_number)
        return Figure(measure.id, period, value, target, members)

    def find_measure(self, text: str) -> Measure | None:
        """The KPI or metric with this id, name or alias."""
        name = text.strip()
        return self._names.get(name) or self._names.get(fold_name(name))

    def report(self, code: str, place: Place, message: str, hint: str, severity: Severity = Severity.ERROR) -> None:
        """A finding, as long as the source at hand has not too many."""
        self._reported += 1
        if self._reported == MOST_FINDINGS + 1:
            code, severity, hint = "S317", Severity.WARNING, "mend those first"
            message = f"there are more findings in this source than the {MOST_FINDINGS} listed"
        if self._reported <= MOST_FINDINGS + 1:
            self.findings.append(Finding(code, severity, place, message, hint))

    def _look_at(
        self,
        measure: Measure,
        row: Row,
        value: float | None,
        target: float | None,
        read_number: Callable[[str], float],
    ) -> None:
        """What is odd about figures that count."""
        if value is not None and is_off_scale(measure, value):
            message = f"the value {shorten(write_cell(row.value))} of '{measure.id}' is far off its scale"
            hint = f"write {value:.10g}% or {value / 100:.10g}"
            if read_number in (read_decimal_comma, read_clear_comma):
                hint = hint.replace(".", ",")
            self.report("S310", row.at("value"), message, hint, Severity.WARNING)
        if target is not None and isinstance(measure, Kpi) and is_misplaced(measure, target):
            what = f"the target {shorten(row.target)} of '{measure.id}'"
            message = f"{what} lies on the wrong side of its start, so there is no score"
            hint = "give a target on the side of those in the file"
            self.report("S312", row.at("target"), message, hint, Severity.WARNING)

    def _match(self, row: Row) -> Measure | None:
        found, name = self.find_measure(row.kpi), row.kpi.strip()
        if found is None and not self.is_full:
            message, hint = "the row names no KPI", "write a KPI's id, name or alias, or remove the row"
            if name:
                near = nearest(fold_name(name), self._names)
                message = f"there is no KPI or metric called '{shorten(name)}'"
                hint = f"did you mean '{self._names[near].id}'?" if near else "define it, or add it to a KPI's aliases"
            self.report("S303", row.at("kpi"), message, hint)
        return found

    def _period(self, row: Row) -> Period | None:
        text = row.period.strip()
        try:
            return read_period(text)
        except PeriodError as error:
            if not self.is_full:
                message = f"'{shorten(text)}' {error}" if text else "the row has no period"
                self.report("S305", row.at("period"), message, _PERIODS)
            return None

    def _members(self, row: Row) -> tuple[str, ...] | None:
        """The members in the order of the dimensions; () for a total; None where the row is faulty."""
        try:
            return self.members.find(row.members)
        except MemberFault as fault:
            if not self.is_full:
                self.report("S306", row.at(fault.dimension), fault.message, self.members.advise(fault))
            return None

    def _value(self, measure: Measure, row: Row, read_number: Callable[[str], float]) -> float | None:
        if isinstance(measure, Kpi) and measure.levels and (text := write_cell(row.value).strip()):
            return self._level(measure, text, row)
        return self._number(row.value, row.at, "value", read_number)

    def _level(self, kpi: Kpi, text: str, row: Row) -> float:
        """The number of a word; a faulty one is reported."""
        numbers = self._levels.setdefault(kpi.id, {})
        if not numbers:
            numbers.update({word.strip().casefold(): number for number, word in enumerate(kpi.levels or ())})
        number = numbers.get(text.casefold())
        if number is None and not self.is_full:
            words = list(kpi.levels or ())
            near = nearest(text, words)
            shown = ", ".join(shorten(word, 20) for word in words[:4])
            hint = f"did you mean '{shorten(near)}'?" if near else f"the levels are {shown}{', …' * (len(words) > 4)}"
            self.report("S313", row.at("value"), f"'{shorten(text)}' is no level of '{kpi.id}'", hint)
        return _FAULTY if number is None else float(number)

    def _number(
        self, cell: Cell, at: Callable[[str], Place], column: str, read_number: Callable[[str], float]
    ) -> float | None:
        try:
            return read_cell(cell, read_number)
        except NumberError as error:
            if not self.is_full:
                text = write_cell(cell).strip()
                self.report("S304", at(column), f"'{shorten(text)}' {error}", _advise(text, read_number))
            return _FAULTY


def read_cell(cell: Cell, read_number: Callable[[str], float]) -> float | None:
    """The number of a cell, None of an empty one. Raises NumberError."""
    if not isinstance(cell, str):
        return _finite(cell)
    text = cell.strip()
    return read_number(text) if text else None


def write_cell(cell: Cell) -> str:
    """A cell as text; a whole number without decimals."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


_FAULTY = float("nan")


def _advise(text: str, read_number: Callable[[str], float]) -> str:
    """What to write in place of a text that is no number."""
    if read_number is read_typed_number:
        return mend_comma(text) or f"write {_EXAMPLES[read_data_number]}"
    if is_parted(text):
        whole = shorten(text.replace(",", ""))
        if read_number is read_clear_comma and text.count(",") == 1 and "." not in text:
            number, percent = text.rstrip("%").rstrip(), "%" * text.endswith("%")
            return f"write {whole} where the comma parts thousands, {number}0{percent} where it is the decimal sign"
        return f"write {whole} without thousands separators"
    if "," in text and read_number is read_data_number:
        return "write 1234.5; where the comma is the decimal sign, say 'decimal: comma' at the source"
    return f"write {_EXAMPLES.get(read_number, 'a number')}; leave the cell empty where there is no figure"


def _finite(cell: Cell) -> float:
    """Raises NumberError."""
    try:
        number = float(cell)
    except OverflowError:
        number = inf
    if not isfinite(number):
        raise NumberError("is too large for a number" if number == number else "is not a number")
    return number


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
