"""`scorecard template`: the sheet owners fill in, from what it asks for to what is read back of it."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from command_line import CLEAN, SOCIAL_MEDIA, WRONG_USE, command, run, write_strategy, write_workspace

from scorecard.api import read_report
from scorecard.cli import template
from scorecard.render import owner_book, owner_sheet
from scorecard.store import workbook

SHOP = """
strategy: shop
name: Corner shop
perspectives: {money: Money, people: People}
data: [rows.csv]
goals:
  profit:
    name: Earn more
    perspective: money
    owner: Ann
    lagging:
      - {kpi: margin, unit: "%", baseline: 10%, target: {2026-06: 18%, 2026-12: 24%}, description: Profit over sales}
      - {kpi: per_head, formula: till / guests}
    guardrails: [{kpi: theft, max: 5}]
  regulars:
    perspective: people
    lagging:
      - {kpi: returning, owner: Bob, unit: people, baseline: 0, target: 10, caution: "Count heads, not visits"}
      - {kpi: mood, owner: Bob, levels: {"rather bad, sadly": 0, so so: 0.5, good: 1}}
metrics:
  till: {name: Money in the till, unit: EUR, aggregate: sum}
  guests: {owner: Bob}
  theft: {}
  unused: {}
"""
ROWS = "kpi,period,value\nmargin,2026-09,15.25%\nreturning,2026-08,8\ntill,2026-09,12400\ntill,2026-10,13000\nmood,2026-09,good\n"
Cells = Mapping[tuple[str, str], Any]  # by KPI and period


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_strategy(tmp_path / "shop", SHOP, ROWS)


def write_sheet(folder: Path, *options: str) -> Path:
    """The sheet of a strategy, written beside its folder."""
    path = folder.parent / "sheet.xlsx"
    done = run("template", folder, "-o", path, *options)
    assert done.exit_code == CLEAN, done.output
    return path


def table(path: Path, tab: int = 0) -> tuple[Any, int, dict[str, int]]:
    """A tab, the row of its header, and the columns by heading."""
    sheet = openpyxl.load_workbook(path).worksheets[tab]
    line = next(row[0].row for row in sheet.iter_rows() if row[0].value == "KPI")
    return sheet, line, {str(cell.value): cell.column for cell in sheet[line]}


def rows(path: Path, *headings: str, tab: int = 0) -> list[tuple[Any, ...]]:
    """What stands below the header in these columns."""
    sheet, line, columns = table(path, tab)
    return [tuple(sheet.cell(at, columns[one]).value for one in headings) for at in range(line + 1, sheet.max_row + 1)]


def fill(path: Path, cells: Cells, column: str = "Value") -> None:
    """Fills in a sheet as a person does, and saves it."""
    book = openpyxl.load_workbook(path)
    found = 0
    for sheet in book.worksheets:
        line = next((row[0].row for row in sheet.iter_rows() if row[0].value == "KPI"), 0)
        names = {cell.value: cell.column for cell in sheet[line]} if line else {}
        for at in range(line + 1, sheet.max_row + 1) if line else ():
            key = sheet.cell(at, 1).value, sheet.cell(at, names["Period"]).value
            if key in cells:
                sheet.cell(at, names[column]).value = cells[key]
                found += 1
    assert found >= len(cells)
    book.save(path)


def read_back(path: Path, text: str) -> tuple[list[tuple[str, str, tuple[str, ...], float]], list[str]]:
    """The values and findings of a strategy whose only source is a sheet."""
    folder = path.parent / "reading"
    folder.mkdir(exist_ok=True)
    (folder / "strategy.yaml").write_text(text.replace("data: [rows.csv]", "data: [sheet.xlsx]"), encoding="utf-8")
    (folder / "sheet.xlsx").write_bytes(path.read_bytes())
    report = read_report(str(folder))
    seen = next(iter(report.scorecards.values())).observations
    keys = [(seen.measures[seen.measure[at]], str(seen.periods[seen.period[at]])) for at in range(len(seen))]
    values = [(*key, seen.members[seen.member[at]], float(seen.value[at])) for at, key in enumerate(keys)]
    return values, [f"{one.code} {one.message}" for one in report.findings if one.code.startswith("S3")]


def test_it_asks_for_what_is_recorded_owner_by_owner(shop: Path) -> None:
    path = write_sheet(shop, "--period", "2026-10")
    assert rows(path, "KPI", "(Name)", "(Owner)", "(Unit)") == [
        ("margin", "Margin", "Ann", "%"),
        ("till", "Money in the till", "Ann", "EUR"),
        ("theft", "Theft", "Ann", None),
        ("returning", "Returning", "Bob", "people"),
        ("mood", "Mood", "Bob", "rather bad, sadly / so so / good"),
        ("guests", "Guests", "Bob", None),
    ]


def test_it_shows_what_is_known_with_its_period(shop: Path) -> None:
    path = write_sheet(shop, "--period", "2026-10")
    headings = ("KPI", "(Last value)", "(of)", "(Target 2026-10)", "(On record)", "Value", "(What it is)")
    assert rows(path, *headings) == [
        ("margin", 0.1525, "2026-09", 0.22, None, None, "Profit over sales."),
        ("till", 12400, "2026-09", None, 13000, None, None),
        ("theft", None, None, None, None, None, None),
        ("returning", 8, "2026-08", 10, None, None, "Caution: Count heads, not visits."),
        ("mood", "good", "2026-09", None, None, None, None),
        ("guests", None, None, None, None, None, None),
    ]
    sheet, line, columns = table(path)
    shown = [sheet.cell(line + at, columns["(Last value)"]).number_format for at in (1, 2)]
    assert shown == ["#,##0.00%", "#,##0"]


def test_a_sheet_nobody_filled_in_changes_nothing(shop: Path) -> None:
    path = write_sheet(shop, "--period", "2026-10")
    assert read_back(path, SHOP) == ([], [])
    fill(path, {})
    assert read_back(path, SHOP) == ([], [])


def test_what_people_type_is_read_back(shop: Path) -> None:
    path = write_sheet(shop, "--period", "2026-10")
    typed = {"margin": 0.125, "till": 13000.5, "returning": 0, "mood": " So So", "guests": "1234.5"}
    fill(path, {(name, "2026-10"): value for name, value in typed.items()})
    fill(path, {("till", "2026-10"): "counted twice"}, "Note")
    values, findings = read_back(path, SHOP)
    assert findings == []
    assert [(kpi, period, value) for kpi, period, _, value in values] == [
        ("margin", "2026-10", 0.125),
        ("till", "2026-10", 13000.5),
        ("returning", "2026-10", 0.0),
        ("mood", "2026-10", 1.0),
        ("guests", "2026-10", 1234.5),
    ]


@pytest.mark.parametrize(("typed", "value"), [(0.12, 0.12), ("12%", 0.12), ("12.5 %", 0.125), (-0.03, -0.03)])
def test_a_percentage_may_be_typed_as_number_or_text(typed: object, value: float, shop: Path) -> None:
    path = write_sheet(shop, "--period", "2026-10")
    fill(path, {("margin", "2026-10"): typed})
    assert read_back(path, SHOP) == ([("margin", "2026-10", (), value)], [])


def test_a_cell_that_is_not_understood_is_named_by_its_address(shop: Path) -> None:
    path = write_sheet(shop, "--period", "2026-10")
    fill(path, {("till", "2026-10"): "about 13", ("mood", "2026-10"): "great", ("margin", "2026-10"): 12})
    _, line, columns = table(path)
    values, findings = read_back(path, SHOP)
    letter = openpyxl.utils.get_column_letter(columns["Value"])
    assert [one[:2] for one in values] == [("margin", "2026-10")]
    assert [re.sub(":.*", "", one) for one in findings] == [
        f"S310 {letter}{line + 1}",
        f"S304 {letter}{line + 2}",
        f"S313 {letter}{line + 5}",
    ]


def test_a_value_as_spreadsheet_programs_write_it(shop: Path) -> None:
    """The number in the cell's own element, its style kept, no other part touched."""
    path = write_sheet(shop, "--period", "2026-10")
    _, line, columns = table(path)
    cell = f"{openpyxl.utils.get_column_letter(columns['Value'])}{line + 1}"

    def change(sheet: bytes) -> bytes:
        changed = re.sub(
            rb'<c r="%b" s="(\d+)"[^>]*?(/>|></c>)' % cell.encode(),
            rb'<c r="%b" s="\1"><v>0.1</v></c>' % cell.encode(),
            sheet,
        )
        assert changed != sheet
        return changed

    _rewrite(path, "xl/worksheets/sheet1.xml", change)
    assert read_back(path, SHOP) == ([("margin", "2026-10", (), 0.1)], [])


