"""What every screen of the review room is: a part of the shell that shows the session."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from scorecard.tui.keys import show_keys
from scorecard.tui.text import literal

if TYPE_CHECKING:
    from scorecard.render.chain import Excerpt
    from scorecard.tui.search import Choice
    from scorecard.tui.session import Session
    from scorecard.tui.sheets import Write
    from scorecard.tui.shell import Shell


class View(Vertical):
    """One screen. It is made when first opened, after the path was read, and stays; `HOME` selects what takes the keys.

    A subclass composes its widgets and overrides `show`; its BINDINGS appear in the footer while it is open, and the HELP
    of what is focused under `?`. What it changes of the session it tells the shell with `self.shell.show()`.
    """

    DEFAULT_CSS = """
    View { display: none; }
    View.-open { display: block; }
    """
    HOME: ClassVar[str] = ""
    FINDS = ""  # what a search finds here beside goals, KPIs and initiatives
    is_composed = False  # whether there is something in it that could show or say anything

    def __init_subclass__(cls, **options: Any) -> None:
        cls.SCOPED_CSS = False  # styles may look at the classes of the shell: -narrow, -normal, -wide
        super().__init_subclass__(**options)

    @property
    def home(self) -> str:
        """What takes the keys now."""
        return self.HOME

    @property
    def shell(self) -> Shell:
        return cast("Shell", self.screen)

    @property
    def session(self) -> Session:
        return self.shell.session

    def show(self) -> None:
        """Show what the session says now: called on opening and after each change while the screen is open."""

    def back(self) -> bool:
        """One step back inside the screen, on Escape; False where there is none."""
        return False

    def say_line(self) -> Content:
        """The one line at the foot: what is chosen, or what to do first."""
        return literal("")

    def idle(self) -> Iterator[str]:
        """Names of keys, or their actions, that would only answer with a sentence now: they work, but the foot leaves them out."""
        if self.shell.review.read_only or self.session.kpi is None:
            yield "record"
        if len(self.session.evaluation.periods) == 1:
            yield "previous_period"

    def key(self, name: str) -> str:
        """What is on the keyboard for a named action, as the user has it."""
        return show_keys(name, self.shell.review.config.keys)

    def list_finds(self) -> Iterator[Choice]:
        """What a search finds: what the screen lists, then all goals, KPIs and initiatives."""
        from scorecard.tui.search import find_things

        return find_things(self.shell, self.go_to)

    def go_to(self, goal: str, kpi: str | None) -> None:
        """Show a goal or KPI that was found."""
        self.shell.open_detail(goal, kpi)

    def copied(self) -> str:
        """What `y` copies: plain text of what is chosen."""
        return self.say_line().plain

    def excerpt(self) -> Excerpt | None:
        """What of the whole the screen is narrowed to, by a filter or a chain; None for all of it."""
        return None

    def tables(self) -> Mapping[str, Write]:
        """Where the screen is a table: the ways of writing its rows as they are shown now, by ending."""
        return {}

    def on_mount(self) -> None:
        self.is_composed = True
        self.show()
        self.shell.show_line()
        if self.shell.view is self:  # no other screen was opened meanwhile
            self.take_focus()

    def take_focus(self) -> None:
        """Give the keys to what works with them."""
        if self.HOME:
            self.query_one(self.home).focus()
            self.call_after_refresh(self._keep_focus)

    def _keep_focus(self) -> None:
        """Once more when the screen has its place: what is not laid out yet cannot take the keys."""
        focused = self.shell.focused
        if self.shell.view is self and (focused is None or any(one is not self for one in _views_around(focused))):
            self.query_one(self.home).focus()


def _views_around(widget: Widget) -> list[View]:
    return [one for one in widget.ancestors_with_self if isinstance(one, View)]
