"""What the detail screen says of a goal and of a KPI."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from textual.content import Content

from scorecard.analysis.losses import Loss, sum_losses
from scorecard.analysis.shares import Part
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import GoalResult
from scorecard.model.kpi import Kpi
from scorecard.model.period import Period
from scorecard.model.status import Signal, Status
from scorecard.render.picture import guardrail_words
from scorecard.render.reasons import explain_goal, explain_score, explain_target, explain_value, explain_weight
from scorecard.render.table import Stub, data_words, fill_row, standing, watching_kpis
from scorecard.render.words import GUARDRAIL_SIGN, percent, points, quantity, signal_words, status_words
from scorecard.tui.detail_changes import list_goal_changes, list_kpi_changes
from scorecard.tui.labels import LABEL, labelled
from scorecard.tui.text import fit, literal, wrap
from scorecard.tui.widgets.goal_panel import breach_words, initiative_lines

_BAR, _FAIR_NAME = 16, 20  # columns of a bar of the explanation where a name has as many beside it; else half of it
_MOST_LINES = 14  # of the explanation
_MOST_COMMENTS = 4
Lines = Iterator[Content]


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
    said, status = judge_kpi(evaluation, goal, kpi)
    score = "" if result.score is None else f" {percent(result.score)}"
    head = literal(one.title, "bold") + literal(f"   {said}{score}", f"bold $status-{status}")
    value = quantity(result.value, unit)
    target = f", target {quantity(result.target, unit)}" if result.target is not None else ""
    told = f"{value} in {result.effective_period or evaluation.period}{target} · {data_words(evaluation, result)}"
    place = f" · {evaluation.strategy.goals[goal].title}" if goal else ""
    return _join([head, literal(fit(literal(f"{told}{place}").plain, columns).rstrip(), "$quiet")])


def judge_kpi(evaluation: Evaluation, goal: str | None, kpi: str) -> tuple[str, Status]:
    """Sign and word of a KPI, and their colour: its status, or whether it holds where it only watches the goal."""
    if goal and kpi in watching_kpis(evaluation.strategy, evaluation.strategy.goals[goal]):
        return standing(fill_row(evaluation, Stub("kpi", kpi, goal)))
    status = evaluation.kpi(kpi).status
    return f"{status.sign} {status}", status


def say_kpi_reasons(
    evaluation: Evaluation, goal: str | None, kpi: str, columns: int, before: Period | None = None
) -> Content:
    """Why a KPI has its colour, and what has to be known of the figure; first what changed since a period compared with."""
    result = evaluation.kpi(kpi)
    lines: list[Content] = []
    guarded = [one for one in evaluation.goals if any(rule.kpi == kpi for rule in one.goal.guardrails)]
    for label, texts in (
        ("Guardrail", [_say_guardrail(evaluation, one, kpi) for one in guarded]),
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
            literal(
                "What it watches" if guarded and result.score is None else f"Why it is {result.status}", "bold $accent"
            ),
            *lines,
            *_comments(result.kpi.comments, evaluation.period, columns),
        ]
    )


def say_surroundings(evaluation: Evaluation, goal: str, columns: int) -> Content:
    """Guardrails that are not one key away, initiatives and comments of a goal."""
    result = evaluation.goal(goal)
    lines: list[Content] = []
    near = watching_kpis(evaluation.strategy, result.goal)
    others = [name for name in dict.fromkeys(one.kpi for one in result.goal.guardrails) if name not in near]
    if others:
        lines.append(literal("Guardrails", "bold $accent"))
        for name in others:
            sign, word, status = _judge(evaluation, result, name)
            text = f"{sign} {word}: {guardrail_words(evaluation, result, name)}"
            lines += [literal(line, f"$status-{status}") for line in wrap(text, columns, 3)]
        lines.append(literal(""))
    if result.goal.initiatives:
        lines.append(literal("Initiatives", "bold $accent"))
        lines += [initiative_lines(evaluation, one, columns) for one in result.goal.initiatives]
        lines.append(literal(""))
    return _join([*lines, *_comments(result.goal.comments, evaluation.period, columns)])


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
        if label == "Drivers" and not result.goal.leading:
            yield literal(label.ljust(LABEL), "bold") + literal("no drivers", "$quiet")
            continue
        head = f"{reading.status.sign} {percent(reading.score):>4} {reading.status}"
        coverage = f"  coverage {percent(reading.coverage)}" if reading.coverage < 1 else ""
        arrow = f"  {result.heading.arrow} {result.heading}" if label == "Outlook" and reading.score is not None else ""
        said = literal(label.ljust(LABEL), "bold") + literal(head, f"$status-{reading.status}")
        yield said + literal(coverage + arrow, "$quiet")
        for line in wrap(told.get(label, ""), columns - 2, 4) if label in told else ():
            yield literal(f"  {line}", "$quiet")
    yield from labelled("Colours", [told["Colours"]], columns)
    if result.signal is not Signal.UNKNOWN:
        words = signal_words(result.signal, bool(result.guardrails_breached), result.override is not None)
        yield from labelled("Signal", [words], columns)
    for name in result.guardrails_breached:
        for line in wrap(breach_words(evaluation, result, name), columns, 3):
            yield literal(line, "$status-red")
    if result.override:
        by = f", by {result.override.by}" if result.override.by else ""
        text = f"✎ judged {result.override.status}: {result.override.why}{by} (computed {result.computed_status})"
        for line in wrap(text, columns, 4):
            yield literal(line)


def _bars(evaluation: Evaluation, result: GoalResult, part: Part, columns: int) -> Lines:
    """The additive explanation: each line's share as the length of a bar, filled as far as its score goes."""
    found, number = sum_losses(evaluation, result.id, part, _MOST_LINES, 0.0), getattr(result, part).score
    title = {"lagging": "result", "leading": "drivers", "outlook": "outlook"}[part]
    yield literal("")
    heading = literal(f"What makes up the {title} {percent(number)}", "bold $accent")
    yield heading + literal("   o: result, drivers, outlook", "$quiet")
    if number is None:
        yield literal("nothing below this goal is known, so there is nothing to add up", "$quiet")
        return
    most = max((abs(line.share) for line in found.largest), default=1.0)
    known = [(line, _status_of(evaluation, line)) for line in found.largest]
    width = max((len(status_words(status, None)) + 1 for _, status in known if status), default=0)
    longest = _BAR if columns - width - _BAR - 24 >= _FAIR_NAME else _BAR // 2
    room = max(columns - width - longest - 24, 8)
    share = "share, filled by score" if longest == _BAR else "share, score"
    head = f"{' ' * width}{'KPI or initiative':<{room}} {share:<{longest + 6}}"
    yield literal(f"{head}  {'part':>6} {'loss':>7}", "$quiet")
    for line, status in known:
        length = max(round(abs(line.share) / most * longest), 1)
        filled = min(max(round(line.score * length), 0), length)
        sign = "⊣" if line.share < 0 else " "
        colour = f"$status-{status or Status.UNKNOWN}"
        yield (
            literal(f"{status_words(status, None) if status else '':<{width}}", colour)
            + literal(fit(literal(line.name).plain, room) + sign)
            + literal("█" * filled, colour)
            + literal("░" * (length - filled) + " " * (longest - length), "$quiet")
            + literal(f" {percent(line.score):>4}  {_pp(line.share * line.score):>6}", "")
            + literal(f" {points(-line.loss).removesuffix(' pp'):>5} pp", "$quiet")
        )
    if found.others:
        yield literal(f"{found.others} others lose {points(-found.rest)}", "$quiet")
    if found.constant:
        yield literal(f"opposing links (⊣) give {_pp(found.constant)} before they take", "$quiet")


