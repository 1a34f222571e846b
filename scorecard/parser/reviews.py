"""The reviews of a strategy: one Markdown file a review period, in a folder of their own beside the strategy.

The review of some members is a file of its own, such as `2026-10-north.md` beside `2026-10.md`.
They lie in `reviews/` of a strategy's folder, and for a single file `NAME.yaml` in `NAME.reviews/` beside it. Nothing
outside that folder is read or written. Whatever cannot be done raises Refused, and nothing is written then.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from scorecard.model.finding import Place, shorten
from scorecard.model.limits import LIMITS
from scorecard.model.period import Period, PeriodError, read_period
from scorecard.model.strategy import Strategy
from scorecard.parser.replacement import Refused, hash_bytes, replace_file
from scorecard.parser.review_text import Review, read_review

FOLDER = "reviews"
_ENDING = ".md"
_LONGEST = 40  # characters of members in the name of a file
_MOST_EARLIER = 36  # reviews in which an open decision is looked for


@dataclass(frozen=True, slots=True)
class ReviewFile:
    """The review of a period as it was read; `hash` is None, and the text empty, where there is none yet."""

    path: Path
    period: Period
    text: str
    hash: str | None

    @property
    def review(self) -> Review:
        return read_review(self.text)

    @property
    def place(self) -> Place:
        return _place(self.path)


def find_folder(name: str, folder: Path) -> Path:
    """Where the reviews of a strategy lie; `name` and `folder` are those of its `Scorecard`. It need not be there."""
    return folder / (FOLDER if Path(name).is_dir() else f"{Path(name).resolve().stem}.{FOLDER}")


def name_part(strategy: Strategy, members: Mapping[str, str]) -> str:
    """What the file of a review of these members (dimension: member) has behind the period; "" for all together.

    Where another member would be written alike, a few digits tell them apart.
    """
    if not members:
        return ""
    pairs = [(name, members[name]) for name in strategy.dimensions if name in members]
    known = [_slug(member) for dimension in strategy.dimensions.values() for member in dimension.members]
    words = [_slug(member) for _, member in pairs]
    whole = "-".join(words)
    if all(word and known.count(word) == 1 for word in words) and len(whole) <= _LONGEST:
        return f"-{whole}"
    mark = hash_bytes("\n".join(f"{name}={member}" for name, member in pairs).encode())[:8]
    return "-" + "-".join(filter(None, [whole[:_LONGEST].strip("-"), mark]))


def open_review(folder: Path, period: Period, part: str = "") -> ReviewFile:
    """The review of a period, with `part` that of some members. Raises Refused where what stands there is no text file."""
    path = folder / f"{period}{part}{_ENDING}"
    _check_folder(folder)
    data = _read(path)
    if data is None:
        return ReviewFile(path, period, "", None)
    try:
        return ReviewFile(path, period, data.decode(), hash_bytes(data))
    except UnicodeDecodeError:
        raise Refused(_place(path), "the review is not UTF-8", "save it as UTF-8") from None


def list_earlier(folder: Path, period: Period, part: str = "") -> list[ReviewFile]:
    """The reviews before a period, of the same length and part, the latest first; of very many the latest. Raises Refused."""
    _check_folder(folder)
    try:
        ending = f"{part}{_ENDING}"
        names = [entry.name.removesuffix(ending) for entry in os.scandir(folder) if entry.name.endswith(ending)]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _unreadable(folder, error) from None
    periods = [found for name in names if (found := _read_name(name)) and found.rhythm == period.rhythm]
    earlier = sorted((one for one in periods if one < period), reverse=True)
    return [open_review(folder, one, part) for one in earlier[:_MOST_EARLIER]]


def save_review(file: ReviewFile, text: str) -> ReviewFile:
    """Write the text of a review, and give it as it is now. What stands there must be what was read.

    Where Refused says that it was changed meanwhile, open it again and put the sections into that text.
    """
    data = text.encode(errors="replace")
    if text == file.text:
        return file
    if len(data) > LIMITS.file_bytes:
        raise Refused(file.place, "the review is too long", f"a file may have {LIMITS.file_bytes:,} bytes")
    folder = file.path.parent
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        reason = (error.strerror or "unknown").lower()
        raise Refused(_place(folder), f"the folder cannot be made: {reason}", "look at its permissions") from None
    _check_folder(folder)
    replace_file(file.path, data, file.hash, file.place)
    return replace(file, text=data.decode(), hash=hash_bytes(data))


def merge_notes(base: str, mine: str, now: str) -> str:
    """What was made of `base` here, put into what stands there `now`: what was added meanwhile stays above it."""
    if now in (base, mine):
        return mine
    added = mine.removeprefix(base).strip("\n") if base else mine
    return "\n\n".join(filter(None, [now, added]))


def _slug(member: str) -> str:
    """A member as a part of a file's name: letters, digits and hyphens, in small letters."""
    return re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", member).casefold()).strip("-")


def _read(path: Path) -> bytes | None:
    """The bytes of a regular file, None where there is none; no link is followed."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise Refused(_place(path), "this is not a regular file", "put it elsewhere")
            data = file.read(LIMITS.file_bytes + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(path, error) from None
    if len(data) > LIMITS.file_bytes:
        raise Refused(_place(path), "the review is too long", f"a file may have {LIMITS.file_bytes:,} bytes")
    return data


def _check_folder(folder: Path) -> None:
    """The folder must be one of its own: a link may lead anywhere."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise Refused(_place(folder), "this is not a folder of the strategy", "make it a folder, not a link or a file")


def _read_name(name: str) -> Period | None:
    try:
        return read_period(name)
    except PeriodError:
        return None


def _unreadable(path: Path, error: OSError) -> Refused:
    reason = "it is a link" if path.is_symlink() else (error.strerror or "unknown").lower()
    return Refused(_place(path), f"this cannot be read: {reason}", "look at the file and its permissions")


def _place(path: Path) -> Place:
    return Place(shorten(f"{path.parent.name}/{path.name}", 200))
