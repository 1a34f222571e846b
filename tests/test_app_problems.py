"""The problems screen, driven by keys: every finding with its place, the editor at its line, the page on its code."""

from __future__ import annotations

import re
import shutil
from contextlib import nullcontext
from pathlib import Path

import pytest
from rich.cells import cell_len
from test_app import EXAMPLE, HOSTILE, TODAY, make_app, read
from test_app_members import wait_for
from textual.pilot import Pilot
from textual.widgets import Static

from scorecard.model.codes import CODES
from scorecard.model.finding import Finding, Place, Severity
from scorecard.tui.app import ReviewApp
from scorecard.tui.problem_words import list_problems, read_excerpt, say_page, shorten_place
from scorecard.tui.screens.entry import EntryScreen
from scorecard.tui.session import Session, open_path
from scorecard.tui.widgets.problem_list import ProblemList
from scorecard.tui.widgets.tab_bar import TabBar

FINE = """\
strategy: s
accept: {S409: one goal is enough here}
perspectives: {p: P}
goals:
  g:
    perspective: p
    owner: Ann
    lagging:
      - {kpi: k, unit: "%", owner: Ann, baseline: 10%, target: 90%, values: {2026-09: 60%, 2026-10: 80%}}
    leading:
      - {kpi: d, unit: "%", owner: Ann, baseline: 10%, target: 90%, values: {2026-09: 60%, 2026-10: 80%}}
"""


WEAK = "".join(line for line in FINE.splitlines(keepends=True) if not line.startswith("accept"))


async def open_problems(pilot: Pilot[None]) -> ProblemList:
    await wait_for(pilot, lambda: pilot.app.query("StrategyMap"))
    await pilot.press("6")
    await wait_for(pilot, lambda: pilot.app.query(ProblemList) and pilot.app.query_one(ProblemList).has_focus)
    await wait_for(pilot, lambda: str(pilot.app.query_one("#said", Static).content))
    return pilot.app.query_one(ProblemList)


def lines(problems: ProblemList) -> list[str]:
    """What is on screen, each line checked to fill the width."""
    found = ["".join(part.text for part in problems.render_line(y)) for y in range(problems.size.height)]
    assert {cell_len(line) for line in found} == {problems.size.width}
    return found


@pytest.fixture
def example(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "social_media"))


@pytest.fixture
def faulty(example: Path) -> Path:
    """The example with a row of data that does not count: an error, warnings and hints."""
    with (example / "measurements.csv").open("a") as file:
        file.write("people_tagged,2026-10,many,,\n")
    return example


async def test_every_finding_stands_there_errors_first_then_by_file_and_line(faulty: Path) -> None:
    app = make_app(faulty)
    async with app.run_test(size=(132, 40)) as pilot:
        problems = await open_problems(pilot)
        text = lines(problems)
        at = [number for number, line in enumerate(text) if re.search(r"[▲◆○] (error|warning|hint) ", line)]
        assert [re.search(r"S\d+", text[one])[0] for one in at] == ["S304", "S420", "S418", "S402", "S402", "S402"]
        assert "measurements.csv:" in "".join(text[at[0] : at[1]])
        assert "kpis.yaml:" in "".join(text[at[1] : at[2]])
        assert "→ record the newer value" in "".join(text[at[1] : at[2]])
        assert problems.count == len(app.shell.session.findings)
        assert "1 of 6" in read(app, "#line")
        assert "▲ error S304 measurements.csv:" in read(app, "#line")
        assert "6 Problems 3 " in str(app.query_one(TabBar).render())


async def test_the_chosen_one_is_said_in_full_with_the_lines_it_stands_in(faulty: Path) -> None:
    app = make_app(faulty)
    async with app.run_test(size=(132, 40)) as pilot:
        await open_problems(pilot)
        number = len((faulty / "measurements.csv").read_text().splitlines())
        await wait_for(pilot, lambda: f"{number} ▸ people_tagged,2026-10,many" in read(app, "#said"))
        assert CODES["S304"].title in read(app, "#said").replace("\n", " ")
        await pilot.press("down")
        await wait_for(pilot, lambda: "'People tagged' has no value for 2026-10" in read(app, "#said"))
        await wait_for(pilot, lambda: "▸ people_tagged:" in read(app, "#said"))
        await pilot.press("end")
        await wait_for(pilot, lambda: "6 of 6" in read(app, "#line"))


