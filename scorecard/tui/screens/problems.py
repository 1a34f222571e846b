"""The problems: every finding with its place, the editor at its line, and the page on its code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from scorecard.model.finding import Finding, Place, Severity
from scorecard.tui.editor import edit_place, find_editor, say_editor
from scorecard.tui.keys import bind
from scorecard.tui.problem_words import (
    COLOURS,
    SIGNS,
    Excerpt,
    find_figure,
    lacks_figure,
    list_problems,
    read_excerpt,
    say_page,
    say_problem,
    shorten_place,
)
from scorecard.tui.screens.view import View
from scorecard.tui.search import Choice
from scorecard.tui.sheets import Write, say_title, tabulate_findings, write_either
from scorecard.tui.text import literal
from scorecard.tui.widgets.problem_list import ProblemList
from scorecard.tui.widgets.row_list import RowList

_FINE = """\
● Nothing is wrong or weak.

All files were read, all figures count, and the method has nothing to say against the map.
What turns up after the next change of a file is listed here.
"""
_NAMES = {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.HINT: "hints"}


class ProblemsView(View):
    """The findings, and the chosen one beside them; on a narrow screen below them."""

    FINDS = "problems"
    DEFAULT_CSS = """
    ProblemsView #config { padding: 0 1; height: auto; max-height: 30%; }
    ProblemsView #split { layout: horizontal; height: 1fr; }
    ProblemsView ProblemList { width: 3fr; }
    ProblemsView #beside { width: 2fr; padding: 0 1; border-left: tall $rule; scrollbar-size-vertical: 1;
        scrollbar-gutter: stable; }
    ProblemsView #beside:focus { border-left: tall $lit; }
    ProblemsView #said { width: 100%; height: auto; min-height: 100%; }
    ProblemsView #calm { display: none; padding: 1 2; height: 1fr; }
    ProblemsView #fine { width: 100%; height: auto; }
    ProblemsView.-empty #calm { display: block; }
    ProblemsView.-empty #split { display: none; }
    .-narrow ProblemsView #split { layout: vertical; }
    .-narrow ProblemsView ProblemList { width: 100%; }
    .-narrow ProblemsView #beside { width: 100%; height: 10; border-left: none; border-top: solid $rule; }
    .-narrow ProblemsView.-explaining #beside { height: 1fr; border-top: none; }
    .-narrow ProblemsView.-explaining ProblemList { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("problems.filter", "filter", "Filter", about="All, only errors, only warnings, only hints"),
        bind("problems.explain", "explain", "Explain", about="What the code means, with an example and the fix"),
        bind("edit", "edit", "Edit the file at the line, with your editor", show=False),
        bind("record", "record", "Record", about="Record the figure that is missing"),
        Binding("enter", "mend", "Mend it", show=False),
    ]

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.only: Severity | None = None
        self._excerpts: dict[Finding, Excerpt] = {}  # of the findings of one reading
        self._tall = (0, 0)  # lines of the panel's text, at least those of the panel itself, and these

    def compose(self) -> ComposeResult:
        if faults := self.shell.review.config.faults:  # of the user, not of the strategy: they count nowhere
            with VerticalScroll(id="config"):
                yield Static(literal("\n".join(f"◆ {one}" for one in faults), "$status-amber", lines=True))
        with Container(id="split"):
            yield ProblemList(id="problems")
            with VerticalScroll(id="beside"):
                yield Static(id="said")
        with VerticalScroll(id="calm"):
            yield Static(id="fine")

    def list_found(self) -> Sequence[Finding]:
        """All findings, in the order of the list."""
        return list_problems(self.session)

    def shorten(self, place: Place) -> str:
        """A place in short."""
        return shorten_place(self.session, place)

    def list_late(self) -> Sequence[Finding]:
        """Those of a change that what is shown was read before."""
        return self.session.opened.broken

    def show(self) -> None:
        every = self.list_found()
        found = [one for one in every if self.only in (None, one.severity)]
        self._excerpts = {}
        self.query_one(ProblemList).show_problems(found, [self.shorten(one.place) for one in found])
        if self.has_class("-empty") == bool(found):
            self.set_class(not found, "-empty")
            self.remove_class("-explaining")
            if self.has_focus_within:
                self.call_after_refresh(self.take_focus)
        fine = _FINE
        if self.only and every:
            fine = f"There are no {_NAMES[self.only]}. {self.key('problems.filter')} shows the rest.\n"
        self.query_one("#fine", Static).update(literal(fine, lines=True))
        self.call_after_refresh(self._fill)

    def say_line(self) -> Content:
        problems = self.query_one(ProblemList)
        one = problems.chosen
        if one is None:
            rest = f"no {_NAMES[self.only]} · {self.key('problems.filter')} shows the rest" if self.only else ""
            return literal(rest or "no findings", "$quiet")
        tone = f"${COLOURS[one.severity]}"
        line = literal(f"only {_NAMES[self.only]}   ", "bold $accent") if self.only else literal("")
        line += literal(f"finding {problems.cursor + 1} of {problems.count}   ", "$quiet")
        line += literal(f"{SIGNS[one.severity]} {one.severity} {one.code} ", f"bold {tone}")
        keys = "esc back to the finding" if self.has_class("-explaining") else self._say_enter(one)
        return line + literal(self.shorten(one.place)) + literal(f"   {keys}".rstrip(), "$quiet")

    def idle(self) -> Iterator[str]:
        one = self.query_one(ProblemList).chosen
        is_recorded = one is not None and lacks_figure(one) and not self.shell.review.read_only
        yield from (name for name in super().idle() if not (name == "record" and is_recorded))
        if not is_recorded and not self._can_edit:
            yield "open"
        if one is None:
            yield "problems.explain"
        if not self.list_found():
            yield "problems.filter"

    def copied(self) -> str:
        """The finding as `scorecard check` prints it."""
        one = self.query_one(ProblemList).chosen
        if one is None:
            return ""
        hint = f"\n    {one.hint}" if one.hint else ""
        return literal(f"{one.place}: {one.severity} {one.code} {one.message}{hint}", lines=True).plain

    def list_finds(self) -> Iterator[Choice]:
        for problems in self.query(ProblemList):
            for one in problems.shown:
                about = f"{one.severity} {one.code}, {self.shorten(one.place)}"
                yield Choice(one.message, about, partial(problems.choose, one))
        yield from super().list_finds()

    def tables(self) -> Mapping[str, Write]:
        shown, title = self.query_one(ProblemList).shown, say_title(self.session.evaluation, "problems")
        return write_either(title, lambda: tabulate_findings(shown)) if shown else {}

    def back(self) -> bool:
        """From the page to the finding, then from some findings to all."""
        if self.has_class("-explaining"):
            self.action_explain()
        elif self.only:
            self._show_only(None)
        else:
            return False
        return True

    @property
    def _can_edit(self) -> bool:
        """Whether an editor can be started from here."""
        review = self.shell.review
        return not review.read_only and not review.is_web and find_editor() is not None

    def _say_enter(self, finding: Finding) -> str:
        """What Enter does with a finding, "" where that is nothing."""
        if lacks_figure(finding) and not self.shell.review.read_only:
            return "enter records it" + (f" · {self.key('edit')} edits the file" if self._can_edit else "")
        if self._can_edit:
            return f"enter edits there{say_editor()}"
        review = self.shell.review
        return "" if review.read_only or review.is_web or find_editor() else "no editor is set (EDITOR)"

    def on_resize(self) -> None:
        self.call_after_refresh(self._fill)

    def action_filter(self) -> None:
        """All, then only the errors, warnings or hints, of which there are any."""
        there = {one.severity for one in self.list_found()}
        shown: list[Severity | None] = [None, *(one for one in Severity if one in there)]
        at = shown.index(self.only) if self.only in shown else -1
        self._show_only(shown[(at + 1) % len(shown)])

    def action_explain(self) -> None:
        """The page on the code, and back to the finding."""
        if self.query_one(ProblemList).chosen:
            self.toggle_class("-explaining")
            self.query_one("#beside").scroll_home(animate=False)
            self.call_after_refresh(self.take_focus)
            self.call_after_refresh(self._fill)
            self.shell.show_line()

    @on(RowList.Opened)
    def action_mend(self) -> None:
        """Record the figure that is missing; of any other finding edit the file."""
        one = self.query_one(ProblemList).chosen
        if one and lacks_figure(one):
            self.action_record()
        else:
            self.action_edit()

    def action_record(self) -> None:
        """Enter the figure that the chosen finding misses, else one of the chosen KPI."""
        one = self.query_one(ProblemList).chosen
        if one and (found := find_figure(self.session, one)):
            self.shell.choose(*found)
        self.shell.action_record()

    def action_edit(self) -> None:
        """Edit the file at the line of the chosen finding."""
        if one := self.query_one(ProblemList).chosen:
            edit_place(self.shell.review, one.place)

    def take_focus(self) -> None:
        shown = "#calm" if self.has_class("-empty") else "#beside" if self.has_class("-explaining") else "ProblemList"
        self.query_one(shown).focus()

    @on(RowList.Moved)
    def _moved(self) -> None:
        self.query_one("#beside").scroll_home(animate=False)
        self._fill()
        self.shell.show_line()

    def _show_only(self, severity: Severity | None) -> None:
        self.only = severity
        self.shell.show()

    def _fill(self) -> None:
        """The panel for the present width: the finding, or the page on its code."""
        one = self.query_one(ProblemList).chosen
        columns = max(self.query_one("#beside").scrollable_content_region.width, 20)
        if one is None:
            return
        if self.has_class("-explaining"):
            said = say_page(one.code, columns)
        else:
            excerpt = self._excerpts.get(one)
            if excerpt is None:
                self._read(one, self._excerpts)
            said = say_problem(one, self.shorten(one.place), excerpt or (), one in self.list_late(), columns)
        room = self.query_one("#beside").size.height
        tall = max(said.plain.count("\n") + 1, room)
        self.query_one("#said", Static).update(said, layout=(tall, room) != self._tall)
        self._tall = tall, room

    @work(thread=True, exclusive=True, exit_on_error=False, group="excerpt")
    def _read(self, finding: Finding, excerpts: dict[Finding, Excerpt]) -> None:
        """In a thread: the lines around a finding; the file may be large."""
        self.app.call_from_thread(self._take, finding, excerpts, read_excerpt(finding.place))

    def _take(self, finding: Finding, excerpts: dict[Finding, Excerpt], excerpt: Excerpt) -> None:
        excerpts[finding] = excerpt
        if excerpt and excerpts is self._excerpts and self.query_one(ProblemList).chosen == finding:
            self._fill()
