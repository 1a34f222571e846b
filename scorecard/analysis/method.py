"""Checks of the method: what a reviewer of balanced scorecards would ask about a strategy. Warnings and hints, codes S4xx.

Each check is a generator over one `Context`; a new one is a line in `CHECKS` and its codes in `CODES`. `accept: {S417: reason}`
switches a code off, at a goal, KPI or metric for what is said there, at the strategy for everything.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator

from scorecard.analysis.issue import Context, Issue, Path
from scorecard.analysis.method_data import check_ages, check_gaps, check_guardrails, check_measured
from scorecard.analysis.method_kpis import (
    check_aggregates, check_baselines, check_counts, check_definitions, check_owners, check_primaries, check_scorings, check_targets,
    check_units,
)
from scorecard.analysis.method_map import (
    check_directions, check_drivers, check_evidence, check_hypotheses, check_leading, check_orphans, check_perspectives, check_results,
    check_size,
)
from scorecard.model.finding import Severity
from scorecard.model.strategy import Goal, Measure, Strategy

CODES = {
    "S401": "goal without lagging KPI",
    "S402": "goal that rests on its initiatives",
    "S403": "goal without drivers",
    "S404": "link that points down",
    "S405": "link that runs sideways",
    "S406": "goal that stands alone",
    "S407": "perspective without goals",
    "S408": "more than 25 goals",
    "S409": "fewer than 5 goals",
    "S410": "more than one primary KPI",
    "S411": "no primary KPI among several",
    "S412": "KPI without owner",
    "S413": "KPI without target",
    "S414": "KPI without baseline",
    "S415": "KPI without unit",
    "S416": "raw count where a rate exists",
    "S417": "link without a why",
    "S418": "link without evidence",
    "S419": "perspective without leading KPI",
    "S420": "stale figure",
    "S421": "missing figure",
    "S422": "KPI nobody measures",
    "S423": "target that cannot be scored",
    "S424": "KPI of several goals defined at one",
    "S425": "finer values without aggregate",
    "S426": "guardrail nobody measures",
    "S430": "accepted, but there is nothing to accept",
    "S431": "accepted, but no such code",
}
CHECKS: tuple[Callable[[Context], Iterator[Issue]], ...] = (
    check_results, check_drivers, check_directions, check_orphans, check_perspectives, check_size, check_hypotheses, check_evidence,
    check_leading, check_primaries, check_owners, check_targets, check_baselines, check_scorings, check_units, check_counts,
    check_definitions, check_aggregates, check_ages, check_gaps, check_measured, check_guardrails,
)
# Never idle: they come and go with the data, are said once for many, or are about `accept` itself.
_PATIENT = frozenset({"S406", "S412", "S418", "S420", "S421", "S422", "S426", "S430", "S431"})


def check_method(context: Context) -> Iterator[Issue]:
    """Everything the checks say that is not accepted, then what is odd about what is accepted."""
    accepted = {
        (path, code) for path, record in accepting_records(context.strategy) for code in record.accept
    }
    needed: set[tuple[Path, str]] = set()
    for check in CHECKS:
        for issue in check(context):
            reasons = accepted & {(issue.path[:2], issue.code), ((), issue.code)}
            needed |= reasons
            if not reasons:
                yield issue
    for issue in _check_accepted(context, needed):
        if ((), issue.code) not in accepted:
            yield issue


def accepting_records(strategy: Strategy) -> Iterator[tuple[Path, Strategy | Goal | Measure]]:
    """What may carry `accept`, with its path: the strategy, goals, KPIs, metrics."""
    yield (), strategy
    for kind, records in (("goals", strategy.goals), ("kpis", strategy.kpis), ("metrics", strategy.metrics)):
        for name, record in records.items():
            if record.accept:
                yield (kind, name), record


def _check_accepted(context: Context, needed: set[tuple[Path, str]]) -> Iterator[Issue]:
    for path, record in accepting_records(context.strategy):
        for code in record.accept:
            at = (*path, "accept", code)
            if code not in CODES:
                near = difflib.get_close_matches(code, CODES, 1, 0.6)
                yield Issue(
                    "S431", at, f"'accept' names {code}, which is not the code of a method check",
                    f"did you mean {near[0]} ({CODES[near[0]]})?" if near else "take the code from a finding", Severity.HINT,
                )
            elif context.history is not None and code not in _PATIENT and (path, code) not in needed:
                yield Issue(
                    "S430", at, f"'accept' names {code} ({CODES[code]}), but there is no such finding here",
                    "take the line out" if not path else "take the line out, or move it to where the finding stands", Severity.HINT,
                )