async def test_f_shows_only_errors_then_warnings_then_hints(faulty: Path) -> None:
    app = make_app(faulty)
    async with app.run_test(size=(100, 30)) as pilot:
        problems = await open_problems(pilot)
        for severity, count in (("errors", 1), ("warnings", 2), ("hints", 3)):
            await pilot.press("f")
            assert problems.count == count
            assert f"only {severity}" in read(app, "#line")
        await pilot.press("f")
        assert (problems.count, "only" in read(app, "#line")) == (6, False)
        await pilot.press("f", "escape")
        assert problems.count == 6
        assert app.shell.open_id == "problems"


async def test_what_there_is_none_of_is_passed_over() -> None:
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        problems = await open_problems(pilot)
        await pilot.press("f")
        assert {one.severity for one in problems._found} == {Severity.WARNING}


@pytest.mark.parametrize("size", [(80, 24), (132, 40)])
async def test_capital_e_explains_the_code_and_escape_comes_back(size: tuple[int, int]) -> None:
    app = make_app()
    async with app.run_test(size=size) as pilot:
        problems = await open_problems(pilot)
        await pilot.press("E")
        await wait_for(pilot, lambda: "Why it matters" in read(app, "#said"))
        await wait_for(pilot, lambda: app.query_one("#beside").has_focus)
        page = read(app, "#said")
        assert page.startswith("S420: a stale figure")
        assert "`interval:`." in page
        assert "▲ this gives it" in page
        assert problems.display == (size[0] > 80)
        await pilot.press("down", "down")
        assert problems.cursor == 0  # the arrows scroll the page
        await pilot.press("escape")
        await wait_for(pilot, lambda: problems.has_focus and "→ record the newer value" in read(app, "#said"))
        assert problems.display
        await pilot.press("E")
        await wait_for(pilot, lambda: "Why it matters" in read(app, "#said"))
        await pilot.press("E")
        await wait_for(pilot, lambda: problems.has_focus)


