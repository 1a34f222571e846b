"""A path whose files have errors: the app opens on what is wrong, and goes on by itself once that is mended."""

from __future__ import annotations

import shutil
from contextlib import nullcontext
from pathlib import Path

import pytest
from test_app import EXAMPLE, HOSTILE, make_app, read, wait_until
from textual.pilot import Pilot

from scorecard.api import StrategyError
from scorecard.tui.app import ReviewApp
from scorecard.tui.registry import SCREENS
from scorecard.tui.screens.strategies import StrategiesScreen
from scorecard.tui.widgets.problem_list import ProblemList

WRONG = "strategy: s\ngoals:\n  g: {perspective: custmer}\n  h: {perspective: customer, onwer: Ann}\n"


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / "s.yaml"
    path.write_text(WRONG)
    return path


async def wait_for_errors(pilot: Pilot[None]) -> ProblemList:
    """The list of what is wrong, once it has the keys."""
    await wait_until(pilot, lambda: any(one.has_focus for one in pilot.app.query(ProblemList)))
    await wait_until(pilot, lambda: "▸" in read(pilot.app, "#said"))
    return pilot.app.query_one(ProblemList)


async def wait_for_map(pilot: Pilot[None]) -> None:
    await wait_until(pilot, lambda: pilot.app.query("StrategyMap") and "index" in read(pilot.app, "#head"))


async def test_errors_are_shown_with_place_and_hint_in_place_of_the_map(wrong: Path) -> None:
    app = ReviewApp(str(wrong))
    async with app.run_test(size=(100, 30)) as pilot:
        problems = await wait_for_errors(pilot)
        assert [(one.code, one.place.line) for one in problems.shown] == [("S220", 3), ("S202", 4)]
        assert "2 errors keep this from opening" in read(app, "#banner")
        assert "6 Problems 2" in read(app, "#tabs")
        assert "finding 1 of 2   ▲ error S220 s.yaml:3:" in read(app, "#line")
        assert "→ did you mean 'customer'?" in read(app, "#said")
        await pilot.press("down", "y")
        assert "did you mean 'owner'?" in app.clipboard
        await pilot.press("E")
        await wait_until(pilot, lambda: "Why it matters" in read(app, "#said"))
        await pilot.press("q")
    assert app.return_code == 1
    assert isinstance(app.failure, StrategyError)


async def test_the_map_opens_by_itself_once_the_files_are_mended(wrong: Path) -> None:
    app = ReviewApp(str(wrong))
    async with app.run_test(size=(100, 30)) as pilot:
        problems = await wait_for_errors(pilot)
        wrong.write_text(WRONG.replace("custmer", "customer"))
        await wait_until(pilot, lambda: problems.count == 1)
        assert "1 error keeps this from opening" in read(app, "#banner")
        wrong.unlink()
        await wait_until(pilot, lambda: problems.shown[0].code == "S111")
        wrong.write_text(WRONG.replace("custmer", "customer").replace("onwer", "owner"))
        await wait_for_map(pilot)
        assert not app.query_one("#banner").display
        await wait_until(pilot, lambda: "problems" in read(app, "#head"))  # the method was checked
        for entry in SCREENS:
            await pilot.press(entry.key)
            await pilot.pause()
            assert app.shell.open_id == entry.id
        wrong.write_text(WRONG)  # from now on the last good reading stays
        await wait_until(pilot, lambda: "The last change has errors (2)" in read(app, "#banner"))
        await pilot.press("1", "q")
    assert app.return_code == 0
    assert app.failure is None


