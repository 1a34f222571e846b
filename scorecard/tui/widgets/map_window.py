"""What of the map stands on the screen: its rows, and those that the next key may bring."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Offset, Size
from textual.strip import Strip

from scorecard.tui.widgets.arranger import Wanted
from scorecard.tui.widgets.map_painter import Face, MapPainter, Scene

_MOST_KEPT = 1_000  # rows that are kept as they were painted
_STILL = 0.03  # seconds without another goal after which the next key is prepared for
_AT_ONCE, _BETWEEN = 3, 0.0005  # rows that are painted ahead in one go, and the seconds between two goes


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
        self._waiting: asyncio.TimerHandle | None = None

    def look_at(self, painter: MapPainter, offset: Offset, width: int, scene: Scene) -> list[int] | None:
        """Look there from now on; returned are the rows of the screen that look otherwise now, None for all."""
        part, before = (painter, offset, width), self._faces
        if part == self._part and scene == self._scene:
            return []
        if painter is not self._part[0]:
            self._painted.clear()
        same, self._part, self._scene, self._faces = part == self._part, part, scene, {}
        return [y for y, face in before.items() if face != self._face(y)] if same else None

    def list_rows(self, lines: Iterable[int]) -> list[Strip]:
        """These rows of the screen."""
        return [self._paint(self._face(y)) for y in lines]

    def foresee(self, steps: Iterator[tuple[Scene, Offset]], height: int, console: Console) -> None:
        """While no other step is taken, paint what these would show: a few rows at a time, as keys come first."""
        self.rest()
        painter, _, width = self._part
        if painter is not None:
            rows = (painter.find_face(at.y + y, at.x, width, scene) for scene, at in steps for y in range(height))
            self._prepare(_STILL, painter, rows, console)

    def rest(self) -> None:
        """Paint nothing ahead."""
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None

    def _prepare(self, delay: float, *what: object) -> None:
        self._waiting = asyncio.get_running_loop().call_later(delay, self._paint_ahead, *what)  # type: ignore[arg-type]

    def _paint_ahead(self, painter: MapPainter, rows: Iterator[Face], console: Console) -> None:
        self._waiting, made = None, 0
        for face in rows:
            if painter is not self._part[0]:
                return
            if face not in self._painted:
                self._paint(face).render(console)
                made += 1
            if made == _AT_ONCE:
                self._prepare(_BETWEEN, painter, rows, console)
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
