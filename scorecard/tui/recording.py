"""Recording from the app: a draft with its questions, the commit, and the undo of the last one. Knows no Textual.

Nothing on record is ever changed: what is undone is a row of its own, the former value again or a withdrawal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import numpy as np

from scorecard.analysis.freshness import find_freshness
from scorecard.api import Scorecard
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.formula import parse
from scorecard.model.finding import Finding, Place, Severity
from scorecard.model.kpi import Kpi
from scorecard.model.period import Period, Rhythm
from scorecard.model.strategy import Strategy
from scorecard.store.ledger import Ledger
from scorecard.store.ledger_errors import StoreError
from scorecard.store.members import MemberFault, Members
from scorecard.store.recording import Draft, Refused, Register
from scorecard.tui.session import Batch

CLOSED = "S323"  # a change in a closed period, which needs a reason


def propose_period(scorecard: Scorecard, evaluation: Evaluation, measure: str, today: int) -> Period:
    """The period that a figure is likely to be recorded for, in its own interval: where that is not the review's, the first
    without a value, else the last one of the review period. `today` is as in `date.toordinal`."""
    strategy, review = evaluation.strategy, evaluation.period
    one, calendar = strategy.measure(measure), strategy.calendar
    rhythm = strategy.interval(one) if one else review.rhythm
    if rhythm == review.rhythm:
        return review
    for figure in find_freshness(strategy, scorecard.observations, date.fromordinal(today)):
        if figure.measure is one and figure.first_missing:
            return figure.first_missing
    last = calendar.last_day(review.rhythm, calendar.ordinal(review))
    return calendar.period(rhythm, (last - 4) // 7 if rhythm == Rhythm.WEEK else calendar.holding(rhythm, last))


class Entry:
    """Values for one period and one member of each dimension (none for all together), checked and then recorded."""

    def __init__(
        self,
        scorecard: Scorecard,
        values: Mapping[str, str],
        members: Mapping[str, str],
        period: str,
        by: str,
        note: str,
        reopen: str,
    ) -> None:
        self.scorecard = scorecard
        self.values, self.members = dict(values), dict(members)
        self.period, self.by, self.note, self.reopen = period, by, note, reopen
        self.register: Register | None = None
        self.draft: Draft | None = None

    def check(self) -> tuple[Finding, ...]:
        """What is odd and should be confirmed; the entry can be recorded then. Raises Refused."""
        try:
            card = self.scorecard
            self.register = Register(card.strategy, Ledger(card.store), card.observations)
            said = {"by": self.by, "note": self.note, "reopen": self.reopen}
            now = datetime.now(UTC)
            self.draft = self.register.draft(self.values.items(), self.period, self.members, now, **said)
        except StoreError as error:
            raise _refusal(error) from None
        return self.draft.questions

    def record(self) -> Batch:
        """Durable on return. Raises Refused; checks first where that was not done."""
        if self.draft is None:
            self.check()
        assert self.register
        assert self.draft
        try:
            done = self.register.commit(self.draft, datetime.now(UTC))
        except StoreError as error:
            raise _refusal(error) from None
        store = self.scorecard.store.name
        before = {
            row.entry.kpi: known.value if known and known.place.file.endswith(store) else None for row, known in done
        }
        values = {row.entry.kpi: None if isinstance(row.entry.value, bytes) else row.entry.value for row, _ in done}
        return Batch(self.scorecard.strategy.id, self.period, self.members, values, before, self.by, self.reopen)


def take_back(scorecard: Scorecard, recorded: list[Batch]) -> Batch:
    """Record what counted before the last batch, which leaves the list. Raises Refused."""
    last = recorded[-1]
    former = dict(last.before)
    for earlier in recorded[:-1]:  # known better than by the last reading, which may be older than these
        if (earlier.strategy, earlier.period, earlier.members) == (last.strategy, last.period, last.members):
            former |= {kpi: value for kpi, value in earlier.values.items() if kpi in former}
    texts = {
        kpi: "" if value is None else repr(value) if isinstance(value, float) else value
        for kpi, value in former.items()
    }
    Entry(scorecard, texts, last.members, last.period, last.by, "taken back", last.reopen).record()
    recorded.pop()
    return last


def place_entry(strategy: Strategy, measures: Sequence[str], chosen: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """The members that values of these figures are of (dimension: member); what to choose first, "" for nothing.

    `chosen` are the members of the evaluation looked at, none for all together.
    """
    known = Members(strategy)
    try:
        members = dict(zip(strategy.dimensions, known.find(chosen), strict=False))
    except MemberFault as fault:
        return {}, _say_lacking(strategy, known, chosen, fault)
    for name in measures if members else ():
        measure = strategy.measure(name)
        if isinstance(measure, Kpi) and measure.levels:
            return {}, f"{measure.title} is judged in words, for all members together: first look at the whole (8, w)."
    return members, ""


def is_reported_by_members(scorecard: Scorecard, measures: Sequence[str]) -> bool:
    """Whether one of these figures has values of members, which count no more beside one for all together."""
    rows = scorecard.observations
    of_members = np.array([bool(one) for one in rows.members], dtype=bool)[rows.member] & ~np.isnan(rows.value)
    own = [number for number, name in enumerate(rows.measures) if name in measures]
    return bool(np.any(of_members & np.isin(rows.measure, own)))


def recorded_measures(scorecard: Scorecard, kpi: str) -> list[str]:
    """The KPI, or for a formula the figures it is made of, which are what is recorded."""
    strategy = scorecard.strategy
    found: dict[str, None] = {}
    waiting, seen = [kpi], set()
    while waiting:
        name = waiting.pop(0)
        measure = strategy.measure(name)
        if measure is None or name in seen:
            continue
        seen.add(name)
        if measure.formula is None:
            found[name] = None
        else:
            waiting += [used for used, _ in parse(measure.formula).names]
    return list(found)


def list_reported(evaluation: Evaluation, name: str) -> list[float | str]:
    """The values of a KPI or metric up to the period looked at, without those that only stand in for a later period."""
    row, values, measure = evaluation.values.row(name), evaluation.values, evaluation.strategy.measure(name)
    is_own = values.effective[row] == values.reviews
    past = evaluation.history(name)[: evaluation.column + 1]
    known = [value for value, own in zip(past, is_own, strict=False) if value is not None and own]
    words = list(measure.levels) if isinstance(measure, Kpi) and measure.levels else []
    return [words[int(value)] for value in known] if words else [*known]


def _say_lacking(strategy: Strategy, known: Members, chosen: Mapping[str, str], fault: MemberFault) -> str:
    """Which member to choose, so that a value has one of every dimension."""
    looked_at = " · ".join(chosen.values())
    for name, dimension in strategy.dimensions.items():
        if name not in chosen and dimension.members and _settles(known, name, next(iter(dimension.members))):
            return f"A value is of one {name}, not of all of {looked_at}: choose one among the members (8)."
    return (
        f"A value is of one member of each dimension, and {looked_at} says none of '{fault.dimension}': "
        "open the app with --where for each, or use 'scorecard record'."
    )


def _settles(known: Members, dimension: str, member: str) -> bool:
    """Whether a member of this dimension says those of all others."""
    try:
        return bool(known.find({dimension: member}))
    except MemberFault:
        return False


def _refusal(error: StoreError) -> Refused:
    return Refused([Finding(error.code, Severity.ERROR, Place("store"), error.message, error.hint)])
