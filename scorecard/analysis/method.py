"""Checks of the method: what a reviewer of balanced scorecards would ask about a strategy.

Each check is a generator over one `Context`; a new one is a line in `CHECKS`, and its codes stand in `CODES`.
`accept: {S417: reason}` switches a code off: at a goal, KPI or metric for what is said there, at the strategy for all.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator

from scorecard.analysis import method_data, method_kpis, method_map
from scorecard.analysis.issue import Context, Issue, Path
from scorecard.model.codes import Code
from scorecard.model.finding import Severity
from scorecard.model.strategy import Goal, Measure, Strategy

_W, _H = Severity.WARNING, Severity.HINT
CODES = {
    "S401": Code(_W, "a goal without lagging KPI"),
    "S402": Code(_H, "a goal that rests on its initiatives"),
    "S403": Code(_W, "a goal without drivers"),
    "S404": Code(_W, "a link that points down"),
    "S405": Code(_W, "a link that runs sideways"),
    "S406": Code(_W, "a goal that stands alone"),
    "S407": Code(_W, "a perspective without goals"),
    "S408": Code(_W, "more than 25 goals"),
    "S409": Code(_W, "fewer than 5 goals"),
    "S410": Code(_W, "more than one primary KPI"),
    "S411": Code(_W, "several KPIs and none is primary"),
    "S412": Code(_W, "a KPI without owner"),
    "S413": Code(_W, "a KPI without target"),
    "S414": Code(_W, "a KPI without baseline"),
    "S415": Code(_W, "a KPI without unit"),
    "S416": Code(_W, "a raw count where a rate exists"),
    "S417": Code(_W, "a link without a why"),
    "S418": Code(_W, "links without evidence"),
    "S419": Code(_W, "a perspective without leading KPI"),
    "S420": Code(_W, "a stale figure"),
    "S421": Code(_W, "a missing figure"),
    "S422": Code(_W, "a KPI nobody measures"),
    "S423": Code(_W, "a target that cannot be scored"),
    "S424": Code(_H, "a KPI of several goals defined at one"),
    "S425": Code(_H, "finer values without 'aggregate'"),
    "S426": Code(_W, "a guardrail nobody measures"),
    "S430": Code(_H, "an 'accept' that switches nothing off"),
    "S431": Code(_H, "an 'accept' of an unknown code"),
}
CHECKS: tuple[Callable[[Context], Iterator[Issue]], ...] = (
    method_map.check_results,
    method_map.check_drivers,
    method_map.check_directions,
    method_map.check_orphans,
    method_map.check_perspectives,
    method_map.check_size,
    method_map.check_hypotheses,
    method_map.check_evidence,
    method_map.check_leading,
    method_kpis.check_primaries,
    method_kpis.check_owners,
    method_kpis.check_targets,
    method_kpis.check_baselines,
    method_kpis.check_scorings,
    method_kpis.check_units,
    method_kpis.check_counts,
    method_kpis.check_definitions,
    method_kpis.check_aggregates,
    method_data.check_ages,
    method_data.check_gaps,
    method_data.check_measured,
    method_data.check_guardrails,
)
# To accept these is never idle: they come and go with the data, are said once for many, or are about `accept` itself.
_PATIENT = frozenset({"S406", "S412", "S418", "S420", "S421", "S422", "S426", "S430", "S431"})


def check_method(context: Context) -> Iterator[Issue]:
    """Everything the checks say that is not accepted, then what is odd about what is accepted."""
    accepted = {(path, code) for path, record in _accepting(context.strategy) for code in record.accept}
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


def _accepting(strategy: Strategy) -> Iterator[tuple[Path, Strategy | Goal | Measure]]:
    """What has an `accept`, with its path."""
    yield (), strategy
    for kind, records in (("goals", strategy.goals), ("kpis", strategy.kpis), ("metrics", strategy.metrics)):
        for name, record in records.items():
            if record.accept:
                yield (kind, name), record


def _check_accepted(context: Context, needed: set[tuple[Path, str]]) -> Iterator[Issue]:
    for path, record in _accepting(context.strategy):
        for code in record.accept:
            at = (*path, "accept", code)
            if code not in CODES:
                near = difflib.get_close_matches(code, CODES, 1, 0.6)
                hint = f"did you mean {near[0]}, {CODES[near[0]].title}?" if near else "take the code from a finding"
                yield Issue("S431", at, f"'accept' names {code}, which no check has", hint)
            elif context.history is not None and code not in _PATIENT and (path, code) not in needed:
                message = f"'accept' names {code}, {CODES[code].title}, but there is no such finding here"
                hint = "take it out, or move it to where the finding stands" if path else "take it out"
                yield Issue("S430", at, message, hint)
