"""The owners' sheet as an XLSX book: shaded cells to fill in, all others locked, and no formula anywhere.

`store/workbook.py` reads it back: the columns KPI, Period, Value, Note, By and those of the dimensions. A heading in
brackets says that a column is for people. The same sheets give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from scorecard.model.kpi import Kpi
from scorecard.render.book import fill_cell, name_tab, open_book, pack_book
from scorecard.render.owner_sheet import Entry, OwnerSheet, write_heading
from scorecard.render.words import clip, number

_FIRST_WORD = 31  # the row of the first word of a list: in the 30 before it no reader finds a header
_LONGEST = 500  # characters of a description
_LIMIT = "1E+300"  # of a number
_LOOKS = ("title", "period")  # of the first lines of the heading
Content = str | float | None


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its heading, width in letters, style, and what stands in it for an entry."""

    heading: str
    width: int
    style: str
    content: Callable[[Entry], Content]


def write_book(sheets: Sequence[OwnerSheet]) -> bytes:
    """The sheets as one book, a tab each. Raises MissingTool without openpyxl."""
    openpyxl, book = open_book()
    titles: list[str] = []
    for sheet in sheets:
        title = f"Figures {sheet.period}" if sheet.owner is None else sheet.owner or "Nobody"
        titles.append(name_tab(title, titles))
        book.create_sheet(titles[-1])
    words = _Words(openpyxl, book, name_tab("Words", titles))
    for title, sheet in zip(titles, sheets, strict=True):
        _write_sheet(openpyxl, book[title], sheet, words)
    return pack_book(openpyxl, book, "Figures to fill in")


class _Words:
    """A hidden tab with a column for each list of words; a list inside a rule could not hold a comma."""

    def __init__(self, openpyxl: Any, book: Any, title: str) -> None:
        self._utils, self._book, self._title = openpyxl.utils, book, title
        self._places: dict[tuple[str, ...], str] = {}

    def place(self, words: tuple[str, ...]) -> str:
        """The cells in which the words stand."""
        if words not in self._places:
            if not self._places:
                self._book.create_sheet(self._title).sheet_state = "hidden"
            tab, column = self._book[self._title], len(self._places) + 1
            for line, word in enumerate(words, _FIRST_WORD):
                fill_cell(tab.cell(line, column), word.strip(), "text")
            letter, last = self._utils.get_column_letter(column), _FIRST_WORD + len(words) - 1
            name = self._utils.quote_sheetname(self._title)
            self._places[words] = f"{name}!${letter}${_FIRST_WORD}:${letter}${last}"
        return self._places[words]


def _write_sheet(openpyxl: Any, tab: Any, sheet: OwnerSheet, words: _Words) -> None:
    heading, columns = write_heading(sheet), _columns(sheet)
    for line, text in enumerate(heading):
        fill_cell(tab.cell(line + 1, 1), text, _LOOKS[line] if line < len(_LOOKS) else "remark")
    top = len(heading) + 2
    for at, column in enumerate(columns, 1):
        letter = openpyxl.utils.get_column_letter(at)
        fill_cell(tab.cell(top, at), column.heading, f"{'quiet ' * column.heading.startswith('(')}heading")
        tab.column_dimensions[letter].width = column.width
        for line, entry in enumerate(sheet.entries, top + 1):
            is_known = column.style.startswith("entry") and entry.recorded is not None
            style = f"{column.style}{' known' * is_known}"
            fill_cell(tab.cell(line, at), column.content(entry), style, entry.measure.unit or "")
        if column.heading == "Value":
            _guard(openpyxl, tab, sheet, top + 1, letter, words)
            start = f"{letter}{top + 1}"
    _arrange(openpyxl, tab, top, len(sheet.entries), len(columns))
    for pane in tab.sheet_view.selection:
        pane.activeCell = pane.sqref = start


def _columns(sheet: OwnerSheet) -> list[_Column]:
    """The columns that say something on this sheet. What stands in brackets is not read back."""
    entries = sheet.entries
    firsts = {entry.measure.id: entry for entry in reversed(entries)}
    dimensions = list(sheet.strategy.dimensions) if any(entry.members for entry in entries) else []
    columns = [
        _Column("KPI", 24, "key", lambda entry: entry.measure.id),
        _Column("(Name)", 34, "name", lambda entry: entry.measure.title),
        *(_Column(name, 16, "text", _member(at)) for at, name in enumerate(dimensions)),
        _Column("Period", 11, "text", lambda entry: str(entry.period)),
        _Column("(Last value)", 13, "figure", lambda entry: entry.last.value if entry.last else None),
        _Column("(of)", 10, "help", lambda entry: str(entry.last.period) if entry.last else None),
        _Column(f"(Target {sheet.period})", 17, "figure", _target),
    ]
    if any(entry.recorded is not None for entry in entries):
        columns.append(_Column("(On record)", 13, "figure", lambda entry: entry.recorded))
    columns += [
        _Column("Value", 15, "entry", lambda _: None),
        _Column("(Unit)", 15, "help", lambda entry: " / ".join(entry.words) or entry.measure.unit),
        _Column("Note", 30, "entry text", lambda _: None),
        _Column("By", 16, "entry text", lambda _: None),
    ]
    if sheet.owner is None:
        columns.append(_Column("(Owner)", 20, "help", lambda entry: entry.owner))
    columns.append(_Column("(What it is)", 60, "help", lambda e: _describe(e) if firsts[e.measure.id] is e else None))
    return columns


def _member(at: int) -> Callable[[Entry], Content]:
    return lambda entry: entry.members[at] if at < len(entry.members) else None


def _target(entry: Entry) -> Content:
    """The target, else the band."""
    measure = entry.measure
    if entry.target is None and isinstance(measure, Kpi) and measure.band:
        return " – ".join(number(edge, measure.unit or "") for edge in measure.band)
    return entry.target


def _describe(entry: Entry) -> str:
    measure = entry.measure
    parts = [measure.description or "", f"Caution: {measure.caution}" if measure.caution else ""]
    sentences = [part + "." * (part[-1] not in ".!?:") for part in (" ".join(one.split()) for one in parts) if part]
    return clip(" ".join(sentences), _LONGEST)


def _guard(openpyxl: Any, tab: Any, sheet: OwnerSheet, line: int, column: str, words: _Words) -> None:
    """What the cells of the value column take and how they show it: numbers, or words from a list."""
    make = openpyxl.worksheet.datavalidation.DataValidation
    for (choice, is_share), group in groupby(sheet.entries, lambda entry: (entry.words, entry.measure.unit == "%")):
        first, line = line, line + len(list(group))
        if choice:
            rule = make(type="list", formula1=words.place(choice))
            rule.errorTitle, rule.error = "Not one of the words", "Choose a word from the list of this cell."
        else:
            rule = make(type="decimal", operator="between", formula1=f"-{_LIMIT}", formula2=_LIMIT)
            rule.errorTitle, rule.error = "Not a number", "Type a plain number; remarks go to the column Note."
        if is_share and not choice:
            rule.promptTitle, rule.prompt = "A percentage", "Type it with its sign, such as 12.5%."
        rule.allow_blank, rule.showErrorMessage, rule.showInputMessage = True, True, bool(rule.prompt)
        rule.add(f"{column}{first}:{column}{line - 1}")
        tab.add_data_validation(rule)
        for at in range(first, line):
            tab[f"{column}{at}"].number_format = "@" if choice else "0.0##%" if is_share else "General"


def _arrange(openpyxl: Any, tab: Any, top: int, rows: int, columns: int) -> None:
    """How the tab behaves on the screen and on paper: locked save for the entries, without a password."""
    tab.freeze_panes = tab.cell(top + 1, 3)
    tab.auto_filter.ref = f"A{top}:{openpyxl.utils.get_column_letter(columns)}{top + rows}"
    tab.sheet_view.showGridLines = False
    for option in ("autoFilter", "formatColumns", "formatRows"):
        setattr(tab.protection, option, False)  # that is, allowed
    tab.protection.sheet = True
    tab.page_setup.orientation, tab.page_setup.paperSize = "landscape", tab.PAPERSIZE_A4
    tab.page_setup.fitToWidth, tab.page_setup.fitToHeight = 1, 0
    tab.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(fitToPage=True)
    tab.print_title_rows = f"{top}:{top}"
    tab.page_margins = openpyxl.worksheet.page.PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    tab.oddFooter.center.text = "Page &P of &N"
