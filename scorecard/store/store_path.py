"""Where the store of a strategy lies. Loads no database: most strategies have no store."""

from __future__ import annotations

import os
from pathlib import Path

from scorecard.model.finding import Place, Severity, shorten
from scorecard.store.intake import Intake

FILE = "scorecard.sqlite"


def find_store(name: str, folder: Path) -> Path:
    """Where the store of a strategy lies: in its folder, or for a single file beside it, named after it.

    `name` is the file or folder as it was reached, `folder` the one that it is or lies in.
    """
    return folder / (FILE if Path(name).is_dir() else f"{Path(name).resolve().stem}.{FILE}")


def report_other(path: Path, name: str, intake: Intake) -> None:
    """A warning where records were made under another path to the same strategy."""
    is_folder = path.name == FILE
    try:
        near = [
            entry.name for entry in os.scandir(path.parent) if entry.name.endswith(FILE) and entry.name != path.name
        ]
    except OSError:
        return
    others = [one for one in near if not one.startswith(".") and (is_folder or one == FILE)]
    for other in sorted(others):
        kind = "its file" if is_folder else "the folder"
        hint = f"name {kind} instead, or move the store away"
        message = f"the values recorded in '{shorten(other)}' do not count here"
        intake.report("S326", Place(f"{name.rpartition('/')[0]}/{other}"), message, hint, Severity.WARNING)
