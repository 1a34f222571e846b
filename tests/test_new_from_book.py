"""`scorecard new --from book.xlsx`: our own workbook comes back as it was, a consultant's table as far as it is clear.

What has no place is named at its cell, no figure is changed on the way, and no cell becomes anything but text.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from scorecard.api import Scorecard, check, load
from scorecard.cli.app import app
from scorecard.model.finding import Severity
from scorecard.parser.strategy_text import write_strategy, write_text
from scorecard.render.edition import Edition
from scorecard.render.formats import FORMATS
from scorecard.store import book_grid
from scorecard.store.book_headings import read_heading

STRATEGIES = Path(__file__).parent.parent / "strategies"
HEADINGS: list[Any] = ["Perspective", "Goal", "KPI", "Unit", "Baseline", "Target", "Sep 2026", "Oct 2026", "Owner"]
HOSTILE = [
    "=1+1",
    'He said "grow": now # or never',
    "{a: b}, [c]",
    "- item",
    "&anchor *alias !tag",
    "</script><b>x</b>",
    "[@click=app.quit]x[/]",
    "javascript:alert(1)",
    "back\\slash \\n",
    "no",
    "null",
    "2026-10",
    "日本の戦略",
    "🎯 Team 👩‍💻",
    "max",
    "x" * 9_000,
]


def make_book(path: Path, rows: Sequence[Any], shape: Callable[[Any], None] | None = None) -> Path:
    """A book with one sheet, `Plan`; texts stay texts."""
    book: Any = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Plan"
    for line, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(line, column, value)
            if isinstance(value, str):
                cell.data_type = "s"
    if shape:
        shape(sheet)
    book.save(path)
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


def read(book: Path, *options: str) -> tuple[Scorecard, str]:
    """The strategy that a book becomes, and what is said on the way; it has no errors."""
    folder = book.parent / "made"
    made = run("new", "Our plan", "--from", book, "-o", folder, *options)
    assert (made.exit_code, made.stdout) == (0, ""), made.output
    assert [one for one in check(folder) if one.severity == Severity.ERROR] == []
    return load(folder), made.stderr


def consultant(sheet: Any) -> None:
    sheet.merge_cells("A4:A6")
    sheet.merge_cells("B4:B5")
    for cell in ("E5", "F5", "G5", "H5"):
        sheet[cell].number_format = "0.0%"


CONSULTANT: list[list[Any]] = [
    ["ACME balanced scorecard"],
    [],
    ["Perspective", "Strategic objective", "KPI / Measure", "Unit", "Baseline", "Target", "Jan 2026", "2026-02", "Owner",
     "Lead/Lag", "Weight", "Initiative / Action", "Due"],
    ["Financial", "Grow revenue", "Revenue (EUR m)", None, 10, 14, 10.5, 11, "CFO", "Lag", 2,
     "New price list", datetime(2026, 6, 30)],
    [None, None, "Margin", None, 0.05, 0.1, 0.055, None, "CFO", "lagging", 1, None, None],
    [None, "Waste less", "Scrap", "kg", 40, 20, "n/a", 33.5, "Plant", "lagging", None, None, None],
    [],
    ["Customer", "Keep our customers", "Complaints", "number", 40, 20, 38, 31, "Support", "leading", None,
     "Survey\nKey accounts", "Q4 2026"],
    ["Total", None, None, None, 90, 54, None, None],
]  # fmt: skip


def test_a_consultants_table_is_read_as_people_read_it(tmp_path: Path) -> None:
    card, said = read(make_book(tmp_path / "book.xlsx", CONSULTANT, consultant))
    strategy = card.strategy
    assert list(strategy.perspectives) == ["financial", "customer"]
    assert [(goal.title, goal.perspective) for goal in strategy.goals.values()] == [
        ("Grow revenue", "financial"),
        ("Waste less", "financial"),
        ("Keep our customers", "customer"),
    ]
    revenue, margin = strategy.kpis["revenue"], strategy.kpis["margin"]
    assert (revenue.title, revenue.unit, revenue.owner, revenue.baseline, revenue.target) == (
        "Revenue", "EUR m", "CFO", 10, 14,
    )  # fmt: skip
    assert (margin.unit, margin.baseline, margin.target) == ("%", 0.05, 0.1)
    assert [use.kpi for use in strategy.goals["grow_revenue"].lagging] == ["revenue", "margin"]
    assert [use.kpi for use in strategy.goals["keep_our_customers"].drivers] == ["complaints"]
    assert strategy.weigh(strategy.goals["grow_revenue"].lagging[0]) == 2
    survey, accounts = strategy.goals["keep_our_customers"].initiatives
    assert (survey.title, accounts.title, str(accounts.due)) == ("Survey", "Key accounts", "2026-Q4")
    assert str(strategy.goals["grow_revenue"].initiatives[0].due) == "2026-06-30"
    assert card.evaluate("2026-02").kpi("revenue").value == 11
    assert card.evaluate("2026-01").kpi("margin").value == 0.055
    assert card.evaluate("2026-01").kpi("scrap").value is None
    assert "book.xlsx!Plan!A9: warning S342 the row looks like a total" in said
    assert said.count(" S3") == 1


def test_bands_of_perspectives_and_a_sheet_of_initiatives(tmp_path: Path) -> None:
    """The other shape: no column for the perspective, results and drivers side by side, initiatives apart."""
    rows = [
        ["Objective", "Lagging indicator", "Target", "Leading indicator", "Target"],
        ["FINANCIAL PERSPECTIVE"],
        ["Grow revenue", "Revenue", 14, "Offers sent", 90],
        ["LEARNING AND GROWTH"],
        ["Train the team", "Courses", 12, None, None],
    ]
    path = make_book(tmp_path / "book.xlsx", rows)
    book = openpyxl.load_workbook(path)
    apart = book.create_sheet("Projects", 0)
    for row in (["Project", "Objective", "Owner", "Deadline"], ["Price list", "grow  Revenue", "CFO", "2026-06-30"]):
        apart.append(row)
    book.save(path)
    card, said = read(path)
    goal = card.strategy.goals["grow_revenue"]
    assert (goal.perspective, card.strategy.goals["train_the_team"].perspective) == ("financial", "learning")
    assert ([use.kpi for use in goal.lagging], [use.kpi for use in goal.drivers]) == (["revenue"], ["offers_sent"])
    assert (card.strategy.kpis["revenue"].target, card.strategy.kpis["offers_sent"].target) == (14, 90)
    assert [(one.title, one.owner, str(one.due)) for one in goal.initiatives] == [("Price list", "CFO", "2026-06-30")]
    assert " S3" not in said


def test_german_headings(tmp_path: Path) -> None:
    rows = [
        ["Perspektive", "Strategisches Ziel", "Kennzahl", "Früh-/Spät", "Einheit", "Basiswert", "Zielwert", "Ist 09/2026",
         "Mär 2026", "Verantwortlich", "Gewichtung", "Maßnahme", "Fällig am"],
        ["Interne Prozesse", "Schneller liefern", "Lieferzeit", "spät", "Tage", 9, 4, 6, "7.5", "Logistik", 3,
         "Zweite Rampe", "31.12.2026"],
        ["Lernen und Entwicklung", "Leute fördern", "Schulungstage", "früh", "Tage", 1, 5, 2, "1,5", "HR", 1, None, None],
    ]  # fmt: skip
    card, said = read(make_book(tmp_path / "book.xlsx", rows))
    kpi = card.strategy.kpis["lieferzeit"]
    assert (kpi.unit, kpi.owner, kpi.baseline, kpi.target) == ("Tage", "Logistik", 9, 4)
    assert list(card.strategy.perspectives) == ["internal", "learning"]
    assert str(card.strategy.goals["schneller_liefern"].initiatives[0].due) == "2026-12-31"
    assert [use.kpi for use in card.strategy.goals["leute_fordern"].drivers] == ["schulungstage"]
    assert (card.evaluate("2026-09").kpi("lieferzeit").value, card.evaluate("2026-03").kpi("lieferzeit").value) == (
        6,
        7.5,
    )
    assert "book.xlsx!Plan!I3: error S304 '1,5' is not a number" in said


def test_no_figure_is_guessed(tmp_path: Path) -> None:
    rows = [
        [*HEADINGS, "Actual", "Nov"],
        ["Customer", "Loyalty", "Retention", "%", 80, 90, "ca. 85", "1,200", "Ann", 5, 3],
        ["Customer", "Loyalty", "Churn", None, "5%", 2, "4%", None, "Bob", None, None],
        ["Customer", "Loyalty", "Flat", "EUR", 7, 7, 7, None, "Bob", None, None],
    ]
    card, said = read(make_book(tmp_path / "book.xlsx", rows))
    kpis, at = card.strategy.kpis, card.evaluate("2026-09")
    assert (kpis["retention"].unit, kpis["retention"].baseline, kpis["retention"].target) == ("percent", 80, 90)
    assert (kpis["churn"].unit, kpis["churn"].baseline, kpis["churn"].target) == ("%", 0.05, None)
    assert (kpis["flat"].baseline, kpis["flat"].target) == (None, 7)
    assert (at.kpi("retention").value, at.kpi("churn").value) == (None, 0.04)
    for cell in (
        "G2: error S304",
        "H2: error S304",
        "F3: error S304",
        "E4: warning S342",
        "J1: warning S342",
        "K1: error S305",
    ):
        assert f"book.xlsx!Plan!{cell}" in said
    assert said.count("error S3") + said.count("warning S3") == 7  # and the unit of the retention


def test_the_period_of_actual_can_be_said(tmp_path: Path) -> None:
    rows = [["Goal", "KPI", "Target", "Actual"], ["Loyalty", "Guests", 90, 78]]
    card, said = read(make_book(tmp_path / "book.xlsx", rows), "--period", "2026-09")
    assert card.evaluate("2026-09").kpi("guests").value == 78
    assert " S3" not in said
    assert list(card.strategy.perspectives) == ["not_placed"]


def test_formulas_count_by_what_was_computed(tmp_path: Path) -> None:
    def write_formulas(sheet: Any) -> None:
        sheet["F2"].value, sheet["F2"].data_type = "=40+50", "f"

    path = make_book(
        tmp_path / "book.xlsx", [HEADINGS, ["Customer", "Loyalty", "Guests", "", 60, 90, 78]], write_formulas
    )
    card, said = read(path)
    assert card.strategy.kpis["guests"].target is None
    assert "book.xlsx!Plan!F2: error S304 '=40+50' was never computed" in said
    assert "save it" in said


def test_months_below_their_year_and_targets_by_year(tmp_path: Path) -> None:
    rows = [
        [None, None, "Target", None, "2026", None],
        ["Goal", "KPI", "2026", "2027", "Jan", "Feb"],
        ["Loyalty", "Guests", 90, 95, 70, 72],
    ]

    def merge(sheet: Any) -> None:
        sheet.merge_cells("C1:D1")
        sheet.merge_cells("E1:F1")

    card, said = read(make_book(tmp_path / "book.xlsx", rows, merge))
    target = card.strategy.kpis["guests"].target
    assert isinstance(target, dict)
    assert {str(when): figure for when, figure in target.items()} == {"2026": 90, "2027": 95}
    assert card.evaluate("2026-02").kpi("guests").value == 72
    assert " S3" not in said


def test_links_by_name_and_a_kpi_of_two_goals(tmp_path: Path) -> None:
    rows = [
        [
            "Perspective",
            "Objective",
            "Owner",
            "Weight",
            "KPI",
            "Polarity",
            "Target 2026",
            "Q1 2026",
            "Weight",
            "Comment",
        ],
        ["Financial", "Grow profit", "CEO", 2, "Margin", "↑", "12%", "9%", 60, "Ask controlling # soon"],
        ["Customer", "Delight", "CMO", 1, "Praise", "higher is better", 50, 41, 0.4, None],
        ["Customer", "Delight", "COO", 1, "Margin", "up", "12%", None, None, None],
    ]
    path = make_book(tmp_path / "book.xlsx", rows)
    book = openpyxl.load_workbook(path)
    links = book.create_sheet("Map")
    for row in (["From", "To", "Hypothesis"], ["Delight", "Grow profit", "They return"], ["Nobody", "Delight", None]):
        links.append(row)
    book.save(path)
    card, said = read(path)
    strategy = card.strategy
    profit, delight = strategy.goals["grow_profit"], strategy.goals["delight"]
    assert strategy.period == "quarter"
    assert [(link.goal, link.why) for link in profit.links] == [("delight", "They return")]
    assert (profit.weight, profit.owner, delight.owner) == (2, "CEO", "CMO")
    assert [(use.kpi, strategy.weigh(use)) for use in profit.lagging] == [("margin", 60)]
    assert [(use.kpi, strategy.weigh(use)) for use in delight.lagging] == [("praise", 0.4), ("margin", 1)]
    assert strategy.kpis["praise"].direction == "up"
    assert "book.xlsx!Plan!C4: warning S342 'COO' is another owner" in said
    assert "book.xlsx!Map!A3: warning S342 the link names 'Nobody'" in said
    assert "# Ask controlling # soon" in (tmp_path / "made" / "strategy.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_texts(name: str, tmp_path: Path) -> None:
    rows = [HEADINGS, [name, name, name, name[:99], 1, 2, 1.5, 1.6, name], [name, name, f"{name} too", "kg", 1, 2]]
    card, _ = read(make_book(tmp_path / "book.xlsx", rows))
    (goal,) = card.strategy.goals.values()
    kpi = next(iter(card.strategy.kpis.values()))
    (perspective,) = card.strategy.perspectives.values()
    assert (goal.title, perspective.title, kpi.title, kpi.owner, kpi.unit) == (name, name, name, name, name[:99])
    assert card.evaluate("2026-10").kpi(kpi.id).value == 1.6


@pytest.mark.parametrize("text", ["a\u202eb", "a\x85b", "\ufeffa", "a\u2028b"])
def test_signs_that_no_file_may_hold_are_replaced(text: str) -> None:
    assert "\ufffd" in write_text(text)
    assert write_strategy({"strategy": "x", "name": text}).count("\n") == 2


def test_nothing_is_overwritten_and_wrong_uses_are_refused(tmp_path: Path) -> None:
    book = make_book(tmp_path / "book.xlsx", CONSULTANT, consultant)
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "measurements.csv").write_text("mine", encoding="utf-8")
    refused = run("new", "Plan", "--from", book, "-o", folder)
    assert (refused.exit_code, "nothing is overwritten" in refused.stderr) == (2, True)
    assert [one.name for one in folder.iterdir()] == ["measurements.csv"]
    for options in (["--template", "balanced"], ["--period", "soon"]):
        assert run("new", "Plan", "--from", book, "-o", tmp_path / "other", *options).exit_code == 2
    for arguments in (["new"], ["new", "Plan", "--period", "2026-10"], ["new", "--from", tmp_path / "none.xlsx"]):
        assert run(*arguments).exit_code == 2
    assert not (tmp_path / "other").exists()


def test_a_book_that_cannot_be_read_is_one_finding(tmp_path: Path) -> None:
    bad, empty, other = tmp_path / "bad.xlsx", tmp_path / "empty.xlsx", tmp_path / "other.xlsx"
    bad.write_bytes(b"PK\x03\x04 this is no zip")
    make_book(empty, [])
    make_book(other, [["Dear all,"], ["see below", 5]])
    for path, code in ((bad, "S301"), (empty, "S302"), (other, "S302")):
        refused = run("new", "Plan", "--from", path, "-o", tmp_path / "made")
        assert (refused.exit_code, refused.stderr.count(f"error {code}")) == (3, 1), refused.output
        assert "Traceback" not in refused.output
    assert not (tmp_path / "made").exists()


def test_a_book_of_a_million_rows_is_read_within_limits(tmp_path: Path) -> None:
    path = make_book(tmp_path / "book.xlsx", [HEADINGS, ["Customer", "Loyalty", "Guests", "", 60, 90, 78]])
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            text = old.read(part)
            if part == "xl/worksheets/sheet1.xml":
                rows = b"".join(b'<row r="%d"><c r="C%d"><v>1</v></c></row>' % (n, n) for n in range(3, 1_000_000))
                text = text.replace(b"</sheetData>", rows + b"</sheetData>")
            new.writestr(part, text)
    made = run("new", "Plan", "--from", bomb, "-o", tmp_path / "made")
    assert made.exit_code == 0
    assert f"bomb.xlsx!Plan!A{book_grid.MOST_ROWS + 1}: error S301 the sheet has more than" in made.stderr
    assert len(made.stderr.splitlines()) < 250
    assert load(tmp_path / "made").strategy.kpis["guests"].target == 90


@pytest.mark.parametrize(
    ("text", "kind", "period"),
    [
        ("Jan 2026", "period", "2026-01"),
        ("Q1/2026", "period", "2026-Q1"),
        ("2026", "period", "2026"),
        ("Dez. 2026", "period", "2026-12"),
        ("Ist 09/2026", "period", "2026-09"),
        ("Target Dec 2026", "target", "2026-12"),
        ("Target (2026)", "target", "2026"),
        ("STRATEGIC GOAL", "goal", ""),
        ("Owner / Responsible", "owner", ""),
        ("Messgröße", "kpi", ""),
        ("13/2026", "", ""),
        ("Target or baseline", "", ""),
        ("Mood", "", ""),
    ],
)
def test_headings(text: str, kind: str, period: str) -> None:
    assert read_heading(text)[:2] == (kind, period)


@pytest.mark.parametrize(("name", "period"), [("social_media", "2026-10"), ("social_media", "2026-06")])
def test_our_own_book_comes_back(name: str, period: str, tmp_path: Path) -> None:
    card = load(STRATEGIES / name)
    edition = Edition(card.evaluate(period, 24), card.observations, date(2026, 11, 2).toordinal())
    book = tmp_path / "own.xlsx"
    book.write_bytes(FORMATS["xlsx"].write(edition))
    made = run("new", "--from", book, "-o", tmp_path / "made")
    assert (made.exit_code, "0 findings about the book" in made.stderr) == (0, True), made.output
    before, after = (run("show", path, "--period", period, "--json") for path in (STRATEGIES / name, tmp_path / "made"))
    old, new = json.loads(before.stdout), json.loads(after.stdout)
    assert new["index"]["score"] == pytest.approx(old["index"]["score"], abs=1e-12)
    for part in ("perspectives", "goals", "kpis"):
        assert new[part] == [_near(one) for one in old[part]]
    ours, theirs = card.strategy, load(tmp_path / "made").strategy
    assert (theirs.title, theirs.purpose, theirs.themes) == (ours.title, ours.purpose, ours.themes)
    for one, goal in ours.goals.items():
        links = sorted((link.goal, link.weight, link.delay, link.effect, link.why) for link in goal.links)
        assert (
            sorted((link.goal, link.weight, link.delay, link.effect, link.why) for link in theirs.goals[one].links)
            == links
        )
    for one, kpi in ours.kpis.items():
        own = theirs.kpis[one]
        assert (own.target, own.baseline, own.red, own.band, own.formula) == (
            kpi.target, kpi.baseline, kpi.red, kpi.band, kpi.formula,
        )  # fmt: skip
        assert (own.title, own.unit, own.owner, own.aliases) == (kpi.title, kpi.unit, kpi.owner, kpi.aliases)


def test_what_was_typed_into_our_book_counts(tmp_path: Path) -> None:
    card = load(STRATEGIES / "social_media")
    path = tmp_path / "own.xlsx"
    edition = Edition(card.evaluate("2026-10", 3), card.observations, date(2026, 11, 2).toordinal())
    path.write_bytes(FORMATS["xlsx"].write(edition))
    with pytest.warns(UserWarning, match="Sparkline"):
        book = openpyxl.load_workbook(path)
    sheet = book["KPIs"]
    headers = {cell.value: cell.column for cell in sheet[1]}
    line = next(row[0].row for row in sheet.iter_rows(min_row=2) if row[0].value == "response_time")
    sheet.cell(line, headers["Value"], 3.5)
    sheet.cell(line, headers["Target"], 5)
    book.save(path)
    made = run("new", "Spring plan", "--from", path, "-o", tmp_path / "made")
    assert made.exit_code == 0, made.output
    typed = load(tmp_path / "made")
    assert (typed.strategy.id, typed.strategy.title) == ("spring_plan", "Spring plan")
    assert typed.strategy.kpis["response_time"].target == 5
    assert typed.evaluate("2026-10").kpi("response_time").value == 3.5


def _near(one: Any) -> Any:
    """The same with its numbers up to the last bits: drivers may stand in another order."""
    if isinstance(one, dict):
        return {key: _near(value) for key, value in one.items()}
    if isinstance(one, list):
        return [_near(value) for value in one]
    return pytest.approx(one, abs=1e-12) if isinstance(one, float) else one