def _rewrite(path: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(path) as book:
        parts = {part: book.read(part) for part in book.namelist()}
    with zipfile.ZipFile(path, "w") as book:
        for part, content in parts.items():
            book.writestr(part, change(content) if part == name else content)


RHYTHMS = """
strategy: rhythms
period: month
data: [rows.csv]
kpis:
  visits: {interval: week, aggregate: sum, baseline: 0, target: 100}
  wait: {interval: week, aggregate: mean, baseline: 9, target: 4}
  survey: {interval: quarter, baseline: 0, target: 10}
  staff: {interval: year, baseline: 0, target: 10}
"""


@pytest.mark.parametrize(
    ("period", "asked"),
    [
        ("2026-10", {"survey": ["2026-Q3"], "staff": ["2025"]}),
        ("2026-12", {"survey": ["2026-Q4"], "staff": ["2026"]}),
    ],
    ids=["what lies in it, and what is overdue", "what ends in it"],
)
def test_a_kpi_of_another_rhythm_has_its_own_periods(period: str, asked: dict[str, list[str]], tmp_path: Path) -> None:
    folder = write_strategy(tmp_path / "rhythms", RHYTHMS, "kpi,period,value\nvisits,2026-W40,7\nsurvey,2026-Q2,5\n")
    path = write_sheet(folder, "--period", period)
    found: dict[str, list[str]] = {}
    for kpi, when in rows(path, "KPI", "Period"):
        found.setdefault(kpi, []).append(when)
    weeks = found.pop("visits")
    assert found.pop("wait") == weeks
    assert (weeks[0], weeks[-1]) == (("2026-W40", "2026-W44") if period == "2026-10" else ("2026-W49", "2026-W53"))
    assert found == asked


def test_a_longer_rhythm_that_is_done_with_is_not_asked_for(tmp_path: Path) -> None:
    text = "kpi,period,value\nsurvey,2026-Q3,5\nstaff,2025,3\n"
    path = write_sheet(write_strategy(tmp_path / "rhythms", RHYTHMS, text), "--period", "2026-10")
    assert {kpi for (kpi,) in rows(path, "KPI")} == {"visits", "wait"}


def test_each_interval_shows_the_one_before_and_a_target_only_where_it_is_one(tmp_path: Path) -> None:
    text = "kpi,period,value\nvisits,2026-W40,7\nvisits,2026-W41,8\nwait,2026-08,6\n"
    path = write_sheet(write_strategy(tmp_path / "rhythms", RHYTHMS, text), "--period", "2026-10")
    found = rows(path, "KPI", "Period", "(Last value)", "(of)", "(On record)", "(Target 2026-10)")
    assert found[:3] == [
        ("visits", "2026-W40", None, None, 7, None),
        ("visits", "2026-W41", 7, "2026-W40", 8, None),
        ("visits", "2026-W42", 8, "2026-W41", None, None),
    ]
    assert ("wait", "2026-W44", 6, "2026-08", None, 4) in found


STORES = """
strategy: stores
data: [rows.csv]
dimensions: {store: [munich, "=bern", oslo], line: [food, toys]}
kpis:
  sales: {aggregate: sum, baseline: 0, target: 900}
  rating: {baseline: 1, target: 5}
  rent: {baseline: 9, target: 5}
"""
STORE_ROWS = """kpi,period,store,line,value
sales,2026-09,=bern,toys,3
sales,2026-09,munich,food,4
sales,2026-08,,,9
rating,2026-09,munich,food,4.5
rent,2026-08,munich,food,8
rent,2026-09,,,7
"""


def test_figures_by_member_have_a_row_for_each(tmp_path: Path) -> None:
    path = write_sheet(write_strategy(tmp_path / "stores", STORES, STORE_ROWS), "--period", "2026-10")
    headings = ("KPI", "store", "line", "(Last value)", "(Target 2026-10)")
    assert rows(path, *headings) == [
        ("sales", "munich", "food", 4, None),
        ("sales", "=bern", "toys", 3, None),
        ("rating", "munich", "food", 4.5, 5),
        ("rent", None, None, 7, 5),
    ]
    fill(path, {("sales", "2026-10"): 6, ("rent", "2026-10"): 5.5})
    assert read_back(path, STORES) == (
        [
            ("sales", "2026-10", ("munich", "food"), 6.0),
            ("sales", "2026-10", ("=bern", "toys"), 6.0),
            ("rent", "2026-10", (), 5.5),
        ],
        [],
    )


def test_a_sheet_that_is_full_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owner_sheet, "MOST_ROWS", 2)
    folder = write_strategy(tmp_path / "stores", STORES, STORE_ROWS)
    done = run("template", folder, "-o", tmp_path / "sheet.xlsx", "--period", "2026-10")
    assert "2 more have no room in it" in done.output
    assert len(rows(tmp_path / "sheet.xlsx", "KPI")) == 2
    sheet, line, _ = table(tmp_path / "sheet.xlsx")
    assert "The sheet is full: 2 more figures are not on it." in [sheet.cell(at, 1).value for at in range(1, line)]


