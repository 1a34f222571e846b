"""The app in a real terminal: started by its command in tmux, driven by keys, read off the screen."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
EXAMPLE = Path(__file__).parent.parent / "strategies" / "social_media"


class Terminal:
    """One tmux server of its own, with one window in which a shell runs."""

    def __init__(self, columns: int, rows: int, **environment: str) -> None:
        self.server = f"scorecard-{uuid.uuid4().hex[:8]}"
        variables = [f"{name}={value}" for name, value in {"TERM": "xterm-256color", **environment}.items()]
        self.tmux(
            "-f",
            "/dev/null",
            "new-session",
            "-d",
            "-x",
            str(columns),
            "-y",
            str(rows),
            "env",
            "-u",
            "COLUMNS",
            "-u",
            "LINES",
            *variables,
            "sh",
        )

    def tmux(self, *words: str) -> str:
        found = subprocess.run(
            ["tmux", "-L", self.server, *words], capture_output=True, text=True, timeout=20, check=False
        )
        return found.stdout

    def type(self, line: str) -> None:
        self.tmux("send-keys", "-l", line)
        self.tmux("send-keys", "Enter")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.tmux("send-keys", key)

    def screen(self, colours: bool = False) -> str:
        return self.tmux("capture-pane", "-p", *(["-e"] if colours else []))

    def wait(self, holds: Callable[[str], bool]) -> str:
        """The screen once it is as awaited, twenty seconds at most."""
        for _ in range(200):
            if holds(screen := self.screen()):
                return screen
            time.sleep(0.1)
        raise AssertionError(self.screen())

    def end(self) -> None:
        self.tmux("kill-server")


@pytest.fixture
def open_terminal() -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def start(columns: int = 100, rows: int = 30, **environment: str) -> Terminal:
        opened.append(Terminal(columns, rows, **environment))
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.end()


def start_app(terminal: Terminal, path: Path) -> str:
    terminal.type(f"{sys.executable} -m scorecard tui {path}; echo ended with $?")
    return terminal.wait(lambda screen: "index" in screen and "Stakeholders" in screen)


def test_a_walk_through_the_map(open_terminal: Callable[..., Terminal], tmp_path: Path) -> None:
    path = Path(shutil.copytree(EXAMPLE, tmp_path / "social_media"))
    terminal = open_terminal(132, 40)
    assert "2026-10" in start_app(terminal, path)
    terminal.press("Down", "Down", "Right")
    terminal.wait(lambda screen: "warning: the result is green" in screen)
    terminal.press("[")
    terminal.wait(lambda screen: "2026-09" in screen.splitlines()[0])
    text = (path / "strategy.yaml").read_text()
    (path / "strategy.yaml").write_text(text.replace("lagging:", "laging:", 1))
    terminal.wait(lambda screen: "The last change has errors" in screen)
    (path / "strategy.yaml").write_text(text)
    terminal.wait(lambda screen: "The last change has errors" not in screen)
    terminal.press("q")
    terminal.wait(lambda screen: "ended with 0" in screen)


def test_it_is_usable_at_80_by_24(open_terminal: Callable[..., Terminal]) -> None:
    terminal = open_terminal(80, 24)
    start_app(terminal, EXAMPLE)
    words = ("Stakeholders'", "Customer", "Internal", "Learning", "Engaging", "illustrative")
    terminal.wait(lambda screen: all(word in screen for word in words))
    terminal.press("Down", "Enter")
    terminal.wait(lambda screen: "Results" in screen and "Stakeholders' interests ·" in screen)
    terminal.press("q")


def test_without_colour_the_words_and_signs_remain(open_terminal: Callable[..., Terminal]) -> None:
    terminal = open_terminal(132, 40, NO_COLOR="1")
    screen = start_app(terminal, EXAMPLE)
    assert "▲ red" in screen
    assert "● green" in screen
    terminal.press("q")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_gives_the_terminal_back(
    open_terminal: Callable[..., Terminal], number: signal.Signals, code: int
) -> None:
    terminal = open_terminal()
    terminal.type("echo before")
    start_app(terminal, EXAMPLE)
    assert "before" not in terminal.screen()
    found = subprocess.run(
        ["pgrep", "-f", f"scorecard tui {EXAMPLE}"], capture_output=True, text=True, check=True, timeout=10
    ).stdout.split()
    for process in found:
        if Path(f"/proc/{process}/comm").read_text().startswith("python"):
            os.kill(int(process), number)
    screen = terminal.wait(lambda screen: f"ended with {code}" in screen)
    assert "before" in screen


def test_errors_are_mended_from_the_app_which_then_goes_on(
    open_terminal: Callable[..., Terminal], tmp_path: Path
) -> None:
    (tmp_path / "s.yaml").write_text("strategy: s\ngoals: {g: {perspective: custmer}}\n")
    editor = tmp_path / "mend"
    editor.write_text('#!/bin/sh\nsed -i "${1#+}s/custmer/customer/" "$2"\n')
    editor.chmod(0o755)
    terminal = open_terminal(VISUAL=str(editor))
    command = f"{sys.executable} -m scorecard tui {tmp_path}; echo ended with $?"
    terminal.type(command)
    terminal.wait(lambda screen: "1 error keeps this from opening" in screen and "did you mean 'customer'?" in screen)
    terminal.press("q")
    screen = terminal.wait(lambda screen: "ended with 1" in screen)
    assert "did you mean 'customer'?" in screen  # and there it stays
    terminal.type(command)
    terminal.wait(lambda screen: "enter edits there with mend" in screen)
    terminal.press("Enter")
    terminal.wait(lambda screen: "index" in screen and "Stakeholders" in screen)
    terminal.press("q")
    terminal.wait(lambda screen: "ended with 0" in screen)


def test_the_app_ends_with_its_terminal_also_without_a_signal() -> None:
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "scorecard", "tui", str(EXAMPLE)]
    around = os.environ | {"TERM": "xterm-256color"}
    app = subprocess.Popen(command, env=around, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    try:
        seen = b""
        while b"Quit" not in seen:
            seen += os.read(ours, 65536)
        os.close(ours)  # the session has no controlling terminal, so nothing else tells the app
        assert app.wait(timeout=60) == 129
    finally:
        app.kill()
