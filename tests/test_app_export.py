"""Exporting what is on screen: the map in any format, tables as they are shown, pictures; files are never lost to it."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import stat
from pathlib import Path

import pytest
from test_app import EXAMPLE, TODAY, make_app, read, wait_until
from test_app_shell import write_hostile
from textual.pilot import Pilot
from textual.widgets import Input

from scorecard.parser.replacement import put_file
from scorecard.render.formats import FORMATS
from scorecard.tui import exporting
from scorecard.tui.app import ReviewApp
from scorecard.tui.session import open_path
from scorecard.tui.widgets.prompt import Prompt
from scorecard.tui.widgets.score_table import ScoreTable
from scorecard.tui.widgets.strategy_map import StrategyMap


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path / "out")


async def ask(pilot: Pilot[None], key: str = "x") -> str:
    """Press the key; the name that is suggested."""
    await pilot.press(key)
    await wait_until(pilot, lambda: pilot.app.screen.query("Prompt.-asking"))
    return pilot.app.screen.query_one("Prompt Input", Input).value


async def answer(pilot: Pilot[None], name: str | None = None) -> str:
    """Type a name, or take the one that stands there; what is wrong with it."""
    if name is not None:
        pilot.app.screen.query_one("Prompt Input", Input).value = name
    await pilot.press("enter")
    await pilot.pause()
    return read(pilot.app, "#wrong")  # type: ignore[arg-type]


def told(app: ReviewApp) -> list[str]:
    return [one.message for one in app._notifications]


async def wait_for_toast(pilot: Pilot[None], words: str) -> None:
    await wait_until(pilot, lambda: any(words in one for one in told(pilot.app)))  # type: ignore[arg-type]


def read_csv(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


async def test_x_writes_the_map_and_says_where_it_is(tmp_path: Path) -> None:
    app = make_app(period="2026-09")
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await pilot.pause()
        assert await ask(pilot) == "social_media-2026-09-map.svg"
        assert await answer(pilot) == ""
        file = tmp_path / "out" / "social_media-2026-09-map.svg"
        await wait_for_toast(pilot, f"Wrote ./{file.name}")
        assert not app.screen.query_one(Prompt).is_asking
    text = file.read_text()
    assert text.startswith("<svg")
    assert "2026-09" in text
    assert [path.name for path in file.parent.iterdir()] == [file.name]


async def test_a_file_elsewhere_is_named_with_its_whole_path(tmp_path: Path) -> None:
    path = Path(shutil.copytree(EXAMPLE, tmp_path / "social_media"))
    app = make_app(path)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await ask(pilot)
        assert await answer(pilot, "../social_media/one.mmd") == ""
        await wait_for_toast(pilot, f"Wrote {path / 'one.mmd'}")
    assert (path / "one.mmd").exists()


@pytest.mark.parametrize("ending", ["dark.svg", "mmd", "drawio", "json", "csv", "md", "txt"])
async def test_the_ending_says_the_format(tmp_path: Path, ending: str) -> None:
    app = make_app()
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await ask(pilot)
        assert await answer(pilot, f"one.{ending}") == ""
        await wait_for_toast(pilot, "Wrote")
    data = (tmp_path / "out" / f"one.{ending}").read_text()
    assert "Engaging con" in data


async def test_a_name_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "out" / "folder.svg").mkdir()
    os.mkfifo(tmp_path / "out" / "pipe.svg")
    app = make_app()
    async with app.run_test(size=(132, 30), notifications=True) as pilot:
        await ask(pilot)
        for name, words in (
            ("", "write the name of a file"),
            ("map.docx", "end it in .svg"),
            (".svg", "end it in .svg"),
            ("nowhere/map.svg", "there is no folder 'nowhere'"),
            ("folder.svg", "that is a folder"),
            ("pipe.svg", "that is no file"),
            ("x" * 300 + ".svg", "there can be no such file"),
            ("~nobody-of-that-name/x.svg", "there can be no such file"),
        ):
            assert words in await answer(pilot, name), name
        await pilot.press("escape")
        await pilot.pause()
        assert told(app) == []
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"folder.svg", "pipe.svg"}


async def test_a_file_that_is_there_is_asked_back_once(tmp_path: Path) -> None:
    file = tmp_path / "out" / "map.svg"
    file.write_text("mine")
    file.chmod(0o600)
    app = make_app()
    async with app.run_test(size=(132, 30), notifications=True) as pilot:
        await ask(pilot)
        assert await answer(pilot, "map.svg") == "'map.svg' is there: Enter replaces it"
        assert await answer(pilot, "other.svgx") != ""
        assert "is there" in await answer(pilot, "map.svg")
        assert file.read_text() == "mine"
        assert await answer(pilot) == ""
        await wait_for_toast(pilot, "Wrote")
    assert file.read_text().startswith("<svg")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_a_file_that_comes_meanwhile_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    take = exporting._take

    def take_late(*words: object) -> exporting.Draw:
        (tmp_path / "out" / "map.svg").write_text("theirs")
        return take(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(exporting, "_take", take_late)
    app = make_app()
    async with app.run_test(size=(132, 30), notifications=True) as pilot:
        await ask(pilot)
        await answer(pilot, "map.svg")
        await wait_for_toast(pilot, "'map.svg' has come to be there meanwhile")
    assert (tmp_path / "out" / "map.svg").read_text() == "theirs"


@pytest.mark.parametrize("links", [True, False])
def test_a_file_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    if not links:
        monkeypatch.setattr(os, "link", refuse)
    path = tmp_path / "out" / "a.svg"
    put_file(path, b"one", replace=False)
    with pytest.raises(FileExistsError):
        put_file(path, b"two", replace=False)
    assert path.read_bytes() == b"one"
    put_file(path, b"three")
    assert path.read_bytes() == b"three"
    path.unlink()
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        put_file(path, b"two", replace=False)
    put_file(path, b"four")  # the link gives way, what it leads to is not touched
    assert not path.is_symlink()
    assert not (tmp_path / "elsewhere").exists()
    assert [one.name for one in path.parent.iterdir()] == ["a.svg"]


async def test_what_cannot_be_written_or_drawn_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> bytes:
        raise RuntimeError("the moon is full\nmore")

    monkeypatch.setattr(type(FORMATS["png"]), "write", fail)
    app = make_app()
    async with app.run_test(size=(132, 30), notifications=True) as pilot:
        await ask(pilot)
        await answer(pilot, "map.png")
        await wait_for_toast(pilot, "It cannot be drawn as .png: the moon is full")
        monkeypatch.setattr(exporting, "put_file", lambda *_: os.open(tmp_path / "no" / "x", os.O_RDONLY))
        await ask(pilot)
        await answer(pilot, "map.txt")
        await wait_for_toast(pilot, "'map.txt' cannot be written: no such file or directory.")
    assert list((tmp_path / "out").iterdir()) == []


async def test_the_scorecard_is_written_as_it_is_shown(tmp_path: Path) -> None:
    app = make_app()
    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        app.shell.session.words = "status:red kpis"
        await pilot.press("2", "s", "s", "s")
        await pilot.pause()
        lines = [line.stub.id for line in app.screen.query_one(ScoreTable).lines]
        assert await ask(pilot) == "social_media-2026-10-scorecard-status_red_kpis.csv"
        await answer(pilot)
        await wait_for_toast(pilot, "kpis.csv")
        await ask(pilot)
        await answer(pilot, "shown.md")
        await wait_for_toast(pilot, "shown.md")
    head, *rows = read_csv(tmp_path / "out" / "social_media-2026-10-scorecard-status_red_kpis.csv")
    assert [row[head.index("id")] for row in rows] == lines
    assert {row[head.index("status")] for row in rows} == {"red"}
    assert all(float(row[head.index("value")]) for row in rows)
    table = [line for line in (tmp_path / "out" / "shown.md").read_text().splitlines() if line.startswith("|")]
    assert len(table) == len(lines) + 2
    assert "Social media marketing" in (tmp_path / "out" / "shown.md").read_text()


async def test_all_goals_and_kpis_are_written_with_their_perspectives(tmp_path: Path) -> None:
    app = make_app()
    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        await pilot.press("2")
        await pilot.pause()
        stubs = [(line.stub.kind, line.stub.id, line.stub.goal) for line in app.screen.query_one(ScoreTable).lines]
        await ask(pilot)
        await answer(pilot, "all.csv")
        await wait_for_toast(pilot, "all.csv")
    assert [tuple(row[:3]) for row in read_csv(tmp_path / "out" / "all.csv")[1:]] == stubs


@pytest.mark.parametrize(("key", "name", "head"), [("5", "initiatives", "Status"), ("6", "problems", "Severity")])
async def test_lists_are_tables_too(tmp_path: Path, key: str, name: str, head: str) -> None:
    app = make_app()
    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        await pilot.press(key)
        await pilot.pause(0.2)
        count = app.screen.query_one(f"#{name}").count  # type: ignore[attr-defined]
        assert await ask(pilot) == f"social_media-2026-10-{name}.csv"
        await answer(pilot)
        await wait_for_toast(pilot, "Wrote")
    rows = read_csv(tmp_path / "out" / f"social_media-2026-10-{name}.csv")
    assert rows[0][0] == head
    assert len(rows) == count + 1 > 3


MINUTES = """\
# Review 2026-10: Social media marketing

