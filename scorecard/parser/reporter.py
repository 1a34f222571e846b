"""One strategy as far as it was read, and where its checks put what they find."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Iterator, Mapping

from scorecard.model.finding import Finding, Severity, shorten
from scorecard.model.kpi import Measure
from scorecard.model.period import Period
from scorecard.model.spelling import nearest
from scorecard.model.strategy import Strategy
from scorecard.parser.ledger import Ledger
from scorecard.parser.places import Places, Step

_KINDS = {  # where each kind of thing is defined
    "perspective": ("perspectives",),
    "theme": ("themes",),
    "dimension": ("dimensions",),
    "goal": ("goals",),
    "KPI": ("kpis", "goals"),
    "KPI or metric": ("kpis", "metrics", "goals"),
}
_FEW = 8  # ids that fit into a hint


class Reporter:
    """Takes findings by the path they are about; `removed` are paths that have one already.

    `complete` is False where a file of the strategy could not be read: an id may then be defined in it.
    """

    def __init__(
        self,
        strategy: Strategy,
        places: Places,
        findings: Ledger,
        removed: Collection[tuple[Step, ...]],
        complete: bool,
    ) -> None:
        self.strategy = strategy
        self.places = places
        self.findings = findings
        self.measures = ChainMap[str, Measure](dict(strategy.kpis), dict(strategy.metrics))
        self.complete = complete
        self._removed = removed
        self._damaged = {path[:2] for path in removed}
        self._lost = {path for path in removed if len(path) <= 2}

    def report(
        self,
        code: str,
        path: tuple[Step, ...],
        message: str,
        hint: str,
        severity: Severity = Severity.ERROR,
        key: bool = False,
    ) -> None:
        """A finding at the value of a path, or at its key."""
        if self.findings.is_full(code) or self.places.fixed(path) in self._removed:
            return
        place = self.places.of_key(*path) if key else self.places.of(*path)
        self.findings.add(Finding(code, severity, place, message, hint))

    def report_undefined(
        self, code: str, kind: str, name: str, known: Collection[str], path: tuple[Step, ...], where: str = ""
    ) -> None:
        """An id that is used but not defined, unless it may be in what could not be read; `where` it is used."""
        if self.findings.is_full(code) or not self.complete or self._is_lost(kind, name):
            return
        near = nearest(name, known)
        shown = ", ".join(known) if 0 < len(known) <= _FEW else f"a {kind} that is"
        hint = f"did you mean '{near}'?" if near else f"define it, or name {shown}"
        self.report(code, path, f"the {kind} '{shorten(name)}'{where} is not defined", hint)

    def is_damaged(self, kind: str, name: str) -> bool:
        """Whether a part of something was taken out."""
        return (kind, name) in self._damaged

    def has_lost(self, path: tuple[Step, ...]) -> bool:
        """Whether something below a path was taken out."""
        fixed = self.places.fixed(path)
        return any(gone[: len(fixed)] == fixed for gone in self._removed)

    def each_measure(self) -> Iterator[tuple[str, Measure]]:
        """All KPIs and metrics, each with the key under which it stands."""
        for kpi in self.strategy.kpis.values():
            yield "kpis", kpi
        for metric in self.strategy.metrics.values():
            yield "metrics", metric

    def node(self, *path: str) -> Mapping[str, object]:
        """The mapping at a path as it is written, empty where there is none."""
        node: object = self.places.tree
        for step in path:
            node = node.get(step) if isinstance(node, dict) else None
        return node if isinstance(node, dict) else {}

    def ends_early(self, begin: Period | None, end: Period | None) -> bool:
        """Whether both are given and the end lies before the beginning."""
        if begin is None or end is None:
            return False
        calendar = self.strategy.calendar
        last = calendar.last_day(end.rhythm, calendar.ordinal(end))
        return last < calendar.first_day(begin.rhythm, calendar.ordinal(begin))

    def _is_lost(self, kind: str, name: str) -> bool:
        return any((key,) in self._lost or (key, name) in self._lost for key in _KINDS[kind])
