"""A deck as a file: opening one that we did not write with care, our own plain design, and bytes without a clock."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from scorecard.model.finding import shorten
from scorecard.render.graphviz import DrawingError, MissingTool
from scorecard.render.palette import LIGHT

WIDTH, HEIGHT = 12192000, 6858000  # of a slide of ours, in EMU: 16:9
INCH, POINT = 914400, 12700  # in EMU
_MOST_BYTES, _MOST_PARTS = 300_000_000, 5_000  # of a deck that is opened, unpacked
_DAY = datetime(2000, 1, 1)  # on which every deck of ours says it was made
_TYPES = "[Content_Types].xml"
_DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # in XML
_MADE = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_NAMESPACES = {
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
}
_COLORS = {  # of our own design, by their names in a theme
    "dk1": LIGHT.text,
    "dk2": LIGHT.quiet,
    "lt2": LIGHT.unknown.fill,
    "accent1": "#3B4F63",
    "accent2": "#6B87A3",
    "accent3": LIGHT.green.line,
    "accent4": LIGHT.amber.line,
    "accent5": LIGHT.red.line,
    "accent6": LIGHT.unknown.line,
}


def load(module: str) -> Any:
    """A module of python-pptx. Raises MissingTool."""
    try:
        return import_module(f"pptx.{module}")
    except ImportError:
        raise MissingTool("Writing PPTX needs python-pptx: run pip install 'scorecard[office]'.") from None


def seek(element: Any, path: str) -> list[Any]:
    """What an XPath finds in an element of a deck."""
    etree: Any = import_module("lxml.etree")
    found: list[Any] = etree._Element.xpath(element, path, namespaces=_NAMESPACES)
    return found


def clean(text: str) -> str:
    """Text as XML and a line of a slide bear it; the escape of this format, beside that of the XML library."""
    return _UNWRITABLE.sub("\ufffd", text).replace("\n", " ")


def open_deck(data: bytes, name: str, is_strange: bool) -> Any:
    """A deck from bytes; `name` says what it is. One that is strange may name no file or page that it wants to load.

    Raises DrawingError for what is no deck, holds macros, or unpacks to more than a deck should.
    """
    presentation = load("api")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            found = parts.infolist()
            if len(found) > _MOST_PARTS or sum(part.file_size for part in found) > _MOST_BYTES:
                raise DrawingError(f"The {name} unpacks to more than {_MOST_BYTES // 1_000_000} MB: it is not read.")
            contents = {part.filename: parts.read(part) for part in found if not part.is_dir()}
        _check(contents, name, is_strange)
        types = contents[_TYPES].replace(b"presentationml.template.main+xml", b"presentationml.presentation.main+xml")
        deck = presentation.Presentation(io.BytesIO(_zip(contents | {_TYPES: types})))
        if not len(deck.slide_layouts):
            raise DrawingError(f"The {name} has no slide layout: slides cannot be made with it.")
    except DrawingError:
        raise
    except Exception as fault:  # the libraries raise whatever a broken file makes them stumble over
        said = shorten(" ".join(str(fault).split())) or type(fault).__name__
        raise DrawingError(f"The {name} is no PowerPoint deck that can be read: {said}") from None
    return deck


def make_deck() -> Any:
    """An empty deck of our own, neutral design: 16:9, a quiet theme, titles at the top left."""
    deck = load("api").Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    stretch = WIDTH / 9144000
    for page in (deck.slide_master, *deck.slide_layouts):
        for shape in page.placeholders:
            if shape.element.spPr.find(f"{{{shape.element.nsmap['a']}}}xfrm") is not None:
                shape.left, shape.width = round(shape.left * stretch), round(shape.width * stretch)
        for foot in (one for one in page.placeholders if one.placeholder_format.type in (13, 15, 16) and one.height):
            foot.top, foot.height = round(7.08 * INCH), round(0.28 * INCH)
    title = next(one for one in deck.slide_master.placeholders if one.placeholder_format.type == 1)
    title.left, title.top, title.width, title.height = (round(part * INCH) for part in (0.5, 0.3, 12.33, 0.65))
    for layout in deck.slide_layouts:
        if [one.placeholder_format.type for one in _fillable(layout)] == [1]:
            own = _fillable(layout)[0].element.spPr
            for child in list(own):
                own.remove(child)
    _style_title(deck.slide_master.element)
    _paint_theme(deck.slide_master.part)
    return deck


def find_layout(deck: Any) -> Any:
    """The layout with a title and nothing else to fill in, else the one with the least beside its title."""

    def rank(layout: Any) -> tuple[bool, int]:
        kinds = [one.placeholder_format.type for one in _fillable(layout)]
        return 1 not in kinds, len(kinds)  # 1 is a title; 3, one in the middle, is for covers

    return min(deck.slide_layouts, key=rank)


def date_deck(deck: Any, title: str) -> None:
    """Says what a deck is called, and that it was made on no day in particular."""
    about = deck.core_properties
    about.title = clean(title)[:255]
    about.author = about.author if about.author not in ("", "Steve Canny") else "scorecard"
    about.last_modified_by, about.created, about.modified, about.revision = "scorecard", _DAY, _DAY, 1


def pack_deck(deck: Any) -> bytes:
    """The deck as bytes, its parts in a fixed order and without dates."""
    loose = io.BytesIO()
    deck.save(loose)
    return _repack(loose.getvalue())


def undate_book(data: bytes) -> bytes:
    """The workbook behind a chart, in which nothing says when it was made."""
    return _repack(data, lambda part: _MADE.sub(rb"\g<1>2000-01-01T00:00:00Z", part))


def _fillable(layout: Any) -> list[Any]:
    """The placeholders of a layout that are to be filled: not date (16), footer (15) and number (13)."""
    return [one for one in layout.placeholders if one.placeholder_format.type not in (13, 15, 16)]


def _check(contents: dict[str, bytes], name: str, is_strange: bool) -> None:
    if b"macroEnabled" in contents.get(_TYPES, b"") or any("vbaproject" in part.lower() for part in contents):
        raise DrawingError(f"The {name} holds macros: save it as .pptx without them.")
    for part, data in contents.items():
        if part.endswith((".xml", ".rels")) and any(sign in data for sign in _DOCTYPES):
            raise DrawingError(f"The {name} declares a document type in {shorten(part)}: it is not read.")
        if is_strange and part.endswith(".rels"):
            _check_links(data, name)


def _check_links(data: bytes, name: str) -> None:
    for link in load("oxml").parse_xml(data):
        kind, address = link.get("Type", ""), link.get("Target", "")
        if link.get("TargetMode") != "External":
            continue
        if not kind.endswith("/hyperlink") or urlsplit(address).scheme not in ("http", "https", "mailto"):
            said = f"'{shorten(address)}', which lies outside of it"
            raise DrawingError(f"The {name} links to {said}: break that link in PowerPoint, then save it again.")


def _repack(data: bytes, change: Any = None) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        contents = {name: parts.read(name) for name in parts.namelist()}
    return _zip({name: change(part) if change else part for name, part in contents.items()})


def _zip(contents: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        for name in sorted(contents, key=lambda one: (one != _TYPES, one)):
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            parts.writestr(part, contents[name])
    return packed.getvalue()


def _style_title(master: Any) -> None:
    """Titles of our own design: 24 points, bold, at the left."""
    for body in seek(master, ".//p:sp[p:nvSpPr/p:nvPr/p:ph/@type='title']/p:txBody/a:bodyPr"):
        body.set("lIns", "0")
    first = seek(master, "./p:txStyles/p:titleStyle/a:lvl1pPr")[0]
    first.set("algn", "l")
    letters = seek(first, "./a:defRPr")[0]
    letters.set("sz", "2400")
    letters.set("b", "1")


def _paint_theme(master: Any) -> None:
    """Puts our neutral colours in the place of the library's."""
    theme = master.part_related_by(load("opc.constants").RELATIONSHIP_TYPE.THEME)
    data = theme.blob.decode()
    for name, color in _COLORS.items():
        data = re.sub(f"(<a:{name}>).*?(</a:{name}>)", rf'\g<1><a:srgbClr val="{color[1:]}"/>\2', data, flags=re.DOTALL)
    theme._blob = data.encode()
