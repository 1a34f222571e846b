"""Which files make a strategy or a workspace, and their bytes: regular files inside the folder named, nothing else."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scorecard.model.finding import Finding, Place, Severity, shorten

_HEAD = re.compile(rb"^(?:\xef\xbb\xbf)?[\"']?strategy[\"']?[ \t]*:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read at most."""

    file_bytes: int = 5_000_000
    files: int = 500
    strategy_bytes: int = 50_000_000


@dataclass(frozen=True, slots=True)
class Text:
    """One file's bytes; `name` is the path as reached from the path asked for."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Bundle:
    """The texts of one strategy, in code-point order of their names, and the folder its data lie in."""

    folder: Path
    name: str
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a path holds. `root` is the folder nothing outside of which is read."""

    root: Path
    bundles: tuple[Bundle, ...]
    workspace: bool
    findings: tuple[Finding, ...]
    unreadable: bool = False


def find_bundles(path: str, limits: Limits = Limits()) -> Found:
    """The strategies under a path: a file, a folder of one strategy, or a folder of several."""
    findings: list[Finding] = []
    name = path.rstrip("/") or path
    try:
        real = Path(path).resolve(strict=True)
        is_folder = real.is_dir()
    except (OSError, RuntimeError, ValueError) as error:
        return _nothing(name, _unreadable(name, error))
    if not is_folder:
        text = read_text(real, name, real.parent, limits, findings)
        bundles = (Bundle(real.parent, name, (text,)),) if text else ()
        return Found(real.parent, bundles, False, tuple(findings), unreadable=not text and _cannot_open(findings))
    return _find_in_folder(real, name, limits, findings)


def read_text(real: Path, name: str, root: Path, limits: Limits, findings: list[Finding]) -> Text | None:
    """A regular file inside the root, or a finding."""
    try:
        target = real.resolve(strict=True)
        if not target.is_relative_to(root):
            findings.append(
                Finding(
                    "S113",
                    Severity.ERROR,
                    Place(name),
                    "this link leads out of the folder that was named",
                    "put the file itself into the folder",
                )
            )
            return None
        handle = os.open(target, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, RuntimeError, ValueError) as error:
        findings.append(_unreadable(name, error))
        return None
    with os.fdopen(handle, "rb", buffering=0) as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            findings.append(
                Finding(
                    "S112",
                    Severity.ERROR,
                    Place(name),
                    "this is not a regular file",
                    "only ordinary files are read; remove it or rename it",
                )
            )
            return None
        data = file.read(limits.file_bytes + 1) or b""
    return Text(name, data)


def _find_in_folder(folder: Path, name: str, limits: Limits, findings: list[Finding]) -> Found:
    own = _read_folder(folder, name, folder, limits, findings)
    parts = []
    for sub in _subfolders(folder):
        texts = _read_folder(sub, f"{name}/{sub.name}", folder, limits, findings if not own else [])
        if any(_HEAD.search(text.data) for text in texts):
            parts.append(Bundle(sub, f"{name}/{sub.name}", texts))
    heads = [text for text in own if _HEAD.search(text.data)]
    if (parts and not own) or (len(heads) + len(parts) > 1 and (parts or _distinct(heads))):
        bundles = [Bundle(folder, text.name, (text,)) for text in heads] + parts
        for text in own:
            if text not in heads:
                findings.append(
                    Finding(
                        "S114",
                        Severity.ERROR,
                        Place(text.name),
                        "this file belongs to no strategy of the workspace",
                        "give it a key 'strategy', or put it into the folder of its strategy",
                    )
                )
        return Found(folder, tuple(sorted(bundles, key=lambda bundle: bundle.name)), True, tuple(findings))
    if not own and not findings:
        findings.append(
            Finding(
                "S114",
                Severity.ERROR,
                Place(name),
                "there is no strategy here: no file ends in .yaml",
                "name a strategy file or its folder; 'scorecard new' writes one",
            )
        )
        return Found(folder, (), False, tuple(findings))
    return Found(folder, (Bundle(folder, name, own),) if own else (), False, tuple(findings))


def _distinct(heads: list[Text]) -> bool:
    """Whether files name different strategies, as far as a glance at their first lines tells."""
    names = set()
    for text in heads:
        match = _HEAD.search(text.data)
        end = text.data.find(b"\n", match.end()) if match else -1
        names.add(
            text.data[match.end() : end if end >= 0 else None].split(b"#")[0].strip(b" \t\r\"'") if match else b""
        )
    return len(names) == len(heads)


def _read_folder(folder: Path, name: str, root: Path, limits: Limits, findings: list[Finding]) -> tuple[Text, ...]:
    texts: list[Text] = []
    total = 0
    for number, entry in enumerate(_yaml_files(folder)):
        if number == limits.files or total > limits.strategy_bytes:
            findings.append(
                Finding(
                    "S107",
                    Severity.ERROR,
                    Place(f"{name}/{entry.name}"),
                    f"a strategy may have {limits.files} files of {limits.strategy_bytes:,} bytes together; the rest is not read",
                    "merge small files, or split the strategy into a workspace",
                )
            )
            break
        text = read_text(entry, f"{name}/{entry.name}", root, limits, findings)
        if text:
            texts.append(text)
            total += len(text.data)
    return tuple(texts)


def _yaml_files(folder: Path) -> list[Path]:
    return sorted(
        (Path(entry.path) for entry in _entries(folder) if entry.name.endswith(".yaml")), key=lambda p: p.name
    )


def _subfolders(folder: Path) -> list[Path]:
    found = [Path(entry.path) for entry in _entries(folder) if entry.is_dir(follow_symlinks=False)]
    return sorted(found, key=lambda p: p.name)


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if not entry.name.startswith("."):
                    yield entry
    except OSError:
        return


def _unreadable(name: str, error: Exception) -> Finding:
    why = "there is no such file or folder" if isinstance(error, FileNotFoundError) else "this cannot be read"
    detail = getattr(error, "strerror", None) or ("its links run in a loop" if isinstance(error, RuntimeError) else "")
    if isinstance(error, FileNotFoundError) or not detail:
        detail = ""
    return Finding(
        "S111",
        Severity.ERROR,
        Place(shorten(name, 200)),
        why + (f": {detail.lower()}" if detail else ""),
        "look at the path and its permissions",
    )


def _nothing(name: str, finding: Finding) -> Found:
    return Found(Path(), (), False, (finding,), unreadable=True)


def _cannot_open(findings: list[Finding]) -> bool:
    return any(finding.code in ("S111", "S112") for finding in findings)
