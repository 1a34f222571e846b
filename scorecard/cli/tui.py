"""`scorecard tui`: the review room."""

from __future__ import annotations

import sys
from typing import Annotated, NoReturn

import typer

from scorecard.cli.paths import (
    FINDINGS,
    UNREADABLE,
    PathArgument,
    PeriodOption,
    WhereOption,
    limits,
    read_where,
    refuse,
)


def tui(
    path: PathArgument = ".",
    period: PeriodOption = None,
    where: WhereOption = None,
    theme: Annotated[str | None, typer.Option("--theme", help="dark, light or high-contrast.")] = None,
    present: Annotated[bool, typer.Option("--present", help="Open the review, large, for a big screen.")] = False,
) -> None:
    """Walk through the scorecard in the terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        refuse("the app needs a terminal", "in a pipe or a job use 'scorecard show'")
    # The app draws before what reads and computes is loaded: nothing else is imported here.
    from scorecard.tui.app import run
    from scorecard.tui.themes import THEMES

    themes = [one.name.removeprefix("scorecard-") for one in THEMES]
    if theme is not None and theme not in themes:
        refuse(f"there is no theme '{theme[:40]}'", f"write one of {', '.join(themes)}")
    try:
        run(path, period, theme, limits(), present, read_where(where))
    except ValueError as error:
        _end(error)


def _end(error: ValueError) -> NoReturn:
    """Say on the terminal why the app could not open."""
    from scorecard.api import StrategyError
    from scorecard.cli.findings import print_findings
    from scorecard.compute.histories import UnknownMember

    if isinstance(error, UnknownMember):
        refuse(error.message, error.hint)
    if not isinstance(error, StrategyError):
        refuse(str(error), "name a review period of this strategy, such as 2026-10")
    print_findings(error.findings, "text")
    raise typer.Exit(UNREADABLE if error.unreadable else FINDINGS) from None
