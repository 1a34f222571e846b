"""Status and signal: the words, their signs, and the bands that choose between them."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """What a score says, as a colour; unknown where there is no score."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    UNKNOWN = "unknown"

    @property
    def sign(self) -> str:
        """The sign that stands beside the word wherever there is a colour."""
        return _SIGNS[self]


class Signal(StrEnum):
    """What a goal's result and its drivers say together."""

    STEADY = "steady"
    WARNING = "warning"
    RECOVERING = "recovering"
    ACT = "act"
    UNKNOWN = "unknown"


class Heading(StrEnum):
    """Where the outlook points, seen from the result."""

    BETTER = "better"
    LEVEL = "level"
    WORSE = "worse"
    UNKNOWN = "unknown"

    @property
    def arrow(self) -> str:
        return {"better": "↗", "level": "→", "worse": "↘", "unknown": "·"}[self.value]


_SIGNS = {Status.RED: "▲", Status.AMBER: "◆", Status.GREEN: "●", Status.UNKNOWN: "○"}
