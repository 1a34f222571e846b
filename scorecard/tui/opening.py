"""The app from its first frame to the terminal given back, with what is remembered of where it ended."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from scorecard.model.limits import LIMITS, Limits
from scorecard.tui.app import ReviewApp
from scorecard.tui.config import Config
from scorecard.tui.ending import has_terminal
from scorecard.tui.memory import recall_seat, remember_seat


def run(
    path: str,
    period: str | None = None,
    theme: str | None = None,
    limits: Limits = LIMITS,
    present: bool = False,
    where: Mapping[str, str] | None = None,
    read_only: bool = False,
    config: Config | None = None,
    notices: Sequence[str] = (),
) -> None:
    """Open the app on a path, on some members with `where`; with `read_only` it writes nothing.

    Raises StrategyError where it cannot be computed, ValueError for a wrong period, UnknownMember for a wrong member.

    Both are raised after the app has closed. Where there is no terminal nothing is drawn.
    """
    if not os.path.exists(path):  # said at once, without a screen that comes and goes
        from scorecard.tui.session import open_path

        open_path(path, 0, limits)
    # Whoever only looks, and a visitor in a browser, begins anew and leaves nothing.
    alone = not read_only and "TEXTUAL_DRIVER" not in os.environ
    seat = recall_seat() if alone else None
    app = ReviewApp(path, None, period, theme, limits, present, where, read_only, config, seat, notices)
    app.run(headless=not (has_terminal() or os.environ.get("TEXTUAL_DRIVER")))
    if app.failure and app.return_code == 1:
        raise app.failure
    if alone:
        remember_seat(app.take_seat())
    if app.return_code:  # a fault of ours, which has been printed, or a signal
        raise SystemExit(app.return_code)
