"""The agenda of a review as lines: topics, their pages with a sign and a few words, and what is done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len
from textual.content import Content

from scorecard.analysis.agenda import (
    Breach,
    Dive,
    EndingOverride,
    Item,
    MissingData,
    Overdue,
    Overview,
    Topic,
    Turn,
    WeakDrivers,
    Win,
)
from scorecard.model.status import Status
from scorecard.render.agenda_words import OPEN, TOPICS, write_headline
from scorecard.render.words import GUARDRAIL_SIGN, percent, status_words
from scorecard.tui.meeting import CLOSE, LAST, Meeting
from scorecard.tui.text import fit, literal

CLOSE_TITLE = "To close"


class Row(NamedTuple):
    """A line of the agenda: a page, or the heading of a topic where that is None."""

    page: str | None
    content: Content


def say_agenda(meeting: Meeting, columns: int, made: dict[tuple[object, ...], Row]) -> list[Row]:
    """The agenda: topics with their pages, ticked where they were seen. Rows of the same meeting and width are kept in `made`."""
    rows: list[Row] = []
    marked = {one.id: (bool(one.notes), len(one.decisions)) for one in meeting.review.sections}
    if LAST in meeting.pages:
        still = sum(not one.decision.done for one in meeting.carried())
        rows.append(_row(meeting, LAST, literal("↩ ", "$quiet"), f"{OPEN} ({still})", columns))
    for topic in TOPICS:
        items = meeting.agenda.topic(topic)
        if items and topic != Topic.MAP:
            title = fit(say_topic(meeting, topic), columns).rstrip()
            rows.append(Row(None, literal(f"\n{title}", "bold $accent", lines=True)))
        for item in items:
            key = (item.id, item.id in meeting.seen, marked.get(item.id))
            if key not in made:
                made[key] = _row(meeting, item.id, *_short(item), columns)
            rows.append(made[key])
    rows.append(Row(None, literal("")))
    rows.append(_row(meeting, CLOSE, literal("■ ", "$quiet"), CLOSE_TITLE, columns))
    return rows


def list_pages(meeting: Meeting) -> Iterator[tuple[str, str, str]]:
    """Each page, what the agenda calls it, and its headline or topic, in the order of the meeting."""
    for page in meeting.pages:
        item = meeting.items.get(page)
        if item is None:
            yield page, OPEN if page == LAST else CLOSE_TITLE, "agenda"
        else:
            topic, headline = TOPICS[item.topic], write_headline(meeting.evaluation, item)
            yield page, _short(item)[1], f"{topic}: {headline}"


def say_topic(meeting: Meeting, topic: Topic) -> str:
    """The heading of a topic; of what changed colour, since when, as another period may be compared with elsewhere."""
    before = meeting.agenda.before
    return f"{TOPICS[topic]} since {before}" if topic == Topic.COLOUR and before else TOPICS[topic]


def mark_status(status: Status) -> Content:
    """Sign and word of a status in its colour, and a space."""
    return literal(f"{status_words(status, None):<7} ", f"$status-{status}")


def _row(meeting: Meeting, page: str, sign: Content, name: str, columns: int) -> Row:
    seen = page in meeting.seen
    section = meeting.review.section(page)
    decided = len(section.decisions) if section else 0
    tail = (" ¶" if section and section.notes else "") + (f" ☐{decided}" if decided else "")
    room = columns - 2 - sign.cell_length - cell_len(tail)
    text = literal(fit(literal(name).plain, room), "$quiet" if seen else "")
    return Row(page, literal("✓ " if seen else "  ", "$status-green") + sign + text + literal(tail, "$accent"))


def _short(item: Item) -> tuple[Content, str]:
    """Sign and a few words for the agenda."""
    match item:
        case Overview():
            return mark_status(item.index.status), f"The map: {percent(item.index.score)}"
        case Turn():
            return mark_status(item.change.status), item.change.name
        case WeakDrivers():
            return mark_status(item.result.leading.status), f"Drivers: {item.result.goal.title}"
        case Breach():
            return literal(f"{GUARDRAIL_SIGN} ", "$status-red"), f"Guardrail: {item.result.goal.title}"
        case EndingOverride():
            return literal("✎ ", "$status-amber"), f"Override ends: {item.result.goal.title}"
        case Dive():
            return mark_status(item.result.status), item.result.goal.title
        case Overdue():
            return literal("▲ ", "$status-red"), item.undertaking.initiative.title
        case MissingData():
            return literal("◌ ", "$status-amber"), item.portfolio.owner or "Nobody"
        case Win():
            named = item.change.name if item.change else item.result.goal.title if item.result else ""
            return literal("★ ", "$status-green"), named
    return literal("  "), item.id
