"""A workbook in the making: sheets of records with our looks, texts that stay texts, and formulas with their results."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from typing import Any, TypeAlias

from scorecard.model.book_columns import COLUMNS, GOALS, KPIS, LINKS, METRICS, SETTINGS, USES, place
from scorecard.model.status import Status
from scorecard.render.graphviz import MissingTool
from scorecard.render.palette import LIGHT

Content: TypeAlias = str | float | None
SHARE = "0%"
PLAIN = "0.00"

_DAY = datetime(2000, 1, 1)  # on which every book says it was made
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # in XML
_LONGEST = 32767  # signs that a cell can hold, those beyond U+FFFF counting twice
_FORMULA_SIGNS = ("=", "+", "-", "@")
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 18},
    "period": {"bold": True, "font_size": 12, "font_color": LIGHT.quiet},
    "remark": {"font_color": LIGHT.quiet},
    "heading": {"bold": True, "font_color": "#FFFFFF", "bg_color": LIGHT.text, "text_wrap": True, "valign": "vcenter"},
    "lane": {"bold": True, "bg_color": LIGHT.unknown.fill},
    "goal": {"bold": True},
    "entry": {"bg_color": "#FFFBEB", "border": 1, "border_color": LIGHT.rule},
    "live": {"font_color": LIGHT.text},
    "quiet": {"font_color": LIGHT.quiet},
    "text": {},
}

_PRINTED = {KPIS: "Green", GOALS: "Signal", USES: "Part", LINKS: "Why", METRICS: "Value"}  # the last column on paper


class Book:
    """A book that is written sheet by sheet. Raises MissingTool without the library."""

    def __init__(self, title: str) -> None:
        try:
            xlsxwriter: Any = import_module("xlsxwriter")
        except ImportError:
            raise MissingTool("Writing XLSX needs XlsxWriter: run pip install 'scorecard[office]'.") from None
        self._target = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._target, _OPTIONS)
        self._book.set_properties({"title": _clean(title), "author": "scorecard", "created": _DAY})
        self._looks: dict[tuple[Any, ...], Any] = {}

    def look(self, name: str, **more: Any) -> Any:
        """A style by name, with some properties more."""
        key = (name, *sorted(more.items()))
        if key not in self._looks:
            font = {"font_name": "Calibri", "font_size": 10, "font_color": LIGHT.text, "valign": "vcenter"}
            line = {} if name in ("title", "period", "remark") else {"bottom": 1, "bottom_color": LIGHT.rule}
            self._looks[key] = self._book.add_format(font | line | _LOOKS[name] | more)
        return self._looks[key]

    def tone(self, status: Status) -> Any:
        """The colours of a status, laid over a cell's own look."""
        if ("tone", status) not in self._looks:
            tone = LIGHT.tone(status)
            self._looks["tone", status] = self._book.add_format({"bg_color": tone.fill, "font_color": tone.line})
        return self._looks["tone", status]

    def add_sheet(self, name: str) -> Any:
        """A sheet ready for print: landscape, as wide as the page."""
        sheet = self._book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        return sheet

    def pack(self) -> bytes:
        """The book as bytes, in which nothing says when it was made."""
        self._book.close()
        return self._target.getvalue()


