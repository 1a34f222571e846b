"""The initiatives as a list on screen: how they stood at the end of the period looked at, which columns have room, and what
a cell says in which colour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual.content import Content

from scorecard.analysis.initiatives import Order, Pace, Undertaking, find_day, find_initiatives
from scorecard.model.period import Period
from scorecard.model.strategy import Strategy
from scorecard.render.words import cells, number, percent, span
from scorecard.tui.session import Session
from scorecard.tui.text import fit, literal
from scorecard.tui.widgets.goal_box import Look

SIGNS = {
    Pace.OVERDUE: "▲",
    Pace.BEHIND: "◆",
    Pace.UNKNOWN: "○",
    Pace.ON_TRACK: "●",
    Pace.DONE: "✓",
    Pace.STOPPED: "✕",
}
COLOURS = {
    Pace.OVERDUE: "status-red",
    Pace.BEHIND: "status-amber",
    Pace.UNKNOWN: "status-unknown",
    Pace.ON_TRACK: "status-green",
    Pace.DONE: "quiet",
    Pace.STOPPED: "quiet",
}
_CLOSED = (Pace.DONE, Pace.STOPPED)
_ALL = 158  # columns from which each thing has one of its own
_FULL, _EMPTY, MARK = "▰", "▱", "┃"
_kept: tuple[Strategy, Period, int, tuple[Undertaking, ...]] | None = None
_Titles = tuple[tuple[str, Order | None], ...]
_Texts = list[tuple[str, str]]  # each with its colour; "" is that of the row


class Column(NamedTuple):
    """A column of so many cells: its heading, each part with the order it shows, and what stands in each line of a row."""

    titles: _Titles
    width: int
    keys: tuple[str, ...]


def list_initiatives(session: Session) -> tuple[Undertaking, ...]:
    """Those of the strategy looked at as they stood at the end of the period, or stand today while it is not over; overdue
    first. Found once for a reading, period and day."""
    global _kept
    strategy, period, day = session.evaluation.strategy, session.evaluation.period, judge_day(session)
    if _kept is None or _kept[0] is not strategy or _kept[1:3] != (period, day):
        _kept = strategy, period, day, find_initiatives(strategy, day, period)
    return _kept[3]


def judge_day(session: Session) -> int:
    """The day (as in `date.toordinal`) on which initiatives are judged."""
    return find_day(session.evaluation.strategy, session.evaluation.period, session.opened.today)


def say_day(day: int) -> str:
    """`as of 2026-11-01`: the morning after the period, or today."""
    return f"as of {date.fromordinal(day)}"


def count_overdue(session: Session) -> int:
    return sum(one.pace is Pace.OVERDUE for one in list_initiatives(session))


def say_summary(found: Sequence[Undertaking], day: str, columns: int) -> Content:
    """How many there are of each pace, as of which day, and what was spent and may be, as far as that is known: in a line,
    or in two or three where that has no room."""
    count = literal(f"{len(found)} initiative{'' if len(found) == 1 else 's'} ", "bold") + literal(f"{day} ", "$quiet")
    paces = literal("")
    for pace in Pace:
        if number_ := sum(one.pace is pace for one in found):
            paces += literal(f" {SIGNS[pace]} {number_} {pace} ", f"${COLOURS[pace]}")
    spent = _sum([one.initiative.spent for one in found])
    budget = _sum([one.initiative.budget for one in found])
    money = f"spent {spent}" + f" of {budget}" * bool(budget) if spent else f"budget {budget}" * bool(budget)
    said = literal(f"  {money}" if money else "", "$quiet")
    if count.cell_length + paces.cell_length + said.cell_length <= columns:
        return count + paces + said
    if count.cell_length + said.cell_length <= columns:
        return Content("\n").join([count + said, paces[1:]])
    return Content("\n").join([count, paces[1:], said[2:]])


def fit_columns(width: int) -> list[Column]:
    """The columns for a width, with gaps of one. Where not all have room, a row has a second line."""
    pace: _Titles = (("Status", "pace"),)
    due: _Titles = (("Due", "due"),)
    bar, day = (18, 12) if width < 98 else (22, 14) if width < 120 else (30, 14)
    progress: _Titles = ((f"Progress {MARK} time" + (" gone" if bar > 20 else ""), None),)
    if width < _ALL:
        names: _Titles = (("Initiative", None), ("goal", "goal"), ("owner", "owner"))
        return [
            Column(pace, 10, ("status", "")),
            Column(names, max(width - 10 - bar - day - 4, 8), ("name", "place")),
            Column(progress, bar, ("progress", "money")),
            Column(due, day, ("due", "time")),
        ]
    fixed = [
        Column((("Owner", "owner"),), 22, ("owner",)),
        Column(progress, 22, ("progress",)),
        Column(due, 11, ("due",)),
        Column((("", None),), 14, ("time",)),
        Column((("Budget and spent", None),), 26, ("money",)),
    ]
    room = width - 10 - sum(column.width for column in fixed) - len(fixed) - 3
    name = Column((("Initiative", None),), room * 5 // 9, ("name",))
    goal = Column((("Goal", "goal"),), room - name.width, ("goal",))
    return [Column(pace, 10, ("status",)), name, goal, *fixed]


def write_head(columns: Sequence[Column], order: Order, look: Look) -> list[Segment]:
    """The names of the columns, with an arrow at the order of the list."""
    segments = []
    for column in columns:
        room = column.width + 1
        for place, (title, shows) in enumerate(_fit_titles(column, order)):
            text = (" · " if place else "") + title + (" ↑" if shows == order else "")
            segments.append(Segment(text, look.ink("lit" if shows == order else "quiet", "panel", bold=True)))
            room -= cell_len(text)
        segments.append(Segment(" " * room, look.ink("quiet", "panel")))
    return segments


def write_row(
    one: Undertaking, today: int, columns: Sequence[Column], look: Look, ground: str, chosen: bool
) -> list[list[Segment]]:
    """The lines of an initiative, each cell as wide as its column and a gap."""
    plain = "quiet" if one.pace in _CLOSED and not chosen else "foreground"
    lines = []
    for part in range(len(columns[0].keys)):
        line = []
        for column in columns:
            key, room = column.keys[part], column.width
            for text, colour in _say(one, today, key, column.width):
                text = fit(text, min(room, cell_len(text)))
                bold = key == "status" or (key == "name" and chosen) or text == MARK
                line.append(Segment(text, look.ink(colour or plain, ground, bold=bold)))
                room -= cell_len(text)
            line.append(Segment(" " * (room + 1), look.ink(plain, ground)))
        lines.append(line)
    return lines


def _sum(figures: Sequence[float | None]) -> str:
    """What is known of them added up, and how many are unknown: `8,000 (3 unknown)`; "" where none is known."""
    known = [one for one in figures if one is not None]
    unknown = f" ({len(figures) - len(known)} unknown)" if len(known) < len(figures) else ""
    return f"{number(sum(known))}{unknown}" if known else ""


def _fit_titles(column: Column, order: Order) -> _Titles:
    """The parts of a heading; where not all have room, the one that shows the order, else the first."""
    if cell_len(" · ".join(title for title, _ in column.titles)) + 2 <= column.width:
        return column.titles
    return (next((one for one in column.titles if one[1] == order), column.titles[0]),)


def _say(one: Undertaking, today: int, key: str, width: int) -> _Texts:
    owner = one.owner or "no owner"
    match key:
        case "status":
            return [(f"{SIGNS[one.pace]} {one.pace}", COLOURS[one.pace])]
        case "name":
            return [(literal(one.initiative.title).plain, "")]
        case "goal":
            return [(literal(one.goal.title).plain, "")]
        case "owner":
            return [(literal(owner).plain, "quiet")]
        case "place":
            return [(_join(one.goal.title, owner, width), "quiet")]
        case "progress":
            return _bar(one, width)
        case "money":
            return _money(one, width)
        case "due":
            return [(str(date.fromordinal(one.due)), "")] if one.due else [("no due date", "quiet")]
        case "time":
            return _time(one, today)
    return []


def _join(goal: str, owner: str, width: int) -> str:
    """Goal and owner; the goal's name is cut so that the owner is read too."""
    end = fit(f" · {literal(owner).plain}", min(width // 2, cell_len(literal(owner).plain) + 3))
    plain = literal(goal).plain
    return fit(plain, min(cell_len(plain), width - cell_len(end))).rstrip() + end


def _bar(one: Undertaking, width: int) -> _Texts:
    """The progress as a bar and a number; a mark stands where it should be by the time that is gone."""
    if one.progress is None:
        return [("progress unknown", "quiet")]
    room, tone = width - 6, COLOURS[one.pace]
    filled = cells(one.progress, room)
    closed = one.pace in _CLOSED
    bar = [(_FULL, "link" if closed else tone)] * filled + [(_EMPTY, "link")] * (room - filled)
    if one.expected is not None and not closed:
        bar[min(int(one.expected * room), room - 1)] = MARK, "foreground"
    return [*bar, (f"  {percent(one.progress):>4}", tone)]


def _money(one: Undertaking, width: int) -> _Texts:
    """What was spent of the budget: over it in red, ahead of the work in amber, each with a sign and a word."""
    budget, spent = one.initiative.budget, one.initiative.spent
    if budget is None or spent is None:
        known = f"{number(spent)} spent" if spent is not None else f"budget {number(budget)}"
        return [("" if budget is None and spent is None else known, "quiet")]
    colour, sign, word = "quiet", "", "spent"
    if one.over_budget:
        colour, sign, word = "status-red", "▲ ", "over"
    elif one.overspending:
        colour, sign, word = "status-amber", "◆ ", "fast"
    share = percent(one.spent_share) if one.spent_share is not None else ""
    said = [
        f"{number(spent)} of {number(budget)} {word}",
        f"{share} of {number(budget)} {word}".lstrip(),
        f"{share} {word}",
    ]
    return [(sign + next((text for text in said if len(sign + text) <= width), said[-1]), colour)]


def _time(one: Undertaking, today: int) -> _Texts:
    if one.due is None or one.pace in _CLOSED:
        return []
    if one.days_late:
        return [(f"{span(one.days_late, 'day')} late", COLOURS[one.pace])]
    return [(f"{span(one.due - today, 'day')} left" if one.due > today else "last day", "quiet")]
