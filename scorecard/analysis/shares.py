"""The shares of KPIs and initiatives in the numbers of goals, down to where they stand on the map.

See docs/method.md, 'The explanation of a number'. A number is c0 + sum(c s) over KPI scores and initiatives' progress s.
Shares c are sums over links, effects before causes, never over paths: a map of thousands of goals takes no longer than its
links.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from scorecard.compute.evaluation import Evaluation
from scorecard.compute.graph import full_name
from scorecard.compute.means import Bools, Floats, Ints, Rows
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
    """Shares of leaves [leaf] in a number, by an even and an odd number of opposing links; and what these links add."""

    even: Floats
    odd: Floats
    constant: float = 0.0

    def list_leaves(self) -> list[int]:
        """The leaves that the number is made of."""
        found: list[int] = np.flatnonzero((self.even != 0) | (self.odd != 0)).tolist()
        return found


class _Entries(NamedTuple):
    """What goals rest on, one list after the other: that of a goal begins at start[row] and ends before the next one.

    `share` is the weight normalised over the known entries of a goal, 0 for the unknown ones.
    """

    owner: Ints
    start: Ints
    share: Floats

    @classmethod
    def normalise(cls, rows: Rows, values: Floats, goals: int) -> _Entries:
        """From the values of all entries [entry]."""
        owner = rows.owners()
        weight = np.where(np.isnan(values), 0.0, rows.weight)
        total = np.bincount(owner, weight, goals)[owner]
        share = np.divide(weight, total, out=np.zeros(len(weight)), where=total > 0)
        return cls(owner, np.searchsorted(owner, np.arange(goals + 1)), share)

    def of(self, row: int) -> slice:
        """Where the entries of a goal stand."""
        return slice(self.start[row], self.start[row + 1])

    def are_known(self) -> Bools:
        """Of which goals any entry is known [goal]."""
        return np.bincount(self.owner, self.share, len(self.start) - 1) > 0


def rank_gains(evaluation: Evaluation, goals: Mapping[str, float]) -> list[Share]:
    """The known parts of a weighted sum of outlooks, largest gain first, equal ones by id; what opposes counts negative.

    Raises KeyError for an unknown goal.
    """
    descent = Descent(evaluation)
    found = descent.share_outlooks({descent.row(goal): weight for goal, weight in goals.items()})
    shares = []
    for number in found.list_leaves():
        leaf, share = descent.leaf(number), float(found.even[number] - found.odd[number])
        shares.append(Share(leaf.kind, leaf.id, leaf.name, share, float(descent.scores[number]), leaf.best))
    return sorted(shares, key=lambda one: (-round(one.gain, 12), one.id))


class Descent:
    """The map at one review period, seen from goals downward. Goals and leaves are called by their rows in the plan."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.plan: Plan = evaluation.plan
        self._column = evaluation.column
        self.scores = evaluation.leaves[:, self._column]
        self._results: dict[int, list[tuple[int, float]]] = {}
        self._steps: dict[tuple[int, Part], list[Step]] = {}

    def row(self, goal: str) -> int:
        """The row of one of the strategy's goals. Raises KeyError."""
        return self.evaluation.goal_row(goal)

    def share(self, row: int, of: Part) -> Shares:
        """What a goal's number is made of."""
        if of == "outlook":
            return self.share_outlooks({row: 1.0})
        found = Shares(*np.zeros((2, len(self.scores))))
        for leaf, cause, sign, share in self.steps(row, of) if of == "leading" else [Step(-1, row, 1, 1.0)]:
            own = found.even if sign > 0 else found.odd
            found.constant += share if sign < 0 else 0.0
            for result, part in self.results(cause) if leaf < 0 else [(leaf, 1.0)]:
                own[result] += share * part
        return found

    def share_outlooks(self, tops: Mapping[int, float]) -> Shares:
        """What a weighted sum of outlooks is made of: every goal hands its share on to its results and drivers."""
        goals, drivers = len(self.plan.nodes), self._drivers["outlook"]
        part = np.where(self._known.are_known(), self.plan.lead_share, 1.0) * drivers.are_known()  # that drivers have
        even, odd, constant = [0.0] * goals, [0.0] * goals, 0.0
        for row, weight in tops.items():
            even[row] += weight
        (_, causes, signs), start = self._leading, drivers.start.tolist()
        shares = (part[drivers.owner] * drivers.share).tolist()
        for row in self.plan.order[::-1].tolist():
            if not even[row] and not odd[row]:
                continue
            for entry in range(start[row], start[row + 1]):
                cause = causes[entry]
                if cause < 0:
                    continue
                up, down = even[row] * shares[entry], odd[row] * shares[entry]
                if signs[entry] < 0:
                    constant += up - down
                    up, down = down, up
                even[cause] += up
                odd[cause] += down
        return Shares(self._hand_on(np.array(even), part), self._hand_on(np.array(odd), part), constant)

    def _hand_on(self, goals: Floats, part: Floats) -> Floats:
        """What goals hand on to leaves [leaf] of their shares [goal], where drivers have `part` of each."""
        known, drivers, leaf = self._known, self._drivers["outlook"], self.plan.leaf[self.plan.leading.item]
        results = (goals * (1.0 - part))[known.owner] * known.share
        steps = ((goals * part)[drivers.owner] * drivers.share)[leaf >= 0]
        size = len(self.scores)
        found = np.zeros(size)
        found += np.bincount(self.plan.lagging.item, results, size)
        found += np.bincount(leaf[leaf >= 0], steps, size)
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
            span = self._known.of(row)
            pairs = zip(self.plan.lagging.item[span].tolist(), self._known.share[span].tolist(), strict=True)
            self._results[row] = [pair for pair in pairs if pair[1]]
        return self._results[row]

    def steps(self, row: int, of: Part) -> list[Step]:
        """A goal's known drivers; for its leading those count whose result is known, for its outlook whose outlook is."""
        if (row, of) not in self._steps:
            span = self._drivers[of].of(row)
            steps = zip(
                *(column[span] for column in self._leading), self._drivers[of].share[span].tolist(), strict=True
            )
            self._steps[row, of] = [Step(*step) for step in steps if step[3]]
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

    @cached_property
    def _known(self) -> _Entries:
        """The results of goals."""
        return _Entries.normalise(self.plan.lagging, self.scores[self.plan.lagging.item], len(self.plan.nodes))

    @cached_property
    def _leading(self) -> tuple[list[int], list[int], list[int]]:
        """Leaf, cause and sign of the drivers of goals [entry]."""
        entry = self.plan.leading.item
        signs = np.where(self.plan.opposes[entry], -1, 1)
        return self.plan.leaf[entry].tolist(), self.plan.cause[entry].tolist(), signs.tolist()

    @cached_property
    def _drivers(self) -> dict[Part, _Entries]:
        """The drivers of goals, as they count for each number."""
        entry, found = self.plan.leading.item, {}
        leaf, cause = self.plan.leaf[entry], self.plan.cause[entry]
        numbers: dict[Part, Floats] = {
            "leading": self.evaluation.numbers.lagging,
            "outlook": self.evaluation.numbers.outlook,
        }
        for of, goals in numbers.items():
            values = np.full(len(entry), np.nan)
            values[leaf >= 0] = self.scores[leaf[leaf >= 0]]
            values[cause >= 0] = goals[cause[cause >= 0], self._column]
            found[of] = _Entries.normalise(self.plan.leading, values, len(self.plan.nodes))
        return found
