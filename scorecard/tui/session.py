"""What is open: a path, the scorecards read from it, and each one's evaluation. Knows no Textual."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from scorecard.api import Report, Scorecard, StrategyError, read_report
from scorecard.compute.evaluation import Evaluation
from scorecard.model.finding import Finding, Severity
from scorecard.model.limits import LIMITS, Limits
from scorecard.model.period import Period

_MOST_FILES = 5_000  # that are looked at for changes
MOST_PERIODS = 120  # review periods that can be walked through
Signature = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Opened:
    """One reading of the path that could be computed: evaluations by strategy id, each seen at its latest period."""

    evaluations: dict[str, Evaluation]
    scorecards: dict[str, Scorecard]
    findings: tuple[Finding, ...]
    workspace: bool


def open_path(path: str, today: int, limits: Limits = LIMITS) -> Opened:
    """Read and evaluate everything under a path. Raises StrategyError where a strategy has errors.

    `today` (as in `date.toordinal`) is the day whose review period is shown where a strategy has no values.
    """
    report = read_report(path, method=True, gathered=True, limits=limits)
    broken = [f for f in report.findings if f.severity == Severity.ERROR and not f.code.startswith("S3")]
    if broken or not report.scorecards:
        raise StrategyError(broken or report.findings, report.unreadable)
    evaluations = {name: _evaluate(scorecard, today) for name, scorecard in report.scorecards.items()}
    return Opened(evaluations, report.scorecards, report.findings, report.workspace)


def count_problems(report: Opened | Report) -> int:
    """Errors and warnings; hints do not count."""
    return sum(finding.severity != Severity.HINT for finding in report.findings)


def sign_files(path: str) -> Signature:
    """What tells whether files under a path have changed: their names, times and sizes."""
    return tuple(sorted(_stat_files(Path(path))))


def _evaluate(scorecard: Scorecard, today: int) -> Evaluation:
    strategy, history = scorecard.strategy, scorecard.history
    calendar, rhythm = strategy.calendar, strategy.rhythm
    last = scorecard.last_period or calendar.period(rhythm, calendar.holding(rhythm, today))
    first = int(history.review.min()) if len(history.review) else calendar.ordinal(last)
    return scorecard.evaluate(last, min(calendar.ordinal(last) - first + 1, MOST_PERIODS))


def _stat_files(root: Path) -> Iterator[tuple[str, int, int]]:
    """The files below a folder, or below that of a file; hidden ones are left out, and of very many the last."""
    seen = 0
    for folder, folders, files in os.walk(root if root.is_dir() else root.parent):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            seen += 1
            if seen > _MOST_FILES:
                return
            path = os.path.join(folder, name)
            with suppress(OSError):  # gone since it was listed
                stat = os.stat(path)
                yield path, stat.st_mtime_ns, stat.st_size


def move(evaluation: Evaluation, steps: int) -> Evaluation | None:
    """The evaluation seen so many periods later (earlier where negative); None beyond its span."""
    periods = evaluation.periods
    at = evaluation.column + steps
    return evaluation.at(periods[at]) if 0 <= at < len(periods) else None


def at_period(evaluation: Evaluation, period: Period) -> Evaluation:
    """The evaluation seen at a period, or at its latest where that is outside its span."""
    try:
        return evaluation.at(period)
    except ValueError:
        return evaluation.at(evaluation.periods[-1])
