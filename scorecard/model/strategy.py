"""A strategy in the field's terms: perspectives, goals, KPIs, links, initiatives. An id is the key it stands under.

These records are also the schema of the file: what an editor completes is generated from them. Their annotations are
values, not texts: pydantic reads them all, and would have to compile each.
"""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from scorecard.model.fields import (
    Count,
    GoalRef,
    Id,
    Interval,
    Month,
    Name,
    Number,
    Path,
    PositiveWeight,
    Record,
    Rule,
    Share,
    Text,
    Weight,
    When,
    empty_is,
)
from scorecard.model.period import RHYTHMS, Calendar, Period, Rhythm
from scorecard.model.status import Status

ID_KEY = "\0id"  # the key under which the reader hands a record its id: no text of a file can hold it
Role = Literal["primary", "supporting", "diagnostic"]
Aggregate = Literal["sum", "mean", "last", "min", "max", "median"]
Across = Literal["sum", "mean", "min", "max"]
Accepted = Annotated[dict[Annotated[str, Field(pattern=r"^S4\d\d$")], Name], empty_is(dict)]


def _shape(value: Any) -> str:
    return "mapping" if isinstance(value, dict) else "list" if isinstance(value, list) else "single"


def _step(value: Any) -> str:
    return "link" if isinstance(value, dict) and "goal" in value else "kpi"


def _store(value: Any) -> str:
    return "database" if isinstance(value, dict) and "connect" in value else "file"


class Titled(Record):
    """What has an id and may have a name."""

    id: str = Field(alias="\0id", default="")  # ID_KEY
    name: Name | None = Field(None, description="how people call it; the id in words where missing")

    @property
    def title(self) -> str:
        """The name; where it is missing, the id with spaces and a capital."""
        return self.name if self.name is not None else self.id.replace("_", " ").capitalize()


class Bands(Record):
    """Where a score turns amber, and green: 0 < amber < green <= 1."""

    amber: Number
    green: Number


DEFAULT_BANDS = Bands.model_construct(amber=1 / 3, green=2 / 3)


class Perspective(Titled):
    weight: Weight = Field(1.0, description="share in the index")
    description: Text | None = None


Members = Annotated[
    Annotated[tuple[Name, ...], Tag("list")]
    | Annotated[dict[Name, Name], Tag("mapping")]
    | Annotated[tuple[Name, ...], Tag("single")],
    Discriminator(_shape),
]


class Dimension(Record):
    members: Annotated[Members, empty_is(list)] = ()
    parent: Id | None = Field(None, description="the dimension whose members these roll up to")

    @property
    def parents(self) -> dict[str, str]:
        """The member of the parent dimension that each member belongs to, where the file says so."""
        return self.members if isinstance(self.members, dict) else {}


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
    Discriminator(_shape),
]
Target = Annotated[
    Annotated[Number, Tag("single")]
    | Annotated[dict[When, Number], Field(min_length=1), Tag("mapping")]
    | Annotated[Number, Tag("list")],
    Discriminator(_shape),
]
Progress = Annotated[
    Annotated[Share, Tag("single")]
    | Annotated[dict[When, Share], Field(min_length=1), Tag("mapping")]
    | Annotated[Share, Tag("list")],
    Discriminator(_shape),
]
Comments = Annotated[dict[When, Text], empty_is(dict)]


class Measure(Titled):
    """What KPIs and metrics share: where the figure comes from and how its values combine."""

    description: Text | None = None
    unit: Name | None = None
    owner: Name | None = Field(None, description="who answers for it")
    source: Text | None = None
    scope: Text | None = None
    segment_note: Text | None = None
    caution: Text | None = Field(None, description="what would make the figure misleading")
    aliases: Annotated[tuple[Name, ...], empty_is(list)] = Field((), description="other names seen in data files")
    formula: Annotated[str, Field(max_length=1000)] | None = Field(
        None, description="expression over KPI and metric ids"
    )
    interval: Interval | None = Field(None, description="how often it is measured; the review period where missing")
    aggregate: Aggregate = Field("last", description="finer values within one review period")
    across: Across | None = Field(None, description="values of several dimension members")
    keep: Count = Field(1, description="intervals for which an old value stays usable, marked stale")
    values: Annotated[dict[When, Text], empty_is(dict)] = Field(
        default_factory=dict, description="values by period, for small maps"
    )
    comments: Comments = Field(default_factory=dict, description="what was seen, what we do, by period")
    accept: Accepted = Field(
        default_factory=dict, description="method warnings switched off here, each with the reason"
    )

    @property
    def combines(self) -> Across:
        """How values of several members combine."""
        return self.across or ("sum" if self.aggregate == "sum" else "mean")

    @property
    def adds_up(self) -> bool:
        """Whether its members add up: then the file's figures are of all of them together."""
        return self.formula is None and self.combines == "sum"


