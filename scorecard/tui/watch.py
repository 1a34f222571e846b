"""Whether files have changed: looked at by name, time and size. Loads nothing of the scorecard."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_MOST_FILES = 5_000  # that are looked at for changes
Signature = tuple[tuple[str, int, int], ...]


def sign_files(path: str) -> Signature:
    """What tells whether files under a path have changed: their names, times and sizes."""
    return tuple(sorted(_stat_files(Path(path))))


def _stat_files(root: Path) -> Iterator[tuple[str, int, int]]:
    """The files below a folder, or below that of a file; hidden ones are left out, and of very many the last."""
    seen = 0
    for folder, folders, files in os.walk(root if root.is_dir() else root.parent):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            seen += 1
            if seen > _MOST_FILES:
                return
            path = os.path.join(folder, name)
            with suppress(OSError):  # gone since it was listed
                stat = os.stat(path)
                yield path, stat.st_mtime_ns, stat.st_size
