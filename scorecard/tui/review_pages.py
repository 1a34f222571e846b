"""What the review says: the lines of its agenda, and a page for each item, for what is open, and for the end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from shlex import quote
from string import ascii_uppercase

from textual.content import Content

from scorecard.analysis.agenda import (
    Breach,
    Dive,
    EndingOverride,
    Item,
    Overdue,
    Overview,
    Turn,
    WeakDrivers,
    Win,
)
from scorecard.analysis.explanation import Part
from scorecard.analysis.initiatives import Pace
from scorecard.analysis.losses import Loss, find_gains, find_losses
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import Reading
from scorecard.model.status import Status
from scorecard.parser.review_text import Decision
from scorecard.render.agenda_words import TOPICS, write_details, write_headline, write_undertaking
from scorecard.render.words import cells, percent, points, quantity
from scorecard.tui.agenda_rows import CLOSE_TITLE, LAST_TITLE, mark_status
from scorecard.tui.meeting import CLOSE, LAST, Mark, Meeting
from scorecard.tui.text import fit, literal, wrap
from scorecard.tui.widgets.goal_panel import initiative_lines

_BAR = 10
_MOST_LOSSES, _MOST_GAINS, _MOST_INITIATIVES = 3, 2, 3
_MOST_WAITING = 5
_LONG = 40  # lines of one note that are shown
_OPENERS = frozenset("•●◆▲○")
_STATUS = re.compile(r"([●◆▲○]\s(red|amber|green|unknown))(\s\d+%)?|\b(?:is|to) (red|amber|green)\b(?: at \d+%)?")
Lines = Iterator[Content]


def say_top(meeting: Meeting, columns: int) -> Content:
    """Where the meeting is, and the item in one sentence."""
    item, count = meeting.item, len(meeting.pages) - 1
    title = TOPICS[item.topic] if item else LAST_TITLE if meeting.at == LAST else CLOSE_TITLE
    place = "" if meeting.at == CLOSE else f"  {meeting.number + 1} of {count}"
    head = literal(title, "bold $accent") + literal(place, "$quiet")
    if meeting.at in meeting.done:
        head += literal("  ✓ done", "$quiet")
    headline = _colour(wrap(_say_headline(meeting), columns, 5))
    return _join([head, literal(""), headline, *(_say_about(meeting, item, columns) if item else ())])


def find_score(item: Item | None) -> tuple[Status, float] | None:
    """The one number that an item is about, to be shown large."""
    match item:
        case Overview():
            status, score = item.index.status, item.index.score
        case Turn():
            status, score = item.change.status, item.change.score
        case WeakDrivers():
            status, score = item.result.leading.status, item.result.leading.score
        case Breach() | Dive() | EndingOverride():
            status, score = item.result.status, item.result.lagging.score
        case Win(change=change, result=result) if change or result:
            status = change.status if change else result.status if result else Status.UNKNOWN
            score = change.score if change else result.lagging.score if result else None
        case _:
            return None
    return None if score is None else (status, score)


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


def say_decided(meeting: Meeting, columns: int) -> tuple[Content, dict[int, Mark]]:
    """Decisions of last time, notes and decisions of the page, and what decision stands on which line."""
    lines: list[Content] = []
    places: dict[int, Mark] = {}
    heading = ""
    notes = meeting.section.notes
    for letter, mark in zip([*ascii_uppercase, *" " * 10_000], meeting.marks(), strict=False):
        before = mark.period != meeting.evaluation.period
        title = f"What we decided in {mark.period}" if before else "Decided"
        if title != heading:
            lines += [*([literal("")] if lines else []), *([] if before else _say_notes(notes, columns))]
            notes = notes if before else ""
            lines.append(literal(title, "bold $accent"))
            heading = title
        shown = list(_say_mark(letter, mark, columns, named=meeting.at in (LAST, CLOSE)))
        places |= dict.fromkeys(range(len(lines), len(lines) + len(shown)), mark)
        lines += shown
    if notes:
        lines += [*([literal("")] if lines else []), *_say_notes(notes, columns)]
    if meeting.trouble:
        lines += [literal(line, "$status-red") for line in wrap(meeting.trouble, columns, 4)]
    if meeting.at == CLOSE:
        lines += [*([literal("")] if lines else []), *_say_end(meeting, columns)]
    elif not lines:
        lines.append(literal("n writes a note · d adds a decision", "$quiet"))
    return _join(lines), places


def write_page(meeting: Meeting) -> str:
    """The page as Markdown-like text, to be copied: at the end the minutes, as they stand in the file."""
    if meeting.at == CLOSE:
        return meeting.file.text
    lines = [_say_headline(meeting)]
    lines += [f"- {one}" for one in (write_details(meeting.evaluation, meeting.item) if meeting.item else ())]
    lines += ["", meeting.section.notes] if meeting.section.notes else []
    lines += [f"- [{'x' if one.decision.done else ' '}] {say_decision(one.decision)}" for one in meeting.marks()]
    return "\n".join(literal(line, lines=True).plain for line in lines)


def say_decision(decision: Decision) -> str:
    """`Two strong posts a week — Content lead, due 2026-11-30`."""
    tail = ", ".join(filter(None, [decision.owner, f"due {decision.due}" if decision.due else ""]))
    return f"{decision.text} — {tail}" if tail else decision.text


def _say_headline(meeting: Meeting) -> str:
    if meeting.item:
        return write_headline(meeting.evaluation, meeting.item)
    if meeting.at == LAST:
        marks = meeting.carried()
        done = sum(one.decision.done for one in marks)
        return f"What we decided in {marks[0].period}: {done} of {len(marks)} done" if marks else "Nothing is open"
    left, count = meeting.left, len(meeting.decided())
    decided = f"{count or 'No'} decision{'' if count == 1 else 's'}"
    spoken = "all items spoken about" if not left else f"{left} item{'' if left == 1 else 's'} not spoken about"
    return f"{decided} in the review of {meeting.evaluation.period}, {spoken}"


def _colour(lines: Sequence[str]) -> Content:
    """A headline in bold, the states that it names in their colours."""
    content = literal("\n".join(lines), "bold", lines=True)
    for found in _STATUS.finditer(content.plain):
        content = content.stylize(f"$status-{found[2] or found[4]}", *found.span())
    return content


def _say_about(meeting: Meeting, item: Item, columns: int) -> Lines:
    """Whose goals these are."""
    strategy = meeting.evaluation.strategy
    goals = [strategy.goals[name] for name in item.goals]
    if len(goals) == 1:
        place = strategy.perspectives[goals[0].perspective].title
        said = " · ".join([place, *([goals[0].owner] if goals[0].owner else [])])
        yield literal(fit(literal(said).plain, columns).rstrip(), "$quiet")
    elif goals:
        yield literal(fit(literal(", ".join(goal.title for goal in goals)).plain, columns).rstrip(), "$quiet")


def _say_numbers(evaluation: Evaluation, item: Item, columns: int) -> Lines:
    """Result, drivers and outlook as bars; for the map those of every perspective."""
    if isinstance(item, Overview):
        width = min(28, max(columns - _BAR - 20, 10))
        for one in evaluation.perspectives:
            name = fit(literal(evaluation.strategy.perspectives[one.id].title).plain, width)
            arrow = literal(f"   outlook {percent(one.outlook.score)} {one.outlook.status.sign}", "$quiet")
            yield _gauge(f"{name} ", one.lagging) + (arrow if columns > width + _BAR + 30 else literal(""))
        return
    if isinstance(item, Overdue):
        yield initiative_lines(evaluation, item.undertaking.initiative, min(columns, 60))
    if len(item.goals) != 1:
        return
    result = evaluation.goal(item.goals[0])
    before = item.change.score_before if isinstance(item, Turn) else None
    was = literal(f"   was {percent(before)}", "$quiet") if before is not None else literal("")
    yield _gauge("Result   ", result.lagging) + was
    yield _gauge("Drivers  ", result.leading)
    heading = f"   {result.heading.arrow} {result.heading}" if result.outlook.score is not None else ""
    yield _gauge("Outlook  ", result.outlook) + literal(heading, "$quiet")


def _gauge(label: str, reading: Reading) -> Content:
    filled, colour = cells(reading.score, _BAR), f"$status-{reading.status}"
    bar = literal("▰" * filled, colour) + literal("▱" * (_BAR - filled), "$quiet")
    said = f"  {reading.status.sign} {percent(reading.score):>4} {reading.status}"
    return literal(label) + bar + literal(said, colour)


def _explain(evaluation: Evaluation, item: Item, columns: int) -> Lines:
    """The sentences of the agenda, what takes most, and what the goal's owner wrote."""
    details = write_details(evaluation, item)
    losses: Sequence[Loss] = ()
    part: Part = "lagging"
    if isinstance(item, WeakDrivers | Dive):
        part = "leading" if isinstance(item, WeakDrivers) else "outlook"
        losses, details = item.losses, details[len(item.losses) :]  # they come first, a line each
    elif isinstance(item, EndingOverride) or (isinstance(item, Turn) and _lacks_result(item)):
        losses = find_losses(evaluation, item.goals[0], part, _MOST_LOSSES)
    comments = evaluation.strategy.goals[item.goals[0]].comments if len(item.goals) == 1 else {}
    if evaluation.period in comments and not isinstance(item, Turn | Overdue):
        details = [*details, f"{evaluation.period}: {comments[evaluation.period]}"]
    yield from _losses(evaluation, losses, part, columns)
    if losses and details:
        yield literal("")
    for line in details:
        yield from _bullet(line, columns)