NAMES = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    '=HYPERLINK("http://x.test","press")',
    "<b>bold</b> & more",
    "kpi",
    "_x0041_ and _x000D_",
    "[link](javascript:1)",
    "ÄÖ 日本 👩‍💻 خطة",
    " '",
    "2026-10",
    "#REF!",
    "x" * 900,
]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_becomes_a_formula_or_another_text(name: str, tmp_path: Path) -> None:
    quoted = "'" + name.replace("'", "''") + "'"
    text = f"""
strategy: hostile
name: {quoted}
data: [rows.csv]
dimensions: {{shop: [{quoted}, other]}}
kpis:
  x_x0041_: {{name: {quoted}, owner: {quoted}, unit: {quoted}, description: {quoted}}}
  judged: {{owner: {quoted}, levels: {{{quoted}: 0, fine: 1}}}}
"""
    folder = write_strategy(tmp_path / "hostile", text, "kpi,period,shop,value\nx_x0041_,2026-09,other,3\n")
    for options in (["--by-owner"], []):
        path = write_sheet(folder, "--period", "2026-10", *options)
        with zipfile.ZipFile(path) as book:
            assert not any(b"<f>" in book.read(part) or b"<f " in book.read(part) for part in book.namelist())
            assert not any("externalLink" in part for part in book.namelist())
        book = openpyxl.load_workbook(path)
        cells = [
            cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None
        ]
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        assert all(cell.quotePrefix for cell in cells if str(cell.value).startswith(("=", "+", "-", "@")))
    assert name.strip() in {str(cell.value).replace("_x005F_", "_").strip() for cell in cells}
    assert read_back(path, text) == ([], [])
    fill(path, {("x_x005F_x0041_", "2026-10"): 4, ("judged", "2026-10"): name})
    values, findings = read_back(path, text)
    assert (findings, [(kpi, members, value) for kpi, _, members, value in values]) == (
        [],
        [("x_x0041_", ("other",), 4.0), ("judged", (), 0.0)],
    )


