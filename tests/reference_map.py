"""The goals of the reference implementation: sections 3 and 5 of the semantics, by walking the map again and again."""

from __future__ import annotations

from typing import Any, NamedTuple

from reference_reading import entries, number

Known = dict[str, float | None]  # id -> score or progress, None where it is unknown
Weighted = list[tuple[float, float | None]]  # weights with what is known


class Leaf(NamedTuple):
    """One way from a known KPI or initiative to the goal explained; `share` is the product of normalised weights."""

    kind: str
    id: str
    share: float
    negative: bool
    path: tuple[str, ...]


class Map:
    """The numbers of the goals, given the scores of the KPIs and the progress of the initiatives."""

    def __init__(self, strategy: dict[str, Any], scores: Known, progress: Known) -> None:
        self.strategy, self.scores, self.progress = strategy, scores, progress

    def number(self, goal: str, of: str) -> float | None:
        """L, E or O of a goal: `of` is lagging, leading or outlook."""
        if of == "lagging":
            return mean([(weight, score) for _, _, weight, score in self._results(goal)])
        if of == "leading":
            return self._drivers(goal, "lagging")
        results, drivers = self.number(goal, "lagging"), self._drivers(goal, "outlook")
        if results is None or drivers is None:
            return drivers if results is None else results
        lead = self._lead_share(goal)
        return (1 - lead) * results + lead * drivers

    def coverage(self, goal: str, of: str) -> float:
        """The part of the weight of L, E or O that has a known input."""
        if of == "lagging":
            return share([(weight, _is_known(score)) for _, _, weight, score in self._results(goal)])
        if of == "leading":
            return share([(self._weight(e), _is_known(self._input(e, "lagging"))) for e in self._leading(goal)])
        drivers: Weighted = []
        for entry in self._leading(goal):
            known = self.coverage(entry["goal"], "outlook") if "goal" in entry else _is_known(self.scores[entry["kpi"]])
            drivers.append((self._weight(entry), known))
        if sum(weight for _, _, weight, _ in self._results(goal)) == 0:
            return share(drivers)
        if sum(weight for weight, _ in drivers) == 0:
            return self.coverage(goal, "lagging")
        lead = self._lead_share(goal)
        return (1 - lead) * self.coverage(goal, "lagging") + lead * share(drivers)

    def basis(self, goal: str) -> str:
        """What L stands on: kpis, initiatives or none."""
        if any(self._weight(entry) > 0 for entry in self._lagging(goal)):
            return "kpis"
        return "initiatives" if self._initiatives(goal) else "none"

    def leaves(self, goal: str, of: str) -> list[Leaf]:
        """All ways from known KPIs and initiatives to L, E or O of a goal; none where the number is unknown."""
        if of == "lagging":
            known = [part for part in self._results(goal) if part[3] is not None and part[2] > 0]
            total = sum(weight for _, _, weight, _ in known)
            return [Leaf(kind, ident, weight / total, False, (goal,)) for kind, ident, weight, _ in known]
        if of == "leading":
            return self._driver_leaves(goal, "lagging")
        of_results, of_drivers = self._blend(goal)
        return [
            *[leaf._replace(share=of_results * leaf.share) for leaf in self.leaves(goal, "lagging")],
            *[leaf._replace(share=of_drivers * leaf.share) for leaf in self._driver_leaves(goal, "outlook")],
        ]

    def constant(self, goal: str, of: str) -> float:
        """What L, E or O of a goal is where every score is 0: it comes from opposing links alone."""
        if of == "lagging":
            return 0.0
        if of == "leading":
            return self._driver_constant(goal, "lagging")
        return self._blend(goal)[1] * self._driver_constant(goal, "outlook")

    def _lagging(self, goal: str) -> list[dict[str, Any]]:
        return entries(self.strategy["goals"][goal], "lagging")

    def _leading(self, goal: str) -> list[dict[str, Any]]:
        return entries(self.strategy["goals"][goal], "leading")

    def _initiatives(self, goal: str) -> list[dict[str, Any]]:
        listed = self.strategy["goals"][goal].get("initiatives") or []
        return [initiative for initiative in listed if initiative.get("status") != "stopped"]

    def _lead_share(self, goal: str) -> float:
        return number(self.strategy["goals"][goal].get("lead_share") or self.strategy.get("lead_share") or "0.5")

    def _weight(self, entry: dict[str, Any]) -> float:
        """The weight of an entry; what it does not say, `kpis` says for every entry."""
        default = self.strategy["kpis"].get(entry.get("kpi"), {})
        if (entry.get("role") or default.get("role")) == "diagnostic":
            return 0.0
        return number(entry.get("weight") or default.get("weight") or "1")

    def _results(self, goal: str) -> list[tuple[str, str, float, float | None]]:
        """What L is the mean of: (kind, id, weight, score or progress)."""
        if self.basis(goal) == "kpis":
            return [("kpi", e["kpi"], self._weight(e), self.scores[e["kpi"]]) for e in self._lagging(goal)]
        return [
            ("initiative", i["initiative"], number(i.get("weight", "1")), self.progress[i["initiative"]])
            for i in self._initiatives(goal)
        ]

    def _input(self, entry: dict[str, Any], of: str) -> float | None:
        """What a leading entry brings: the score of its KPI, or L or O of its goal, turned round where it opposes."""
        if "kpi" in entry:
            return self.scores[entry["kpi"]]
        value = self.number(entry["goal"], of)
        return 1 - value if value is not None and _opposes(entry) else value

    def _drivers(self, goal: str, of: str) -> float | None:
        """E with `of` lagging, D with `of` outlook."""
        return mean([(self._weight(entry), self._input(entry, of)) for entry in self._leading(goal)])

    def _known_drivers(self, goal: str, of: str) -> list[tuple[float, dict[str, Any]]]:
        """The known leading entries with their normalised weights."""
        known = [e for e in self._leading(goal) if self._weight(e) > 0 and self._input(e, of) is not None]
        total = sum(self._weight(entry) for entry in known)
        return [(self._weight(entry) / total, entry) for entry in known]

    def _blend(self, goal: str) -> tuple[float, float]:
        """How much L and D count in O: nothing where they are unknown, all where the other one is."""
        if self.number(goal, "lagging") is None:
            return 0.0, 1.0
        lead = self._lead_share(goal)
        return (1.0, 0.0) if self._drivers(goal, "outlook") is None else (1 - lead, lead)

    def _driver_leaves(self, goal: str, of: str) -> list[Leaf]:
        found: list[Leaf] = []
        for weight, entry in self._known_drivers(goal, of):
            if "kpi" in entry:
                found.append(Leaf("kpi", entry["kpi"], weight, False, (goal,)))
                continue
            for leaf in self.leaves(entry["goal"], of):
                turned = leaf.negative != _opposes(entry)
                found.append(Leaf(leaf.kind, leaf.id, weight * leaf.share, turned, (*leaf.path, goal)))
        return found

    def _driver_constant(self, goal: str, of: str) -> float:
        total = 0.0
        for weight, entry in self._known_drivers(goal, of):
            if "goal" in entry:
                below = self.constant(entry["goal"], of)
                total += weight * (1 - below if _opposes(entry) else below)
        return total


def mean(parts: Weighted) -> float | None:
    """The weighted mean of what is known; unknown where no weight is left."""
    total = sum(weight for weight, value in parts if value is not None)
    return sum(weight * value for weight, value in parts if value is not None) / total if total else None


def share(parts: Weighted) -> float:
    """A coverage: the weighted mean over all parts, 0 where the weights add up to 0."""
    return mean(parts) or 0.0


def _is_known(value: float | None) -> float:
    return 0.0 if value is None else 1.0


def _opposes(entry: dict[str, Any]) -> bool:
    return bool(entry.get("effect") == "opposes")
