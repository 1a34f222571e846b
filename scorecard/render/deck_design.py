"""What the design of a deck leaves to us: the palette that fits its ground, and where on a slide there is room."""

from __future__ import annotations

from typing import Any

from scorecard.render.deck_file import load, seek
from scorecard.render.deck_page import Place, a
from scorecard.render.palette import DARK, LIGHT, Theme

_INSET = 91440  # EMU of text in a box, where nothing is said
_MARGIN = 0.05  # of a slide's width, where a layout says nothing


def find_theme(deck: Any) -> Theme:
    """The palette that fits the ground of a deck's slides: ours for dark ones where its first background is dark."""
    master = deck.slide_master
    mapped = seek(master.element, "./p:clrMap/@bg1")
    theme = load("oxml").parse_xml(master.part.part_related_by(load("opc.constants").RELATIONSHIP_TYPE.THEME).blob)
    own = seek(master.element, "./p:cSld/p:bg//a:schemeClr/@val")
    name = own[0] if own else "bg1"
    name = {"bg1": mapped[0] if mapped else "lt1", "bg2": "lt2", "tx1": "dk1", "tx2": "dk2"}.get(name, name)
    plain = seek(master.element, "./p:cSld/p:bg//a:srgbClr/@val")
    found = plain or [
        color.get("val") if color.get("lastClr") is None else color.get("lastClr")
        for color in theme.iterfind(f".//{a('clrScheme')}/{a(name)}/*")
    ]
    red, green, blue = (int(found[0][at : at + 2], 16) for at in (0, 2, 4)) if found else (255, 255, 255)
    return DARK if 0.299 * red + 0.587 * green + 0.114 * blue < 110 else LIGHT


def find_area(deck: Any, layout: Any) -> tuple[Place, Place, bool]:
    """Where titles stand, where there is room below them, and whether titles have to be moved there."""
    width, height = deck.slide_width, deck.slide_height
    side = round(width * _MARGIN)
    title = (side, round(height * 0.05), width - 2 * side, round(height * 0.1))
    found = [one for one in layout.placeholders if one.placeholder_format.type in (1, 3) and one.width]
    feet = [one.top for one in layout.placeholders if one.placeholder_format.type in (13, 15, 16) and one.top]
    above, below = _find_ornaments(layout, width, height)
    foot = min([top for top in (*feet, *below) if top > height * 0.75], default=height - side // 2)
    moves = not found or found[0].top + found[0].height > height * 0.3 or found[0].width < width * 0.5
    inset = 0
    if not moves:
        title = (found[0].left, found[0].top, found[0].width, found[0].height)
        inset = _find_inset(layout)
    top = max([title[1] + title[3], *above]) + round(height * 0.012)
    left = min(max(title[0] + inset, side // 3), width // 5)
    return title, (left, top, width - 2 * left, foot - top - round(height * 0.012)), moves


def _find_ornaments(layout: Any, width: int, height: int) -> tuple[list[int], list[int]]:
    """Where what a design has at its top ends, and where what it has at its foot begins: logos, lines and bars."""
    drawn = [
        one
        for page in (layout, layout.slide_master)
        for one in page.shapes
        if not one.is_placeholder and one.height and one.top is not None
    ]
    above = [one.top + one.height for one in drawn if one.top + one.height < height * 0.25 and one.width > width * 0.05]
    below = [one.top for one in drawn if one.top > height * 0.75 and one.width > width * 0.05]
    return above, below


def _find_inset(layout: Any) -> int:
    """How far the letters of a title stand from the edge of its box."""
    path = ".//p:sp[p:nvSpPr/p:nvPr/p:ph[@type='title' or @type='ctrTitle']]/p:txBody/a:bodyPr/@lIns"
    found = seek(layout.element, path) or seek(layout.slide_master.element, path)
    return int(found[0]) if found else _INSET
