"""What is said where files cannot be read: the banners, files that have gone, and why nothing is written meanwhile.

Knows no Textual.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from scorecard.model.finding import Finding, Place, Severity
from scorecard.tui.session import Opened, Session

_UNREAD = {"S301", "S302"}  # of a whole source of data: it is not there, or its columns are others


def describe_broken(findings: Sequence[Finding]) -> str:
    """A banner where nothing could be read yet."""
    what = "1 error keeps" if len(findings) == 1 else f"{len(findings)} errors keep"
    return f"{what} this from opening. Mended files are read at once, and the map opens by itself."


def describe_trouble(findings: Sequence[Finding]) -> str:
    """A banner over what was read before a change: how many errors, and where the first one stands."""
    head = f"The last change has errors ({len(findings)}); what is shown was read before it."
    return f"{head} {_say_first(findings)}"


def describe_left_out(findings: Sequence[Finding]) -> str:
    """A banner over the strategies of a workspace that could be read: why others are not among them; "" where all are."""
    if not findings:
        return ""
    what = "An error keeps" if len(findings) == 1 else f"{len(findings)} errors keep"
    return f"{what} others of this workspace from opening. {_say_first(findings)}"


def add_lost(opened: Opened, path: str, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The errors of a change, and before them the files that have gone, which the others mostly come from."""
    hint = "put it back; what is shown was read while it was there"
    if not os.path.exists(path):
        return (Finding("S111", Severity.ERROR, Place(path), "this has gone", hint),)
    names = [name for card in opened.scorecards.values() for name in card.places.names if not os.path.exists(name)]
    lost = (Finding("S111", Severity.ERROR, Place(name), "this file has gone", hint) for name in dict.fromkeys(names))
    return (*lost, *findings)


def find_unread(opened: Opened, before: Opened) -> list[Finding]:
    """Why data can be read no more that could be: without them all would be unknown, which is not what happened."""
    known = {(one.code, one.message) for one in before.findings}
    return [one for one in opened.findings if one.code in _UNREAD and (one.code, one.message) not in known]


def say_unwritable(session: Session) -> str:
    """Why nothing is written into the strategy's files now; "" where they can be read as they are."""
    broken = session.opened.broken
    if not broken:
        return ""
    count = "an error" if len(broken) == 1 else f"{len(broken)} errors"
    first = broken[0]
    return f"The files have {count} now, so nothing is written. First mend {first.place}: {first.message}."


def _say_first(findings: Sequence[Finding]) -> str:
    first, more = findings[0], len(findings) - 1
    said = "; ".join(filter(None, (first.message, first.hint)))
    end = "" if said.endswith("?") else "."
    return f"{first.place}: {said}{end}" + (f" {more} more under Problems." if more else "")
