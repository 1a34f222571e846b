"""Hostile names through every screen: sixty of them as names, owners, units, comments, members and notes of one strategy.

The reader refuses control characters; here it lets them pass, as the screen has to hold by itself.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len
from test_app import TODAY, wait_until
from textual import events
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import Input

from scorecard.analysis.changes import ValueChange
from scorecard.analysis.scenario import Scenario
from scorecard.model.limits import Limits
from scorecard.parser import yaml_events, yaml_loader
from scorecard.tui.app import ReviewApp
from scorecard.tui.registry import SCREENS
from scorecard.tui.session import open_path
from scorecard.tui.text import literal

PASSING = re.compile("(?!)")  # finds no sign to refuse
WIDE = Limits(text=100_000)
NAMES = [
    "[@click=app.quit]x[/]",
    "[@click=app.action_quit()]",
    "[/]",
    "[/bold]",
    "[bold]",
    "[bold red on blue]b",
    "[link=file:///etc/passwd]l[/link]",
    "[[]]",
    "\\[x]",
    "x\\",
    "[",
    "]",
    "Revenue [EUR m]",
    "Revenue [$m]",
    "\x1b]0;title\x07",
    "\x1b[2J",
    "\x1b[31mred\x1b[0m",
    "\x1bPq#0~\x1b\\",
    "\x1b[6n",
    "\x9b2J",
    "\x90q\x9c",
    "\x00nul",
    "bell\x07",
    "\x08\x08back",
    "\x7fdel",
    "\x0e\x0f shift",
    "abc\u202etxt.exe",
    "\u2066isolate\u2069",
    "\u061cmark",
    "zero\u200bwidth",
    "\ufeffmark",
    "\u00adsoft",
    "line\u2028line",
    "שלום عالم",
    "日本語の名前",
    "👩\u200d👩\u200d👧\u200d👦 family",
    "🏳\ufe0f\u200d🌈",
    "🇩🇪",
    "Z̷̧̡̛͓̘̙̑̾͐a̶l̵g̴o̷",
    "e\u0301\u0301\u0301\u0301",
    "\u0301alone",
    "ﷺ",
    "𝕬𝖇𝖈",
    "\U000e0041tag",
    "$variable",
    "$error on $success",
    "{braces}",
    "{0.__class__}",
    "%s %d %(x)s",
    "null",
    "None",
    "NaN",
    "true",
    "~",
    "=1+1",
    "<b>&amp;",
    "'; drop table x; --",
    "../../etc/passwd",
    "a" * 40_000,
    "many words " * 800 + "end",
]
QUESTIONS = ["1 ctrl+p", "2 slash", "3 g", "3 v", "7 n", "7 d", "7 o", "4 K", "4 equals_sign", "8 slash", "2 x"]
_STEERING = {"Cc", "Cs", "Zl", "Zp"}
SIGNS = set(
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)  # unseen, or turning text round


def quote(text: str) -> str:
    """A YAML text in double quotes that holds the signs by escape, as libyaml takes no others."""
    signs = (c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in text)
    return f'"{"".join(signs)}"'


def write_strategy(folder: Path) -> Path:
    """A goal for each name, in which everything that takes a text has it."""
    lanes = ("first", "second", "third")
    lines = ["strategy: s", f"name: {quote(NAMES[0])}", f"purpose: {quote(NAMES[15])}", "perspectives:"]
    lines += [f"  {lane}: {quote(name)}" for lane, name in zip(lanes, NAMES[12:15], strict=True)]
    members = ", ".join(map(quote, NAMES[:58]))
    lines += [f"dimensions: {{place: [{members}]}}", "data: [rows.csv]", "goals:"]
    for number, name in enumerate(NAMES):
        text = quote(name)
        lines += [
            f"  g{number}:",
            f"    {{name: {text}, owner: {text}, description: {text}, perspective: {lanes[number % 3]},",
            f"     lagging: [{{kpi: k{number}, name: {text}, unit: {text}, owner: {text}, source: {text}, caution: {text},",
            f"       baseline: 0, target: 9, causality: {text}, comments: {{2026-10: {text}}}}}],",
            f"     leading: [{{goal: g{number + 1}, why: {text}}}]," if number % 3 and number + 1 < len(NAMES) else "",
            f"     comments: {{2026-10: {text}}}, initiatives: [{{initiative: i{number}, name: {text}, owner: {text}}}],",
            f"     override: {{status: red, why: {text}, by: {text}}}}}" if number % 7 == 0 else "    }",
        ]
    (folder / "s.yaml").write_text("\n".join(filter(None, lines)), encoding="utf-8")
    rows = ["kpi,period,value,place,note"]
    for number, name in enumerate(NAMES[:58]):
        cell = '"' + name.replace('"', '""') + '"'
        rows += [f"k{number},2026-{month},{number % 9},{cell},{cell}" for month in ("09", "10")]
        rows += [f'"no {cell[1:]},2026-10,1,{cell},{cell}']
    (folder / "rows.csv").write_text("\n".join(rows), encoding="utf-8", newline="")
    return folder / "s.yaml"


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The strategy, read as if the reader let every sign pass."""
    for reader in (yaml_events, yaml_loader):
        monkeypatch.setattr(reader, "FORBIDDEN", PASSING)
    monkeypatch.chdir(tmp_path)
    return write_strategy(tmp_path)


