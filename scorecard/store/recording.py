"""Putting values on record: checked as any source's, held against their history and the closed periods, all or none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from scorecard.compute.observations import Observations, Recorder
from scorecard.model.finding import Finding, Place, Severity, shorten
from scorecard.model.kpi import Kpi
from scorecard.model.number import read_typed_number
from scorecard.model.period import Period, read_period
from scorecard.model.spelling import nearest
from scorecard.model.strategy import Strategy
from scorecard.store.drives import find_network_drive
from scorecard.store.intake import Intake, Row
from scorecard.store.jumps import LOOK_BACK, find_jump
from scorecard.store.ledger import Ledger
from scorecard.store.ledger_chain import ACCEPTANCE, CLOSING, VALUE, Entry, write_members, write_spans
from scorecard.store.ledger_chain import Row as Recorded
from scorecard.store.packed_copy import drop_copy
from scorecard.store.recorded import find_closings, look_up, read_recorded
from scorecard.store.statements import gather

REOPEN = "say why it has to change: --reopen REASON"
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LONGEST = 10_000


class Refused(Exception):
    """Nothing was recorded; `findings` say why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(findings[0].message)
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True)
class Draft:
    """Entries that could be recorded. `questions` are what is odd about them and somebody should confirm first."""

    entries: tuple[Entry, ...]
    before: tuple[Known | None, ...]
    questions: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """The value that counts for a key, for levels its word, and where it stands."""

    value: float | str
    place: Place


