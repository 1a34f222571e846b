"""How the app ends from outside: told by a signal, or as its terminal is gone."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
import threading

from textual.app import App

_LOOK = 0.25  # seconds between two looks at the terminal
_PATIENCE = 10.0  # seconds that the app may take to end


def has_terminal() -> bool:
    """Whether there is a terminal to draw on."""
    return sys.__stdin__ is not None and sys.__stdin__.isatty()


def end_when_told(app: App[None]) -> None:
    """From now on end as soon as somebody wants it, and give the terminal back as it was."""
    for name in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(name, _end, app, name)
    if has_terminal():
        app.set_interval(_LOOK, lambda: _end_without_terminal(app))


def _end_without_terminal(app: App[None]) -> None:
    """A terminal that is gone sends no keys any more, and not always a signal."""
    terminal = select.poll()
    terminal.register(sys.__stdin__.fileno(), select.POLLHUP)  # type: ignore[union-attr]
    if terminal.poll(0):
        _end(app, signal.SIGHUP)


def _end(app: App[None], told: signal.Signals) -> None:
    """End with the code that shells give such a signal, also where Textual waits for a terminal that takes nothing any more."""
    code = 128 + told
    last = threading.Timer(_PATIENCE, os._exit, (code,))
    last.daemon = True
    last.start()
    app.exit(return_code=code)
