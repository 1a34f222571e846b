"""What a check of the method is given, and what it says.

An issue is a code and a sentence for a path of the strategy; the place in a file is found by the reader.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias

from scorecard.compute.evaluation import Evaluation
from scorecard.compute.formula import Formula
from scorecard.compute.panel import History
from scorecard.model.finding import Finding, shorten
from scorecard.model.goal import Goal, Link
from scorecard.model.kpi import Kpi, KpiUse, Measure, Titled
from scorecard.model.strategy import Strategy

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """One weakness: `message` says what is weak, `hint` what to do; `path` leads to it from the strategy.

    `about` names what it is about where several issues are said as one; `count` is how many are said here.
    """

    code: str
    path: Path
    about: str
    message: str
    hint: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class MethodFinding(Finding):
    """An issue with its place; `count` is how many it stands for."""

    count: int = 1


@dataclass(frozen=True, slots=True)
class Use:
    """A place where a goal names a KPI. `weight` is 0 for a diagnostic."""

    goal: Goal
    part: Literal["lagging", "leading"]
    number: int
    kpi: str
    weight: float
    role: str

    @property
    def path(self) -> Path:
        return "goals", self.goal.id, self.part, self.number


@dataclass(frozen=True)
class Context:
    """One strategy as the checks see it.

    `history` is None where the strategy has errors: then nothing is said that rests on its values or on the map being
    complete. `evaluation` is at the latest period with a value, None where there is none. `library` holds the formulas
    of the KPI libraries it names, `borrowed` the ids that stand in a library only, `inline` the KPIs that an entry of
    a goal defines, `driving` its goals that drive one of another strategy.
    """

    strategy: Strategy
    formulas: Mapping[str, Formula]
    history: History | None = None
    evaluation: Evaluation | None = None
    library: Mapping[str, Formula] = field(default_factory=dict)
    borrowed: frozenset[str] = frozenset()
    inline: frozenset[str] = frozenset()
    driving: frozenset[str] = frozenset()

    @cached_property
    def uses(self) -> dict[str, list[Use]]:
        """Where goals name each KPI as a result or a driver, in file order."""
        found: dict[str, list[Use]] = {}
        for goal in self.strategy.goals.values():
            for use in self.uses_of(goal):
                found.setdefault(use.kpi, []).append(use)
        return found

    @cached_property
    def guards(self) -> dict[str, list[Goal]]:
        """The goals that each KPI or metric guards."""
        found: dict[str, list[Goal]] = {}
        for goal in self.strategy.goals.values():
            for guardrail in goal.guardrails:
                found.setdefault(guardrail.kpi, []).append(goal)
        return found

    @cached_property
    def dependents(self) -> dict[str, list[str]]:
        """The measures whose formulas name a measure."""
        found: dict[str, list[str]] = {}
        for name, formula in self.formulas.items():
            for used, _ in formula.names:
                found.setdefault(used, []).append(name)
        return found

    def uses_of(self, goal: Goal) -> Iterator[Use]:
        """The KPIs that a goal names, also those that are not defined (which is reported elsewhere)."""
        kpis = self.strategy.kpis
        for number, one in enumerate(goal.lagging):
            yield Use(goal, "lagging", number, one.kpi, *_standing(one, kpis.get(one.kpi)))
        for number, step in enumerate(goal.leading):
            if isinstance(step, KpiUse):
                yield Use(goal, "leading", number, step.kpi, *_standing(step, kpis.get(step.kpi)))

    def counts(self, goal: Goal, part: Literal["lagging", "leading"]) -> list[Use]:
        """The KPIs of one list of a goal that have a weight."""
        return [use for use in self.uses_of(goal) if use.part == part and use.weight > 0]

    def links(self) -> Iterator[tuple[Goal, int, Link]]:
        """Every link with the goal it leads to and its number in `leading`."""
        for goal in self.strategy.goals.values():
            for number, step in enumerate(goal.leading):
                if isinstance(step, Link):
                    yield goal, number, step

    def users(self, measure: str) -> list[str]:
        """The measure, and all whose formulas rest on it, nearest first."""
        found = {measure: None}
        for name in (queue := [measure]):  # grows while it is read
            for dependent in self.dependents.get(name, ()):
                if dependent not in found:
                    found[dependent] = None
                    queue.append(dependent)
        return list(found)

    def at(self, measure: Measure) -> Path:
        """Where a measure stands in the file; one of a library stands where it is first used."""
        for name in self.users(measure.id):
            if name not in self.borrowed:
                return "kpis" if name in self.strategy.kpis else "metrics", name
            if name in self.uses:
                return self.uses[name][0].path
        return "kpis" if measure.id in self.strategy.kpis else "metrics", measure.id


def quote(thing: Titled) -> str:
    """How a sentence calls a goal, KPI or perspective."""
    return f"'{shorten(thing.title, 50)}'"


def enumerate_names(names: Sequence[str], most: int = 3) -> str:
    """A list in words, cut after so many names."""
    shown = list(names[:most])
    if len(names) > most:
        shown.append(f"{len(names) - most} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _standing(use: KpiUse, kpi: Kpi | None) -> tuple[float, str]:
    """Weight and role at a place of use, as `Strategy.weigh` has them, also for a KPI that is not defined."""
    role = use.role or (kpi and kpi.role) or "supporting"
    weight = use.weight if use.weight is not None else kpi.weight if kpi else None
    return 0.0 if role == "diagnostic" else 1.0 if weight is None else weight, role
