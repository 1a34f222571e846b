"""The elements of a web page: the one escape of its texts, tags, and how a status and a bar look in it.

`Html` is text that passed `escape` or was made of such by `tag`; nothing else may be put into a page.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NewType

from scorecard.model.status import Status

Html = NewType("Html", str)

_REFUSED = (*range(9), 11, 12, *range(14, 32), *range(127, 160), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)
_ESCAPED = dict.fromkeys(_REFUSED, "\ufffd") | {38: "&amp;", 60: "&lt;", 62: "&gt;", 34: "&quot;", 13: "&#13;"}
_VOID = frozenset({"meta", "link", "input", "br"})


def escape(text: str) -> Html:
    """Text for an element or an attribute in double quotes; what a page cannot hold becomes a replacement sign."""
    return Html(text.translate(_ESCAPED))


def tag(name: str, /, *inside: Html, **attributes: str | None) -> Html:
    """An element; an attribute's `_` stands for `-`, one at its end is dropped, and None leaves the attribute away."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Html(f"<{name}{said}>" + ("" if name in _VOID else f"{''.join(inside)}</{name}>"))


def say(name: str, text: str, /, **attributes: str | None) -> Html:
    """An element around a text."""
    return tag(name, escape(text), **attributes)


def join(parts: Iterable[Html], between: str = "") -> Html:
    """Elements one behind the other."""
    return Html(between.join(parts))


def say_status(status: Status, words: str, name: str = "span") -> Html:
    """Words that begin with a status, in its colour."""
    return say(name, words, class_=f"status {status}")


def list_items(items: Iterable[Html], **attributes: str | None) -> Html:
    """A list, or nothing where it has no items."""
    rows = [tag("li", one) for one in items]
    return tag("ul", *rows, **attributes) if rows else Html("")


def draw_bar(filled: float, status: Status, rest: float) -> Html:
    """A bar of two parts, shares of its whole length (0..1): one in the colour of a status, and what is lacking there."""
    length, lacking = 100 * min(1.0, max(0.0, filled)), 100 * min(1.0, max(0.0, rest))
    parts = [(0.0, length, f"fill-status-{status}"), (length, min(lacking, 100 - length), "lacking")]
    drawn = [
        tag("rect", x=f"{start:.1f}", y="0", width=f"{width:.1f}", height="8", class_=look)
        for start, width, look in parts
        if width > 0.05
    ]
    return tag("svg", *drawn, class_="bar", viewBox="0 0 100 8", preserveAspectRatio="none", aria_hidden="true")


def draw_table(caption: Html, head: Iterable[Html], rows: Iterable[Html], **attributes: str | None) -> Html:
    """A table that scrolls sideways by itself where it is wider than its place."""
    body = [tag("thead", tag("tr", *head)), tag("tbody", *rows)]
    table = tag("table", tag("caption", caption), *body, **attributes)
    return tag("div", table, class_="wide", tabindex="0", role="region", aria_label="Table")
