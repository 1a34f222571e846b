"""What is open and what is looked at: the readings of a path, and the one session all screens share. Knows no Textual."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from scorecard.analysis.comparison import EARLIER, Earlier, earlier_period
from scorecard.analysis.scenario import Scenario
from scorecard.api import Report, Scorecard, StrategyError, add_method, read_report
from scorecard.compute.evaluation import Evaluation
from scorecard.model.finding import Finding, Place, Severity
from scorecard.model.limits import LIMITS, Limits
from scorecard.model.period import Period
from scorecard.model.progress import Hear, tell_nobody
from scorecard.parser.files import SCENARIOS
from scorecard.parser.scenario_file import ScenarioFile

MOST_PERIODS = 120  # review periods that can be walked through


@dataclass(frozen=True)
class Opened:
    """One reading of the path that could be computed: evaluations by strategy id, each seen at its latest period.

    `today` (as in `date.toordinal`) is the day of the reading; `broken` are the errors of a later one that could not be
    computed, `left_out` those of other strategies of the workspace, which are not among these.
    """

    evaluations: dict[str, Evaluation]
    scorecards: dict[str, Scorecard]
    findings: tuple[Finding, ...]
    workspace: bool
    report: Report
    today: int
    broken: tuple[Finding, ...] = ()
    left_out: tuple[Finding, ...] = ()

    def check(self) -> Opened:
        """The same reading with the findings on the method."""
        report = add_method(self.report, gathered=True)
        return replace(self, findings=report.findings, report=report)


@dataclass(frozen=True)
class Batch:
    """Values that were recorded together in this session, each with what counted before; `before` is None for nothing.

    A value before that did not stand in the store comes back when the new one is withdrawn: then it is None too.
    `members` (dimension: member) are those that the values are of, none for all together.
    """

    strategy: str
    period: str
    members: Mapping[str, str]
    values: dict[str, float | str | None]
    before: dict[str, float | str | None]
    by: str
    reopen: str


@dataclass(frozen=True)
class Writing:
    """A file that was written in this session, such as with an override or a decision: the file as it was (`data` is None
    where there was none), and the hash of what it holds now. `undone` is said once that is taken back, and `otherwise` what
    to do where somebody changed the file since."""

    path: Path
    place: Place
    data: bytes | None
    hash: str
    undone: str
    otherwise: str


class Session:
    """What the screens show: one strategy at one period, the goal or KPI looked at, and the words of the filter.

    `kpi` is looked at as part of `goal`, or alone. A screen that changes one of these tells the shell, which shows it.
    """

    def __init__(self, opened: Opened, strategy: str, period: str | None = None) -> None:
        self.opened = opened
        self.strategy = strategy
        self.goal: str | None = None
        self.kpi: str | None = None
        self.words = ""
        self.where: Mapping[str, str] = {}  # the members looked at; none for all together
        self.compared: Earlier | None = None  # which earlier period the one looked at is compared with
        self.recorded: list[Batch] = []
        self.written: list[tuple[Writing, int]] = []  # each with how many batches were recorded before it
        self.sealed = ""  # why nothing older than these can be taken back, "" where nothing was sealed
        self.scenario = Scenario()  # what if; `kept` is the file it came from or was kept in
        self.kept: ScenarioFile | None = None
        self.evaluation = opened.evaluations[strategy]
        if period:
            self.evaluation = at_period(self.evaluation, self.scorecard.read_period(period))

    @property
    def last_writing(self) -> Writing | None:
        """The file that was written last in this session; None where a value was recorded after it."""
        one, recorded = self.written[-1] if self.written else (None, 0)
        return one if recorded >= len(self.recorded) else None

    def seal(self, why: str) -> None:
        """Let what was entered up to now stand: it is not taken back any more."""
        self.written.clear()
        self.recorded.clear()
        self.sealed = why

    @property
    def scorecard(self) -> Scorecard:
        return self.opened.scorecards[self.strategy]

    @property
    def whole(self) -> Evaluation:
        """All members together at the period looked at."""
        return at_period(self.opened.evaluations[self.strategy], self.evaluation.period)

    @property
    def before(self) -> Period | None:
        """The period compared with; None where there is none, and where it lies outside the data."""
        return self._find_earlier(self.compared) if self.compared else None

    def compare_next(self) -> str:
        """Compare with the period before, then the same of last year, then none; says which of these has no values."""
        missing: list[str] = []
        for which in EARLIER[EARLIER.index(self.compared) + 1 if self.compared else 0 :]:
            if self._find_earlier(which):
                self.compared = which
                break
            missing.append(str(earlier_period(self.evaluation.strategy, self.evaluation.period, which)))
        else:
            self.compared = None
        return f"There are no values of {' and '.join(missing)} to compare with." if missing else ""

    def _find_earlier(self, which: Earlier) -> Period | None:
        evaluation = self.evaluation
        try:
            return evaluation.at(earlier_period(evaluation.strategy, evaluation.period, which)).period
        except ValueError:
            return None

    def slice(self, where: Mapping[str, str]) -> None:
        """Look at some members (dimension: member), or at all of them. Raises ValueError where there are none such."""
        self.take(where, cut(self.opened, self.strategy, where))

    def take(self, where: Mapping[str, str], evaluation: Evaluation) -> None:
        """Look at some members, of which this is the evaluation, at the present period."""
        self.evaluation = at_period(evaluation, self.evaluation.period)
        self.where = dict(where)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Those of this strategy, of a path with one strategy all; before them those of a change that broke the reading, and
        those of strategies that could not be read."""
        opened = self.opened
        own = (one for one in opened.findings if not opened.workspace or self.scorecard.owns(one.place.file))
        return (*opened.broken, *opened.left_out, *own)

    def move(self, steps: int) -> bool:
        """Look at the period so many later (earlier where negative); False beyond the span."""
        moved = move(self.evaluation, steps)
        if moved is not None:
            self.evaluation = moved
        return moved is not None

    def go_to(self, text: str) -> None:
        """Look at a period. Raises ValueError, in words for the user, where it is none or has no values."""
        period = self.scorecard.read_period(text)
        try:
            self.evaluation = self.evaluation.at(period)
        except ValueError:
            span = self.evaluation.periods
            raise ValueError(f"{period} is not among the periods shown, {span[0]} to {span[-1]}") from None

    def foresee(self, opened: Opened) -> Evaluation | None:
        """The members looked at in another reading, None where they are gone; computes, so that `renew` need not."""
        try:
            return cut(opened, self.strategy, self.where) if self.where else None
        except (KeyError, ValueError):
            return None

    def renew(self, opened: Opened, sliced: Evaluation | None = None) -> None:
        """Take another reading: at the same period, or the latest where that was looked at; what is gone is let go.

        `sliced` is what was foreseen of it; where it is of other members, it is computed again.
        """
        self.opened = opened
        evaluation = opened.evaluations.get(self.strategy)
        if evaluation is None:  # the strategy has gone or is called otherwise now
            self.strategy, evaluation = next(iter(opened.evaluations.items()))
            self.scenario, self.kept = Scenario(), None
        latest = self.evaluation.column == len(self.evaluation.periods) - 1
        self.evaluation = evaluation if latest else at_period(evaluation, self.evaluation.period)
        self.goal = self.goal if self.goal in evaluation.strategy.goals else None
        self.kpi = self.kpi if self.kpi in evaluation.strategy.kpis else None
        if sliced is not None and sliced.members == self.where and sliced.strategy is evaluation.strategy:
            self.take(self.where, sliced)
        elif self.where:
            try:
                self.slice(self.where)
            except ValueError:  # the member has gone
                self.where = {}


