"""The help: signs and words of what has the focus, its keys, and those that work everywhere; all of it scrolls as one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from scorecard.tui.keys import bind, show_key
from scorecard.tui.registry import SCREENS
from scorecard.tui.text import literal, wrap

_LABEL = 26  # columns of a sign, a word or keys, at most
_LINES = 60  # of a paragraph, at most
_STARS = re.compile(r"(`[^`]*`)|\*")  # what marks words, and not a star between backquotes
_WORDS = """
| word | means |
| --- | --- |
| index | the whole strategy as one score: its perspectives by their weights |
| coverage | the share of that whole whose figures are known |
| fresh | a figure of the period looked at, not one of an earlier period that stands in for it |
| illustrative | the figures are made up for an example |
"""
Row = tuple[str, str]  # keys, and what they do


class HelpScreen(ModalScreen[None]):
    """Says the help of a screen as it was when this one was opened."""

    DEFAULT_CSS = """
    HelpScreen { align: center middle; background: $background 70%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Close"),
        bind("help", "dismiss", "Close", show=False),
        bind("quit", "dismiss", "Close", show=False),
    ]

    def __init__(self, about: Screen[object]) -> None:
        super().__init__()
        self._about = about

    def compose(self) -> ComposeResult:
        yield HelpPanel(find_help(self._about.focused), *list_keys(self._about))

    def on_mount(self) -> None:
        self.query_one(HelpPanel).focus()


class HelpPanel(VerticalScroll):
    """Shows what is said of a widget in its HELP, the keys that work on it, and those that always do."""

    DEFAULT_CSS = """
    HelpPanel { width: 96; max-width: 96%; height: auto; max-height: 94%; background: $panel; border: round $accent;
        padding: 0 1 0 2; scrollbar-size-vertical: 1; border-title-color: $foreground; border-subtitle-color: $quiet; }
    HelpPanel Static { width: 100%; height: auto; }
    """

    def __init__(self, help_: str, here: Sequence[Row], everywhere: Sequence[Row]) -> None:
        super().__init__()
        self._help = help_
        self._keys = (("Keys here", here), ("Keys everywhere", everywhere))

    def compose(self) -> ComposeResult:
        yield Static()

    def on_mount(self) -> None:
        self.border_title = "Help"
        self.border_subtitle = "↑ ↓ scroll · esc closes"

    def on_resize(self) -> None:
        said = Content("\n").join(self._say(max(self.size.width - 1, 20)))
        self.query_one(Static).update(said)

    def _say(self, columns: int) -> Iterator[Content]:
        if self._help:
            yield from (*_say_text(self._help, columns), literal(""))
        yield literal("Words in the title", "bold underline")
        yield from _say_text(_WORDS, columns)
        yield from (literal(""), literal("Numbers on the tabs", "bold underline"))
        yield from _say_rows([(one.title, one.counts) for one in SCREENS if one.counts], columns)
        for title, keys in self._keys:
            if keys:
                yield from (literal(""), literal(title, "bold underline"))
                yield from _say_rows(keys, columns)


def find_help(focused: Widget | None) -> str:
    """The HELP of what has the focus, or of what is around it; "" where there is none."""
    around = focused.ancestors_with_self if focused else ()
    return next((node.HELP for node in around if isinstance(node, Widget) and node.HELP), "")


def list_keys(screen: Screen[object]) -> tuple[list[Row], list[Row]]:
    """The keys of a screen: those of what has the focus and its surroundings, first the ones that also stand at the foot,
    then others that have a name, and those that work everywhere. Keys of one action stand together."""
    found: dict[tuple[bool, str], tuple[list[str], str, int]] = {}
    for node, binding, _, _ in screen.active_bindings.values():
        words = binding.tooltip or binding.description
        if binding.system or not words:
            continue
        usual = None if binding.id else binding.key_display  # a named one is on the user's key
        everywhere = node is screen or node is screen.app
        rank = 0 if binding.show else 1 if binding.id else 2
        keys, _, _ = found.setdefault((everywhere, binding.action), ([], words, rank))
        if (key := usual or show_key(binding.key)) not in keys:
            keys.append(key)
    rows = [(far, rank, (" ".join(keys), words)) for (far, _), (keys, words, rank) in found.items()]
    rows = list(dict.fromkeys(rows))  # letters that stand for the lines of a list are one row
    here = sorted((one for one in rows if not one[0]), key=lambda one: one[1])
    return [row for _, _, row in here], [row for far, _, row in rows if far]


def _say_text(text: str, columns: int) -> Iterator[Content]:
    """A HELP: paragraphs, and tables of two columns, whose heads are left out."""
    paragraph: list[str] = []
    rows: list[Row] = []
    is_first = True
    for line in [*text.strip().splitlines(), ""]:
        if line.startswith("|"):
            if not rows and not is_first:
                yield literal("")
            label, _, said = line.strip("| ").partition(" | ")
            rows.append((label.strip("` "), said.strip()))
            continue
        if rows:
            yield from _say_rows(rows[2:], columns)
            rows, is_first = [], False
        if line:
            paragraph.append(_STARS.sub(lambda found: found[1] or "", line))
        elif paragraph:
            yield from () if is_first else (literal(""),)
            yield from _mark(wrap(" ".join(paragraph), columns, _LINES))
            paragraph, is_first = [], False


def _say_rows(rows: Sequence[Row], columns: int) -> Iterator[Content]:
    widest = min(max((cell_len(label) for label, _ in rows), default=0), _LABEL, columns // 2)
    for label, said in rows:
        head = literal(literal(label).plain + " " * (widest - cell_len(label) + 2), "bold $accent")
        for part in _mark(wrap(said, columns - max(widest, cell_len(label)) - 2, _LINES)):
            yield head + part
            head = literal(" " * (widest + 2))


def _mark(lines: Sequence[str]) -> Iterator[Content]:
    """Lines in which what stands between backquotes or double stars is bold."""
    bold = False
    for line in lines:
        said = literal("")
        for number, part in enumerate(line.replace("**", "`").split("`")):
            bold = bold != (number > 0)
            said += literal(part, "bold" if bold else "")
        yield said
