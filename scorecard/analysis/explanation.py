"""Why a goal's number is what it is: the exact additive parts down to KPIs and initiatives.

See docs/method.md, 'The explanation of a number'.

A number is c0 + sum(c s) over KPI scores and initiatives' progress s. Shares are sums over links in map order, never over
paths; paths are listed beside them, up to a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Literal, TypeAlias

import numpy as np

from scorecard.compute.evaluation import Evaluation
from scorecard.compute.graph import full_name
from scorecard.compute.plan import Plan
from scorecard.model.scoring import Linear

Part: TypeAlias = Literal["lagging", "leading", "outlook"]
MOST_PATHS = 20  # listed for one line; `path_count` tells how many there are


@dataclass(frozen=True, slots=True)
class Line:
    """One KPI or initiative with one sign: `share` times `score` is its part of the number.

    `loss` is what it takes away from 1, `lever` what the goal's outlook would gain if it were at its best, `paths` the
    goals from the one where it stands up to the goal explained.
    """

    kind: Literal["kpi", "initiative"]
    id: str
    name: str
    share: float
    score: float
    loss: float
    lever: float
    paths: tuple[tuple[str, ...], ...]
    path_count: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """`number` = `constant` + the sum of share times score over `lines`, None where unknown; losses add up to 1 - number."""

    goal: str
    of: Part
    number: float | None
    constant: float | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """What a number gains for each 1 of a KPI's score or an initiative's progress; `best` is the best score it can have."""

    kind: Literal["kpi", "initiative"]
    id: str
    name: str
    share: float
    score: float
    best: float


@dataclass(slots=True)
class _Shares:
    """Shares of leaves and goals by sign: [even number of opposing links, odd]."""

    leaves: dict[int, list[float]]
    constant: float = 0.0

    def add(self, leaf: int, even: float, odd: float) -> None:
        own = self.leaves.setdefault(leaf, [0.0, 0.0])
        own[0] += even
        own[1] += odd


def explain(evaluation: Evaluation, goal: str, of: Part = "outlook") -> Explanation:
    """The parts of a goal's lagging, leading or outlook at the evaluation's period. Raises KeyError for an unknown goal."""
    reading = getattr(evaluation.goal(goal), of)
    if reading.score is None:
        return Explanation(goal, of, None, None, ())
    walk = _Walk(evaluation)
    row = walk.row(goal)
    shares = walk.shares(row, of)
    outlook = shares if of == "outlook" else walk.shares(row, "outlook")
    lines = [
        walk.line(row, of, leaf, sign, share, outlook.leaves.get(leaf, [0.0, 0.0]))
        for leaf, pair in shares.leaves.items()
        for sign, share in zip((1, -1), pair, strict=True)
        if share > 0
    ]
    lines.sort(key=lambda line: (-round(line.loss, 12), line.id, -line.share))
    return Explanation(goal, of, reading.score, shares.constant, tuple(lines))


def share_outlooks(evaluation: Evaluation, goals: Mapping[str, float]) -> list[Share]:
    """The known parts of a weighted sum of outlooks at the evaluation's period; what opposes counts negative."""
    walk = _Walk(evaluation)
    found = _Shares({})
    walk.add_outlooks(found, {walk.row(goal): weight for goal, weight in goals.items()})
    shares = ((walk._leaf(leaf), float(walk.scores[leaf]), even - odd) for leaf, (even, odd) in found.leaves.items())
    return [Share(kind, name, title, share, score, best) for (kind, name, title, best), score, share in shares]


