"""The whole road on one page: read a path, gather the values, evaluate, explain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from scorecard.compute.evaluation import Evaluation, Inputs
from scorecard.compute.graph import strategy_map
from scorecard.compute.histories import list_slices, place_members, read_history, slice_history
from scorecard.compute.observations import Observations
from scorecard.compute.oddities import find_oddities
from scorecard.compute.panel import History
from scorecard.compute.sliced import Sliced, evaluate
from scorecard.model.finding import Finding, Severity
from scorecard.model.goal import Goal
from scorecard.model.limits import LIMITS, Limits
from scorecard.model.period import Period, PeriodError, read_period
from scorecard.model.progress import Hear, tell_nobody
from scorecard.model.strategy import Strategy
from scorecard.parser.method_reading import find_method_faults
from scorecard.parser.places import Places
from scorecard.parser.reader import Library, Reading, quiet_collector, read_path
from scorecard.store.sources import read_observations
from scorecard.store.store_path import find_store

if TYPE_CHECKING:
    import networkx as nx


class StrategyError(ValueError):
    """A strategy that cannot be computed; `findings` says everything that is wrong with it.

    `unreadable` says that the path itself could not be read.
    """

    def __init__(self, findings: Sequence[Finding], unreadable: bool = False) -> None:
        errors = [finding for finding in findings if finding.severity == Severity.ERROR]
        first = f"{errors[0].place}: {errors[0].code} {errors[0].message}" if errors else "nothing to read"
        super().__init__(first + (f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""))
        self.findings = tuple(findings)
        self.unreadable = unreadable


class _Ready(NamedTuple):
    """One strategy ready to be computed."""

    observations: Observations
    inputs: Inputs

    def slice(self, slices: tuple[Mapping[str, str], ...]) -> Inputs:
        """What an evaluation in slices needs; without their dimensions the strategy counts as a whole."""
        strategy = self.inputs.strategy
        placed = place_members(strategy, self.observations, slices)
        if placed is None:
            return self.inputs
        return replace(self.inputs, history=slice_history(strategy, self.observations, placed))


@dataclass(frozen=True, eq=False)
class Scorecard:
    """One strategy that was read without an error, and its values.

    `observations` are the values by row, `store` is where values are recorded, `findings` are what is odd or wrong in the
    data; `check` has those on text and method.
    """

    strategy: Strategy
    history: History
    observations: Observations
    places: Places
    findings: tuple[Finding, ...]
    name: str
    folder: Path
    store: Path
    _together: tuple[_Ready, ...]  # the strategies of the workspace that its goals are linked with, and itself
    _place: int  # where it stands among them

    def owns(self, file: str) -> bool:
        """Whether a file, as findings name it, is one of this strategy's."""
        return file in self.places.names or file.startswith(f"{self.name}/")

    def __repr__(self) -> str:
        return f"<Scorecard {self.strategy.id} from {self.name}>"

    @property
    def map(self) -> nx.DiGraph[str]:
        """The strategy map as a networkx graph, from cause to effect."""
        return strategy_map(self.strategy)

    @cached_property
    def last_period(self) -> Period | None:
        """The latest review period that has a value."""
        last = max(one.inputs.history.last_review() or -1 for one in self._together)
        own = self.history.last_review()
        last = own if own is not None else last
        return None if last < 0 else self.strategy.calendar.period(self.strategy.rhythm, last)

    def read_period(self, text: str | Period) -> Period:
        """A review period of this strategy. Raises ValueError where the text is none, or of another length."""
        try:
            period = read_period(text) if isinstance(text, str) else text
        except PeriodError as error:
            raise ValueError(f"'{text[:40]}' {error}") from None
        if period.rhythm != self.strategy.rhythm:
            raise ValueError(
                f"'{text}' is a {period.rhythm.word}; this strategy is reviewed by the {self.strategy.period}"
            )
        return period

    def evaluate(
        self, period: str | Period | None = None, periods: int = 1, where: Mapping[str, str] | None = None
    ) -> Evaluation:
        """Everything computed at a review period (the latest with a value unless said), and at the `periods` - 1 before.

        `where` ({dimension: member}) makes it the slice of those members. Raises ValueError for a period of another length
        than the strategy's, for a span that is too long, where there are no values and no period is named, and for an
        unknown dimension or member.
        """
        return self._evaluate(period, periods, list_slices(self.strategy, self.observations, where or {})).part(0)

    def evaluate_by(
        self,
        dimension: str,
        period: str | Period | None = None,
        periods: int = 1,
        where: Mapping[str, str] | None = None,
    ) -> Sliced:
        """The same for every member of a dimension at once. Raises ValueError as `evaluate` does."""
        return self._evaluate(period, periods, list_slices(self.strategy, self.observations, where or {}, dimension))

    def _evaluate(self, period: str | Period | None, periods: int, slices: tuple[Mapping[str, str], ...]) -> Sliced:
        at = self.last_period if period is None else self.read_period(period)
        if at is None:
            raise ValueError("there are no values yet: name a period")
        if not slices:
            raise ValueError("there is no member to show")
        last = self.strategy.calendar.ordinal(at)
        inputs = [one.slice(slices) if any(slices) else one.inputs for one in self._together]
        return evaluate(inputs, last - max(periods, 1) + 1, last)[self._place]


