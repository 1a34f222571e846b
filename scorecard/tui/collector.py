"""When objects are looked through for garbage: while nobody presses a key, as it takes longer than a frame."""

from __future__ import annotations

import gc

# new objects until a collection that is part of a frame: keys leave next to no garbage, but what is kept of rows counts too
_YOUNG, _MIDDLE = 200_000, 10
_NEVER = 1_000_000


class Collector:
    """Told of what happens, looked at now and then."""

    def __init__(self) -> None:
        self._busy = False
        self._renewed = False
        self._usual = gc.get_threshold()

    def begin(self) -> None:
        """From now on no collection of everything comes by itself, and none of what is new unless it is much."""
        gc.set_threshold(_YOUNG, _MIDDLE, _NEVER)

    def end(self) -> None:
        """It is as it was before: what was read is garbage again once nobody needs it."""
        gc.set_threshold(*self._usual)
        gc.unfreeze()

    def stir(self) -> None:
        """A key was pressed or the mouse moved."""
        self._busy = True

    def renew(self) -> None:
        """Much was read that will stay: it need not be looked through again, nor what is drawn of it at first."""
        self._renewed = True
        gc.freeze()

    def look(self) -> None:
        """Collect if nothing has happened since the last look."""
        busy, self._busy = self._busy, False
        if busy or not any(gc.get_count()[1:]):
            return
        gc.collect()
        if self._renewed:
            self._renewed = False
            gc.freeze()
