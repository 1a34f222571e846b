"""SVG as PNG or PDF, by the typesetter Typst that comes with the extra `render`."""

from __future__ import annotations

from importlib import import_module
from typing import Literal
from xml.etree import ElementTree

from scorecard.model.finding import shorten
from scorecard.render.graphviz import DrawingError, MissingTool

MOST_PIXELS = 8_000  # of a PNG, in width and height; up to there a pixel of the map is two of the PNG

_PAGE = b"""
#set page(width: auto, height: auto, margin: 0pt)
#set document(title: sys.inputs.title, date: none)
#image(bytes(sys.inputs.map), format: "svg", alt: sys.inputs.title)
"""


def typeset(svg: str, format: Literal["png", "pdf"]) -> bytes:
    """An SVG text of ours as a picture.

    The same text gives the same bytes on machines with the same fonts. Touches no file.
    Raises MissingTool without Typst, and DrawingError where it fails.
    """
    try:
        typst = import_module("typst")
    except ImportError:
        raise MissingTool(
            f"Drawing {format.upper()} needs Typst: run pip install 'scorecard[render]'. "
            f"With Graphviz on the path, '-o map.dot.{format}' draws another map."
        ) from None
    root = ElementTree.fromstring(svg)
    longest = max(float(root.get(side, 1)) for side in ("width", "height"))
    sharpness = min(2.0, MOST_PIXELS / longest)
    inputs = {"map": svg, "title": root.findtext("{*}title", "")}
    try:
        drawn = typst.compile(_PAGE, format=format, ppi=96 * sharpness, sys_inputs=inputs)
    except Exception as error:
        raise DrawingError(f"Typst could not draw the map: {shorten(str(error).splitlines()[0])}") from None
    return bytes(drawn)
