"""Long work says how far it is: on stderr of a terminal and nowhere else, and in the app beside the keys."""

from __future__ import annotations

import fcntl
import os
import pty
import stat
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path
from threading import Event, Thread

import pytest
from command_line import ROWS, SHOP, SOCIAL_MEDIA, WRONG_USE, command, run, write_strategy, write_workspace
from test_app import make_app, wait_until
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Static

from scorecard.api import load, read_report
from scorecard.model.progress import say_what
from scorecard.parser.replacement import put_file
from scorecard.render.edition import HISTORY, Edition
from scorecard.render.formats import FORMATS
from scorecard.tui.widgets.waiting import Waiting, Working
from scorecard.tui.work import Work, find_work, working

SLOW = """
import sys, time
from scorecard.cli import progress
progress._BEGUN -= float(sys.argv[1])
with progress.working("reading") as hear:
    hear("reading \\u6f22\\u5b57" * int(sys.argv[2]), 312, 500)
    time.sleep(0.35)
print("done", file=sys.stderr)
"""


def in_terminal(line: list[str], around: Mapping[str, str], columns: int = 100) -> tuple[str, str]:
    """What a command writes to a terminal on its stderr, and to a file as its stdout."""
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", **around}
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=follower, env=environment) as process:
        os.close(follower)
        reader = Thread(target=lambda: written.append(drain(leader)))
        written: list[bytes] = []
        reader.start()
        assert process.stdout
        printed = process.stdout.read().decode()
    reader.join()
    os.close(leader)
    return written[0].decode(), printed


def drain(leader: int) -> bytes:
    found = b""
    while True:
        try:
            found += os.read(leader, 1 << 16)
        except OSError:  # the other end is closed
            return found


def slow(before: float = 9, words: int = 1) -> list[str]:
    return [sys.executable, "-c", SLOW, str(before), str(words)]


@pytest.mark.parametrize("colours", ["", "1"])
def test_long_work_rewrites_one_line_and_takes_it_away(colours: str) -> None:
    written, _ = in_terminal(slow(), {"NO_COLOR": colours})
    *lines, last = written.replace("\r\n", "\n").split("\r")
    assert lines[0] == ""
    assert lines[1] == f"reading 漢字, 312 of 500 {'━' * 12}{'─' * 8} … 0 s\x1b[K"
    assert last == "\x1b[Kdone\n"
    assert "\x1b" not in written.replace("\x1b[K", "")


@pytest.mark.parametrize("columns", [1, 7, 20, 45])
def test_the_line_stays_on_one_line(columns: int) -> None:
    written, _ = in_terminal(slow(words=9), {}, columns)
    for line in written.replace("\r\n", "\n").split("\r")[:-1]:
        shown = line.removesuffix("\x1b[K")
        assert len(shown) + sum(sign in "漢字" for sign in shown) < max(columns, 1)


@pytest.mark.parametrize(("line", "around"), [(slow(-9), {}), (slow(), {"TERM": "dumb"})], ids=["short", "dumb"])
def test_nothing_is_said_of_short_work_or_where_a_line_stays(line: list[str], around: dict[str, str]) -> None:
    assert in_terminal(line, around)[0] == "done\r\n"


def test_nothing_is_said_where_stderr_is_a_file() -> None:
    assert subprocess.run(slow(), stderr=subprocess.PIPE, text=True, check=True).stderr == "done\n"


def test_what_a_command_prints_is_the_same_in_a_terminal(tmp_path: Path) -> None:
    line = command("export", SOCIAL_MEDIA, "-o", "-", "--format", "csv")
    written, printed = in_terminal(line, {})
    assert printed == subprocess.run(line, stdout=subprocess.PIPE, check=True).stdout.decode()
    assert "kpi" not in written


def test_a_reading_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    read_report(str(write_workspace(tmp_path / "both")), method=True, hear=lambda *one: told.append(one))
    assert [one for one in told if one[2]] == [
        ("reading files", 0, 2),
        ("reading files", 1, 2),
        ("reading values", 0, 2),
        ("reading values", 1, 2),
    ]
    assert told[-1] == ("checking the method", 0, 0)


def test_of_many_entries_it_is_told_how_many_are_checked(tmp_path: Path) -> None:
    goals = "".join(f"  g{n}: {{perspective: customer, lagging: [{{kpi: k{n}, target: 9}}]}}\n" for n in range(3_000))
    (tmp_path / "s.yaml").write_text(f"strategy: s\ngoals:\n{goals}")
    told: list[tuple[str, int, int]] = []
    assert not read_report(str(tmp_path), hear=lambda *one: told.append(one)).has_errors
    done = [one[1:] for one in told if one[0] == "checking entries"]
    assert len(done) > 1
    assert [now for now, _ in done] == sorted({now for now, _ in done})
    assert done[-1] == (6_004, 6_004)


