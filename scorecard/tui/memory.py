"""What the app remembers from one session to the next, in the platform's user folder: a small JSON file of texts."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from platformdirs import user_state_path

_MOST = 100_000  # bytes that are read


def recall(key: str) -> str:
    """What was remembered, "" where nothing was."""
    found = _read().get(key, "")
    return found if isinstance(found, str) else ""


def remember(key: str, text: str) -> None:
    """Keep a text. Where the folder cannot be written nothing is kept, and nobody is bothered."""
    kept = _read() | {key: text}
    with suppress(OSError):
        path = _path()
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
        fresh.replace(path)


def _read() -> dict[str, object]:
    with suppress(OSError, ValueError):
        text = _path().read_bytes()[:_MOST]
        found = json.loads(text)
        return found if isinstance(found, dict) else {}
    return {}


def _path() -> Path:
    return user_state_path("scorecard") / "app.json"
