"""Taking back what was entered last in this session: a value on record, or what was written into a file."""

from __future__ import annotations

from scorecard.parser.replacement import Refused, replace_file
from scorecard.tui.app import ReviewApp
from scorecard.tui.session import Session


def undo_last(app: ReviewApp, session: Session) -> None:
    """One order for all: what was entered last goes first."""
    if session.last_writing:
        _undo_writing(app, session)
    elif session.sealed and not session.recorded:
        app.tell(session.sealed, "warning")
    else:
        from scorecard.tui.screens.entry import undo_entry

        undo_entry(app, session)


def _undo_writing(app: ReviewApp, session: Session) -> None:
    """Put the file back as it was before, unless somebody changed it since."""
    if not app.may_write():
        return
    one, _ = session.written.pop()
    try:
        replace_file(one.path, one.data, one.hash, one.place)
    except Refused as refused:
        app.tell(f"{refused.message}; {one.otherwise}", "error")
        return
    app.tell(one.undone)
    app.action_reload()
