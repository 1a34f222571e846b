"""Work beside the keys: what an app is doing in threads, how far it has come, and what leaves the keys their time."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic
from weakref import WeakKeyDictionary

from scorecard.model.progress import Hear, draw_bar, say_progress

_EAGER = 0.0005  # seconds after which a thread lets the keys go first; Python's own are ten times as many
_PACE = 8.0  # columns a second of the piece that moves along the bar where nobody knows of how much
_USUAL = sys.getswitchinterval()


class Work:
    """One piece of work since `begun` (as in `monotonic`); it may hear from another thread how far it is."""

    def __init__(self, doing: str) -> None:
        self.begun = monotonic()
        self._now = (doing, 0, 0)

    def hear(self, doing: str, done: int, of: int) -> None:
        self._now = (doing, done, of)

    @property
    def seconds(self) -> float:
        return monotonic() - self.begun

    def say(self) -> str:
        """Such as `reading files, 312 of 500`."""
        return say_progress(*self._now)

    def draw_bar(self, columns: int) -> str:
        """How much is done of the whole; where nobody knows the whole, a piece that moves along."""
        _, done, of = self._now
        if of:
            return draw_bar(done, of, columns)
        piece = max(columns // 4, 1)
        at = int(self.seconds * _PACE) % (columns - piece + 1)
        return "─" * at + "━" * piece + "─" * (columns - piece - at)


_works: WeakKeyDictionary[object, list[Work]] = WeakKeyDictionary()  # by app, the oldest first
_changing = Lock()


@contextmanager
def working(app: object, doing: str) -> Iterator[Hear]:
    """Work of an app while it lasts; who does it is handed what to tell. Keys come first meanwhile."""
    work = Work(doing)
    with _changing:
        _works.setdefault(app, []).append(work)
        sys.setswitchinterval(_EAGER)
    try:
        yield work.hear
    finally:
        with _changing:
            _works[app].remove(work)
            if not any(_works.values()):
                sys.setswitchinterval(_USUAL)


def find_work(app: object) -> Work | None:
    """The work of an app that has lasted longest; None where it does nothing."""
    return next(iter(_works.get(app, ())), None)
