"""What to do first where a strategy has nothing to show yet."""

from __future__ import annotations

from scorecard.tui.session import Session


def say_next_step(session: Session, read_only: bool = False) -> str:
    """The next step in one line, "" where there are goals, figures and values."""
    strategy = session.evaluation.strategy
    if not strategy.goals:
        return "no goals yet: write 'goals:' in the strategy (e edits it)"
    if not strategy.kpis:
        return "nothing is measured yet: name a KPI under 'lagging:' of a goal (e edits it)"
    if session.scorecard.last_period is None:
        other = "name a file with them under 'data:'"
        return f"no values yet: {other if read_only else 'v records one for a KPI that is chosen on the scorecard (2)'}"
    return ""