def make(path: Path) -> ReviewApp:
    return ReviewApp(str(path), open_path(str(path), TODAY, WIDE), limits=WIDE)


def look(app: ReviewApp) -> str:
    """All cells of the screen, of which none may steer the terminal."""
    text = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
    odd = {c for c in text if c != "\n" and (unicodedata.category(c) in _STEERING or c in SIGNS)}
    assert not odd, f"{odd} on {app.shell.open_id}"
    return text


def shown(name: str) -> str:
    """How a name begins on the screen, wherever it is cut."""
    plain = literal(name).plain
    while cell_len(plain) > 9:
        plain = plain[:-1] if len(plain) < 40 else plain[:20]
    return plain.split()[0]


@pytest.fixture
def markup(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What Textual reads as markup while the test runs."""
    read: list[str] = []
    usual = Content.from_markup.__func__  # type: ignore[attr-defined]

    def listen(cls: type[Content], text: str | Content, **variables: object) -> Content:
        read.append(text if isinstance(text, str) else "")
        return usual(cls, text, **variables)

    monkeypatch.setattr(Content, "from_markup", classmethod(listen))
    return read


def assert_none_was_markup(read: list[str]) -> None:
    names = [name for name in NAMES if len(name) > 4]
    assert not [text for text in read if any(name in text for name in names)]


@pytest.mark.parametrize("size", [(132, 40), (80, 24), (40, 12)])
async def test_every_screen_shows_every_name_as_it_is_written(
    hostile: Path, size: tuple[int, int], markup: list[str]
) -> None:
    app = make(hostile)
    async with app.run_test(size=size, notifications=True) as pilot:
        for entry in SCREENS:
            await pilot.press(entry.key)
            for number in range(0, len(NAMES), 2 if entry.id == "detail" and size[0] > 100 else 29):
                app.shell.choose(f"g{number}", f"k{number}" if number % 4 else None)
                app.shell.show()
                await pilot.pause()
                text = look(app)
                if entry.id == "detail" and size[1] >= 24:
                    assert shown(NAMES[number]) in text, ascii(NAMES[number][:40])
            await pilot.press("c", "y", "end", "question_mark")
            look(app)
            await pilot.press("question_mark")
        assert app.is_running
        assert app.export_screenshot()
    assert_none_was_markup(markup)


async def test_every_question_takes_every_name(hostile: Path, markup: list[str]) -> None:
    """Typed into the palette, the filter, a period, an entry, a note, a decision, a scenario and a file to export to."""
    app = make(hostile)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        for number, (screen, key) in enumerate(map(str.split, QUESTIONS)):
            await pilot.press(screen)
            app.shell.choose(f"g{number}", f"k{number}")
            app.shell.session.scenario = Scenario().put(ValueChange(f"k{number}", 3.0))
            await pilot.press(key)
            await pilot.pause()
            for name in NAMES[number :: len(QUESTIONS)]:
                if isinstance(app.focused, Input):
                    app.focused.clear()
                    app.post_message(events.Paste(name))
                    await pilot.pause()
                    look(app)
            await pilot.press("enter")
            await settle(pilot)
            look(app)
            await pilot.press("escape", "escape", "escape")
            while app.screen is not app.shell:
                app.pop_screen()
        assert app.is_running
    assert_none_was_markup(markup)


async def settle(pilot: Pilot[None]) -> None:
    """Wait for what runs beside the event loop."""
    await wait_until(pilot, lambda: not [one for one in pilot.app.workers if one.is_running and one._thread_worker])
    await pilot.pause()


async def test_the_goal_beside_the_map_and_a_tooltip_show_a_name_as_it_is(hostile: Path) -> None:
    app = make(hostile)
    async with app.run_test(size=(200, 60), tooltips=True) as pilot:
        for number in (0, 2, 12, 14, 26, 58):
            app.shell.choose(f"g{number}")
            app.shell.show()
            await pilot.pause(0.1)
            assert shown(NAMES[number]) in str(app.shell.query_one("#goal").render())
            for x, y in ((40, 10), (60, 14), (90, 20)):
                await pilot.hover(offset=(x, y))
                await pilot.pause(0.02)
                look(app)


def test_no_byte_of_a_name_steers_a_real_terminal(hostile: Path) -> None:
    """Everything the app writes to its terminal while all screens, a detail, the help and the palette are open."""
    sent = bytes(
        write_to_terminal(
            hostile, [*"12345678", "\r", "?", "?", "3", "c", "\x10", "[", "\x1b", "2", "/", "[bold]", "\r"]
        )
    )
    assert b"index" in sent
    assert b"[@click=app.quit]x[/]" in sent
    for payload in (
        rb"\x1b\]0;title",
        rb"\x1b\[2J\W",
        rb"\x1bPq#0",
        rb"\x1b\[6n",
        rb"\xc2[\x80-\x9f]",
        rb"[\x00\x08\x0e\x0f\x7f]|bell\x07|title\x07",
    ):
        assert not re.search(payload, sent), payload
    text = sent.decode(errors="replace")
    assert not SIGNS & set(text)
    assert "␛]0;title" in text


def write_to_terminal(path: Path, keys: list[str]) -> Iterator[int]:
    """Run the app on a terminal of its own; all bytes that it writes, until it ends."""
    code = (
        "import re, sys\nfrom scorecard.parser import yaml_events, yaml_loader\n"
        "yaml_events.FORBIDDEN = yaml_loader.FORBIDDEN = re.compile('(?!)')\n"
        "from scorecard.model.limits import Limits\nfrom scorecard.tui.opening import run\n"
        "run(sys.argv[1], limits=Limits(text=100_000))\n"
    )
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 132, 0, 0))
    around = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(path)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=around,
        start_new_session=True,
    )
    os.close(theirs)
    sent = bytearray()
    try:
        read_until(ours, sent, b"index")
        for key in keys:
            os.write(ours, key.encode())
            read_until(ours, sent, None)
        os.write(ours, b"\x1b")
        read_until(ours, sent, None)
        os.write(ours, b"\x11")  # ctrl+q
        read_until(ours, sent, b"\x1b[?1049l")
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    return iter(sent)


def read_until(terminal: int, sent: bytearray, word: bytes | None) -> None:
    """Read what comes: until the word is there, twenty seconds at most, or until it is quiet."""
    end = time.monotonic() + 20
    while time.monotonic() < end and not (word and word in sent):
        if select.select([terminal], [], [], 0.3)[0]:
            try:
                sent += os.read(terminal, 65_536)
            except OSError:  # it has ended
                return
        elif word is None:
            return
