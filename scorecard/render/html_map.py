"""The map in a web page: the SVG of our own layout, its cards links, its colours those of the page."""

from __future__ import annotations

import re
from collections.abc import Mapping

from scorecard.render.captions import index_words
from scorecard.render.edition import Edition
from scorecard.render.html_text import Html, escape, say, tag
from scorecard.render.palette import LIGHT
from scorecard.render.svg import write_svg
from scorecard.render.svg_pen import Pen
from scorecard.render.svg_text import FONT

_SIZE = re.compile(r'width="(\d+)" height="(\d+)"')


def draw_map(edition: Edition, addresses: Mapping[str, str], heading: str = "Map") -> Html:
    """The map under a heading; `addresses` are where the cards of goals lead to."""
    scroll = tag("div", _draw_svg(edition, addresses), class_="wide", tabindex="0", role="region", aria_label="Map")
    hint = say(
        "p", "Point at a goal, or go to it by Tab, to see what drives it and what it drives.", class_="hint", hidden=""
    )
    return tag("section", say("h2", heading, id="map-name"), hint, scroll, id="map", aria_labelledby="map-name")


def _draw_svg(edition: Edition, addresses: Mapping[str, str]) -> Html:
    """The drawing without its own style sheet; not one image, as there are links in it."""
    root, _, rest = write_svg(edition.picture, addresses=addresses).partition("\n")
    found = _SIZE.search(root)
    assert found is not None
    width, height = found.groups()
    said = escape(index_words(edition.picture))
    start = f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="group" aria-label="{said}"'
    inside = rest.replace(Pen(LIGHT, both=True).style(), "", 1)
    return Html(f'{start} class="strategy-map" font-family="{FONT}">\n{inside}')
