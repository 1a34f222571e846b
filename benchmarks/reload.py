"""A file of a large workspace is saved while somebody walks over its map: how long keys wait, and until it shows.

The keys are pressed ten times a second, each after the frame of the one before. A key that waits for the reading would show as
a press of seconds.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from benchmarks.measuring import Line
from benchmarks.terminal import Terminal

SIZE = (132, 40)
WAIT = 0.1  # seconds that the longest press should take meanwhile
PAUSE = 0.1  # seconds between two presses
CALM = 30  # presses before the file is saved
ARROWS = (b"\x1b[C", b"\x1b[D")
MARK = "Saved meanwhile"


def compare(workspace: Path) -> list[Line]:
    """`workspace` is a folder whose first file names the strategy; it is changed."""
    with Terminal([sys.executable, "-m", "scorecard", "tui", str(workspace)], SIZE) as app:
        app.wait_for("arrows choose a goal")
        app.wait_idle()
        calm = [_press(app, number) for number in range(CALM)]
        first = sorted(workspace.glob("*.yaml"))[0]
        first.write_text(first.read_text().replace("name: Everything the group wants", f"name: {MARK}", 1))
        saved, during = time.perf_counter(), []
        app.forget()
        while MARK.encode() not in app.text:
            during.append(_press(app, len(during)))
        shown = time.perf_counter() - saved
    medians = [statistics.median(presses) * 1000 for presses in (during, calm)]
    remark = f"median {medians[0]:.0f} ms of {len(during)} presses meanwhile, {medians[1]:.0f} ms before"
    what = "a reload of 10,000 goals"
    return [
        Line(f"{what}: the longest that a key waits", f"{WAIT * 1000:.0f} ms", max(during), WAIT, 1, False, remark),
        Line(f"{what}: until it shows", "", shown, None, None, False, ""),
    ]


def _press(app: Terminal, number: int) -> float:
    """Seconds to the frame of a key, and a pause."""
    press = app.press(ARROWS[number // 8 % 2], PAUSE)
    return press.frame if press else 0.0
