"""The review pack as neutral records: everything that the papers of a meeting say, in the order and words of its agenda."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

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
from scorecard.analysis.initiatives import Pace, Undertaking, find_initiatives
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import Reading
from scorecard.model.status import Status
from scorecard.render.agenda_words import (
    MINUTES,
    NOTHING,
    OPEN,
    TOPICS,
    write_as_of,
    write_details,
    write_headline,
    write_subject,
    write_title,
)
from scorecard.render.edition import Edition
from scorecard.render.goal_sheet import GoalSheet
from scorecard.render.goal_tables import Line, Table
from scorecard.render.picture import Picture, illustrative_remark
from scorecard.render.table import data_words
from scorecard.render.words import coverage_words, number, percent, status_words

_INITIATIVES = ("Initiative", "For the goal", "Owner", "Pace", "Due", "Progress", "Expected", "Spent")
_COVERAGE = ("Perspective", "Result", "Coverage")
_WEAK = ("KPI", "Owner", "Data")
_PACES = {
    Pace.OVERDUE: Status.RED,
    Pace.BEHIND: Status.AMBER,
    Pace.UNKNOWN: Status.UNKNOWN,
    Pace.ON_TRACK: Status.GREEN,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to speak about: a plain sentence, the lines that explain it, and the status of what it is about."""

    words: str
    details: tuple[str, ...]
    status: Status


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the meeting under the heading of the agenda; `nothing` is said where it has no entries."""

    topic: Topic | None
    title: str
    entries: tuple[Entry, ...]
    nothing: str


@dataclass(frozen=True)
class Pack:
    """The papers of one review.

    `index` is the state in words and `overview` the index with its change, coverage and the number of goals by status.
    `decided` is None where nothing is open from the review before; what this one noted and decided is the last of the
    sections. `dives` are the sheets of the goals under "Where most is lost", `initiatives` all there are, overdue first,
    `coverage` how much is known of each perspective, `weak` the KPIs that goals use and whose figure is not fresh.
    """

    title: str
    name: str
    subject: str
    as_of: str
    remark: str
    status: Status
    index: str
    overview: str
    decided: Section | None
    sections: tuple[Section, ...]
    picture: Picture
    dives: tuple[GoalSheet, ...]
    initiatives: Table
    coverage: Table
    weak: Table

    def section(self, topic: Topic) -> Section:
        return next(one for one in self.sections if one.topic == topic)


def make_pack(edition: Edition) -> Pack:
    """The pack of an edition: what its agenda says, and what is looked at while it is spoken about."""
    evaluation, agenda = edition.evaluation, edition.agenda
    sections = tuple(
        Section(topic, title, tuple(_entry(evaluation, item) for item in agenda.topic(topic)), NOTHING.get(topic, ""))
        for topic, title in TOPICS.items()
    )
    if edition.minutes:
        said = tuple(Entry(headline, tuple(lines), Status.UNKNOWN) for headline, lines in edition.minutes)
        sections = (*sections, Section(None, MINUTES, said, ""))
    decided = tuple(Entry(words, (), Status.UNKNOWN) for words in edition.decided)
    index = evaluation.index
    return Pack(
        write_title(evaluation),
        evaluation.strategy.title,
        write_subject(evaluation),
        write_as_of(agenda),
        illustrative_remark(evaluation.strategy),
        index.status,
        status_words(index.status, index.score),
        sections[0].entries[0].words,
        Section(None, OPEN, decided, "") if decided else None,
        sections,
        edition.picture,
        tuple(edition.sheet(item.goals[0]) for item in agenda.topic(Topic.LOSS) if isinstance(item, Dive)),
        set_undertakings(edition),
        Table("Coverage", _COVERAGE, tuple(_coverage(evaluation))),
        Table("Figures that are not fresh", _WEAK, tuple(_weak(evaluation))),
    )


def set_undertakings(edition: Edition) -> Table:
    """All initiatives on the day, those that need talk first."""
    rows = tuple(
        _initiative(one)
        for one in find_initiatives(edition.evaluation.strategy, edition.agenda.day, edition.evaluation.period)
    )
    return Table("All initiatives", _INITIATIVES, rows, frozenset({"Progress", "Expected", "Spent"}))


def _entry(evaluation: Evaluation, item: Item) -> Entry:
    return Entry(write_headline(evaluation, item), tuple(write_details(evaluation, item)), _status(item))


def _status(item: Item) -> Status:
    """The status of what an item is about, as the agenda of the meeting shows it."""
    match item:
        case Overview():
            return item.index.status
        case Turn():
            return item.change.status
        case WeakDrivers():
            return item.result.leading.status
        case Breach() | EndingOverride() | Dive():
            return item.result.status
        case Overdue():
            return Status.RED
        case Win():
            return item.change.status if item.change else item.result.status if item.result else Status.UNKNOWN
    return Status.UNKNOWN


def _initiative(one: Undertaking) -> Line:
    status = _PACES.get(one.pace)
    money, initiative = "", one.initiative
    if initiative.budget is not None or initiative.spent is not None:
        money = f"{number(initiative.spent)} of {number(initiative.budget)}"
    cells = (
        initiative.title,
        one.goal.title,
        one.owner or "",
        f"{status.sign} {one.pace}" if status else str(one.pace),
        str(date.fromordinal(one.due)) if one.due else "",
        percent(one.progress),
        percent(one.expected),
        money,
    )
    return Line(cells, status or Status.UNKNOWN, _INITIATIVES.index("Pace"))


def _coverage(evaluation: Evaluation) -> Iterator[Line]:
    def row(name: str, reading: Reading) -> Line:
        cells = name, status_words(reading.status, reading.score), coverage_words(reading.coverage)
        return Line(cells, reading.status, 1)

    for one in evaluation.perspectives:
        yield row(one.perspective.title, one.lagging)
    yield row("Index", evaluation.index)


def _weak(evaluation: Evaluation) -> Iterator[Line]:
    """The KPIs that goals use and whose figure is old, partial or unknown, in file order."""
    goals = evaluation.strategy.goals.values()
    used = dict.fromkeys(use.kpi for goal in goals for use in (*goal.lagging, *goal.drivers))
    for kpi in map(evaluation.kpi, used):
        if kpi.value is None or kpi.stale or kpi.partial:
            yield Line((kpi.kpi.title, kpi.kpi.owner or "", data_words(evaluation, kpi)))
