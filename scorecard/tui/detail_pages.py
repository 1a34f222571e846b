"""What the detail screen says: of a goal, of a KPI, and what is one key away from either."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from string import ascii_uppercase
from typing import NamedTuple

from textual.content import Content

from scorecard.analysis.explanation import Explanation, explain
from scorecard.analysis.shares import Part
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import GoalResult, KpiResult
from scorecard.model.goal import Link
from scorecard.model.kpi import Kpi, KpiUse
from scorecard.model.period import Period
from scorecard.model.status import Signal, Status
from scorecard.render.goal_sheet import link_words
from scorecard.render.picture import guardrail_words
from scorecard.render.reasons import explain_goal, explain_score, explain_target, explain_value, explain_weight
from scorecard.render.table import data_words
from scorecard.render.words import percent, points, quantity, signal_words, status_words
from scorecard.tui.detail_changes import list_goal_changes, list_kpi_changes
from scorecard.tui.labels import LABEL, labelled
from scorecard.tui.text import fit, literal, wrap
from scorecard.tui.widgets.goal_panel import initiative_lines

_BAR = 16  # columns of a bar of the explanation
_MOST_LINES = 14  # of the explanation
_MOST_COMMENTS = 4
Lines = Iterator[Content]


class Near(NamedTuple):
    """Something one key away: a KPI at its goal, or a goal."""

    heading: str
    goal: str
    kpi: str | None
    text: str
    status: Status
    remark: str = ""


def say_goal(evaluation: Evaluation, goal: str, part: Part, columns: int, before: Period | None = None) -> Content:
    """Why a goal has its colour: the means with numbers, then the explanation of one of its numbers as bars.

    With a period compared with, of the evaluation's span, between them what changed since.
    """
    result = evaluation.goal(goal)
    return _join(
        [
            *_goal_title(evaluation, result),
            *_goal_reasons(evaluation, result, columns),
            *(list_goal_changes(evaluation, evaluation.at(before), goal, columns) if before else ()),
            *_bars(evaluation, result, part, columns),
        ]
    )


def say_kpi(evaluation: Evaluation, goal: str | None, kpi: str, columns: int) -> Content:
    """Title of a KPI: its value against the target, above the chart."""
    result = evaluation.kpi(kpi)
    unit, one = result.kpi.unit or "", result.kpi
    head = literal(one.title, "bold") + literal(
        f"   {status_words(result.status, result.score)}", f"bold $status-{result.status}"
    )
    value = quantity(result.value, unit)
    target = f", target {quantity(result.target, unit)}" if result.target is not None else ""
    told = f"{value} in {result.effective_period or evaluation.period}{target} · {data_words(evaluation, result)}"
    place = f" · {evaluation.strategy.goals[goal].title}" if goal else ""
    return _join([head, literal(fit(literal(f"{told}{place}").plain, columns).rstrip(), "$quiet")])


def say_kpi_reasons(
    evaluation: Evaluation, goal: str | None, kpi: str, columns: int, before: Period | None = None
) -> Content:
    """Why a KPI has its colour, and what has to be known of the figure; first what changed since a period compared with."""
    result = evaluation.kpi(kpi)
    lines: list[Content] = []
    for label, texts in (
        ("Value", explain_value(evaluation, result)),
        ("Score", explain_score(evaluation, result)),
        ("Target", [explain_target(result)]),
        ("Weight", [explain_weight(evaluation, goal, kpi) if goal else ""]),
        *_about(result.kpi),
    ):
        lines += labelled(label, texts, columns)
    return _join(
        [
            *(list_kpi_changes(evaluation.at(before), result, columns) if before else ()),
            literal(f"Why it is {result.status}", "bold $accent"),
            *lines,
            *_comments(result.kpi.comments, evaluation.period, columns),
        ]
    )


def say_surroundings(evaluation: Evaluation, goal: str, columns: int) -> Content:
    """Guardrails, initiatives and comments of a goal."""
    result = evaluation.goal(goal)
    lines: list[Content] = []
    if result.goal.guardrails:
        lines.append(literal("Guardrails", "bold $accent"))
        for name in dict.fromkeys(one.kpi for one in result.goal.guardrails):
            breached = name in result.guardrails_breached
            text = f"{'⚑ breached: ' if breached else '✓ held: '}{guardrail_words(evaluation, result, name)}"
            lines += [
                literal(line, f"$status-{Status.RED if breached else Status.GREEN}") for line in wrap(text, columns, 3)
            ]
        lines.append(literal(""))
    if result.goal.initiatives:
        lines.append(literal("Initiatives", "bold $accent"))
        lines += [initiative_lines(evaluation, one, columns) for one in result.goal.initiatives]
        lines.append(literal(""))
    return _join([*lines, *_comments(result.goal.comments, evaluation.period, columns)])


def list_near(evaluation: Evaluation, goal: str | None, kpi: str | None) -> list[Near]:
    """What is one key away: the goals of a KPI; KPIs, drivers and driven goals of a goal."""
    strategy = evaluation.strategy
    if kpi is not None:
        users = [one.id for one in strategy.goals.values() if _uses(one.lagging, kpi) or _uses(one.leading, kpi)]
        return [_near_goal(evaluation, "Goals it serves", user) for user in users]
    if goal is None:
        return []
    one = strategy.goals[goal]
    near = [_near_kpi(evaluation, "Results", goal, use.kpi) for use in one.lagging]
    for step in one.leading:
        if not isinstance(step, Link):
            near.append(_near_kpi(evaluation, "Drivers", goal, step.kpi))
        elif (own := step.goal.removeprefix(f"{strategy.id}/")) in strategy.goals:
            near.append(_near_goal(evaluation, "Drivers", own, link_words(evaluation, step)))
    for other in strategy.goals.values():
        driven = [link for link in other.links if link.goal in (goal, f"{strategy.id}/{goal}")]
        near += [_near_goal(evaluation, "Drives", other.id, link_words(evaluation, link)) for link in driven]
    return near[: len(ascii_uppercase)]


def say_near(near: Sequence[Near], columns: int) -> tuple[Content, dict[int, Near]]:
    """The list of what is near, each with its letter, and what stands on which line."""
    lines: list[Content] = []
    places: dict[int, Near] = {}
    heading = ""
    for letter, one in zip(ascii_uppercase, near, strict=False):
        if one.heading != heading:
            heading = one.heading
            lines += [*([literal("")] if lines else []), literal(heading, "bold $accent")]
        places[len(lines)] = one
        tail = f" {one.remark}" if one.remark else ""
        name = fit(literal(one.text).plain, max(columns - 5 - len(tail), 8))
        line = literal(f"{letter} ", "bold $accent") + literal(f"{one.status.sign} ", f"$status-{one.status}")
        lines.append(line + literal(name) + literal(tail, "$quiet"))
    return _join(lines), places


def _goal_title(evaluation: Evaluation, result: GoalResult) -> Lines:
    goal = result.goal
    status = literal(f"   {result.status.sign} {result.status}", f"bold $status-{result.status}")
    yield literal(goal.title, "bold") + status
    perspective = evaluation.strategy.perspectives[goal.perspective].title
    yield literal(" · ".join([perspective, *([goal.owner] if goal.owner else [])]), "$quiet")
    if goal.description:
        yield literal(goal.description, "$quiet")
    yield literal("")
    yield literal(f"Why it is {result.status}", "bold $accent")


def _goal_reasons(evaluation: Evaluation, result: GoalResult, columns: int) -> Lines:
    readings = {"Result": result.lagging, "Drivers": result.leading, "Outlook": result.outlook}
    told = dict(explain_goal(evaluation, result))
    for label, reading in readings.items():
        head = f"{reading.status.sign} {percent(reading.score):>4} {reading.status}"
        coverage = f"  coverage {percent(reading.coverage)}" if reading.coverage < 1 else ""
        arrow = f"  {result.heading.arrow} {result.heading}" if label == "Outlook" and reading.score is not None else ""
        said = literal(label.ljust(LABEL), "bold") + literal(head, f"$status-{reading.status}")
        yield said + literal(coverage + arrow, "$quiet")
        for line in wrap(told.get(label, ""), columns - 2, 4) if label in told else ():
            yield literal(f"  {line}", "$quiet")
    yield from labelled("Colours", [told["Colours"]], columns)
    if result.signal is not Signal.UNKNOWN:
        yield from labelled("Signal", [signal_words(result.signal)], columns)
    for name in result.guardrails_breached:
        for line in wrap(f"⚑ lowered to amber by a guardrail: {guardrail_words(evaluation, result, name)}", columns, 3):
            yield literal(line, "$status-red")
    if result.override:
        by = f", by {result.override.by}" if result.override.by else ""
        text = f"✎ judged {result.override.status}: {result.override.why}{by} (computed {result.computed_status})"
        for line in wrap(text, columns, 4):
            yield literal(line)


def _bars(evaluation: Evaluation, result: GoalResult, part: Part, columns: int) -> Lines:
    """The additive explanation: each line's share as the length of a bar, filled as far as its score goes."""
    found: Explanation = explain(evaluation, result.id, part, most_paths=0)
    title = {"lagging": "result", "leading": "drivers", "outlook": "outlook"}[part]
    yield literal("")
    heading = literal(f"What makes up the {title} {percent(found.number)}", "bold $accent")
    yield heading + literal("   o: the next of three", "$quiet")
    if found.number is None:
        yield literal("nothing below this goal is known, so there is nothing to add up", "$quiet")
        return
    most = max((abs(line.share) for line in found.lines), default=1.0)
    room = max(columns - _BAR - 24, 12)
    yield literal(
        f"{'KPI or initiative':<{room}} {'share, filled by score':<{_BAR + 6}}  {'part':>6} {'loss':>7}", "$quiet"
    )
    for line in found.lines[:_MOST_LINES]:
        length = max(round(abs(line.share) / most * _BAR), 1)
        filled = min(max(round(line.score * length), 0), length)
        sign = "⊣" if line.share < 0 else " "
        status = (
            evaluation.kpi(line.id).status
            if line.kind == "kpi" and line.id in evaluation.strategy.kpis
            else Status.UNKNOWN
        )
        yield (
            literal(fit(literal(line.name).plain, room) + sign)
            + literal("█" * filled, f"$status-{status}")
            + literal("░" * (length - filled) + " " * (_BAR - length), "$quiet")
            + literal(f" {percent(line.score):>4}  {_pp(line.share * line.score):>6}", "")
            + literal(f" {points(-line.loss).removesuffix(' pp'):>5} pp", "$quiet")
        )
    if len(found.lines) > _MOST_LINES:
        rest = found.lines[_MOST_LINES:]
        yield literal(f"{len(rest)} others lose {points(-sum(line.loss for line in rest))}", "$quiet")
    if found.constant:
        yield literal(f"opposing links (⊣) give {_pp(found.constant)} before they take", "$quiet")


