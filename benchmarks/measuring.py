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

Timed = Callable[[], float]  # does something and says how many seconds it took


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison: medians of runs in turns. Seconds are None where it was not measured; `remark` says why.

    With `faster` the aim is how many times faster ours should be, without it how many times the other's time it may take.
    An aim of None is for information. With `mebibytes` it is memory, not seconds.
    """

    what: str
    against: str
    ours: float | None
    others: float | None
    aim: float | None
    faster: bool
    remark: str = ""
    mebibytes: bool = False

    @property
    def reached(self) -> float | None:
        """The number to hold against the aim."""
        if not self.ours or not self.others:
            return None
        return self.others / self.ours if self.faster else self.ours / self.others


def in_turns(first: Timed, second: Timed, rounds: int) -> tuple[float, float, str]:
    """The median seconds of both, run in turns, and the noise as a remark. The first turn warms up and does not count."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(rounds + 1):
        for run, seconds in zip((first, second), times, strict=True):
            took = run()
            if turn:
                seconds.append(took)
    return statistics.median(times[0]), statistics.median(times[1]), describe_noise(*times)


def timed(run: Callable[[], object]) -> Timed:
    """Wall-clock seconds of a call, the garbage of earlier ones collected before."""

    def measure() -> float:
        gc.collect()
        start = time.perf_counter()
        kept = run()
        seconds = time.perf_counter() - start
        del kept
        return seconds

    return measure


def timed_process(command: Sequence[str], **environment: str) -> Timed:
    """Wall-clock seconds of a whole process, which must end well (a 1 says that there are findings)."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | environment

    def measure() -> float:
        start = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, env=own)
        seconds = time.perf_counter() - start
        if done.returncode not in (0, 1) or "Traceback" in done.stderr:
            raise RuntimeError(f"{' '.join(command)[:80]} failed: {(done.stdout + done.stderr)[-400:]}")
        return seconds

    return measure


def timed_inside(code: str, *arguments: str, python: str = sys.executable, **environment: str) -> Timed:
    """The seconds that Python code itself measures and prints last, in a fresh process."""

    def measure() -> float:
        command, own = [python, "-c", code, *arguments], {**os.environ, **environment}
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=own)
        return float(done.stdout.split()[-1])

    return measure


def describe_noise(*times: Sequence[float]) -> str:
    """How far the middle half of the runs lies around the median."""
    spans = []
    for one in times:
        if len(one) > 2:
            low, _, high = statistics.quantiles(one, n=4, method="inclusive")
            spans.append((high - low) / 2 / statistics.median(one))
    return f"±{max(spans):.0%}" if spans else ""