async def test_enter_edits_at_the_line_and_comes_back_reloaded(faulty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = faulty.parent / "editor"
    editor.write_text('#!/bin/sh\necho "$1 $2" > "$0.line"\nsed -i "s/,many,/,75,/" "$2"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", f"'{editor}'")
    monkeypatch.setattr(ReviewApp, "suspend", lambda self: nullcontext())
    app = make_app(faulty)
    async with app.run_test(size=(100, 30)) as pilot:
        problems = await open_problems(pilot)
        await pilot.press("enter")
        await wait_for(pilot, lambda: "S304" not in "\n".join(lines(problems)))
        await wait_for(
            pilot, lambda: "people_tagged" not in read(app, "#said")
        )  # the figure is there now, so it is not stale either
        assert app.shell.open_id == "problems"
        assert problems.has_focus
    number = len((faulty / "measurements.csv").read_text().splitlines())
    assert editor.with_suffix(".line").read_text() == f"+{number} {faulty / 'measurements.csv'}\n"


@pytest.mark.parametrize("key", ["enter", "v"])
async def test_a_missing_figure_is_recorded_from_the_finding(
    example: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "true")
    app = make_app(example)
    async with app.run_test(size=(100, 30)) as pilot:
        await open_problems(pilot)
        assert "enter records it · e edits the file" in read(app, "#line")
        await pilot.press(key)
        await wait_for(pilot, lambda: isinstance(app.screen, EntryScreen))
        assert app.screen.kpi == "people_tagged"
        await pilot.press("escape", "down")
        assert "enter edits there" in read(app, "#line")


@pytest.mark.parametrize("editor", ["", "vim", "nano -l"])
async def test_an_editor_is_opened_when_it_is_clear_how_it_is_left(
    example: Path, monkeypatch: pytest.MonkeyPatch, editor: str
) -> None:
    ran: list[list[str]] = []
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", editor)
    monkeypatch.setattr("scorecard.tui.editor.subprocess.run", lambda words, **_: ran.append(words))
    monkeypatch.setattr(ReviewApp, "suspend", lambda self: nullcontext())
    app = make_app(example)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await open_problems(pilot)
        await pilot.press("e")
        said = [one.message for one in app._notifications]
        assert ran == []
        assert any("kpis.yaml:113" in one and str(example) not in one for one in said)
        assert any(("EDITOR=nano" if not editor else "To come back") in one for one in said)
        await pilot.press("down", "e", "e")
        await wait_for(pilot, lambda: len(ran) == (2 if editor else 0))
        assert all(words[: len(editor.split())] == editor.split() for words in ran)


@pytest.mark.parametrize("size", [(80, 50), (100, 40), (132, 40)])
async def test_what_has_room_is_said_in_full(example: Path, size: tuple[int, int]) -> None:
    app = make_app(example)
    async with app.run_test(size=size) as pilot:
        problems = await open_problems(pilot)
        text = " ".join(" ".join(line.strip("▌ ") for line in lines(problems)).split())
        assert "…" not in text
        for one in problems.shown:
            assert one.message in text
            assert one.hint in text


@pytest.mark.parametrize("columns", [30, 44, 60])
def test_examples_break_between_words_beside_their_bar(columns: int) -> None:
    page = say_page("S420", columns).plain.splitlines()
    code = page[page.index("▲ this gives it") + 1 : page.index("Fix")]
    assert all(line.startswith("│ ") and cell_len(line) <= columns for line in code if line)
    whole = "".join(line.removeprefix("│ ").strip() + " " for line in code)
    assert "{2026-01: 5}}" in whole


async def test_the_editor_opens_from_the_page_too(example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Place] = []
    monkeypatch.setattr("scorecard.tui.screens.problems.edit_place", lambda app, place: seen.append(place))
    app = make_app(example)
    async with app.run_test(size=(100, 30)) as pilot:
        await open_problems(pilot)
        await pilot.press("down", "e", "E")
        await wait_for(pilot, lambda: app.query_one("#beside").has_focus)
        await pilot.press("enter")
        await wait_for(pilot, lambda: len(seen) == 2)
        assert seen[0] == seen[1] == list_problems(app.shell.session)[1].place


async def test_a_broken_edit_is_listed_above_what_was_read_before_it(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        problems = await open_problems(pilot)
        before = [one.code for one in problems._found]
        text = (example / "strategy.yaml").read_text()
        broken = text.replace("lagging:", "laging:", 1).replace("perspective: customer", "perspective: custmer", 1)
        (example / "strategy.yaml").write_text(broken)
        await wait_for(pilot, lambda: app.query_one("#banner").display)
        await wait_for(pilot, lambda: problems.count == len(before) + 2)
        assert [one.code for one in problems._found][2:] == before
        assert "◆ warning S420" in read(app, "#line")  # the chosen one stays chosen
        assert "4 problems" in read(app, "#head")
        await pilot.press("home")
        await wait_for(pilot, lambda: "'laging' is not known here" in read(app, "#said").replace("\n", " "))
        assert "It stands in the last change" in read(app, "#said")
        assert "6 Problems 4 " in str(app.query_one(TabBar).render())
        (example / "strategy.yaml").write_text(text)
        await wait_for(pilot, lambda: not app.query_one("#banner").display)
        assert [one.code for one in problems._found] == before


async def test_when_the_last_error_is_mended_the_filter_says_so(faulty: Path) -> None:
    app = make_app(faulty)
    async with app.run_test(size=(100, 30)) as pilot:
        problems = await open_problems(pilot)
        await pilot.press("f")
        text = (faulty / "measurements.csv").read_text()
        (faulty / "measurements.csv").write_text(text.replace(",many,", ",75,"))
        await wait_for(pilot, lambda: app.query_one("#calm").display)
        assert "There are no errors. f shows the rest." in read(app, "#fine")
        await pilot.press("f")
        await wait_for(pilot, lambda: problems.display and problems.has_focus)
        assert problems.count == 4


async def test_where_nothing_is_wrong_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(FINE)
    app = make_app(tmp_path / "s.yaml")
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_for(pilot, lambda: app.query("StrategyMap"))
        await pilot.press("6")
        await wait_for(pilot, lambda: app.query("#calm") and app.query_one("#calm").has_focus)
        assert "Nothing is wrong or weak." in read(app, "#fine")
        await pilot.press("enter", "E", "f", "down", "y")
        assert "6 Problems 7" in str(app.query_one(TabBar).render())
        (tmp_path / "s.yaml").write_text(WEAK)
        await wait_for(pilot, lambda: app.query_one(ProblemList).display)
        await wait_for(pilot, lambda: app.query_one(ProblemList).has_focus)


async def test_y_copies_the_finding_as_check_prints_it() -> None:
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await open_problems(pilot)
        await pilot.press("y")
        assert "warning S420 'People tagged' has no value" in app.clipboard
        assert app.clipboard.endswith("\n    record the newer value")


async def test_a_strategy_of_a_workspace_shows_its_own(tmp_path: Path) -> None:
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "strategy.yaml").write_text(WEAK.replace("strategy: s", f"strategy: {name}"))
    opened = open_path(str(tmp_path), TODAY)
    for name in ("one", "two"):
        session = Session(opened, name)
        found = list_problems(session)
        assert found
        assert {shorten_place(session, one.place).partition(":")[0] for one in found} == {"strategy.yaml"}
        assert all(f"/{name}/" in one.place.file for one in found)


def test_each_code_has_a_page_that_fits_any_width() -> None:
    for code in CODES:
        for columns in (30, 70):
            page = say_page(code, columns).plain
            assert page.startswith(code)
            assert max(map(cell_len, page.splitlines())) <= columns
    assert "no page" in say_page("S999", 40).plain


def test_an_excerpt_holds_the_lines_around_and_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text("".join(f"line {number}\n" for number in range(1, 10)))
    assert [number for number, _ in read_excerpt(Place(str(path), 5))] == [4, 5, 6, 7, 8, 9]
    assert read_excerpt(Place(str(path), 1))[0] == (1, "line 1")
    assert [text for _, text in read_excerpt(Place(str(path), 9))] == ["line 8", "line 9"]
    assert read_excerpt(Place(str(tmp_path / "gone.yaml"))) == ()
    (tmp_path / "figures.xlsx").write_bytes(b"PK\x03\x04")
    assert read_excerpt(Place(str(tmp_path / "figures.xlsx"))) == ()


async def test_a_workbook_is_not_given_to_an_editor_of_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "false")
    (tmp_path / "s.yaml").write_text(FINE)
    (tmp_path / "figures.xlsx").write_bytes(b"PK\x03\x04")
    app = make_app(tmp_path / "s.yaml")
    place = Place(str(tmp_path / "figures.xlsx"), 3, 1)
    finding = Finding("S304", Severity.ERROR, place, "'many' is not a number", "write a number")
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await wait_for(pilot, lambda: app.query("StrategyMap"))
        monkeypatch.setattr(Session, "findings", (finding,))
        await open_problems(pilot)
        await pilot.press("enter")
        await wait_for(pilot, lambda: any("no text that can be edited" in one.message for one in app._notifications))


@pytest.mark.parametrize("name", HOSTILE)
async def test_texts_of_findings_are_never_markup(tmp_path: Path, name: str) -> None:
    quoted = "'" + name.replace("'", "''") + "'"
    (tmp_path / "s.yaml").write_text(
        f"strategy: s\ngoals:\n  g:\n    name: {quoted}\n    perspective: customer\n"
        f"    lagging: [{{kpi: k, name: {quoted}, baseline: 0, target: 9}}]\n"
    )
    app = make_app(tmp_path / "s.yaml")
    async with app.run_test(size=(200, 60)) as pilot:
        problems = await open_problems(pilot)
        assert any(name in line for line in lines(problems))
        at = next(number for number, one in enumerate(problems._found) if name in one.message)
        await pilot.press(*["down"] * at, "y")
        await wait_for(pilot, lambda: name in read(app, "#said"))
        assert name in app.clipboard
        await pilot.press("E", "E", "f")
        assert app.is_running


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (132, 40), (200, 50)])
async def test_list_and_panel_fit_every_width(size: tuple[int, int]) -> None:
    app = make_app()
    async with app.run_test(size=size) as pilot:
        problems = await open_problems(pilot)
        await wait_for(pilot, lambda: "▸" in read(app, "#said"))
        beside = app.query_one("#beside")
        assert "'People tagged' has no value" in lines(problems)[1]
        assert (beside.region.y > problems.region.y) == (size[0] < 100)
        assert max(map(cell_len, read(app, "#said").splitlines())) <= beside.content_size.width
        assert "→ record the newer value" in read(app, "#said")


async def test_a_screen_too_small_for_anything_does_no_harm() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        for key in "56":
            await pilot.press(key)
            for size in ((24, 8), (1, 1), (40, 12), (132, 40)):
                await pilot.resize_terminal(*size)
                await pilot.press("down", "E", "s", "E", "up", "end", "home")
        await wait_for(pilot, lambda: app.query_one(ProblemList).has_focus)
        assert "1 of 5" in read(app, "#line")


async def choose_the_second(pilot: Pilot[None]) -> None:
    await open_problems(pilot)
    await pilot.press("down")
    await wait_for(pilot, lambda: "▸" in read(pilot.app, "#said") and "S418" in read(pilot.app, "#said"))


def test_the_problems_look_as_they_did(snap_compare) -> None:
    assert snap_compare(make_app(theme="dark"), terminal_size=(100, 30), run_before=choose_the_second)


def test_the_problems_without_colour_look_as_they_did(snap_compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(make_app(), terminal_size=(80, 24), run_before=choose_the_second)