def open_path(
    path: str,
    today: int,
    limits: Limits = LIMITS,
    method: bool = True,
    hear: Hear = tell_nobody,
    shown: Collection[str] = (),
) -> Opened:
    """Read and evaluate everything under a path. Raises StrategyError where a strategy has errors; in a workspace only where
    that is one of those `shown` so far, or no other is left.

    `today` (as in `date.toordinal`) is the day whose review period is shown where a strategy has no values. With `method`
    the findings on the method are among those returned; `hear` is told how far it is.
    """
    report = read_report(path, method=method, gathered=True, limits=limits, hear=hear)
    broken = [one for one in report.findings if one.severity == Severity.ERROR and not _is_aside(one)]
    is_part = report.workspace and report.scorecards.keys() >= set(shown)
    if not report.scorecards or (broken and not is_part):
        raise StrategyError(broken or report.findings, report.unreadable)
    evaluations = {}
    for number, (name, scorecard) in enumerate(report.scorecards.items()):
        hear(f"computing {scorecard.strategy.title}", number, len(report.scorecards) * report.workspace)
        evaluations[name] = _evaluate(scorecard, today)
    read = evaluations, report.scorecards, report.findings, report.workspace, report, today
    return Opened(*read, left_out=tuple(broken))


def cut(opened: Opened, strategy: str, where: Mapping[str, str]) -> Evaluation:
    """A strategy for some members (dimension: member), or for all of them. Raises ValueError where there are none such."""
    whole = opened.evaluations[strategy]
    return opened.scorecards[strategy].evaluate(whole.periods[-1], len(whole.periods), where) if where else whole


def count_problems(report: Opened | Report | Session) -> int:
    """Errors and warnings; hints do not count."""
    return sum(finding.severity != Severity.HINT for finding in report.findings)


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


def _is_aside(finding: Finding) -> bool:
    """Whether the strategy can be computed all the same: it is about a row of data, or about a scenario kept beside it."""
    folder = PurePath(finding.place.file).parent.name
    return finding.code.startswith("S3") or folder == SCENARIOS or folder.endswith(f".{SCENARIOS}")


def _evaluate(scorecard: Scorecard, today: int) -> Evaluation:
    strategy, history = scorecard.strategy, scorecard.history
    calendar, rhythm = strategy.calendar, strategy.rhythm
    last = scorecard.last_period or calendar.period(rhythm, calendar.holding(rhythm, today))
    first = int(history.review.min()) if len(history.review) else calendar.ordinal(last)
    return scorecard.evaluate(last, min(calendar.ordinal(last) - first + 1, MOST_PERIODS))
