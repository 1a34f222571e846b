"""The whole road on one page: read a path, gather the values, evaluate, explain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from scorecard.analysis.issue import Context, MethodFinding
from scorecard.analysis.method import check_method, gather
from scorecard.compute.evaluation import Evaluation, Inputs
from scorecard.compute.formula import parse
from scorecard.compute.graph import strategy_map
from scorecard.compute.histories import list_slices, place_members, read_history, slice_history
from scorecard.compute.observations import Observations
from scorecard.compute.panel import History
from scorecard.compute.sliced import Sliced, evaluate
from scorecard.model.codes import CODES
from scorecard.model.finding import Finding, Severity
from scorecard.model.limits import LIMITS, Limits
from scorecard.model.period import Period, PeriodError, read_period
from scorecard.model.strategy import Goal, KpiUse, Link, Strategy
from scorecard.parser.libraries import combine, library_names
from scorecard.parser.places import Places
from scorecard.parser.reader import Library, Reading, quiet_collector, read_path
from scorecard.parser.tree import Map
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


@dataclass(frozen=True)
class Scorecard:
    """One strategy that was read without an error, and its values.

    `observations` are the values by row, `store` is where values are recorded, `findings` are what is odd or wrong in the
    data; `check` has those on text and method. `companions` are the other strategies of the workspace
    that its goals are linked with, and itself, in the order in which they are computed together.
    """

    strategy: Strategy
    history: History
    observations: Observations
    places: Places
    findings: tuple[Finding, ...]
    name: str
    folder: Path
    store: Path
    _inputs: Inputs
    _companions: list[Scorecard]

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
        last = max((one.history.last_review() or -1 for one in self._companions), default=-1)
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
        inputs = [one._inputs if not any(slices) else one._slice(slices) for one in self._companions]
        results = evaluate(inputs, last - max(periods, 1) + 1, last)
        return results[next(i for i, one in enumerate(self._companions) if one is self)]

    def _slice(self, slices: tuple[Mapping[str, str], ...]) -> Inputs:
        """What an evaluation in slices needs; without their dimensions the strategy counts as a whole."""
        placed = place_members(self.strategy, self.observations, slices)
        if placed is None:
            return self._inputs
        return replace(self._inputs, history=slice_history(self.strategy, self.observations, placed))


@dataclass(frozen=True)
class Report:
    """What a path holds: the scorecards that can be computed, by strategy id, and every finding."""

    scorecards: dict[str, Scorecard]
    findings: tuple[Finding, ...]
    workspace: bool
    unreadable: bool

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
    path: str, method: bool = False, gathered: bool = False, limits: Limits = LIMITS, as_of: date | None = None
) -> Report:
    """Read a path. With `method`, the checks of the method and of the data's age run too.

    `gathered` lets one finding stand for many of one method code, for a reader; a machine takes each. With `as_of`, of the
    strategies' stores only what was on record at the end of that day (UTC) counts.
    """
    library = read_path(path, limits)
    findings = list(library.findings)
    scorecards: dict[str, Scorecard] = {}
    for reading in library.readings:
        findings.extend(reading.findings)
        if reading.strategy is None:
            continue
        data_findings, scorecard = _with_values(reading, library, as_of)
        findings.extend(data_findings)
        if reading.sound:
            scorecards[reading.strategy.id] = scorecard
    _join(scorecards)
    if method:
        findings.extend(_method_findings(library, scorecards, gathered))
    return Report(scorecards, tuple(_sorted(findings)), library.workspace, library.unreadable)


def _with_values(reading: Reading, library: Library, as_of: date | None) -> tuple[list[Finding], Scorecard]:
    strategy, resolved = reading.strategy, reading.resolved
    assert strategy is not None
    name = reading.name if Path(reading.name).is_dir() else str(Path(reading.name).parent)
    store = find_store(reading.name, reading.folder)
    rows, findings = read_observations(strategy, reading.folder, library.root, name, reading.places.of, store, as_of)
    if not reading.complete or any(map(_may_define, reading.removed)):  # values of a lost KPI are no fault of the data
        findings = [finding for finding in findings if finding.code != "S303"]
    history, odd = read_history(strategy, rows)
    findings.extend(odd)
    inputs = Inputs(strategy, history, resolved.rules, resolved.formulas, resolved.order)
    own = strategy, history, rows, reading.places, tuple(findings), reading.name, reading.folder, store
    scorecard = Scorecard(*own, inputs, [])
    return findings, scorecard


def _may_define(lost: tuple[str | int, ...]) -> bool:
    """Whether a part of the tree that could not be read may have defined KPIs."""
    kind, inside = lost[:1], lost[2:3]
    if kind == ("goals",) and inside:
        return inside[0] in ("lagging", "leading") or inside[0] not in Goal.model_fields
    return kind in (("goals",), ("kpis",), ("metrics",)) and not inside


def _join(scorecards: dict[str, Scorecard]) -> None:
    """Strategies that name each other's goals are computed together."""
    together = {name: {name} for name in scorecards}
    for name, scorecard in scorecards.items():
        for goal in scorecard.strategy.goals.values():
            for step in goal.leading:
                other = step.goal.partition("/")[0] if isinstance(step, Link) and "/" in step.goal else name
                if other in together and together[other] is not together[name]:
                    together[name] |= together[other]
                    for member in together[name]:
                        together[member] = together[name]
    for name, scorecard in scorecards.items():
        scorecard._companions.extend(scorecards[other] for other in scorecards if other in together[name])


