"""KPIs and metrics: what is measured, how its values combine, and what they are held against.

These records are also the schema of the file: what an editor completes is generated from them. Their annotations are
values, not texts: pydantic reads them all, and would have to compile each.
"""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from scorecard.model.fields import Count, Id, Interval, Name, Number, Record, Rule, Share, Text, Weight, When, empty_is

ID_KEY = "\0id"  # the key under which the reader hands a record its id: no text of a file can hold it
Role = Literal["primary", "supporting", "diagnostic"]
Aggregate = Literal["sum", "mean", "last", "min", "max", "median"]
Across = Literal["sum", "mean", "min", "max"]
Accepted = Annotated[dict[Annotated[str, Field(pattern=r"^S4\d\d$")], Name], empty_is(dict)]


def read_shape(value: Any) -> str:
    """Which of the shapes that a field may have in a file this one has."""
    return "mapping" if isinstance(value, dict) else "list" if isinstance(value, list) else "single"


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


Target = Annotated[
    Annotated[Number, Tag("single")]
    | Annotated[dict[When, Number], Field(min_length=1), Tag("mapping")]
    | Annotated[Number, Tag("list")],
    Discriminator(read_shape),
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
