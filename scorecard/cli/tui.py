"""`scorecard tui`: the review room."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from scorecard.cli.paths import (
    FINDINGS,
    UNREADABLE,
    OptionalPathArgument,
    PeriodOption,
    WhereOption,
    limits,
    read_where,
    refuse,
)

if TYPE_CHECKING:
    from textual.theme import Theme

    from scorecard.tui.config import Config

ThemeOption = Annotated[str | None, typer.Option("--theme", help="dark, light, high-contrast, or one of your config.")]


def tui(
    path: OptionalPathArgument = None,
    period: PeriodOption = None,
    where: WhereOption = None,
    theme: ThemeOption = None,
    present: Annotated[bool, typer.Option("--present", help="Open the review, large, for a big screen.")] = False,
    read_only: Annotated[bool, typer.Option("--read-only", help="Look, but write nothing.")] = False,
) -> None:
    """Walk through the scorecard in the terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()) and not os.environ.get("TEXTUAL_DRIVER"):
        refuse("the app needs a terminal", "in a pipe or a job use 'scorecard show'")
    # The app draws before what reads and computes is loaded: nothing else is imported here.
    from scorecard.tui.config import read_config
    from scorecard.tui.memory import choose_path
    from scorecard.tui.opening import run

    config = read_config()
    read_theme(theme, config)
    path, said = choose_path() if path is None else (path, "")
    notices = [said] if said else []
    try:
        run(path, period, theme, limits(), present, read_where(where), read_only, config, notices)
    except ValueError as error:
        _end(error)


def read_theme(name: str | None, config: Config | None = None) -> Theme:
    """The theme asked for, else that of the user's config, else dark; an unknown one ends the command."""
    from scorecard.tui.config import read_config
    from scorecard.tui.themes import THEMES

    config = config or read_config()
    themes = {one.name.removeprefix("scorecard-"): one for one in (*THEMES, *config.themes)}
    if name is not None and name not in themes:
        refuse(f"there is no theme '{name[:40]}'", f"write one of {', '.join(themes)}")
    return themes[name or config.theme or "dark"]


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
