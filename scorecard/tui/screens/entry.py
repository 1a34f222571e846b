"""Entering a value: the last ones, unit, checks against typos, a note and a name; and taking the last entry back."""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping, Sequence
from typing import ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from scorecard.compute.evaluation import Evaluation
from scorecard.model.finding import Finding
from scorecard.model.strategy import Strategy
from scorecard.render.words import number, quantity
from scorecard.store.recording import Refused
from scorecard.tui.app import ReviewApp
from scorecard.tui.memory import recall, remember
from scorecard.tui.recording import (
    CLOSED,
    Entry,
    is_reported_by_members,
    list_reported,
    place_entry,
    propose_period,
    recorded_measures,
    take_back,
)
from scorecard.tui.screens.forms import LEAVING, Form
from scorecard.tui.session import Batch, Session
from scorecard.tui.text import literal

_LAST = 6  # values shown


class EntryScreen(Form[Batch]):
    """Records the figures of one KPI for one period and the members looked at, none for all together.

    Gives back what was recorded, None where nothing was.
    """

    DEFAULT_CSS = """
    EntryScreen #form { width: 84; }
    EntryScreen Grid { grid-columns: 30 1fr; }
    EntryScreen .-reason { display: none; }
    EntryScreen.-closed .-reason { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "Record")]

    def __init__(self, session: Session, kpi: str, members: Mapping[str, str], measures: Sequence[str]) -> None:
        evaluation = session.evaluation
        path = os.path.realpath(session.scorecard.name)
        super().__init__(" ".join(["record", path, session.strategy, kpi, str(evaluation.period), *members.values()]))
        self.session = session
        self.kpi = kpi
        self.members = members
        self.measures = measures
        self._asked: Entry | None = None  # waits for a second Enter

    def compose(self) -> ComposeResult:
        evaluation = self.session.evaluation
        with VerticalScroll(id="form"):
            yield Static(self._say_title(evaluation), id="title")
            yield Static(self._say_formula(evaluation), id="about")
            with Grid():
                yield from self.compose_field("period", "Period", self._propose(), "2026-10")
                for name in self.measures:
                    measure = evaluation.strategy.measure(name)
                    unit = f"the new value in {measure.unit}" if measure and measure.unit else "the new value"
                    yield from self.compose_field(f"value-{name}", measure.title if measure else name, "", unit)
                    yield Static()
                    yield Static(literal(self._last(name), "$quiet"))
                yield from self.compose_field("note", "Note", "", "what to know about it")
                yield from self.compose_field("by", "Your name", recall("name") or _login(), "who says so")
                why = "why the closed period has to change"
                yield from self.compose_field("reopen", "Reason", "", why, kind="-reason")
            yield Static(literal(f"Enter records · Tab next field · {LEAVING}", "$quiet"))
            yield Static(id="said")

    def on_mount(self) -> None:
        first = f"#value-{self.measures[0]}" if self.measures else "#period"
        self.query_one(first, Input).focus()

    def find_typed(self) -> dict[str, str]:
        """With the period that the figures were typed for: another one may be proposed by the time they are found again."""
        found, period = super().find_typed(), self.read_fields().get("period", "")
        return {"period": period, **found} if found and period else found

    @on(Input.Changed)
    def _changed(self) -> None:
        self._asked = None

    @on(Input.Submitted)
    def action_submit(self) -> None:
        """Check what was typed; where nothing is odd, or when that was confirmed, record it."""
        if self._busy:
            return
        values = {name: text for name in self.measures if (text := self.typed(f"value-{name}"))}
        if not values:
            self.say("Type a value first.")
            return
        if not self.typed("by"):
            self.say("Type your name: a value on record says by whom.")
            self.query_one("#by", Input).focus()
            return
        if self._asked is None:
            texts = (self.typed("period"), self.typed("by"), self.typed("note"), self.typed("reopen"))
            entry = Entry(self.session.scorecard, values, self.members, *texts)
        else:
            entry = self._asked
        self._busy = True
        self._record(entry, confirmed=self._asked is not None)

    @work(thread=True, exit_on_error=False)
    def _record(self, entry: Entry, confirmed: bool) -> None:
        """In a thread: the store may have to wait for other writers."""
        app = cast("ReviewApp", self.app)
        try:
            questions = () if confirmed else entry.check()
            if questions:
                app.call_from_thread(self._ask, entry, questions)
            else:
                app.call_from_thread(self._done, entry.record())
        except Refused as refused:
            app.call_from_thread(self._refuse, refused.findings)

    def _ask(self, entry: Entry, questions: tuple[Finding, ...]) -> None:
        self._busy = False
        self._asked = entry
        lines = [f"{one.message}; {one.hint}" for one in questions]
        self.say("\n".join([*lines, "Enter again records it all the same."]), "question")

    def _refuse(self, findings: tuple[Finding, ...]) -> None:
        self._busy = False
        self._asked = None
        closed = any(one.code == CLOSED for one in findings)
        hints = ["say why it has to change, below" if one.code == CLOSED else one.hint for one in findings]
        self.say("\n".join(f"{one.message}; {hint}" for one, hint in zip(findings, hints, strict=True)))
        if closed:
            self.add_class("-closed")
            self.query_one("#reopen", Input).focus()

    def _done(self, batch: Batch) -> None:
        remember("name", batch.by)
        self.dismiss(batch)

    def _propose(self) -> str:
        session = self.session
        if not self.measures:
            return str(session.evaluation.period)
        return str(propose_period(session.scorecard, session.evaluation, self.measures[0], session.opened.today))

    def _say_title(self, evaluation: Evaluation) -> Content:
        """The KPI and whose value it is; that one for all together displaces those of members."""
        title = evaluation.strategy.kpis[self.kpi].title
        said = literal(" · ".join([title, *self.members.values()]), "bold")
        if self.members or not is_reported_by_members(self.session.scorecard, self.measures):
            return said
        warning = "A value for all together counts in place of those of members: choose one among the members (8)."
        return said + literal(" · all together", "bold") + literal(f"\n{warning}", "$status-amber", lines=True)

    def _say_formula(self, evaluation: Evaluation) -> Content:
        one = evaluation.strategy.kpis[self.kpi]
        if one.formula:
            return literal(f"It is computed: {one.formula}. Record what it is made of.", "$quiet")
        result, unit = evaluation.kpi(self.kpi), one.unit or ""
        period, since = evaluation.period, result.effective_period
        said = f"{period}: {'no value yet' if since != period else quantity(result.value, unit)}"
        if since is not None and since != period:
            said += f"; {since}: {quantity(result.value, unit)}"
        target = f" · target {quantity(result.target, unit)}" if result.target is not None else ""
        words = f" · one of {', '.join(one.levels)}" if one.levels else ""
        return literal(f"{said}{target}{words}", "$quiet")

    def _last(self, name: str) -> str:
        """The last values, as what a new one has to look like."""
        measure = self.session.evaluation.strategy.measure(name)
        known = list_reported(self.session.evaluation, name)[-_LAST:]
        unit = (measure and measure.unit) or ""
        return f"last: {' · '.join(number(value, unit) for value in known)}" if known else "no value yet"


def open_entry(app: ReviewApp, session: Session) -> None:
    """Ask for a value of the chosen KPI, and record it."""
    if not app.may_write():
        return
    if session.kpi is None:
        app.tell("Choose a KPI first: on the scorecard (2), or by its letter in the detail (3).", "warning")
        return

    def done(batch: Batch | None) -> None:
        if batch is not None:
            session.recorded.append(batch)
            said = ", ".join(_say_value(session, batch, name) for name in batch.values)
            later = " It shows once the errors in the files are mended." if session.opened.broken else ""
            app.tell(f"Recorded for {_say_key(batch)}: {said}. u takes it back.{later}")
            app.action_reload()

    evaluation, measures = session.evaluation, recorded_measures(session.scorecard, session.kpi)
    members, lacking = place_entry(evaluation.strategy, measures, evaluation.members)
    if lacking:
        app.tell(lacking, "warning")
    else:
        app.push_screen(EntryScreen(session, session.kpi, members, measures), done)


def undo_entry(app: ReviewApp, session: Session) -> None:
    """Take back what was entered last; the rows stay on record, what counted before counts again."""
    if not app.may_write():
        return
    if not session.recorded:
        app.tell("Nothing was entered in this session.", "warning")
        return
    try:
        batch = take_back(session.opened.scorecards[session.recorded[-1].strategy], session.recorded)
    except Refused as refused:
        app.tell(f"{refused.findings[0].message}; {refused.findings[0].hint}", "error")
        return
    strategy = session.opened.evaluations[batch.strategy].strategy
    app.tell(f"Taken back for {_say_key(batch)}: {', '.join(_title(strategy, name) for name in batch.values)}.")
    app.action_reload()


def _say_value(session: Session, batch: Batch, name: str) -> str:
    """`People tagged = 74 tags`."""
    strategy = session.opened.evaluations[batch.strategy].strategy
    measure = strategy.measure(name)
    return f"{_title(strategy, name)} = {quantity(batch.values[name], (measure and measure.unit) or '')}"


def _say_key(batch: Batch) -> str:
    """What the values of a batch are of: the period, and the members."""
    return ", ".join([batch.period, *batch.members.values()])


def _title(strategy: Strategy, name: str) -> str:
    measure = strategy.measure(name)
    return measure.title if measure else name


def _login() -> str:
    try:
        return os.environ.get("SCORECARD_BY") or getpass.getuser()
    except (KeyError, ImportError, OSError):
        return ""
