"""The app's first frame, and its first map, against an empty Textual app, each in a terminal of its own (a pty of 120 by 40)."""

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
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.measuring import Line, in_turns
from benchmarks.terminal import ENVIRONMENT

ROWS, COLUMNS, PATIENCE = 40, 120, 60.0  # lines, characters, seconds
FRAME = ("scorecard", "Map", "reading")
EMPTY = """
from textual.app import App
from textual.widgets import Static

class Empty(App):
    def compose(self):
        yield Static("first-frame")

Empty().run()
"""
_ESCAPES = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[^\[]")


def compare(strategy: Path, shown: Sequence[str]) -> list[Line]:
    """`shown` are texts that stand on the app's map; its first frame has the title, the tabs and what is being read."""
    command, against = [sys.executable, "-m", "scorecard", "tui", str(strategy)], "an empty Textual app"
    empty = _first_frame([sys.executable, "-c", EMPTY], ["first-frame"])
    frame = in_turns(_first_frame(command, FRAME), empty, 7)
    map_ = in_turns(_first_frame(command, shown), empty, 7)
    return [
        Line("first frame of the app", against, frame[0], frame[1], 1.3, False, frame[2]),
        Line("its map, read and evaluated", against, map_[0], map_[1], None, False, map_[2]),
    ]


def _first_frame(command: Sequence[str], shown: Sequence[str]) -> Callable[[], float]:
    """Seconds from the start of a process until its terminal shows these texts."""
    wanted = [text.encode() for text in shown]

    def run() -> float:
        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        environment = {**os.environ, **ENVIRONMENT}
        start = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=follower, stdout=follower, stderr=follower, env=environment, start_new_session=True
        )
        os.close(follower)
        try:
            return _wait(leader, wanted, start)
        finally:
            process.kill()
            process.wait()
            os.close(leader)

    return run


def _wait(leader: int, wanted: Sequence[bytes], start: float) -> float:
    output = b""
    while time.perf_counter() - start < PATIENCE:
        if not select.select([leader], [], [], 1.0)[0]:
            continue
        try:
            output += os.read(leader, 1 << 16)
        except OSError:  # the process has ended
            break
        text = _ESCAPES.sub(b"", output)
        if all(part in text for part in wanted):
            return time.perf_counter() - start
    raise RuntimeError(f"no first frame: {_ESCAPES.sub(b'', output)[-400:]!r}")
