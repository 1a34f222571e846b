"""What the tabs of map and scorecard count, once for each evaluation looked at. Knows no Textual."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from scorecard.analysis import attention
from scorecard.analysis.attention import Attention
from scorecard.compute.evaluation import Evaluation
from scorecard.tui.session import Session

_COUNTED: WeakKeyDictionary[Session, tuple[Evaluation, Attention]] = WeakKeyDictionary()  # of what is looked at now


def count_attention(session: Session) -> Attention:
    """At the period and for the members looked at."""
    evaluation = session.evaluation
    counted, found = _COUNTED.get(session, (None, Attention(0, 0)))
    if counted is not evaluation:
        found = attention.count_attention(evaluation)
        _COUNTED[session] = evaluation, found
    return found