- Present: Ann, Bo

## Post engaging content turned <!-- colour/post_content -->

Readers leave as *early* as in spring.

- [ ] Two strong posts — Content lead, due 2026-11-30
- [x] Show the figures
"""


async def test_the_review_is_written_with_its_notes_and_decisions(tmp_path: Path) -> None:
    path = Path(shutil.copytree(EXAMPLE, tmp_path / "social_media"))
    (path / "reviews").mkdir()
    (path / "reviews" / "2026-10.md").write_text(MINUTES)
    app = ReviewApp(str(path), open_path(str(path), TODAY))
    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        await pilot.press("7")
        await wait_until(pilot, lambda: "Index" in read(app, "#headline"))
        await ask(pilot)
        await answer(pilot, "review.md")
        await wait_for_toast(pilot, "Wrote")
    text = (tmp_path / "out" / "review.md").read_text()
    assert text.endswith(
        "## Noted and decided\n\n- Present: Ann, Bo\n- Post engaging content turned\n"
        "  - Readers leave as \\*early\\* as in spring.\n"
        "  - Decided, open: Two strong posts — Content lead, due 2026-11-30\n"
        "  - Decided, done: Show the figures — nobody yet\n"
    )
    assert "As of 2026-11-20 (initiatives: 2026-11-01), compared with 2026-09." in text


async def test_members_are_a_table_too(tmp_path: Path) -> None:
    path = shutil.copytree(EXAMPLE.parent / "bakeries", tmp_path / "bakeries")
    app = ReviewApp(str(path), open_path(str(path), TODAY))
    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        await pilot.press("8")
        await wait_until(pilot, lambda: app.shell.view and app.shell.view.tables())
        name = await ask(pilot)
        assert name.endswith("-members.csv")
        await answer(pilot)
        await wait_for_toast(pilot, "Wrote")
    rows = read_csv(tmp_path / "out" / name)
    assert rows[1][0] == "all"
    assert len(rows) > 5
    assert len({len(row) for row in rows}) == 1


@pytest.mark.parametrize("key", ["3", "7"])
async def test_other_screens_are_a_picture_without_addresses(tmp_path: Path, key: str) -> None:
    app = make_app()
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await pilot.press(key)
        await pilot.pause(0.5)
        name = await ask(pilot)
        assert name.endswith(".svg")
        await answer(pilot)
        await wait_for_toast(pilot, name)
        await ask(pilot)
        await answer(pilot, "screen.txt")
        await wait_for_toast(pilot, "screen.txt")
    picture = (tmp_path / "out" / name).read_text()
    assert not re.findall(r"""(?:url\(|href=|src=|@import)\s*["']?(?!#)([^"')\s]+)""", picture)
    assert "@font-face" not in picture
    lines = (tmp_path / "out" / "screen.txt").read_text().splitlines()
    assert len(lines) == 30
    assert lines[0].strip().startswith("Social media marketing")
    assert not any("export to" in line for line in lines)


async def test_the_palette_has_it_where_the_key_means_something_else(tmp_path: Path) -> None:
    app = make_app()
    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        await pilot.press("4", "ctrl+p")
        await pilot.pause()
        app.screen.query_one(Input).value = "Export"
        await pilot.pause(0.6)
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.screen is app.shell and app.screen.query("Prompt.-asking"))
        await answer(pilot, "trial.svg")
        await wait_for_toast(pilot, "trial.svg")
    assert (tmp_path / "out" / "trial.svg").exists()


async def test_a_session_that_only_looks_writes_nothing(tmp_path: Path) -> None:
    app = ReviewApp(str(EXAMPLE), open_path(str(EXAMPLE), TODAY), read_only=True)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await pilot.press("x")
        await wait_for_toast(pilot, "only looks")
        assert not app.screen.query(Prompt)
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("name", ["[@click=app.quit]x[/]", "<b>&amp;|", "=1+1"])
async def test_texts_of_files_are_texts_in_every_export(tmp_path: Path, name: str) -> None:
    app = make_app(write_hostile(tmp_path, name))
    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        for key in ("2", "5", "6"):
            await pilot.press(key)
            await pilot.pause(0.2)
            for ending in ("csv", "md", "svg"):
                await ask(pilot)
                await answer(pilot, f"{key}.{ending}")
                await wait_for_toast(pilot, f"{key}.{ending}")
    for key in ("2", "5", "6"):
        cells = [cell for row in read_csv(tmp_path / "out" / f"{key}.csv") for cell in row]
        assert not [cell for cell in cells if cell.startswith("=")]
        table = [one for one in (tmp_path / "out" / f"{key}.md").read_text().splitlines() if one.startswith("|")]
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table}) == 1


