"""What the XLSX books of ours have in common: looks, names of tabs, texts that stay texts, and bytes without a clock."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from typing import Any, BinaryIO

from scorecard.render.graphviz import MissingTool
from scorecard.render.palette import LIGHT
from scorecard.render.words import number

_DAY = datetime(2000, 1, 1)  # on which every book says it was made
_CORE = "docProps/core.xml"
_UNTOUCHED = re.compile(
    rb"<dc:creator[^>]*>scorecard</dc:creator>.*>2000-01-01T00:00:00Z</dcterms:modified>", re.DOTALL
)
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # begins what spreadsheet programs take for a sign by its number
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # in XML
_FORMULA_SIGNS = ("=", "+", "-", "@")
_LONGEST_TITLE = 25  # of the 31 letters that a tab's name may have; the others are for a number
_INK, _QUIET, _RULE, _ENTRY, _HEAD = (
    color.lstrip("#") for color in (LIGHT.text, LIGHT.quiet, LIGHT.rule, LIGHT.amber.fill, LIGHT.unknown.fill)
)


def open_book() -> tuple[Any, Any]:
    """The library, and a book without tabs that knows our styles. Raises MissingTool."""
    try:
        openpyxl: Any = import_module("openpyxl")
    except ImportError:
        raise MissingTool("Writing XLSX needs openpyxl: run pip install 'scorecard[xlsx]'.") from None
    book = openpyxl.Workbook()
    book.remove(book.active)
    for style in _styles(openpyxl.styles):
        book.add_named_style(style)
    return openpyxl, book


def fill_cell(cell: Any, content: str | float | None, style: str, unit: str = "") -> None:
    """Puts something in a cell. A text stays one, whatever it begins with; a figure has the decimals of `words.number`."""
    cell.style = f"scorecard {style}"
    if isinstance(content, str) and content:
        cell.value = _ESCAPE.sub("_x005F_", _UNWRITABLE.sub("\ufffd", content))
        cell.data_type = "s"
        cell.quotePrefix = content.startswith(_FORMULA_SIGNS)
    elif isinstance(content, (int, float)):
        cell.value = content
        cell.number_format = number_format(content, unit)


def number_format(value: float | str | None, unit: str | None = "") -> str:
    """The number format that shows as many decimals as `words.number` does; that of 0 where there is no figure."""
    text = number(value if isinstance(value, (int, float)) else 0.0, unit or "")
    if "e" in text:
        return "0.000E+00"
    decimals = len(text.rstrip("%").partition(".")[2])
    return "#,##0" + ("." + "0" * decimals if decimals else "") + ("%" if unit == "%" else "")


def name_tab(text: str, taken: Sequence[str]) -> str:
    """A name that a tab may bear, and no other one has."""
    clean = re.sub(r"[\[\]:*?/\\]", " ", _UNWRITABLE.sub(" ", text)).strip(" '")
    clean = clean.encode("utf-16-le")[: 2 * _LONGEST_TITLE].decode("utf-16-le", "ignore").strip(" '") or "Figures"
    names, count = {one.casefold() for one in taken} | {"history"}, 1  # which spreadsheet programs keep for themselves
    while (title := clean if count == 1 else f"{clean} {count}").casefold() in names:
        count += 1
    return title


def pack_book(openpyxl: Any, book: Any, title: str) -> bytes:
    """The book as bytes, in which nothing says when it was made."""
    book.properties = openpyxl.packaging.core.DocumentProperties(
        creator="scorecard", title=title, created=_DAY, modified=_DAY
    )
    loose, packed = io.BytesIO(), io.BytesIO()
    openpyxl.writer.excel.ExcelWriter(book, zipfile.ZipFile(loose, "w")).save()
    with zipfile.ZipFile(loose) as parts, zipfile.ZipFile(packed, "w") as fixed:
        for name in parts.namelist():
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            fixed.writestr(part, parts.read(name))
    return packed.getvalue()


def is_untouched(file: BinaryIO) -> bool:
    """Whether a file is a book of ours that nobody has saved since: every program then writes another day."""
    try:
        with zipfile.ZipFile(file) as parts, parts.open(_CORE) as core:
            return _UNTOUCHED.search(core.read(4096)) is not None
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError, RuntimeError, EOFError, NotImplementedError):
        return False


def _styles(styles: Any) -> list[Any]:
    """The looks of the cells by name; only entries are open for typing."""
    line = styles.Side(style="thin", color=_RULE)
    grid = styles.Border(bottom=line)
    box = styles.Border(left=line, right=line, top=line, bottom=line)

    def make(
        name: str, font: dict[str, Any], fill: str = "", border: Any = None, across: str = "", wrap: bool = True
    ) -> Any:
        style = styles.NamedStyle(f"scorecard {name}")
        style.font = styles.Font(**({"name": "Calibri", "size": 10, "color": _INK} | font))
        if fill:
            style.fill = styles.PatternFill("solid", start_color=fill, end_color=fill)
        if border:
            style.border = border
        style.alignment = styles.Alignment(horizontal=across or None, vertical="top", wrap_text=wrap)
        style.protection = styles.Protection(locked=not name.startswith("entry"))
        return style

    quiet = {"color": _QUIET}
    return [
        make("title", {"size": 16, "bold": True}, wrap=False),
        make("period", {"size": 12, "bold": True, "color": _QUIET}, wrap=False),
        make("remark", {}, wrap=False),
        make("heading", {"bold": True, "color": "FFFFFF"}, _INK, box),
        make("quiet heading", quiet, _HEAD, box),
        make("key", {"size": 8, "color": _QUIET}, "", grid),
        make("name", {"bold": True}, "", grid),
        make("text", {}, "", grid, "left"),
        make("help", quiet, "", grid),
        make("figure", quiet, "", grid, "right", wrap=False),
        make("entry", {"size": 11}, _ENTRY, box, "right"),
        make("entry text", {}, _ENTRY, box, "left"),
        make("entry known", {"size": 11}, "", box, "right"),
        make("entry text known", {}, "", box, "left"),
    ]
