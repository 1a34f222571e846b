"""The keys by name: what each named action is bound to unless the user's config says otherwise, and how a binding is made of it.

A name without a dot works on every screen; before a dot stands the screen on which the others do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from textual.binding import Binding
from textual.keys import Keys, format_key

from scorecard.tui.registry import SCREENS

KEYS = {
    **{f"open_{entry.id}": entry.key for entry in SCREENS},
    "previous_period": "left_square_bracket",
    "next_period": "right_square_bracket",
    "go_to_period": "g",
    "find": "slash",
    "record": "v",
    "undo": "u",
    "edit": "e",
    "compare": "c",
    "copy": "y",
    "export": "x",
    "theme": "t",
    "reload": "r",
    "help": "question_mark",
    "quit": "q",
    "map.panel": "p",
    "map.chain": "f",
    "map.filter": "slash",
    "map.show_all": "backspace",
    "scorecard.filter": "slash",
    "scorecard.show_all": "backspace",
    "scorecard.sort": "s",
    "scorecard.turn": "S",
    "detail.part": "o",
    "detail.next": "n",
    "detail.previous": "b",
    "what_if.lists": "l",
    "what_if.map": "m",
    "what_if.compare": "C",
    "what_if.type": "equals_sign",
    "what_if.target": "T",
    "what_if.weight": "w",
    "what_if.switch": "space",
    "what_if.drop": "backspace,delete",
    "what_if.clear": "R",
    "what_if.redo": "U",
    "what_if.keep": "K",
    "what_if.open": "O",
    "initiatives.sort": "s",
    "initiatives.sort_back": "S",
    "problems.filter": "f",
    "problems.explain": "E",
    "review.next": "space",
    "review.back": "backspace,b",
    "review.note": "n",
    "review.decide": "d",
    "review.override": "o",
    "review.present": "p",
    "review.minutes": "w",
    "review.close": "f",
    "members.dimension": "d",
    "members.part": "o",
    "members.find": "slash",
    "members.whole": "w",
}
# What moves inside maps, lists and forms, and steps in and out: these have no names, and stay.
MOVING = frozenset(
    {"up", "down", "left", "right", "h", "j", "k", "l", "H", "L", "less_than_sign", "greater_than_sign"}
    | {"home", "end", "ctrl+home", "ctrl+end", "pageup", "pagedown", "shift+left", "shift+right"}
)
FIXED = frozenset({"enter", "escape", "tab", "shift+tab", "ctrl+p", "ctrl+q", "ctrl+c", "ctrl+s", "ctrl+r"})

_MODIFIERS = {"ctrl", "alt", "shift", "super", "hyper", "meta"}
_NAMES = {key.value for key in Keys if key.value[0] != "<" and key.value != "ignore"}
_ALSO = {"map.chain": "what_if"}  # a second screen that an action is on
_FINDING = {"map.filter", "scorecard.filter", "members.find"}  # on whose screens `find` gives way to them


def bind(
    name: str, action: str, words: str, *, show: bool = True, key_display: str | None = None, about: str = ""
) -> Binding:
    """The binding of a named action to its key, or to the one that the user gave it. `about` is said of it in the help,
    where `words` alone would not do."""
    return Binding(KEYS[name], action, words, show=show, key_display=key_display, tooltip=about, id=name)


def split_keys(text: str) -> list[str]:
    """Keys parted by commas, as Textual calls them: `[, f5` is `left_square_bracket` and `f5`. Raises InvalidBinding
    where one is empty."""
    return [one.key for one in Binding.make_bindings([Binding(text, "")])]


def show_keys(name: str, keys: Mapping[str, str]) -> str:
    """What is on the keyboard for an action, with the user's keys before the usual ones: `[`, `ctrl+→`, `b ⌫`."""
    return " ".join(show_key(key) for key in split_keys(keys.get(name) or KEYS[name]))


def show_key(key: str) -> str:
    *modifiers, last = key.split("+")
    return "+".join([*modifiers, format_key(last)])


def is_key(key: str) -> bool:
    """Whether there is such a key: a character, a name such as `f5` or `slash`, and modifiers such as `ctrl+` before it."""
    *modifiers, last = key.split("+")
    return set(modifiers) <= _MODIFIERS and (last in _NAMES or len(format_key(last)) == 1)


def find_rivals(keys: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """With these keys by name beside all others: a name, a key of it, and the other action that has that key at the
    same time."""
    taken = {name: split_keys(keys.get(name, usual)) for name, usual in KEYS.items()}
    for name in keys:
        for key in taken[name]:
            for other, theirs in taken.items():
                if key in theirs and other != name and _meet(name, other):
                    yield name, key, other


def list_names() -> Iterable[str]:
    """What a key can be called, for hints."""
    return sorted(_NAMES)


def _meet(name: str, other: str) -> bool:
    """Whether two actions are there on one screen, and neither gives way to the other."""
    if (name == "find" and other in _FINDING) or (other == "find" and name in _FINDING):
        return False
    places, others = _places(name), _places(other)
    return not places or not others or bool(places & others)


def _places(name: str) -> set[str]:
    screen, dot, _ = name.partition(".")
    return {screen, _ALSO.get(name, screen)} if dot else set()