def test_only_what_is_to_be_filled_in_can_be_typed_in(shop: Path) -> None:
    sheet, line, columns = table(write_sheet(shop, "--period", "2026-10"))
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    open_cells = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    letters = [openpyxl.utils.get_column_letter(columns[name]) for name in ("Value", "Note", "By")]
    assert open_cells == {f"{letter}{at}" for letter in letters for at in range(line + 1, line + 7)}
    shaded = [sheet.cell(line + at, columns["Value"]).fill.fill_type for at in range(1, 7)]
    assert shaded == ["solid", None, "solid", "solid", "solid", "solid"]  # the second is on record already


def test_cells_take_numbers_or_words_of_a_list(shop: Path) -> None:
    path = write_sheet(shop, "--period", "2026-10")
    sheet, line, columns = table(path)
    rules = {at: rule for rule in sheet.data_validations.dataValidation for at in range(1, 7)
             if f"{openpyxl.utils.get_column_letter(columns['Value'])}{line + at}" in rule.sqref}  # fmt: skip
    assert [rules[at].type for at in range(1, 7)] == ["decimal"] * 4 + ["list", "decimal"]
    assert all(rule.allow_blank and rule.showErrorMessage for rule in rules.values())
    assert "12.5%" in rules[1].prompt
    title, _, span = rules[5].formula1.rpartition("!")
    book = openpyxl.load_workbook(path)
    hidden = book[title.strip("'")]
    assert hidden.sheet_state == "hidden"
    assert [cell.value for (cell,) in hidden[span.replace("$", "")]] == ["rather bad, sadly", "so so", "good"]
    formats = [sheet.cell(line + at, columns["Value"]).number_format for at in (1, 2, 5)]
    assert formats == ["0.0##%", "General", "@"]