def _lacks_result(item: Turn) -> bool:
    """Whether the colour is that of the result, not of a guardrail or a judgement, and not yet green."""
    return item.change.status == item.change.now.lagging.status != Status.GREEN


def _losses(evaluation: Evaluation, losses: Iterable[Loss], part: Part, columns: int) -> Lines:
    """A line for each KPI or initiative: status, name, its bar, what it takes, its value and target."""
    room = max(14, min(38, columns - _BAR - 32))
    of = {"lagging": "result", "leading": "drivers", "outlook": "outlook"}[part]
    for number, loss in enumerate(losses):
        known = loss.kind == "kpi" and loss.id in evaluation.strategy.kpis
        status = evaluation.kpi(loss.id).status if known else _judge(evaluation, loss.score)
        filled = cells(loss.score, _BAR)
        line = mark_status(status) + literal(f"{fit(literal(loss.name).plain, room)} ")
        line += literal("▰" * filled, f"$status-{status}") + literal("▱" * (_BAR - filled), "$quiet")
        taken = points(-loss.loss).replace("-", "−")
        line += literal(f" {taken:>6}", "bold") + literal(f" of the {of}" if number == 0 else "", "$quiet")
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
    if not isinstance(item, Dive):
        gains = find_gains(meeting.evaluation, item.goals[0], _MOST_GAINS)
        if gains:
            said = ", ".join(f"{one.name} ({points(one.gain)})" for one in gains)
            yield from _bullet(f"Would move its outlook most, at its best: {said}", columns)
    under_way = [
        one
        for one in meeting.undertakings
        if one.goal.id == item.goals[0] and one.pace not in (Pace.DONE, Pace.STOPPED)
    ]
    for one in under_way[:_MOST_INITIATIVES]:
        yield from _bullet(write_undertaking(one), columns)


