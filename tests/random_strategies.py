"""Random strategies that are valid and mix every feature of the format, for differential tests and laws.

A seed decides everything. Numbers lie on a grid of sixteenths, so sums of them are exact in any order and a
comparison never hangs on rounding.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import yaml
from random_figures import Figures
from random_tables import write_tables
from reference_periods import KINDS, Calendar, Period

LANES = ["stakeholder", "customer", "internal", "learning", "partners", "budget"]
WEIGHTS = ["1", "2", "3", "0.5", "1/3", "25%", "1e1"]


def make(seed: int, folder: Path) -> str:
    """Write a strategy (YAML, CSV) into a folder, made where it is missing, and return the period to evaluate."""
    rng = random.Random(seed)
    review = rng.choice(["month", "month", "month", "quarter", "quarter", "week", "week", "day", "half", "year"])
    year_start = rng.choice([1, 1, 2, 4, 7, 10])
    calendar = Calendar(year_start)
    at = _review_period(rng, calendar, review)
    dimensions = rng.choice([{}, {}, {"region": ["north", "south", "west"]}, {"shop": ["a", "b"], "line": ["x", "y"]}])
    figures = Figures(rng, calendar, at, dimensions)
    strategy: dict[str, Any] = {"strategy": f"random_{seed}", "period": review}
    if year_start > 1:
        strategy["year_start"] = str(year_start)
    strategy.update(_settings(rng, dimensions))
    strategy["metrics"] = figures.metrics
    lanes = _perspectives(rng, strategy)
    strategy.update(_Goals(rng, calendar, at, figures, lanes).mapping())
    folder.mkdir(parents=True, exist_ok=True)
    sources = write_tables(rng, folder, figures.rows, figures.names, dimensions)
    if sources:
        strategy["data"] = sources
    _write(rng, folder, strategy)
    return calendar.label(at)


def _review_period(rng: random.Random, calendar: Calendar, review: str) -> Period:
    some = calendar.parse(f"20{rng.randint(21, 26)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}")
    at = calendar.lying(some, review)
    if rng.random() < 0.4:  # early in a year, where the year to date is short
        return Period(review, calendar.first_of_year(at).ordinal + rng.randint(0, 3))
    return at


def _settings(rng: random.Random, dimensions: dict[str, list[str]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if rng.random() < 0.6:
        amber, green = rng.choice([("1/4", "1/2"), ("40%", "90%"), ("0.5", "1"), ("1/3", "0.75"), ("0.1", "0.3")])
        found["bands"] = {"amber": amber, "green": green}
    if rng.random() < 0.5:
        found["lead_share"] = rng.choice(["0", "1", "0.3", "80%", "1/3"])
    if dimensions:
        found["dimensions"] = {
            name: {"members": members} if rng.random() < 0.3 else members for name, members in dimensions.items()
        }
    return found


def _perspectives(rng: random.Random, strategy: dict[str, Any]) -> list[str]:
    """Declare perspectives and return those that get goals; the four of the format where none are declared."""
    if rng.random() < 0.15:
        return LANES[: rng.randint(2, 4)]
    lanes = rng.sample(LANES, rng.randint(2, 5))
    strategy["perspectives"] = {
        lane: rng.choice([lane.title(), {"name": lane.title(), "weight": rng.choice([*WEIGHTS, "0"])}])
        for lane in lanes
    }
    return lanes[: max(1, len(lanes) - rng.randint(0, 2))]


class _Goals:
    """The goals of one strategy, and where its KPIs are defined and used."""

    def __init__(self, rng: random.Random, calendar: Calendar, at: Period, figures: Figures, lanes: list[str]) -> None:
        self.rng, self.calendar, self.at, self.figures, self.lanes = rng, calendar, at, figures, lanes
        self.initiative_count = 0

    def mapping(self) -> dict[str, Any]:
        """`goals`, and in `kpis` what is defined apart from its use."""
        rng = self.rng
        ids = [f"g{i}" for i in range(rng.randint(2, 9))]
        order = rng.sample(ids, len(ids))  # a goal is driven by goals before it in this order
        goals = {goal: self._goal(order[: order.index(goal)]) for goal in ids}
        uses: dict[str, list[dict[str, Any]]] = {}
        for goal in goals.values():
            for entry in [*goal.get("lagging", []), *goal.get("leading", [])]:
                if "kpi" in entry:
                    uses.setdefault(entry["kpi"], []).append(entry)
        apart: dict[str, Any] = {}
        for kpi, fields in self.figures.kpis.items():
            if kpi in uses and rng.random() < 0.7:
                rng.choice(uses[kpi]).update(fields)
            else:
                apart[kpi] = {**fields, **(self._use() if rng.random() < 0.4 else {})}
        for goal in goals.values():
            for name in ("lagging", "leading"):
                if name in goal:
                    goal[name] = [self._short(entry) for entry in goal[name]]
        return {"goals": goals, **({"kpis": apart} if apart else {})}

    def _short(self, entry: dict[str, Any]) -> Any:
        return entry["kpi"] if list(entry) == ["kpi"] and self.rng.random() < 0.5 else entry

    def _use(self, may_be_primary: bool = False) -> dict[str, str]:
        found: dict[str, str] = {}
        if self.rng.random() < 0.5:
            found["weight"] = self.rng.choice([*WEIGHTS, "0"])
        if self.rng.random() < 0.3:
            found["role"] = self.rng.choice(["supporting", "diagnostic", *(["primary"] * may_be_primary)])
        return found

    def _goal(self, drivers: list[str]) -> dict[str, Any]:
        rng = self.rng
        parts: list[tuple[str, Any]] = [
            ("lagging", self._kpi_entries(rng.choice([0, 1, 1, 2, 3, 5]), True)),
            ("leading", self._kpi_entries(rng.choice([0, 0, 1, 2]), False) + self._links(drivers)),
            ("guardrails", self._guardrails() if rng.random() < 0.4 else []),
            ("initiatives", self._initiatives() if rng.random() < 0.4 else []),
        ]
        if rng.random() < 0.3:
            rng.shuffle(parts)
        goal: dict[str, Any] = {"perspective": rng.choice(self.lanes)}
        goal.update({name: part for name, part in parts if part})
        if rng.random() < 0.3:
            goal["weight"] = rng.choice([*WEIGHTS, "0"])
        if rng.random() < 0.3:
            goal["lead_share"] = rng.choice(["0", "1", "0.9", "25%"])
        if rng.random() < 0.3:
            goal["override"] = self._override()
        return goal

    def _kpi_entries(self, count: int, may_have_primary: bool) -> list[dict[str, Any]]:
        chosen = self.rng.sample(list(self.figures.kpis), min(count, len(self.figures.kpis)))
        found: list[dict[str, Any]] = []
        for kpi in chosen:
            use = self._use(may_have_primary)
            may_have_primary = may_have_primary and use.get("role") != "primary"
            found.append({"kpi": kpi, **use})
        return found

    def _links(self, drivers: list[str]) -> list[dict[str, Any]]:
        rng = self.rng
        found: list[dict[str, Any]] = []
        for goal in rng.sample(drivers, rng.randint(0, min(3, len(drivers)))):
            link: dict[str, Any] = {"goal": goal}
            if rng.random() < 0.5:
                link["weight"] = rng.choice(WEIGHTS)
            if rng.random() < 0.35:
                link["effect"] = "opposes"
            if rng.random() < 0.4:
                link["delay"] = str(rng.randint(0, 4))
            if rng.random() < 0.3:
                link["why"] = "One leads to the other"
            found.append(link)
        return found

    def _guardrails(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for ident in self.rng.sample(self.figures.numeric, min(self.rng.randint(1, 2), len(self.figures.numeric))):
            limit = self.figures.number(ident)
            found.append({"kpi": ident, self.rng.choice(["min", "max"]): limit})
        return found

    def _initiatives(self) -> list[dict[str, Any]]:
        rng = self.rng
        found: list[dict[str, Any]] = []
        for _ in range(rng.randint(1, 4)):
            initiative: dict[str, Any] = {"initiative": f"i{self.initiative_count}"}
            self.initiative_count += 1
            if rng.random() < 0.4:
                initiative["progress"] = rng.choice(["0", "0%", "1", "3/4", "62.5%", "0.3"])
            elif rng.random() < 0.7:
                points = self.figures.scattered_periods(rng.randint(1, 4))
                initiative["progress"] = {
                    self.calendar.label(point): rng.choice(["0", "1/4", "60%", "1"]) for point in points
                }
            if rng.random() < 0.5:
                initiative["status"] = rng.choice(["planned", "active", "done", "stopped"])
            if rng.random() < 0.3:
                initiative["weight"] = rng.choice([*WEIGHTS, "0"])
            found.append(initiative)
        return found

    def _override(self) -> dict[str, str]:
        rng = self.rng
        found = {"status": rng.choice(["red", "amber", "green"]), "why": "Seen on site"}
        if rng.random() < 0.5:
            found["by"] = "Head of sales"
        for name in ("from", "until"):
            if rng.random() < 0.5:
                shifted = Period(self.at.kind, self.at.ordinal + rng.choice([-2, -1, 0, 0, 1, 2]))
                day = self.calendar.first_day(shifted) if rng.random() < 0.5 else self.calendar.last_day(shifted)
                found[name] = self.calendar.label(self.calendar.holding(rng.choice([self.at.kind, *KINDS]), day))
        return found


class _Plain(yaml.SafeDumper):
    """Writes every text without quotes where YAML allows it, as people do: the schema types it, not YAML."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  (a class attribute of PyYAML)


def _write(rng: random.Random, folder: Path, strategy: dict[str, Any]) -> None:
    """One file, or two that share the keys and perhaps the goals."""
    files: dict[str, dict[str, Any]] = {"strategy.yaml": strategy}
    if rng.random() < 0.3:
        first = {key: value for key, value in strategy.items() if rng.random() < 0.5}
        second = {key: value for key, value in strategy.items() if key not in first}
        goals = list(strategy["goals"].items())
        cut = rng.randint(0, len(goals))
        for part, share in ((first, goals[:cut]), (second, goals[cut:])):
            part.pop("goals", None)
            if share:
                part["goals"] = dict(share)
        files = {name: part for name, part in (("a_part.yaml", first), ("b_part.yaml", second)) if part}
    for name, part in files.items():
        text = yaml.dump(
            part,
            Dumper=_Plain,
            sort_keys=False,
            allow_unicode=True,
            width=10_000,
            default_flow_style=rng.choice([False, None]),
        )
        (folder / name).write_text(text, encoding="utf-8")
