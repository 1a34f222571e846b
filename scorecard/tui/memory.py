"""What the app remembers from one session to the next, in the platform's user folder: a small JSON file of texts, and
beside it one for each review that was begun."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from platformdirs import user_state_path

_MOST = 100_000  # bytes that are read
_LONGEST = 4096  # letters of a text that is kept
_MOST_FILES = 500  # that are looked at for a strategy
_HEAD = rb"(?m)^(?:\xef\xbb\xbf)?[\"']?strategy[\"']?[ \t]*:"
_read_only = False


class Seat(NamedTuple):
    """Where a session ended: the path, absolute, the strategy in it, its screen and goal, and the theme; "" for none.

    `theme` is the last one that was chosen in the app, under Textual's name.
    """

    path: str = ""
    strategy: str = ""
    screen: str = ""
    goal: str = ""
    theme: str = ""


def recall(key: str) -> str:
    """What was remembered, "" where nothing was."""
    found = _read().get(key, "")
    return found if isinstance(found, str) else ""


def only_recall(read_only: bool) -> None:
    """Whether this process keeps nothing from now on."""
    global _read_only
    _read_only = read_only


def remember(key: str, text: str) -> None:
    """Keep a text. Where the folder cannot be written nothing is kept, and nobody is bothered."""
    _keep({key: text})


def recall_seat() -> Seat:
    """Where the last session ended."""
    found = _read()
    return Seat(*(str(found.get(f"last.{name}", "")) for name in Seat._fields))


def remember_seat(seat: Seat) -> None:
    """Keep where this session ends."""
    _keep({f"last.{name}": text for name, text in seat._asdict().items()})


def recall_review(name: str) -> tuple[str, frozenset[str]]:
    """The page at which a review was left, and those seen; "" and none where it was never begun."""
    with suppress(ValueError, TypeError, RecursionError):
        at, seen = json.loads(_read_bytes(_review_path(name)))
        return str(at), frozenset(map(str, seen))
    return "", frozenset()


def remember_review(name: str, at: str, seen: Iterable[str]) -> None:
    """Keep how far a review is."""
    if not _read_only:
        _write(_review_path(name), [at, sorted(seen)])


def choose_path() -> tuple[str, str]:
    """The path to open where none is said, and what to say about it: the present folder, or what was opened last where
    that holds no strategy."""
    last = recall_seat().path
    if not last or _holds_strategy(Path()) or not os.path.exists(last):
        return ".", ""
    return last, f"There is no strategy in this folder: this is the one opened last, {last}."


def _holds_strategy(folder: Path) -> bool:
    """Whether a folder, or one in it, has a file that begins a strategy."""
    return any(re.search(_HEAD, _read_bytes(path)) for path in islice(_list_files(folder), _MOST_FILES))


def _list_files(folder: Path) -> Iterator[Path]:
    """The YAML files of a folder, then of those in it."""
    with suppress(OSError):
        yield from (path for path in folder.glob("*.yaml") if path.is_file())
        yield from (path for path in folder.glob("[!.]*/*.yaml") if path.is_file())


def _keep(texts: Mapping[str, str]) -> None:
    """Of two sessions that end together one counts."""
    if not _read_only:
        _write(_path(), _read() | {key: text[:_LONGEST] for key, text in texts.items()})


def _write(path: Path, kept: object) -> None:
    """Written beside and moved."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(f".{os.getpid()}.new")
        fresh.write_text(json.dumps(kept, indent=1), encoding="utf-8")
        fresh.replace(path)


def _read() -> dict[str, object]:
    with suppress(ValueError, RecursionError):
        found = json.loads(_read_bytes(_path()))
        return found if isinstance(found, dict) else {}
    return {}


def _read_bytes(path: Path) -> bytes:
    """The first of a file's bytes, none where it cannot be read."""
    with suppress(OSError), open(path, "rb") as file:
        return file.read(_MOST)
    return b""


def _path() -> Path:
    return user_state_path("scorecard") / "app.json"


def _review_path(name: str) -> Path:
    digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:32]
    return user_state_path("scorecard") / "reviews" / f"{digest}.json"
