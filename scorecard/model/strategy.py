"""A strategy in the field's terms: perspectives, goals, KPIs, dimensions, data. An id is the key it stands under.

These records are also the schema of the file: what an editor completes is generated from them. Their annotations are
values, not texts: pydantic reads them all, and would have to compile each.
"""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from scorecard.model.fields import (
    Id,
    Interval,
    Month,
    Name,
    Path,
    Record,
    Share,
    Text,
    Weight,
    empty_is,
)
from scorecard.model.goal import Goal, Link
from scorecard.model.kpi import DEFAULT_BANDS, Accepted, Bands, Kpi, KpiUse, Measure, Metric, Role, Titled, read_shape
from scorecard.model.period import RHYTHMS, Calendar, Rhythm


def _store(value: Any) -> str:
    return "database" if isinstance(value, dict) and "connect" in value else "file"


class Perspective(Titled):
    weight: Weight = Field(1.0, description="share in the index")
    description: Text | None = None


Members = Annotated[
    Annotated[tuple[Name, ...], Tag("list")]
    | Annotated[dict[Name, Name], Tag("mapping")]
    | Annotated[tuple[Name, ...], Tag("single")],
    Discriminator(read_shape),
]


class Dimension(Record):
    members: Annotated[Members, empty_is(list)] = ()
    parent: Id | None = Field(None, description="the dimension whose members these roll up to")

    @property
    def parents(self) -> dict[str, str]:
        """The member of the parent dimension that each member belongs to, where the file says so."""
        return self.members if isinstance(self.members, dict) else {}


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

    def list_effects(self, goal: str) -> list[tuple[Goal, Link]]:
        """The goals that one drives, with the links."""
        names = goal, f"{self.id}/{goal}"
        links = ((one, step) for one in self.goals.values() for step in one.leading if isinstance(step, Link))
        return [(one, link) for one, link in links if link.goal in names]


def fold_name(name: str) -> str:
    """A name as it is compared with others: case and spaces do not count."""
    return "".join(name.casefold().split())
