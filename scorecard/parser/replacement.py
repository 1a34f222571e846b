"""A text file put in the place of another: the whole of it or nothing, and only where nobody changed it meanwhile."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from scorecard.model.finding import Place

_OURS = ".scorecard-"  # how a file begins that is not in its place yet; such files are read by nobody


class Refused(Exception):
    """A change that was not made: where, a sentence why, and what to do. Nothing was written."""

    def __init__(self, place: Place, message: str, hint: str) -> None:
        super().__init__(message)
        self.place, self.message, self.hint = place, message, hint

    def __str__(self) -> str:
        return f"{self.place}: {self.message}; {self.hint}"


def hash_bytes(data: bytes) -> str:
    """What tells one content of a file from another: SHA-256 in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def replace_file(path: Path, data: bytes, expected: str | None, place: Place) -> None:
    """Write the whole file; `expected` is the hash of what it holds now, None where there must be none yet.

    It is written beside, then moved; its permissions stay. Raises Refused, which names `place`, where the file holds
    something else by now or cannot be written.
    """
    try:
        with _locked(path.parent) as folder:
            if _find_hash(path) != expected:
                hint = "look at it as it is now, then make the change again"
                raise Refused(place, "the file was changed meanwhile, so nothing was written", hint)
            _move_into(path, data)
            with contextlib.suppress(OSError):  # some network drives know no such call
                os.fsync(folder)
    except OSError as error:
        reason = (error.strerror or "unknown").lower()
        hint = "look at the permissions of the folder and the room on its drive"
        raise Refused(place, f"the file cannot be written: {reason}", hint) from None


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[int]:
    """A folder that only one of us writes to at a time; where locks are not kept it goes on without."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _find_hash(path: Path) -> str | None:
    try:
        return hash_bytes(path.read_bytes()) if stat.S_ISREG(os.lstat(path).st_mode) else ""
    except FileNotFoundError:
        return None


def _move_into(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_OURS)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, _find_mode(path))
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _find_mode(path: Path) -> int:
    """The permissions of the file, or those that a new one gets."""
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