def _method_findings(library: Library, scorecards: dict[str, Scorecard], gathered: bool) -> list[Finding]:
    """What the method says of each strategy, save where a part was taken out or could not even be read."""
    findings: list[Finding] = []
    strategies = [reading.strategy for reading in library.readings if reading.strategy]
    foreign = {link.goal for one in strategies for goal in one.goals.values() for link in goal.links}
    for reading in library.readings:
        if reading.strategy is None or any(finding.code < "S2" for finding in reading.findings):
            continue
        scorecard = scorecards.get(reading.strategy.id) if reading.sound else None
        broken = {path[:2] for path in reading.removed}
        issues = check_method(_method_context(reading, reading.strategy, scorecard, foreign))
        whole = [issue for issue in issues if issue.path[:2] not in broken]
        for issue in gather(whole) if gathered else whole:
            place, severity = reading.places.of_key(*issue.path), CODES[issue.code].severity
            findings.append(MethodFinding(issue.code, severity, place, issue.message, issue.hint, issue.count))
    return findings


def _method_context(reading: Reading, strategy: Strategy, scorecard: Scorecard | None, foreign: set[str]) -> Context:
    """What the checks are told about where things stand: which KPIs a library or an entry of a goal defines."""
    places, shipped = reading.places, combine([name for name in strategy.libraries if name in library_names()])["kpis"]
    formulas = {name: node["formula"] for name, node in shipped.items() if "formula" in node}
    kinds = [node for node in (places.tree.get("kpis"), places.tree.get("metrics")) if isinstance(node, Map)]
    entries = [
        (use.kpi, ("goals", goal.id, part, number, "kpi"))
        for goal in strategy.goals.values()
        for part, uses in (("lagging", goal.lagging), ("leading", goal.leading))
        for number, use in enumerate(uses)
        if isinstance(use, KpiUse)
    ]
    shared = Counter(name for name, _ in entries)
    try:
        evaluation = scorecard.evaluate() if scorecard and scorecard.last_period else None
    except ValueError:  # formulas that look too far back
        evaluation = None
    return Context(
        strategy,
        reading.resolved.formulas,
        scorecard.history if scorecard else None,
        evaluation,
        library={name: parse(text) for name, text in formulas.items() if isinstance(text, str)},
        borrowed=frozenset(name for node in kinds for name, at in node.key_at.items() if not at),
        inline=frozenset(
            name
            for name, path in entries
            if shared[name] > 1 and name in strategy.kpis and places.of(*path) == places.of_key("kpis", name)
        ),
        driving=frozenset(name.partition("/")[2] for name in foreign if name.startswith(f"{strategy.id}/")),
    )


def _sorted(findings: list[Finding]) -> list[Finding]:
    return sorted(dict.fromkeys(findings), key=lambda finding: finding.order)
