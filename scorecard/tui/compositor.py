"""The way from widgets to the terminal, shorter where little changed.

It leans on parts that are Textual's own affair, as does `widgets/scroll_bar.py`: `pyproject.toml` holds its minor version.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual._compositor import Compositor
from textual.geometry import Region
from textual.strip import Strip


class NearCompositor(Compositor):
    """Asks for rows only the widgets that stand where something changed, front to back until all of it is covered.

    Textual asks every widget on the screen, and cuts each of its rows.
    """

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        if crop is None:
            yield from super()._get_renders()
            return
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            if seen.overlaps(crop):
                yield region, clip, widget.render_lines(seen.translate(-region.offset))
                if seen.contains_region(crop):
                    return
