"""From a key to the changed screen on the map, against a Textual app in which a key changes a line of text.

Both run in terminals of the same size, and keys are pressed in turn, one in each. A press is timed to the last byte of the
frame it causes, in which the map has another goal and its chain lit; and to the last byte of all it brings, with the panel
beside the map, which follows in a frame of its own. Presses that change nothing, at the rim of the map, do not count.
As when a person walks the map, there is a rest after each press, in which the map paints what the next arrow may show.

Then the same walk is taken anew with the keys held down, without rests. A key that brings nothing until the next one counts
as if it had brought it just then, unless it brought nothing in the first walk, either: those are known by their order.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from benchmarks.enterprise import KPIS_PER_GOAL, draw_values, write_enterprise
from benchmarks.measuring import Line, describe_noise
from benchmarks.terminal import Terminal

GOALS = (20, 100, 300, 2_000)
SIZES = ((132, 40), (200, 50))
PRESSES, WARM_UP = 200, 30
STILL = 0.06  # seconds without output after which a key has brought all it brings
WORST = 0.016  # seconds that the slowest press should take
HELD = 1 / 30  # seconds between two keys where one is held down
ARROWS = (b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D")
HELLO = """
from textual.app import App
from textual.widgets import Label

class Hello(App):
    pressed = 0

    def compose(self):
        yield Label("Hello, World!")

    def on_key(self):
        self.pressed += 1
        self.query_one(Label).update(f"Hello, World! {self.pressed}")

Hello().run()
"""


def compare(folder: Path, counts: tuple[int, ...] = GOALS, sizes: tuple[tuple[int, int], ...] = SIZES) -> list[Line]:
    lines = []
    for goals in counts:
        strategy = write_map(folder / f"map_{goals}", goals)
        for size in sizes:
            lines += _compare(strategy, goals, size)
    return lines


def write_map(folder: Path, goals: int) -> Path:
    """An enterprise map of so many goals with values for a year."""
    if not folder.exists():
        write_enterprise(folder, goals, max(1, goals // 20))
        first = folder / "group_000.yaml"
        first.write_text(first.read_text() + "data: [values.csv]\n")
        values = draw_values(goals * KPIS_PER_GOAL, 12)
        rows = ["kpi," + ",".join(f"2026-{month:02}" for month in range(1, 13))]
        for row, series in enumerate(values):
            figures = ("" if value != value else f"{value:.4g}" for value in series)
            rows.append(f"k{row // KPIS_PER_GOAL}_{row % KPIS_PER_GOAL},{','.join(figures)}")
        (folder / "values.csv").write_text("\n".join(rows) + "\n")
    return folder


def _compare(strategy: Path, goals: int, size: tuple[int, int]) -> list[Line]:
    what, against = f"a key on the map of {goals:,} goals, {size[0]}x{size[1]}", "a key in Textual's hello world"
    with (
        Terminal([sys.executable, "-m", "scorecard", "tui", str(strategy)], size) as app,
        Terminal([sys.executable, "-c", HELLO], size) as hello,
    ):
        app.wait_for("arrows choose a goal")
        app.wait_idle()
        hello.wait_idle()
        ours, others, moves = _press(app, hello)
    held = sorted(_hold(strategy, size, moves))
    frames = statistics.median(ours.frame), statistics.median(others.frame)
    work = statistics.median(ours.work), statistics.median(others.work)
    settled = statistics.median(ours.settled), statistics.median(others.settled)
    worst = f"hello world's {max(others.frame) * 1000:.1f} ms"
    return [
        Line(what, against, *frames, 2.5, False, describe_noise(ours.frame, others.frame)),
        Line("the slowest of its presses", f"{WORST * 1000:.0f} ms", max(ours.frame), WORST, 1, False, worst),
        Line("the processor's part of a press", against, *work, 2.5, False, f"worst {max(ours.work) * 1000:.1f} ms"),
        Line(
            "19 of 20 keys held down, 30 a second",
            "the next key",
            held[len(held) * 19 // 20],
            HELD,
            1,
            False,
            f"half of them {statistics.median(held) * 1000:.1f} ms",
        ),
        Line("until the panel beside shows it, too", against, *settled, None, False, describe_noise(ours.settled)),
    ]


class Presses(NamedTuple):
    """Seconds of all presses of a program, as in `Press`."""

    frame: list[float]
    settled: list[float]
    work: list[float]


def _press(app: Terminal, hello: Terminal) -> tuple[Presses, Presses, list[bool]]:
    """Press arrows in one and a letter in the other, in turns; the first ones warm up and do not count. And which of all
    arrows brought anything."""
    ours, others = Presses([], [], []), Presses([], [], [])
    left, moves = WARM_UP + PRESSES, []
    for arrow in _walk():
        pair = app.press(arrow, STILL), hello.press(b"x", STILL)
        moves.append(pair[0] is not None)
        if pair[0] and pair[1]:
            left -= 1
            for press, presses in zip(pair, (ours, others), strict=True):
                if press and left < PRESSES:
                    for seconds, all_of_them in zip(press, presses, strict=True):
                        all_of_them.append(seconds)
        if not left:
            break
    return ours, others, moves


def _hold(strategy: Path, size: tuple[int, int], moves: list[bool]) -> list[float]:
    """Seconds from keys held down to their frames; of no more than the next key."""
    found = []
    with Terminal([sys.executable, "-m", "scorecard", "tui", str(strategy)], size) as app:
        app.wait_for("arrows choose a goal")
        app.wait_idle()
        for arrow, moved in zip(_walk(), moves, strict=False):
            app.forget()
            pressed = time.perf_counter()
            app.send(arrow)
            frame = HELD
            while (left := pressed + HELD - time.perf_counter()) > 0:
                arrived = app.read(left)
                if arrived is not None and frame == HELD and app.has_frame():
                    frame = arrived - pressed
            if moved:
                found.append(frame)
    return found[WARM_UP:]


def _walk() -> Iterator[bytes]:
    """Arrows that wander over the map: some steps one way, then another."""
    random = Random(1)
    while True:
        yield from [random.choice(ARROWS)] * random.randint(1, 9)