class Table:
    """A sheet of records: headers in the first row. Rows are numbered from 1, as the second row of the sheet is."""

    def __init__(self, book: Book, name: str, more: Sequence[str] = ()) -> None:
        self._book, self.name, self.columns = book, name, COLUMNS[name]
        self._right: set[int] = set()  # columns of figures
        self._side = "left" if name == SETTINGS else "right"  # where figures stand in their cells
        self.sheet = book.add_sheet(name)
        self.sheet.set_row(0, 30)
        for at, column in enumerate(self.columns):
            self.sheet.set_column(at, at, column.width)
            self.sheet.write_string(0, at, column.header, book.look("heading", indent=1))
            self.sheet.write_comment(0, at, column.meaning, {"x_scale": 2, "y_scale": 0.8})
        for at, header in enumerate(more, len(self.columns)):
            self.sheet.write_string(0, at, header, book.look("heading", align="right", indent=1))
        self.sheet.freeze_panes(1, 2)
        self.sheet.repeat_rows(0)
        self.sheet.set_footer(f"&L{name}&R&P / &N")

    def print_to(self, last: int) -> None:
        """Says what goes on paper: the columns that people read, of the rows up to the last one."""
        self.sheet.print_area(0, 0, last, place(self.name, _PRINTED[self.name]))

    def put(self, row: int, header: str, content: Content, form: str = "") -> None:
        """A text, a figure in a number format, or an empty cell."""
        at = place(self.name, header)
        self._align(at, content)
        write(self._book, self.sheet, row, at, content, "entry" if self.columns[at].entry else "text", form, indent=1)

    def live(self, row: int, header: str, formula: str, result: Content, form: str = PLAIN) -> None:
        """A formula and what it gives now."""
        at, words = place(self.name, header), isinstance(result, str)
        self._align(at, result)
        more = {} if words else {"num_format": form, "align": self._side}
        look = self._book.look("live", indent=1, **more)
        self.sheet.write_formula(row, at, f"={formula}", look, "" if result is None else result)

    def allow(self, header: str, last: int, rule: dict[str, Any], first: int = 1) -> None:
        """What may be typed into a column, from a first row to a last one."""
        if last >= first:
            at = place(self.name, header)
            self.sheet.data_validation(first, at, last, at, {"ignore_blank": True, **rule})

    def colour(self, rows: int, *headers: str, score: str = "") -> None:
        """Colours columns by the words of a status; with `score` that column too, by the word beside."""
        for header in headers if rows else ():
            at = place(self.name, header)
            for status in Status:
                look = self._book.tone(status)
                rule = {"type": "cell", "criteria": "==", "value": f'"{status}"', "format": look}
                self.sheet.conditional_format(1, at, rows, at, rule)
                if score:
                    beside = place(self.name, score)
                    formula = {
                        "type": "formula",
                        "criteria": f'={here(self.name, header, 1)}="{status}"',
                        "format": look,
                    }
                    self.sheet.conditional_format(1, beside, rows, beside, formula)

    def _align(self, at: int, content: Content) -> None:
        """The header of a column stands above its figures, at the right."""
        if isinstance(content, (int, float)) and at not in self._right:
            self._right.add(at)
            look = self._book.look("heading", align=self._side, indent=1)
            self.sheet.write_string(0, at, self.columns[at].header, look)


def write(book: Book, sheet: Any, row: int, at: int, content: Content, name: str, form: str = "", **more: Any) -> None:
    """Puts something in a cell. A text stays one, whatever it begins with."""
    if isinstance(content, str) and content:
        sign = {"quote_prefix": True} if content.startswith(_FORMULA_SIGNS) else {}
        sheet.write_string(row, at, _clean(content), book.look(name, **sign, **more))
    elif isinstance(content, (int, float)):
        look = {"align": "right"} | ({"num_format": form} if form else {}) | more
        sheet.write_number(row, at, content, book.look(name, **look))
    else:
        sheet.write_blank(row, at, None, book.look(name, **({"num_format": form} if form else {}), **more))


def letter(at: int) -> str:
    """The letters of a column, from 0: `A`, `AB`."""
    text = ""
    while at >= 0:
        text, at = chr(65 + at % 26) + text, at // 26 - 1
    return text


def here(sheet: str, header: str, row: int) -> str:
    """A cell as formulas of the same row name it."""
    return f"${letter(place(sheet, header))}{row + 1}"


def cell(sheet: str, header: str, row: int) -> str:
    """A cell as formulas of any sheet name it."""
    return f"{sheet}!${letter(place(sheet, header))}${row + 1}"


def span(sheet: str, header: str, rows: range) -> str:
    """The cells of a column in some rows, at least one."""
    at = letter(place(sheet, header))
    return f"{sheet}!${at}${rows.start + 1}:${at}${rows.stop}"


def _clean(text: str) -> str:
    """The text without what a cell cannot hold."""
    text = _UNWRITABLE.sub("\ufffd", text)
    if len(text.encode("utf-16-le")) // 2 <= _LONGEST:
        return text
    return text.encode("utf-16-le")[: 2 * _LONGEST - 2].decode("utf-16-le", "ignore") + "…"
