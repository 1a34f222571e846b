"""What of the map stands on the screen: its rows, and those that the next key may bring."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from time import perf_counter

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Offset, Size
from textual.strip import Strip

from scorecard.tui.widgets.arranger import Wanted
from scorecard.tui.widgets.map_painter import Face, MapPainter, Scene

_MOST_KEPT = 1_000  # rows that are kept as they were painted
_STILL = 0.02  # seconds without a key after which the next one is prepared for
_AT_ONCE = 0.001  # seconds that rows are painted ahead in one go, between which keys are heard


def say_waiting(wanted: Wanted | None, size: Size, y: int, style: Style) -> Strip:
    """A row of a screen without a map: in the middle, that it is laid out."""
    text = ""
    if wanted and y == size.height // 2:
        text = f"laying out {len(wanted.picture.boxes):,} goals …"[: size.width].center(size.width)
    return Strip([Segment(text.ljust(size.width), style)], size.width)


class MapWindow:
    """Looks at a part of a map. A row that looks as one before is not painted again."""

    def __init__(self) -> None:
        self._part: tuple[MapPainter | None, Offset, int] = (None, Offset(), 0)
        self._scene = Scene()
        self._faces: dict[int, Face] = {}  # of the rows of the screen
        self._painted: dict[Face, Strip] = {}
        self._coming: Iterator[Face] = iter(())  # rows that the next key may bring
        self._waiting: asyncio.Handle | None = None  # to be painted ahead

    def look_at(self, painter: MapPainter, offset: Offset, width: int, scene: Scene) -> list[int] | None:
        """Look there from now on; returned are the rows of the screen that look otherwise now, None for all."""
        part, before = (painter, offset, width), self._faces
        if part == self._part and scene == self._scene:
            return []
        if painter is not self._part[0]:
            self._painted.clear()
            self.rest()
        same, self._part, self._scene, self._faces = part == self._part, part, scene, {}
        return [y for y, face in before.items() if face != self._face(y)] if same else None

    def list_rows(self, lines: Iterable[int]) -> list[Strip]:
        """These rows of the screen."""
        return [self._paint(self._face(y)) for y in lines]

    def foresee(self, steps: Iterator[tuple[Scene, Offset]], height: int, console: Console) -> None:
        """While no key is pressed, paint what these steps would show."""
        painter, _, width = self._part
        if painter is not None:
            rows = (painter.find_face(at.y + y, at.x, width, scene) for scene, at in steps for y in range(height))
            self._coming = (face for face in rows if face not in self._painted)
            self._wait(console)

    def put_off(self, console: Console) -> None:
        """A key was pressed: paint on when no other follows."""
        if self._waiting:
            self._wait(console)

    def rest(self) -> None:
        """Paint nothing ahead."""
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None

    def _wait(self, console: Console) -> None:
        self.rest()
        self._waiting = asyncio.get_running_loop().call_later(_STILL, self._paint_ahead, console)

    def _paint_ahead(self, console: Console) -> None:
        self._waiting, enough = None, perf_counter() + _AT_ONCE
        for face in self._coming:
            self._paint(face).render(console)
            if perf_counter() > enough:
                self._waiting = asyncio.get_running_loop().call_soon(self._paint_ahead, console)
                return

    def _face(self, y: int) -> Face:
        if y not in self._faces:
            painter, (left, top), width = self._part
            assert painter, "a part is looked at"
            self._faces[y] = painter.find_face(y + top, left, width, self._scene)
        return self._faces[y]

    def _paint(self, face: Face) -> Strip:
        strip = self._painted.get(face)
        if strip is None:
            painter = self._part[0]
            assert painter, "a part is looked at"
            strip = self._painted[face] = Strip(painter.paint(face), face.columns)
            if len(self._painted) > _MOST_KEPT:
                del self._painted[next(iter(self._painted))]
        return strip
