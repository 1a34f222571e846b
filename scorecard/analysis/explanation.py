"""Why a goal's number is what it is: the exact additive parts down to KPIs and initiatives, and the paths between.

See docs/method.md, 'The explanation of a number'.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from scorecard.analysis.shares import Descent, Kind, Part
from scorecard.compute.evaluation import Evaluation

MOST_PATHS = 20  # listed for one line; `path_count` tells how many there are


@dataclass(frozen=True, slots=True)
class Line:
    """One KPI or initiative with one sign: `share` times `score` is its part of the number.

    `loss` is what it takes away from 1, `lever` what the goal's outlook would gain if it were at its best, `paths` the
    goals from the one where it stands up to the goal explained.
    """

    kind: Kind
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


def explain(evaluation: Evaluation, goal: str, of: Part = "outlook", most_paths: int = MOST_PATHS) -> Explanation:
    """The parts of a goal's lagging, leading or outlook at the evaluation's period. Raises KeyError for an unknown goal.

    `most_paths` are listed for one line, all are counted.
    """
    reading = getattr(evaluation.goal(goal), of)
    if reading.score is None:
        return Explanation(goal, of, None, None, ())
    descent = Descent(evaluation)
    row = descent.row(goal)
    shares, routes = descent.share(row, of), _Routes(descent, row, of)
    outlook = shares if of == "outlook" else descent.share(row, "outlook")
    lines = []
    levers = outlook.even - outlook.odd
    for number in shares.list_leaves():
        leaf, score = descent.leaf(number), float(descent.scores[number])
        lever = float(levers[number]) * max(leaf.best - score, 0.0) + 0.0  # never a negative zero
        even, odd = float(shares.even[number]), float(shares.odd[number])
        for sign, share, missing in ((1, even, 1.0 - score), (-1, odd, score)):
            if share > 0:
                own = *leaf[:3], sign * share, score, share * missing, lever
                lines.append(Line(*own, routes.find(number, sign, most_paths), routes.count(number, sign)))
    lines.sort(key=lambda line: (-round(line.loss, 12), line.id, -line.share))
    return Explanation(goal, of, reading.score, shares.constant, tuple(lines))


class _Routes:
    """The paths that lead up to one goal, each along an even (1) or odd (-1) number of opposing links.

    They are counted from the top down, once for all that stands below; listed are those of one leaf, from its goals up.
    """

    def __init__(self, descent: Descent, top: int, of: Part) -> None:
        self._descent, self._top, self._of = descent, top, of
        self._counts = {top: {1: 1, -1: 0}}  # of the paths from a goal to the top
        self._effects: dict[int, list[tuple[int, int]]] = {}  # (goal that it drives, sign of the link)
        self._places: dict[int, list[int]] = {}  # the goals where a leaf counts
        for row in self._rows():
            leaves, causes = self._look_at(row)
            for leaf in leaves:
                self._places.setdefault(leaf, []).append(row)
            for cause, sign in causes:
                self._effects.setdefault(cause, []).append((row, sign))
                own = self._counts.setdefault(cause, {1: 0, -1: 0})
                for turn, count in self._counts[row].items():
                    own[turn * sign] += count

    def count(self, leaf: int, sign: int) -> int:
        return sum(self._counts[row][sign] for row in self._places[leaf])

    def find(self, leaf: int, sign: int, most: int) -> tuple[tuple[str, ...], ...]:
        """Some paths from a goal where the leaf stands up to the top, in order of their names."""
        paths = (path for row in self._places[leaf] for path in self._climb(row, sign))
        return tuple(sorted(tuple(map(self._descent.goal, path)) for path in islice(paths, most)))

    def _rows(self) -> Iterator[int]:
        """The goals that a path may lead through, effects before causes."""
        if self._of == "outlook":
            yield from (row for row in self._descent.below([self._top]) if row in self._counts)
            return
        yield self._top
        if self._of == "leading":
            yield from [row for row in self._counts if row != self._top]

    def _look_at(self, row: int) -> tuple[set[int], list[tuple[int, int]]]:
        """The leaves that count at a goal, and its causes that do."""
        results = {leaf for leaf, _ in self._descent.results(row)}
        if self._of == "lagging" or (self._of == "leading" and row != self._top):
            return results, []
        steps = self._descent.steps(row, self._of)
        share = float(self._descent.plan.lead_share[row])
        if self._of == "leading" or (results and steps and share == 1):
            results = set()
        if self._of == "outlook" and results and share == 0:
            return results, []
        drivers = {step.leaf for step in steps if step.leaf >= 0}
        return results | drivers, [(step.cause, step.sign) for step in steps if step.cause >= 0]

    def _climb(self, row: int, wanted: int) -> Iterator[tuple[int, ...]]:
        """The paths from a goal up to the top; no step is taken from which none leads there with the sign wanted."""
        stack: list[tuple[tuple[int, ...], int]] = [((row,), wanted)] if self._counts[row][wanted] else []
        while stack:
            path, sign = stack.pop()
            if path[-1] == self._top:
                yield path
                continue
            for effect, turn in reversed(self._effects[path[-1]]):
                if self._counts[effect][sign * turn]:
                    stack.append(((*path, effect), sign * turn))
