"""One visitor: a process of the app, which is handed what the visitor types and hands back what it draws, within bounds.

Knows no web: texts and bytes in and out. What arrives are the messages of Textual's page, JSON lists such as
`["stdin", "q"]`; what goes back is what a terminal is sent.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

MOST_COLUMNS, MOST_ROWS = 500, 200
_LEAST_COLUMNS, _LEAST_ROWS = 20, 6
_PIECE = 65_536  # bytes handed on at a time
UNREAD = 65_536  # bytes the app has not taken yet; what is typed beyond is dropped
PATIENCE = 3.0  # seconds the app may take to end
_PRELUDE = b"__GANGLION__\n"  # what Textual says first
_OURS = {"TEXTUAL_DRIVER": "scorecard.serve.driver:BrowserDriver", "TEXTUAL_COLOR_SYSTEM": "truecolor"}
_NOT_THEIRS = {"EDITOR", "VISUAL", "TEXTUAL", "TEXTUAL_LOG", "LINES"}


class Size(NamedTuple):
    """Of the screen, in cells."""

    columns: int = 80
    rows: int = 24


def clamp(columns: int, rows: int) -> Size:
    """A size that the app is run in."""
    return Size(max(_LEAST_COLUMNS, min(columns, MOST_COLUMNS)), max(_LEAST_ROWS, min(rows, MOST_ROWS)))


class Visitor:
    """`gone` is set once the process has ended. `is_leaving` from when it was told to."""

    def __init__(self) -> None:
        self.gone = asyncio.Event()
        self.is_leaving = False
        self._process: Process | None = None

    async def begin(self, command: Sequence[str], size: Size) -> None:
        """Start the process, in a group of its own: keys pressed in the server's terminal are not meant for it."""
        kept = {name: text for name, text in os.environ.items() if name not in _NOT_THEIRS}
        kept |= _OURS | {"COLUMNS": str(size.columns), "ROWS": str(size.rows)}
        self._process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=kept, limit=_PIECE, start_new_session=True
        )

    async def show(self, send: Callable[[bytes], Awaitable[None]]) -> int:
        """Hand on what the app draws, no faster than it is taken, until it ends; its exit code."""
        assert self._process
        assert self._process.stdout
        stream = self._process.stdout
        with suppress(asyncio.IncompleteReadError):
            await stream.readexactly(len(_PRELUDE))
            while True:
                head = await stream.readexactly(5)  # D for what is drawn; the rest are wishes to the browser
                left = int.from_bytes(head[1:], "big")
                while left and (piece := await stream.read(min(left, _PIECE))):
                    left -= len(piece)
                    if head[:1] == b"D":
                        await send(piece)
        return await self._process.wait()

    def hear(self, text: str) -> None:
        """Hand a message of the page to the app; what is none is dropped."""
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            return
        match message:
            case ["stdin", str(keys)]:
                self._send(b"D", keys.encode("utf-8", "replace"))
            case ["resize", {"width": int(columns), "height": int(rows)}]:
                size = clamp(columns, rows)
                self._tell({"type": "resize", "width": size.columns, "height": size.rows})
            case ["focus" | "blur" as kind]:
                self._tell({"type": kind})

    async def end(self) -> None:
        """End the process: asked to, then killed. Returns when it is gone."""
        self.is_leaving = True
        try:
            if self._process:
                await self._end(self._process)
        finally:
            self.kill()
            self.gone.set()

    def kill(self) -> None:
        """End the process at once, with all that it may have started."""
        if self._process and self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def _end(self, process: Process) -> None:
        assert process.stdout
        with suppress(ProcessLookupError):
            process.terminate()
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while await process.stdout.read(_PIECE):  # it may be waiting for somebody to take what it drew
                    pass
                await process.wait()

    def _tell(self, meta: dict[str, str | int]) -> None:
        self._send(b"M", json.dumps(meta).encode())

    def _send(self, kind: bytes, data: bytes) -> None:
        assert self._process
        stream = self._process.stdin
        if stream and not stream.is_closing() and stream.transport.get_write_buffer_size() < UNREAD:
            stream.write(kind + len(data).to_bytes(4, "big") + data)