class Register:
    """The store of one strategy, opened to record in it. `rows` is what counts of all sources. Raises StoreError."""

    def __init__(self, strategy: Strategy, ledger: Ledger, rows: Observations) -> None:
        self.strategy = strategy
        self.ledger = ledger
        self.rows = rows
        self.recorded = read_recorded(ledger, strategy)
        self.chain = self.recorded.chain
        is_whole = not self.chain.rows or self.chain.rows[0].id == 1
        self.closings = find_closings(
            self.chain.counting if is_whole and self.chain.rows else self._find_closing_rows()
        )

    def _find_closing_rows(self) -> Sequence[Recorded]:
        found = self.ledger.find(CLOSING) if self.ledger.exists() else ()
        return [row for row in found if row.id not in self.recorded.left_out]

    def draft(
        self, values: Iterable[tuple[str, str]], period: str, members: Mapping[str, str], now: datetime, **said: str
    ) -> Draft:
        """Entries for (kpi as people call it, value as text; empty to withdraw), with `by`, `note` and `reopen` as said.

        Raises Refused with all findings where one of them cannot be recorded.
        """
        check_texts(said)
        self._check_dimensions(members)
        order = {member: number for d in self.strategy.dimensions.values() for number, member in enumerate(d.members)}
        recorder = Recorder((*self.strategy.kpis, *self.strategy.metrics), order)
        intake = Intake(self.strategy, recorder, takes_empty=True)
        for name, value in values:
            place = Place(shorten(f"{name}={value}"))
            row = Row(name, period, value, "", members, lambda _, place=place: place)  # type: ignore[misc]
            intake.take(row, read_typed_number)
        errors = [finding for finding in intake.findings if finding.severity == Severity.ERROR]
        if errors:
            raise Refused(errors)
        given = recorder.freeze()
        entries = tuple(self._entry(given, row, said) for row in range(len(given)))
        before = tuple(self._known(given, row) for row in range(len(given)))
        errors = [*_find_twins(entries), *self.find_closed(entries, self.closings), *self._find_idle(entries)]
        if errors:
            raise Refused(errors)
        odd = [*intake.findings, *self._find_far(given), *self._find_early(entries, now)]
        return Draft(tuple(self._without_idle_reason(entry) for entry in entries), before, tuple(odd))

    def commit(self, draft: Draft, now: datetime) -> tuple[tuple[Recorded, Known | None], ...]:
        """Record a draft: the rows, each with what counted before. Raises Refused where a period was closed meanwhile."""

        def check(fresh: Sequence[Recorded]) -> None:
            if closed := self.find_closed(draft.entries, find_closings(fresh)):
                raise Refused(closed)

        rows = self.ledger.append(draft.entries, now, self.chain, check)
        fresh, own = rows[: -len(draft.entries)], rows[-len(draft.entries) :]
        before = [self._known_since(fresh, row.entry) or known for row, known in zip(own, draft.before, strict=True)]
        return tuple(zip(own, before, strict=True))

    def close(self, period: Period, now: datetime, by: str, note: str = "") -> Recorded | None:
        """Close a review period; None where it is closed already."""
        check_texts({"by": by, "note": note})
        if str(period) in self.closings:
            return None
        return self.ledger.append([Entry(by, CLOSING, period=str(period), note=note)], now, self.chain)[-1]

    def accept(self, now: datetime, by: str, reason: str) -> Recorded | None:
        """Let the sound rows behind a fault count again, in somebody's name; None where there is no fault to accept."""
        check_texts({"by": by, "reason": reason})
        chain = self.ledger.read()
        spans = write_spans(chain.unaccepted)
        if not spans:
            return None
        row = self.ledger.append([Entry(by, ACCEPTANCE, value=spans, note=reason)], now, chain)[-1]
        drop_copy(self.ledger.path)  # it may hold what is left out now
        return row

    def _check_dimensions(self, members: Mapping[str, str]) -> None:
        known = self.strategy.dimensions
        for name in members:
            if name not in known:
                message = f"there is no dimension '{shorten(name)}'"
                near = nearest(name, known)
                there_are = f"there are: {', '.join(known)}" if known else "this strategy has none"
                hint = f"did you mean '{near}'?" if near else there_are
                raise Refused([Finding("S306", Severity.ERROR, Place("where"), message, hint)])

    def _entry(self, given: Observations, row: int, said: Mapping[str, str]) -> Entry:
        name, value = given.measures[int(given.measure[row])], float(given.value[row])
        measure = self.strategy.measure(name)
        word = (
            list(measure.levels)[int(value)] if isinstance(measure, Kpi) and measure.levels and value == value else None
        )
        members = dict(zip(self.strategy.dimensions, given.members[int(given.member[row])], strict=False))
        stored = word if word is not None else value + 0.0 if value == value else None  # + 0.0 leaves no negative zero
        period = str(given.periods[int(given.period[row])])
        return Entry(
            said["by"], VALUE, name, period, write_members(members), stored, None, said["note"], said["reopen"]
        )

    def _known(self, given: Observations, row: int) -> Known | None:
        """What counts today for the key of a row."""
        found = self._same_series(given, row)
        period = given.periods[int(given.period[row])]
        at = next((one for one in reversed(found) if self.rows.periods[int(self.rows.period[one])] == period), None)
        if at is None:
            return None
        value, measure = float(self.rows.value[at]), self.strategy.measure(given.measures[int(given.measure[row])])
        is_worded = isinstance(measure, Kpi) and measure.levels
        return Known(list(measure.levels)[int(value)] if is_worded else value, self.rows.place(at))  # type: ignore[union-attr]

    def _known_since(self, fresh: Sequence[Recorded], entry: Entry) -> Known | None:
        """What others put on record a moment ago for the key of an entry."""
        said, _ = gather(fresh, self.recorded.ids)
        at = look_up(said, *entry.key)
        if at is None or not said.says[at]:
            return None
        word, value = said.words[int(said.word[at])], float(said.value[at])
        return Known(word or value, Place(self.ledger.path.name, int(said.row[at])))

    def _same_series(self, given: Observations, row: int) -> list[int]:
        """The rows with a value that are of the same KPI and members, in the order in which they count."""
        members = given.members[int(given.member[row])]
        if members not in self.rows.members:
            return []
        is_same = (self.rows.measure == given.measure[row]) & (self.rows.member == self.rows.members.index(members))
        return [int(one) for one in np.flatnonzero(is_same & ~np.isnan(self.rows.value))]

    def find_closing(self, period: Period, closings: Mapping[str, Recorded]) -> str | None:
        """How the closed review period that a period lies in was closed, in words; None where it is open."""
        calendar = self.strategy.calendar
        for text, row in closings.items():
            closed = read_period(text)
            if calendar.lying(period, closed.rhythm) == calendar.ordinal(closed):
                return f"{text} was closed by {shorten(row.entry.by, 30)} on {row.recorded_at[:10]}"
        return None

    def find_closed(self, entries: Sequence[Entry], closings: Mapping[str, Recorded]) -> list[Finding]:
        """The entries that would change a closed period without a reason."""
        found = [
            (entry, self.find_closing(read_period(entry.period), closings)) for entry in entries if not entry.reopen
        ]
        return [_fault("S323", entry, closed, REOPEN) for entry, closed in found if closed]

    def _without_idle_reason(self, entry: Entry) -> Entry:
        """A reason to reopen belongs only to a row of a closed period."""
        closed = self.find_closed([entry._replace(reopen="")], self.closings)
        return entry if closed else entry._replace(reopen="")

    def _find_idle(self, entries: Sequence[Entry]) -> list[Finding]:
        """The entries that would withdraw what was never recorded."""
        counting = self.recorded.counting
        hint = "look at the KPI and the period; a value in a file is removed there"
        return [
            _fault("S328", entry, f"nothing is on record of '{entry.kpi}' for {entry.period}", hint)
            for entry in entries
            if entry.withdraws and look_up(counting, *entry.key) is None
        ]

    def _find_far(self, given: Observations) -> list[Finding]:
        """The values that are far outside the last ones of their own rhythm."""
        findings, calendar = [], self.strategy.calendar
        for row in range(len(given)):
            value, period = float(given.value[row]), given.periods[int(given.period[row])]
            measure = self.strategy.measure(given.measures[int(given.measure[row])])
            if measure is None or value != value or (isinstance(measure, Kpi) and measure.levels):
                continue
            past: dict[int, float] = {}
            for one in self._same_series(given, row):
                other = self.rows.periods[int(self.rows.period[one])]
                if other.rhythm == period.rhythm and calendar.ordinal(other) < calendar.ordinal(period):
                    past[calendar.ordinal(other)] = float(self.rows.value[one])
            last = [past[ordinal] for ordinal in sorted(past)[-LOOK_BACK:]]
            if why := find_jump(value, last):
                place = Place(f"{measure.id}={value:g}")
                findings.append(Finding("S324", Severity.WARNING, place, f"{value:g} is {why}", "look at it once more"))
        return findings

    def _find_early(self, entries: Sequence[Entry], now: datetime) -> list[Finding]:
        """The values of periods that have not begun."""
        calendar, today = self.strategy.calendar, now.date().toordinal()
        periods = {entry.period: read_period(entry.period) for entry in entries if not entry.withdraws}
        early = {text for text, p in periods.items() if calendar.first_day(p.rhythm, calendar.ordinal(p)) > today + 1}
        return [
            Finding("S329", Severity.WARNING, Place(f"{e.kpi}"), f"{e.period} has not begun", "look at the period")
            for e in entries
            if e.period in early
        ]


def warn_of_drive(ledger: Ledger) -> Finding | None:
    """What to know before the first write to a network drive."""
    kind = find_network_drive(ledger.path.parent)
    if kind is None:
        return None
    message = f"the store is on a network drive ({shorten(kind, 20)}), where locks are not always kept"
    hint = "let one person at a time record there, and keep copies; a local drive is safer"
    return Finding("S325", Severity.WARNING, Place(ledger.path.name), message, hint)


def _find_twins(entries: Sequence[Entry]) -> list[Finding]:
    """The entries that name a key again."""
    keys = [entry.key for entry in entries]
    return [
        _fault("S307", entry, f"'{entry.kpi}' is given twice for {entry.period}", "say it once")
        for number, entry in enumerate(entries)
        if entry.key in keys[:number]
    ]


def _fault(code: str, entry: Entry, message: str, hint: str) -> Finding:
    return Finding(code, Severity.ERROR, Place(entry.kpi), message, hint)


def check_texts(said: Mapping[str, str]) -> None:
    """Raises Refused where a text cannot be printed on one line, or is too long."""
    for name, text in said.items():
        place = Place(name)
        if name in ("by", "reason") and not text.strip():
            raise Refused([Finding("S210", Severity.ERROR, place, f"'{name}' is empty", f"say it with '--{name}'")])
        if found := _UNSEEN.search(text):
            message = f"'{name}' holds the sign U+{ord(found[0]):04X}, which cannot be seen"
            raise Refused([Finding("S210", Severity.ERROR, place, message, "write it on one line, in plain letters")])
        if len(text) > _LONGEST:
            message = f"'{name}' is longer than {_LONGEST:,} characters"
            raise Refused([Finding("S210", Severity.ERROR, place, message, "say it in fewer words")])
