"""`scorecard tui`: the review room."""

from __future__ import annotations

from typing import Annotated

import typer

from scorecard.cli.paths import PathArgument, PeriodOption


def tui(
    path: PathArgument = ".",
    period: PeriodOption = None,
    theme: Annotated[str | None, typer.Option("--theme", help="light or dark.")] = None,
) -> None:
    """Walk through the scorecard in the terminal."""
    from scorecard.tui.app import run

    from scorecard.cli.paths import read_scorecards

    read_scorecards(path)
    run(path, period, theme)
