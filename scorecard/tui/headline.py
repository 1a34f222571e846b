"""The title of the shell: strategy, period, index, and how much of it is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual.content import Content

from scorecard.analysis.comparison import earlier_period
from scorecard.render.change_words import arrow_words
from scorecard.render.picture import count_fresh, illustrative_remark
from scorecard.render.words import coverage_words, status_words
from scorecard.tui.session import Session, count_problems
from scorecard.tui.text import fit, literal

_BRIEF, _STAYS = 4, 9
_NAME, _LEAST = 24, 12  # columns of a strategy's name before which most gives way, and below which it stands no more


class Part(NamedTuple):
    """A part of the title; those with the lowest `rank` go first where there is no room, `_STAYS` does not go."""

    rank: int
    said: Content


def say_head(session: Session, columns: int, brief: bool = False) -> Content:
    """`Social media marketing · 2026-10 · index ● green 77%, coverage 100%, 34 of 38 figures fresh · 3 problems`.

    A period that is compared with stands behind the one looked at: `2026-10 compared with 2026-09 · index ● green 77% ↘ -3 pp`.
    While a what-if is open a mark stands in front; the figures are the actual ones all the same. Where the columns do not
    do, parts are left out; period and index stay, and of a long title what has room. A `brief` one leaves out all that says
    how much is known.
    """
    parts = [part for part in _say_parts(session) if not brief or part.rank >= _BRIEF]
    title = literal(session.evaluation.strategy.title).plain
    wide = cell_len(title)
    for rank in range(1, _STAYS):
        if _measure(parts) + (min(wide, _NAME) + 3) * (rank < _STAYS - 2) > columns:
            parts = [part for part in parts if part.rank != rank]
    room = columns - _measure(parts) - 3
    if room >= min(wide, _LEAST):
        at = next(number for number, part in enumerate(parts) if part.rank == _STAYS)
        parts.insert(at, Part(_STAYS, literal(f"{fit(title, min(room, wide))} · ")))
    return literal("").join(part.said for part in parts)


def _say_parts(session: Session) -> Iterator[Part]:
    """All but the name of the strategy, which is fitted in."""
    evaluation, index = session.evaluation, session.evaluation.index
    remark = Part(4, literal(" · illustrative" if illustrative_remark(evaluation.strategy) else ""))
    if changes := len(session.scenario.changes):
        yield Part(
            8, literal(f" what if: {changes} change{'' if changes == 1 else 's'} ", "bold reverse") + literal(" ")
        )
    yield Part(_STAYS, literal(evaluation.scope))
    yield Part(7, literal(_compared(session)))
    if session.compared is None:
        yield remark
    yield Part(
        _STAYS, literal(" · index ") + literal(status_words(index.status, index.score), f"$status-{index.status}")
    )
    yield Part(7, literal(_index_change(session)))
    if session.compared is not None:
        yield remark
    known, _, fresh = coverage_words(index.coverage, *count_fresh(evaluation)).partition(", ")
    yield Part(2, literal(f", {known}", "$quiet"))
    yield Part(1, literal(f", {fresh}" if fresh else "", "$quiet"))
    problems = count_problems(session)
    yield Part(3, literal(f" · {problems} problem{'' if problems == 1 else 's'}" if problems else "", "$quiet"))


def _measure(parts: Sequence[Part]) -> int:
    return sum(part.said.cell_length for part in parts)


def _compared(session: Session) -> str:
    """The period compared with, or that there are no values of it."""
    if session.compared is None:
        return ""
    evaluation = session.evaluation
    period = earlier_period(evaluation.strategy, evaluation.period, session.compared)
    return f" compared with {period}" if session.before else f", no values of {period} to compare with"


def _index_change(session: Session) -> str:
    if session.before is None:
        return ""
    evaluation = session.evaluation
    now, before = evaluation.index.score, evaluation.at(session.before).index.score
    return "" if now is None or before is None else f" {arrow_words(now - before)}"
