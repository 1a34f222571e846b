"""The title of the shell: strategy, period, index, and how much of it is known."""

from __future__ import annotations

from textual.content import Content

from scorecard.render.picture import count_fresh, illustrative_remark
from scorecard.render.words import coverage_words, status_words
from scorecard.tui.session import Session, count_problems
from scorecard.tui.text import literal


def say_head(session: Session) -> Content:
    """`Social media marketing · 2026-10 · index ● green 77%, coverage 100%, 34 of 38 figures fresh · 3 problems`.

    While a what-if is open a mark stands in front; the figures are the actual ones all the same.
    """
    evaluation, index = session.evaluation, session.evaluation.index
    remark = " · illustrative" if illustrative_remark(evaluation.strategy) else ""
    changes = len(session.scenario.changes)
    trial = f" what if: {changes} change{'' if changes == 1 else 's'} " if changes else ""
    text = literal(trial, "bold reverse") + literal(" " if trial else "")
    text += literal(f"{evaluation.strategy.title} · {evaluation.scope}{remark} · index ")
    text += literal(status_words(index.status, index.score), f"$status-{index.status}")
    text += literal(f", {coverage_words(index.coverage, *count_fresh(evaluation))}", "$quiet")
    problems = count_problems(session)
    return text + literal(f" · {problems} problem{'' if problems == 1 else 's'}" if problems else "", "$quiet")
