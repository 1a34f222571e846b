"""Files that commands read and write as a whole: what stands at a target, and what takes its place."""

from __future__ import annotations

import sys
from pathlib import Path

from scorecard.cli.paths import note, refuse

_LARGEST = 100 * 2**20  # bytes of a file that is gone on from


def read_file(name: str) -> bytes | None:
    """What stands in a file, None where there is none; one that cannot be read, or is too large, ends the command."""
    try:
        if Path(name).stat().st_size > _LARGEST:
            refuse(f"'{name[:80]}' has more than {_LARGEST // 2**20} MB", "name a smaller file")
        return Path(name).read_bytes()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or "there can be no such file").lower()
        refuse(f"'{name[:80]}' cannot be read: {why}", "name a file that you may read")


def write_file(target: str, data: bytes) -> None:
    """The whole file or nothing, said on stderr; to stdout for '-'. What cannot be written ends the command."""
    from scorecard.parser.replacement import put_file

    if target == "-":
        sys.stdout.buffer.write(data)
        return
    try:
        put_file(Path(target), data)
    except OSError as error:
        why = (error.strerror or "unknown").lower()
        refuse(f"'{target[:80]}' cannot be written: {why}", "name a file in a folder that exists")
    note(f"wrote {target}")
