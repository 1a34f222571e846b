"""Text in SVG: its escape, its width by a small table, and names broken over lines that fit a box.

Widths are those of Helvetica and Arial in thousandths of the letter size, with some air, because the reader's machine
may have another font. Nothing here looks at fonts, so the same text is broken at the same places everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

FONT = "Helvetica, Arial, 'Liberation Sans', 'Noto Sans', sans-serif"

_REFUSED = (*range(10), *range(11, 32), *range(127, 160), 0x2028, 0x2029, *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)
_ESCAPED = dict.fromkeys(_REFUSED, "\ufffd") | {38: "&amp;", 60: "&lt;", 62: "&gt;", 34: "&quot;"}
_SPECIAL = re.compile(f"[{re.escape(''.join(map(chr, _ESCAPED)))}]")  # most texts have none, which is found sooner
_AIR = 1.05
_BOLD = 1.06
_OTHERS = 600  # letters of other scripts
_IDEOGRAPH = 1000
_JOINER = "\u200d"
_WIDTHS = {
    222: "ijl'",
    278: " !,./:;I[]\\ft·|",
    333: '-()r`"{}',
    389: "*^",
    500: "Jckvxyzs",
    556: "#$0123456789?L_abdeghnopqu€–",
    584: "+<=>~",
    611: "FTZ",
    667: "ABEKPSVXY&",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "…—",
    1015: "@",
}
_WIDTH = {letter: width for width, letters in _WIDTHS.items() for letter in letters}


def escape(text: str) -> str:
    """Text for an element or an attribute in double quotes; what XML or eyes cannot bear becomes a replacement sign."""
    return text.translate(_ESCAPED) if _SPECIAL.search(text) else text


@lru_cache(maxsize=2048)
def measure(text: str, size: float, bold: bool = False) -> float:
    """The width of a text in pixels, rather too much than too little."""
    return sum(map(_advance, text)) * size * _AIR * (_BOLD if bold else 1.0) / 1000


def cut(text: str, room: float, size: float, bold: bool = False) -> str:
    """The text cut to a width in pixels, with an ellipsis where something is missing."""
    head = _head(text, room, size, bold)
    if len(head) == len(text):
        return text
    return _head(text, room - measure("…", size, bold), size, bold).rstrip() + "…"


def break_lines(text: str, room: float, lines: int, size: float, bold: bool = False) -> list[str]:
    """The text in at most so many lines, broken at spaces and inside longer words; the last one may be cut."""
    done: list[str] = []
    rest = text.strip()
    while rest and len(done) < lines - 1:
        head = _head(rest, room, size, bold)
        if len(head) == len(rest):
            break
        space = len(head) if rest[len(head)].isspace() else head.rfind(" ")
        end = space if space > 0 else len(head)
        done.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*done, cut(rest, room, size, bold)] if rest or not done else done


@lru_cache(maxsize=2048)
def balance(text: str, room: float, lines: int, size: float, bold: bool = False) -> tuple[str, ...]:
    """The text in as few lines, but none much shorter than the others where that can be."""
    broken = break_lines(text, room, lines, size, bold)
    if len(broken) > 1 and not broken[-1].endswith("…"):
        for share in (0.6, 0.75, 0.9):
            even = break_lines(text, room * share, lines, size, bold)
            if len(even) == len(broken) and not even[-1].endswith("…"):
                return tuple(even)
    return tuple(broken)


def _head(text: str, room: float, size: float, bold: bool) -> str:
    """The longest beginning that fits, at least one letter, never parting a letter from its marks."""
    left = room * 1000 / (size * _AIR * (_BOLD if bold else 1.0))
    for place, sign in enumerate(text):
        width = _advance(sign)
        left -= width
        if left < 0 and place and width and text[place - 1] != _JOINER:
            return text[:place]
    return text


@cache
def _advance(sign: str) -> int:
    if known := _WIDTH.get(sign):
        return known
    if sign == _JOINER or unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0
    if unicodedata.east_asian_width(sign) in "WF":
        return _IDEOGRAPH
    return _WIDTH.get(unicodedata.normalize("NFD", sign)[0], _OTHERS)
