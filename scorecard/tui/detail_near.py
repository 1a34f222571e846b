"""What is one key away on the detail screen: the goals of a KPI; KPIs, drivers, guardrails and driven goals of a goal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from string import ascii_uppercase
from typing import NamedTuple

from rich.cells import cell_len
from textual.content import Content

from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import KpiResult
from scorecard.model.goal import Link
from scorecard.model.kpi import KpiUse
from scorecard.model.status import Status
from scorecard.render.goal_sheet import link_words
from scorecard.render.table import Stub, fill_row, standing, watching_kpis
from scorecard.render.words import percent, quantity, status_words
from scorecard.tui.text import fit, literal, wrap

_LEAST_NAME = 12  # columns of a name beside its remark


class Near(NamedTuple):
    """Something one key away: a KPI at its goal, or a goal. `said`, sign and word, stands before it in the colour of `status`."""

    heading: str
    goal: str
    kpi: str | None
    text: str
    said: str
    status: Status
    remark: str


def list_near(evaluation: Evaluation, goal: str | None, kpi: str | None) -> list[Near]:
    """What is one key away: the goals of a KPI; KPIs, drivers, guardrails and driven goals of a goal."""
    strategy = evaluation.strategy
    if kpi is not None:
        goals = strategy.goals.values()
        users = [one.id for one in goals if _uses(one.lagging, kpi) or _uses(one.leading, kpi)]
        guarded = [one.id for one in goals if any(rule.kpi == kpi for rule in one.guardrails)]
        return [
            *(_near_goal(evaluation, "Goals it serves", user) for user in users),
            *(_near_goal(evaluation, "Goals it guards", one) for one in guarded),
        ]
    if goal is None:
        return []
    one = strategy.goals[goal]
    near = [_near_kpi(evaluation, "Results", goal, use.kpi) for use in one.lagging]
    for step in one.leading:
        if not isinstance(step, Link):
            near.append(_near_kpi(evaluation, "Drivers", goal, step.kpi))
        elif (own := step.goal.removeprefix(f"{strategy.id}/")) in strategy.goals:
            near.append(_near_goal(evaluation, "Drivers", own, link_words(evaluation, step)))
    near += [_near_guardrail(evaluation, goal, name) for name in watching_kpis(strategy, one)]
    for other, link in strategy.list_effects(goal):
        near.append(_near_goal(evaluation, "Drives", other.id, link_words(evaluation, link)))
    return near[: len(ascii_uppercase)]


def say_near(near: Sequence[Near], columns: int) -> tuple[Content, dict[int, Near]]:
    """The list of what is near, each with its letter, and what stands on which line."""
    lines: list[Content] = []
    places: dict[int, Near] = {}
    letters = iter(ascii_uppercase)
    for heading, group in groupby(near, key=lambda one: one.heading):
        lines += [*([literal("")] if lines else []), literal(heading, "bold $accent")]
        some = list(group)
        width = max(len(one.said) for one in some)
        room = max(columns - len("A ") - width - 2, _LEAST_NAME)  # of name and remark
        names = [min(cell_len(literal(one.text).plain), _LEAST_NAME) for one in some]
        beside = all(room - cell_len(one.remark) - 1 >= least for one, least in zip(some, names, strict=True))
        for one in some:
            for line in _say(next(letters), one, width, room, beside):
                places[len(lines)] = one
                lines.append(line)
    return Content("\n").join(lines), places


def _say(letter: str, near: Near, width: int, room: int, beside: bool) -> Iterator[Content]:
    """Letter, status in so many columns, name and remark; the remark below where some name would be too short beside it."""
    head = literal(f"{letter} ", "bold $accent") + literal(f"{near.said:<{width}} ", f"$status-{near.status}")
    if beside:
        tail = f" {literal(near.remark).plain}"
        yield head + literal(fit(near.text, room - cell_len(tail))) + literal(tail, "$quiet")
    else:
        yield head + literal(fit(near.text, room))
        yield from (literal(f"  {line}", "$quiet") for line in wrap(near.remark, room + width, 3))


def _near_goal(evaluation: Evaluation, heading: str, goal: str, remark: str = "") -> Near:
    result = evaluation.goal(goal)
    figures = ", ".join(filter(None, (percent(result.lagging.score), remark)))
    return Near(heading, goal, None, result.goal.title, status_words(result.status, None), result.status, figures)


def _near_kpi(evaluation: Evaluation, heading: str, goal: str, kpi: str) -> Near:
    result: KpiResult = evaluation.kpi(kpi)
    figures = quantity(result.value, result.kpi.unit or "")
    return Near(heading, goal, kpi, result.kpi.title, status_words(result.status, None), result.status, figures)


def _near_guardrail(evaluation: Evaluation, goal: str, kpi: str) -> Near:
    row = fill_row(evaluation, Stub("kpi", kpi, goal))
    (said, status), near = standing(row), _near_kpi(evaluation, "Guardrails", goal, kpi)
    return near._replace(said=said, status=status, remark=f"{near.remark}, allowed {row.cells[4]}")


def _uses(steps: Iterable[KpiUse | Link], kpi: str) -> bool:
    return any(isinstance(step, KpiUse) and step.kpi == kpi for step in steps)
