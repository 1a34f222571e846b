"""The agenda at the side of a review: topics and their pages; a click goes to one. The keys are the screen's own."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from scorecard.tui.agenda_rows import Row, say_agenda
from scorecard.tui.meeting import Meeting


class AgendaList(OptionList, can_focus=False):
    """Shows rows; an `OptionSelected` has the id of its page."""

    DEFAULT_CSS = """
    AgendaList { height: 1fr; border: none; border-right: vkey $rule; padding: 1 0 0 0; background: $background;
        scrollbar-size-vertical: 1; }
    AgendaList > .option-list--option { padding: 0 1; }
    AgendaList > .option-list--option-disabled { color: $foreground; text-opacity: 100%; }
    AgendaList > .option-list--option-highlighted { background: $panel; color: $foreground; text-style: bold; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._meeting: Meeting | None = None
        self._shown: tuple[object, object] | None = None  # what the rows were made of
        self._made: dict[tuple[object, ...], Row] = {}

    def show_meeting(self, meeting: Meeting) -> None:
        """Show the agenda with the page looked at chosen; the rows are made anew only where they say something else. While
        the list has no place it waits for one."""
        self._meeting = meeting
        if not self.size.width:
            return
        files = (meeting.file.hash, *(one.hash for one in meeting.earlier))
        frame, state = (meeting, self.size.width), (len(meeting.seen), files)
        if (frame, state) != self._shown:
            if self._shown is None or frame != self._shown[0]:
                self._made = {}
            self._shown = frame, state
            self._fill(say_agenda(meeting, self.size.width - 3, self._made))
        self.highlighted = self.get_option_index(meeting.at)

    def on_resize(self) -> None:
        if self._meeting:
            self.show_meeting(self._meeting)

    def render_line(self, y: int) -> Strip:
        """A bar stands before the page looked at, as in all lists: 16 colours may have one ground for all rows."""
        strip, number = super().render_line(y), self.scroll_offset.y + y
        if number >= len(self._lines) or self._lines[number][0] != self.highlighted:
            return strip
        lit = self.app.theme_variables.get("lit", "")
        bar = Segment("▌", (next(iter(strip)).style or Style()) + Style.parse(lit))
        return Strip([bar, *strip.crop(1)], strip.cell_length)

    def _fill(self, rows: Sequence[Row]) -> None:
        """Exchange the rows that changed, or all of them where there are others."""
        if [row.page for row in rows] != [option.id for option in self.options]:
            self.clear_options()
            self.add_options([Option(row.content, row.page, disabled=row.page is None) for row in rows])
            return
        for number, row in enumerate(rows):
            if self.get_option_at_index(number).prompt != row.content:
                self.replace_option_prompt_at_index(number, row.content)
