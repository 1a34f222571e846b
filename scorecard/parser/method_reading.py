"""The checks of the method on a strategy as it was read: each issue at the place in the text that it is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from scorecard.analysis.issue import Context, MethodFinding
from scorecard.analysis.method import check_method, gather
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.formula import parse
from scorecard.compute.panel import History
from scorecard.model.codes import CODES
from scorecard.model.kpi import KpiUse
from scorecard.model.strategy import Strategy
from scorecard.parser.libraries import combine, library_names
from scorecard.parser.reader import Reading
from scorecard.parser.tree import Map


def find_method_faults(
    reading: Reading,
    strategy: Strategy,
    history: History | None,
    evaluation: Evaluation | None,
    driving: Collection[str],
    gathered: bool,
) -> Iterator[MethodFinding]:
    """What the method says of one strategy, save of parts that could not be read.

    `driving` are the goals that links of all strategies read name, others' as `strategy/goal`. `gathered` lets one finding
    stand for many of one code.
    """
    broken = {path[:2] for path in reading.removed}
    issues = check_method(_context(reading, strategy, history, evaluation, driving))
    whole = [issue for issue in issues if issue.path[:2] not in broken]
    for issue in gather(whole) if gathered else whole:
        place, severity = reading.places.of_key(*issue.path), CODES[issue.code].severity
        yield MethodFinding(issue.code, severity, place, issue.message, issue.hint, issue.count)


def _context(
    reading: Reading,
    strategy: Strategy,
    history: History | None,
    evaluation: Evaluation | None,
    driving: Collection[str],
) -> Context:
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
    return Context(
        strategy,
        reading.resolved.formulas,
        history,
        evaluation,
        library={name: parse(text) for name, text in formulas.items() if isinstance(text, str)},
        borrowed=frozenset(name for node in kinds for name, at in node.key_at.items() if not at),
        inline=frozenset(
            name
            for name, path in entries
            if shared[name] > 1 and name in strategy.kpis and places.of(*path) == places.of_key("kpis", name)
        ),
        driving=frozenset(name.partition("/")[2] for name in driving if name.startswith(f"{strategy.id}/")),
    )