def test_words_of_lists_stand_where_no_reader_looks_for_a_header() -> None:
    assert owner_book._FIRST_WORD > workbook.HEADER_ROWS


def test_it_says_what_to_do_and_prints_on_pages_of_one_width(shop: Path) -> None:
    sheet, line, _ = table(write_sheet(shop, "--period", "2026-10"))
    lines = [sheet.cell(at, 1).value for at in range(1, line)]
    assert lines[:2] == ["Corner shop", "Figures for 2026-10"]
    assert "2026-10-01 to 2026-10-31" in lines[2]
    assert all(
        sheet.cell(at, column).value is None for at in range(1, line) for column in range(2, sheet.max_column + 1)
    )
    assert sheet.freeze_panes == f"C{line + 1}"
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == f"${line}:${line}"


def test_illustrative_figures_are_called_so() -> None:
    report = read_report(SOCIAL_MEDIA).scorecards["social_media"]
    [sheet] = owner_sheet.build_sheets(report.evaluate("2026-10"), report.observations)
    assert owner_sheet.write_heading(sheet)[-1] == "The figures are illustrative."


def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    books = []
    for number, seed in enumerate("01"):
        target = str(tmp_path / f"{number}.xlsx")
        around = os.environ | {"PYTHONHASHSEED": seed, "TZ": ("UTC", "Asia/Tokyo")[number]}
        subprocess.run(
            command("template", SOCIAL_MEDIA, "-p", "2026-10", "--by-owner", "-o", target),
            env=around, check=True, capture_output=True,
        )  # fmt: skip
        books.append(Path(target).read_bytes())
    assert books[0] == books[1]
    with zipfile.ZipFile(io.BytesIO(books[0])) as book:
        assert {part.date_time for part in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert str(date.today().year) not in book.read("docProps/core.xml").decode()


def test_a_sheet_nobody_touched_is_replaced_and_any_other_file_kept(shop: Path) -> None:
    path = write_sheet(shop, "--period", "2026-10")
    write_sheet(shop, "--period", "2026-11")
    assert rows(path, "Period")[0] == ("2026-11",)
    fill(path, {("till", "2026-11"): 5})
    other = shop.parent / "other.xlsx"
    other.write_text("precious", encoding="utf-8")
    for kept in (path, other):
        before = kept.read_bytes()
        done = run("template", shop, "-o", kept)
        assert (done.exit_code, kept.read_bytes()) == (WRONG_USE, before)
        assert "is there already, and somebody may have filled it in" in done.output
    assert {one.name for one in shop.parent.iterdir()} == {"shop", "sheet.xlsx", "other.xlsx"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "add such as '-o sheet.xlsx'"),
        (["-o", "sheet.csv"], "add such as '-o sheet.xlsx'"),
        (["-o", "nowhere/sheet.xlsx"], "name a file in a folder that exists"),
        (["-o", "s.xlsx", "--owner", "Anne"], "did you mean 'Ann'?"),
        (["-o", "s.xlsx", "--owner", "Ann", "--by-owner"], "leave out --owner or --by-owner"),
        (["-o", "s.xlsx", "--period", "2026-Q1"], "this strategy is reviewed by the month"),
        (["-o", "s.xlsx", "--strategy", "bakery"], "there are: shop"),
    ],
)
def test_wrong_use_is_one_sentence_and_a_hint(options: list[str], said: str, shop: Path) -> None:
    done = run("template", shop, *options)
    assert (done.exit_code, said in done.output) == (WRONG_USE, True), done.output
    assert not list(shop.parent.glob("*.xlsx"))


