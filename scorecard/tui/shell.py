"""The shell around all screens: title, tabs, banner, the open screen, one line about what is chosen, the keys."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import Container, Horizontal
from textual.widgets import Static

from scorecard.tui.compositor import QuickScreen
from scorecard.tui.keys import bind
from scorecard.tui.notices import shorten_paths
from scorecard.tui.registry import SCREENS
from scorecard.tui.text import literal
from scorecard.tui.widgets.key_bar import KeyBar
from scorecard.tui.widgets.tab_bar import TabBar
from scorecard.tui.widgets.waiting import Waiting, Working

if TYPE_CHECKING:
    from scorecard.tui.app import ReviewApp
    from scorecard.tui.screens.view import View
    from scorecard.tui.session import Session
    from scorecard.tui.widgets.prompt import Prompt

NARROW, SLIM, WIDE = 100, 120, 160  # columns below and from which screens arrange themselves otherwise
_PADDING = 2  # columns beside the title
_KEYS = f"{SCREENS[0].key}-{SCREENS[-1].key}"


class Shell(QuickScreen):
    """Holds the session once the path was read, opens screens, and shows the session in the open one."""

    DEFAULT_CSS = """
    #top { height: 1; }
    #head { width: 1fr; height: 1; padding: 0 1; background: $panel; color: $foreground; text-style: bold; }
    #banner { height: auto; max-height: 4; padding: 0 1; display: none; }
    #banner.-shown { display: block; background: $status-red-fill; color: $status-red; }
    #body { height: 1fr; }
    #reading { width: 100%; height: 100%; content-align: center middle; color: $quiet; }
    #line { height: 1; padding: 0 1; background: $panel; color: $foreground; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (NARROW, "-slim"), (SLIM, "-normal"), (WIDE, "-wide")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            bind(f"open_{one.id}", f"open('{one.id}')", "Screens", show=not n, key_display=_KEYS, about=one.title)
            for n, one in enumerate(SCREENS)
        ),
        bind("previous_period", "move(-1)", "Period", key_display="[ ]", about="The period before"),
        bind("next_period", "move(1)", "The period after", show=False),
        bind("go_to_period", "go_to", "Go to a period", show=False),
        bind("compare", "compare", "Compare with the period before, the same of last year, none", show=False),
        bind("record", "record", "Record", about="Record a value of the chosen KPI"),
        bind("undo", "undo", "Take back what was entered last", show=False),
        bind("edit", "edit", "Edit what is chosen in the file, with your editor", show=False),
        bind("copy", "copy", "Copy what is chosen", show=False),
        bind("export", "export", "Export what is on screen", show=False),
        Binding("escape", "back", "Back", show=False),
    ]

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.open_id = SCREENS[0].id
        self._session: Session | None = None
        self._views: dict[str, View] = {}
        self._before: list[tuple[str, str | None, str | None]] = []  # (screen, goal, KPI) to go back to
        self._idle = frozenset({"record", "find"})  # keys that the foot leaves out

    @property
    def review(self) -> ReviewApp:
        return cast("ReviewApp", self.app)

    @property
    def session(self) -> Session:
        assert self._session, "screens are made after the path was read"
        return self._session

    @property
    def view(self) -> View | None:
        """The open screen; None while the path is read."""
        return self._views.get(self.open_id)

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys that mean something now; one that would only answer with a sentence does not stand at the foot."""
        found = super().active_bindings
        for key, one in found.items():
            if (one.binding.id or one.binding.action) in self._idle:
                found[key] = one._replace(binding=replace(one.binding, show=False))
        return found

    @property
    def is_drawn(self) -> bool:
        """Whether the frame has its place on the screen."""
        return any(one.region for one in self.query("#reading"))

    def compose(self) -> ComposeResult:
        with Horizontal(id="top"):
            yield Static(literal(f"scorecard · {self.path}"), id="head")
            yield Working()
        yield TabBar(SCREENS, id="tabs")
        yield Static(id="banner")
        self._session = self.review.find_session()
        with Container(id="body"):
            yield self._make_view(SCREENS[0].id) if self._session else Waiting(f"reading {self.path}", id="reading")
        yield Static(id="line")
        yield KeyBar()

    def on_mount(self) -> None:
        self.show()

    def begin(self, session: Session, screen_id: str = SCREENS[0].id) -> None:
        """Show what was read on a screen: the first time, or another strategy of the workspace."""
        if self._session is None:
            self._clear()
            self.show_trouble("")
        self._session = session
        self._before.clear()
        self._open(screen_id)

    def show_broken(self) -> None:
        """Show what keeps the path from being read, in place of all screens, until `begin`."""
        from scorecard.tui.screens.broken import BrokenView

        if self.view is None:
            self._clear()
            self.open_id = "problems"
            view = self._views[self.open_id] = BrokenView(id="view-broken", classes="-open")
            self.query_one("#body").mount(view)
        elif self.view.is_composed:
            self.view.show()
            self.show_line()

    def show(self) -> None:
        """Show the session: in the title, the tabs, the open screen and the line below."""
        if self._session is None:
            return
        self.show_head()
        for tabs in self.query(TabBar):  # none while the app closes
            tabs.show(self.open_id, {entry.id: entry.counted(self.session) for entry in SCREENS})
        if self.view and self.view.is_composed:
            self.view.show()
            self.show_line()

    def show_head(self) -> None:
        """Show the title again, in brief while something is worked on, which has the rest of the line."""
        from scorecard.tui.headline import say_head

        working, columns = self.query_one(Working), self.size.width - _PADDING
        head = say_head(self.session, columns - working.needed, brief=working.display)
        working.take_room(columns - head.cell_length)
        self.query_one("#head", Static).update(head, layout=False)

    def show_line(self) -> None:
        """Show again what is chosen, at the foot, with the keys that do something about it."""
        if self.view and self.view.is_composed:
            for line in self.query("#line").results(Static):  # none while the app closes
                line.update(self.view.say_line(), layout=False)
                idle = frozenset(self.view.idle())
                if idle != self._idle:
                    self._idle = idle
                    self.refresh_bindings()

    def show_trouble(self, trouble: str) -> None:
        """The banner: why the last change could not be read; "" takes it away."""
        banner = self.query_one("#banner", Static)
        banner.set_class(bool(trouble), "-shown")
        banner.update(literal(shorten_paths(trouble, self.path)))

    def choose(self, goal: str | None, kpi: str | None = None) -> None:
        """Look at a goal, a KPI of it, or nothing."""
        self.session.goal, self.session.kpi = goal, kpi
        self.show_line()

    def open_detail(self, goal: str | None, kpi: str | None = None, screen_id: str = "detail") -> None:
        """Show a goal or KPI, if it is still there, in detail or on another screen; Escape comes back to what was shown."""
        strategy = self.session.evaluation.strategy
        if goal in (None, *strategy.goals) and kpi in (None, *strategy.kpis):
            self._before.append((self.open_id, self.session.goal, self.session.kpi))
            self.choose(goal, kpi)
            self._open(screen_id)

    def action_open(self, screen_id: str) -> None:
        """Go to a screen."""
        if self.has_session():
            self._before.clear()
            self._open(screen_id)

    def action_move(self, steps: int) -> None:
        """Look at another period."""
        if not self.has_session():
            return
        if self.session.move(steps):
            self.show()
        else:
            side = "before" if steps < 0 else "after"
            self.review.tell(f"There are no values {side} {self.session.evaluation.period}.")

    async def action_go_to(self) -> None:
        """Ask for a period and look at it."""

        def go(text: str) -> str:
            try:
                self.session.go_to(text.strip())
            except ValueError as error:
                return f"{error}; {such}"
            self.show()
            return ""

        if not self.has_session():
            return
        such = f"write it such as {self.session.evaluation.period}"
        await self.ask("period", "", such, None, go)

    def action_compare(self) -> None:
        """Compare with the period before, then with the same of last year, then with none."""
        if not self.has_session():
            return
        if said := self.session.compare_next():
            self.review.tell(said)
        self.show()

    async def ask(self, label: str, text: str, hint: str, changed: object, done: object) -> None:
        """Ask for a text at the foot; see `Prompt.ask`."""
        prompt = await self._prompt()
        prompt.ask(label, text, hint, changed, done, self._take_focus)  # type: ignore[arg-type]

    def action_back(self) -> None:
        """One step back: inside the screen, then to the screen before, then to the strategies of a workspace."""
        if self.view and self.view.back():
            return
        if self._before:
            screen_id, self.session.goal, self.session.kpi = self._before.pop()
            self._open(screen_id)
        else:
            self.review.action_list()

    def action_copy(self) -> None:
        """Copy what is chosen as plain text."""
        if self.view and (text := self.view.copied()):
            self.app.copy_to_clipboard(text)
            whose = "browser" if self.review.is_web else "terminal"  # which does not say whether it took it
            self.review.tell(f"Sent to the clipboard of the {whose}.")

    async def action_export(self) -> None:
        """Write what is on screen to a file."""
        if not self.has_session() or not self.review.may_write():
            return
        if self.review.is_web:
            self.review.tell("A browser has no folder to write to: 'scorecard export' writes files.", "warning")
            return
        from scorecard.tui.exporting import ask_export

        await ask_export(self)

    def action_edit(self) -> None:
        """Edit the chosen goal or KPI where it is defined."""
        if self.has_session():
            from scorecard.tui.editor import edit_chosen

            edit_chosen(self.review, self.session)

    def action_record(self) -> None:
        """Enter a value of the chosen KPI."""
        if self.has_session():
            from scorecard.tui.screens.entry import open_entry

            open_entry(self.review, self.session)

    def action_undo(self) -> None:
        """Take back what was entered last in this session: a value, an override, or words of the minutes."""
        if self.has_session():
            from scorecard.tui.undoing import undo_last

            undo_last(self.review, self.session)

    def has_session(self) -> bool:
        """Whether there is anything to act on; where errors are in the way, it says so."""
        if self._session is None and self.review.broken:
            self.review.tell("First mend what is listed here: then the map opens by itself.", "warning")
        return self._session is not None

    def on_resize(self) -> None:
        if self._session is not None:
            self.call_after_refresh(self.show_head)

    on_working_resized = on_resize

    @on(TabBar.Chosen)
    def _choose_tab(self, event: TabBar.Chosen) -> None:
        self.action_open(event.screen_id)

    def _clear(self) -> None:
        """Take away what stood there before anything was read."""
        for child in (*self.query("#reading"), *self._views.values()):
            child.remove()
        self._views.clear()

    def _open(self, screen_id: str) -> None:
        self.open_id = screen_id
        view = self._views.get(screen_id)
        if view is None:
            view = self._make_view(screen_id)
            self.query_one("#body").mount(view)
        for name, one in self._views.items():
            one.set_class(name == screen_id, "-open")
        self.show()
        if view.is_composed:
            view.take_focus()

    def _make_view(self, screen_id: str) -> View:
        entry = next(entry for entry in SCREENS if entry.id == screen_id)
        view = self._views[screen_id] = entry.load()(id=f"view-{screen_id}", classes="-open")
        return view

    def _take_focus(self) -> None:
        if self.view:
            self.view.take_focus()

    async def _prompt(self) -> Prompt:
        from scorecard.tui.widgets.prompt import Prompt

        for prompt in self.query(Prompt):
            return prompt
        made = Prompt()
        await self.mount(made, after="#line")
        return made
