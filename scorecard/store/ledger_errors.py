"""Why a store cannot be read or written, in words for whoever meets it."""

from __future__ import annotations

import sqlite3

RETRIED = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PROTOCOL,
)  # somebody else holds the file: try again
VERIFY = "'scorecard verify' names the row and says what to do"
BACKUP = "put a copy in its place that is sound, or move the file away to begin anew"
_SENTENCES = {
    sqlite3.SQLITE_FULL: ("the disk is full, so nothing was recorded", "make room, then record it again"),
    sqlite3.SQLITE_READONLY: ("the store may not be written", "ask for the right to write the file and its folder"),
    sqlite3.SQLITE_CANTOPEN: ("the store cannot be opened", "look at the permissions of the file and its folder"),
    sqlite3.SQLITE_IOERR: ("the drive failed, so nothing was recorded", "look at the drive and the room on it"),
}


class StoreError(Exception):
    """A store that cannot be read (S322) or written (S327), or whose rows were altered (S320)."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


def describe_unreadable(error: Exception) -> StoreError:
    code = find_code(error)
    if code in RETRIED:
        return StoreError("S322", "somebody keeps the store to themselves", "try again when they have finished")
    return StoreError("S322", "the file is damaged, or is no store", BACKUP)


def describe_unwritable(error: Exception, patience: float) -> StoreError:
    if isinstance(error, OSError):
        hint = "look at the permissions of the folder and the room on its drive"
        return StoreError("S327", f"the store cannot be written: {find_reason(error)}", hint)
    code = find_code(error)
    if code in RETRIED:
        message = f"somebody has been writing to the store for {patience:g} seconds, so nothing was recorded"
        return StoreError("S327", message, "record it again when they have finished")
    damaged = ("the file is damaged, so nothing was recorded", BACKUP)
    return StoreError("S327", *_SENTENCES.get(code, damaged))


def find_code(error: Exception) -> int:
    """SQLite's own number of an error; 0 where it has none."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def find_reason(error: OSError) -> str:
    return (error.strerror or "unknown").lower()
