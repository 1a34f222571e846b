"""The project's pages as tests read them: their blocks, sections and tables, and the commands that stand in them."""

from __future__ import annotations

import importlib.util
import os
import re
import select
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_FENCE = re.compile(r"^```(?P<kind>\w+)(?: (?P<file>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_MARKER = re.compile(r"<!-- ([\w-]+) -->\n\Z")
_PATIENCE = 60  # seconds after which something that hangs is given up


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the file named behind that, the marker in the line before, its first line."""

    kind: str
    file: str
    marker: str
    text: str
    line: int


@dataclass(frozen=True)
class Run:
    code: int
    output: str


def read_blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    found = []
    for match in _FENCE.finditer(text):
        marker = _MARKER.search(text[: match.start()])
        line = text.count("\n", 0, match.start("text")) + 1
        found.append(Block(match["kind"], match["file"] or "", marker[1] if marker else "", match["text"], line))
    return found


def read_sections(page: Path) -> dict[str, str]:
    """The text below each heading, up to the next one of any level."""
    parts = re.split(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def read_tables(text: str) -> Iterator[list[list[str]]]:
    """Each table of a text as rows of cells, without its head."""
    rows: list[list[str]] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        elif rows:
            yield rows[2:]
            rows = []


def run_command(line: str, folder: Path) -> Run:
    """A command as somebody types it in the folder; `scorecard` is the one under test, `scorecard tui` is driven."""
    words = shlex.split(line)
    assert words[0] == "scorecard", f"only scorecard's own commands are run: {line}"
    command = [sys.executable, "-m", "scorecard", *words[1:]]
    if words[1] == "tui":
        return _drive(command, folder)
    done = subprocess.run(
        command, cwd=folder, env=_environment(), capture_output=True, text=True, encoding="utf-8", timeout=_PATIENCE
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Run(done.returncode, done.stdout + done.stderr)


def can_draw(line: str) -> bool:
    """Whether what a command draws with is there: Graphviz, or Typst; without it the command says so and ends with 2."""
    if re.search(r"-o \S+\.dot\.\w", line):
        return bool(shutil.which("dot") or importlib.util.find_spec("pygraphviz"))
    return not re.search(r"-o \S+\.(png|pdf)\b", line) or bool(importlib.util.find_spec("typst"))


def _environment() -> dict[str, str]:
    """This process's, with the package of the checkout first and nothing that colours or narrows what is printed."""
    kept = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "TERM": "xterm-256color"}


def _drive(command: list[str], folder: Path) -> Run:
    """Start the app in a terminal of its own, wait until its footer is drawn, press q, and wait for the end."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 132, 0, 0))
    process = subprocess.Popen(
        command, cwd=folder, env=_environment(), stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    seen, pressed = b"", False
    deadline = time.monotonic() + _PATIENCE
    try:
        while time.monotonic() < deadline:
            if select.select([ours], [], [], 0.05)[0]:
                try:
                    seen += os.read(ours, 65536)
                except OSError:  # the other end is closed: the app has ended
                    break
            elif process.poll() is not None:
                break
            elif not pressed and b"Quit" in seen:
                os.write(ours, b"q")
                pressed = True
        code = process.wait(timeout=max(deadline - time.monotonic(), 0.1))
    finally:
        if process.poll() is None:
            process.kill()
        os.close(ours)
    return Run(code, seen.decode("utf-8", "replace"))
