"""The shares of KPIs and initiatives in the numbers of goals, down to where they stand on the map.

See docs/method.md, 'The explanation of a number'. A number is c0 + sum(c s) over KPI scores and initiatives' progress s.
Shares c are sums over links, effects before causes, never over paths: a map of thousands of goals takes no longer than its
links.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from scorecard.compute.evaluation import Evaluation
from scorecard.compute.graph import full_name
from scorecard.compute.means import Rows
from scorecard.compute.plan import Plan
from scorecard.model.scoring import Linear

Part: TypeAlias = Literal["lagging", "leading", "outlook"]
Kind: TypeAlias = Literal["kpi", "initiative"]


@dataclass(frozen=True, slots=True)
class Share:
    """What a number gains for each 1 of a KPI's score or an initiative's progress; `best` is the best score it can have."""

    kind: Kind
    id: str
    name: str
    share: float
    score: float
    best: float

    @property
    def gain(self) -> float:
        """What the number gains if the score is at its best."""
        return self.share * max(self.best - self.score, 0.0) + 0.0  # never a negative zero


class Leaf(NamedTuple):
    """A KPI or initiative; the id of one of another strategy has that strategy before."""

    kind: Kind
    id: str
    name: str
    best: float


class Step(NamedTuple):
    """A known driver of a goal, with its normalised weight: a leaf, or the goal `cause` (the other is -1), and its sign."""

    leaf: int
    cause: int
    sign: int
    share: float


@dataclass(slots=True)
class Shares:
    """Shares of leaves in a number by sign: [even number of opposing links, odd]; and what opposing links add."""

    leaves: dict[int, list[float]] = field(default_factory=dict)
    constant: float = 0.0

    def add(self, leaf: int, even: float, odd: float) -> None:
        own = self.leaves.setdefault(leaf, [0.0, 0.0])
        own[0] += even
        own[1] += odd


def rank_gains(evaluation: Evaluation, goals: Mapping[str, float]) -> list[Share]:
    """The known parts of a weighted sum of outlooks, largest gain first, equal ones by id; what opposes counts negative.

    Raises KeyError for an unknown goal.
    """
    descent = Descent(evaluation)
    found = descent.share_outlooks({descent.row(goal): weight for goal, weight in goals.items()})
    shares = []
    for number, (even, odd) in found.leaves.items():
        leaf = descent.leaf(number)
        shares.append(Share(leaf.kind, leaf.id, leaf.name, even - odd, float(descent.scores[number]), leaf.best))
    return sorted(shares, key=lambda one: (-round(one.gain, 12), one.id))


class Descent:
    """The map at one review period, seen from goals downward. Goals and leaves are called by their rows in the plan."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.plan: Plan = evaluation.plan
        self._rows = {goal: evaluation.first_goal + number for number, goal in enumerate(evaluation.strategy.goals)}
        column = evaluation.column
        self.scores = evaluation.leaves[:, column]
        self._goals = {
            "leading": evaluation.numbers.lagging[:, column],
            "outlook": evaluation.numbers.outlook[:, column],
        }
        self._results: dict[int, list[tuple[int, float]]] = {}
        self._steps: dict[tuple[int, Part], list[Step]] = {}

    def row(self, goal: str) -> int:
        """The row of one of the strategy's goals. Raises KeyError."""
        return self._rows[goal]

    def share(self, row: int, of: Part) -> Shares:
        """What a goal's number is made of."""
        if of == "outlook":
            return self.share_outlooks({row: 1.0})
        found = Shares()
        if of == "lagging":
            self._add_results(found, row, 1.0, 0.0)
            return found
        for leaf, cause, sign, share in self.steps(row, of):
            if leaf >= 0:
                found.add(leaf, share, 0.0)
            else:
                found.constant += share if sign < 0 else 0.0
                self._add_results(found, cause, *((share, 0.0) if sign > 0 else (0.0, share)))
        return found

    def share_outlooks(self, tops: Mapping[int, float]) -> Shares:
        """What a weighted sum of outlooks is made of: every goal hands its share on to its results and drivers."""
        found = Shares()
        waiting = {row: [weight, 0.0] for row, weight in tops.items()}
        for row in self.below(tops):
            even, odd = waiting.pop(row, (0.0, 0.0))
            results, steps = self.results(row), self.steps(row, "outlook")
            part = float(self.plan.lead_share[row]) if steps and results else 1.0 if steps else 0.0
            for leaf, share in results:
                found.add(leaf, even * (1 - part) * share, odd * (1 - part) * share)
            for leaf, cause, sign, share in steps:
                up, down = even * part * share, odd * part * share
                if leaf >= 0:
                    found.add(leaf, up, down)
                    continue
                own = waiting.setdefault(cause, [0.0, 0.0])
                if sign < 0:
                    found.constant += up - down
                    up, down = down, up
                own[0] += up
                own[1] += down
        return found

    def below(self, tops: Iterable[int]) -> list[int]:
        """These goals and all that drive their outlooks, effects before causes."""
        seen = set(tops)
        stack = list(seen)
        while stack:
            for step in self.steps(stack.pop(), "outlook"):
                if step.cause >= 0 and step.cause not in seen:
                    seen.add(step.cause)
                    stack.append(step.cause)
        return [row for row in self.plan.order[::-1].tolist() if row in seen]

    def results(self, row: int) -> list[tuple[int, float]]:
        """(leaf, normalised weight) of a goal's known results."""
        if row not in self._results:
            leaves, weights = _entries(self.plan.lagging, row)
            known = [one for one in zip(leaves, weights, self.scores[leaves].tolist(), strict=True) if one[2] == one[2]]
            total = sum(weight for _, weight, _ in known)
            self._results[row] = [(leaf, weight / total) for leaf, weight, _ in known]
        return self._results[row]

    def steps(self, row: int, of: Part) -> list[Step]:
        """A goal's known drivers; for its leading those count whose result is known, for its outlook whose outlook is."""
        if (row, of) not in self._steps:
            entries, weights = _entries(self.plan.leading, row)
            leaves, causes = self.plan.leaf[entries], self.plan.cause[entries]
            values = np.where(leaves >= 0, self.scores[leaves], np.where(causes >= 0, self._goals[of][causes], np.nan))
            signs = np.where(self.plan.opposes[entries], -1, 1)
            columns = (leaves.tolist(), causes.tolist(), signs.tolist(), weights, values.tolist())
            known = [one for one in zip(*columns, strict=True) if one[4] == one[4]]
            total = sum(one[3] for one in known)
            self._steps[row, of] = [Step(leaf, cause, sign, weight / total) for leaf, cause, sign, weight, _ in known]
        return self._steps[row, of]

    def leaf(self, leaf: int) -> Leaf:
        own = self.evaluation.strategy
        if leaf < len(self.plan.kpis):
            strategy, name = self.plan.kpis[leaf]
            kpi = strategy.kpis[name]
            rule = self.evaluation.inputs.rules.get(name) if strategy is own else None
            flagged = isinstance(rule, Linear) and rule.high < 1 if rule else kpi.red is not None
            best = strategy.bands_of(kpi).green if flagged else 1.0
            return Leaf("kpi", name if strategy is own else f"{strategy.id}/{name}", kpi.title, best)
        strategy, _, initiative = self.plan.initiatives[leaf - len(self.plan.kpis)]
        name = initiative.id if strategy is own else f"{strategy.id}/{initiative.id}"
        return Leaf("initiative", name, initiative.title, 1.0)

    def goal(self, row: int) -> str:
        """The id of a goal, that of another strategy with the strategy before."""
        node = self.plan.nodes[row]
        return node.goal.id if node.strategy is self.evaluation.strategy else full_name(node.strategy, node.goal.id)

    def _add_results(self, found: Shares, row: int, even: float, odd: float) -> None:
        for leaf, share in self.results(row):
            found.add(leaf, even * share, odd * share)


def _entries(rows: Rows, row: int) -> tuple[list[int], list[float]]:
    """The items of a row and their weights."""
    at = int(np.searchsorted(rows.owner, row))
    if at == len(rows.owner) or rows.owner[at] != row:
        return [], []
    end = int(rows.start[at + 1]) if at + 1 < len(rows.start) else len(rows.item)
    span = slice(int(rows.start[at]), end)
    return rows.item[span].tolist(), rows.weight[span].tolist()
