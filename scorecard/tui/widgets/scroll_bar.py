"""The scroll bars of what is scrolled with every other key."""

from __future__ import annotations

from typing import cast

from rich.color import Color
from textual.filter import ANSIToTruecolor
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip
from textual.widget import Widget


class QuickBar(ScrollBar):
    """A scroll bar whose rows are not styled one by one, as it has neither border nor padding."""

    def render_lines(self, crop: Region) -> list[Strip]:
        bar, length = cast("ScrollBarRender", self.render()), self.size.height if self.vertical else self.size.width
        style = self.app.console.get_style(bar.style)
        colours = (style.bgcolor or Color.default(), style.color or Color.default())
        ends = (bar.virtual_size, bar.window_size, bar.position, bar.thickness, bar.vertical)
        segments = [*bar.render_bar(length, *ends, *colours).segments][:length]
        if self.vertical:
            cells = {segment: Strip([segment], bar.thickness) for segment in set(segments)}
            strips = [cells[segment] for segment in segments]
        else:
            strips = [Strip(segments, length).simplify()] * bar.thickness
        return filter_lines(self, strips[crop.y : crop.bottom], crop)


def filter_lines(widget: Widget, strips: list[Strip], crop: Region) -> list[Strip]:
    """Rows of a widget, for a terminal of few colours where it is one, cut to the columns of `crop`."""
    for line_filter in widget.get_line_filters():
        if not isinstance(line_filter, ANSIToTruecolor) or widget.app.current_theme.ansi:
            strips = [strip.apply_filter(line_filter, widget.background_colors[1]) for strip in strips]
    if crop.x == 0 and all(strip.cell_length <= crop.right for strip in strips):
        return strips
    return [strip.crop(crop.x, crop.right) for strip in strips]


class QuickScroll(ScrollView):
    """A view of lines with such bars."""

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = self._start(QuickBar(True, "vertical", thickness=self.scrollbar_size_vertical))
        return self._vertical_scrollbar

    @property
    def horizontal_scrollbar(self) -> ScrollBar:
        if self._horizontal_scrollbar is None:
            bar = QuickBar(False, "horizontal", thickness=self.scrollbar_size_horizontal)
            self._horizontal_scrollbar = self._start(bar)
        return self._horizontal_scrollbar

    def _start(self, bar: ScrollBar) -> ScrollBar:
        bar.display = False
        self.app._start_widget(self, bar)
        return bar
