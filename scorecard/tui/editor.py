"""Editing a source at its line in the user's own editor, and coming back."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from scorecard.model.finding import Place

if TYPE_CHECKING:
    from scorecard.tui.app import ReviewApp
    from scorecard.tui.session import Session

# How those are left that fill the terminal.
_LEAVING = {
    **dict.fromkeys(("vi", "vim", "nvim", "hx", "kak"), "esc, then :q and Enter"),
    **dict.fromkeys(("nano", "pico"), "ctrl+x"),
    "emacs": "ctrl+x ctrl+c",
    "micro": "ctrl+q",
}
# These take FILE:LINE:COLUMN, and come back at once unless told to wait.
_GOTO = {
    "code",
    "codium",
    "code-insiders",
    "cursor",
    "zed",
    "subl",
}
_TEXTS = (".yaml", ".yml", ".csv", ".tsv", ".md", ".txt")  # files that an editor of texts shows


def edit_chosen(app: ReviewApp, session: Session) -> None:
    """Open the editor where the chosen KPI, goal or strategy is defined."""
    places = session.scorecard.places
    if session.kpi:
        place = places.of_key("kpis", session.kpi)
    elif session.goal:
        place = places.of_key("goals", session.goal)
    else:
        place = places.of("strategy")
    edit_place(app, place)


def is_text(place: Place) -> bool:
    """Whether a place is in a file that people edit as text, not a workbook or a database."""
    return place.file.lower().endswith(_TEXTS) and Path(place.file).is_file()


def edit_place(app: ReviewApp, place: Place) -> None:
    """Open the editor at a place, and read the files again when it is closed. In a browser there is none.

    One that takes the whole terminal is announced the first time, with the way out of it.
    """
    if not app.may_write():
        return
    if app.is_web:
        app.tell(f"There is no editor in the browser; it stands in {place}.", "warning")
        return
    if not os.path.exists(place.file):
        app.tell(f"{place.file} is not there any more.", "warning")
        return
    words = find_editor()
    if words is None:
        how = "Start the app with EDITOR set, such as EDITOR=nano scorecard tui"
        app.tell(f"No editor is set. It stands in {place}. {how}.", "warning")
        return
    if not is_text(place):
        app.tell(f"{place.file} is no text that can be edited; it stands in {place}.", "warning")
        return
    name = Path(words[0]).name
    if name in _LEAVING and not app.knows_editor:
        app.knows_editor = True
        app.tell(f"The same key again opens {place} in {name}. To come back: {_LEAVING[name]}.")
        return
    try:
        with app.suspend():
            subprocess.run(write_command(words, place), check=False)
    except SuspendNotSupported:
        app.tell(f"There is no terminal to edit in; it stands in {place}.", "warning")
    except OSError as error:
        app.tell(f"The editor '{words[0]}' did not start: {(error.strerror or 'unknown').lower()}.", "error")
    app.refresh()
    app.action_reload()


def find_editor() -> list[str] | None:
    """The words of VISUAL or EDITOR, None where neither is set."""
    said = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        words = shlex.split(said)
    except ValueError:  # a quote that is not closed
        words = [said]
    return words or None


def say_editor() -> str:
    """The name of the user's editor, to stand behind what opens it: ` with vim`, "" where there is none."""
    words = find_editor()
    return f" with {Path(words[0]).name}" if words else ""


def write_command(words: Sequence[str], place: Place) -> list[str]:
    """The command that opens a file at a line. The path is absolute, so that no name is taken for an option."""
    path, name = str(Path(place.file).absolute()), Path(words[0]).name
    if name in _GOTO:
        wait = ["--wait"] if "--wait" not in words else []
        goto = [] if name in ("zed", "subl") else ["--goto"]
        return [*words, *wait, *goto, f"{path}:{place.line}:{place.column}"]
    return [*words, f"+{place.line}", path]
