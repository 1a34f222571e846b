"""What is typed into a form and not written yet, kept in the platform's user folder: one file a form, its fields by name."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from platformdirs import user_state_path

_MOST = 64_000_000  # bytes that are read


def name_override(strategy: str, goal: str) -> str:
    """The draft of an override, by the path of the strategy and the id of the goal."""
    return f"override {os.path.realpath(strategy)} {goal}"


def keep_draft(name: str, fields: Mapping[str, str]) -> None:
    """Keep what is being typed under a name. Where the folder cannot be written nothing is kept."""
    with suppress(OSError):
        path = _path(name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(f".{os.getpid()}.new")
        fresh.write_text(json.dumps({**fields}, ensure_ascii=False), encoding="utf-8")
        fresh.replace(path)


def find_draft(name: str) -> dict[str, str]:
    """What was kept and never written, by field; empty where nothing was."""
    with suppress(OSError, ValueError, RecursionError):
        found = json.loads(_path(name).read_bytes()[:_MOST])
        if isinstance(found, dict):
            return {str(field): str(text) for field, text in found.items()}
    return {}


def has_draft(name: str) -> bool:
    """Whether something was kept and never written."""
    try:
        return _path(name).is_file()
    except OSError:
        return False


def drop_draft(name: str) -> None:
    """Let go of what is written now, or is not wanted any more."""
    with suppress(OSError):
        _path(name).unlink()


def _path(name: str) -> Path:
    digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:32]
    return user_state_path("scorecard") / "drafts" / f"{digest}.json"
