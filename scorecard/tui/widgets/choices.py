"""The palette and lists of Textual that take page keys also while they have no room on the screen, where Textual's own end
the app."""

from __future__ import annotations

from contextlib import suppress

from textual import events, on, work
from textual.await_complete import AwaitComplete
from textual.command import CommandList, CommandPalette, ProviderSource
from textual.widget import Widget
from textual.widgets import Button, Input, OptionList
from textual.worker import Worker, WorkerError


class ChoiceList(OptionList):
    """Options in a form, of which one is chosen: as many lines as they need, and the chosen one can be read."""

    DEFAULT_CSS = """
    ChoiceList, ChoiceList:focus { height: auto; max-height: 16; margin: 1 0; padding: 0; border: none;
        background: $panel; background-tint: transparent; }
    ChoiceList > .option-list--option-highlighted, ChoiceList:focus > .option-list--option-highlighted {
        background: $background; color: $foreground; text-style: bold; }
    """

    def action_page_up(self) -> None:
        if self.scrollable_content_region:
            super().action_page_up()  # type: ignore[no-untyped-call]

    def action_page_down(self) -> None:
        if self.scrollable_content_region:
            super().action_page_down()  # type: ignore[no-untyped-call]


class Palette(CommandPalette):
    """The command palette, and the search. What is typed before it is there counts, and Enter takes the first of what is found
    for all that was typed, also where it comes before that is found."""

    DEFAULT_CSS = """
    Palette > Vertical { background: $panel; &:dark { background: $panel; } }
    Palette > .command-palette--help-text { color: $quiet; text-style: none; }
    Palette CommandList > .option-list--option-highlighted { background: $background; color: $foreground; text-style: bold; }
    """

    def __init__(self, providers: ProviderSource | None = None, placeholder: str = "Search for commands…") -> None:
        super().__init__(providers, placeholder=placeholder, id="--command-palette")
        self._early: list[events.Key] = []  # keys that wait for the field

    def watch_focused(self, focused: Widget | None) -> None:
        while focused and self._early:
            focused._forward_event(self._early.pop(0))

    def _forward_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and self.focused is None:
            self._early.append(event)
        else:
            super()._forward_event(event)

    def _action_command_list(self, action: str) -> None:
        if not action.startswith("page") or self.query_one(CommandList).scrollable_content_region:
            super()._action_command_list(action)

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Leave, once: Textual would leave what lies below with a second key that comes before it is gone."""
        return super().dismiss(result) if self.is_current else AwaitComplete()

    def _select_or_command(self, event: Input.Submitted | Button.Pressed | None = None) -> None:
        if self.is_current:
            super()._select_or_command(event)

    @on(Input.Submitted)
    def _wait_for_finds(self, event: Input.Submitted) -> None:
        for worker in self.workers:
            is_over = worker.is_finished or worker.is_cancelled
            if worker.node is self and worker.group == self._GATHER_COMMANDS_GROUP and not is_over:
                event.prevent_default()
                event.stop()
                self._take_first(worker)

    @work(group="taking", exclusive=True)
    async def _take_first(self, worker: Worker[None]) -> None:
        with suppress(WorkerError):  # where something else is typed meanwhile
            await worker.wait()
            self._select_or_command()