@pytest.mark.parametrize(
    ("keys", "said", "goals"),
    [
        (["slash", *"status:red", "enter"], "status_red", {"post_content"}),
        (
            ["down", "f"],
            "chain_of_Achieve_valuable_business_results",
            {"business_results", "personal_interaction", "train_team"},
        ),
    ],
    ids=["filter", "chain"],
)
async def test_of_a_map_that_is_narrowed_no_more_is_written_and_name_and_title_say_so(
    tmp_path: Path, keys: list[str], said: str, goals: set[str]
) -> None:
    app = make_app()
    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        shown = set(app.screen.query_one(StrategyMap).map_layout.places)
        assert goals <= shown
        assert await ask(pilot) == f"social_media-2026-10-map-{said}.svg"
        assert "end it in .svg" in await answer(pilot, "map.json")  # which would hold everything
        assert await answer(pilot, "map.graphml") == ""
        await wait_for_toast(pilot, "map.graphml")
        await ask(pilot)
        await answer(pilot, "map.svg")
        await wait_for_toast(pilot, "map.svg")
        await ask(pilot)
        await answer(pilot, "map.links.csv")
        await wait_for_toast(pilot, "map.links.csv")
    text = (tmp_path / "out" / "map.graphml").read_text()
    assert set(re.findall(r'<node id="([^"]+)"', text)) == shown
    every = app.evaluations["social_media"].strategy.goals
    picture = (tmp_path / "out" / "map.svg").read_text()
    assert said.replace("_", " ").split()[-1] in picture
    assert not [one for one in every.keys() - shown if f">{every[one].title.split()[0]} " in picture]
    head, *rows = read_csv(tmp_path / "out" / "map.links.csv")
    assert {row[head.index(end)] for row in rows for end in ("source", "target")} <= shown


async def test_a_filtered_scorecard_says_so_in_its_name_and_is_written_only_where_rows_are_chosen(
    tmp_path: Path,
) -> None:
    app = make_app()
    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        await pilot.press("2", "slash", *"status:red", "enter")
        assert await ask(pilot) == "social_media-2026-10-scorecard-status_red.csv"
        assert "end it in .csv, .md, .svg, .txt" in await answer(pilot, "all.pdf")
        await answer(pilot, "red.md")
        await wait_for_toast(pilot, "red.md")
    assert "status:red" in (tmp_path / "out" / "red.md").read_text().splitlines()[0]
