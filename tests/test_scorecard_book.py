"""The workbook computes what we compute: LibreOffice recalculates it, before and after inputs are changed."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import random_strategies
from openpyxl.worksheet.worksheet import Worksheet

from scorecard.analysis.changes import (
    Change,
    LinkChange,
    ProgressChange,
    TargetChange,
    ValueChange,
    WeightChange,
)
from scorecard.analysis.scenario import Scenario, apply
from scorecard.api import Scorecard, load, load_workspace
from scorecard.compute.evaluation import Evaluation
from scorecard.model import book_columns as columns
from scorecard.model.scoring import Levels
from scorecard.render.book_sheets import Book
from scorecard.render.book_sheets import write as write_cell
from scorecard.render.edition import Edition
from scorecard.render.graphviz import MissingTool
from scorecard.render.scorecard_book import write_scorecard_book
from scorecard.render.table import KEY

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")
SOFFICE = shutil.which("soffice")
EXAMPLES = Path(__file__).parent.parent / "strategies"
TODAY = date(2026, 11, 2).toordinal()
NEAR = 1e-9


def write(scorecard: Scorecard, period: str | None = None, periods: int = 12) -> tuple[Evaluation, bytes]:
    evaluation = scorecard.evaluate(period, periods)
    return evaluation, write_scorecard_book(Edition(evaluation, scorecard.observations, TODAY))


def read_rows(sheet: Worksheet) -> list[dict[str, object]]:
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def find_cell(sheet: Worksheet, header: str, **where: str):
    """The cell under a header in the row in which other columns say something."""
    at = {cell.value: number for number, cell in enumerate(sheet[1], 1)}
    fits = (r for r in range(2, sheet.max_row + 1) if all(sheet.cell(r, at[k]).value == v for k, v in where.items()))
    return sheet.cell(next(fits), at[header])


def close(found: object, wanted: float | None) -> bool:
    if wanted is None:
        return found in (None, "")
    return isinstance(found, (int, float)) and abs(found - wanted) <= NEAR


def differences(book: openpyxl.Workbook, evaluation: Evaluation) -> list[str]:
    """Every number and word of a recalculated book that is not ours."""
    wrong: list[str] = []

    def hold(what: str, found: object, wanted: object) -> None:
        same = found == wanted if isinstance(wanted, str) else close(found, wanted)  # type: ignore[arg-type]
        if not same:
            wrong.append(f"{what}: {found!r}, not {wanted!r}")

    for row, kpi in zip(read_rows(book[columns.KPIS]), evaluation.kpis, strict=True):
        hold(f"score of {kpi.id}", row["Score"], kpi.score)
        hold(f"status of {kpi.id}", row["Status"], str(kpi.status))
    for row, goal in zip(read_rows(book[columns.GOALS]), evaluation.goals, strict=True):
        for name, reading in (("Result", goal.lagging), ("Drivers", goal.leading), ("Outlook", goal.outlook)):
            hold(f"{name} of {goal.id}", row[name], reading.score)
            hold(f"{name} status of {goal.id}", row[f"{name} status"], str(reading.status))
            hold(f"{name} coverage of {goal.id}", row[f"{name} coverage"], reading.coverage)
        words = {"Status": goal.status, "Computed status": goal.computed_status, "Signal": goal.signal}
        for name, word in words.items():
            hold(f"{name} of {goal.id}", row[name], str(word))
        hold(f"basis of {goal.id}", row["Basis"], goal.lagging.basis)
    for row, one in zip(read_rows(book[columns.PERSPECTIVES]), evaluation.perspectives, strict=True):
        for name, reading in (("Result", one.lagging), ("Drivers", one.leading), ("Outlook", one.outlook)):
            hold(f"{name} of {one.id}", row[name], reading.score)
            hold(f"{name} status of {one.id}", row[f"{name} status"], str(reading.status))
            hold(f"{name} coverage of {one.id}", row[f"{name} coverage"], reading.coverage)
    settings = {str(row["Setting"]): row["Value"] for row in read_rows(book[columns.SETTINGS])}
    hold("index", settings[columns.INDEX], evaluation.index.score)
    hold("index status", settings[columns.INDEX_STATUS], str(evaluation.index.status))
    hold("index coverage", settings[columns.INDEX_COVERAGE], evaluation.index.coverage)
    breached = {(row["Goal"], row["Measure"]) for row in _guardrails(book) if row["State"] == columns.BREACHED}
    ours = {(goal.id, name) for goal in evaluation.goals for name in goal.guardrails_breached}
    if breached != ours:
        wrong.append(f"guardrails: {breached}, not {ours}")
    return wrong


def _guardrails(book: openpyxl.Workbook) -> list[dict[str, object]]:
    return read_rows(book[columns.GUARDRAILS]) if columns.GUARDRAILS in book.sheetnames else []


@dataclass
class Bench:
    """Books that LibreOffice recalculates in one go."""

    folder: Path
    wanted: dict[str, Evaluation] = field(default_factory=dict)

    def add(self, name: str, book: openpyxl.Workbook, wanted: Evaluation) -> None:
        """openpyxl writes formulas without their results, so that whoever opens the file has to compute them."""
        (self.folder / "in").mkdir(exist_ok=True)
        book.save(self.folder / "in" / f"{name}.xlsx")
        self.wanted[name] = wanted

    def recalculate(self) -> dict[str, openpyxl.Workbook]:
        files = sorted(str(path) for path in (self.folder / "in").iterdir())
        profile = f"-env:UserInstallation={(self.folder / 'profile').as_uri()}"
        command = [str(SOFFICE), profile, "--headless", "--convert-to", "xlsx", "--outdir", str(self.folder / "out")]
        subprocess.run([*command, *files], check=True, capture_output=True, timeout=300)
        return {
            name: openpyxl.load_workbook(self.folder / "out" / f"{name}.xlsx", data_only=True) for name in self.wanted
        }


def change_inputs(book: openpyxl.Workbook, evaluation: Evaluation) -> Evaluation:
    """Changes some cells of a book, and gives the evaluation with the same changes."""
    strategy, rules, changes = evaluation.strategy, evaluation.inputs.rules, list[Change]()
    used = {name for one in strategy.kpis.values() if one.formula for name in re.findall(r"[a-z_0-9]+", one.formula)}
    free = [kpi for kpi in evaluation.kpis if not kpi.kpi.formula and kpi.id not in used and rules[kpi.id] is not None]
    for number, kpi in enumerate(free):
        rule, value = rules[kpi.id], find_cell(book[columns.KPIS], "Value", Id=kpi.id)
        if isinstance(rule, Levels):
            value.value = f" {rule.words[-1].upper()} "
            changes.append(ValueChange(kpi.id, rule.words[-1]))
        elif number % 3 < 2:
            near = [one for one in (kpi.target, kpi.kpi.baseline, *(kpi.kpi.band or ())) if one is not None] or [0.5]
            value.value = sum(near) / len(near) * (1.02 if number % 2 else 0.9)
            changes.append(ValueChange(kpi.id, value.value))
        elif kpi.target is not None and kpi.kpi.baseline is not None:
            target = find_cell(book[columns.KPIS], "Target", Id=kpi.id)
            target.value = kpi.target + 0.25 * (kpi.target - kpi.kpi.baseline)
            changes.append(TargetChange(kpi.id, target.value))
    for goal in strategy.goals.values():
        for link in goal.links[:1]:
            find_cell(book[columns.LINKS], "Weight", Cause=link.goal, Effect=goal.id).value = 3.5
            changes.append(LinkChange(goal.id, link.goal, 3.5))
        for use in goal.lagging[:1]:
            if strategy.role(use) != "diagnostic":
                find_cell(book[columns.USES], "Weight", Goal=goal.id, KPI=use.kpi, Side=columns.RESULT).value = 2.25
                changes.append(WeightChange(goal.id, use.kpi, 2.25))
        for one in goal.initiatives[:1]:
            if one.status not in ("done", "stopped"):
                find_cell(book[columns.INITIATIVES], "Progress", Id=one.id).value = 0.125
                changes.append(ProgressChange(one.id, 0.125))
    return apply(evaluation, Scenario("changed", "", tuple(changes)))


def open_book(data: bytes, results: bool = False) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=results)


@pytest.fixture(scope="module")
def scorecards(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Scorecard, str | None]]:
    found: dict[str, tuple[Scorecard, str | None]] = {
        name: (load(EXAMPLES / name), None) for name in ("social_media", "bakeries", "bakery_academy")
    }
    for seed in range(10):
        folder = tmp_path_factory.mktemp("random") / f"random_{seed}"
        period = random_strategies.make(seed, folder)
        found[folder.name] = load(folder), period
    return found


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_computes_the_same(
    scorecards: dict[str, tuple[Scorecard, str | None]], workspace: Scorecard, tmp_path: Path
) -> None:
    bench = Bench(tmp_path)
    for at, (name, (scorecard, period)) in enumerate({**scorecards, "workspace": (workspace, "2026-10")}.items()):
        evaluation, data = write(scorecard, period, 3)
        book = open_book(data)
        bench.add(name, book, change_inputs(book, evaluation) if at % 2 else evaluation)
    evaluation, data = write(scorecards["social_media"][0], "2026-03")
    changed = open_book(data)
    bench.add("earlier", changed, change_inputs(changed, evaluation))
    wrong = {name: differences(book, bench.wanted[name]) for name, book in bench.recalculate().items()}
    assert {name: lines for name, lines in wrong.items() if lines} == {}


def test_results_stand_beside_formulas(scorecards: dict[str, tuple[Scorecard, str | None]]) -> None:
    for name, (scorecard, period) in scorecards.items():
        evaluation, data = write(scorecard, period, 3)
        assert differences(open_book(data, True), evaluation) == [], name
        kpis = open_book(data)[columns.KPIS]
        assert all(str(find_cell(kpis, "Score", Id=kpi.id).value).startswith("=") for kpi in evaluation.kpis)


WORKSPACE = {
    "north": """
