"""What stands there while the path is read: what is done, and from half a second on for how long."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from textual.widgets import Static

from scorecard.tui.text import literal

_PATIENCE = 0.5  # seconds without a clock, and between two looks at it


class Waiting(Static):
    """Says what `doing` says at each look; that may come from another thread."""

    def __init__(self, doing: Callable[[], str], *, id: str | None = None) -> None:
        super().__init__(literal(f"{doing()} …"), id=id)
        self._doing = doing

    def on_mount(self) -> None:
        self._begun = monotonic()
        self.set_interval(_PATIENCE, self._look)

    def _look(self) -> None:
        self.update(literal(f"{self._doing()} … {monotonic() - self._begun:.0f} s"))
