"""The way from widgets to the terminal, shorter where little changed.

It leans on parts that are Textual's own affair, as does `widgets/scroll_bar.py`: `pyproject.toml` holds its minor version.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from rich.console import Console, ConsoleOptions, RenderResult
from rich.control import Control
from textual._compositor import ChopsUpdate, Compositor, CompositorUpdate
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

_BREAK = 1 / 120  # seconds from one frame to the next one
_Span = tuple[int, int, int]  # a row, and the columns from one to before another


class Piece(NamedTuple):
    """A part of a row of the screen, and where it begins."""

    x: int
    y: int
    strip: Strip


class PiecesUpdate(CompositorUpdate):
    """Writes parts of rows, each where it stands."""

    def __init__(self, pieces: list[Piece]) -> None:
        self.pieces = pieces

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for x, y, strip in self.pieces:
            yield Control.move_to(x, y).segment
            yield from strip

    def render_segments(self, console: Console) -> str:
        return "".join([f"\x1b[{y + 1};{x + 1}H{strip.render(console)}" for x, y, strip in self.pieces])


class Pace:
    """Makes the frames of a screen: at once where none was of late, else as soon as it is time for another.

    Textual waits for the next beat of a clock and often for the one after it, so that what a key changes is seen up to two
    beats later if another frame was written just before.
    """

    def __init__(self, draw: Callable[[], None], fail: Callable[[Exception], None]) -> None:
        self._draw, self._fail = draw, fail
        self._drawn = 0.0
        self._waiting: asyncio.TimerHandle | None = None

    def resume(self) -> None:
        """There is something to draw."""
        if self._waiting is None:
            loop = asyncio.get_running_loop()
            self._waiting = loop.call_at(max(self._drawn + _BREAK, loop.time()), self._beat)

    def pause(self) -> None:
        """There is nothing to draw any more."""
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None

    def _beat(self) -> None:
        self._waiting = None
        try:
            self._draw()
        except Exception as error:
            self._fail(error)
        self._drawn = asyncio.get_running_loop().time()


class NearCompositor(Compositor):
    """Asks for rows only the widgets that stand where something changed, front to back until all of it is covered.

    Textual asks every widget on the screen, and cuts each of its rows at the sides of all others.
    """

    def render_partial_update(self) -> ChopsUpdate | None:
        """What changed since the last frame; None for nothing."""
        left = list(self._regions_to_spans({region.intersection(self.size.region) for region in self._dirty_regions}))
        self._dirty_regions.clear()
        pieces: list[Piece] = []
        for widget, (region, clip) in self.visible_widgets.items():
            if not left:
                break
            seen = region.intersection(clip)
            taken, left = _divide(left, seen)
            if taken:
                pieces += _ask(widget, region, seen, taken)
        # Textual's own type is a class with the same use: what is written by `render_segments`
        return PiecesUpdate(pieces) if pieces else None  # type: ignore[return-value]


class QuickScreen(Screen[None]):
    """A screen whose frames come soon and take the shorter way."""

    def __init__(self) -> None:
        super().__init__()
        self._compositor = NearCompositor()
        self._pace = Pace(self._on_timer_update, lambda error: self.app._handle_exception(error))

    @property
    def _update_timer(self) -> Pace:  # type: ignore[override]
        """What Textual asks for the next frame."""
        return self._pace


def _divide(spans: list[_Span], seen: Region) -> tuple[list[_Span], list[_Span]]:
    """What of the spans lies in a region, and what does not."""
    x, y, right, bottom = seen.x, seen.y, seen.right, seen.bottom
    taken: list[_Span] = []
    left: list[_Span] = []
    for span in spans:
        row, first, last = span
        if not y <= row < bottom or last <= x or right <= first:
            left.append(span)
        elif x <= first and last <= right:
            taken.append(span)
        else:
            taken.append((row, max(first, x), min(last, right)))
            left += [(row, first, x)] * (first < x) + [(row, right, last)] * (right < last)
    return taken, left


def _ask(widget: Widget, region: Region, seen: Region, spans: list[_Span]) -> list[Piece]:
    """The rows of a widget in those spans."""
    first, last = spans[0][0], spans[-1][0]
    strips = widget.render_lines(Region(seen.x - region.x, first - region.y, seen.width, last + 1 - first))
    pieces = []
    for y, x, right in spans:
        strip = strips[y - first]
        if x > seen.x or right < seen.x + strip.cell_length:
            strip = strip.crop(x - seen.x, right - seen.x)
        pieces.append(Piece(x, y, strip))
    return pieces
