"""Keeping the scenario that is open: the form for its name and note, and the question where it would be lost."""

from __future__ import annotations

from collections.abc import Callable
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
from scorecard.tui.keeping import find_place, find_scenarios, is_kept, keep_scenario
from scorecard.tui.keys import bind
from scorecard.tui.screens.forms import LEAVING, Form
from scorecard.tui.text import fit, literal
from scorecard.tui.widgets.choices import ChoiceList

if TYPE_CHECKING:
    from scorecard.tui.app import ReviewApp
    from scorecard.tui.session import Session

Answer = Literal["keep", "quit", "stay"]
_ANSWERS: dict[Answer, str] = {"keep": "Keep it in a file, and quit", "quit": "Quit without it", "stay": "Stay"}
_WIDE, _MOST = 76, 6  # columns of a change that is listed, and how many are


class KeepScreen(Form[str]):
    """Keeps the scenario of the session in a file; gives back which."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Keep"),
        Binding("ctrl+s", "submit", "Keep", show=False),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__(f"keep · {session.strategy}")
        self._session = session
        self._shelf = find_scenarios(session)

    def compose(self) -> ComposeResult:
        scenario = self._session.scenario
        with VerticalScroll(id="form", can_focus=False):
            yield Static(literal("Keep the scenario", "bold"))
            yield Static(literal("\n".join(_list_changes(self._session)), "$quiet", lines=True), id="changes")
            with Grid():
                yield from self.compose_field("name", "Name", scenario.name, "such as Two more people")
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
            wrong = keep_scenario(self._session, file, self.typed("note"))
        if wrong:
            self.say(f"{wrong}.")
        else:
            assert file
            self.dismiss(f"{self._shelf.path.name}/{file.path.name}")


class LeaveScreen(ModalScreen[Answer]):
    """What to do with a scenario that is not kept when the app is about to end."""

    DEFAULT_CSS = """
    LeaveScreen { align: center middle; background: $background 70%; }
    LeaveScreen #box { width: 84; max-width: 98%; height: auto; max-height: 95%; padding: 1 2; background: $panel;
        border: round $accent; }
    LeaveScreen Static { height: auto; width: 100%; }
    LeaveScreen OptionList, LeaveScreen OptionList:focus { height: auto; margin: 1 0; padding: 0; border: none;
        background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "answer('stay')", "Stay"),
        bind("quit", "answer('quit')", "Quit without it"),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(literal("What was tried on What if is not kept", "bold"))
            yield Static(literal("\n".join(_list_changes(self._session)), "$quiet", lines=True), id="changes")
            yield ChoiceList(*(Option(literal(text), id=name) for name, text in _ANSWERS.items()))
            yield Static(literal("Enter does it · q quits without it · Escape stays", "$quiet"))

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    def action_answer(self, answer: Answer) -> None:
        self.dismiss(answer)

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(cast("Answer", event.option.id))


def open_keeping(app: ReviewApp, session: Session, then: Callable[[], None] | None = None) -> None:
    """Ask for a name and a note, keep the scenario, and go on with `then` once that is done."""

    def done(file: str | None) -> None:
        if file:
            app.tell(f"Kept as {file}.")
            app.shell.show()
            if then:
                then()

    app.push_screen(KeepScreen(session), done)


def leave(app: ReviewApp, session: Session) -> None:
    """End the app; where a scenario would be lost that could be kept, ask before that. Asked again, it ends."""

    def done(answer: Answer | None) -> None:
        if answer == "keep":
            open_keeping(app, session, app.exit)
        elif answer == "quit":
            app.exit()

    if app.read_only or is_kept(session) or isinstance(app.screen, LeaveScreen):
        app.exit()
    else:
        app.push_screen(LeaveScreen(session), done)


def _list_changes(session: Session) -> list[str]:
    """What is changed, a line each."""
    strategy, changes = session.evaluation.strategy, session.scenario.changes
    lines = [fit(literal(change_words(strategy, one)).plain, _WIDE).rstrip() for one in changes[:_MOST]]
    return [*lines, *([f"and {len(changes) - _MOST} more"] if len(changes) > _MOST else [])]