strategy: north
goals:
  growth:
    perspective: stakeholder
    lagging: [{kpi: sales, baseline: 0, target: 100, values: {2026-10: 60}}]
    leading:
      - {goal: south/staff, effect: opposes, weight: 2}
      - {goal: south/empty}
      - {goal: quality}
  quality:
    perspective: internal
    lead_share: 25%
    leading: [{kpi: audits, target: 4, direction: up, values: {2026-10: 4}}, {goal: south/staff}]
""",
    "south": """
strategy: south
goals:
  staff:
    perspective: learning
    lagging: [{kpi: people, baseline: 0, target: 10, values: {2026-10: 7}}]
    leading: [{kpi: training, baseline: 0, target: 10, values: {2026-10: 2}}]
  empty: {perspective: learning}
""",
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Scorecard:
    """A strategy that is driven by goals of another one."""
    folder = tmp_path_factory.mktemp("workspace")
    for name, text in WORKSPACE.items():
        (folder / name).mkdir()
        (folder / name / "strategy.yaml").write_text(text, encoding="utf-8")
    return load_workspace(folder)["north"]


def test_goals_of_other_strategies_are_inputs(workspace: Scorecard) -> None:
    links = open_book(write(workspace, "2026-10", 1)[1])[columns.LINKS]
    assert find_cell(links, "Cause result", Cause="south/staff", Effect="growth").value == pytest.approx(0.7)
    assert find_cell(links, "Cause outlook", Cause="south/staff", Effect="growth").value == pytest.approx(0.45)
    assert find_cell(links, "Cause result", Cause="south/empty").value is None


HOSTILE = (
    "=1+1",
    "+1",
    "-2+3",
    "@SUM(A1)",
    '=cmd|"/c calc"!A1',
    "javascript:alert(1)",
    "https://example.org/x",
    "</script><b>&amp;",
    "'quoted\" [/]",
    "_x0041_ _x000D_",
    "{=SUM(1)}",
    "1e5",
    "TRUE",
    "漢字 🎯 é",
    "x" * 9_000,
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Evaluation, bytes]:
    folder = tmp_path_factory.mktemp("hostile")
    quoted = ["'" + name.replace("'", "''") + "'" for name in HOSTILE]
    lines = [f"strategy: s\nname: {quoted[0]}\nperspectives: {{p: {quoted[4]}}}\ngoals:"]
    for at, name in enumerate(quoted):
        words = ", ".join(f"{one}: {at / 20}" for at, one in enumerate(quoted[:12]))
        lines.append(f"  g{at}:\n    name: {name}\n    owner: {name}\n    perspective: p\n    lagging:")
        lines.append(f"      - {{kpi: k{at}, name: {name}, owner: {name}, levels: {{{words}}}}}")
        lines.append(f"    leading: [{{goal: g{at - 1}, why: {name}}}]" if at else "    leading: []")
        lines.append(f"    initiatives: [{{initiative: i{at}, name: {name}}}]")
    (folder / "strategy.yaml").write_text("\n".join(lines), encoding="utf-8")
    return write(load(folder), "2026-10", 2)


def test_hostile_names_come_back(hostile: tuple[Evaluation, bytes]) -> None:
    book = open_book(hostile[1])
    for sheet, key in ((columns.GOALS, "g"), (columns.KPIS, "k"), (columns.INITIATIVES, "i")):
        for at, name in enumerate(HOSTILE):
            cell = find_cell(book[sheet], "Name", Id=f"{key}{at}")
            assert (cell.value, cell.data_type) == (name, "s")
    whys = [row["Why"] for row in read_rows(book[columns.LINKS])]
    assert whys == list(HOSTILE[1:])
    words = [row["At"] for row in read_rows(book[columns.POINTS])][:12]
    assert words == list(HOSTILE[:12])
    assert book[columns.SCORECARD]["A1"].value == HOSTILE[0]


def test_no_text_of_a_strategy_is_in_a_formula(hostile: tuple[Evaluation, bytes]) -> None:
    known = {"cmd", "javascript", "SUM(A1)", "1+1", "example"}
    for sheet in open_book(hostile[1]):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert not any(word in str(cell.value) for word in known)
                assert cell.hyperlink is None


def test_texts_longer_than_a_cell_are_cut() -> None:
    text = "🎯" * 20_000
    book = Book("long")
    sheet = book.add_sheet("S")
    write_cell(book, sheet, 0, 0, text, "text")
    found = open_book(book.pack())["S"]["A1"].value
    assert found.endswith("🎯…")
    assert len(found.encode("utf-16-le")) // 2 <= 32767


def test_the_sheets_are_ready_for_work_and_print() -> None:
    data = write(load(EXAMPLES / "social_media"))[1]
    book = open_book(data)
    assert book.sheetnames[0] == columns.SCORECARD
    assert set(columns.COLUMNS) - {columns.POINTS} == set(book.sheetnames[1:])
    front = book[columns.SCORECARD]
    assert front.print_title_rows == "$6:$6"
    assert front.freeze_panes == "C7"
    assert front.auto_filter.ref.startswith("A6:")
    assert (front.page_setup.orientation, front.page_setup.fitToHeight) == ("landscape", 0)
    assert front.oddHeader.left.text == "&BSocial media marketing"
    assert front["A4"].value == f"The figures are illustrative. {KEY}"
    rules = [rule for found in front.conditional_formatting for rule in found.rules]
    assert {rule.type for rule in rules} == {"containsText", "expression"}
    for name in (columns.KPIS, columns.GOALS):
        assert [cell.value for cell in book[name][1]] == [column.header for column in columns.COLUMNS[name]]
        assert book[name].print_title_rows == "$1:$1"
        assert any(rule.type == "cellIs" for found in book[name].conditional_formatting for rule in found.rules)
    typed = {rule.type for rule in book[columns.KPIS].data_validations.dataValidation}
    assert typed == {"decimal", "list"}
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        names = parts.namelist()
        assert b"x14:sparkline" in parts.read("xl/worksheets/sheet1.xml")
        assert not any("vba" in name or "externalLink" in name for name in names)
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_unknown_is_empty_never_zero(tmp_path: Path) -> None:
    text = "strategy: s\ngoals: {g: {perspective: internal, lagging: [{kpi: k, baseline: 0, target: 5}]}}\n"
    (tmp_path / "strategy.yaml").write_text(text, encoding="utf-8")
    book = open_book(write(load(tmp_path), "2026-10", 1)[1], True)
    assert find_cell(book[columns.KPIS], "Value", Id="k").value is None
    assert find_cell(book[columns.KPIS], "Score", Id="k").value in (None, "")
    goal = read_rows(book[columns.GOALS])[0]
    assert [goal[name] in (None, "") for name in ("Result", "Drivers", "Outlook")] == [True] * 3
    assert (goal["Status"], goal["Signal"]) == ("unknown", "unknown")
    rows = {row[1]: row for row in book[columns.SCORECARD].iter_rows(min_row=7, values_only=True)}
    assert rows["K"][0] == "○ unknown"
    assert (rows["K"][3], rows["K"][6], rows["G"][6]) == ("–", "n/a", "n/a")


def test_the_same_edition_gives_the_same_bytes() -> None:
    scorecard = load(EXAMPLES / "social_media")
    assert write(scorecard)[1] == write(load(EXAMPLES / "social_media"))[1]


def test_another_period_stands_beside() -> None:
    scorecard = load(EXAMPLES / "social_media")
    evaluation = scorecard.evaluate("2026-10", 12)
    before = evaluation.periods[-2]
    book = open_book(write_scorecard_book(Edition(evaluation, scorecard.observations, TODAY, before=before)))
    front = book[columns.SCORECARD]
    assert [cell.value for cell in front[6]][-2:] == ["Before", "Change"]
    assert "%" in str(front["L7"].value)


def test_a_missing_library_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "xlsxwriter", None)
    with pytest.raises(MissingTool, match=r"^Writing XLSX needs XlsxWriter: run pip install 'scorecard\[office\]'\.$"):
        write(load(EXAMPLES / "social_media"))
