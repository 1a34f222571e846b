"""Keeping the scenario that is open: the form for its name and note, and the question where it would be lost."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from scorecard.parser.scenario_file import make_name
from scorecard.render.scenario_words import change_words
from scorecard.tui.drafts import drop_draft
from scorecard.tui.keeping import find_place, find_scenarios, is_kept, keep_scenario
from scorecard.tui.keys import bind, show_keys
from scorecard.tui.screens.forms import LEAVING, Form
from scorecard.tui.session import Session
from scorecard.tui.text import fit, literal
from scorecard.tui.widgets.choices import ChoiceList

if TYPE_CHECKING:
    from scorecard.tui.app import ReviewApp

Answer = Literal["keep", "quit", "stay"]
_WIDE, _MOST = 76, 6  # columns of a line, and how many are listed


class KeepScreen(Form[str]):
    """Keeps the scenario of the session in a file; gives back which."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Keep"),
        Binding("ctrl+s", "submit", "Keep", show=False),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__(_name_draft(session))
        self._session = session
        self._shelf = find_scenarios(session)

    def compose(self) -> ComposeResult:
        scenario = self._session.scenario
        evaluations, title = self._session.opened.evaluations, self._session.evaluation.strategy.title
        with VerticalScroll(id="form", can_focus=False):
            yield Static(literal("Keep the scenario" + (f" of {title}" if len(evaluations) > 1 else ""), "bold"))
            yield Static(literal("\n".join(_list_changes(self._session)), "$quiet", lines=True), id="changes")
            with Grid():
                yield from self.compose_field("name", "Name", scenario.called, "such as Two more people")
                yield from self.compose_field("note", "Note", scenario.note, "what to know about it")
            yield Static(id="file")
            yield Static(literal(f"Enter keeps · Tab next field · {LEAVING}", "$quiet"))
            yield Static(id="said")

    def on_mount(self) -> None:
        self.query_one("#name", Input).focus()
        self._show_file()

    @on(Input.Changed)
    def _show_file(self) -> None:
        """Where it will stand."""
        name = make_name(self.typed("name"))
        said = f"File: {self._shelf.path.name}/{name}.yaml" if name else ""
        self.query_one("#file", Static).update(literal(said, "$quiet"))

    @on(Input.Submitted)
    def action_submit(self) -> None:
        """Write the file."""
        file, wrong = find_place(self._session, self.typed("name"))
        if file:
            wrong = keep_scenario(self._session, file, self.typed("name"), self.typed("note"))
        if wrong:
            self.say(f"{wrong}.")
        else:
            assert file
            self.dismiss(f"{self._shelf.path.name}/{file.path.name}")


class LeaveScreen(ModalScreen[Answer]):
    """What to do with scenarios that are not kept when the app is about to end; there is one at least."""

    DEFAULT_CSS = """
    LeaveScreen { align: center middle; background: $background 70%; }
    LeaveScreen #box { width: 84; max-width: 98%; height: auto; max-height: 95%; padding: 1 2; background: $panel;
        border: round $accent; }
    LeaveScreen Static { height: auto; width: 100%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "answer('stay')", "Stay"),
        bind("quit", "answer('quit')", "Quit without it"),
    ]

    def __init__(self, sessions: Sequence[Session]) -> None:
        super().__init__()
        self._sessions = sessions

    def compose(self) -> ComposeResult:
        it, each = ("it", "") if len(self._sessions) == 1 else ("them", ", one after the other")
        answers = {"keep": f"Keep {it} in a file{each}, and quit", "quit": f"Quit without {it}", "stay": "Stay"}
        with Vertical(id="box"):
            yield Static(literal("What was tried on What if is not kept", "bold"))
            yield Static(literal("\n".join(self._list()), "$quiet", lines=True), id="changes")
            yield ChoiceList(*(Option(literal(text), id=name) for name, text in answers.items()))
            quits = show_keys("quit", cast("ReviewApp", self.app).config.keys)
            yield Static(literal(f"Enter does it · {quits} quits without {it} · Escape stays", "$quiet"))

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    def action_answer(self, answer: Answer) -> None:
        self.dismiss(answer)

    def _list(self) -> list[str]:
        """What is changed, in a workspace behind the name of its strategy."""
        first = self._sessions[0]
        if len(first.opened.evaluations) == 1:
            return _list_changes(first)
        return _cut(f"{one.evaluation.strategy.title}: {', '.join(_list_words(one))}" for one in self._sessions)

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(cast("Answer", event.option.id))


def open_keeping(app: ReviewApp, session: Session, then: Callable[[], None] | None = None) -> None:
    """Ask for a name and a note, keep the scenario, and go on with `then` once that is done."""

    def done(file: str | None) -> None:
        if file:
            app.tried[session.strategy] = session.scenario, session.kept
            app.tell(f"Kept as {file}.")
            app.shell.show()
            if then:
                then()

    app.push_screen(KeepScreen(session), done)


def leave(app: ReviewApp, session: Session) -> None:
    """End the app; where scenarios would be lost that could be kept, ask before that. Asked again, it ends."""
    lost = [] if app.read_only or isinstance(app.screen, LeaveScreen) else _find_lost(app, session)

    def keep_next() -> None:
        if lost:
            open_keeping(app, lost.pop(0), keep_next)
        else:
            app.exit()

    def done(answer: Answer | None) -> None:
        if answer == "keep":
            keep_next()
        elif answer == "quit":
            for one in lost:
                drop_draft(_name_draft(one))
            app.exit()

    if lost:
        app.push_screen(LeaveScreen(tuple(lost)), done)
    else:
        app.exit()


def _name_draft(session: Session) -> str:
    """What this scenario, and no other, may be called."""
    scenario = session.scenario
    tried = f"{scenario.called!r} {scenario.changes!r}"
    return f"keep {os.path.realpath(session.scorecard.name)} {session.strategy} {tried}"


def _find_lost(app: ReviewApp, session: Session) -> list[Session]:
    """Those whose scenario is not kept: the session itself, and one for each strategy that was left with such a scenario."""
    found = [session]
    for name, (scenario, kept) in app.tried.items():
        if name != session.strategy and name in app.evaluations:
            other = Session(session.opened, name)
            other.scenario, other.kept = scenario, kept
            found.append(other)
    return [one for one in found if not is_kept(one)]


def _list_changes(session: Session) -> list[str]:
    """What is changed, a line each."""
    return _cut(_list_words(session))


def _list_words(session: Session) -> list[str]:
    return [change_words(session.evaluation.strategy, one) for one in session.scenario.changes]


def _cut(lines: Iterable[str]) -> list[str]:
    """As many lines as there is room for, each as wide as that."""
    cut = [fit(line, _WIDE).rstrip() for line in lines]
    return [*cut[:_MOST], *([f"and {len(cut) - _MOST} more"] if len(cut) > _MOST else [])]