def _status_of(evaluation: Evaluation, loss: Loss) -> Status | None:
    """The status of a KPI; an initiative has none."""
    is_kpi = loss.kind == "kpi" and loss.id in evaluation.strategy.kpis
    return evaluation.kpi(loss.id).status if is_kpi else None


def _pp(share: float) -> str:
    return f"{share * 100:.1f}"


def _about(kpi: Kpi) -> Iterator[tuple[str, Iterable[str]]]:
    for label, text in (
        ("About", kpi.description),
        ("Owner", kpi.owner),
        ("Source", kpi.source),
        ("Scope", kpi.scope),
        ("Caution", kpi.caution),
        ("Causality", kpi.causality),
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


def _judge(evaluation: Evaluation, result: GoalResult, name: str) -> tuple[str, str, Status]:
    """Sign, word and colour of a guardrail: breached, held, or unknown where its KPI has no value."""
    if evaluation.measure_value(name) is None:
        return Status.UNKNOWN.sign, "unknown", Status.UNKNOWN
    return (
        (GUARDRAIL_SIGN, "breached", Status.RED) if name in result.guardrails_breached else ("✓", "held", Status.GREEN)
    )


def _say_guardrail(evaluation: Evaluation, result: GoalResult, kpi: str) -> str:
    sign, word, _ = _judge(evaluation, result, kpi)
    return f"{sign} {word} at “{result.goal.title}”: {guardrail_words(evaluation, result, kpi)}"


def _join(lines: Iterable[Content]) -> Content:
    return Content("\n").join(list(lines))
