"""One line on stderr that says how far long work has come: written anew in its place, and gone at the end."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic

from scorecard.model.progress import Hear, draw_bar, say_progress, tell_nobody

_PATIENCE = 0.5  # seconds of a command in which nothing is said
_BEAT = 0.1  # seconds between two looks
_BAR = 20  # columns
_BACK, _CLEAR = "\r", "\x1b[K"
_BEGUN = monotonic()


@contextmanager
def working(doing: str) -> Iterator[Hear]:
    """Say what is done while it lasts: `doing`, or what was heard since. What comes with it is told how far it is.

    Nothing is written where the command is short, and where stderr is no terminal that can rewrite a line. Whatever else
    goes to stderr is written before or after.
    """
    if not can_rewrite():
        yield tell_nobody
        return
    line = _Line(doing)
    thread = Thread(target=line.show, daemon=True)
    thread.start()
    try:
        yield line.hear
    finally:
        line.over.set()
        thread.join()


def can_rewrite() -> bool:
    """Whether stderr is a terminal in which a line can be written anew."""
    return sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"


class _Line:
    """What is done now, and in a thread the line that says it."""

    def __init__(self, doing: str) -> None:
        self.over = Event()
        self._now = (doing, 0, 0)
        self._begun = monotonic()

    def hear(self, doing: str, done: int, of: int) -> None:
        self._now = (doing, done, of)

    def show(self) -> None:
        """Write the line again and again until it is over."""
        shown = False
        wait = max(_BEGUN + _PATIENCE - monotonic(), _BEAT)
        while not self.over.wait(wait):
            self._write(f"{_BACK}{self._say()}{_CLEAR}")
            shown, wait = True, _BEAT
        if shown:
            self._write(f"{_BACK}{_CLEAR}")

    def _say(self) -> str:
        """The words, a bar where it is known of how much, and the seconds; not as wide as the terminal."""
        from scorecard.render.words import clip  # most commands are over before

        doing, done, of = self._now
        words = say_progress(doing, done, of)
        bar = f" {draw_bar(done, of, _BAR)}" if of else ""
        time = f" … {monotonic() - self._begun:.0f} s"
        room = (os.get_terminal_size(sys.stderr.fileno()).columns or 80) - 1 - len(time)
        if len(words) + len(bar) <= room:
            words += bar
        return clip(words, room) + time if room > 0 else ""

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()
