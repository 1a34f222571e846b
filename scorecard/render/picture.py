"""The neutral picture of a strategy map: lanes, boxes and arrows, before any format."""

from __future__ import annotations

from dataclasses import dataclass

from scorecard.model.status import Heading, Signal, Status


@dataclass(frozen=True, slots=True)
class Lane:
    """One perspective, top of the map first."""

    id: str
    name: str
    status: Status
    score: float | None


@dataclass(frozen=True, slots=True)
class Box:
    """One goal. Scores are 0..1, None where unknown; `status` is the goal's, after guardrails and override."""

    id: str
    name: str
    lane: int
    owner: str
    status: Status
    lagging: float | None
    lagging_status: Status
    leading: float | None
    leading_status: Status
    outlook: float | None
    outlook_status: Status
    heading: Heading
    signal: Signal
    coverage: float
    guardrails_breached: tuple[str, ...] = ()
    overridden: bool = False
    theme: str = ""
    lines: tuple[str, ...] = ()  # the KPIs in words, for tooltips


@dataclass(frozen=True, slots=True)
class Arrow:
    """From the cause (`source`) to the effect (`target`), both box ids."""

    source: str
    target: str
    weight: float = 1.0
    share: float = 1.0  # of the effect's leading weight, 0..1
    opposes: bool = False
    delay: int = 0  # review periods
    evidence: str = "assumed"  # assumed, observed, tested
    why: str = ""
    definition: bool = False  # the source's work defines a KPI of the target; no weight, no number


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything a map shows. Arrows name boxes of the picture only."""

    title: str
    period: str
    lanes: tuple[Lane, ...]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    index: float | None = None
    index_status: Status = Status.UNKNOWN
    coverage: float = 0.0
    illustrative: str = ""  # said under the picture where the data are made up