class Metric(Measure):
    """A figure that a formula needs; no target, no goal."""


class Kpi(Measure):
    """A figure with a score."""

    baseline: Number | None = None
    red: Number | None = Field(None, description="the red flag, on the amber line")
    target: Target | None = Field(None, description="a number, or a path of numbers by period; for one review period")
    direction: Literal["up", "down"] | None = None
    scoring: Rule | None = None
    band: Annotated[tuple[Number, ...], Field(min_length=2, max_length=2)] | None = None
    tolerance: Weight | None = None
    scale: dict[Number, Share] | None = None
    levels: dict[Name, Share] | None = None
    role: Role | None = None
    weight: Weight | None = None
    bands: Bands | None = None
    defined_by: Id | None = Field(None, description="the goal whose work defines this KPI")
    causality: Text | None = None
    measurability: Text | None = None
    stage: Literal["awareness", "engagement", "traffic", "lead", "sale", "retention", "service"] | None = None

    def targets(self) -> list[float]:
        """All targets the file gives."""
        if self.target is None:
            return []
        return list(self.target.values()) if isinstance(self.target, dict) else [self.target]


class KpiUse(Record):
    """An entry that names a KPI; weight and role belong to the place of use."""

    kpi: Id
    weight: Weight | None = None
    role: Role | None = None


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


class DatabaseSource(Record):
    connect: Path
    table: Path | None = None
    query: Text | None = None
    decimal: Literal["point", "comma"] = "point"


class FileSource(Record):
    path: Path
    decimal: Literal["point", "comma"] = "point"


Source = Annotated[
    Annotated[FileSource, Tag("file")] | Annotated[DatabaseSource, Tag("database")], Discriminator(_store)
]


class Strategy(Titled):
    """One strategy, read and merged. KPIs defined at a goal's entry stand in `kpis` too, in order of first mention."""

    id: Id = Field(alias="strategy")
    purpose: Text | None = None
    description: Text | None = None
    owner: Name | None = None
    period: Interval = Field("month", description="the review period")
    year_start: Month = Field(1, description="the month in which the year begins")
    bands: Bands = DEFAULT_BANDS
    lead_share: Share = Field(0.5, description="the drivers' share in the outlook")
    perspectives: Annotated[dict[Id, Perspective], empty_is(dict)] = {}
    themes: Annotated[dict[Id, Name], empty_is(dict)] = {}
    dimensions: Annotated[dict[Id, Dimension], empty_is(dict)] = {}
    goals: Annotated[dict[Id, Goal], empty_is(dict)] = {}
    kpis: Annotated[dict[Id, Kpi], empty_is(dict)] = {}
    metrics: Annotated[dict[Id, Metric], empty_is(dict)] = {}
    libraries: Annotated[tuple[Id, ...], empty_is(list)] = ()
    data: Annotated[tuple[Source, ...], empty_is(list)] = ()
    glossary: Annotated[dict[Name, Text], empty_is(dict)] = {}
    accept: Accepted = Field(default_factory=dict)

    @property
    def rhythm(self) -> Rhythm:
        return RHYTHMS[self.period]

    @property
    def calendar(self) -> Calendar:
        return Calendar(self.year_start)

    def measure(self, name: str) -> Measure | None:
        """The KPI or metric with this id."""
        return self.kpis.get(name) or self.metrics.get(name)

    def interval(self, measure: Measure) -> Rhythm:
        return RHYTHMS[measure.interval or self.period]

    def bands_of(self, kpi: Kpi) -> Bands:
        return kpi.bands or self.bands

    def weigh(self, use: KpiUse) -> float:
        """The weight of a KPI at a place of use: what is said there, else in `kpis:`, else 1; 0 for a diagnostic."""
        if self.role(use) == "diagnostic":
            return 0.0
        weight = use.weight if use.weight is not None else self.kpis[use.kpi].weight
        return 1.0 if weight is None else weight

    def role(self, use: KpiUse) -> Role:
        return use.role or self.kpis[use.kpi].role or "supporting"

    def share_of_drivers(self, goal: Goal) -> float:
        return self.lead_share if goal.lead_share is None else goal.lead_share

    def lanes(self) -> dict[str, list[Goal]]:
        """Goals by perspective, both in the file's order."""
        lanes: dict[str, list[Goal]] = {name: [] for name in self.perspectives}
        for goal in self.goals.values():
            lanes.setdefault(goal.perspective, []).append(goal)
        return lanes


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


def fold_name(name: str) -> str:
    """A name as it is compared with others: case and spaces do not count."""
    return "".join(name.casefold().split())
