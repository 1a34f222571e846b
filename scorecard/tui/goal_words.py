"""What the map says of a goal besides its box: a line at the foot, and its results where the mouse points at it."""

from __future__ import annotations

from textual.content import Content

from scorecard.compute.evaluation import Evaluation
from scorecard.model.status import Signal
from scorecard.render.picture import kpi_words
from scorecard.render.words import percent, status_words
from scorecard.tui.text import literal


def say_goal(evaluation: Evaluation, goal: str) -> Content:
    """A goal in one line: its status, name, a warning, result and outlook."""
    result, outlook = evaluation.goal(goal), evaluation.goal(goal).outlook
    warning = f"  {result.signal}" if result.signal is Signal.WARNING else ""
    line = literal(status_words(result.status, None), f"$status-{result.status}")
    line += literal(f"  {result.goal.title}{warning}", "bold")
    line += literal(f"  result {percent(result.lagging.score)}  outlook {result.heading.arrow} ")
    return line + literal(status_words(outlook.status, outlook.score), f"$status-{outlook.status}")


def list_results(evaluation: Evaluation, goal: str) -> tuple[str, ...]:
    """The results of a goal, a line each, with sign and word of their status in front. Raises KeyError for an unknown goal."""
    results = [evaluation.kpi(use.kpi) for use in evaluation.strategy.goals[goal].lagging]
    return tuple(
        f"{status_words(one.status, None)} {kpi_words(one).removeprefix(f'{one.status.sign} ')}" for one in results
    )
