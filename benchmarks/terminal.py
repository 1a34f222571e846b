"""A program in a terminal of its own: a pty that answers as terminals do, what the program writes, and when."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import NamedTuple, Self

PATIENCE = 300.0  # seconds that anything may take
_ESCAPES = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[^\[]")
_ASKED, _ANSWER = b"\x1b[?2026$p", b"\x1b[?2026;2$y"  # whether frames may be written as one, and that they may
# a terminal of today; the user's own settings and what was open last are left out
ENVIRONMENT = {
    "TERM": "xterm-256color",
    "COLORTERM": "truecolor",
    "XDG_STATE_HOME": "/nonexistent",
    "XDG_CONFIG_HOME": "/nonexistent",
}
_FRAME_END = b"\x1b[?2026l"
_KEPT = 1 << 20  # bytes of output that are looked through
_TICK = os.sysconf("SC_CLK_TCK")


class Press(NamedTuple):
    """Seconds from a key to the last byte of the first frame after it, and to the last byte of all it brings.

    `work` are the processor's seconds up to the frame, which other work on the machine does not make longer.
    """

    frame: float
    settled: float
    work: float


class Terminal:
    """Runs a command in a terminal of `size` (columns, rows); ends it on the way out."""

    def __init__(self, command: Sequence[str], size: tuple[int, int]) -> None:
        self._leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        environment = {**os.environ, **ENVIRONMENT}
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            command, stdin=follower, stdout=follower, stderr=follower, env=environment, start_new_session=True
        )
        os.close(follower)
        self._output = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with suppress(ProcessLookupError):  # it has ended
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._leader)

    @property
    def text(self) -> bytes:
        """What was written of late, without the escapes between."""
        return _ESCAPES.sub(b"", self._output)

    def wait_for(self, *texts: str) -> float:
        """Seconds since the start until all of these were written. Raises RuntimeError where they never are."""
        return self.wait_until(lambda: all(text.encode() in self.text for text in texts)) - self.started

    def wait_until(self, reached: Callable[[], bool]) -> float:
        """When that was so, looked at after each output. Raises RuntimeError where it never is."""
        start = time.perf_counter()
        while time.perf_counter() - start < PATIENCE:
            arrived = self.read(1.0)
            if arrived is not None and reached():
                return arrived
            if self._process.poll() is not None:
                break
        raise RuntimeError(f"the program never showed what was waited for: {self.text[-400:]!r}")

    def wait_idle(self) -> None:
        """Until the program has nothing to do: it takes less than a tenth of a processor for a second."""
        start = before = time.perf_counter()
        used = self._processor_seconds()
        while time.perf_counter() - start < PATIENCE:
            if self.read(1.0) is not None and time.perf_counter() - before < 1.0:
                continue
            now, later = time.perf_counter(), self._processor_seconds()
            if later - used < 0.1 * (now - before):
                return
            before, used = now, later
        raise RuntimeError("the program is never done")

    def press(self, key: bytes, still: float) -> Press | None:
        """Press a key and see what it brings to the screen, until that is still for so many seconds; None for nothing."""
        while self.read(0.0) is not None:
            pass
        self._output = b""
        frame = last = None
        work, before = 0.0, self._work()
        pressed = time.perf_counter()
        os.write(self._leader, key)
        while (arrived := self.read(still)) is not None:
            last = arrived
            if frame is None and self.has_frame():
                frame, work = arrived, self._work() - before
        return None if frame is None or last is None else Press(frame - pressed, last - pressed, work)

    def send(self, key: bytes) -> None:
        """Press a key and go on."""
        os.write(self._leader, key)

    def read(self, patience: float) -> float | None:
        """When the next output arrived; None where none does within so many seconds. Textual's questions are answered."""
        if not select.select([self._leader], [], [], patience)[0]:
            return None
        try:
            output = os.read(self._leader, 1 << 16)
        except OSError:  # the program has ended
            return None
        arrived = time.perf_counter()
        self._output = (self._output + output)[-_KEPT:]
        if _ASKED in output:
            os.write(self._leader, _ANSWER)
        return arrived

    def has_frame(self) -> bool:
        """Whether a frame was written to its end."""
        return _FRAME_END in self._output

    def forget(self) -> None:
        """Look only at what is written from now on."""
        self._output = b""

    def peak(self) -> float:
        """The most memory it held at once, in MiB."""
        with open(f"/proc/{self._process.pid}/status") as file:
            found = next(line for line in file if line.startswith("VmHWM"))
        return int(found.split()[1]) / 1024

    def _work(self) -> float:
        """The processor's seconds of its main thread, to the nanosecond."""
        with open(f"/proc/{self._process.pid}/schedstat") as file:
            return int(file.read().split()[0]) / 1e9

    def _processor_seconds(self) -> float:
        with open(f"/proc/{self._process.pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK
