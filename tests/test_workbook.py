"""XLSX as consultants write it, made by openpyxl: what is read, and what is named by its address."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from source_rows import Reading, read_source

from scorecard.store import sheets, workbook

Change = Callable[[Any], None]


def read_book(
    folder: Path, *tables: list[list[Any]], data: str = "book.xlsx", change: Change = lambda _: None
) -> Reading:
    """A book of sheets One, Two … with these rows, changed, and read."""
    book = openpyxl.Workbook()
    for number, rows in enumerate(tables):
        sheet = book.active if number == 0 else book.create_sheet()
        sheet.title = ("One", "Two", "Three")[number]
        for row in rows:
            sheet.append(row)
    change(book)
    book.save(folder / "book.xlsx")
    return read_source(folder, data)


def test_a_consultants_sheet(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        sheet = book.active
        sheet.merge_cells("A1:D1")
        sheet.merge_cells("A6:D6")
        sheet["B7"].number_format = "0%"

    reading = read_book(
        tmp_path,
        [
            ["Balanced scorecard"],
            ["as of", date(2026, 3, 1)],
            [],
            ["KPI", "2026-01", "2026-02", "2026-03"],
            ["Net sales", 1200.5, 0, None],
            ["Our customers"],
            [" SHARE ", 0.12, "12.5%", None],
            [],
            ["Source: controlling"],
        ],
        change=change,
    )
    assert reading.findings == []
    assert reading.rows == [
        ("sales", "2026-01", (), 1200.5),
        ("sales", "2026-02", (), 0.0),
        ("share", "2026-01", (), 0.12),
        ("share", "2026-02", (), 0.125),
    ]
    assert reading.places == ["book.xlsx!One:5:2", "book.xlsx!One:5:3", "book.xlsx!One:7:2", "book.xlsx!One:7:3"]


def test_the_long_form_with_members_and_targets(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [
        ["Period", "Kpi", "Value", "Region", "Target", "Note", "By"],
        ["2026-Q1", "sales", 5, "North", 7.5, "late", "Ada"],
        [2026, "sales", None, None, 80, None, None],
    ]:
        book.active.append(row)
    book.save(tmp_path / "book.xlsx")
    reading = read_source(tmp_path, "book.xlsx", more="dimensions: {region: [north, south]}")
    assert reading.findings == []
    assert reading.rows[0] == ("sales", "2026-Q1", ("north",), 5.0)
    assert reading.targets == {("sales", "2026-Q1"): 7.5, ("sales", "2026"): 80.0}


@pytest.mark.parametrize(
    ("header", "shown_as", "period"),
    [
        ("2026-10", "General", "2026-10"),
        (2026, "General", "2026"),
        (2026.0, "0", "2026"),
        (date(2026, 10, 1), "mmm yy", "2026-10"),
        (date(2026, 10, 31), "[$-407]mmmm yyyy;@", "2026-10"),
        (date(2026, 10, 1), "mm/yyyy", "2026-10"),
        (date(2026, 10, 1), '"day of the month" mm/yyyy', "2026-10"),
        (date(2026, 12, 31), "yyyy", "2026"),
        (date(2026, 10, 1), "dd.mm.yyyy", "2026-10-01"),
        (datetime(2026, 10, 1), "d mmm", "2026-10-01"),
    ],
)
def test_a_period_is_what_its_cell_shows(header: Any, shown_as: str, period: str, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book.active["B1"].number_format = shown_as

    reading = read_book(tmp_path, [["kpi", header], ["sales", 4]], change=change)
    assert (reading.rows, reading.findings) == ([("sales", period, (), 4.0)], [])

    def change_long(book: Any) -> None:
        book.active["B2"].number_format = shown_as

    reading = read_book(tmp_path, [["kpi", "period", "value"], ["sales", header, 4]], change=change_long)
    assert (reading.rows, reading.findings) == ([("sales", period, (), 4.0)], [])


@pytest.mark.parametrize("header", ["Oct 2026", 2026.1, datetime(2026, 10, 1, 12, 30), True, "10/2026"])
def test_a_header_that_is_no_period_is_named_and_the_others_count(header: Any, tmp_path: Path) -> None:
    reading = read_book(tmp_path, [["kpi", header, "2026-11"], ["sales", 4, 5]])
    assert reading.rows == [("sales", "2026-11", (), 5.0)]
    assert [line.partition(" ")[0] for line in reading.findings] == ["book.xlsx!One:1:2"]
    assert "S302 B1: the header" in reading.findings[0]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("#N/A", "'#N/A'"),
        ("#DIV/0!", "'#DIV/0!'"),
        (True, "'TRUE'"),
        (date(2026, 5, 1), "'2026-05-01'"),
        (datetime(2026, 5, 1, 7, 30), "'2026-05-01 07:30:00'"),
        ("1.200,50", "'1.200,50'"),
        ("(5)", "'(5)'"),
        ("n/a", "'n/a'"),
        ("1 200", "'1 200'"),
    ],
)
def test_a_cell_that_is_no_figure_is_named_by_its_address(cell: Any, shown: str, tmp_path: Path) -> None:
    reading = read_book(tmp_path, [[], ["kpi", "2026-01", "2026-02"], ["sales", 1, cell]])
    assert reading.findings == [f"book.xlsx!One:3:3 S304 C3: {shown} is not a number"]
    assert reading.rows == [("sales", "2026-01", (), 1.0)]


def test_a_formula_counts_as_computed_and_is_named_where_it_never_was(tmp_path: Path) -> None:
    table = [["kpi", "2026-01", "2026-02"], ["sales", 4, "=B2*2"]]
    reading = read_book(tmp_path, table)
    assert reading.rows == [("sales", "2026-01", (), 4.0)]
    assert reading.findings == ["book.xlsx!One:2:3 S304 C2: '=B2*2' is not a number"]
    assert "never computed" in reading.hints
    with zipfile.ZipFile(tmp_path / "book.xlsx") as book:
        parts = {part: book.read(part) for part in book.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"<v></v>", b"<v>8</v>").replace(b"<v />", b"<v>8</v>")
    assert parts["xl/worksheets/sheet1.xml"] != sheet
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w") as book:
        for part, content in parts.items():
            book.writestr(part, content)
    reading = read_source(tmp_path, "book.xlsx")
    assert (reading.findings, reading.rows[1]) == ([], ("sales", "2026-02", (), 8.0))


def test_numbers_as_text_with_a_declared_comma_beside_real_numbers(tmp_path: Path) -> None:
    table = [["kpi", "2026-01", "2026-02", "2026-03"], ["sales", "1.200,50", 1200.5, "12.5"], ["share", "12,5%", 0.125]]
    reading = read_book(tmp_path, table, data="{path: book.xlsx, decimal: comma}")
    assert [row[3] for row in reading.rows] == [1200.5, 1200.5, 0.125, 0.125]
    assert reading.findings == ["book.xlsx!One:2:4 S304 D2: '12.5' is not a number with a decimal comma"]


def test_levels_may_be_words_or_numbers(tmp_path: Path) -> None:
    reading = read_book(tmp_path, [["kpi", "2026-01", "2026-02", "2026-03"], ["mood", "High", 2, "so so"]])
    assert [row[3] for row in reading.rows] == [2.0, 1.0]
    assert reading.findings == ["book.xlsx!One:2:4 S313 D2: 'so so' is no level of 'mood'"]


def test_every_sheet_with_a_header_is_read_and_the_others_are_not(tmp_path: Path) -> None:
    tables = (
        [["kpi", "2026-01"], ["sales", 1]],
        [["Notes for the KPI sheets"], ["sales", 7]],
        [["kpi", "period", "value"], ["share", "2026-01", 0.1]],
    )
    reading = read_book(tmp_path, *tables)
    assert (reading.findings, reading.places) == ([], ["book.xlsx!One:2:2", "book.xlsx!Three:2:3"])


def test_a_book_without_a_header_says_so(tmp_path: Path) -> None:
    rows = [["title"]] * workbook.HEADER_ROWS + [["kpi", "2026-01"], ["sales", 1]]
    assert "S302 no sheet has a column 'kpi' in its first 30 rows" in read_book(tmp_path, rows).findings[0]


def test_the_header_is_the_row_with_the_periods_not_a_title_that_says_kpi(tmp_path: Path) -> None:
    reading = read_book(tmp_path, [["KPI", "Overview"], ["KPI"], ["kpi", "2026-01"], ["sales", 1]])
    assert (reading.findings, reading.places) == ([], ["book.xlsx!One:4:2"])


def test_a_row_of_values_for_a_kpi_called_kpi_is_no_header(tmp_path: Path) -> None:
    table = [["kpi", "period", "value"], ["kpi", "2026-01", 2025, None, "2026-02", "2026-03"]]
    reading = read_book(tmp_path, table)
    assert reading.findings[0] == "book.xlsx!One:2:1 S303 A2: there is no KPI or metric called 'kpi'"


@pytest.mark.parametrize(
    "table",
    [
        [["kpi", "(Name)", "period", "value", "(Unit)", "(2026-09)"], ["sales", "=1+1", "2026-01", 1, "EUR", "n/a"]],
        [["kpi", "(Name)", "2026-01", "(of)", "(2026-02)", "( )"], ["sales", 5, 1, "x", 7, "y"]],
    ],
    ids=["long", "wide"],
)
def test_a_column_with_its_heading_in_brackets_is_for_people(table: list[list[Any]], tmp_path: Path) -> None:
    remarks = [None, "remark", None, None, "another", None]
    reading = read_book(tmp_path, [*table, remarks], change=lambda book: book.active.merge_cells("E2:E3"))
    assert (reading.findings, reading.rows) == ([], [("sales", "2026-01", (), 1.0)])


def test_a_heading_with_one_bracket_is_not_passed_over(tmp_path: Path) -> None:
    reading = read_book(
        tmp_path, [["kpi", "period", "value", "(region", "Sales (EUR)"], ["sales", "2026-01", 1, "x", 2]]
    )
    assert [one.partition(" ")[0] for one in reading.findings] == ["book.xlsx!One:1:4", "book.xlsx!One:1:5"]


@pytest.mark.parametrize(
    ("written", "read"), [("_x005F_x0041_", "_x0041_"), ("a_x005F_b", "a_x005F_b"), ("_x0041_", "_x0041_")]
)
def test_an_underscore_that_a_spreadsheet_program_escaped_is_one(written: str, read: str, tmp_path: Path) -> None:
    reading = read_book(tmp_path, [["kpi", "2026-01"], [written, 1]])
    assert reading.findings == [f"book.xlsx!One:2:1 S303 A2: there is no KPI or metric called '{read}'"]


def test_merged_names_hold_for_all_their_rows(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book.active.merge_cells("A2:A3")
        book.active.merge_cells("B4:B5")

    table = [
        ["kpi", "period", "value"],
        ["sales", "2026-01", 1],
        [None, "2026-02", 2],
        ["sales", "2026-03", 3],
        ["share", None, 0.1],
        [None, "2026-04", 9],
    ]
    reading = read_book(tmp_path, table, change=change)
    assert [row[:2] for row in reading.rows] == [
        ("sales", "2026-01"),
        ("sales", "2026-02"),
        ("sales", "2026-03"),
        ("share", "2026-03"),
    ]
    assert reading.findings == ["book.xlsx!One:6:1 S303 A6: the row names no KPI"]


def test_a_merged_figure_is_in_doubt(tmp_path: Path) -> None:
    table = [["kpi", "2026-01", "2026-02", "2026-03"], ["sales", 5, None, 6]]
    reading = read_book(tmp_path, table, change=lambda book: book.active.merge_cells("B2:C2"))
    assert reading.rows == [("sales", "2026-03", (), 6.0)]
    assert reading.findings == [
        "book.xlsx!One:2:2 S304 B2: the figure stands in merged cells, so its KPI or period is in doubt"
    ]


def test_a_year_merged_over_its_quarters_is_not_the_period_of_the_first(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book.active.merge_cells("B1:C1")
        book.active.merge_cells("A1:A2")

    reading = read_book(tmp_path, [["kpi", 2026, None], [None, "2026-Q1", "2026-Q2"], ["sales", 1, 2]], change=change)
    assert reading.findings == []
    assert [row[1] for row in reading.rows] == ["2026-Q1", "2026-Q2"]
    alone = read_book(
        tmp_path,
        [["kpi", 2026, None, "2027"], ["sales", 1, 2, 3]],
        change=lambda book: book.active.merge_cells("B1:C1"),
    )
    assert [row[1:] for row in alone.rows] == [("2027", (), 3.0)]
    assert "book.xlsx!One:1:2 S302 B1: the period '2026' stands over several columns" in alone.findings


def test_figures_beside_the_table_are_noticed_once(tmp_path: Path) -> None:
    reading = read_book(tmp_path, [["kpi", "2026-01"], ["sales", 1, 5], ["share", 0.1, 6]])
    assert reading.findings == ["book.xlsx!One:2:3 S302 C2: the column has no header"]
    assert len(reading.rows) == 2


def _zip(folder: Path, parts: dict[str, bytes]) -> Reading:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    (folder / "book.xlsx").write_bytes(buffer.getvalue())
    return read_source(folder, "book.xlsx")


def _parts(folder: Path) -> dict[str, bytes]:
    """The parts of a sound book with one value."""
    read_book(folder, [["kpi", "2026-01"], ["sales", 1]])
    with zipfile.ZipFile(folder / "book.xlsx") as book:
        return {name: book.read(name) for name in book.namelist()}


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    reading = _zip(tmp_path, {"xl/worksheets/sheet1.xml": b" " * (sheets.MOST_BYTES + 1)})
    assert reading.findings == ["book.xlsx:1:1 S301 the book is too large"]


def test_entities_are_refused(tmp_path: Path) -> None:
    parts = _parts(tmp_path)
    declaration = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    parts["xl/worksheets/sheet1.xml"] = declaration + parts["xl/worksheets/sheet1.xml"]
    assert "S301 the book declares XML of its own" in _zip(tmp_path, parts).findings[0]


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"kpi,2026-01\nsales,1\n", b"\xd0\xcf\x11\xe0" + b"\0" * 600],
    ids=["empty", "cut", "csv", "locked"],
)
def test_what_is_no_book_is_one_finding(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(content)
    reading = read_source(tmp_path, "book.xlsx")
    assert len(reading.findings) == 1
    assert reading.findings[0].startswith("book.xlsx:1:1 S301 ")


def test_a_damaged_book_is_one_finding_wherever_the_damage_is(tmp_path: Path) -> None:
    parts = _parts(tmp_path)
    for name, content in parts.items():
        for damaged in (b"", b"<a", content[: len(content) // 2], content.replace(b"<", b"<x", 3)):
            reading = _zip(tmp_path, parts | {name: damaged})
            assert len(reading.findings) <= 1
            assert reading.rows in ([], [("sales", "2026-01", (), 1.0)])
            assert reading.rows or reading.findings


def test_a_row_far_down_and_a_claim_of_a_huge_sheet_cost_little(tmp_path: Path) -> None:
    parts = _parts(tmp_path)
    sheet = parts["xl/worksheets/sheet1.xml"]
    far = b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>sales</t></is></c><c r="B1048576"><v>7</v></c></row></sheetData>'
    sheet = sheet.replace(b"</sheetData>", far).replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    reading = _zip(tmp_path, parts | {"xl/worksheets/sheet1.xml": sheet})
    assert reading.places == ["book.xlsx!One:2:2", "book.xlsx!One:1048576:2"]


def test_a_sheet_of_too_many_cells_is_cut_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_CELLS", 20)
    reading = read_book(tmp_path, [["kpi", "2026-01"], *([["sales", 1]] * 6)])
    assert len(reading.rows) == 3
    assert reading.findings[-1] == "book.xlsx!One:5:1 S301 the sheet is too large"
