"""What the app says in passing: toasts, with the paths of files in short."""

from __future__ import annotations

import os
import re
from time import time
from typing import Literal

from textual.app import App
from textual.widgets._toast import Toast

from scorecard.tui.text import literal

Severity = Literal["information", "warning", "error"]

_STANDS = 4.0  # seconds of a toast
_HELD = 1.0  # seconds in which the same is not said again


def show_notice(app: App[None], text: str, severity: Severity) -> None:
    """A toast. One that says the same makes room for it; where that has just come, as while a key is held down, it stays
    instead."""
    plain = literal(text).plain
    if any(one.message == plain and time() - one.raised_at < _HELD for one in app._notifications):
        return
    for toast in app.screen.query(Toast):
        if toast._notification.message == plain:
            toast._expire()
    app.notify(plain, severity=severity, markup=False, timeout=_STANDS)


def shorten_paths(text: str, path: str) -> str:
    """A text in which the files below a path, and below the folder the app was started in, are named from there."""
    root = os.path.abspath(path)
    for folder in (root if os.path.isdir(root) else os.path.dirname(root), os.getcwd()):
        if folder != os.sep:
            text = re.sub(rf"(?<![\w./-]){re.escape(folder + os.sep)}", "", text)
    return text
