"""What changed between two periods, in words: of a goal, a KPI, the index, and of all colours together.

The sign of a change is the arrow of an outlook: ↗ better, → level, ↘ worse.
"""

from __future__ import annotations

from scorecard.analysis.comparison import Change, Comparison, Knowledge, KpiChange, Turns
from scorecard.compute.results import Reading
from scorecard.model.scoring import improves_upward
from scorecard.model.status import Heading, Status
from scorecard.render.words import change, percent, points, quantity, status_words

UNCHANGED = "unchanged"
_STILL_UNKNOWN = "unknown then too"
_LEVEL = 0.005  # a change of a score below half a point is none


def goal_change_words(found: Change) -> str:
    """`was ◆ amber 52%, +5 pp`, `unchanged`, `first known: ● green 70%`, `unknown now; was ◆ amber 52%`."""
    return state_change_words((found.status_before, found.score_before), (found.status, found.score))


def state_change_words(before: tuple[Status, float | None], now: tuple[Status, float | None]) -> str:
    """The same of any status with its score, as the index has them."""
    then, said = status_words(*before), status_words(*now)
    if then == said:
        return _STILL_UNKNOWN if before == (Status.UNKNOWN, None) else UNCHANGED
    if before == (Status.UNKNOWN, None):
        return f"first known: {said}"
    if now == (Status.UNKNOWN, None):
        return f"unknown now; was {then}"
    moved = "" if before[1] is None or now[1] is None else f", {small_points(now[1] - before[1])}"
    return f"was {then}" + ("" if moved == ", 0 pp" else moved)


def kpi_change_words(found: KpiChange) -> str:
    """A KPI by its value: `was ◆ 2.1% (52%), +0.4 pp`, `no newer value`, `first known: 12 people`."""
    unit, before, now = found.now.kpi.unit or "", found.before.value, found.now.value
    if before is None:
        return _STILL_UNKNOWN if now is None else f"first known: {quantity(now, unit)}"
    was = f"{found.status_before.sign} {quantity(before, unit)}"
    was += "" if found.score_before is None else f" ({percent(found.score_before)})"
    if now is None:
        return f"unknown now; was {was}"
    if not found.renewed:
        return "no newer value"
    if before == now and not found.turned and found.knowledge == Knowledge.SAME:
        return UNCHANGED
    return f"was {was}" + ("" if found.value_change is None else f", {change(found.value_change, unit)}")


def index_change_words(before: Reading, now: Reading) -> str:
    """The index, as a goal."""
    return state_change_words((before.status, before.score), (now.status, now.score))


def comparison_words(found: Comparison) -> str:
    """`Compared with 2026-09: index was ◆ amber 58%, +3 pp; 2 goals turned better, 1 worse`."""
    return compared_words(str(found.before), index_change_words(found.index_before, found.index), found.turns)


def compared_words(before: str, index_change: str, turns: Turns) -> str:
    """The same from its parts: the period compared with, what the index says, how many goals turned."""
    return f"Compared with {before}: index {index_change}; {turns_words(turns)}"


def turns_words(turns: Turns) -> str:
    """How many goals have another colour: `goals: 2 turned better, 1 turned worse, 1 became unknown`."""
    said = {
        "turned better": turns.better,
        "turned worse": turns.worse,
        "became known": turns.known,
        "became unknown": turns.unknown,
    }
    words = ", ".join(f"{count} {word}" for word, count in said.items() if count)
    return f"goals: {words}" if words else "no goal turned colour"


def score_heading(difference: float | None) -> Heading:
    """Where a change of a score goes; level below half a point, unknown where it is."""
    if difference is None:
        return Heading.UNKNOWN
    return Heading.LEVEL if abs(difference) < _LEVEL else Heading.BETTER if difference > 0 else Heading.WORSE


def value_heading(found: KpiChange) -> Heading:
    """Where a change of a value goes, small as it may be: by the direction that is better, else by the score."""
    moved, up = found.value_change, improves_upward(found.now.kpi)
    if moved is None:
        return Heading.UNKNOWN
    better = (found.score_change or 0.0) if up is None else moved if up else -moved
    return Heading.LEVEL if not moved or not better else Heading.BETTER if better > 0 else Heading.WORSE


def arrow_words(difference: float | None) -> str:
    """A change of a score with its arrow: `↗ +5 pp`; empty where unknown."""
    return "" if difference is None else f"{score_heading(difference).arrow} {points(difference)}"


def small_points(difference: float) -> str:
    """A change of a score: `+19 pp`, and with a digit where it is less than one point: `+0.4 pp`."""
    said = points(difference)
    return change(float(f"{difference:.1g}"), "%") if said == "0 pp" else said
