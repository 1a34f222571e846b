"""From what is on record to the observations: what counts goes into the intake; what is wrong becomes a finding."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scorecard.compute.observations import Block
from scorecard.compute.scores import is_misplaced
from scorecard.model.finding import Place
from scorecard.model.kpi import Kpi
from scorecard.model.period import write_period
from scorecard.model.scoring import MOST_SHARE, is_off_scale
from scorecard.model.strategy import Strategy
from scorecard.store.intake import Intake, Row
from scorecard.store.ledger import Ledger
from scorecard.store.ledger_chain import VALUE, read_members
from scorecard.store.ledger_errors import StoreError
from scorecard.store.ledger_faults import find_store_faults, warn_of_left_out
from scorecard.store.members import MemberFault
from scorecard.store.recorded import read_recorded
from scorecard.store.series import decode_period
from scorecard.store.statements import Statements

_UNKNOWN = -1  # members that are none


def take_recorded(path: Path, name: str, intake: Intake, as_of: date | None = None) -> None:
    """What is on record into the intake, as known at the end of a day (UTC); what does not count becomes a finding.

    `name` is the store as findings call it; the line of a place is the row's number, its column which of the row's values.
    """
    intake.recorder.begin_source()
    intake.begin_file()
    try:
        recorded = read_recorded(Ledger(path), intake.strategy, as_of)
    except StoreError as error:
        intake.report(error.code, Place(name), error.message, error.hint)
        return
    for finding in (*find_store_faults(recorded.chain, name), *warn_of_left_out(recorded.left_out, name)):
        intake.report(finding.code, finding.place, finding.message, finding.hint, finding.severity)
    intake.begin_file()
    for row in recorded.strange:
        what = "period" if row.entry.kind == VALUE else "packed values"
        message = f"the {what} of the row cannot be read"
        intake.report("S314", Place(name, row.id), message, "record its value again")
    _take(recorded.counting, name, intake)


def _take(counting: Statements, name: str, intake: Intake) -> None:
    """Plain figures go straight to the recorder; whatever needs a second look is taken as a row of text."""
    recorder, strategy = intake.recorder, intake.strategy
    members = np.array([_find_members(text, intake) for text in counting.members], dtype=np.int64)
    is_plain = _find_plain(counting, strategy) & (members[counting.member] != _UNKNOWN)
    plain = counting if bool(is_plain.all()) else counting.pick(is_plain)
    measures = [recorder.code_measure(kpi) if strategy.measure(kpi) else 0 for kpi in plain.kpis]
    if len(plain):
        low = int(plain.period.min())
        codes = np.zeros(int(plain.period.max()) - low + 1, dtype=np.int64)
        present = np.zeros(len(codes), dtype=bool)
        present[plain.period - low] = True
        for code in np.flatnonzero(present).tolist():
            codes[code] = recorder.code_period(decode_period(code + low))
        block = Block(
            np.array(measures, dtype=np.int64)[plain.kpi],
            codes[plain.period - low],
            members[plain.member],
            plain.value,
            plain.target,
            plain.row,
            plain.index + 1,
        )
        recorder.add_block(name, block)
    for number in np.flatnonzero(~is_plain).tolist():
        _take_one(counting, number, name, intake)


def _find_members(text: str, intake: Intake) -> int:
    """The recorder's code of the members of a row."""
    named = read_members(text)
    try:
        return _UNKNOWN if named is None else intake.recorder.code_members(intake.members.find(named))
    except MemberFault:
        return _UNKNOWN


def _find_plain(counting: Statements, strategy: Strategy) -> NDArray[np.bool_]:
    """Which statements are figures with nothing odd about them: of a known KPI, on its scale, with a target that fits."""
    own = [strategy.measure(kpi) for kpi in counting.kpis]
    takes = [m is not None and m.formula is None and not (isinstance(m, Kpi) and m.levels) for m in own]
    is_share = np.array([m is not None and is_off_scale(m, 2 * MOST_SHARE) for m in own], dtype=bool)
    is_plain: NDArray[np.bool_] = np.array(takes, dtype=bool)[counting.kpi] & (counting.word == 0)
    is_plain &= ~np.isinf(counting.value) & ~np.isinf(counting.target)
    is_plain &= ~(is_share[counting.kpi] & (np.abs(counting.value) > MOST_SHARE))
    aims = np.flatnonzero(~np.isnan(counting.target) & (counting.member == 0))
    low, high = np.full(len(own), np.inf), np.full(len(own), -np.inf)
    np.minimum.at(low, counting.kpi[aims], counting.target[aims])
    np.maximum.at(high, counting.kpi[aims], counting.target[aims])
    doubtful = [
        isinstance(m, Kpi) and a <= b and (is_misplaced(m, a) or is_misplaced(m, b))
        for m, a, b in zip(own, low.tolist(), high.tolist(), strict=True)
    ]
    is_plain[aims] &= ~np.array(doubtful, dtype=bool)[counting.kpi[aims]]
    return is_plain


def _take_one(counting: Statements, number: int, name: str, intake: Intake) -> None:
    place = Place(name, int(counting.row[number]), int(counting.index[number]) + 1)
    members = read_members(counting.members[int(counting.member[number])])
    if members is None:
        intake.report("S314", place, "the members of the row cannot be read", "record its value again")
        return
    value, target = float(counting.value[number]), float(counting.target[number])
    word = counting.words[int(counting.word[number])]
    period = write_period(decode_period(int(counting.period[number])))
    kpi = counting.kpis[int(counting.kpi[number])]
    cells = (word or ("" if value != value else value), "" if target != target else target)
    intake.take(Row(kpi, period, *cells, members, lambda _: place))
