"""The title of the shell: strategy, period, index, and how much of it is known."""

from __future__ import annotations

from textual.content import Content

from scorecard.analysis.comparison import earlier_period
from scorecard.render.change_words import arrow_words
from scorecard.render.picture import count_fresh, illustrative_remark
from scorecard.render.words import coverage_words, status_words
from scorecard.tui.session import Session, count_problems
from scorecard.tui.text import literal


def say_head(session: Session) -> Content:
    """`Social media marketing · 2026-10 · index ● green 77%, coverage 100%, 34 of 38 figures fresh · 3 problems`.

    A period that is compared with stands behind the one looked at: `2026-10 compared with 2026-09 · index ● green 77% ↘ -3 pp`.
    While a what-if is open a mark stands in front; the figures are the actual ones all the same.
    """
    evaluation, index = session.evaluation, session.evaluation.index
    remark = " · illustrative" if illustrative_remark(evaluation.strategy) else ""
    changes = len(session.scenario.changes)
    trial = f" what if: {changes} change{'' if changes == 1 else 's'} " if changes else ""
    text = literal(trial, "bold reverse") + literal(" " if trial else "")
    front, behind = ("", remark) if session.compared else (remark, "")
    text += literal(f"{evaluation.strategy.title} · {evaluation.scope}{_compared(session)}{front} · index ")
    text += literal(status_words(index.status, index.score), f"$status-{index.status}")
    text += literal(_index_change(session) + behind)
    text += literal(f", {coverage_words(index.coverage, *count_fresh(evaluation))}", "$quiet")
    problems = count_problems(session)
    return text + literal(f" · {problems} problem{'' if problems == 1 else 's'}" if problems else "", "$quiet")


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
