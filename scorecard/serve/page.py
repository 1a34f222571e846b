"""The files that make up the page: our own, and of Textual's package the terminal that runs in the browser."""

from __future__ import annotations

import html
from importlib.resources import files
from typing import NamedTuple

from textual.theme import Theme

_OWN = (("page.css", "text/css"), ("page.js", "text/javascript"), ("icon.svg", "image/svg+xml"))
_TEXTUAL = (
    ("static/js/textual.js", "text/javascript"),
    ("static/css/xterm.css", "text/css"),
    ("static/fonts/RobotoMono-VariableFont_wght.ttf", "font/ttf"),
)


class File(NamedTuple):
    """What is sent, and as what."""

    data: bytes
    kind: str


def load_files(theme: Theme) -> dict[str, File]:
    """All but the page itself, by name. The colours of the page are those of the theme."""
    own, textual = files("scorecard.serve") / "page", files("textual_serve")
    found = {name: File((own / name).read_bytes(), kind) for name, kind in _OWN}
    found |= {path.rpartition("/")[2]: File(textual.joinpath(path).read_bytes(), kind) for path, kind in _TEXTUAL}
    found["theme.css"] = File(_write_colours(theme).encode(), "text/css")
    return found


def write_page(title: str, socket: str, nonce: str) -> str:
    """The page for one visit; `socket` is the address of its websocket, `nonce` lets the terminal add its styles."""
    text = (files("scorecard.serve") / "page" / "index.html").read_text(encoding="utf-8")
    for name, value in (("NONCE", nonce), ("SOCKET", socket), ("TITLE", title)):
        text = text.replace(f"%{name}%", html.escape(value))
    return text


def _write_colours(theme: Theme) -> str:
    colours = {"background": theme.background, "text": theme.foreground, "panel": theme.panel, "lit": theme.accent}
    scheme = "dark" if theme.dark else "light"
    return f":root {{ color-scheme: {scheme}; {' '.join(f'--{name}: {one};' for name, one in colours.items())} }}\n"
