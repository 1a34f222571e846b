"""What is proposed for a decision in a review: who may do it, and until when. Knows no Textual."""

from __future__ import annotations

from datetime import date

from scorecard.model.period import Period
from scorecard.tui.meeting import Meeting


def list_owners(meeting: Meeting) -> list[str]:
    """Who may be asked: the owner of the item's goal, then all that the strategy and its reviews name."""
    strategy = meeting.evaluation.strategy
    goals = [strategy.goals[name] for name in (meeting.item.goals if meeting.item else ())]
    known = [one.owner for one in (*goals, *strategy.goals.values())]
    known += [one.owner for one in strategy.kpis.values()]
    known += [one.owner for goal in strategy.goals.values() for one in goal.initiatives]
    known += [strategy.owner, *(one.decision.owner for one in (*meeting.carried(), *meeting.decided()))]
    return list(dict.fromkeys(one for one in known if one))


def propose_due(meeting: Meeting) -> str:
    """The day on which a decision falls due unless said: the end of the next review period that is not over."""
    calendar, period = meeting.evaluation.strategy.calendar, meeting.evaluation.period
    following = max(calendar.ordinal(period) + 1, calendar.holding(period.rhythm, meeting.today))
    return date.fromordinal(calendar.last_day(period.rhythm, following)).isoformat()


def is_over(meeting: Meeting, period: Period) -> bool:
    """Whether a period ended before this review could decide anything: before today, and before its own period ended, as
    the review of an old one may be caught up."""
    calendar = meeting.evaluation.strategy.calendar
    end, reviewed = (
        calendar.last_day(one.rhythm, calendar.ordinal(one)) for one in (period, meeting.evaluation.period)
    )
    return end < min(meeting.today, reviewed)
