"""What is due, as texts: words for a table, letters to owners in Markdown, and one object for JSON.

Every name passes `escape` on its way into Markdown, so that none is markup there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from scorecard.analysis.freshness import Figure, Portfolio, State
from scorecard.model.finding import shorten
from scorecard.model.goal import Goal
from scorecard.render.words import span

NOBODY = "nobody"
WORDS = {State.OVERDUE: "overdue", State.NEVER: "never measured", State.DUE: "due", State.FRESH: "up to date"}
_RHYTHMS = {"day": "daily", "week": "weekly", "half": "half-yearly"}  # else with -ly
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~&!@$]|(?<=\w):(?=//)|(?<=www)\.", re.IGNORECASE)


def escape(text: str) -> str:
    """Text inside a line of Markdown."""
    return _MARKUP.sub(lambda sign: f"\\{sign[0]}", text)


def write_counts(figures: Iterable[Figure]) -> str:
    """How many figures are in which state, the worst first: `2 overdue, 1 due, 5 of 8 up to date`."""
    states = [figure.state for figure in figures]
    if not states:
        return "nothing has to be recorded"
    return ", ".join([*_count_open(states), f"{states.count(State.FRESH)} of {len(states)} {WORDS[State.FRESH]}"])


def write_open(figures: Iterable[Figure]) -> str:
    """As `write_counts`, in short: `2 overdue, 1 due`, or `8 up to date`."""
    states = [figure.state for figure in figures]
    return ", ".join(_count_open(states)) or f"{len(states)} {WORDS[State.FRESH]}"


def write_missing(figure: Figure) -> str:
    """The periods without a value: `2026-10`, `2026-09 and 2026-10`, `2026-07 to 2026-10 (4 months)`."""
    if figure.missing < 2:
        return str(figure.first_missing or "")
    if figure.missing == 2:
        return f"{figure.first_missing} and {figure.due}"
    return f"{figure.first_missing} to {figure.due} ({span(figure.missing, figure.due.rhythm.word)})"


def write_place(figure: Figure) -> str:
    """Where the last value stands, without the folders: `measurements.csv:12`."""
    if figure.latest is None:
        return ""
    place = figure.latest.place
    return shorten(f"{place.file.rpartition('/')[2]}:{place.line}", 200)


def write_through(figure: Figure) -> str:
    """Whose owner answers for a figure that has none of its own: `goal 'Earn more'`."""
    if figure.through is None:
        return ""
    return f"{'goal' if isinstance(figure.through, Goal) else 'figure'} '{figure.through.title}'"


def write_markdown(portfolios: Sequence[Portfolio], today: date, title: str, named: bool = False) -> str:
    """A section for each owner of whom something is due, to paste into a mail. `named` says each figure's strategy too."""
    figures = [figure for one in portfolios for figure in one.figures]
    counts = write_counts(figures)
    lines = [f"# What is due on {today}: {escape(title)}", "", f"{counts[0].upper()}{counts[1:]}.", ""]
    for one in portfolios:
        lines += _section(one, named)
    return "\n".join(lines).rstrip("\n") + "\n"


def freshness_object(portfolios: Sequence[Portfolio], today: date, whose: str = "owner") -> dict[str, Any]:
    """The owners (or members) and their figures as `scorecard stale --json` prints them."""
    owners = [
        {
            whose: one.owner,
            **{state.value: one.count(state) for state in State},
            "last_period": str(one.latest.period) if one.latest else None,
            "figures": [_figure_object(figure) for figure in one.figures],
        }
        for one in portfolios
    ]
    total = {state.value: sum(one.count(state) for one in portfolios) for state in State}
    return {"today": str(today), **total, f"{whose}s": owners, "version": 1}


def _count_open(states: Sequence[State]) -> list[str]:
    return [f"{states.count(state)} {WORDS[state]}" for state in State if state != State.FRESH and state in states]


def _figure_object(figure: Figure) -> dict[str, Any]:
    through, latest = figure.through, figure.latest
    kind = "goal" if isinstance(through, Goal) else "kpi"
    return {
        "strategy": figure.strategy.id,
        "id": figure.measure.id,
        "name": figure.measure.title,
        "state": figure.state.value,
        "interval": figure.due.rhythm.word,
        "due_period": str(figure.due),
        "missing": figure.missing if latest else None,
        "first_missing": str(figure.first_missing) if figure.first_missing else None,
        "since": str(figure.since) if figure.since else None,
        "last_period": str(latest.period) if latest else None,
        "file": latest.place.file if latest else None,
        "line": latest.place.line if latest else None,
        "owner_from": {"kind": kind, "id": through.id} if through else None,
        "source": figure.measure.source,
    }


def _section(one: Portfolio, named: bool) -> Iterator[str]:
    """What one owner is asked for; nothing where all is up to date."""
    open_figures = [figure for figure in one.figures if figure.state != State.FRESH]
    if not open_figures:
        return
    if one.owner is None:
        yield f"## {NOBODY.capitalize()}"
        ask = "Nobody answers for the following. Please name an owner who records it, or take it out of the strategy:"
    else:
        yield f"## {escape(one.owner)}"
        ask = "Could you please record the following:"
    yield from ("", ask, "")
    yield from (f"- {_item(figure, named)}" for figure in open_figures)
    fresh = one.count(State.FRESH)
    kept = [f"The other {fresh} are up to date." if fresh > 1 else "The other one is up to date."] if fresh else []
    if one.latest:
        kept.append(f"The latest value of all these figures is that of {one.latest.period}.")
    yield from ("", " ".join([*kept, *([] if one.owner is None else ["Thank you."])]).strip(), "")


def _item(figure: Figure, named: bool) -> str:
    """One figure in plain sentences."""
    rhythm = figure.due.rhythm.word
    strategy = f", {escape(figure.strategy.title)}" if named else ""
    said = [f"**{escape(figure.measure.title)}** ({_RHYTHMS.get(rhythm, f'{rhythm}ly')}{strategy})"]
    if figure.latest is None:
        said.append(f": it was never measured. The first value could be that of {figure.due}.")
    else:
        verb = "is" if figure.missing == 1 else "are"
        said.append(f": {write_missing(figure)} {verb} missing; {figure.state} since {figure.since}.")
        said.append(f" The last value is that of {figure.latest.period} ({escape(write_place(figure))}).")
    if figure.measure.source:
        said.append(f" Where the number comes from: {escape(_one_line(figure.measure.source))}.")
    if figure.through is not None:
        said.append(f" You are asked as the owner of the {escape(write_through(figure))}.")
    return "".join(said)


def _one_line(text: str) -> str:
    """A text on one line, without the stop at its end."""
    return " ".join(text.split()).rstrip(".")