@dataclass(frozen=True)
class Report:
    """What a path holds: the scorecards that can be computed, by strategy id, and every finding."""

    scorecards: dict[str, Scorecard]
    findings: tuple[Finding, ...]
    workspace: bool
    unreadable: bool
    _library: Library
    _limits: Limits

    @property
    def has_errors(self) -> bool:
        return any(finding.severity == Severity.ERROR for finding in self.findings)


def load(path: str | Path, limits: Limits = LIMITS) -> Scorecard:
    """The strategy in a file or folder.

    Raises StrategyError with all findings where it cannot be computed, ValueError for a workspace of several strategies:
    `load_workspace` reads those.
    """
    report = read_report(str(path), limits=limits)
    if report.workspace:
        raise ValueError(f"'{path}' is a workspace of several strategies: read it with load_workspace")
    if not report.scorecards:
        raise StrategyError(report.findings, report.unreadable)
    return next(iter(report.scorecards.values()))


def load_workspace(path: str | Path, limits: Limits = LIMITS) -> dict[str, Scorecard]:
    """The strategies in a folder by id. Raises StrategyError where none can be computed."""
    report = read_report(str(path), limits=limits)
    if not report.scorecards:
        raise StrategyError(report.findings, report.unreadable)
    return report.scorecards


def check(path: str | Path, limits: Limits = LIMITS) -> tuple[Finding, ...]:
    """Everything that is wrong, odd or weak in the strategies under a path, in order of file, line and column."""
    return read_report(str(path), method=True, limits=limits).findings


@quiet_collector()
def read_report(
    path: str,
    method: bool = False,
    gathered: bool = False,
    limits: Limits = LIMITS,
    as_of: date | None = None,
    hear: Hear = tell_nobody,
) -> Report:
    """Read a path. With `method`, the checks of the method, of the data's age and of the scenarios kept run too.

    `gathered` lets one finding stand for many of one method code, for a reader; a machine takes each. With `as_of`, of the
    strategies' stores only what was on record at the end of that day (UTC) counts. `hear` is told how far it is.
    """
    library = read_path(path, limits, hear)
    findings = list(library.findings)
    scorecards: dict[str, Scorecard] = {}
    for number, reading in enumerate(library.readings):
        hear("reading values", number, len(library.readings) * library.workspace)
        findings.extend(reading.findings)
        if reading.strategy is None:
            continue
        data_findings, scorecard = _with_values(reading, library, as_of)
        findings.extend(data_findings)
        if reading.sound:
            scorecards[reading.strategy.id] = scorecard
    found = tuple(_sorted(findings))
    report = Report(_join(scorecards), found, library.workspace, library.unreadable, library, limits)
    if method:
        hear("checking the method", 0, 0)
        report = add_method(report, gathered)
    return report


