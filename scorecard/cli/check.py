"""`scorecard check`: everything that is wrong, odd or weak, and what would help most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from scorecard.cli.paths import CLEAN, FINDINGS, UNREADABLE, WRONG_USE, JsonOption, PathArgument, limits, note
from scorecard.cli.progress import working

if TYPE_CHECKING:
    from scorecard.api import Report


def check(
    path: PathArgument = ".",
    form: Annotated[str, typer.Option("--format", "-f", help="text, json, github, sarif or junit.")] = "text",
    json: JsonOption = False,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings end with exit code 1 too.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Leave hints and the summary out.")] = False,
) -> None:
    """Say everything that is wrong with a strategy, and where it is weak. Exit code 1 where there are errors."""
    from scorecard.cli.findings import FORMATS, count, print_findings

    form = "json" if json else form
    if form not in FORMATS:
        note(f"scorecard: there is no format '{form[:40]}'\n  write one of {', '.join(FORMATS)}")
        raise typer.Exit(WRONG_USE)
    from scorecard.api import read_report
    from scorecard.model.finding import Severity

    most = limits()
    with working("reading") as hear:
        report = read_report(path, method=True, gathered=form == "text", limits=most, hear=hear)
    findings = [f for f in report.findings if not quiet or f.severity != Severity.HINT]
    print_findings(findings, form)
    errors, warnings, hints = (
        count(findings, severity) for severity in (Severity.ERROR, Severity.WARNING, Severity.HINT)
    )
    if form == "text" and not quiet:
        _print_summary(report, errors, warnings, hints)
    if report.unreadable:
        raise typer.Exit(UNREADABLE)
    raise typer.Exit(FINDINGS if errors or (strict and warnings) else CLEAN)


def _print_summary(report: Report, errors: int, warnings: int, hints: int) -> None:
    """The counts, and for each strategy its quality in a few lines."""
    from scorecard.analysis.quality import summarise, write_quality
    from scorecard.cli.words import counted

    if errors or warnings or hints:
        print()
    print(
        f"{counted(errors, 'error')}, {counted(warnings, 'warning')}, {counted(hints, 'hint')}"
        if errors + warnings + hints
        else "no findings"
    )
    for scorecard in report.scorecards.values():
        try:
            evaluation = scorecard.evaluate() if scorecard.last_period else None
        except ValueError as error:  # formulas that look too far back
            note(f"scorecard: {error}\n  shorten the look back of the formulas")
            evaluation = None
        own = [f for f in report.findings if scorecard.owns(f.place.file)]
        print()
        print(write_quality(summarise(scorecard.strategy, evaluation, own)))