def test_a_strategy_of_formulas_has_nothing_to_fill_in(tmp_path: Path) -> None:
    folder = write_strategy(tmp_path / "empty", "strategy: empty\nkpis: {one: {formula: 1 + 1}}\n")
    done = run("template", folder, "-o", tmp_path / "sheet.xlsx")
    assert (done.exit_code, "nothing is to be filled in" in done.output) == (WRONG_USE, True)


def test_one_strategy_of_a_workspace_is_chosen(tmp_path: Path) -> None:
    folder = write_workspace(tmp_path / "all")
    assert "--strategy: company, sales" in run("template", folder, "-o", tmp_path / "sheet.xlsx").output
    path = write_sheet(folder, "--strategy", "sales")
    assert [kpi for (kpi,) in rows(path, "KPI")] == ["calls", "coached"]


def test_without_the_library_it_says_what_to_install(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    done = run("template", shop, "-o", "sheet.xlsx")
    assert done.exit_code == WRONG_USE
    assert done.output == "scorecard: Writing XLSX needs openpyxl: run pip install 'scorecard[xlsx]'.\n"


def test_one_owner_gets_only_what_is_hers(shop: Path) -> None:
    path = write_sheet(shop, "--period", "2026-10", "--owner", " aNN")
    sheet, _, columns = table(path)
    assert (sheet.title, sheet["A2"].value) == ("Ann", "Figures for 2026-10 · Ann")
    assert [kpi for (kpi,) in rows(path, "KPI")] == ["margin", "till", "theft"]
    assert "(Owner)" not in columns


def test_a_tab_for_each_owner_is_read_back_as_one(shop: Path) -> None:
    path = write_sheet(shop, "--period", "2026-10", "--by-owner")
    assert openpyxl.load_workbook(path).sheetnames == ["Ann", "Bob", "Words"]
    fill(path, {("margin", "2026-10"): 0.2, ("mood", "2026-10"): "good"})
    values, findings = read_back(path, SHOP)
    assert ([(kpi, value) for kpi, _, _, value in values], findings) == ([("margin", 0.2), ("mood", 2.0)], [])


def test_tabs_of_owners_with_like_names_stay_apart(tmp_path: Path) -> None:
    owners = ["Head of the office [north/south] for all", "Head of the office  north south  for us", "Words", "history"]
    kpis = "\n".join(f"  k{at}: {{owner: '{owner}'}}" for at, owner in enumerate(owners))
    folder = write_strategy(tmp_path / "many", f"strategy: many\nkpis:\n{kpis}\n  k9: {{levels: {{a: 0, b: 1}}}}\n")
    book = openpyxl.load_workbook(write_sheet(folder, "--by-owner"))
    assert len({name.casefold() for name in book.sheetnames}) == 6
    assert all(len(name) <= 31 and name.casefold() != "history" for name in book.sheetnames)
    assert book.sheetnames[4:] == ["Nobody", "Words 2"]


class _Day(date):
    """A calendar that always shows the same day."""

    @classmethod
    def today(cls) -> _Day:
        return cls(2026, 11, 22)


@pytest.mark.parametrize(
    ("values", "period"),
    [
        ("", "2026-10"),
        ("returning,2026-08,1\n", "2026-09"),
        ("returning,2026-09,1\nmargin,2026-09,12%\nreturning,2026-10,1\n", "2026-10"),
        ("returning,2026-09,1\nmargin,2026-08,12%\nreturning,2026-10,1\n", "2026-11"),
        ("returning,2026-11,1\n", "2026-12"),
    ],
    ids=["the last that ended", "after the latest", "a figure is awaited", "given up long ago", "the next one"],
)
def test_the_period_asked_for_is_the_one_that_is_due(
    values: str, period: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template, "date", _Day)
    folder = write_strategy(tmp_path / "shop", SHOP, f"kpi,period,value\n{values}")
    assert rows(write_sheet(folder), "Period")[0] == (period,)