def add_method(report: Report, gathered: bool = False) -> Report:
    """The same report, with the checks of the method, of the data's age and of scenarios; `gathered` as in `read_report`."""
    from scorecard.parser.scenario_file import check_scenarios, find_shelf  # most commands need no scenario

    found: list[Finding] = list(_method_findings(report._library, report.scorecards, gathered))
    for card in report.scorecards.values():
        found.extend(check_scenarios(find_shelf(card.name, card.folder, card.strategy), report._limits))
    return replace(report, findings=tuple(_sorted([*report.findings, *found])))


def _with_values(reading: Reading, library: Library, as_of: date | None) -> tuple[list[Finding], Scorecard]:
    strategy, resolved = reading.strategy, reading.resolved
    assert strategy is not None
    name = reading.name if Path(reading.name).is_dir() else str(Path(reading.name).parent)
    store = find_store(reading.name, reading.folder)
    rows, findings = read_observations(strategy, reading.folder, library.root, name, reading.places.of, store, as_of)
    if not reading.complete or any(map(_may_define, reading.removed)):  # values of a lost KPI are no fault of the data
        findings = [finding for finding in findings if finding.code != "S303"]
    history, odd = read_history(strategy, rows)
    findings += [*odd, *find_oddities(strategy, rows)]
    inputs = Inputs(strategy, history, resolved.rules, resolved.formulas, resolved.order)
    own = strategy, history, rows, reading.places, tuple(findings), reading.name, reading.folder, store
    return findings, Scorecard(*own, (_Ready(rows, inputs),), 0)


def _may_define(lost: tuple[str | int, ...]) -> bool:
    """Whether a part of the tree that could not be read may have defined KPIs."""
    kind, inside = lost[:1], lost[2:3]
    if kind == ("goals",) and inside:
        return inside[0] in ("lagging", "leading") or inside[0] not in Goal.model_fields
    return kind in (("goals",), ("kpis",), ("metrics",)) and not inside


def _join(scorecards: dict[str, Scorecard]) -> dict[str, Scorecard]:
    """Strategies that name each other's goals are computed together."""
    together = {name: {name} for name in scorecards}
    for name, scorecard in scorecards.items():
        for link in (link for goal in scorecard.strategy.goals.values() for link in goal.links):
            other = link.goal.partition("/")[0] if "/" in link.goal else name
            if other in together and together[other] is not together[name]:
                together[name] |= together[other]
                for member in together[name]:
                    together[member] = together[name]
    ready = {name: scorecard._together[0] for name, scorecard in scorecards.items()}
    joined = {}
    for name, scorecard in scorecards.items():
        names = [other for other in scorecards if other in together[name]]
        joined[name] = replace(scorecard, _together=tuple(map(ready.__getitem__, names)), _place=names.index(name))
    return joined


def _method_findings(library: Library, scorecards: dict[str, Scorecard], gathered: bool) -> Iterator[Finding]:
    """What the method says of each strategy, save where a part was taken out or could not even be read."""
    driving = {
        link.goal for one in library.readings if one.strategy for g in one.strategy.goals.values() for link in g.links
    }
    for reading in library.readings:
        if reading.strategy is None or any(finding.code < "S2" for finding in reading.findings):
            continue
        scorecard = scorecards.get(reading.strategy.id) if reading.sound else None
        try:
            evaluation = scorecard.evaluate() if scorecard and scorecard.last_period else None
        except ValueError:  # formulas that look too far back
            evaluation = None
        history = scorecard.history if scorecard else None
        yield from find_method_faults(reading, reading.strategy, history, evaluation, driving, gathered)


def _sorted(findings: list[Finding]) -> list[Finding]:
    return sorted(dict.fromkeys(findings), key=lambda finding: finding.order)
