"""Text from files as literal content: the only way of data to a widget, a title, a tooltip or a toast."""

from __future__ import annotations

import re
import unicodedata

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from scorecard.model.status import Status

_SIGNS = {status.sign for status in Status}
_JOINERS = "\u200c\u200d"  # parts of ordinary words and emoji
_LONELY = re.compile(f"(?<!\\S)[{_JOINERS}]+|[{_JOINERS}]+(?!\\S)")  # that join nothing, and would take the next cell
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # Unicode categories that steer a terminal or show nothing


def literal(text: object, style: str = "", *, lines: bool = False) -> Content:
    """The text as content that holds no markup and no control character, in one style.

    Control characters, format characters, joiners that join nothing and lone surrogates become visible signs (`␛`,
    `<U+202E>`). With `lines`, line ends stay; otherwise they become spaces, as tabs always do. For a place that takes
    text only (a title), use `literal(text).plain`.
    """
    plain = str(text)
    if not plain.isprintable():
        plain = _LONELY.sub(lambda found: "".join(map(_name, found[0])), plain)
        plain = "".join(_show(character, lines) for character in plain)
    return Content.styled(plain, style) if style else Content(plain)


def fit(text: str, columns: int) -> str:
    """The text as a literal one in exactly so many terminal cells: padded, or cut with an ellipsis."""
    text = literal(text).plain
    if cell_len(text) <= columns:
        return set_cell_size(text, columns)
    return set_cell_size(set_cell_size(text, columns - 1).rstrip(f" {_JOINERS}") + "…", columns) if columns > 0 else ""


def wrap(text: str, columns: int, most: int) -> tuple[str, ...]:
    """A text from a file as literal lines of at most so many cells; what passes the last line ends in an ellipsis.

    The sign of a status stays with the word that it is of.
    """
    words: list[str] = []
    for word in literal(text).plain.split() or [""]:
        if words and words[-1] in _SIGNS:
            words[-1] += f" {word}"
        else:
            words.append(word)
    lines: list[str] = []
    while words and len(lines) < most - 1:
        line = words.pop(0)
        if cell_len(line) > columns:
            head = set_cell_size(line, columns).rstrip()
            words.insert(0, line[len(head) :])
            line = head
        else:
            while words and cell_len(line) + 1 + cell_len(words[0]) <= columns:
                line += " " + words.pop(0)
        lines.append(line)
    if words:
        lines.append(fit(" ".join(words), columns).rstrip())
    return tuple(lines)


def _show(character: str, lines: bool) -> str:
    if character in "\t\n":
        return character if lines and character == "\n" else " "
    if character in _JOINERS or unicodedata.category(character) not in _UNSEEN:
        return character
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return _name(character)


def _name(character: str) -> str:
    return f"<U+{ord(character):04X}>"