@pytest.mark.parametrize(("form", "parts", "of"), [("pptx", "slides", None), ("html", "goals", 9)])
def test_an_export_tells_how_far_it_is(form: str, parts: str, of: int | None) -> None:
    told: list[tuple[str, int, int]] = []
    card = load(SOCIAL_MEDIA)
    hear = say_what(lambda *one: told.append(one), "it")
    FORMATS[form].write(Edition(card.evaluate(periods=HISTORY), card.observations, 739_940, hear=hear))
    count = of or len(told)
    assert count > 3
    assert told == [(f"drawing {parts} for it", number, count) for number in range(count)]


def test_an_export_hands_permissions_on_and_leaves_nothing_else(tmp_path: Path) -> None:
    strategy, out = write_strategy(tmp_path / "shop", SHOP, ROWS), tmp_path / "out"
    out.mkdir()
    (out / "map.svg").write_text("before")
    (out / "map.svg").chmod(0o640)
    (out / "elsewhere.csv").symlink_to(tmp_path / "nothing")
    assert run("export", strategy, "-o", out / "map.svg", "-o", out / "elsewhere.csv").exit_code == 0
    assert stat.S_IMODE((out / "map.svg").stat().st_mode) == 0o640
    assert (out / "map.svg").read_text().startswith("<svg")
    assert not (out / "elsewhere.csv").is_symlink()
    assert not (tmp_path / "nothing").exists()
    assert sorted(one.name for one in out.iterdir()) == ["elsewhere.csv", "map.svg"]


def test_a_pipe_or_a_folder_is_not_replaced(tmp_path: Path) -> None:
    strategy = write_strategy(tmp_path / "shop", SHOP, ROWS)
    os.mkfifo(tmp_path / "pipe.svg")
    (tmp_path / "link.svg").symlink_to(tmp_path / "pipe.svg")
    (tmp_path / "folder.svg").mkdir()
    for name, why in (("pipe", "that is no file"), ("link", "that is no file"), ("folder", "is a directory")):
        found = run("export", strategy, "-o", tmp_path / f"{name}.svg")
        assert found.exit_code == WRONG_USE
        assert f"cannot be written: {why}" in found.stderr
    assert stat.S_ISFIFO((tmp_path / "pipe.svg").stat().st_mode)
    assert not list(tmp_path.glob(".*"))


def test_a_drive_that_is_full_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "a.svg").write_text("before")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        put_file(tmp_path / "a.svg", b"after")
    assert (tmp_path / "a.svg").read_text() == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["a.svg"]


def test_a_bar_shows_the_share_or_moves() -> None:
    work = Work("laying out")
    assert work.say() == "laying out"
    bars = set()
    for seconds in range(9):
        work.begun = time.monotonic() - seconds / 2
        bars.add(work.draw_bar(20))
    assert len(bars) > 3
    assert {(len(bar), bar.count("━")) for bar in bars} == {(20, 5)}
    work.hear("reading files", 250, 500)
    assert (work.say(), work.draw_bar(20)) == ("reading files, 250 of 500", "━" * 10 + "─" * 10)


def test_keys_come_first_while_anything_is_done() -> None:
    usual, one, other = sys.getswitchinterval(), make_app(), make_app()
    with working(one, "reading"):
        with working(one, "laying out"):
            first = find_work(one)
            assert first
            assert first.say() == "reading"
            assert find_work(other) is None
        assert sys.getswitchinterval() < usual / 2
    assert find_work(one) is None
    assert sys.getswitchinterval() == usual


async def test_a_long_reading_says_what_is_done_and_for_how_long() -> None:
    class Probe(App[None]):
        def compose(self) -> ComposeResult:
            yield Waiting("reading [x]", id="reading")

    app = Probe()
    async with app.run_test(size=(60, 10)) as pilot:
        assert say(app, Waiting) == "reading [x] …"
        with working(app, "reading") as hear:
            hear("computing [Shop]", 1, 2)
            await wait_for(pilot, Waiting, "computing [Shop], 1 of 2 … ")
        assert "━" * 20 + "─" * 20 in say(app, Waiting)


async def test_work_stands_in_the_title_while_the_keys_go_on() -> None:
    app, over = make_app(), Event()

    def work() -> None:
        with working(app, "laying out 2,000 goals") as hear:
            hear("laying out [b]2,000[/b] goals", 0, 0)
            over.wait(30)

    async with app.run_test(size=(100, 30)) as pilot:
        assert not app.screen.query_one(Working).display
        thread = Thread(target=work)
        thread.start()
        try:
            await wait_until(pilot, lambda: app.screen.query_one(Working).display)
            assert "laying out [b]2,000[/b] goals" in say(app, Working)
            before = app.shell.session.evaluation.period
            await pilot.press("[")
            assert app.shell.session.evaluation.period != before
        finally:
            over.set()
            thread.join()
        await wait_until(pilot, lambda: not app.screen.query_one(Working).display)


def say(app: App[None], kind: type[Static]) -> str:
    return str(app.screen.query_one(kind).content)


async def wait_for(pilot: Pilot[None], kind: type[Static], words: str) -> None:
    for _ in range(100):
        if words in say(pilot.app, kind):
            return
        await pilot.pause(0.05)
    raise AssertionError(say(pilot.app, kind))
