"""What the detail screen says of a period compared with: a goal, or a KPI, then and now."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from scorecard.analysis.comparison import KpiChange, compare_kpi
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import KpiResult
from scorecard.model.status import Heading
from scorecard.render.change_words import kpi_change_words, value_heading
from scorecard.render.words import change, quantity, status_words
from scorecard.tui.labels import LABEL, labelled
from scorecard.tui.text import fit, literal
from scorecard.tui.trial_words import say_change

_WIDEST_NAME = 34  # columns of a KPI's name, before what it was


def list_goal_changes(evaluation: Evaluation, then: Evaluation, goal: str, columns: int) -> Iterator[Content]:
    """The numbers of a goal then and now, and what its KPIs were."""
    before, now = then.goal(goal), evaluation.goal(goal)
    yield literal("")
    yield literal(f"Compared with {then.period}", "bold $accent")
    for label, old, new in (
        ("Result", (before.status, before.lagging.score), (now.status, now.lagging.score)),
        ("Drivers", (before.leading.status, before.leading.score), (now.leading.status, now.leading.score)),
        ("Outlook", (before.outlook.status, before.outlook.score), (now.outlook.status, now.outlook.score)),
    ):
        yield literal(label.ljust(LABEL), "bold") + say_change(old, new)
    for name in dict.fromkeys(use.kpi for use in (*now.goal.lagging, *now.goal.drivers)):
        found = compare_kpi(then.kpi(name), evaluation.kpi(name))
        was = found.status_before
        words = kpi_change_words(found).replace(f"was {was.sign} ", f"was {status_words(was, None)} ") + _say_way(found)
        room = max(columns - len(words) - 3, 12)
        yield literal(f"  {fit(literal(found.name).plain, min(room, _WIDEST_NAME))} ") + literal(words, "$quiet")


def list_kpi_changes(then: Evaluation, now: KpiResult, columns: int) -> Iterator[Content]:
    """Value, score and target of a KPI then and now."""
    before, unit = then.kpi(now.id), now.kpi.unit or ""
    found = compare_kpi(before, now)
    yield literal(f"Compared with {then.period}", "bold $accent")
    value = f"{quantity(before.value, unit)} → {quantity(now.value, unit)}"
    if not found.renewed:
        value += ", no newer value"
    elif found.value_change is not None:
        value += f", {change(found.value_change, unit)}{_say_way(found)}"
    yield from labelled("Value", [value], columns)
    if before.score is not None or now.score is not None:
        score = say_change((before.status, before.score), (now.status, now.score))
        yield literal("Score".ljust(LABEL), "bold") + score
    if before.target != now.target:
        yield from labelled("Target", [f"{quantity(before.target, unit)} → {quantity(now.target, unit)}"], columns)
    yield literal("")


def _say_way(found: KpiChange) -> str:
    """Whether a new value is better or worse; that it went up or down says the sign of the change."""
    way = value_heading(found) if found.renewed else Heading.UNKNOWN
    return f" {way}" if way in (Heading.BETTER, Heading.WORSE) else ""
