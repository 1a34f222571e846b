"""Which files make a strategy or a workspace, and their bytes: regular files in the named folder, nothing else."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scorecard.model.finding import Finding, Place, Severity, shorten
from scorecard.model.limits import LIMITS, Limits

SCENARIOS = "scenarios"  # a folder of what might be, in that of a strategy or beside its file as `NAME.scenarios`

_HEAD = re.compile(rb"^(?:\xef\xbb\xbf)?[\"']?strategy[\"']?[ \t]*:", re.MULTILINE)
_HEAD_IN_BRACES = re.compile(  # of a file that is one mapping in braces, as JSON is
    rb"(?:\xef\xbb\xbf)?(?:\s|[#%][^\n]*\n|---)*\{(?:.*?[{,\s])??[\"']?strategy[\"']?\s*:", re.DOTALL
)
_LONGEST_PATH = 4096
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


@dataclass(frozen=True, slots=True)
class Text:
    """One file's bytes; `name` is the path as reached from the path asked for, as findings print it."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Bundle:
    """The texts of one strategy, in code-point order of their names, and the folder its data lie in.

    It is not `complete` where a file of it could not be read.
    """

    folder: Path
    name: str
    texts: tuple[Text, ...]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What a path holds. `root` is the folder nothing outside of which is read."""

    root: Path
    bundles: tuple[Bundle, ...]
    workspace: bool
    findings: tuple[Finding, ...]
    unreadable: bool = False


class _NotRegular(Exception):
    """What a path leads to is no regular file; the text says what it is."""


def find_bundles(path: str, limits: Limits = LIMITS) -> Found:
    """The strategies under a path: a file, a folder of one strategy, or a folder of several."""
    name = path.rstrip("/") or path or "."
    try:
        real = Path(path).resolve(strict=True)
        is_folder = real.is_dir()
    except (OSError, RuntimeError, ValueError) as error:
        return Found(Path(), (), False, (_unreadable(Path(path), name, error),), unreadable=True)
    findings: list[Finding] = []
    if is_folder:
        return _find_in_folder(real, name, limits, findings)
    text = read_text(real, name, real.parent, limits, findings)
    bundles = (Bundle(real.parent, name, (text,)),) if text else ()
    return Found(real.parent, bundles, False, tuple(findings), unreadable=not text)


def write_path(name: str) -> str:
    """A path as findings print it: without control signs."""
    return shorten(name, _LONGEST_PATH)


def read_text(path: Path, name: str, root: Path, limits: Limits, findings: list[Finding]) -> Text | None:
    """A regular file inside the root, both resolved, or a finding; `name` is the path as findings print it."""
    place = Place(write_path(name))
    try:
        target = path.resolve(strict=True)
        if not target.is_relative_to(root):
            message, hint = "this link leads out of the folder that was named", "put the file itself into the folder"
            findings.append(Finding("S113", Severity.ERROR, place, message, hint))
            return None
        with os.fdopen(_open_regular(target), "rb", buffering=0) as file:
            data = file.read(limits.file_bytes + 1) or b""
    except _NotRegular as error:
        message, hint = f"this is {error}, not a file", "give it another name, or put it elsewhere"
        findings.append(Finding("S112", Severity.ERROR, place, message, hint))
        return None
    except (OSError, RuntimeError, ValueError) as error:
        findings.append(_unreadable(path, name, error))
        return None
    return Text(place.file, data)


def _open_regular(path: Path) -> int:
    """A handle to read a regular file. Raises OSError, or _NotRegular before anything else is opened."""
    mode = os.stat(path).st_mode
    if not stat.S_ISREG(mode):
        raise _NotRegular(next((words for is_kind, words in _KINDS if is_kind(mode)), "something else"))
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(handle).st_mode):  # it was put there in between
        os.close(handle)
        raise _NotRegular("something else")
    return handle


def _find_in_folder(folder: Path, name: str, limits: Limits, findings: list[Finding]) -> Found:
    own = _read_folder(folder, name, folder, limits, findings)
    parts = []
    for sub in _subfolders(folder):
        if own.texts and (sub.name == SCENARIOS or sub.name.endswith(f".{SCENARIOS}")):
            continue
        odd: list[Finding] = []
        part = _read_folder(sub, f"{name}/{sub.name}", folder, limits, odd)
        is_strategy = any(_find_head(text) for text in part.texts)
        if is_strategy:
            parts.append(part)
        if is_strategy or not own.texts:
            findings.extend(odd)
    heads = [text for text in own.texts if _find_head(text)]
    if (parts and not own.texts) or (len(heads) + len(parts) > 1 and (parts or _distinct(heads))):
        bundles = [Bundle(folder, text.name, (text,)) for text in heads] + parts
        findings.extend(_stray(text) for text in own.texts if text not in heads)
        return Found(folder, tuple(sorted(bundles, key=lambda bundle: bundle.name)), True, tuple(findings))
    if not own.texts and not findings:
        message = "there is no strategy here: no file ends in .yaml"
        hint = "name a strategy file or its folder; 'scorecard new' writes one"
        findings.append(Finding("S114", Severity.ERROR, Place(write_path(name)), message, hint))
    return Found(folder, (own,) if own.texts else (), False, tuple(findings))


def _stray(text: Text) -> Finding:
    message = "this file belongs to no strategy of the workspace"
    hint = "give it a key 'strategy', or put it into the folder of its strategy"
    return Finding("S114", Severity.ERROR, Place(text.name), message, hint)


def _find_head(text: Text) -> re.Match[bytes] | None:
    """The key 'strategy' at the top of a file; the patterns are slow, so most files are spared them."""
    return _HEAD.search(text.data) or _HEAD_IN_BRACES.match(text.data) if b"strategy" in text.data else None


def _distinct(heads: list[Text]) -> bool:
    """Whether files name different strategies, as far as a glance at their first lines tells."""
    names = set()
    for text in heads:
        match = _find_head(text)
        end = text.data.find(b"\n", match.end()) if match else -1
        line = text.data[match.end() : end if end >= 0 else None] if match else b""
        names.add(re.split(rb"[#,}]", line)[0].strip(b" \t\r\"'"))
    return len(names) == len(heads)


def _read_folder(folder: Path, name: str, root: Path, limits: Limits, findings: list[Finding]) -> Bundle:
    texts: list[Text] = []
    before, total = len(findings), 0
    try:
        entries = sorted(entry.name for entry in _entries(folder) if entry.name.endswith(".yaml"))
    except OSError as error:
        findings.append(_unreadable(folder, name, error))
        entries = []
    for number, entry in enumerate(entries):
        if number == limits.files or total > limits.strategy_bytes:
            place = Place(write_path(f"{name}/{entry}"))
            most = f"{limits.files} files of {limits.strategy_bytes:,} bytes together"
            message = f"a strategy may have {most}; from here on nothing is read"
            hint = "merge small files, split the strategy into a workspace, or set SCORECARD_LIMITS to larger limits"
            findings.append(Finding("S107", Severity.ERROR, place, message, hint))
            break
        text = read_text(folder / entry, f"{name}/{entry}", root, limits, findings)
        if text:
            texts.append(text)
            total += len(text.data)
    return Bundle(folder, name, tuple(texts), complete=len(findings) == before)


def _subfolders(folder: Path) -> list[Path]:
    try:
        return sorted(folder / entry.name for entry in _entries(folder) if entry.is_dir(follow_symlinks=False))
    except OSError:
        return []  # reported where the folder's own files are looked for


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith("."):
                yield entry


def _unreadable(path: Path, name: str, error: Exception) -> Finding:
    """S111: why a path cannot be read, in words."""
    message, hint = "there is no such file or folder", "look at the path"
    if isinstance(error, RuntimeError) or getattr(error, "errno", None) == errno.ELOOP:
        message, hint = "this link leads to itself", "put the file itself there, or remove the link"
    elif isinstance(error, FileNotFoundError) and os.path.islink(path):
        message, hint = "this link leads to nothing", "put the file itself there, or remove the link"
    elif not isinstance(error, FileNotFoundError):
        why = (getattr(error, "strerror", None) or "its path is not one").lower()
        message, hint = f"this cannot be read: {why}", "look at the path and its permissions"
    return Finding("S111", Severity.ERROR, Place(write_path(name)), message, hint)
