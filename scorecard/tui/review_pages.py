"""What a page of the review says: where the meeting is, the item in a sentence, what was noted and decided, and the end."""

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
    Topic,
    Turn,
    WeakDrivers,
    Win,
)
from scorecard.model.status import Status
from scorecard.parser.review_text import Decision
from scorecard.render.agenda_words import OPEN, write_details, write_headline
from scorecard.tui.agenda_rows import CLOSE_TITLE, say_topic
from scorecard.tui.drafts import has_draft
from scorecard.tui.initiative_cells import say_day
from scorecard.tui.meeting import CLOSE, LAST, Mark, Meeting
from scorecard.tui.text import fit, literal, wrap

_NOT_WRITTEN = {
    "note": "A note typed here is not written yet: n opens it.",
    "decision": "A decision typed here is not written yet: d opens it.",
    "override": "An override typed here is not written yet: o opens it.",
}
_LONG = 40  # lines of one note that are shown
_STATUS = re.compile(r"([●◆▲○]\s(red|amber|green|unknown))(\s\d+%)?|\b(?:is|to) (red|amber|green)\b(?: at \d+%)?")
Lines = Iterator[Content]


def say_top(meeting: Meeting, columns: int) -> Content:
    """Where the meeting is, and the item in one sentence."""
    item, count = meeting.item, len(meeting.pages) - 1
    title = say_topic(meeting, item.topic) if item else OPEN if meeting.at == LAST else CLOSE_TITLE
    place = "" if meeting.at == CLOSE else f"  {meeting.number + 1} of {count}"
    head = literal(title, "bold $accent") + literal(place, "$quiet")
    days = {Topic.INITIATIVE: meeting.agenda.day, Topic.DATA: meeting.agenda.today}
    if item and (day := days.get(item.topic)):
        head += literal(f"  {say_day(day)}", "$quiet")
    if meeting.at in meeting.seen:
        head += literal("  ✓ seen", "$quiet")
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


def say_decided(meeting: Meeting, columns: int) -> tuple[Content, dict[int, Mark]]:
    """Decisions of last time, notes and decisions of the page, notes on its goals elsewhere; and what decision stands on
    which line."""
    lines: list[Content] = []
    places: dict[int, Mark] = {}
    heading = ""
    notes = meeting.section.notes
    for letter, mark in zip([*ascii_uppercase, *" " * 10_000], meeting.marks(), strict=False):
        before = mark.period != meeting.evaluation.period
        title = f"What we decided in {mark.period}" if before else "Decided"
        if title != heading:
            lines += [*_gap(lines), *([] if before else _say_notes("Noted", notes, columns))]
            notes = notes if before else ""
            lines.append(literal(title, "bold $accent"))
            heading = title
        shown = list(_say_mark(letter, mark, columns, named=meeting.at in (LAST, CLOSE)))
        places |= dict.fromkeys(range(len(lines), len(lines) + len(shown)), mark)
        lines += shown
    if notes:
        lines += [*_gap(lines), *_say_notes("Noted", notes, columns)]
    for section in meeting.noted():
        lines += [*_gap(lines), *_say_notes(f"Noted on: {section.headline}", section.notes, columns)]
    waiting = [what for what, draft in meeting.drafts.items() if has_draft(draft)] if not meeting.read_only else []
    lines += _gap(lines) if waiting else []
    lines += [literal(_NOT_WRITTEN[what], "$status-amber") for what in waiting]
    if meeting.trouble:
        lines += [literal(line, "$status-red") for line in wrap(meeting.trouble, columns, 4)]
    if meeting.at == CLOSE:
        lines += [*_gap(lines), *_say_end(meeting, columns)]
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
        if not marks:
            return "Nothing is open"
        last = [one.decision.done for one in marks if one.period == marks[0].period]
        older = sum(not one.decision.done for one in marks[len(last) :])
        return f"What we decided in {marks[0].period}: {sum(last)} of {len(last)} done" + (
            f"; {older} still open from before" if older else ""
        )
    left, count = meeting.left, len(meeting.decided())
    decided = f"{count or 'No'} decision{'' if count == 1 else 's'}"
    spoken = "all items seen" if not left else f"{left} item{'' if left == 1 else 's'} not seen yet"
    return f"{decided} in the review of {meeting.evaluation.scope}, {spoken}"


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
        is_named = isinstance(item, Overdue) or (isinstance(item, Win) and item.result is None)
        named = [f"for the goal {goals[0].title}"] if is_named else []  # elsewhere the headline names it
        said = " · ".join([*named, place, *([goals[0].owner] if goals[0].owner else [])])
        yield literal(fit(literal(said).plain, columns).rstrip(), "$quiet")
    elif goals:
        yield literal(fit(literal(", ".join(goal.title for goal in goals)).plain, columns).rstrip(), "$quiet")


def _say_notes(heading: str, notes: str, columns: int) -> list[Content]:
    if not notes:
        return []
    lines = [line for text in notes.split("\n") for line in (wrap(text, columns, 8) if text.strip() else ("",))]
    title = fit(literal(heading).plain, columns).rstrip()
    return [literal(title, "bold $accent"), *map(literal, lines[:_LONG]), literal("")]


def _gap(lines: Sequence[Content]) -> list[Content]:
    """An empty line, where the one before is not empty already."""
    return [literal("")] if lines and lines[-1].plain else []


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


def _say_end(meeting: Meeting, columns: int) -> Lines:
    """Where the minutes stand, and what to do with the period."""
    yield literal("The minutes", "bold $accent")
    if meeting.file.hash is None:
        yield literal("are written with the first note or decision, to")
    yield from (literal(line) for line in wrap(str(meeting.file.path), columns, 3))
    if meeting.file.hash is not None:
        yield literal("y copies them as Markdown · w opens them in your editor", "$quiet")
    if not meeting.evaluation.members:  # a period is closed for all together
        yield literal("")
        yield from _say_figures(meeting, columns)


def _say_figures(meeting: Meeting, columns: int) -> Lines:
    """Whether the period is closed, by whom; else how to close it."""
    period, closing = meeting.evaluation.period, meeting.closing
    yield literal("The figures", "bold $accent")
    if closing:
        said = f"{period} was closed by {closing.entry.by} on {closing.recorded_at[:10]}."
    elif meeting.review.closed:
        more = "f closes it there too" if meeting.may_close else "whoever may write here closes it there too"
        said = f"The minutes say that {period} was closed, {meeting.review.closed}; the store does not: {more}."
    elif meeting.may_close:
        said = f"f closes {period}: from then on a later change to it needs a reason."
    else:
        command = f"scorecard close {quote(meeting.scorecard.name)} {period}"
        said = f"{period} is open. Whoever may write here closes it: {command}"
    yield from (literal(line) for line in wrap(said, columns, 4))


def _join(lines: Iterable[Content]) -> Content:
    return Content("\n").join(list(lines))
