"""Checks of the method: what a reviewer of balanced scorecards would ask about a strategy.

Each check is a generator over one `Context`; a new one is a line in `CHECKS`, and its codes stand in `model.codes`.
`accept: {S417: reason}` switches a code off: at a goal, KPI or metric for what is said there, at the strategy for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from scorecard.analysis import method_data, method_kpis, method_map
from scorecard.analysis.issue import Context, Issue, Path, enumerate_names
from scorecard.model.codes import CODES
from scorecard.model.goal import Goal
from scorecard.model.kpi import Measure
from scorecard.model.strategy import Strategy

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
    method_kpis.check_scales,
    method_kpis.check_units,
    method_kpis.check_counts,
    method_kpis.check_definitions,
    method_kpis.check_aggregates,
    method_data.check_ages,
    method_data.check_gaps,
    method_data.check_measured,
    method_data.check_guardrails,
)
# To accept these is never idle: they come and go with the data, may be said for many at once, or are about `accept`.
_PATIENT = frozenset({"S406", "S412", "S420", "S421", "S422", "S426", "S430", "S431"})
# More than so many issues of one code are said as one, in these words; assumptions always.
_MANY = 3
_AT_ONCE = {
    "S401": ("{count} goals have no lagging KPI that counts", "name under 'lagging:' of each what shows the result"),
    "S402": ("{count} goals rest on their initiatives", "name under 'lagging:' of each what the work is to change"),
    "S403": ("{count} goals have no drivers, so nothing warns", "name under 'leading:' of each what brings it about"),
    "S406": ("{count} goals stand alone on the map", "link them, or ask what they are there for"),
    "S411": ("{count} goals have several lagging KPIs and no primary one", "write 'role: primary' at one of each"),
    "S412": ("{count} KPIs have no owner, nor have their goals", "write 'owner:' at the goals, or at the KPIs"),
    "S413": ("{count} KPIs have no target, so they have no score", "write 'baseline:' (where it began) and 'target:'"),
    "S414": ("{count} KPIs have no baseline, so they score 0 or 1", "write 'baseline:' (where it began) at each"),
    "S415": ("{count} KPIs have no unit", "write 'unit:', such as visits, EUR, hours or \"%\""),
    "S416": (
        "{count} raw counts are used as results where rates exist",
        "score the rates, keep the counts as diagnostics",
    ),
    "S417": ("{count} links do not say why", "write the hypothesis of each in a sentence under 'why:'"),
    "S418": ("{count} links rest on assumptions", "try them out, and write under 'evidence:' what came of it"),
    "S419": ("{count} perspectives have no leading KPI", "name under 'leading:' figures that move before the results"),
    "S420": ("{count} figures have no new value yet, older ones stand in", "record the newer values"),
    "S421": ("{count} figures have no value any more", "record them again, or take them out"),
    "S422": (
        "nobody measures {count} figures",
        "record kpi, period and value in a CSV file, and name that under 'data:'",
    ),
    "S423": ("{count} KPIs lack a baseline or target, so they have no score", "write what is missing at each"),
    "S424": ("{count} KPIs of several goals are defined at one of them", "define them under 'kpis:'"),
    "S425": ("{count} figures are measured more often than reviewed", "write with 'aggregate:' how values combine"),
    "S427": ("{count} KPIs have figures of two scales", "write the percent sign at each figure, such as 45%"),
}


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


def gather(issues: Iterable[Issue]) -> list[Issue]:
    """The issues for a reader: of a code that would fill the page one issue, at the place of the first."""
    by_code: dict[str, list[Issue]] = {}
    for issue in issues:
        by_code.setdefault(issue.code, []).append(issue)
    result = []
    for code, group in by_code.items():
        if code in _AT_ONCE and len(group) > (1 if code == "S418" else _MANY):
            message, hint = _AT_ONCE[code]
            names = enumerate_names([issue.about for issue in group], 4)
            whole = f"{message.format(count=len(group))}: {names}"
            result.append(Issue(code, group[0].path, names, whole, hint, len(group)))
        else:
            result.extend(group)
    return result


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
                message = f"'accept' names {code}, which no check has"
                yield Issue(
                    "S431", at, code, message, "take the code from a finding; 'scorecard explain' lists them all"
                )
            elif context.history is not None and code not in _PATIENT and (path, code) not in needed:
                message = f"'accept' names {code}, {CODES[code].title}, but there is no such finding here"
                hint = "take it out, or move it to where the finding stands" if path else "take it out"
                yield Issue("S430", at, code, message, hint)