def _say_notes(notes: str, columns: int) -> list[Content]:
    if not notes:
        return []
    lines = [line for text in notes.split("\n") for line in (wrap(text, columns, 8) if text.strip() else ("",))]
    return [literal("Noted", "bold $accent"), *map(literal, lines[:_LONG]), literal("")]


def _say_mark(letter: str, mark: Mark, columns: int, named: bool) -> Lines:
    """A decision: its letter, whether it is done, what, who and until when."""
    one = mark.decision
    box, style = ("☑", "$quiet") if one.done else ("☐", "")
    lines = wrap(one.text, max(columns - 4, 10), 4)
    tick = literal(f"{box} ", "bold $status-green" if one.done else "bold")
    yield literal(f"{letter} ", "bold $accent") + tick + literal(lines[0], style)
    yield from (literal(f"    {line}", style) for line in lines[1:])
    who = " · ".join(filter(None, [one.owner or "nobody yet", f"due {one.due}" if one.due else "no date"]))
    about = f"{who} · {mark.headline}" if named else who
    yield literal(fit(literal(f"    {about}").plain, columns).rstrip(), "$quiet")


def _say_waiting(meeting: Meeting, columns: int) -> Lines:
    """What nobody has spoken about."""
    waiting = [page for page in meeting.pages[:-1] if page not in meeting.done]
    for number, page in enumerate(waiting[:_MOST_WAITING]):
        if number == 0:
            yield literal("Not yet spoken about", "bold $accent")
        name = LAST_TITLE if page == LAST else write_headline(meeting.evaluation, meeting.items[page])
        yield literal(fit(literal(f"• {name}").plain, columns).rstrip(), "$quiet")
    if len(waiting) > _MOST_WAITING:
        yield literal(f"  and {len(waiting) - _MOST_WAITING} more", "$quiet")


def _say_end(meeting: Meeting, columns: int) -> Lines:
    """Where the minutes stand, and what to do with the period."""
    period = meeting.evaluation.period
    yield literal("The minutes", "bold $accent")
    if meeting.file.hash is None:
        yield literal("are written with the first note or decision, to")
    yield from (literal(line) for line in wrap(str(meeting.file.path), columns, 3))
    if meeting.file.hash is not None:
        yield literal("y copies them as Markdown · w opens them in your editor", "$quiet")
    yield literal("")
    yield literal("The figures", "bold $accent")
    yield literal("Close the period, so that a later change to it needs a reason:")
    command = f"scorecard close {quote(meeting.scorecard.name)} {period}"
    yield from (literal(line, "bold") for line in wrap(command, columns, 3))


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
