"""The strategies of a workspace: a list with index, coverage and what is worst; Enter goes in."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from scorecard.analysis.attention import count_worst
from scorecard.compute.evaluation import Evaluation
from scorecard.render.words import coverage_words, status_words
from scorecard.tui.text import fit, literal
from scorecard.tui.widgets.choices import ChoiceList
from scorecard.tui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    from scorecard.tui.app import ReviewApp

_STATUS = 14  # columns of status and index
_EDGES = 4  # columns beside the lines, and between title and details
_WORST = (
    ("red goal", "red goals"),
    ("guardrail breached", "guardrails breached"),
    ("stale", "stale"),
    ("warning", "warnings"),
)  # as `Worst` counts them


class StrategiesScreen(Screen[None]):
    """Chooses one strategy of the workspace."""

    CSS = """
    #head { height: 1; padding: 0 1; background: $panel; text-style: bold; }
    OptionList { height: 1fr; border: none; background: $background; text-wrap: nowrap; text-overflow: ellipsis; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Back", show=False)]

    def compose(self) -> ComposeResult:
        yield Static(literal("Strategies of this workspace"), id="head")
        yield ChoiceList()
        yield KeyBar()

    def on_mount(self) -> None:
        self.renew()
        self.query_one(OptionList).focus()

    def renew(self) -> None:
        """Fill the list anew; the cursor stays."""
        options = self.query_one(OptionList)
        at = options.highlighted
        options.clear_options()
        for name, evaluation in cast("ReviewApp", self.app).evaluations.items():
            options.add_option(Option(_say(evaluation, self.app.size.width), id=name))
        options.highlighted = at if at is not None and at < options.option_count else 0

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        app = cast("ReviewApp", self.app)
        self.dismiss()
        app.enter(str(event.option.id))


def _say(evaluation: Evaluation, width: int) -> Content:
    """A strategy on so many columns; a second line says what is worst, where there is anything."""
    index, goals = evaluation.index, len(evaluation.strategy.goals)
    details = f"{coverage_words(index.coverage)} · {evaluation.period} · {_count(goals, 'goal', 'goals')}"
    title = fit(evaluation.strategy.title, max(width - _STATUS - len(details) - _EDGES, _STATUS))
    line = literal(status_words(index.status, index.score).ljust(_STATUS), f"$status-{index.status}")
    line += literal(title.rstrip(), "bold") + literal(f"  {details}", "$quiet")
    found = [_count(number, *words) for number, words in zip(count_worst(evaluation), _WORST, strict=True) if number]
    return line + literal(f"\n{' ' * _STATUS}{' · '.join(found)}", lines=True) if found else line


def _count(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"
