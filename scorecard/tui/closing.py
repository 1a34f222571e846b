"""Closing a review period from the app, as `scorecard close` does: a row of the store, after which a change needs a reason.

Knows no Textual.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime

from scorecard.api import Scorecard
from scorecard.model.finding import Finding, Place, Severity
from scorecard.model.period import Period
from scorecard.store.ledger import Ledger
from scorecard.store.ledger_chain import CLOSING, Row
from scorecard.store.ledger_errors import StoreError
from scorecard.store.recording import Refused, Register


def find_closing(scorecard: Scorecard, period: Period) -> Row | None:
    """The row that closed a period; None where it is open, and where the store cannot be read."""
    ledger = Ledger(scorecard.store)
    try:
        rows = ledger.find(CLOSING) if ledger.exists() else ()
    except StoreError:
        return None
    return next((row for row in rows if row.entry.period == str(period)), None)


def may_close(scorecard: Scorecard) -> bool:
    """Whether the store of a strategy can be written, or made where there is none yet."""
    store = scorecard.store
    return os.access(store if store.exists() else store.parent, os.W_OK)


def close_period(scorecard: Scorecard, period: Period, by: str, note: str) -> Row | None:
    """Close a period; None where it is closed already. Durable on return. Raises Refused."""
    try:
        register = Register(scorecard.strategy, Ledger(scorecard.store), scorecard.observations)
        return register.close(period, datetime.now(UTC), by, note)
    except StoreError as error:
        raise Refused([Finding(error.code, Severity.ERROR, Place("store"), error.message, error.hint)]) from None
