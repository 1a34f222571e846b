"""SVG as PNG or PDF, and pages as PDF, by the typesetter Typst that comes with the extra `render`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Literal
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
    hint = f" With Graphviz on the path, a name ending in .dot.{format} gives another map."
    root = ElementTree.fromstring(svg)
    longest = max(float(root.get(side, 1)) for side in ("width", "height"))
    sharpness = min(2.0, MOST_PIXELS / longest)
    inputs = {"map": svg, "title": root.findtext("{*}title", "")}
    return _compile(_PAGE, inputs, "the map", hint, format=format, ppi=96 * sharpness)


def typeset_pages(template: bytes, data: Mapping[str, object]) -> bytes:
    """Pages as PDF by a template of ours, which reads the data as JSON from `sys.inputs.data`: no text becomes markup.

    The same data give the same bytes on machines with the same fonts. Touches no file.
    Raises MissingTool without Typst, and DrawingError where it fails.
    """
    return _compile(template, {"data": json.dumps(data)}, "the pages", format="pdf")


def _compile(source: bytes, inputs: dict[str, str], what: str, hint: str = "", **options: Any) -> bytes:
    try:
        typst = import_module("typst")
    except ImportError:
        form = options["format"].upper()
        raise MissingTool(f"Drawing {form} needs Typst: run pip install 'scorecard[render]'.{hint}") from None
    try:
        drawn = typst.compile(source, sys_inputs=inputs, **options)
    except Exception as error:
        raise DrawingError(f"Typst could not draw {what}: {shorten(str(error).splitlines()[0])}") from None
    return bytes(drawn)