@pytest.mark.parametrize("key", ["enter", "e"])
async def test_the_editor_opens_at_the_place_and_the_map_comes_after_it(
    wrong: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = wrong.parent / "editor"
    editor.write_text('#!/bin/sh\necho "$1 $2" > "$0.line"\nsed -i "s/custmer/customer/; s/onwer/owner/" "$2"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", f"'{editor}'")
    monkeypatch.setattr(ReviewApp, "suspend", lambda self: nullcontext())
    app = ReviewApp(str(wrong))
    async with app.run_test(size=(100, 30)) as pilot:
        await wait_for_errors(pilot)
        await pilot.press("down", key)
        await wait_for_map(pilot)
    assert editor.with_suffix(".line").read_text() == f"+4 {wrong}\n"


async def test_every_key_answers_or_does_nothing_while_there_is_nothing_to_show(wrong: Path) -> None:
    app = ReviewApp(str(wrong))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        problems = await wait_for_errors(pilot)
        named = ("slash", "backspace", "escape", "tab", "shift+tab", "f", "escape")
        for key in (*(one.key for one in SCREENS), *"vgcxuofns]", *named):
            await pilot.press(key)
            await pilot.pause()
        assert any("First mend what is listed here" in one.message for one in app._notifications)
        await pilot.press("question_mark", "escape", "ctrl+p", "escape", "t", "r")
        for size in ((40, 12), (1, 1), (200, 60)):
            await pilot.resize_terminal(*size)
        await wait_until(pilot, lambda: problems.has_focus and problems.count == 2)


async def test_of_a_workspace_opens_what_can_be_read_and_the_rest_once_it_is_mended(tmp_path: Path) -> None:
    paths = [tmp_path / name / "strategy.yaml" for name in ("one", "two", "three")]
    for path in paths:
        path.parent.mkdir()
        path.write_text(WRONG.replace("strategy: s", f"strategy: {path.parent.name}"))

    def mend(path: Path) -> None:
        path.write_text(path.read_text().replace("custmer", "customer").replace("onwer", "owner"))

    app = ReviewApp(str(tmp_path))
    async with app.run_test(size=(100, 30)) as pilot:
        problems = await wait_for_errors(pilot)
        assert problems.count == 6
        assert "one/strategy.yaml:3:" in read(app, "#line")
        mend(paths[1])
        await wait_for_map(pilot)
        assert list(app.evaluations) == ["two"]
        assert "4 errors keep others of this workspace from opening. one/strategy.yaml:3:" in read(app, "#banner")
        await pilot.press("6")
        await wait_for_errors(pilot)
        assert [one.place.file for one in app.shell.session.findings[:4]] == [str(paths[0])] * 2 + [str(paths[2])] * 2
        mend(paths[0])
        await wait_until(pilot, lambda: "2 errors keep others" in read(app, "#banner"))
        await pilot.press("1", "escape")
        await wait_until(pilot, lambda: isinstance(app.screen, StrategiesScreen))
        assert "three/strategy.yaml:3:" in read(app, "#trouble")
        paths[1].write_text(WRONG.replace("strategy: s", "strategy: two"))  # one that is shown stays as it was
        await wait_until(pilot, lambda: "The last change has errors (4)" in read(app, "#trouble"))
        assert list(app.evaluations) == ["one", "two"]
        for path in paths[1:]:
            mend(path)
        await wait_until(pilot, lambda: len(app.evaluations) == 3)
        assert not app.screen.query_one("#trouble").display


async def test_a_member_or_period_asked_for_is_shown_after_the_mending(tmp_path: Path) -> None:
    path = Path(shutil.copytree(EXAMPLE, tmp_path / "social_media")) / "strategy.yaml"
    text = path.read_text()
    path.write_text(text.replace("lagging:", "laging:", 1))
    app = ReviewApp(str(path.parent), None, "2026-08", present=True)
    async with app.run_test(size=(100, 30)) as pilot:
        await wait_for_errors(pilot)
        path.write_text(text)
        await wait_until(pilot, lambda: app.opened is not None and app.shell.open_id == "review")
        assert "2026-08" in read(app, "#head")


@pytest.mark.parametrize("name", HOSTILE)
async def test_what_is_wrong_is_never_markup(tmp_path: Path, name: str) -> None:
    quoted = "'" + name.replace("'", "''") + "'"
    (tmp_path / "s.yaml").write_text(f"strategy: s\ngoals: {{g: {{perspective: {quoted}, name: {quoted}}}}}\n")
    app = ReviewApp(str(tmp_path / "s.yaml"))
    async with app.run_test(size=(200, 60)) as pilot:
        problems = await wait_for_errors(pilot)
        assert name in problems.shown[0].message
        assert name in read(app, "#said")


def test_the_errors_look_as_they_did(snap_compare, wrong: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(wrong.parent)
    monkeypatch.setenv("VISUAL", "nano")
    assert snap_compare(ReviewApp("s.yaml", theme="dark"), terminal_size=(100, 30), run_before=wait_for_errors)


async def break_example(pilot: Pilot[None], path: Path, text: str | None) -> None:
    """Write a text with errors into a file of the example, or take the file away; until the app has noticed."""
    await wait_until(pilot, lambda: pilot.app.query("StrategyMap"))
    if text is None:
        path.unlink()
    else:
        path.write_text(text)
    await wait_until(pilot, lambda: pilot.app.query_one("#banner").display)


@pytest.fixture
def example(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "social_media"))


@pytest.mark.parametrize("key", ["lagging:", "goals:"], ids=["a key", "the YAML"])
async def test_a_status_is_not_judged_while_the_files_have_errors_and_it_says_where(example: Path, key: str) -> None:
    path = example / "strategy.yaml"
    wrong = path.read_text().replace(key, f"{key} [" if key == "goals:" else "laging:", 1)
    app = make_app(example)
    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        await break_example(pilot, path, wrong)
        await pilot.press("7", "down", "o")
        await wait_until(pilot, lambda: any("nothing is written" in one.message for one in app._notifications))
        said = next(one.message for one in app._notifications if "nothing is written" in one.message)
        assert said.startswith("The files have an error now")
        assert " strategy.yaml:" in said
        assert str(example) not in said
        assert app.screen is app.shell
    assert path.read_text() == wrong


async def test_a_file_that_has_gone_is_named_first(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        await break_example(pilot, example / "strategy.yaml", None)
        assert " strategy.yaml:1:1: this file has gone; put it back" in read(app, "#banner").replace("\n", " ")
        await pilot.press("6", "home")
        await wait_until(pilot, lambda: "this file has gone" in read(app, "#said"))
        await pilot.press("e")
        await wait_until(
            pilot, lambda: "strategy.yaml is not there any more." in [one.message for one in app._notifications]
        )
        await pilot.press("7", "down", "o")
        await wait_until(pilot, lambda: any("this file has gone" in one.message for one in app._notifications))
        shutil.rmtree(example)
        await wait_until(pilot, lambda: "this has gone" in read(app, "#banner"))
        assert "(1)" in read(app, "#banner")


async def test_a_value_recorded_while_the_files_have_errors_says_when_it_shows(example: Path) -> None:
    path = example / "strategy.yaml"
    app = make_app(example)
    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        text = path.read_text()
        await break_example(pilot, path, text.replace("lagging:", "laging:", 1))
        await pilot.press("2", "home", "down", "down", "v")
        await wait_until(pilot, lambda: app.screen is not app.shell)
        await pilot.press(*"305", "enter")
        await wait_until(pilot, lambda: any("Recorded for 2026-10" in one.message for one in app._notifications))
        assert any("shows once the errors in the files are mended" in one.message for one in app._notifications)
        path.write_text(text)
        await wait_until(pilot, lambda: not app.query_one("#banner").display)
        await wait_until(pilot, lambda: "305 interactions" in read(app, "#line"))


async def test_data_that_have_gone_leave_the_last_figures_in_place(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "s")
    data = tmp_path / "s" / "measurements.csv"
    app = make_app(tmp_path / "s")
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.pause()
        data.rename(tmp_path / "away.csv")
        await wait_until(pilot, lambda: app.trouble)
        assert "there is no file 'measurements.csv'" in app.trouble
        assert str(app.shell.session.evaluation.period) == "2026-10"
        assert app.shell.session.evaluation.index.score == pytest.approx(0.77, abs=0.01)
        (tmp_path / "away.csv").rename(data)
        await wait_until(pilot, lambda: not app.trouble)
