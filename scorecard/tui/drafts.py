"""Notes that are being typed, kept in the platform's user folder until they stand in their review: one file a draft."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from platformdirs import user_state_path

_MOST = 1_000_000  # bytes that are read


class Draft(NamedTuple):
    """What was typed, and what stood in the file when the typing began."""

    base: str
    text: str


def keep_draft(name: str, draft: Draft) -> None:
    """Keep what is being typed under a name. Where the folder cannot be written nothing is kept."""
    with suppress(OSError):
        path = _path(name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(draft), encoding="utf-8")
        fresh.replace(path)


def find_draft(name: str) -> Draft | None:
    """What was kept and never reached its file; None where nothing was."""
    with suppress(OSError, ValueError):
        data = _path(name).read_bytes()
        base, text = json.loads(data[:_MOST])
        return Draft(str(base), str(text))
    return None


def has_draft(name: str) -> bool:
    """Whether something was kept and never reached its file."""
    try:
        return _path(name).is_file()
    except OSError:
        return False


def drop_draft(name: str) -> None:
    """Let go of what stands in its file now."""
    with suppress(OSError):
        _path(name).unlink()


def _path(name: str) -> Path:
    digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:32]
    return user_state_path("scorecard") / "drafts" / f"{digest}.json"
