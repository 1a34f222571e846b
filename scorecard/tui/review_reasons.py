"""Why an item stands on the agenda: its numbers as bars, what explains it, and what would help."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from textual.content import Content

from scorecard.analysis.agenda import Dive, EndingOverride, Item, MissingData, Overdue, Overview, Turn, WeakDrivers, Win
from scorecard.analysis.comparison import KpiChange
from scorecard.analysis.initiatives import Pace
from scorecard.analysis.losses import Loss, find_gains, find_losses
from scorecard.analysis.shares import Part
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import GoalResult, Reading
from scorecard.model.status import Status
from scorecard.render.agenda_words import (
    OPEN,
    write_details,
    write_guardrails,
    write_headline,
    write_levers,
    write_undertaking,
)
from scorecard.render.words import GUARDRAIL_SIGN, OVERRIDE_SIGN, cells, percent, points, quantity, status_words
from scorecard.tui.agenda_rows import mark_status
from scorecard.tui.meeting import CLOSE, LAST, Meeting
from scorecard.tui.text import fit, literal, wrap
from scorecard.tui.widgets.goal_panel import initiative_lines

_BAR = 10
_MOST_LOSSES, _MOST_GAINS, _MOST_INITIATIVES = 3, 2, 3
_MOST_WAITING = 5
_STATUS = "Status   "
_OPENERS = frozenset("•●◆▲○")
Lines = Iterator[Content]


def say_why(meeting: Meeting, columns: int, spaced: bool = False) -> Content:
    """What explains the item, and what would help; `spaced` with empty lines between, for a big screen."""
    evaluation, item = meeting.evaluation, meeting.item
    if meeting.at == CLOSE:
        return _join(_say_waiting(meeting, columns))
    if item is None:
        return literal("")
    lines = list(_say_numbers(evaluation, item, columns))
    for number, part in enumerate([list(_explain(evaluation, item, columns)), list(_help(meeting, item, columns))]):
        if part:
            heading = ("What explains it", "What would help")[number]
            lines += [*([literal("")] if lines else []), literal(heading, "bold $accent"), *part]
    return _join(_space(lines) if spaced else lines)


def _say_numbers(evaluation: Evaluation, item: Item, columns: int) -> Lines:
    """Result, drivers and outlook as bars; for the map those of every perspective."""
    if isinstance(item, Overview):
        width = min(28, max(columns - _BAR - 20, 10))
        for one in evaluation.perspectives:
            name = fit(literal(evaluation.strategy.perspectives[one.id].title).plain, width)
            outlook = literal(f"   outlook {status_words(one.outlook.status, one.outlook.score)}", "$quiet")
            yield _read(f"{name} ", one.lagging) + (outlook if columns > width + _BAR + 36 else literal(""))
        return
    if isinstance(item, Overdue):
        yield initiative_lines(evaluation, item.undertaking.initiative, min(columns, 60))
        return
    if isinstance(item, Win) and isinstance(item.change, KpiChange):
        was = literal(f"   was {percent(item.change.score_before)}", "$quiet")
        yield _gauge("", item.change.status, item.change.score) + was
        return
    if len(item.goals) != 1:
        return
    result = evaluation.goal(item.goals[0])
    before = item.change.score_before if isinstance(item, Turn) else None
    was = literal(f"   was {percent(before)}", "$quiet") if before is not None else literal("")
    yield from _say_status(result, columns)
    yield _read("Result   ", result.lagging) + was
    yield _read("Drivers  ", result.leading)
    heading = f"   {result.heading.arrow} {result.heading}" if result.outlook.score is not None else ""
    yield _read("Outlook  ", result.outlook) + literal(heading, "$quiet")


def _say_status(result: GoalResult, columns: int) -> Lines:
    """The status where it is not simply that of the result, and why."""
    if override := result.override:
        by = f" by {override.by}" if override.by else ""
        why = f"{OVERRIDE_SIGN} judged{by}: {override.why} (computed {result.computed_status})"
    elif result.status != result.lagging.status:
        why = f"{GUARDRAIL_SIGN} lowered by a breached guardrail"
    else:
        return
    state = f"{result.status.sign} {result.status}"
    for number, line in enumerate(wrap(f"{state} {why}", max(columns - len(_STATUS), 10), 4)):
        if number:
            yield literal(" " * len(_STATUS) + line)
        else:
            yield literal(f"{_STATUS}{line}").stylize(f"$status-{result.status}", len(_STATUS), len(_STATUS + state))


def _read(label: str, reading: Reading) -> Content:
    return _gauge(label, reading.status, reading.score)


def _gauge(label: str, status: Status, score: float | None) -> Content:
    filled, colour = cells(score, _BAR), f"$status-{status}"
    bar = literal("▰" * filled, colour) + literal("▱" * (_BAR - filled), "$quiet")
    return literal(label) + bar + literal(f"  {status.sign} {percent(score):>4} {status}", colour)


def _explain(evaluation: Evaluation, item: Item, columns: int) -> Lines:
    """The sentences of the agenda, what takes most, and what the goal's owner wrote."""
    losses, part, details = _find_reasons(evaluation, item)
    yield from _losses(evaluation, losses, part, columns)
    if losses and details:
        yield literal("")
    for line in details:
        yield from _bullet(line, columns)