class _Walk:
    """The plan at one column, seen from goals downward."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.plan: Plan = evaluation.plan
        column = evaluation.column
        self.scores = evaluation.leaves[:, column]
        self.lagging = evaluation.numbers.lagging[:, column]
        self.outlook = evaluation.numbers.outlook[:, column]

    def row(self, goal: str) -> int:
        return self.evaluation.first_goal + list(self.evaluation.strategy.goals).index(goal)

    def shares(self, row: int, of: Part) -> _Shares:
        found = _Shares({})
        if of == "lagging":
            self._add_results(found, row, 1.0, 0.0)
        elif of == "leading":
            for leaf, cause, sign, share in self._known_steps(row, self.lagging):
                if leaf >= 0:
                    found.add(leaf, share, 0.0)
                else:
                    found.constant += share if sign < 0 else 0.0
                    self._add_results(found, cause, *((share, 0.0) if sign > 0 else (0.0, share)))
        else:
            self.add_outlooks(found, {row: 1.0})
        return found

    def line(self, row: int, of: Part, leaf: int, sign: int, share: float, in_outlook: list[float]) -> Line:
        kind, name, title, best = self._leaf(leaf)
        score = float(self.scores[leaf])
        gain = (in_outlook[0] - in_outlook[1]) * max(best - score, 0.0) + 0.0  # never a negative zero
        found = list(islice(self._paths(row, of, leaf, sign), MOST_PATHS))
        count = self._count(row, of, leaf, sign) if len(found) == MOST_PATHS else len(found)
        loss = share * (1.0 - score) if sign > 0 else share * score
        paths = tuple(sorted(tuple(self._goal_name(one) for one in path) for path in found))
        return Line(kind, name, title, sign * share, score, loss, gain, paths, count)

    def _add_results(self, found: _Shares, row: int, even: float, odd: float) -> None:
        for leaf, share in self._known_results(row):
            found.add(leaf, even * share, odd * share)

    def add_outlooks(self, found: _Shares, tops: Mapping[int, float]) -> None:
        """Shares flow down from goals: every goal hands its own on to its results and drivers, effects before causes."""
        waiting = {row: [weight, 0.0] for row, weight in tops.items()}
        below = self._below(*tops)
        for row in reversed([int(r) for r in self.plan.order if int(r) in below]):
            even, odd = waiting.pop(row, (0.0, 0.0))
            steps = list(self._known_steps(row, self.outlook))
            results = list(self._known_results(row))
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

    def _below(self, *tops: int) -> set[int]:
        seen, stack = set(tops), list(tops)
        while stack:
            for _, cause, _, _ in self._known_steps(stack.pop(), self.outlook):
                if cause >= 0 and cause not in seen:
                    seen.add(cause)
                    stack.append(cause)
        return seen

    def _known_results(self, row: int) -> Iterator[tuple[int, float]]:
        """(leaf, normalised weight) of a goal's known results."""
        entries = self._entries(self.plan.lagging, row)
        known = [(int(leaf), float(weight)) for leaf, weight in entries if not np.isnan(self.scores[int(leaf)])]
        total = sum(weight for _, weight in known)
        yield from ((leaf, weight / total) for leaf, weight in known)

    def _known_steps(
        self, row: int, goals: np.ndarray[tuple[int], np.dtype[np.float64]]
    ) -> Iterator[tuple[int, int, int, float]]:
        """(leaf or -1, cause or -1, sign, normalised weight) of a goal's known drivers."""
        known = []
        for step, weight in self._entries(self.plan.leading, row):
            leaf, cause = int(self.plan.leaf[int(step)]), int(self.plan.cause[int(step)])
            value = self.scores[leaf] if leaf >= 0 else goals[cause] if cause >= 0 else np.nan
            if not np.isnan(value):
                known.append((leaf, cause, -1 if self.plan.opposes[int(step)] else 1, float(weight)))
        total = sum(entry[3] for entry in known)
        yield from ((leaf, cause, sign, weight / total) for leaf, cause, sign, weight in known)

    def _entries(self, rows, row: int):  # type: ignore[no-untyped-def]
        at = int(np.searchsorted(rows.owner, row))
        if at == len(rows.owner) or rows.owner[at] != row:
            return ()
        end = int(rows.start[at + 1]) if at + 1 < len(rows.start) else len(rows.item)
        span = slice(int(rows.start[at]), end)
        return zip(rows.item[span], rows.weight[span], strict=True)

    def _paths(self, row: int, of: Part, leaf: int, wanted: int) -> Iterator[tuple[int, ...]]:
        """The goals from where a leaf stands up to the goal, along an even (1) or odd (-1) number of opposing links."""
        holds = self._reach(row, of, leaf)
        stack: list[tuple[tuple[int, ...], int]] = [((row,), 1)]
        while stack:
            path, sign = stack.pop()
            ends, onward = self._step(path[0], leaf, of, at_top=len(path) == 1)
            if ends and sign == wanted:
                yield path
            for cause, turn in reversed(onward):
                if holds.get(cause, 0) & (1 if sign * turn == wanted else 2):
                    stack.append(((cause, *path), sign * turn))

    def _step(self, row: int, leaf: int, of: Part, at_top: bool) -> tuple[bool, list[tuple[int, int]]]:
        """Whether a leaf stands at a goal where a path may end, and the causes a path may go on to (with the sign of the link)."""
        results = (
            (of != "leading" or not at_top)
            and self._counts_results(row, of)
            and any(found == leaf for found, _ in self._known_results(row))
        )
        if of == "lagging" or (of == "leading" and not at_top) or (of == "outlook" and not self._counts_drivers(row)):
            return results, []
        steps = list(self._known_steps(row, self.lagging if of == "leading" else self.outlook))
        return results or any(found == leaf for found, _, _, _ in steps), [
            (cause, sign) for _, cause, sign, _ in steps if cause >= 0
        ]

    def _counts_results(self, row: int, of: Part) -> bool:
        return (
            of != "outlook"
            or self.plan.lead_share[row] < 1
            or not any(True for _ in self._known_steps(row, self.outlook))
        )

    def _counts_drivers(self, row: int) -> bool:
        return bool(self.plan.lead_share[row] > 0) or not any(True for _ in self._known_results(row))

    def _reach(self, row: int, of: Part, leaf: int) -> dict[int, int]:
        """For each goal below: 1 where the leaf is reached along an even number of opposing links, 2 along an odd one, 3 both."""
        return {
            goal: (1 if even else 0) | (2 if odd else 0) for goal, (even, odd) in self._counts(row, of, leaf).items()
        }

    def _count(self, row: int, of: Part, leaf: int, sign: int) -> int:
        return self._counts(row, of, leaf)[row][0 if sign > 0 else 1]

    def _counts(self, row: int, of: Part, leaf: int) -> dict[int, tuple[int, int]]:
        """How many paths lead from each goal down to the leaf, with an even and an odd number of opposing links."""
        below = self._below(row)
        counts: dict[int, tuple[int, int]] = {}
        for goal in (int(r) for r in self.plan.order if int(r) in below):
            ends, onward = self._step(goal, leaf, of, at_top=goal == row)
            even, odd = int(ends), 0
            for cause, sign in onward:
                up, down = counts[cause] if sign > 0 else counts[cause][::-1]
                even, odd = even + up, odd + down
            counts[goal] = even, odd
        return counts

    def _leaf(self, leaf: int) -> tuple[Literal["kpi", "initiative"], str, str, float]:
        """(kind, id, name, best score) of a leaf; ids of other strategies with the strategy before."""
        own = self.evaluation.strategy
        if leaf < len(self.plan.kpis):
            strategy, name = self.plan.kpis[leaf]
            kpi = strategy.kpis[name]
            rule = self.evaluation.inputs.rules.get(name) if strategy is own else None
            flagged = isinstance(rule, Linear) and rule.high < 1 if rule else kpi.red is not None
            best = strategy.bands_of(kpi).green if flagged else 1.0
            return "kpi", name if strategy is own else f"{strategy.id}/{name}", kpi.title, best
        strategy, _, initiative = self.plan.initiatives[leaf - len(self.plan.kpis)]
        return (
            "initiative",
            initiative.id if strategy is own else f"{strategy.id}/{initiative.id}",
            initiative.title,
            1.0,
        )

    def _goal_name(self, row: int) -> str:
        node = self.plan.nodes[row]
        return node.goal.id if node.strategy is self.evaluation.strategy else full_name(node.strategy, node.goal.id)
