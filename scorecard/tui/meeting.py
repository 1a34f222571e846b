"""A review meeting: the pages of its agenda, how far it is, and what is written into its file. Knows no Textual.

A page is called by the id of its item; before the items may come `LAST`, after them comes `CLOSE`. What is written is put
into the text that stands in the file at that moment, so that nobody else's words are lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import NamedTuple
from weakref import WeakKeyDictionary

from scorecard.analysis.agenda import Item, make_agenda
from scorecard.analysis.initiatives import find_initiatives
from scorecard.api import Scorecard
from scorecard.compute.evaluation import Evaluation
from scorecard.model.period import Period
from scorecard.parser.replacement import Refused
from scorecard.parser.review_text import Decision, Review, Section, put_head, put_section, read_review, tidy
from scorecard.parser.reviews import (
    ReviewFile,
    find_folder,
    list_earlier,
    merge_notes,
    name_part,
    open_review,
    save_review,
)
from scorecard.render.agenda_words import OPEN, write_headline
from scorecard.store.ledger_chain import Row
from scorecard.tui.closing import find_closing, may_close
from scorecard.tui.drafts import name_override
from scorecard.tui.item_figures import find_entered
from scorecard.tui.memory import recall_review, remember_review
from scorecard.tui.session import Session

LAST, CLOSE = "last", "close"
_TRIES = 20  # where others write into the same file at the same time

MEETINGS: WeakKeyDictionary[Session, Meeting] = WeakKeyDictionary()  # the one each session holds, for its tab


class Mark(NamedTuple):
    """A decision, and where it stands: the review's period, the section's id and headline."""

    period: Period
    section: str
    headline: str
    decision: Decision


class Edit(NamedTuple):
    """A file of minutes before and after something was written into it."""

    before: ReviewFile
    after: ReviewFile


class Meeting:
    """One review, of the members that the evaluation is of.

    `at` is the page looked at, `seen` are the pages gone past; `trouble` says why a file is not read.
    """

    def __init__(self, scorecard: Scorecard, evaluation: Evaluation, today: int, read_only: bool = False) -> None:
        self.scorecard, self.evaluation, self.today = scorecard, evaluation, today
        self.read_only = read_only
        self.closing = find_closing(scorecard, evaluation.period)  # who closed the period, None where it is open
        self.agenda = make_agenda(evaluation, scorecard.observations, today)
        self.undertakings = find_initiatives(evaluation.strategy, self.agenda.day, evaluation.period)
        self.items = {item.id: item for item in self.agenda.items}
        self.entered = find_entered(scorecard, self.agenda.items)  # the KPI by which each metric of them is entered
        self.folder = find_folder(scorecard.name, scorecard.folder)
        self.part = name_part(evaluation.strategy, evaluation.members)
        self.trouble = ""
        self._ticked: set[tuple[Period, str, str]] = set()  # decisions of earlier reviews that this meeting ticked
        self.read()
        self.pages = (*((LAST,) if self.carried() else ()), *self.items, CLOSE)
        self.at = self.pages[0]
        self.seen: set[str] = set()
        self._recall()

    def read(self) -> None:
        """Read the files of this review and those before as they are now."""
        period, self.trouble = self.evaluation.period, ""
        self.file = ReviewFile(self.folder / f"{period}{self.part}.md", period, "", None)
        self.earlier: list[ReviewFile] = []  # the latest first
        try:
            self.file = open_review(self.folder, period, self.part)
            self.earlier = list_earlier(self.folder, period, self.part)
        except Refused as refused:
            self.trouble = f"{refused.place.file}: {refused.message}; {refused.hint}"
        self.review = self.file.review
        self._before = [list(_list_marks(one.period, one.review)) for one in self.earlier]

    @property
    def key(self) -> str:
        """What tells this review from every other."""
        return f"{self.folder.resolve()} {self.evaluation.period}{self.part}"

    @property
    def may_close(self) -> bool:
        """Whether the period can be closed here and now: it is of all members together, and only at the end."""
        is_open = self.at == CLOSE and self.closing is None and not self.evaluation.members
        return is_open and not self.read_only and may_close(self.scorecard)

    @property
    def drafts(self) -> dict[str, str]:
        """What may be typed on the page looked at and not written yet, each with the name of its draft."""
        found = {"note": f"note {self.key} {self.at}", "decision": f"decision {self.key} {self.at}"}
        goals = self.item.goals if self.item and not self.evaluation.members else ()
        return found | ({"override": name_override(self.scorecard.name, goals[0])} if len(goals) == 1 else {})

    @property
    def item(self) -> Item | None:
        return self.items.get(self.at)

    @property
    def number(self) -> int:
        return self.pages.index(self.at)

    @property
    def left(self) -> int:
        """How many pages wait to be looked at."""
        return sum(page not in self.seen for page in self.pages[:-1])

    @property
    def section(self) -> Section:
        """What is noted and decided on the page looked at; empty where nothing is yet."""
        return self.review.section(self.at) or Section(self.at, self._headline(self.at))

    def go(self, page: str) -> None:
        """Look at a page; one that is not on the agenda leaves it where it is."""
        if page in self.pages and page != self.at:
            self.at = page
            self._remember()

    def step(self, steps: int, *, passing: bool = False) -> bool:
        """Look at the page so many later; with `passing` the present one is seen. False where nothing came of it."""
        before = self.at, len(self.seen)
        if passing and self.at != CLOSE:
            self.seen.add(self.at)
        self.at = self.pages[max(0, min(self.number + steps, len(self.pages) - 1))]
        changed = (self.at, len(self.seen)) != before
        if changed:
            self._remember()
        return changed

    def follow(self, other: Meeting) -> None:
        """Go on where another reading of the same review was."""
        if other.key == self.key:
            self._ticked |= other._ticked
            self.pages = (*((LAST,) if self.carried() else ()), *self.items, CLOSE)
            self.seen = other.seen
            rest = other.pages[other.number :]  # of a page that is gone the next one, of the last item the last
            near = next(page for page in rest if page in self.pages)
            self.at = self.pages[-2] if near == CLOSE != other.at else near

    def carried(self) -> list[Mark]:
        """What was decided in the review before, and of those earlier what is open, or was until this meeting."""
        last, *others = self._before or [[]]
        older = [one for marks in others for one in marks if not one.decision.done or _name_mark(one) in self._ticked]
        return [*last, *older]

    def related(self) -> list[Mark]:
        """Of these the ones about the item looked at, or about a goal of it."""
        return [one for one in self.carried() if one.section == self.at or self._shares_goal(one.section)]

    def noted(self) -> list[Section]:
        """The notes of other items: at the end all of this review, else those about a goal of the item looked at."""
        others = [one for one in self.review.sections if one.notes and one.id != self.at]
        return others if self.at == CLOSE else [one for one in others if self._shares_goal(one.id)]

    def decided(self) -> list[Mark]:
        """All that this review has decided, in the order of its file."""
        return list(_list_marks(self.file.period, self.review))

    def marks(self) -> list[Mark]:
        """The decisions on the page looked at: first those of the review before, then those of this one."""
        before = self.carried() if self.at == LAST else self.related() if self.item else []
        return [*before, *(one for one in self.decided() if self._shows(one.section))]

    def note(self, page: str, base: str, text: str) -> Edit | None:
        """Write the notes of a page; `base` is what stood there when the typing began. None where nothing was to be
        written, as with all that write. Raises Refused."""

        def edit(section: Section) -> Section:
            return replace(section, notes=merge_notes(base, tidy(text), section.notes))

        return self._change(page, edit) if tidy(text) != base else None

    def decide(self, page: str, decision: Decision) -> Edit | None:
        """Add a decision to a page. Raises Refused."""
        return self._change(page, lambda section: replace(section, decisions=(*section.decisions, decision)))

    def tick(self, mark: Mark) -> Edit | None:
        """Mark a decision as done, or as open again. Raises Refused."""

        def edit(text: str) -> str:
            section = read_review(text).section(mark.section)
            decisions = list(section.decisions) if section else []
            for number, one in enumerate(decisions):
                if section and replace(one, done=mark.decision.done) == mark.decision:
                    decisions[number] = replace(one, done=not mark.decision.done)
                    return put_section(text, replace(section, decisions=tuple(decisions)))
            return text

        for file in self.earlier:
            if mark.period == file.period:
                self._ticked.add(_name_mark(mark))
                return self._save(file, edit)
        return self._save(self.file, edit)

    def say_present(self, names: str) -> Edit | None:
        """Write down who is there. Raises Refused."""
        return self._save(self.file, lambda text: put_head(text, replace(self._head(text), present=names)))

    def say_closed(self, row: Row) -> Edit | None:
        """Write down that the period was closed, when and by whom, as it is on record. Raises Refused."""
        note = f": {row.entry.note}" if row.entry.note else ""
        closed = f"{row.recorded_at[:10]} by {row.entry.by}{note}"
        return self._save(self.file, lambda text: put_head(text, replace(self._head(text), closed=closed)))

    def _shows(self, section: str) -> bool:
        """Whether decisions of a section stand on the page looked at: also those of an item that is gone from the agenda."""
        is_gone = section not in self.pages
        return self.at in (section, CLOSE) or (is_gone and self._shares_goal(section))

    def _shares_goal(self, section: str) -> bool:
        """Whether a section is about a goal of the item looked at."""
        goals = self.item.goals if self.item else ()
        return not {*goals}.isdisjoint(section.split("/")[1:])

    def _change(self, page: str, edit: Callable[[Section], Section]) -> Edit | None:
        """Exchange the section of a page in this review."""

        def put(text: str) -> str:
            if not read_review(text).title:
                text = put_head(text, self._head(text))
            section = read_review(text).section(page) or Section(page, self._headline(page))
            return put_section(text, edit(section))

        return self._save(self.file, put)

    def _save(self, file: ReviewFile, edit: Callable[[str], str]) -> Edit | None:
        """Write what `edit` makes of the text; where somebody was faster, of the text that stands there now."""
        tries = 0
        while True:
            try:
                saved = save_review(file, edit(file.text))
                break
            except Refused:
                fresh = open_review(self.folder, file.period, self.part)
                tries += 1
                if fresh.hash == file.hash or tries == _TRIES:
                    raise
                file = fresh
        self.read()
        return Edit(file, saved) if saved.hash != file.hash else None

    def _headline(self, page: str) -> str:
        if page in self.items:
            return write_headline(self.evaluation, self.items[page])
        return OPEN if page == LAST else "Closing"

    def _head(self, text: str) -> Review:
        """What the head of a text says; its title and date where they are missing."""
        head, day = read_review(text), date.fromordinal(self.today).isoformat()
        title = f"Review {self.evaluation.scope}: {self.evaluation.strategy.title}"
        return replace(head, title=head.title or title, date=head.date or day)

    def _remember(self) -> None:
        remember_review(self.key, self.at, self.seen)

    def _recall(self) -> None:
        """Where it was left here; where it never was begun, each page that has words in the file counts as seen."""
        at, seen = recall_review(self.key)
        self.seen = {*seen} if at else {one.id for one in self.review.sections if one.notes or one.decisions}
        self.at = at if at in self.pages else self.at


def find_meeting(session: Session) -> Meeting | None:
    """The meeting on what is looked at; None before its review was opened, also while that of another period is still held."""
    meeting = MEETINGS.get(session)
    return meeting if meeting and meeting.evaluation.scope == session.evaluation.scope else None


def count_left(session: Session) -> int | None:
    """How many pages wait to be looked at; None before the review was opened."""
    meeting = find_meeting(session)
    return meeting.left if meeting else None


def _name_mark(mark: Mark) -> tuple[Period, str, str]:
    return mark.period, mark.section, mark.decision.text


def _list_marks(period: Period, review: Review) -> Iterator[Mark]:
    for section in review.sections:
        for decision in section.decisions:
            yield Mark(period, section.id, section.headline, decision)
