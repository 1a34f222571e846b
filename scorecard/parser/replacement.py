"""A file put in its place: the whole of it or nothing; of a text only where nobody changed what stood there meanwhile."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import secrets
import stat
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


def put_file(path: Path, data: bytes, replace: bool = True) -> None:
    """Write the whole file beside `path`, then move it there; it is on the drive thereafter.

    A file that it takes the place of hands its permissions on; a link gives way, and what it leads to is not touched.
    Raises FileExistsError where anything is there and it is not to `replace` it, or where that is a device, a pipe or the
    like; OSError where it cannot be written.
    """
    _write_beside(path, data, replace)
    with contextlib.suppress(OSError), _opened(path.parent) as folder:  # one may write to a folder and not read it
        _settle(folder)


def replace_file(path: Path, data: bytes | None, expected: str | None, place: Place) -> None:
    """Write the whole file, or take it away, with its folder where nothing else is in there.

    `expected` is the hash of what it holds now, None where there must be none yet.
    It is written beside, then moved; its permissions stay. Raises Refused, which names `place`, where the file holds
    something else by now or cannot be written.
    """
    try:
        with _locked(path.parent) as folder:
            if _find_hash(path) != expected:
                hint = "look at it as it is now, then make the change again"
                raise Refused(place, "the file was changed meanwhile, so nothing was written", hint)
            if data is None:
                path.unlink(missing_ok=True)
                with contextlib.suppress(OSError):  # something is left there
                    path.parent.rmdir()
            else:
                _write_beside(path, data, True)
            _settle(folder)
    except OSError as error:
        reason = (error.strerror or "unknown").lower()
        hint = "look at the permissions of the folder and the room on its drive"
        raise Refused(place, f"the file cannot be written: {reason}", hint) from None


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[int]:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield handle
    finally:
        os.close(handle)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[int]:
    """A folder that only one of us writes to at a time; where locks are not kept it goes on without."""
    with _opened(folder) as handle:
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle


def _find_hash(path: Path) -> str | None:
    try:
        return hash_bytes(path.read_bytes()) if stat.S_ISREG(os.lstat(path).st_mode) else ""
    except FileNotFoundError:
        return None


def _settle(folder: int) -> None:
    """Make sure that a folder remembers what was moved in it."""
    with contextlib.suppress(OSError):  # some network drives know no such call
        os.fsync(folder)


def _write_beside(path: Path, data: bytes, replace: bool) -> None:
    mode = _find_mode(path)
    fresh = path.with_name(f"{_OURS}{secrets.token_hex(8)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666 if mode is None else mode)
    try:
        with os.fdopen(handle, "wb") as file:
            if mode is not None:
                os.fchmod(handle, mode)
            file.write(data)
            file.flush()
            os.fsync(handle)
        if replace:
            os.replace(fresh, path)
        else:
            _move_to_nothing(fresh, path)
    finally:
        with contextlib.suppress(OSError):  # usually it was moved
            os.unlink(fresh)


def _find_mode(path: Path) -> int | None:
    """The permissions of the file there; None where there is none, or a link. Raises FileExistsError for a device."""
    with contextlib.suppress(FileNotFoundError):
        if not (stat.S_ISREG(kind := os.stat(path).st_mode) or stat.S_ISDIR(kind)):
            raise FileExistsError(errno.EEXIST, "that is no file", str(path))
        if stat.S_ISREG(mode := os.lstat(path).st_mode):
            return stat.S_IMODE(mode)
    return None


def _move_to_nothing(fresh: Path, path: Path) -> None:
    """Give the file its name unless that is taken, also where there are no hard links."""
    try:
        os.link(fresh, path)
    except FileExistsError:
        raise
    except OSError:
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        os.replace(fresh, path)
