"""The most memory that the app holds with a map open, against an empty Textual app: peak resident memory, in MiB."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.first_frame import EMPTY
from benchmarks.measuring import Line
from benchmarks.terminal import Terminal

SIZE = (132, 40)


def compare(small: Path, large: Path) -> list[Line]:
    """`small` and `large` are strategies; both are read, evaluated and checked."""
    empty = _measure([sys.executable, "-c", EMPTY], "first-frame")
    lines = []
    for what, path in ((f"memory with {small.name} open", small), ("memory with 10,000 goals open", large)):
        ours = _measure([sys.executable, "-m", "scorecard", "tui", str(path)], "arrows choose a goal")
        lines.append(Line(what, "an empty Textual app", ours, empty, None, False, mebibytes=True))
    return lines


def _measure(command: list[str], shown: str) -> float:
    with Terminal(command, SIZE) as terminal:
        terminal.wait_for(shown)
        terminal.wait_idle()
        return terminal.peak()
