"""The explanation of a number as rows of words, in tenths of a percent that add up to the last digit shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import floor
from typing import Literal

from scorecard.analysis.explanation import Explanation, Line
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.graph import full_name
from scorecard.compute.results import TOLERANCE
from scorecard.model.status import Status

OPPOSES, SUPPORTS = "⊣", "→"
_MOST_LINES = 2  # of the few words on losses


@dataclass(frozen=True, slots=True)
class PartRow:
    """One line: texts in percent or percentage points without their sign, such as `12.5`; `lever` is said once a KPI.

    `line` is None for what opposing links give before they take.
    """

    name: str
    loss: str
    score: str
    share: str
    part: str
    lever: str
    path: str
    line: Line | None


@dataclass(frozen=True, slots=True)
class Parts:
    """All rows, the largest loss first; `number` is their sum of parts, `missing` the sum of losses, which make 100."""

    rows: tuple[PartRow, ...]
    number: str
    missing: str


def explain_rows(evaluation: Evaluation, found: Explanation) -> Parts | None:
    """The rows of an explanation; None where its number is unknown."""
    if found.number is None:
        return None
    constant, total = found.constant or 0.0, tenths(found.number)
    losses = add_up([1000 * line.loss for line in found.lines], 1000 - total)
    first, *parts = add_up([1000 * constant, *(1000 * line.share * line.score for line in found.lines)], total)
    names = _Names(evaluation)
    once = {(line.kind, line.id): line for line in reversed(found.lines)}.values()
    rows = [
        PartRow(
            line.name,
            say_tenths(-loss),
            say_tenths(tenths(line.score)),
            say_tenths(tenths(line.share)),
            say_tenths(part),
            say_tenths(tenths(line.lever), plus=True) if line in once else "",
            names.path(line, found.goal),
            line,
        )
        for line, loss, part in zip(found.lines, losses, parts, strict=True)
    ]
    if constant:
        rows.append(PartRow("Opposing links, before they take", "", "", "", say_tenths(first), "", "", None))
    return Parts(tuple(rows), say_tenths(total), say_tenths(total - 1000))


def line_status(evaluation: Evaluation, line: Line) -> Status:
    """The status of a line's KPI; unknown for an initiative and a KPI of another strategy."""
    is_own = line.kind == "kpi" and line.id in evaluation.strategy.kpis
    return evaluation.kpi(line.id).status if is_own else Status.UNKNOWN


def worst_lines(found: Explanation) -> list[str]:
    """What takes most, in a few words: `Bounce rate -5.2 pp`."""
    lines = [f"{one.name} {say_tenths(-tenths(one.loss))} pp" for one in found.lines if one.loss > TOLERANCE]
    return lines[:_MOST_LINES]


def add_up(values: Sequence[float], total: int) -> list[int]:
    """Whole numbers next to the values that add up to `total`, their rounded sum: the largest rests go up."""
    whole = [floor(value) for value in values]
    by_rest = sorted(range(len(values)), key=lambda n: (whole[n] - values[n], n))
    for n in by_rest[: max(total - sum(whole), 0)]:
        whole[n] += 1
    return whole


def tenths(fraction: float) -> int:
    """A fraction in tenths of a percent, rounded half up."""
    return int((Decimal(repr(fraction)) * 1000).to_integral_value(ROUND_HALF_UP))


def say_tenths(count: int, plus: bool = False) -> str:
    """Tenths as a decimal number: `-1.5`; with `plus` also `+1.5`."""
    sign: Literal["-", "+", ""] = "-" if count < 0 else "+" if plus and count else ""
    return f"{sign}{abs(count) // 10}.{abs(count) % 10}"


class _Names:
    """What goals are called, and which links oppose, over all strategies that were computed together."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.strategy = evaluation.strategy
        nodes = evaluation.plan.nodes
        self.titles = {full_name(node.strategy, node.goal.id): node.goal.title for node in nodes}
        self.opposing = {
            (full_name(node.strategy, link.goal), full_name(node.strategy, node.goal.id))
            for node in nodes
            for link in node.goal.links
            if link.opposes
        }

    def path(self, line: Line, goal: str) -> str:
        """The goals from where the line stands up to the goal explained, which is not named again."""
        text = ""
        for cause, effect in zip(line.paths[0], line.paths[0][1:], strict=False):
            pair = full_name(self.strategy, cause), full_name(self.strategy, effect)
            sign = f" {OPPOSES}" if pair in self.opposing else "" if effect == goal else f" {SUPPORTS}"
            text += f"{self.titles[pair[0]]}{sign} "
        return text + (f"(and {line.path_count - 1} more)" if line.path_count > 1 else "")