def _find_reasons(evaluation: Evaluation, item: Item) -> tuple[Sequence[Loss], Part, Sequence[str]]:
    """What takes most, from which number of the goal, and the sentences below."""
    losses: Sequence[Loss] = ()
    part: Part = "lagging"
    details: Sequence[str] = write_details(evaluation, item)
    if isinstance(item, WeakDrivers):
        part, losses, details = "leading", item.losses, details[len(item.losses) :]  # they come first, a line each
    elif isinstance(item, Dive):
        part, losses = "outlook", item.losses  # the levers stand among what would help
        details = write_guardrails(evaluation, item.result)
    elif isinstance(item, EndingOverride) or (isinstance(item, Turn) and _lacks_result(item)):
        losses = find_losses(evaluation, item.goals[0], part, _MOST_LOSSES)
    elif isinstance(item, Overdue):  # its goal stands above
        details = ()
    elif isinstance(item, MissingData):
        details = [*details, *_say_later(evaluation, item)]
    comments = evaluation.strategy.goals[item.goals[0]].comments if len(item.goals) == 1 else {}
    is_said = isinstance(item, Turn | Overdue) or (isinstance(item, Win) and isinstance(item.change, KpiChange))
    if evaluation.period in comments and not is_said:
        comment = " ".join(comments[evaluation.period].split()).rstrip(".")
        details = [*details, f"{evaluation.period}: {comment}"]
    return losses, part, details


def _say_later(evaluation: Evaluation, item: MissingData) -> list[str]:
    """Which figures lack only values of days after the period looked at, where they count as fresh."""
    calendar, period = evaluation.strategy.calendar, evaluation.period
    end = calendar.last_day(period.rhythm, calendar.ordinal(period))
    later = [
        one.measure.title
        for one in item.figures
        if one.first_missing and calendar.last_day(one.first_missing.rhythm, calendar.ordinal(one.first_missing)) > end
    ]
    are = "is" if len(later) == 1 else "are"
    return [f"{', '.join(later)} {are} up to date for {period}: what is missing came due later"] if later else []


def _lacks_result(item: Turn) -> bool:
    """Whether the computed colour is that of the result, not of a guardrail, and not yet green."""
    return item.change.now.computed_status == item.change.now.lagging.status != Status.GREEN


def _losses(evaluation: Evaluation, losses: Iterable[Loss], part: Part, columns: int) -> Lines:
    """A line for each KPI or initiative: status, name, its bar, what it takes, its value and target."""
    room = max(14, min(38, columns - _BAR - 38))
    of = {"lagging": "result", "leading": "drivers", "outlook": "outlook"}[part]
    for loss in losses:
        known = loss.kind == "kpi" and loss.id in evaluation.strategy.kpis
        status = evaluation.kpi(loss.id).status if known else _judge(evaluation, loss.score)
        filled = cells(loss.score, _BAR)
        line = mark_status(status) + literal(f"{fit(literal(loss.name).plain, room)} ")
        line += literal("▰" * filled, f"$status-{status}") + literal("▱" * (_BAR - filled), "$quiet")
        line += literal(f" {points(-loss.loss):>6}", "bold") + literal(f" of the {of}", "$quiet")
        yield line
        yield literal(fit(literal(f"  {_say_figure(evaluation, loss, known)}").plain, columns).rstrip(), "$quiet")


def _say_figure(evaluation: Evaluation, loss: Loss, known: bool) -> str:
    if not known:
        return f"at {percent(loss.score)}"
    kpi = evaluation.kpi(loss.id)
    unit = kpi.kpi.unit or ""
    target = f", target {quantity(kpi.target, unit)}" if kpi.target is not None else ""
    owner = f" · {kpi.kpi.owner}" if kpi.kpi.owner else ""
    return f"{quantity(kpi.value, unit)}{' (stale)' if kpi.stale else ''}{target}{owner}"


def _judge(evaluation: Evaluation, score: float) -> Status:
    bands = evaluation.strategy.bands
    return Status.GREEN if score >= bands.green else Status.AMBER if score >= bands.amber else Status.RED


def _help(meeting: Meeting, item: Item, columns: int) -> Lines:
    """The strongest levers, and the initiatives under way."""
    if len(item.goals) != 1 or isinstance(item, Win | Overdue):
        return
    gains = item.levers if isinstance(item, Dive) else find_gains(meeting.evaluation, item.goals[0], _MOST_GAINS)
    if gains:
        yield from _bullet(write_levers(gains), columns)
    under_way = [
        one
        for one in meeting.undertakings
        if one.goal.id == item.goals[0] and one.pace not in (Pace.DONE, Pace.STOPPED)
    ]
    for one in under_way[:_MOST_INITIATIVES]:
        yield from _bullet(write_undertaking(one), columns)


def _say_waiting(meeting: Meeting, columns: int) -> Lines:
    """What nobody has looked at."""
    waiting = [page for page in meeting.pages[:-1] if page not in meeting.seen]
    for number, page in enumerate(waiting[:_MOST_WAITING]):
        if number == 0:
            yield literal("Not seen yet", "bold $accent")
        name = OPEN if page == LAST else write_headline(meeting.evaluation, meeting.items[page])
        yield literal(fit(literal(f"• {name}").plain, columns).rstrip(), "$quiet")
    if len(waiting) > _MOST_WAITING:
        yield literal(f"  and {len(waiting) - _MOST_WAITING} more", "$quiet")


def _space(lines: Sequence[Content]) -> Lines:
    """The lines with an empty one before each sentence and each loss."""
    for number, line in enumerate(lines):
        if number and line.plain[:1] in _OPENERS and lines[number - 1].plain:
            yield literal("")
        yield line


def _bullet(text: str, columns: int) -> Lines:
    for number, line in enumerate(wrap(text, max(columns - 2, 10), 6)):
        yield literal(("  " if number else "• ") + line)


def _join(lines: Iterable[Content]) -> Content:
    return Content("\n").join(list(lines))
