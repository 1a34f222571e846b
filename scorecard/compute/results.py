"""What an evaluation says by name: a reading, a goal, a KPI, a perspective. Scores are 0..1, None where unknown."""

from __future__ import annotations

from dataclasses import dataclass, field

from scorecard.model.goal import Goal, Override
from scorecard.model.kpi import Bands, Kpi
from scorecard.model.period import Period
from scorecard.model.status import Heading, Signal, Status
from scorecard.model.strategy import Perspective

TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Reading:
    """A score, its status, and the share of its weight that had a known input (0..1)."""

    score: float | None
    status: Status
    coverage: float


@dataclass(frozen=True, slots=True)
class LaggingReading(Reading):
    """`basis` says what the result rests on: `kpis`, `initiatives` or `none`."""

    basis: str = "kpis"


@dataclass(frozen=True, slots=True)
class GoalResult:
    goal: Goal = field(repr=False)
    status: Status
    computed_status: Status
    lagging: LaggingReading
    leading: Reading
    outlook: Reading
    signal: Signal
    guardrails_breached: tuple[str, ...]
    override: Override | None

    @property
    def id(self) -> str:
        return self.goal.id

    @property
    def heading(self) -> Heading:
        """Where the outlook points, seen from the result; level within one point of a hundred."""
        if self.outlook.score is None or self.lagging.score is None:
            return Heading.UNKNOWN
        change = self.outlook.score - self.lagging.score
        return Heading.LEVEL if abs(change) < 0.01 else Heading.BETTER if change > 0 else Heading.WORSE


@dataclass(frozen=True, slots=True)
class KpiResult:
    """`value` is the word for a KPI with levels; `effective_period` is the review period the value is from."""

    kpi: Kpi = field(repr=False)
    value: float | str | None
    effective_period: Period | None
    age: int | None
    stale: bool
    partial: bool
    target: float | None
    score: float | None
    progress: float | None
    status: Status
    reason: str | None

    @property
    def id(self) -> str:
        return self.kpi.id


@dataclass(frozen=True, slots=True)
class PerspectiveResult:
    perspective: Perspective = field(repr=False)
    lagging: Reading
    leading: Reading
    outlook: Reading

    @property
    def id(self) -> str:
        return self.perspective.id


def status_of(score: float | None, bands: Bands) -> Status:
    """The status of a score, with a tolerance of 1e-9 in favour of the better."""
    if score is None:
        return Status.UNKNOWN
    if score >= bands.green - TOLERANCE:
        return Status.GREEN
    return Status.AMBER if score >= bands.amber - TOLERANCE else Status.RED


def find_signal(lagging: Status, leading: Status) -> Signal:
    if Status.UNKNOWN in (lagging, leading):
        return Signal.UNKNOWN
    if lagging == Status.GREEN:
        return Signal.STEADY if leading == Status.GREEN else Signal.WARNING
    return Signal.RECOVERING if leading == Status.GREEN else Signal.ACT
