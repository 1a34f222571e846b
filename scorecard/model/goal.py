"""Goals: their results, drivers, guardrails and initiatives, and the links by which they drive each other.

These records are also the schema of the file: what an editor completes is generated from them. Their annotations are
values, not texts: pydantic reads them all, and would have to compile each.
"""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from scorecard.model.fields import (
    Count,
    GoalRef,
    Id,
    Name,
    Number,
    PositiveWeight,
    Record,
    Share,
    Text,
    Weight,
    When,
    empty_is,
)
from scorecard.model.kpi import Accepted, Comments, KpiUse, Titled, read_shape
from scorecard.model.period import Period
from scorecard.model.status import Status


def _step(value: Any) -> str:
    return "link" if isinstance(value, dict) and "goal" in value else "kpi"


class EvidenceRecord(Record):
    """What speaks for a link: a kind, and the numbers of the test where there was one."""

    kind: Literal["assumed", "observed", "tested"] = "assumed"
    lift: Number | None = None
    low: Number | None = None
    high: Number | None = None
    n: Count | None = None
    source: Text | None = None
    date: When | None = None


EvidenceKind = Literal["assumed", "observed", "tested"]
Evidence = Annotated[
    Annotated[EvidenceKind, Tag("single")]
    | Annotated[EvidenceRecord, Tag("mapping")]
    | Annotated[EvidenceKind, Tag("list")],
    Discriminator(read_shape),
]
Progress = Annotated[
    Annotated[Share, Tag("single")]
    | Annotated[dict[When, Share], Field(min_length=1), Tag("mapping")]
    | Annotated[Share, Tag("list")],
    Discriminator(read_shape),
]


class KpiDriver(KpiUse):
    """A KPI among the drivers: the hypothesis may be said too, which changes no number."""

    delay: Count = 0
    why: Text | None = None
    evidence: Evidence = "assumed"


class Link(Record):
    """A cause-and-effect link: the goal named is the cause."""

    goal: GoalRef
    weight: PositiveWeight = 1.0
    effect: Literal["supports", "opposes"] = "supports"
    delay: Count = Field(0, description="review periods until the effect shows")
    why: Text | None = Field(None, description="the hypothesis in a sentence")
    evidence: Evidence = "assumed"

    @property
    def opposes(self) -> bool:
        return self.effect == "opposes"

    @property
    def evidence_kind(self) -> EvidenceKind:
        return self.evidence.kind if isinstance(self.evidence, EvidenceRecord) else self.evidence


Driver = Annotated[Annotated[KpiDriver, Tag("kpi")] | Annotated[Link, Tag("link")], Discriminator(_step)]


class Guardrail(Record):
    """A limit on a KPI or metric that a goal must not buy its green with."""

    kpi: Id
    min: Number | None = None
    max: Number | None = None


class Initiative(Titled):
    id: Id = Field(alias="initiative")
    owner: Name | None = None
    start: When | None = None
    due: When | None = None
    progress: Progress | None = Field(None, description="0..1, or a mapping period -> 0..1")
    status: Literal["planned", "active", "done", "stopped"] | None = None
    budget: Number | None = None
    spent: Number | None = None
    weight: Weight = 1.0
    description: Text | None = None


class Override(Record):
    """A judgement shown in place of the computed status, from one period until another."""

    status: Status
    why: Text
    by: Name | None = None
    start: When | None = Field(None, alias="from")
    until: When | None = None


class Goal(Titled):
    description: Text | None = None
    owner: Name | None = None
    theme: Id | None = None
    perspective: Id
    weight: Weight = Field(1.0, description="share in its perspective")
    lagging: Annotated[tuple[KpiUse, ...], empty_is(list)] = Field((), description="the results")
    leading: Annotated[tuple[Driver, ...], empty_is(list)] = Field((), description="the drivers")
    guardrails: Annotated[tuple[Guardrail, ...], empty_is(list)] = ()
    comments: Comments = Field(default_factory=dict)
    initiatives: Annotated[tuple[Initiative, ...], empty_is(list)] = ()
    lead_share: Share | None = Field(None, description="the drivers' share in the outlook")
    override: Override | None = None
    accept: Accepted = Field(default_factory=dict)

    @property
    def links(self) -> tuple[Link, ...]:
        return tuple(step for step in self.leading if isinstance(step, Link))

    @property
    def drivers(self) -> tuple[KpiDriver, ...]:
        return tuple(step for step in self.leading if isinstance(step, KpiDriver))


def write_override(override: Override) -> dict[str, str | None]:
    """An override as the result prints it."""

    def text(period: Period | None) -> str | None:
        return None if period is None else str(period)

    return {
        "status": override.status.value,
        "why": override.why,
        "by": override.by,
        "from": text(override.start),
        "until": text(override.until),
    }
