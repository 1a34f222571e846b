"""Side by side in one run: what is timed, how often, and how a comparison is written down."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison. `ratio` is ours over the other, medians of alternating runs; None where it was not measured.

    With `faster`, the aim is how many times faster ours should be; otherwise how many times the other's time it may take.
    """

    what: str
    against: str
    ours: float | None  # seconds
    others: float | None
    aim: float | None  # None: for information
    faster: bool
    remark: str = ""

    @property
    def reached(self) -> float | None:
        """The number to hold against the aim."""
        if self.ours is None or self.others is None:
            return None
        return self.others / self.ours if self.faster else self.ours / self.others

    @property
    def fulfilled(self) -> bool | None:
        reached = self.reached
        return (
            None if reached is None or self.aim is None else reached >= self.aim if self.faster else reached <= self.aim
        )


def alternate(first: Callable[[], object], second: Callable[[], object], rounds: int) -> tuple[float, float, str]:
    """Median seconds of both, run in turns, and the spread as a remark."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for run, seconds in zip((first, second), times, strict=True):
            seconds.append(measure(run))
    return statistics.median(times[0]), statistics.median(times[1]), spread(*times)


def measure(run: Callable[[], object]) -> float:
    """Wall-clock seconds of one run, with the garbage of earlier ones collected before."""
    gc.collect()
    start = time.perf_counter()
    kept = run()
    seconds = time.perf_counter() - start
    del kept
    return seconds


def spread(*times: Sequence[float]) -> str:
    """How far single runs lie from their median: the noise of the machine."""
    parts = [(max(one) - min(one)) / 2 / statistics.median(one) for one in times if len(one) > 1]
    return f"±{max(parts):.0%}" if parts else ""


def run_process(command: Sequence[str], **environment: str) -> Callable[[], object]:
    """A run of a whole process; ends with an error where it does not succeed (exit code 1 is a finding, not a failure)."""

    def run() -> None:
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})
        if done.returncode not in (0, 1) or "Traceback" in done.stderr:
            raise RuntimeError(f"{' '.join(command)[:80]} failed: {done.stderr[-400:]}")

    return run


def ask_process(code: str, *arguments: str) -> float:
    """The number that Python code prints in a fresh process."""
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])