def _pp(share: float) -> str:
    return f"{share * 100:.1f}"


def _about(kpi: Kpi) -> Iterator[tuple[str, Iterable[str]]]:
    for label, text in (
        ("About", kpi.description),
        ("Owner", kpi.owner),
        ("Source", kpi.source),
        ("Scope", kpi.scope),
        ("Caution", kpi.caution),
        ("Why it leads", kpi.causality),
        ("Captured", kpi.measurability),
    ):
        yield label, [text] if text else []


def _comments(comments: dict[Period, str], until: Period, columns: int) -> Lines:
    """What was written, the newest first, nothing that was written later."""
    known = sorted((one for one in comments if (one.year, one.part) <= (until.year, until.part)), reverse=True)
    for number_, period in enumerate(known[:_MOST_COMMENTS]):
        if number_ == 0:
            yield literal("Comments", "bold $accent")
        yield literal(str(period), "bold $quiet")
        for line in wrap(comments[period], columns - 2, 6):
            yield literal(f"  {line}")


def _near_goal(evaluation: Evaluation, heading: str, goal: str, remark: str = "") -> Near:
    result = evaluation.goal(goal)
    return Near(heading, goal, None, f"{result.goal.title} {percent(result.lagging.score)}", result.status, remark)


def _near_kpi(evaluation: Evaluation, heading: str, goal: str, kpi: str) -> Near:
    result: KpiResult = evaluation.kpi(kpi)
    figures = quantity(result.value, result.kpi.unit or "")
    return Near(heading, goal, kpi, result.kpi.title, result.status, figures)


def _uses(steps: Iterable[KpiUse | Link], kpi: str) -> bool:
    return any(isinstance(step, KpiUse) and step.kpi == kpi for step in steps)


def _join(lines: Iterable[Content]) -> Content:
    return Content("\n").join(list(lines))
