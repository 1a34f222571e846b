"""Recording from the app: a draft with its questions, the commit, and the undo of the last one. Knows no Textual.

Nothing on record is ever changed: what is undone is a row of its own, the former value again or a withdrawal.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from scorecard.api import Scorecard
from scorecard.compute.formula import parse
from scorecard.model.finding import Finding, Place, Severity
from scorecard.store.ledger import Ledger
from scorecard.store.ledger_errors import StoreError
from scorecard.store.recording import Draft, Refused, Register
from scorecard.tui.session import Batch

CLOSED = "S323"  # a change in a closed period, which needs a reason


class Entry:
    """Values for one period, checked and then recorded."""

    def __init__(
        self, scorecard: Scorecard, values: Mapping[str, str], period: str, by: str, note: str, reopen: str
    ) -> None:
        self.scorecard = scorecard
        self.values = dict(values)
        self.period, self.by, self.note, self.reopen = period, by, note, reopen
        self.register: Register | None = None
        self.draft: Draft | None = None

    def check(self) -> tuple[Finding, ...]:
        """What is odd and should be confirmed; the entry can be recorded then. Raises Refused."""
        try:
            card = self.scorecard
            self.register = Register(card.strategy, Ledger(card.store), card.observations)
            said = {"by": self.by, "note": self.note, "reopen": self.reopen}
            self.draft = self.register.draft(self.values.items(), self.period, {}, datetime.now(UTC), **said)
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
        return Batch(self.scorecard.strategy.id, self.period, values, before, self.by, self.reopen)


def take_back(scorecard: Scorecard, recorded: list[Batch]) -> Batch:
    """Record what counted before the last batch, which leaves the list. Raises Refused."""
    last = recorded[-1]
    former = dict(last.before)
    for earlier in recorded[:-1]:  # known better than by the last reading, which may be older than these
        if (earlier.strategy, earlier.period) == (last.strategy, last.period):
            former |= {kpi: value for kpi, value in earlier.values.items() if kpi in former}
    texts = {
        kpi: "" if value is None else repr(value) if isinstance(value, float) else value
        for kpi, value in former.items()
    }
    Entry(scorecard, texts, last.period, last.by, "taken back", last.reopen).record()
    recorded.pop()
    return last


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


def _refusal(error: StoreError) -> Refused:
    return Refused([Finding(error.code, Severity.ERROR, Place("store"), error.message, error.hint)])
